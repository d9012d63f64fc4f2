import type { AreaZone, Zone } from '../floor/zones.ts';
import type { PlanePoint, Polygon } from '../geometry/polygon.ts';
import type { Seconds } from '../units.ts';
import { isSeen } from '../visits/visit.ts';
import type { Behaviour, Happening } from './behaviour.ts';
import { type Hold, hold, level, momentSeconds, notSo } from './hold.ts';
import type { LobbyScene, QueueView } from './lobby-scene.ts';

/** One queue of which some might be served sooner elsewhere. */
export interface Diversion {
  readonly zone: string;
  readonly long: Hold;
  /** Where to, once it has been said. */
  readonly towards?: string;
  readonly saidAt?: Seconds;
  /** Since when the place it was said of has not been free. */
  readonly takenSince?: Seconds;
}

export interface DivertState {
  /** At most one a queue zone; none for a queue that is short and of which nothing was said. */
  readonly diversions: readonly Diversion[];
  /** Places that are free, and since when. */
  readonly free: readonly { readonly zone: string; readonly since: Seconds }[];
  /** Queue zones in which somebody was seen lately. */
  readonly used: readonly { readonly zone: string; readonly at: Seconds }[];
}

/** A queue is long for a moment when two come at once. */
const longSeconds: Seconds = 10;
/** It is long until it is this many shorter, or the wait this part of what made it long. */
const fewer = 2;
const easedShare = 0.7;
/** Nobody sends customers to a window that nobody has stood at for this long: it is closed. */
const openSeconds: Seconds = 600;
/** Whoever walks past a free place has not taken it. */
const takenSeconds: Seconds = 10;

/**
 * Sees when one queue is long (`length` people, or `waitSeconds` to wait) while another place that
 * serves the same need has been free for `freeForSeconds`: another queue nobody waits in, or
 * self-service with a place left. Said once a queue, until the queue is short or the place is taken.
 *
 *     cash          ▂▃▅▇▇▇▇▇▇▇▇▅▃
 *     self-service  ██░░░░░░░░░░██
 *                         │     └ over
 *                         └ divert cash → self-service
 *
 * The nearest free place is named. A place that cannot be seen is not called free, and a queue that
 * cannot be seen keeps its clock.
 */
export const divert: Behaviour<DivertState, LobbyScene> = {
  begin: { diversions: [], free: [], used: [] },
  notice(state, scene) {
    const { at, zones } = scene;
    const queues = zones.filter((zone): zone is AreaZone => zone.kind === 'queue');
    if (queues.length === 0) return [state, []];
    const people = countByPlace(scene);
    const used: DivertState['used'][number][] = [];
    for (const { id } of queues) {
      const usedAt = isUsed(id, people, scene) ? at : state.used.find((one) => one.zone === id)?.at;
      if (usedAt !== undefined && at - usedAt <= openSeconds) used.push({ zone: id, at: usedAt });
    }
    const free: DivertState['free'][number][] = [];
    for (const zone of zones) {
      if (!isFree(zone, people, used, scene)) continue;
      free.push({ zone: zone.id, since: state.free.find((one) => one.zone === zone.id)?.since ?? at });
    }

    const happenings: Happening[] = [];
    const diversions: Diversion[] = [];
    for (const zone of queues) {
      const before = state.diversions.find((one) => one.zone === zone.id) ?? { zone: zone.id, long: notSo };
      const queue = scene.queues.find((one) => one.zone === zone.id);
      const [after, happening] = follow(before, zone, queue, free, people, scene);
      if (happening !== undefined) happenings.push(happening);
      const isPlain = !after.long.is && after.long.turning === undefined && after.saidAt === undefined;
      if (!isPlain) diversions.push(after);
    }
    return [{ diversions, free, used }, happenings];
  },
};

