import { type AreaZone, type EntranceZone, floorPlane } from '../floor/zones.ts';
import { signedDistance } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { metresFrom, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest, type Scene } from './behaviour.ts';
import {
  type Evidence,
  isLeaving,
  looksAbout,
  retreats,
  settledSeconds,
  whyNot,
} from './wandering/evidence.ts';
import { describePath } from './wandering/path.ts';

/** Somebody's time in the hall since they came, or since their last errand. */
export interface Stroll {
  readonly visit: string;
  readonly freeSince: Seconds;
  /** When they first stopped, after that. */
  readonly stoppedAt?: Seconds;
  /** Since when they have been in a zone where something is done, and since when beside staff. */
  readonly inZoneSince?: Seconds;
  readonly withStaffSince?: Seconds;
  /** Who came in beside them, and for how long they were: at most `mostCompanions`. */
  readonly beside: readonly { readonly visit: string; readonly seconds: Seconds }[];
  /** Queueing, being served or being met. */
  readonly busy: boolean;
  /** Had stood in one place for `settledSeconds` when last looked at. */
  readonly settled: boolean;
  readonly lookedAt: Seconds;
  /** They have been told of in this episode. */
  readonly said?: true;
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
    const told = toldOf(state);
    for (const visit of scene.visits) {
      if (!isWatched(visit)) continue;
      const before = strollOf(state, visit);
      if (visit.seenAt !== scene.at) {
        strolls.push(before);
        continue;
      }
      const stroll = follow(before, visit, scene, state);
      // Between two points of a path there is nothing new to weigh.
      if (visit.path.at(-1)?.at !== scene.at) {
        strolls.push(stroll);
        continue;
      }
      const evidence = gather(stroll, visit, scene, state, told);
      const next = settle(stroll, evidence, scene.at);
      if (next.said || whyNot(evidence, scene.thresholds.wandering.afterSeconds) !== undefined) {
        strolls.push(next);
        continue;
      }
      strolls.push({ ...next, said: true });
      told.add(visit.id);
      happenings.push(tell(visit, evidence, scene.at));
    }
    return [{ strolls }, happenings];
  },
  pause: (state, unwatched) => ({
    strolls: state.strolls.map((one) => {
      const seconds = unwatched.get(one.visit) ?? 0;
      if (seconds === 0) return one;
      const { freeSince, stoppedAt, inZoneSince, withStaffSince, lookedAt } = one;
      return {
        ...one,
        freeSince: freeSince + seconds,
        lookedAt: lookedAt + seconds,
        ...(stoppedAt === undefined ? {} : { stoppedAt: stoppedAt + seconds }),
        ...(inZoneSince === undefined ? {} : { inZoneSince: inZoneSince + seconds }),
        ...(withStaffSince === undefined ? {} : { withStaffSince: withStaffSince + seconds }),
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
  const stroll = follow(strollOf(state, visit), visit, scene, state);
  return gather(stroll, visit, scene, state, toldOf(state));
}

function isWatched(visit: Visit): boolean {
  const isCustomer = visit.role === 'customer' || visit.arrivedAt !== undefined;
  return visit.plane === floorPlane && isGuest(visit) && isCustomer;
}

function strollOf({ strolls }: WanderState, visit: Visit): Stroll {
  const arrivedAt = visit.arrivedAt ?? visit.bornAt;
  return (
    strolls.find((one) => one.visit === visit.id) ?? {
      visit: visit.id,
      freeSince: arrivedAt,
      beside: [],
      busy: false,
      settled: false,
      lookedAt: arrivedAt,
    }
  );
}

const toldOf = ({ strolls }: WanderState) =>
  new Set(strolls.filter(({ said }) => said).map(({ visit }) => visit));

/** The episode is over: what comes next is another. */
function over({ said: _, stoppedAt: __, ...stroll }: Stroll, at: Seconds): Stroll {
  return { ...stroll, freeSince: at };
}

const isPlaceOf =
  (visit: Visit) =>
  (zone: Scene['zones'][number]): zone is AreaZone =>
    zone.kind !== 'entrance' && zone.kind !== 'ignore' && zone.plane === visit.plane;

/** Brings the clocks of somebody who is seen now up to now. */
function follow(before: Stroll, visit: Visit, { at, zones, visits }: Scene, state: WanderState): Stroll {
  const { inZoneSince: wasIn, withStaffSince: wasWith, ...rest } = before;
  const edge = wasIn === undefined ? 0 : edgeMetres * visit.unit;
  const zone = zones.filter(isPlaceOf(visit)).find((one) => signedDistance(one.polygon, visit.at) < edge);
  const inZoneSince = zone === undefined ? undefined : (wasIn ?? at);
  const withStaff = visits.some(
    (one) => one.role === 'staff' && one.plane === visit.plane && metresFrom(visit, one.at) < companyMetres,
  );
  const withStaffSince = withStaff ? (wasWith ?? at) : undefined;
  const isServed =
    inZoneSince !== undefined &&
    at - inZoneSince >= (zone?.kind === 'queue' ? queueingSeconds : usingSeconds);
  const isMet = withStaffSince !== undefined && at - withStaffSince >= companySeconds;
  const stroll: Stroll = {
    ...rest,
    ...(inZoneSince === undefined ? {} : { inZoneSince }),
    ...(withStaffSince === undefined ? {} : { withStaffSince }),
    beside: besideNow(before, visit, visits, at),
    busy: isServed || isMet,
    lookedAt: at,
  };
  // Waiting for somebody is an errand like theirs.
  const isWaiting = companionsOf(stroll, visit, visits, state).some(({ busy }) => busy);
  return stroll.busy || isWaiting ? over(stroll, at) : stroll;
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
  { beside }: Stroll,
  visit: Visit,
  visits: readonly Visit[],
  { strolls }: WanderState,
): readonly Stroll[] {
  const companions = beside.filter(({ seconds }) => seconds >= besideSeconds);
  if (companions.length === 0) return [];
  const near = visits.filter(
    (one) =>
      metresFrom(visit, one.at) < nearMetres && companions.some((companion) => companion.visit === one.id),
  );
  return strolls.filter((one) => near.some(({ id }) => id === one.visit));
}

function gather(
  stroll: Stroll,
  visit: Visit,
  { at, zones, visits, thresholds }: Scene,
  state: WanderState,
  told: ReadonlySet<string>,
): Evidence {
  // What counts is what they do now: somebody who came across the hall and has sat down since is not lost.
  const since = Math.max(stroll.freeSince, at - windowSeconds(thresholds.wandering.afterSeconds));
  const path = describePath(
    visit.path.filter((point) => point.at >= since),
    visit.unit,
  );
  const doors = zones.filter(
    (zone): zone is EntranceZone => zone.kind === 'entrance' && zone.plane === visit.plane,
  );
  return {
    forSeconds: at - stroll.freeSince,
    aboutSeconds: at - (stroll.stoppedAt ?? path.stops[0]?.from ?? at),
    path,
    cameUpTo: retreats(visit, path, zones.filter(isPlaceOf(visit))),
    looks: looksAbout(visit.heads ?? [], since),
    isInZone: stroll.inZoneSince !== undefined,
    isWithStaff: stroll.withStaffSince !== undefined,
    isWithCompanion: companionsOf(stroll, visit, visits, state).some(
      (one) => one.settled || one.inZoneSince !== undefined || told.has(one.visit),
    ),
    isLeaving: isLeaving(visit, doors),
    isSettled: path.standsFor >= settledSeconds || (stroll.settled && path.standsFor >= path.seconds),
  };
}

function settle(stroll: Stroll, { path, isSettled }: Evidence, at: Seconds): Stroll {
  const stoppedAt = stroll.stoppedAt ?? path.stops[0]?.from;
  const next: Stroll = {
    ...stroll,
    settled: isSettled,
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
  };
  return path.standsFor >= calmSeconds ? over(next, at) : next;
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
