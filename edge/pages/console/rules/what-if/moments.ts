import type { Language } from '../../words.ts';

/** Moments as the branch's clock and calendar have them; a branch without a time zone has its journal's days in UTC. */
export interface Moments {
  /** `10:17:32`. */
  time(at: string): string;
  /** `10`. */
  hour(at: string): string;
  /** `2026-11-24`. */
  day(at: string): string;
  /** Hours since midnight: 10.29. */
  hours(at: string): number;
  /** `Tue 24 Nov`, of a day of the calendar. */
  dayName(day: string): string;
}

export function momentsOf(timezone: string | undefined, language: Language): Moments {
  const zone = timezone ?? 'UTC';
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const calendar = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const names = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: language === 'zh' ? 'numeric' : 'short',
  });
  const time = (at: string) => clock.format(Date.parse(at));
  return {
    time,
    hour: (at) => time(at).slice(0, 2),
    day: (at) => calendar.format(Date.parse(at)),
    hours(at) {
      const [hour, minute, second] = time(at).split(':').map(Number);
      return hour! + minute! / 60 + second! / 3600;
    },
    dayName(day) {
      const parts = new Map(
        names.formatToParts(Date.parse(`${day}T00:00:00Z`)).map(({ type, value }) => [type, value]),
      );
      const date = parts.get('day')?.replace('日', '');
      const month = parts.get('month')?.replace('月', '');
      return language === 'zh'
        ? `${month} 月 ${date} 日 ${parts.get('weekday')}`
        : `${parts.get('weekday')} ${date} ${month}`;
    },
  };
}
