import { floorPlane } from '../floor/zones.ts';
import type { Seconds } from '../units.ts';
import { isSeen, metresFrom, type Visit } from '../visits/visit.ts';
import { type Behaviour, type Happening, isGuest } from './behaviour.ts';

/** A guest and a member of staff who are, or lately were, close together. */
export interface Meeting {
  readonly visit: string;
  readonly staff: string;
  /** How long they have been together, breaks left out. */
  readonly togetherSeconds: Seconds;
  /** How much of it they stood, or walked side by side. */
  readonly stillSeconds: Seconds;
  readonly lastAt: Seconds;
  /** When the two were last looked at, near or not: time together is counted from look to look. */
  readonly lookedAt: Seconds;
}

export interface ContactState {
  readonly meetings: readonly Meeting[];
  /** Visits that have been met, each until it ends. */
  readonly met: readonly { readonly visit: string; readonly at: Seconds }[];
}

/** A shorter break does not end a meeting: somebody walked between them, or the detector blinked. */
const breakSeconds = 1.2;
/**
 * Who walks past somebody is near them for two seconds too. Half of a meeting must be spent with less
 * than this between the two velocities: standing, or walking side by side.
 */
const passingMetresPerSecond = 0.6;

/**
 * Sees whether a customer was met: a staff dot and a customer dot together long enough to have spoken.
 *
 * Needs metres: on a camera without floor points nobody is ever seen to be met.
 */
export const contacted: Behaviour<ContactState> = {
  begin: { meetings: [], met: [] },
  notice(state, scene) {
    const { withinMetres, forSeconds } = scene.thresholds.contact;
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
        // A frame of a camera that sees neither of them says nothing about them.
        if (guest.seenAt !== scene.at && one.seenAt !== scene.at) {
          if (before !== undefined) meetings.push(before);
          continue;
        }
        const dt = before === undefined ? 0 : Math.min(1, scene.at - before.lookedAt);
        const near = metresFrom(guest, one.at) <= withinMetres;
        if (!near) {
          if (before !== undefined && scene.at - before.lastAt < breakSeconds) {
            meetings.push({ ...before, lookedAt: scene.at });
          }
          continue;
        }
        const togetherSeconds = before === undefined ? 0 : before.togetherSeconds + dt;
        const still = metresPerSecondBetween(guest, one) < passingMetresPerSecond ? dt : 0;
        const stillSeconds = (before?.stillSeconds ?? 0) + still;
        meetings.push({
          visit: guest.id,
          staff: one.id,
          togetherSeconds,
          stillSeconds,
          lastAt: scene.at,
          lookedAt: scene.at,
        });
        if (known.has(guest.id) || togetherSeconds < forSeconds || stillSeconds < forSeconds / 2) continue;
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
      if (!shown && alive.has(before.visit) && scene.at - before.lastAt < breakSeconds) {
        meetings.push({ ...before, lookedAt: scene.at });
      }
    }
    return [{ meetings, met }, happenings];
  },
  // A meeting goes on from where it was when sight went.
  pause: (state, unwatched) => ({
    ...state,
    meetings: state.meetings.map((one) => {
      const seconds = Math.max(unwatched.get(one.visit) ?? 0, unwatched.get(one.staff) ?? 0);
      return seconds === 0 ? one : { ...one, lastAt: one.lastAt + seconds, lookedAt: one.lookedAt + seconds };
    }),
  }),
};

function metresPerSecondBetween(a: Visit, b: Visit): number {
  return Math.hypot(a.velocity.x - b.velocity.x, a.velocity.y - b.velocity.y) / a.unit;
}
