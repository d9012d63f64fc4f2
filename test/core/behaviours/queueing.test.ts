import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../../src/core/behaviours/behaviour.ts';
import { queueing } from '../../../src/core/behaviours/queueing.ts';
import { contains } from '../../../src/core/geometry/polygon.ts';
import { cash, hidden, stay, thresholds, to, type Walk, walk } from '../story.ts';
import { anyPace, kindsOf, type Playing, play, watch } from './scenes.ts';

const see = (walks: readonly Walk[], playing: Playing) =>
  watch(
    queueing,
    play(
      walks.map((one, i) => ({ id: `v${i + 1}`, walk: one, arrivedAt: 0 })),
      playing,
    ),
  ).happenings;
const limits = (queue: { waitSeconds?: number; length?: number }) => ({
  ...thresholds,
  queue: { ...thresholds.queue, ...queue },
});
/** Stands in the queue from 0 on. */
const standing = (seconds: number, x = 3) => walk(0, [x, -2], stay(seconds));

describe('Queueing', () => {
  it('begins when somebody has taken a place, also at an empty counter', () => {
    const noticed = see([walk(0, [0, 0], to(3, -2), stay(20))], { until: 20 });
    expect(noticed).toMatchObject([{ kind: 'queued', visit: 'v1', zone: 'cash', where: { x: 3, y: -2 } }]);
    expect(noticed[0]!.at).toBeGreaterThan(3);
    expect(noticed[0]!.at).toBeLessThan(5.5);
  });

  it('is not walking through the zone, slowly neither', () => {
    expect(see([walk(0, [0, -2], to(6, -2), stay(5))], { until: 12 })).toEqual([]);
    expect(see([walk(0, [1, -2], to(6, -2, 0.8), stay(5))], { until: 12 })).toEqual([]);
  });

  it('is not standing beside the zone', () => {
    expect(see([walk(0, [1.7, -2], stay(30))], { until: 30 })).toEqual([]);
  });

  it('is also pacing up and down in it', () => {
    const pacing = walk(
      0,
      [2.2, -2],
      ...Array.from({ length: 6 }, (_, i) => to(i % 2 === 0 ? 3.8 : 2.2, -2, 0.9)),
    );
    expect(kindsOf(see([pacing], { until: 9 }))).toEqual(['queued']);
  });

  it('does not end by leaning out for a leaflet', () => {
    const leaning = walk(0, [2.2, -2], stay(10), to(1.2, -2, 1.5), stay(0.4), to(2.2, -2, 1.5), stay(10));
    expect(kindsOf(see([leaning], { until: 20 }))).toEqual(['queued']);
  });

  it('does not end where the queue bulges out of the drawn zone', () => {
    const edge = walk(0, [2.2, -2], stay(5), to(1.7, -2), stay(20));
    expect(kindsOf(see([edge], { until: 25 }))).toEqual(['queued']);
  });

  it('ends by leaving, with the time that was waited', () => {
    const left = see([walk(0, [3, -2], stay(30), to(-3, 0), stay(5))], { until: 40 });
    expect(kindsOf(left)).toEqual(['queued', 'left-queue']);
    const [queued, gone] = left;
    // Until they stepped out of the zone, which is before it was sure that they had left.
    expect(gone!.waitedSeconds).toBeGreaterThan(28);
    expect(gone!.waitedSeconds).toBeLessThan(gone!.at - queued!.at);
    expect(gone!.served).toBe(null);
  });

  it('goes on while somebody is hidden behind others', () => {
    const behind = hidden(standing(60), 10, 25);
    expect(kindsOf(see([behind], { until: 50 }))).toEqual(['queued']);
  });

  it('ends when somebody was not seen for longer than is remembered', () => {
    const gone = see([standing(10)], { until: 60 });
    expect(kindsOf(gone)).toEqual(['queued', 'left-queue']);
  });

  it('is nothing staff do', () => {
    const scenes = play([{ id: 'v1', walk: standing(60), role: 'staff' }], { until: 60 });
    expect(watch(queueing, scenes).happenings).toEqual([]);
  });

  it('is taken back without a word when somebody turns out to be staff', () => {
    const scenes = play([{ id: 'v1', walk: standing(60), staffFrom: 20 }], { until: 60 });
    const { happenings, state } = watch(queueing, scenes);
    expect(kindsOf(happenings)).toEqual(['queued']);
    expect(state.members).toEqual([]);
  });
});

