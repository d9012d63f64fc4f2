import { type AreaZone, type EntranceZone, floorPlane } from '../floor/zones.ts';
import { contains, isWithin, signedDistance } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { metresFrom, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest, type Scene } from './behaviour.ts';
import {
  type Evidence,
  isLeaving,
  looksAbout,
  type OwnEvidence,
  retreats,
  settledSeconds,
  whyNot,
  whyNotYet,
} from './wandering/evidence.ts';
import { describePath } from './wandering/path.ts';

/**
 * Somebody's time in the hall since they came, or since their last errand. What is absent is `undefined` and not left
 * out, as in a `Visit`.
 */
export interface Stroll {
  readonly visit: string;
  readonly freeSince: Seconds;
  /** When they first stopped, after that. */
  readonly stoppedAt?: Seconds | undefined;
  /** Since when they have been in a zone where something is done, and since when beside staff. */
  readonly inZoneSince?: Seconds | undefined;
  readonly withStaffSince?: Seconds | undefined;
  /** Who came in beside them, and for how long they were: at most `mostCompanions`. */
  readonly beside: readonly { readonly visit: string; readonly seconds: Seconds }[];
  /** Queueing, being served or being met. */
  readonly busy: boolean;
  /** Had stood in one place for `settledSeconds` when last looked at. */
  readonly settled: boolean;
  readonly lookedAt: Seconds;
  /** They have been told of in this episode. */
  readonly said?: true | undefined;
}

export interface WanderState {
  /** One for each customer in the lobby; it ends with the visit. */
  readonly strolls: readonly Stroll[];
}

/** Staying this long in a queue means queueing; crossing it does not. */
const queueingSeconds: Seconds = 3;
/** Staying shorter at a machine or a desk is going up to it and away again: no machine serves anybody so soon. */
const usingSeconds: Seconds = 5;
/** Who is in a zone has left it this far outside: feet jitter. */
const edgeMetres: Metres = 0.3;
/** A member of staff this near, for so long, means somebody is looking after them. */
const companyMetres: Metres = 1.6;
const companySeconds: Seconds = 2;
/** Who has stood in one place for so long has found what they looked for, or given up looking. */
const calmSeconds: Seconds = 20;
/** Came in so shortly after another: */
const togetherSeconds: Seconds = 1.2;
/** and walked this near to them, which strangers avoid (Hall, "The Hidden Dimension", 1966: personal distance) */
const togetherMetres: Metres = 1.1;
/** for so long: */
const besideSeconds: Seconds = 1.4;
/** within so long of coming in. Later, people stand near each other for all kinds of reasons. */
const comingInSeconds: Seconds = 6;
const mostCompanions = 6;
/** Who waits for somebody stays this near to them; further off they are on their own, or came in with them by chance. */
const nearMetres: Metres = 5;
/** Evidence counts for twice the threshold, but no longer than a path is kept, and for three stops at least. */
const windowSeconds = (afterSeconds: Seconds): Seconds => Math.min(45, Math.max(20, 2 * afterSeconds));

/**
 * Sees who looks around lost: a customer who has been in the open hall for `afterSeconds` without an
 * errand, and stops, turns, and goes up to places and away again as one who knows where to go does not.
 *
 *     path ▶ stops, turns, retreats ─┐
 *     heads ▶ looks ─────────────────┴▶ a score ▶ enough? ▶ why not? ▶ told, with its figures
 *
 * Once an episode. An episode ends by queueing for 3 s, by staying 5 s where one is served, by 2 s beside
 * staff, by a companion's doing any of these, or by standing 20 s in one place. Who was never seen to come
 * in and does nothing a customer does may be staff, and is not told of. Needs metres. `whyNot` says why somebody is not told of.
 */
