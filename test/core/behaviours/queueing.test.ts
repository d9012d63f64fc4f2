import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../../src/core/behaviours/behaviour.ts';
import { longQueues } from '../../../src/core/behaviours/long-queues.ts';
import { queueing } from '../../../src/core/behaviours/queueing.ts';
import { contains } from '../../../src/core/geometry/polygon.ts';
import { cash, hidden, stay, thresholds, to, type Walk, walk } from '../story.ts';
import { queuesTold } from './queues-told.ts';
import { anyPace, kindsOf, type Playing, play, watch } from './scenes.ts';

const see = (walks: readonly Walk[], playing: Playing) =>
  watch(
    queuesTold,
    play(
      walks.map((one, i) => ({ id: `v${i + 1}`, walk: one, arrivedAt: 0 })),
      playing,
    ),
  ).happenings;
const limits = (queue: { waitSeconds?: number; length?: number; awaySeconds?: number }) => ({
  ...thresholds,
  queue: { ...thresholds.queue, ...queue },
});
/** Is served at the counter all the while: the first to come into an empty queue. */
const atCounter = (seconds = 200) => walk(0, [3, -3.2], stay(seconds));
/** What is noticed of the first of those who stand behind somebody at the counter. */
const behind = (walks: readonly Walk[], playing: Playing) =>
  see([atCounter(playing.until + 60), ...walks], playing).filter(({ visit }) => visit !== 'v1');
