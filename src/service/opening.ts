import type { Day, Hours } from '../contract/hours.ts';
import type { Seconds } from '../core/units.ts';

/**
 * Tells from the branch's hours whether it is open at a moment, by the clock on its own wall: summer time and
 * the place of the machine make no difference.
 *
 * @param hours absent: always open
 *
 * @example
 * ```ts
 * const isOpenAt = createOpening({ timezone: 'Asia/Shanghai', monday: ['09:00-17:00'] });
 * isOpenAt(Date.UTC(2026, 10, 23, 1, 0) / 1000); // true: a Monday, nine o'clock there
 * ```
 */
export function createOpening(hours: Hours | undefined): (at: Seconds) => boolean {
  if (hours === undefined) return () => true;
  const wall = new Intl.DateTimeFormat('en-GB', {
    timeZone: hours.timezone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = new Map(wall.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
    const day = parts.get('weekday')!.toLowerCase() as Day;
    const time = `${parts.get('hour')}:${parts.get('minute')}`;
    return (hours[day] ?? []).some((span) => time >= span.slice(0, 5) && time < span.slice(6));
  };
}
