import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactCurve, metBy } from '../../../src/core/figures/contact-curve.ts';
import { few, shareOf } from '../../../src/core/figures/share.ts';

const waits = fc.array(fc.double({ min: 0, max: 4_000, noNaN: true }), { maxLength: 900 });

describe('The curve of first contacts', () => {
  it('climbs with each who was met, and ends at how many were', () => {
    expect(contactCurve([])).toEqual([]);
    expect(contactCurve([20, 10, 10])).toEqual([
      { seconds: 10, met: 2 },
      { seconds: 20, met: 3 },
    ]);
  });

  it('has no more points than are asked for, and never tells a share too early', () => {
    fc.assert(
      fc.property(waits, fc.integer({ min: 8, max: 400 }), (all, most) => {
        const curve = contactCurve(all, most);
        expect(curve.length).toBeLessThanOrEqual(most);
        expect(curve.at(-1)?.met ?? 0).toBe(all.length);
        for (const { seconds, met } of curve) {
          const truly = all.filter((wait) => wait <= seconds).length;
          expect(met).toBeLessThanOrEqual(truly);
        }
        expect(metBy(curve, 30)).toBeLessThanOrEqual(all.filter((wait) => wait <= 30).length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('A share', () => {
  it('is of 30 or more; of fewer there is none', () => {
    expect(shareOf(15, 30)).toBe(0.5);
    expect(shareOf(15, 29)).toBeUndefined();
    expect(shareOf(0, 0)).toBeUndefined();
  });
});

describe('A count that leaves the box', () => {
  it('says of one to four no more than that', () => {
    expect([0, 1, 4, 5, 486].map(few)).toEqual([0, '< 5', '< 5', 5, 486]);
  });
});
