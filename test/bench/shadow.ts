/**
 * What values on trial cost beside the live ones: `npm run bench:shadow [-- --write]`.
 *
 * The same frames go through the step alone and through the step with a shadow, taking turns frame by frame in one
 * process, so that the difference holds on a machine that others use. Only time is compared: the shadow's frames come
 * after the prompt of that frame was sent, so that no prompt waits for them.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';
import { shadow } from '../../src/core/shadow.ts';
import { begin, type CoreState, stepSeen } from '../../src/core/step.ts';
import type { Understood } from '../../src/core/understand.ts';
import { createCrowd } from './crowd.ts';

const sizes = [10, 30, 100];
const framesPerSecond = 5;
const frames = 3000;
const warmUp = 500;

interface Cost {
  readonly people: number;
  /** Milliseconds of the live step, and of the shadow beside it. */
  readonly step: { readonly median: number; readonly p95: number };
  readonly added: { readonly median: number; readonly p95: number };
  readonly stateKilobytes: number;
}

function costOf(people: number): Cost {
  const crowd = createCrowd(people, framesPerSecond);
  const { thresholds } = crowd.settings;
  const tried = {
    ...crowd.settings,
    thresholds: { ...thresholds, queue: { ...thresholds.queue, waitSeconds: 30 } },
  };
  let state: CoreState = begin();
  let beside: Understood | undefined;
  const took = { step: [] as number[], added: [] as number[] };
  for (let frame = 0; frame < frames; frame += 1) {
    const input = crowd.next();
    const before = state;
    const started = performance.now();
    const [after, , whereabouts] = stepSeen(before, input, crowd.settings);
    const between = performance.now();
    [beside] = shadow(beside, { before, after, input, whereabouts }, tried);
    const ended = performance.now();
    state = after;
    if (frame < warmUp) continue;
    took.step.push(between - started);
    took.added.push(ended - between);
  }
  return {
    people,
    step: spread(took.step),
    added: spread(took.added),
    stateKilobytes: JSON.stringify(beside).length / 1024,
  };
}

function spread(values: readonly number[]): Cost['step'] {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, p95: sorted[Math.floor(sorted.length * 0.95)]! };
}

const all = sizes.map(costOf);
for (const { people, step, added, stateKilobytes } of all) {
  console.log(
    `${String(people).padStart(4)} people: step ${step.median.toFixed(2)} ms (p95 ${step.p95.toFixed(2)}), shadow ${added.median.toFixed(2)} ms more (p95 ${added.p95.toFixed(2)}), ${stateKilobytes.toFixed(0)} kB`,
  );
}
if (process.argv.includes('--write')) {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(3)) : value;
  writeFileSync(
    join(packageRoot, 'test', 'bench', 'shadow.json'),
    `${JSON.stringify({ framesPerSecond, costs: all }, rounded, 2)}\n`,
  );
}
