import {
  aimSpread,
  belowHorizon,
  type FloorPair,
  type FloorView,
  fitFloorView,
  isBefore,
  project,
  spreadAt,
  stretchAt,
} from '../geometry/homography.ts';
import type { FloorPoint, Metres, PixelPoint } from '../units.ts';

/** Pairs that miss the fitted plane by more than this are misplaced, not shaky: the branch file refuses them. */
export const mostOffMetres: Metres = 0.5;
/** A spot that a pixel of aim moves by more than this is not known well enough for a zone. */
export const mostMetresPerPixel: Metres = 0.1;
/** Points whose narrow side is less than this share of their long one lie nearly in a line. */
const leastBreadth = 0.12;
/** The same, where a line is a line however sharp the eye. */
const lineBreadth = 0.01;

/** One pair, and how it lies in the fit. */
export interface FittedPoint {
  /** From where it is said to be on the floor to where the fit puts its pixel. Of four points always 0. */
  readonly offMetres: Metres;
  /** The same with a fit made without it; absent with four points, or where the others make no floor. */
  readonly withoutMetres?: Metres;
  /** Where on the floor the fit puts its pixel. */
  readonly lands: FloorPoint;
  /** Where in the picture the fit puts its spot. */
  readonly seenAt: PixelPoint;
}

/** How much one pixel is on the floor, at one spot. */
export interface Fineness {
  readonly at: FloorPoint;
  readonly metresPerPixel: Metres;
}

/**
 * What can be said of floor points.
 *
 * - `too-few`: less than four, and nothing is known;
 * - `crossed`: no floor fits them;
 * - `weak`: one fits, and would be another if somebody's hand had shaken a little;
 * - `four`: one fits, as one always does: four points prove nothing;
 * - `fits`.
 */
export type FloorFit =
  | { readonly state: 'too-few'; readonly lacking: number }
  | {
      readonly state: 'crossed';
      /** `far-off`: one point misses the floor of the others, number `point`, from 1, and metres. */
      readonly why: 'in-a-line' | 'crossed' | 'far-off';
      readonly point?: number;
      readonly offMetres?: Metres;
      readonly view?: FloorView;
      readonly points: readonly FittedPoint[];
    }
  | {
      readonly state: 'weak' | 'four' | 'fits';
      /** Of `weak`: points bunched or nearly in a line, or a pixel too coarse where a zone lies. */
      readonly why?: 'bunched' | 'coarse';
      readonly view: FloorView;
      /** Root mean square, and the most. */
      readonly averageMetres: Metres;
      readonly worstMetres: Metres;
      readonly points: readonly FittedPoint[];
      readonly finest: Fineness;
      readonly coarsest: Fineness;
    };

/**
 * Says how well floor points pin down the floor. Quick enough to be asked at each move of a finger: with ten points
 * and twenty spots some two milliseconds.
 *
 * @param spots where it matters, in metres: corners of zones; none: the points themselves
 * @example
 * ```ts
 * const at = (x: number, y: number) => ({ pixel: { x: 100 + 50 * x, y: 400 - 50 * y }, floor: { x, y } });
 * assessFloor([at(0, 0), at(4, 0), at(4, 3), at(0, 3)]).state; // 'four'
 * ```
 */
export function assessFloor(pairs: readonly FloorPair[], spots: readonly FloorPoint[] = []): FloorFit {
  if (pairs.length < 4) return { state: 'too-few', lacking: 4 - pairs.length };
  const view = fitFloorView(pairs);
  const breadth = Math.min(
    breadthOf(pairs.map(({ floor }) => floor)),
    breadthOf(pairs.map(({ pixel }) => pixel)),
  );
  const isLine = breadth < lineBreadth || (pairs.length === 4 && threeInLine(pairs));
  if (view === undefined || isLine) {
    return { state: 'crossed', why: isLine ? 'in-a-line' : 'crossed', points: [] };
  }
  const points = pairs.map((pair, index) => fittedPoint(pairs, index, pair, view));
  const { worst } = view;
  if (!(worst.errorMetres <= mostOffMetres)) {
    const point = worst.index + 1;
    return { state: 'crossed', why: 'far-off', point, offMetres: worst.errorMetres, view, points };
  }
  const places = spots.length > 0 ? spots : pairs.map(({ floor }) => floor);
  const seen = places.filter((spot) => isBefore(view.toPixel, spot));
  const fineness = (seen.length > 0 ? seen : pairs.map(({ floor }) => floor))
    .map((at): Fineness => ({ at, metresPerPixel: metresPerPixel(view, at) }))
    .sort((one, other) => one.metresPerPixel - other.metresPerPixel);
  const base = {
    view,
    averageMetres: view.errorMetres,
    worstMetres: worst.errorMetres,
    points,
    finest: fineness[0]!,
    coarsest: fineness.at(-1)!,
  };
  if (base.coarsest.metresPerPixel > mostMetresPerPixel) return { state: 'weak', why: 'coarse', ...base };
  const shake = shakeOf(pairs, view);
  const isShaky = seen.some((spot) => shake(spot) > mostMetresPerPixel * 2);
  if (breadth < leastBreadth || isShaky) return { state: 'weak', why: 'bunched', ...base };
  return { state: pairs.length === 4 ? 'four' : 'fits', ...base };
}

