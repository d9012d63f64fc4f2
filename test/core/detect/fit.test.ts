import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitInto, fittedSize, toCameraFrame } from '../../../src/core/detect/fit.ts';

const side = fc.integer({ min: 64, max: 4000 });
const size = fc.record({ width: side, height: side });
const input = { width: 416, height: 416 };

describe('Fitting a frame into a detector’s input', () => {
  it('centres a wide frame between two bars of padding', () => {
    expect(fitInto({ width: 960, height: 540 }, input, 'letterbox').padTop).toBe(91);
    expect(fittedSize({ width: 960, height: 540 }, input)).toEqual({ width: 416, height: 234 });
  });

  it('never makes a letterboxed frame larger than the input', () => {
    fc.assert(
      fc.property(size, (frame) => {
        const fitted = fittedSize(frame, input);
        expect(fitted.width).toBeLessThanOrEqual(input.width);
        expect(fitted.height).toBeLessThanOrEqual(input.height);
        expect(Math.max(fitted.width, fitted.height)).toBe(416);
      }),
    );
  });

  it('takes a box back to where it came from', () => {
    fc.assert(
      fc.property(size, fc.constantFrom('letterbox' as const, 'stretch' as const), (frame, kind) => {
        const fit = fitInto(frame, input, kind);
        const back = toCameraFrame(
          {
            left: fit.padLeft,
            top: fit.padTop,
            right: fit.padLeft + frame.width * fit.scaleX,
            bottom: fit.padTop + frame.height * fit.scaleY,
          },
          fit,
        );
        expect(back.left).toBeCloseTo(0, 6);
        expect(back.top).toBeCloseTo(0, 6);
        expect(back.right).toBeCloseTo(frame.width, 6);
        expect(back.bottom).toBeCloseTo(frame.height, 6);
      }),
    );
  });
});
