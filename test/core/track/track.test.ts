import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  noTracks,
  type TrackPlane,
  type TrackState,
  track,
  trackDefaults,
} from '../../../src/core/track/track.ts';
import type { Person } from '../../../src/core/units.ts';
import { boxOf, camera, film, hidden, stay, to, type Walk, walk } from '../story.ts';

interface Look {
  readonly at: number;
  readonly people?: readonly Person[];
}
/** Follows what one camera saw, and gives back every state on the way. */
function follow(
  looks: readonly Look[],
  from: TrackState = noTracks,
  settings = trackDefaults,
  plane: TrackPlane = camera,
): TrackState[] {
  let state = from;
  return looks.map(({ at, people }) => {
    state = track(state, at, people, plane, settings);
    return state;
  });
}
/** The same camera with the size of its picture known, and so how it is held. */
const tilted: TrackPlane = { ...camera, frame: { width: 1280, height: 720 } };
const filmed = (walks: readonly Walk[], until: number, fps = 5, dropped?: (n: number) => boolean) =>
  film(walks, { until, fps, ...(dropped === undefined ? {} : { dropped }) });
const last = (states: readonly TrackState[]) => states.at(-1)!;
const standing = (x: number, y: number): Person => ({ box: boxOf(camera, { x, y }), score: 0.9 });
const metresOff = (state: TrackState, id: number, x: number, y: number) => {
  const { motion } = state.tracks.find((one) => one.id === id)!;
  return Math.hypot(motion.x - x, motion.y - y);
};

