import { type Day, days, type Hours } from '../contract/hours.ts';
import type { Seconds } from '../core/units.ts';

/** When a branch is open. */
export interface Opening {
  isOpenAt(at: Seconds): boolean;
  /** Of a moment when it is closed: `HH:MM` on the branch's wall at which it opens, today or tomorrow. */
  opensAfter(at: Seconds): string | undefined;
}

/**
 * Tells from the branch's hours whether it is open at a moment, by the clock on its own wall: summer time and
 * the place of the machine make no difference.
 *
 * @param hours absent: always open
 *
 * @example
 * ```ts
 * const opening = createOpening({ timezone: 'Asia/Shanghai', monday: ['09:00-17:00'] });
 * opening.isOpenAt(Date.UTC(2026, 10, 23, 1, 0) / 1000); // true: a Monday, nine o'clock there
 * opening.opensAfter(Date.UTC(2026, 10, 23, 0, 0) / 1000); // '09:00'
 * ```
 */
export function createOpening(hours: Hours | undefined): Opening {
  if (hours === undefined) return { isOpenAt: () => true, opensAfter: () => undefined };
  const wall = new Intl.DateTimeFormat('en-GB', {
    timeZone: hours.timezone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const onWall = (at: Seconds) => {
    const parts = new Map(wall.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
    const day = parts.get('weekday')!.toLowerCase() as Day;
    return { day, time: `${parts.get('hour')}:${parts.get('minute')}` };
  };
  const spansOf = (day: Day) =>
    (hours[day] ?? []).map((span) => ({ from: span.slice(0, 5), to: span.slice(6) }));
  return {
    isOpenAt(at) {
      const { day, time } = onWall(at);
      return spansOf(day).some(({ from, to }) => time >= from && time < to);
    },
    opensAfter(at) {
      const { day, time } = onWall(at);
      const first = (starts: readonly string[]) => [...starts].sort()[0];
      const today = spansOf(day).flatMap(({ from }) => (from > time ? [from] : []));
      const tomorrow = days[(days.indexOf(day) + 1) % days.length]!;
      return first(today) ?? first(spansOf(tomorrow).map(({ from }) => from));
    },
  };
}
