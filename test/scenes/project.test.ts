import { describe, expect, it } from 'vitest';
import { branchOf } from './branch.ts';
import demo from './library/demo.ts';
import { checkLens, project } from './project.ts';
import type { CameraPose, Point, Scene } from './scene.ts';
import { calibrationOf, truthOf } from './truth.ts';

/**
 * Two metres up, and looks down at 45° along +y: the floor's middle of the view is 2 m ahead and √8 m away.
 * 90° from top to bottom, so a half height is as far from the middle as the view is deep; 400 × 400.
 */
const plain: CameraPose = {
  id: 'hall',
  at: [0, 0],
  heightMetres: 2,
  lookAt: [0, 2],
  verticalDegrees: 90,
  widthPx: 400,
  heightPx: 400,
  fps: 5,
};
const barrel: CameraPose = { ...plain, distortion: -0.06 };
const cushion: CameraPose = { ...plain, distortion: 0.1 };

const close = (pixel: Point | null, [x, y]: Point): void => {
  expect(pixel?.[0]).toBeCloseTo(x, 6);
  expect(pixel?.[1]).toBeCloseTo(y, 6);
};

describe('project', () => {
  it('puts the point looked at into the middle of the picture, through any lens', () => {
    for (const camera of [plain, barrel, cushion]) close(project(camera, [0, 2]), [200, 200]);
  });

  it('puts a point on the floor where a hand reckons it', () => {
    // Seen from the eye: 1 to the left as the camera looks (+y ahead has +x on its left), √8 deep.
    close(project(plain, [1, 2]), [200 - 200 / Math.sqrt(8), 200]);
    // Level with the eye and 2 ahead: 45° above the middle of the view, the top edge.
    close(project(plain, [0, 2], 2), [200, 0]);
    // Straight below: 45° under the middle of the view, the bottom edge.
    close(project(plain, [0, 0]), [200, 400]);
  });

  it('sees nothing behind the camera', () => {
    expect(project(plain, [0, -3])).toBeNull();
    expect(project(barrel, [0, -3])).toBeNull();
  });

  it('draws the edges in through a barrel and out through a cushion, by r (1 + k r²)', () => {
    // At the top edge r is 1: 1 - 0.06 and 1 + 0.1 of 200 pixels above the middle.
    close(project(barrel, [0, 2], 2), [200, 200 - 188]);
    close(project(cushion, [0, 2], 2), [200, 200 - 220]);
    // r² = 1/8 for the point one metre beside the middle.
    close(project(barrel, [1, 2]), [200 - (200 / Math.sqrt(8)) * (1 - 0.06 / 8), 200]);
  });

  it('never brings what is far outside the picture back into it', () => {
    for (const x of [4, 6, 20, 100, 1000]) {
      const [px] = project(barrel, [x, 2])!;
      expect(px).toBeLessThan(0);
    }
  });

  it('refuses a lens that leaves the corners black, and says how much is allowed', () => {
    expect(() => checkLens({ ...plain, distortion: -0.08 })).toThrow(/at least -0\.0741/);
    expect(() => truthOf({ ...demo, camera: { ...demo.camera, distortion: -0.08 } })).toThrow(RangeError);
    expect(() => checkLens(barrel)).not.toThrow();
    expect(() => checkLens(cushion)).not.toThrow();
  });

  it('shows a crown above its feet, and what is to the right of the view on the right', () => {
    const feet = project(demo.camera, [0, 0])!;
    const crown = project(demo.camera, [0, 0], 1.7)!;
    expect(crown[1]).toBeLessThan(feet[1] - 80);
    expect(project(demo.camera, [2, -3])![0]).toBeGreaterThan(feet[0]);
  });
});

describe('calibrationOf', () => {
  const bentDemo: Scene = { ...demo, camera: { ...demo.camera, distortion: -0.03 } };

  it.each([
    ['a perfect lens', demo],
    ['a barrel', bentDemo],
  ])('gives an installer at least eight floor points within the picture of %s', (_, scene) => {
    const pairs = calibrationOf(scene);
    expect(pairs.length).toBeGreaterThanOrEqual(8);
    for (const { pixel } of pairs) {
      expect(pixel[0]).toBeGreaterThan(0);
      expect(pixel[0]).toBeLessThan(960);
      expect(pixel[1]).toBeGreaterThan(0);
      expect(pixel[1]).toBeLessThan(540);
    }
    expect(branchOf(scene).match(/metres:/g)).toHaveLength(pairs.length);
  });

  it('marks the pixels where the lens shows the points, not where a perfect one would', () => {
    const shown = new Map(calibrationOf(bentDemo).map(({ floor, pixel }) => [String(floor), pixel]));
    const moved = calibrationOf(demo).map(({ floor, pixel }) => {
      const bent = shown.get(String(floor));
      return bent ? Math.hypot(bent[0] - pixel[0], bent[1] - pixel[1]) : 0;
    });
    expect(Math.max(...moved)).toBeGreaterThan(8);
    for (const { floor, pixel } of calibrationOf(bentDemo)) {
      const [x, y] = project(bentDemo.camera, floor)!;
      expect(Math.hypot(x - pixel[0], y - pixel[1])).toBeLessThan(0.1);
    }
  });
});
