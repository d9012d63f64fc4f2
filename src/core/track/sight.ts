import type { Matrix2 } from '../geometry/matrix.ts';
import type { PixelBox, Seconds } from '../units.ts';
import { beginMotion, correct, type Measurement, type Motion, predict, surprise } from './kalman.ts';

/**
 * Where in the picture somebody is believed to be, and how large: smoothed over the boxes seen so far.
 *
 * Detectors draw the edges of a box anew in each frame. What is known of a person is better than any
 * one of their boxes, and it is what the next box must resemble.
 */
export interface Sight {
  /** The box's middle, in pixels. */
  readonly middle: Motion;
  /** Natural logarithms of the box's height and width in pixels. */
  readonly logHeight: number;
  readonly logWidth: number;
  /** Variance of both logarithms. */
  readonly sizeVariance: number;
}

/**
 * How loosely a camera's boxes are drawn, learnt from the boxes themselves: standard deviations of the
 * middle as a share of the height, and of the logarithms of height and width.
 */
export interface Looseness {
  readonly middle: number;
  readonly size: number;
}

/** Before a camera has shown its own: what lies between a good detector and a poor one. */
export const usualLooseness: Looseness = { middle: 0.05, size: 0.1 };

/** @param speedSpread of a newcomer, m/s */
export function beginSight(box: PixelBox, loose: Looseness, speedSpread: number): Sight {
  const height = heightOf(box);
  return {
    middle: beginMotion(measureMiddle(box, loose.middle * height), speedSpread * perMetre(height)),
    logHeight: Math.log(height),
    logWidth: Math.log(widthOf(box)),
    sizeVariance: loose.size ** 2,
  };
}

/**
 * Moves the belief on by the true time since the last frame.
 *
 * @param restless 1 for one who walks, who mostly goes on as they do; 2 for one who stands
 */
export function moveSight(sight: Sight, dt: Seconds, restless: number): Sight {
  const unit = perMetre(Math.exp(sight.logHeight));
  return {
    ...sight,
    middle: predict(sight.middle, dt, restless * walkingWander * unit * unit, settleSeconds),
    sizeVariance: sight.sizeVariance + sizeDrift ** 2 * Math.max(0, dt),
  };
}

/**
 * Takes a box in.
 *
 * What is wrong with a box is wrong with the next ones too, for a moment: a detector at 30 frames a second does not
 * know six times as much as at 5. So boxes closer in time than `correlatedSeconds` count for less.
 *
 * @param dt since the last frame
 */
export function correctSight(sight: Sight, box: PixelBox, loose: Looseness, dt: Seconds): Sight {
  const again = Math.max(1, correlatedSeconds / Math.max(dt, 0.02));
  const height = Math.exp(sight.logHeight);
  const middle = loose.middle * height * Math.sqrt(again);
  const gain = sight.sizeVariance / (sight.sizeVariance + loose.size ** 2 * again);
  return {
    middle: correct(sight.middle, measureMiddle(box, middle)),
    logHeight: sight.logHeight + gain * (Math.log(heightOf(box)) - sight.logHeight),
    logWidth: sight.logWidth + gain * (Math.log(widthOf(box)) - sight.logWidth),
    sizeVariance: sight.sizeVariance * (1 - gain),
  };
}

/** How far a box is from what was expected, in units of what may be expected. */
export interface Misfit {
  /** Squared Mahalanobis distance of the middle: 2 on average. */
  readonly middle: number;
  /** Log-determinant of the middle's covariance, in units of the height. */
  readonly vagueness: number;
  /** The same of height and width together: 2 on average. */
  readonly size: number;
}

export function misfitOf(sight: Sight, box: PixelBox, loose: Looseness): Misfit {
  const height = Math.exp(sight.logHeight);
  const { squared, cost } = surprise(sight.middle, measureMiddle(box, loose.middle * height));
  const sizeVariance = sight.sizeVariance + loose.size ** 2;
  const [taller, wider] = [
    Math.log(heightOf(box)) - sight.logHeight,
    Math.log(widthOf(box)) - sight.logWidth,
  ];
  return {
    middle: squared,
    vagueness: cost - squared - 4 * Math.log(height),
    size: (taller * taller + wider * wider) / sizeVariance,
  };
}

/**
 * Learns how loosely boxes are drawn from how well one fitted.
 *
 * A single box counts for a fiftieth, and none for more than three standard deviations, so one wild box, or one
 * person who runs, changes little.
 */
export function learnLooseness(loose: Looseness, { middle, size }: Misfit): Looseness {
  const step = (squared: number) => Math.sqrt(1 + learning * (Math.min(6, squared / 2) - 1));
  return {
    middle: within(loose.middle * step(middle), 0.025, 0.15),
    size: within(loose.size * step(size), 0.045, 0.35),
  };
}

/** Where the body is believed to appear in the picture. */
export function boxOf({ middle, logHeight, logWidth }: Sight): PixelBox {
  const [height, width] = [Math.exp(logHeight), Math.exp(logWidth)];
  return {
    left: middle.x - width / 2,
    top: middle.y - height / 2,
    right: middle.x + width / 2,
    bottom: middle.y + height / 2,
  };
}

/** How much the walk of somebody in the picture changes: white acceleration density, m²/s³. */
const walkingWander = 0.25;
/** The time constant with which a pace fades. Shorter: who is hidden is looked for where they vanished. */
const settleSeconds = 6;
/** How fast a box's size may change as somebody comes nearer: standard deviation of its logarithm after a second. */
const sizeDrift = 0.1;
const correlatedSeconds = 0.15;
const learning = 0.02;

const bodyMetres = 1.7;
const perMetre = (height: number): number => height / bodyMetres;
const heightOf = (box: PixelBox): number => Math.max(1, box.bottom - box.top);
const widthOf = (box: PixelBox): number => Math.max(1, box.right - box.left);
const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

function measureMiddle(box: PixelBox, off: number): Measurement {
  const spread: Matrix2 = [off * off, 0, 0, off * off];
  return { at: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }, spread };
}
