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
/** Who has not moved this far is waiting, not wandering. */
const leastMetres = 1.5;

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
      const path = describePath(
        visit.path.filter((point) => point.at >= free.freeSince),
        visit.unit,
      );
      const lost = path.metres >= leastMetres && (path.pauses >= 1 || path.turns >= 2);
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

/**
 * Puts a path into a receptionist's words: how far, how often they stopped, how often they turned.
 *
 * @param path oldest first, plane units
 * @param unit plane units in a metre
 */
export function describePath(
  path: readonly PathPoint[],
  unit: number,
): { readonly metres: Metres; readonly pauses: number; readonly turns: number } {
  let metres = 0;
  let pauses = 0;
  let turns = 0;
  let stoodSince: Seconds | undefined;
  let counted = false;
  let corner = path[0];
  let heading: number | undefined;
  for (let i = 1; i < path.length; i++) {
    const from = path[i - 1]!;
    const to = path[i]!;
    const step = Math.hypot(to.x - from.x, to.y - from.y) / unit;
    const dt = to.at - from.at;
    if (dt > 0 && step / dt < pauseMetresPerSecond) {
      stoodSince ??= from.at;
      if (!counted && to.at - stoodSince >= pauseSeconds) {
        pauses += 1;
        counted = true;
      }
    } else {
      stoodSince = undefined;
      counted = false;
    }
    const stretch = Math.hypot(to.x - corner!.x, to.y - corner!.y) / unit;
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
  return { metres, pauses, turns };
}
