import { describe, expect, it } from 'vitest';
import {
  noTracks,
  type TrackPlane,
  type TrackState,
  track,
  trackDefaults,
} from '../../../src/core/track/track.ts';
import type { Person, PixelBox } from '../../../src/core/units.ts';
import { boxOf, camera, film, to, walk } from '../story.ts';

const tilted: TrackPlane = { ...camera, frame: { width: 1280, height: 720 } };
const at = (x: number, y: number): Person => ({ box: boxOf(camera, { x, y }), score: 0.9 });
const around = ({ box: { left, top, right, bottom } }: Person, by: number): PixelBox => ({
  left: left - by,
  top: top - by,
  right: right + by,
  bottom: bottom + by,
});
/** A part of the picture in which nobody is. */
const corner: PixelBox = { left: 0, top: 0, right: 40, bottom: 40 };
const look = (state: TrackState, moment: number, people: readonly Person[], within?: readonly PixelBox[]) =>
  track(state, moment, people, tilted, trackDefaults, within);

/** Two walk through the hall; between two looks at the whole a corner alone is looked at, three times. */
function hallBetweenLooks(within: readonly PixelBox[] | undefined): readonly TrackState[] {
  const walks = [walk(0, [-4, 0], to(3, 1)), walk(0, [3, -0.8], to(-4, -0.8))];
  let state = noTracks;
  return film(walks, { until: 5, fps: 5 }).map((seen, i) => {
    state = i % 4 === 0 ? look(state, seen.at, seen.people ?? []) : look(state, seen.at, [], within);
    return state;
  });
}

describe('Where parts of a picture alone were looked at', () => {
  it('whoever walks beyond them goes on as they did, and is the same person at the next look at all of it', () => {
    const states = hallBetweenLooks([corner]);
    for (const { at: moment, tracks } of states.slice(8, -1)) {
      expect(tracks.map(({ id }) => id)).toEqual([1, 2]);
      expect(tracks.every(({ seenAt }) => seenAt === moment)).toBe(true);
      // Whoever goes left is the one who began on the right.
      const [one, other] = tracks.toSorted((a, b) => a.motion.vx - b.motion.vx);
      expect(Math.abs(one!.motion.x - (3 - 1.2 * moment))).toBeLessThan(0.5);
      expect(Math.abs(other!.motion.x - (-4 + 1.19 * moment))).toBeLessThan(0.5);
    }
    expect(states.at(-1)!.nextId).toBe(3);
  });

  it('control: had all of it been looked at, they would have been missed', () => {
    const states = hallBetweenLooks(undefined);
    expect(
      states.slice(8).some(({ at: moment, tracks }) => tracks.some(({ seenAt }) => seenAt < moment)),
    ).toBe(true);
  });

  it('whoever stood in one of them and is not shown there was missed, and waited for no longer than usual', () => {
    let state = look(noTracks, 0, [at(0, 0)]);
    state = look(state, 0.2, [at(0, 0)]);
    for (const moment of [0.4, 0.8, 1.1]) {
      state = look(state, moment, [], [around(at(0, 0), 60)]);
      expect(state.tracks.map(({ seenAt }) => seenAt)).toEqual([0.2]);
    }
    state = look(state, 1.3, [], [around(at(0, 0), 60)]);
    expect(state.tracks).toEqual([]);
  });

  it('whoever was out of sight before is waited for no longer than usual either', () => {
    let state = look(noTracks, 0, [at(0, 0)]);
    state = look(state, 0.2, [at(0, 0)]);
    state = look(state, 0.4, []);
    for (const moment of [0.6, 1, 1.2]) {
      state = look(state, moment, [], [corner]);
      expect(state.tracks.map(({ seenAt }) => seenAt)).toEqual([0.2]);
    }
    expect(look(state, 1.3, [], [corner]).tracks).toEqual([]);
  });

  it('what they show of somebody who stands half beyond them is nobody new', () => {
    const whole = at(0, 0);
    const { left, top, right, bottom } = whole.box;
    const upper: Person = { box: { left, top, right, bottom: (top + bottom) / 2 }, score: 0.9 };
    const part = { left: left - 50, top: top - 50, right: right + 50, bottom: (top + bottom) / 2 + 2 };
    const seen = look(look(noTracks, 0, [whole]), 0.2, [whole]);
    // As somebody far behind them would be shown: it fits nobody who is known.
    const far: Person = { ...upper, box: { ...upper.box, bottom: top + (bottom - top) / 3 } };
    expect(look(seen, 0.4, [far], [part]).nextId).toBe(2);
    // Control: where all of it was looked at, it is.
    expect(look(seen, 0.4, [whole, far]).nextId).toBe(3);
  });

  it('somebody who comes into one of them is followed at once', () => {
    const seen = look(look(noTracks, 0, [at(3, 0)]), 0.2, [at(3, 0)]);
    const { tracks } = look(seen, 0.4, [at(-3, 0)], [around(at(-3, 0), 40)]);
    expect(tracks.map(({ id, seenAt }) => [id, seenAt])).toEqual([
      [1, 0.4],
      [2, 0.4],
    ]);
  });
});
