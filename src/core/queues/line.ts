import type { PlanePoint } from '../geometry/polygon.ts';

/**
 * Where somebody stands in a line, told from the floor: between which two they would lengthen it least.
 *
 *     counter ▣   1 ─ 2 ─ 3          6 is nearest to 2, but the way 1-2-3-4-5-6 is the shorter one:
 *                      6   │         a line may bend, and needs no ropes.
 *                      └ 5 ─ 4
 *
 * The end of the line costs its distance to the last alone, and wins unless another place is clearly
 * better: a line is joined at its end, and lanes of a bending line lie side by side.
 *
 * @param line who stands in it, first to last
 * @param front where the line leads: the counter, if it is known
 * @param reach by how much a place must beat the end of the line, in the plane's units
 * @returns how many are ahead, 0 to `line.length`. Linear in the line. Cheapest insertion is the old rule
 *          of route planning (Rosenkrantz, Stearns and Lewis 1977).
 */
export function placeInLine(
  line: readonly PlanePoint[],
  front: PlanePoint | undefined,
  point: PlanePoint,
  reach: number,
): number {
  let best = line.length;
  let least = costAt(line, front, point, line.length) - reach;
  for (let place = 0; place < line.length; place++) {
    const cost = costAt(line, front, point, place);
    if (cost >= least) continue;
    best = place;
    least = cost;
  }
  return best;
}

/** By how much the way along a line grows if somebody stands at a place of it. */
export function costAt(
  line: readonly PlanePoint[],
  front: PlanePoint | undefined,
  point: PlanePoint,
  place: number,
): number {
  const ahead = place === 0 ? front : line[place - 1];
  const behind = line[place];
  if (ahead === undefined) return behind === undefined ? 0 : between(point, behind);
  if (behind === undefined) return between(ahead, point);
  return between(ahead, point) + between(point, behind) - between(ahead, behind);
}

export function between(a: PlanePoint, b: PlanePoint): number {
  return Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2);
}
