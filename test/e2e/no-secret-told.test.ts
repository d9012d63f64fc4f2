import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { watchLoginLine } from '../../edge/brokers/watch-logins.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { describeWholeApi } from '../docs/whole-api.ts';
import { demo, endAll, startService } from './service.ts';

/** One for each place a secret can be in; each is known again wherever it turns up. */
const secrets = {
  cameraPassword: 'hunter2-camera',
  cameraQuery: 'hunter2-query',
  cameraInRemark: 'hunter2-remark',
  webhookLogin: 'hunter2-hook-login',
  webhookQuery: 'hunter2-hook-query',
  webhookSecret: Buffer.from('hunter2-webhook-secret-of-bytes!').toString('base64'),
  watchPassword: 'hunter2-watch',
  brokerPassword: 'hunter2-broker',
  brokerInAddress: 'hunter2-address',
  brokerInFile: 'hunter2-file',
  laterLogin: 'hunter2-later',
} as const;

let folder: string;
let data: string;
let branchFile: string;
let hook: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-secrets-'));
  data = join(folder, 'data');
  mkdirSync(join(folder, 'branch'), { mode: 0o700 });
  // A receiver that refuses, so that the log has something to say of it.
  hook = createServer((_request, response) => response.writeHead(401).end());
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const { port } = hook.address() as AddressInfo;
  writeFileSync(join(folder, 'branch', 'hook'), `whsec_${secrets.webhookSecret}\n`, { mode: 0o600 });
  const text = readFileSync(demo.branchFile, 'utf8').replace(
    'source: clip.mp4',
    `source: ${JSON.stringify(demo.clip)}`,
  );
  branchFile = join(folder, 'branch', 'branch.yaml');
  writeFileSync(
    branchFile,
    text.replace(
      /^zones:/m,
      `  # once rtsp://admin:${secrets.cameraInRemark}@127.0.0.1/old
  - id: side
    source: rtsp://admin:${secrets.cameraPassword}@127.0.0.1:1/stream?token=${secrets.cameraQuery}
zones:`,
    ) +
      `
webhooks:
  - { url: "http://me:${secrets.webhookLogin}@127.0.0.1:${port}/prompts?key=${secrets.webhookQuery}", secretFile: hook }
`,
  );
  chmodSync(branchFile, 0o600);
  writeFileSync(join(folder, 'watches'), `${await watchLoginLine('demo', secrets.watchPassword)}\n`, {
    mode: 0o600,
  });
  writeFileSync(join(folder, 'broker'), `${secrets.brokerInFile}\n`, { mode: 0o600 });
});
afterAll(async () => {
  await endAll();
  hook.closeAllConnections();
  await new Promise((resolve) => hook.close(resolve));
  rmSync(folder, { recursive: true });
});

/** Which of the secrets a text holds, as they are or as they travel. */
function heldBy(text: string, more: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({ ...secrets, ...more }).flatMap(([name, secret]) =>
    [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)].some(
      (form) => text.includes(form),
    )
      ? [name]
      : [],
  );
}

const lobby = (...args: readonly string[]) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'edge/main.ts', ...args], {
    cwd: packageRoot,
    encoding: 'utf8',
    env: { ...process.env, LOBBY_BROKER_PASSWORD: secrets.brokerPassword },
  });
  return stdout + stderr;
};

