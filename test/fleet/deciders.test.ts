import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { boxTopicsOf } from '../../src/contract/boxes.ts';
import { fleetTopic } from '../../src/contract/fleet.ts';
import { type FleetSettings, fleetSettingsSchema, settingsTopic } from '../../src/contract/fleet-settings.ts';
import { healthSchema, type PromptPayload, promptSchema, topicsOf } from '../../src/contract/topics.ts';
import { toCameraState, toPeople } from '../../src/service/boxes-wire.ts';
import { replay } from '../../src/service/replay.ts';
import { mosquitto } from '../e2e/mosquitto.ts';
import { demo, endAll, type Service, startService } from '../e2e/service.ts';
import { type Mosquitto, startMosquitto, users } from '../peers/mosquitto.ts';
import { absent, titled } from '../peers/tools.ts';
import { branchOf, knownLobbies, recordingOf } from '../quality/run-lobby.ts';
import { madeUpBank, publicPemOf } from './bank-orders.ts';

const reason = absent(mosquitto);
const lobby = knownLobbies().find(({ name }) => name === 'saturday-crowd')!;
const scene = recordingOf(lobby).filter(({ at }) => at < 24);

describe.skipIf(reason)(titled('Settings of the bank where several boxes can decide', reason), () => {
  const bank = madeUpBank();
  let folder: string;
  let broker: Mosquitto;
  let client: MqttClient;
  let told: FleetSettings[];
  let prompts: PromptPayload[];
  const tokens = new Map<string, string>();

  interface Box {
    readonly name: string;
    readonly service: Service;
    readonly url: string;
    readonly token: string;
  }
  async function start(name: string): Promise<Box> {
    const service = startService(
      ...['run', '--role', 'decide', '--box', name, '--branch', join(folder, 'branch.yaml'), '--port', '0'],
      ...['--broker', `mqtt://lobby:${encodeURIComponent(users.lobby)}@127.0.0.1:${broker.port}`],
      ...['--fleet', '--settings-key', join(folder, 'installer.pub'), '--data', join(folder, name)],
    );
    const [, url] = await service.says(/pages on (http:\/\/[\w.:]+)/, 60);
    // Shown at the first start with a data folder, by the other of its outputs: which comes first is chance.
    const token = tokens.get(name) ?? (await service.says(/#token=(\S+)/))[1]!;
    tokens.set(name, token);
    return { name, service, url: url!, token };
  }
  const decides = ({ name, service }: Box) => service.says(new RegExp(`box ${name} decides, term`), 60);
  const standsBy = ({ name, service }: Box) => service.says(new RegExp(`box ${name} stands by`), 60);
  async function valueBy({ url, token }: Box): Promise<number> {
    const reply = await fetch(`${url}/api/v1/settings`, { headers: { authorization: `Bearer ${token}` } });
    const { settings } = (await reply.json()) as { settings: { path: string; value: number }[] };
    return settings.find(({ path }) => path === 'prompts.mostInTenMinutes')!.value;
  }
  const ordersOf = async ({ url }: Box) =>
    healthSchema.parse(await (await fetch(`${url}/api/v1/health`)).json()).bankOrders!;
  const soon = (look: () => unknown) => vi.waitFor(look, { timeout: 15_000, interval: 50 });
  /** As a bridge passes it on that is connected as it comes: nobody who comes later is given it. */
  const order = (serial: number, n: number, state: 'shadow' | 'live' | 'undone', most: number) =>
    client.publishAsync(
      settingsTopic(demo.branch),
      JSON.stringify(
        bank.order(
          { serial, set: { 'prompts.mostInTenMinutes': most } },
          { branch: demo.branch, n, state, serial },
        ),
      ),
      { qos: 1, retain: false },
    );

  /** A box that looks: it plays the scene as it was seen. */
  async function play(): Promise<void> {
    const [camera] = branchOf(lobby).cameras;
    const topics = boxTopicsOf(demo.branch);
    const box = 'box-hall';
    const looking = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      username: 'sensor',
      password: users.sensor,
    });
    looking.on('message', (topic, bytes) => {
      const { id } = JSON.parse(bytes.toString()) as { id: string };
      looking.publish(`${topic}/answer`, JSON.stringify({ v: 1, id, box, at: Date.now() }));
    });
    await looking.subscribeAsync(topics.clockAsk(box));
    const picture = { width: 960, height: 540 };
    const health = { state: 'live', since: 0, framesPerSecond: 5, dropped: 0 } as const;
    const cameras = [toCameraState(camera!.id, { ...health, detectorErrors: 0, attempts: 0, picture })];
    const state = { v: 1, box, state: 'on', at: Date.now(), version: '1', cameras };
    looking.publish(topics.sensor(box), JSON.stringify(state), { qos: 1, retain: true });
    const from = Date.now() / 1000;
    for (const [n, one] of scene.entries()) {
      const wait = from + one.at - Date.now() / 1000;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      if (one.kind !== 'people') continue;
      const look = toPeople({ kind: 'people', at: from + one.at, people: one.people }, { box, n });
      looking.publish(topics.people(camera!.id), JSON.stringify(look));
    }
    await looking.endAsync(true);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lobby-bank-deciders-'));
    const text = readFileSync(join(lobby.folder, 'branch.yaml'), 'utf8')
      .replace(/^branch: .*/, `branch: ${demo.branch}`)
      .replace('clip.mp4', 'rtsp://127.0.0.1/none')
      .replace(/mostInTenMinutes: 60,? ?/, '');
    writeFileSync(join(folder, 'branch.yaml'), text);
    writeFileSync(join(folder, 'installer.pub'), publicPemOf(bank.installer));
    broker = await startMosquitto();
    client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      username: 'lobby',
      password: users.lobby,
    });
    told = [];
    prompts = [];
    client.on('message', (topic, payload) => {
      const said = JSON.parse(payload.toString()) as unknown;
      if (topic === topicsOf(demo.branch).prompt) prompts.push(promptSchema.parse(said));
      else told.push(fleetSettingsSchema.parse(said));
    });
    await client.subscribeAsync([fleetTopic('settings', demo.branch), topicsOf(demo.branch).prompt], {
      qos: 1,
    });
  });
  afterAll(async () => {
    await endAll();
    await client?.endAsync(true);
    await broker?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  test('hold when another box goes on, also one that came after they were ordered', async () => {
    const raised = async (mostInTenMinutes: number) => {
      const branch = branchOf(lobby);
      const { thresholds } = branch;
      const by = { ...thresholds, prompts: { ...thresholds.prompts, mostInTenMinutes } };
      let n = 0;
      for await (const { output } of replay({ ...branch, thresholds: by }, scene))
        n += output.changes.filter(({ kind }) => kind === 'raised').length;
      return n;
    };
    // What tells old values from new ones: six prompts and one.
    expect([await raised(1), (await raised(6)) > 2]).toEqual([1, true]);

    const first = await start('box-a');
    await decides(first);
    const second = await start('box-b');
    await standsBy(second);
    expect([await valueBy(first), await valueBy(second)]).toEqual([6, 6]);
    await order(1, 1, 'live', 1);
    await soon(() => expect(told.at(-1)).toMatchObject({ inForce: { serial: 1 } }));
    await soon(async () => expect(await valueBy(second)).toBe(1));

    // The box that stands by is another one by now: nothing is kept on it, and the broker knows of no session.
    await second.service.end('SIGKILL');
    const spare = await start('box-c');
    await standsBy(spare);
    await soon(async () => expect(await valueBy(spare)).toBe(1));

    const playing = play();
    await soon(() => expect(prompts).toHaveLength(1));
    first.service.child.kill('SIGKILL');
    await decides(spare);
    expect(await valueBy(spare)).toBe(1);
    await playing;
    expect(new Set(prompts.map(({ id }) => id)).size).toBe(1);

    // What is live while another bundle is tried holds for one that came later still, and when that is undone.
    await order(2, 1, 'shadow', 3);
    await soon(() => expect(told.at(-1)).toMatchObject({ order: { serial: 2 }, inForce: { serial: 1 } }));
    const third = await start('box-d');
    await standsBy(third);
    await soon(async () => expect(await valueBy(third)).toBe(1));
    // On its way while nobody decides.
    spare.service.child.kill('SIGKILL');
    await order(2, 2, 'undone', 3);
    await decides(third);
    await soon(() => expect(told.at(-1)).toMatchObject({ order: { n: 2, state: 'undone' } }));
    expect(told.at(-1)).toMatchObject({ inForce: { serial: 1 }, refused: {} });
    expect(await valueBy(third)).toBe(1);

    // One that was away: it was told by its own session, and by the box that decides.
    const again = await start('box-c');
    await standsBy(again);
    await soon(async () => expect(await ordersOf(again)).toEqual({ taken: 1, refused: {} }));
    expect(await valueBy(again)).toBe(1);
  }, 180_000);
});
