import type { Seconds } from '../core/units.ts';

/** A branch's calendar: which day a moment is of, and when a day begins. */
export interface BranchDays {
  readonly timezone: string;
  /** `2026-03-12`. */
  dayOf(at: Seconds): string;
  /** `14:05`, by the branch's wall. */
  timeOf(at: Seconds): string;
  /** The moment at which a day's clock shows a time; 24:00 is the next midnight. */
  momentOf(day: string, time?: string): Seconds;
}

const daySeconds = 86_400;

/** A day so many days later, or earlier. */
export const shiftDay = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * daySeconds * 1000).toISOString().slice(0, 10);

/** How many days there are from one to another, both counted. */
export const daysIn = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / (daySeconds * 1000)) + 1;

/** Whether a text is a day there is: no 30th of February. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(Date.parse(text)).toISOString().startsWith(text);

/**
 * Tells days by the clock on the branch's wall, summer time or not.
 *
 * @param timezone absent: the machine's own
 *
 * @example
 * ```ts
 * const days = createBranchDays('Asia/Shanghai');
 * days.momentOf('2026-03-12'); // Date.UTC(2026, 2, 11, 16) / 1000
 * days.dayOf(Date.UTC(2026, 2, 11, 17) / 1000); // '2026-03-12'
 * ```
 */
export function createBranchDays(timezone?: string): BranchDays {
  const zone = timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wall = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  /** The wall's clock read as if it were UTC's. */
  const shown = (at: Seconds): string => {
    const part = new Map(wall.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
    return `${part.get('year')}-${part.get('month')}-${part.get('day')}T${part.get('hour')}:${part.get('minute')}:${part.get('second')}`;
  };
  const aheadAt = (at: Seconds): Seconds => Date.parse(`${shown(at)}Z`) / 1000 - Math.floor(at);
  return {
    timezone: zone,
    dayOf: (at) => shown(at).slice(0, 10),
    timeOf: (at) => shown(at).slice(11, 16),
    momentOf(day, time = '00:00') {
      const [hours, minutes] = time.split(':').map(Number);
      const wanted = Date.parse(day) / 1000 + hours! * 3_600 + minutes! * 60;
      // Twice: the first guess may lie on the other side of a change of the clock.
      const guess = wanted - aheadAt(wanted);
      return wanted - aheadAt(guess);
    },
  };
}
