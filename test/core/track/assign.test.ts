import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, assignLinks } from '../../../src/core/track/assign.ts';

const unpaired = 10;
const anyCosts = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(
        fc.oneof(
          { weight: 4, arbitrary: fc.double({ min: 0, max: 15, noNaN: true }) },
          fc.constant(Number.POSITIVE_INFINITY),
        ),
        { minLength: columns, maxLength: columns },
      ),
      { minLength: rows, maxLength: rows },
    ),
  );
const costOf = (costs: readonly (readonly number[])[], columns: readonly number[]) =>
  columns.reduce((sum, column, row) => sum + (column < 0 ? unpaired : costs[row]![column]!), 0);

/** Tries every way. */
function leastByForce(costs: readonly (readonly number[])[], row = 0, taken: readonly number[] = []): number {
  if (row === costs.length) return 0;
  let least = unpaired + leastByForce(costs, row + 1, taken);
  for (const [column, cost] of costs[row]!.entries()) {
    if (taken.includes(column) || !(cost < unpaired)) continue;
    least = Math.min(least, cost + leastByForce(costs, row + 1, [...taken, column]));
  }
  return least;
}

describe('Pairing', () => {
  it('is as cheap as the cheapest of all ways there are', () => {
    fc.assert(
      fc.property(anyCosts, (costs) => {
        expect(costOf(costs, assign(costs, unpaired))).toBeCloseTo(leastByForce(costs), 6);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no column twice, and makes no pair that is forbidden or too dear', () => {
    fc.assert(
      fc.property(anyCosts, (costs) => {
        const columns = assign(costs, unpaired);
        const made = columns.filter((column) => column >= 0);
        expect(columns).toHaveLength(costs.length);
        expect(new Set(made).size).toBe(made.length);
        for (const [row, column] of columns.entries()) {
          if (column >= 0) expect(costs[row]![column]).toBeLessThan(unpaired);
        }
      }),
    );
  });

  it('control: taking the nearest first is not the cheapest way', () => {
    const greedy = (costs: readonly (readonly number[])[]) => {
      const taken: number[] = [];
      return costs.map((row) => {
        const best = row
          .map((cost, column) => ({ cost, column }))
          .filter(({ cost, column }) => cost < unpaired && !taken.includes(column))
          .sort((a, b) => a.cost - b.cost)[0];
        if (best !== undefined) taken.push(best.column);
        return best?.column ?? -1;
      });
    };
    const check = fc.check(
      fc.property(anyCosts, (costs) => costOf(costs, greedy(costs)) < leastByForce(costs) + 1e-6),
    );
    expect(check.failed).toBe(true);
  });

  it('of groups that share no column is the pairing of each', () => {
    fc.assert(
      fc.property(anyCosts, anyCosts, (some, others) => {
        const shift = some[0]?.length ?? 0;
        const links = (costs: readonly (readonly number[])[], by: number) =>
          costs.map((row) => row.map((cost, column) => ({ column: column + by, cost })));
        const ofOthers = assign(others, unpaired).map((column) => (column < 0 ? -1 : column + shift));
        // One of the one group, one of the other, and so on.
        const [a, b] = [links(some, 0), links(others, shift)];
        const rows = a
          .flatMap((row, i) => (b[i] === undefined ? [row] : [row, b[i]!]))
          .concat(b.slice(a.length));
        const wanted = assign(some, unpaired)
          .flatMap((column, i) => (b[i] === undefined ? [column] : [column, ofOthers[i]!]))
          .concat(ofOthers.slice(a.length));
        expect(assignLinks(rows, unpaired)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it('of nobody is nothing', () => {
    expect(assign([], unpaired)).toEqual([]);
    expect(assign([[], []], unpaired)).toEqual([-1, -1]);
  });
});
