import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { type Announcement, announceToHomeAssistant } from '../../../edge/home-assistant/announce.ts';
import {
  birthTopic,
  describeDevice,
  discoveryTopic,
  watchOf,
} from '../../../edge/home-assistant/discovery.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import {
  ackSchema,
  dutySchema,
  healthSchema,
  lobbySchema,
  promptSchema,
  promptStateSchema,
  topicsOf,
} from '../../../src/contract/topics.ts';
import { roles } from '../../../src/core/prompts/kinds.ts';
import { freePort } from '../../conformance/loopback.ts';
import { openFilmedLobby } from '../../e2e/filmed.ts';
import { mosquitto, ownBroker } from '../../e2e/mosquitto.ts';
import { absent, titled } from '../../peers/tools.ts';

const topics = topicsOf('harbour');
const device = describeDevice('harbour', '1.2.3');
let broker: EmbeddedBroker;
const clients: MqttClient[] = [];
const announcements: Announcement[] = [];

beforeEach(async () => {
  broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0, homeAssistant: true });
});
afterEach(async () => {
  for (const one of announcements.splice(0)) await one.close();
  for (const one of clients.splice(0)) one.end(true);
  await broker.close();
});

function announce(isOn: boolean, url = broker.url) {
  const remarks: string[] = [];
  const announcement = announceToHomeAssistant({
    url,
    ...broker.login,
    branch: 'harbour',
    version: '1.2.3',
    isOn,
    onRemark: (remark) => remarks.push(remark),
  });
  announcements.push(announcement);
  return { announcement, remarks };
}

/** Home Assistant as the broker sees it: no login, its birth message, its two discovery subscriptions. */
async function homeAssistant() {
  const heard: { topic: string; payload: string; retain: boolean }[] = [];
  const client = await mqtt.connectAsync(broker.url, {
    reconnectPeriod: 0,
    will: { topic: birthTopic, payload: Buffer.from('offline'), qos: 0, retain: false },
  });
  clients.push(client);
  client.on('message', (topic, payload, { retain }) =>
    heard.push({ topic, payload: payload.toString(), retain }),
  );
  for (const topic of ['homeassistant/+/+/config', 'homeassistant/+/+/+/config', birthTopic]) {
    await client.subscribeAsync(topic, { qos: 0 });
  }
  await client.publishAsync(birthTopic, 'online', { qos: 0, retain: false });
  return { client, heard };
}
const configs = (heard: readonly { topic: string; payload: string }[]) =>
  heard.filter(({ topic }) => topic.endsWith('/config'));

describe("A branch's device in Home Assistant", () => {
  test('is there for Home Assistant, whenever that comes', async () => {
    await announce(true).announcement.done;
    const { heard } = await homeAssistant();
    await vi.waitFor(() => expect(configs(heard)).toHaveLength(1), 5_000);
    expect(configs(heard)[0]).toMatchObject({ topic: discoveryTopic('harbour'), retain: true });
    expect(JSON.parse(configs(heard)[0]!.payload)).toEqual(JSON.parse(JSON.stringify(device)));
    expect(discoveryTopic('harbour')).toMatch(/^homeassistant\/device\/[a-zA-Z0-9_-]+\/config$/);
  });

  test('is taken away when it is switched off: for who is there, and for who comes later', async () => {
    await announce(true).announcement.done;
    const early = await homeAssistant();
    await vi.waitFor(() => expect(configs(early.heard)).toHaveLength(1), 5_000);
    await announce(false).announcement.done;
    await vi.waitFor(() => expect(configs(early.heard)[1]?.payload).toBe(''), 5_000);
    const late = await homeAssistant();
    await vi.waitFor(() => expect(late.heard.map(({ topic }) => topic)).toEqual([birthTopic]), 5_000);
  });

  test('cannot be told where there is no broker: that is said once, and ends nothing', async () => {
    const url = `mqtt://box:hunter2@127.0.0.1:${await freePort()}`;
    const { announcement, remarks } = announce(true, url);
    await announcement.done;
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).not.toContain('hunter2');
    const off = announce(false, url);
    await off.announcement.done;
    expect(off.remarks).toEqual([]);
  });

  test('has figures, health and prompts, each with a name of its own that stays', () => {
    expect(Object.keys(device.components)).toEqual([
      ...['toGreet', 'inQueue', 'inLobby', 'onDuty', 'open', 'health', 'prompt', 'promptState'],
      ...roles.map((role) => `duty-${role}`),
    ]);
    const ids = Object.values(device.components).map(({ unique_id }) => unique_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => String(id).startsWith('lobby-sense-harbour-'))).toBe(true);
    expect(new Set(Object.values(device.components).map(({ platform }) => platform))).toEqual(
      new Set(['sensor', 'event', 'switch']),
    );
  });

  test('reads topics that are there, and of their payloads only fields that are', () => {
    const fields = new Map<unknown, readonly string[]>([
      [topics.lobby, Object.keys(lobbySchema.shape)],
      [topics.health, Object.keys(healthSchema.shape)],
      [topics.prompt, Object.keys(promptSchema.shape)],
      [topics.promptStates, Object.keys(promptStateSchema.shape)],
    ]);
    const templates = [
      ...Object.values(device.components).flatMap(({ state_topic, value_template }) =>
        state_topic === undefined ? [] : [{ topic: state_topic, template: String(value_template) }],
      ),
      ...device.availability.map(({ topic, value_template }) => ({ topic, template: value_template })),
    ];
    expect(templates).toHaveLength(9);
    for (const { topic, template } of templates) {
      const used = [...template.matchAll(/value_json\.(\w+)/g)].map(([, field]) => field!);
      expect(used.length).toBeGreaterThan(0);
      for (const field of used) expect(fields.get(topic)).toContain(field);
    }
  });

  test('its switches say what a watch says: whoever gets a role on their phone is on duty', async () => {
    const scene = await openFilmedLobby(broker);
    const { client } = await homeAssistant();
    const { command_topic, payload_on, payload_off } = device.components['duty-manager']!;
    expect(dutySchema.parse(JSON.parse(String(payload_on)))).toMatchObject({
      watch: watchOf('manager'),
      role: 'manager',
    });
    await client.publishAsync(String(command_topic), String(payload_on), { qos: 1 });
    await vi.waitFor(() => expect(scene.lobby.lobby().onDuty).toBe(1), 5_000);
    await scene.comeIn();
    expect(scene.lobby.lobby().open[0]!.prompt.watches).toEqual(['home-assistant-manager']);
    await client.publishAsync(String(command_topic), String(payload_off), { qos: 1 });
    await vi.waitFor(() => expect(scene.lobby.lobby().onDuty).toBe(0), 5_000);
    await scene.close();
  });
});

