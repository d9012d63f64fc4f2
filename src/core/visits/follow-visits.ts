import type { EntranceZone, PlaneName, Zone } from '../floor/zones.ts';
import { inwardSpeed, placeAtDoor } from '../geometry/entrance.ts';
import { contains, type PlanePoint, signedDistance } from '../geometry/polygon.ts';
import { lookGoodSeconds, type Place } from '../sight/watch.ts';
import { assign } from '../track/assign.ts';
import type { Track } from '../track/track.ts';
import type { Metres, Seconds } from '../units.ts';
import { fused, isFresh, seenPlace } from './fuse-sightings.ts';
import { comeOut, leaveBeside, walkBeside, withoutBeside } from './out-of-sight.ts';
import { believeRoles } from './role.ts';
import { lookAgain } from './second-look.ts';
import { mayBeKnown, withoutSwaps } from './settle-sightings.ts';
import { nameThings } from './thing.ts';
import { metresFrom, mostHeadLooks, type Role, speedOf, unknownYet, type Visit } from './visit.ts';

export interface VisitState {
  readonly nextId: number;
  readonly visits: readonly Visit[];
  /** Visits that were not begun because the lobby was over its bound. */
  readonly letGo: number;
}

export interface VisitSettings {
  /** How long somebody who cannot be seen is still believed to be there. */
  readonly memorySeconds: Seconds;
  /** The same inside a queue zone, where standing behind others is what one does. */
  readonly queueMemorySeconds: Seconds;
  /** A lost person may be found again this far from where they were expected, plus `rejoinSpeed` × gap. */
  readonly rejoinMetres: number;
  readonly rejoinSpeed: number;
  readonly rejoinMostMetres: number;
  /** Two cameras' positions of one person differ by less than this. */
  readonly joinMetres: number;
  /** Past this, they are two persons after all. */
  readonly splitMetres: number;
  /** Somebody first seen up to this deep inside a door came in by it. */
  readonly doorDepthMetres: Metres;
  /** Up to this deep, a new face is likelier a newcomer than somebody who was lost a few steps away. */
  readonly newcomerMetres: Metres;
  readonly mostVisits: number;
  readonly pathEverySeconds: Seconds;
  readonly pathPoints: number;
}

export const visitDefaults: VisitSettings = {
  memorySeconds: 20,
  queueMemorySeconds: 60,
  rejoinMetres: 1.3,
  rejoinSpeed: 0.9,
  rejoinMostMetres: 4,
  joinMetres: 0.9,
  splitMetres: 2.5,
  doorDepthMetres: 2.5,
  newcomerMetres: 1.5,
  mostVisits: 300,
  pathEverySeconds: 0.4,
  pathPoints: 120,
};

/** Something that happened to a visit as a whole. */
export interface VisitChange {
  readonly kind: 'entered' | 'left' | 'forgotten';
  readonly visit: Visit;
  readonly zone?: string;
}

/** One camera's tracks after a frame, or after a stretch without one. */
export interface CameraView {
  readonly camera: string;
  readonly plane: PlaneName;
  readonly tracks: readonly Track[];
  /** False when there was no frame: then nobody's absence means anything. */
  readonly looked: boolean;
  /** Plane units in a metre at a track; 1 on the floor. */
  readonly unitOf: (track: Track) => number;
  /** Whether the edge of the picture cuts somebody off, so that their feet may be beyond it. */
  readonly isCut?: (track: Track) => boolean;
  /** How long nobody could look where somebody is, of the time since the last call; absent: all could. */
  readonly unwatched?: (place: Place) => Seconds;
  /** When this camera began to look again after it could not; absent if it never stopped. */
  readonly lookingSince?: Seconds;
}

export const noVisits: VisitState = { nextId: 1, visits: [], letGo: 0 };

