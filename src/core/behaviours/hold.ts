import type { Seconds } from '../units.ts';

/** Something that is so or not, and, while the opposite looks true, since when. */
export interface Hold {
  readonly is: boolean;
  readonly turning?: {
    readonly since: Seconds;
    /** When it was last looked at: time nobody could see is taken off. */
    readonly at: Seconds;
  };
}

export const notSo: Hold = { is: false };

/** Moments since 1970 are only so exact. */
const exactly = 1e-6;

/**
 * Believes a claim once it has been true for a while, and stops believing it once it has been false
 * for a while: hysteresis in time.
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
    return turning === undefined ? before : { is, turning: { since: turning.since + (at - turning.at), at } };
  }
  if (claim === is) return turning === undefined ? before : { is };
  const since = turning?.since ?? at;
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
