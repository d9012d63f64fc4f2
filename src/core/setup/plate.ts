import type { PixelBox, Seconds, Size } from '../units.ts';

/**
 * The empty-lobby plate: a picture of a lobby made up of spots that were each seen empty, and nothing where none was.
 *
 * A cell shows only what was there, without a person found at it, for `clearSeconds` and `leastLooks` looks in all; who
 * walks through stops the clock, and what comes after must look as before:
 *
 *     somebody found         ████           ███
 *     enlarged box          ██████         █████
 *     the same looks   | | |      | | | | |     | | | |  shown
 *                      └─────── 20 s, 12 looks ───────┘
 *
 * - A box that was found is enlarged before it counts: hands, bags and shadows stick out of it.
 * - Somebody who stands still may be lost by the detector for a while. So what looks as it did while somebody was
 *   found there counts only `doubtSeconds` after they were last found, unless it had been there for `knownLooks` looks
 *   before they came.
 * - A shown cell that looks otherwise later, with nobody found there, is taken away: either what comes now is a person
 *   who is not found, or what was shown was one.
 *
 * What is left: whoever stands in one spot and is not found there for twenty seconds in all, nor in the two minutes
 * before, is taken for furniture, and is on the plate until they move.
 */
export interface Plate {
  /** Of the plate's picture. */
  readonly size: Size;
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly Cell[];
  /** When it last took a look. */
  readonly at: Seconds;
  /** Counts up whenever what is shown changes. */
  readonly revision: number;
}

interface Cell {
  /** Mean of the looks that agree, RGB; absent: it begins with the next clear look. */
  readonly mean?: Float32Array;
  readonly looks: number;
  /** For how long it has been seen clear and alike, in all. */
  readonly clearFor: Seconds;
  /** When it was last seen so. */
  readonly clearAt: Seconds;
  readonly isShown: boolean;
  /** What was there when somebody was last found in it, and when. */
  readonly found?: { readonly at: Seconds; readonly patch: Float32Array };
}

/** One look at the lobby. */
export interface PlateLook {
  readonly at: Seconds;
  /** Packed R, G, B bytes of `size`. */
  readonly rgb: ArrayLike<number>;
  /** Whoever was found, however faintly, in pixels of the plate. */
  readonly people: readonly PixelBox[];
}

export const plateDefaults = {
  /** Pixels of a cell, each way: a head at the far end of a lobby is as wide. */
  cellPixels: 15,
  /** Longer: it takes longer to build. Shorter: who stands still unseen is burnt in. */
  clearSeconds: 20,
  leastLooks: 12,
  doubtSeconds: 120,
  knownLooks: 6,
  /** Mean difference of a channel, 0 to 255, past which a patch is another: noise of a compressed stream is 2 to 4. */
  mostDifference: 9,
} as const;
/** Two looks farther apart say nothing of what was between them. */
const mostStep: Seconds = 2;
const nothing: Cell = { looks: 0, clearFor: 0, clearAt: Number.NEGATIVE_INFINITY, isShown: false };
/** How far a box is enlarged, in its own widths to the sides, and in its heights up and down. */
const enlarged = { across: 0.4, up: 0.15, down: 0.15 } as const;

export function emptyPlate(size: Size): Plate {
  const columns = Math.ceil(size.width / plateDefaults.cellPixels);
  const rows = Math.ceil(size.height / plateDefaults.cellPixels);
  return {
    size,
    columns,
    rows,
    cells: Array.from({ length: columns * rows }, () => nothing),
    at: Number.NEGATIVE_INFINITY,
    revision: 0,
  };
}

/** Takes one more look. Looks may come at any pace: it is time that is counted, and looks only besides. */
export function growPlate(plate: Plate, look: PlateLook): Plate {
  const { size, columns } = plate;
  const near = look.people.map(enlarge);
  let hasChanged = false;
  const cells = plate.cells.map((cell, index) => {
    const box = boxOf(index % columns, Math.floor(index / columns), size);
    const next = growCell(cell, box, look, size.width, near);
    if (next.isShown !== cell.isShown) hasChanged = true;
    return next;
  });
  return { ...plate, cells, at: look.at, revision: plate.revision + (hasChanged ? 1 : 0) };
}

