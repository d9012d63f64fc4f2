import { type FloorView, project, stretchAt } from '../geometry/homography.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { Metres, PixelBox, Pixels, Seconds } from '../units.ts';
import { type Motion, reachOf } from './kalman.ts';
import { footSpread, isCutAbove, isCutBelow, leanAt, scaleAt, shoeOf, type View } from './view.ts';

/** How well somebody's height is known, and how it hangs together with where they stand and how they go. */
export interface Stature {
  /** Variance of the height, m². */
  readonly variance: number;
  /** Covariance of the height with the position, m², across the plane's two directions. */
  readonly place: readonly [number, number];
  /** Covariance of the height with the velocity, m² / s. */
  readonly pace: readonly [number, number];
}

/** Somebody on the floor: where they are, how they go, and how tall they are, believed together. */
export interface Body {
  readonly motion: Motion;
  /** Height of the whole body in the picture over the floor's scale there: what a full box should measure. */
  readonly build: Metres;
  readonly stature: Stature;
}

/** How far off the edges of a box may be: standard deviations, in pixels. A lower edge may be no foot's at all. */
export interface EdgesOff {
  readonly across: Pixels;
  readonly lower: Pixels;
  readonly upper: Pixels;
}

/** Of somebody of whom one box was seen: how tall it was says something, and hangs together with nothing yet. */
export const newStature: Stature = { variance: 0.3 ** 2, place: [0, 0], pace: [0, 0] };

/** Of somebody of whom nothing is known: standing adults, and some who are not. */
export const anybody: Pick<Body, 'build' | 'stature'> = {
  build: 1.65,
  stature: { variance: 0.2 ** 2, place: [0, 0], pace: [0, 0] },
};

/**
 * How much less is known of a height after a second, and after a metre walked: standard deviations. People bend and
 * sit down; and what a lens does to heights, which no floor knows of, it does otherwise a metre on.
 */
const driftMetres = { aSecond: 0.01, aMetre: 0.03 } as const;

/** Moves the belief in a height on with its owner's motion, by the true time since it was last believed. */
export function moveStature(
  { variance, place, pace }: Stature,
  { vx, vy }: Motion,
  dt: Seconds,
  settleSeconds: Seconds,
): Stature {
  if (dt <= 0) return { variance, place, pace };
  const { keep, reach } = reachOf(dt, settleSeconds);
  const drift = driftMetres.aSecond ** 2 + driftMetres.aMetre ** 2 * Math.hypot(vx, vy);
  return {
    variance: variance + drift * dt,
    place: [place[0] + reach * pace[0], place[1] + reach * pace[1]],
    pace: [keep * pace[0], keep * pace[1]],
  };
}

/**
 * Takes a box in: its middle, its lower edge and its upper edge each say something, of the place and of the height.
 *
 *     ┌────┐ upper: the place, less a body        far off, the head of somebody tall stays where it is while they
 *     │    │                                      come nearer, and of somebody small too: only together with what was
 *     └────┘ lower: the place                     seen of their feet before does it tell where they are now
 *
 * Whoever comes through a far door behind others shows their feet now and then and their head always. While the feet
 * are seen, how tall they are is learnt; once they are not, the head tells how far they have come, as sharply as the
 * height is known and no sharper, however often it is seen. An extended Kalman filter over place, velocity and height,
 * one edge after the other, linear around where the box was measured to stand.
 *
 * @param near where the box says they stand: what is linear there is good near there
 */
export function correctBody(
  { motion, build, stature }: Body,
  box: PixelBox,
  off: EdgesOff,
  near: PlanePoint,
  plane: SeenFloor,
): Body {
  const shown = showAt(near, build, plane);
  const belief = believed({ motion, build, stature });
  const take = (value: Pixels, { at, row }: Edge, spread: Pixels) => {
    const gap =
      value -
      at -
      row[0] * (belief.mean[0] - near.x) -
      row[1] * (belief.mean[1] - near.y) -
      row[2] * (belief.mean[4] - build);
    takeIn(belief, gap, row, spread ** 2 + footSpread * (row[0] ** 2 + row[1] ** 2));
  };
  take((box.left + box.right) / 2, shown.middle, off.across);
  const half = (box.bottom - box.top) / 2;
  const lower = isCutBelow(box, plane) ? Math.max(half, off.lower) : off.lower;
  const upper = isCutAbove(box, plane) ? Math.max(half, off.upper) : off.upper;
  take(box.bottom, shown.lower, lower);
  take(box.top, shown.upper, upper);
  return bodyOf(belief);
}

