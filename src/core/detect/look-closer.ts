import { areaOf, sharedArea } from '../track/boxes.ts';
import type { Person, PixelBox, Size } from '../units.ts';
import { boxInPart, cuttingEdges, type PicturePart } from './part.ts';
import { overlapOf } from './suppress.ts';

/** As sure of somebody, the whole picture is believed also where the closer look shows nobody. */
const sureScore = 0.4;
/** A box that ends so near to the window's edge, in pixels, may be of somebody who goes on beyond it. */
const cutWithin = 2;
/** As much of a box in another, and it may be a part of it. */
const partShare = 0.7;
/** Boxes of the two looks that share more than this are of one person. */
const sameOverlap = 0.5;

/**
 * Puts what a closer look at a part of the picture shows in the place of what the whole picture shows there.
 *
 *     whole picture   ┌──────────────────────┐      people ▪ beyond the window stay as they are,
 *                     │  ▪    ┌─────────┐    │      whoever the closer look shows □ is taken from it,
 *                     │       │ □  □  ▫ │ ▪  │      faint boxes ▫ that only the whole picture has within it go
 *                     │  ▪    └─────────┘    │
 *                     └──────────────────────┘
 *
 * @param closer whom the closer look shows, in pixels of the frame
 * @param part what was looked at
 * @returns highest score first
 */
export function lookCloser(
  people: readonly Person[],
  closer: readonly Person[],
  part: PicturePart,
  frame: Size,
): Person[] {
  const isIn = ({ box }: Person) => isWithin(boxInPart(box, part), part.region);
  // Of whoever stands half beyond the window it shows the upper part, which is not all there is of them.
  const beyond = people.filter((one) => !isIn(one));
  const whole = closer.filter(
    ({ box }) => !isCut(box, part, frame) && !beyond.some((one) => isPart(box, one.box)),
  );
  const kept = people.filter(
    (person) =>
      (person.score > sureScore || !isIn(person)) &&
      !whole.some((one) => overlapOf(one.box, person.box) > sameOverlap),
  );
  return [...kept, ...whole].sort((one, other) => other.score - one.score);
}

/** Whether the most of a box lies in another: it may show a part of whoever that is around. */
export function isPart(box: PixelBox, of: PixelBox): boolean {
  return sharedArea(box, of) > partShare * areaOf(box);
}

/** Whether an edge of a part cuts somebody off; where it is the picture's edge as well, there is nothing beyond. */
export function isCut(box: PixelBox, part: PicturePart, frame: Size): boolean {
  const [seen, edges] = [boxInPart(box, part), cuttingEdges(part, frame)];
  return (
    seen.left < edges.left + cutWithin ||
    seen.top < edges.top + cutWithin ||
    seen.right > edges.right - cutWithin ||
    seen.bottom > edges.bottom - cutWithin
  );
}

/** Whether a box lies in another and nowhere beyond. */
export function isWithin(box: PixelBox, region: PixelBox): boolean {
  return (
    box.left >= region.left &&
    box.right <= region.right &&
    box.top >= region.top &&
    box.bottom <= region.bottom
  );
}
