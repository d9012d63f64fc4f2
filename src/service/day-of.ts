import type { Seconds } from '../core/units.ts';

/**
 * Names the day of a moment by the branch's own calendar: `2026-11-24`.
 *
 * @param timezone absent: the machine's own
 *
 * @example
 * ```ts
 * createDayOf('Asia/Shanghai')(Date.UTC(2026, 10, 23, 17, 0) / 1000); // '2026-11-24': an hour past midnight there
 * ```
 */
export function createDayOf(timezone?: string): (at: Seconds) => string {
  const calendar = new Intl.DateTimeFormat('en-CA', {
    ...(timezone === undefined ? {} : { timeZone: timezone }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (at) => calendar.format(at * 1000);
}
