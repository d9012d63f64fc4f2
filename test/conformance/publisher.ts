import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Certificates } from '../../edge/brokers/dial.ts';
import {
  type BrokerProtocol,
  connectPublisher,
  type MqttPublisher,
  type PublisherOptions,
} from '../../edge/brokers/mqtt-publisher.ts';
import { openFileOutbox } from '../../edge/data/file-outbox.ts';
import type { LobbyError } from '../../src/contract/errors.ts';
import type {
  AckPayload,
  DutyPayload,
  HealthPayload,
  LobbyPayload,
  PromptPayload,
  PromptStatePayload,
  ReportPayload,
} from '../../src/contract/topics.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import { freePort, layWire, type Wire } from './loopback.ts';

type Login = { readonly username: string; readonly password: string };

/** A broker a suite runs against: started by the suite, on any free port of this machine. */
export interface BrokerUnderTest {
  readonly port: number;
  /** Default `mqtt`. */
  readonly scheme?: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  /** Of a WebSocket, from its slash on. */
  readonly path?: string;
  /** What everybody needs to come in over TLS. */
  readonly certificates?: Certificates;
  /** What the service logs in with. */
  readonly login: Login;
  /** What a watch logs in with; absent: nothing. */
  readonly watchLogin?: Login;
  close(): Promise<void>;
}

/** Where it is, or where a wire to it begins. */
export function urlOf({ scheme = 'mqtt', path = '', port }: BrokerUnderTest, at = port): string {
  return `${scheme}://127.0.0.1:${at}${path}`;
}

/** Somebody who connects to it once. */
export function connectTo(broker: BrokerUnderTest, login: Login | undefined, options: IClientOptions = {}) {
  const all = { reconnectPeriod: 0, ...broker.certificates, ...login, ...options };
  return mqtt.connectAsync(urlOf(broker), all, false);
}

export const branch = 'harbour';
const topics = topicsOf(branch);
const startedAt = Date.UTC(2025, 2, 12, 10, 42, 7) / 1000;

