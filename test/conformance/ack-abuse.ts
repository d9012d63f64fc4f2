import type { IClientOptions, MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectPublisher } from '../../edge/brokers/mqtt-publisher.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import type { PromptSnapshot } from '../../src/contract/prompt-snapshot.ts';
import {
  type RefusalReason,
  type Refusals,
  refusalReasons,
  sumRefusals,
} from '../../src/contract/refusals.ts';
import { type AckPayload, type DutyPayload, topicsOf } from '../../src/contract/topics.ts';
import { ulid } from '../../src/core/prompts/ulid.ts';
import { mostWearers } from '../../src/core/prompts/wearers.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { createLobby, type Lobby } from '../../src/service/lobby.ts';
import { type BrokerUnderTest, branch, connectTo, urlOf } from './publisher.ts';

const topics = topicsOf(branch);
const settings = parseBranch(
  `branch: ${branch}
cameras:
  - id: hall
    source: clip.mp4
    floor:
      - { pixel: [469.9, 264.7], metres: [-3.5, -2.5] }
      - { pixel: [674.0, 325.3], metres: [3, -2.5] }
      - { pixel: [502.7, 445.7], metres: [3, 2.5] }
      - { pixel: [315.0, 299.5], metres: [-3.5, 2.5] }
zones:
  - { id: main-door, kind: entrance, line: [[-5.2, 1.0], [-5.2, 3.4]], inside: [-3.2, 2.2] }
`,
  'harbour.yaml',
);

const untouched = { spent: 0, at: 0, buzzedAt: [] };

/** Two prompts that are open for long, the first of them taken by `w-1`; two managers on duty. */
function opened(): PromptSnapshot & { ids: readonly [string, string] } {
  const at = Date.now() / 1000;
  const [first, seed] = ulid(at, 1);
  const [second, next] = ulid(at, seed);
  const prompt = {
    kind: 'check-machine',
    place: 'main-door',
    watches: ['w-1', 'w-2'] as string[],
    reached: [] as never[],
    routedAt: at,
    people: 1,
    urgency: 'when-free',
    haptic: 'place',
    waitedSeconds: 0,
    raisedAt: at,
    expiresAt: at + 600,
    cause: 'machine-trouble',
  } as const;
  const wearer = { role: 'manager', onDuty: true, allowance: untouched } as const;
  return {
    v: 1,
    branch,
    at,
    seed: next,
    open: [
      { ...prompt, id: first, phase: 'accepted', by: 'manager', watch: 'w-1' },
      { ...prompt, id: second, phase: 'raised' },
    ],
    asked: [],
    wearers: {
      known: true,
      wearers: [
        { ...wearer, watch: 'w-1' },
        { ...wearer, watch: 'w-2' },
      ],
      everybody: untouched,
    },
    ids: [first, second],
  };
}

export interface BrokerToAbuse extends BrokerUnderTest {
  /** What the broker has refused by itself, where it says so. */
  readonly refused?: Refusals;
}

/**
 * What nobody may achieve by what they write to `ack` and `duty`: nothing of it changes a prompt or who is on duty,
 * and each is counted once by its reason, or refused by the broker, which then counts it itself.
 *
 * @param countsAll whether the broker is the one inside the service, whose own refusals are in the figures too
 */
