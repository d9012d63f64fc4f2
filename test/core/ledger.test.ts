import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addStay,
  contactBounds,
  type FirstContact,
  firstContactOf,
  noContactSums,
  type Stay,
  waitOf,
} from '../../src/core/ledger.ts';
import { begin, type CoreInput, step } from '../../src/core/step.ts';
import { film, hidden, quiet, settings, stay, to, walk } from './story.ts';

function book(inputs: readonly CoreInput[]) {
  let state = begin();
  const stays: Stay[] = [];
  for (const input of inputs) {
    const [next, output] = step(state, input, settings);
    state = next;
    stays.push(...output.stays);
  }
  return { state, stays, open: state.ledger.open };
}

const comes = walk(0, [-7, 0], to(0, 0), stay(20), to(-8, 0));
const manager = walk(0, [0, 4], stay(8), to(1, 0.3), stay(10), to(0, 4), stay(60));

describe('The book of arrivals', () => {
  it('has a line for whoever arrived: sent for, met after so long, left', () => {
    const { stays, open } = book(film([comes, manager], { until: 45 }));
    expect(open).toEqual([]);
    expect(stays).toMatchObject([
      { visit: expect.any(String), door: 'main-door', prompt: 'greet', metBy: 'seen', ended: 'departed' },
    ]);
    const [one] = stays;
    expect(one!.promptedAt).toBe(one!.arrivedAt);
    expect(waitOf(one!)).toBeGreaterThan(8);
    expect(waitOf(one!)).toBeLessThan(13);
    expect(one!.endedAt!).toBeGreaterThan(one!.metAt!);
  });

  it('says of whoever was never met that they were not, and when they left', () => {
    const { stays } = book(film([comes], { until: 45 }));
    expect(stays).toMatchObject([{ ended: 'departed' }]);
    expect(stays[0]).not.toHaveProperty('metAt');
    expect(waitOf(stays[0]!)).toBe(Number.POSITIVE_INFINITY);
  });

  it('closes the line of whoever was lost from sight for good', () => {
    const lost = hidden(walk(0, [-7, 0], to(0, 0), stay(60)), 10, 99);
    const { stays, open } = book([...film([lost], { until: 12 }), ...film([], { from: 12.2, until: 40 })]);
    expect(stays).toMatchObject([{ ended: 'lost' }]);
    expect(open).toEqual([]);
  });

  it('has no line for staff, nor for who was there before', () => {
    const { stays, open } = book(film([manager, walk(0, [3, 0.5], stay(40))], { until: 30 }));
    expect([...stays, ...open]).toEqual([]);
  });

  it('strikes out who came by the entrance and turned out to be staff', () => {
    const atWork = walk(0, [-7, 0], to(0, 3.8), stay(60));
    expect(book(film([atWork], { until: 5.5 })).open).toHaveLength(1);
    const { stays, open } = book(film([atWork], { until: 20 }));
    expect([...stays, ...open]).toEqual([]);
  });

  it('has two lines for whoever leaves and comes back', () => {
    const twice = walk(0, [-7, 0], to(-1, 0), stay(4), to(-7, 0), stay(8), to(-1, 0), stay(10));
    const { stays, open } = book(film([twice], { until: 35 }));
    expect(stays).toMatchObject([{ ended: 'departed' }]);
    expect(open).toHaveLength(1);
    expect(open[0]!.visit).not.toBe(stays[0]!.visit);
  });

  it('takes a wearer at their word, and notes who said they would go', () => {
    const frames = film([walk(0, [-7, 0], to(0, 0), stay(60))], { until: 20 });
    let state = begin();
    for (const frame of frames.slice(0, 40)) [state] = step(state, frame, settings);
    const { id } = state.prompts.open[0]!;
    const answer = (at: number, answer: 'accepted' | 'met'): CoreInput => ({
      kind: 'answer',
      at,
      id,
      answer,
      role: 'manager',
      watch: 'w-1',
    });
    [state] = step(state, answer(8, 'accepted'), settings);
    [state] = step(state, answer(9, 'met'), settings);
    expect(state.ledger.open).toMatchObject([{ acceptedAt: 8, metAt: 9, metBy: 'answered' }]);
  });

  it('notes for how long nobody could look, while somebody waited', () => {
    const frames = film([walk(0, [-7, 0], to(0, 0), stay(200))], { until: 12 });
    const { open } = book([...frames, ...quiet(12, 40)]);
    expect(open).toHaveLength(1);
    expect(open[0]!.blindSeconds).toBeGreaterThan(20);
  });

  it('is as long as the lobby is full, and no longer', () => {
    const many = Array.from({ length: 6 }, (_, i) => walk(i * 4, [-7, 0], to(-1, 0.2), stay(1), to(-8, 0.4)));
    const { state, stays } = book(film(many, { until: 60 }));
    expect(stays.length).toBeGreaterThanOrEqual(4);
    expect(state.ledger.open).toEqual([]);
  });
});

