import { describe, expect, it } from 'vitest';
import type { LobbyEvent } from '../../../src/contract/events.ts';
import { scoreEvents, type Truth } from '../../../src/core/score/score-events.ts';
import { isWaiting, placesOf, queueFigures, waitOf } from './queues.ts';

/** Two who are served one after the other, and one who gives up. */
const truth: Truth = {
  people: ['a', 'b', 'c'].map((id) => ({ id, role: 'customer' as const })),
  frames: Array.from({ length: 61 }, (_, t) => ({
    t,
    people: ['a', 'b', 'c'].map((id, i) => ({ id, x: 2 * i, y: 0 })),
  })),
  events: [
    { t: 2, kind: 'queue-start', person: 'a', zone: 'cash' },
    { t: 5, kind: 'queue-start', person: 'b', zone: 'cash' },
    { t: 8, kind: 'queue-start', person: 'c', zone: 'cash' },
    { t: 30, kind: 'queue-end', person: 'a', zone: 'cash', servedFrom: 10 },
    { t: 40, kind: 'queue-end', person: 'c', zone: 'cash' },
    { t: 50, kind: 'queue-end', person: 'b', zone: 'cash', servedFrom: 35 },
  ],
};
const queued = (t: number, x: number, expectedSeconds: number): LobbyEvent => ({
  t,
  kind: 'queued',
  role: 'customer',
  at: [x, 0],
  figures: { expectedSeconds },
});
const figuresOf = (served: boolean | null, line: readonly number[]) => {
  const events = [queued(5.5, 2, 25)];
  const [place] = placesOf(truth);
  const left: LobbyEvent = { t: 31, kind: 'left-queue', role: 'customer', at: [0, 0], served };
  const lines = { cash: line.map((x) => ({ x, y: 0 })) };
  const looks = [{ t: 9, visits: [], queues: {}, lines }];
  return queueFigures(truth, events, looks, scoreEvents(truth, events, 25), [{ place: place!, event: left }]);
};

describe('A queue that is told', () => {
  it('waits until it is served, and not longer', () => {
    const [a, b, c] = placesOf(truth);
    expect([a, b, c].map((place) => waitOf(place!))).toEqual([8, 30, 32]);
    expect([isWaiting(a!, 9), isWaiting(a!, 10)]).toEqual([true, false]);
  });

  it('is right of who was served, or wrong, and unknown is not right', () => {
    expect(figuresOf(true, []).servedRight).toEqual([true]);
    expect(figuresOf(false, []).servedRight).toEqual([false]);
    expect(figuresOf(null, []).servedRight).toEqual([false]);
  });

  it('is in order if who is ahead was served sooner, whoever gave up', () => {
    expect(figuresOf(true, [0, 2, 4]).orderRight).toEqual([true]);
    expect(figuresOf(true, [2, 0]).orderRight).toEqual([false]);
  });

  it('foretold a wait that was off by so much', () => {
    expect(figuresOf(true, []).expectedErrors).toEqual([5]);
  });
});
