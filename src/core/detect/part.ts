import type { Polygon } from '../geometry/polygon.ts';
import type { PixelBox, PixelPoint, Size } from '../units.ts';

/** A part of a camera's picture that is looked at by itself. */
export interface PicturePart {
  /** As it is before it is turned: in pixels of the camera's picture; it may reach beyond it. */
  readonly region: PixelBox;
  /**
   * By how much it is turned clockwise about its middle, in radians, below 45°: who leans so far in the picture
   * stands upright in the part. 0: it is not turned.
   */
  readonly turn: number;
}

export const middleOf = (box: PixelBox): PixelPoint => ({
  x: (box.left + box.right) / 2,
  y: (box.top + box.bottom) / 2,
});

/** A point turned clockwise about another, in a picture whose y goes down. */
export function turned({ x, y }: PixelPoint, about: PixelPoint, turn: number): PixelPoint {
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  const [dx, dy] = [x - about.x, y - about.y];
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos };
}

/** The corners of a part in the picture, in order. */
export function cornersOfPart({ region, turn }: PicturePart): Polygon {
  const { left, top, right, bottom } = region;
  const corners = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  return turn === 0 ? corners : corners.map((corner) => turned(corner, middleOf(region), turn));
}

/** The least part of that turn with all of some points in it. */
export function partAround(points: Polygon, turn: number): PicturePart {
  if (turn === 0) return { region: boxAround(points), turn };
  const about = middleOf(boxAround(points));
  const box = boxAround(points.map((point) => turned(point, about, -turn)));
  // It is turned about a middle of its own, not about the one it was measured by.
  const middle = middleOf(box);
  const there = turned(middle, about, turn);
  return { region: movedBy(box, there.x - middle.x, there.y - middle.y), turn };
}

function boxAround(points: Polygon): PixelBox {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

export const movedBy = ({ left, top, right, bottom }: PixelBox, x: number, y: number): PixelBox => ({
  left: left + x,
  top: top + y,
  right: right + x,
  bottom: bottom + y,
});

/** The least upright box of the picture with all of a part in it. */
export const aroundPart = (part: PicturePart): PixelBox => boxAround(cornersOfPart(part));

/** An upright box of the picture all of which a part shows: of the part's shape, as large as there is one. */
export function withinPart({ region, turn }: PicturePart): PixelBox {
  if (turn === 0) return region;
  const [sin, cos] = [Math.abs(Math.sin(turn)), Math.abs(Math.cos(turn))];
  const [wide, high] = [region.right - region.left, region.bottom - region.top];
  const share = Math.min(wide / (wide * cos + high * sin), high / (wide * sin + high * cos)) / 2;
  const { x, y } = middleOf(region);
  return { left: x - share * wide, top: y - share * high, right: x + share * wide, bottom: y + share * high };
}

/**
 * The upright box of the picture around somebody whom a part shows in a box of its own.
 *
 *      in the part    in the picture
 *        ┌──┐           ┌──────┐
 *        │()│           │   ⟋⟩ │    A body is taken to fill the ellipse in its box: a turned box's
 *        │  │     ─▶    │  ⟋⟋  │    corners hold nobody, and a box around them would end below the feet.
 *        └──┘           │ ⟨⟋   │
 *                       └──────┘
 */
export function boxInPicture(box: PixelBox, { region, turn }: PicturePart): PixelBox {
  if (turn === 0) return box;
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  const [wide, high] = [(box.right - box.left) / 2, (box.bottom - box.top) / 2];
  const { x, y } = turned(middleOf(box), middleOf(region), turn);
  const [across, down] = [Math.hypot(wide * cos, high * sin), Math.hypot(wide * sin, high * cos)];
  return { left: x - across, top: y - down, right: x + across, bottom: y + down };
}

/** How a part shows whom the picture shows in a box: the other way round. A box no ellipse has is taken to be as narrow as people are. */
export function boxInPart(box: PixelBox, { region, turn }: PicturePart): PixelBox {
  if (turn === 0) return box;
  const [sin2, cos2] = [Math.sin(turn) ** 2, Math.cos(turn) ** 2];
  const [across2, down2] = [((box.right - box.left) / 2) ** 2, ((box.bottom - box.top) / 2) ** 2];
  const double = cos2 - sin2;
  const high = Math.sqrt(Math.max(down2, (down2 * cos2 - across2 * sin2) / double));
  const wide = Math.max(slimmest * high, Math.sqrt(Math.max(0, (across2 * cos2 - down2 * sin2) / double)));
  const { x, y } = turned(middleOf(box), middleOf(region), -turn);
  return { left: x - wide, top: y - high, right: x + wide, bottom: y + high };
}

/** Nobody's box is narrower than this share of its height. */
const slimmest = 0.15;

/**
 * Which edges of a part cut people off: those beyond which there is more of the picture.
 *
 * @returns infinitely far off for an edge that is also the picture's, or lies beyond it
 */
export function cuttingEdges(part: PicturePart, frame: Size): PixelBox {
  const { left, top, right, bottom } = part.region;
  const middle = middleOf(part.region);
  const isInside = (x: number, y: number): boolean => {
    const at = turned({ x, y }, middle, part.turn);
    return at.x > 0 && at.y > 0 && at.x < frame.width && at.y < frame.height;
  };
  const far = Number.POSITIVE_INFINITY;
  return {
    left: isInside(left, middle.y) ? left : -far,
    top: isInside(middle.x, top) ? top : -far,
    right: isInside(right, middle.y) ? right : far,
    bottom: isInside(middle.x, bottom) ? bottom : far,
  };
}