describe('A long wait', () => {
  it('is told once', () => {
    const noticed = see([standing(100)], { until: 100, thresholds: limits({ waitSeconds: 30 }) });
    expect(kindsOf(noticed)).toEqual(['queued', 'waited-long']);
    expect(noticed[1]!.waitedSeconds).toBeCloseTo(30, 0);
  });

  it('is not made of two short ones', () => {
    const twice = walk(0, [3, -2], stay(20), to(0, 0), stay(4), to(3, -2), stay(20), to(0, 0), stay(9));
    const noticed = see([twice], { until: 60, thresholds: limits({ waitSeconds: 30 }) });
    expect(kindsOf(noticed)).toEqual(['queued', 'left-queue', 'queued', 'left-queue']);
  });

  /** Whether a behaviour tells a wait of ten seconds at the first frame after it. */
  const isOnTime = (behaviour: Behaviour<unknown>) =>
    fc.property(anyPace, ({ fps, dropped, gap }) => {
      const scenes = play([{ id: 'v1', walk: standing(40), arrivedAt: 0 }], {
        until: 30,
        fps,
        dropped,
        thresholds: limits({ waitSeconds: 10 }),
      });
      const noticed = watch(behaviour, scenes).happenings;
      const queued = noticed.find((one) => one.kind === 'queued');
      const long = noticed.find((one) => one.kind === 'waited-long');
      if (queued === undefined || long === undefined) return false;
      const late = long.at - queued.at - 10;
      return queued.at >= 1 && queued.at <= 1.2 + gap + 1e-6 && late > -1e-6 && late <= gap + 1e-6;
    });

  it('begins on time at any frame rate, frames lost or not', () => {
    fc.assert(isOnTime(queueing as Behaviour<unknown>), { numRuns: 60 });
  });

  it('control: counting frames at five a second does not', () => {
    /** The tempting way: a frame is a fifth of a second. */
    const countingFrames: Behaviour<number> = {
      begin: 0,
      notice(frames, scene) {
        const visit = scene.visits.find((one) => cash.kind !== 'entrance' && contains(cash.polygon, one.at));
        if (visit === undefined) return [0, []];
        const about = { at: scene.at, visit: visit.id, role: visit.role, plane: visit.plane };
        if (frames + 1 === 1.2 * 5) return [frames + 1, [{ ...about, kind: 'queued' }]];
        if (frames + 1 === 11.2 * 5) return [frames + 1, [{ ...about, kind: 'waited-long' }]];
        return [frames + 1, []];
      },
    };
    const at = (fps: number) =>
      watch(countingFrames, play([{ id: 'v1', walk: standing(40) }], { until: 39, fps })).happenings.at(-1)!
        .at;
    expect(at(5)).toBeCloseTo(11, 0);
    expect(fc.check(isOnTime(countingFrames as Behaviour<unknown>)).failed).toBe(true);
  });
});

describe('A long queue', () => {
  const five = Array.from({ length: 5 }, (_, i) => walk(i * 5, [2.2 + i * 0.4, -2], stay(60 - i * 8)));

  it('is told once when enough stand in it, with how many', () => {
    const noticed = see(five, { until: 30, thresholds: limits({ length: 4 }) });
    const long = noticed.filter((one) => one.kind === 'queue-long');
    expect(long).toMatchObject([{ zone: 'cash', people: 4 }]);
    expect(long[0]!.visit).toBeUndefined();
    expect(long[0]!.where).toBeUndefined();
  });

  it.each([
    [1, 2],
    [3, 2],
  ])('of %i is told again only after it was clearly shorter', (length, times) => {
    const coming = (from: number) =>
      Array.from({ length }, (_, i) => walk(from + i, [2.3 + i * 0.5, -2], stay(20), to(-3, 0)));
    const noticed = see([...coming(0), ...coming(60)], { until: 100, thresholds: limits({ length }) });
    expect(kindsOf(noticed).filter((kind) => kind === 'queue-long')).toHaveLength(times);
  });

  it('is forgotten once nobody stands in it, however short a long one is', () => {
    const { state } = watch(
      queueing,
      play([{ id: 'v1', walk: walk(0, [3, -2], stay(20), to(-3, 0), stay(5)) }], {
        until: 60,
        thresholds: limits({ length: 1 }),
      }),
    );
    expect(state).toEqual(queueing.begin);
  });
});
