import { leastPeople } from '../../src/core/figures/share.ts';
import { quoted, texted } from '../journals/tables.ts';

/** Which part of the journal is asked. */
export interface Span {
  /** ISO 8601: the first moment, and the one after the last. */
  readonly begins: string;
  readonly ends: string;
  readonly timezone: string;
}

/** Whoever turns round within so long was no visit, some say: a switch leaves them out. */
export const shortSeconds = 5;

/** A moment as SQL has it: UTC, and to be read. */
const at = (moment: string) => `TIMESTAMP ${texted(moment.replace('T', ' ').replace(/\.000Z$|Z$/, ''))}`;
const within = (column: string, { begins, ends }: Span) =>
  `${column} >= ${at(begins)} AND ${column} < ${at(ends)}`;
const wall = (column: string, { timezone }: Span) =>
  `timezone(${texted(timezone)}, timezone('UTC', ${column}))`;

const isShort = `ended = 'departed' AND metAt IS NULL AND date_diff('millisecond', arrivedAt, endedAt) < ${shortSeconds * 1000}`;
const counted = (span: Span, withoutShort: boolean) =>
  `${within('arrivedAt', span)}${withoutShort ? `\n  AND NOT (${isShort})` : ''}`;

/**
 * The questions behind the figures, each whole as it is asked: what is shown under a figure is what was asked, and
 * anybody may ask it again. Bounds are days of the branch, written in UTC as the journal has its moments.
 */
