import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { messages, topicsOf } from '../../src/contract/topics.ts';

const id = '01J00000000000000000000000';
const moment = '2026-03-02T09:00:05.400Z';
const name = { zh: '门口', en: 'Door' };

const prompt = {
  v: 1,
  id,
  kind: 'greet',
  place: 'main-door',
  placeName: name,
  people: 2,
  to: ['manager', 'deputy'],
  towards: 'cash',
  free: 1,
  urgency: 'now',
  say: { zh: '门口 · 新到 2 位', en: 'Door · 2 just in' },
  words: { zh: '您好', en: 'Good morning' },
  waitedSeconds: 0,
  raisedAt: moment,
  expiresAt: moment,
  haptic: 'arrival',
};

/** One payload of each topic with every field it can have. */
const full: Record<keyof typeof messages, Record<string, unknown>> = {
  prompt,
  promptState: { v: 1, id, phase: 'accepted', by: 'manager', watch: 'w-1', reason: 'answered', at: moment },
  ack: { v: 1, id, answer: 'accepted', role: 'deputy', watch: 'w-1' },
  duty: { v: 1, watch: 'w-1', role: 'deputy', onDuty: true, place: 'cash' },
  lobby: {
    v: 1,
    at: moment,
    inLobby: 3,
    toGreet: 1,
    inQueue: 2,
    staffSeen: 1,
    zones: [
      {
        id: 'cash',
        kind: 'queue',
        name,
        people: 2,
        longestWaitSeconds: 12,
        expectedWaitSeconds: 30,
        unvisitedSeconds: 40,
      },
      { id: 'vault', kind: 'service', name, blind: true },
    ],
    open: [{ prompt, phase: 'accepted', by: 'manager', watch: 'w-1' }],
  },
  health: {
    v: 1,
    state: 'partly-blind',
    at: moment,
    cameras: [
      {
        id: 'hall',
        state: 'lost',
        since: moment,
        framesPerSecond: 4.9,
        places: ['cash'],
        blind: [{ place: 'cash', rules: ['queued', 'left-queue'] }],
        trouble: { code: 'LOBBY_CAMERA_LOST', message: 'Camera hall was lost', remedy: 'Check power.' },
      },
    ],
    detector: 'person-nanodet-640x384 on onnxruntime (cpu)',
    version: '0.1.0',
  },
  report: {
    v: 1,
    at: moment,
    day: '2026-03-02',
    targetSeconds: 30,
    came: 486,
    inTime: 447,
    neverMet: '< 5',
    shareInTime: 0.9198,
    medianSeconds: 14,
    p90Seconds: 52,
    queues: [{ id: 'cash', waits: 120, medianSeconds: 250, p90Seconds: 580 }],
    prompts: [{ phase: 'met', prompts: 61 }],
    mostInTenMinutes: 6,
    unseen: [{ id: 'main-door', seconds: 2_280 }],
    latency: { prompts: 92, p50Seconds: 0.4, p95Seconds: 0.6 },
    equal: { doors: 'as-chance', hours: 'too-few' },
  },
};
const kinds = Object.keys(messages) as (keyof typeof messages)[];
const takes = (kind: keyof typeof messages, payload: unknown) =>
  (messages[kind].schema as z.ZodType).safeParse(payload).success;

/** Every object within a payload, each with a way to put another in its place. */
function* objectsIn(
  value: unknown,
  put: (other: unknown) => unknown = (other) => other,
): Generator<{ object: Record<string, unknown>; put: (other: unknown) => unknown }> {
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) yield* objectsIn(one, (other) => put(value.with(i, other)));
  } else if (typeof value === 'object' && value !== null) {
    const object = value as Record<string, unknown>;
    yield { object, put };
    for (const key of Object.keys(object)) {
      yield* objectsIn(object[key], (other) => put({ ...object, [key]: other }));
    }
  }
}

/** Keys no payload may ever have: who somebody is, where they stand, what they look like. */
const personal = ['visit', 'visits', 'track', 'box', 'at', 'x', 'y', 'face', 'age', 'sex', 'image', 'name'];

describe.each(kinds)('What travels as %s', (kind) => {
  it('is taken with every field it can have', () => {
    expect(takes(kind, full[kind])).toBe(true);
  });

  it('is refused with a key nobody knows, however deep', () => {
    for (const { object, put } of objectsIn(full[kind])) {
      for (const key of ['note', ...personal.filter((one) => !(one in object))]) {
        expect([key, takes(kind, put({ ...object, [key]: 'v3' }))]).toEqual([key, false]);
      }
    }
  });

  it('is refused with a word that is not on its list', () => {
    const lists = ['kind', 'to', 'urgency', 'haptic', 'phase', 'by', 'role', 'answer', 'state', 'reason'];
    let tried = 0;
    for (const { object, put } of objectsIn(full[kind])) {
      for (const key of lists.filter((one) => one in object)) {
        // The kind of a zone is a slug; it is checked where the branch file is.
        if (kind === 'lobby' && key === 'kind' && object.id === 'cash') continue;
        tried += 1;
        expect([key, takes(kind, put({ ...object, [key]: key === 'to' ? ['Suspect'] : 'Suspect' }))]).toEqual(
          [key, false],
        );
      }
    }
    expect(tried).toBeGreaterThan(0);
  });

  it('is refused without its version, or with another', () => {
    const { v: _, ...rest } = full[kind];
    expect(takes(kind, rest)).toBe(false);
    expect(takes(kind, { ...rest, v: 2 })).toBe(false);
  });

  it('tells the time in UTC to the millisecond', () => {
    for (const { object, put } of objectsIn(full[kind])) {
      for (const key of ['at', 'since', 'raisedAt', 'expiresAt'].filter((one) => one in object)) {
        for (const other of ['2026-03-02T09:00:05Z', '2026-03-02T09:00:05.400+08:00', 5.4]) {
          expect([key, other, takes(kind, put({ ...object, [key]: other }))]).toEqual([key, other, false]);
        }
      }
    }
  });
});

describe('Topics', () => {
  it('all lie under the version and the branch', () => {
    const topics = topicsOf('harbour');
    const all = [
      topics.prompt,
      topics.promptState(id),
      topics.promptStates,
      topics.ack,
      topics.duty,
      topics.lobby,
      topics.health,
      topics.report,
    ];
    expect(all.every((topic) => topic.startsWith('lobby/v1/harbour/'))).toBe(true);
    expect(new Set(all).size).toBe(all.length);
    expect(topics.promptState(id)).toBe(topics.promptStates.replace('+', id));
  });

  it('keep for latecomers how things are, never what was asked', () => {
    const retained = kinds.filter((kind) => messages[kind].retain);
    expect(retained).toEqual(['lobby', 'health', 'report']);
    expect(kinds.filter((kind) => messages[kind].qos === 0)).toEqual(['lobby']);
    expect(kinds.filter((kind) => messages[kind].from === 'watch')).toEqual(['ack', 'duty']);
  });
});
