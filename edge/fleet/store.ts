import pg from 'pg';
import type { FleetDay, FleetHour, FleetState } from '../../src/contract/fleet.ts';
import type { FleetSettings } from '../../src/contract/fleet-settings.ts';
import { few } from '../../src/core/figures/share.ts';
import { explainStoreError, isPassing, type StoreAddress } from './store-address.ts';

/** What became of a message that was fit: put, or there already as new or newer. */
export type Put = 'taken' | 'known';

/** The fleet's store: what branches told, in PostgreSQL. */
export interface FleetStore {
  /** Resolves when it is on the disk of the database. */
  putHour(hour: FleetHour): Promise<Put>;
  putDay(day: FleetDay): Promise<Put>;
  putSettings(settings: FleetSettings): Promise<Put>;
  putStates(states: readonly FleetState[]): Promise<void>;
  /** Counts messages that were refused, by why. */
  count(outcome: string, messages: number): Promise<void>;
  /** Lets go of whole months; gives the names of the tables that went. */
  forgetBefore(day: string): Promise<readonly string[]>;
  ask(sql: string, values?: readonly unknown[]): Promise<StoreAnswer>;
  close(): Promise<void>;
}

export interface StoreAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

const connectTimeoutMs = 5_000;
/** A question that a dashboard asks of a year of a thousand branches takes some seconds. */
const statementTimeoutMs = 60_000;

/**
 * Opens a connection to the store. It does not come back by itself: whoever has lost it opens another, and knows by
 * that what was not written.
 *
 * @throws {LobbyError} `LOBBY_STORE_UNREACHABLE`, `LOBBY_STORE_REFUSED`
 */
export async function openStore(address: StoreAddress, onLost?: () => void): Promise<FleetStore> {
  const client = new pg.Client({
    ...address.connection,
    application_name: 'lobby fleet',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    keepAlive: true,
    // Numbers, days and moments as PostgreSQL writes them.
    types: { getTypeParser: () => (text: string) => text },
  });
  client.on('error', () => onLost?.());
  client.on('end', () => onLost?.());
  try {
    await client.connect();
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw explainStoreError(cause, address);
  }
  const months = new Set<string>();
  /** One statement after the other: messages, states and what is let go of come as they like. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const answer = last.then(work);
    last = answer.catch(() => undefined);
    return answer;
  };
  const run = (text: string, values: readonly unknown[] = []) =>
    inTurn(() => client.query({ text, values: [...values], name: nameOf(text) }));
  /** A month's table is made when the first message of it comes. */
  const needMonth = async (table: 'hours' | 'days', day: string) => {
    const month = `${table} ${day.slice(0, 7)}`;
    if (months.has(month)) return;
    await run('SELECT fleet_kept.make_month($1, $2)', [table, day]);
    months.add(month);
  };
  const put = async (table: 'hours' | 'days', day: string, sql: string, values: readonly unknown[]) => {
    await needMonth(table, day);
    try {
      return (await run(sql, values)).rows[0].outcome as Put;
    } catch (error) {
      // Somebody has dropped the month since.
      if ((error as { code?: string }).code !== noPartition) throw error;
      months.clear();
      await needMonth(table, day);
      return (await run(sql, values)).rows[0].outcome as Put;
    }
  };

  return {
    putHour: (hour) => put('hours', hour.hour.slice(0, 10), putHourSql, hourValues(hour)),
    putDay: (day) => put('days', day.report.day, putDaySql, dayValues(day)),
    putSettings: async (said) => (await run(putSettingsSql, settingsValues(said))).rows[0].outcome as Put,
    async putStates(states) {
      if (states.length === 0) return;
      await run(putStatesSql, [JSON.stringify(states)]);
    },
    async count(outcome, messages) {
      await run(countSql, [outcome, messages]);
    },
    async forgetBefore(day) {
      const { rows } = await run('SELECT fleet_kept.forget_before($1) AS part', [day]);
      months.clear();
      return rows.map(({ part }) => String(part));
    },
    async ask(sql, values = []) {
      try {
        const answer = await inTurn(() => client.query({ text: sql, values: [...values], rowMode: 'array' }));
        // Of several statements, the last one's.
        const { fields, rows } = (Array.isArray(answer) ? answer.at(-1) : answer) as typeof answer;
        return { columns: fields.map(({ name, dataTypeID }) => ({ name, type: typeOf(dataTypeID) })), rows };
      } catch (cause) {
        throw isPassing(cause) ? explainStoreError(cause, address) : cause;
      }
    },
    close: () => client.end().catch(() => undefined),
  };
}

