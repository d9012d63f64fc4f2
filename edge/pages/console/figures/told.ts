import type { FiguresBefore, FiguresPayload } from '../../../../src/contract/figures.ts';
import {
  type Few,
  few,
  leastForShare,
  leastPeople,
  shareOf,
  withheld,
} from '../../../../src/core/figures/share.ts';
import { duration, type Language } from '../words.ts';
import { clockWords, dayWords, percent, periodWords, say, settingWords } from './words.ts';

/** What figures say in words: the same on the page and in the day's report. Nothing here touches the browser. */
export interface Telling {
  readonly figures: FiguresPayload;
  readonly language: Language;
  readonly nameOf: (zone: string) => string;
  /** Read on another day than it was made: "today" means nothing there. */
  readonly isPrinted?: boolean;
  /** It is read by others than who looks after the branch: counts of one to four are told as that alone. */
  readonly leaves?: boolean;
}

/** What each figure means, one press away. */
export const infos = [
  'contact',
  'within',
  'never',
  'wait',
  'buzzes',
  'unseen',
  'curve',
  'heat',
  'queue',
  'arrivals',
  'ends',
  'latency',
  'equal',
] as const;
export type Info = (typeof infos)[number];

export interface Card {
  readonly info: Info;
  readonly title: string;
  readonly main: string;
  readonly unit: string;
  readonly second?: string;
  readonly of: string;
  readonly was?: string;
}

/** An en dash: what is not known, or not told. Never a 0. */
export const dash = '–';

/** A count as it is told. */
export const countOf = ({ leaves }: Pick<Telling, 'leaves'>, count: number): Few =>
  leaves === true ? few(count) : count;

/** All who came, by what became of them; what leaves the box lets no part of one to four be reckoned from the others. */
export interface ContactTold {
  /** Absent: told, it would tell of fewer than five. */
  readonly inTime: Few | undefined;
  readonly neverMet: Few | undefined;
  /** Absent too of fewer than 30 who came. */
  readonly share: number | undefined;
}

/**
 * @example
 * ```ts
 * contactOf({ leaves: true }, { came: 37, met: 35, inTime: 31, neverMet: 2 }); // 31 of them, '< 5' never, 0.84
 * ```
 */
export function contactOf(
  { leaves }: Pick<Telling, 'leaves'>,
  { came, met, inTime, neverMet }: Pick<FiguresPayload['contact'], 'came' | 'met' | 'inTime' | 'neverMet'>,
): ContactTold {
  if (leaves !== true) return { inTime, neverMet, share: shareOf(inTime, came) };
  const [inTimeTold, , neverTold] = withheld([inTime, met - inTime, neverMet]);
  const share = typeof inTimeTold === 'number' ? shareOf(inTime, came) : undefined;
  return { inTime: inTimeTold, neverMet: neverTold, share };
}

const isToday = ({ figures: { from, to, isOver } }: Telling): boolean => from === to && !isOver;

/** The period at the beginning of a sentence. */
function whenOf(telling: Telling): string {
  const { figures, language } = telling;
  if (isToday(telling) && telling.isPrinted !== true)
    return say(language, 'today').replace(/^[a-z]/, (letter) => letter.toUpperCase());
  const period = periodWords(figures.from, figures.to, language);
  return say(language, figures.from === figures.to ? 'onDay' : 'inDays', { period });
}

/** The first line, which answers what the page is opened for. */
export function sentenceOf(telling: Telling): string {
  const { figures, language } = telling;
  const { came } = figures.contact;
  const { inTime = dash, neverMet = dash, share } = contactOf(telling, figures.contact);
  const period = whenOf(telling);
  if (!figures.hasLines) {
    const meant =
      isToday(telling) && telling.isPrinted !== true
        ? say(language, 'today')
        : periodWords(figures.from, figures.to, language);
    return say(language, 'nothing', { period: meant });
  }
  if (came < leastPeople) return say(language, 'sentenceFew', { period });
  return say(language, 'sentence', {
    period,
    came,
    t: figures.targetSeconds,
    inTime:
      share === undefined
        ? say(language, 'ofFew', { n: inTime })
        : say(language, 'ofAll', { n: inTime, t: percent(share) }),
    never: say(language, 'ofFew', { n: neverMet }),
  });
}

