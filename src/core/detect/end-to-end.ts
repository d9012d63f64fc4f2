import type { Person, Size } from '../units.ts';
import type { BoxLayout } from './box-layout.ts';
import { readBox } from './box-layout.ts';
import { surestPeople } from './surest.ts';

/** Four edges, a score, a class. */
const width = 6;

/**
 * Turns the table of a model that suppresses inside into boxes: YOLOv10, and v8 or v11 exported with it.
 *
 *     [places, 6] = left, top, right, bottom in pixels of the input; score 0 to 1; class
 *
 * Rows that are not needed are zeros, and of a score of 0.
 *
 * @returns boxes in pixels of the input, unclipped, highest score first; at most `mostCandidates`
 * @throws {RangeError} if the table has other rows
 */
export function decodeEndToEnd(
  answers: Float32Array,
  input: Size,
  lowestScore: number,
  { person, boxes = { order: 'xyxy', unit: 'px' } }: { readonly person: number; readonly boxes?: BoxLayout },
): Person[] {
  const places = answers.length / width;
  if (!Number.isInteger(places)) {
    throw new RangeError(
      `Cannot decode: there must be rows of ${width} numbers, current value is ${answers.length} numbers`,
    );
  }
  const scores = new Float32Array(places);
  for (let place = 0; place < places; place++) {
    const isPerson = Math.round(answers[place * width + 5]!) === person;
    scores[place] = isPerson ? answers[place * width + 4]! : Number.NaN;
  }
  return surestPeople(scores, lowestScore, (place) => readBox(answers, place * width, 1, boxes, input));
}
