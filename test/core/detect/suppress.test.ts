import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlapOf, suppress } from '../../../src/core/detect/suppress.ts';
import type { Person } from '../../../src/core/units.ts';

const person = (left: number, top: number, width: number, height: number, score: number): Person => ({
  box: { left, top, right: left + width, bottom: top + height },
  score,
});

/** Crowded on purpose: few places, few scores, so that overlaps and ties are common. */
const people = fc.array(
  fc
    .tuple(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 5, max: 30 }),
      fc.integer({ min: 5, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
    )
    .map(([left, top, width, height, score]) => person(left, top, width, height, score / 5)),
  { maxLength: 40 },
);
const overlap = fc.double({ min: 0, max: 1, noNaN: true });

describe('Suppression keeps one box of each person', () => {
  it('leaves no two boxes that share more than the greatest overlap', () => {
    fc.assert(
      fc.property(people, overlap, (seen, most) => {
        const kept = suppress(seen, most);
        for (const [index, one] of kept.entries()) {
          for (const other of kept.slice(index + 1)) {
            expect(overlapOf(one.box, other.box)).toBeLessThanOrEqual(most);
          }
        }
      }),
    );
  });

  it('drops a box only for one that is at least as sure and mostly the same', () => {
    fc.assert(
      fc.property(people, overlap, (seen, most) => {
        const kept = suppress(seen, most);
        for (const dropped of seen.filter((candidate) => !kept.includes(candidate))) {
          const reasons = kept.filter(
            ({ box, score }) => score >= dropped.score && overlapOf(box, dropped.box) > most,
          );
          expect(reasons).not.toHaveLength(0);
        }
      }),
    );
  });

  it('invents nobody, and gives the surest first', () => {
    fc.assert(
      fc.property(people, overlap, (seen, most) => {
        const kept = suppress(seen, most);
        expect(kept.every((one) => seen.includes(one))).toBe(true);
        expect(kept.map(({ score }) => score)).toEqual(
          kept.map(({ score }) => score).toSorted((one, other) => other - one),
        );
      }),
    );
  });

  it('gives the same people in whatever order they come', () => {
    const shuffled = people.chain((seen) =>
      fc.tuple(
        fc.constant(seen),
        fc.shuffledSubarray(seen, { minLength: seen.length, maxLength: seen.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, overlap, ([seen, otherwise], most) => {
        expect(suppress(otherwise, most)).toEqual(suppress(seen, most));
      }),
    );
  });

  it('changes nothing when done twice', () => {
    fc.assert(
      fc.property(people, overlap, (seen, most) => {
        const once = suppress(seen, most);
        expect(suppress(once, most)).toEqual(once);
      }),
    );
  });

  it('control: these crowds do hold people that only suppression takes out', () => {
    const nothingDone = (seen: readonly Person[]): readonly Person[] => seen;
    const check = fc.check(
      fc.property(people, (seen) => {
        const kept = nothingDone(seen);
        return kept.every((one, index) =>
          kept.slice(index + 1).every((other) => overlapOf(one.box, other.box) <= 0.5),
        );
      }),
    );
    expect(check.failed).toBe(true);
  });

  it('keeps two people who stand side by side, and one of two boxes round the same person', () => {
    const [left, right] = [person(100, 50, 40, 120, 0.7), person(125, 50, 40, 120, 0.6)];
    const again = person(103, 55, 40, 118, 0.5);
    expect(suppress([again, right, left], 0.5)).toEqual([left, right]);
  });

  it('prefers the box further left when two are equally sure', () => {
    const [left, right] = [person(0, 0, 10, 10, 0.5), person(1, 0, 10, 10, 0.5)];
    expect(suppress([right, left], 0.5)).toEqual([left]);
  });

  it('then the higher, then the narrower, then the shorter', () => {
    const score = 0.5;
    const [higher, lower] = [person(0, 0, 20, 20, score), person(0, 1, 20, 20, score)];
    const [narrower, wider] = [person(0, 0, 20, 20, score), person(0, 0, 21, 20, score)];
    const [shorter, taller] = [person(0, 0, 20, 20, score), person(0, 0, 20, 21, score)];
    expect(suppress([lower, higher], 0.5)).toEqual([higher]);
    expect(suppress([wider, narrower], 0.5)).toEqual([narrower]);
    expect(suppress([taller, shorter], 0.5)).toEqual([shorter]);
  });
});

describe('Overlap', () => {
  it('is nothing where boxes lie apart, however they lie', () => {
    const middle = person(100, 100, 10, 10, 1).box;
    for (const [left, top] of [
      [0, 0],
      [0, 200],
      [200, 0],
      [200, 200],
      [100, 200],
      [0, 100],
    ] as const) {
      expect(overlapOf(middle, person(left, top, 20, 20, 1).box)).toBe(0);
    }
  });

  it('is the shared area over the area covered together', () => {
    expect(overlapOf(person(0, 0, 2, 1, 1).box, person(1, 0, 2, 1, 1).box)).toBeCloseTo(1 / 3, 12);
  });

  it('is nothing where boxes only touch', () => {
    expect(overlapOf(person(0, 0, 2, 2, 1).box, person(2, 0, 2, 2, 1).box)).toBe(0);
  });
});
