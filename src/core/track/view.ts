import type { FloorView } from '../geometry/homography.ts';
import { belowHorizon, project, spreadAt, stretchAt } from '../geometry/homography.ts';
import type { Matrix2 } from '../geometry/matrix.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import { findUpright, seeAbove, type UprightView } from '../geometry/upright.ts';
import type { PixelBox, Pixels, Size } from '../units.ts';
import { feetOf } from './boxes.ts';
import type { Measurement } from './kalman.ts';

/**
 * The plane a camera's people are followed on: the floor in metres where it is calibrated, the
 * picture in pixels where it is not.
 */
export interface TrackPlane {
  /** Absent: the picture itself. */
  readonly floor?: Pick<FloorView, 'toFloor' | 'toPixel'>;
  /** Size of the camera frame, to know which boxes its edge cuts; absent if not known. */
  readonly frame?: Size;
}

/** A plane with what is reckoned from it once a frame. */
export interface View extends TrackPlane {
  readonly upright?: UprightView;
  /** The spot on the floor under the camera; absent where its tilt is not known. */
  readonly under?: PlanePoint;
}

/** How far off a box's feet may be in the picture: standard deviations, in pixels. */
export interface FeetSpread {
  readonly across: Pixels;
  readonly down: Pixels;
}

/** A person's height, to turn box heights into local metres where no floor is known. */
export const bodyMetres = 1.7;

export function viewOf(plane: TrackPlane): View {
  if (plane.floor === undefined || plane.frame === undefined) return plane;
  const upright = findUpright(plane.floor.toPixel, plane.frame);
  if (upright === undefined) return plane;
  // Straight down is one point of the picture, and the floor is met there under the camera.
  const [x, y, w] = upright.up;
  const under = project(plane.floor.toFloor, { x: x / w, y: y / w });
  return isPlace(under) ? { ...plane, upright, under } : { ...plane, upright };
}

/**
 * The lowest of somebody that is seen is the near edge of a shoe, and they stand behind it: measured on the rendered
 * lobbies, 0.07 to 0.16 m from lobby to lobby.
 */
const shoeMetres = 0.13;

/** And the highest of them that is seen from above is the far side of a head, which is as far behind them. */
const headMetres = shoeMetres;

/** A spot so far from the camera as somebody is who stands with their shoe at `at`; and back, with a minus. */
export function behindShoe(plane: View, at: PlanePoint, metres = shoeMetres): PlanePoint {
  const { under } = plane;
  if (under === undefined) return at;
  const [x, y] = [at.x - under.x, at.y - under.y];
  const far = Math.hypot(x, y);
  return far < 3 * shoeMetres ? at : { x: at.x + (x / far) * metres, y: at.y + (y / far) * metres };
}

/** Where on the floor the shoe of somebody is seen who stands at `at`. */
export function shoeOf(plane: View, at: PlanePoint): PlanePoint {
  return behindShoe(plane, at, -shoeMetres);
}

export function isPlace(point: PlanePoint): boolean {
  return Number.isFinite(point.x) && Number.isFinite(point.y);
}

/**
 * How high the picture shows a metre of body at a place, in pixels; without a floor only ratios are known. A camera
 * overhead sees people from the near edge of a shoe to the far side of their head, which is more than they are tall.
 */
export function scaleAt(plane: View, at: PlanePoint): number {
  if (plane.upright !== undefined) {
    const shoe = seeAbove(plane.upright, shoeOf(plane, at), 0);
    const head = seeAbove(plane.upright, behindShoe(plane, at, headMetres), bodyMetres);
    const height = shoe.y - head.y;
    return Math.max(1e-6, height / bodyMetres);
  }
  if (plane.floor === undefined) return 1;
  // Across the line of sight things shrink as bodies do.
  const [a, b] = stretchAt(plane.floor.toPixel, at);
  return Math.max(1e-6, Math.hypot(a, b));
}

/** How far the feet are to the right of the head in the picture, in pixels: people lean in a wide lens. */
export function leanAt(plane: View, at: PlanePoint): number {
  if (plane.upright === undefined) return 0;
  return seeAbove(plane.upright, at, 0).x - seeAbove(plane.upright, at, bodyMetres).x;
}

/** Where a box's feet stand on the plane, and how far off that may be; not a number above the horizon. */
export function measure(box: PixelBox, plane: View, feetSpread: FeetSpread): Measurement {
  const middle = feetOf(box);
  const pixels = spreadInPicture(box, plane, feetSpread);
  if (plane.floor === undefined) return { at: middle, spread: pixels };
  const { toFloor } = plane.floor;
  let feet = middle;
  // A box is centred between feet and head; where the feet are says how far they are apart.
  for (let round = 0; round < 2 && plane.upright !== undefined; round++) {
    if (!(belowHorizon(toFloor, feet) > 0)) break;
    feet = { x: middle.x + leanAt(plane, project(toFloor, feet)) / 2, y: middle.y };
  }
  if (!(belowHorizon(toFloor, feet) > 0)) return { at: { x: Number.NaN, y: Number.NaN }, spread: pixels };
  const spread = spreadAt(toFloor, feet, pixels);
  return {
    at: behindShoe(plane, project(toFloor, feet)),
    spread: [spread[0] + footSpread, spread[1], spread[2], spread[3] + footSpread],
  };
}

/** Covariance of a box's feet in the picture, in pixels². */
function spreadInPicture(box: PixelBox, plane: View, { across, down }: FeetSpread): Matrix2 {
  // A box cut by the lower edge of the frame has its feet somewhere below.
  const below = isCutBelow(box, plane) ? (box.bottom - box.top) / 2 : down;
  return [across * across, 0, 0, below * below];
}

/** Whether the lower edge of the picture cuts a box off, or the upper one: then that edge is nobody's. */
export function isCutBelow(box: PixelBox, { frame }: TrackPlane): boolean {
  return frame !== undefined && box.bottom > frame.height - 2;
}

export function isCutAbove(box: PixelBox, { frame }: TrackPlane): boolean {
  return frame !== undefined && box.top < 2;
}

/** Nobody's feet are a point: 5 cm whatever the camera says. A variance, m². */
export const footSpread = 0.0025;

/** How far off the place `measure` gives may be, two standard deviations: in plane units, for feet under the head. */
export function blurOf(box: PixelBox, plane: View, feetSpread: FeetSpread): number {
  const [across, , , down] = spreadInPicture(box, plane, feetSpread);
  if (plane.floor === undefined) return 2 * Math.sqrt(across + down);
  const [a, b, c, d] = stretchAt(plane.floor.toFloor, feetOf(box));
  return 2 * Math.sqrt(across * (a * a + c * c) + down * (b * b + d * d) + 2 * footSpread);
}

/** Plane units in a metre at a box: 1 on the floor, its height over a body's in the picture. */
export function unitsPerMetre(box: PixelBox, plane: TrackPlane): number {
  return plane.floor === undefined ? Math.max(1, box.bottom - box.top) / bodyMetres : 1;
}
