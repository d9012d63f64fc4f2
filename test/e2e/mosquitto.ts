import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../conformance/loopback.ts';
import type { Tool } from '../peers/tools.ts';

const places = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];
const found = places.find((place) => existsSync(place));

export const mosquitto: Tool =
  found !== undefined || process.env.CI
    ? { command: found ?? 'mosquitto' }
    : { command: 'mosquitto', absent: 'Mosquitto is not installed' };

/** A bank's own broker: Mosquitto with a password file, on a port of this machine that stays the same. */
export interface OwnBroker {
  /** Without a login. */
  readonly url: string;
  readonly login: { readonly username: string; readonly password: string };
  /** With a login, as `--broker` takes it. */
  address(password?: string): string;
  /** @param more lines of its configuration, such as `max_connections 1` */
  start(more?: readonly string[]): Promise<void>;
  /** As when its power goes: nothing is said to anybody, and nothing retained is kept. */
  kill(): Promise<void>;
  /** Stops it in its tracks: connections stand, and nothing is answered. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export async function ownBroker(): Promise<OwnBroker> {
  const login = { username: 'lobby', password: 'p@ss for tests' };
  const folder = await mkdtemp(join(tmpdir(), 'lobby-own-broker-'));
  const port = await freePort();
  const passwords = join(folder, 'passwords');
  await writeFile(passwords, '', { mode: 0o600 });
  execFileSync('mosquitto_passwd', ['-b', passwords, login.username, login.password], { stdio: 'ignore' });
  const configuration = join(folder, 'mosquitto.conf');
  const settings = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous false',
    `password_file ${passwords}`,
    'persistence false',
    'user root',
  ];
  let child: ChildProcess | undefined;
  const kill = async () => {
    const last = child;
    child = undefined;
    if (last === undefined || last.exitCode !== null) return;
    const gone = once(last, 'exit');
    last.kill('SIGKILL');
    await gone;
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    login,
    address: (password = login.password) =>
      `mqtt://${login.username}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async start(more = []) {
      await writeFile(configuration, [...settings, ...more].join('\n'));
      child = spawn(mosquitto.command, ['-c', configuration], { stdio: 'ignore' });
      await answering(port, 5_000);
    },
    kill,
    async close() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

/** Not by the test runner's means: this also runs outside of it. */
async function answering(port: number, withinMs: number): Promise<void> {
  for (const until = performance.now() + withinMs; ; ) {
    try {
      return await canConnect(port);
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
