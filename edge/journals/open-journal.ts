import { existsSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import { type JournalLine, type JournalSettings, journalLineSchema } from '../../src/contract/journal.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { JournalState, ReadableJournal } from '../../src/ports/journal.ts';
import { type ExportFormat, openStore, reasonOf, type Store } from './store.ts';
import type { Database } from './store-process.ts';
import { openWriteAhead, type Segment } from './write-ahead.ts';

export interface JournalOptions {
  /** The data folder: the database lies in it, and what is written ahead in its `journal`. */
  readonly folder: string;
  /** Absent: a command, which takes what is there. */
  readonly branch?: string;
  /** Of the branch's clock; absent: UTC. */
  readonly timezone?: string;
  readonly settings: JournalSettings;
  readonly clock: Clock;
  /** Told once of each trouble, and once when it is over: a sentence for the log. */
  readonly onTrouble?: (sentence: string) => void;
  /** Where the database is; absent: in this process. It is closed with the journal. */
  readonly database?: Database;
  /** How bytes are written ahead; a test gives one that fails. */
  readonly write?: (file: number, bytes: Uint8Array) => number;
}

export interface JournalStats {
  readonly lines: Readonly<Record<string, number>>;
  readonly days: number;
  readonly usedBytes: number;
  readonly fileBytes: number;
  /** Written and not in the database yet. */
  readonly aheadBytes: number;
  readonly mostBytes: number;
}

/** The journal of one branch, written and searched. */
export interface OpenJournal extends ReadableJournal {
  /** Takes in what is written ahead, now. It happens by itself every few seconds, and before every answer. */
  takeIn(): Promise<void>;
  /** Lets go of all but the newest days. @returns how many lines went */
  prune(days: number): Promise<number>;
  /** Lets go of where everybody stood: of all scenes, of every day. @returns how many there were */
  forgetPlaces(): Promise<number>;
  /** Writes UTC days into a folder of their own. @returns that folder, which is the caller's to empty, and its files */
  export(
    from: string,
    to: string,
    format: ExportFormat,
  ): Promise<{ folder: string; files: readonly string[] }>;
  stats(): Promise<JournalStats>;
  close(): Promise<void>;
}

export const journalFile = 'journal.duckdb';
export const aheadFolder = 'journal';

/**
 * What is written ahead is safe already: how often it is taken in says how much a start has to catch up with, and how
 * often the disk is asked to sync. Whoever asks has it taken in first.
 */
const takeEverySeconds = 5;
const pruneEverySeconds = 3_600;
/** Of one batch: some 200 scenes of a full lobby. It is parsed and bound in steps. */
const batchBytes = 262_144;
/** A file of the write-ahead is ended at this size once it is taken in. */
const segmentBytes = 1_000_000;
const stepMs = 4;
/** A process that ends is begun anew after 1, 2, 4 and at most so many seconds. */
const mostRestSeconds = 30;
const dayMs = 86_400_000;
/** An export that fails keeps a day for so much longer, or so much more room, and no more. */
const grace = 1.1;
/** Of the room there is, how much may be taken when the oldest day is dropped; the rest is for what comes meanwhile. */
const dropShare = 0.9;
/** Where today is all there is: how much may be taken when a kind of line is left out: what there is most of goes first. */
const shares: Partial<Record<JournalLine['kind'], number>> = { scene: 0.8, zone: 0.85, verdict: 0.9 };

/**
 * A journal that is written ahead and kept in one DuckDB file.
 *
 *     write ─▶ journal/ahead-….jsonl ─▶ every 5 s, or when asked ─▶ journal.duckdb ─▶ query, lines, days
 *              with the system before                in one transaction with how
 *              write returns                         far the file was taken in
 *
 * So a kill at any moment loses nothing and doubles nothing, and a power cut at most the last second. Where the
 * database cannot be used (the disk full, DuckDB not there for this machine, another program reading it), lines stay
 * in the write-ahead, and are taken in when it can.
 *
 * Bounds: days older than `settings.days` go once an hour, the oldest when everything takes more than
 * `settings.megabytes`. Where today alone takes that much, scenes are left out first, then what zones were like, then
 * verdicts, and then everything. What could not be kept is counted, and told by a `gap` line as soon as it can be.
 */
export function openJournal(options: JournalOptions): OpenJournal {
  const { folder, settings, clock, onTrouble } = options;
  const database = options.database ?? inThisProcess;
  const aheadPath = join(folder, aheadFolder);
  const exportFolder = join(aheadPath, 'export');
  const file = join(folder, journalFile);
  const mostBytes = settings.megabytes * 1e6;
  const ahead = openWriteAhead({
    folder: aheadPath,
    ...(options.write === undefined ? {} : { write: options.write }),
  });
  const ending = new AbortController();
  let store: Store | undefined;
  /** Which file it has open. */
  let identity: string | undefined;
  let written = 0;
  let lost = 0;
  let trouble: string | undefined;
  let gap: { lines: number; since: string } | undefined;
  let notSearchable: string | undefined;
  /** Bytes the database uses, as last looked at, and what was written ahead, taken in or not, since. */
  let usedBytes = 0;
  let aheadBytes = ahead.segments().reduce((sum, { bytes }) => sum + bytes, 0);
  let newestDay = '';
  /** Not at the start: a box whose clock is not set yet would let go of everything. */
  let prunedAt = clock.now();
  let exportFailed = false;
  /** No older day is left that could make room. */
  let isTodayAlone = false;
  let isClosed = false;
  /** How often the database's process ended, and how often in a row without taking everything in. */
  let ends = 0;
  let endsInARow = 0;
  let isResting = false;
  /** Where each file of the write-ahead was read to. */
  const read = new Map<string, { bytes: number; lines: number }>();

  function write(line: JournalLine): void {
    if (isClosed) return;
    const fitting = journalLineSchema.safeParse(line);
    if (!fitting.success) {
      // A fault of ours: what the contract does not name is not kept, and costs no prompt.
      lose(line, new Error(`a line of kind ${line.kind} is not as its contract says`));
      return;
    }
    try {
      if (gap !== undefined) put({ v: 1, at: line.at, kind: 'gap', ...gap });
      put(fitting.data);
      if (gap !== undefined) onTrouble?.(`the journal is kept again; ${gap.lines} lines are missing`);
      gap = undefined;
      trouble = undefined;
    } catch (error) {
      lose(line, error);
    }
  }

  function put(line: JournalLine): void {
    const text = JSON.stringify(line);
    // Also of a line there is no room for: a new day is what makes room.
    newestDay = line.at.slice(0, 10);
    if (usedBytes + aheadBytes + text.length > mostBytes * (isTodayAlone ? (shares[line.kind] ?? 1) : 1)) {
      throw new Error(`its bound of ${settings.megabytes} MB is reached`);
    }
    ahead.append(text);
    aheadBytes += text.length + 1;
    written += 1;
  }

  function lose(line: JournalLine, error: unknown): void {
    lost += 1;
    gap = { lines: (gap?.lines ?? 0) + 1, since: gap?.since ?? line.at };
    const before = trouble;
    trouble = sentenceOf(error);
    if (before === undefined) onTrouble?.(`the journal is not kept: ${trouble}`);
  }

  async function openDatabase(): Promise<Store | undefined> {
    // Somebody took the file away: what is written into it would be seen by nobody.
    // Or another disk was put in its place, as after the first could only be read.
    if (store !== undefined && identityOf(file) !== identity) await letGo();
    if (store !== undefined || isResting) return store;
    try {
      store = await database.open(
        {
          file,
          ...(options.branch === undefined ? {} : { branch: options.branch }),
          ...(options.timezone === undefined ? {} : { timezone: options.timezone }),
          memoryMegabytes: settings.memoryMegabytes,
          exportFolder,
          now: () => clock.now() * 1000,
          ...(onTrouble === undefined ? {} : { onTrouble }),
        },
        ended,
      );
      identity = identityOf(file);
      read.clear();
      if (notSearchable !== undefined) onTrouble?.('the journal can be searched again');
      notSearchable = undefined;
      await measure();
    } catch (error) {
      cannotSearch(reasonIn(error));
    }
    return store;
  }

  /** Nothing is lost by it: what was not taken in yet is written ahead, and is taken in by the next one. */
  function ended(reason: string): void {
    store = undefined;
    ends += 1;
    const seconds = Math.min(mostRestSeconds, 2 ** endsInARow);
    endsInARow += 1;
    isResting = true;
    void clock.sleep(seconds, ending.signal).then(() => {
      isResting = false;
    });
    cannotSearch(`${reason}. It is begun anew in ${seconds} s`);
  }

  async function letGo(): Promise<void> {
    const before = store;
    store = undefined;
    read.clear();
    await before?.close().catch(() => undefined);
  }

  function cannotSearch(reason: string): void {
    if (notSearchable === undefined) {
      onTrouble?.(`the journal cannot be searched: ${reason}. Lines are kept, and taken in when it can`);
    }
    notSearchable = reason;
  }

  /** After a failure in use: a file that turns out to be bad is opened anew, which keeps it aside. */
  async function failed(error: unknown): Promise<void> {
    if (isBroken(error)) await letGo();
    cannotSearch(reasonIn(error));
  }

  async function measure(): Promise<void> {
    if (store !== undefined) usedBytes = await store.usedBytes();
    aheadBytes = ahead.segments().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** One after the other: taking in, pruning and exports all write. */
  let working: Promise<unknown> = Promise.resolve();
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = working.then(work);
    working = result.catch(() => undefined);
    return result;
  }

  async function takeInNow(): Promise<void> {
    if (isClosed) return;
    const opened = await openDatabase();
    if (opened === undefined) {
      boundAhead();
      return;
    }
    try {
      for (const segment of ahead.segments()) {
        // The end is not held up: what is left is taken in by the next start.
        if (!isClosed) await takeSegment(opened, segment);
      }
      await measure();
      // It ended by itself while nothing was asked of it: that was said, and holds.
      if (store !== opened) return boundAhead();
      if (notSearchable !== undefined) onTrouble?.('the journal can be searched again');
      notSearchable = undefined;
      endsInARow = 0;
      await bound(opened);
    } catch (error) {
      await failed(error);
      boundAhead();
    }
  }

  async function takeSegment(database: Store, { name, isOpen }: Segment): Promise<void> {
    const skip = database.taken(name);
    const at = read.get(name) ?? { bytes: 0, lines: 0 };
    const handle = await open(join(aheadPath, name)).catch(() => undefined);
    if (handle === undefined) {
      if (isOpen) ahead.turn();
      return;
    }
    try {
      let isEnd = false;
      while (!isEnd) {
        const buffer = Buffer.alloc(batchBytes);
        const { bytesRead } = await handle.read(buffer, 0, batchBytes, at.bytes);
        const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
        isEnd = bytesRead < batchBytes;
        // A line without an end in a file that nobody goes on with was torn by a kill; one that long is none.
        const isTail = end < bytesRead && ((isEnd && !isOpen) || (end === 0 && !isEnd));
        const whole = isTail ? bytesRead : end;
        if (whole === 0) break;
        const texts = buffer.toString('utf8', 0, end).split('\n').slice(0, -1);
        const unread = Math.max(0, skip - at.lines);
        const { lines, torn } = await linesOf(texts.slice(unread));
        const next = { bytes: at.bytes + whole, lines: at.lines + texts.length };
        if (torn > 0) {
          const since = lines[0]?.at ?? new Date(clock.now() * 1000).toISOString();
          lines.push({ v: 1, at: since, kind: 'gap', lines: torn, since });
          onTrouble?.(`${torn} lines of ${name} cannot be read`);
        }
        if (next.lines > skip || lines.length > 0) await database.take(name, next.lines, lines, []);
        Object.assign(at, next);
        read.set(name, at);
      }
    } finally {
      await handle.close();
    }
    if (!isOpen) {
      ahead.drop(name);
      read.delete(name);
      // After the file is gone: killed in between, it is known not to exist, and that is all.
      await database.take(name, 0, [], [name]);
    } else if (at.bytes >= segmentBytes) ahead.turn();
  }

  /** Checked again: a disk may have changed what was written. In steps, since a start may find many. */
  async function linesOf(texts: readonly string[]): Promise<{ lines: JournalLine[]; torn: number }> {
    const lines: JournalLine[] = [];
    let torn = 0;
    let since = performance.now();
    for (const text of texts) {
      if (text === '') continue;
      const line = lineOf(text);
      if (line === undefined) torn += 1;
      else lines.push(line);
      if (performance.now() - since < stepMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
    return { lines, torn };
  }

  /** Without a database the oldest of what is written ahead goes when there is no more room. */
  function boundAhead(): void {
    const segments = [...ahead.segments()];
    aheadBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { name, bytes, isOpen } of segments) {
      if (isOpen || usedBytes + aheadBytes <= mostBytes) return;
      ahead.drop(name);
      aheadBytes -= bytes;
      onTrouble?.(`${name} was let go of: the journal's bound of ${settings.megabytes} MB is reached`);
    }
  }

  const today = () =>
    newestDay === '' ? new Date(clock.now() * 1000).toISOString().slice(0, 10) : newestDay;

  async function bound(database: Store): Promise<void> {
    const now = clock.now();
    if (now < prunedAt) prunedAt = now;
    if (now - prunedAt >= pruneEverySeconds) {
      prunedAt = now;
      await dropOld(database, settings.days);
    }
    isTodayAlone = false;
    while (usedBytes + aheadBytes > mostBytes * dropShare) {
      const oldest = await database.oldestDay();
      // Today is not dropped: what there is too much of is left out.
      isTodayAlone = oldest === undefined || oldest >= today();
      if (oldest === undefined || isTodayAlone) return;
      const isOver = usedBytes + aheadBytes > mostBytes * grace;
      if (!(await exportDay(database, oldest)) && !isOver) return;
      await database.drop(dayAfter(oldest));
      await measure();
    }
  }

  /** Also days to come: a clock that was wrong made them. */
  async function dropOld(database: Store, days: number): Promise<number> {
    const keepFrom = shifted(today(), 1 - days);
    for (;;) {
      const oldest = await database.oldestDay();
      if (oldest === undefined || oldest >= keepFrom) break;
      if (await exportDay(database, oldest)) {
        const before = await database.drop(dayAfter(oldest));
        if (before === 0) break;
        continue;
      }
      const isOver = oldest < shifted(today(), 1 - Math.ceil(days * grace));
      if (!isOver) return 0;
      await database.drop(dayAfter(oldest));
    }
    return database.drop(keepFrom, shifted(today(), days));
  }

  /** @returns whether the day may go: it is exported, or nobody wants it to be */
  async function exportDay(database: Store, day: string): Promise<boolean> {
    const { exportTo } = settings;
    if (exportTo === undefined) return true;
    try {
      const files = await database.export(day, day, day, 'parquet');
      await moveFiles(
        join(exportFolder, day),
        files,
        join(isAbsolute(exportTo) ? exportTo : join(folder, exportTo), day),
      );
      if (exportFailed) onTrouble?.('days of the journal are exported again before they are dropped');
      exportFailed = false;
      return true;
    } catch (error) {
      if (!exportFailed) {
        onTrouble?.(
          `the day ${day} of the journal could not be exported to ${exportTo} (${sentenceOf(error)}): it is kept a little longer, and then dropped`,
        );
      }
      exportFailed = true;
      return false;
    }
  }

  async function searchable(): Promise<Store> {
    if (!isClosed) await inTurn(takeInNow);
    if (store !== undefined && !isClosed) return store;
    throw new LobbyError('LOBBY_JOURNAL_UNSEARCHABLE', { reason: notSearchable ?? 'it is closed' });
  }

  async function ask<Result>(question: (database: Store) => Promise<Result>): Promise<Result> {
    const database = await searchable();
    try {
      return await question(database);
    } catch (error) {
      if (isBroken(error) || isBroken((error as Error).cause)) await inTurn(() => failed(error));
      throw error;
    }
  }

  const going = (async () => {
    // What an export left that was killed.
    await rm(exportFolder, { recursive: true, force: true }).catch(() => undefined);
    // A start is for prompts: the database is opened a moment later, or when it is first asked.
    while (!ending.signal.aborted) {
      await clock.sleep(takeEverySeconds, ending.signal);
      if (!ending.signal.aborted) await inTurn(takeInNow);
    }
  })();

  return {
    write,
    get state(): JournalState {
      return {
        written,
        lost,
        ...(trouble === undefined ? {} : { trouble }),
        ...(notSearchable === undefined ? {} : { unsearchable: notSearchable }),
        ...(database.bytes === undefined ? {} : { process: { ends, bytes: database.bytes } }),
      };
    },
    takeIn: () => inTurn(takeInNow),
    query: (sql, values, bounds) => ask((database) => database.query(sql, values, bounds)),
    lines: (wanted) => ask((database) => database.lines(wanted)),
    days: () => ask((database) => database.days()),
    prune: (days) => ask((database) => inTurn(() => dropOld(database, days).finally(measure))),
    forgetPlaces: () => ask((database) => inTurn(() => database.dropScenes().finally(measure))),
    export: (from, to, format) =>
      ask((database) =>
        inTurn(async () => {
          const name = `${from}-${to}-${Math.floor(clock.now() * 1000)}`;
          return { folder: join(exportFolder, name), files: await database.export(name, from, to, format) };
        }),
      ),
    stats: () =>
      ask(async (database) => ({
        lines: await database.counts(),
        days: (await database.days()).length,
        usedBytes,
        fileBytes: statSync(file, { throwIfNoEntry: false })?.size ?? 0,
        aheadBytes,
        mostBytes,
      })),
    async close() {
      if (isClosed) return;
      isClosed = true;
      // What is left ahead is taken in by the next start: the end is not held up by it.
      ahead.close();
      ending.abort();
      await going;
      await inTurn(letGo);
      await database.close();
    },
  };
}

/** For commands, which have nothing else to go on with. */
const inThisProcess: Database = { open: (options) => openStore(options), close: async () => undefined };

/** Takes finished files to where they are wanted, for this user alone; it may be another disk. */
export async function moveFiles(from: string, files: readonly string[], to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of files) {
    await copyFile(join(from, name), join(to, name));
    await chmod(join(to, name), 0o600);
  }
  await rm(from, { recursive: true, force: true });
}

export async function hasJournal(folder: string): Promise<boolean> {
  if (existsSync(join(folder, journalFile))) return true;
  return (await readdir(join(folder, aheadFolder)).catch(() => [])).some((name) => name.endsWith('.jsonl'));
}

/** Which file a name leads to; absent: none. */
function identityOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

function lineOf(text: string): JournalLine | undefined {
  try {
    return journalLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const reasonIn = (error: unknown): string =>
  error instanceof LobbyError ? String(error.details.reason ?? error.message) : reasonOf(error);

function isBroken(error: unknown): boolean {
  return (
    error instanceof Error &&
    /corrupt|checksum|invalidated|fatal error|internal error|deserializ/i.test(
      `${error.name} ${error.message}`,
    )
  );
}

const shifted = (day: string, days: number) =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
const dayAfter = (day: string) => shifted(day, 1);

function sentenceOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : (reasons[code] ?? code);
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EROFS: 'the disk can only be read',
  EACCES: 'the folder may not be written to',
  EIO: 'the disk fails',
};
