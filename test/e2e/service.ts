import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { vi } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import {
  type HealthPayload,
  type LobbyPayload,
  messages,
  type PromptPayload,
  type PromptStatePayload,
  topicsOf,
} from '../../src/contract/topics.ts';

/** The branch every one of these tests runs, and the clip its camera plays. */
export const demo = {
  folder: join(packageRoot, 'edge', 'demo'),
  branchFile: join(packageRoot, 'edge', 'demo', 'branch.yaml'),
  clip: join(packageRoot, 'edge', 'demo', 'clip.mp4'),
  branch: 'demo',
} as const;

/** How many want a core where there is one: by so much what takes a while may take longer. */
export const busy = (): number => Math.max(1, loadavg()[0]! / availableParallelism());

/** The command as a person starts it: a process of its own, known by what it prints. */
export interface Service {
  readonly child: ChildProcess;
  /** Both outputs so far, in order of coming. */
  readonly printed: string;
  /** Waits until something is printed; fails at once if the process ends without. */
  says(pattern: RegExp, withinSeconds?: number): Promise<RegExpExecArray>;
  /** Pages and broker, once they are there. */
  addresses(withinSeconds?: number): Promise<{ url: string; mqttUrl: string }>;
  /** Resolves when the process has ended: with its exit code, or the signal that ended it. */
  readonly ended: Promise<{ readonly by: number | NodeJS.Signals; readonly afterSeconds: number }>;
  /** Ends it by a signal and waits; the seconds count from the signal. */
  end(signal: NodeJS.Signals): Promise<{ readonly by: number | NodeJS.Signals; readonly seconds: number }>;
}

const started = new Set<Service>();

/** Ends what a test left running. Only what was started here. */
export async function endAll(): Promise<void> {
  await Promise.all([...started].map((one) => one.end('SIGKILL')));
}

export function startService(...args: readonly string[]): Service {
  return startServiceWith([], ...args);
}

/** @param within what stands before the command, such as another network to run it in */
export function startServiceWithin(within: readonly string[], ...args: readonly string[]): Service {
  return launch(within, [], ...args);
}

/** @param preload modules that are loaded before it, and may speak with the test by the process's channel */
export function startServiceWith(preload: readonly string[], ...args: readonly string[]): Service {
  return launch([], preload, ...args);
}

function launch(within: readonly string[], preload: readonly string[], ...args: readonly string[]): Service {
  const startedAt = performance.now();
  // What a test's service keeps is not found by the next one, nor by whoever runs the tests.
  const kept = mkdtempSync(join(tmpdir(), 'lobby-state-'));
  const imports = ['tsx', ...preload].flatMap((one) => ['--import', one]);
  const [command, ...rest] = [...within, process.execPath, ...imports, 'edge/main.ts', ...args];
  const child = spawn(command!, rest, {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'pipe', ...(preload.length === 0 ? [] : ['ipc' as const])],
    env: { ...process.env, STATE_DIRECTORY: '', XDG_STATE_HOME: kept },
  });
  const state = { printed: '', ended: false };
  const listeners = new Set<() => void>();
  const news = () => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      state.printed += text;
      news();
    });
  }
  const ended = new Promise<{ by: number | NodeJS.Signals; afterSeconds: number }>((resolve) => {
    // `close` comes after the last of its output.
    child.once('close', (code, signal) => {
      state.ended = true;
      started.delete(service);
      rmSync(kept, { recursive: true, force: true });
      news();
      resolve({ by: code ?? signal!, afterSeconds: (performance.now() - startedAt) / 1000 });
    });
  });
  const service: Service = {
    child,
    ended,
    get printed() {
      return state.printed;
    },
    says(pattern, withinSeconds = 20) {
      return new Promise((resolve, reject) => {
        const settle = (outcome: () => void) => {
          clearTimeout(late);
          listeners.delete(look);
          outcome();
        };
        const fail = (why: string) => () =>
          reject(new Error(`${why} ${pattern}; it said:\n${state.printed}`));
        const look = () => {
          const found = pattern.exec(state.printed);
          if (found) settle(() => resolve(found));
          else if (state.ended) settle(fail('the service ended without saying'));
        };
        const late = setTimeout(
          () => settle(fail(`in ${withinSeconds} s the service did not say`)),
          withinSeconds * 1000,
        );
        listeners.add(look);
        look();
      });
    },
    async addresses(withinSeconds) {
      const [mqttUrl] = await service.says(/mqtts?:\/\/[\w.]+:\d+/, withinSeconds);
      return { url: /http:\/\/[\w.]+:\d+/.exec(service.printed)![0], mqttUrl };
    },
    async end(signal) {
      const from = performance.now();
      child.kill(signal);
      const { by } = await ended;
      return { by, seconds: (performance.now() - from) / 1000 };
    },
  };
  started.add(service);
  return service;
}

