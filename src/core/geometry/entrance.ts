import type { PlanePoint } from './polygon.ts';

/** A doorway: a line on the floor, and a point on its inner side. */
export interface Entrance {
  readonly from: PlanePoint;
  readonly to: PlanePoint;
  readonly inside: PlanePoint;
}

/** Where a point stands relative to a doorway. */
export interface DoorPosition {
  /** How far inside the line: positive inside, negative outside, in the plane's unit. */
  readonly depth: number;
  /** How far past the nearer door post, along the line: 0 between the posts. */
  readonly beside: number;
}

/**
 * Places a point relative to a doorway.
 *
 *              from ●────────────● to      ← the line, depth 0
 *      beside ◀────▶ │  depth > 0, inside
 *          ● point   ▼
 */
export function placeAtDoor(door: Entrance, point: PlanePoint): DoorPosition {
  const dx = door.to.x - door.from.x;
  const dy = door.to.y - door.from.y;
  const length = Math.hypot(dx, dy);
  const along = ((point.x - door.from.x) * dx + (point.y - door.from.y) * dy) / length;
  const sign = across(door, door.inside, dx, dy, length) < 0 ? -1 : 1;
  return {
    depth: sign * across(door, point, dx, dy, length),
    beside: Math.max(0, -along, along - length),
  };
}

/** How far to the one side of the line a point is; the other side is negative. */
function across(door: Entrance, point: PlanePoint, dx: number, dy: number, length: number): number {
  return ((point.x - door.from.x) * -dy + (point.y - door.from.y) * dx) / length;
}

/** How fast a velocity goes inwards through a doorway; negative is outwards. */
export function inwardSpeed(door: Entrance, velocity: PlanePoint): number {
  const here = placeAtDoor(door, door.inside).depth;
  const there = placeAtDoor(door, { x: door.inside.x + velocity.x, y: door.inside.y + velocity.y }).depth;
  return there - here;
}
