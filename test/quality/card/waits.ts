import { percentile } from '../../../src/core/score/percentile.ts';
import type { Seconds } from '../../../src/core/units.ts';
import { type Comer, simulateQueue } from '../../core/queues/simulated-queue.ts';
import { chance } from '../../scenes/chance.ts';
import { mean, median, percent } from '../metrics/statistics.ts';
import type { Section } from './section.ts';

/** A morning at the counters, three hours long. */
interface Morning {
  readonly name: string;
  readonly counters: number;
  /** How many of them serve at a moment; all unless told. */
  readonly open?: (at: Seconds) => number;
  /** Share of the counters' time that is asked for: near 1 the queue grows long. */
  readonly load: number;
  readonly serviceSeconds: Seconds;
  /** Standard deviation of a service's logarithm: 0.3 are deposits, 0.9 is everything from a coin to a loan. */
  readonly mixed: number;
}

const hours = 3;
const until: Seconds = hours * 3600;

const mornings: readonly Morning[] = [
  { name: 'one counter, alike', counters: 1, load: 0.85, serviceSeconds: 75, mixed: 0.3 },
  { name: 'one counter, mixed', counters: 1, load: 0.85, serviceSeconds: 75, mixed: 0.9 },
  { name: 'two counters, mixed', counters: 2, load: 0.9, serviceSeconds: 110, mixed: 0.7 },
  {
    name: 'two counters, one of them away for the middle hour',
    counters: 2,
    open: (at) => (at > 3600 && at < 7200 ? 1 : 2),
    load: 0.7,
    serviceSeconds: 75,
    mixed: 0.5,
  },
];

/** Metres by which feet are seen off. */
const jitterMetres = 0.12;

/**
 * How far off the wait is that a newcomer is told, over mornings no clip is long enough for: people come as they like
 * to queues whose counters the service has to find out by itself, seen a little beside where they stand.
 */
export function waitSections(): readonly Section[] {
  return [
    {
      id: 'waits',
      title: 'Waits foretold',
      about: `Simulated mornings of ${hours} hours, at 2 looks a second, with feet seen off by ${jitterMetres} m and nobody missed: it measures the rule, not the seeing. Of everybody who joined and was served; told are those to whom a wait could be foretold. Beside it what the mean of all waits so far would have said.`,
      figures: [
        { name: 'served', digits: 0, better: 'neither', tolerance: 0 },
        { name: 'told %', digits: 0, better: 'higher', tolerance: 2 },
        { name: 'wait s', digits: 0, better: 'neither', tolerance: 0 },
        { name: 'wait p90 s', digits: 0, better: 'neither', tolerance: 0 },
        { name: 'off s', digits: 0, better: 'lower', tolerance: 3 },
        { name: 'off p90 s', digits: 0, better: 'lower', tolerance: 10 },
        { name: 'too long by s', digits: 0, better: 'neither', tolerance: 0 },
        { name: 'mean so far, off s', digits: 0, better: 'neither', tolerance: 0 },
      ],
      rows: mornings.map((morning, index) => {
        const { truly, told, mean: plain, served } = spend(morning, 41 + index);
        const errors = told.map((expected, i) => expected - truly[i]!);
        return {
          name: morning.name,
          values: [
            served,
            percent(told.length, served),
            median(truly),
            percentile(truly, 0.9),
            median(errors.map(Math.abs)),
            percentile(errors.map(Math.abs), 0.9),
            mean(errors),
            median(plain.map((expected, i) => Math.abs(expected - truly[i]!))),
          ],
        };
      }),
    },
  ];
}

interface Foretold {
  readonly served: number;
  /** Seconds each truly waited to whom something was told, in the order in which they joined. */
  readonly truly: readonly Seconds[];
  readonly told: readonly Seconds[];
  readonly mean: readonly Seconds[];
}

function spend(morning: Morning, seed: number): Foretold {
  const { counters, open, load, serviceSeconds, mixed } = morning;
  const random = chance(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const comers: Comer[] = [];
  const every = serviceSeconds / (counters * load);
  for (let at = 5; at < until; at += -Math.log(1 - random()) * every) {
    comers.push({ at, serviceSeconds: serviceSeconds * Math.exp(mixed * normal() - mixed ** 2 / 2) });
  }
  const { happenings, fates } = simulateQueue({
    counters: Array.from({ length: counters }, (_, i) => ({ x: 0, y: 1.4 * i })),
    ...(open === undefined ? {} : { open }),
    bend: 0.2,
    comers,
    fps: 2,
    until: until + 1800,
    jitter: () => jitterMetres * normal(),
  });
  const truly: Seconds[] = [];
  const told: Seconds[] = [];
  const plain: Seconds[] = [];
  let served = 0;
  for (const [person, { restedAt, servedFrom }] of fates.entries()) {
    if (restedAt === undefined || servedFrom === undefined) continue;
    served += 1;
    const queued = happenings.find(({ kind, visit }) => kind === 'queued' && visit === `v${person}`);
    const expected = queued?.figures?.expectedSeconds;
    if (queued === undefined || expected === undefined) continue;
    const before = fates.flatMap((one) =>
      one.servedFrom !== undefined && one.restedAt !== undefined && one.servedFrom < queued.at
        ? [one.servedFrom - one.restedAt]
        : [],
    );
    truly.push(Math.max(0, servedFrom - queued.at));
    told.push(expected);
    plain.push(mean(before) ?? 0);
  }
  return { served, truly, told, mean: plain };
}
