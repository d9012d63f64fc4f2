import type { FloorPoint, Metres, PixelPoint, Pixels } from '../units.ts';
import { type Matrix2, multiply2, solve, transpose2 } from './matrix.ts';

/** Nine numbers, row by row, that take a point of one plane to another: `(x, y, 1) → (X/W, Y/W)`. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** A spot on the floor and where the camera sees it. */
export interface FloorPair {
  readonly pixel: PixelPoint;
  readonly floor: FloorPoint;
}

/** A camera's view of the floor, both ways, and how well the pairs it was made from fit. */
export interface FloorView {
  readonly toFloor: Homography;
  readonly toPixel: Homography;
  /** Root mean square distance on the floor between the pairs and the fit. 0 with four pairs proves nothing. */
  readonly errorMetres: Metres;
  readonly worst: { readonly index: number; readonly errorMetres: Metres; readonly errorPixels: Pixels };
}

/**
 * Fits the camera's view of the floor to four or more pairs by least squares.
 *
 * First the direct linear transform on normalised points (Hartley, "In defense of the eight-point
 * algorithm", 1997), then Gauss-Newton on the distance in the picture, since that is where the
 * installer's hand shook.
 *
 * @returns `undefined` if the pairs do not span a plane: three of four on one line, or all on one
 * @example
 * ```ts
 * const at = (x: number, y: number) => ({ pixel: { x: 100 + 50 * x, y: 400 - 50 * y }, floor: { x, y } });
 * const view = fitFloorView([at(0, 0), at(4, 0), at(4, 3), at(0, 3), at(2, 1)]);
 * project(view!.toFloor, { x: 200, y: 300 }); // { x: 2, y: 2 }
 * ```
 */
export function fitFloorView(pairs: readonly FloorPair[]): FloorView | undefined {
  if (pairs.length < 4) return undefined;
  const fromFloor = normaliser(pairs.map((pair) => pair.floor));
  const fromPixel = normaliser(pairs.map((pair) => pair.pixel));
  if (fromFloor === undefined || fromPixel === undefined) return undefined;
  const floor = pairs.map((pair) => project(fromFloor, pair.floor));
  const pixel = pairs.map((pair) => project(fromPixel, pair.pixel));

  // The ninth number is fixed at 1: it is 0 only if the floor's centre lay on the camera's horizon.
  let values = leastSquares(
    floor.flatMap((from, i) => linearRows(from, pixel[i]!)),
    8,
  );
  if (values === undefined) return undefined;
  for (let round = 0; round < 10; round++) {
    const h = [...values, 1] as unknown as Homography;
    const rows = floor.flatMap((from, i) => newtonRows(h, from, pixel[i]!));
    const step = leastSquares(rows, 8);
    if (step === undefined) break;
    values = values.map((value, i) => value + step[i]!);
    if (Math.hypot(...step) < 1e-12) break;
  }
  const normalised = [...values, 1] as unknown as Homography;
  const backToPixel = invert(fromPixel);
  if (backToPixel === undefined) return undefined;
  const fitted = multiply(multiply(backToPixel, normalised), fromFloor);
  const toPixel = facing(fitted, pairs[0]!.floor);
  const inverse = invert(toPixel);
  if (inverse === undefined || !seesOneSide(toPixel, pairs)) return undefined;
  const toFloor = facing(inverse, pairs[0]!.pixel);

  let sum = 0;
  let worst = { index: 0, errorMetres: -1, errorPixels: 0 };
  for (const [index, pair] of pairs.entries()) {
    const there = project(toFloor, pair.pixel);
    const errorMetres = Math.hypot(there.x - pair.floor.x, there.y - pair.floor.y);
    const back = project(toPixel, pair.floor);
    const errorPixels = Math.hypot(back.x - pair.pixel.x, back.y - pair.pixel.y);
    sum += errorMetres ** 2;
    if (errorMetres > worst.errorMetres) worst = { index, errorMetres, errorPixels };
  }
  return { toFloor, toPixel, errorMetres: Math.sqrt(sum / pairs.length), worst };
}