function growCell(
  cell: Cell,
  box: PixelBox,
  look: PlateLook,
  stride: number,
  near: readonly PixelBox[],
): Cell {
  const { at, rgb, people } = look;
  const patch = patchOf(rgb, box, stride);
  const isSame = cell.mean !== undefined && differenceOf(cell.mean, patch) <= plateDefaults.mostDifference;
  const isKnown = cell.isShown || (isSame && cell.looks >= plateDefaults.knownLooks);
  if (near.some((one) => meet(one, box))) {
    // What stood there before is no part of whoever stands before it now.
    const isOfThem = !isKnown && people.some((one) => meet(one, box));
    const rest = cell.looks >= plateDefaults.knownLooks ? cell : nothing;
    const { found: before } = cell;
    return isOfThem
      ? { ...rest, found: { at, patch } }
      : before === undefined
        ? rest
        : { ...rest, found: before };
  }
  const { found } = cell;
  const isRecent = found !== undefined && at - found.at < plateDefaults.doubtSeconds;
  const kept = isRecent ? { found } : {};
  if (cell.isShown && isSame) return cell;
  if (isRecent && !isKnown && differenceOf(found.patch, patch) <= plateDefaults.mostDifference) {
    return { ...nothing, ...kept };
  }
  if (!isSame) return { mean: patch, looks: 1, clearFor: 0, clearAt: at, isShown: false, ...kept };
  const looks = cell.looks + 1;
  const mean = cell.mean!.map((value, i) => value + (patch[i]! - value) / looks);
  const step = at - cell.clearAt;
  const clearFor = cell.clearFor + (step > mostStep || step < 0 ? 0 : step);
  const isShown = clearFor >= plateDefaults.clearSeconds && looks >= plateDefaults.leastLooks;
  return { mean, looks, clearFor, clearAt: at, isShown, ...kept };
}

/** The share of the plate that is there. */
export function readyShare({ cells }: Plate): number {
  return cells.filter(({ isShown }) => isShown).length / cells.length;
}

/** Row by row, `1` there, `0` not yet. */
export const maskOf = ({ cells }: Plate): string =>
  cells.map(({ isShown }) => (isShown ? '1' : '0')).join('');

/** The picture: packed R, G, B, A bytes, wholly transparent where nothing is shown. */
export function drawPlate({ size, columns, cells }: Plate): Uint8Array {
  const rgba = new Uint8Array(size.width * size.height * 4);
  for (const [index, { isShown, mean }] of cells.entries()) {
    if (!isShown || mean === undefined) continue;
    const { left, top, right, bottom } = boxOf(index % columns, Math.floor(index / columns), size);
    let from = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const to = (y * size.width + x) * 4;
        rgba[to] = Math.round(mean[from]!);
        rgba[to + 1] = Math.round(mean[from + 1]!);
        rgba[to + 2] = Math.round(mean[from + 2]!);
        rgba[to + 3] = 255;
        from += 3;
      }
    }
  }
  return rgba;
}

function boxOf(column: number, row: number, { width, height }: Size): PixelBox {
  const side = plateDefaults.cellPixels;
  return {
    left: column * side,
    top: row * side,
    right: Math.min(width, (column + 1) * side),
    bottom: Math.min(height, (row + 1) * side),
  };
}

function enlarge({ left, top, right, bottom }: PixelBox): PixelBox {
  const [width, height] = [right - left, bottom - top];
  return {
    left: left - enlarged.across * width,
    top: top - enlarged.up * height,
    right: right + enlarged.across * width,
    bottom: bottom + enlarged.down * height,
  };
}

const meet = (one: PixelBox, other: PixelBox): boolean =>
  one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;

function patchOf(
  rgb: ArrayLike<number>,
  { left, top, right, bottom }: PixelBox,
  stride: number,
): Float32Array {
  const patch = new Float32Array((right - left) * (bottom - top) * 3);
  let to = 0;
  for (let y = top; y < bottom; y++) {
    const end = (y * stride + right) * 3;
    for (let from = (y * stride + left) * 3; from < end; from++) {
      patch[to] = rgb[from]!;
      to += 1;
    }
  }
  return patch;
}

/** Mean over all channels of all pixels. */
function differenceOf(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += Math.abs(one[i]! - other[i]!);
  return sum / one.length;
}