/** Whether that is more or less than before, and than when. */
export function comparisonOf(telling: Telling): string | undefined {
  const { figures, language } = telling;
  const { before, contact } = figures;
  const { share } = contactOf(telling, contact);
  if (before === undefined || share === undefined) return undefined;
  const period = periodWords(before.from, before.to, language);
  const { share: was } = contactOf(telling, before.contact);
  if (was === undefined)
    return before.contact.came < leastForShare ? say(language, 'noCompare', { period }) : undefined;
  const points = Math.round(share * 100) - Math.round(was * 100);
  const word = points > 0 ? 'better' : points < 0 ? 'worse' : 'same';
  const told = say(language, word, { period, share: percent(was), came: before.contact.came });
  if (before.until === undefined) return told;
  const until = say(language, 'until', { t: clockWords(before.until, figures.timezone) });
  return language === 'zh' ? `${told}${until}` : `${told} ${until}`;
}

const spanWords = (
  from: string,
  to: string,
  { figures: { timezone, from: first, to: last }, language }: Telling,
) => {
  const dayOf = (moment: string) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(Date.parse(moment));
  const day = first === last ? '' : `${dayWords(dayOf(from), language)} `;
  return `${day}${clockWords(from, timezone)}–${clockWords(to, timezone)}`;
};
const mostSpansTold = 3;
const mostChangesTold = 3;

/** What must be known before a figure is believed: what was not seen, what is not over, what was changed. */
export function notesOf(telling: Telling): readonly string[] {
  const { figures, language, nameOf } = telling;
  const joined = (spans: FiguresPayload['unrecorded']) => {
    const told = spans.slice(0, mostSpansTold).map(({ from, to }) => spanWords(from, to, telling));
    const more = spans.length - told.length;
    return told.join(language === 'zh' ? '、' : ', ') + (more > 0 ? ` +${more}` : '');
  };
  return [
    ...(isToday(telling)
      ? [say(language, 'unfinished', { t: clockWords(figures.at, figures.timezone) })]
      : []),
    ...figures.unseen.zones.map(({ zone, spans }) =>
      say(language, 'unseenNote', { t: joined(spans), place: nameOf(zone) }),
    ),
    ...(figures.unrecorded.length === 0 ? [] : [say(language, 'offNote', { t: joined(figures.unrecorded) })]),
    ...(figures.contact.blind === 0
      ? []
      : [say(language, 'blindNote', { n: countOf(telling, figures.contact.blind) })]),
    ...figures.changes.slice(0, mostChangesTold).map(({ at, version, keys }) =>
      say(language, 'changedNote', {
        t:
          figures.from === figures.to
            ? clockWords(at, figures.timezone)
            : spanWords(at, at, telling).split('–')[0]!,
        version,
        keys: keys.map((key) => settingWords(key, language)).join(language === 'zh' ? '、' : ', '),
      }),
    ),
    ...(figures.changes.length > mostChangesTold
      ? [say(language, 'changedMore', { n: figures.changes.length - mostChangesTold })]
      : []),
    ...(figures.changes.some(({ keys }) => keys.some(({ path }) => path === 'contact.targetSeconds'))
      ? [say(language, 'changedTarget')]
      : []),
  ];
}

/** The queue of the card: the one most people waited in. */
export const mainQueue = ({ queues }: Pick<FiguresBefore, 'queues'>) => queues[0];

