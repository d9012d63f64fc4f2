import type { PixelBox, Size } from '../../src/core/units.ts';
import type { Frame } from '../../src/ports/camera.ts';

/** As letterboxed frames are padded. */
const padGrey = 114;

/** Between which two pixels of a row or a column a place lies, and how near to the second; 0 to 1. */
interface Between {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

/**
 * Where each pixel of the cut lies along one side of the input; nothing where it lies beyond the picture.
 *
 * @param from, to the region's edges, in pixels of the camera's picture
 * @param count pixels of the cut along this side
 * @param side pixels of the camera's picture along this side
 */
function placesAlong(
  [from, to, count]: readonly [from: number, to: number, count: number],
  side: number,
  input: number,
  fit: { readonly scale: number; readonly pad: number },
): readonly (Between | undefined)[] {
  return Array.from({ length: count }, (_, index) => {
    const place = from + ((index + 0.5) / count) * (to - from);
    if (place < 0 || place >= side) return undefined;
    const at = Math.min(input - 1, Math.max(0, place * fit.scale + fit.pad - 0.5));
    const first = Math.floor(at);
    return { first, second: Math.min(input - 1, first + 1), share: at - first };
  });
}

/**
 * Cuts a region out of the picture a detector sees, for frames that have no larger one.
 *
 * @param region in pixels of the camera's own picture; it may reach beyond it
 * @returns packed R, G, B bytes of `size`, between the four nearest pixels; grey beyond the picture
 */
export function cutOut({ rgb, input, camera, fit }: Frame, region: PixelBox, size: Size): Uint8Array {
  const cut = new Uint8Array(size.width * size.height * 3).fill(padGrey);
  const across = { scale: fit.scaleX, pad: fit.padLeft };
  const down = { scale: fit.scaleY, pad: fit.padTop };
  const columns = placesAlong([region.left, region.right, size.width], camera.width, input.width, across);
  const rows = placesAlong([region.top, region.bottom, size.height], camera.height, input.height, down);
  for (const [row, y] of rows.entries()) {
    if (y === undefined) continue;
    const upper = y.first * input.width;
    const lower = y.second * input.width;
    for (const [column, x] of columns.entries()) {
      if (x === undefined) continue;
      const to = (row * size.width + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const upperLeft = rgb[(upper + x.first) * 3 + channel]!;
        const lowerLeft = rgb[(lower + x.first) * 3 + channel]!;
        const above = upperLeft + (rgb[(upper + x.second) * 3 + channel]! - upperLeft) * x.share;
        const below = lowerLeft + (rgb[(lower + x.second) * 3 + channel]! - lowerLeft) * x.share;
        cut[to + channel] = Math.round(above + (below - above) * y.share);
      }
    }
  }
  return cut;
}