interface Payloads {
  prompt: PromptPayload;
  promptState: PromptStatePayload;
  lobby: LobbyPayload;
  health: HealthPayload;
}

export interface Heard<Kind extends keyof Payloads = keyof Payloads> {
  readonly kind: Kind;
  readonly payload: Payloads[Kind];
  /** Kept by the broker from before: nobody sent it just now. */
  readonly retained: boolean;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Somebody on the branch's broker who notes all they hear, and comes back when the broker does. */
export interface Listener {
  readonly heard: readonly Heard[];
  /** Waits for a message, also one that has come already, unless `from` passes over the first so many. */
  hears<Kind extends keyof Payloads>(
    kind: Kind,
    fits: (payload: Payloads[Kind], message: Heard<Kind>) => boolean,
    options?: { readonly withinSeconds?: number; readonly from?: number },
  ): Promise<Heard<Kind>>;
  /** As a watch does. */
  says(topic: string, payload: string): void;
  close(): Promise<void>;
}

const topics = topicsOf(demo.branch);

function kindOf(topic: string): keyof Payloads | undefined {
  if (topic === topics.prompt) return 'prompt';
  if (topic === topics.lobby) return 'lobby';
  if (topic === topics.health) return 'health';
  return topic.startsWith(`${topics.prompt}/`) ? 'promptState' : undefined;
}

/** Everything heard is held to its schema: what does not fit fails the test that listens. */
export async function listen(
  mqttUrl: string,
  login: { readonly username?: string; readonly password?: string } = {},
): Promise<Listener> {
  const heard: Heard[] = [];
  const misfits: string[] = [];
  const client = await mqtt.connectAsync(mqttUrl, { ...login, reconnectPeriod: 200 });
  client.on('error', () => undefined);
  client.on('message', (topic, bytes, { retain }) => {
    const kind = kindOf(topic);
    if (kind === undefined) return;
    const parsed = messages[kind].schema.safeParse(JSON.parse(bytes.toString()));
    if (!parsed.success) misfits.push(`${topic}: ${parsed.error.message}`);
    else heard.push({ kind, payload: parsed.data, retained: retain, at: Date.now() / 1000 } as Heard);
  });
  await client.subscribeAsync(`lobby/v1/${demo.branch}/#`, { qos: 1 });
  return {
    heard,
    hears: (kind, fits, { withinSeconds = 20, from = 0 } = {}) =>
      vi.waitFor(
        () => {
          if (misfits.length > 0) throw new Error(misfits.join('\n'));
          const found = heard
            .slice(from)
            .find((one) => one.kind === kind && fits(one.payload as never, one as never));
          if (found !== undefined) return found as never;
          const last = heard.findLast((one) => one.kind === kind);
          throw new Error(`no such ${kind} was heard; the last was ${JSON.stringify(last?.payload)}`);
        },
        { timeout: withinSeconds * 1000, interval: 20 },
      ),
    says: (topic, payload) => void client.publish(topic, payload, { qos: 1 }),
    close: () => client.endAsync(true),
  };
}