/** The six figures, each with its unit, of how many it is, and what it was. */
export function cardsOf(telling: Telling): readonly Card[] {
  const { figures, language, nameOf } = telling;
  const { contact, load, unseen, before } = figures;
  const isFew = contact.came < leastPeople;
  const time = (seconds: number | null | undefined) =>
    seconds === null || seconds === undefined ? dash : duration(seconds);
  const was = (value: string | undefined) =>
    value === undefined ? {} : { was: say(language, 'was', { t: value }) };
  const wasEnough = before !== undefined && before.contact.came >= leastPeople;
  const { inTime = dash, neverMet = dash, share } = contactOf(telling, contact);
  const beforeTold = before && contactOf(telling, before.contact);
  const wasShare = beforeTold?.share;
  const queue = mainQueue(figures);
  const queueBefore = before?.queues.find(({ zone }) => zone === queue?.zone);
  const unseenTime = (seconds: number) => (seconds === 0 ? '0' : hoursWords(seconds));
  return [
    {
      info: 'contact',
      title: say(language, 'firstContact'),
      main: isFew ? dash : time(contact.medianSeconds),
      unit: isFew ? '' : say(language, contact.medianSeconds === null ? 'notReached' : 'median'),
      ...(isFew
        ? {}
        : {
            second: `${time(contact.p90Seconds)} ${say(language, contact.p90Seconds === null ? 'notReached90' : 'p90')}`,
          }),
      of: isFew ? say(language, 'fewer') : say(language, 'of', { n: contact.came }),
      ...was(wasEnough ? time(before.contact.medianSeconds) : undefined),
    },
    {
      info: 'within',
      title: say(language, 'within', { t: figures.targetSeconds }),
      main: share === undefined ? dash : percent(share),
      unit: '',
      ...(contact.came < leastForShare && !isFew ? { second: say(language, 'noShare') } : {}),
      of: isFew ? say(language, 'fewer') : say(language, 'ofPart', { t: inTime, n: contact.came }),
      ...was(wasShare === undefined ? undefined : percent(wasShare)),
    },
    {
      info: 'never',
      title: say(language, 'neverMet'),
      main: isFew ? dash : String(neverMet),
      unit: '',
      of: isFew ? say(language, 'fewer') : say(language, 'of', { n: contact.came }),
      ...was(
        wasEnough
          ? say(language, 'ofPart', { t: beforeTold?.neverMet ?? dash, n: before.contact.came })
          : undefined,
      ),
    },
    {
      info: 'wait',
      title:
        queue === undefined ? say(language, 'wait') : say(language, 'waitIn', { place: nameOf(queue.zone) }),
      main: time(queue?.medianSeconds),
      unit: queue?.medianSeconds == null ? '' : say(language, 'median'),
      ...(queue?.p90Seconds == null ? {} : { second: `${time(queue.p90Seconds)} ${say(language, 'p90')}` }),
      of:
        queue === undefined
          ? say(language, 'noWaits')
          : queue.waits < leastPeople
            ? say(language, 'fewer')
            : say(language, 'waits', { n: queue.waits }),
      ...was(queueBefore?.medianSeconds == null ? undefined : time(queueBefore.medianSeconds)),
    },
    {
      info: 'buzzes',
      title: say(language, 'buzzes'),
      main: tenths(load.meanInTenMinutes),
      unit: say(language, 'watches', { n: load.watches }),
      second: say(language, 'mostIs', { t: load.mostInTenMinutes, n: figures.mostInTenMinutes }),
      of: say(language, 'buzzesOf', { n: load.buzzes }),
      ...was(before?.load.meanInTenMinutes == null ? undefined : tenths(before.load.meanInTenMinutes)),
    },
    {
      info: 'unseen',
      title: say(language, 'unseen'),
      main: figures.hasLines ? unseenTime(unseen.seconds) : dash,
      unit: say(language, 'hours'),
      of:
        unseen.zones.length === 0
          ? say(language, 'none')
          : [...unseen.zones]
              .sort((a, b) => b.seconds - a.seconds)
              .slice(0, 2)
              .map(({ zone, seconds }) => `${nameOf(zone)} ${hoursWords(seconds)}`)
              .join(' · '),
      ...was(before === undefined ? undefined : unseenTime(before.unseen.seconds)),
    },
  ];
}

