import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactCurve, inSteps, metBy } from '../../../src/core/figures/contact-curve.ts';
import { type Few, few, shareOf, withheld } from '../../../src/core/figures/share.ts';

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

describe('The curve of first contacts in a report that leaves the box', () => {
  it('climbs by five people or more at each step, and is nowhere above the curve it is made of', () => {
    const smallestStep = (curve: ReturnType<typeof inSteps>) =>
      Math.min(5, ...curve.map(({ met }, index) => met - (curve[index - 1]?.met ?? 0)));
    let wasFiner = false;
    fc.assert(
      fc.property(waits, fc.nat(4_000), (all, at) => {
        const curve = contactCurve(all);
        const told = inSteps(curve, 5);
        expect(smallestStep(told)).toBe(5);
        wasFiner ||= smallestStep(curve) < 5;
        expect(metBy(told, at)).toBeLessThanOrEqual(metBy(curve, at));
        expect(metBy(curve, at) - metBy(told, at)).toBeLessThan(5);
      }),
    );
    expect(wasFiner).toBe(true);
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

describe('Counts that are told with their sum', () => {
  const counts = fc.array(fc.nat(12), { maxLength: 6 });
  /** How many ways there are to fill in what is not told, so that the sum is right; two are enough to hide behind. */
  function ways(told: readonly (Few | undefined)[], sum: number): number {
    const [first, ...rest] = told;
    if (told.length === 0) return sum === 0 ? 1 : 0;
    if (typeof first === 'number') return sum < first ? 0 : ways(rest, sum - first);
    const could = first === '< 5' ? [1, 2, 3, 4] : Array.from({ length: 61 }, (_, n) => n + 5);
    return could.reduce((all, count) => (all > 1 || count > sum ? all : all + ways(rest, sum - count)), 0);
  }
  /** Whether one to four people can be told from what is said: the one way there is fills them in. */
  const givesAway = (tell: (counts: readonly number[]) => readonly (Few | undefined)[]) =>
    fc.property(counts, (all) => {
      const sum = all.reduce((whole, one) => whole + one, 0);
      const some = all.filter((count) => count > 0 && count < 5);
      // Of all who were few there is nothing to hide behind when all of them are one or all are four: the sum says it.
      const isExtreme = some.every((count) => count === 1) || some.every((count) => count === 4);
      const isAlone = some.length === 1 && all.every((count) => count < 5);
      if (some.length === 0 || isExtreme || isAlone) return true;
      return ways(tell(all), sum) > 1;
    });

  it('tell none of one to four, and none can be reckoned from the others', () => {
    expect(withheld([31, 4, 2])).toEqual([31, '< 5', '< 5']);
    expect(withheld([20, 14, 3])).toEqual([20, undefined, '< 5']);
    expect(withheld([20, 14, 0])).toEqual([20, 14, 0]);
    expect(withheld([])).toEqual([]);
    fc.assert(givesAway(withheld));
    // Control: hiding those alone that are few gives away a lonely one.
    expect(fc.check(givesAway((all) => all.map(few))).failed).toBe(true);
  });
});