describe('A track', () => {
  it('follows somebody where they walk, to within a foot', () => {
    const path = walk(0, [-4, 0], to(3, 1), stay(2), to(0, -2), stay(3));
    const states = follow(filmed([path], 12));
    for (const state of states.slice(10)) {
      const spot = path(state.at)!;
      expect(state.tracks).toHaveLength(1);
      expect(metresOff(state, 1, spot.x, spot.y)).toBeLessThan(0.3);
    }
  });

  it('stays with its person when two cross', () => {
    const [one, other] = [walk(0, [-3, -0.6], to(3, -0.3), stay(5)), walk(0, [3, 0.5], to(-3, 0.7), stay(5))];
    const { tracks } = last(follow(filmed([one, other], 8)));
    expect(tracks.map(({ id }) => id)).toEqual([1, 2]);
    // The surer one was numbered first.
    expect(tracks[0]!.motion.x).toBeGreaterThan(2);
    expect(tracks[1]!.motion.x).toBeLessThan(-2);
  });

  it('does not leap to where a hidden one stands, when of two only that one comes out again', () => {
    const stands = hidden(walk(0, [0, 0], stay(20)), 3.2, 3.7);
    const comes = hidden(walk(0, [4, 0.1], to(0.4, 0.1), stay(20)), 3.7, 4.3);
    const states = follow(filmed([stands, comes], 6));
    const both = states.find(({ at }) => at > 2.5)!.tracks;
    const [still, walker] = both[0]!.motion.x < both[1]!.motion.x ? both : both.toReversed();
    // In this frame the one who comes is hidden, and the one who stands is seen again.
    const out = states.find(({ at }) => at >= 3.8)!;
    expect(out.tracks.filter(({ seenAt }) => seenAt === out.at).map(({ id }) => id)).toEqual([still!.id]);
    expect(metresOff(last(states), still!.id, 0, 0)).toBeLessThan(0.3);
    expect(metresOff(last(states), walker!.id, 0.4, 0.1)).toBeLessThan(0.3);
  });

  it('is the same person at any frame rate, frames lost or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 25 }), fc.nat(1), (fps, lose) => {
        const path = walk(0, [-4, 0], to(3, 1), stay(4));
        const states = follow(filmed([path], 8, fps, (n) => lose === 1 && fps > 4 && n % 2 === 1));
        expect(last(states).nextId).toBe(2);
        expect(metresOff(last(states), 1, 3, 1)).toBeLessThan(0.3);
      }),
      { numRuns: 25 },
    );
  });

  it('moves on by the true time when a frame is lost, not by a frame', () => {
    const path = walk(0, [-4, 0], to(4, 0));
    const before = last(follow(filmed([path], 4)));
    const { x, vx } = before.tracks[0]!.motion;
    const moved = (seconds: number) =>
      track(before, 4 + seconds, undefined, camera, trackDefaults).tracks[0]!.motion.x - x;
    expect(moved(0.2)).toBeGreaterThan(0.15 * vx);
    expect(moved(0.8) / moved(0.2)).toBeGreaterThan(2.5);
  });

  it('is kept while its person is hidden for a moment, and let go of after its memory', () => {
    const { memorySeconds } = trackDefaults;
    const path = hidden(walk(0, [-2, 0], stay(60)), 5, 5 + memorySeconds - 0.5);
    expect(last(follow(filmed([path], 10))).nextId).toBe(2);
    const gone = follow(filmed([walk(0, [-2, 0], stay(5))], 5 + memorySeconds + 1));
    expect(last(gone).tracks).toEqual([]);
  });

  it('is let go of in silence too', () => {
    const seen = last(follow(filmed([walk(0, [0, 0], stay(9))], 2)));
    const quiet = (seconds: number) => track(seen, 2 + seconds, undefined, camera, trackDefaults).tracks;
    expect(quiet(1)).toHaveLength(1);
    expect(quiet(trackDefaults.memorySeconds + 0.1)).toEqual([]);
  });

  it('is not begun by a faint box where the camera’s tilt is not known, so that nobody’s height is', () => {
    const faint = { ...standing(0, 0), score: trackDefaults.birthScore - 0.05 };
    expect(last(follow([0, 0.2, 0.4, 0.6].map((at) => ({ at, people: [faint] })))).tracks).toEqual([]);
  });

  it('begins with faint boxes of somebody who walks, as tall as people are, within a second', () => {
    const frames = [0, 0.2, 0.4, 0.6, 0.8].map((at) => ({
      at,
      people: [{ ...standing(-1 + 1.2 * at, 0), score: 0.33 }],
    }));
    const tracks = last(follow(frames, noTracks, trackDefaults, tilted)).tracks;
    expect(tracks).toHaveLength(1);
    expect(tracks[0]!.confirmed).toBe(true);
  });

  it('does not begin with faint boxes of what is no taller than a plant', () => {
    const low = ({ box }: Person): Person['box'] => ({
      ...box,
      top: box.bottom - 0.5 * (box.bottom - box.top),
    });
    const frames = [0, 0.2, 0.4, 0.6, 0.8].map((at) => ({
      at,
      people: [{ box: low(standing(-1 + 1.2 * at, 0)), score: 0.33 }],
    }));
    expect(last(follow(frames, noTracks, trackDefaults, tilted)).tracks).toEqual([]);
  });

  it('does not begin with a faint box that is mostly part of somebody else', () => {
    const whole = standing(0, 0);
    const part = { ...whole, box: { ...whole.box, left: whole.box.left + 6 }, score: 0.4 };
    const frames = [0, 0.2, 0.4, 0.6].map((at) => ({ at, people: [whole, part] }));
    expect(last(follow(frames, noTracks, trackDefaults, tilted)).tracks).toHaveLength(1);
  });

  it('that was a first glimpse only was nobody', () => {
    const glimpse = { ...standing(0, 0), score: (trackDefaults.birthScore + trackDefaults.sureScore) / 2 };
    const [first, second] = follow([
      { at: 0, people: [glimpse] },
      { at: 0.2, people: [] },
    ]);
    expect(first!.tracks.map((one) => one.confirmed)).toEqual([false]);
    expect(second!.tracks).toEqual([]);
  });

  it('is never begun in the sky', () => {
    const flying: Person = { box: { left: 600, top: -30, right: 640, bottom: 30 }, score: 0.95 };
    expect(last(follow([0, 0.2, 0.4].map((at) => ({ at, people: [flying] })))).tracks).toEqual([]);
  });

  it('is one for one body, though the detector draws two boxes', () => {
    const { box, score } = standing(0, 0);
    const loose = { box: { ...box, left: box.left - 3, top: box.top - 4 }, score: score - 0.1 };
    expect(
      last(follow([0, 0.2, 0.4].map((at) => ({ at, people: [{ box, score }, loose] })))).tracks,
    ).toHaveLength(1);
  });
});