/** Takes a point through a homography. A point on the horizon gives infinite coordinates. */
export function project(
  h: Homography,
  point: { readonly x: number; readonly y: number },
): { x: number; y: number } {
  const w = h[6] * point.x + h[7] * point.y + h[8];
  return {
    x: (h[0] * point.x + h[1] * point.y + h[2]) / w,
    y: (h[3] * point.x + h[4] * point.y + h[5]) / w,
  };
}

/**
 * How much the projected point moves when the point does: the Jacobian, `∂(X, Y) / ∂(x, y)`.
 * Far from the camera a pixel is many centimetres, near it few; this is that factor, each way.
 */
export function stretchAt(h: Homography, point: { readonly x: number; readonly y: number }): Matrix2 {
  const w = h[6] * point.x + h[7] * point.y + h[8];
  const to = project(h, point);
  return [
    (h[0] - h[6] * to.x) / w,
    (h[1] - h[7] * to.x) / w,
    (h[3] - h[6] * to.y) / w,
    (h[4] - h[7] * to.y) / w,
  ];
}

/** Takes a covariance through a homography, to first order. */
export function spreadAt(
  h: Homography,
  point: { readonly x: number; readonly y: number },
  covariance: Matrix2,
): Matrix2 {
  const stretch = stretchAt(h, point);
  return multiply2(multiply2(stretch, covariance), transpose2(stretch));
}

/**
 * How surely a fit shows a spot where it does: the covariance of that place, in pixels, when each pair was aimed a
 * pixel off across and down, independently. First order, from the fit's own normal equations.
 *
 * @returns `undefined` if the pairs do not hold the fit
 */
export function aimSpread(
  pairs: readonly FloorPair[],
  { toPixel }: Pick<FloorView, 'toPixel'>,
): ((spot: FloorPoint) => Matrix2) | undefined {
  const fromFloor = normaliser(pairs.map((pair) => pair.floor));
  const fromPixel = normaliser(pairs.map((pair) => pair.pixel));
  const backToFloor = fromFloor === undefined ? undefined : invert(fromFloor);
  if (fromFloor === undefined || fromPixel === undefined || backToFloor === undefined) return undefined;
  const fitted = multiply(multiply(fromPixel, toPixel), backToFloor);
  const h = fitted.map((value) => value / fitted[8]) as unknown as Homography;
  const rowsAt = (spot: FloorPoint) => {
    const from = project(fromFloor, spot);
    return newtonRows(h, from, from).map(({ factors }) => factors);
  };
  const rows = pairs.flatMap(({ floor }) => rowsAt(floor));
  const normal = Array.from({ length: 8 }, (_, i) =>
    Array.from({ length: 8 }, (__, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
  const columns = Array.from({ length: 8 }, (_, i) =>
    solve(
      normal.map((row) => [...row]),
      Array.from({ length: 8 }, (__, j) => (i === j ? 1 : 0)),
    ),
  );
  if (columns.some((column) => column === undefined)) return undefined;
  return (spot) => {
    const [across, down] = rowsAt(spot) as [readonly number[], readonly number[]];
    const times = (one: readonly number[], other: readonly number[]) =>
      columns.reduce(
        (sum, column, i) => sum + one[i]! * other.reduce((inner, value, j) => inner + value * column![j]!, 0),
        0,
      );
    const cross = times(across, down);
    return [times(across, across), cross, cross, times(down, down)];
  };
}

/** How fast what a homography shows moves up or down as one steps away from a place: `farthestDown` reads it. */
export interface Descent {
  /** The most that `y` changes by with a step, for short ones. */
  readonly slope: number;
  /** By what share of itself more for a longer one: towards the camera everything grows. */
  readonly growth: number;
}

export function descentAt(h: Homography, from: { readonly x: number; readonly y: number }): Descent {
  const w = h[6] * from.x + h[7] * from.y + h[8];
  const [, , x, y] = stretchAt(h, from);
  return {
    slope: Math.hypot(x, y),
    growth: w > 0 ? Math.hypot(h[6], h[7]) / w : Number.POSITIVE_INFINITY,
  };
}

/**
 * How far up or down a point can be seen that lies at most a step away. Not a rule of thumb: numerator and
 * denominator of a homography are linear, so that nothing of higher order is left out.
 *
 * @returns `Infinity` where the step may lead behind the camera
 */
export function farthestDown({ slope, growth }: Descent, step: number): number {
  const left = 1 - growth * step;
  return left > 0 ? (slope * step) / left : Number.POSITIVE_INFINITY;
}

/**
 * Whether a picture point shows the floor at all: positive below the horizon, 0 on it, negative in the sky.
 * The scale has no meaning.
 */
export function belowHorizon(toFloor: Homography, point: PixelPoint): number {
  return toFloor[6] * point.x + toFloor[7] * point.y + toFloor[8];
}

/** The same homography, scaled so that it is positive on the side where a point lies that is known to be seen. */
function facing(h: Homography, seen: { readonly x: number; readonly y: number }): Homography {
  const sign = h[6] * seen.x + h[7] * seen.y + h[8] < 0 ? -1 : 1;
  return h.map((value) => value * sign) as unknown as Homography;
}

/** Whether a spot on the floor is before the camera, and not behind it; its picture means something only then. */
export function isBefore(toPixel: Homography, spot: FloorPoint): boolean {
  return toPixel[6] * spot.x + toPixel[7] * spot.y + toPixel[8] > 0;
}

export function multiply(m: Homography, n: Homography): Homography {
  const out: number[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      out.push(
        m[row * 3]! * n[column]! + m[row * 3 + 1]! * n[column + 3]! + m[row * 3 + 2]! * n[column + 6]!,
      );
    }
  }
  return out as unknown as Homography;
}

export function invert(m: Homography): Homography | undefined {
  const [a, b, c, d, e, f, g, h, i] = m;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-14)) return undefined;
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map((value) => value / determinant) as unknown as Homography;
}

