import { distanceToSegment } from '../../../../src/core/geometry/polygon.ts';

/** A place on a plane: metres on the floor, pixels in a picture. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/**
 * The edge of an outline that is nearest to a spot, and where on it.
 *
 *     0 ●───────● 1        by distance to the edge itself: an edge's bounding box also holds
 *       │   ×   ╱          spots that are nearer to another, and puts corners into the wrong one
 *     3 ●─────● 2
 *
 * @returns `edge` runs from that corner to the next
 */
export function nearestEdge(
  corners: readonly Spot[],
  to: Spot,
): { readonly edge: number; readonly at: Spot; readonly distance: number } {
  let best = { edge: 0, at: corners[0] ?? to, distance: Number.POSITIVE_INFINITY };
  for (const [edge, from] of corners.entries()) {
    const next = corners[(edge + 1) % corners.length]!;
    const distance = distanceToSegment(from, next, to);
    if (distance < best.distance) best = { edge, at: onSegment(from, next, to), distance };
  }
  return best;
}

/** The spot of a segment that is nearest to another spot. */
export function onSegment(from: Spot, to: Spot, spot: Spot): Spot {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((spot.x - from.x) * dx + (spot.y - from.y) * dy) / length;
  const part = Math.min(1, Math.max(0, along));
  return { x: from.x + part * dx, y: from.y + part * dy };
}

export const distanceOf = (a: Spot, b: Spot): number => Math.hypot(a.x - b.x, a.y - b.y);

export type SnapKind = 'corner' | 'edge' | 'angle';

export interface SnapOptions {
  /** Outlines to lean on: closed ones, and lines of two corners. */
  readonly outlines: readonly (readonly Spot[])[];
  /** The corners before and after what is moved: right angles and straight lines are taken from them. */
  readonly neighbours: readonly Spot[];
  /** The corners beyond those, in the same order: what the neighbours' edges run towards. */
  readonly beyond?: readonly (Spot | undefined)[];
  /** How near is near: as far as ten pixels of the screen are here. */
  readonly within: number;
}

/**
 * Leans a spot on what is near: a corner first, then an edge, then a right angle with a neighbour.
 *
 * @returns where it goes, and what it leaned on; the spot itself if nothing is near
 */
export function snap(
  spot: Spot,
  { outlines, neighbours, beyond = [], within }: SnapOptions,
): {
  readonly at: Spot;
  readonly on?: SnapKind;
} {
  let corner: Spot | undefined;
  for (const one of outlines.flat()) {
    const isNearer = corner === undefined || distanceOf(one, spot) < distanceOf(corner, spot);
    if (isNearer && distanceOf(one, spot) <= within) corner = one;
  }
  if (corner !== undefined) return { at: corner, on: 'corner' };

  let edge: { at: Spot; distance: number } | undefined;
  for (const outline of outlines) {
    if (outline.length < 2) continue;
    const found = nearestEdge(outline, spot);
    if (found.distance <= within && (edge === undefined || found.distance < edge.distance)) edge = found;
  }
  if (edge !== undefined) return { at: edge.at, on: 'edge' };

  // The line through a neighbour that makes a right angle with the edge beyond it.
  const lines = neighbours.flatMap((neighbour, index) => {
    const far = beyond[index];
    const [dx, dy] = far === undefined ? [0, 0] : [neighbour.x - far.x, neighbour.y - far.y];
    const length = Math.hypot(dx, dy);
    const axes: Spot[] = [
      { x: 1, y: 0 },
      { x: 0, y: 1 },
    ];
    if (length > 0) axes.unshift({ x: -dy / length, y: dx / length });
    return axes.map((along) => ({ through: neighbour, along }));
  });
  const leaned = lines
    .map((line) => ({ line, at: onLine(line, spot) }))
    .filter(({ at }) => distanceOf(at, spot) <= within)
    .sort((a, b) => distanceOf(a.at, spot) - distanceOf(b.at, spot));
  const [first] = leaned;
  if (first === undefined) return { at: spot };
  // Two lines at once: the spot where they meet, if that is near too.
  for (const other of leaned.slice(1)) {
    const meeting = meet(first.line, other.line);
    if (meeting !== undefined && distanceOf(meeting, spot) <= within * 1.5)
      return { at: meeting, on: 'angle' };
  }
  return { at: first.at, on: 'angle' };
}

interface Line {
  readonly through: Spot;
  readonly along: Spot;
}

function onLine({ through, along }: Line, spot: Spot): Spot {
  const part = (spot.x - through.x) * along.x + (spot.y - through.y) * along.y;
  return { x: through.x + part * along.x, y: through.y + part * along.y };
}

function meet(a: Line, b: Line): Spot | undefined {
  const cross = a.along.x * b.along.y - a.along.y * b.along.x;
  if (Math.abs(cross) < 1e-6) return undefined;
  const part = ((b.through.x - a.through.x) * b.along.y - (b.through.y - a.through.y) * b.along.x) / cross;
  return { x: a.through.x + part * a.along.x, y: a.through.y + part * a.along.y };
}

/** The middle of an outline: where its name stands. */
export function middleOf(corners: readonly Spot[]): Spot {
  const count = Math.max(1, corners.length);
  return {
    x: corners.reduce((sum, { x }) => sum + x, 0) / count,
    y: corners.reduce((sum, { y }) => sum + y, 0) / count,
  };
}