/**
 * Keeps one visit a person from door to door, while tracks come and go.
 *
 * A track is not a customer: trackers lose people behind pillars and in queues. A new track is first
 * offered to visits that went out of sight nearby and lately (place, time and motion; never looks),
 * then to visits another camera sees at the same spot; only then does it begin a visit.
 *
 *     track 7  ██████████░░░░░░░                 track 12  ░░░░░██████████
 *     visit v3 ████████████████ unseen, expected ~here ~~~ ███████████████
 *
 * Who came from a staff zone is staff, who came through an entrance is a customer, and who was
 * already there is unknown until they do something only one of the two does.
 *
 * @param at not earlier than in the previous call
 * @returns the new state, then the changes in order of visit id. Visits end by `left` (through an
 *          entrance) or `forgotten` (unseen for longer than memory); never more than `mostVisits`.
 */
export function followVisits(
  state: VisitState,
  at: Seconds,
  view: CameraView,
  zones: readonly Zone[],
  settings: VisitSettings,
): [VisitState, readonly VisitChange[]] {
  const doors = zones.filter(
    (zone): zone is EntranceZone => zone.kind === 'entrance' && zone.plane === view.plane,
  );
  const tracks = view.tracks.filter((one) => one.confirmed && !isIgnored(one, view.plane, zones));
  const live = new Map(tracks.map((one) => [one.id, one]));

  // Sightings whose track is gone are let go of; those that remain move their visit.
  let visits = noteUnwatched(state.visits, view).map((visit) => {
    const isGone = visit.sightings.some((s) => s.camera === view.camera && !live.has(s.track));
    const kept = isGone
      ? {
          ...visit,
          sightings: visit.sightings.filter((s) => s.camera !== view.camera || live.has(s.track)),
        }
      : visit;
    const own = kept.sightings.find((s) => s.camera === view.camera);
    return own === undefined ? kept : moveVisit(kept, live.get(own.track)!, at, view, settings);
  });
  visits = lookAgain(withoutSwaps(visits, at, view), at, settings.pathEverySeconds);

  const held = new Set<number>();
  for (const { sightings } of visits) {
    for (const s of sightings) if (s.camera === view.camera) held.add(s.track);
  }
  const loose = tracks.filter((one) => !held.has(one.id) && one.seenAt === at);
  visits = [...walkBeside(visits, at, view)];
  const rejoined = rejoin(visits, loose, at, view, doors, settings);
  visits = visits.map((visit) => {
    const one = rejoined.get(visit.id);
    if (one === undefined) return visit;
    const others = visit.sightings.filter((s) => s.camera !== view.camera);
    const sightings = [...others, { camera: view.camera, track: one.id }];
    return moveVisit({ ...withoutBeside(visit), sightings }, one, at, view, settings);
  });

  let { nextId, letGo } = state;
  const taken = new Set([...rejoined.values()].map((one) => one.id));
  for (const one of loose) {
    if (taken.has(one.id) || mayBeKnown(one, visits, at, view)) continue;
    if (visits.length >= settings.mostVisits) {
      letGo += 1;
      continue;
    }
    visits.push(beginVisit(`v${nextId}`, one, at, view, zones, doors, settings));
    nextId += 1;
  }

  const changes: VisitChange[] = [];
  const next: Visit[] = [];
  const then = new Map(state.visits.map((visit) => [visit.id, visit]));
  for (const one of visits) {
    let before = noteBack(one, then.get(one.id), at, view, doors);
    if (isBackIn(before, at, doors)) {
      before = comeBack(before, `v${nextId}`, at);
      nextId += 1;
      changes.push({ kind: 'entered', visit: before, zone: before.door! });
    }
    const [visit, change] = passDoor(before, at, view, doors);
    if (change !== undefined) changes.push(change);
    const after = visit;
    const dark = after.unwatchedSeconds ?? 0;
    const gap = at - after.seenAt - dark;
    if (gap > memoryOf(after, zones, settings, gap) || isBeyondMemory(after, dark)) {
      if (after.phase !== 'left') changes.push({ kind: 'forgotten', visit: after });
      continue;
    }
    next.push(after);
  }
  const present = leaveUnseen(next, changes, at, view, doors);
  const known = nameThings(believeRoles(present, state.visits, at, zones), at, zones);
  return [{ nextId, visits: known, letGo }, changes];
}

