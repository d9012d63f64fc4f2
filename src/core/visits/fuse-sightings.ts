import { add2, identity2, invert2, type Matrix2, scale2 } from '../geometry/matrix.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { Track } from '../track/track.ts';
import type { Metres, Seconds } from '../units.ts';
import type { SeenPlace, Sighting } from './visit.ts';

/** Two calibrations of one floor differ by so much, on top of what each measurement may be off. */
const calibrationMetres: Metres = 0.15;
/** Somebody's feet are so far from where a box says that the edge of the picture cuts off. */
const cutMetres: Metres = 0.8;
/** What a camera saw longer ago than this is a memory: at 2 frames a second it is one frame old. */
const freshSeconds: Seconds = 0.75;
/**
 * How fast a place that is not looked at becomes unsure: m/s, and as a share of the speed they went at. Who stands
 * goes on standing, or two cameras that take turns would set them walking to and fro.
 */
const driftSpeed = 0.05;
const driftShare = 0.5;

/** Where a camera sees somebody now, in plane units. */
export function seenPlace(one: Track, at: Seconds, unit: number, isCut: boolean): SeenPlace {
  const slack = calibrationMetres ** 2 + (isCut ? cutMetres ** 2 : 0);
  const { x, y, vx, vy, position } = one.motion;
  const spread = add2(position, scale2(identity2, slack * unit * unit));
  return { at, x, y, vx, vy, spread, ...(isCut && { isCut }) };
}

export const isFresh = ({ seen }: Sighting, at: Seconds): boolean =>
  seen !== undefined && at - seen.at < freshSeconds;

/** Where somebody seen a moment ago has got to by now. */
export function movedOn(seen: SeenPlace, at: Seconds): PlanePoint {
  const age = Math.max(0, at - seen.at);
  return { x: seen.x + seen.vx * age, y: seen.y + seen.vy * age };
}

/**
 * Where somebody is whom several cameras see: the mean of what they see now, each weighed by how sure it is.
 * A camera far away, or one whose picture ends at their knees, hardly counts beside one that stands near.
 *
 * @param seen by one camera or more, all of them lately
 * @returns of one camera alone exactly what it saw
 */
export function fused(
  seen: readonly SeenPlace[],
  at: Seconds,
  unit: number,
): Omit<SeenPlace, 'at' | 'isCut'> {
  const [only, other] = seen;
  if (only !== undefined && other === undefined) return only;
  let information: Matrix2 = [0, 0, 0, 0];
  const sum = { x: 0, y: 0, vx: 0, vy: 0 };
  let weights = 0;
  for (const one of seen) {
    const speed = driftSpeed * unit + driftShare * Math.hypot(one.vx, one.vy);
    const drift = speed * Math.max(0, at - one.at);
    const sureness = invert2(add2(one.spread, scale2(identity2, drift * drift)));
    const { x, y } = movedOn(one, at);
    information = add2(information, sureness);
    sum.x += sureness[0] * x + sureness[1] * y;
    sum.y += sureness[2] * x + sureness[3] * y;
    const weight = sureness[0] + sureness[3];
    sum.vx += weight * one.vx;
    sum.vy += weight * one.vy;
    weights += weight;
  }
  const spread = invert2(information);
  return {
    x: spread[0] * sum.x + spread[1] * sum.y,
    y: spread[2] * sum.x + spread[3] * sum.y,
    vx: sum.vx / weights,
    vy: sum.vy / weights,
    spread,
  };
}
