import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fleetTopic } from '../../src/contract/fleet.ts';
import { type FleetSettings, fleetSettingsSchema, settingsTopic } from '../../src/contract/fleet-settings.ts';
import type { SettingsPayload } from '../../src/contract/settings.ts';
import { healthSchema } from '../../src/contract/topics.ts';
import { mosquitto } from '../e2e/mosquitto.ts';
import { demo, endAll, type Service, startService } from '../e2e/service.ts';
import { type Mosquitto, startMosquitto, users } from '../peers/mosquitto.ts';
import { absent, titled } from '../peers/tools.ts';
import { madeUpBank, newKey, publicPemOf } from './bank-orders.ts';

const reason = absent(mosquitto);

describe.skipIf(reason)(titled('Settings of the bank, by Mosquitto to a box', reason), () => {
  const bank = madeUpBank();
  let folder: string;
  let broker: Mosquitto;
  let service: Service;
  let client: MqttClient;
  let told: FleetSettings[];
  /** Shown at the first start alone. */
  let token: string | undefined;
  let url: string;
  let written: string;
  const branchFile = () => join(folder, 'branch.yaml');

  async function start(): Promise<void> {
    service = startService(
      ...['run', '--branch', branchFile(), '--data', join(folder, 'data'), '--threads', '1', '--port', '0'],
      ...['--broker', `mqtt://lobby:${encodeURIComponent(users.lobby)}@127.0.0.1:${broker.port}`],
      ...['--fleet', '--settings-key', join(folder, 'installer.pub'), '--fleet-group', 'pilot'],
    );
    url = (await service.says(/pages on (http:\/\/[\w.:]+)/, 40))[1]!;
    token ??= (await service.says(/#token=(\S+)/))[1];
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lobby-bank-'));
    copyFileSync(demo.clip, join(folder, 'clip.mp4'));
    // Of the bundle's two values the branch has set one itself.
    written = readFileSync(demo.branchFile, 'utf8').replace('waitSeconds: 20, ', '');
    writeFileSync(branchFile(), written);
    writeFileSync(join(folder, 'installer.pub'), publicPemOf(bank.installer));
    broker = await startMosquitto();
    client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      username: 'lobby',
      password: users.lobby,
    });
    told = [];
    client.on('message', (_, payload) =>
      told.push(fleetSettingsSchema.parse(JSON.parse(payload.toString()))),
    );
    await client.subscribeAsync(fleetTopic('settings', demo.branch), { qos: 1 });
    await start();
  }, 60_000);

  afterAll(async () => {
    await endAll();
    await client?.endAsync(true);
    await broker?.close();
    rmSync(folder, { recursive: true });
  });

  const send = (order: unknown, retain = true) =>
    client.publishAsync(settingsTopic(demo.branch), JSON.stringify(order), { qos: 1, retain });
  const order = (n: number, state: 'shadow' | 'live' | 'undone', by: Parameters<typeof bank.order>[2] = {}) =>
    bank.order(
      { groups: ['pilot'], set: { 'queue.waitSeconds': 240, 'queue.length': 9 } },
      { branch: demo.branch, n, state },
      by,
    );
  async function row(path = 'queue.waitSeconds') {
    const reply = await fetch(`${url}/api/v1/settings`, { headers: { authorization: `Bearer ${token}` } });
    const { settings } = (await reply.json()) as SettingsPayload;
    return settings.find((one) => one.path === path)!;
  }
  const soon = (look: () => unknown) => vi.waitFor(look, { timeout: 15_000, interval: 100 });

  test('hold where the installer signed them: tried, live, undone, and each is told', async () => {
    const before = await row();
    await send(order(1, 'shadow'));
    await soon(() =>
      expect(told.at(-1)).toMatchObject({
        branch: demo.branch,
        group: 'pilot',
        order: { bundle: 'bundle-1', serial: 1, n: 1, state: 'shadow' },
        tried: { wouldHaveBuzzed: expect.anything(), liveBuzzed: expect.anything() },
        own: ['queue.length'],
        refused: {},
      }),
    );
    expect(told.at(-1)).not.toHaveProperty('inForce');
    expect(await row()).toEqual(before);

    await send(order(2, 'live'));
    await soon(() => expect(told.at(-1)).toMatchObject({ inForce: { bundle: 'bundle-1', serial: 1 } }));
    const fromBank = { bundle: 'bundle-1', value: 240, holds: true };
    expect(await row()).toMatchObject({ value: 240, fromBank });
    expect(await row('queue.length')).toMatchObject({ value: 3, fromBank: { value: 9, holds: false } });

    // Held through a restart, and what comes again then is no news.
    await service.end('SIGTERM');
    await start();
    expect(await row()).toMatchObject({ value: 240, fromBank });

    // Ordered while the box is away, and not retained: what a bridge makes of it.
    await service.end('SIGTERM');
    await send(order(3, 'undone'), false);
    await start();
    await soon(async () => expect(await row()).toEqual(before));
    expect(readFileSync(branchFile(), 'utf8')).toBe(written);
  }, 90_000);

  test('are refused and counted where anybody else signed them, or they were sent before', async () => {
    const before = await row();
    // A watch may not write there at all, whatever it has got hold of.
    const watch = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      username: 'demo',
      password: users.demo,
    });
    await watch.publishAsync(settingsTopic(demo.branch), JSON.stringify(order(9, 'live')), {
      qos: 1,
      retain: true,
    });
    await watch.endAsync();
    await send(order(4, 'live', { installer: newKey() }), false);
    await send(order(4, 'live', { steps: newKey() }), false);
    await send(order(2, 'live'), false);
    await soon(async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      for (const why of ['unknown-key', 'older-step'])
        expect(metrics).toMatch(new RegExp(`lobby_bank_orders_total\\{outcome="${why}"\\} [12]$`, 'm'));
    });
    const { bankOrders } = healthSchema.parse(await (await fetch(`${url}/api/v1/health`)).json());
    expect(bankOrders!.refused).toMatchObject({ 'unknown-key': expect.any(Number), 'older-step': 1 });
    expect(bankOrders).toHaveProperty('lastRefusedAt');
    expect(await row()).toEqual(before);
    expect(told.at(-1)!.order!.n).toBe(3);
    expect(service.printed).toContain('settings of the bank were refused: it is signed by no key');
  }, 30_000);
});
