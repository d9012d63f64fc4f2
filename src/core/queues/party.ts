import type { Seconds } from '../units.ts';
import type { PathPoint, Visit } from '../visits/visit.ts';

/** Who comes in later than this after another has not come with them. */
const arriveSeconds: Seconds = 3;
/** Who goes together keeps so near; strangers walk a step and more behind each other. */
const nearMetres = 1.15;
/** So much of the way they are seen on together, and so long at least. */
const nearShare = 0.75;
const leastPoints = 4;
const pathSeconds: Seconds = 12;
/** Points this far apart in time are of one moment. */
const sameSeconds: Seconds = 0.35;
/** Two who stand beside each other prove nothing: only the way they walked counts. */
const walkingMetres = 0.15;

/**
 * Whether two came together, told from the way they walked to where they stand: at the same time, and side
 * by side. Linear in the points of both paths, which are bounded.
 */
export function areParty(a: Visit, b: Visit): boolean {
  // Of one who was first seen in the middle of the lobby nobody knows with whom they came.
  if (a.plane !== b.plane || (a.arrivedAt === undefined) !== (b.arrivedAt === undefined)) return false;
  if (Math.abs((a.arrivedAt ?? a.bornAt) - (b.arrivedAt ?? b.bornAt)) > arriveSeconds) return false;
  let seen = 0;
  let near = 0;
  let other = 0;
  const from = (a.path.at(-1)?.at ?? 0) - pathSeconds;
  for (const [i, point] of a.path.entries()) {
    if (point.at < from || !isWalking(a.path[i - 1], point, a.unit)) continue;
    while (other + 1 < b.path.length && b.path[other + 1]!.at <= point.at) other += 1;
    const beside = nearestInTime(b.path[other], b.path[other + 1], point.at);
    if (beside === undefined) continue;
    seen += 1;
    if (Math.hypot(point.x - beside.x, point.y - beside.y) <= nearMetres * a.unit) near += 1;
  }
  return near >= leastPoints && near >= nearShare * seen;
}

function isWalking(before: PathPoint | undefined, point: PathPoint, unit: number): boolean {
  return before !== undefined && Math.hypot(point.x - before.x, point.y - before.y) > walkingMetres * unit;
}

function nearestInTime(
  one: PathPoint | undefined,
  next: PathPoint | undefined,
  at: Seconds,
): PathPoint | undefined {
  const gap = (point: PathPoint | undefined) =>
    point === undefined ? Number.POSITIVE_INFINITY : Math.abs(point.at - at);
  const best = gap(next) < gap(one) ? next : one;
  return gap(best) <= sameSeconds ? best : undefined;
}