test('no secret is printed, served, published or written by the service, wherever it was given', async () => {
  const service = startService(
    ...['run', '--branch', branchFile, '--data', data, '--log-level', 'debug', '--threads', '1'],
    ...['--port', '0', '--mqtt-port', '0', '--watch-password-file', join(folder, 'watches')],
  );
  const { url, mqttUrl } = await service.addresses();
  const [, token] = await service.says(/#token=(\S+)/);
  const wearer = await mqtt.connectAsync(mqttUrl, { username: 'demo', password: secrets.watchPassword });
  let published = '';
  wearer.on('message', (topic, payload) => {
    published += `${topic} ${payload.toString()}\n`;
  });
  for (const topic of ['prompt', 'prompt/+/state', 'lobby', 'health', 'report']) {
    await wearer.subscribeAsync(`lobby/v1/demo/${topic}`, { qos: 1 });
  }
  await service.says(/side.*(?:cannot be|refused|lost|reach|open)/i, 30);
  await vi.waitFor(() => expect(published).toContain('lobby/v1/demo/prompt {'), { timeout: 40_000 });
  await service.says(/webhook.*/i, 20);

  const headers = { authorization: `Bearer ${token}` };
  let served = '';
  const ask = async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    served += `${method} ${path} ${JSON.stringify([...reply.headers])}\n`;
    const text = path.includes('/live') ? await firstOf(reply) : await reply.text();
    served += `${text}\n`;
    return text;
  };
  // A save keeps the version before, and one with a new login the one after.
  type Setup = { version: number; cameras: Record<string, unknown>[]; zones: unknown[] };
  const setup = JSON.parse(await ask('GET', '/api/v1/setup')) as Setup;
  const cameras = setup.cameras.map(({ hasLogin: _, picture: __, ...camera }) =>
    camera.id === 'side'
      ? {
          ...camera,
          source: 'rtsp://127.0.0.1:2/stream',
          login: { user: 'admin', password: secrets.laterLogin },
        }
      : camera,
  );
  const draft = { version: setup.version, cameras, zones: setup.zones };
  await ask('POST', '/api/v1/setup/preview', draft);
  await ask('PUT', '/api/v1/setup', { ...draft, why: 'another camera' });
  expect(readFileSync(branchFile, 'utf8')).toContain(secrets.laterLogin);
  await ask('POST', '/api/v1/setup/cameras/try', { camera: 'side' });
  await ask('POST', '/api/v1/session', { token: `${token}x` });
  // Everything there is to read, by the description of the API.
  const { paths } = await describeWholeApi();
  const read = Object.entries(paths).flatMap(([path, item]) =>
    'get' in item && !path.includes('{') ? [path] : [],
  );
  expect(read.length).toBeGreaterThan(12);
  for (const path of [...read, '/metrics', '/openapi.json', '/', '/watch', '/nothing'])
    await ask('GET', path);

  // What it goes on to say of the camera that cannot be reached, and as it ends.
  await service.says(/camera side[\s\S]*camera side/, 20);
  await wearer.endAsync();
  await service.end('SIGTERM');

  const written = readdirSync(data, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  expect(written.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['journal.duckdb', 'tokens.json', 'history.jsonl', '000001.yaml', '000002.yaml']),
  );
  const files = written.map(({ parentPath, name }) => ({
    name,
    text: readFileSync(join(parentPath, name), 'latin1'),
  }));
  // The token is shown once, on the terminal of whoever starts it, and is nowhere else.
  const withToken = { token: token! };
  expect(service.printed.split(token!)).toHaveLength(2);
  expect(heldBy(service.printed)).toEqual([]);
  expect(heldBy(served, withToken)).toEqual([]);
  expect(heldBy(published, withToken)).toEqual([]);
  for (const { name, text } of files) expect([name, ...heldBy(text, withToken)]).toEqual([name]);
  // Control: the search finds what is there.
  expect(heldBy(readFileSync(branchFile, 'utf8'))).toEqual(
    expect.arrayContaining(['laterLogin', 'webhookLogin', 'webhookQuery']),
  );
}, 180_000);

test('no secret is in what commands say, nor in a refusal to start', () => {
  const check = lobby('config', 'check', branchFile);
  expect(check).toContain('is a branch file');
  expect(heldBy(check)).toEqual([]);

  const nobody = 'mqtt://127.0.0.1:1';
  const start = (...options: readonly string[]) =>
    lobby(
      'run',
      '--branch',
      branchFile,
      '--port',
      '0',
      '--mqtt-port',
      '0',
      '--data',
      join(folder, 'other'),
      ...options,
    );
  const refusals = [
    start('--broker', `mqtt://box:${secrets.brokerInAddress}@127.0.0.1:1`),
    start('--broker', `mqtt://box:${secrets.brokerInAddress}@192.0.2.1`),
    start('--broker', `http://box:${secrets.brokerInAddress}@127.0.0.1`),
    start('--broker', nobody, '--broker-username', 'box', '--broker-password-file', join(folder, 'broker')),
    start('--broker', nobody, '--broker-username', 'box'),
    start('--broker', nobody, '--pages-broker', `wss://box:${secrets.brokerInAddress}@127.0.0.1`),
    // A file that is meant to be another: what stands in it is not repeated.
    start('--watch-password-file', join(folder, 'broker')),
    start('--tls-cert', join(folder, 'broker'), '--tls-key', join(folder, 'broker')),
  ];
  for (const refusal of refusals) {
    expect(refusal).toMatch(/\(LOBBY_\w+\)/);
    expect(heldBy(refusal)).toEqual([]);
  }

  writeFileSync(join(folder, 'branch', 'broken.yaml'), `${readFileSync(branchFile, 'utf8')}\nwebhooks: 3\n`);
  const broken = lobby('config', 'check', join(folder, 'branch', 'broken.yaml'));
  expect(broken).toContain('(LOBBY_BRANCH_INVALID)');
  expect(heldBy(broken)).toEqual([]);
}, 240_000);

/** The first of a stream that has no end. */
async function firstOf(reply: Response): Promise<string> {
  const reader = reply.body!.getReader();
  let text = '';
  while (!text.includes('event: tick')) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  await reader.cancel();
  return text;
}