/** Where the middle and the edges of somebody's box should be, and how far off that may be: a standard deviation. */
export function expectEdges(
  body: Body,
  plane: SeenFloor,
): Record<'middle' | 'lower' | 'upper', ExpectedEdge> {
  const { covariance } = believed(body);
  const { middle, lower, upper } = showAt(body.motion, body.build, plane);
  const expect = ({ at, row }: Edge): ExpectedEdge => {
    const along = alongRow(covariance, row);
    return { at, off: Math.sqrt(along[0]! * row[0] + along[1]! * row[1] + along[4]! * row[2]) };
  };
  return { middle: expect(middle), lower: expect(lower), upper: expect(upper) };
}

export interface ExpectedEdge {
  readonly at: Pixels;
  readonly off: Pixels;
}

/** A calibrated camera's view. */
export type SeenFloor = View & { readonly floor: Pick<FloorView, 'toFloor' | 'toPixel'> };

/** One edge of a body's box in the picture, and how it changes with the body. */
interface Edge {
  readonly at: Pixels;
  readonly row: Row;
}

/** How the picture shows a body of that height at a place. */
function showAt(at: PlanePoint, build: Metres, plane: SeenFloor): Record<'middle' | 'lower' | 'upper', Edge> {
  const shoe = shoeOf(plane, at);
  const seen = project(plane.floor.toPixel, shoe);
  const [ax, ay, dx, dy] = stretchAt(plane.floor.toPixel, shoe);
  const scale = scaleAt(plane, at);
  const heightAt = (x: Metres, y: Metres) => build * scaleAt(plane, { x: at.x + x, y: at.y + y });
  // To both sides alike, so that a lobby seen in a mirror is the same lobby.
  const sx = (heightAt(growthStep, 0) - heightAt(-growthStep, 0)) / (2 * growthStep);
  const sy = (heightAt(0, growthStep) - heightAt(0, -growthStep)) / (2 * growthStep);
  return {
    middle: { at: seen.x - leanAt(plane, at) / 2, row: [ax, ay, 0] },
    lower: { at: seen.y, row: [dx, dy, 0] },
    upper: { at: seen.y - build * scale, row: [dx - sx, dy - sy, -scale] },
  };
}

const growthStep: Metres = 0.1;

/** How a pixel row or column changes with the place, x and y, and with the height: pixels per metre. */
type Row = readonly [x: number, y: number, height: number];

/** Place, velocity and height, and their 5 × 5 covariance, row by row: changed in place while edges are taken in. */
interface Belief {
  readonly mean: [number, number, number, number, number];
  readonly covariance: number[];
}

const size = 5;

function believed({ motion, build, stature }: Body): Belief {
  const { position: p, cross: c, velocity: v } = motion;
  const { variance, place, pace } = stature;
  return {
    mean: [motion.x, motion.y, motion.vx, motion.vy, build],
    // biome-ignore format: a matrix is read row by row
    covariance: [
      p[0], p[1], c[0], c[1], place[0],
      p[2], p[3], c[2], c[3], place[1],
      c[0], c[2], v[0], v[1], pace[0],
      c[1], c[3], v[2], v[3], pace[1],
      place[0], place[1], pace[0], pace[1], variance,
    ],
  };
}

/** The Kalman update for one number that was measured. */
function takeIn({ mean, covariance }: Belief, gap: number, row: Row, noise: number): void {
  const along = alongRow(covariance, row);
  const whole = along[0]! * row[0] + along[1]! * row[1] + along[4]! * row[2] + noise;
  for (let i = 0; i < size; i++) {
    const gain = along[i]! / whole;
    mean[i] = mean[i]! + gain * gap;
    for (let j = 0; j < size; j++) covariance[i * size + j] = covariance[i * size + j]! - gain * along[j]!;
  }
}

/** How everything that is believed goes with what a row measures. */
function alongRow(covariance: readonly number[], [x, y, height]: Row): number[] {
  const along = [0, 0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    const at = i * size;
    along[i] = covariance[at]! * x + covariance[at + 1]! * y + covariance[at + 4]! * height;
  }
  return along;
}

function bodyOf({ mean, covariance }: Belief): Body {
  // Made symmetric again, so that rounding does not add up.
  const at = (i: number, j: number) => (covariance[i * size + j]! + covariance[j * size + i]!) / 2;
  const [x, y, vx, vy, build] = mean;
  return {
    motion: {
      x,
      y,
      vx,
      vy,
      position: [at(0, 0), at(0, 1), at(0, 1), at(1, 1)],
      cross: [at(0, 2), at(0, 3), at(1, 2), at(1, 3)],
      velocity: [at(2, 2), at(2, 3), at(2, 3), at(3, 3)],
    },
    build: Math.max(leastBuild, build),
    stature: {
      variance: at(4, 4),
      place: [at(0, 4), at(1, 4)],
      pace: [at(2, 4), at(3, 4)],
    },
  };
}

/** Whatever a box says, a body has some height. */
const leastBuild: Metres = 0.1;
