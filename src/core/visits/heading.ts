import type { PlanePoint } from '../geometry/polygon.ts';
import type { Seconds } from '../units.ts';
import { isSeen, speedOf, type Visit } from './visit.ts';

/** Which way somebody walks, or last walked before they stood: a direction of length 1, and since when it is known no better. */
export interface Heading extends PlanePoint {
  readonly at: Seconds;
}

/** Faster than this is walking: its direction is where they face. */
const walkingMetresPerSecond = 0.5;
/** A step is read over this long: boxes jitter by some decimetres, and nobody turns about twice in it. */
const stepSeconds: Seconds = 0.75;
const longestStepSeconds: Seconds = 2.5;
const stepMetres = 0.5;
/** Who has stood for longer has long since turned to something else. */
const olderSaysNothing: Seconds = 20;

/**
 * Which way somebody faces, as far as walking shows it.
 *
 *     path  ·  ·  ·  ·  ·  ····  stands        heading ──▶, of the last step before standing
 *
 * @returns undefined for somebody who has not walked in the last twenty seconds
 */
export function headingOf(visit: Visit, now: Seconds): Heading | undefined {
  const speed = speedOf(visit);
  if (speed >= walkingMetresPerSecond && isSeen(visit, now)) {
    const length = speed * visit.unit;
    return { x: visit.velocity.x / length, y: visit.velocity.y / length, at: visit.seenAt };
  }
  const { path } = visit;
  let from = path.length - 1;
  for (let to = path.length - 1; to > 0; to -= 1) {
    const last = path[to]!;
    if (now - last.at > olderSaysNothing) return undefined;
    from = Math.min(from, to - 1);
    while (from > 0 && last.at - path[from]!.at < stepSeconds) from -= 1;
    const first = path[from]!;
    const took = last.at - first.at;
    // Over a longer gap nobody saw which way they went.
    if (took > longestStepSeconds) continue;
    const [x, y] = [last.x - first.x, last.y - first.y];
    const metres = Math.hypot(x, y) / visit.unit;
    if (metres < stepMetres || metres < walkingMetresPerSecond * took) continue;
    const length = metres * visit.unit;
    return { x: x / length, y: y / length, at: last.at };
  }
  return undefined;
}

/** How much somebody faces a point: 1 straight at it, 0 sideways, -1 away; undefined where their heading is not known. */
export function facing(visit: Visit, point: PlanePoint, heading: Heading | undefined): number | undefined {
  if (heading === undefined) return undefined;
  const [x, y] = [point.x - visit.at.x, point.y - visit.at.y];
  const length = Math.hypot(x, y);
  return length === 0 ? undefined : (heading.x * x + heading.y * y) / length;
}
