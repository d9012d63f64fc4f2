import { type AreaZone, floorPlane } from '../floor/zones.ts';
import { signedDistance } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { metresFrom, type PathPoint, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest, type Scene } from './behaviour.ts';

/** Somebody in the open hall, neither queueing nor being served. */
export interface Stroll {
  readonly visit: string;
  readonly freeSince: Seconds;
  /** Since when they have been somewhere that ends the stroll: a zone, or with staff. */
  readonly busySince?: Seconds;
  readonly said?: true;
}

export interface WanderState {
  readonly strolls: readonly Stroll[];
}

/** Standing this long at a place with a purpose ends a stroll; crossing it does not. */
const busySeconds = 2;
/** A member of staff this near means somebody is looking after them. */
const companyMetres = 1.6;
/** Below this one stands; feet in the picture jitter by 0.2 m/s. */
const pauseMetresPerSecond = 0.3;
const pauseSeconds = 1;
/** A turn is a change of heading by this much between two stretches of `stretchMetres`. */
const turnDegrees = 50;
const stretchMetres = 0.6;
/** Who has not moved this far of late is waiting, not wandering. */
const leastMetres = 1.5;
/** Two stops nearer than this are one: people shift their weight, and boxes shift theirs. */
const apartMetres = 0.8;
/** Who has stood this long in one place reads, waits or telephones there; they don't look for anything. */
const settledSeconds = 8;

/**
 * Sees who looks around lost: a customer who stays in the open hall for `afterSeconds`, moves, and
 * pauses or turns as one who knows where to go does not.
 *
 * Once an episode; an episode ends by queueing, being served, or being met. Needs metres.
 */
export const wandering: Behaviour<WanderState> = {
  begin: { strolls: [] },
  notice(state, scene) {
    const happenings: Happening[] = [];
    const strolls: Stroll[] = [];
    for (const visit of scene.visits) {
      if (visit.plane !== floorPlane || !isGuest(visit) || visit.arrivedAt === undefined) continue;
      const before: Stroll = state.strolls.find((one) => one.visit === visit.id) ?? {
        visit: visit.id,
        freeSince: visit.arrivedAt,
      };
      if (visit.seenAt !== scene.at) {
        strolls.push(before);
        continue;
      }
      if (isBusy(visit, scene)) {
        const busySince = before.busySince ?? scene.at;
        const over = scene.at - busySince >= busySeconds;
        strolls.push(over ? { visit: visit.id, freeSince: scene.at, busySince } : { ...before, busySince });
        continue;
      }
      const { busySince: _, ...free } = before;
      const forSeconds = scene.at - free.freeSince;
      // What counts is what they do now: somebody who came across the hall and has sat down since is not lost.
      const since = Math.max(free.freeSince, scene.at - scene.thresholds.wandering.afterSeconds);
      const path = describePath(
        visit.path.filter((point) => point.at >= since),
        visit.unit,
      );
      const looks = path.pauses >= 2 || (path.pauses >= 1 && path.turns >= 2);
      const lost = path.metres >= leastMetres && path.standsFor < settledSeconds && looks;
      if (free.said || forSeconds < scene.thresholds.wandering.afterSeconds || !lost) {
        strolls.push(free);
        continue;
      }
      strolls.push({ ...free, said: true });
      happenings.push({
        at: scene.at,
        kind: 'wandering',
        visit: visit.id,
        role: visit.role,
        plane: visit.plane,
        where: visit.at,
        seen: { forSeconds, pauses: path.pauses, turns: path.turns },
      });
    }
    return [{ strolls }, happenings];
  },
  pause: (state, unwatched) => ({
    strolls: state.strolls.map((one) => {
      const seconds = unwatched.get(one.visit) ?? 0;
      if (seconds === 0) return one;
      const { freeSince, busySince } = one;
      return {
        ...one,
        freeSince: freeSince + seconds,
        ...(busySince === undefined ? {} : { busySince: busySince + seconds }),
      };
    }),
  }),
};

function isBusy(visit: Visit, scene: Scene): boolean {
  const placed = scene.zones.some(
    (zone): zone is AreaZone =>
      zone.kind !== 'entrance' &&
      zone.kind !== 'ignore' &&
      zone.plane === visit.plane &&
      signedDistance(zone.polygon, visit.at) < 0.2 * visit.unit,
  );
  return (
    placed ||
    scene.visits.some(
      (one) => one.role === 'staff' && one.plane === visit.plane && metresFrom(visit, one.at) < companyMetres,
    )
  );
}

/** A path in a receptionist's words. */
export interface PathInWords {
  readonly metres: Metres;
  /** Places stopped at: two stops at one place are one. */
  readonly pauses: number;
  readonly turns: number;
  /** How long they have stood where they are now. */
  readonly standsFor: Seconds;
}

/**
 * Puts a path into a receptionist's words: how far, how often they stopped, how often they turned.
 *
 * @param path oldest first, plane units
 * @param unit plane units in a metre
 */
export function describePath(path: readonly PathPoint[], unit: number): PathInWords {
  const metresBetween = (a: PathPoint, b: PathPoint) => Math.hypot(a.x - b.x, a.y - b.y) / unit;
  let metres = 0;
  let turns = 0;
  const stops: PathPoint[] = [];
  let stoodFrom: PathPoint | undefined;
  let corner = path[0];
  let heading: number | undefined;
  for (let i = 1; i < path.length; i++) {
    const from = path[i - 1]!;
    const to = path[i]!;
    const dt = to.at - from.at;
    if (dt > 0 && metresBetween(from, to) / dt < pauseMetresPerSecond) {
      stoodFrom ??= from;
      const last = stops.at(-1);
      const isElsewhere = last === undefined || metresBetween(last, stoodFrom) >= apartMetres;
      if (isElsewhere && to.at - stoodFrom.at >= pauseSeconds) stops.push(stoodFrom);
    } else {
      stoodFrom = undefined;
    }
    const stretch = metresBetween(corner!, to);
    if (stretch < stretchMetres) continue;
    metres += stretch;
    const next = (Math.atan2(to.y - corner!.y, to.x - corner!.x) * 180) / Math.PI;
    if (heading !== undefined) {
      const change = Math.abs(((next - heading + 540) % 360) - 180);
      if (change >= turnDegrees) turns += 1;
    }
    heading = next;
    corner = to;
  }
  const last = path.at(-1);
  // Whoever has been within a step of here all the while stands here, however they shift.
  const since = last && path.findLast((point) => metresBetween(point, last) >= apartMetres);
  const standsFor = last === undefined ? 0 : last.at - (since ?? path[0]!).at;
  return { metres, pauses: stops.length, turns, standsFor };
}
