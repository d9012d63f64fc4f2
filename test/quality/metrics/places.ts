import type { LobbyEvent } from '../../../src/contract/events.ts';
import type { Happening, HappeningKind, Thresholds } from '../../../src/core/behaviours/behaviour.ts';
import { noBehaviour, notice } from '../../../src/core/behaviours/index.ts';
import { floorPlane, type Zone } from '../../../src/core/floor/zones.ts';
import { placeAtDoor } from '../../../src/core/geometry/entrance.ts';
import type { Truth } from '../../../src/core/score/score-events.ts';
import type { Seconds } from '../../../src/core/units.ts';
import type { Visit } from '../../../src/core/visits/visit.ts';

/** What is told of the lobby as a whole, and can be held against truth. */
export const placeKinds = ['crowded', 'unattended', 'divert', 'patrol', 'farewell'] as const;
export type PlaceKind = (typeof placeKinds)[number];

/** Levels a clip of a minute reaches: the branch's own are those of a day. */
export const lowered = {
  crowded: { people: 5, peoplePerStaff: 4, forSeconds: 8 },
  unattended: { forSeconds: 10 },
  divert: { length: 2, waitSeconds: 300, freeForSeconds: 8 },
  patrol: { people: 2, afterSeconds: 12, everySeconds: 60 },
  farewell: { stayedSeconds: 10 },
} as const satisfies Partial<Thresholds>;

export interface PlaceScore {
  readonly kind: PlaceKind;
  readonly expected: number;
  readonly found: number;
  /** Told by the service and not by truth. */
  readonly false: number;
  readonly delays: readonly Seconds[];
}

/** How far from the moment of truth an event may be: clocks of ten seconds start when somebody is noticed. */
const early: Seconds = 4;
const late: Seconds = 6;
/** Staff who go out of sight are believed to be there for as long as anybody is. */
const heldSeconds: Seconds = 20;

/**
 * Holds what the service told of the lobby as a whole against what the same rules tell of the true
 * positions and roles: it measures what seeing costs, not the rules.
 *
 * @param events the service's, run with the same thresholds
 */
export function scorePlaces(
  truth: Truth,
  zones: readonly Zone[],
  thresholds: Thresholds,
  events: readonly LobbyEvent[],
): readonly PlaceScore[] {
  const wanted = tellTruth(truth, zones, thresholds);
  return placeKinds.map((kind) => {
    const offered = events.filter((one) => one.kind === kind);
    const taken = new Set<LobbyEvent>();
    const delays: Seconds[] = [];
    const expected = wanted.filter((one) => one.kind === kind);
    for (const { at, zone } of expected) {
      const match = offered
        .filter((one) => !taken.has(one) && (one.zone ?? undefined) === zone)
        .filter(
          (one) => one.t >= at - early && one.t <= at + late + (kind === 'unattended' ? heldSeconds : 0),
        )
        .sort((a, b) => Math.abs(a.t - at) - Math.abs(b.t - at))[0];
      if (match === undefined) continue;
      taken.add(match);
      delays.push(match.t - at);
    }
    return { kind, expected: expected.length, found: taken.size, false: offered.length - taken.size, delays };
  });
}

const framesEvery: Seconds = 0.2;

/** What the rules tell of where people truly are, who they are, and nothing unseen. */
export function tellTruth(
  truth: Truth,
  zones: readonly Zone[],
  thresholds: Thresholds,
): readonly Happening[] {
  const roles = new Map(truth.people.map(({ id, role }) => [id, role]));
  const told: Happening[] = [];
  let state = noBehaviour;
  let visits: readonly Visit[] = [];
  let next = Number.NEGATIVE_INFINITY;
  for (const { t: at, people } of truth.frames) {
    if (at < next - 1e-6) continue;
    next = at + framesEvery;
    const now = people.flatMap(({ id, x, y }): Visit[] => {
      const before = visits.find((one) => one.id === id);
      const where = { x, y };
      if (!isInside(where, zones)) return [];
      const dt = before === undefined ? 0 : at - before.seenAt;
      const last = before?.path.at(-1);
      const isDue = last === undefined || at - last.at >= 0.4 - 1e-6;
      const isStaff = roles.get(id) === 'staff';
      return [
        {
          ...before,
          id,
          plane: floorPlane,
          role: isStaff ? 'staff' : 'customer',
          phase: 'inside',
          at: where,
          velocity: dt > 0 ? { x: (x - before!.at.x) / dt, y: (y - before!.at.y) / dt } : { x: 0, y: 0 },
          unit: 1,
          bornAt: before?.bornAt ?? at,
          bornWhere: before?.bornWhere ?? where,
          seenAt: at,
          seenBy: 'truth',
          sightings: [],
          ...(isStaff ? {} : { arrivedAt: before?.arrivedAt ?? at }),
          path: isDue ? [...(before?.path ?? []), { at, ...where }].slice(-120) : before!.path,
        } as Visit,
      ];
    });
    const changes = visits
      .filter((one) => !now.some(({ id }) => id === one.id))
      .map((visit) => ({ kind: 'left' as const, visit: { ...visit, phase: 'left' as const } }));
    visits = now;
    const [after, happenings] = notice(state, {
      at,
      visits,
      changes,
      zones,
      blindZones: new Set(),
      thresholds,
    });
    state = after;
    told.push(...happenings.filter(({ kind }) => isPlaceKind(kind)));
  }
  return told;
}

const isPlaceKind = (kind: HappeningKind): boolean => (placeKinds as readonly string[]).includes(kind);

function isInside(where: { x: number; y: number }, zones: readonly Zone[]): boolean {
  return zones.every((zone) => zone.kind !== 'entrance' || placeAtDoor(zone.door, where).depth > 0);
}