describe('Following', () => {
  const anyFrame = fc.array(
    fc
      .tuple(
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: -30, max: 40 }),
        fc.integer({ min: 1, max: 99 }),
      )
      .map(([x, y, score]) => ({ ...standing(x / 10, y / 10), score: score / 100 })),
    { maxLength: 8 },
  );
  const anyFilm = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.option(anyFrame, { nil: undefined, freq: 6 })), {
      maxLength: 25,
    })
    .map((all) => {
      let at = 0;
      return all.map(([tenths, people]) => {
        at += tenths / 10;
        return people === undefined ? { at } : { at, people };
      });
    });

  it('does not mind in which order a frame lists people', () => {
    fc.assert(
      fc.property(anyFilm, (looks) => {
        const turned = looks.map((look) =>
          look.people === undefined ? look : { ...look, people: look.people.toReversed() },
        );
        expect(follow(turned)).toEqual(follow(looks));
      }),
    );
  });

  it('can be stopped, saved as JSON and gone on with', () => {
    fc.assert(
      fc.property(anyFilm, fc.nat(25), (looks, cut) => {
        const before = follow(looks.slice(0, cut));
        if (before.length === 0) return;
        const saved = JSON.parse(JSON.stringify(last(before))) as TrackState;
        expect([...before, ...follow(looks.slice(cut), saved)]).toEqual(follow(looks));
      }),
    );
  });

  it('keeps to its bound, in order of id, every track at a place', () => {
    const tight = { ...trackDefaults, mostTracks: 3 };
    fc.assert(
      fc.property(anyFilm, (looks) => {
        for (const { tracks } of follow(looks, noTracks, tight)) {
          expect(tracks.length).toBeLessThanOrEqual(3);
          expect(tracks.map(({ id }) => id)).toEqual(tracks.map(({ id }) => id).sort((a, b) => a - b));
          for (const { motion } of tracks)
            expect(Object.values(motion).flat().every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });

  it('counts whom it could not begin to follow', () => {
    const row = [-3, -1, 1, 3].map((x) => standing(x, 0));
    const { tracks, letGo } = last(
      follow([{ at: 0, people: row }], noTracks, { ...trackDefaults, mostTracks: 3 }),
    );
    expect([tracks.length, letGo]).toEqual([3, 1]);
  });

  it('refuses time that runs backwards', () => {
    const [state] = follow([{ at: 5, people: [] }]);
    expect(() => track(state!, 4.9, [], camera, trackDefaults)).toThrow(RangeError);
    expect(() => track(state!, 4.9, undefined, camera, trackDefaults)).toThrow('4.9');
    expect(() => track(state!, 5, [], camera, trackDefaults)).not.toThrow();
  });

  it('works in the picture where there is no floor', () => {
    const box = (x: number) => ({ box: { left: x, top: 100, right: x + 40, bottom: 220 }, score: 0.9 });
    let state = noTracks;
    for (let n = 0; n < 20; n++) state = track(state, n / 5, [box(100 + n * 10)], {}, trackDefaults);
    expect(state.tracks).toHaveLength(1);
    expect(state.tracks[0]!.motion.x).toBeCloseTo(310, -1);
    expect(state.tracks[0]!.motion.vx).toBeGreaterThan(35);
    expect(state.tracks[0]!.motion.vx).toBeLessThan(65);
  });

  it.each([5, 10, 25])(
    'looks in the picture where somebody was going who walks on unseen for over two seconds, at %i frames a second',
    (rate) => {
      const box = (x: number) => ({ box: { left: x, top: 100, right: x + 40, bottom: 220 }, score: 0.9 });
      const walker = (at: number) => box(100 + 60 * at);
      let state = noTracks;
      for (let n = 0; n <= 7.5 * rate; n++) {
        const at = n / rate;
        const isHidden = at > 4 && at < 6.5;
        const another = box(walker(4).box.left - 20);
        const people = isHidden ? (at > 5 ? [another] : []) : at > 5 ? [another, walker(at)] : [walker(at)];
        state = track(state, at, people, {}, trackDefaults);
      }
      expect(state.tracks.map(({ id, motion }) => [id, Math.round(motion.x / 50)])).toEqual([
        [1, 11],
        [2, 7],
      ]);
    },
  );

  it('does not lose in the picture who stood for long and sets off at once', () => {
    const box = (x: number) => ({ box: { left: x, top: 100, right: x + 40, bottom: 220 }, score: 0.9 });
    let state = noTracks;
    for (let n = 0; n < 60; n++) {
      const walked = Math.max(0, n - 50) * 22;
      state = track(state, n / 5, [box(100 + walked)], {}, trackDefaults);
    }
    expect(state.tracks.map(({ id }) => id)).toEqual([1]);
  });
});
