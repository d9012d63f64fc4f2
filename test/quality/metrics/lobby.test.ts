import { describe, expect, it } from 'vitest';
import type { LobbyEvent } from '../../../src/contract/events.ts';
import type { Truth } from '../../../src/core/score/score-events.ts';
import { type Look, scoreLobby } from './lobby.ts';

// A hundred seconds: two customers stand 4 m apart, come in at 10 and 20 s, queue from 30 to 60 and from 40 to
// 70 s, and one of them is met at 25 s.
const seconds = Array.from({ length: 101 }, (_, t) => t);
const truth: Truth = {
  people: [
    { id: 'c1', role: 'customer' },
    { id: 'c2', role: 'customer' },
    { id: 's1', role: 'staff' },
  ],
  frames: seconds.map((t) => ({
    t,
    people: [
      ...(t >= 10 && t <= 80 ? [{ id: 'c1', x: 0, y: 0 }] : []),
      ...(t >= 20 && t <= 90 ? [{ id: 'c2', x: 4, y: 0 }] : []),
    ],
  })),
  events: [
    { t: 10, kind: 'arrival', person: 'c1' },
    { t: 20, kind: 'arrival', person: 'c2' },
    { t: 25, kind: 'contact', person: 's1', customer: 'c1' },
    { t: 30, kind: 'queue-start', person: 'c1', zone: 'cash' },
    { t: 40, kind: 'queue-start', person: 'c2', zone: 'cash' },
    { t: 60, kind: 'queue-end', person: 'c1', zone: 'cash' },
    { t: 70, kind: 'queue-end', person: 'c2', zone: 'cash' },
    { t: 80, kind: 'departure', person: 'c1' },
    { t: 90, kind: 'departure', person: 'c2' },
  ],
};
const event = (t: number, kind: string, visit: string, more: Partial<LobbyEvent> = {}): LobbyEvent => ({
  t,
  kind,
  visit,
  role: 'customer',
  at: [visit === 'v2' ? 4 : 0, 0],
  ...more,
});
const told = [
  event(10, 'arrived', 'v1'),
  event(20, 'arrived', 'v2'),
  event(26, 'contacted', 'v1', { waited: 15 }),
  event(61, 'left-queue', 'v1', { waited: 30, zone: 'cash' }),
  event(71, 'left-queue', 'v2', { waited: 30, zone: 'cash' }),
];
const queueAt = (t: number) => Number(t >= 30 && t < 60) + Number(t >= 40 && t < 70);
const looks: readonly Look[] = seconds.map((t) => ({
  t,
  visits: truth.frames[t]!.people.map(({ id, x, y }) => ({ id: id === 'c1' ? 'v1' : 'v2', x, y })),
  queues: { cash: queueAt(t) },
}));
const score = (run: { events?: readonly LobbyEvent[]; looks?: readonly Look[]; prompts?: number[] }) =>
  scoreLobby(
    truth,
    {
      events: run.events ?? told,
      looks: run.looks ?? looks,
      prompts: (run.prompts ?? []).map((t) => ({ t, kind: 'greet' })),
    },
    15,
  );
const relooked = (visits: (look: Look) => Look['visits']): readonly Look[] =>
  looks.map((look) => ({ ...look, visits: visits(look) }));

describe('A run told perfectly', () => {
  it('has no error in any figure', () => {
    const { contactErrors, waitErrors, lengthErrors, identity } = score({});
    expect([contactErrors, waitErrors, new Set(lengthErrors)]).toEqual([[0], [0, 0], new Set([0])]);
    expect(identity).toEqual({ stays: 2, split: 0, merged: 0, ghosts: 0 });
  });

  it('knows how many were met, and how many truly were', () => {
    expect(score({})).toMatchObject({ metTruly: 0.5, metSeen: 0.5 });
    expect(score({ events: told.filter(({ kind }) => kind !== 'contacted') })).toMatchObject({
      metTruly: 0.5,
      metSeen: 0,
    });
  });
});

describe('A run that tells nothing', () => {
  it('has queues that are too short, and waits of nobody', () => {
    const nothing = score({ events: [], looks: looks.map(({ t }) => ({ t, visits: [], queues: {} })) });
    expect(nothing).toMatchObject({ contactErrors: [], waitErrors: [], metSeen: null, promptsAVisit: 0 });
    expect(nothing.lengthErrors).toEqual([
      ...Array(10).fill(-1),
      ...Array(20).fill(-2),
      ...Array(10).fill(-1),
    ]);
    expect(nothing.identity).toEqual({ stays: 0, split: 0, merged: 0, ghosts: 0 });
  });
});

describe('Prompts', () => {
  it('are counted an hour of the clip, and a customer who came in', () => {
    expect(score({ prompts: [10, 20, 30] })).toMatchObject({ promptsAnHour: 108, promptsAVisit: 1.5 });
  });
});

