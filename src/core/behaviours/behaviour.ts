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
  'crowded',
  'unattended',
  'divert',
  'patrol',
  'machine-trouble',
  'farewell',
  'over',
] as const;
export type HappeningKind = (typeof happeningKinds)[number];

/**
 * Why something that lasts is over: staff were there, the people it was about have gone, it is no
 * longer so, or nobody came for so long that it may be said anew.
 */
export const overReasons = ['staff-came', 'people-left', 'eased', 'unheeded'] as const;
export type OverReason = (typeof overReasons)[number];

/** Something noticed, at the moment it was known (not when it began). */
export interface Happening {
  readonly at: Seconds;
  /** `arrived`: when they crossed the door's line, as far as they were seen; absent where that is not known. */
  readonly since?: Seconds;
  readonly kind: HappeningKind;
  /** Absent where no one person is meant. */
  readonly visit?: string;
  readonly role: Role;
  readonly zone?: string;
  readonly plane: PlaneName;
  /** The person's position at `at`; absent where no one person is meant. */
  readonly where?: PlanePoint;
  /**
   * `contacted`: from arrival to first contact. `waited-long`, `left-queue`: time in the queue.
   * `unattended`, `patrol`: how long no staff have been there. `over`: how long it lasted.
   */
  readonly waitedSeconds?: Seconds;
  /** `left-queue`: whether they were served; `null` where that cannot be told. */
  readonly served?: boolean | null;
  /** `queue-long`, `crowded`, `unattended`, `divert`, `patrol`: how many. */
  readonly people?: number;
  /** The figures a verdict rests on, in a fixed order: for words, the journal and the console. */
  readonly figures?: Readonly<Record<string, number>>;
  /** `patrol`: whom it is about. */
  readonly visits?: readonly string[];
  /** `divert`: the place that is free. */
  readonly towards?: string;
  /** `over`: what is. */
  readonly of?: HappeningKind;
  /** `over`: why. */
  readonly because?: OverReason;
  /** `wandering`: zones they went up to and left again, in order of first coming there; absent: none. */
  readonly cameUpTo?: readonly string[];
}

/** The settings behaviours read; each has its unit, range and both ways in the branch file's schema. */
export interface Thresholds {
  readonly wandering: { readonly afterSeconds: Seconds };
  readonly queue: {
    readonly waitSeconds: Seconds;
    readonly length: number;
    /** How long a place is kept for whoever steps out. */
    readonly awaySeconds: Seconds;
  };
  readonly contact: {
    readonly withinMetres: Metres;
    readonly forSeconds: Seconds;
    readonly targetSeconds: Seconds;
  };
  readonly crowded: {
    readonly people: number;
    readonly peoplePerStaff: number;
    readonly forSeconds: Seconds;
  };
  readonly unattended: { readonly forSeconds: Seconds };
  readonly divert: {
    readonly length: number;
    readonly waitSeconds: Seconds;
    readonly freeForSeconds: Seconds;
  };
  readonly patrol: {
    readonly people: number;
    readonly afterSeconds: Seconds;
    readonly everySeconds: Seconds;
  };
  readonly machines: { readonly shortPercent: number; readonly leastStays: number };
  readonly farewell: { readonly stayedSeconds: Seconds };
}

/** What a behaviour is shown, once a frame of any camera or a stretch without one. */
export interface Scene {
  readonly at: Seconds;
  readonly visits: readonly Visit[];
  readonly changes: readonly VisitChange[];
  readonly zones: readonly Zone[];
  /** Zones that no camera looks at now: what is known of them is from before. */
  readonly blindZones: ReadonlySet<string>;
  readonly thresholds: Thresholds;
}

/**
 * One thing that can be noticed. State is plain data, and everything in it ends when its visit does,
 * so it cannot outgrow the lobby.
 */
export interface Behaviour<State, Seen extends Scene = Scene> {
  readonly begin: State;
  notice(state: State, scene: Seen): [State, readonly Happening[]];
  /**
   * Puts off the moments kept about visits that nobody could look at, so that no clock ran for them.
   * Left out by behaviours that keep no clock about a visit.
   *
   * @param unwatched seconds since the last call, by visit
   */
  pause?(state: State, unwatched: ReadonlyMap<string, Seconds>): State;
}

/** Somebody who is in the lobby and may be in want of contact: anybody inside who is neither staff nor a thing. */
export function isGuest(visit: Visit): boolean {
  return visit.phase === 'inside' && visit.role !== 'staff' && visit.isThing === undefined;
}
