import { type EntranceZone, floorPlane, type Zone } from '../floor/zones.ts';
import type { Entrance } from '../geometry/entrance.ts';
import type { FloorView } from '../geometry/homography.ts';
import { isBefore } from '../geometry/homography.ts';
import { clipped, type PlanePoint } from '../geometry/polygon.ts';
import { findUpright, seeAbove, type UprightView } from '../geometry/upright.ts';
import type { Metres, PixelBox, Size } from '../units.ts';
import { cornersOfPart, type PicturePart, partAround } from './part.ts';

/** The part of a camera's picture in which people stand who come in by a door, of the shape of what it is looked at in. */
export interface DoorWindow extends PicturePart {
  /** The entrance's id. */
  readonly zone: string;
  /** Whether people there are so small in the whole picture, or lean so far, that it is worth a second look, of its own, beside the one at the whole. */
  readonly isWorthTwo: boolean;
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
/**
 * People who lean by less than 13° in the picture are found as well as they are: measured on the rendered lobbies,
 * doors at which they do so by 11 or 12 gained nothing by a turn. Beyond 40° a part no longer fits around a door.
 */
const [leastLean, mostLean] = [0.22, 0.7];
/** Where they lean, a part that shows them upright need show them no larger than this. */
const leastTurnedGain = 0.9;
/** How far inside the line they are whom the part is turned for. */
const justIn: Metres = 0.6;
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
    const points = corners.flatMap((at) => [0, reach.above].map((metres) => seeAbove(upright, at, metres)));
    const turn = turnFor(upright, zone);
    const seen = clipped(cornersOfPart(partAround(points, turn)), {
      left: 0,
      top: 0,
      right: frame.width,
      bottom: frame.height,
    });
    if (seen.length === 0) return [];
    const region = shaped(partAround(seen, turn).region, size);
    const gain = size.width / (region.right - region.left) / shown;
    const isWorthTwo = gain >= (turn === 0 ? leastGain : leastTurnedGain);
    return [{ zone: zone.id, region, turn, isWorthTwo, isEnough: gain >= enoughGain }];
  });
}

/** By how much people lean who have just come in, in radians; 0 where that is little. */
function turnFor(upright: UprightView, { door }: EntranceZone): number {
  const at = inwards(door)(0.5, justIn);
  const [feet, head] = [seeAbove(upright, at, 0), seeAbove(upright, at, reach.above)];
  const lean = Math.atan2(head.x - feet.x, feet.y - head.y);
  if (Math.abs(lean) < leastLean) return 0;
  return Math.min(mostLean, Math.max(-mostLean, lean));
}

/** The corners of the place on the floor. */
function cornersOf({ door }: EntranceZone): readonly PlanePoint[] {
  const at = inwards(door);
  const beside = reach.beside / Math.hypot(door.to.x - door.from.x, door.to.y - door.from.y);
  return [-beside, 1 + beside].flatMap((share) =>
    [-reach.outside, reach.inside].map((deep) => at(share, deep)),
  );
}

/** Where on the floor it is so far along a door's line, as a share of it, and so many metres inside. */
function inwards({ from, to, inside }: Entrance): (share: number, deep: Metres) => PlanePoint {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const side = (inside.x - from.x) * -dy + (inside.y - from.y) * dx < 0 ? -1 : 1;
  return (share, deep) => ({
    x: from.x + share * dx - (deep * side * dy) / length,
    y: from.y + share * dy + (deep * side * dx) / length,
  });
}

/** The smallest box of that shape around a box, with the same middle. */
function shaped(box: PixelBox, shape: Size): PixelBox {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const scale = Math.max(width / shape.width, height / shape.height);
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const [across, down] = [(scale * shape.width) / 2, (scale * shape.height) / 2];
  return { left: x - across, top: y - down, right: x + across, bottom: y + down };
}