describe.skipIf(absent(mosquitto))(titled('Through Mosquitto', absent(mosquitto)), () => {
  test('the device is told anew when the broker has forgotten it, and taken away when it is switched off', async () => {
    const own = await ownBroker();
    await own.start();
    const latest = async () => {
      const heard: string[] = [];
      const client = await mqtt.connectAsync(own.url, { ...own.login, reconnectPeriod: 0 });
      client.on('message', (_topic, payload) => heard.push(payload.toString()));
      await client.subscribeAsync(discoveryTopic('harbour'), { qos: 1 });
      // What is retained comes before the answer to a question asked after it.
      await client.publishAsync('lobby/v1/harbour/ack', '{}', { qos: 1 });
      await client.endAsync();
      return heard;
    };
    const tell = (isOn: boolean) =>
      announceToHomeAssistant({
        url: own.address(),
        branch: 'harbour',
        version: '1.2.3',
        isOn,
        retrySeconds: 0.05,
      });
    const on = tell(true);
    await on.done;
    expect(await latest()).toHaveLength(1);
    await own.kill();
    await own.start();
    await vi.waitFor(async () => expect(await latest()).toHaveLength(1), 5_000);
    await on.close();
    expect(await latest()).toHaveLength(1);
    const off = tell(false);
    await off.done;
    await off.close();
    expect(await latest()).toEqual([]);
    await own.close();
  });
});

describe('The broker inside the service', () => {
  test('lets Home Assistant read what it discovers by and say that it is there, and nothing more', async () => {
    const { client, heard } = await homeAssistant();
    await vi.waitFor(() => expect(heard.map(({ topic }) => topic)).toEqual([birthTopic]), 5_000);
    const granted = await client.subscribeAsync('zigbee2mqtt/#').catch((error: unknown) => error);
    expect(granted).toBeInstanceOf(Error);
    const closed = new Promise<void>((resolve) => client.once('close', resolve));
    client.publish(discoveryTopic('harbour'), '{}', { qos: 1, retain: true }, () => undefined);
    await closed;
  });

  test('lets nobody do so unless it is switched on', async () => {
    await broker.close();
    broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0 });
    const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
    clients.push(client);
    const granted = await client.subscribeAsync('homeassistant/+/+/config').catch((error: unknown) => error);
    expect(granted).toBeInstanceOf(Error);
    const closed = new Promise<void>((resolve) => client.once('close', resolve));
    client.publish(birthTopic, 'online', { qos: 1 }, () => undefined);
    await closed;
  });
});

describe('The automation of docs/home-assistant.md', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'home-assistant.md'), 'utf8');
  const code = /^```yaml\nalias:([\s\S]*?)^```/m.exec(page)![0].replace(/^```(yaml)?$/gm, '');
  const automation = parse(code) as { triggers: { topic?: string }[] };

  test('listens to the topics of prompts and their states', () => {
    const of = topicsOf('demo');
    expect(automation.triggers.flatMap(({ topic }) => topic ?? [])).toEqual([of.prompt, of.promptStates]);
    expect(code).toContain(`topic: ${of.ack}`);
  });

  test('answers as a wrist does, with answers that there are', () => {
    const payload = /payload: >-\n\s*(\{\{[\s\S]*?\}\})/.exec(code)![1]!;
    const shape = [...payload.matchAll(/'(\w+)':/g)].map(([, key]) => key!);
    expect(shape.sort()).toEqual(Object.keys(ackSchema.shape).sort());
    expect(payload).toContain(`'${watchOf('manager')}'`);
    const answers = [...code.matchAll(/action: "lobby:([\w-]+):/g)].map(([, answer]) => answer!);
    expect(answers).toEqual(['accepted', 'met', 'not-needed']);
    for (const answer of answers) expect(ackSchema.shape.answer.options).toContain(answer);
  });

  test('goes by fields that prompts and their states have', () => {
    const used = [...code.matchAll(/payload_json\.(\w+)/g)].map(([, field]) => field!);
    const known = [...Object.keys(promptSchema.shape), ...Object.keys(promptStateSchema.shape)];
    expect(used.length).toBeGreaterThan(5);
    for (const field of used) expect(known).toContain(field);
  });
});
