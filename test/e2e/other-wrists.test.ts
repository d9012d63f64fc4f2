import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { Webhook as Receiver } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { discoveryTopic } from '../../edge/home-assistant/discovery.ts';
import { promptSchema } from '../../src/contract/topics.ts';
import { demo, endAll, startService } from './service.ts';

const secret = `whsec_${Buffer.from('a secret for tests of 32 bytes!!').toString('base64')}`;
let folder: string;
let server: Server;
let posts: { headers: Record<string, string>; body: string }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobby-others-'));
  posts = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      posts.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await endAll();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await rm(folder, { recursive: true });
});

/** The demo's branch with more keys, in a folder of its own. */
async function branchWith(...more: readonly string[]): Promise<string> {
  const text = (await readFile(demo.branchFile, 'utf8')).replace(/clip\.mp4/, demo.clip);
  const file = join(folder, 'branch.yaml');
  await writeFile(file, `${text}\n${more.join('\n')}\n`);
  return file;
}
const run = (file: string, ...more: readonly string[]) =>
  startService(
    ...['run', '--branch', file, '--port', '0', '--mqtt-port', '0', '--data', join(folder, 'data')],
    ...more,
  );

describe('Other wrists of a running service', () => {
  it('get its prompts: a webhook by post, and Home Assistant by a device', async () => {
    await writeFile(join(folder, 'secret'), secret);
    const { port } = server.address() as AddressInfo;
    const service = run(
      await branchWith(
        'webhooks:',
        `  - { url: "http://branch:hunter2@127.0.0.1:${port}/lobby", secretFile: secret, kinds: [greet] }`,
      ),
      '--home-assistant',
    );
    const { url, mqttUrl } = await service.addresses();
    const client = await mqtt.connectAsync(mqttUrl);
    const heard: string[] = [];
    client.on('message', (_topic, payload) => heard.push(payload.toString()));
    await client.subscribeAsync(discoveryTopic(demo.branch), { qos: 1 });
    await vi.waitFor(() => expect(heard).toHaveLength(1), 5_000);
    expect(JSON.parse(heard[0]!)).toMatchObject({ device: { identifiers: ['lobby-sense-demo'] } });
    await client.endAsync();

    await vi.waitFor(() => expect(posts.length).toBeGreaterThan(0), 20_000);
    const { body, headers } = posts[0]!;
    expect(promptSchema.parse(new Receiver(secret).verify(body, headers))).toMatchObject({ kind: 'greet' });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/lobby_webhook_messages_total\{outcome="sent"\} [1-9]/);
    await service.end('SIGTERM');
    expect(service.printed).not.toContain('hunter2');
  }, 60_000);

  it('do not begin without their secret: nothing is posted unsigned', async () => {
    const service = run(
      await branchWith('webhooks:', '  - { url: "http://127.0.0.1:9/lobby", secretFile: missing }'),
    );
    expect(await service.ended).toMatchObject({ by: 1 });
    expect(service.printed).toContain('there is no secret for the webhook');
  }, 30_000);
});
