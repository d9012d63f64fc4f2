import { describe, expect, it } from 'vitest';
import { project } from '../../../src/core/geometry/homography.ts';
import { noTracks, type TrackState, track, trackDefaults } from '../../../src/core/track/track.ts';
import { leanAt, scaleAt, shoeOf, viewOf } from '../../../src/core/track/view.ts';
import type { PixelBox } from '../../../src/core/units.ts';
import { cameraAt } from './camera-at.ts';

const camera = cameraAt(15);
const view = viewOf(camera);
const width = 28;

function standing(metresAside: number): PixelBox {
  const at = { x: metresAside, y: 9 };
  const shoe = project(camera.floor.toPixel, shoeOf(view, at));
  const middle = shoe.x - leanAt(view, at) / 2;
  const top = shoe.y - 1.7 * scaleAt(view, at);
  return { left: middle - width / 2, top, right: middle + width / 2, bottom: shoe.y };
}
const moved = (box: PixelBox, by: number): PixelBox => ({
  ...box,
  left: box.left + by,
  right: box.right + by,
});

/** Who was there is seen for two seconds; then somebody new with each look's score. Tells from which look they are believed. */
function believedAt(
  there: readonly PixelBox[],
  newcomer: PixelBox,
  scores: readonly number[],
): number | undefined {
  let state: TrackState = noTracks;
  const look = (at: number, people: readonly { box: PixelBox; score: number }[]) => {
    state = track(state, at, people, camera, trackDefaults);
  };
  const known = there.map((box) => ({ box, score: 0.8 }));
  for (let i = 0; i < 10; i++) look(0.2 * i, known);
  for (const [i, score] of scores.entries()) {
    look(2 + 0.2 * i, [...known, ...(score > 0 ? [{ box: newcomer, score }] : [])]);
    if (state.tracks.filter(({ confirmed }) => confirmed).length > there.length) return i + 1;
  }
  return undefined;
}

describe('Somebody new who is first seen half inside a box', () => {
  const one = standing(0);
  const beside = moved(one, 0.36 * width);

  it('of one other, is believed at the second sight of them, if that is a sure one', () => {
    expect(believedAt([one], beside, [0.7, 0.7, 0.7, 0.7])).toBe(2);
  });

  it('of one other, and not surely seen again at once, is believed at the fourth', () => {
    expect(believedAt([one], beside, [0.7, 0.3, 0.7, 0.7, 0.7])).toBe(4);
    expect(believedAt([one], beside, [0.7, 0, 0.7, 0.7, 0.7])).toBe(5);
  });

  it('of two, is believed at the fourth: detectors draw a third box around parts of both', () => {
    const between = [one, moved(one, 0.8 * width)];
    expect(believedAt(between, moved(one, 0.4 * width), [0.7, 0.7, 0.7, 0.7, 0.7])).toBe(4);
  });

  it('and has a box that is around more than that one, is believed at the fourth', () => {
    const around = {
      ...one,
      left: one.left - 0.2 * width,
      right: one.right + 0.6 * width,
      bottom: one.bottom + 3,
    };
    expect(believedAt([one], around, [0.7, 0.7, 0.7, 0.7, 0.7])).toBe(4);
  });

  it('control: apart from everybody, is believed at once', () => {
    expect(believedAt([one], standing(1.5), [0.7, 0.7])).toBe(1);
  });
});
