import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Aim,
  chooseValue,
  percentOf,
  type Quantities,
  satisfies,
  valuesToTry,
} from '../../src/core/choose-value.ts';

const quantities = fc
  .record({
    buzzes: fc.integer({ min: 0, max: 20 }),
    arrivals: fc.integer({ min: 0, max: 200 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(
    ({ buzzes, arrivals, share }): Quantities => ({ buzzes, arrivals, inTime: Math.round(arrivals * share) }),
  );
const aims = fc.record({
  buzzes: fc.integer({ min: 1, max: 15 }),
  percent: fc.integer({ min: 1, max: 100 }),
});
const tried = fc.uniqueArray(fc.record({ value: fc.integer({ min: 1, max: 60 }), quantities }), {
  selector: ({ value }) => value,
  minLength: 1,
  maxLength: 12,
});

type Tried = readonly { readonly value: number; readonly quantities: Quantities }[];
const holds = (choose: typeof chooseValue) =>
  fc.property(tried, fc.integer({ min: 1, max: 60 }), aims, (all: Tried, today, aim) => {
    const choice = choose(all, today, aim);
    const chosen = all.find(({ value }) => value === choice.value)!;
    const any = all.some((one) => satisfies(one.quantities, aim));
    expect(choice.found).toBe(any);
    expect(satisfies(chosen.quantities, aim)).toBe(any);
  });

/** The tempting wrong one: the fewest buzzes, whoever comes unseen. */
const fewestBuzzes = (all: Tried, _today: number, aim: Aim) => {
  const best = [...all].sort((a, b) => a.quantities.buzzes - b.quantities.buzzes)[0]!;
  return satisfies(best.quantities, aim)
    ? { found: true as const, value: best.value }
    : { found: false as const, value: best.value, buzzesOver: 0, percentShort: 0 };
};

describe('A value for an aim', () => {
  it('satisfies it whenever any that was tried does', () => {
    fc.assert(holds(chooseValue));
  });

  it('would not, were it the one with the fewest buzzes', () => {
    expect(() => fc.assert(holds(fewestBuzzes))).toThrow();
  });

  it('is the same whatever the order in which they were tried', () => {
    fc.assert(
      fc.property(tried, fc.integer({ min: 1, max: 60 }), aims, (all, today, aim) => {
        expect(chooseValue([...all].reverse(), today, aim)).toEqual(chooseValue(all, today, aim));
      }),
    );
  });

  const busy = (value: number, buzzes: number, inTime: number) => ({
    value,
    quantities: { buzzes, arrivals: 100, inTime },
  });

  it("is today's where that does it: nothing is changed for its own sake", () => {
    const all = [busy(4, 2, 99), busy(6, 4, 96)];
    expect(chooseValue(all, 6, { buzzes: 4, percent: 95 })).toEqual({ found: true, value: 6 });
  });

  it('is else the one with most to spare in the half where it has less', () => {
    const all = [busy(2, 1, 95), busy(4, 3, 97), busy(6, 4, 99), busy(10, 8, 100)];
    expect(chooseValue(all, 10, { buzzes: 4, percent: 95 })).toEqual({ found: true, value: 4 });
  });

  it('is where none does the one that misses by least, with the half that fails and by how much', () => {
    const all = [busy(2, 2, 60), busy(4, 4, 90), busy(6, 7, 99)];
    expect(chooseValue(all, 6, { buzzes: 4, percent: 95 })).toEqual({
      found: false,
      value: 4,
      buzzesOver: 0,
      percentShort: 5,
    });
  });

  it('is told of nobody late where nobody came', () => {
    expect(percentOf({ buzzes: 0, arrivals: 0, inTime: 0 })).toBe(100);
  });
});

describe('Values worth trying', () => {
  it("are in range, in steps, in order, each once, today's among them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.constantFrom(0.5, 1, 5, 10),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (least, span, step, share) => {
          const range = { least, most: least + span, step };
          const today = Math.round(least + share * span);
          const values = valuesToTry(today, range);
          expect(values).toContain(today);
          expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
          expect(values.length).toBeLessThanOrEqual(12);
          expect(values[0]).toBeGreaterThanOrEqual(least);
          expect(values.at(-1)).toBeLessThanOrEqual(range.most);
        },
      ),
    );
  });

  it('are all there are where these are few', () => {
    expect(valuesToTry(3, { least: 1, most: 6, step: 1 })).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
