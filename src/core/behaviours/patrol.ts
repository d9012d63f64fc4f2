import { floorPlane, hall } from '../floor/zones.ts';
import type { Metres, Seconds } from '../units.ts';
import { metresFrom, type Visit } from '../visits/visit.ts';
import type { Behaviour, Happening, OverReason } from './behaviour.ts';
import { type Hold, hold, level, notSo } from './hold.ts';
import { isCustomer, isPartlyBlind, type LobbyScene, staffOf, ungreeted } from './lobby-scene.ts';

/** An area with customers, and since when no staff have been there. */
export interface Area {
  /** A zone's id, or `hall`. */
  readonly place: string;
  readonly since: Seconds;
  /** When it was last looked at. */
  readonly at: Seconds;
  /** Since when it has had nobody in it. */
  readonly emptySince?: Seconds;
}

export interface PatrolState {
  /** At most one a zone, and the hall. */
  readonly areas: readonly Area[];
  readonly heavy: Hold;
  /** Whether staff have been seen since the service began: without, nobody can be missed. */
  readonly staffKnown?: true;
  /** The round that was asked for last; kept for `everySeconds`. */
  readonly round?: { readonly place: string; readonly at: Seconds; readonly isOver?: true };
}

/** Staff this near a customer of an area have been there, also from outside its edge. */
const visitMetres: Metres = 2.5;
/** The flow is too heavy while something was kept quiet for want of budget in the last minute. */
const overBudgetSeconds: Seconds = 60;
/** It is too heavy until there are fewer than this part of `people`. */
const lightShare = 0.6;
const heavySeconds: Seconds = 5;
const lightSeconds: Seconds = 30;
/** Two areas that differ by less have been alone for as long: whose camera spoke first says nothing. */
const alikeSeconds: Seconds = 1;
/** An area is empty once nobody has been in it for this long. */
const emptySeconds: Seconds = 5;

/**
 * Follows how long each area with customers has seen no staff; and, when the flow is too heavy to
 * greet each (`people` not yet greeted, or prompts kept quiet for want of budget), names the one that
 * has been without for longest, from `afterSeconds` on, at most once in `everySeconds`.
 *
 * A round is over once staff have been there, or the customers have gone. Silent until staff have been
 * seen once. The clock of an area that cannot be seen stands still.
 */
export const patrol: Behaviour<PatrolState, LobbyScene> = {
  begin: { areas: [], heavy: notSo },
  notice(state, scene) {
    const { at } = scene;
    const { people: limit, afterSeconds, everySeconds } = scene.thresholds.patrol;
    const guests = new Map<string, Visit[]>();
    for (const guest of scene.guests) {
      if (!isCustomer(guest, scene)) continue;
      const place = scene.whereabouts.get(guest.id) ?? hall;
      const there = guests.get(place);
      if (there === undefined) guests.set(place, [guest]);
      else there.push(guest);
    }
    const staff = staffOf(scene);
    const staffKnown = state.staffKnown ?? (staff.length > 0 ? true : undefined);
    const areas: Area[] = [];
    for (const place of placesIn(scene.zones)) {
      const before = state.areas.find((one) => one.place === place);
      const there = guests.get(place);
      if ((before === undefined && there === undefined) || isVisited(place, there, staff, scene)) continue;
      const area = followArea(place, before, there !== undefined, scene);
      if (area !== undefined) areas.push(area);
    }

    const isFlooded = scene.overBudgetAt !== undefined && at - scene.overBudgetAt < overBudgetSeconds;
    const owed = ungreeted(scene).length;
    const isHeavy = isFlooded || level(state.heavy, owed, limit, lightShare * limit);
    const heavy = hold(state.heavy, isHeavy, at, { after: heavySeconds, until: lightSeconds });
    const happenings: Happening[] = [];
    let round = state.round;
    if (round !== undefined) {
      const { place } = round;
      const stands = areas.some((one) => one.place === place);
      if (!stands && !round.isOver) {
        const isOver = isVisited(place, guests.get(place), staff, scene);
        happenings.push(over(round, isOver ? 'staff-came' : 'people-left', scene));
        round = { ...round, isOver: true };
      }
      if (at - round.at >= everySeconds) {
        if (!round.isOver) happenings.push(over(round, 'unheeded', scene));
        round = undefined;
      }
    }
    if (heavy.is && staffKnown && round === undefined) {
      const longest = longestAlone(
        areas.filter((one) => guests.has(one.place) && at - one.since >= afterSeconds),
        (place) => guests.get(place)!.length,
      );
      if (longest !== undefined) {
        const visits = guests.get(longest.place)!.map((guest) => guest.id);
        const people = visits.length;
        round = { place: longest.place, at };
        happenings.push({
          ...about(longest.place, scene),
          kind: 'patrol',
          people,
          visits,
          waitedSeconds: at - longest.since,
          figures: { people, withoutStaffSeconds: at - longest.since, ungreeted: owed },
        });
      }
    }
    return [
      {
        areas,
        heavy,
        ...(staffKnown === undefined ? {} : { staffKnown }),
        ...(round === undefined ? {} : { round }),
      },
      happenings,
    ];
  },
};

