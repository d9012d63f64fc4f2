import { isWithin } from '../detect/look-closer.ts';
import type { PixelBox, Size } from '../units.ts';
import { columns, rows } from './read-picture.ts';

/** Which cells of a picture are other than they were at the last look, and what its grain alone makes of a cell. */
export interface Stir {
  /** Of each cell, row by row: whether it changed. */
  readonly changed: readonly boolean[];
}

/** A change of a cell below this, in the cells' unit (nine samples of 0 to 255), is no movement: 3 of 255. */
const leastChange = 27;
/** How many times the picture's usual change from look to look a cell must change by: the grain of a night camera. */
const overGrain = 6;
/** So many cells must have changed: one alone is a speck of noise. A person 25 pixels tall in the input covers ten. */
const leastCells = 2;

/**
 * Compares a picture with the one that was last looked at, and not with the last one that came: who creeps is noticed
 * as soon as they have moved by a little.
 *
 * A light that grows or dims changes all cells alike, which is taken out; what is left is held against the picture's
 * own grain.
 *
 * @param before cells of a `Reading`, as are `now`
 */
export function stirBetween(before: readonly number[], now: readonly number[]): Stir {
  const differences = now.map((light, cell) => light - before[cell]!);
  const shift = medianOf(differences);
  const off = differences.map((difference) => Math.abs(difference - shift));
  const least = Math.max(leastChange, overGrain * medianOf(off));
  return { changed: off.map((value) => value > least) };
}

/** @param region in pixels of the camera's picture; absent: all of it */
export function isStirred({ changed }: Stir, region?: PixelBox, frame?: Size): boolean {
  const [left, right, top, bottom] =
    region === undefined || frame === undefined
      ? [0, columns, 0, rows]
      : [
          Math.floor((region.left / frame.width) * columns),
          Math.ceil((region.right / frame.width) * columns),
          Math.floor((region.top / frame.height) * rows),
          Math.ceil((region.bottom / frame.height) * rows),
        ];
  let count = 0;
  for (let row = Math.max(0, top); row < Math.min(rows, bottom); row++) {
    for (let column = Math.max(0, left); column < Math.min(columns, right); column++) {
      if (!changed[row * columns + column]) continue;
      count += 1;
      if (count >= leastCells) return true;
    }
  }
  return false;
}

/**
 * The box around all that changed outside some parts. A cell that changed with none beside it is a speck of noise.
 *
 * @param beyond parts that are known already, in pixels of the camera's picture, as is what is returned
 * @returns nothing where nothing changed elsewhere
 */
export function stirredBox(
  { changed }: Stir,
  frame: Size,
  beyond: readonly PixelBox[],
): PixelBox | undefined {
  const [wide, high] = [frame.width / columns, frame.height / rows];
  let around: PixelBox | undefined;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!changed[row * columns + column] || !hasNeighbour(changed, column, row)) continue;
      const [left, top] = [column * wide, row * high];
      const cell = { left, top, right: left + wide, bottom: top + high };
      if (beyond.some((part) => isWithin(cell, part))) continue;
      around = {
        left: Math.min(around?.left ?? left, left),
        top: Math.min(around?.top ?? top, top),
        right: Math.max(around?.right ?? 0, cell.right),
        bottom: Math.max(around?.bottom ?? 0, cell.bottom),
      };
    }
  }
  return around;
}

function hasNeighbour(changed: readonly boolean[], column: number, row: number): boolean {
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
      if ((x !== column || y !== row) && changed[y * columns + x]) return true;
  return false;
}

/** Of one cell in seven: some ten thousand are too many to sort at every look. */
function medianOf(values: readonly number[]): number {
  const sample = values.filter((_, index) => index % 7 === 0).sort((one, other) => one - other);
  return sample[sample.length >> 1] ?? 0;
}
