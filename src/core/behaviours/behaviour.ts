import type { PlaneName, Zone } from '../floor/zones.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { Metres, Seconds } from '../units.ts';
import type { VisitChange } from '../visits/follow-visits.ts';
import type { Role, Visit } from '../visits/visit.ts';

/** What a concierge would have noticed. */
export const happeningKinds = [
  'arrived',
  'departed',
  'queued',
  'left-queue',
  'waited-long',
  'queue-long',
  'wandering',
  'contacted',
] as const;
export type HappeningKind = (typeof happeningKinds)[number];

/** Something noticed, at the moment it was known (not when it began). */
export interface Happening {
  readonly at: Seconds;
  readonly kind: HappeningKind;
  /** Absent where no one person is meant. */
  readonly visit?: string;
  readonly role: Role;
  readonly zone?: string;
  readonly plane: PlaneName;
  /** The person's position at `at`; absent where no one person is meant. */
  readonly where?: PlanePoint;
  /** `contacted`: from arrival to first contact. `waited-long`, `left-queue`: time in the queue. */
  readonly waitedSeconds?: Seconds;
  /** `left-queue`: whether they were served; `null` where that cannot be told. */
  readonly served?: boolean | null;
  /** `queue-long`: how many. */
  readonly people?: number;
  /** `wandering`: what was seen, for the reason in words. */
  readonly seen?: { readonly forSeconds: Seconds; readonly pauses: number; readonly turns: number };
}

/** The settings behaviours read; each has its unit, range and both ways in the branch file's schema. */
export interface Thresholds {
  readonly wandering: { readonly afterSeconds: Seconds };
  readonly queue: { readonly waitSeconds: Seconds; readonly length: number };
  readonly contact: {
    readonly withinMetres: Metres;
    readonly forSeconds: Seconds;
    readonly targetSeconds: Seconds;
  };
}

/** What a behaviour is shown, once a frame of any camera or a stretch without one. */
export interface Scene {
  readonly at: Seconds;
  readonly visits: readonly Visit[];
  readonly changes: readonly VisitChange[];
  readonly zones: readonly Zone[];
  readonly thresholds: Thresholds;
}

/**
 * One thing that can be noticed. State is plain data, and everything in it ends when its visit does,
 * so it cannot outgrow the lobby.
 */
export interface Behaviour<State> {
  readonly begin: State;
  notice(state: State, scene: Scene): [State, readonly Happening[]];
}

/** Somebody who is in the lobby and may be in want of contact: anybody inside who is not staff. */
export function isGuest(visit: Visit): boolean {
  return visit.phase === 'inside' && visit.role !== 'staff';
}
