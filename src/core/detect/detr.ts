import type { Person, Size } from '../units.ts';
import type { BoxLayout } from './box-layout.ts';
import { readBox } from './box-layout.ts';
import { personScores, type ScoreKind } from './class-scores.ts';
import { surestPeople } from './surest.ts';

/** What a DETR answers for one picture: a row a query, in no order that means anything. */
export interface DetrQueries {
  /** `[queries, classes]`, before sigmoid or softmax. */
  readonly scores: Float32Array;
  /** `[queries, 4]`. */
  readonly boxes: Float32Array;
}

/**
 * Turns the queries of a DETR, an RT-DETR or a D-FINE into boxes.
 *
 *     boxes  = centre x, centre y, width, height, as shares of the input
 *     scores = a number a class: sigmoid in RT-DETR and D-FINE; softmax, with a class for "nothing", in DETR
 *
 * A query answers for one thing, so that there is one box a person and little to suppress.
 *
 * @returns boxes in pixels of the input, unclipped, highest score first; at most `mostCandidates`
 * @throws {RangeError} if there is not a row of so many classes a box
 */
export function decodeDetr(
  { scores, boxes }: DetrQueries,
  input: Size,
  lowestScore: number,
  {
    classes,
    person,
    kind = 'sigmoid',
    layout = { order: 'cxcywh', unit: 'share' },
  }: {
    readonly classes: number;
    readonly person: number;
    readonly kind?: ScoreKind;
    readonly layout?: BoxLayout;
  },
): Person[] {
  const queries = boxes.length / 4;
  if (!Number.isInteger(queries) || scores.length !== queries * classes || person >= classes) {
    throw new RangeError(
      `Cannot decode: there must be ${classes} scores for each box, the person's ${person} among them, current ` +
        `values are ${scores.length} scores and ${boxes.length} numbers of boxes`,
    );
  }
  const sure = personScores(scores, { classes, person, kind });
  return surestPeople(sure, lowestScore, (query) => readBox(boxes, query * 4, 1, layout, input));
}