/** Shifts points to their centre and scales them to a mean distance of √2. */
function normaliser(points: readonly { readonly x: number; readonly y: number }[]): Homography | undefined {
  const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  const reach = points.reduce((sum, point) => sum + Math.hypot(point.x - x, point.y - y), 0) / points.length;
  if (!(reach > 1e-9)) return undefined;
  const scale = Math.SQRT2 / reach;
  return [scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1];
}

interface Row {
  readonly factors: readonly number[];
  readonly target: number;
}

function linearRows(from: { x: number; y: number }, to: { x: number; y: number }): Row[] {
  return [
    { factors: [from.x, from.y, 1, 0, 0, 0, -to.x * from.x, -to.x * from.y], target: to.x },
    { factors: [0, 0, 0, from.x, from.y, 1, -to.y * from.x, -to.y * from.y], target: to.y },
  ];
}

function newtonRows(h: Homography, from: { x: number; y: number }, to: { x: number; y: number }): Row[] {
  const w = h[6] * from.x + h[7] * from.y + h[8];
  const at = project(h, from);
  const [x, y, one] = [from.x / w, from.y / w, 1 / w];
  return [
    { factors: [x, y, one, 0, 0, 0, -at.x * x, -at.x * y], target: to.x - at.x },
    { factors: [0, 0, 0, x, y, one, -at.y * x, -at.y * y], target: to.y - at.y },
  ];
}

function leastSquares(rows: readonly Row[], size: number): readonly number[] | undefined {
  const normal = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const right = new Array<number>(size).fill(0);
  for (const { factors, target } of rows) {
    for (let i = 0; i < size; i++) {
      right[i] = right[i]! + factors[i]! * target;
      for (let j = 0; j < size; j++) normal[i]![j] = normal[i]![j]! + factors[i]! * factors[j]!;
    }
  }
  return solve(normal, right);
}

/** A floor that is partly before the camera and partly behind it (pairs that cross over) is no floor. */
function seesOneSide(toPixel: Homography, pairs: readonly FloorPair[]): boolean {
  const sides = pairs.map(({ floor }) => Math.sign(toPixel[6] * floor.x + toPixel[7] * floor.y + toPixel[8]));
  return sides[0] !== 0 && sides.every((side) => side === sides[0]);
}
