import { type AreaZone, hall, type Zone } from '../floor/zones.ts';
import { contains } from '../geometry/polygon.ts';
import type { Seconds } from '../units.ts';
import { isSeen, type Visit } from '../visits/visit.ts';
import type { Scene } from './behaviour.ts';

/** A queue as the rest of the lobby sees it. */
export interface QueueView {
  readonly zone: string;
  /** Who waits in it, in order. */
  readonly visits: readonly string[];
  /** How long each has waited, in the same order as `visits`. */
  readonly waitedSeconds: readonly Seconds[];
  /** Who is being served at its counters. */
  readonly served?: readonly string[];
  /** What a newcomer would wait; absent until it is known. */
  readonly expectedWaitSeconds?: Seconds;
}

/** What behaviours about the lobby as a whole are shown: the scene, and what others made of it. */
export interface LobbyScene extends Scene {
  /** Customers, and those not known to be staff, who are in the lobby, seen now or held. */
  readonly guests: readonly Visit[];
  /** Where everybody inside is, by visit: a zone's id, or `hall` outside all zones. */
  readonly whereabouts: ReadonlyMap<string, string>;
  readonly queues: readonly QueueView[];
  /** Visits that have been met. */
  readonly met: ReadonlySet<string>;
  /** When something was last kept quiet because the wrist had had enough. */
  readonly overBudgetAt?: Seconds | undefined;
}

const isPlace = (zone: Zone): zone is AreaZone => zone.kind !== 'entrance' && zone.kind !== 'ignore';

/** Zones with a floor of their own, in the order of the branch file: entrances and `ignore` are none. */
export function placesOf(zones: readonly Zone[]): readonly AreaZone[] {
  return zones.filter(isPlace);
}

/** Where everybody inside is. Where zones overlap, the first in the branch file. */
export function whereaboutsOf(visits: readonly Visit[], zones: readonly Zone[]): ReadonlyMap<string, string> {
  const places = placesOf(zones);
  const whereabouts = new Map<string, string>();
  for (const visit of visits) {
    if (visit.phase !== 'inside') continue;
    const zone = places.find((one) => one.plane === visit.plane && contains(one.polygon, visit.at));
    whereabouts.set(visit.id, zone?.id ?? hall);
  }
  return whereabouts;
}

/**
 * Whether somebody who is not known to be staff is a customer: seen to come in, or in a place where only
 * customers stand. Of others in the open hall nobody knows.
 */
export function isCustomer(guest: Visit, scene: LobbyScene): boolean {
  if (guest.role === 'customer') return true;
  const place = scene.whereabouts.get(guest.id);
  return scene.zones.some((zone) => zone.id === place && (zone.kind === 'queue' || zone.kind === 'service'));
}

/** Staff who can be seen now. */
export function staffOf(scene: Scene): readonly Visit[] {
  return scene.visits.filter(
    (visit) => visit.role === 'staff' && visit.phase === 'inside' && isSeen(visit, scene.at),
  );
}

/** Whether some place of the lobby cannot be seen: then nobody can say that somebody is not there. */
export function isPartlyBlind(scene: Scene): boolean {
  return scene.blindZones.size > 0;
}

/** Customers who have arrived, were not met and do not queue: to each of them a contact is owed. */
export function ungreeted(scene: LobbyScene): readonly Visit[] {
  return scene.guests.filter(
    (visit) => visit.arrivedAt !== undefined && !scene.met.has(visit.id) && !isQueued(visit.id, scene),
  );
}

const isQueued = (visit: string, { queues }: LobbyScene): boolean =>
  queues.some((queue) => queue.visits.includes(visit) || queue.served?.includes(visit) === true);
