import type { Zone } from '../floor/zones.ts';
import { contains } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import { metresFrom, type Visit } from './visit.ts';

/** In the open hall nobody stands for so long on one spot: who waits shifts from foot to foot, and takes a step. */
const hallSeconds: Seconds = 180;
/** At a counter, a machine, a desk or on a seat one may well stay where one is: long after a case is done. */
const placeSeconds: Seconds = 900;
/** A step. Feet that are half hidden are seen elsewhere by less. */
const stepMetres: Metres = 0.5;

/**
 * Names things: what the detector takes for a person, was there when the camera first looked, and has not
 * moved for minutes. A cardboard clerk is nobody to greet, to count or to wait for.
 *
 *     first seen ──── 3 min on one spot ───▶ a thing ──── a step ───▶ somebody, from now on
 *
 * Who was seen to come in, or has ever taken a step, is never named one; who sat there for longer than that
 * before the service began is counted from their first step on. Time in which nobody could look counts:
 * what stands where it stood has not moved meanwhile.
 *
 * @param at not earlier than in the previous call
 */
export function nameThings(visits: readonly Visit[], at: Seconds, zones: readonly Zone[]): readonly Visit[] {
  return visits.map((visit) => {
    if (visit.hasMoved || visit.seenAt !== at) return visit;
    if (visit.arrivedAt !== undefined || metresFrom(visit, visit.bornWhere) > stepMetres) {
      return { ...visit, isThing: undefined, hasMoved: true };
    }
    const seconds = at - visit.bornAt;
    if (visit.isThing || visit.phase !== 'inside' || seconds < hallSeconds) return visit;
    const isInPlace = zones.some(
      (zone) => zone.kind !== 'entrance' && zone.plane === visit.plane && contains(zone.polygon, visit.at),
    );
    return seconds < (isInPlace ? placeSeconds : hallSeconds) ? visit : { ...visit, isThing: true };
  });
}
