import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { packageRoot } from '../../edge/package-root.ts';
import { freePort } from '../conformance/loopback.ts';
import { mosquitto } from '../e2e/mosquitto.ts';
import type { Identity } from '../peers/certificates.ts';
import { listening } from '../peers/listening.ts';

/** The line to a node of the bank: cut, or with the node dead, nothing takes a connection. */
export interface Line {
  readonly port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Unlike a wire that takes a connection and drops it: that hangs the Mosquitto that Debian 12 has, within TLS. */
export async function openLine(to: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const port = await freePort();
  const mend = () => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  await mend();
  return {
    port,
    mend,
    async cut() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A branch's Mosquitto and the one on the way to the bank, by the files in `docker/`; and a client in place of the box. */
export interface BridgedBranch {
  readonly box: MqttClient;
  /** Where a box of one's own finds the branch's broker, with its login. */
  readonly address: string;
  /** Ends the one on the way at once, as a cut of its power would, and starts it again. */
  killUplink(): Promise<void>;
  /** Lets it stand still, as a hung one does, and go on. */
  pauseUplink(isPaused: boolean): void;
  close(): Promise<void>;
}

export async function startBridgedBranch(options: {
  readonly branch: string;
  readonly cluster: readonly number[];
  readonly ca: string;
  readonly identity: Identity;
}): Promise<BridgedBranch> {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-branch-'));
  const docker = join(packageRoot, 'docker');
  const passwords = join(folder, 'passwords');
  writeFileSync(passwords, '', { mode: 0o600 });
  for (const user of ['lobby', 'uplink'])
    execFileSync('mosquitto_passwd', ['-b', passwords, user, `password of ${user}`]);
  const port = await freePort();
  const uplinkPort = await freePort();
  const configure = (name: string, changes: readonly (readonly [RegExp, string])[]) => {
    let text = readFileSync(join(docker, name), 'utf8');
    for (const [what, instead] of changes) {
      if (!what.test(text)) throw new Error(`${name} has no ${what}`);
      text = text.replace(what, () => instead);
    }
    const file = join(folder, name);
    // Started as root it would become a user who cannot read the test's files.
    writeFileSync(file, `user root\n${text.replaceAll('harbour', options.branch)}`);
    return file;
  };
  const own = configure('mosquitto.conf', [
    [/^listener 1883$/m, `listener ${port} 127.0.0.1`],
    [/^listener 9001$/m, `listener ${await freePort()} 127.0.0.1`],
    [/(?<=^password_file )\S+$/m, passwords],
    [/(?<=^acl_file )\S+$/m, join(docker, 'mosquitto.acl')],
  ]);
  const kept = join(folder, 'uplink');
  mkdirSync(kept);
  const uplink = configure('mosquitto-uplink.conf', [
    [/^listener 1889 127\.0\.0\.1$/m, `listener ${uplinkPort} 127.0.0.1`],
    [/(?<=^persistence_location )\S+$/m, `${kept}/`],
    [/^address mosquitto:8883\n(?:bridge_.*\n){3}/m, `address 127.0.0.1:${port}\n`],
    [/(?<=^remote_password ).+$/m, 'password of uplink'],
    [/(?<=^addresses ).+$/m, options.cluster.map((one) => `127.0.0.1:${one}`).join(' ')],
    [/(?<=^bridge_cafile )\S+$/m, options.ca],
    [/(?<=^bridge_certfile )\S+$/m, options.identity.cert],
    [/(?<=^bridge_keyfile )\S+$/m, options.identity.key],
    [/(?<=^restart_timeout )5 60$/m, '1 2'],
  ]);
  const children = new Map<string, ChildProcess>();
  const start = async (file: string, at: number) => {
    children.set(
      file,
      spawn(mosquitto.command, ['-c', file], {
        stdio: process.env.LOBBY_PEERS === 'loud' ? 'inherit' : 'ignore',
      }),
    );
    await listening(at);
  };
  const end = async (file: string) => {
    const child = children.get(file)!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start(own, port);
  await start(uplink, uplinkPort);
  const box = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: 'lobby',
    password: 'password of lobby',
    reconnectPeriod: 100,
  });
  return {
    box,
    address: `mqtt://lobby:${encodeURIComponent('password of lobby')}@127.0.0.1:${port}`,
    async killUplink() {
      await end(uplink);
      await start(uplink, uplinkPort);
    },
    pauseUplink(isPaused) {
      children.get(uplink)!.kill(isPaused ? 'SIGSTOP' : 'SIGCONT');
    },
    async close() {
      box.end(true);
      await end(uplink);
      await end(own);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
