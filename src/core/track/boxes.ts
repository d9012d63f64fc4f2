import type { Person, PixelBox, PixelPoint } from '../units.ts';

/** Two boxes that overlap by more than this are one person seen twice. */
export const doubleOverlap = 0.6;

export function heightOf(box: PixelBox): number {
  return Math.max(1, box.bottom - box.top);
}

/** Intersection over union. */
export function overlap(a: PixelBox, b: PixelBox): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}

export function sharedArea(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

/** The least box with all of some boxes in it: at least one. */
export function boxAroundAll(boxes: readonly PixelBox[]): PixelBox {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

export function areaOf(box: PixelBox): number {
  return Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
}

/**
 * Takes out boxes that are a part of somebody: nearly inside a surer box, and beginning well below its
 * head. Whoever stands behind somebody shows their head; a pair of legs shows none.
 *
 * @returns surest first
 */
export function withoutParts(people: readonly Person[]): readonly Person[] {
  const byScore = [...people].sort(
    (a, b) => b.score - a.score || a.box.left - b.box.left || a.box.top - b.box.top,
  );
  const kept: Person[] = [];
  for (const person of byScore) {
    const isPart = kept.some(
      ({ box }) =>
        sharedArea(box, person.box) > 0.75 * areaOf(person.box) &&
        person.box.top > box.top + 0.3 * heightOf(box),
    );
    if (!isPart) kept.push(person);
  }
  return kept;
}

/**
 * Those of whom somebody nearer to the camera hides the feet, as far as boxes tell: another's box goes on below where
 * theirs ends, across half of it.
 *
 * @param surely of the other's score, from which it is taken for somebody
 */
export function coveredBelow(people: readonly Person[], surely: number): ReadonlySet<Person> {
  const sure = people.filter(({ score }) => score >= surely);
  const isCovered = (one: Person) => {
    const { left, right, bottom } = one.box;
    const clear = coveredBy * heightOf(one.box);
    return sure.some(
      ({ box }) =>
        box.top < bottom - clear &&
        box.bottom > bottom + clear &&
        Math.min(box.right, right) - Math.max(box.left, left) > (right - left) / 2,
    );
  };
  return new Set(people.filter(isCovered));
}

/** An edge is drawn this much too high or too low by chance, as a share of the height. */
const coveredBy = 0.03;

/** The middle of a box's lower edge. */
export function feetOf(box: PixelBox): PixelPoint {
  return { x: (box.left + box.right) / 2, y: box.bottom };
}