/** "No partition of relation … found for row." */
const noPartition = '23514';
/** Statements are parsed once a connection. */
const nameOf = (text: string): string => {
  let hash = 5381;
  for (let i = 0; i < text.length; i += 1) hash = (hash * 33 + text.charCodeAt(i)) | 0;
  return `q${hash >>> 0}`;
};
const numbers: readonly number[] = [20, 21, 23, 700, 701, 1_700];
const typeOf = (id: number): string => (numbers.includes(id) ? 'NUMERIC' : 'TEXT');

/** One to four are kept as nothing; a sender that tells them all the same is not repeated. */
const known = (count: number | '< 5'): number | null =>
  typeof count === 'number' && few(count) !== '< 5' ? count : null;
const orNull = <Value>(value: Value | undefined): Value | null => value ?? null;

/** Puts a row unless there is one that is as new, and counts which it was, in one statement: all of it, or nothing. */
function putSql(
  table: 'hours' | 'days' | 'settings',
  keys: readonly string[],
  columns: readonly string[],
  made: Readonly<Record<string, string>> = {},
  counts = 'excluded.at > kept.at',
): string {
  const given = [...keys, 'at', ...columns];
  const all = [...given, ...Object.keys(made)];
  const places = [...given.map((_, i) => `$${i + 1}`), ...Object.values(made)];
  const set = ['at', ...columns, ...Object.keys(made)].map((name) => `${name} = excluded.${name}`).join(', ');
  return `WITH put AS (
  INSERT INTO fleet_kept.${table} AS kept (${all.join(', ')}) VALUES (${places.join(', ')})
  ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${set}, heard = now() WHERE ${counts}
  RETURNING 1)
INSERT INTO fleet_kept.messages AS m (day, outcome, messages)
SELECT current_date, CASE WHEN EXISTS (SELECT FROM put) THEN 'taken' ELSE 'known' END, 1
ON CONFLICT (day, outcome) DO UPDATE SET messages = m.messages + 1
RETURNING outcome`;
}

const putHourSql = putSql(
  'hours',
  ['branch', 'hour'],
  [
    'timezone',
    'open_minutes',
    'recorded_minutes',
    'blind_seconds',
    'target_seconds',
    'came',
    'in_time',
    'never_met',
    'median_seconds',
    'p90_seconds',
    'waits',
    'wait_median_seconds',
    'wait_p90_seconds',
    'prompts',
    'buzzes',
    'most_buzzes',
    'latency_p50_seconds',
    'latency_p95_seconds',
    'version',
  ],
  // A time zone that PostgreSQL does not know is found here, and breaks no question later.
  { wall: '$2::timestamptz AT TIME ZONE $4' },
  // Of two boxes that decided in one hour, each has its own part: the greater counts, and not the empty rest.
  'excluded.at > kept.at AND excluded.recorded_minutes >= kept.recorded_minutes',
);
const hourValues = (one: FleetHour): readonly unknown[] => [
  one.branch,
  one.hour,
  one.at,
  one.timezone,
  one.openMinutes,
  one.recordedMinutes,
  one.blindSeconds,
  one.targetSeconds,
  known(one.came),
  known(one.inTime),
  known(one.neverMet),
  orNull(one.medianSeconds),
  orNull(one.p90Seconds),
  known(one.waits),
  orNull(one.waitMedianSeconds),
  orNull(one.waitP90Seconds),
  known(one.prompts),
  known(one.buzzes),
  one.mostInTenMinutes,
  orNull(one.latency?.p50Seconds),
  orNull(one.latency?.p95Seconds),
  one.version,
];

