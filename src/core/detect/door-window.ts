import { type EntranceZone, floorPlane, type Zone } from '../floor/zones.ts';
import type { FloorView } from '../geometry/homography.ts';
import { isBefore } from '../geometry/homography.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import { findUpright, seeAbove, type UprightView } from '../geometry/upright.ts';
import type { PixelBox, Size } from '../units.ts';

/** The part of a camera's picture in which people stand who come in by a door. */
export interface DoorWindow {
  /** The entrance's id. */
  readonly zone: string;
  /** In pixels of the camera's picture, of the shape of what it is looked at in; it may reach beyond it. */
  readonly region: PixelBox;
  /** Whether people there are so small in the whole picture that a closer look is worth its time. */
  readonly isFar: boolean;
  /** Whether the part alone shows people large enough to be found: of a door near the camera it may be most of the picture. */
  readonly isEnough: boolean;
}

/** How far outside and inside the line, beside its posts, and how high over the floor people are looked for. */
const reach = { outside: 0.9, inside: 1.9, beside: 0.5, above: 1.9 } as const;
/**
 * A door is looked at more closely where that shows people this much larger than the whole picture does. Measured on
 * the rendered lobbies: from 1.3 on, one more was told of who was not there, and nobody was told of sooner.
 */
const leastGain = 1.6;
/** Of a door at which people are large already, they may be shown this much smaller. */
const enoughGain = 0.7;

/**
 * Where in a camera's picture its doors are, with whoever is just about to come in or has just done so.
 *
 *                ┌───────────────────┐
 *                │    o              │   as high as a tall person's head
 *       from ●───┼───/|\─────────● to│   the line on the floor
 *                │   / \   o         │
 *                └────────/|\────────┘   some steps inside
 *
 * @param frame size of the camera's picture
 * @param shown how large the whole picture shows things to the detector: its input's pixels for one of the frame
 * @param size of the picture the part is looked at in: its shape is the window's
 * @returns in order of the zones; a door whose place is partly behind the camera, or of which nothing is in the
 *          picture, has none
 */
export function doorWindows(
  floor: Pick<FloorView, 'toPixel'>,
  zones: readonly Zone[],
  frame: Size,
  shown: number,
  size: Size,
): readonly DoorWindow[] {
  const upright = findUpright(floor.toPixel, frame);
  if (upright === undefined) return [];
  return zones.flatMap((zone) => {
    if (zone.kind !== 'entrance' || zone.plane !== floorPlane) return [];
    const corners = cornersOf(zone);
    if (!corners.every((corner) => isBefore(floor.toPixel, corner))) return [];
    const seen = within(boxAround(upright, corners), frame);
    if (seen === undefined) return [];
    const region = shaped(seen, size);
    const gain = size.width / (region.right - region.left) / shown;
    return [{ zone: zone.id, region, isFar: gain >= leastGain, isEnough: gain >= enoughGain }];
  });
}

/** The corners of the place on the floor. */
function cornersOf({ door }: EntranceZone): readonly PlanePoint[] {
  const { from, to, inside } = door;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const side = (inside.x - from.x) * -along.y + (inside.y - from.y) * along.x < 0 ? -1 : 1;
  const inwards = { x: -along.y * side, y: along.x * side };
  return [-reach.beside, length + reach.beside].flatMap((far) =>
    [-reach.outside, reach.inside].map((deep) => ({
      x: from.x + far * along.x + deep * inwards.x,
      y: from.y + far * along.y + deep * inwards.y,
    })),
  );
}

function boxAround(upright: UprightView, corners: readonly PlanePoint[]): PixelBox {
  const points = corners.flatMap((at) => [0, reach.above].map((metres) => seeAbove(upright, at, metres)));
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function within(box: PixelBox, frame: Size): PixelBox | undefined {
  const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
  const [right, bottom] = [Math.min(frame.width, box.right), Math.min(frame.height, box.bottom)];
  return left < right && top < bottom ? { left, top, right, bottom } : undefined;
}

/** The smallest box of that shape around a box, with the same middle. */
function shaped(box: PixelBox, shape: Size): PixelBox {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const scale = Math.max(width / shape.width, height / shape.height);
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const [across, down] = [(scale * shape.width) / 2, (scale * shape.height) / 2];
  return { left: x - across, top: y - down, right: x + across, bottom: y + down };
}
