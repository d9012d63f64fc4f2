import { describe, expect, it } from 'vitest';
import {
  type ScoredEvent,
  scoredKinds,
  scoreEvents,
  type Truth,
} from '../../../src/core/score/score-events.ts';

/** Two customers and a manager who stand where they stand for a hundred seconds. */
const people = [
  { id: 'c1', role: 'customer' },
  { id: 'c2', role: 'customer' },
  { id: 's1', role: 'staff' },
] as const;
const frames = Array.from({ length: 1001 }, (_, n) => ({
  t: n / 10,
  people: [
    { id: 'c1', x: 0, y: 0 },
    { id: 'c2', x: 10, y: 0 },
    { id: 's1', x: 1, y: 0 },
  ],
}));
const truth = (...events: Truth['events']): Truth => ({ people, frames, events });
const event = (kind: string, t: number, more: Partial<ScoredEvent> = {}): ScoredEvent => ({
  t,
  kind,
  role: 'customer',
  visit: 'v1',
  zone: null,
  at: [0, 0],
  ...more,
});
const score = (from: Truth, events: readonly ScoredEvent[], kind: string, afterSeconds = 15) =>
  scoreEvents(from, events, afterSeconds).find((one) => one.kind === kind)!;

describe('An event is found within its window', () => {
  it.each([
    ['arrival', 'arrived', 1, 2],
    ['departure', 'departed', 1, 4],
    ['queue-start', 'queued', 2, 4],
    ['contact', 'contacted', 2, 6],
  ])('%s: from %s to seconds before and after', (kind, name, before, after) => {
    const one = truth(
      kind === 'contact'
        ? { t: 50, kind, person: 's1', customer: 'c1' }
        : { t: 50, kind, person: 'c1', zone: 'cash' },
    );
    const found = (t: number) => score(one, [event(name, t)], name).found;
    expect([50 - before, 50, 50 + after].map(found)).toEqual([1, 1, 1]);
    expect([50 - before - 0.01, 50 + after + 0.01].map(found)).toEqual([0, 0]);
    expect(score(one, [event(name, 51)], name).delays).toEqual([1]);
  });

  it('wandering: from five seconds before it is due to three after it is over', () => {
    const one = truth(
      { t: 20, kind: 'wander-start', person: 'c1' },
      { t: 50, kind: 'wander-end', person: 'c1' },
    );
    const found = (t: number) => score(one, [event('wandering', t)], 'wandering').found;
    expect([30, 35, 53].map(found)).toEqual([1, 1, 1]);
    expect([29.99, 53.01].map(found)).toEqual([0, 0]);
    // Its delay counts from when it was due.
    expect(score(one, [event('wandering', 36)], 'wandering').delays).toEqual([1]);
  });

  it('wandering that was over too soon expects nothing, by the threshold in force', () => {
    const one = truth(
      { t: 20, kind: 'wander-start', person: 'c1' },
      { t: 36, kind: 'wander-end', person: 'c1' },
    );
    expect(score(one, [], 'wandering', 15).expected).toBe(1);
    expect(score(one, [], 'wandering', 16).expected).toBe(1);
    expect(score(one, [], 'wandering', 17).expected).toBe(0);
    expect(score(one, [event('wandering', 37)], 'wandering', 17).false).toHaveLength(1);
  });

  it('wandering that never ends goes on to the end of the clip', () => {
    const one = truth({ t: 20, kind: 'wander-start', person: 'c1' });
    expect(score(one, [event('wandering', 99)], 'wandering').found).toBe(1);
  });
});

describe('An event is found where the person truly is', () => {
  const arrival = truth({ t: 50, kind: 'arrival', person: 'c1' });
  const found = (at: ScoredEvent['at']) => score(arrival, [event('arrived', 50, { at })], 'arrived').found;

  it('up to 1.5 m away, and no farther', () => {
    expect(found([1.5, 0])).toBe(1);
    expect(found([0, -1.5])).toBe(1);
    expect(found([1.51, 0])).toBe(0);
    expect(found([1.1, 1.1])).toBe(0);
  });

  it('at the moment of the event, not of the truth', () => {
    const walking: Truth = {
      people,
      frames: frames.map(({ t }) => ({ t, people: [{ id: 'c1', x: t, y: 0 }] })),
      events: [{ t: 50, kind: 'arrival', person: 'c1' }],
    };
    const at = (x: number) => score(walking, [event('arrived', 52, { at: [x, 0] })], 'arrived').found;
    expect([at(52), at(50)]).toEqual([1, 0]);
  });

  it('anywhere, if the camera has no floor', () => {
    expect(found(null)).toBe(1);
  });

  it('nowhere, if the person is not there at all', () => {
    const gone: Truth = { people, frames: [], events: [{ t: 50, kind: 'arrival', person: 'c1' }] };
    expect(score(gone, [event('arrived', 50)], 'arrived').found).toBe(0);
  });
});

