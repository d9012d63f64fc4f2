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
 * The lens then bends it, see `CameraPose.distortion`.
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
  const focal = 1 / Math.tan((camera.verticalDegrees * Math.PI) / 360);
  const [x, y] = bent([(focal * dot(seen, right)) / depth, (-focal * dot(seen, up)) / depth], camera);
  const half = camera.heightPx / 2;
  return [camera.widthPx / 2 + half * x, half + half * y];
}

/**
 * Where the lens shows what a perfect one would show at `point`, both from the middle in half heights.
 *
 * A barrel's formula turns back at some distance and would show a point far outside the picture within it;
 * from there on points stay at the rim, which `checkLens` holds to lie outside the picture.
 */
function bent([x, y]: Point, { distortion = 0 }: CameraPose): Point {
  const r = Math.hypot(x, y);
  const rim = rimOf(distortion);
  const within = Math.min(r, rim);
  const share = r === 0 ? 1 : (within / r) * (1 + distortion * within ** 2);
  return [x * share, y * share];
}

/** How far from the middle a perfect picture's points still go outwards when they are bent. */
const rimOf = (distortion: number): number =>
  distortion < 0 ? Math.sqrt(-1 / (3 * distortion)) : Number.POSITIVE_INFINITY;

/** @throws {RangeError} if the lens is such a barrel that it leaves the corners of the picture black */
export function checkLens({ distortion = 0, widthPx, heightPx }: CameraPose): void {
  const corner = Math.hypot(widthPx / heightPx, 1);
  const least = -4 / (27 * corner ** 2);
  if (distortion < least)
    throw new RangeError(
      `Cannot project: distortion must be at least ${least.toFixed(4)} to fill the picture, current value is ${distortion}`,
    );
}
