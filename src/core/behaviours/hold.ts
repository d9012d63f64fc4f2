import type { Seconds } from '../units.ts';

/** Something that is so or not, and, while the opposite looks true, since when. */
export interface Hold {
  readonly is: boolean;
  readonly turning?: {
    readonly since: Seconds;
    /** When it was last looked at: time nobody could see is taken off. */
    readonly at: Seconds;
    /** Since when it has looked as it is again; a moment of that does not count. */
    readonly backSince?: Seconds;
  };
}

export const notSo: Hold = { is: false };

/**
 * What looks different for less than this is one camera's frame come before the other's, while two people
 * changed places. Longer: who looked in for a moment is overlooked.
 */
export const momentSeconds: Seconds = 0.5;
/** Moments since 1970 are only so exact. */
const exactly = 1e-6;

/**
 * Believes a claim once it has been true for a while, and stops believing it once it has been false
 * for a while: hysteresis in time. What looks different for less than a moment is overlooked.
 *
 *     claim   ░░██░░██████████████░░████░░░░░░░░░░░░
 *     is      ░░░░░░░░░░██████████████████████░░░░░░
 *                  └after┘                └until┘
 *
 * Time is read from the moments, never counted in frames, so any frame rate gives the same answer to
 * within a frame.
 *
 * @param claim how it looks now; absent where nobody can see, and then the clock stands still
 * @param at not earlier than in the previous call
 */
export function hold(
  before: Hold,
  claim: boolean | undefined,
  at: Seconds,
  seconds: { readonly after: Seconds; readonly until: Seconds },
): Hold {
  const { is, turning } = before;
  if (claim === undefined) {
    if (turning === undefined) return before;
    const { backSince: _, since } = turning;
    return { is, turning: { since: since + (at - turning.at), at } };
  }
  const backSince = turning?.backSince;
  const wasBack = backSince !== undefined && at - backSince >= momentSeconds - exactly;
  if (claim === is) {
    if (turning === undefined || wasBack) return { is };
    return { is, turning: { since: turning.since, at, backSince: backSince ?? at } };
  }
  const since = turning === undefined || wasBack ? at : turning.since;
  if (at - since >= (is ? seconds.until : seconds.after) - exactly) return { is: claim };
  return { is, turning: { since, at } };
}

/**
 * A figure against two levels: true from `high` on, false below `low`. In between nothing changes, and
 * a clock that runs stands still: one person who steps in and out of sight neither ends nor begins it.
 *
 * @param before the hold this claim is for
 */
export function level(before: Hold, value: number, high: number, low: number): boolean | undefined {
  if (value >= high) return true;
  if (value < low) return false;
  return before.turning === undefined ? before.is : undefined;
}

/** How long the claim a hold is turning to has been true. */
export function turningFor({ turning }: Hold): Seconds {
  return turning === undefined ? 0 : turning.at - turning.since;
}