export const questions = {
  /** Those never met are endlessly late: a median of those met alone would flatter. */
  contact: (span: Span, targetSeconds: number, withoutShort: boolean) => `SELECT count(*) AS came,
  count(*) FILTER (waitedSeconds <= ${targetSeconds}) AS inTime,
  count(metAt) AS met,
  count(*) - count(metAt) AS neverMet,
  nullif(quantile_disc(coalesce(waitedSeconds, 'infinity'), 0.5), 'infinity') AS medianSeconds,
  nullif(quantile_disc(coalesce(waitedSeconds, 'infinity'), 0.9), 'infinity') AS p90Seconds,
  count(*) FILTER (${isShort}) AS short,
  count(*) FILTER (blindSeconds > 0) AS blind
FROM stays
WHERE ${counted(span, withoutShort)}`,

  curve: (span: Span, withoutShort: boolean) => `SELECT waitedSeconds AS seconds, count(*) AS met
FROM stays
WHERE metAt IS NOT NULL AND ${counted(span, withoutShort)}
GROUP BY seconds ORDER BY seconds`,

  queues: (span: Span) => `SELECT zone, count(*) AS waits, count(*) FILTER (served = false) AS gaveUp,
  quantile_disc(waitedSeconds, 0.5) AS medianSeconds,
  quantile_disc(waitedSeconds, 0.9) AS p90Seconds
FROM waits
WHERE ${within('moment', span)}
GROUP BY zone ORDER BY waits DESC, zone`,

  waitsByHour: (span: Span) => `SELECT zone, hour, coalesce(waits, 0) AS waits, medianSeconds, p90Seconds,
  meanWaiting, mostWaiting, coalesce(seenMinutes, 0) AS seenMinutes, coalesce(blindMinutes, 0) AS blindMinutes
FROM (
  SELECT zone, hour(${wall('moment', span)}) AS hour, count(*) AS waits,
    quantile_disc(waitedSeconds, 0.5) AS medianSeconds,
    quantile_disc(waitedSeconds, 0.9) AS p90Seconds
  FROM waits WHERE ${within('moment', span)} GROUP BY ALL)
FULL JOIN (
  SELECT zone, hour(${wall('moment', span)}) AS hour, avg(waiting) AS meanWaiting, max(waiting) AS mostWaiting,
    count(*) FILTER (blind IS NULL) AS seenMinutes, count(*) FILTER (blind) AS blindMinutes
  FROM zone WHERE ${within('moment', span)}
    AND zone IN (SELECT zone FROM zone WHERE waiting IS NOT NULL UNION SELECT zone FROM waits)
  GROUP BY ALL) USING (zone, hour)
ORDER BY zone, hour`,

  arrivalsByHour: (
    span: Span,
    withoutShort: boolean,
  ) => `SELECT door, hour(${wall('arrivedAt', span)}) AS hour, count(*) AS came
FROM stays
WHERE ${counted(span, withoutShort)}
GROUP BY ALL ORDER BY door, hour`,

  /** Staff and customers apart; a cell in which fewer than five stood is counted, and not told. */
  heat: (span: Span, cellMetres: number, sceneSeconds: number) => `WITH cells AS (
  SELECT round(x / ${cellMetres}) * ${cellMetres} AS x, round(y / ${cellMetres}) * ${cellMetres} AS y,
    CASE WHEN role = 'staff' THEN 'staff' ELSE 'customers' END AS who,
    count(*) * ${sceneSeconds} / 60 AS personMinutes, count(DISTINCT visit) AS people
  FROM dots WHERE ${within('moment', span)} GROUP BY ALL)
SELECT x, y, who, personMinutes FROM cells WHERE people >= ${leastPeople}
UNION ALL
SELECT NULL, NULL, 'not told', count(*) FROM cells WHERE people < ${leastPeople}`,

  prompts: (span: Span) => `SELECT outcome AS "end", count(*) AS prompts,
  count(*) FILTER (acceptedAt IS NULL AND reason IS DISTINCT FROM 'answered') AS withoutTap,
  count(*) FILTER (passedOn) AS passedOn
FROM prompts
WHERE ${within('raisedAt', span)}
GROUP BY outcome ORDER BY prompts DESC`,

  /** A watch's time is from its first sign of a day to its last, ten minutes at least. */
  load: (span: Span) => `WITH signs AS (
  SELECT watch, moment, answer = 'delivered' AS isBuzz FROM ack WHERE ${within('moment', span)}
  UNION ALL
  SELECT watch, moment, false FROM duty WHERE ${within('moment', span)}),
days AS (
  SELECT watch, count(*) FILTER (isBuzz) AS buzzes,
    greatest(1, date_diff('second', min(moment), max(moment)) / 600) AS tens
  FROM signs GROUP BY watch, ${wall('moment', span)}::DATE),
windows AS (
  SELECT count(*) OVER (PARTITION BY watch ORDER BY moment
    RANGE BETWEEN INTERVAL 10 MINUTE PRECEDING AND CURRENT ROW) AS buzzes
  FROM signs WHERE isBuzz)
SELECT count(DISTINCT watch) AS watches, coalesce(sum(buzzes), 0) AS buzzes,
  sum(buzzes) / sum(tens) AS meanInTenMinutes,
  coalesce((SELECT max(buzzes) FROM windows), 0) AS mostInTenMinutes
FROM days`,

  /** A minute in which a zone was not seen; minutes in a row are one stretch. */
  unseen: (span: Span) => `WITH blind AS (
  SELECT zone, moment, sum(isNew) OVER (PARTITION BY zone ORDER BY moment) AS stretch
  FROM (
    SELECT zone, moment, CASE WHEN moment - lag(moment) OVER (PARTITION BY zone ORDER BY moment)
      <= INTERVAL 150 SECOND THEN 0 ELSE 1 END AS isNew
    FROM zone WHERE blind AND ${within('moment', span)}))
SELECT zone, min(moment) AS "from", max(moment) + INTERVAL 1 MINUTE AS "to", count(*) * 60 AS seconds,
  (SELECT count(DISTINCT moment) * 60 FROM blind) AS anySeconds
FROM blind GROUP BY zone, stretch ORDER BY zone, "from"`,

  /** Without anybody of whom nobody could look: a contact may have been missed. */
  equal: (
    span: Span,
    withoutShort: boolean,
  ) => `SELECT zone AS door, ${wall('arrivedAt', span)}::DATE::VARCHAR AS day,
  hour(${wall('arrivedAt', span)}) AS hour, epoch(arrivedAt) AS arrivedAt, waitedSeconds,
  CASE WHEN ended IS NULL THEN date_diff('millisecond', arrivedAt, moment) / 1000 END AS knownForSeconds
FROM stay
WHERE zone IS NOT NULL AND coalesce(blindSeconds, 0) = 0 AND ${within('arrivedAt', span)}${
    withoutShort
      ? `\n  AND NOT (ended = 'departed' AND metAt IS NULL AND date_diff('millisecond', arrivedAt, moment) < ${shortSeconds * 1000})`
      : ''
  }
ORDER BY arrivedAt, n`,

  latency: (
    span: Span,
  ) => `SELECT count(parts['total']) AS prompts, quantile_disc(parts['total'], 0.5) AS p50Seconds,
  quantile_disc(parts['total'], 0.95) AS p95Seconds
FROM latency
WHERE ${within('moment', span)}`,

  /** What somebody changed: neither what is on trial, nor a profile whose day it is. */
  changes: (span: Span) => `SELECT moment, version, role, json_keys(new) AS keys
FROM settings
WHERE ${within('moment', span)} AND profile IS NULL AND (shadow IS NULL OR shadow.how = 'made-live')
ORDER BY n`,

  /** Waits of all queues together. */
  allWaits: (span: Span) => `SELECT count(*) AS waits, quantile_disc(waitedSeconds, 0.5) AS medianSeconds,
  quantile_disc(waitedSeconds, 0.9) AS p90Seconds
FROM waits
WHERE ${within('moment', span)}`,

  /** Whether the journal goes back to where the span begins; what is older was let go of, or never there. */
  reaches: ({ begins }: Span) => `SELECT coalesce(min(first) <= ${at(begins)}, false) AS reaches
FROM (SELECT min(moment) AS first FROM begun UNION ALL SELECT min(moment) FROM zone UNION ALL SELECT min(arrivedAt) FROM stay)`,

  /** Minutes of which something was written. */
  recorded: (span: Span) => `SELECT count(DISTINCT date_trunc('minute', moment)) AS recordedMinutes
FROM zone
WHERE ${within('moment', span)}`,

  /** Between two minutes of which something was written lie more than three. */
  unrecorded: (span: Span) => `SELECT "from", "to" FROM (
  SELECT moment AS "from", lead(moment) OVER (ORDER BY moment) AS "to"
  FROM (SELECT DISTINCT moment FROM zone WHERE ${within('moment', span)}))
WHERE "to" - "from" > INTERVAL 3 MINUTE
ORDER BY 1`,

  /** Days of which something was written while the branch was open, or somebody came. */
  days: (span: Span) => `SELECT DISTINCT ${wall('moment', span)}::DATE::VARCHAR AS day
FROM (SELECT moment FROM zone UNION ALL SELECT arrivedAt FROM stay)
WHERE ${within('moment', span)}
ORDER BY day`,

  hasLines: (span: Span) =>
    `SELECT ${['zone', 'stay', 'verdict', 'scene', 'health', 'begun']
      .map((kind) => `EXISTS (SELECT 1 FROM ${quoted(kind)} WHERE ${within('moment', span)})`)
      .join('\n  OR ')} AS hasLines`,
} as const;
