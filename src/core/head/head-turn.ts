import type { HeadTurn } from '../units.ts';
import type { BodyPoint } from './movenet.ts';

/** The points of a head, in the order in which MoveNet gives a body's first five. */
export type HeadPoints = readonly [
  nose: BodyPoint,
  leftEye: BodyPoint,
  rightEye: BodyPoint,
  leftEar: BodyPoint,
  rightEar: BodyPoint,
];

/**
 * How far the ears lie beside the head's axis, as a share of how far nose and eyes lie before it. Chosen on the
 * rendered lobbies: from 0.7 to 1 the median error changes by one degree.
 */
const earsBesideFace = 0.8;

/**
 * Tells where a head is turned from where its points lie beside each other.
 *
 *     seen from above, the camera below        across = face - middle of the ears   ~ sin yaw
 *                                              open   = left ear - right ear        ~ cos yaw
 *       right ear ●───┼───● left ear
 *                     │  ╱                     open is negative for who looks away: then their
 *                     ●╱ yaw                   left ear is on the left
 *                   face
 *
 * Both grow with the head's size in the picture, so neither its size nor its distance is needed. Whether a head is
 * bowed or raised does not come into it.
 *
 * @param lowestScore 0 to 1: what the points' mean score must reach. Lower: more heads, more of them guessed.
 * @returns nothing where the points are too faint, or all at one place; figures are rounded to a hundredth, so
 *          that a recording holds them as they are
 */
export function turnOf(points: HeadPoints, lowestScore: number): HeadTurn | undefined {
  const [nose, leftEye, rightEye, leftEar, rightEar] = points;
  const score = (nose.score + leftEar.score + rightEar.score) / 3;
  const across = (nose.x + leftEye.x + rightEye.x) / 3 - (leftEar.x + rightEar.x) / 2;
  const open = (leftEar.x - rightEar.x) / 2;
  if (!(score >= lowestScore) || Math.hypot(across, open) < leastPixels) return undefined;
  return { yaw: hundredths(Math.atan2(across, earsBesideFace * open)), score: hundredths(score) };
}

/** Points of the network's picture nearer to each other than this say nothing of a direction. */
const leastPixels = 0.5;

/** Adding 0 makes a zero of minus zero, which JSON does not know. */
const hundredths = (value: number): number => Math.round(value * 100) / 100 + 0;