function fittedPoint(
  pairs: readonly FloorPair[],
  index: number,
  { pixel, floor }: FloorPair,
  view: FloorView,
): FittedPoint {
  const lands = project(view.toFloor, pixel);
  const others = pairs.length > 4 ? fitFloorView(pairs.filter((_, other) => other !== index)) : undefined;
  const without = others === undefined ? undefined : distance(project(others.toFloor, pixel), floor);
  return {
    offMetres: distance(lands, floor),
    ...(without === undefined || !Number.isFinite(without) ? {} : { withoutMetres: without }),
    lands,
    seenAt: project(view.toPixel, floor),
  };
}

/** How far a pixel is on the floor at a spot, the long way. */
export function metresPerPixel({ toFloor, toPixel }: FloorView, spot: FloorPoint): Metres {
  const [a, b, c, d] = stretchAt(toFloor, project(toPixel, spot));
  // The larger singular value of two by two.
  const sum = a * a + b * b + c * c + d * d;
  const det = a * d - b * c;
  return Math.sqrt((sum + Math.sqrt(Math.max(0, sum * sum - 4 * det * det))) / 2);
}

/** How far apart two spots of the picture are on the floor, to be held against a tape; absent: one shows no floor. */
export function measured(view: FloorView, from: PixelPoint, to: PixelPoint): Metres | undefined {
  const [one, other] = [guessSpot(view, from), guessSpot(view, to)];
  return one === undefined || other === undefined ? undefined : distance(one, other);
}

/** Where the picture shows a spot on the floor; absent: behind the camera. */
export function guessPixel({ toPixel }: FloorView, spot: FloorPoint): PixelPoint | undefined {
  return isBefore(toPixel, spot) ? project(toPixel, spot) : undefined;
}

/** Which spot on the floor a pixel shows; absent: the horizon, or above it. */
export function guessSpot({ toFloor }: FloorView, pixel: PixelPoint): FloorPoint | undefined {
  return belowHorizon(toFloor, pixel) > 0 ? project(toFloor, pixel) : undefined;
}

/**
 * By how much a spot on the floor moves when each point was aimed a pixel off: what bunched points cannot hold. Root
 * mean square, all points at once.
 */
export function shakeOf(pairs: readonly FloorPair[], view: FloorView): (spot: FloorPoint) => Metres {
  const spread = aimSpread(pairs, view);
  if (spread === undefined) return () => Number.POSITIVE_INFINITY;
  return (spot) => {
    const [x, , , y] = spreadAt(view.toFloor, project(view.toPixel, spot), spread(spot));
    return Math.sqrt(x + y);
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const distance = (one: Point, other: Point) => Math.hypot(one.x - other.x, one.y - other.y);

/** The narrow side of a cloud of points as a share of its long one: 1 is round, 0 a line. */
function breadthOf(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, one) => sum + of(one), 0) / points.length;
  const [x, y] = [mean((one) => one.x), mean((one) => one.y)];
  const xx = mean((one) => (one.x - x) ** 2);
  const yy = mean((one) => (one.y - y) ** 2);
  const xy = mean((one) => (one.x - x) * (one.y - y));
  const half = (xx + yy) / 2;
  const root = Math.sqrt(Math.max(0, half * half - (xx * yy - xy * xy)));
  return half + root <= 0 ? 0 : Math.sqrt(Math.max(0, half - root) / (half + root));
}

/** Three of four points on one line leave one of the floor's directions open. */
function threeInLine(pairs: readonly FloorPair[]): boolean {
  const sides = [pairs.map(({ floor }) => floor), pairs.map(({ pixel }) => pixel)];
  return sides.some((points) =>
    points.some((_, left) => breadthOf(points.filter((__, index) => index !== left)) < lineBreadth),
  );
}
