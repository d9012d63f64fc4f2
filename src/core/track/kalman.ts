import {
  add2,
  identity2,
  invert2,
  type Matrix2,
  multiply2,
  quadratic2,
  scale2,
  subtract2,
  symmetric2,
  transpose2,
} from '../geometry/matrix.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { Seconds } from '../units.ts';

/**
 * Where somebody is believed to be and how fast they go, with how sure that is.
 * The 4 × 4 covariance is kept as its three different 2 × 2 blocks.
 *
 * Plane units are metres on a calibrated floor and pixels elsewhere.
 */
export interface Motion {
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  /** Covariance of the position, unit². */
  readonly position: Matrix2;
  /** Covariance between position and velocity, unit² / s. */
  readonly cross: Matrix2;
  /** Covariance of the velocity, unit² / s². */
  readonly velocity: Matrix2;
}

/** A position that was measured, and how far it may be off. */
export interface Measurement {
  readonly at: PlanePoint;
  /** Covariance, unit². */
  readonly spread: Matrix2;
}

/** Somebody seen for the first time: there, and going anywhere at walking pace. */
export function beginMotion(measured: Measurement, speedSpread: number): Motion {
  return {
    x: measured.at.x,
    y: measured.at.y,
    vx: 0,
    vy: 0,
    position: measured.spread,
    cross: [0, 0, 0, 0],
    velocity: scale2(identity2, speedSpread ** 2),
  };
}

/**
 * Moves the belief on by the true time between two frames, however long that was.
 *
 * Velocity fades with time constant `settleSeconds` (people stop; nobody walks on for ever behind a
 * pillar), and is disturbed by white acceleration of density `wander` (unit² / s³).
 */
export function predict(motion: Motion, dt: Seconds, wander: number, settleSeconds: Seconds): Motion {
  if (dt <= 0) return motion;
  const { keep, reach } = reachOf(dt, settleSeconds);
  const { position, cross, velocity } = motion;
  const crossed = add2(position, scale2(add2(cross, transpose2(cross)), reach));
  return {
    x: motion.x + motion.vx * reach,
    y: motion.y + motion.vy * reach,
    vx: motion.vx * keep,
    vy: motion.vy * keep,
    position: add2(add2(crossed, scale2(velocity, reach * reach)), scale2(identity2, (wander * dt ** 3) / 3)),
    cross: add2(
      scale2(add2(cross, scale2(velocity, reach)), keep),
      scale2(identity2, (wander * dt ** 2) / 2),
    ),
    velocity: add2(scale2(velocity, keep * keep), scale2(identity2, wander * dt)),
  };
}

/** What is left of a velocity after a time, as a share, and for how many seconds of it that time has gone on. */
export function reachOf(
  dt: Seconds,
  settleSeconds: Seconds,
): { readonly keep: number; readonly reach: Seconds } {
  const keep = Math.exp(-dt / settleSeconds);
  return { keep, reach: settleSeconds * (1 - keep) };
}

/** Takes a measurement in: the Kalman update for a measured position. */
export function correct(motion: Motion, measured: Measurement): Motion {
  const inverse = invert2(add2(motion.position, measured.spread));
  const gain = multiply2(motion.position, inverse);
  const velocityGain = multiply2(transpose2(motion.cross), inverse);
  const dx = measured.at.x - motion.x;
  const dy = measured.at.y - motion.y;
  return {
    x: motion.x + gain[0] * dx + gain[1] * dy,
    y: motion.y + gain[2] * dx + gain[3] * dy,
    vx: motion.vx + velocityGain[0] * dx + velocityGain[1] * dy,
    vy: motion.vy + velocityGain[2] * dx + velocityGain[3] * dy,
    position: symmetric2(subtract2(motion.position, multiply2(gain, motion.position))),
    cross: subtract2(motion.cross, multiply2(gain, motion.cross)),
    velocity: symmetric2(subtract2(motion.velocity, multiply2(velocityGain, motion.cross))),
  };
}

/**
 * How surprising a measurement is: the squared Mahalanobis distance, and the same plus the
 * log-determinant, which makes a vague belief a worse match than a sharp one at equal distance.
 */
export function surprise(motion: Motion, measured: Measurement): { squared: number; cost: number } {
  const innovation = add2(motion.position, measured.spread);
  const squared = quadratic2(invert2(innovation), measured.at.x - motion.x, measured.at.y - motion.y);
  const determinant = innovation[0] * innovation[3] - innovation[1] * innovation[2];
  return { squared, cost: squared + Math.log(determinant) };
}
