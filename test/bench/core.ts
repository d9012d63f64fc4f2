/**
 * What understanding costs, and what it keeps: `npm run bench:core [-- --week]`.
 *
 * One step for 5 to 200 people at 5 frames a second, in a hall that grows with them; with `--week`, seven
 * crowded days of ten hours as well, with the memory after each hour. Everything runs in one process, one
 * size after the other and over again, so that the ratios hold on a machine that others use.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';
import { begin, step } from '../../src/core/step.ts';
import { createCrowd } from './crowd.ts';

const sizes = [5, 10, 20, 30, 50, 100, 200];
const framesPerSecond = 5;
const rounds = 5;
const framesARound = 300;

interface Cost {
  readonly people: number;
  readonly median: number;
  readonly p95: number;
  readonly visits: number;
  readonly stateKilobytes: number;
}

function costs(): Cost[] {
  const runs = sizes.map((people) => ({
    people,
    crowd: createCrowd(people, framesPerSecond),
    state: begin(),
    taken: [] as number[],
  }));
  for (let round = 0; round <= rounds; round++) {
    for (const run of runs) {
      for (let frame = 0; frame < framesARound; frame++) {
        const seen = run.crowd.next();
        const started = performance.now();
        [run.state] = step(run.state, seen, run.crowd.settings);
        // The first round warms up.
        if (round > 0) run.taken.push(performance.now() - started);
      }
    }
  }
  return runs.map(({ people, state, taken }) => {
    const sorted = taken.toSorted((a, b) => a - b);
    return {
      people,
      median: sorted[sorted.length >> 1]!,
      p95: sorted[Math.floor(sorted.length * 0.95)]!,
      visits: state.visits.visits.length,
      stateKilobytes: JSON.stringify(state).length / 1024,
    };
  });
}

/** Slope of log cost over log people from 30 on: 1 is linear. */
function growth(all: readonly Cost[]): number {
  const far = all
    .filter((one) => one.people >= 30)
    .map((one) => [Math.log(one.people), Math.log(one.median)] as const);
  const mean = (index: 0 | 1) => far.reduce((sum, point) => sum + point[index], 0) / far.length;
  const [mx, my] = [mean(0), mean(1)];
  const over = far.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return over / far.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

interface Hour {
  readonly hour: number;
  readonly heapMegabytes: number;
  readonly stateKilobytes: number;
}

/** Seven days of ten crowded hours and fourteen empty ones. */
function week(people: number): Hour[] {
  const hours: Hour[] = [];
  const crowd = createCrowd(people, framesPerSecond);
  let state = begin();
  for (let hour = 1; hour <= 70; hour++) {
    for (let frame = 0; frame < 3600 * framesPerSecond; frame++) {
      [state] = step(state, crowd.next(), crowd.settings);
    }
    globalThis.gc?.();
    hours.push({
      hour,
      heapMegabytes: process.memoryUsage().heapUsed / 2 ** 20,
      stateKilobytes: JSON.stringify(state).length / 1024,
    });
    console.log(
      `hour ${hour}: heap ${hours.at(-1)!.heapMegabytes.toFixed(1)} MB, state ${hours.at(-1)!.stateKilobytes.toFixed(0)} kB`,
    );
  }
  return hours;
}

const all = costs();
for (const one of all) {
  console.log(
    `${String(one.people).padStart(4)} people: median ${one.median.toFixed(3)} ms, p95 ${one.p95.toFixed(3)} ms, ${one.visits} visits, state ${one.stateKilobytes.toFixed(0)} kB`,
  );
}
console.log(`growth from 30 to 200: people to the power of ${growth(all).toFixed(2)}`);
const hours = process.argv.includes('--week') ? week(30) : [];
if (process.argv.includes('--write')) {
  const file = join(packageRoot, 'test', 'bench', 'core.json');
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(3)) : value;
  const days = hours.filter(({ hour }) => hour % 10 === 0);
  writeFileSync(file, `${JSON.stringify({ costs: all, growth: growth(all), days }, rounded, 1)}\n`);
}
