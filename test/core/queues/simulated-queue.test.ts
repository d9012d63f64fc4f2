import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chance } from '../../scenes/chance.ts';
import { type Comer, type Played, type SimulatedQueue, simulateQueue } from './simulated-queue.ts';

const window = { x: 0, y: 0 };
const twoWindows = [window, { x: 0, y: 1.4 }];

/** A queue's story: who comes when, for how long, and who of them has other ideas. */
const anyStory = fc
  .record({
    seed: fc.nat(100_000),
    people: fc.integer({ min: 1, max: 14 }),
    counters: fc.constantFrom(1, 2),
    bend: fc.constantFrom(0, 0.2, 0.4),
    fps: fc.constantFrom(2, 5, 8),
    giveUp: fc.constantFrom(0, 0.2),
    stepOut: fc.constantFrom(0, 0.2),
  })
  .map((one): SimulatedQueue => {
    const random = chance(one.seed);
    let at = 1;
    const comers = Array.from({ length: one.people }, (): Comer => {
      at += 3.5 + 12 * random();
      const serviceSeconds = 8 + 25 * random();
      const roll = random();
      if (roll < one.giveUp) return { at, serviceSeconds, patienceSeconds: 12 + 20 * random() };
      if (roll < one.giveUp + one.stepOut) {
        const stepsOut = { afterSeconds: 6 + 8 * random(), forSeconds: 12 + 10 * random() };
        return { at, serviceSeconds, stepsOut };
      }
      return { at, serviceSeconds };
    });
    return {
      counters: twoWindows.slice(0, one.counters),
      bend: one.bend,
      comers,
      fps: one.fps,
      until: at + 420,
    };
  });

const of = ({ happenings }: Played, kind: string, person: number) =>
  happenings.filter((one) => one.kind === kind && one.visit === `v${person}`);

describe('A queue whose people are seen perfectly', () => {
  it('has one beginning and one end for everybody, at the time they came to rest', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const played = simulateQueue(story);
        for (const [person, fate] of played.fates.entries()) {
          const [queued, ...more] = of(played, 'queued', person);
          expect([person, more]).toEqual([person, []]);
          expect(queued!.at - fate.restedAt!).toBeGreaterThan(-2);
          expect(queued!.at - fate.restedAt!).toBeLessThan(4);
          expect(of(played, 'left-queue', person)).toHaveLength(1);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('tells who was served and who gave up, once it knows where people are served', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        // Of a second counter it takes some people to learn that it is one.
        fc.pre(story.counters.length === 1);
        const played = simulateQueue(story);
        for (const [person, fate] of played.fates.entries()) {
          const [left] = of(played, 'left-queue', person);
          if (left!.served === null) expect(person).toBeLessThan(6);
          else expect([person, left!.served]).toEqual([person, fate.gaveUp !== true]);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('has everybody wait from coming to rest until being served, also who stepped out meanwhile', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        fc.pre(story.counters.length === 1);
        const played = simulateQueue(story);
        for (const [person, { restedAt, servedFrom }] of played.fates.entries()) {
          const [left] = of(played, 'left-queue', person);
          if (servedFrom === undefined || left!.served !== true) continue;
          expect(Math.abs(left!.waitedSeconds! - (servedFrom - restedAt!))).toBeLessThan(3);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('stands in the order in which it is served, straight or round a bend', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        fc.pre(story.counters.length === 1);
        for (const { view, truly } of simulateQueue(story).lines) {
          const known = truly.filter((id) => view.visits.includes(id));
          expect(view.visits.filter((id) => known.includes(id))).toEqual(known);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('notes who was served before others who had waited longer, and how many', () => {
    const patient = [1, 8, 15, 22].map((at): Comer => ({ at, serviceSeconds: 30 }));
    const played = simulateQueue({
      counters: [window],
      bend: 0,
      comers: [...patient, { at: 30, serviceSeconds: 10, cutsIn: 1 }],
      fps: 5,
      until: 400,
    });
    expect(played.fates[4]!.passed).toBeGreaterThan(0);
    expect(of(played, 'left-queue', 4)[0]!.figures?.jumped).toBe(played.fates[4]!.passed);
    for (const person of [0, 1, 2, 3])
      expect(of(played, 'left-queue', person)[0]!.figures?.jumped).toBeUndefined();
  });

  it('gives up a place that is not come back to, after the time it is kept for', () => {
    const comers: Comer[] = [
      { at: 1, serviceSeconds: 150 },
      { at: 6, serviceSeconds: 10, stepsOut: { afterSeconds: 10, forSeconds: 70 } },
    ];
    const played = simulateQueue({ counters: [window], bend: 0, comers, fps: 5, until: 300 });
    expect(of(played, 'queued', 1)).toHaveLength(2);
    expect(of(played, 'left-queue', 1).map(({ served }) => served)).toEqual([false, true]);
  });
});

describe('The wait of a newcomer, over a long day', () => {
  /** Eight hours of a bank: services of 40 s to five minutes, two in three within 90 s. */
  const day = (counters: number, seed: number): SimulatedQueue => {
    const random = chance(seed);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let at = 0;
    const comers: Comer[] = [];
    while (at < 8 * 3600) {
      at += (-Math.log(1 - random()) * 100) / counters;
      comers.push({ at, serviceSeconds: Math.min(600, Math.max(15, 75 * Math.exp(0.5 * normal()))) });
    }
    const until = at + 3600;
    return { counters: twoWindows.slice(0, counters), bend: 0.2, comers, fps: 2, until };
  };

  /** Control, and the tempting figure: what the one waited whose turn came last. */
  const lastWaited = ({ fates }: Played, at: number): number => {
    const served = fates.filter(({ servedFrom = Number.POSITIVE_INFINITY }) => servedFrom <= at);
    const last = served.reduce((best, one) => (one.servedFrom! > (best?.servedFrom ?? -1) ? one : best));
    return last.servedFrom! - last.restedAt!;
  };

  it.each([
    [1, 11],
    [1, 12],
    [2, 13],
    [2, 14],
  ])('is foretold right on the whole, with %i counters', (counters, seed) => {
    const played = simulateQueue(day(counters, seed));
    const errors: number[] = [];
    const naive: number[] = [];
    for (const { at, visit, kind, figures } of played.happenings) {
      const fate = played.fates[Number(visit?.slice(1))];
      const expected = figures?.expectedSeconds;
      if (kind !== 'queued' || expected === undefined || fate?.servedFrom === undefined) continue;
      const truly = Math.max(0, fate.servedFrom - at);
      errors.push(expected - truly);
      naive.push(lastWaited(played, at) - truly);
    }
    const meanOf = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    const size = (values: readonly number[]) => meanOf(values.map(Math.abs));
    expect(errors.length).toBeGreaterThan(200);
    expect(Math.abs(meanOf(errors))).toBeLessThan(20);
    expect(size(errors)).toBeLessThan(0.8 * size(naive));
  });

  it('is not told before three have been served', () => {
    const comers = [1, 10, 20, 30].map((at): Comer => ({ at, serviceSeconds: 60 }));
    const played = simulateQueue({ counters: [window], bend: 0, comers, fps: 5, until: 100 });
    expect(played.happenings.every((one) => one.figures?.expectedSeconds === undefined)).toBe(true);
  });
});