export function momentAt(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** A valid prompt of a made-up branch, with whatever a test is about changed. */
export function examplePrompt(number: number, changes: Partial<PromptPayload> = {}): PromptPayload {
  return {
    v: 1,
    id: String(number).padStart(26, '0'),
    kind: 'greet',
    place: 'main-door',
    placeName: { zh: '门口', en: 'Door' },
    people: 2,
    urgency: 'now',
    say: { zh: '门口 · 新到 2 位', en: 'Door · 2 just in' },
    words: { zh: '您好，欢迎光临，请问您办理什么业务？', en: 'Good morning, how can I help?' },
    waitedSeconds: 0,
    raisedAt: momentAt(startedAt),
    expiresAt: momentAt(startedAt + 30),
    haptic: 'arrival',
    ...changes,
  };
}

const exampleLobby = (inLobby: number): LobbyPayload => ({
  v: 1,
  at: momentAt(startedAt),
  inLobby,
  toGreet: 1,
  inQueue: 0,
  staffSeen: 1,
  zones: [],
  open: [],
});
const exampleHealth = (state: HealthPayload['state']): HealthPayload => ({
  v: 1,
  state,
  at: momentAt(startedAt),
  cameras: [],
});
const exampleReport = (day: string): ReportPayload => ({
  v: 1,
  at: momentAt(startedAt),
  day,
  targetSeconds: 30,
  came: 486,
  inTime: 447,
  neverMet: '< 5',
  queues: [],
  prompts: [],
  mostInTenMinutes: 6,
  unseen: [],
  equal: { doors: 'as-chance', hours: 'as-chance' },
});
const withdrawn = (prompt: PromptPayload): PromptStatePayload => ({
  v: 1,
  id: prompt.id,
  phase: 'withdrawn',
  reason: 'left',
  at: momentAt(startedAt + 1),
});

/** A clock moved by hand whose sleeps are over at once: retries come as fast as the machine allows. */
function impatientClock() {
  let now = startedAt;
  return {
    now: () => now,
    sleep: () => new Promise<void>((resolve) => void setTimeout(resolve, 5)),
    advance(seconds: number) {
      now += seconds;
    },
  };
}

/** A watch that notes all it hears. */
async function wear(broker: BrokerUnderTest, topic = `lobby/v1/${branch}/#`) {
  const heard: { topic: string; payload: unknown; retain: boolean; qos: number }[] = [];
  const client = await connectTo(broker, broker.watchLogin);
  client.on('message', (topic, payload, { retain, qos }) => {
    heard.push({ topic, payload: JSON.parse(payload.toString()), retain, qos });
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return { client, heard, on: (topic: string) => heard.filter((message) => message.topic === topic) };
}

/**
 * What every broker that carries prompts must do for the `Publisher` port, whoever made it.
 *
 * @param name in the title: `the embedded broker`, `Mosquitto, MQTT 5`
 * @param start starts one broker for the whole suite
 * @param speaks what it is to be spoken to in the end; 4 is MQTT 3.1.1
 * @param protocol what is asked for
 */
export function publisherConformance(
  name: string,
  start: () => Promise<BrokerUnderTest>,
  speaks: 4 | 5 = 4,
  protocol: BrokerProtocol = 'auto',
): void {
  describe(`publishing through ${name}`, () => {
    let broker: BrokerUnderTest;
    let wire: Wire;
    let clock: ReturnType<typeof impatientClock>;
    let publisher: MqttPublisher;
    const watches: MqttClient[] = [];

    const connect = (changes: Partial<PublisherOptions> = {}) =>
      connectPublisher({
        url: urlOf(broker, wire.port),
        branch,
        ...broker.login,
        ...(broker.certificates === undefined ? {} : { certificates: broker.certificates }),
        clock,
        protocol,
        ...changes,
      });
    const watch = async (topic?: string) => {
      const worn = await wear(broker, topic);
      watches.push(worn.client);
      return worn;
    };
    const lose = async () => {
      wire.cut();
      await vi.waitFor(() => expect(publisher.state.connected).toBe(false));
    };
    const comeBack = async () => {
      wire.mend();
      await vi.waitFor(() => expect(publisher.state).toMatchObject({ connected: true, waiting: 0 }), 5_000);
    };

    beforeAll(async () => {
      broker = await start();
    });
    beforeEach(async () => {
      wire = await layWire(broker.port);
      clock = impatientClock();
      publisher = await connect();
    });
    afterEach(async () => {
      await publisher.close();
      for (const client of watches.splice(0)) await client.endAsync(true);
      await wire.close();
      // A broker keeps what is retained: each test begins with none.
      const clean = await connectTo(broker, broker.login);
      for (const topic of [topics.lobby, topics.health, topics.report]) {
        await clean.publishAsync(topic, '', { retain: true, qos: 1 });
      }
      await clean.endAsync();
    });
    afterAll(async () => {
      await broker?.close();
    });

    test(`it is spoken to in MQTT ${speaks === 5 ? '5' : '3.1.1'}, as ${protocol === 'auto' ? 'asking it has shown' : 'was asked for'}`, async () => {
      expect(publisher.protocol).toBe(speaks);
      await lose();
      await comeBack();
      expect(publisher.protocol).toBe(speaks);
    });

    test('a prompt and its state reach a watch, are confirmed, and are not kept for later ones', async () => {
      const early = await watch();
      const prompt = examplePrompt(1);
      publisher.prompt(prompt);
      publisher.promptState(withdrawn(prompt));
      await vi.waitFor(() => expect(early.heard).toHaveLength(2));
      expect(early.heard).toEqual([
        { topic: topics.prompt, payload: prompt, retain: false, qos: 1 },
        { topic: topics.promptState(prompt.id), payload: withdrawn(prompt), retain: false, qos: 1 },
      ]);
      await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));

      const late = await watch();
      publisher.prompt(examplePrompt(2));
      await vi.waitFor(() => expect(late.heard).toHaveLength(1));
      expect(late.heard[0]).toMatchObject({ payload: { id: examplePrompt(2).id } });
    });

    test('of each prompt it is told that the broker has it, and of nothing else', async () => {
      const confirmed: string[] = [];
      publisher.onConfirmed((id) => confirmed.push(id));
      const [first, second] = [examplePrompt(1), examplePrompt(2)];
      publisher.prompt(first);
      publisher.promptState(withdrawn(first));
      publisher.health(exampleHealth('ok'));
      await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
      expect(confirmed).toEqual([first.id]);
      await lose();
      publisher.prompt(second);
      expect(confirmed).toEqual([first.id]);
      await comeBack();
      expect(confirmed).toEqual([first.id, second.id]);
    });

    test('the lobby and the health of now meet a watch that comes later', async () => {
      publisher.lobby(exampleLobby(3));
      publisher.lobby(exampleLobby(4));
      publisher.health(exampleHealth('ok'));
      await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
      const late = await watch();
      await vi.waitFor(() => expect(late.heard).toHaveLength(2));
      expect(late.on(topics.lobby)).toMatchObject([{ payload: { inLobby: 4 }, retain: true }]);
      expect(late.on(topics.health)).toMatchObject([{ payload: { state: 'ok' }, retain: true }]);
    });

    test('the report of the last day meets whoever comes later, also when the broker was away as it was made', async () => {
      publisher.report(exampleReport('2025-03-11'));
      await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
      await lose();
      publisher.report(exampleReport('2025-03-12'));
      expect(publisher.state.waiting).toBe(1);
      await comeBack();
      await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
      const late = await connectTo(broker, broker.login);
      const heard: unknown[] = [];
      late.on('message', (_topic, payload, { retain }) => heard.push([JSON.parse(String(payload)), retain]));
      await late.subscribeAsync(topics.report);
      await vi.waitFor(() => expect(heard).toEqual([[exampleReport('2025-03-12'), true]]));
      await late.endAsync(true);
    });

    test('an answer from the wrist is heard; one that does not fit is counted and not heard', async () => {
      const acks: AckPayload[] = [];
      publisher.onAck((ack) => acks.push(ack));
      const { client } = await watch(topics.health);
      const ack: AckPayload = {
        v: 1,
        id: examplePrompt(1).id,
        answer: 'accepted',
        role: 'manager',
        watch: 'w-1',
      };
      const say = (payload: string) => client.publishAsync(topics.ack, payload, { qos: 1 });
      await say('{"v":1');
      await say(JSON.stringify({ ...ack, answer: 'dance' }));
      await say(JSON.stringify({ ...ack, name: 'somebody' }));
      await say(JSON.stringify({ ...ack, watch: 'x'.repeat(10_000) }));
      await say(JSON.stringify(ack));
      await vi.waitFor(() => expect(acks).toEqual([ack]));
      expect(publisher.state.refused).toEqual({ 'not-json': 1, unfit: 2, 'too-large': 1 });
    });

    test('what a watch says of its duty is heard; what does not fit is not', async () => {
      const heard: DutyPayload[] = [];
      const acks: AckPayload[] = [];
      publisher.onDuty((duty) => heard.push(duty));
      publisher.onAck((ack) => acks.push(ack));
      const { client } = await watch(topics.health);
      const duty: DutyPayload = { v: 1, watch: 'w-1', role: 'manager', onDuty: true, place: 'cash' };
      await vi.waitFor(async () => {
        await client.publishAsync(topics.duty, JSON.stringify({ ...duty, x: 3, y: 4 }), { qos: 1 });
        await client.publishAsync(topics.duty, JSON.stringify(duty), { qos: 1 });
        expect(heard.length).toBeGreaterThan(0);
      });
      expect(heard[0]).toEqual(duty);
      expect(heard.filter((one) => 'x' in one)).toEqual([]);
      expect(acks).toEqual([]);
    });

    test('a box that dies is called gone by the broker, a box that comes back takes it away again', async () => {
      publisher.health(exampleHealth('ok'));
      publisher.lobby(exampleLobby(1));
      const worn = await watch(topics.health);
      await lose();
      await vi.waitFor(() => expect(worn.heard.at(-1)?.payload).toMatchObject({ state: 'gone' }), 5_000);
      await comeBack();
      await vi.waitFor(() => expect(worn.heard.at(-1)?.payload).toMatchObject({ state: 'ok' }));
    });

    test('what was said while the broker was away arrives in order; what expired meanwhile does not', async () => {
      const worn = await watch();
      const late = examplePrompt(1, { expiresAt: momentAt(startedAt + 10) });
      const still = examplePrompt(2, { expiresAt: momentAt(startedAt + 60) });
      await lose();
      publisher.prompt(late);
      publisher.prompt(still);
      publisher.promptState(withdrawn(late));
      publisher.lobby(exampleLobby(8));
      publisher.lobby(exampleLobby(9));
      expect(publisher.state).toMatchObject({ connected: false, waiting: 4, letGo: 0 });
      clock.advance(20);
      await comeBack();
      publisher.promptState(withdrawn(still));
      await vi.waitFor(() => expect(worn.on(topics.promptState(still.id))).toHaveLength(1));
      expect(worn.on(topics.prompt).map(({ payload }) => (payload as PromptPayload).id)).toEqual([still.id]);
      expect(worn.on(topics.promptState(late.id))).toEqual([]);
      await vi.waitFor(() => expect(worn.on(topics.lobby)).toHaveLength(1));
      expect(worn.on(topics.lobby)[0]!.payload).toMatchObject({ inLobby: 9 });
      expect(publisher.state.letGo).toBe(2);
    });

    test('no more is kept than the bound, the oldest prompt is let go of with its states, and all is counted', async () => {
      await publisher.close();
      publisher = await connect({ maxWaiting: 5 });
      const worn = await watch();
      await lose();
      const prompts = [1, 2, 3, 4, 5].map((number) => examplePrompt(number));
      publisher.prompt(prompts[0]!);
      publisher.promptState(withdrawn(prompts[0]!));
      for (const prompt of prompts.slice(1)) publisher.prompt(prompt);
      expect(publisher.state).toMatchObject({ waiting: 4, letGo: 2 });
      await comeBack();
      await vi.waitFor(() => expect(worn.on(topics.prompt)).toHaveLength(4));
      expect(worn.on(topics.prompt).map(({ payload }) => (payload as PromptPayload).id)).toEqual(
        prompts.slice(1).map(({ id }) => id),
      );
      expect(worn.on(topics.promptState(prompts[0]!.id))).toEqual([]);
    });

    test('what has less than a second left is not sent: it would leave the wrist while it still buzzes', async () => {
      const missed: unknown[] = [];
      await publisher.close();
      publisher = await connect({ onMissed: (one) => missed.push(one) });
      const worn = await watch();
      const ending = examplePrompt(1, { expiresAt: momentAt(startedAt + 0.9) });
      const still = examplePrompt(2, { expiresAt: momentAt(startedAt + 1.1) });
      publisher.prompt(ending);
      publisher.prompt(still);
      await vi.waitFor(() => expect(worn.on(topics.prompt)).toHaveLength(1));
      expect(worn.on(topics.prompt)[0]!.payload).toMatchObject({ id: still.id });
      expect(missed).toEqual([{ id: ending.id, message: 'prompt', why: 'late' }]);
      expect(publisher.state.letGo).toBe(1);
    });

    test('a prompt that was over before it could be sent never comes, nor what became of it', async () => {
      const missed: unknown[] = [];
      await publisher.close();
      publisher = await connect({ onMissed: (one) => missed.push(one) });
      const worn = await watch();
      await lose();
      const [over, still] = [examplePrompt(1), examplePrompt(2)];
      publisher.prompt(over);
      publisher.prompt(still);
      publisher.promptState(withdrawn(over));
      await comeBack();
      publisher.promptState(withdrawn(still));
      await vi.waitFor(() => expect(worn.on(topics.promptState(still.id))).toHaveLength(1));
      expect(worn.on(topics.prompt).map(({ payload }) => (payload as PromptPayload).id)).toEqual([still.id]);
      expect(worn.on(topics.promptState(over.id))).toEqual([]);
      expect(missed).toEqual([
        { id: over.id, message: 'prompt', why: 'over' },
        { id: over.id, message: 'state', why: 'over' },
      ]);
    });

    test('what the broker has not confirmed is sent after a restart of the service, once, if it is still in time', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lobby-outbox-'));
      const missed: unknown[] = [];
      const outboxed = () =>
        connect({
          outbox: openFileOutbox({ file: join(folder, 'outbox.jsonl'), branch }),
          onMissed: (one) => missed.push(one),
        });
      await publisher.close();
      publisher = await outboxed();
      const worn = await watch();
      const sent = examplePrompt(1);
      publisher.prompt(sent);
      await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
      await lose();
      const late = examplePrompt(2, { expiresAt: momentAt(startedAt + 10) });
      const ending = examplePrompt(3, { expiresAt: momentAt(startedAt + 20.9) });
      const still = examplePrompt(4, { expiresAt: momentAt(startedAt + 60) });
      for (const prompt of [late, ending, still]) publisher.prompt(prompt);
      publisher.promptState(withdrawn(sent));
      publisher.promptState(withdrawn(late));
      await publisher.close();

      clock.advance(20);
      wire.mend();
      publisher = await outboxed();
      await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
      await vi.waitFor(() => expect(worn.on(topics.promptState(sent.id))).toHaveLength(1));
      expect(worn.on(topics.prompt).map(({ payload }) => (payload as PromptPayload).id)).toEqual([
        sent.id,
        still.id,
      ]);
      expect(worn.on(topics.promptState(late.id))).toEqual([]);
      expect(missed).toEqual([
        { id: late.id, message: 'prompt', why: 'late' },
        { id: late.id, message: 'state', why: 'late' },
        { id: ending.id, message: 'prompt', why: 'late' },
      ]);

      await publisher.close();
      publisher = await outboxed();
      publisher.prompt(examplePrompt(5, { expiresAt: momentAt(startedAt + 60) }));
      await vi.waitFor(() => expect(worn.on(topics.prompt)).toHaveLength(3));
      rmSync(folder, { recursive: true });
    });

    test('answers are heard again after the broker has been away', async () => {
      const acks: AckPayload[] = [];
      publisher.onAck((ack) => acks.push(ack));
      await lose();
      await comeBack();
      const { client } = await watch();
      const ack: AckPayload = { v: 1, id: examplePrompt(1).id, answer: 'met', role: 'deputy', watch: 'w-2' };
      await client.publishAsync(topics.ack, JSON.stringify(ack), { qos: 1 });
      await vi.waitFor(() => expect(acks).toEqual([ack]));
    });

    test('closing says goodbye once, within two seconds, with the broker there or away', async () => {
      publisher.health(exampleHealth('ok'));
      const worn = await watch(topics.health);
      const began = performance.now();
      await publisher.close();
      await vi.waitFor(() => expect(worn.heard.at(-1)?.payload).toMatchObject({ state: 'gone' }));
      expect(worn.heard.filter(({ payload }) => (payload as HealthPayload).state === 'gone')).toHaveLength(1);

      publisher = await connect();
      await lose();
      await publisher.close();
      expect(performance.now() - began).toBeLessThan(4_000);
    });

    test('nothing a schema does not name can leave', () => {
      const named = { ...examplePrompt(1), customer: 'somebody' } as PromptPayload;
      expect(() => publisher.prompt(named)).toThrow(/customer/);
    });

    test('a wrong password is refused at the start, and shown nowhere', async () => {
      const wrong = connect({
        url: urlOf(broker, wire.port).replace(
          '://',
          `://${encodeURIComponent(broker.login.username)}:hunter2@`,
        ),
        username: broker.login.username,
        password: 'hunter2',
      });
      const error = (await wrong.catch((error: unknown) => error)) as LobbyError;
      expect(error).toMatchObject({ code: 'LOBBY_BROKER_REFUSED' });
      expect(error.message).toContain(`${urlOf(broker, wire.port)} refused`);
      expect(JSON.stringify([error.message, error.remedy, error.details, error.stack])).not.toContain(
        'hunter2',
      );
      expect(publisher.state.url).toBe(urlOf(broker, wire.port));
    });

    test('a broker that is not there ends the start with a reason', async () => {
      const port = await freePort();
      const url = urlOf(broker, port);
      await expect(connect({ url })).rejects.toMatchObject({
        code: 'LOBBY_BROKER_UNREACHABLE',
        message: `The broker at ${url} cannot be reached: nothing listens there`,
      });
      await expect(connect({ url: 'http://127.0.0.1' })).rejects.toMatchObject({
        code: 'LOBBY_OPTION_INVALID',
      });
    });
  });
}