/** Lets those leave who did so beside somebody, or are known again outside; their changes are added. */
function leaveUnseen(
  visits: readonly Visit[],
  changes: VisitChange[],
  at: Seconds,
  view: CameraView,
  doors: readonly EntranceZone[],
): readonly Visit[] {
  const left = changes.flatMap(({ kind, visit, zone }) =>
    kind === 'left' && zone !== undefined ? [{ visit: visit.id, zone }] : [],
  );
  const gone = new Map<string, Visit | undefined>();
  const leave = (visit: Visit, zone: string) => {
    gone.set(visit.id, visit);
    changes.push({ kind: 'left', visit, zone });
  };
  for (const { visit, door } of leaveBeside(visits, at, left, doors, wasInside)) leave(visit, door);
  for (const { lost, out, door } of comeOut(visits, at, view.plane, doors, wasInside)) {
    if (gone.has(lost.id)) continue;
    const { sightings, velocity, seenBy } = out;
    const seen = { sightings, velocity, seenBy, seenAt: at, at: out.at, unit: out.unit };
    leave({ ...withoutBeside(lost), ...seen, phase: 'left', leftAt: at, door: door.id }, door.id);
    gone.set(out.id, undefined);
  }
  if (gone.size === 0) return visits;
  return visits.flatMap((visit) => {
    const kept = gone.has(visit.id) ? gone.get(visit.id) : visit;
    return kept === undefined ? [] : [kept];
  });
}

/**
 * After this long without anybody looking, who was there is no better than a guess: the visit is let go
 * of, and nothing is told of its end.
 */
export const mostUnwatchedSeconds: Seconds = 300;

/** Whoever appears so soon after a camera can see again was there before: tracks take some frames to begin. */
const foundWithinSeconds: Seconds = 1.5;

/**
 * A visit's memory runs only while somebody could have looked.
 *
 *     seen   ████████                                 memory ends
 *     looks  | | | | | |··· blind, no longer than 5 min ···| | | |
 *     memory         0 1 2                              3 4 5
 */
function noteUnwatched(visits: readonly Visit[], view: CameraView): readonly Visit[] {
  const { unwatched } = view;
  if (unwatched === undefined) return visits;
  return visits.map((visit) => {
    const seconds = unwatched(visit);
    return seconds > 0 ? { ...visit, unwatchedSeconds: (visit.unwatchedSeconds ?? 0) + seconds } : visit;
  });
}

/** Whoever has left, or was never in, is held for so long after they were last seen. */
const goneSeconds: Seconds = 5;

function isBeyondMemory(visit: Visit, dark: Seconds): boolean {
  // Whoever had not come in yet may have done so, or not: that cannot be told any more.
  const isIn = visit.phase === 'inside';
  return dark > (isIn ? mostUnwatchedSeconds : lookGoodSeconds);
}

function isIgnored(one: Track, plane: PlaneName, zones: readonly Zone[]): boolean {
  return zones.some(
    (zone) => zone.kind === 'ignore' && zone.plane === plane && contains(zone.polygon, one.motion),
  );
}

/** How long somebody out of sight for `gap` is held. */
function memoryOf(visit: Visit, zones: readonly Zone[], settings: VisitSettings, gap: Seconds): Seconds {
  if (visit.phase === 'left' || visit.phase === 'outside') return goneSeconds;
  const { memorySeconds, queueMemorySeconds } = settings;
  const isHeld = gap <= Math.min(memorySeconds, queueMemorySeconds);
  return !isHeld && isInQueue(visit, zones) ? queueMemorySeconds : memorySeconds;
}

