import type { Point } from './scene.ts';

/** `way(1, 2, 3, 4)` is the points (1, 2) and (3, 4): a path or a polygon that fits on a line. */
export function way(...xy: number[]): Point[] {
  if (xy.length % 2)
    throw new RangeError(`Cannot make a way: numbers must come in pairs, current count is ${xy.length}`);
  return Array.from({ length: xy.length / 2 }, (_, n): Point => [xy[n * 2]!, xy[n * 2 + 1]!]);
}

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The direction from `a` to `b` in radians, 0 along +x. */
export const bearing = (a: Point, b: Point): number => Math.atan2(b[1] - a[1], b[0] - a[0]);

/** The same angle within (-π, π]. */
export const wrapped = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle));

/** Twice the signed area of a, b, c: positive on one side of the line a–b, negative on the other. */
export const side = (a: Point, b: Point, c: Point): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** True inside the polygon, by counting crossings of a ray along +x. */
export function within(point: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const a = polygon[i]!;
    const b = polygon[j]!;
    const straddles = a[1] > point[1] !== b[1] > point[1];
    if (straddles && point[0] < ((b[0] - a[0]) * (point[1] - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/**
 * Where along the step from `before` to `after` the segment is crossed, 0 to 1, or `null`.
 * Exactly on the segment's line counts as the positive side, so that nobody crosses unseen by stopping on it.
 */
export function crossing(before: Point, after: Point, line: readonly [Point, Point]): number | null {
  const from = side(line[0], line[1], before);
  const to = side(line[0], line[1], after);
  if (from >= 0 === to >= 0) return null;
  if (side(before, after, line[0]) > 0 === side(before, after, line[1]) > 0) return null;
  return from / (from - to);
}
