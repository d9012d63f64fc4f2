import type { PlaneName } from '../floor/zones.ts';
import type { Matrix2 } from '../geometry/matrix.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { HeadTurn, Seconds } from '../units.ts';
import type { Beside } from './out-of-sight.ts';
import type { RoleBelief } from './role.ts';

/** Who somebody is to the branch, told from where they come from, stay and walk, and nothing else. */
export type Role = 'customer' | 'staff' | 'unknown';

/**
 * Where a visit stands.
 *
 *     outside ──▶ inside ──▶ left
 *        ▲ at-door ──▲ (first seen within the doorway: which way they go decides)
 */
export type VisitPhase = 'outside' | 'at-door' | 'inside' | 'left';

/** A track of one camera that shows a visit. */
export interface Sighting {
  readonly camera: string;
  readonly track: number;
  /** Where it was last seen; absent in a state that was saved before this was kept. */
  readonly seen?: SeenPlace;
}

/** Where one camera last saw somebody, in plane units. */
export interface SeenPlace {
  readonly at: Seconds;
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  /** Covariance of the place. */
  readonly spread: Matrix2;
  /** The edge of the picture cut them off: their feet may be anywhere beyond it. */
  readonly isCut?: boolean;
}

/**
 * One person's stay in the lobby, across tracks and cameras. Nothing here says who it was.
 *
 * What is absent is `undefined` and not left out, as in a `RoleBelief`: it is copied several times a look.
 */
export interface Visit {
  /** `v1`, `v2`, … in order of first sight; means nothing outside this run. */
  readonly id: string;
  readonly plane: PlaneName;
  readonly role: Role;
  readonly phase: VisitPhase;
  readonly sightings: readonly Sighting[];
  /** Where they are, or were when last seen, in plane units. */
  readonly at: PlanePoint;
  /** Plane units a second. */
  readonly velocity: PlanePoint;
  /** Plane units in a metre at `at`: 1 on the floor. */
  readonly unit: number;
  readonly bornAt: Seconds;
  readonly bornWhere: PlanePoint;
  /** When they were last seen by any camera. */
  readonly seenAt: Seconds;
  /** The camera that saw them then: only its frames can miss them. */
  readonly seenBy: string;
  /** How long nobody could look where they are, since they were last seen; absent: never. */
  readonly unwatchedSeconds?: Seconds | undefined;
  /** When they were last found again after nobody could look for a while: what they did meanwhile is not known. */
  readonly foundAt?: Seconds | undefined;
  /** When they crossed the entrance inwards; absent for somebody who was there before the service. */
  readonly arrivedAt?: Seconds | undefined;
  readonly leftAt?: Seconds | undefined;
  /** Since when they have been seen well inside again after leaving. */
  readonly backSince?: Seconds | undefined;
  /** Lost from sight after leaving: whoever their track shows now may be another. */
  readonly wasLost?: true | undefined;
  /** Whom they walked beside when they were lost from sight, while they are. */
  readonly beside?: Beside | undefined;
  /** The entrance they came in, were born at, or left by. */
  readonly door?: string | undefined;
  /** Has been seen away from where they were first seen, or to come in. */
  readonly hasMoved?: true | undefined;
  /** Has stood like a thing for so long that it is taken for one: a cut-out of a clerk, a coat on a stand. */
  readonly isThing?: true | undefined;
  /** What speaks for staff and for a customer; absent before the first look is over. */
  readonly belief?: RoleBelief | undefined;
  /** Where they have been lately: at most `pathPoints`, oldest first, at least `pathEverySeconds` apart. */
  readonly path: readonly PathPoint[];
  /** Where their head was turned when it was looked at: at most `mostHeadLooks`, oldest first; absent: never. */
  readonly heads?: readonly HeadLook[] | undefined;
}

/** What is not known yet of somebody at first sight; where they came in may be. */
export const unknownYet = {
  unwatchedSeconds: undefined,
  foundAt: undefined,
  arrivedAt: undefined,
  leftAt: undefined,
  backSince: undefined,
  wasLost: undefined,
  beside: undefined,
  door: undefined,
  hasMoved: undefined,
  isThing: undefined,
  belief: undefined,
  heads: undefined,
} as const satisfies Partial<Visit>;

/** A head as one camera saw it. */
export interface HeadLook extends HeadTurn {
  readonly at: Seconds;
  /** Another camera sees the same head turned otherwise: compare within one. */
  readonly camera: string;
}

/** Ten seconds and more at three looks a second: enough to see somebody look about. */
export const mostHeadLooks = 32;

export interface PathPoint {
  readonly at: Seconds;
  readonly x: number;
  readonly y: number;
}

/** Metres between a visit and a point of its plane. */
export function metresFrom(visit: Visit, point: PlanePoint): number {
  return Math.sqrt((visit.at.x - point.x) ** 2 + (visit.at.y - point.y) ** 2) / visit.unit;
}

/** Metres a second. */
export function speedOf(visit: Visit): number {
  return Math.sqrt(visit.velocity.x ** 2 + visit.velocity.y ** 2) / visit.unit;
}

/** Seen in the last moment, so that its position is a position and not a memory. */
export function isSeen(visit: Visit, now: Seconds): boolean {
  return now - visit.seenAt < 1;
}
