/**
 * What the service costs on this machine: `npm run bench [-- --write]`.
 *
 * Figures are taken on the sample lobby when it is beside the checkout, else on the demo clip, and
 * with `--write` are committed beside this file, with the machine and date. Machines differ: compare
 * the ratios, and runs of one machine.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { createCamera } from '../../edge/cameras/open-camera.ts';
import { defaultModel, findModel } from '../../edge/detectors/models-folder.ts';
import { openDetector } from '../../edge/detectors/open-detector.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import { begin, type Observation, step } from '../../src/core/step.ts';
import { settingsOf } from '../../src/service/settings.ts';

const sample = join(packageRoot, '..', 'shared', 'data', 'lobby-sample', 'branch.yaml');
const demo = join(packageRoot, 'edge', 'demo', 'branch.yaml');
const branchFile = existsSync(sample) ? sample : demo;
const main = join(packageRoot, 'edge', 'main.ts');
const branch = parseBranch(readFileSync(branchFile, 'utf8'), branchFile);
const camera = branch.cameras[0]!;
const clip = join(branchFile, '..', camera.source);

function middle(values: readonly number[]): { median: number; p95: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, p95: sorted[Math.floor(sorted.length * 0.95)]! };
}

/** Decoding, thinning and scaling alone: all pictures decoded, five a second taken. */
async function decode(): Promise<number> {
  const { input, fit } = (await findModel(defaultModel)).entry;
  const stream = await createCamera({
    id: 'bench',
    source: clip,
    pace: 'every-frame',
    clock: systemClock,
  }).open({ framesPerSecond: 5, input, fit }, new AbortController().signal);
  const started = performance.now();
  let frames = 0;
  for await (const _ of stream) frames += 1;
  return (performance.now() - started) / frames;
}

async function detectAndStep(): Promise<{ detect: number[]; step: number[] }> {
  const detector = await openDetector({ threads: 1 });
  const stream = await createCamera({
    id: 'bench',
    source: clip,
    pace: 'every-frame',
    clock: systemClock,
  }).open({ framesPerSecond: 5, input: detector.input, fit: detector.fit }, new AbortController().signal);
  const detect: number[] = [];
  const seen: Observation[] = [];
  for await (const frame of stream) {
    const started = performance.now();
    const people = await detector.detect(frame);
    detect.push(performance.now() - started);
    seen.push({ kind: 'people', camera: camera.id, at: frame.at, people });
  }
  await detector.close();
  const settings = settingsOf(branch);
  const steps: number[] = [];
  for (let round = 0; round < 3; round++) {
    let state = begin();
    for (const observation of seen) {
      const started = performance.now();
      [state] = step(state, observation, settings);
      if (round > 0) steps.push(performance.now() - started);
    }
  }
  return { detect, step: steps };
}

/** The whole command as its user runs it: media time over wall time, and the peak of its memory. */
function wholeReplay(): { timesRealTime: number; peakMegabytes: number } {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-bench-'));
  const started = performance.now();
  const out = execFileSync(
    process.execPath,
    [
      '--import',
      'tsx',
      main,
      'replay',
      '--branch',
      branchFile,
      '--quiet',
      '--summary',
      '--events',
      join(folder, 'e.jsonl'),
    ],
    { cwd: packageRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const summary = JSON.parse(out) as { mediaSeconds: number; peakMegabytes: number };
  return {
    timesRealTime: summary.mediaSeconds / ((performance.now() - started) / 1000),
    peakMegabytes: summary.peakMegabytes,
  };
}

/** From the start of the demo to its first prompt, as a watch on MQTT sees it. */
async function firstPrompt(): Promise<number> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', main, 'demo', '--port', '0', '--mqtt-port', '0'],
    {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  try {
    return await new Promise<number>((resolve, reject) => {
      let said = '';
      child.once('exit', () => reject(new Error('the demo ended')));
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
    child.removeAllListeners('exit');
    child.kill('SIGTERM');
  }
}

const round = (value: number, digits = 1) => Number(value.toFixed(digits));
const decodeMs = await decode();
const { detect, step: steps } = await detectAndStep();
const replays = [wholeReplay(), wholeReplay(), wholeReplay()].sort(
  (a, b) => a.timesRealTime - b.timesRealTime,
);
const figures = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  clip: branch.id,
  'decode, thin and scale, ms a frame': round(decodeMs, 2),
  'detect on one thread, ms a frame (median)': round(middle(detect).median),
  'detect on one thread, ms a frame (p95)': round(middle(detect).p95),
  'core step, ms a frame (median)': round(middle(steps).median, 3),
  'core step, ms a frame (p95)': round(middle(steps).p95, 3),
  'replay, times real time, start-up included (median of 3)': round(replays[1]!.timesRealTime),
  'replay, peak resident memory, MB': Math.max(...replays.map((one) => one.peakMegabytes)),
  ...(existsSync(join(packageRoot, 'dist', 'pages')) || existsSync(demo)
    ? { 'demo, start to first prompt, s': round(await firstPrompt()) }
    : {}),
};
for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(60)} ${value}`);
if (process.argv.includes('--write')) {
  writeFileSync(join(packageRoot, 'test', 'bench', 'results.json'), `${JSON.stringify(figures, null, 2)}\n`);
}
process.exit(0);
