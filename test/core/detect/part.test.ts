import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aroundPart,
  boxInPart,
  boxInPicture,
  cornersOfPart,
  cuttingEdges,
  middleOf,
  type PicturePart,
  partAround,
  turned,
  withinPart,
} from '../../../src/core/detect/part.ts';
import { turnPicture } from '../../../src/core/detect/turn-picture.ts';
import type { PixelBox } from '../../../src/core/units.ts';

const frame = { width: 960, height: 540 };
const turn = fc.double({ min: -0.7, max: 0.7, noNaN: true });
const side = fc.double({ min: 40, max: 400, noNaN: true });
const box = fc
  .tuple(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 400 }), side, side)
  .map(([left, top, wide, high]): PixelBox => ({ left, top, right: left + wide, bottom: top + high }));
const part = fc.record({ region: box, turn });
const holds = (outer: PixelBox, { x, y }: { x: number; y: number }) =>
  x > outer.left - 1e-6 && x < outer.right + 1e-6 && y > outer.top - 1e-6 && y < outer.bottom + 1e-6;
const cornersOf = (upright: PixelBox) => cornersOfPart({ region: upright, turn: 0 });
const expectNear = (one: PixelBox, other: PixelBox) => {
  for (const edge of ['left', 'top', 'right', 'bottom'] as const)
    expect(one[edge]).toBeCloseTo(other[edge], 4);
};

describe('A part of a picture that is turned', () => {
  it('lies within the upright box around it, and all of the upright box within it is shown by it', () => {
    fc.assert(
      fc.property(part, (one) => {
        const around = aroundPart(one);
        expect(cornersOfPart(one).every((corner) => holds(around, corner))).toBe(true);
        const middle = middleOf(one.region);
        const seen = cornersOf(withinPart(one)).map((corner) => turned(corner, middle, -one.turn));
        expect(seen.every((corner) => holds(one.region, corner))).toBe(true);
      }),
    );
  });

  it('holds all the points it was laid around, and no smaller one of its turn does', () => {
    fc.assert(
      fc.property(fc.array(box.map(middleOf), { minLength: 3, maxLength: 8 }), turn, (points, by) => {
        const { region } = partAround(points, by);
        const seen = points.map((point) => turned(point, middleOf(region), -by));
        expect(seen.every((point) => holds(region, point))).toBe(true);
        expect(Math.min(...seen.map(({ x }) => x))).toBeCloseTo(region.left, 6);
        expect(Math.max(...seen.map(({ y }) => y))).toBeCloseTo(region.bottom, 6);
      }),
    );
  });

  it('shows somebody in a box whose way to the picture and back changes nothing', () => {
    const slim = fc.double({ min: 0.2, max: 1, noNaN: true });
    fc.assert(
      fc.property(part, box, slim, (one, around, share) => {
        const person = { ...around, right: around.left + share * (around.bottom - around.top) };
        expectNear(boxInPart(boxInPicture(person, one), one), person);
      }),
    );
  });

  it('gives somebody who leans a box that ends at their feet, not below them', () => {
    // 100 pixels tall and 30 wide, leaning by 30°: the body goes 87 pixels up the picture, and 50 across.
    const leaning: PicturePart = { region: { left: 0, top: 0, right: 200, bottom: 200 }, turn: Math.PI / 6 };
    const upright = { left: 85, top: 50, right: 115, bottom: 150 };
    const { left, top, right, bottom } = boxInPicture(upright, leaning);
    expect(bottom - top).toBeCloseTo(87.9, 1);
    expect(right - left).toBeCloseTo(56.3, 1);
    // Control: the corners of the turned box are 14 pixels farther apart.
    const corners = cornersOfPart({ region: upright, turn: Math.PI / 6 });
    expect(Math.max(...corners.map(({ y }) => y)) - Math.min(...corners.map(({ y }) => y))).toBeCloseTo(
      101.6,
      1,
    );
  });

  it('cuts people off by the edges beyond which the picture goes on, and by no other', () => {
    const region = { left: -40, top: 100, right: 120, bottom: 228 };
    const far = Number.POSITIVE_INFINITY;
    expect(cuttingEdges({ region, turn: 0 }, frame)).toEqual({ ...region, left: -far });
    // Turned by 40°, the right edge comes to lie below, still in the picture, and the lower one to the left of it.
    expect(cuttingEdges({ region, turn: 0.7 }, frame)).toEqual({ ...region, left: -far, bottom: far });
  });
});

/** A dark picture with a bright bar in its middle that leans by so much. */
function bar(lean: number, size = { width: 200, height: 160 }) {
  const rgb = new Uint8Array(size.width * size.height * 3).fill(20);
  const middle = { x: (size.width - 1) / 2, y: (size.height - 1) / 2 };
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const at = turned({ x, y }, middle, -lean);
      if (Math.abs(at.x - middle.x) < 8 && Math.abs(at.y - middle.y) < 40)
        rgb.fill(220, (y * size.width + x) * 3, (y * size.width + x) * 3 + 3);
    }
  return { size, rgb };
}

describe('A picture that is turned', () => {
  const size = { width: 80, height: 100 };
  const isBright = (rgb: Uint8Array, x: number, y: number) => rgb[(y * size.width + x) * 3 + 1]! > 120;

  it.each([0.3, -0.3, 0.6])('shows upright what leans by as much: %s', (lean) => {
    const cut = turnPicture(bar(lean), lean, 1, size);
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++) {
        const [across, down] = [Math.abs(x - 39.5), Math.abs(y - 49.5)];
        if (across < 7 && down < 39) expect(isBright(cut, x, y)).toBe(true);
        if (across > 9 || down > 41) expect(isBright(cut, x, y)).toBe(false);
      }
  });

  it('shows it larger where fewer of its pixels are shown by more', () => {
    const cut = turnPicture(bar(0.3), 0.3, 2, size);
    const row = Array.from({ length: size.width }, (_, x) => isBright(cut, x, 50));
    // 16 pixels wide, and its own pixels make its edges ragged by one.
    expect(Math.abs(row.filter(Boolean).length - 32)).toBeLessThanOrEqual(2);
  });

  it('goes on beyond the edge as it ends there, and is as it was where it is not turned', () => {
    const { rgb, size: whole } = bar(0.3);
    expect(turnPicture({ rgb, size: whole }, 0, 1, whole)).toEqual(rgb);
    expect(turnPicture({ rgb, size: whole }, 0.6, 0.25, size).every((byte) => byte >= 20)).toBe(true);
  });
});
