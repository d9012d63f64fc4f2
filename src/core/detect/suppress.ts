import type { Person, PixelBox } from '../units.ts';

/**
 * How much two boxes are one: the area they share over the area they cover together, 0 to 1.
 *
 * @example
 * ```ts
 * const left = { left: 0, top: 0, right: 2, bottom: 1 };
 * overlapOf(left, { left: 1, top: 0, right: 3, bottom: 1 }); // a third
 * ```
 */
export function overlapOf(one: PixelBox, other: PixelBox): number {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(one) + areaOf(other) - shared);
}

function areaOf(box: PixelBox): number {
  return (box.right - box.left) * (box.bottom - box.top);
}

/** Highest score first; equal scores by where they are, so that the order of the input cannot matter. */
function bySureness(one: Person, other: Person): number {
  return (
    other.score - one.score ||
    one.box.left - other.box.left ||
    one.box.top - other.box.top ||
    one.box.right - other.box.right ||
    one.box.bottom - other.box.bottom
  );
}

/**
 * Keeps one box of each person. A detector sees somebody through several neighbouring cells; the surest box
 * stays, and those that are mostly the same box go.
 *
 * @param greatestOverlap 0 to 1: how much of a kept box another may share (intersection over union).
 *        Lower: two people standing close become one. Higher: one person becomes two.
 * @returns the kept, highest score first; of equal scores the one further left, then further up, then the
 *          narrower, then the shorter. Any order of the same people gives the same answer.
 */
export function suppress(people: readonly Person[], greatestOverlap: number): Person[] {
  const kept: Person[] = [];
  for (const person of people.toSorted(bySureness)) {
    if (kept.every(({ box }) => overlapOf(box, person.box) <= greatestOverlap)) kept.push(person);
  }
  return kept;
}
