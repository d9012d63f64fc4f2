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
      const { likeness, wanted, found } = compareBlock(background, edges, left, top);
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
 * About two million multiplications, some 5 ms: to be asked for when blocks are missing, not at each frame.
 */
export function findShift(background: readonly number[], edges: readonly number[]): Shift {
  const picture = Float32Array.from(edges);
  const block = new Float32Array(blockColumns * blockRows);
  const lengths: number[] = [];
  let blocks = 0;
  for (let top = 0; top + blockRows <= rows; top += blockRows) {
    for (let left = 0; left + blockColumns <= columns; left += blockColumns) {
      const here = compareBlock(background, edges, left, top);
      if (here.wanted < leastEdge) continue;
      blocks += 1;
      takeBlock(background, left, top, here.wanted, block);
      let best = here.likeness;
      let length = 0;
      for (let y = Math.max(0, top - mostShift); y <= Math.min(rows - blockRows, top + mostShift); y++) {
        const last = Math.min(columns - blockColumns, left + mostShift);
        for (let x = Math.max(0, left - mostShift); x <= last; x++) {
          const likeness = likenessAt(block, picture, x, y);
          // In place unless it is plainly better elsewhere: edges that run straight slide along themselves.
          if (likeness <= best || likeness < here.likeness + 0.15) continue;
          best = likeness;
          length = Math.hypot(x - left, y - top);
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

/** Copies a block, less its mean and of length 1, so that a product with it is already half a correlation. */
function takeBlock(
  background: readonly number[],
  left: number,
  top: number,
  mean: number,
  block: Float32Array,
): void {
  let squares = 0;
  for (let i = 0; i < block.length; i++) {
    const from = (top + Math.floor(i / blockColumns)) * columns + left + (i % blockColumns);
    const value = background[from]! - mean;
    block[i] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  if (length > 1e-6) for (let i = 0; i < block.length; i++) block[i] = block[i]! / length;
}

/** Correlation of a block that `takeBlock` took with a place in a picture. */
function likenessAt(block: Float32Array, picture: Float32Array, left: number, top: number): number {
  let sum = 0;
  let squares = 0;
  let product = 0;
  let i = 0;
  for (let row = 0; row < blockRows; row++) {
    let from = (top + row) * columns + left;
    for (let column = 0; column < blockColumns; column++) {
      const value = picture[from]!;
      sum += value;
      squares += value * value;
      product += value * block[i]!;
      from += 1;
      i += 1;
    }
  }
  const spread = Math.sqrt(Math.max(0, squares - (sum * sum) / block.length));
  return spread < 1e-6 ? 0 : product / spread;
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
): Likeness {
  let a = 0;
  let b = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let row = top; row < top + blockRows; row++) {
    for (let i = row * columns + left; i < row * columns + left + blockColumns; i++) {
      const p = background[i]!;
      const q = edges[i]!;
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
