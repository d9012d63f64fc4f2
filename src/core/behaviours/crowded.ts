import { floorPlane } from '../floor/zones.ts';
import type { Seconds } from '../units.ts';
import type { Behaviour, Happening } from './behaviour.ts';
import { type Hold, hold, level, notSo } from './hold.ts';
import { isPartlyBlind, type LobbyScene } from './lobby-scene.ts';

export interface CrowdedState {
  readonly full: Hold;
  /** When it was said; absent while the lobby is not full. */
  readonly saidAt?: Seconds;
}

/** The lobby is full until it holds less than this part of what made it full. */
const easedShare = 0.8;
/** It must hold so much less for this long. Shorter: two who leave together end it, and the next two begin it anew. */
const easedSeconds: Seconds = 60;

/**
 * Sees when there are too many customers for those who look after them: `people` in the lobby, or
 * `peoplePerStaff` to each member of staff, for `forSeconds`. Said once, until it is over.
 *
 *     people  ────────╱▔▔▔▔▔▔▔╲____   people
 *             ▁▁▁▁▁▁╱           ╲▁▁   0.8 × people
 *                       └ crowded     └ over, a minute later
 *
 * Staff who are out of sight for a moment still count. Where no staff are known, `people` alone
 * counts. While a place cannot be seen, people are missing from the count: the clock stands still
 * unless those who are seen are too many already.
 */
export const crowded: Behaviour<CrowdedState, LobbyScene> = {
  begin: { full: notSo },
  notice(state, scene) {
    const { people: limit, peoplePerStaff, forSeconds } = scene.thresholds.crowded;
    const people = scene.guests.length;
    const staff = scene.visits.filter((one) => one.role === 'staff' && one.phase === 'inside').length;
    const load = Math.max(people / limit, staff === 0 ? 0 : people / staff / peoplePerStaff);
    const claim = level(state.full, load, 1, easedShare);
    const seen = claim !== true && isPartlyBlind(scene) ? undefined : claim;
    const full = hold(state.full, seen, scene.at, { after: forSeconds, until: easedSeconds });
    if (full.is && state.saidAt === undefined) {
      const happening: Happening = {
        at: scene.at,
        kind: 'crowded',
        role: 'customer',
        plane: floorPlane,
        people,
        figures: { people, staff, forSeconds },
      };
      return [{ full, saidAt: scene.at }, [happening]];
    }
    if (full.is || state.saidAt === undefined) return [{ ...state, full }, []];
    const over: Happening = {
      at: scene.at,
      kind: 'over',
      of: 'crowded',
      because: 'eased',
      role: 'customer',
      plane: floorPlane,
      waitedSeconds: scene.at - state.saidAt,
    };
    return [{ full }, [over]];
  },
};
