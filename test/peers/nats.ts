import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsUsers } from '../../edge/cli/fleet.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { freePort } from '../conformance/loopback.ts';
import type { Certificates } from './certificates.ts';
import type { NetworkMachine } from './namespaces.ts';
import { natsServer } from './tools.ts';

/** Debian's nats-server, three times, set up by the very file in `docker/fleet`. */
export interface NatsCluster {
  /** Ports of MQTT, one a node. */
  readonly ports: readonly number[];
  /** Where MQTT is spoken, one a node. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** What a node has logged. */
  logOf(node: number): string;
  pidOf(node: number): number | undefined;
  /** Ends a node at once, as a cut of its power would. */
  kill(node: number): Promise<void>;
  start(node: number): Promise<void>;
  close(): Promise<void>;
}

export async function startNats(
  certificates: Pick<Certificates, 'ca' | 'server'>,
  branches: readonly string[],
  {
    users = natsUsers(branches, 'lobby-fleet'),
    nodes = 3,
    ackWait = '2s',
    machines = [],
  }: {
    users?: string;
    nodes?: number;
    ackWait?: string;
    /** What each node runs on; absent: all on this one. */
    machines?: readonly NetworkMachine[];
  } = {},
): Promise<NatsCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-nats-'));
  const each = await Promise.all(
    Array.from({ length: nodes }, async (_, i) => ({
      name: `node-${i + 1}`,
      host: machines[i]?.address ?? '127.0.0.1',
      within: machines[i]?.within ?? [],
      ports: { own: await freePort(), cluster: await freePort(), mqtt: await freePort() },
    })),
  );
  const template = readFileSync(join(packageRoot, 'docker', 'fleet', 'nats.conf'), 'utf8');
  const routes = each.map(({ host, ports }) => `    tls://${host}:${ports.cluster}\n`).join('');
  const children: (ChildProcess | undefined)[] = [];
  const logs = each.map(() => '');
  for (const { name, host, ports } of each) {
    const own = join(folder, name);
    mkdirSync(own);
    let text = template;
    const put = (what: RegExp, instead: string) => {
      if (!what.test(text)) throw new Error(`nats.conf has no ${what}`);
      text = text.replace(what, () => instead);
    };
    put(/^listen: 127\.0\.0\.1:4222$/m, `listen: 127.0.0.1:${ports.own}`);
    put(/(?<=store_dir: )\S+$/m, own);
    put(/(?<=max_file_store: )\S+$/m, '512MB');
    // What was not acknowledged comes again sooner than a bank would have it.
    put(/(?<=ack_wait: )\S+$/m, `"${ackWait}"`);
    put(/(?<=listen: )0\.0\.0\.0:6222$/m, `${host}:${ports.cluster}`);
    put(/(?<=listen: )0\.0\.0\.0:8883$/m, `${host}:${ports.mqtt}`);
    put(/(?: {4}tls:\/\/nats-\d.*\n)+/m, routes);
    put(/(?<=cert_file: )\S+$/gm, certificates.server.cert);
    put(/(?<=key_file: )\S+$/gm, certificates.server.key);
    put(/(?<=ca_file: )\S+$/gm, certificates.ca);
    writeFileSync(join(own, 'nats.conf'), text);
    writeFileSync(join(own, 'branches.conf'), users);
  }

  const start = async (node: number) => {
    const { name, within } = each[node]!;
    const [command, ...args] = [...within, natsServer.command, '-c', join(folder, name, 'nats.conf')];
    const child = spawn(command!, args, {
      env: { PATH: process.env.PATH ?? '', LOBBY_NODE: name },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children[node] = child;
    logs[node] = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      logs[node] += text;
    });
    child.on('error', (error) => {
      logs[node] += error.message;
    });
  };
  const kill = async (node: number) => {
    const child = children[node];
    children[node] = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const close = async () => {
    await Promise.all(each.map((_, node) => kill(node)));
    rmSync(folder, { recursive: true, force: true });
  };
  await Promise.all(each.map((_, node) => start(node)));
  try {
    // Until they have chosen who leads, nothing is kept and nobody is let in.
    for (const end = performance.now() + 20_000; ; ) {
      const isLed = logs.some((log) => log.includes('JetStream cluster new metadata leader'));
      if (isLed && logs.every((log) => log.includes('Listening for MQTT clients'))) break;
      if (performance.now() > end) throw new Error(`the cluster does not come up: ${logs.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ports: each.map(({ ports }) => ports.mqtt),
    addresses: each.map(({ host, ports }) => ({ host, port: ports.mqtt })),
    logOf: (node) => logs[node]!,
    pidOf: (node) => children[node]?.pid,
    kill,
    start,
    close,
  };
}
