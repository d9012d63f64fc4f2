import type { Person, Size } from '../units.ts';
import { cellAt, cellCount } from './cells.ts';
import { surestPeople } from './surest.ts';

/** Numbers of an answer before the classes: centre x and y, width, height, and whether there is anything. */
const before = 5;
/** The person's place among COCO's classes. */
const personOfCoco = 0;

/**
 * Turns YOLOX's answers into boxes: the head as exported without its own decoding.
 *
 *     answer = [x, y, w, h, anything, class 0, class 1, …]
 *     centre = (column + x, row + y) × stride       size = (eʷ, eʰ) × stride
 *     score  = anything × the person's class        (both already 0 to 1)
 *
 * @param answers `[cells, 5 + classes]`, finest cells first, row by row
 * @param input size of the picture the network saw, in pixels
 * @param lowestScore 0 to 1. Lower: people half hidden are kept, and more noise. Higher: less of both.
 * @param person the person's place among the classes
 * @returns boxes in pixels of the input, unclipped, highest score first (equal scores in order of cells);
 *          at most `mostCandidates`. One person has several: see `suppress`.
 * @throws {RangeError} if the answers are not of that input, or have no such class
 */
export function decodeYolox(
  answers: Float32Array,
  input: Size,
  lowestScore: number,
  person: number = personOfCoco,
): Person[] {
  const count = cellCount(input);
  const width = answers.length / count;
  if (!Number.isInteger(width) || width <= before + person) {
    throw new RangeError(
      `Cannot decode: there must be ${count} answers of more than ${before + person} numbers, current value is ` +
        `${answers.length} numbers`,
    );
  }
  const scores = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    scores[index] = answers[index * width + 4]! * answers[index * width + before + person]!;
  }
  return surestPeople(scores, lowestScore, (index) => {
    const { column, row, stride } = cellAt(index, input);
    const at = index * width;
    const x = (answers[at]! + column) * stride;
    const y = (answers[at + 1]! + row) * stride;
    const halfWidth = (Math.exp(answers[at + 2]!) * stride) / 2;
    const halfHeight = (Math.exp(answers[at + 3]!) * stride) / 2;
    return { left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight };
  });
}
