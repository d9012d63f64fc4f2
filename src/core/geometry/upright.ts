import type { FloorPoint, Metres, PixelPoint, Size } from '../units.ts';
import type { Homography } from './homography.ts';

/**
 * How a camera shows what stands upright on the floor: a point at floor position (x, y) and height z
 * is seen at `floor · (x, y, 1) + z · up`, in homogeneous pixels.
 */
export interface UprightView {
  readonly floor: Homography;
  /** The picture's homogeneous step for each metre upwards. */
  readonly up: readonly [number, number, number];
}

/**
 * Finds out from a floor homography how the camera is held, and so which way is up in its picture.
 *
 * In a wide lens that looks down, people lean outwards: the middle of a box's lower edge is not under
 * their head. The two columns of the homography are images of two perpendicular, equally long steps
 * on the floor; with square pixels and the lens in the middle of the frame that gives the focal length,
 * and with it the third direction (Zhang, "A flexible new technique for camera calibration", 2000).
 *
 * @returns `undefined` if the floor is seen so squarely, or so oddly, that the focal length cannot be told
 *          (it must be 0.3 to 5 frame widths); callers then take people as upright in the picture
 */
export function findUpright(toPixel: Homography, frame: Size): UprightView | undefined {
  const [cx, cy] = [frame.width / 2, frame.height / 2];
  const column = (i: 0 | 1 | 2) => {
    const w = toPixel[6 + i]!;
    return [toPixel[i]! - cx * w, toPixel[3 + i]! - cy * w, w] as const;
  };
  const [a, b, t] = [column(0), column(1), column(2)];
  // Two equations in 1 / f²: perpendicular, and of one length. Solved by least squares.
  const p1 = a[0] * b[0] + a[1] * b[1];
  const q1 = -a[2] * b[2];
  const p2 = a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2;
  const q2 = b[2] ** 2 - a[2] ** 2;
  const inverse = (p1 * q1 + p2 * q2) / (p1 * p1 + p2 * p2);
  const focal = 1 / Math.sqrt(inverse);
  if (!(focal > 0.3 * frame.width && focal < 5 * frame.width)) return undefined;

  const ray = (c: readonly [number, number, number]) => [c[0] / focal, c[1] / focal, c[2]] as const;
  const [r1, r2, shift] = [ray(a), ray(b), ray(t)];
  const length = (Math.hypot(...r1) + Math.hypot(...r2)) / 2;
  const cross = [
    (r1[1] * r2[2] - r1[2] * r2[1]) / length,
    (r1[2] * r2[0] - r1[0] * r2[2]) / length,
    (r1[0] * r2[1] - r1[1] * r2[0]) / length,
  ] as const;
  // The camera hangs above the floor, whichever way round the branch chose its axes.
  const below = cross[0] * shift[0] + cross[1] * shift[1] + cross[2] * shift[2];
  const sign = below > 0 ? -1 : 1;
  const [x, y, w] = [sign * cross[0] * focal, sign * cross[1] * focal, sign * cross[2]];
  return { floor: toPixel, up: [x + cx * w, y + cy * w, w] };
}

/** Where the picture shows a point `metres` above a spot on the floor. */
export function seeAbove(view: UprightView, at: FloorPoint, metres: Metres): PixelPoint {
  const { floor, up } = view;
  const w = floor[6] * at.x + floor[7] * at.y + floor[8] + metres * up[2];
  return {
    x: (floor[0] * at.x + floor[1] * at.y + floor[2] + metres * up[0]) / w,
    y: (floor[3] * at.x + floor[4] * at.y + floor[5] + metres * up[1]) / w,
  };
}
