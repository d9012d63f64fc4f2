import type { FloorView } from '../geometry/homography.ts';
import { belowHorizon, project, spreadAt, stretchAt } from '../geometry/homography.ts';
import type { Matrix2 } from '../geometry/matrix.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import { findUpright, seeAbove, type UprightView } from '../geometry/upright.ts';
import type { PixelBox, Size } from '../units.ts';
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
}

/** A person's height, to turn box heights into local metres where no floor is known. */
export const bodyMetres = 1.7;

export function viewOf(plane: TrackPlane): View {
  if (plane.floor === undefined || plane.frame === undefined) return plane;
  const upright = findUpright(plane.floor.toPixel, plane.frame);
  return upright === undefined ? plane : { ...plane, upright };
}

export function isPlace(point: PlanePoint): boolean {
  return Number.isFinite(point.x) && Number.isFinite(point.y);
}

/** How high the picture shows a metre of body at a place, in pixels; without a floor only ratios are known. */
export function scaleAt(plane: View, at: PlanePoint): number {
  if (plane.upright !== undefined) {
    const height = seeAbove(plane.upright, at, 0).y - seeAbove(plane.upright, at, bodyMetres).y;
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
export function measure(
  box: PixelBox,
  plane: View,
  { feetSpread }: { readonly feetSpread: number },
): Measurement {
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
    at: project(toFloor, feet),
    spread: [spread[0] + pointSpread, spread[1], spread[2], spread[3] + pointSpread],
  };
}

/** Covariance of a box's feet in the picture, in pixels². */
function spreadInPicture(box: PixelBox, plane: View, feetSpread: number): Matrix2 {
  const height = box.bottom - box.top;
  const across = Math.max(1, feetSpread * height);
  // A box cut by the lower edge of the frame has its feet somewhere below.
  const cut = plane.frame !== undefined && box.bottom > plane.frame.height - 2;
  const down = cut ? height / 2 : across;
  return [across * across, 0, 0, down * down];
}

/** Nobody's feet are a point: 5 cm whatever the camera says. */
const pointSpread = 0.0025;

/** How far off the place `measure` gives may be, two standard deviations: in plane units, for feet under the head. */
export function blurOf(box: PixelBox, plane: View, feetSpread: number): number {
  const [across, , , down] = spreadInPicture(box, plane, feetSpread);
  if (plane.floor === undefined) return 2 * Math.sqrt(across + down);
  const [a, b, c, d] = stretchAt(plane.floor.toFloor, feetOf(box));
  return 2 * Math.sqrt(across * (a * a + c * c) + down * (b * b + d * d) + 2 * pointSpread);
}

/** Plane units in a metre at a box: 1 on the floor, its height over a body's in the picture. */
export function unitsPerMetre(box: PixelBox, plane: TrackPlane): number {
  return plane.floor === undefined ? Math.max(1, box.bottom - box.top) / bodyMetres : 1;
}