/** Stands in the queue from 0 on, or from later. */
const standing = (seconds: number, x = 3, from = 0) => walk(from, [x, -2], stay(seconds));

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

  it('is standing half a step beside it for who came into it, and not walking past there', () => {
    const beside = [to(2.2, -2), to(1.7, -2.4, 0.8)];
    expect(kindsOf(see([walk(0, [3, 0], ...beside, stay(20))], { until: 15 }))).toEqual(['queued']);
    const past = walk(0, [3, 0], ...beside, to(-4, -2.4, 0.8), stay(20));
    expect(see([past], { until: 15 })).toEqual([]);
    // A step beside it is not in it.
    expect(see([walk(0, [3, 0], to(2.2, -2), to(1.4, -2.4, 0.8), stay(20))], { until: 15 })).toEqual([]);
  });

  it('takes three seconds of whom nobody saw come in: they may be a reflection', () => {
    const stranger = (seconds: number) =>
      watch(queueing, play([{ id: 'v1', walk: standing(seconds) }], { until: 20, memorySeconds: 0 }))
        .happenings;
    expect(stranger(2.8)).toEqual([]);
    expect(stranger(20)[0]).toMatchObject({ kind: 'queued', at: 3 });
    expect(see([standing(20)], { until: 20 })[0]!.at).toBeLessThan(2);
  });

  it('is not told anew of who comes to light in the midst of a line: they were hidden, and wait in it', () => {
    const line = [-2.6, -1.9, -1.2].map((y, i) => walk(2 * i, [3, 1], to(3, y), stay(60)));
    const seenAfter = (one: Walk) => {
      const { happenings, state } = watch(
        queueing,
        play(
          [atCounter(), ...line, one].map((path, i) => ({ id: `v${i + 1}`, walk: path, arrivedAt: 0 })),
          { until: 30 },
        ),
      );
      const queued = happenings.filter(({ kind, visit }) => kind === 'queued' && visit === 'v5').length;
      return [queued, state.members.some(({ visit }) => visit === 'v5')];
    };
    expect(seenAfter(walk(20, [3.3, -2.5], stay(30)))).toEqual([0, true]);
    // Who walks up to it joins it, and so does who comes to light at its end.
    expect(seenAfter(walk(18, [1, -2.5], to(3.3, -2.5), stay(30)))).toEqual([1, true]);
    expect(seenAfter(walk(20, [3.3, -1.1], stay(30)))).toEqual([1, true]);
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

  it('ends by being served and leaving: the wait until then, and how long it took', () => {
    const left = see([walk(0, [3, -2], stay(30), to(-3, 0), stay(5))], { until: 40 });
    expect(kindsOf(left)).toEqual(['queued', 'left-queue']);
    expect(left[1]).toMatchObject({ served: true });
    expect(left[1]!.waitedSeconds).toBeLessThan(0.5);
    expect(left[1]!.figures!.servedSeconds).toBeGreaterThan(28);
    expect(left[1]!.figures!.servedSeconds).toBeLessThan(32);
  });

  it('waits until the one before has gone', () => {
    const first = walk(0, [3, -3.2], stay(30), to(6, -3.2), stay(40));
    const second = walk(3, [3, -2], stay(29), to(3, -3.2), stay(20), to(6, -3.2), stay(9));
    const left = see([first, second], { until: 64 }).filter(({ kind }) => kind === 'left-queue');
    expect(left).toMatchObject([
      { visit: 'v1', served: true },
      { visit: 'v2', served: true },
    ]);
    // From coming to rest at 3 s to standing at the counter at 33 s.
    expect(left[1]!.waitedSeconds).toBeGreaterThan(28.5);
    expect(left[1]!.waitedSeconds).toBeLessThan(31.5);
  });

  it('ends unserved for who leaves before their turn, once the place is not kept any more', () => {
    const [queued, gone, ...more] = behind([walk(3, [3, -2], stay(30), to(-3, 0), stay(90))], { until: 110 });
    expect(more).toEqual([]);
    expect([queued!.kind, gone!.kind]).toEqual(['queued', 'left-queue']);
    expect(gone!.served).toBe(false);
    // Until they stepped out of the zone.
    expect(gone!.waitedSeconds).toBeGreaterThan(28);
    expect(gone!.waitedSeconds).toBeLessThan(32);
    expect(gone!.at).toBeGreaterThan(33 + thresholds.queue.awaySeconds);
  });

  it('goes on for who fetches a form and comes back to the place, with the same clock', () => {
    const fetching = walk(3, [3, -2], stay(20), to(0, 0), stay(10), to(3, -2), stay(60));
    const noticed = behind([fetching], { until: 90, thresholds: limits({ waitSeconds: 60 }) });
    expect(kindsOf(noticed)).toEqual(['queued', 'waited-long']);
    expect(noticed[1]!.at).toBeCloseTo(63, 0);
  });

  it('begins anew for who comes back to the end', () => {
    const fetching = walk(3, [3, -2.2], stay(20), to(0, 0), stay(10), to(4.5, -0.6), to(3.6, -1.2), stay(40));
    const others = [walk(6, [3, -1.7], stay(99)), walk(12, [3.4, -1.3], stay(99))];
    const noticed = behind([fetching, ...others], { until: 80 }).filter(({ visit }) => visit === 'v2');
    expect(kindsOf(noticed)).toEqual(['queued', 'left-queue', 'queued']);
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
    const noticed = behind([standing(100, 3, 3)], { until: 100, thresholds: limits({ waitSeconds: 30 }) });
    expect(kindsOf(noticed)).toEqual(['queued', 'waited-long']);
    expect(noticed[1]!.waitedSeconds).toBeCloseTo(30, 0);
  });

  it("is nobody's who is being served, however long", () => {
    const noticed = see([standing(100)], { until: 100, thresholds: limits({ waitSeconds: 30 }) });
    expect(kindsOf(noticed)).toEqual(['queued']);
  });

  it('is told once a visit, also of who queues again', () => {
    const again = walk(3, [3, -2], stay(40), to(-4, 3), stay(70), to(3, -2), stay(60));
    const noticed = behind([again], { until: 180, thresholds: limits({ waitSeconds: 30 }) });
    expect(kindsOf(noticed)).toEqual(['queued', 'waited-long', 'left-queue', 'queued']);
  });

  it('is not made of two short ones', () => {
    const twice = walk(3, [3, -2], stay(20), to(0, 0), stay(70), to(3, -2), stay(20), to(0, 0), stay(70));
    const noticed = behind([twice], { until: 195, thresholds: limits({ waitSeconds: 30 }) });
    expect(kindsOf(noticed)).toEqual(['queued', 'left-queue', 'queued', 'left-queue']);
  });

  /** Whether a behaviour tells a wait of ten seconds at the first frame after it. */
  const isOnTime = (behaviour: Behaviour<unknown>) =>
    fc.property(anyPace, ({ fps, dropped, gap }) => {
      const front = { id: 'v0', walk: walk(0, [3, -3.2], stay(60)), arrivedAt: 0 };
      const scenes = play([front, { id: 'v1', walk: standing(40, 3, 10), arrivedAt: 0 }], {
        until: 40,
        fps,
        dropped,
        thresholds: limits({ waitSeconds: 10 }),
      });
      const noticed = watch(behaviour, scenes).happenings.filter(({ visit }) => visit === 'v1');
      const queued = noticed.find((one) => one.kind === 'queued');
      const long = noticed.find((one) => one.kind === 'waited-long');
      if (queued === undefined || long === undefined) return false;
      // The clock runs from coming to rest, at 10.
      const late = long.at - 20;
      return queued.at >= 11 && queued.at <= 11.2 + 2 * gap + 1e-6 && late > -1e-6 && late <= 2 * gap + 1e-6;
    });

  it('begins on time at any frame rate, frames lost or not', () => {
    fc.assert(isOnTime(queuesTold as Behaviour<unknown>), { numRuns: 60 });
  });

  it('control: counting frames at five a second does not', () => {
    /** The tempting way: a frame is a fifth of a second. */
    const countingFrames: Behaviour<number> = {
      begin: 0,
      notice(frames, scene) {
        const visit = scene.visits.findLast(
          (one) => cash.kind !== 'entrance' && contains(cash.polygon, one.at),
        );
        if (visit === undefined) return [0, []];
        const about = { at: scene.at, visit: visit.id, role: visit.role, plane: visit.plane };
        if (frames + 1 === 1.2 * 5) return [frames + 1, [{ ...about, kind: 'queued' }]];
        if (frames + 1 === 10 * 5) return [frames + 1, [{ ...about, kind: 'waited-long' }]];
        return [frames + 1, []];
      },
    };
    const at = (fps: number) =>
      watch(
        countingFrames,
        play([{ id: 'v1', walk: standing(40, 3, 10) }], { until: 49, fps }),
      ).happenings.at(-1)!.at;
    expect(at(5)).toBeCloseTo(20, 0);
    expect(fc.check(isOnTime(countingFrames as Behaviour<unknown>)).failed).toBe(true);
  });
});

describe('A long queue', () => {
  const five = Array.from({ length: 6 }, (_, i) => walk(i * 4, [3, -3.3 + i * 0.45], stay(70 - i * 8)));

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
      Array.from({ length }, (_, i) => walk(from + 3 * i, [3, -2.4 + i * 0.5], stay(20), to(-3, 0)));
    const walks = [...coming(3), ...coming(70)];
    const noticed = behind(walks, { until: 110, thresholds: limits({ length, awaySeconds: 10 }) });
    expect(kindsOf(noticed).filter((kind) => kind === 'queue-long')).toHaveLength(times);
  });

  it('is forgotten once nobody stands in it, and of its people only where the counter was is kept', () => {
    const { state } = watch(
      queuesTold,
      play([{ id: 'v1', walk: walk(0, [3, -2], stay(20), to(-3, 0), stay(5)) }], {
        until: 60,
        thresholds: limits({ length: 1 }),
      }),
    );
    const { learnt, ...rest } = state.queueing;
    const { learnt: _, ...begin } = queueing.begin;
    expect(rest).toEqual(begin);
    expect(state.long).toEqual(longQueues.begin);
    expect(learnt).toMatchObject([{ zone: 'cash', counters: [{ x: 3, y: -2 }] }]);
  });
});