export const wandering: Behaviour<WanderState> = {
  begin: { strolls: [] },
  notice(state, scene) {
    const happenings: Happening[] = [];
    const strolls: Stroll[] = [];
    const moment = momentOf(state, scene);
    const { afterSeconds } = scene.thresholds.wandering;
    for (const visit of scene.visits) {
      if (!isWatched(visit)) continue;
      const before = moment.strolls.get(visit.id) ?? beginStroll(visit);
      if (visit.seenAt !== scene.at) {
        strolls.push(before);
        continue;
      }
      const stroll = follow(before, visit, moment);
      // Between two points of a path there is nothing new to weigh.
      if (visit.path.at(-1)?.at !== scene.at) {
        strolls.push(stroll);
        continue;
      }
      const own = gatherOwn(stroll, visit, scene);
      const next = settle(stroll, own, scene.at);
      // Of most it is plain before the rest is weighed.
      if (next.said || whyNotYet(own, afterSeconds) !== undefined) {
        strolls.push(next);
        continue;
      }
      const evidence = gather(own, stroll, visit, moment);
      if (whyNot(evidence, afterSeconds) !== undefined) {
        strolls.push(next);
        continue;
      }
      strolls.push({ ...next, said: true });
      moment.told.add(visit.id);
      happenings.push(tell(visit, evidence, scene.at));
    }
    return [{ strolls }, happenings];
  },
  pause: (state, unwatched) => ({
    strolls: state.strolls.map((one) => {
      const seconds = unwatched.get(one.visit) ?? 0;
      if (seconds === 0) return one;
      const later = (at: Seconds | undefined) => (at === undefined ? undefined : at + seconds);
      return {
        ...one,
        freeSince: one.freeSince + seconds,
        lookedAt: one.lookedAt + seconds,
        stoppedAt: later(one.stoppedAt),
        inZoneSince: later(one.inZoneSince),
        withStaffSince: later(one.withStaffSince),
      };
    }),
  }),
};

/**
 * What is known of somebody now, as the behaviour weighs it; `whyNot` reads it.
 *
 * @returns nothing of whom the behaviour does not watch: staff, who may be staff, who is not on the floor
 */
export function evidenceOf(state: WanderState, visit: Visit, scene: Scene): Evidence | undefined {
  if (!isWatched(visit)) return undefined;
  const moment = momentOf(state, scene);
  const stroll = follow(moment.strolls.get(visit.id) ?? beginStroll(visit), visit, moment);
  return gather(gatherOwn(stroll, visit, scene), stroll, visit, moment);
}

/** Recordings keep times to a millisecond: what is due now is due when it is replayed. */
const hair: Seconds = 0.002;

/**
 * Of whom a look at their head may tell something: by what is known of them they may be told of soon, and
 * are not told of yet. They have been about for half of `afterSeconds` and more, are in the open hall,
 * without staff, and have not settled down.
 */
export function mayBeLost({ strolls }: WanderState, at: Seconds, afterSeconds: Seconds): ReadonlySet<string> {
  const isCandidate = (one: Stroll) =>
    one.said === undefined &&
    !one.settled &&
    !one.busy &&
    one.inZoneSince === undefined &&
    one.withStaffSince === undefined &&
    at - one.freeSince >= afterSeconds / 2 - hair;
  return new Set(strolls.filter(isCandidate).map(({ visit }) => visit));
}

function isWatched(visit: Visit): boolean {
  const isCustomer = visit.role === 'customer' || visit.arrivedAt !== undefined;
  return visit.plane === floorPlane && isGuest(visit) && isCustomer;
}

function beginStroll(visit: Visit): Stroll {
  const arrivedAt = visit.arrivedAt ?? visit.bornAt;
  return {
    visit: visit.id,
    freeSince: arrivedAt,
    stoppedAt: undefined,
    inZoneSince: undefined,
    withStaffSince: undefined,
    beside: [],
    busy: false,
    settled: false,
    lookedAt: arrivedAt,
    said: undefined,
  };
}

