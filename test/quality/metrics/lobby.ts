import type { LobbyEvent } from '../../../src/contract/events.ts';
import { type KindScore, scoreEvents, type Truth } from '../../../src/core/score/score-events.ts';
import { assign } from '../../../src/core/track/assign.ts';
import type { Metres, Seconds } from '../../../src/core/units.ts';
import { isWaiting, type Place, placesOf, type QueueFigures, queueFigures, waitOf } from './queues.ts';

/** What one run of the service over one lobby led to, as far as it is scored. */
export interface LobbyRun {
  readonly events: readonly LobbyEvent[];
  /** When each prompt was raised. */
  readonly prompts: readonly { readonly t: Seconds; readonly kind: string }[];
  /** How the lobby looked to the service, about once a second. */
  readonly looks: readonly Look[];
}

export interface Look {
  readonly t: Seconds;
  /** Everybody taken to be inside and in sight at that moment. */
  readonly visits: readonly { readonly id: string; readonly x: Metres; readonly y: Metres }[];
  /** How many wait in each queue zone, by its id; a zone that is not named has none. */
  readonly queues: Readonly<Record<string, number>>;
  /** Where they stand or are remembered, first to last. */
  readonly lines?: Readonly<Record<string, readonly { readonly x: Metres; readonly y: Metres }[]>>;
}

export interface LobbyFigures {
  readonly kinds: readonly KindScore[];
  readonly promptsAnHour: number;
  /** `null` if nobody came in. */
  readonly promptsAVisit: number | null;
  /** Share of the stays that began in the clip in which the customer was met: truly, and as seen. */
  readonly metTruly: number | null;
  readonly metSeen: number | null;
  /** Seconds by which `waited` of each contact found is off, from arrival to first contact. */
  readonly contactErrors: readonly Seconds[];
  /** Seconds by which `waited` of each place in a queue is off, of those whose end was noticed: until service. */
  readonly waitErrors: readonly Seconds[];
  /** People by which each queue's length, those who wait, is off at each look at which somebody was in it, or said to be. */
  readonly lengthErrors: readonly number[];
  readonly queues: QueueFigures;
  readonly identity: Identity;
}

/** How visits and true stays go together. */
export interface Identity {
  /** True stays, of customers and staff, that were seen at all. */
  readonly stays: number;
  /** Visits too many: each stay's number of visits beyond one. */
  readonly split: number;
  /** Stays too many: each visit's number of stays beyond one. */
  readonly merged: number;
  /** Visits that showed nobody for three seconds in all, and never anybody longer. */
  readonly ghosts: number;
}

/**
 * Every figure of one lobby, from what the service said and what was true.
 *
 * @param afterSeconds the wandering threshold the service ran with
 */
export function scoreLobby(truth: Truth, run: LobbyRun, afterSeconds: Seconds): LobbyFigures {
  const kinds = scoreEvents(truth, run.events, afterSeconds);
  const customers = new Set(truth.people.filter(({ role }) => role === 'customer').map(({ id }) => id));
  const arrivals = truth.events.filter((one) => one.kind === 'arrival' && customers.has(one.person));
  const seconds = (truth.frames.at(-1)?.t ?? 0) - (truth.frames[0]?.t ?? 0);
  const ends = queueEnds(truth, run.events);
  const met = arrivals.filter((arrival) => firstContact(truth, arrival) !== undefined);
  const arrived = new Set(run.events.filter(({ kind }) => kind === 'arrived').map(({ visit }) => visit));
  const contacted = new Set(run.events.filter(({ kind }) => kind === 'contacted').map(({ visit }) => visit));
  return {
    kinds,
    promptsAnHour: seconds > 0 ? (run.prompts.length / seconds) * 3600 : 0,
    promptsAVisit: share(run.prompts.length, arrivals.length),
    metTruly: share(met.length, arrivals.length),
    metSeen: share([...contacted].filter((visit) => arrived.has(visit)).length, arrived.size),
    contactErrors: contactErrors(truth, run.events, kinds),
    waitErrors: ends.flatMap(({ place, event: { waited } }) =>
      waited === undefined ? [] : [Math.abs(waited - waitOf(place))],
    ),
    lengthErrors: lengthErrors(truth, run.looks),
    queues: queueFigures(truth, run.events, run.looks, kinds, ends),
    identity: identityOf(truth, run.looks),
  };
}

const share = (part: number, all: number): number | null => (all === 0 ? null : part / all);

function firstContact(truth: Truth, arrival: Truth['events'][number]): Truth['events'][number] | undefined {
  const next = truth.events.find(
    (one) => one.kind === 'arrival' && one.person === arrival.person && one.t > arrival.t,
  );
  return truth.events.find(
    (one) =>
      one.kind === 'contact' &&
      one.customer === arrival.person &&
      one.t >= arrival.t &&
      one.t < (next?.t ?? Number.POSITIVE_INFINITY),
  );
}

function contactErrors(
  truth: Truth,
  events: readonly LobbyEvent[],
  kinds: readonly KindScore[],
): readonly Seconds[] {
  const found = kinds.find(({ kind }) => kind === 'contacted')?.matched ?? [];
  return found.flatMap(({ t, person, event }) => {
    const cameIn = truth.events.findLast(
      (one) => one.kind === 'arrival' && one.person === person && one.t <= t,
    );
    const { waited } = events[event]!;
    return cameIn === undefined || waited === undefined ? [] : [Math.abs(waited - (t - cameIn.t))];
  });
}

