import type { Person, PixelBox } from '../units.ts';
import { surestCells } from './cells.ts';

/** Whether all four edges are somewhere and enclose something. */
export function isBox({ left, top, right, bottom }: PixelBox): boolean {
  return (
    Number.isFinite(left) &&
    Number.isFinite(top) &&
    Number.isFinite(right) &&
    Number.isFinite(bottom) &&
    left < right &&
    top < bottom
  );
}

/**
 * Decodes the surest of what a network answers, and no more of it than can be looked at.
 *
 * A score that is no number, or beyond 1 by more than rounding, says nothing and is left out; so is a box with an edge
 * nowhere.
 *
 * @param scores one a place; scores that stand in another type are to be copied before
 * @param boxAt the box at a place, in pixels of the input; asked of the surest alone
 * @returns highest score first, equal ones in order of places; at most `mostCandidates`
 */
export function surestPeople(
  scores: Float32Array,
  lowestScore: number,
  boxAt: (place: number) => PixelBox,
): Person[] {
  for (const [place, score] of scores.entries()) {
    if (score > 1) scores[place] = score < 1 + rounding ? 1 : Number.NaN;
  }
  return surestCells(scores, lowestScore)
    .map((place) => ({ box: boxAt(place), score: scores[place]! }))
    .filter(({ box }) => isBox(box));
}

/** Shares that were summed in other orders, or in half precision, are above 1 by less than this. */
const rounding = 0.01;
