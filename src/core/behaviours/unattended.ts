import { type AreaZone, floorPlane } from '../floor/zones.ts';
import { contains } from '../geometry/polygon.ts';
import type { Seconds } from '../units.ts';
import { isSeen, metresFrom, type Visit } from '../visits/visit.ts';
import type { Behaviour, Happening, OverReason } from './behaviour.ts';
import { type Hold, hold, notSo, turningFor } from './hold.ts';
import { isCustomer, isPartlyBlind, type LobbyScene } from './lobby-scene.ts';

export interface UnattendedState {
  readonly lack: Hold;
  /** When staff were last seen in the hall; absent until they have been, once. */
  readonly staffSeenAt?: Seconds;
  readonly saidAt?: Seconds;
}

/** Staff must be back for this long. Shorter: who crosses the hall with a file ends it. */
const backSeconds: Seconds = 3;
/** With nobody there, nobody is alone: the last customer must be gone for this long. */
const emptySeconds: Seconds = 10;

/**
 * Sees when customers have been in the hall for `forSeconds` and no staff with them.
 *
 * Staff out of sight for a moment are still there, until they are let go of. Whoever sits behind the
 * glass is staff, but not in the hall: in a staff zone only those count who are with a customer. Silent
 * until staff have been in the hall once since the service began, be it that they were known for staff
 * only by where they went: so a branch whose staff cannot be told from customers is not called
 * unattended all day. The clock stands still while a place cannot be seen, and while somebody is in the open hall of whom it is not
 * known who they are: either may hide staff.
 */
export const unattended: Behaviour<UnattendedState, LobbyScene> = {
  begin: { lack: notSo },
  notice(state, scene) {
    const guests = scene.guests;
    const attended = scene.visits.some((one) => one.role === 'staff' && isAttending(one, guests, scene));
    const staffSeenAt = attended
      ? scene.at
      : (state.staffSeenAt ?? (wereInHall(scene) ? scene.at : undefined));
    if (staffSeenAt === undefined) return [state, []];

    const customers = guests.filter((guest) => isCustomer(guest, scene)).length;
    const perhapsStaff = guests.some((guest) => !isCustomer(guest, scene) && isSeen(guest, scene.at));
    const unsure = isPartlyBlind(scene) || perhapsStaff;
    const claim = attended || customers === 0 ? false : unsure ? undefined : true;
    const lack = hold(state.lack, claim, scene.at, {
      after: scene.thresholds.unattended.forSeconds,
      until: attended ? backSeconds : emptySeconds,
    });
    const about = { at: scene.at, role: 'customer', plane: floorPlane } as const;
    if (lack.is && state.saidAt === undefined) {
      const waitedSeconds = Math.max(turningFor(state.lack), scene.thresholds.unattended.forSeconds);
      const happening: Happening = {
        ...about,
        kind: 'unattended',
        people: customers,
        waitedSeconds,
        figures: { people: customers, withoutStaffSeconds: waitedSeconds },
      };
      return [{ lack, staffSeenAt, saidAt: scene.at }, [happening]];
    }
    if (lack.is || state.saidAt === undefined) return [{ ...state, lack, staffSeenAt }, []];
    const because: OverReason = attended ? 'staff-came' : 'people-left';
    const over: Happening = {
      ...about,
      kind: 'over',
      of: 'unattended',
      because,
      waitedSeconds: scene.at - state.saidAt,
    };
    return [{ lack, staffSeenAt }, [over]];
  },
};

/** Whoever was last seen out in the hall is there while they are held: behind a pillar is not gone. */
function isAttending(staff: Visit, guests: readonly Visit[], scene: LobbyScene): boolean {
  const place = scene.whereabouts.get(staff.id);
  if (place === undefined) return false;
  if (!scene.zones.some((zone) => zone.kind === 'staff' && zone.id === place)) return true;
  const { withinMetres } = scene.thresholds.contact;
  return (
    isSeen(staff, scene.at) &&
    guests.some((guest) => guest.plane === staff.plane && metresFrom(guest, staff.at) <= withinMetres)
  );
}

/** Whether any who are known for staff now were out in the hall before they went where they are. */
function wereInHall({ visits, zones }: LobbyScene): boolean {
  const behind = zones.filter((zone): zone is AreaZone => zone.kind === 'staff');
  return visits.some(
    (one) =>
      one.role === 'staff' &&
      one.path.some((point) =>
        behind.every((zone) => zone.plane !== one.plane || !contains(zone.polygon, point)),
      ),
  );
}
