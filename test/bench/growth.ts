import { begin, type Observation, step } from '../../src/core/step.ts';
import { type Crowd, createCrowd } from './crowd.ts';

/** What one step of the core costs, and what it keeps, with so many of something. */
export interface Growth {
  readonly of: number;
  /** Milliseconds of one camera's frame: median and ninety-fifth percentile. */
  readonly median: number;
  readonly p95: number;
  readonly stateKilobytes: number;
}

/** Slope of the logarithm of the cost over that of the number: 1 is linear, 0 is flat. */
export function slopeOf(all: readonly Growth[]): number {
  const points = all.map(({ of, median }) => [Math.log(of), Math.log(median)] as const);
  const mean = (index: 0 | 1) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return over / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

const framesPerSecond = 5;
const framesARound = 150;
const rounds = 4;

/** Halls, and what all their cameras see of one moment. */
interface Halls {
  readonly settings: Crowd['settings'];
  next(): readonly Observation[];
}

const apartMetres = 200;

/** So many halls of one branch side by side, each with a camera and as many people. */
function createHalls(halls: number, people: number): Halls {
  const crowds = Array.from({ length: halls }, (_, i) =>
    createCrowd(people, framesPerSecond, i + 1, { camera: `c${i}`, east: i * apartMetres }),
  );
  return {
    settings: {
      ...crowds[0]!.settings,
      cameras: crowds.flatMap(({ settings }) => settings.cameras),
      zones: crowds.flatMap(({ settings }) => settings.zones),
    },
    next: () => crowds.map((one) => one.next()),
  };
}

/** Steps each crowd in turn and over again, so that what changes on the machine meets all of them. */
function costs(crowds: readonly { readonly of: number; readonly crowd: Halls }[]): Growth[] {
  const runs = crowds.map((one) => ({ ...one, state: begin(), taken: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const run of runs) {
      for (let frame = 0; frame < framesARound; frame++) {
        for (const seen of run.crowd.next()) {
          const from = performance.now();
          [run.state] = step(run.state, seen, run.crowd.settings);
          // The first round warms up.
          if (round > 0) run.taken.push(performance.now() - from);
        }
      }
    }
  }
  return runs.map(({ of, state, taken }) => {
    const sorted = taken.toSorted((a, b) => a - b);
    return {
      of,
      median: sorted[sorted.length >> 1]!,
      p95: sorted[Math.floor(sorted.length * 0.95)]!,
      stateKilobytes: JSON.stringify(state).length / 1024,
    };
  });
}

/** One hall with 1 to 100 people in it, which is as full with many as with few. */
export const withPeople = (counts: readonly number[] = [1, 5, 10, 20, 50, 100]): Growth[] =>
  costs(counts.map((of) => ({ of, crowd: createHalls(1, of) })));

/** Halls of one branch, side by side, each with a camera and five people. */
export const withCameras = (counts: readonly number[] = [1, 2, 4, 8, 16]): Growth[] =>
  costs(counts.map((of) => ({ of, crowd: createHalls(of, 5) })));

/** What is kept after each of so many hours, of a hall with ten people in it who come and go. */
export function withHours(hours = 4): { readonly hour: number; readonly stateKilobytes: number }[] {
  const crowd = createHalls(1, 10);
  let state = begin();
  return Array.from({ length: hours }, (_, i) => {
    for (let frame = 0; frame < 3600 * framesPerSecond; frame++)
      for (const seen of crowd.next()) [state] = step(state, seen, crowd.settings);
    return { hour: i + 1, stateKilobytes: JSON.stringify(state).length / 1024 };
  });
}