function isInQueue(visit: Visit, zones: readonly Zone[]): boolean {
  return zones.some(
    (zone) =>
      zone.kind === 'queue' &&
      zone.plane === visit.plane &&
      signedDistance(zone.polygon, visit.at) < 0.3 * visit.unit,
  );
}

function moveVisit(visit: Visit, one: Track, at: Seconds, view: CameraView, settings: VisitSettings): Visit {
  // Between sightings the track only guesses; the visit stays where it was seen.
  if (one.seenAt < at) return visit;
  const unit = view.unitOf(one);
  const here = seenPlace(one, at, unit, view.isCut?.(one) ?? false);
  const others = visit.sightings.filter((s) => s.camera !== view.camera);
  const elsewhere = others.flatMap((s) => (s.seen !== undefined && isFresh(s, at) ? [s.seen] : []));
  if (elsewhere.length > 0 && here.isCut !== true) {
    const there = fused(elsewhere, at, unit);
    const apart = Math.hypot(there.x - here.x, there.y - here.y);
    if (apart > settings.splitMetres * unit) return { ...visit, sightings: others };
  }
  const place = fused([here, ...elsewhere], at, unit);
  const where = { x: place.x, y: place.y };
  const last = visit.path.at(-1);
  const due = last === undefined || at - last.at >= settings.pathEverySeconds - 1e-6;
  const moved: Visit = {
    ...(visit.unwatchedSeconds === undefined ? visit : watchedAgain(visit, at)),
    sightings: [...others, { camera: view.camera, track: one.id, seen: here }],
    at: where,
    velocity: { x: place.vx, y: place.vy },
    unit,
    seenAt: at,
    seenBy: view.camera,
    path: due ? [...visit.path, { at, ...where }].slice(-settings.pathPoints) : visit.path,
  };
  if (one.head === undefined) return moved;
  const look = { at, camera: view.camera, ...one.head };
  return { ...moved, heads: [...(visit.heads ?? []), look].slice(-mostHeadLooks) };
}

function watchedAgain(visit: Visit, at: Seconds): Visit {
  const { unwatchedSeconds = 0, foundAt } = visit;
  return {
    ...visit,
    unwatchedSeconds: undefined,
    foundAt: unwatchedSeconds >= lookGoodSeconds ? at : foundAt,
  };
}

/**
 * Between two cameras that do not overlap people walk where nobody sees them. Whoever comes out of one is looked
 * for in the other as far as they can have walked, first those who would just be there at a walk.
 */
const handOverSpeed = 1.4;
const handOverMostMetres = 6;
const walkingSpeed = 1.2;

