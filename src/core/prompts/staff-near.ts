import { floorPlane } from '../floor/zones.ts';
import type { Metres } from '../units.ts';
import { isSeen, metresFrom, type Visit } from '../visits/visit.ts';

/** How near staff are to a customer, and if not there yet, how fast they come. */
export interface StaffNear {
  readonly metres: Metres;
  readonly metresPerSecond?: number;
}

export interface StaffNearSettings {
  /** With staff this near, the customer is as good as met. */
  readonly staffNearMetres: Metres;
  /** Staff who walk up to a customer from this near are on the way to them. */
  readonly onTheWayMetres: Metres;
}

/** Staff on the way come nearer at a walk, and would pass no farther than an arm's length and a half away. */
const approachMetresPerSecond = 0.6;
const passMetres: Metres = 1.2;

/** Staff with a customer or on the way to them; `undefined` if there are none. */
export function staffFor(
  visit: Visit,
  scene: { readonly at: number; readonly visits: readonly Visit[] },
  settings: StaffNearSettings,
): StaffNear | undefined {
  let nearest: StaffNear | undefined;
  for (const one of scene.visits) {
    if (one.role !== 'staff' || one.plane !== visit.plane || !isSeen(one, scene.at)) continue;
    const metres = metresFrom(visit, one.at);
    if (nearest !== undefined && nearest.metres <= metres) continue;
    if (metres <= settings.staffNearMetres) nearest = { metres };
    else if (metres <= settings.onTheWayMetres && visit.plane === floorPlane) {
      const metresPerSecond = approachOf(one, visit);
      if (metresPerSecond >= approachMetresPerSecond) nearest = { metres, metresPerSecond };
    }
  }
  return nearest;
}

/**
 * How fast somebody walks up to another, metres a second; 0 for whoever would walk past. Only their
 * own steps count: a customer who comes in walks towards staff who stand at the counter.
 */
function approachOf(staff: Visit, visit: Visit): number {
  const [x, y] = [visit.at.x - staff.at.x, visit.at.y - staff.at.y];
  const metres = Math.hypot(x, y);
  const along = (staff.velocity.x * x + staff.velocity.y * y) / metres;
  const across = Math.abs(staff.velocity.x * y - staff.velocity.y * x) / metres;
  return along > 0 && (across / along) * metres <= passMetres ? along : 0;
}
