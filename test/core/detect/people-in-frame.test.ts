import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FitKind, fitInto } from '../../../src/core/detect/fit.ts';
import { peopleInFrame } from '../../../src/core/detect/people-in-frame.ts';
import type { PixelBox } from '../../../src/core/units.ts';

const camera = { width: 960, height: 540 };
const input = { width: 416, height: 416 };
const frame = (kind: FitKind) => ({ camera, fit: fitInto(camera, input, kind) });

describe('People in the frame', () => {
  it('are where the camera saw them, whichever way the frame was fitted', () => {
    const box = { left: 300, top: 120, right: 360, bottom: 300 };
    for (const kind of ['letterbox', 'stretch'] as const) {
      const { fit } = frame(kind);
      const across = (x: number) => x * fit.scaleX + fit.padLeft;
      const down = (y: number) => y * fit.scaleY + fit.padTop;
      const seen = {
        left: across(box.left),
        top: down(box.top),
        right: across(box.right),
        bottom: down(box.bottom),
      };
      const [person] = peopleInFrame([{ box: seen, score: 0.8 }], frame(kind), 0.5);
      for (const edge of ['left', 'top', 'right', 'bottom'] as const)
        expect(person?.box[edge]).toBeCloseTo(box[edge], 9);
    }
  });

  it('have edges that are as far off, for their size, as the detector says', () => {
    const box = { left: 100, top: 100, right: 140, bottom: 200 };
    const spread = { left: 1, top: 2, right: 3, bottom: 4 };
    const [person] = peopleInFrame([{ box, score: 0.8, spread }], frame('stretch'), 0.5);
    const [across, down] = [960 / 416, 540 / 416];
    expect(person?.spread?.right).toBeCloseTo(3 * across, 9);
    expect(person?.spread?.bottom).toBeCloseTo(4 * down, 9);
    expect(peopleInFrame([{ box, score: 0.8 }], frame('stretch'), 0.5)[0]).not.toHaveProperty('spread');
  });

  it('are cut off where the frame ends', () => {
    const { box } = peopleInFrame(
      [{ box: { left: -20, top: 100, right: 20, bottom: 400 }, score: 0.8 }],
      frame('letterbox'),
      0.5,
    )[0]!;
    expect(box.left).toBe(0);
    expect(box.bottom).toBe(540);
  });

  it('are never seen in the padding of a letterbox', () => {
    const padding = { box: { left: 100, top: 10, right: 140, bottom: 85 }, score: 0.9 };
    expect(peopleInFrame([padding], frame('letterbox'), 0.5)).toEqual([]);
  });

  it('have a box inside the frame that is not empty, whatever the detector answered', () => {
    const edge = fc.double({ min: -500, max: 1000, noNaN: true });
    const candidate = fc
      .tuple(edge, edge, edge, edge)
      .map(([left, top, right, bottom]) => ({ box: { left, top, right, bottom }, score: 0.5 }));
    const isInside = ({ left, top, right, bottom }: PixelBox) =>
      left >= 0 && top >= 0 && right <= 960 && bottom <= 540 && left < right && top < bottom;
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 20 }), (candidates) => {
        expect(peopleInFrame(candidates, frame('letterbox'), 0.5).every(({ box }) => isInside(box))).toBe(
          true,
        );
      }),
    );
  });
});
