import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../../../src/core/detect/look-closer.ts';
import { movingWindow } from '../../../src/core/detect/moving-window.ts';
import type { PixelBox } from '../../../src/core/units.ts';

const frame = { width: 960, height: 540 };
const size = { width: 320, height: 256 };
const shown = 2 / 3;
const hair = 1e-6;
const windowFor = (moved: PixelBox, boxes: readonly PixelBox[] = []) =>
  movingWindow(
    moved,
    boxes.map((box) => ({ box, score: 0.8 })),
    frame,
    shown,
    size,
  )?.region;
const moved = fc
  .tuple(
    fc.integer({ min: 0, max: 900 }),
    fc.integer({ min: 0, max: 500 }),
    fc.integer({ min: 8, max: 600 }),
    fc.integer({ min: 8, max: 500 }),
  )
  .map(
    ([left, top, wide, high]): PixelBox => ({
      left,
      top,
      right: Math.min(frame.width, left + wide),
      bottom: Math.min(frame.height, top + high),
    }),
  );

describe('A part in which something moved', () => {
  it('shows all of it, in the picture, no smaller than the whole picture does, or there is none', () => {
    let found = 0;
    fc.assert(
      fc.property(moved, (box) => {
        const region = windowFor(box);
        if (region === undefined) return;
        found += 1;
        const { left, top, right, bottom } = region;
        expect(
          isWithin(box, { left: left - hair, top: top - hair, right: right + hair, bottom: bottom + hair }),
        ).toBe(true);
        expect(isWithin(region, { left: -hair, top: -hair, right: 960 + hair, bottom: 540 + hair })).toBe(
          true,
        );
        const gain = size.width / (region.right - region.left) / shown;
        expect(gain).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(gain).toBeLessThanOrEqual(1.6 + 1e-9);
        expect((region.right - region.left) / (region.bottom - region.top)).toBeCloseTo(1.25, 6);
      }),
    );
    expect(found).toBeGreaterThan(10);
  });

  it('is none where things moved too far apart for one', () => {
    expect(windowFor({ left: 100, top: 200, right: 700, bottom: 300 })).toBeUndefined();
    // Control: as wide as a part can show, less its margins.
    expect(windowFor({ left: 100, top: 200, right: 500, bottom: 300 })).toBeDefined();
  });

  it('shows all of whoever moved a part of themselves, and nothing more for the sake of who stands beside', () => {
    const [hand, body] = [
      { left: 480, top: 200, right: 500, bottom: 220 },
      { left: 470, top: 180, right: 530, bottom: 380 },
    ];
    const far = { left: 40, top: 180, right: 100, bottom: 380 };
    // Who is told to have moved by a cell of their arm has moved by less than a tenth of them.
    const arm = { left: 470, top: 190, right: 530, bottom: 260 };
    expect(isWithin(body, windowFor(arm, [body, far])!)).toBe(true);
    expect(windowFor(hand, [body, far])).toEqual(windowFor(hand));
  });
});
