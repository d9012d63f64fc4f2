import { isGuest } from './behaviours/behaviour.ts';
import { viewQueues } from './behaviours/queueing.ts';
import { floorPlane } from './floor/zones.ts';
import type { CoreSettings, CoreState } from './step.ts';
import type { Metres, Seconds } from './units.ts';
import { isSeen } from './visits/visit.ts';

/**
 * How somebody on the floor stands to the branch: what contact is owed to them, and nothing about themselves.
 *
 * In the order in which they are told apart: who is staff is nothing else, who is being helped is not waiting.
 */
export const standings = [
  'staff',
  'being-helped',
  'being-served',
  'in-queue',
  'looking-around',
  'past-target',
  'to-greet',
  'met',
  'not-known',
] as const;
export type Standing = (typeof standings)[number];

/** One dot on the floor. */
export interface FloorPerson {
  /** The visit's name in this run; it ends with the stay. */
  readonly visit: string;
  readonly x: Metres;
  readonly y: Metres;
  readonly standing: Standing;
  /** How long it has been so; absent where nothing runs: staff, met, not known. */
  readonly forSeconds?: Seconds;
  /** `in-queue`, `being-served`: which queue, a zone's id. */
  readonly queue?: string;
  /** `in-queue`: 1 is next. */
  readonly order?: number;
  /** `being-helped`: the visit of the member of staff. */
  readonly with?: string;
  /** Not seen for so long: held where they were, by the queue or over a gap. Absent while they are seen. */
  readonly heldSeconds?: Seconds;
}

/** A shorter break does not end standing together: it is drawn as long as the meeting itself lasts. */
const helpedForSeconds: Seconds = 0.6;

/**
 * Everybody on the floor of the branch as the console draws them, in order of visit.
 *
 * Nobody is in it whose place is only known in pixels, who is outside the door, or who was found to be a thing. Who
 * could not be looked at since they were last seen is left out as well: an unseen area is drawn as unseen.
 *
 * @param name what a visit is called outside: names of one run must not be taken for another's
 * @returns at most as many as there are visits, which is bounded
 */
export function viewFloor(
  state: CoreState,
  settings: CoreSettings,
  name: (visit: string) => string = (visit) => visit,
): readonly FloorPerson[] {
  const { at, behaviours } = state;
  const { targetSeconds } = settings.thresholds.contact;
  const met = new Set(behaviours.contacted.met.map(({ visit }) => visit));
  const helped = new Map(
    behaviours.contacted.meetings
      .filter(({ togetherSeconds, lastAt }) => togetherSeconds >= helpedForSeconds && at - lastAt < 1.2)
      .map((meeting) => [meeting.visit, meeting]),
  );
  const lost = new Map(
    behaviours.wandering.strolls.flatMap((one) => (one.said === true ? [[one.visit, one.freeSince]] : [])),
  );
  const places = new Map<string, { queue: string; order?: number; forSeconds?: Seconds }>();
  for (const queue of viewQueues(behaviours.queueing, at)) {
    for (const visit of queue.served) places.set(visit, { queue: queue.zone });
    for (const [index, visit] of queue.visits.entries()) {
      places.set(visit, { queue: queue.zone, order: index + 1, forSeconds: queue.waitedSeconds[index]! });
    }
  }
  return state.visits.visits.flatMap((visit): FloorPerson[] => {
    const isThere = visit.phase === 'inside' && visit.plane === floorPlane && visit.isThing === undefined;
    if (!isThere || visit.unwatchedSeconds !== undefined) return [];
    const base = {
      visit: name(visit.id),
      x: visit.at.x,
      y: visit.at.y,
      ...(isSeen(visit, at) ? {} : { heldSeconds: at - visit.seenAt }),
    };
    if (visit.role === 'staff') return [{ ...base, standing: 'staff' }];
    const meeting = helped.get(visit.id);
    const place = places.get(visit.id);
    if (meeting !== undefined && isGuest(visit)) {
      const { togetherSeconds, staff } = meeting;
      return [{ ...base, standing: 'being-helped', forSeconds: togetherSeconds, with: name(staff) }];
    }
    if (place !== undefined) {
      return [{ ...base, standing: place.order === undefined ? 'being-served' : 'in-queue', ...place }];
    }
    const lostSince = lost.get(visit.id);
    if (lostSince !== undefined) return [{ ...base, standing: 'looking-around', forSeconds: at - lostSince }];
    if (met.has(visit.id)) return [{ ...base, standing: 'met' }];
    if (visit.arrivedAt === undefined) return [{ ...base, standing: 'not-known' }];
    const forSeconds = at - visit.arrivedAt;
    return [{ ...base, standing: forSeconds > targetSeconds ? 'past-target' : 'to-greet', forSeconds }];
  });
}
