import type { Person, Size } from '../units.ts';

/** What NanoDet answers for one picture: a row a cell, finest cells first, row by row. */
export interface NanodetCells {
  /** `[cells]`: how sure it is that the cell belongs to a person, 0 to 1. */
  readonly scores: Float32Array;
  /** `[cells, 4 × bins]`: left, top, right, bottom; before softmax. */
  readonly sides: Float32Array;
}

/** Input pixels a cell of each grid, in the order of the answers. */
const strides = [8, 16, 32] as const;

/**
 * Candidates kept of one picture before suppression. A full lobby has some tens of people and each is seen by
 * about ten cells; more than this is noise, and suppression's work grows with its square.
 */
export const mostCandidates = 300;

/** How many cells NanoDet has for an input of this size. */
export function nanodetCellCount(input: Size): number {
  return strides.reduce(
    (sum, stride) => sum + Math.ceil(input.width / stride) * Math.ceil(input.height / stride),
    0,
  );
}

/**
 * One side's distance from the cell's centre, in strides: the mean of the bins' numbers, weighted by softmax.
 * The network answers with a distribution and not a number, so that an edge it cannot see well is a wide one.
 */
function expectedDistance(sides: Float32Array, start: number, bins: number): number {
  let largest = sides[start]!;
  for (let bin = 1; bin < bins; bin++) largest = Math.max(largest, sides[start + bin]!);
  let total = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    // Less the largest, so that the exponential of a large answer does not overflow.
    const weight = Math.exp(sides[start + bin]! - largest);
    total += weight;
    weighted += weight * bin;
  }
  return weighted / total;
}

/**
 * Turns NanoDet's cells into boxes.
 *
 *     cell centre ─┐        each side is so many strides from the centre
 *        ┌─────────┼───┐
 *        │◀─ left ─●   │    centre = (column + ½, row + ½) × stride
 *        │             │
 *        └─────────────┘
 *
 * Only cells of at least `lowestScore` are computed: of some thousands, that is a few dozen.
 *
 * @param input size of the picture the network saw, in pixels
 * @param lowestScore 0 to 1. Lower: people half hidden are kept, and more noise. Higher: less of both.
 * @returns boxes in pixels of the input, unclipped, highest score first (equal scores in order of cells);
 *          at most `mostCandidates`. One person has several: see `suppress`.
 * @throws {RangeError} if the answers are not of that input
 */
export function decodeNanodet(cells: NanodetCells, input: Size, lowestScore: number): Person[] {
  const { scores, sides } = cells;
  const count = nanodetCellCount(input);
  const bins = sides.length / count / 4;
  if (scores.length !== count || !Number.isInteger(bins) || bins < 2) {
    throw new RangeError(
      `Cannot decode: there must be ${count} scores and a multiple of ${4 * count} sides, current values are ` +
        `${scores.length} and ${sides.length}`,
    );
  }
  const chosen: number[] = [];
  for (let cell = 0; cell < count; cell++) if (scores[cell]! >= lowestScore) chosen.push(cell);
  chosen.sort((one, other) => scores[other]! - scores[one]! || one - other);
  return chosen.slice(0, mostCandidates).map((cell) => {
    const { x, y, stride } = centreOf(cell, input);
    const side = (index: number): number => stride * expectedDistance(sides, (cell * 4 + index) * bins, bins);
    return {
      box: { left: x - side(0), top: y - side(1), right: x + side(2), bottom: y + side(3) },
      score: scores[cell]!,
    };
  });
}

function centreOf(cell: number, input: Size): { x: number; y: number; stride: number } {
  let first = 0;
  for (const stride of strides) {
    const columns = Math.ceil(input.width / stride);
    const cells = columns * Math.ceil(input.height / stride);
    if (cell < first + cells) {
      const column = (cell - first) % columns;
      const row = Math.floor((cell - first) / columns);
      return { x: (column + 0.5) * stride, y: (row + 0.5) * stride, stride };
    }
    first += cells;
  }
  throw new RangeError(`Cannot place a cell: it must be below ${first}, current value is ${cell}`);
}
