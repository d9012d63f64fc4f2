import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { watchLoginLine } from '../../edge/brokers/watch-logins.ts';
import { type Certificates, makeCertificates } from '../peers/certificates.ts';
import { openssl, titled } from '../peers/tools.ts';
import { chromiumPath, openBrowser } from './branch.ts';
import { noChromium } from './console-page.ts';
import { demo, endAll, startService } from './service.ts';

const anyPorts = ['--port', '0', '--mqtt-port', '0', '--threads', '1'] as const;
const run = (...options: readonly string[]) =>
  startService('run', '--branch', demo.branchFile, ...anyPorts, ...options);

afterEach(endAll);

describe('A start that would open the box to others', () => {
  test.each([
    ['run, without TLS', ['--host', '0.0.0.0'], 'LOBBY_OPEN_WITHOUT_TLS', '--open-without-tls'],
    [
      'run, without a login',
      ['--host', '0.0.0.0', '--open-without-tls'],
      'LOBBY_OPEN_WITHOUT_LOGIN',
      '--open-without-login',
    ],
    [
      'run, with a broker elsewhere without TLS',
      ['--broker', 'mqtt://lobby:secret@192.0.2.20'],
      'LOBBY_BROKER_WITHOUT_TLS',
      '--open-without-tls',
    ],
    [
      'run, with a broker elsewhere without a login',
      ['--broker', 'mqtts://192.0.2.20'],
      'LOBBY_BROKER_WITHOUT_LOGIN',
      '--open-without-login',
    ],
  ] as const)('is refused: %s', async (_, options, code, remedy) => {
    const service = run(...options);
    const { by } = await service.ended;
    expect(by).toBe(1);
    expect(service.printed).toContain(`(${code})`);
    expect(service.printed).toContain(remedy);
    // Nothing listened, and no token was shown that nobody could have used.
    expect(service.printed).not.toMatch(/https?:\/\/[\d.]+:\d|secret|#token/);
  });

  test('is refused of the demo too', async () => {
    const service = startService('demo', '--host', '0.0.0.0', ...anyPorts);
    expect((await service.ended).by).toBe(1);
    expect(service.printed).toContain('(LOBBY_OPEN_WITHOUT_TLS)');
  });

  test('is made when it is told so in so many words, and says at each start what that means', async () => {
    const service = run('--host', '0.0.0.0', '--open-without-tls', '--open-without-login');
    const { url } = await service.addresses();
    expect(service.printed).toMatch(/goes over the network of 0\.0\.0\.0 as it is.*--open-without-tls/);
    expect(service.printed).toMatch(/whoever reaches 0\.0\.0\.0 may read the lobby and answer prompts/);
    expect((await fetch(`${url}/api/v1/lobby`)).status).toBe(200);
  });
});

describe.skipIf(openssl.absent)(titled('A box with TLS and logins', openssl.absent), () => {
  let folder: string;
  let certificates: Certificates;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lobby-beyond-'));
    certificates = await makeCertificates();
    writeFileSync(join(folder, 'watches'), `${await watchLoginLine('demo', 'correct horse')}\n`, {
      mode: 0o600,
    });
  });
  afterAll(async () => {
    await certificates?.remove();
    await rm(folder, { recursive: true });
  });

  test('is reached from elsewhere by whoever shows who they are, and by nobody else', async () => {
    const { server, ca } = certificates;
    const service = run(
      ...['--host', '0.0.0.0', '--tls-cert', server.cert, '--tls-key', server.key],
      ...['--watch-password-file', join(folder, 'watches')],
    );
    const [, port] = await service.says(/pages on https:\/\/127\.0\.0\.1:(\d+)/);
    const [, mqttPort] = await service.says(/MQTT on mqtts:\/\/0\.0\.0\.0:(\d+)/);
    const [, token] = await service.says(/#token=(\S+)/);
    const authority = readFileSync(ca);
    const ask = (path: string, authorization?: string) =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        const headers = authorization === undefined ? {} : { authorization };
        get(`https://127.0.0.1:${port}${path}`, { ca: authority, headers }, (reply) => {
          let body = '';
          reply.setEncoding('utf8').on('data', (text: string) => {
            body += text;
          });
          reply.on('end', () => resolve({ status: reply.statusCode!, body }));
        }).on('error', reject);
      });
    const watch = `Basic ${Buffer.from('demo:correct horse').toString('base64')}`;

    expect(Object.keys(JSON.parse((await ask('/api/v1/health')).body))).toEqual(['v', 'state']);
    expect((await ask('/api/v1/lobby')).status).toBe(401);
    expect((await ask('/api/v1/lobby', `Bearer ${token}`)).status).toBe(200);
    expect((await ask('/metrics')).status).toBe(401);
    expect((await ask('/api/v1/branch')).status).toBe(401);
    expect((await ask('/api/v1/branch', watch)).status).toBe(200);
    expect((await ask('/watch')).status).toBeOneOf([200, 503]);

    const broker = `mqtts://127.0.0.1:${mqttPort}`;
    const once = { ca: authority, reconnectPeriod: 0 };
    await expect(mqtt.connectAsync(broker, once)).rejects.toThrow(/Bad user ?name/i);
    const watcher = await mqtt.connectAsync(broker, { ...once, username: 'demo', password: 'correct horse' });
    expect(watcher.connected).toBe(true);
    await watcher.endAsync(true);
  });
});

describe.skipIf(noChromium)(titled('Pages of a box that asks who one is', noChromium), () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lobby-asks-'));
    writeFileSync(join(folder, 'watches'), `${await watchLoginLine('demo', 'correct horse')}\n`, {
      mode: 0o600,
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('the watch begins with the login behind its address and not without; the door tells the state alone', async () => {
    const service = run(
      ...['--host', '0.0.0.0', '--open-without-tls'],
      ...['--watch-password-file', join(folder, 'watches')],
    );
    const [, port] = await service.says(/pages on http:\/\/127\.0\.0\.1:(\d+)/);
    const url = `http://127.0.0.1:${port}`;
    const browser = await openBrowser(chromiumPath!);
    try {
      const offDuty = await (await browser.newContext()).newPage();
      const asked = offDuty.waitForResponse((reply) => reply.url().endsWith('/api/v1/branch'));
      await offDuty.goto(`${url}/watch?lang=en&duty=on`);
      expect((await asked).status()).toBe(401);

      const watch = await (await browser.newContext()).newPage();
      const told = watch.waitForResponse((reply) => reply.url().endsWith('/api/v1/branch'));
      await watch.goto(`${url}/watch?lang=en&duty=on#login=demo:correct%20horse`);
      expect((await told).status()).toBe(200);
      // The demo's customers may have come before the page did: then a prompt is on it, and not the idle screen.
      const onDuty = '.screen-idle, .screen-prompt, .screen-notice, .screen-unseen';
      await watch.locator(onDuty).first().waitFor({ timeout: 20_000 });
      // The one without is still where it was, trying.
      expect(await offDuty.locator(onDuty).count()).toBe(0);

      const door = await (await browser.newContext()).newPage();
      await door.goto(`${url}/?lang=en`);
      await door.locator('.door [role="status"]:not(:empty)').waitFor();
      const links = await door
        .locator('.box-links a')
        .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
      expect(links).toEqual(['/watch?lang=en', '/docs', '/api/v1/health']);
    } finally {
      await browser.close();
    }
  });
});
