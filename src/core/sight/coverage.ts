import { floorPlane, type PlaneName, type Zone } from '../floor/zones.ts';
import { type FloorView, isBefore, project } from '../geometry/homography.ts';
import { contains, type PlanePoint } from '../geometry/polygon.ts';
import type { Size } from '../units.ts';

/** A camera, as far as it matters which places it shows. */
export interface Viewpoint {
  readonly id: string;
  /** Absent: its plane is its own picture. */
  readonly floor?: Pick<FloorView, 'toPixel'>;
  /** Size of its picture; absent while it is not known, and then it is taken to show all before it. */
  readonly frame?: Size;
}

/** A zone is seen by a camera that shows this share of it: less, and most who are there are out of sight. */
const leastShare = 1 / 3;
/** Feet this far below the picture, in its heights, belong to somebody whose upper half still shows. */
const belowPicture = 0.25;
/** Points an area is sampled at, along each side of the box around it. */
const steps = 12;

/** Whether a camera shows somebody who stands at a point of a plane. */
export function canSee(camera: Viewpoint, plane: PlaneName, point: PlanePoint): boolean {
  if (camera.floor === undefined) return camera.id === plane;
  if (plane !== floorPlane || !isBefore(camera.floor.toPixel, point)) return false;
  if (camera.frame === undefined) return true;
  const feet = project(camera.floor.toPixel, point);
  const { width, height } = camera.frame;
  return feet.x >= 0 && feet.x <= width && feet.y >= 0 && feet.y <= height * (1 + belowPicture);
}

/**
 * Which zones a camera sees: those of which it shows a third or more, of an area its floor, of an
 * entrance its line. What stands in between (a wall, a pillar) it does not know of.
 *
 *     ┌───────────────┐ picture
 *     │ ▒▒▒▒    ░░░░░░│░░      ▒ seen    ░ seen, two thirds
 *     └───────────────┘▓▓▓▓    ▓ not seen
 *
 * @returns their ids, in the order given
 */
export function seenZones(camera: Viewpoint, zones: readonly Zone[]): readonly string[] {
  return zones.filter((zone) => shareSeen(camera, zone) >= leastShare).map((zone) => zone.id);
}

/** The share of a zone that a camera shows: of an area its floor, of an entrance its line. */
export function shareSeen(camera: Viewpoint, zone: Zone): number {
  const points = zone.kind === 'entrance' ? alongLine(zone.door) : withinArea(zone.polygon);
  return points.filter((point) => canSee(camera, zone.plane, point)).length / points.length;
}

function alongLine({ from, to }: { readonly from: PlanePoint; readonly to: PlanePoint }): PlanePoint[] {
  return Array.from({ length: steps + 1 }, (_, i) => ({
    x: from.x + ((to.x - from.x) * i) / steps,
    y: from.y + ((to.y - from.y) * i) / steps,
  }));
}

function withinArea(polygon: readonly PlanePoint[]): readonly PlanePoint[] {
  const [left, right] = spanOf(polygon.map(({ x }) => x));
  const [low, high] = spanOf(polygon.map(({ y }) => y));
  const points: PlanePoint[] = [];
  for (let row = 0; row < steps; row++) {
    for (let column = 0; column < steps; column++) {
      const point = {
        x: left + ((right - left) * (column + 0.5)) / steps,
        y: low + ((high - low) * (row + 0.5)) / steps,
      };
      if (contains(polygon, point)) points.push(point);
    }
  }
  // A sliver may lie between all the points: its corners stand for it.
  return points.length === 0 ? polygon : points;
}

function spanOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