/** What everybody's evidence of one moment rests on, looked up once. */
interface Moment {
  readonly scene: Scene;
  /** Staff, places and doors on the floor. */
  readonly staff: readonly Visit[];
  readonly places: readonly AreaZone[];
  readonly doors: readonly EntranceZone[];
  readonly visits: ReadonlyMap<string, Visit>;
  /** As they were a moment ago. */
  readonly strolls: ReadonlyMap<string, Stroll>;
  /** Who has been told of, those of this moment among them. */
  readonly told: Set<string>;
}

function momentOf({ strolls }: WanderState, scene: Scene): Moment {
  return {
    scene,
    staff: scene.visits.filter((one) => one.role === 'staff' && one.plane === floorPlane),
    places: scene.zones.filter(isPlace),
    doors: scene.zones.filter(
      (zone): zone is EntranceZone => zone.kind === 'entrance' && zone.plane === floorPlane,
    ),
    visits: new Map(scene.visits.map((one) => [one.id, one])),
    strolls: new Map(strolls.map((one) => [one.visit, one])),
    told: new Set(strolls.filter(({ said }) => said).map(({ visit }) => visit)),
  };
}

const isPlace = (zone: Scene['zones'][number]): zone is AreaZone =>
  zone.kind !== 'entrance' && zone.kind !== 'ignore' && zone.plane === floorPlane;

/** Brings the clocks of somebody who is seen now up to now. */
function follow(before: Stroll, visit: Visit, moment: Moment): Stroll {
  const { at } = moment.scene;
  const zone = zoneOf(visit, before.inZoneSince !== undefined, moment.places);
  const inZoneSince = zone === undefined ? undefined : (before.inZoneSince ?? at);
  const withStaff = moment.staff.some((one) => metresFrom(visit, one.at) < companyMetres);
  const withStaffSince = withStaff ? (before.withStaffSince ?? at) : undefined;
  const isServed =
    inZoneSince !== undefined &&
    at - inZoneSince >= (zone?.kind === 'queue' ? queueingSeconds : usingSeconds);
  const isMet = withStaffSince !== undefined && at - withStaffSince >= companySeconds;
  const busy = isServed || isMet;
  const beside = besideNow(before, visit, moment.scene.visits, at);
  // Waiting for somebody is an errand like theirs.
  const isOver = busy || companionsOf(beside, visit, moment).some((one) => one.busy);
  return {
    visit: before.visit,
    freeSince: isOver ? at : before.freeSince,
    stoppedAt: isOver ? undefined : before.stoppedAt,
    inZoneSince,
    withStaffSince,
    beside,
    busy,
    settled: before.settled,
    lookedAt: at,
    // An episode that is over is followed by another.
    said: isOver ? undefined : before.said,
  };
}

/** Where something is done that they are in. Whoever is not yet in it has no edge around it. */
function zoneOf(visit: Visit, wasIn: boolean, places: readonly AreaZone[]): AreaZone | undefined {
  const edge = edgeMetres * visit.unit;
  return places.find(({ polygon }) =>
    // Who steps on the edge is not in it yet.
    wasIn
      ? isWithin(polygon, visit.at, edge)
      : contains(polygon, visit.at) && signedDistance(polygon, visit.at) < 0,
  );
}

function besideNow(before: Stroll, visit: Visit, visits: readonly Visit[], at: Seconds): Stroll['beside'] {
  const arrivedAt = visit.arrivedAt ?? visit.bornAt;
  if (at - arrivedAt > comingInSeconds) return before.beside;
  const near = visits.filter(
    (one) =>
      one.id !== visit.id &&
      one.plane === visit.plane &&
      one.role !== 'staff' &&
      one.arrivedAt !== undefined &&
      Math.abs(one.arrivedAt - arrivedAt) <= togetherSeconds &&
      metresFrom(visit, one.at) < togetherMetres,
  );
  // A frame lost is not a frame apart, but a second without one says nothing.
  const seconds = Math.min(1, at - before.lookedAt);
  const known = new Map(before.beside.map((one) => [one.visit, one.seconds]));
  for (const { id } of near) known.set(id, (known.get(id) ?? 0) + seconds);
  return [...known].slice(0, mostCompanions).map(([id, together]) => ({ visit: id, seconds: together }));
}

