import type { Branch } from '../contract/branch.ts';
import { type Profile, profileOn, thresholdsWith } from '../contract/calendar.ts';
import type { ThresholdSettings } from '../contract/thresholds.ts';
import type { Seconds } from '../core/units.ts';
import { createDayOf } from './day-of.ts';

/** What holds at a moment: the thresholds, and the profile they are of; without one they are the base. */
export interface InForce {
  /** By the branch's own calendar: `2026-11-24`. */
  readonly day: string;
  readonly thresholds: ThresholdSettings;
  readonly profile?: Profile;
}

/** No place on earth begins a day, or puts its clocks forward or back, but on a quarter of an hour. */
const quarterSeconds: Seconds = 900;

/**
 * Tells which thresholds hold at a moment: those of its day by the branch's own calendar, so that on a day of 23 or
 * 25 hours they hold for all of it. The same for the live service, a replay and a day that is played back.
 *
 * @example
 * ```ts
 * const pension = { id: 'pension-day', days: { ofMonth: [15] }, thresholds: { queue: { waitSeconds: 300 } } };
 * const inForce = createInForce({
 *   thresholds: { queue: { waitSeconds: 180 } } as never,
 *   profiles: [pension],
 *   hours: { timezone: 'Asia/Shanghai' },
 * });
 * inForce(Date.UTC(2026, 10, 14, 15, 59) / 1000).thresholds.queue.waitSeconds; // 180: still the 14th there
 * inForce(Date.UTC(2026, 10, 14, 16, 0) / 1000).thresholds.queue.waitSeconds; // 300: the 15th begins
 * ```
 */
export function createInForce(
  branch: Pick<Branch, 'thresholds' | 'profiles' | 'hours'>,
): (at: Seconds) => InForce {
  const dayOf = createDayOf(branch.hours?.timezone);
  const byDay = (day: string): InForce => {
    const profile = profileOn(branch.profiles, day);
    return {
      day,
      thresholds: thresholdsWith(branch.thresholds, profile),
      ...(profile === undefined ? {} : { profile }),
    };
  };
  let known: { readonly quarter: number; readonly inForce: InForce } | undefined;
  return (at) => {
    const quarter = Math.floor(at / quarterSeconds);
    if (known?.quarter === quarter) return known.inForce;
    const day = dayOf(at);
    const inForce = known?.inForce.day === day ? known.inForce : byDay(day);
    known = { quarter, inForce };
    return inForce;
  };
}
