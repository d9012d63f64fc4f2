import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  belowHorizon,
  descentAt,
  farthestDown,
  fitFloorView,
  invert,
  multiply,
  project,
  spreadAt,
  stretchAt,
} from '../../../src/core/geometry/homography.ts';
import { camera, cameraAt } from '../story.ts';

const spot = fc.record({
  x: fc.double({ min: -4, max: 4, noNaN: true }),
  y: fc.double({ min: -4, max: 4, noNaN: true }),
});
const anyCamera = fc
  .tuple(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: -10, max: -6, noNaN: true }),
    fc.double({ min: 2.2, max: 5, noNaN: true }),
  )
  .map((place) => cameraAt('any', place, [0, 0]));
const pair = (pixel: [number, number], floor: [number, number]) => ({
  pixel: { x: pixel[0], y: pixel[1] },
  floor: { x: floor[0], y: floor[1] },
});

describe('A view of the floor', () => {
  it('takes every spot of the floor to the picture and back', () => {
    fc.assert(
      fc.property(anyCamera, spot, ({ floor, see }, at) => {
        const pixel = project(floor!.toPixel, at);
        expect(Math.hypot(pixel.x - see(at, 0).x, pixel.y - see(at, 0).y)).toBeLessThan(1e-4);
        const back = project(floor!.toFloor, pixel);
        expect(Math.hypot(back.x - at.x, back.y - at.y)).toBeLessThan(1e-6);
      }),
    );
  });

  it('is fitted by least squares, so that an unsteady hand is averaged out', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: -2, max: 2, noNaN: true })), (shake) => {
        const spots = [-4, -2, 0, 2, 4].flatMap((x) => [-3, -1, 1, 3].map((y) => ({ x, y })));
        const pairs = spots.map((floor) => {
          const { x, y } = camera.see(floor, 0);
          return { floor, pixel: { x: x + shake.next().value!, y: y + shake.next().value! } };
        });
        const view = fitFloorView(pairs)!;
        const there = project(view.toFloor, camera.see({ x: 1, y: 0.5 }, 0));
        // A hand off by up to 2 px moves a single point by up to 9 cm here.
        expect(Math.hypot(there.x - 1, there.y - 0.5)).toBeLessThan(0.09);
        expect(view.errorMetres).toBeGreaterThan(0);
        expect(view.worst.errorMetres).toBeGreaterThanOrEqual(view.errorMetres);
      }),
      { numRuns: 50 },
    );
  });

  it('says which pair fits worst', () => {
    const spots = [-3, 0, 3].flatMap((x) => [-2, 0, 2].map((y) => ({ x, y })));
    const pairs = spots.map((floor) => ({ floor, pixel: camera.see(floor, 0) }));
    const wrong = pairs.with(4, { ...pairs[4]!, floor: { x: 0.8, y: 0 } });
    expect(fitFloorView(wrong)!.worst.index).toBe(4);
    expect(fitFloorView(pairs)!.errorMetres).toBeLessThan(1e-6);
  });

  it.each([
    ['three pairs', [pair([0, 0], [0, 0]), pair([100, 0], [1, 0]), pair([0, 100], [0, 1])]],
    [
      'four spots on one line',
      [pair([0, 0], [0, 0]), pair([100, 0], [1, 0]), pair([200, 0], [2, 0]), pair([300, 0], [3, 0])],
    ],
    [
      'three of four on one line',
      [pair([0, 0], [0, 0]), pair([100, 0], [1, 0]), pair([200, 0], [2, 0]), pair([0, 100], [0, 1])],
    ],
    [
      'one spot four times',
      [pair([5, 5], [1, 1]), pair([5, 5], [1, 1]), pair([5, 5], [1, 1]), pair([5, 5], [1, 1])],
    ],
    [
      'a picture whose corners are told in crossing order',
      [pair([0, 0], [0, 0]), pair([100, 100], [1, 0]), pair([100, 0], [1, 1]), pair([0, 100], [0, 1])],
    ],
  ])('is refused for %s', (_, pairs) => {
    expect(fitFloorView(pairs)).toBeUndefined();
  });

  it('is refused whichever two corners are mixed up', () => {
    const corners = [-2, 2].flatMap((x) => [-2, 2].map((y) => ({ x, y })));
    const order = [0, 1, 3, 2];
    for (let i = 0; i < 4; i++) {
      const [a, b] = [order[i]!, order[(i + 1) % 4]!];
      const mixed = corners.map((floor, n) => {
        const other = n === a ? corners[b]! : n === b ? corners[a]! : floor;
        return { floor, pixel: camera.see(other, 0) };
      });
      expect(fitFloorView(mixed)).toBeUndefined();
    }
  });

  it('may be a mirror image: the floor has the axes the branch chose', () => {
    const spots = [-3, 0, 3].flatMap((x) => [-2, 0, 2].map((y) => ({ x, y })));
    const view = fitFloorView(
      spots.map((floor) => ({ floor: { x: floor.x, y: -floor.y }, pixel: camera.see(floor, 0) })),
    );
    expect(view!.errorMetres).toBeLessThan(1e-6);
  });

  it('knows the floor from the sky', () => {
    const { floor, see } = camera;
    expect(belowHorizon(floor!.toFloor, see({ x: 0, y: 0 }, 0))).toBeGreaterThan(0);
    expect(belowHorizon(floor!.toFloor, see({ x: 0, y: 60 }, 0))).toBeGreaterThan(0);
    expect(belowHorizon(floor!.toFloor, { x: 640, y: 0 })).toBeLessThan(0);
  });
});