/** `1.4`; of a little, and not nothing, that it is less than a tenth. */
const tenths = (value: number | null): string =>
  value === null ? dash : value > 0 && value < 0.05 ? '< 0.1' : value.toFixed(1);

/** `0:38` of hours and minutes. */
export const hoursWords = (seconds: number): string =>
  `${Math.floor(seconds / 3_600)}:${String(Math.floor((seconds % 3_600) / 60)).padStart(2, '0')}`;

/** Whether all are treated alike, in plain words. */
export function equalOf({ figures, language, nameOf }: Telling): readonly string[] {
  const { doors, hours, visits } = figures.equal;
  const time = (seconds: number | null) => (seconds === null ? say(language, 'never') : duration(seconds));
  const doorName = (group: string) => nameOf(group);
  const told = [
    ...doors.later.map(({ group, medianSeconds, othersMedianSeconds }) =>
      say(language, 'equalDoor', {
        group: doorName(group),
        median: time(medianSeconds),
        others: time(othersMedianSeconds),
      }),
    ),
    // Of two doors one is later and the other sooner: once is enough.
    ...(doors.later.length > 0
      ? []
      : doors.sooner.map((group) => say(language, 'equalSoonerDoor', { group: doorName(group) }))),
    ...hours.later.map(({ group, medianSeconds, othersMedianSeconds }) =>
      say(language, 'equalHour', {
        t: `${group}:00`,
        median: time(medianSeconds),
        others: time(othersMedianSeconds),
      }),
    ),
    ...(hours.later.length > 0
      ? []
      : hours.sooner.map((group) => say(language, 'equalSoonerHour', { t: `${group}:00` }))),
  ];
  const couldSay = [doors, hours].filter(({ outcome }) => outcome !== 'too-few').length;
  if (couldSay === 0) return [say(language, 'equalTooFew')];
  return [
    ...(told.length > 0 ? told : [say(language, 'equalChance', { n: visits })]),
    ...(doors.outcome === 'too-few' ? [say(language, 'equalOnlyHours')] : []),
    ...(hours.outcome === 'too-few' ? [say(language, 'equalOnlyDoors')] : []),
    ...(doors.tooFew.length === 0 && hours.tooFew.length === 0
      ? []
      : [
          say(language, 'equalLeftOut', {
            groups: [
              ...doors.tooFew.map(doorName),
              ...hours.tooFew
                .map(Number)
                .sort((a, b) => a - b)
                .map((hour) => `${hour}:00`),
            ].join(language === 'zh' ? '、' : ', '),
          }),
        ]),
  ];
}

/** The question in SQL behind a figure. */
export function sqlOf(figures: FiguresPayload, info: Info): string {
  switch (info) {
    case 'contact':
    case 'within':
    case 'never':
      return figures.contact.sql;
    case 'wait':
      return figures.hours.queuesSql;
    case 'buzzes':
      return figures.load.sql;
    case 'unseen':
      return figures.unseen.sql;
    case 'curve':
      return figures.curve.sql;
    case 'heat':
      return figures.heat.sql;
    case 'queue':
      return figures.hours.waitsSql;
    case 'arrivals':
      return figures.hours.arrivalsSql;
    case 'ends':
      return figures.prompts.sql;
    case 'latency':
      return figures.latency.sql;
    case 'equal':
      return figures.equal.sql;
  }
}

/** `0.03`, `0.4`, `12`, `160` of person-minutes: as many figures as it is worth, and no 0 that is none. */
export const amount = (minutes: number): string =>
  minutes >= 10
    ? String(Math.round(minutes))
    : minutes > 0 && minutes < 0.1
      ? minutes.toPrecision(1)
      : minutes.toFixed(1);
