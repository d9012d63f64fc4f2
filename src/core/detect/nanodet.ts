import type { Person, Size } from '../units.ts';
import { cellAt, cellCount, surestCells } from './cells.ts';

/** What NanoDet answers for one picture: a row a cell, finest cells first, row by row. */
export interface NanodetCells {
  /** `[cells]`: how sure it is that the cell belongs to a person, 0 to 1. */
  readonly scores: Float32Array;
  /** `[cells, 4 × bins]`: left, top, right, bottom; before softmax. */
  readonly sides: Float32Array;
}

/**
 * One side's distance from the cell's centre, in strides: the mean of the bins' numbers, weighted by softmax, and
 * their standard deviation. The network answers with a distribution and not a number, so that an edge it cannot
 * see well is a wide one (the idea of Generalized Focal Loss, Li et al. 2020).
 */
export function sideOf(
  sides: Float32Array,
  start: number,
  bins: number,
): [distance: number, deviation: number] {
  let largest = sides[start]!;
  for (let bin = 1; bin < bins; bin++) largest = Math.max(largest, sides[start + bin]!);
  let total = 0;
  let weighted = 0;
  let squared = 0;
  for (let bin = 0; bin < bins; bin++) {
    // Less the largest, so that the exponential of a large answer does not overflow.
    const weight = Math.exp(sides[start + bin]! - largest);
    total += weight;
    weighted += weight * bin;
    squared += weight * bin * bin;
  }
  const distance = weighted / total;
  return [distance, Math.sqrt(Math.max(0, squared / total - distance * distance))];
}

/**
 * Edges are less far off than the network's distributions are wide: measured on the rendered lobbies, where the
 * tenth of all boxes with the sharpest lower edges (0.04 of the height wide) were off by 0.02, and the vaguest
 * (0.24) by 0.14.
 */
const offByWidth = 0.6;

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
  const count = cellCount(input);
  const bins = sides.length / count / 4;
  if (scores.length !== count || !Number.isInteger(bins) || bins < 2) {
    throw new RangeError(
      `Cannot decode: there must be ${count} scores and a multiple of ${4 * count} sides, current values are ` +
        `${scores.length} and ${sides.length}`,
    );
  }
  return surestCells(scores, lowestScore).map((cell) => {
    const { column, row, stride } = cellAt(cell, input);
    const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
    const side = (index: number) => sideOf(sides, (cell * 4 + index) * bins, bins);
    const [left, top, right, bottom] = [side(0), side(1), side(2), side(3)];
    const off = offByWidth * stride;
    return {
      box: {
        left: x - stride * left[0],
        top: y - stride * top[0],
        right: x + stride * right[0],
        bottom: y + stride * bottom[0],
      },
      score: scores[cell]!,
      spread: { left: off * left[1], top: off * top[1], right: off * right[1], bottom: off * bottom[1] },
    };
  });
}