const placesIn = (zones: LobbyScene['zones']): readonly string[] => [
  ...zones.filter((zone) => zone.kind !== 'staff').map((zone) => zone.id),
  hall,
];

/** Whether staff are at a place now, or near one of the customers who are. */
function isVisited(
  place: string,
  guests: readonly Visit[] | undefined,
  staff: readonly Visit[],
  { whereabouts }: LobbyScene,
): boolean {
  return staff.some(
    (one) =>
      whereabouts.get(one.id) === place ||
      guests?.some((guest) => guest.plane === one.plane && metresFrom(guest, one.at) <= visitMetres),
  );
}

/** An area without staff, a moment later; absent once nobody has been in it for a while. */
function followArea(
  place: string,
  before: Area | undefined,
  isThere: boolean,
  scene: LobbyScene,
): Area | undefined {
  const { at } = scene;
  if (before === undefined) return { place, since: at, at };
  const isBlind = place === hall ? isPartlyBlind(scene) : scene.blindZones.has(place);
  const since = isBlind ? before.since + (at - before.at) : before.since;
  if (isThere) return { place, since, at };
  const emptySince = before.emptySince ?? at;
  return at - emptySince >= emptySeconds ? undefined : { place, since, at, emptySince };
}

/** Of those that have been alone for as long, to a second, the one with most people; then in the order given. */
function longestAlone(areas: readonly Area[], peopleIn: (place: string) => number): Area | undefined {
  const since = Math.min(...areas.map((one) => one.since));
  return areas
    .filter((one) => one.since < since + alikeSeconds)
    .reduce<Area | undefined>(
      (best, one) => (best === undefined || peopleIn(one.place) > peopleIn(best.place) ? one : best),
      undefined,
    );
}

/** How long the customers of a place have seen no staff; 0 where there are none, or staff are there. */
export function unvisitedSeconds(state: PatrolState, place: string, at: Seconds): Seconds {
  const area = state.areas.find((one) => one.place === place && one.emptySince === undefined);
  return state.staffKnown === undefined || area === undefined ? 0 : Math.max(0, at - area.since);
}

function over(
  round: { readonly place: string; readonly at: Seconds },
  because: OverReason,
  scene: LobbyScene,
): Happening {
  return {
    ...about(round.place, scene),
    kind: 'over',
    of: 'patrol',
    because,
    waitedSeconds: scene.at - round.at,
  };
}

function about(place: string, scene: LobbyScene) {
  const zone = scene.zones.find((one) => one.id === place);
  return {
    at: scene.at,
    role: 'customer' as const,
    ...(zone === undefined ? {} : { zone: zone.id }),
    plane: zone?.plane ?? floorPlane,
  };
}
