import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { packageRoot } from '../../edge/package-root.ts';
import { type ManyCameras, nodeOptions, runCameras } from './many-cameras.ts';

const main = join(packageRoot, 'edge', 'main.ts');
const branch = join(packageRoot, 'edge', 'demo', 'branch.yaml');
const recording = join(packageRoot, 'test', 'quality', 'scenes', 'demo', 'recording.jsonl');
const environment = { ...process.env, UV_THREADPOOL_SIZE: '24', MALLOC_MMAP_THRESHOLD_: '65536' };

/** What the whole command did of the demo, as its user runs it: start included. */
export interface ReplayCost {
  readonly timesRealTime: number;
  readonly peakMegabytes: number;
}

/** @param from the clip, or what the detector saw in it */
export function replayOnce(from: 'clip' | 'recording'): ReplayCost {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-bench-'));
  const started = performance.now();
  try {
    const out = execFileSync(
      process.execPath,
      [
        ...[...nodeOptions, main, 'replay', '--branch', branch, '--quiet', '--summary'],
        ...['--events', join(folder, 'events.jsonl')],
        ...(from === 'recording' ? ['--source', recording] : []),
      ],
      { cwd: packageRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: environment },
    );
    const summary = JSON.parse(out) as { mediaSeconds: number; peakMegabytes: number };
    return {
      timesRealTime: summary.mediaSeconds / ((performance.now() - started) / 1000),
      peakMegabytes: summary.peakMegabytes,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds from the start of the demo to its first prompt, as a watch on MQTT hears it. */
export async function firstPrompt(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeOptions, main, 'demo', '--port', '0', '--mqtt-port', '0'], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: environment,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    return await new Promise<number>((resolve, reject) => {
      let said = '';
      void ended.then(() => reject(new Error('the demo ended')));
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const url = /mqtt:\/\/\S+/.exec(said)?.[0];
        if (url === undefined) return;
        child.stdout.removeAllListeners('data');
        child.stdout.resume();
        const client = mqtt.connect(url);
        client.subscribe('lobby/v1/demo/prompt');
        client.once('message', () => {
          client.end();
          resolve((performance.now() - started) / 1000);
        });
      });
    });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

const wantedRate = 5;
/** The service tells a rate as a mean over ten seconds, to which a frame more or less is a fiftieth. */
const nearEnough = 0.95;

/** Whether every camera was looked at five times a second, and the detector fell behind none. */
export function keptUp({ framesPerSecond, dropped, cameras }: ManyCameras): boolean {
  const asked = framesPerSecond.reduce((sum, rate) => sum + rate, 0);
  return (
    cameras > 0 &&
    Math.min(...framesPerSecond) >= wantedRate * nearEnough &&
    dropped <= asked * (1 - nearEnough)
  );
}

/**
 * Looks for how many cameras are kept up with: doubling until it is too many, then halving what lies between.
 *
 * @param most to look for
 * @param run how a service with so many cameras is run; each number once
 * @returns the number, 0 if one is too many, and every run there was, by number of cameras
 */
export async function findSustained(
  most: number,
  run: (cameras: number) => Promise<ManyCameras> = runCameras,
): Promise<{ readonly cameras: number; readonly runs: readonly ManyCameras[] }> {
  const runs: ManyCameras[] = [];
  const isKept = async (cameras: number) => {
    const one = await run(cameras);
    runs.push(one);
    return keptUp(one);
  };
  let good = 0;
  let tooMany = most + 1;
  for (
    let next = 1;
    next <= most && tooMany > most;
    next = next === most ? most + 1 : Math.min(most, next * 2)
  ) {
    if (await isKept(next)) good = next;
    else tooMany = next;
  }
  while (tooMany - good > 1) {
    const middle = (good + tooMany) >> 1;
    if (await isKept(middle)) good = middle;
    else tooMany = middle;
  }
  return { cameras: good, runs: runs.toSorted((a, b) => a.cameras - b.cameras) };
}
