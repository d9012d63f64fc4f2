import type { PlanePoint } from '../geometry/polygon.ts';
import type { Seconds } from '../units.ts';
import { between } from './line.ts';

/** A place where people are served, learnt from where they stood. */
export interface Counter {
  /** Counts up within a queue; means nothing outside this run. */
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /** How often somebody stood there as the next to be served: a half for the first of an empty queue. */
  readonly weight: number;
  readonly seenAt: Seconds;
  /** When the last one served there went. */
  readonly freedAt?: Seconds;
  /** Lengths of the last services, oldest first: at most `mostServices`. */
  readonly services: readonly { readonly at: Seconds; readonly seconds: Seconds }[];
}

/** Places nearer to each other are one counter. Windows are 1.2 m apart and more. */
export const counterMetres = 0.8;
/** More windows than one queue has. Past it the least visited is forgotten. */
const mostCounters = 8;
/** Enough for a median that a single long case does not move, few enough to follow the day. */
const mostServices = 20;
/** Services this old say nothing of now: morning and noon have other cases. */
const rememberSeconds = 2 * 3600;
/** A counter nobody has stood at for so long may have moved. */
const forgetSeconds = 12 * 3600;
/** How much a counter's own past holds it in place. */
const steadyWeight = 12;
/** Next to one that is used, another must have been used so often, and have so much of its share. */
const trustedWeight = 1.5;
const trustedShare = 0.1;

/**
 * Takes notice of where somebody stood who was the next to be served.
 *
 * @param weight 1 for whoever went as the one who had queued longest, less for a guess
 * @param reach `counterMetres` in the plane's units
 */
export function noteStand(
  counters: readonly Counter[],
  stand: PlanePoint,
  weight: number,
  at: Seconds,
  reach: number,
): readonly Counter[] {
  const near = nearestCounter(counters, stand, reach);
  if (near === undefined) {
    const id = counters.reduce((most, one) => Math.max(most, one.id), 0) + 1;
    const added: Counter = { id, x: stand.x, y: stand.y, weight, seenAt: at, services: [] };
    const kept =
      counters.length < mostCounters
        ? counters
        : [...counters].sort((a, b) => b.weight - a.weight || a.id - b.id).slice(0, mostCounters - 1);
    return [...kept, added];
  }
  const share = weight / (Math.min(steadyWeight, near.weight) + weight);
  return counters.map((one) =>
    one === near
      ? {
          ...one,
          x: one.x + share * (stand.x - one.x),
          y: one.y + share * (stand.y - one.y),
          weight: one.weight + weight,
          seenAt: at,
        }
      : one,
  );
}

/** Takes back a service and half a stand: who was thought to be served there went on to stand elsewhere. */
export function noteMistake(counters: readonly Counter[], id: number): readonly Counter[] {
  return counters.flatMap((one) => {
    if (one.id !== id) return [one];
    const weight = one.weight - 0.5;
    return weight <= 0 ? [] : [{ ...one, weight, services: one.services.slice(0, -1) }];
  });
}

/** Takes notice of how long a service lasted, and that the counter is free. */
export function noteService(
  counters: readonly Counter[],
  id: number,
  at: Seconds,
  seconds: Seconds,
): readonly Counter[] {
  return counters.map((one) =>
    one.id === id
      ? {
          ...one,
          freedAt: at,
          seenAt: at,
          services: [...one.services, { at, seconds }].slice(-mostServices),
        }
      : one,
  );
}

/** Lets go of what is too old to hold. The same counters, if nothing is. */
export function forgetOld(counters: readonly Counter[], at: Seconds): readonly Counter[] {
  if (!counters.some((one) => isOld(one, at) || isStale(one, at))) return counters;
  return counters
    .filter((one) => !isOld(one, at))
    .map((one) =>
      isStale(one, at)
        ? { ...one, services: one.services.filter((service) => at - service.at <= rememberSeconds) }
        : one,
    );
}

const isOld = ({ seenAt }: Counter, at: Seconds): boolean => at - seenAt > forgetSeconds;

const isStale = ({ services: [oldest] }: Counter, at: Seconds): boolean =>
  oldest !== undefined && at - oldest.at > rememberSeconds;

/**
 * The counters that are believed in: the one most visited, and others that were not visited by mistake.
 * Who gives up, or stops on the way, has stood in a place of their own.
 */
export function trusted(counters: readonly Counter[]): readonly Counter[] {
  let most: Counter | undefined;
  for (const one of counters) if (most === undefined || one.weight >= most.weight) most = one;
  if (most === undefined) return [];
  const least = Math.max(trustedWeight, trustedShare * most.weight);
  return counters.filter((one) => one === most || one.weight >= least);
}

export function nearestCounter(
  counters: readonly Counter[],
  point: PlanePoint,
  reach = Number.POSITIVE_INFINITY,
): Counter | undefined {
  let nearest: Counter | undefined;
  let least = reach;
  for (const one of counters) {
    const distance = between(one, point);
    if (distance > least) continue;
    nearest = one;
    least = distance;
  }
  return nearest;
}

/** How long services last at all of a queue's counters, in no order. */
export function servicesOf(counters: readonly Counter[]): readonly Seconds[] {
  return counters.flatMap((one) => one.services.map((service) => service.seconds));
}
