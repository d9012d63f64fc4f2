import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type VisitNames, visitNames } from '../../src/service/journal-lines.ts';

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
/** Visits are numbered as they come: a busy branch has a thousand a day. */
const day = (names: VisitNames, from = 1) => Array.from({ length: 1000 }, (_, i) => names.of(`v${from + i}`));
const numberOf = (name: string) => Number(name.slice(5));

/** How often the later of two visits that came one after the other has the larger number: half the time, if it says nothing. */
function rising(names: VisitNames): number {
  const numbers = day(names).map(numberOf);
  return numbers.filter((one, i) => i > 0 && one > numbers[i - 1]!).length / (numbers.length - 1);
}

describe('What a visit is called', () => {
  it('is the name of no other visit of the run, and of the form that the journal takes', () => {
    fc.assert(
      fc.property(seed, fc.nat(200_000_000), (one, from) => {
        const names = day(visitNames(one), from);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[0-9a-z]{4}-\d{1,9}$/);
      }),
      { numRuns: 50 },
    );
  });

  it('does not say who came first', () => {
    fc.assert(
      fc.property(seed, (one) => {
        expect(rising(visitNames(one))).toBeGreaterThan(0.43);
        expect(rising(visitNames(one))).toBeLessThan(0.57);
      }),
      { numRuns: 50 },
    );
    // Control: numbers that are counted up do.
    expect(rising({ run: 'k3f9', of: (visit) => `k3f9-${visit.slice(1)}` })).toBe(1);
  });

  it('says nothing of a visit of another day: names of two runs have nothing in common', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 1000 }), (one, later) => {
        const [today, tomorrow] = [visitNames(one), visitNames((one + later) % 2 ** 31)];
        const known = new Set(day(today).map(numberOf));
        // A thousand of 268 million: the same number twice is luck, and rare.
        expect(day(tomorrow).filter((name) => known.has(numberOf(name))).length).toBeLessThan(3);
      }),
      { numRuns: 50 },
    );
  });
});
