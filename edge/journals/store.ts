import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from '@duckdb/node-api';
import { LobbyError } from '../../src/contract/errors.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import type {
  Answer,
  JournalDay,
  Lines,
  LinesWanted,
  NumberedLine,
  QueryBounds,
  QueryValue,
} from '../../src/ports/journal.ts';
import { loadDuckDb } from './load-duckdb.ts';
import {
  growSql,
  insertSql,
  placeSql,
  quoted,
  type Table,
  tablesOf,
  texted,
  toLine,
  toRow,
} from './tables.ts';
import { viewsOf } from './views.ts';

export interface StoreOptions {
  readonly file: string;
  /** Whose it is; absent: a command, which takes what is there and moves nothing aside. */
  readonly branch?: string;
  readonly timezone?: string;
  readonly memoryMegabytes: number;
  /** The one folder exports are written to; nothing else outside `file` can be reached. */
  readonly exportFolder: string;
  /** A sentence for the log: of a damaged file that was kept aside. */
  readonly onTrouble?: (sentence: string) => void;
  /** For a test, of another contract than today's. */
  readonly tables?: readonly Table[];
  /** Stamps what is kept aside. */
  readonly now: () => number;
}

export type ExportFormat = 'parquet' | 'csv' | 'jsonl';

/** The database: one DuckDB file with a table a kind. */
export interface Store {
  /** How many lines of a segment are in the database. */
  taken(segment: string): number;
  /** The same of every segment it knows. */
  allTaken(): readonly (readonly [segment: string, lines: number])[];
  /** Puts lines in, and how far the segment is taken in, both or neither. `over`: segments that need not be known any more. */
  take(segment: string, upTo: number, lines: readonly JournalLine[], over: readonly string[]): Promise<void>;
  query(sql: string, values?: readonly QueryValue[], bounds?: QueryBounds): Promise<Answer>;
  lines(wanted?: LinesWanted): Promise<Lines>;
  days(): Promise<readonly JournalDay[]>;
  /** First day there is, UTC. */
  oldestDay(): Promise<string | undefined>;
  /** Lets go of everything before a UTC day, and from another on. @returns how many lines went */
  drop(before: string, from?: string): Promise<number>;
  /** Takes every scene away. @returns how many there were */
  dropScenes(): Promise<number>;
  /** Writes UTC days into a folder of this name below the export folder, a file a table. @returns file names */
  export(folder: string, from: string, to: string, format: ExportFormat): Promise<readonly string[]>;
  /** Bytes that are used; a file does not shrink, and what is free in it is used again. */
  usedBytes(): Promise<number>;
  counts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** What this code makes and reads. A file of a later one is kept aside. */
const format = 1;
/**
 * Small blocks and row groups: a day fills several, so that what a dropped day leaves is used again. DuckDB's own are
 * for tables of many millions. In its older formats numbers in small blocks are not compressed: a day of scenes took
 * 12 MB and takes 3.
 */
const attachOptions = "ROW_GROUP_SIZE 16384, BLOCK_SIZE 16384, STORAGE_VERSION 'v1.5.0'";
const mostAside = 3;
/** Kills come at any moment; so many in a row within the tenth of a second that opening takes are the file's doing. */
const mostCrashes = 3;
const mostWaitingQueries = 16;
const usualRows = 10_000;
const mostRows = 100_000;
/** Rows are made into values in steps no longer than this: prompts are not to wait for them. */
const stepMs = 4;

/**
 * Opens the database, or makes it.
 *
 * A file that is damaged, of another branch or of a later version is kept aside with a sentence, and a new one is
 * begun. Where DuckDB's own write-ahead alone is damaged, that alone is.
 *
 * @param load how DuckDB is come by; unless told, without holding up what else this process does
 * @throws {LobbyError} `LOBBY_JOURNAL_UNSEARCHABLE` where a database cannot be had now, and may be later
 */
export async function openStore(
  options: StoreOptions,
  load: () => Promise<DuckDb> = loadDuckDb,
): Promise<Store> {
  const { file, onTrouble, now } = options;
  if (options.branch === undefined) {
    return openOnce(options, await loaded(load)).catch((error) => {
      throw unsearchable(error);
    });
  }
  const guard = guardOf(file);
  const duckdb = await loaded(load);
  // A file that ends the process while it is opened would end it at every start.
  const crashes = existsSync(guard) ? statSync(guard).size : 0;
  if (crashes >= mostCrashes)
    tell(`the service ended ${crashes} times while it was opened`, keepAside(file, now()));
  await import('node:fs/promises')
    .then(({ appendFile }) => appendFile(guard, 'x', { mode: 0o600 }))
    .catch(() => undefined);
  try {
    return await attempt();
  } finally {
    rmSync(guard, { force: true });
  }

  function tell(reason: string, aside: string): void {
    const { message, remedy } = new LobbyError('LOBBY_JOURNAL_DAMAGED', { file, reason, aside });
    onTrouble?.(`${message}. ${remedy}`);
  }

  async function attempt(): Promise<Store> {
    try {
      return await openOnce(options, duckdb);
    } catch (error) {
      if (!isDamage(error)) throw unsearchable(error);
      const wal = `${file}.wal`;
      if (existsSync(wal) && existsSync(file) && !(error instanceof Unfit)) {
        const aside = keepAside(wal, now());
        try {
          const store = await openOnce(options, duckdb);
          tell(`its newest part is damaged (${reasonOf(error)})`, aside);
          return store;
        } catch (again) {
          if (!isDamage(again)) throw unsearchable(again);
        }
      }
      tell(
        error instanceof Unfit ? error.message : `it is damaged (${reasonOf(error)})`,
        keepAside(file, now()),
      );
      try {
        return await openOnce(options, duckdb);
      } catch (last) {
        throw unsearchable(last);
      }
    }
  }
}

type DuckDb = Awaited<ReturnType<typeof loadDuckDb>>;

/** There while a file is opened, with a letter for each time that was not come to an end. */
export const guardOf = (file: string) => `${file}.opening`;

async function loaded(load: () => Promise<DuckDb>): Promise<DuckDb> {
  try {
    return await load();
  } catch (cause) {
    const reason = `DuckDB cannot be loaded on this machine (${reasonOf(cause)})`;
    throw new LobbyError('LOBBY_JOURNAL_UNSEARCHABLE', { reason }, { cause });
  }
}

/** A sound file that is not ours to use. */
class Unfit extends Error {}

/** Whether an error says that the file itself is bad, and not the disk, the memory, or who else has it open. */
export function isDamage(error: unknown): boolean {
  if (error instanceof Unfit) return true;
  const { message, code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return false;
  return !/set lock|conflicting lock|permission|no space|disk full|out of memory|memory limit|read-only|too many open|could not allocate|interrupt/i.test(
    message,
  );
}

function unsearchable(error: unknown): LobbyError {
  if (error instanceof LobbyError) return error;
  const reason = /set lock|conflicting lock/i.test((error as Error).message)
    ? 'another program has its file open'
    : reasonOf(error);
  return new LobbyError('LOBBY_JOURNAL_UNSEARCHABLE', { reason }, { cause: error });
}

/** DuckDB's own words, in one line and without the path of our file. */
export function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message
    .split('\n')[0]!
    .replace(/^(?:[A-Z][A-Za-z]* ){1,3}Error: /, '')
    .slice(0, 300);
}

/** A file and what belongs to it, renamed with a stamp. The newest few are kept. @returns its new name */
function keepAside(file: string, at: number): string {
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  let aside = `${file}.${stamp}.aside`;
  for (let spare = 2; existsSync(aside); spare += 1) aside = `${file}.${stamp}-${spare}.aside`;
  for (const end of ['', '.wal']) if (existsSync(file + end)) renameSync(file + end, aside + end);
  const folder = dirname(file);
  const old = readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}.`) && name.endsWith('.aside'))
    .sort();
  for (const name of old.slice(0, -mostAside)) {
    for (const end of ['', '.wal']) rmSync(join(folder, name + end), { force: true });
  }
  return aside;
}

async function openOnce(options: StoreOptions, duckdb: DuckDb): Promise<Store> {
  const { file, branch } = options;
  const tables = options.tables ?? tablesOf();
  const { DuckDBInstance, JSDuckDBValueConverter, StatementType } = duckdb;
  mkdirSync(options.exportFolder, { recursive: true, mode: 0o700 });
  const instance: DuckDBInstance = await DuckDBInstance.create(':memory:', { threads: '1' });
  let writer!: DuckDBConnection;
  let reader: DuckDBConnection;
  let last = 0;
  let viewsThere = '';
  const taken = new Map<string, number>();
  try {
    writer = await instance.connect();
    for (const set of [
      `memory_limit = '${options.memoryMegabytes}MB'`,
      // Nothing is spilt to the disk: what does not fit is refused.
      "temp_directory = ''",
      'autoinstall_known_extensions = false',
      'autoload_known_extensions = false',
      'allow_community_extensions = false',
      "checkpoint_threshold = '4MB'",
      'preserve_insertion_order = true',
    ]) {
      await writer.run(`SET ${set}`);
    }
    await writer.run(`ATTACH ${texted(file)} AS journal (TYPE duckdb, ${attachOptions})`);
    await writer.run(`SET allowed_directories = [${texted(`${options.exportFolder}/`)}]`);
    await writer.run('SET enable_external_access = false');
    await writer.run('SET lock_configuration = true');
    await writer.run('USE journal');
    await prepare();
    reader = await instance.connect();
    await reader.run('USE journal');
  } catch (error) {
    for (const sql of ['USE memory', 'DETACH journal']) await writer?.run(sql).catch(() => undefined);
    writer?.closeSync();
    instance.closeSync();
    throw error;
  }

  async function all(sql: string, values: QueryValue[] = []): Promise<Record<string, unknown>[]> {
    return (await writer.runAndReadAll(sql, values)).getRowObjectsJS();
  }

  /** Makes what is missing, in one go: a file killed in the midst of this is as it was. */
  async function prepare(): Promise<void> {
    const columns = await all(
      "SELECT table_name AS t, column_name AS c, data_type AS d FROM information_schema.columns WHERE table_catalog = 'journal'",
    );
    const known = new Map<string, Map<string, string>>();
    for (const { t, c, d } of columns) {
      const name = String(t);
      if (!known.has(name)) known.set(name, new Map());
      known.get(name)!.set(String(c), String(d));
    }
    if (known.has('about')) {
      const [about] = await all('SELECT branch, format, last, views FROM about');
      if (about === undefined) throw new Unfit('it does not say whose it is');
      if (Number(about.format) > format) throw new Unfit('it was made by a later version');
      if (about.branch === '' && branch !== undefined)
        await writer.run('UPDATE about SET branch = $1', [branch]);
      else if (branch !== undefined && about.branch !== branch)
        throw new Unfit(`it is of the branch ${String(about.branch)}`);
      last = Number(about.last);
      viewsThere = String(about.views);
      for (const row of await all('SELECT segment, lines FROM taken')) {
        taken.set(String(row.segment), Number(row.lines));
      }
    } else if (known.size > 0) throw new Unfit('it is no journal');
    const changes = growSql(tables, known);
    const views = viewsOf(options.timezone);
    if (!known.has('about')) {
      await writer.run('CREATE TABLE about (branch VARCHAR, format INTEGER, last BIGINT, views VARCHAR)');
      await writer.run("INSERT INTO about VALUES ($1, $2, 0, '')", [branch ?? '', format]);
      await writer.run('CREATE TABLE taken (segment VARCHAR, lines BIGINT)');
    }
    // Views hold on to the types of their columns: they are made anew.
    if (changes.length > 0) {
      const old = await all(
        "SELECT view_name AS v FROM duckdb_views() WHERE NOT internal AND database_name = 'journal'",
      );
      for (const { v } of old) await writer.run(`DROP VIEW ${quoted(String(v))}`);
    }
    for (const [first, otherwise] of changes) {
      try {
        await writer.run(first);
      } catch (error) {
        if (otherwise === undefined) throw error;
        for (const sql of otherwise) await writer.run(sql);
      }
    }
    // A command leaves the hours as the service of the branch has them.
    const isOurs = branch !== undefined || viewsThere === '';
    if (options.tables === undefined && (changes.length > 0 || (isOurs && viewsThere !== views.join(';')))) {
      for (const sql of views) await writer.run(sql);
      await writer.run('UPDATE about SET views = $1', [views.join(';')]);
    }
    if (changes.length > 0) await writer.run('CHECKPOINT journal');
    // What a power cut took from the middle of the file shows when it is read, and is to show now.
    for (const { kind } of tables) await writer.run(`SELECT max(n) FROM ${quoted(kind)}`);
  }

  async function inOne(work: () => Promise<void>): Promise<void> {
    await writer.run('BEGIN');
    try {
      await work();
      await writer.run('COMMIT');
    } catch (error) {
      await writer.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** One at a time: each takes a core and up to all of the memory there is. */
  let answering: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (isClosed) throw new LobbyError('LOBBY_JOURNAL_UNSEARCHABLE', { reason: 'it is being closed' });
    if (waiting >= mostWaitingQueries) {
      throw new LobbyError('LOBBY_QUERY_REFUSED', { reason: `${waiting} others wait for an answer already` });
    }
    waiting += 1;
    const result = answering.then(work).finally(() => {
      waiting -= 1;
    });
    answering = result.catch(() => undefined);
    return result;
  }

  /** Statements that read, in a transaction that can do nothing else: `EXPLAIN ANALYZE DELETE …` reads too, and runs. */
  const reading: readonly number[] = [StatementType.SELECT, StatementType.EXPLAIN];

  async function answer(sql: string, values: readonly QueryValue[], bounds: QueryBounds): Promise<Answer> {
    const most = Math.min(mostRows, bounds.rows ?? usualRows);
    const seconds = Math.min(60, bounds.seconds ?? 10);
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      reader.interrupt();
    }, seconds * 1000);
    // What a question held in memory is its statement's, and would be held until the statement is swept up.
    let prepared: DuckDBPreparedStatement | undefined;
    await reader.run('BEGIN TRANSACTION READ ONLY');
    try {
      const statements = await reader.extractStatements(sql);
      if (statements.count !== 1) {
        throw new LobbyError('LOBBY_QUERY_REFUSED', {
          reason: `it must be one statement, and is ${statements.count}`,
        });
      }
      prepared = await statements.prepare(0);
      if (!reading.includes(prepared.statementType)) {
        throw new LobbyError('LOBBY_QUERY_REFUSED', { reason: 'it does more than read' });
      }
      if (values.length > 0) prepared.bind([...values]);
      const result = await prepared.stream();
      const columns = result.columnNames().map((name, i) => ({ name, type: String(result.columnType(i)) }));
      const rows: unknown[][] = [];
      let isCut = false;
      let since = performance.now();
      for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0 && !isCut; ) {
        for (let i = 0; i < chunk.rowCount; i += 1) {
          if (rows.length >= most) {
            isCut = true;
            break;
          }
          rows.push(
            chunk
              .convertRowValues(i, JSDuckDBValueConverter)
              .map((value, c) => plain(value, columns[c]!.type)),
          );
          if (performance.now() - since < stepMs) continue;
          await new Promise((resolve) => setImmediate(resolve));
          if (isLate) throw new Error('late');
          since = performance.now();
        }
        if (!isCut) chunk = await result.fetchChunk();
      }
      return { columns, rows, isCut };
    } catch (error) {
      if (isLate) throw new LobbyError('LOBBY_QUERY_TOO_LONG', { seconds }, { cause: error as Error });
      if (error instanceof LobbyError) throw error;
      throw new LobbyError('LOBBY_QUERY_REFUSED', { reason: reasonOf(error) }, { cause: error as Error });
    } finally {
      clearTimeout(late);
      prepared?.destroySync();
      await reader.run('ROLLBACK').catch(() => undefined);
    }
  }

  async function rowsOf(sql: string, values: readonly QueryValue[] = [], rows = usualRows) {
    return (await inTurn(() => answer(sql, values, { rows, seconds: 60 }))).rows;
  }

  return {
    taken: (segment) => taken.get(segment) ?? 0,
    allTaken: () => [...taken],
    async take(segment, upTo, lines, over) {
      const byTable = new Map<Table, { n: number; line: object }[]>();
      let n = last;
      for (const line of lines) {
        const table = tables.find(({ kind }) => kind === line.kind);
        if (table === undefined) continue;
        n += 1;
        const rows = byTable.get(table) ?? [];
        rows.push({ n, line: toRow(table, line) });
        byTable.set(table, rows);
      }
      await inOne(async () => {
        for (const [table, rows] of byTable) await writer.run(insertSql(table), [JSON.stringify(rows)]);
        for (const one of [segment, ...over]) await writer.run('DELETE FROM taken WHERE segment = $1', [one]);
        if (!over.includes(segment)) await writer.run('INSERT INTO taken VALUES ($1, $2)', [segment, upTo]);
        await writer.run('UPDATE about SET last = $1', [n]);
      });
      last = n;
      for (const one of over) taken.delete(one);
      if (!over.includes(segment)) taken.set(segment, upTo);
    },
    query: (sql, values = [], bounds = {}) => inTurn(() => answer(sql, values, bounds)),
    async lines(wanted = {}) {
      const limit = Math.max(1, Math.min(1_000, wanted.limit ?? 200));
      const values: QueryValue[] = [];
      const given = (value: QueryValue) => {
        values.push(value);
        return `$${values.length}`;
      };
      const bounds = [
        ...(wanted.before === undefined ? [] : [`n < ${given(wanted.before)}`]),
        ...(wanted.from === undefined ? [] : [`moment >= ${given(wanted.from)}::TIMESTAMP`]),
        ...(wanted.to === undefined ? [] : [`moment < ${given(wanted.to)}::TIMESTAMP`]),
      ];
      const zones = wanted.zones?.map(given);
      const parts = tables
        .filter(({ kind }) => wanted.kinds?.includes(kind) ?? kind !== 'scene')
        .flatMap((table) => {
          const place = placeSql(table);
          if (zones !== undefined && place === undefined) return [];
          const all = zones === undefined ? bounds : [...bounds, `${place} IN (${zones.join(', ')})`];
          const where = all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`;
          return [
            `SELECT n, '${table.kind}' AS kind, to_json(u)::VARCHAR AS line FROM
              (SELECT * FROM ${quoted(table.kind)} t ${where} ORDER BY n DESC LIMIT ${limit + 1}) u`,
          ];
        });
      if (parts.length === 0) return { lines: [] };
      const rows = await rowsOf(
        `SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY n DESC LIMIT ${limit + 1}`,
        values,
      );
      const lines = rows.slice(0, limit).map(
        ([n, kind, text]): NumberedLine => ({
          n: Number(n),
          line: toLine(tables.find((table) => table.kind === kind)!, JSON.parse(String(text))),
        }),
      );
      return { lines, ...(rows.length > limit ? { before: lines.at(-1)!.n } : {}) };
    },
    async days() {
      const parts = tables.map(({ kind }) => `SELECT moment FROM ${quoted(kind)}`).join(' UNION ALL ');
      const rows = await rowsOf(
        `SELECT here(moment)::DATE::VARCHAR AS day, count(*) FROM (${parts}) GROUP BY day ORDER BY day`,
      );
      return rows.map(([day, lines]) => ({ day: String(day), lines: Number(lines) }));
    },
    async oldestDay() {
      const parts = tables
        .map(({ kind }) => `SELECT min(moment) AS m FROM ${quoted(kind)}`)
        .join(' UNION ALL ');
      const [row] = await all(`SELECT min(m)::DATE::VARCHAR AS day FROM (${parts})`);
      return row?.day === null || row?.day === undefined ? undefined : String(row.day);
    },
    async drop(before, from) {
      let lines = 0;
      await inOne(async () => {
        for (const { kind } of tables) {
          const later = from === undefined ? '' : `OR moment >= ${texted(from)}::TIMESTAMP`;
          const { rowsChanged } = await writer.run(
            `DELETE FROM ${quoted(kind)} WHERE moment < ${texted(before)}::TIMESTAMP ${later}`,
          );
          lines += rowsChanged;
        }
      });
      if (lines > 0) await writer.run('CHECKPOINT journal').catch(() => undefined);
      return lines;
    },
    async dropScenes() {
      const { rowsChanged } = await writer.run('DELETE FROM scene');
      if (rowsChanged > 0) await writer.run('CHECKPOINT journal').catch(() => undefined);
      return rowsChanged;
    },
    async export(name, from, to, how) {
      const folder = join(options.exportFolder, name);
      const files: string[] = [];
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        for (const { kind } of tables) {
          const where = `moment >= ${texted(from)}::TIMESTAMP AND moment < ${texted(to)}::TIMESTAMP + INTERVAL 1 DAY`;
          const [row] = await all(`SELECT count(*) AS rows FROM ${quoted(kind)} WHERE ${where}`);
          if (Number(row!.rows) === 0) continue;
          const written = {
            parquet: 'FORMAT parquet, COMPRESSION zstd',
            csv: 'FORMAT csv, HEADER',
            jsonl: 'FORMAT json',
          };
          await writer.run(
            `COPY (SELECT * FROM ${quoted(kind)} WHERE ${where} ORDER BY n) TO ${texted(join(folder, `${kind}.${how}`))} (${written[how]})`,
          );
          files.push(`${kind}.${how}`);
        }
        return files;
      } catch (cause) {
        rmSync(folder, { recursive: true, force: true });
        throw new LobbyError(
          'LOBBY_EXPORT_FAILED',
          { what: `${from} to ${to}`, reason: reasonOf(cause) },
          { cause },
        );
      }
    },
    async usedBytes() {
      const [row] = await all(
        "SELECT block_size * used_blocks AS used FROM pragma_database_size() WHERE database_name = 'journal'",
      );
      return Number(row?.used ?? 0) + (statSync(`${file}.wal`, { throwIfNoEntry: false })?.size ?? 0);
    },
    async counts() {
      const parts = tables.map(({ kind }) => `SELECT '${kind}' AS kind, count(*) FROM ${quoted(kind)}`);
      return Object.fromEntries(
        (await rowsOf(parts.join(' UNION ALL '))).map(([kind, rows]) => [kind, Number(rows)]),
      );
    },
    async close() {
      isClosed = true;
      reader.interrupt();
      await answering;
      reader.closeSync();
      await writer.run('CHECKPOINT journal').catch(() => undefined);
      // An instance lives as long as anything of it is remembered; the file is to be free now.
      await writer.run('USE memory').catch(() => undefined);
      await writer.run('DETACH journal').catch(() => undefined);
      writer.closeSync();
      instance.closeSync();
    },
  };
}

/** As JSON has it: moments as ISO 8601, days as they are, whole numbers as numbers where they fit. */
function plain(value: unknown, type: string): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return type === 'DATE' ? value.toISOString().slice(0, 10) : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((one) => plain(one, ''));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one, '')]));
  }
  return value;
}
