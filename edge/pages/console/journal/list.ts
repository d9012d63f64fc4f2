import type { JournalPage, JournalRow } from '../../../../src/contract/journal-page.ts';

/** What the journal's page shows of the journal, and how each answer changes it. Nothing here touches the browser. */
export interface List {
  /** Newest first. */
  readonly rows: readonly JournalRow[];
  /** Newer ones that came while somebody was reading: they wait, so that no row moves under a hand. */
  readonly held: readonly JournalRow[];
  /** What was held does not reach down to what is shown: showing it begins anew. */
  readonly isApart: boolean;
  /** What to ask for the rows after the last; absent: there are none. */
  readonly next?: Asked;
  readonly keptDays: number;
  readonly begins?: string;
}

/** Bounds of one question; filters come on top. */
export interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly before?: number;
}

/** What is shown is narrowed by these; all of it stands in the address. */
export interface Filter {
  readonly day?: string;
  readonly place?: string;
  readonly kind?: string;
  readonly what?: string;
}

/** Of one line there may be several rows: of health, a place each. */
export const keyOf = (row: JournalRow): string =>
  row.what === 'health' ? `${row.n} ${row.change} ${row.place ?? row.camera ?? ''}` : String(row.n);

/**
 * What to ask next: the page after this one, then what is before the last hour.
 *
 * @param asked what this page was the answer to
 */
function nextOf(asked: Asked, { more, from, begins }: JournalPage): Asked | undefined {
  if (more !== undefined) return { ...asked, ...(from === undefined ? {} : { from }), before: more };
  const isOpening = asked.from === undefined && from !== undefined;
  return isOpening && begins !== undefined && begins < from ? { to: from } : undefined;
}

const bounds = (page: JournalPage) => ({
  keptDays: page.keptDays,
  ...(page.begins === undefined ? {} : { begins: page.begins }),
});
const nextIn = (next: Asked | undefined) => (next === undefined ? {} : { next });

export function begun(asked: Asked, page: JournalPage): List {
  return { rows: page.rows, held: [], isApart: false, ...nextIn(nextOf(asked, page)), ...bounds(page) };
}

/** Older rows, put below. */
export function continued(list: List, asked: Asked, page: JournalPage): List {
  const known = new Set(list.rows.map(keyOf));
  const older = page.rows.filter((row) => !known.has(keyOf(row)));
  const { next: _, ...rest } = list;
  return { ...rest, rows: [...list.rows, ...older], ...nextIn(nextOf(asked, page)) };
}

/**
 * The newest page, read again: rows that are shown are brought up to date where they stand; new ones are put on top, or
 * held.
 */
export function refreshed(list: List, page: JournalPage, mayMove: boolean): List {
  const fresh = new Map(page.rows.map((row) => [keyOf(row), row]));
  const known = new Set(list.rows.map(keyOf));
  const newest = list.rows[0]?.n ?? -1;
  const rows = list.rows.map((row) => fresh.get(keyOf(row)) ?? row);
  const came = page.rows.filter((row) => !known.has(keyOf(row)) && row.n > newest);
  const isApart = list.rows.length > 0 && page.more !== undefined && came.length === page.rows.length;
  const next = { ...list, ...bounds(page), rows, held: came, isApart };
  return mayMove && !isApart ? shown(next) : next;
}

/** What was held, put on top. */
export const shown = (list: List): List => ({ ...list, rows: [...list.held, ...list.rows], held: [] });

/** Rows under the day they are of, in the order they come in. */
export function byDay(
  rows: readonly JournalRow[],
  dayOf: (at: string) => string,
): readonly { readonly day: string; readonly rows: readonly JournalRow[] }[] {
  const days: { day: string; rows: JournalRow[] }[] = [];
  for (const row of rows) {
    const day = dayOf(row.at);
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
}

const filterNames = ['day', 'place', 'kind', 'what'] as const;

/** The filter in an address; what is no day is left out. */
export function filterOf(address: string): Filter {
  const query = new URLSearchParams(address.split('?')[1] ?? '');
  const given = filterNames.flatMap((name) => {
    const value = query.get(name) ?? '';
    const isFit = name === 'day' ? /^\d{4}-\d\d-\d\d$/.test(value) : value !== '';
    return isFit ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}

/** The way back: `?place=main-door&what=quiet`, or nothing. */
export function queryOf(filter: Filter): string {
  const query = new URLSearchParams();
  for (const name of filterNames) if (filter[name] !== undefined) query.set(name, filter[name]);
  const text = query.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}

/**
 * When a day of the branch's calendar begins, and when the next one does: 23 or 25 hours later where clocks change.
 *
 * @example
 * dayBounds('2026-11-24', 'Asia/Shanghai').from; // '2026-11-23T16:00:00.000Z'
 */
export function dayBounds(day: string, timezone: string | undefined): { from: string; to: string } {
  const next = new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { from: midnight(day, timezone), to: midnight(next, timezone) };
}

function midnight(day: string, timezone: string | undefined): string {
  const clock = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timezone === undefined ? {} : { timeZone: timezone }),
  });
  const wanted = Date.parse(`${day}T00:00:00Z`);
  let moment = wanted;
  // Twice: the first guess may lie on the other side of a change of the clocks.
  for (let guess = 0; guess < 2; guess += 1) {
    const part = Object.fromEntries(clock.formatToParts(moment).map(({ type, value }) => [type, value]));
    const shown = Date.parse(
      `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}Z`,
    );
    moment += wanted - shown;
  }
  return new Date(moment).toISOString();
}