describe('What is left over', () => {
  const two = truth({ t: 50, kind: 'arrival', person: 'c1' }, { t: 51, kind: 'arrival', person: 'c2' });

  it('is a miss, with whom and when', () => {
    const { expected, found, missed } = score(two, [event('arrived', 50)], 'arrived');
    expect({ expected, found, missed }).toEqual({ expected: 2, found: 1, missed: [{ t: 51, person: 'c2' }] });
  });

  it('is a false event', () => {
    const result = score(two, [event('arrived', 80, { visit: 'v7' })], 'arrived');
    expect(result.false).toEqual([{ t: 80, visit: 'v7' }]);
  });

  it('is a duplicate, and false, when it tells the same again', () => {
    const result = score(two, [event('arrived', 50), event('arrived', 51, { visit: 'v2' })], 'arrived');
    expect(result.found).toBe(1);
    expect(result.false).toEqual([{ t: 51, visit: 'v2', duplicateOf: 'c1' }]);
  });

  it('is nothing of another kind', () => {
    expect(score(two, [event('departed', 50)], 'arrived').found).toBe(0);
    expect(score(two, [event('waited-long', 50)], 'departed').false).toEqual([]);
  });
});

describe('Events are matched one to one', () => {
  it('nearest in time first', () => {
    const one = truth({ t: 50, kind: 'arrival', person: 'c1' });
    const { delays, false: wrong } = score(one, [event('arrived', 51.5), event('arrived', 50.2)], 'arrived');
    expect(delays[0]).toBeCloseTo(0.2, 9);
    expect(wrong.map(({ t }) => t)).toEqual([51.5]);
  });

  it('so that two who stand together are two', () => {
    const near: Truth = {
      people,
      frames: frames.map(({ t }) => ({
        t,
        people: [
          { id: 'c1', x: 0, y: 0 },
          { id: 'c2', x: 0.5, y: 0 },
        ],
      })),
      events: [
        { t: 50, kind: 'arrival', person: 'c1' },
        { t: 50.5, kind: 'arrival', person: 'c2' },
      ],
    };
    const both = [event('arrived', 50.5), event('arrived', 50)];
    expect(score(near, both, 'arrived')).toMatchObject({ found: 2, false: [], missed: [] });
  });
});

describe('Staff', () => {
  it('are not expected to arrive, queue or depart', () => {
    const one = truth({ t: 50, kind: 'arrival', person: 's1' }, { t: 60, kind: 'departure', person: 's1' });
    expect(scoreEvents(one, [], 15).map(({ expected }) => expected)).toEqual([0, 0, 0, 0, 0]);
  });

  it('taken for customers are false, and a customer taken for staff is not found', () => {
    const one = truth({ t: 50, kind: 'arrival', person: 'c1' });
    expect(score(one, [event('arrived', 50, { role: 'staff' })], 'arrived')).toMatchObject({
      found: 0,
      false: [{ t: 50 }],
    });
  });

  it('who meet a customer are a contact of the customer', () => {
    const one = truth({ t: 50, kind: 'contact', person: 's1', customer: 'c2' });
    const met = (at: ScoredEvent['at']) => score(one, [event('contacted', 52, { at })], 'contacted').found;
    expect([met([10, 0]), met([1, 0])]).toEqual([1, 0]);
  });
});

describe('A stay has one first contact', () => {
  const contact = (t: number, person: string) => ({ t, kind: 'contact', person, customer: 'c1' });

  it('so a second word, or another member of staff, expects nothing more', () => {
    const twice = truth(contact(50, 's1'), contact(60, 's1'), contact(62, 's2'));
    expect(score(twice, [event('contacted', 51)], 'contacted')).toMatchObject({ expected: 1, missed: [] });
  });

  it('also when two members of staff come at the same moment', () => {
    expect(score(truth(contact(50, 's1'), contact(50, 's2')), [], 'contacted').expected).toBe(1);
  });

  it('and whoever comes again is met again', () => {
    const again = truth(contact(50, 's1'), { t: 70, kind: 'arrival', person: 'c1' }, contact(80, 's1'));
    expect(score(again, [], 'contacted').expected).toBe(2);
  });
});