function follow(
  before: Diversion,
  zone: AreaZone,
  queue: QueueView | undefined,
  free: DivertState['free'],
  people: ReadonlyMap<string, number>,
  scene: LobbyScene,
): [Diversion, Happening?] {
  const { at } = scene;
  const { length, waitSeconds, freeForSeconds } = scene.thresholds.divert;
  const waiting = queue?.visits.length ?? 0;
  const expected = queue?.expectedWaitSeconds;
  const claims = [
    level(before.long, waiting, length, Math.max(1, length - fewer + 1)),
    waiting > 0 && level(before.long, expected ?? 0, waitSeconds, easedShare * waitSeconds),
  ];
  const isLong = claims.includes(true) || (claims.includes(undefined) ? undefined : false);
  const claim = scene.blindZones.has(zone.id) ? undefined : isLong;
  // Until it is said, a queue that was short for more than a moment has to be long for as long again.
  const until = before.saidAt === undefined ? momentSeconds : longSeconds;
  const long = hold(before.long, claim, at, { after: longSeconds, until });
  const about = { at, role: 'customer', zone: zone.id, plane: zone.plane } as const;

  if (before.saidAt === undefined) {
    const [to] = long.is && claim === true ? alternatives(zone, free, scene, freeForSeconds) : [];
    if (to === undefined) return [{ zone: zone.id, long }];
    const places = Math.max(1, (to.places ?? 1) - (people.get(to.id) ?? 0));
    const happening: Happening = {
      ...about,
      kind: 'divert',
      towards: to.id,
      people: waiting,
      figures: {
        people: waiting,
        ...(expected === undefined ? {} : { expectedWaitSeconds: expected }),
        free: places,
      },
    };
    return [{ zone: zone.id, long, towards: to.id, saidAt: at }, happening];
  }
  const { takenSince: _, ...said } = before;
  const isTaken = !free.some((one) => one.zone === before.towards);
  const takenSince = isTaken ? (before.takenSince ?? at) : undefined;
  const isOver = !long.is || (takenSince !== undefined && at - takenSince >= takenSeconds);
  if (!isOver) return [{ ...said, long, ...(takenSince === undefined ? {} : { takenSince }) }];
  const over: Happening = {
    ...about,
    kind: 'over',
    of: 'divert',
    because: 'eased',
    waitedSeconds: at - before.saidAt!,
  };
  return [{ zone: zone.id, long }, over];
}

/** Whether somebody is seen in a queue's zone now. */
function isUsed(zone: string, people: ReadonlyMap<string, number>, scene: LobbyScene): boolean {
  return (
    people.has(zone) &&
    scene.guests.some((one) => isSeen(one, scene.at) && scene.whereabouts.get(one.id) === zone)
  );
}

function countByPlace(scene: LobbyScene): ReadonlyMap<string, number> {
  const people = new Map<string, number>();
  for (const guest of scene.guests) {
    const place = scene.whereabouts.get(guest.id);
    if (place !== undefined) people.set(place, (people.get(place) ?? 0) + 1);
  }
  return people;
}

function isFree(
  zone: Zone,
  people: ReadonlyMap<string, number>,
  used: DivertState['used'],
  scene: LobbyScene,
): zone is AreaZone {
  if (scene.blindZones.has(zone.id)) return false;
  if (zone.kind === 'service') return (people.get(zone.id) ?? 0) < (zone.places ?? 1);
  if (zone.kind !== 'queue' || !used.some((one) => one.zone === zone.id)) return false;
  const waiting = scene.queues.find((one) => one.zone === zone.id)?.visits.length ?? 0;
  return Math.max(waiting, people.get(zone.id) ?? 0) < (zone.places ?? 1);
}

/** Places that have been free for long enough and serve what the queue is for, nearest first. */
function alternatives(
  from: AreaZone,
  free: DivertState['free'],
  scene: LobbyScene,
  freeForSeconds: Seconds,
): readonly AreaZone[] {
  const middle = middleOf(from.polygon);
  const far = (zone: AreaZone) => {
    const other = middleOf(zone.polygon);
    return zone.plane === from.plane ? Math.hypot(other.x - middle.x, other.y - middle.y) : Infinity;
  };
  return free
    .filter((one) => one.zone !== from.id && scene.at - one.since >= freeForSeconds)
    .map((one) => scene.zones.find((zone): zone is AreaZone => zone.id === one.zone)!)
    .filter((zone) => servesSame(from, zone))
    .map((zone) => ({ zone, metres: far(zone) }))
    .sort((a, b) => (a.metres === b.metres ? 0 : a.metres - b.metres))
    .map(({ zone }) => zone);
}

function servesSame(one: AreaZone, other: AreaZone): boolean {
  if (one.serves === undefined || other.serves === undefined) return true;
  return one.serves.some((need) => other.serves!.includes(need));
}

function middleOf(polygon: Polygon): PlanePoint {
  const sum = polygon.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / polygon.length, y: sum.y / polygon.length };
}
