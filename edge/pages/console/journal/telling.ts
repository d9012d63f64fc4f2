import { createDayOf } from '../../../../src/service/day-of.ts';
import { boxNow } from '../live/state.ts';
import type { PageParts } from '../page-parts.ts';
import { type Language, say as sayFrame } from '../words.ts';
import type { Telling } from './phrases.ts';

export interface JournalTelling extends Telling {
  /** The branch's day of a moment: `2026-11-24`. */
  readonly dayOf: (at: string) => string;
  /** `3 月 12 日 周四`, `Thu 12 Mar`. */
  readonly dayText: (day: string) => string;
  /** Of today the time alone, else with its day. */
  readonly momentOf: (at: string) => string;
}

const formatOf = (timezone: string | undefined, options: Intl.DateTimeFormatOptions, language: Language) =>
  new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    ...options,
    ...(timezone === undefined ? {} : { timeZone: timezone }),
  });

/** `3 月 12 日 周四`, `Thu 12 Mar`. */
function dayInWords(moment: number, language: Language, timezone: string | undefined): string {
  const options = {
    weekday: 'short',
    day: 'numeric',
    month: language === 'zh' ? 'numeric' : 'short',
  } as const;
  const parts = formatOf(timezone, options, language).formatToParts(moment);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const bare = (text: string | undefined) => text?.replace(/[月日]/g, '') ?? '';
  return language === 'zh'
    ? `${bare(part.month)} 月 ${bare(part.day)} 日 ${part.weekday}`
    : `${part.weekday} ${part.day} ${part.month}`;
}

/** Names of places, days and times, as the whole journal has them. */
export function tellingOf({ live, language }: Pick<PageParts, 'live' | 'language'>): JournalTelling {
  const timezone = live.plan?.timezone;
  const time = formatOf(
    timezone,
    { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    'en',
  );
  const day = createDayOf(timezone);
  const dayOf = (at: string) => day(Date.parse(at) / 1000);
  const dayText = (text: string) => dayInWords(Date.parse(`${text}T12:00:00Z`), language, 'UTC');
  const timeOf = (at: string) => time.format(Date.parse(at));
  const today = day(boxNow(live) / 1000);
  return {
    language,
    nameOf: (id) =>
      live.lobby?.zones.find((zone) => zone.id === id)?.name[language] ??
      live.plan?.zones.find((zone) => zone.id === id)?.name[language] ??
      (id === 'hall' ? sayFrame(language, 'hall') : id),
    timeOf,
    dayOf,
    dayText,
    momentOf: (at) => (dayOf(at) === today ? timeOf(at) : `${dayText(dayOf(at))} ${timeOf(at)}`),
  };
}
