import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../edge/package-root.ts';
import { freePort } from '../conformance/loopback.ts';
import { mosquitto } from '../e2e/mosquitto.ts';
import type { Certificates } from './certificates.ts';
import { listening } from './listening.ts';

/** Debian's Mosquitto, set up by the very files in `docker/`. */
export interface Mosquitto {
  /** MQTT over TCP, and over WebSocket. */
  readonly port: number;
  readonly webPort: number;
  close(): Promise<void>;
}

/** Passwords of the users it knows: the box, boxes that only look, and the watches of three branches. */
export const users = {
  lobby: 'the password of the box',
  sensor: 'the password of boxes that look',
  demo: 'a password for the demo',
  harbour: 'a password of its watches',
  other: 'a password of the others',
} as const;

/**
 * Starts Mosquitto as `docker/` does, with other ports and paths.
 *
 * @param certificates with them it is `mosquitto-tls.conf`
 * @param change what a test wants otherwise
 */
export async function startMosquitto(
  certificates?: Pick<Certificates, 'ca' | 'server'>,
  change: (configuration: string) => string = (text) => text,
): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'lobby-mosquitto-'));
  const passwords = join(folder, 'passwords');
  await writeFile(passwords, '', { mode: 0o600 });
  for (const [name, password] of Object.entries(users)) {
    await promisify(execFile)('mosquitto_passwd', ['-b', passwords, name, password]);
  }
  const [port, webPort] = [await freePort(), await freePort()];
  const docker = join(packageRoot, 'docker');
  const name = certificates === undefined ? 'mosquitto.conf' : 'mosquitto-tls.conf';
  let text = await readFile(join(docker, name), 'utf8');
  const put = (what: RegExp, instead: string) => {
    if (!what.test(text)) throw new Error(`${name} has no ${what}`);
    text = text.replace(what, () => instead);
  };
  put(/^listener (?:1883|8883)$/m, `listener ${port} 127.0.0.1`);
  put(/^listener (?:9001|9443)$/m, `listener ${webPort} 127.0.0.1`);
  put(/(?<=^password_file )\S+$/m, passwords);
  put(/(?<=^acl_file )\S+$/m, join(docker, 'mosquitto.acl'));
  if (certificates !== undefined) {
    text = text
      .replace(/(?<=^certfile )\S+$/gm, certificates.server.cert)
      .replace(/(?<=^keyfile )\S+$/gm, certificates.server.key)
      .replace(/(?<=^cafile )\S+$/gm, certificates.ca);
  }
  const configuration = join(folder, 'mosquitto.conf');
  // Started as root it would become a user who cannot read the test's files.
  await writeFile(configuration, `${change(text)}\nuser root\n`);
  const child = spawn(mosquitto.command, ['-c', configuration], { stdio: 'ignore' });
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }
    await rm(folder, { recursive: true });
  };
  try {
    await Promise.all([port, webPort].map((one) => listening(one)));
  } catch (error) {
    await close();
    throw error;
  }
  return { port, webPort, close };
}