/** How much farther than `joinMetres` somebody may be whom the edge of the picture cuts off. */
const cutReach = 2;
/** Offers loose tracks to visits that went out of sight, or that another camera sees at the same spot. */
function rejoin(
  visits: readonly Visit[],
  loose: readonly Track[],
  at: Seconds,
  view: CameraView,
  doors: readonly EntranceZone[],
  settings: VisitSettings,
): ReadonlyMap<string, Track> {
  const pairs = new Map<string, Track>();
  if (loose.length === 0) return pairs;
  const seen = new Set(view.tracks.filter((one) => one.seenAt === at).map((one) => one.id));
  const candidates = visits.filter(
    (visit) =>
      visit.plane === view.plane &&
      !visit.sightings.some((s) => s.camera === view.camera && seen.has(s.track)) &&
      (visit.phase !== 'left' || at - (visit.leftAt ?? at) < 3),
  );
  if (candidates.length === 0) return pairs;
  const costs = candidates.map((visit) =>
    loose.map((one) => {
      const unit = view.unitOf(one);
      const seenElsewhere = visit.sightings.some((s) => s.camera !== view.camera);
      const gap = Math.max(0, one.seenAt - visit.seenAt);
      // People slow down and turn behind things: half a second of their old walk is all that is believed.
      const ahead = Math.min(gap, 0.6);
      const onwards = { x: visit.at.x + visit.velocity.x * ahead, y: visit.at.y + visit.velocity.y * ahead };
      const expected = visit.beside?.at ?? onwards;
      const metres = Math.hypot(one.motion.x - expected.x, one.motion.y - expected.y) / unit;
      const isCut = view.isCut?.(one) ?? false;
      let reach = seenElsewhere
        ? (isCut ? cutReach : 1) * settings.joinMetres
        : Math.min(settings.rejoinMostMetres, settings.rejoinMetres + settings.rejoinSpeed * gap);
      const isHandOver = !seenElsewhere && visit.seenBy !== view.camera;
      if (isHandOver) reach = Math.min(handOverMostMetres, settings.rejoinMetres + handOverSpeed * gap);
      // Whoever appears in a doorway is most likely somebody new, unless the lost one was right there.
      if (doors.some((door) => isAtDoor(door, one.motion, unit, settings.newcomerMetres)))
        reach = gap > doorwaySeconds ? 0 : Math.min(reach, 1.2);
      if (visit.phase === 'left') reach = Math.min(reach, 0.8);
      if (metres > reach) return Number.POSITIVE_INFINITY;
      const late = isHandOver
        ? Math.min(1, Math.abs(metresFrom(visit, one.motion) - walkingSpeed * gap) / (0.5 + 0.5 * gap))
        : metres / reach;
      return late + Math.min(0.5, gap * 0.02);
    }),
  );
  for (const [row, column] of assign(costs, 10).entries()) {
    if (column >= 0) pairs.set(candidates[row]!.id, loose[column]!);
  }
  return pairs;
}

/**
 * Nobody stands hidden in a doorway for longer: who was lost there has gone on, and whoever appears is new.
 * Shorter: people who let others pass arrive twice. Longer: who comes next is taken for who went.
 */
const doorwaySeconds = 2.5;

function isAtDoor(door: EntranceZone, point: PlanePoint, unit: number, depthMetres: Metres): boolean {
  const { depth, beside } = placeAtDoor(door.door, point);
  return depth < depthMetres * unit && beside < 0.8 * unit;
}

function beginVisit(
  id: string,
  one: Track,
  at: Seconds,
  view: CameraView,
  zones: readonly Zone[],
  doors: readonly EntranceZone[],
  settings: VisitSettings,
): Visit {
  const unit = view.unitOf(one);
  const where = { x: one.motion.x, y: one.motion.y };
  const nearDoor = doors.find((zone) => isAtDoor(zone, where, unit, settings.doorDepthMetres));
  const wasThere = view.lookingSince !== undefined && one.bornAt - view.lookingSince < foundWithinSeconds;
  // Whoever stands in the doorway when sight comes back came in while nobody looked: nobody saw them arrive.
  const door = wasThere && nearDoor && placeAtDoor(nearDoor.door, where).depth >= 0 ? undefined : nearDoor;
  const depth = door === undefined ? undefined : placeAtDoor(door.door, where).depth;
  const phase = depth === undefined ? 'inside' : depth < 0 ? 'outside' : 'at-door';
  const fromStaff = zones.some(
    (zone) =>
      zone.kind === 'staff' && zone.plane === view.plane && signedDistance(zone.polygon, where) < 0.3 * unit,
  );
  return {
    id,
    plane: view.plane,
    role: fromStaff ? 'staff' : 'unknown',
    phase: fromStaff ? 'inside' : phase,
    sightings: [
      { camera: view.camera, track: one.id, seen: seenPlace(one, at, unit, view.isCut?.(one) ?? false) },
    ],
    at: where,
    velocity: { x: one.motion.vx, y: one.motion.vy },
    unit,
    bornAt: one.bornAt,
    bornWhere: where,
    seenAt: at,
    seenBy: view.camera,
    ...unknownYet,
    door: door?.id,
    path: [{ at, ...where }],
  };
}

