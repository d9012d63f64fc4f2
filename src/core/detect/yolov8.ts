import type { Person, Size } from '../units.ts';
import type { BoxLayout } from './box-layout.ts';
import { readBox } from './box-layout.ts';
import { surestPeople } from './surest.ts';

/** Numbers of an answer before the classes: centre x and y, width, height. */
const before = 4;

/**
 * Turns the one table of a YOLOv8, v9 or v11 into boxes, as exported without suppression.
 *
 *     [4 + classes, places]: a column a place, so that all x come first, then all y, …
 *     x, y, width, height in pixels of the input; classes 0 to 1 already
 *
 * @param lowestScore 0 to 1. Lower: people half hidden are kept, and more noise. Higher: less of both.
 * @returns boxes in pixels of the input, unclipped, highest score first; at most `mostCandidates`. One person has
 *          several: see `suppress`.
 * @throws {RangeError} if the table is not of so many classes
 */
export function decodeYolov8(
  answers: Float32Array,
  input: Size,
  lowestScore: number,
  {
    classes,
    person,
    boxes = { order: 'cxcywh', unit: 'px' },
  }: { readonly classes: number; readonly person: number; readonly boxes?: BoxLayout },
): Person[] {
  const places = answers.length / (before + classes);
  if (!Number.isInteger(places) || places < 1 || person >= classes) {
    throw new RangeError(
      `Cannot decode: there must be rows of ${before} and ${classes} numbers, the person's ${person} among them, ` +
        `current value is ${answers.length} numbers`,
    );
  }
  const scores = answers.slice((before + person) * places, (before + person + 1) * places);
  return surestPeople(scores, lowestScore, (place) => readBox(answers, place, places, boxes, input));
}
