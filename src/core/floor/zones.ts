import type { Entrance } from '../geometry/entrance.ts';
import type { Polygon } from '../geometry/polygon.ts';

/** What a place is for. `ignore` is a place where people are not counted, such as a mirror or a poster. */
export const zoneKinds = ['entrance', 'queue', 'service', 'staff', 'vip', 'desk', 'ignore'] as const;
export type ZoneKind = (typeof zoneKinds)[number];

/** `floor` for metres on the branch's floor, else the id of the uncalibrated camera whose pixels are meant. */
export type PlaneName = string;
export const floorPlane: PlaneName = 'floor';

/** What the place outside all zones is called; no zone may bear this name. */
export const hall = 'hall';

interface ZoneBase {
  readonly id: string;
  readonly plane: PlaneName;
}

/** A doorway: crossing it is arriving or departing. */
export interface EntranceZone extends ZoneBase {
  readonly kind: 'entrance';
  readonly door: Entrance;
}

/** An area: you are in it if your feet are. */
export interface AreaZone extends ZoneBase {
  readonly kind: Exclude<ZoneKind, 'entrance'>;
  readonly polygon: Polygon;
  /** How many can be served there at once: machines, or open windows. */
  readonly places?: number;
  /** Needs that are served there; places that share one can stand in for each other. Absent: any need. */
  readonly serves?: readonly string[];
}

export type Zone = EntranceZone | AreaZone;