/** Who is first seen within the doorway and so much deeper then comes in: more than feet jitter by. */
const comesInMetres: Metres = 0.12;
/** Who is first seen within the doorway and does not walk out has come in: they were hidden while they did. */
const stayingSeconds = 0.4;
/** Who is first seen deeper than anybody's feet jitter has come in once they have walked on for so long: less than from one look to the next. */
const deepMetres: Metres = 0.3;
const walksOnMetresPerSecond = 0.2;
const walksOnSeconds = 0.15;

/** Whether somebody who is first seen within a doorway has come in by it: they were hidden while they did. */
function hasComeIn(visit: Visit, zone: EntranceZone, at: Seconds, depth: number): boolean {
  const { unit } = visit;
  if (depth - placeAtDoor(zone.door, visit.bornWhere).depth > comesInMetres * unit) return true;
  const inwards = inwardSpeed(zone.door, visit.velocity) / unit;
  const seconds = at - visit.bornAt + 1e-9;
  const walksOn = depth > deepMetres * unit && inwards > walksOnMetresPerSecond && seconds >= walksOnSeconds;
  const stays = depth > 0 && inwards > -0.2 && seconds >= stayingSeconds;
  return walksOn || stays;
}

/** Nobody passes a door farther than this beside its line. */
const besideMetres = 0.4;
/** How far past a line somebody must be before they have crossed it: feet jitter by this much. */
const crossedMetres = 0.1;
/** How far inside a door they did not come to first somebody may be seen who has just crossed it. */
const crossedAtMostMetres = 2;
/** Nobody who was last seen deeper inside has left by a door. */
const nearDoorMetres = 0.9;

function enter(visit: Visit, zone: EntranceZone, at: Seconds): [Visit, VisitChange] {
  const role: Role = visit.role === 'unknown' ? 'customer' : visit.role;
  const entered: Visit = { ...visit, phase: 'inside', role, arrivedAt: at, door: zone.id };
  return [entered, { kind: 'entered', visit: entered, zone: zone.id }];
}

function leave(visit: Visit, zone: EntranceZone, at: Seconds): [Visit, VisitChange] {
  const left: Visit = { ...visit, phase: 'left', leftAt: at, door: zone.id };
  return [left, { kind: 'left', visit: left, zone: zone.id }];
}

function passDoor(
  visit: Visit,
  at: Seconds,
  view: CameraView,
  doors: readonly EntranceZone[],
): [Visit, VisitChange?] {
  if (visit.plane !== view.plane) return [visit];
  if (visit.phase === 'left') return [visit];
  const margin = crossedMetres * visit.unit;
  for (const zone of doors) {
    const { depth, beside } = placeAtDoor(zone.door, visit.at);
    const between = beside < besideMetres * visit.unit;
    const seenNow = visit.seenAt === at;
    if (visit.phase === 'outside') {
      // Whoever stands outside one door is deep inside another that faces it, and has not come in by that.
      const plausible = visit.door === zone.id || depth < crossedAtMostMetres * visit.unit;
      if (seenNow && between && depth > margin / 2 && plausible) return enter(visit, zone, at);
    } else if (visit.phase === 'at-door') {
      if (!seenNow || visit.door !== zone.id) continue;
      if (hasComeIn(visit, zone, at, depth)) return enter(visit, zone, at);
      if (depth < -margin && between) return [{ ...visit, phase: 'outside' }];
    } else if (isFromBeside(visit, zone, at)) {
      const plausible = depth < crossedAtMostMetres * visit.unit;
      if (seenNow && between && depth > margin / 2 && plausible) return enter(visit, zone, at);
    } else if (between && depth < nearDoorMetres * visit.unit && wasInside(visit, zone)) {
      if (seenNow && depth < -margin && depth > -1.5 * visit.unit) return leave(visit, zone, at);
      // Out of sight at the door while walking out: the door leaf or the frame's edge took them.
      const dark = visit.unwatchedSeconds ?? 0;
      const gap = at - visit.seenAt - dark;
      const outwards = -inwardSpeed(zone.door, visit.velocity) / visit.unit;
      const missed = view.looked && view.camera === visit.seenBy && gap > 0.7 && dark < 1;
      if (missed && outwards > 0.25 && speedOf(visit) > 0.3) {
        return leave(visit, zone, at);
      }
    }
  }
  return [visit];
}