describe('Waits', () => {
  it('to the first contact are held against the truth, arrival to contact', () => {
    const late = told.map((one) => (one.kind === 'contacted' ? { ...one, waited: 12 } : one));
    expect(score({ events: late }).contactErrors).toEqual([3]);
  });

  it('in a queue are held against the truth, first to last moment in the place', () => {
    const short = told.map((one) =>
      one.visit === 'v2' && one.kind === 'left-queue' ? { ...one, waited: 23 } : one,
    );
    expect(score({ events: short }).waitErrors).toEqual([0, 7]);
  });

  it('of somebody who is elsewhere, or said ten seconds late, are of nobody', () => {
    const elsewhere = told.map((one) =>
      one.kind === 'left-queue' ? { ...one, at: [20, 0] as [number, number] } : one,
    );
    expect(score({ events: elsewhere }).waitErrors).toEqual([]);
    const late = told.map((one) => (one.kind === 'left-queue' ? { ...one, t: one.t + 10 } : one));
    expect(score({ events: late }).waitErrors).toEqual([]);
  });

  it('told twice count once', () => {
    expect(score({ events: [...told, ...told] }).waitErrors).toEqual([0, 0]);
  });
});

describe('The length of a queue', () => {
  it('is held against the truth at each look, and only where there is a queue or is said to be', () => {
    const longer = looks.map((look) => ({ ...look, queues: { cash: (look.queues.cash ?? 0) + 1 } }));
    expect(score({ looks: longer }).lengthErrors).toEqual(Array(101).fill(1));
    expect(score({}).lengthErrors).toHaveLength(40);
  });

  it('said of another zone is wrong in both', () => {
    const other = looks.map(({ queues, ...look }) => ({ ...look, queues: { advice: queues.cash ?? 0 } }));
    const { lengthErrors } = score({ looks: other });
    expect(lengthErrors.filter((error) => error < 0)).toHaveLength(40);
    expect(lengthErrors.filter((error) => error > 0)).toHaveLength(40);
  });
});

describe('Visits and stays', () => {
  it('a stay that goes on under another visit is split once', () => {
    const split = relooked(({ t, visits }) =>
      visits.map((one) => (one.id === 'v1' && t > 50 ? { ...one, id: 'v3' } : one)),
    );
    expect(score({ looks: split }).identity).toEqual({ stays: 2, split: 1, merged: 0, ghosts: 0 });
  });

  it('a visit that goes on with another person is merged once', () => {
    const merged = relooked(({ t, visits }) =>
      visits.flatMap((one) =>
        one.id === 'v1' ? (t > 50 ? [] : [one]) : t > 50 ? [{ ...one, id: 'v1' }] : [],
      ),
    );
    expect(score({ looks: merged }).identity).toEqual({ stays: 2, split: 0, merged: 1, ghosts: 0 });
  });

  it('two visits that change places are both split and merged: the wrong one of two is seen here', () => {
    const swapped = relooked(({ t, visits }) =>
      visits.map((one) => (t > 50 ? { ...one, id: one.id === 'v1' ? 'v2' : 'v1' } : one)),
    );
    expect(score({ looks: swapped }).identity).toEqual({ stays: 2, split: 2, merged: 2, ghosts: 0 });
  });

  it('of two who stand half a metre apart each keeps their own', () => {
    const close: Truth = {
      ...truth,
      frames: truth.frames.map(({ t, people }) => ({
        t,
        people: people.map((one) => ({ ...one, x: one.x / 8 })),
      })),
    };
    const jittery = looks.map(({ t, visits, queues }) => ({
      t,
      queues,
      visits: visits.map((one) => ({ ...one, x: one.x / 8 + 0.2 * (t % 2 === 0 ? 1 : -1) })),
    }));
    expect(scoreLobby(close, { events: [], prompts: [], looks: jittery }, 15).identity).toEqual({
      stays: 2,
      split: 0,
      merged: 0,
      ghosts: 0,
    });
  });

  it('a visit where nobody is is a ghost, unless it was gone in two looks', () => {
    const ghost = (until: number) =>
      relooked(({ t, visits }) => (t < until ? [...visits, { id: 'v9', x: 9, y: 9 }] : visits));
    expect(score({ looks: ghost(50) }).identity.ghosts).toBe(1);
    expect(score({ looks: ghost(2) }).identity.ghosts).toBe(0);
  });

  it('whoever goes and comes again has two stays, and one visit for both is merged', () => {
    const again: Truth = {
      people: truth.people,
      frames: seconds.map((t) => ({ t, people: t < 40 || t > 60 ? [{ id: 'c1', x: 0, y: 0 }] : [] })),
      events: [
        { t: 0, kind: 'arrival', person: 'c1' },
        { t: 39, kind: 'departure', person: 'c1' },
        { t: 61, kind: 'arrival', person: 'c1' },
      ],
    };
    const one = again.frames.map(({ t, people }) => ({
      t,
      visits: people.map(({ x, y }) => ({ id: 'v1', x, y })),
      queues: {},
    }));
    expect(scoreLobby(again, { events: [], prompts: [], looks: one }, 15).identity).toMatchObject({
      stays: 2,
      merged: 1,
    });
  });
});
