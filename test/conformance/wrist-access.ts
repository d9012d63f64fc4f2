import type { IClientOptions, MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectPublisher } from '../../edge/brokers/mqtt-publisher.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { type AckPayload, topicsOf } from '../../src/contract/topics.ts';
import { type BrokerUnderTest, branch, connectTo, examplePrompt, urlOf } from './publisher.ts';

export interface BrokerWithWrists extends BrokerUnderTest {
  /** What a watch of the branch `other` logs in with, where the broker serves it too. */
  readonly otherLogin?: { readonly username: string; readonly password: string };
}

const topics = topicsOf(branch);
const others = topicsOf('other');

/**
 * What a watch may do on every broker that carries prompts, and what not: it reads its branch's prompts and writes
 * answers, nothing else. Held by what others hear and find kept, since brokers refuse in different ways: one cuts
 * off, one says so, one keeps silent.
 *
 * @param start starts one broker for the whole suite
 * @param speaks what the watch speaks; 4, the default, is MQTT 3.1.1
 * @param servesOthers whether the broker serves another branch as well
 */
export function wristAccess(
  name: string,
  start: () => Promise<BrokerWithWrists>,
  { speaks = 4, servesOthers = false }: { readonly speaks?: 4 | 5; readonly servesOthers?: boolean } = {},
): void {
  describe(`a wrist on ${name}`, () => {
    let broker: BrokerWithWrists;
    let box: MqttClient;
    /** Topics of all the box hears, in order. */
    let heard: string[];
    const clients: MqttClient[] = [];

    const join = async (login: BrokerUnderTest['watchLogin'], options: IClientOptions = {}) => {
      const client = await connectTo(broker, login, options);
      // Whoever does what it may not may be cut off for it.
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    };
    const wear = (options: IClientOptions = {}) =>
      join(broker.watchLogin, { protocolVersion: speaks, ...options });
    /** Subscribes to whatever is granted, and notes the topics of what comes. */
    const listenTo = async (client: MqttClient, ...wanted: readonly string[]) => {
      const coming: string[] = [];
      client.on('message', (topic) => coming.push(topic));
      for (const topic of wanted) await client.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
      return coming;
    };
    /** Says it, whether it is taken or not: resolves when there is an answer, or the link is gone. */
    const tryToSay = (client: MqttClient, topic: string, payload: string, retain = false) =>
      new Promise<void>((resolve) => {
        client.once('close', resolve);
        client.publish(topic, payload, { qos: 1, retain }, () => resolve());
      });
    /** An answer by a new watch, which comes after all that was tried before. */
    const answer = async () => {
      const before = heard.length;
      await (await wear()).publishAsync(topics.ack, '{"last":true}', { qos: 1 });
      await vi.waitFor(() => expect(heard.slice(before)).toContain(topics.ack));
    };
    /** What a newcomer finds kept. */
    const kept = async () => {
      const found: Record<string, string> = {};
      const newcomer = await join(broker.login);
      newcomer.on('message', (topic, payload, { retain }) => {
        if (retain) found[topic] = payload.toString();
      });
      await newcomer.subscribeAsync(`lobby/v1/${branch}/#`, { qos: 1 });
      await vi.waitFor(() => expect(Object.keys(found)).toContain(topics.lobby));
      await vi.waitFor(() => expect(Object.keys(found)).toContain(topics.health));
      return found;
    };

    beforeAll(async () => {
      broker = await start();
    });
    beforeEach(async () => {
      box = await join(broker.login);
      for (const topic of [topics.lobby, topics.health]) {
        await box.publishAsync(topic, '{"by":"the box"}', { qos: 1, retain: true });
      }
      heard = [];
      box.on('message', (topic, _payload, { retain }) => {
        if (!retain) heard.push(topic);
      });
      for (const topic of [`lobby/v1/${branch}/#`, 'lobby/v1/other/#']) {
        await box.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
      }
    });
    afterEach(async () => {
      for (const topic of [topics.ack, topics.duty]) await box.publishAsync(topic, '', { retain: true });
      for (const client of clients.splice(0)) await client.endAsync(true);
    });
    afterAll(() => broker?.close());

    test('reads the prompts of its branch, what becomes of them, the lobby and the health', async () => {
      const watch = await wear();
      const state = topics.promptState(examplePrompt(1).id);
      const coming = await listenTo(watch, topics.prompt, topics.promptStates, topics.lobby, topics.health);
      await box.publishAsync(topics.prompt, '{}', { qos: 1 });
      await box.publishAsync(state, '{}', { qos: 1 });
      await vi.waitFor(() =>
        expect([...coming].sort()).toEqual([topics.health, topics.lobby, topics.prompt, state]),
      );
    });

    test('reads nothing of another branch, whatever it asks for', async () => {
      const watch = await wear();
      const coming = await listenTo(
        watch,
        ...['#', 'lobby/#', 'lobby/v1/#', 'lobby/v1/+/prompt', others.prompt, 'lobby/v1/other/#', '$SYS/#'],
        ...['+/+/+/prompt', '$share/all/lobby/v1/other/#', topics.prompt],
      );
      await box.publishAsync(others.prompt, '{}', { qos: 1 });
      await box.publishAsync(others.lobby, '{}', { qos: 1, retain: true });
      await box.publishAsync(topics.prompt, '{}', { qos: 1 });
      await vi.waitFor(() => expect(coming).toContain(topics.prompt));
      expect(coming.filter((topic) => !topic.startsWith(`lobby/v1/${branch}/`))).toEqual([]);
      await box.publishAsync(others.lobby, '', { retain: true });
    });

    test('reads nothing of what other wrists say', async () => {
      const watch = await wear();
      const coming = await listenTo(watch, `lobby/v1/${branch}/#`, topics.ack, topics.duty);
      const another = await wear();
      await another.publishAsync(topics.ack, '{}', { qos: 1 });
      await another.publishAsync(topics.duty, '{}', { qos: 1 });
      await vi.waitFor(() => expect(heard).toEqual([topics.ack, topics.duty]));
      await box.publishAsync(topics.prompt, '{}', { qos: 1 });
      await vi.waitFor(() => expect(coming).toContain(topics.prompt));
      expect(coming).not.toContain(topics.ack);
      expect(coming).not.toContain(topics.duty);
    });

    test('writes answers and duty and nothing else: neither box nor other branches can be spoken for', async () => {
      const forbidden = [
        topics.prompt,
        topics.promptState(examplePrompt(1).id),
        topics.lobby,
        topics.health,
        others.ack,
        others.duty,
        `${topics.ack}/more`,
        `lobby/v1/${branch}/made-up`,
        `homeassistant/device/lobby-sense-${branch}/config`,
      ];
      for (const topic of forbidden) {
        for (const retain of [false, true]) await tryToSay(await wear(), topic, '{"by":"a wrist"}', retain);
      }
      await answer();
      expect(heard).toEqual([topics.ack]);
      expect(await kept()).toEqual({
        [topics.lobby]: '{"by":"the box"}',
        [topics.health]: '{"by":"the box"}',
      });
    });

    test('has no last will but to end its duty', async () => {
      const leave = async (topic: string, retain: boolean) => {
        const will = { topic, payload: Buffer.from('{"by":"a wrist"}'), qos: 1, retain } as const;
        // A broker may refuse the whole connection for it.
        const watch = await wear({ will }).catch(() => undefined);
        watch?.stream.destroy();
      };
      for (const topic of [topics.prompt, topics.lobby, topics.health, others.duty]) {
        await leave(topic, false);
        await leave(topic, true);
      }
      await leave(topics.duty, false);
      await vi.waitFor(() => expect(heard).toContain(topics.duty));
      await answer();
      expect(heard).toEqual([topics.duty, topics.ack]);
      expect(await kept()).toMatchObject({ [topics.lobby]: '{"by":"the box"}' });
    });

    test('an answer left with the broker for later is not heard by a box that starts later', async () => {
      const ack: AckPayload = { v: 1, id: examplePrompt(1).id, answer: 'met', role: 'manager', watch: 'w-1' };
      await tryToSay(await wear(), topics.ack, JSON.stringify(ack), true);
      const publisher = await connectPublisher({
        url: urlOf(broker),
        branch,
        ...broker.login,
        ...(broker.certificates === undefined ? {} : { certificates: broker.certificates }),
        clock: systemClock,
      });
      try {
        const acks: AckPayload[] = [];
        publisher.onAck((one) => void acks.push(one));
        const now: AckPayload = { ...ack, answer: 'accepted' };
        await (await wear()).publishAsync(topics.ack, JSON.stringify(now), { qos: 1 });
        await vi.waitFor(() => expect(acks).toEqual([now]));
      } finally {
        await publisher.close();
      }
    });

    test('comes in with its own login alone, where one is asked for, and with a certificate of its own', async () => {
      const refused = async (login: BrokerUnderTest['watchLogin'], options: IClientOptions = {}) => {
        await expect(join(login, { protocolVersion: speaks, ...options })).rejects.toThrow();
      };
      const { watchLogin, certificates } = broker;
      await refused({ username: 'nobody', password: 'made up' });
      await refused({ username: broker.login.username, password: 'made up' });
      if (watchLogin !== undefined) {
        await refused(undefined);
        await refused({ ...watchLogin, password: 'made up' });
        await refused({ ...watchLogin, username: broker.login.username });
      }
      // In place of the certificate that everybody else here shows.
      if (certificates?.cert !== undefined) {
        await refused(watchLogin, { cert: undefined, key: undefined } as unknown as IClientOptions);
      }
      await answer();
    });

    if (!servesOthers) return;

    test('of another branch it neither reads here nor answers', async () => {
      const login = broker.otherLogin!;
      const stranger = await join(login, { protocolVersion: speaks });
      const coming = await listenTo(stranger, '#', `lobby/v1/${branch}/#`, topics.prompt, others.prompt);
      await tryToSay(stranger, topics.ack, '{}');
      await tryToSay(await join(login), topics.duty, '{}');
      await box.publishAsync(topics.prompt, '{}', { qos: 1 });
      await box.publishAsync(others.prompt, '{}', { qos: 1 });
      await vi.waitFor(() => expect(coming).toContain(others.prompt));
      expect(coming.filter((topic) => topic.startsWith(`lobby/v1/${branch}/`))).toEqual([]);
      await answer();
      expect(heard.filter((topic) => topic !== topics.prompt && topic !== others.prompt)).toEqual([
        topics.ack,
      ]);
    });
  });
}