/** Who came in with them and is near, as it was known a moment ago. */
function companionsOf(
  beside: Stroll['beside'],
  visit: Visit,
  { visits, strolls }: Pick<Moment, 'visits' | 'strolls'>,
): readonly Stroll[] {
  if (beside.length === 0) return [];
  return beside.flatMap((companion) => {
    const one = companion.seconds < besideSeconds ? undefined : visits.get(companion.visit);
    const stroll = one === undefined ? undefined : strolls.get(one.id);
    return one === undefined || stroll === undefined || metresFrom(visit, one.at) >= nearMetres
      ? []
      : [stroll];
  });
}

// What counts is what they do now: somebody who came across the hall and has sat down since is not lost.
const sinceWhen = (stroll: Stroll, { at, thresholds }: Scene): Seconds =>
  Math.max(stroll.freeSince, at - windowSeconds(thresholds.wandering.afterSeconds));

function gatherOwn(stroll: Stroll, visit: Visit, scene: Scene): OwnEvidence {
  const since = sinceWhen(stroll, scene);
  let first = visit.path.length;
  while (first > 0 && visit.path[first - 1]!.at >= since) first -= 1;
  const path = describePath(visit.path.slice(first), visit.unit);
  return {
    forSeconds: scene.at - stroll.freeSince,
    aboutSeconds: scene.at - (stroll.stoppedAt ?? path.stops[0]?.from ?? scene.at),
    path,
    isInZone: stroll.inZoneSince !== undefined,
    isWithStaff: stroll.withStaffSince !== undefined,
    isSettled: path.standsFor >= settledSeconds || (stroll.settled && path.standsFor >= path.seconds),
  };
}

function gather(own: OwnEvidence, stroll: Stroll, visit: Visit, moment: Moment): Evidence {
  const { scene, told } = moment;
  return {
    ...own,
    cameUpTo: retreats(visit, own.path, moment.places),
    looks: looksAbout(visit.heads ?? [], sinceWhen(stroll, scene)),
    isWithCompanion: companionsOf(stroll.beside, visit, moment).some(
      (one) => one.settled || one.inZoneSince !== undefined || told.has(one.visit),
    ),
    isLeaving: isLeaving(visit, moment.doors),
  };
}

function settle(stroll: Stroll, { path, isSettled }: OwnEvidence, at: Seconds): Stroll {
  const stoppedAt = stroll.stoppedAt ?? path.stops[0]?.from;
  const isOver = path.standsFor >= calmSeconds;
  if (!isOver && stroll.settled === isSettled && stroll.stoppedAt === stoppedAt) return stroll;
  return {
    visit: stroll.visit,
    freeSince: isOver ? at : stroll.freeSince,
    stoppedAt: isOver ? undefined : stoppedAt,
    inZoneSince: stroll.inZoneSince,
    withStaffSince: stroll.withStaffSince,
    beside: stroll.beside,
    busy: stroll.busy,
    settled: isSettled,
    lookedAt: stroll.lookedAt,
    said: isOver ? undefined : stroll.said,
  };
}

function tell(visit: Visit, { forSeconds, path, cameUpTo, looks }: Evidence, at: Seconds): Happening {
  const { metres, apartMetres, pauses, turns } = path;
  return {
    at,
    kind: 'wandering',
    visit: visit.id,
    role: visit.role,
    plane: visit.plane,
    where: visit.at,
    figures: { forSeconds, metres, apartMetres, pauses, turns, retreats: cameUpTo.length, looks },
    ...(cameUpTo.length === 0 ? {} : { cameUpTo }),
  };
}