describe('A whole clip', () => {
  // Two customers who keep 1 m apart: come in, queue, are met and go; one of them looks about before.
  const close: Truth = {
    people,
    frames: frames.map(({ t }) => ({
      t,
      people: [
        { id: 'c1', x: 0, y: 0 },
        { id: 'c2', x: 1, y: 0 },
      ],
    })),
    events: [
      { t: 5, kind: 'arrival', person: 'c1' },
      { t: 12, kind: 'arrival', person: 'c2' },
      { t: 15, kind: 'wander-start', person: 'c1' },
      { t: 45, kind: 'wander-end', person: 'c1' },
      { t: 50, kind: 'queue-start', person: 'c1', zone: 'cash' },
      { t: 60, kind: 'queue-start', person: 'c2', zone: 'cash' },
      { t: 65, kind: 'contact', person: 's1', customer: 'c1' },
      { t: 80, kind: 'departure', person: 'c1' },
      { t: 90, kind: 'departure', person: 'c2' },
    ],
  };
  const told = (later: number): ScoredEvent[] => [
    event('arrived', 5 + later, { visit: 'v1' }),
    event('arrived', 12 + later, { visit: 'v2', at: [1, 0] }),
    event('wandering', 30 + later, { visit: 'v1' }),
    event('queued', 50 + later, { visit: 'v1' }),
    event('queued', 60 + later, { visit: 'v2', at: [1, 0] }),
    event('contacted', 65 + later, { visit: 'v1' }),
    event('departed', 80 + later, { visit: 'v1' }),
    event('departed', 90 + later, { visit: 'v2', at: [1, 0] }),
  ];
  const figures = (events: readonly ScoredEvent[]) =>
    Object.fromEntries(
      scoreEvents(close, events, 15).map((one) => [
        one.kind,
        [one.found, one.missed.length, one.false.length, one.false.filter((f) => f.duplicateOf).length],
      ]),
    );

  it('told perfectly has everything found, at once, and nothing else', () => {
    expect(figures(told(0))).toEqual({
      arrived: [2, 0, 0, 0],
      departed: [2, 0, 0, 0],
      queued: [2, 0, 0, 0],
      wandering: [1, 0, 0, 0],
      contacted: [1, 0, 0, 0],
    });
    expect(scoreEvents(close, told(0), 15).flatMap(({ delays }) => delays)).toEqual(Array(8).fill(0));
  });

  it('of which nothing is told has everything missed', () => {
    expect(figures([])).toEqual({
      arrived: [0, 2, 0, 0],
      departed: [0, 2, 0, 0],
      queued: [0, 2, 0, 0],
      wandering: [0, 1, 0, 0],
      contacted: [0, 1, 0, 0],
    });
  });

  it('told three seconds late has arrivals missed and false, and the rest late', () => {
    expect(figures(told(3))).toEqual({
      arrived: [0, 2, 2, 0],
      departed: [2, 0, 0, 0],
      queued: [2, 0, 0, 0],
      wandering: [1, 0, 0, 0],
      contacted: [1, 0, 0, 0],
    });
    expect(scoreEvents(close, told(3), 15).flatMap(({ delays }) => delays)).toEqual(Array(6).fill(3));
  });

  it('told twice has everything found, and everything false once, as said again', () => {
    expect(figures([...told(0), ...told(0)])).toEqual({
      arrived: [2, 0, 2, 2],
      departed: [2, 0, 2, 2],
      queued: [2, 0, 2, 2],
      wandering: [1, 0, 1, 1],
      contacted: [1, 0, 1, 1],
    });
  });

  it('told of the other one, who stands 1 m away, is within reach of the place: visits tell them apart', () => {
    const swapped = told(0).map((one) => ({ ...one, at: [one.visit === 'v1' ? 1 : 0, 0] as const }));
    expect(figures(swapped).queued).toEqual([2, 0, 0, 0]);
  });

  it('told of the other one, who stands 2 m away, is missed and false', () => {
    const far = {
      ...close,
      frames: close.frames.map(({ t, people: [a, b] }) => ({ t, people: [a!, { ...b!, x: 2 }] })),
    };
    const met = scoreEvents(far, [event('contacted', 65, { at: [2, 0] })], 15).at(-1)!;
    expect([met.found, met.missed.length, met.false.length]).toEqual([0, 1, 1]);
  });

  it('names the event that found each truth', () => {
    const events = [event('departed', 90, { at: [1, 0] }), ...told(0).slice(0, 2)];
    const scores = scoreEvents(close, events, 15);
    expect(scores[0]!.matched).toEqual([
      { t: 5, person: 'c1', event: 1 },
      { t: 12, person: 'c2', event: 2 },
    ]);
    expect(scores[1]!.matched).toEqual([{ t: 90, person: 'c2', event: 0 }]);
  });
});

it('Kinds come in one order, all of them, also of nothing', () => {
  const nothing = scoreEvents({ people: [], frames: [], events: [] }, [], 15);
  expect(nothing.map(({ kind }) => kind)).toEqual(scoredKinds);
  expect(nothing.every(({ expected, found }) => expected === 0 && found === 0)).toBe(true);
});