/**
 * `left-queue` is known a moment after the place was given up, and may be known before, at the zone's edge; of
 * whoever steps out unserved only once the place is not kept any more.
 */
const leftWindow = { before: 3, after: 6, unserved: 60 } as const;
const leftWithinMetres: Metres = 2.5;

/** Which `left-queue` told the end of which place: one to one, nearest in time first. */
function queueEnds(
  truth: Truth,
  events: readonly LobbyEvent[],
): readonly { readonly place: Place; readonly event: LobbyEvent }[] {
  const left = events.filter(({ kind, role }) => kind === 'left-queue' && role !== 'staff');
  const places = placesOf(truth).filter(({ until }) => Number.isFinite(until));
  const pairs = places
    .flatMap((place, p) =>
      left.map((event, e) => ({
        p,
        e,
        gap: event.t - place.until,
        after: event.served === false ? leftWindow.unserved : leftWindow.after,
        metres: metresBetween(truth, place.person, event),
      })),
    )
    .filter(
      ({ gap, after, metres }) => gap >= -leftWindow.before && gap <= after && metres <= leftWithinMetres,
    )
    .sort((a, b) => Math.abs(a.gap) - Math.abs(b.gap));
  const usedPlaces = new Set<number>();
  const usedEvents = new Set<number>();
  return pairs.flatMap(({ p, e }) => {
    if (usedPlaces.has(p) || usedEvents.has(e)) return [];
    usedPlaces.add(p);
    usedEvents.add(e);
    return [{ place: places[p]!, event: left[e]! }];
  });
}

function metresBetween(truth: Truth, person: string, event: LobbyEvent): Metres {
  const there = frameAt(truth, event.t)?.people.find(({ id }) => id === person);
  if (event.at === null) return 0;
  return there === undefined
    ? Number.POSITIVE_INFINITY
    : Math.hypot(there.x - event.at[0], there.y - event.at[1]);
}

function frameAt(truth: Truth, t: Seconds): Truth['frames'][number] | undefined {
  let best: Truth['frames'][number] | undefined;
  for (const frame of truth.frames) {
    if (best === undefined || Math.abs(frame.t - t) < Math.abs(best.t - t)) best = frame;
  }
  return best;
}

function lengthErrors(truth: Truth, looks: readonly Look[]): readonly number[] {
  const places = placesOf(truth);
  const zones = new Set([
    ...places.map(({ zone }) => zone),
    ...looks.flatMap((one) => Object.keys(one.queues)),
  ]);
  return [...zones].flatMap((zone) =>
    looks.flatMap(({ t, queues }) => {
      const truly = places.filter((one) => one.zone === zone && isWaiting(one, t)).length;
      const said = queues[zone] ?? 0;
      return truly === 0 && said === 0 ? [] : [said - truly];
    }),
  );
}

/** A visit and a person this near are the same; once they are, they stay so up to the second distance. */
const sameMetres: Metres = 1;
const stillSameMetres: Metres = 1.5;
/** A pairing counts once it has lasted this many looks in all: two who brush past each other are not swapped. */
const lastingLooks = 3;

/**
 * Pairs visits with true people look by look, going on with the pairs of the look before (as CLEAR MOT does,
 * Bernardin and Stiefelhagen 2008), and counts what belongs to more than one.
 *
 * Somebody who goes and comes again has two stays. Who is behind a wall, in the street or out of the picture
 * is a person like any other to truth; only where a visit is taken to be does it count.
 */
function identityOf(truth: Truth, looks: readonly Look[]): Identity {
  const together = new Map<string, Map<string, number>>();
  const alone = new Map<string, number>();
  let before = new Map<string, string>();
  for (const { t, visits } of looks) {
    const people = frameAt(truth, t)?.people ?? [];
    const costs = visits.map(({ id, x, y }) =>
      people.map((person) => {
        const metres = Math.hypot(person.x - x, person.y - y);
        if (before.get(id) === person.id && metres <= stillSameMetres) return metres / 100;
        return metres <= sameMetres ? 1 + metres : Number.POSITIVE_INFINITY;
      }),
    );
    const now = new Map<string, string>();
    for (const [row, column] of assign(costs, 10).entries()) {
      const visit = visits[row]!.id;
      if (column < 0) {
        alone.set(visit, (alone.get(visit) ?? 0) + 1);
        continue;
      }
      const person = people[column]!.id;
      now.set(visit, person);
      const stay = `${person} ${stayOf(truth, person, t)}`;
      const counts = together.get(visit) ?? new Map<string, number>();
      together.set(visit, counts.set(stay, (counts.get(stay) ?? 0) + 1));
    }
    before = now;
  }
  const lasting = [...together].flatMap(([visit, counts]) =>
    [...counts].filter(([, count]) => count >= lastingLooks).map(([stay]) => ({ visit, stay })),
  );
  const stays = new Set(lasting.map(({ stay }) => stay)).size;
  const visits = new Set(lasting.map(({ visit }) => visit));
  return {
    stays,
    split: lasting.length - stays,
    merged: lasting.length - visits.size,
    ghosts: [...alone].filter(([visit, count]) => count >= lastingLooks && !visits.has(visit)).length,
  };
}

/** Which stay of a person a moment belongs to: how often they have left before it. */
function stayOf(truth: Truth, person: string, t: Seconds): number {
  // A visit is said to be over up to a moment after the line was crossed.
  return truth.events.filter((one) => one.kind === 'arrival' && one.person === person && one.t <= t + 0.5)
    .length;
}