/** How far inside again somebody is who has not merely lingered on the line they left by. */
const backMetres = 0.5;
/** How long they must be, and how long they may be out of sight meanwhile. */
const backSeconds = 1;

/**
 * Notes since when somebody who left has been inside again. They must have been in sight all the
 * while: a track that was lost at the door is easily taken up by a box around somebody else.
 */
function noteBack(
  visit: Visit,
  before: Visit | undefined,
  at: Seconds,
  view: CameraView,
  doors: readonly EntranceZone[],
): Visit {
  if (visit.phase !== 'left' || visit.plane !== view.plane || visit.seenAt !== at) return visit;
  if (visit.wasLost || at - (before?.seenAt ?? at) > backSeconds) return { ...visit, wasLost: true };
  const { backSince = at } = visit;
  const door = doors.find((zone) => zone.id === visit.door);
  const isInside = door !== undefined && placeAtDoor(door.door, visit.at).depth > backMetres * visit.unit;
  return { ...visit, backSince: isInside ? backSince : undefined };
}

/** Whoever comes in so fast, so far, and is so deep inside walks in: a box that wavers on the line does not do it all. */
const walksInMetresPerSecond = 0.5;
const walkedInMetres = 0.5;
const walkedDeepMetres = 0.1;

/**
 * Whether somebody who left is in again, in sight all the while: at once if they walk in, which is most often
 * somebody else whom their track went over to; of others a while is waited for.
 */
function isBackIn(visit: Visit, at: Seconds, doors: readonly EntranceZone[]): boolean {
  const { phase, backSince, wasLost, seenAt, leftAt = at, unit } = visit;
  if (phase !== 'left' || wasLost !== undefined || seenAt !== at) return false;
  if (backSince !== undefined && at - backSince >= backSeconds) return true;
  const zone = doors.find(({ id }) => id === visit.door);
  if (zone === undefined) return false;
  const { depth, beside } = placeAtDoor(zone.door, visit.at);
  const outmost = Math.min(
    ...visit.path.filter((point) => point.at >= leftAt).map((point) => placeAtDoor(zone.door, point).depth),
  );
  return (
    depth > walkedDeepMetres * unit &&
    depth - outmost > walkedInMetres * unit &&
    beside < besideMetres * unit &&
    inwardSpeed(zone.door, visit.velocity) > walksInMetresPerSecond * unit
  );
}

/** The same person's next stay: their last one has been told as over, so this is another visit. */
function comeBack(visit: Visit, id: string, at: Seconds): Visit {
  const where = { x: visit.at.x, y: visit.at.y };
  return {
    ...visit,
    id,
    leftAt: undefined,
    backSince: undefined,
    heads: undefined,
    role: visit.role === 'unknown' ? 'customer' : visit.role,
    phase: 'inside',
    bornAt: at,
    bornWhere: where,
    arrivedAt: at,
    path: [{ at, ...where }],
  };
}

/** Whoever walks past a door in the street, first seen beside it, has not come in by it yet. */
function isFromBeside(visit: Visit, zone: EntranceZone, at: Seconds): boolean {
  const isOut = (point: PlanePoint) => placeAtDoor(zone.door, point).depth < (crossedMetres / 2) * visit.unit;
  return (
    visit.arrivedAt === undefined &&
    visit.role !== 'staff' &&
    isOut(visit.bornWhere) &&
    visit.path.every((point) => point.at === at || isOut(point))
  );
}

/** Nor were they in before: they cannot leave by it. */
function wasInside(visit: Visit, zone: EntranceZone): boolean {
  return visit.arrivedAt !== undefined || visit.path.some((point) => placeAtDoor(zone.door, point).depth > 0);
}
