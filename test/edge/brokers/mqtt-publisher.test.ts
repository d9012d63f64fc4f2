import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { withoutLogin } from '../../../edge/brokers/mqtt-publisher.ts';
import { freePort } from '../../conformance/loopback.ts';
import { type BrokerUnderTest, branch, publisherConformance } from '../../conformance/publisher.ts';

const mosquitto = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find(
  existsSync,
);

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function startMosquitto(program: string): Promise<BrokerUnderTest> {
  const login = { username: 'lobby', password: 'a-password-for-tests' };
  const folder = await mkdtemp(join(tmpdir(), 'lobby-mosquitto-'));
  const port = await freePort();
  const passwords = join(folder, 'passwords');
  await writeFile(passwords, '', { mode: 0o600 });
  await promisify(execFile)('mosquitto_passwd', ['-b', passwords, login.username, login.password]);
  const configuration = join(folder, 'mosquitto.conf');
  await writeFile(
    configuration,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous false',
      `password_file ${passwords}`,
      'persistence false',
      'user root',
    ].join('\n'),
  );
  const child = spawn(program, ['-c', configuration], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await vi.waitFor(async () => expect(await canConnect(port)).toBe(true), { timeout: 5_000, interval: 20 });
  return {
    port,
    login,
    watchLogin: login,
    async close() {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

publisherConformance('the embedded broker', () => startEmbeddedBroker({ branch, mqttPort: 0 }));

if (mosquitto !== undefined) {
  publisherConformance('Mosquitto, MQTT 3.1.1', () => startMosquitto(mosquitto));
  publisherConformance('Mosquitto, MQTT 5', () => startMosquitto(mosquitto), 5);
} else {
  test.skipIf(process.env.CI === undefined)(
    'publishing through Mosquitto (needs mosquitto installed)',
    () => {
      expect.fail('Mosquitto is not installed: `apt-get install mosquitto`');
    },
  );
}

describe('an address for the log', () => {
  test.each([
    ['mqtts://box:secret@broker.example:8883', 'mqtts://broker.example:8883'],
    ['wss://broker.example/mqtt?token=secret', 'wss://broker.example/mqtt'],
    ['mqtt://[::1]:1883', 'mqtt://[::1]:1883'],
    ['secret', 'an address that cannot be read'],
  ])('%s is shown as %s', (url, shown) => {
    expect(withoutLogin(url)).toBe(shown);
  });
});
