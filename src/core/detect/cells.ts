import type { Size } from '../units.ts';

/** Input pixels a cell of each grid, in the order in which NanoDet and YOLOX answer: finest first. */
const usualStrides: readonly number[] = [8, 16, 32];

/**
 * Candidates kept of one picture before suppression. A full lobby has some tens of people and each is seen by
 * about ten cells; more than this is noise, and suppression's work grows with its square.
 */
export const mostCandidates = 300;

/** One place at which a network answers: its column and row in a grid whose cells are `stride` pixels wide. */
export interface Cell {
  readonly column: number;
  readonly row: number;
  readonly stride: number;
}

/** How many cells the grids have together for an input of this size. */
export function cellCount(input: Size, strides: readonly number[] = usualStrides): number {
  return strides.reduce(
    (sum, stride) => sum + Math.ceil(input.width / stride) * Math.ceil(input.height / stride),
    0,
  );
}

/**
 * Where an answer belongs, by its place among all answers: grid after grid, row by row.
 *
 * @throws {RangeError} if there are not so many cells
 */
export function cellAt(index: number, input: Size, strides: readonly number[] = usualStrides): Cell {
  let first = 0;
  for (const stride of strides) {
    const columns = Math.ceil(input.width / stride);
    const cells = columns * Math.ceil(input.height / stride);
    if (index < first + cells) {
      return { column: (index - first) % columns, row: Math.floor((index - first) / columns), stride };
    }
    first += cells;
  }
  throw new RangeError(`Cannot place an answer: its index must be below ${first}, current value is ${index}`);
}

/**
 * Chooses the cells worth decoding.
 *
 * @returns indexes of the cells of at least `lowestScore`, surest first (equal scores in order of cells), at
 *          most `mostCandidates`
 */
export function surestCells(scores: Float32Array, lowestScore: number): number[] {
  const chosen: number[] = [];
  for (const [index, score] of scores.entries()) if (score >= lowestScore) chosen.push(index);
  chosen.sort((one, other) => scores[other]! - scores[one]! || one - other);
  return chosen.slice(0, mostCandidates);
}
