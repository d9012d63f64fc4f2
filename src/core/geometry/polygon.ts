/** Points of one plane, metres or pixels; a polygon is its corners in order, not closed. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}
export type Polygon = readonly PlanePoint[];

/**
 * Whether a point is inside a polygon, by counting crossings of a ray to the right.
 * A point exactly on an edge belongs to one of the two sides, always the same one.
 */
export function contains(polygon: Polygon, point: PlanePoint): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const a = polygon[i]!;
    const b = polygon[j]!;
    if (a.y > point.y !== b.y > point.y) {
      const x = ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x;
      if (point.x < x) inside = !inside;
    }
  }
  return inside;
}

/** Distance to the polygon's edge: negative inside, positive outside. */
export function signedDistance(polygon: Polygon, point: PlanePoint): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    nearest = Math.min(nearest, distanceToSegment(polygon[j]!, polygon[i]!, point));
  }
  return contains(polygon, point) ? -nearest : nearest;
}

/**
 * Whether a point is in a polygon, on its edge, or not further outside than so much: the answer to
 * `signedDistance(polygon, point) <= outside`, without a root for each edge.
 *
 * @param outside not below 0
 */
export function isWithin(polygon: Polygon, point: PlanePoint, outside = 0): boolean {
  if (contains(polygon, point)) return true;
  const most = outside * outside;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    if (squaredToSegment(polygon[j]!, polygon[i]!, point) <= most) return true;
  }
  return false;
}

/**
 * What of a convex polygon lies in an upright box: side by side it is cut off (Sutherland and Hodgman, "Reentrant
 * polygon clipping", 1974).
 *
 * @returns no corners where nothing of it does
 */
export function clipped(polygon: Polygon, box: Box): Polygon {
  const sides: readonly ((point: PlanePoint) => number)[] = [
    ({ x }) => x - box.left,
    ({ x }) => box.right - x,
    ({ y }) => y - box.top,
    ({ y }) => box.bottom - y,
  ];
  return sides.reduce((left: Polygon, inside) => cutOff(left, inside), polygon);
}

/** Edges of an upright box. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function cutOff(polygon: Polygon, inside: (point: PlanePoint) => number): Polygon {
  return polygon.flatMap((to, index) => {
    const from = polygon.at(index - 1)!;
    const [was, is] = [inside(from), inside(to)];
    const share = was / (was - is);
    const between = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
    if (was < 0 && is < 0) return [];
    if (was < 0) return [between, to];
    return is < 0 ? [between] : [to];
  });
}

export function distanceToSegment(from: PlanePoint, to: PlanePoint, point: PlanePoint): number {
  return Math.sqrt(squaredToSegment(from, to, point));
}

function squaredToSegment(from: PlanePoint, to: PlanePoint, point: PlanePoint): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
  const clamped = Math.min(1, Math.max(0, along));
  return (point.x - from.x - clamped * dx) ** 2 + (point.y - from.y - clamped * dy) ** 2;
}

/** Twice the signed area over two: positive when the corners run counter-clockwise with y up. */
export function signedArea(polygon: Polygon): number {
  let sum = 0;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    sum += polygon[j]!.x * polygon[i]!.y - polygon[i]!.x * polygon[j]!.y;
  }
  return sum / 2;
}

/**
 * Finds two edges of a polygon that cross or touch, other than neighbours at their corner.
 *
 * @returns the numbers of the edges, from 1, edge n running from corner n to the next
 */
export function crossingEdges(polygon: Polygon): readonly [number, number] | undefined {
  const count = polygon.length;
  const corner = (i: number) => polygon[i % count]!;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const neighbours = j === i + 1 || (i === 0 && j === count - 1);
      if (neighbours) continue;
      if (segmentsCross(corner(i), corner(i + 1), corner(j), corner(j + 1))) return [i + 1, j + 1];
    }
  }
  return undefined;
}

export function segmentsCross(a: PlanePoint, b: PlanePoint, c: PlanePoint, d: PlanePoint): boolean {
  const turn = (p: PlanePoint, q: PlanePoint, r: PlanePoint) =>
    Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  const between = (p: PlanePoint, q: PlanePoint, r: PlanePoint) =>
    Math.min(p.x, q.x) <= r.x &&
    r.x <= Math.max(p.x, q.x) &&
    Math.min(p.y, q.y) <= r.y &&
    r.y <= Math.max(p.y, q.y);
  const [t1, t2, t3, t4] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (t1 !== t2 && t3 !== t4) return true;
  return (
    (t1 === 0 && between(a, b, c)) ||
    (t2 === 0 && between(a, b, d)) ||
    (t3 === 0 && between(c, d, a)) ||
    (t4 === 0 && between(c, d, b))
  );
}
