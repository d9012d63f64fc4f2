import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { allLines, askJournal } from '../../edge/journals/ask-journal.ts';
import { freePort, layWire } from '../conformance/loopback.ts';
import { ownBroker } from '../e2e/mosquitto.ts';
import { branch, type ChaosOrders } from './branch.ts';
import { createChance } from './chance.ts';
import { type Judgement, judge } from './judge.ts';
import { wearWrist } from './wrist.ts';

export interface ChaosOptions {
  readonly prompts: number;
  /** The troubles, their order and their lengths follow from it; how the machine takes them does not. */
  readonly seed: number;
  readonly broker: 'mosquitto' | 'embedded';
  readonly perSecond?: number;
  /** How long things go well between two troubles of a kind, on average. */
  readonly wellSeconds?: number;
  readonly onProgress?: (raised: number) => void;
}

export interface ChaosReport extends Judgement {
  readonly broker: ChaosOptions['broker'];
  readonly seed: number;
  readonly seconds: number;
  readonly serviceKilled: number;
  /** The embedded broker dies with the service. */
  readonly brokerKilled: number;
  readonly serviceCutOff: number;
  readonly wristsCutOff: number;
  /** Lines of the journal that could not be read. */
  readonly tornLines: number;
}

/** Troubles of a kind last up to so long. */
const longestTroubleSeconds = 1.5;

/**
 * Raises prompts through the real core, journal, outbox, publisher and broker to three wrists, and meanwhile kills
 * the service and the broker and cuts the wires between them, each at its own random times.
 *
 *     service ──wire──▶ broker ──wire──▶ wrists (manager, manager, deputy)
 *        ✕        ✂        ✕        ✂
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { prompts, seed, perSecond = 60, wellSeconds = 3 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'lobby-chaos-'));
  const own = options.broker === 'mosquitto' ? await ownBroker() : undefined;
  await own?.start();
  const brokerPort = own === undefined ? await freePort() : Number(new URL(own.url).port);
  const toService = await layWire(brokerPort);
  const toWrists = await layWire(brokerPort);
  const orders: ChaosOrders = {
    data: join(folder, 'data'),
    seed,
    perSecond,
    brokerPort: toService.port,
    ...(own === undefined ? { embeddedPort: brokerPort } : { login: own.login }),
  };
  const raised: string[] = [];
  const listeners = new Set<() => void>();
  let isIdle = false;
  let isStopping = false;
  let service: ChildProcess;

  /** Resolves when it has raised something: on a busy machine a start takes as long as it is left in peace. */
  function startService(): Promise<unknown> {
    isIdle = false;
    const child = fork(join(import.meta.dirname, 'service.ts'), [JSON.stringify(orders)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    let rest = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (line !== 'idle') raised.push(line);
        else if (child === service) isIdle = true;
      }
      for (const listener of listeners) listener();
    });
    if (isStopping) child.send('stop');
    service = child;
    return Promise.race([once(child.stdout!, 'data'), once(child, 'close')]);
  }
  async function killService(): Promise<void> {
    const gone = once(service, 'close');
    service.kill('SIGKILL');
    await gone;
  }
  const until = (what: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!what()) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });

  const roles = ['manager', 'manager', 'deputy'] as const;
  const wrists = roles.map((role, n) =>
    wearWrist({
      port: toWrists.port,
      branch: branch.id,
      watch: `w-${n}`,
      role,
      ...(own === undefined ? {} : { login: own.login }),
      chance: createChance(seed + 100 + n),
    }),
  );
  const counts = { serviceKilled: 0, brokerKilled: 0, serviceCutOff: 0, wristsCutOff: 0 };
  const ending = new AbortController();
  /** One kind of trouble, again and again, until it has been enough. */
  async function trouble(
    name: keyof typeof counts,
    begin: () => unknown,
    end: () => unknown,
    number: number,
  ): Promise<void> {
    const chance = createChance(seed * 7 + number);
    for (;;) {
      await wait(1000 * wellSeconds * chance.between(0.4, 1.6), undefined, { signal: ending.signal }).catch(
        () => undefined,
      );
      if (ending.signal.aborted) return;
      counts[name] += 1;
      await begin();
      // Most are short; now and then one outlasts the prompts.
      await wait(1000 * longestTroubleSeconds * chance.next() ** 2 * (chance.next() < 0.1 ? 3 : 1));
      await end();
    }
  }

  const began = performance.now();
  try {
    await startService();
    const troubles = [
      trouble('serviceKilled', killService, startService, 1),
      trouble('serviceCutOff', toService.cut, toService.mend, 2),
      trouble('wristsCutOff', toWrists.cut, toWrists.mend, 3),
      ...(own === undefined ? [] : [trouble('brokerKilled', own.kill, own.start, 4)]),
    ];
    let told = 0;
    await until(() => {
      if (raised.length - told >= 500) {
        told = raised.length;
        options.onProgress?.(told);
      }
      const { brokerKilled, ...others } = counts;
      const each = own === undefined ? Object.values(others) : [...Object.values(others), brokerKilled];
      return raised.length >= prompts && each.every((times) => times > 0);
    });
    ending.abort();
    await Promise.all(troubles);
    isStopping = true;
    service!.send('stop');
    await until(() => isIdle);
    // What the broker confirmed last is on its way to the wrists.
    await wait(300);
    const seconds = (performance.now() - began) / 1000;
    // Once more, without a goodbye: what is read is what a kill leaves.
    await killService();
    const asked = await askJournal(orders.data);
    const journal = await allLines(asked).finally(asked.close);
    const tornLines = journal.reduce((sum, line) => sum + (line.kind === 'gap' ? line.lines : 0), 0);
    const judgement = judge({ raised, journal, wrists: wrists.map(({ log }) => log) });
    return { broker: options.broker, seed, seconds, ...counts, tornLines, ...judgement };
  } finally {
    ending.abort();
    service!.kill('SIGKILL');
    for (const wrist of wrists) await wrist.close();
    await Promise.all([toService.close(), toWrists.close(), own?.close()]);
    await rm(folder, { recursive: true });
  }
}
