import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LobbyError } from '../../src/contract/errors.ts';
import { packageRoot } from '../package-root.ts';

export interface ServiceOptions {
  readonly branchFile: string;
  readonly data: string;
  /** Where it is started, and where it is told that its home and temporary files are. */
  readonly working: string;
  readonly home: string;
  readonly temporary: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  /** For a box that only looks: the broker it tells what it sees. Absent: it looks and decides, with a broker of its own. */
  readonly boxesBroker?: string | undefined;
  /** Told of each line of its log, and of what it prints. */
  readonly onLine: (line: string) => void;
}

/** Where a running service is. */
export interface Addresses {
  /** Of its pages; absent: it listens nowhere. */
  readonly url?: string;
  readonly mqttUrl: string;
  readonly detector: string;
}

/** The service, run as an installation runs it, in a process of its own. */
export interface Service {
  readonly pid: number;
  /**
   * Resolves when it is up.
   *
   * @throws {LobbyError} `LOBBY_AUDIT_SERVICE` when it does not come up, with the last of its log
   */
  ready(): Promise<Addresses>;
  /** Asks it to end, and waits for that. @returns its exit code */
  stop(): Promise<number | null>;
}

const startsWithinMs = 90_000;
const stopsWithinMs = 20_000;

/**
 * Starts `lobby run`, the same code by the same way as ever: what it is told apart from its branch file are free
 * ports, a data folder, and where home and temporary files are.
 */
export function startService(options: ServiceOptions): Service {
  const { branchFile, data, working, home, temporary, environment, args, boxesBroker, onLine } = options;
  const role =
    boxesBroker === undefined
      ? ['--data', data, '--port', '0', '--mqtt-port', '0']
      : ['--role', 'sense', '--box', 'audited', '--broker', boxesBroker];
  const child = spawn(
    process.execPath,
    [
      '--max-semi-space-size=2',
      '--import',
      import.meta.resolve('tsx'),
      join(packageRoot, 'edge', 'main.ts'),
      'run',
      '--branch',
      branchFile,
      ...role,
      '--log-level',
      'debug',
      ...args,
    ],
    {
      cwd: working,
      env: {
        ...environment,
        HOME: home,
        XDG_STATE_HOME: join(home, 'state'),
        XDG_CACHE_HOME: join(home, 'cache'),
        TMPDIR: temporary,
        STATE_DIRECTORY: undefined,
        UV_THREADPOOL_SIZE: '24',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const last: string[] = [];
  const found = new Promise<Addresses>((resolve) => {
    const hear = (line: string) => {
      onLine(line);
      last.push(line);
      if (last.length > 12) last.shift();
      const at = /pages on (\S+), MQTT on (\S+), ([^"]+)/.exec(line);
      if (at !== null) resolve({ url: at[1]!, mqttUrl: at[2]!, detector: at[3]! });
      const looks = /box audited looks for ([^\s,]+), ([^"]+)/.exec(line);
      if (looks !== null) resolve({ mqttUrl: looks[1]!, detector: looks[2]! });
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
  });
  const ended = once(child, 'exit').then(() => undefined);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, startsWithinMs, undefined).unref());
  return {
    pid: child.pid!,
    async ready() {
      const started = await Promise.race([found, ended, late]);
      if (started !== undefined) return started;
      await end(child);
      throw new LobbyError('LOBBY_AUDIT_SERVICE', {
        reason: last.join(' / ').slice(-600) || 'it said nothing',
      });
    },
    stop: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopsWithinMs);
  await exited;
  clearTimeout(timer);
  return child.exitCode;
}
