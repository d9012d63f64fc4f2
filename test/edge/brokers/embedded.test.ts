import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect as connectSocket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { settingsTopic } from '../../../src/contract/fleet-settings.ts';
import { topicsOf } from '../../../src/contract/topics.ts';

const topics = topicsOf('harbour');
let broker: EmbeddedBroker;
let server: Server;
let clients: MqttClient[];

beforeEach(async () => {
  clients = [];
  broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0, maxClients: 3 });
  server = createServer();
  broker.attachWebSocket(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  for (const client of clients) client.end(true);
  await broker.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const webAddress = () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function connect(url = broker.url, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(
    url,
    { reconnectPeriod: 0, connectTimeout: 3_000, ...options },
    false,
  );
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** Resolves with the topics the service heard on, among those under the branch. */
async function hearing(): Promise<string[]> {
  const heard: string[] = [];
  const client = await connect(broker.url, broker.login);
  client.on('message', (topic) => heard.push(topic));
  await client.subscribeAsync('lobby/v1/harbour/#', { qos: 1 });
  return heard;
}

test('a watch may answer, and write nothing else: the box and the other wearers cannot be spoken for', async () => {
  const heard = await hearing();
  for (const [topic, retain] of [
    [topics.prompt, false],
    [topics.health, true],
    [topics.ack, true],
    [settingsTopic('harbour'), true],
    ['lobby/v1/other/ack', false],
    ['$SYS/x', false],
  ] as const) {
    const watch = await connect();
    const closed = new Promise<void>((resolve) => watch.once('close', resolve));
    watch.publish(topic, '{}', { qos: 1, retain }, () => undefined);
    await closed;
  }
  const watch = await connect();
  await watch.publishAsync(topics.ack, '{}', { qos: 1 });
  await vi.waitFor(() => expect(heard).toEqual([topics.ack]));
});

test('a last will is held to the same rule', async () => {
  const heard = await hearing();
  const rude = await connect(broker.url, {
    will: { topic: topics.health, payload: Buffer.from('{}'), qos: 1, retain: true },
  });
  rude.stream.destroy();
  const polite = await connect();
  await polite.publishAsync(topics.ack, '{}', { qos: 1 });
  await vi.waitFor(() => expect(heard).toEqual([topics.ack]));
});

test('a watch may read its own branch only, and not without end', async () => {
  const watch = await connect();
  const granted = async (topic: string) => {
    const packet = await watch.subscribeAsync(topic, { qos: 1 }).catch((error: unknown) => error);
    return packet instanceof Error ? 'refused' : 'granted';
  };
  expect(await granted('lobby/v1/harbour/#')).toBe('granted');
  expect(await granted(topics.promptStates)).toBe('granted');
  expect(await granted('#')).toBe('refused');
  expect(await granted('lobby/v1/+/prompt')).toBe('refused');
  expect(await granted('$SYS/#')).toBe('refused');
  const many = Array.from({ length: 20 }, (_, index) => `lobby/v1/harbour/${index}`);
  const results = [];
  for (const topic of many) results.push(await granted(topic));
  expect(results.at(-1)).toBe('refused');
});

test('pages speak MQTT at /mqtt of the web server; other paths and other pages are turned away', async () => {
  const page = await connect(`${webAddress()}/mqtt`);
  await page.publishAsync(topics.ack, '{}', { qos: 1 });
  await expect(connect(`${webAddress()}/other`)).rejects.toThrow();
  await expect(
    connect(`${webAddress()}/mqtt`, { wsOptions: { headers: { origin: 'http://elsewhere.example' } } }),
  ).rejects.toThrow();
  const own = webAddress().replace('ws:', 'http:');
  await connect(`${webAddress()}/mqtt`, { wsOptions: { headers: { origin: own } } });
});

test('one wearer more than the bound is told so, and the service itself always gets in', async () => {
  await hearing();
  for (let number = 0; number < 3; number += 1) await connect();
  await expect(connect()).rejects.toThrow(/Server unavailable/);
  await connect(broker.url, broker.login);
});

test('an unknown login is refused', async () => {
  await expect(connect(broker.url, { username: 'x', password: 'y' })).rejects.toThrow(/Bad username/);
  await expect(connect(broker.url, { username: broker.login.username, password: 'y' })).rejects.toThrow(
    /Bad username/,
  );
});

test('a packet over the limit ends its connection before it is taken in, and nobody hears it', async () => {
  const heard = await hearing();
  for (const url of [broker.url, `${webAddress()}/mqtt`]) {
    const watch = await connect(url);
    await watch.publishAsync(topics.ack, 'x'.repeat(16_000), { qos: 1 });
    const closed = new Promise<void>((resolve) => watch.once('close', resolve));
    watch.publish(topics.ack, 'x'.repeat(17_000), { qos: 1 }, () => undefined);
    await closed;
  }
  await vi.waitFor(() => expect(heard).toEqual([topics.ack, topics.ack]));

  const service = await connect(broker.url, broker.login);
  await service.publishAsync(topics.lobby, 'x'.repeat(60_000));
});

test('what was missed is not handed over later: no session outlives its connection', async () => {
  const service = await connect(broker.url, broker.login);
  const away: IClientOptions = { clean: false, clientId: 'w-1' };
  const first = await connect(broker.url, away);
  await first.subscribeAsync(topics.prompt, { qos: 1 });
  await first.endAsync();
  await service.publishAsync(topics.prompt, '{"old":true}', { qos: 1 });

  const heard: string[] = [];
  const second = await connect(broker.url, away);
  second.on('message', (_topic, payload) => heard.push(payload.toString()));
  await second.subscribeAsync(topics.prompt, { qos: 1 });
  await service.publishAsync(topics.prompt, '{"new":true}', { qos: 1 });
  await vi.waitFor(() => expect(heard).toEqual(['{"new":true}']));
});

test('closing lets go of everybody within two seconds, of those too who never said who they are', async () => {
  const tcp = await connect();
  const page = await connect(`${webAddress()}/mqtt`);
  const silent = connectSocket(broker.port, '127.0.0.1');
  await new Promise<void>((resolve) => silent.once('connect', resolve));
  const gone = Promise.all(
    [tcp, page].map((client) => new Promise<void>((resolve) => client.once('close', resolve))),
  );
  const began = performance.now();
  await broker.close();
  await gone;
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(broker.clients).toBe(0);
});

test('a port in use is named with the option that changes it', async () => {
  await expect(startEmbeddedBroker({ branch: 'harbour', mqttPort: broker.port })).rejects.toMatchObject({
    code: 'LOBBY_PORT_IN_USE',
    message: `Cannot listen on port ${broker.port}: another program already does`,
    remedy: 'End the other program, or choose another with --mqtt-port (0 takes any free one).',
  });
  await expect(
    startEmbeddedBroker({ branch: 'harbour', host: '203.0.113.1', mqttPort: 0 }),
  ).rejects.toMatchObject({ code: 'LOBBY_OPTION_INVALID' });
});
