import type { Day } from './hours.ts';
import type { ThresholdSettings as Thresholds } from './thresholds.ts';

/**
 * Which set of thresholds a day has. No clock and no time zone here: a day is its date by the branch's own calendar,
 * `2026-12-15`, and what follows from it is arithmetic. The pages draw their calendar with it too.
 */

/** The days a profile is for: any of those named. */
export interface ProfileDays {
  readonly weekdays?: readonly Day[] | undefined;
  readonly ofMonth?: readonly number[] | undefined;
  readonly dates?: readonly string[] | undefined;
}

/** A set of values over the base, for some days. */
export interface Profile {
  readonly id: string;
  readonly name?: { readonly zh: string; readonly en: string } | undefined;
  readonly days: ProfileDays;
  /** What differs from the base, by group and key. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, number | undefined>> | undefined>>;
}

/** What a day without a profile has; no profile may be called so. */
export const baseProfile = 'base';

const weekdaysFromSunday = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const satisfies readonly Day[];

const noonOf = (day: string): Date => new Date(`${day}T12:00:00.000Z`);

/** Whether a text is a day that there is: `2026-02-29` and `2026-02-31` are none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const moment = noonOf(text);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/**
 * The day so many days later.
 *
 * @example
 * ```ts
 * dayAfter('2026-02-27', 2); // '2026-03-01'
 * ```
 */
export function dayAfter(day: string, days = 1): string {
  const moment = noonOf(day);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** `2026-11-28` is a `saturday`. */
export const weekdayOf = (day: string): Day => weekdaysFromSunday[noonOf(day).getUTCDay()]!;

/** Whether a day is among those named. */
export function isAmong({ weekdays = [], ofMonth = [], dates = [] }: ProfileDays, day: string): boolean {
  return weekdays.includes(weekdayOf(day)) || ofMonth.includes(Number(day.slice(8))) || dates.includes(day);
}

/**
 * The profile of a day: the first in the order of the file that names it, or none, and the base holds. So every day
 * has one set of thresholds and never two.
 *
 * @param day by the branch's own calendar
 *
 * @example
 * ```ts
 * const pension = { id: 'pension-day', days: { ofMonth: [15] }, thresholds: {} };
 * const weekend = { id: 'weekend', days: { weekdays: ['saturday', 'sunday'] }, thresholds: {} } as const;
 * profileOn([pension, weekend], '2026-11-15')?.id; // 'pension-day', though it is a Sunday
 * ```
 */
export function profileOn<One extends Profile>(profiles: readonly One[], day: string): One | undefined {
  return profiles.find(({ days }) => isAmong(days, day));
}

/** The base with a profile's values over it. */
export function thresholdsWith(base: Thresholds, profile: Profile | undefined): Thresholds {
  if (profile === undefined) return base;
  const groups = Object.entries(base).map(([group, values]) => {
    const over = Object.entries(profile.thresholds[group] ?? {}).filter(([, value]) => value !== undefined);
    return [group, { ...values, ...Object.fromEntries(over) }];
  });
  return Object.fromEntries(groups) as Thresholds;
}

/**
 * What holds on a day.
 *
 * @param day by the branch's own calendar
 */
export function thresholdsOn(
  branch: { readonly thresholds: Thresholds; readonly profiles: readonly Profile[] },
  day: string,
): Thresholds {
  return thresholdsWith(branch.thresholds, profileOn(branch.profiles, day));
}

/** Whether no day is left for a profile: those before it name all of its own. */
export function neverHolds(profiles: readonly Profile[], index: number): boolean {
  const before = profiles.slice(0, index).map(({ days }) => days);
  const taken = (of: (days: ProfileDays) => readonly unknown[] | undefined) =>
    new Set(before.flatMap((days) => [...(of(days) ?? [])]));
  const weekdays = taken((days) => days.weekdays);
  const ofMonth = taken((days) => days.ofMonth);
  const { days } = profiles[index]!;
  if (weekdays.size === 7 || ofMonth.size === 31) return true;
  return (
    (days.weekdays ?? []).every((day) => weekdays.has(day)) &&
    (days.ofMonth ?? []).every((day) => ofMonth.has(day)) &&
    (days.dates ?? []).every((day) => before.some((one) => isAmong(one, day)))
  );
}
