import type { AreaZone, EntranceZone } from '../floor/zones.ts';
import { placeAtDoor } from '../geometry/entrance.ts';
import { contains, isWithin } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { isSeen, metresFrom, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest, type OverReason } from './behaviour.ts';
import type { LobbyScene } from './lobby-scene.ts';

/** Somebody who is, or lately was, in a VIP zone. */
export interface VipStay {
  readonly visit: string;
  readonly zone: string;
  readonly since: Seconds;
  /** Since when they have been outside; and how far from the nearest door, at the most, since then. */
  readonly outsideSince?: Seconds;
  readonly farthestMetres?: Metres;
  readonly saidAt?: Seconds;
  /** Since when they have been somewhere that shows they do not leave, or staff with them. */
  readonly stayingSince?: Seconds;
}

export interface FarewellState {
  /** One a guest. */
  readonly stays: readonly VipStay[];
}

/** Somebody in the doorway of the room has not left it. */
const outsideMetres: Metres = 0.3;
/** Who leans out for less is still in it. */
const outsideSeconds: Seconds = 3;
/** Who has come this much nearer a way out is on the way out. */
const headingMetres: Metres = 1.5;
/** Who stays in the lobby for longer after a VIP zone is a customer of the lobby again. */
const forgetSeconds: Seconds = 120;
/** Standing at a counter, or with staff, for this long ends it; passing does not. */
const stayingSeconds: Seconds = 2;

/**
 * Sees when a customer who was in a VIP zone for `stayedSeconds` heads for the way out, so that they
 * can be seen off. It is about the place; nothing about the person is told.
 *
 *     ▒▒ vip ▒▒ ●──────▶──────▶ door
 *               left   └ farewell, 1.5 m nearer the door
 *
 * Who crosses to a counter and stands there does not leave: then it is over.
 */
export const farewell: Behaviour<FarewellState, LobbyScene> = {
  begin: { stays: [] },
  notice(state, scene) {
    const zones = scene.zones.filter((zone): zone is AreaZone => zone.kind === 'vip');
    if (zones.length === 0) return [state, []];
    const doors = scene.zones.filter((zone): zone is EntranceZone => zone.kind === 'entrance');
    const happenings: Happening[] = [];
    const stays: VipStay[] = [];
    for (const visit of scene.visits) {
      const before = state.stays.find((one) => one.visit === visit.id);
      const inside = zones.find((one) => one.plane === visit.plane && contains(one.polygon, visit.at));
      if (before === undefined) {
        if (inside !== undefined && isGuest(visit) && visit.seenAt === scene.at) {
          stays.push({ visit: visit.id, zone: inside.id, since: scene.at });
        }
        continue;
      }
      const [after, happening] = follow(before, visit, zones, doors, scene);
      if (after !== undefined) stays.push(after);
      if (happening !== undefined) happenings.push(happening);
    }
    for (const before of state.stays) {
      if (before.saidAt === undefined || scene.visits.some((visit) => visit.id === before.visit)) continue;
      const { visit } = scene.changes.find((change) => change.visit.id === before.visit) ?? {};
      if (visit !== undefined) happenings.push(over(before, visit, 'people-left', scene));
    }
    return [{ stays }, happenings];
  },
};

function follow(
  before: VipStay,
  visit: Visit,
  zones: readonly AreaZone[],
  doors: readonly EntranceZone[],
  scene: LobbyScene,
): [VipStay | undefined, (Happening | undefined)?] {
  const { at } = scene;
  const zone = zones.find((one) => one.id === before.zone);
  if (zone === undefined || !isGuest(visit)) {
    return [undefined, before.saidAt === undefined ? undefined : over(before, visit, 'people-left', scene)];
  }
  if (visit.seenAt !== at) return [before];
  if (isWithin(zone.polygon, visit.at, outsideMetres * visit.unit)) {
    const back: VipStay = { visit: visit.id, zone: zone.id, since: before.since };
    return [back, before.saidAt === undefined ? undefined : over(before, visit, 'eased', scene)];
  }
  const outsideSince = before.outsideSince ?? at;
  const stayed = outsideSince - before.since;
  if (stayed < scene.thresholds.farewell.stayedSeconds) {
    return [at - outsideSince < outsideSeconds ? { ...before, outsideSince } : undefined];
  }
  if (at - outsideSince > forgetSeconds) {
    return [undefined, before.saidAt === undefined ? undefined : over(before, visit, 'eased', scene)];
  }
  const metres = metresToDoor(visit, doors);
  const farthestMetres = Math.max(before.farthestMetres ?? 0, metres ?? 0);
  const { stayingSince: _, ...walking } = { ...before, outsideSince, farthestMetres };
  if (before.saidAt === undefined) {
    // Without a door on the floor nobody can say where they are heading: then leaving the zone is leaving.
    const heads = metres === undefined || farthestMetres - metres >= headingMetres;
    if (!heads || stayingReason(visit, scene) === 'eased') return [walking];
    const happening: Happening = {
      at,
      kind: 'farewell',
      visit: visit.id,
      role: visit.role,
      zone: zone.id,
      plane: visit.plane,
      where: visit.at,
      figures: { stayedSeconds: stayed, ...(metres === undefined ? {} : { metresToDoor: metres }) },
    };
    return [{ ...walking, saidAt: at }, happening];
  }
  const because = stayingReason(visit, scene);
  if (because === undefined) return [walking];
  const stayingSince = before.stayingSince ?? at;
  if (at - stayingSince < stayingSeconds) return [{ ...walking, stayingSince }];
  return [undefined, over(before, visit, because, scene)];
}

function stayingReason(visit: Visit, scene: LobbyScene): OverReason | undefined {
  const withStaff = scene.visits.some(
    (one) =>
      one.role === 'staff' &&
      one.plane === visit.plane &&
      isSeen(one, scene.at) &&
      metresFrom(visit, one.at) <= scene.thresholds.contact.withinMetres,
  );
  if (withStaff) return 'staff-came';
  const place = scene.whereabouts.get(visit.id);
  return scene.zones.some((zone) => zone.id === place) ? 'eased' : undefined;
}

function metresToDoor(visit: Visit, doors: readonly EntranceZone[]): Metres | undefined {
  const metres = doors
    .filter((door) => door.plane === visit.plane)
    .map((zone) => {
      const { depth, beside } = placeAtDoor(zone.door, visit.at);
      return Math.hypot(depth, beside) / visit.unit;
    });
  return metres.length === 0 ? undefined : Math.min(...metres);
}

function over(stay: VipStay, visit: Visit, because: OverReason, scene: LobbyScene): Happening {
  return {
    at: scene.at,
    kind: 'over',
    of: 'farewell',
    because,
    visit: visit.id,
    role: visit.role,
    zone: stay.zone,
    plane: visit.plane,
    where: visit.at,
    waitedSeconds: scene.at - (stay.saidAt ?? scene.at),
  };
}
