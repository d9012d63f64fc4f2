import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LobbyPayload, type PromptPayload, topicsOf } from '../../src/contract/topics.ts';
import { startMosquitto, users } from '../peers/mosquitto.ts';
import { titled } from '../peers/tools.ts';
import { mosquitto } from './mosquitto.ts';
import { demo, endAll, startService } from './service.ts';

const topics = topicsOf(demo.branch);
/** And until a prompt has come meanwhile: a machine under load takes longer to its first. */
const floodSeconds = 10;
const mostFloodSeconds = 40;
const perSecond = 1_000;

let folder: string;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobby-flood-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await endAll();
  await rm(folder, { recursive: true });
});

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

/** By a connection of its own. */
async function ask(url: string): Promise<{ status: number; body: string }> {
  const reply = await fetch(url, { headers: { connection: 'close' } });
  return { status: reply.status, body: await reply.text() };
}

/**
 * A thousand messages a second for ten seconds, of every kind of nonsense, by one that comes again when it is cut
 * off; and beside it a watch on duty that wants its prompts.
 */
async function holdsOut(
  options: readonly string[],
  login: { username?: string; password?: string },
  url?: string,
) {
  const service = startService('demo', '--threads', '1', '--port', '0', ...options);
  const { url: pages, mqttUrl } = await service.addresses();
  const broker = url ?? mqttUrl;

  const watch = await mqtt.connectAsync(broker, login);
  closing.push(() => watch.endAsync(true));
  const prompts: { late: number; at: number }[] = [];
  let lobby: LobbyPayload | undefined;
  watch.on('message', (topic, payload) => {
    if (topic === topics.lobby) lobby = JSON.parse(payload.toString()) as LobbyPayload;
    else {
      const { raisedAt, watches } = JSON.parse(payload.toString()) as PromptPayload;
      if (watches?.includes('w-1')) prompts.push({ late: Date.now() - Date.parse(raisedAt), at: Date.now() });
    }
  });
  await watch.subscribeAsync([topics.prompt, topics.lobby], { qos: 1 });
  const duty = { v: 1, watch: 'w-1', role: 'manager', onDuty: true };
  await watch.publishAsync(topics.duty, JSON.stringify(duty), { qos: 1 });

  const before = residentMegabytes(service.child.pid!);
  const rude = mqtt.connect(broker, { ...login, reconnectPeriod: 1, queueQoSZero: false });
  rude.on('error', () => undefined);
  closing.push(() => rude.endAsync(true).catch(() => undefined));
  const id = '0'.repeat(26);
  const nonsense = [
    (n: number) => [topics.ack, JSON.stringify({ v: 1, id, answer: 'met', role: 'deputy', watch: `x-${n}` })],
    (n: number) => [topics.duty, JSON.stringify({ v: 1, watch: `x-${n}`, role: 'deputy', onDuty: true })],
    () => [topics.ack, '{"v":1'],
    (n: number) => [topics.ack, 'x'.repeat(n % 10_000)],
  ] as const;
  let said = 0;
  let most = before;
  const began = Date.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const seconds = (Date.now() - began) / 1_000;
      for (; said < seconds * perSecond; said += 1) {
        const [topic, payload] = nonsense[said % nonsense.length]!(said);
        if (rude.connected) rude.publish(topic!, payload!, { qos: 0 });
      }
      most = Math.max(most, residentMegabytes(service.child.pid!));
      if (seconds < floodSeconds || (prompts.length === 0 && seconds < mostFloodSeconds)) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
  await rude.endAsync(true);

  const during = prompts.filter(({ at }) => at >= began);
  expect(during.length).toBeGreaterThan(0);
  for (const { late } of during) expect(late).toBeLessThan(2_000);
  // The clip takes more by itself while it is first played; a flood that is kept would take hundreds.
  expect(most - before).toBeLessThan(150);

  expect([service.child.exitCode, service.child.signalCode], service.printed).toEqual([null, null]);
  const { body: metrics } = await ask(`${pages}/metrics`);
  const refused = (reason: string) =>
    Number(new RegExp(`lobby_answers_refused\\{reason="${reason}"\\} (\\d+)`).exec(metrics)![1]);
  expect((await ask(`${pages}/api/v1/health`)).status).toBe(200);
  expect([service.child.exitCode, service.child.signalCode], service.printed).toEqual([null, null]);
  expect(lobby?.onDuty).toBeGreaterThanOrEqual(1);
  // The watch is still known, and heard: going off duty is told.
  const onDuty = lobby!.onDuty!;
  await watch.publishAsync(topics.duty, JSON.stringify({ ...duty, onDuty: false }), { qos: 1 });
  await expect.poll(() => lobby?.onDuty, { timeout: 10_000 }).toBe(onDuty - 1);
  const { by } = await service.end('SIGTERM');
  expect(by, service.printed).toBe(0);
  return { refused, said, during };
}

describe('A thousand messages a second for ten seconds', () => {
  test('through the broker inside the service: the flood is cut off, prompts arrive in time', async () => {
    const { refused } = await holdsOut(['--mqtt-port', '0'], {});
    expect(refused('too-many')).toBeGreaterThan(0);
    expect(refused('not-json')).toBeGreaterThan(0);
    expect(refused('unknown')).toBeGreaterThan(0);
  }, 90_000);

  test.skipIf(mosquitto.absent)(
    titled('through Mosquitto: nearly all of it is counted, prompts arrive in time', mosquitto.absent),
    async () => {
      const broker = await startMosquitto();
      closing.push(() => broker.close());
      const passwordFile = join(folder, 'password');
      await writeFile(passwordFile, users.lobby, { mode: 0o600 });
      const url = `mqtt://127.0.0.1:${broker.port}`;
      const { refused, said } = await holdsOut(
        ['--broker', url, '--broker-username', 'lobby', '--broker-password-file', passwordFile],
        { username: demo.branch, password: users.demo },
        url,
      );
      const counted = ['too-many', 'not-json', 'unknown', 'too-large', 'full', 'nothing-new', 'unfit'].reduce(
        (sum, reason) => sum + refused(reason),
        0,
      );
      // What is not refused are the made-up watches that found room.
      expect(counted).toBeGreaterThan(0.95 * said);
      expect(refused('unknown')).toBeGreaterThan(1_000);
    },
    90_000,
  );
});