const anyStay: fc.Arbitrary<Stay> = fc
  .record({
    arrivedAt: fc.double({ min: 0, max: 3600, noNaN: true }),
    wait: fc.option(fc.double({ min: 0, max: 900, noNaN: true }), { nil: undefined }),
    ended: fc.constantFrom('departed', 'lost'),
  })
  .map(
    ({ arrivedAt, wait, ended }): Stay => ({
      visit: 'v1',
      arrivedAt,
      endedAt: arrivedAt + 1000,
      ended: ended as 'departed' | 'lost',
      ...(wait === undefined ? {} : { metAt: arrivedAt + wait, metBy: 'seen' }),
    }),
  );
const anyStays = fc.array(anyStay, { maxLength: 60 });
const neverMet = (stays: readonly Stay[]) => stays.filter((one) => one.metAt === undefined).length;

describe('First contact', () => {
  const of = (waits: readonly (number | undefined)[], target = 30) =>
    firstContactOf(
      waits.map((wait, i) => ({
        visit: `v${i}`,
        arrivedAt: 0,
        endedAt: 600,
        ended: 'departed',
        ...(wait === undefined ? {} : { metAt: wait }),
      })),
      target,
      1000,
    );

  it('is figured over all who arrived', () => {
    expect(of([10, 20, 40, undefined])).toMatchObject({
      arrivals: 4,
      met: 3,
      neverMet: 1,
      inTime: 2,
      shareInTime: 0.5,
      medianSeconds: 20,
      p90Seconds: Number.POSITIVE_INFINITY,
    });
    expect(of([10, undefined, undefined]).medianSeconds).toBe(Number.POSITIVE_INFINITY);
    expect(of([])).toMatchObject({ arrivals: 0, shareMet: 0, shareInTime: 0 });
  });

  it('follows the target', () => {
    expect(of([10, 20, 40], 15).inTime).toBe(1);
    expect(of([10, 20, 40], 45).inTime).toBe(3);
  });

  it('leaves open who is there and still has time, and counts who has waited too long', () => {
    const there = (arrivedAt: number): Stay => ({ visit: 'v1', arrivedAt });
    expect(firstContactOf([there(90), there(10)], 30, 100)).toMatchObject({
      arrivals: 1,
      neverMet: 1,
      undecided: 1,
    });
  });

  it('drops nobody who was never met, from any figure', () => {
    const holds = (figure: (stays: readonly Stay[]) => Pick<FirstContact, 'shareInTime' | 'medianSeconds'>) =>
      fc.assert(
        fc.property(anyStays, anyStay, (stays, stay) => {
          const { metAt: _, metBy: __, ...never } = stay;
          const [before, after] = [figure(stays), figure([...stays, never])];
          expect(after.shareInTime).toBeLessThanOrEqual(before.shareInTime);
          if (before.shareInTime > 0) expect(after.shareInTime).toBeLessThan(before.shareInTime);
          expect(after.medianSeconds).toBeGreaterThanOrEqual(before.medianSeconds);
          if (neverMet(stays) > stays.length / 2) expect(before.medianSeconds).toBe(Number.POSITIVE_INFINITY);
        }),
      );
    holds((stays) => {
      const figures = firstContactOf(stays, 30, 1e6);
      return stays.length === 0 ? { ...figures, medianSeconds: 0 } : figures;
    });
    // Control: the tempting figure, over those who were met, is found out.
    expect(() =>
      holds((stays) =>
        firstContactOf(
          stays.filter((one) => one.metAt !== undefined),
          30,
          1e6,
        ),
      ),
    ).toThrow();
  });

  it('is the same from sums as from the stays themselves', () => {
    fc.assert(
      fc.property(anyStays, (stays) => {
        const sums = stays.reduce((all, one) => addStay(all, one, 30), noContactSums);
        const figures = firstContactOf(stays, 30, 1e6);
        expect(sums).toMatchObject({ stays: stays.length, met: figures.met, inTime: figures.inTime });
        expect(sums.stays - sums.met).toBe(neverMet(stays));
        for (const [i, bound] of contactBounds.entries()) {
          expect(sums.within[i]).toBe(stays.filter((one) => waitOf(one) <= bound).length);
        }
      }),
    );
  });
});
