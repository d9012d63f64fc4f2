import type { Person, PixelBox, Size } from '../units.ts';
import { type Fit, toCameraFrame, toCameraSpread } from './fit.ts';
import { suppress } from './suppress.ts';
import { isBox } from './surest.ts';

function clip(box: PixelBox, frame: Size): PixelBox {
  return {
    left: Math.min(Math.max(box.left, 0), frame.width),
    top: Math.min(Math.max(box.top, 0), frame.height),
    right: Math.min(Math.max(box.right, 0), frame.width),
    bottom: Math.min(Math.max(box.bottom, 0), frame.height),
  };
}

/**
 * Takes a detector's candidates to the people of the camera's frame: back from the input's pixels to the
 * frame's, clipped to the frame, one box a person.
 *
 * @param candidates boxes in pixels of the detector's input
 * @param greatestOverlap see `suppress`
 * @returns boxes inside the frame and not empty, highest score first; what lay in the padding alone is gone
 */
export function peopleInFrame(
  candidates: readonly Person[],
  frame: { readonly camera: Size; readonly fit: Fit },
  greatestOverlap: number,
): Person[] {
  const inside = candidates
    // What a network gives that went astray is no place: clipped, a box without end would be the whole frame.
    .filter(({ box, score }) => isBox(box) && Number.isFinite(score))
    .map(({ box, score, spread }) => ({
      box: clip(toCameraFrame(box, frame.fit), frame.camera),
      score,
      ...(spread === undefined ? {} : { spread: toCameraSpread(spread, frame.fit) }),
    }))
    .filter(({ box }) => box.left < box.right && box.top < box.bottom);
  return suppress(inside, greatestOverlap);
}