export function ackAbuse(
  name: string,
  start: () => Promise<BrokerToAbuse>,
  { countsAll }: { countsAll: boolean },
): void {
  describe(`nonsense through ${name}`, () => {
    let broker: BrokerToAbuse;
    let publisher: Publisher;
    let lobby: Lobby;
    let ids: readonly [string, string];
    let refusedBefore: Refusals;
    const clients: MqttClient[] = [];

    const wear = async (options: IClientOptions = {}) => {
      const client = await connectTo(broker, broker.watchLogin, options);
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    };
    /** Says it with a watch of its own: whoever writes what it may not may be cut off. */
    const say = async (topic: string, payload: string | Buffer, retain = false) => {
      const client = await wear();
      await new Promise<void>((resolve) => {
        client.once('close', resolve);
        client.publish(topic, payload, { qos: 1, retain }, () => resolve());
      });
    };
    /** Since the test began; the broker is older. */
    const refused = (): Refusals => {
      const all = sumRefusals([publisher.state.refused, lobby.figures().refused, broker.refused ?? {}]);
      const now = refusalReasons.map(
        (reason) => [reason, all[reason] - (refusedBefore[reason] ?? 0)] as const,
      );
      return Object.fromEntries(now.filter(([, count]) => count > 0));
    };
    /** All that anybody is told of open prompts and of duty. */
    const known = () => {
      const { open, onDuty } = lobby.lobby();
      return { open, onDuty };
    };
    const ack = (changes: Partial<AckPayload> = {}): string =>
      JSON.stringify({ v: 1, id: ids[0], answer: 'accepted', role: 'manager', watch: 'w-1', ...changes });
    const duty = (changes: Partial<DutyPayload> = {}): string =>
      JSON.stringify({ v: 1, watch: 'w-1', role: 'manager', onDuty: true, ...changes });

    beforeAll(async () => {
      broker = await start();
    });
    beforeEach(async () => {
      publisher = await connectPublisher({
        url: urlOf(broker),
        branch,
        ...broker.login,
        ...(broker.certificates === undefined ? {} : { certificates: broker.certificates }),
        clock: systemClock,
      });
      refusedBefore = { ...broker.refused };
      const { ids: both, ...left } = opened();
      ids = both;
      lobby = createLobby({
        branch: settings,
        clock: systemClock,
        publisher,
        seed: 1,
        detector: 'none',
        version: '0',
        prompts: { left, save: () => undefined },
      });
      publisher.onAck((one) => lobby.answer(one));
      publisher.onDuty((one) => lobby.duty(one));
      expect(known()).toMatchObject({ open: [{ phase: 'accepted' }, { phase: 'raised' }], onDuty: 2 });
    });
    afterEach(async () => {
      await publisher.close();
      const clean = await connectTo(broker, broker.login);
      for (const topic of [topics.ack, topics.duty])
        await clean.publishAsync(topic, '', { retain: true, qos: 1 });
      await clean.endAsync();
      for (const client of clients.splice(0)) await client.endAsync(true);
    });
    afterAll(() => broker?.close());

    /** What is said, and what it is counted as; `elsewhere` if only the broker itself can count it. */
    const nonsense: readonly [string, RefusalReason | 'elsewhere', () => Promise<unknown>][] = [
      ['not JSON', 'not-json', () => say(topics.ack, '{"v":1')],
      ['nothing at all', 'not-json', () => say(topics.ack, '')],
      ['bytes of no letters', 'not-json', () => say(topics.ack, Buffer.from([0xff, 0xfe, 0x00]))],
      ['JSON a thousand deep', 'unfit', () => say(topics.ack, '['.repeat(1_000) + ']'.repeat(1_000))],
      ['an answer nobody can give', 'unfit', () => say(topics.ack, ack({ answer: 'dance' as never }))],
      [
        'more than an answer has',
        'unfit',
        () => say(topics.ack, `${ack().slice(0, -1)},"__proto__":{"x":1}}`),
      ],
      ['duty without a watch', 'unfit', () => say(topics.duty, '{"v":1,"role":"manager","onDuty":false}')],
      ['10,000 bytes', 'too-large', () => say(topics.ack, ack({ watch: 'x'.repeat(10_000) }))],
      ['a megabyte', countsAll ? 'too-large' : 'elsewhere', () => say(topics.ack, 'x'.repeat(1_048_576))],
      ['an id that is none', 'unfit', () => say(topics.ack, ack({ id: 'x' }))],
      ['an id nobody has given', 'unknown', () => say(topics.ack, ack({ id: '0'.repeat(26) }))],
      [
        "an id of another branch's prompt",
        'unknown',
        () => say(topics.ack, ack({ id: ulid(Date.now() / 1000, 99)[0], answer: 'met' })),
      ],
      [
        "another branch's topic",
        countsAll ? 'not-allowed' : 'elsewhere',
        () => say(topicsOf('other').ack, ack({ answer: 'met' })),
      ],
      ['an answer left for later', 'retained', () => say(topics.ack, ack({ answer: 'met' }), true)],
      ['duty left for later', 'retained', () => say(topics.duty, duty({ onDuty: false }), true)],
      ['the same answer again', 'nothing-new', () => say(topics.ack, ack())],
      ['the answer of whoever was late', 'nothing-new', () => say(topics.ack, ack({ watch: 'w-2' }))],
      [
        'taking back what is not taken',
        'nothing-new',
        () => say(topics.ack, ack({ id: ids[1], answer: 'undo' })),
      ],
      ['going on duty again', 'nothing-new', () => say(topics.duty, duty())],
      [
        'a stranger going off duty',
        'nothing-new',
        () => say(topics.duty, duty({ watch: 'w-9', onDuty: false })),
      ],
    ];
    test.each(nonsense)('%s changes nothing and is counted (%s)', async (_, reason, doIt) => {
      const before = known();
      await doIt();
      // An answer that is heard after it, so that all of it has come.
      await say(topics.ack, ack({ id: ids[1], answer: 'delivered', watch: 'w-2' }));
      await vi.waitFor(() => expect(known().open[1]).toMatchObject({ phase: 'delivered' }));
      expect(known()).toEqual({
        onDuty: before.onDuty,
        open: [before.open[0], { ...before.open[1], phase: 'delivered' }],
      });
      expect(refused()).toEqual(reason === 'elsewhere' ? {} : { [reason]: 1 });
    });

    test('an answer that is sent again after the end changes nothing: what is over stays over', async () => {
      await say(topics.ack, ack({ answer: 'met' }));
      await vi.waitFor(() => expect(known().open).toHaveLength(1));
      for (const answer of ['accepted', 'undo', 'met', 'delivered'] as const)
        await say(topics.ack, ack({ answer }));
      await vi.waitFor(() => expect(refused()).toEqual({ unknown: 4 }));
      expect(known().open.map(({ prompt }) => prompt.id)).toEqual([ids[1]]);
    });

    test('a flood of made-up watches does not take the place of those on duty, nor leave none for who comes', async () => {
      const flood = await wear();
      await say(topics.ack, ack({ id: ids[1], answer: 'delivered', watch: 'w-2' }));
      await say(topics.ack, ack({ id: ids[0], answer: 'seen', watch: 'w-1' }));
      for (let number = 0; number < 90; number += 1) {
        flood.publish(topics.duty, duty({ watch: `made-up-${number}` }), { qos: 0 });
      }
      await vi.waitFor(() => expect(refused().full).toBe(90 - (mostWearers - 2)));
      expect(known().onDuty).toBe(mostWearers);
      // Those who have answered are still known: going off duty is news.
      await say(topics.duty, duty({ watch: 'w-1', onDuty: false }));
      await vi.waitFor(() => expect(known().onDuty).toBe(mostWearers - 1));
      await say(topics.duty, duty({ watch: 'w-3' }));
      await vi.waitFor(() => expect(known().onDuty).toBe(mostWearers));
    });

    test('watches that come and go under ever new names leave an open prompt with as many as are known', async () => {
      const told: number[] = [];
      const listener = await wear();
      listener.on('message', (_topic, payload) => {
        told.push((JSON.parse(payload.toString()) as { watches: string[] }).watches.length);
      });
      await listener.subscribeAsync(topics.prompt, { qos: 1 });
      const client = await wear();
      const say = (changes: Partial<DutyPayload>) =>
        client.publishAsync(topics.duty, duty(changes), { qos: 1 });
      for (const watch of ['w-1', 'w-2']) await say({ watch, onDuty: false });
      for (let number = 0; number < 40; number += 1) {
        await say({ watch: `x-${number}` });
        await say({ watch: `x-${number}`, onDuty: false });
      }
      await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(40));
      expect(Math.max(...told)).toBeLessThanOrEqual(mostWearers);
    });

    test('a thousand at once are heard as far as there is reason for, and the watch on duty is heard among them', async () => {
      const flood = await wear();
      const before = known();
      for (let number = 0; number < 1_000; number += 1) {
        flood.publish(topics.ack, ack({ watch: `made-up-${number}` }), { qos: 0 });
      }
      await say(topics.ack, ack({ id: ids[1], watch: 'w-2' }));
      await vi.waitFor(() => expect(known().open[1]).toMatchObject({ phase: 'accepted', watch: 'w-2' }));
      expect(known().open[0]).toEqual(before.open[0]);
      await vi.waitFor(() => {
        const counts = refused();
        // The embedded broker cuts a flood off at its first message too many; what was behind is not read.
        expect(counts['too-many'] ?? 0).toBeGreaterThan(countsAll ? 0 : 800);
        expect(counts['nothing-new'] ?? 0).toBeLessThanOrEqual(200);
      });
    });
  });
}
