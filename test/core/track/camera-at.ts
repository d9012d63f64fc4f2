import { type Homography, invert } from '../../../src/core/geometry/homography.ts';

/** A camera three metres above the floor's origin, that looks along y and down by an angle. */
export function cameraAt(degrees: number) {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const [f, cx, cy, high] = [800, 480, 270, 3];
  const toPixel: Homography = [
    ...[f, cx * cos, high * cx * sin],
    ...[0, cy * cos - f * sin, high * (cy * sin + f * cos)],
    ...[0, cos, high * sin],
  ] as unknown as Homography;
  return { floor: { toPixel, toFloor: invert(toPixel)! }, frame: { width: 960, height: 540 } };
}
