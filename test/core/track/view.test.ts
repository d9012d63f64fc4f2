import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { project } from '../../../src/core/geometry/homography.ts';
import { behindShoe, measure, shoeOf, viewOf } from '../../../src/core/track/view.ts';
import { cameraAt } from './camera-at.ts';

const plane = cameraAt(25);
const view = viewOf(plane);
const place = fc.record({
  x: fc.double({ min: -5, max: 5, noNaN: true }),
  y: fc.double({ min: 3, max: 15, noNaN: true }),
});

describe('Where somebody stands', () => {
  it.each([15, 25, 40])('is reckoned from under the camera, which is found from a tilt of %s°', (degrees) => {
    const { under } = viewOf(cameraAt(degrees));
    expect(under!.x).toBeCloseTo(0, 6);
    expect(under!.y).toBeCloseTo(0, 6);
  });

  it('is a shoe farther from the camera than the lowest of them that is seen', () => {
    const shoe = project(plane.floor.toPixel, { x: 0, y: 6 });
    const box = { left: shoe.x - 20, top: shoe.y - 150, right: shoe.x + 20, bottom: shoe.y };
    const { at } = measure(box, view, { across: 2, down: 2 });
    expect(at.x).toBeCloseTo(0, 6);
    expect(at.y).toBeCloseTo(6.13, 6);
  });

  it('is where the box ends, if it is not known how the camera is held', () => {
    const shoe = project(plane.floor.toPixel, { x: 0, y: 6 });
    const box = { left: shoe.x - 20, top: shoe.y - 150, right: shoe.x + 20, bottom: shoe.y };
    const { at } = measure(box, { floor: plane.floor }, { across: 2, down: 2 });
    expect(at.y).toBeCloseTo(6, 6);
  });

  it('and their shoe are told from each other both ways', () => {
    fc.assert(
      fc.property(place, (at) => {
        const back = behindShoe(view, shoeOf(view, at));
        expect(back.x).toBeCloseTo(at.x, 9);
        expect(back.y).toBeCloseTo(at.y, 9);
      }),
    );
  });

  it('is the vaguer the vaguer the edge, and the farther from the camera', () => {
    const off = (y: number, down: number) => {
      const foot = project(plane.floor.toPixel, { x: 0, y });
      const box = { left: foot.x - 20, top: foot.y - 100, right: foot.x + 20, bottom: foot.y };
      return measure(box, view, { across: 2, down }).spread[3];
    };
    expect(off(6, 8)).toBeGreaterThan(4 * off(6, 2));
    expect(off(12, 2)).toBeGreaterThan(4 * off(6, 2));
  });
});
