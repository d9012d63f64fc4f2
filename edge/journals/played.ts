import type { JournalLine } from '../../src/contract/journal.ts';
import type { ReadableJournal } from '../../src/ports/journal.ts';
import { createBranchDays, shiftDay } from '../../src/service/branch-days.ts';
import { quoted, type Table, tablesOf, toLine } from './tables.ts';

/** A line as it is taken to whoever plays it back: its kind, when it was, and the rest as text. */
export type PlayedRow = readonly [kind: JournalLine['kind'], at: number, text: string];

/** Lines a day is made from anew, whole; the rest of the journal follows from them. */
const whole = ['prompt', 'stay', 'duty', 'ack', 'health', 'begun', 'settings'] as const;
/** As it happened, and not worked out. */
const happened = "happening IN ('arrived', 'departed', 'contacted')";
/** Some 900 kB of a full lobby, handed on in some ten milliseconds; a question costs as much as five minutes of it. */
const pageMs = 15 * 60_000;
const mostRows = 100_000;

const read = `
  SELECT n, 'scene' AS kind, epoch_ms(moment) AS at, to_json(people)::VARCHAR AS line
    FROM scene WHERE moment >= $1::TIMESTAMP AND moment < $2::TIMESTAMP
  UNION ALL SELECT n, 'verdict', epoch_ms(moment), to_json(u)::VARCHAR
    FROM (SELECT * FROM verdict WHERE moment >= $1::TIMESTAMP AND moment < $2::TIMESTAMP AND ${happened}) u
  UNION ALL SELECT min(n), 'zone', epoch_ms(moment), ''
    FROM zone WHERE moment >= $1::TIMESTAMP AND moment < $2::TIMESTAMP GROUP BY moment
  ${whole
    .map(
      (kind) => `UNION ALL SELECT n, '${kind}', epoch_ms(moment), to_json(u)::VARCHAR
    FROM (SELECT * FROM ${quoted(kind)} WHERE moment >= $1::TIMESTAMP AND moment < $2::TIMESTAMP) u`,
    )
    .join('\n  ')}
  ORDER BY n`;

/** What was so when the day began: who was on duty, and what nobody saw. */
const before = `
  SELECT n, 'duty' AS kind, epoch_ms(moment) AS at, to_json(u)::VARCHAR AS line FROM (
    SELECT * FROM duty WHERE moment >= $1::TIMESTAMP - INTERVAL 1 DAY AND moment < $1::TIMESTAMP
    QUALIFY row_number() OVER (PARTITION BY watch ORDER BY n DESC) = 1) u
  UNION ALL SELECT n, 'health', epoch_ms(moment), to_json(u)::VARCHAR FROM (
    SELECT * FROM health WHERE moment >= $1::TIMESTAMP - INTERVAL 1 DAY AND moment < $1::TIMESTAMP
    ORDER BY n DESC LIMIT 1) u
  ORDER BY n`;

/**
 * What a day is played back from, oldest first, some minutes at a time: no more is in memory, and between two pages
 * whatever else waits has its turn. Rows are not looked into here: that is for another thread.
 *
 * @param day `2026-11-24`, of the branch's calendar
 * @param isFirst whether what was so before it is read too
 */
export async function* playedPages(
  journal: Pick<ReadableJournal, 'query'>,
  day: string,
  timezone?: string,
  isFirst = true,
): AsyncGenerator<readonly PlayedRow[]> {
  const calendar = createBranchDays(timezone ?? 'UTC');
  const [from, to] = [day, shiftDay(day, 1)].map((one) => calendar.momentOf(one) * 1000) as [number, number];
  const moment = (at: number) => new Date(at).toISOString();
  const bounds = { rows: mostRows, seconds: 30 };
  if (isFirst) {
    const rows = await journal.query(before, [moment(from)], bounds);
    // It is so from the first moment of the day on.
    yield rows.rows.map(([, kind, , line]) => [kind as JournalLine['kind'], from, String(line)]);
  }
  const spans = await journal.query(
    `SELECT DISTINCT (epoch_ms(moment) - ${from}) // ${pageMs} AS page FROM (
      SELECT moment FROM scene UNION ALL SELECT moment FROM verdict UNION ALL SELECT moment FROM zone UNION ALL
      SELECT moment FROM prompt UNION ALL SELECT moment FROM stay UNION ALL SELECT moment FROM duty UNION ALL
      SELECT moment FROM ack UNION ALL SELECT moment FROM health UNION ALL SELECT moment FROM begun)
    WHERE moment >= $1::TIMESTAMP AND moment < $2::TIMESTAMP ORDER BY page`,
    [moment(from), moment(to)],
    bounds,
  );
  for (const [page] of spans.rows) {
    const begins = from + Number(page) * pageMs;
    const { rows } = await journal.query(
      read,
      [moment(begins), moment(Math.min(to, begins + pageMs))],
      bounds,
    );
    yield rows.map(([, kind, at, line]) => [kind as JournalLine['kind'], Number(at), String(line)]);
  }
}

/**
 * Reads such pages. A scene says who was where and nothing else; a line of zones only that somebody looked.
 *
 * @example
 * const linesOf = createPlayedLines();
 * for (const line of linesOf(rows)) whatIf.take(line);
 */
export function createPlayedLines(): (rows: readonly PlayedRow[]) => Iterable<JournalLine> {
  const tables = new Map<string, Table>(tablesOf().map((table) => [table.kind, table]));
  return function* (rows) {
    for (const [kind, ms, text] of rows) {
      const at = new Date(ms).toISOString();
      if (kind === 'scene') yield { v: 1, at, kind, run: '0000', people: JSON.parse(text) };
      else if (kind === 'zone') yield { v: 1, at, kind, zone: 'hall' };
      else yield { ...toLine(tables.get(kind)!, JSON.parse(text)), at };
    }
  };
}
