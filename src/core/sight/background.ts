import { columns, rows } from './read-picture.ts';

/** A block is wide enough to hold something with a shape, and small enough that people hide few of them. */
const blockColumns = 16;
const blockRows = 12;
/** Blocks of which the background shows an edge worth the name; the rest (a wall, a floor) say nothing. */
const leastEdge = 3 * 9;
/** How alike two pictures of one block must be, from -1 to 1. Someone who stands before it makes them unlike. */
const alike = 0.5;
/** Farthest that a shift is looked for, in cells each way: a tenth of the picture's height. */
const mostShift = 7;

/** How much brightness changes at each cell, to the right and down: furniture, doors, lines of the floor. */
export function edgesOf(cells: readonly number[]): number[] {
  const edges = new Array<number>(columns * rows).fill(0);
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++) {
      const i = row * columns + column;
      edges[i] =
        Math.abs(cells[i + 1]! - cells[i - 1]!) + Math.abs(cells[i + columns]! - cells[i - columns]!);
    }
  }
  return edges;
}

/** How one picture lies over the background it should show. Shares are of the blocks that have edges. */
export interface Overlay {
  /** Blocks of the background that have edges. */
  readonly blocks: number;
  /** Blocks that show what they should, where they should. */
  readonly matched: number;
  /** Blocks whose edges are gone. */
  readonly bare: number;
}

/** Compares a picture's edges with the background's, block by block, in place. */
export function overlay(background: readonly number[], edges: readonly number[]): Overlay {
  let blocks = 0;
  let matched = 0;
  let bare = 0;
  for (let top = 0; top + blockRows <= rows; top += blockRows) {
    for (let left = 0; left + blockColumns <= columns; left += blockColumns) {
      const { likeness, wanted, found } = compareBlock(background, edges, left, top, 0, 0);
      if (wanted < leastEdge) continue;
      blocks += 1;
      if (likeness >= alike) matched += 1;
      if (found < 0.3 * wanted) bare += 1;
    }
  }
  const share = (count: number) => (blocks === 0 ? 0 : count / blocks);
  return { blocks, matched: share(matched), bare: share(bare) };
}

/** Where a picture's blocks are found, if not in place. */
export interface Shift {
  /** Share of the blocks that are found somewhere near. */
  readonly found: number;
  /** Share of those found that lie elsewhere, and by how many cells in the middle of them. */
  readonly elsewhere: number;
  readonly cells: number;
}

/**
 * Looks for each block of the background around its place. A camera that was nudged shows all of them
 * somewhere else, one that was turned shows the outer ones so; people hide some and shift none.
 *
 * About two million multiplications, some 3 ms: to be asked for when blocks are missing, not at each frame.
 */
export function findShift(background: readonly number[], edges: readonly number[]): Shift {
  const lengths: number[] = [];
  let blocks = 0;
  for (let top = 0; top + blockRows <= rows; top += blockRows) {
    for (let left = 0; left + blockColumns <= columns; left += blockColumns) {
      const here = compareBlock(background, edges, left, top, 0, 0);
      if (here.wanted < leastEdge) continue;
      blocks += 1;
      let best = here.likeness;
      let length = 0;
      for (let dy = -mostShift; dy <= mostShift; dy++) {
        if (top + dy < 0 || top + dy + blockRows > rows) continue;
        for (let dx = -mostShift; dx <= mostShift; dx++) {
          if (left + dx < 0 || left + dx + blockColumns > columns) continue;
          const { likeness } = compareBlock(background, edges, left, top, dx, dy);
          // In place unless it is plainly better elsewhere: edges that run straight slide along themselves.
          if (likeness <= best || likeness < here.likeness + 0.15) continue;
          best = likeness;
          length = Math.hypot(dx, dy);
        }
      }
      if (best >= 0.7) lengths.push(length);
    }
  }
  const apart = lengths.filter((length) => length >= 1).sort((a, b) => a - b);
  return {
    found: blocks === 0 ? 0 : lengths.length / blocks,
    elsewhere: lengths.length === 0 ? 0 : apart.length / lengths.length,
    cells: apart[Math.floor(apart.length / 2)] ?? 0,
  };
}

interface Likeness {
  /** Correlation, -1 to 1: the same whatever the light's strength. */
  readonly likeness: number;
  /** Mean edge of the background's block, and of the picture's. */
  readonly wanted: number;
  readonly found: number;
}

function compareBlock(
  background: readonly number[],
  edges: readonly number[],
  left: number,
  top: number,
  dx: number,
  dy: number,
): Likeness {
  let a = 0;
  let b = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let row = top; row < top + blockRows; row++) {
    const line = row * columns;
    const other = (row + dy) * columns + dx;
    for (let column = left; column < left + blockColumns; column++) {
      const p = background[line + column]!;
      const q = edges[other + column]!;
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  const n = blockColumns * blockRows;
  const spread = Math.sqrt((aa - (a * a) / n) * (bb - (b * b) / n));
  return { likeness: spread < 1e-6 ? 0 : (ab - (a * b) / n) / spread, wanted: a / n, found: b / n };
}
