import { floorPlane } from '../floor/zones.ts';
import type { Seconds } from '../units.ts';
import { isSeen, metresFrom, speedOf, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest } from './behaviour.ts';

/** A guest and a member of staff who are, or lately were, close together. */
export interface Meeting {
  readonly visit: string;
  readonly staff: string;
  /** How long they have been together, breaks left out. */
  readonly togetherSeconds: Seconds;
  readonly lastAt: Seconds;
}

export interface ContactState {
  readonly at: Seconds;
  readonly meetings: readonly Meeting[];
  /** Visits that have been met, each until it ends. */
  readonly met: readonly { readonly visit: string; readonly at: Seconds }[];
}

/** A shorter break does not end a meeting: somebody walked between them, or the detector blinked. */
const breakSeconds = 1.2;
/** Two people who pass each other are near for a moment, at walking pace; who talks stands. */
const passingMetresPerSecond = 0.9;

/**
 * Sees whether a customer was met: a staff dot and a customer dot together long enough to have spoken.
 *
 * Needs metres: on a camera without floor points nobody is ever seen to be met.
 */
export const contacted: Behaviour<ContactState> = {
  begin: { at: Number.NEGATIVE_INFINITY, meetings: [], met: [] },
  notice(state, scene) {
    const { withinMetres, forSeconds } = scene.thresholds.contact;
    const dt = Math.min(1, Math.max(0, scene.at - (Number.isFinite(state.at) ? state.at : scene.at)));
    const present = scene.visits.filter((visit) => visit.plane === floorPlane && isSeen(visit, scene.at));
    const staff = present.filter((visit) => visit.role === 'staff');
    const guests = present.filter(isGuest);
    const alive = new Set(scene.visits.map((visit) => visit.id));
    const met = state.met.filter((one) => alive.has(one.visit));
    const known = new Set(met.map((one) => one.visit));
    const happenings: Happening[] = [];
    const meetings: Meeting[] = [];

    for (const guest of guests) {
      for (const one of staff) {
        const before = state.meetings.find((m) => m.visit === guest.id && m.staff === one.id);
        const near = metresFrom(guest, one.at) <= withinMetres;
        if (!near || isPassing(guest, one)) {
          if (before !== undefined && scene.at - before.lastAt < breakSeconds) meetings.push(before);
          continue;
        }
        const togetherSeconds = before === undefined ? 0 : before.togetherSeconds + dt;
        meetings.push({ visit: guest.id, staff: one.id, togetherSeconds, lastAt: scene.at });
        if (togetherSeconds < forSeconds || known.has(guest.id)) continue;
        known.add(guest.id);
        met.push({ visit: guest.id, at: scene.at });
        happenings.push({
          at: scene.at,
          kind: 'contacted',
          visit: guest.id,
          role: guest.role,
          plane: guest.plane,
          where: guest.at,
          waitedSeconds: scene.at - (guest.arrivedAt ?? guest.bornAt),
        });
      }
    }
    // Meetings with somebody out of sight for a moment go on.
    for (const before of state.meetings) {
      const shown = present.some((v) => v.id === before.visit) && present.some((v) => v.id === before.staff);
      if (!shown && alive.has(before.visit) && scene.at - before.lastAt < breakSeconds) meetings.push(before);
    }
    return [{ at: scene.at, meetings, met }, happenings];
  },
};

function isPassing(guest: Visit, staff: Visit): boolean {
  return speedOf(guest) > passingMetresPerSecond || speedOf(staff) > passingMetresPerSecond;
}

/** Whether a member of staff is with this visit at the moment. */
export function isBeingHelped(state: ContactState, visit: string): boolean {
  return state.meetings.some((one) => one.visit === visit && one.togetherSeconds >= 1);
}
