import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that a test needs beside it, and whether this machine has it. */
export interface Tool {
  readonly command: string;
  /** Why a test that needs it cannot run; absent if it can. In CI it runs, and fails, all the same. */
  readonly absent?: string;
}

function tool(name: string, attempts: readonly (readonly [string, ...string[]])[]): Tool {
  for (const [command, ...args] of attempts) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return { command };
  }
  const command = attempts[0]![0];
  return process.env.CI ? { command } : { command, absent: `${name} is not installed` };
}

/** Makes clips. */
export const ffmpeg = tool('ffmpeg', [['ffmpeg', '-version']]);

/** Makes certificates. */
export const openssl = tool('OpenSSL', [['openssl', 'version']]);

/** Says how exposed a unit of systemd is. */
export const systemdAnalyze = tool('systemd-analyze', [['systemd-analyze', '--version']]);

/** Is the bank's cluster. */
export const natsServer = tool('nats-server', [['nats-server', '--version']]);

/** Is the fleet's store; Debian keeps its programs beside each other, off the path. */
export const postgres = tool(
  'PostgreSQL',
  ['/usr/lib/postgresql', '/usr/local/lib/postgresql']
    .flatMap((folder) =>
      existsSync(folder) ? readdirSync(folder).map((one) => join(folder, one, 'bin')) : [],
    )
    .concat('')
    .map((folder): [string, ...string[]] => [join(folder, 'postgres'), '--version']),
);

/** The first Python on the path may not see the system's packages; a later one may. */
function python(name: string, imports: string): Tool {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return tool(
    name,
    ['python3', ...folders.map((folder) => join(folder, 'python3'))].map((command) => [
      command,
      '-c',
      imports,
    ]),
  );
}

/** Runs the RTSP server. */
export const gstreamer = python(
  'GStreamer with its RTSP server and Python bindings',
  'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer',
);

/** Runs the scorer that ours is held against. */
export const scipy = python('Python with NumPy and SciPy', 'import numpy, scipy.optimize');

/** The first thing missing, for `describe.skipIf`, which shows it in the title. */
export function absent(...tools: readonly Tool[]): string | undefined {
  return tools.find((one) => one.absent)?.absent;
}

/** @example `describe.skipIf(reason)(titled('a clip', reason), …)` */
export function titled(title: string, reason: string | undefined): string {
  return reason ? `${title} (skipped: ${reason})` : title;
}
