import type { Person, Size } from '../units.ts';
import type { BoxLayout } from './box-layout.ts';
import { readBox } from './box-layout.ts';
import { personScores, type ScoreKind } from './class-scores.ts';
import { surestPeople } from './surest.ts';

/** What such a model answers for one picture: tables with a row a box. */
export interface SsdTables {
  /** `[boxes, 4]`. */
  readonly boxes: Float32Array;
  /** `[boxes]` beside `classes` or where there is one class alone; `[boxes, classes]` otherwise. */
  readonly scores: Float32Array;
  /** `[boxes]`: which class each is of. */
  readonly classes?: Float32Array;
  /** `[1]`: how many rows count; those after are left over. */
  readonly count?: Float32Array;
}

/**
 * Turns separate tables of boxes and scores into people: SSD and its kin, and whatever else is exported with its
 * decoding inside, such as RT-DETR and D-FINE with labels, boxes and scores.
 *
 * @param settings `person`: its number in `classes`, or its place among the scores of a box; `layout` of the boxes;
 *        `kind` of the scores, where they are not 0 to 1 already
 * @returns boxes in pixels of the input, unclipped, highest score first; at most `mostCandidates`
 * @throws {RangeError} if the tables do not go with each other
 */
export function decodeSsd(
  { boxes, scores, classes, count }: SsdTables,
  input: Size,
  lowestScore: number,
  {
    person,
    layout = { order: 'yxyx', unit: 'share' },
    kind = 'share',
  }: { readonly person: number; readonly layout?: BoxLayout; readonly kind?: ScoreKind },
): Person[] {
  const rows = boxes.length / 4;
  const width = rows === 0 ? 1 : scores.length / rows;
  const isEach = Number.isInteger(rows) && Number.isInteger(width) && width >= 1;
  const fits = classes === undefined ? width === 1 || person < width : width === 1 && classes.length === rows;
  if (!isEach || !fits) {
    throw new RangeError(
      `Cannot decode: there must be a score for each box, or one for each of its classes, current values are ` +
        `${scores.length} scores, ${boxes.length} numbers of boxes and ${classes?.length ?? 'no'} classes`,
    );
  }
  const own = width === 1 ? 0 : person;
  const sure = personScores(scores, { classes: width, person: own, kind });
  const counted = count === undefined || !(count[0]! >= 0) ? rows : Math.min(rows, Math.floor(count[0]!));
  for (let row = 0; row < rows; row++) {
    const isPerson = classes === undefined || Math.round(classes[row]!) === person;
    if (row >= counted || !isPerson) sure[row] = Number.NaN;
  }
  return surestPeople(sure, lowestScore, (row) => readBox(boxes, row * 4, 1, layout, input));
}
