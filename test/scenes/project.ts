import type { CameraPose, Point } from './scene.ts';

type Vector = readonly [x: number, y: number, up: number];

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Vector): Vector => {
  const length = Math.sqrt(dot(a, a));
  return [a[0] / length, a[1] / length, a[2] / length];
};

/**
 * Where a point so high above the floor appears in the picture, in pixels from the top left corner.
 *
 * The same pinhole as the drawing's, worked out here so that truth needs no browser. The floor's x and y
 * and height up make a left-handed frame, as seen from above with y downwards, like a plan on paper.
 *
 * @returns `null` for a point behind the camera; a point outside the picture has pixels outside it
 */
export function project(camera: CameraPose, floor: Point, heightMetres = 0): Point | null {
  const eye: Vector = [...camera.at, camera.heightMetres];
  const forward = unit(minus([...camera.lookAt, 0], eye));
  const right = unit([-forward[1], forward[0], 0]);
  const up = unit([-forward[0] * forward[2], -forward[1] * forward[2], forward[0] ** 2 + forward[1] ** 2]);
  const seen = minus([...floor, heightMetres], eye);
  const depth = dot(seen, forward);
  if (depth <= 0.01) return null;
  const focalPx = camera.heightPx / 2 / Math.tan((camera.verticalDegrees * Math.PI) / 360);
  return [
    camera.widthPx / 2 + (focalPx * dot(seen, right)) / depth,
    camera.heightPx / 2 - (focalPx * dot(seen, up)) / depth,
  ];
}
