import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { FiguresPayload } from '../../src/contract/figures.ts';
import { type Day, type Hours, days as weekdays } from '../../src/contract/hours.ts';
import { type ReportPayload, reportSchema } from '../../src/contract/topics.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ReadableJournal } from '../../src/ports/journal.ts';
import { type BranchDays, shiftDay } from '../../src/service/branch-days.ts';
import { toMoment } from '../../src/service/wire.ts';
import { figuresCsv } from './figures-csv.ts';
import { questions } from './questions.ts';
import { reportPayload } from './report-payload.ts';
import type { Figures } from './serve-figures.ts';

export interface ReportsOptions {
  /** The data folder: reports lie in its `reports`. */
  readonly folder: string;
  /** As many as the journal's days. */
  readonly keptDays: number;
  readonly hours?: Hours;
  readonly days: BranchDays;
  readonly journal: Pick<ReadableJournal, 'query'>;
  readonly figures: Figures;
  readonly html: (figures: FiguresPayload, language: 'zh' | 'en') => string;
  /** Customers that are seen now; a report waits for the last of them, for half an hour at most. */
  readonly inLobby: () => number;
  readonly publish: (report: ReportPayload) => void;
  readonly clock: Clock;
  readonly onRemark: (sentence: string) => void;
}

export interface Reports {
  /** Looks once whether a day is over that has no report; it happens by itself once a minute. */
  look(): Promise<void>;
  /** A report that was made, as it was made. */
  read(day: string, language: 'zh' | 'en'): string | undefined;
  /** Days of which there is a report, the oldest first. */
  days(): readonly string[];
  /** What was made for the broker; nothing where a disk took it. */
  payload(day: string): ReportPayload | undefined;
  /** Goes on until the signal. */
  watch(signal: AbortSignal): Promise<void>;
}

const lookEverySeconds = 60;
/** A start is for prompts. */
const firstLookSeconds = 30;
/** Who is being served at closing is met and leaves a little later. */
const mostAfterClosing: Seconds = 1_800;
const name = /^(\d{4}-\d{2}-\d{2})\.(?:zh\.html|en\.html|csv|json)$/;

/**
 * When a day is over, of which a report can be made: at the end of its last opening hours, or at midnight where it has
 * none.
 */
export function closingOf(day: string, hours: Hours | undefined, days: BranchDays): Seconds {
  const weekday = weekdays[(new Date(Date.parse(day)).getUTCDay() + 6) % 7] as Day;
  const ends = (hours?.[weekday] ?? []).map((span) => span.slice(6)).sort();
  const last = ends.at(-1);
  return last === undefined ? days.momentOf(shiftDay(day, 1)) : days.momentOf(day, last);
}

/**
 * Makes the report of each day when it is over: two pages, a table, and counts for the broker.
 *
 *     closing ─▶ nobody is left, or 30 min ─▶ .zh.html .en.html .csv ─▶ .json, on the disk ─▶ published
 *
 * The last file says that it is done: killed before it, the report is made again; after it, never again. A box that
 * was off at closing makes it when it is back. Only the newest is published, and again after a start: it is retained,
 * and a broker may have forgotten.
 */
export function createReports(options: ReportsOptions): Reports {
  const { keptDays, hours, days, journal, figures, clock, publish, onRemark } = options;
  const folder = join(options.folder, 'reports');
  let isTold = false;
  let isPublished = false;
  /** Past days of which nothing was written: they have no report, and are not asked for again. */
  const empty = new Set<string>();

  const made = (): readonly string[] => {
    try {
      return readdirSync(folder).filter((file) => name.test(file));
    } catch {
      return [];
    }
  };
  const put = (file: string, text: string) => {
    const path = join(folder, file);
    const beside = `${path}.new`;
    const handle = openSync(beside, 'w', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    chmodSync(beside, 0o600);
    renameSync(beside, path);
  };

  async function make(day: string): Promise<void> {
    const found = await figures.ask({ day, compare: 'same-weekday', short: 'in' });
    const report = reportPayload(found);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    put(`${day}.zh.html`, options.html(found, 'zh'));
    put(`${day}.en.html`, options.html(found, 'en'));
    put(`${day}.csv`, figuresCsv(found));
    put(`${day}.json`, `${JSON.stringify(report)}\n`);
    onRemark(`the report of ${day} was made`);
  }

  const madeDays = (): readonly string[] =>
    made()
      .flatMap((file) => (file.endsWith('.json') ? [file.slice(0, 10)] : []))
      .sort();
  const payloadOf = (day: string): ReportPayload | undefined => {
    try {
      return reportSchema.parse(JSON.parse(readFileSync(join(folder, `${day}.json`), 'utf8')));
    } catch {
      return undefined;
    }
  };

  function publishNewest(): void {
    const newest = madeDays().at(-1);
    if (newest === undefined) return;
    const report = payloadOf(newest);
    // A disk took it, or it is of another version: it is made again.
    if (report === undefined) rmSync(join(folder, `${newest}.json`), { force: true });
    else publish(report);
  }

  function prune(today: string): void {
    const first = shiftDay(today, 1 - keptDays);
    for (const file of made()) if (file < first) rmSync(join(folder, file), { force: true });
  }

  async function lookNow(): Promise<void> {
    const now = clock.now();
    const today = days.dayOf(now);
    if (!isPublished) publishNewest();
    isPublished = true;
    const there = new Set(madeDays());
    const isDue = (day: string) => {
      const over = closingOf(day, hours, days);
      if (now < over) return false;
      return now >= over + mostAfterClosing || options.inLobby() === 0;
    };
    const wanted = Array.from({ length: keptDays }, (_, back) => shiftDay(today, -back))
      .filter((day) => !there.has(day) && !empty.has(day) && isDue(day))
      .sort();
    if (wanted.length === 0) return;
    const span = {
      begins: toMoment(days.momentOf(wanted[0]!)),
      ends: toMoment(days.momentOf(shiftDay(wanted.at(-1)!, 1))),
      timezone: days.timezone,
    };
    const written = new Set(
      (await journal.query(questions.days(span), [], { rows: 1_000, seconds: 60 })).rows.map(([day]) =>
        String(day),
      ),
    );
    let isNew = false;
    for (const day of wanted) {
      if (!written.has(day)) {
        if (day < today) empty.add(day);
        continue;
      }
      await make(day);
      isNew = true;
    }
    if (!isNew) return;
    publishNewest();
    prune(today);
  }

  async function look(): Promise<void> {
    try {
      await lookNow();
      isTold = false;
    } catch (error) {
      if (!isTold)
        onRemark(`the report of the day could not be made (${(error as Error).message}): it is tried again`);
      isTold = true;
    }
  }

  return {
    look,
    days: madeDays,
    payload: payloadOf,
    read(day, language) {
      if (!made().includes(`${day}.json`)) return undefined;
      try {
        return readFileSync(join(folder, `${day}.${language}.html`), 'utf8');
      } catch {
        return undefined;
      }
    },
    async watch(signal) {
      await clock.sleep(firstLookSeconds, signal);
      while (!signal.aborted) {
        await look();
        await clock.sleep(lookEverySeconds, signal);
      }
    },
  };
}
