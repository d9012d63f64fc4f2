/** Things in order along one axis, so that of many only those near a place need to be looked at. */
export interface Along<Thing> {
  /** Ascending. */
  readonly places: readonly number[];
  /** In the same order. */
  readonly things: readonly Thing[];
}

/**
 * Puts things in order along an axis.
 *
 *     ─●──●●───[●──────●●]──●────●──▶        between(low, high)
 *
 * One axis is enough for a hall: its people lie spread over it, and what is left in the band is few.
 *
 * @param placeOf must not be `NaN`
 * @returns those at one place in the order they came in
 */
export function along<Thing>(things: readonly Thing[], placeOf: (thing: Thing) => number): Along<Thing> {
  const found = things.map((thing) => ({ thing, place: placeOf(thing) })).sort(byPlace);
  return { places: found.map(placed), things: found.map(thingOf) };
}

const byPlace = (a: { readonly place: number }, b: { readonly place: number }) => a.place - b.place;
const placed = ({ place }: { readonly place: number }) => place;
const thingOf = <Thing>({ thing }: { readonly thing: Thing }) => thing;

/** Those from `low` to `high`, both ends among them, in order along the axis. */
export function between<Thing>(
  { places, things }: Along<Thing>,
  low: number,
  high: number,
): readonly Thing[] {
  const found: Thing[] = [];
  for (let i = firstFrom(places, low); i < places.length && places[i]! <= high; i++) found.push(things[i]!);
  return found;
}

/** The first place that is not below `low`. */
function firstFrom(places: readonly number[], low: number): number {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (places[middle]! < low) from = middle + 1;
    else to = middle;
  }
  return from;
}
