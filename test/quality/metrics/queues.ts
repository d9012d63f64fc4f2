import type { LobbyEvent } from '../../../src/contract/events.ts';
import type { KindScore, Truth } from '../../../src/core/score/score-events.ts';
import type { Metres, Seconds } from '../../../src/core/units.ts';
import type { Look } from './lobby.ts';

/** Somebody's place in a queue, as it truly was. */
export interface Place {
  readonly person: string;
  readonly zone: string;
  readonly from: Seconds;
  /** When they gave it up, or the clip ended. */
  readonly until: Seconds;
  readonly servedFrom?: Seconds;
  /** The clip ended first: nobody knows whether they would have been served. */
  readonly isOpen: boolean;
}

/** What the queues of a lobby were told as, against what they were. */
export interface QueueFigures {
  /** Of the places whose end was told: whether that they were served, or were not, was told rightly. */
  readonly servedRight: readonly boolean[];
  /** Of any two who wait in one queue at a look: whether who is ahead of whom was told rightly. */
  readonly orderRight: readonly boolean[];
  /** Seconds by which the wait foretold to those who joined was off, of those who were served. */
  readonly expectedErrors: readonly Seconds[];
}

/** How near the end of the clip a place must end to be still taken. */
const openSeconds: Seconds = 1;

export function placesOf(truth: Truth): readonly Place[] {
  const staff = new Set(truth.people.filter(({ role }) => role === 'staff').map(({ id }) => id));
  const last = truth.frames.at(-1)?.t ?? Number.POSITIVE_INFINITY;
  return truth.events
    .filter((one) => one.kind === 'queue-start' && !staff.has(one.person))
    .map((start) => {
      const end = truth.events.find(
        (one) =>
          one.kind === 'queue-end' &&
          one.person === start.person &&
          one.zone === start.zone &&
          one.t >= start.t,
      );
      const until = end?.t ?? Number.POSITIVE_INFINITY;
      return {
        person: start.person,
        zone: start.zone ?? '',
        from: start.t,
        until,
        ...(end?.servedFrom === undefined ? {} : { servedFrom: end.servedFrom }),
        isOpen: until >= last - openSeconds,
      };
    });
}

/** How long somebody waited, which ends with being served. */
export const waitOf = ({ from, until, servedFrom }: Place): Seconds =>
  Math.max(0, (servedFrom ?? until) - from);

/** Who waits in a place at a moment; who is being served does not. */
export const isWaiting = ({ from, until, servedFrom }: Place, t: Seconds): boolean =>
  from <= t && t < (servedFrom ?? until);

/** @param ends which event told the end of which place */
export function queueFigures(
  truth: Truth,
  events: readonly LobbyEvent[],
  looks: readonly Look[],
  kinds: readonly KindScore[],
  ends: readonly { readonly place: Place; readonly event: LobbyEvent }[],
): QueueFigures {
  const places = placesOf(truth);
  return {
    servedRight: ends
      .filter(({ place }) => !place.isOpen || place.servedFrom !== undefined)
      .map(({ place, event }) => event.served === (place.servedFrom !== undefined)),
    orderRight: looks.flatMap((look) => orderRight(truth, places, look)),
    expectedErrors: expectedErrors(places, events, kinds),
  };
}

/** A member of a line and a true person this near are the same. */
const sameMetres: Metres = 1;

function orderRight(truth: Truth, places: readonly Place[], { t, lines }: Look): readonly boolean[] {
  const frame = truth.frames.find((one) => Math.abs(one.t - t) < 0.3);
  if (frame === undefined || lines === undefined) return [];
  return Object.entries(lines).flatMap(([zone, line]) => {
    // Who gave up was never served, and where they stood until then is not in the truth.
    const waiting = places.filter(
      (one) => one.zone === zone && isWaiting(one, t) && (one.isOpen || one.servedFrom !== undefined),
    );
    const taken = new Set<string>();
    const ranks = line.flatMap((spot) => {
      let nearest: { place: Place; metres: Metres } | undefined;
      for (const place of waiting) {
        const there = frame.people.find(({ id }) => id === place.person);
        if (there === undefined || taken.has(place.person)) continue;
        const metres = Math.hypot(there.x - spot.x, there.y - spot.y);
        if (metres <= sameMetres && metres < (nearest?.metres ?? Number.POSITIVE_INFINITY))
          nearest = { place, metres };
      }
      if (nearest === undefined) return [];
      taken.add(nearest.place.person);
      return [nearest.place];
    });
    return ranks.flatMap((one, i) => ranks.slice(i + 1).map((other) => isAhead(one, other)));
  });
}

/** Served sooner, or together; of those who were not served any more, who came sooner. */
function isAhead(one: Place, other: Place): boolean {
  const never = Number.POSITIVE_INFINITY;
  const [a, b] = [one.servedFrom ?? never, other.servedFrom ?? never];
  return a === never && b === never ? one.from <= other.from + 0.5 : a <= b;
}

function expectedErrors(
  places: readonly Place[],
  events: readonly LobbyEvent[],
  kinds: readonly KindScore[],
): readonly Seconds[] {
  const found = kinds.find(({ kind }) => kind === 'queued')?.matched ?? [];
  return found.flatMap(({ t, person, event }) => {
    const expected = events[event]?.figures?.expectedSeconds;
    const place = places.find((one) => one.person === person && one.from === t);
    if (expected === undefined || place?.servedFrom === undefined) return [];
    return [Math.abs(expected - waitOf(place))];
  });
}
