import { type AreaZone, floorPlane, type Zone } from '../floor/zones.ts';
import { signedDistance } from '../geometry/polygon.ts';
import type { Seconds } from '../units.ts';
import type { Visit } from '../visits/visit.ts';

/** Recordings keep times to a millisecond: what is due now is due when it is replayed. */
const hair: Seconds = 0.002;

/**
 * Whether somebody may turn out to be lost, so that a look at their head is worth its time: a customer who has been in
 * for half of `afterSeconds` or longer, and is in the open hall now.
 */
export function mayBeLost(visit: Visit, at: Seconds, zones: readonly Zone[], afterSeconds: Seconds): boolean {
  if (visit.plane !== floorPlane || visit.phase !== 'inside' || visit.role === 'staff') return false;
  if (visit.arrivedAt === undefined) return false;
  if (at - visit.arrivedAt < afterSeconds / 2 - hair) return false;
  return !zones.some(
    (zone): zone is AreaZone =>
      zone.kind !== 'entrance' &&
      zone.kind !== 'ignore' &&
      zone.plane === visit.plane &&
      signedDistance(zone.polygon, visit.at) < 0.2 * visit.unit,
  );
}
