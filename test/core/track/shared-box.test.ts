import { describe, expect, it } from 'vitest';
import { project } from '../../../src/core/geometry/homography.ts';
import { noTracks, type TrackState, track, trackDefaults } from '../../../src/core/track/track.ts';
import { leanAt, scaleAt, shoeOf, viewOf } from '../../../src/core/track/view.ts';
import type { Person, PixelBox } from '../../../src/core/units.ts';
import { cameraAt } from './camera-at.ts';

const camera = cameraAt(15);
const view = viewOf(camera);
const metresApart = 1;

function boxAt(x: number, y: number, tall: number): PixelBox {
  const at = { x, y };
  const shoe = project(camera.floor.toPixel, shoeOf(view, at));
  const middle = shoe.x - leanAt(view, at) / 2;
  return { left: middle - 14, top: shoe.y - tall * scaleAt(view, at), right: middle + 14, bottom: shoe.y };
}
const person = (box: PixelBox): Person => ({
  box,
  score: 0.8,
  spread: { left: 1.5, top: 1.5, right: 1.5, bottom: 1.5 },
});

/**
 * Two walk at the camera, one behind the other, who comes from the side. At first each has a box; once they are in line
 * there is one: around both, or around the one in front.
 */
function follow(one: 'around-both' | 'front-alone', looks: number) {
  let state: TrackState = noTracks;
  const states: { state: TrackState; front: number; hind: number }[] = [];
  for (let i = 0; i < 10 + looks; i++) {
    const front = 13 - 0.22 * i;
    const hind = front + metresApart;
    const aside = Math.max(0.1, 0.1 * (12 - i));
    const [nearer, farther] = [boxAt(0, front, 1.6), boxAt(aside, hind, 1.8)];
    const both = { ...nearer, top: Math.min(nearer.top, farther.top), right: farther.right };
    const people =
      i < 10 ? [person(nearer), person(farther)] : [person(one === 'around-both' ? both : nearer)];
    state = track(state, 0.2 * i, people, camera, trackDefaults);
    states.push({ state, front, hind });
  }
  return states;
}

describe('Two who come in one behind the other, in one box', () => {
  it('are both seen: the hind one by the head at its upper edge, the front one by the feet at its lower', () => {
    for (const { state, front, hind } of follow('around-both', 4).slice(10)) {
      const [a, b] = state.tracks.toSorted((x, y) => x.motion.y - y.motion.y);
      expect([a!.seenAt, b!.seenAt]).toEqual([state.at, state.at]);
      expect(Math.abs(a!.motion.y - front)).toBeLessThan(0.3);
      expect(Math.abs(b!.motion.y - hind)).toBeLessThan(0.45);
    }
  });

  it('control: a box of the front one alone says nothing of the other, who is waited for where they were lost', () => {
    const { state } = follow('front-alone', 4).at(-1)!;
    const hind = state.tracks.toSorted((x, y) => y.motion.y - x.motion.y)[0]!;
    expect(hind.seenAt).toBeLessThan(state.at - 0.5);
  });

  it('are held for two no longer than one of them was lately seen alone', () => {
    const { state } = follow('around-both', 14).at(-1)!;
    expect(state.tracks.filter(({ seenAt }) => seenAt === state.at)).toHaveLength(1);
  });

  it('keep each their height, which the box of both has not', () => {
    const { state } = follow('around-both', 4).at(-1)!;
    const builds = state.tracks.map((one) => (one as unknown as { build: number }).build).sort();
    expect(Math.abs(builds[0]! - 1.6)).toBeLessThan(0.07);
    expect(Math.abs(builds[1]! - 1.8)).toBeLessThan(0.07);
  });
});
