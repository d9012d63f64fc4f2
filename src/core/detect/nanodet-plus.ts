import type { Person, Size } from '../units.ts';
import { cellAt, cellCount } from './cells.ts';
import { personScores } from './class-scores.ts';
import { sideOf } from './nanodet.ts';
import { surestPeople } from './surest.ts';

/** NanoDet-Plus has a grid more than NanoDet. */
export const plusStrides: readonly number[] = [8, 16, 32, 64];

/**
 * Turns NanoDet-Plus's answers into boxes, as its own export writes them.
 *
 *     answer = [class 0, class 1, …, left bins, top bins, right bins, bottom bins]
 *     scores are 0 to 1 already, bins are before softmax
 *     place  = (column, row) × stride: the corner of the cell, not its centre as in NanoDet
 *
 * @param answers `[cells, classes + 4 × bins]`, finest cells first, row by row
 * @param input size of the picture the network saw, in pixels
 * @param lowestScore 0 to 1. Lower: people half hidden are kept, and more noise. Higher: less of both.
 * @returns boxes in pixels of the input, unclipped, highest score first; at most `mostCandidates`. One person has
 *          several: see `suppress`.
 * @throws {RangeError} if the answers are not of that input, or have no such class
 */
export function decodeNanodetPlus(
  answers: Float32Array,
  input: Size,
  lowestScore: number,
  { classes, person }: { readonly classes: number; readonly person: number },
): Person[] {
  const count = cellCount(input, plusStrides);
  const width = answers.length / count;
  const bins = (width - classes) / 4;
  if (!Number.isInteger(bins) || bins < 2 || person >= classes) {
    throw new RangeError(
      `Cannot decode: there must be ${count} answers of ${classes} classes, the person's ${person} among them, and a ` +
        `multiple of 4 bins, current value is ${answers.length} numbers`,
    );
  }
  const scores = personScores(answers, { classes: width, person, kind: 'share' });
  return surestPeople(scores, lowestScore, (cell) => {
    const { column, row, stride } = cellAt(cell, input, plusStrides);
    const [x, y] = [column * stride, row * stride];
    const side = (index: number) => stride * sideOf(answers, cell * width + classes + index * bins, bins)[0];
    return { left: x - side(0), top: y - side(1), right: x + side(2), bottom: y + side(3) };
  });
}
