import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { packageRoot } from '../../edge/package-root.ts';
import { freePort } from '../conformance/loopback.ts';
import { mosquitto } from '../e2e/mosquitto.ts';
import type { Identity } from '../peers/certificates.ts';

/** A branch's Mosquitto with the rules and the bridge of `docker/`, and a client in the place of its box. */
export interface BridgedBranch {
  readonly box: MqttClient;
  /** Ends the broker at once, as a cut of its power would, and starts it again. */
  killBroker(): Promise<void>;
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
  execFileSync('mosquitto_passwd', ['-b', passwords, 'lobby', 'the password of the box']);
  const port = await freePort();
  const webPort = await freePort();
  let text = `${readFileSync(join(docker, 'mosquitto.conf'), 'utf8')}\n${readFileSync(join(docker, 'mosquitto-bridge.conf'), 'utf8')}`;
  const put = (what: RegExp, instead: string) => {
    if (!what.test(text)) throw new Error(`the configuration has no ${what}`);
    text = text.replace(what, () => instead);
  };
  put(/^listener 1883$/m, `listener ${port} 127.0.0.1`);
  put(/^listener 9001$/m, `listener ${webPort} 127.0.0.1`);
  put(/(?<=^password_file )\S+$/m, passwords);
  put(/(?<=^acl_file )\S+$/m, join(docker, 'mosquitto.acl'));
  put(/(?<=^persistence_location )\S+$/m, `${folder}/`);
  put(/(?<=^addresses ).+$/m, options.cluster.map((one) => `127.0.0.1:${one}`).join(' '));
  put(/(?<=^bridge_cafile )\S+$/m, options.ca);
  put(/(?<=^bridge_certfile )\S+$/m, options.identity.cert);
  put(/(?<=^bridge_keyfile )\S+$/m, options.identity.key);
  put(/(?<=^restart_timeout ).+$/m, '1 2');
  text = text.replaceAll('harbour', options.branch);
  const configuration = join(folder, 'mosquitto.conf');
  writeFileSync(configuration, `user root\n${text}`);
  let child: ChildProcess;
  const start = async () => {
    child = spawn(mosquitto.command, ['-c', configuration], {
      stdio: process.env.LOBBY_PEERS === 'loud' ? 'inherit' : 'ignore',
    });
    await listening(port);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();
  const box = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: 'lobby',
    password: 'the password of the box',
    reconnectPeriod: 100,
  });
  return {
    box,
    async killBroker() {
      await end('SIGKILL');
      await start();
      if (!box.connected) await new Promise<void>((resolve) => box.once('connect', () => resolve()));
    },
    async close() {
      await box.endAsync(true);
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (const until = performance.now() + 5_000; ; ) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      socket.destroy();
    }
  }
}
