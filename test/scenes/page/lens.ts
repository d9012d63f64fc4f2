import type { CameraPose } from '../scene.ts';

/** Pixels of moving things are drawn so many times finer each way and averaged: smooth edges, no flicker. */
export const FINER = 2;

/**
 * How the picture comes out of a perfect pinhole's: drawn wider where the lens draws the corners in, then bent.
 *
 * The same formula as `project.ts`, the other way round: that one asks where a point of the perfect picture
 * appears, this one what appears at a pixel.
 */
export interface Lens {
  width: number;
  height: number;
  /** Size of the perfect picture in pixels; its middle is the same and so is its scale there. */
  wide: { width: number; height: number; verticalDegrees: number };
  /** Per pixel of the picture: x and y in the perfect picture from its top left corner, in pixels. */
  source: Float32Array;
  /** Where a point of the perfect picture (in half heights from the middle) appears, in pixels. */
  bend(x: number, y: number): readonly [x: number, y: number];
}

export function makeLens({ widthPx, heightPx, verticalDegrees, distortion = 0 }: CameraPose): Lens {
  const half = heightPx / 2;
  const corner = Math.hypot(widthPx / heightPx, 1);
  const wider = distortion < 0 ? straight(corner, distortion) / corner : 1;
  const width = 2 * Math.ceil((widthPx * wider) / 2);
  const height = 2 * Math.ceil((heightPx * wider) / 2);
  const source = new Float32Array(widthPx * heightPx * 2);
  for (let row = 0, n = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++, n += 2) {
      const x = (column + 0.5 - widthPx / 2) / half;
      const y = (row + 0.5 - half) / half;
      const r = Math.hypot(x, y);
      const share = distortion && r ? straight(r, distortion) / r : 1;
      source[n] = width / 2 + x * share * half;
      source[n + 1] = height / 2 + y * share * half;
    }
  }
  const rim = distortion < 0 ? Math.sqrt(-1 / (3 * distortion)) : Number.POSITIVE_INFINITY;
  const tangent = (Math.tan((verticalDegrees * Math.PI) / 360) * height) / heightPx;
  return {
    width: widthPx,
    height: heightPx,
    wide: { width, height, verticalDegrees: (Math.atan(tangent) * 360) / Math.PI },
    source,
    bend(x, y) {
      const r = Math.hypot(x, y);
      const within = Math.min(r, rim);
      const share = r ? (within / r) * (1 + distortion * within ** 2) : 1;
      return [widthPx / 2 + half * x * share, half + half * y * share];
    },
  };
}

/** The r with r (1 + k r²) = `bent`, by Newton's method from below the rim, where the formula still rises. */
function straight(bent: number, k: number): number {
  let r = bent;
  for (let n = 0; n < 60; n++) {
    const slope = 1 + 3 * k * r * r;
    const step = (r * (1 + k * r * r) - bent) / Math.max(0.02, slope);
    r -= step;
    if (Math.abs(step) < 1e-9) break;
  }
  return r;
}
