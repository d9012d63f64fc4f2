import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnClock, nothingKnown, offsetOf } from '../../../src/core/sensing/clock-offset.ts';
import {
  type Captured,
  letThrough,
  nothingWaiting,
  type Ordering,
  putInOrder,
} from '../../../src/core/sensing/in-order.ts';

const cameras = ['door', 'hall', 'side'];
const rules = { latenessSeconds: 0.3, most: 100 };

/** What each of some cameras captured, and how long each took to come; in the order in which they come. */
const arriving = (mostDelay: number) =>
  fc
    .array(
      fc.record({
        camera: fc.constantFrom(...cameras),
        at: fc.integer({ min: 0, max: 10_000 }).map((ms) => ms / 1000),
        delay: fc.integer({ min: 0, max: mostDelay * 1000 }).map((ms) => ms / 1000),
      }),
      { maxLength: 60 },
    )
    .map((all) => [...all].sort((a, b) => a.at + a.delay - (b.at + b.delay)));

interface Run {
  readonly through: readonly Captured[];
  readonly late: number;
  readonly longestWait: number;
}

function order(all: readonly (Captured & { delay: number })[], lateness = rules.latenessSeconds): Run {
  let ordering: Ordering<Captured> = nothingWaiting();
  const through: Captured[] = [];
  let late = 0;
  let longestWait = 0;
  const look = (now: number) => {
    const [next, ready] = letThrough(ordering, now, cameras, { ...rules, latenessSeconds: lateness });
    ordering = next;
    for (const { at } of ready) longestWait = Math.max(longestWait, now - at);
    through.push(...ready);
  };
  let before = all[0]?.at ?? 0;
  for (const item of all) {
    const now = item.at + item.delay;
    // Looked at every 20 ms, as by a timer.
    for (let at = before; at < now; at += 0.02) look(at);
    before = now;
    const [next, isLate] = putInOrder(ordering, { camera: item.camera, at: item.at });
    ordering = next;
    if (isLate) late += 1;
    look(now);
  }
  for (let at = before; at < before + 1; at += 0.02) look(at);
  return { through, late, longestWait };
}

const isRising = (all: readonly Captured[]) =>
  all.every(({ at }, index) => index === 0 || at >= all[index - 1]!.at);

describe('What several boxes see', () => {
  it('goes on in the order of its capture, whatever came first, and nothing in time is lost', () => {
    let wasOutOfOrder = false;
    fc.assert(
      fc.property(arriving(0.3), (all) => {
        wasOutOfOrder ||= !isRising(all);
        const { through, late } = order(all);
        expect(late).toBe(0);
        expect(through).toHaveLength(all.length);
        expect(isRising(through)).toBe(true);
      }),
    );
    expect(wasOutOfOrder).toBe(true);
  });

  it('is let go of when it comes later than that, and counted; the order holds all the same', () => {
    let sawLate = false;
    fc.assert(
      fc.property(arriving(2), (all) => {
        const { through, late } = order(all);
        sawLate ||= late > 0;
        expect(through.length + late).toBe(all.length);
        expect(isRising(through)).toBe(true);
      }),
    );
    expect(sawLate).toBe(true);
  });

  it('is waited for no longer than the lateness allows, and not at all once every camera has spoken', () => {
    fc.assert(
      fc.property(arriving(0.3), (all) => {
        expect(order(all).longestWait).toBeLessThan(0.3 + 0.02 + 1e-6);
      }),
    );
    const spoken = cameras.map((camera, index) => ({ camera, at: 10 + index / 1000, delay: 0.1 }));
    let ordering: Ordering<Captured> = nothingWaiting();
    for (const item of spoken) ordering = putInOrder(ordering, item)[0];
    expect(letThrough(ordering, 10.1, cameras, rules)[1].map(({ camera }) => camera)).toEqual(['door']);
    expect(letThrough(ordering, 10.1, ['door'], rules)[1].map(({ camera }) => camera)).toEqual(['door']);
    expect(letThrough(ordering, 10.1, [], rules)[1]).toHaveLength(3);
  });

  it('never piles up: over the bound the oldest goes on before its time', () => {
    let ordering: Ordering<Captured> = nothingWaiting();
    for (let index = 0; index < 500; index++) {
      ordering = putInOrder(ordering, { camera: 'door', at: 1_000 + index / 1000 })[0];
      const [next] = letThrough(ordering, 0, cameras, { ...rules, most: 10 });
      ordering = next;
      expect(ordering.waiting.length).toBeLessThanOrEqual(10);
    }
    expect(ordering.upTo).toBeCloseTo(1_000 + 489 / 1000);
  });
});

describe('How far another clock is ahead', () => {
  const ways = fc.array(
    fc.record({ there: fc.integer({ min: 1, max: 900 }), back: fc.integer({ min: 1, max: 900 }) }),
    { minLength: 1, maxLength: 30 },
  );
  const learn = (ahead: number, all: readonly { there: number; back: number }[]) =>
    all.reduce((known, { there, back }, index) => {
      const askedAt = index * 2;
      const theirs = askedAt + there / 1000 + ahead;
      return learnClock(known, { askedAt, theirs, heardAt: askedAt + (there + back) / 1000 });
    }, nothingKnown);

  it('is known to within half of the quickest way there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5_000, max: 5_000 }), ways, (ahead, all) => {
        const { ahead: found, within } = offsetOf(learn(ahead, all))!;
        expect(Math.abs(found - ahead)).toBeLessThanOrEqual(within + 1e-6);
        const quickest = Math.min(...all.slice(-8).map(({ there, back }) => there + back));
        expect(within).toBeLessThanOrEqual(quickest / 2_000 + 1e-6);
      }),
    );
  });

  it('is learnt anew when a clock was set, and not from an answer before its question', () => {
    const known = learn(2, Array(8).fill({ there: 5, back: 5 }));
    const set = learnClock(known, { askedAt: 100, theirs: 3_702.2, heardAt: 100.4 });
    expect(offsetOf(set)!.ahead).toBeCloseTo(3_602, 1);
    expect(learnClock(known, { askedAt: 100, theirs: 102, heardAt: 99 })).toBe(known);
    expect(offsetOf(nothingKnown)).toBeUndefined();
  });

  it('is kept at eight answers', () => {
    expect(learn(0, Array(30).fill({ there: 5, back: 5 })).samples).toHaveLength(8);
  });
});
