import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { packageRoot } from '../../edge/package-root.ts';
import { startRtspServer } from '../peers/rtsp-server.ts';
import { ffmpeg } from '../peers/tools.ts';
import { figuresOf } from './service-figures.ts';

/** What a service with so many cameras did, seen from outside. */
export interface ManyCameras {
  readonly cameras: number;
  /** Frames a second that were looked at, of each camera, over the time measured. */
  readonly framesPerSecond: number[];
  /** Frames passed over meanwhile because the detector was busy, of all cameras. */
  readonly dropped: number;
  /** Resident memory in megabytes: at the end, and the most there was. */
  readonly residentMegabytes: number;
  readonly peakMegabytes: number;
  /** Of the journal's process beside it, resident; some 40 MB are code of Node.js that both share. Absent: not measured. */
  readonly journalMegabytes?: number | undefined;
  /** Cores the service used. */
  readonly cores: number;
  /** From the start of the process to its addresses, and to the first frame of each camera that was looked at. */
  readonly listeningSeconds: number;
  readonly lookingSeconds: number;
}

export interface ManyCamerasOptions {
  /** Before figures are taken, counted from when each camera was looked at. Default 12 s: rates are of the last ten. */
  readonly warmUpSeconds?: number;
  readonly measureSeconds?: number;
}

interface BranchFile {
  cameras: { floor: { pixel: number[]; metres: [number, number] }[] }[];
  zones: ({ id: string; kind: string } & Record<'line' | 'polygon' | 'inside', unknown>)[];
}

/** What Node.js is told by `npm run lobby` and in `docker/`, and the service after it. */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=2', '--import', 'tsx'];

/** Lobbies side by side in one branch: each is as far from the next as nobody walks. */
const apartMetres = 200;
/** A machine that others use starts slowly. */
const mostWaitSeconds = 150;
const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** The demo's lobby as often as there are cameras. */
function manyLobbies(cameras: number, url: string): string {
  const file = join(packageRoot, 'edge', 'demo', 'branch.yaml');
  const demo = parse(readFileSync(file, 'utf8')) as BranchFile;
  const shift = (value: unknown, by: number): unknown => {
    if (!Array.isArray(value)) return value;
    return typeof value[0] === 'number' ? [value[0] + by, value[1]] : value.map((one) => shift(one, by));
  };
  const all = Array.from({ length: cameras }, (_, i) => i);
  return stringify({
    branch: 'bench',
    cameras: all.map((i) => ({
      id: `c${i}`,
      source: url,
      floor: demo.cameras[0]!.floor.map(({ pixel, metres }) => ({
        pixel,
        metres: shift(metres, i * apartMetres),
      })),
    })),
    zones: all.flatMap((i) =>
      demo.zones.map((zone) => ({
        ...Object.fromEntries(
          Object.entries(zone).map(([key, value]) => [
            key,
            key === 'name' ? value : shift(value, i * apartMetres),
          ]),
        ),
        id: `c${i}-${zone.id}`,
      })),
    ),
  });
}

/**
 * Runs `lobby run` as its user does, with so many cameras over RTSP that all show the demo's lobby, and looks on.
 *
 * The clip of 66 s comes ten times over, so that no camera ends while it is measured.
 */
export async function runCameras(
  cameras: number,
  { warmUpSeconds = 12, measureSeconds = 20 }: ManyCamerasOptions = {},
): Promise<ManyCameras> {
  const work = mkdtempSync(join(tmpdir(), 'lobby-cameras-'));
  const clip = join(work, 'clip.mp4');
  const again = ['-stream_loop', '9', '-i', join(packageRoot, 'edge', 'demo', 'clip.mp4')];
  execFileSync(ffmpeg.command, ['-v', 'error', ...again, '-c', 'copy', clip]);
  const server = await startRtspServer(clip);
  const file = join(work, 'branch.yaml');
  writeFileSync(file, manyLobbies(cameras, server.url), { mode: 0o600 });
  const startedAt = performance.now();
  const since = () => (performance.now() - startedAt) / 1000;
  const child = spawn(
    process.execPath,
    [
      ...[...nodeOptions, join(packageRoot, 'edge', 'main.ts'), 'run', '--branch', file],
      ...['--data', join(work, 'kept'), '--port', '0', '--mqtt-port', '0'],
    ],
    {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, UV_THREADPOOL_SIZE: '24', MALLOC_MMAP_THRESHOLD_: '65536' },
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const endToo = () => void child.kill('SIGKILL');
  process.once('exit', endToo);
  try {
    const url = await addressOf(child);
    const listeningSeconds = since();
    let seen = await figuresOf(url);
    while (seen.rates.length < cameras || seen.rates.some((rate) => rate === 0)) {
      if (since() > mostWaitSeconds)
        throw new Error(`of ${cameras} cameras not all were looked at within ${mostWaitSeconds} s`);
      await sleep(0.25);
      seen = await figuresOf(url);
    }
    const lookingSeconds = since();
    await sleep(warmUpSeconds);
    const before = await figuresOf(url);
    const from = performance.now();
    const rates: number[][] = [[...before.rates]];
    // The service tells the rate of its last ten seconds; the mean of several such is that of the whole time.
    for (let taken = 0; taken < measureSeconds; taken += 5) {
      await sleep(5);
      rates.push((await figuresOf(url)).rates);
    }
    const after = await figuresOf(url);
    const took = (performance.now() - from) / 1000;
    const journal = journalOf(child.pid!);
    return {
      cameras,
      framesPerSecond: rates[0]!.map(
        (_, camera) => rates.reduce((sum, one) => sum + one[camera]!, 0) / rates.length,
      ),
      dropped: after.dropped - before.dropped,
      residentMegabytes: megabytesOf(child.pid!, 'VmRSS'),
      peakMegabytes: megabytesOf(child.pid!, 'VmHWM'),
      ...(journal === undefined ? {} : { journalMegabytes: megabytesOf(journal, 'VmRSS') }),
      cores: (after.processor - before.processor) / took,
      listeningSeconds,
      lookingSeconds,
    };
  } finally {
    child.kill('SIGTERM');
    const late = setTimeout(endToo, 10_000);
    await ended;
    clearTimeout(late);
    process.removeListener('exit', endToo);
    await server.kill();
    rmSync(work, { recursive: true, force: true });
  }
}

function megabytesOf(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
}

/** The process that the service has begun for its journal; the translator of TypeScript may have one too. */
function journalOf(service: number): number | undefined {
  const begun = readdirSync(`/proc/${service}/task`).flatMap((thread) =>
    readFileSync(`/proc/${service}/task/${thread}/children`, 'utf8').trim().split(' ').map(Number),
  );
  return begun.find((pid) => pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('store-child'));
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(`the service ended: ${said}`)));
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const url = /http:\/\/[\w.]+:\d+/.exec(said)?.[0];
        if (url !== undefined) resolve(url);
      });
    }
  });
}
