import type { Seconds } from '../units.ts';

/** With fewer services seen, a wait is a guess and is not told. */
export const leastServices = 3;
/** One case that took all morning, or a word at the window, counts as this many medians. */
const longestMedians = 4;
const shortestMedians = 0.25;

/** What is known of a queue's service at a moment. */
export interface Serving {
  /** Parties who wait: who came together is served together. */
  readonly waiting: number;
  /** For each counter in use, how long its service has lasted. */
  readonly elapsed: readonly Seconds[];
  /** Counters that are open and have nobody. */
  readonly free: number;
  /** Lengths of past services, as `holdServices` holds them; absent: too few were seen. */
  readonly services: HeldServices | undefined;
}

/** Lengths of services as they are reckoned with: worked out when one ends, and read at each look. */
export interface HeldServices {
  /** Shortest first. */
  readonly seconds: readonly Seconds[];
  readonly mean: Seconds;
}

/**
 * Holds single cases to some medians, so that one does not stay in the figure for an hour.
 *
 * @returns `undefined` until `leastServices` services were seen
 */
export function holdServices(services: readonly Seconds[]): HeldServices | undefined {
  if (services.length < leastServices) return undefined;
  const sorted = [...services].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const seconds = sorted.map((one) =>
    Math.min(longestMedians * median, Math.max(shortestMedians * median, one)),
  );
  return { seconds, mean: seconds.reduce((sum, one) => sum + one, 0) / seconds.length };
}

/**
 * How long a newcomer will wait until they are served.
 *
 *     until the first of the counters is free  +  those who wait × service ÷ counters
 *
 * A mean and not a median is what waits add up from, as services have a long tail, with single cases held.
 * What remains of the services that are going on is learnt from those of the past that lasted as long; the first of several is done
 * sooner than each of them (their rates add up, as if each could end at any moment).
 *
 * @returns seconds; `undefined` until `leastServices` services were seen, and while no counter serves
 */
export function expectedWait({ waiting, elapsed, free, services }: Serving): Seconds | undefined {
  if (services === undefined) return undefined;
  const open = elapsed.length + free;
  if (open === 0) return undefined;
  const { seconds, mean: service } = services;
  // Who waits beside a free counter is on the way to it.
  if (free > waiting) return 0;
  if (free > 0) return ((waiting + 1 - free) * service) / open;
  const rates = elapsed.reduce((sum, one) => sum + 1 / remaining(seconds, service, one), 0);
  return 1 / rates + (waiting * service) / open;
}

/** What remains on average of a service that has lasted so long; half a service is believed beforehand. */
function remaining(services: readonly Seconds[], mean: Seconds, elapsed: Seconds): Seconds {
  let longer = 0;
  let sum = 0;
  for (const one of services) {
    if (one <= elapsed) continue;
    longer += 1;
    sum += one - elapsed;
  }
  return (sum + 0.5 * mean) / (longer + 1);
}
