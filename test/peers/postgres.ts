import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../conformance/loopback.ts';
import { postgres } from './tools.ts';

/** Debian's PostgreSQL, in a folder of its own, on loopback. */
export interface Postgres {
  /** An address with a user who may do all. */
  readonly url: string;
  /** Ends it as a restart does, and starts it again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Of the process that the others are children of. */
  pid(): number | undefined;
  close(): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
function whoRuns(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-postgres-'));
  const who = whoRuns();
  chmodSync(folder, 0o700);
  if (who.uid !== undefined) chownSync(folder, who.uid, who.gid!);
  const data = join(folder, 'data');
  const initdb = join(dirname(postgres.command), 'initdb');
  const plain = { ...who, cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' } };
  execFileSync(initdb, ['-D', data, '-A', 'trust', '-U', 'lobby', '-E', 'UTF8', '--no-sync'], {
    ...plain,
    stdio: 'ignore',
  });
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const options = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder };
    const settings = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const started = spawn(postgres.command, ['-D', data, ...settings], {
      ...plain,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      started.stderr!.setEncoding('utf8').on('data', (text: string) => {
        said = `${said}${text}`.slice(-4_000);
        if (said.includes('ready to accept connections')) resolve();
      });
      started.once('exit', () => reject(new Error(`PostgreSQL ended: ${said}`)));
    });
  };
  const stop = async () => {
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    // Fast: sessions are cut, what was committed is written.
    child.kill('SIGINT');
    await ended;
    child = undefined;
  };
  await start();
  return {
    url: `postgres://lobby@127.0.0.1:${port}/postgres`,
    start,
    stop,
    pid: () => child?.pid,
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