const putDaySql = putSql(
  'days',
  ['branch', 'day'],
  [
    'target_seconds',
    'came',
    'in_time',
    'never_met',
    'median_seconds',
    'p90_seconds',
    'most_buzzes',
    'latency_p50_seconds',
    'latency_p95_seconds',
    'more',
    'version',
  ],
);
const dayValues = ({ branch, at, version, report }: FleetDay): readonly unknown[] => [
  branch,
  report.day,
  at,
  report.targetSeconds,
  known(report.came),
  known(report.inTime),
  known(report.neverMet),
  orNull(report.medianSeconds),
  orNull(report.p90Seconds),
  report.mostInTenMinutes,
  orNull(report.latency?.p50Seconds),
  orNull(report.latency?.p95Seconds),
  JSON.stringify({
    queues: report.queues.map((queue) => ({ ...queue, waits: known(queue.waits) ?? '< 5' })),
    prompts: report.prompts.map((one) => ({ ...one, prompts: known(one.prompts) ?? '< 5' })),
    unseen: report.unseen,
    equal: report.equal,
  }),
  version,
];

const putSettingsSql = putSql(
  'settings',
  ['branch'],
  [
    'branch_group',
    'bundle',
    'serial',
    'n',
    'state',
    'since',
    'in_force',
    'in_force_serial',
    'own',
    'is_tried',
    'would_have_buzzed',
    'live_buzzed',
    'not_tried',
    'refused',
    'version',
  ],
);
const settingsValues = ({ order, inForce, tried, ...one }: FleetSettings): readonly unknown[] => [
  one.branch,
  one.at,
  one.group,
  orNull(order?.bundle),
  orNull(order?.serial),
  orNull(order?.n),
  orNull(order?.state),
  orNull(order?.since),
  orNull(inForce?.bundle),
  orNull(inForce?.serial),
  one.own,
  tried !== undefined,
  tried === undefined ? null : known(tried.wouldHaveBuzzed),
  tried === undefined ? null : known(tried.liveBuzzed),
  orNull(one.notTried),
  JSON.stringify(one.refused),
  one.version,
];

const putStatesSql = `INSERT INTO fleet_kept.states AS kept
  (branch, at, state, cameras, troubles, nobody_on_duty, latency_p50_seconds, latency_p95_seconds, privacy, version)
SELECT one ->> 'branch', (one ->> 'at')::timestamptz, one ->> 'state', one -> 'cameras',
  ARRAY(SELECT jsonb_array_elements_text(one -> 'troubles')), coalesce((one ->> 'nobodyOnDuty')::boolean, false),
  (one -> 'latency' ->> 'p50Seconds')::real, (one -> 'latency' ->> 'p95Seconds')::real, one ->> 'privacy', one ->> 'version'
FROM jsonb_array_elements($1::jsonb) one
ON CONFLICT (branch) DO UPDATE SET at = excluded.at, heard = now(), state = excluded.state, cameras = excluded.cameras,
  troubles = excluded.troubles, nobody_on_duty = excluded.nobody_on_duty,
  latency_p50_seconds = excluded.latency_p50_seconds, latency_p95_seconds = excluded.latency_p95_seconds,
  privacy = excluded.privacy, version = excluded.version
WHERE excluded.at > kept.at`;

const countSql = `INSERT INTO fleet_kept.messages AS m (day, outcome, messages) VALUES (current_date, $1, $2)
ON CONFLICT (day, outcome) DO UPDATE SET messages = m.messages + excluded.messages`;