describe('A homography', () => {
  it('undoes itself', () => {
    const both = multiply(camera.floor!.toFloor, camera.floor!.toPixel).map(
      (value, _, all) => value / all[8]!,
    );
    for (const [i, value] of both.entries()) expect(value).toBeCloseTo(i % 4 === 0 ? 1 : 0, 9);
    expect(invert([1, 2, 3, 2, 4, 6, 0, 0, 1])).toBeUndefined();
  });

  it('stretches as much as it moves a point when it is nudged', () => {
    fc.assert(
      fc.property(spot, ({ x, y }) => {
        const h = camera.floor!.toPixel;
        const [a, b, c, d] = stretchAt(h, { x, y });
        const step = 1e-5;
        const [from, right, up] = [
          project(h, { x, y }),
          project(h, { x: x + step, y }),
          project(h, { x, y: y + step }),
        ];
        expect((right.x - from.x) / step).toBeCloseTo(a, 1);
        expect((up.x - from.x) / step).toBeCloseTo(b, 1);
        expect((right.y - from.y) / step).toBeCloseTo(c, 1);
        expect((up.y - from.y) / step).toBeCloseTo(d, 1);
      }),
    );
  });

  it('knows less of what is far: the same pixels are more metres', () => {
    const near = spreadAt(camera.floor!.toFloor, camera.see({ x: 0, y: -3 }, 0), [1, 0, 0, 1]);
    const far = spreadAt(camera.floor!.toFloor, camera.see({ x: 0, y: 6 }, 0), [1, 0, 0, 1]);
    expect(far[3]).toBeGreaterThan(near[3] * 4);
  });

  const step = fc.record({
    metres: fc.integer({ min: 0, max: 300 }).map((n) => n / 100),
    way: fc.integer({ min: 0, max: 359 }).map((degrees) => (degrees * Math.PI) / 180),
  });
  const goneDown = (
    toPixel: Parameters<typeof project>[0],
    from: { readonly x: number; readonly y: number },
    { metres, way }: { readonly metres: number; readonly way: number },
  ) => {
    const to = { x: from.x + metres * Math.cos(way), y: from.y + metres * Math.sin(way) };
    return Math.abs(project(toPixel, to).y - project(toPixel, from).y);
  };

  it('tells how far up or down the picture a step leads at most', () => {
    fc.assert(
      fc.property(anyCamera, spot, step, ({ floor }, from, gone) => {
        const most = farthestDown(descentAt(floor!.toPixel, from), gone.metres);
        expect(goneDown(floor!.toPixel, from, gone)).toBeLessThanOrEqual(most + 1e-6);
      }),
    );
  });

  it('control: the slope alone does not, as the picture grows towards the camera', () => {
    const check = fc.check(
      fc.property(anyCamera, spot, step, ({ floor }, from, gone) => {
        const { slope } = descentAt(floor!.toPixel, from);
        return goneDown(floor!.toPixel, from, gone) <= slope * gone.metres + 1e-6;
      }),
    );
    expect(check.failed).toBe(true);
  });

  it('sets no bound to a step that may lead behind the camera', () => {
    const { floor } = cameraAt('any', [0, -8, 3], [0, 0]);
    expect(farthestDown(descentAt(floor!.toPixel, { x: 0, y: 0 }), 10)).toBe(Number.POSITIVE_INFINITY);
  });
});
