import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type JournalLine, type JournalSettings, journalLineSchema } from '../../src/contract/journal.ts';
import type { Journal, JournalState } from '../../src/ports/journal.ts';

export interface FileJournalOptions {
  /** Made if it is not there, for this user alone. */
  readonly folder: string;
  readonly settings: JournalSettings;
  /** Told once when lines begin to be lost, and once when they are kept again: a sentence for the log. */
  readonly onTrouble?: (sentence: string) => void;
  /** How bytes are written; a test gives one that fails. */
  readonly write?: (file: number, bytes: Uint8Array) => number;
}

/** `2026-11-24.jsonl`: the lines of one UTC day. */
export const dayFile = /^(\d{4}-\d{2}-\d{2})\.jsonl$/;

const dayMs = 86_400_000;
/** Of the room there is, what verdicts leave for the lines on prompts. */
const verdictShare = 0.9;
/** A power cut costs what was written within this time; a kill of the service costs nothing. */
const syncEveryMs = 1_000;

interface Open {
  readonly day: string;
  readonly file: number;
  size: number;
  /** The last line has no end: it was cut off by a kill, or by a disk that was full. */
  isTorn: boolean;
}

/**
 * A journal of JSON lines, one file a UTC day, each line handed to the system in one write before `write` returns.
 *
 *     journal/2026-11-23.jsonl   … ⏎ … ⏎ … ⏎
 *     journal/2026-11-24.jsonl   … ⏎ … ⏎ {"v":1,"at":"…     torn by a power cut: the next line begins anew
 *
 * Bounds: days older than `settings.days` go when a day begins, the oldest day when all of them take more than
 * `settings.megabytes`. Where today alone takes that much, verdicts are left out first, and then everything.
 *
 * What could not be kept is counted, and told in the journal itself by a `gap` line as soon as it can be again.
 */
export function openFileJournal(options: FileJournalOptions): Journal {
  const { folder, settings, write = writeSync } = options;
  const mostBytes = settings.megabytes * 1e6;
  let open: Open | undefined;
  /** Bytes of each other day. */
  let others = new Map<string, number>();
  let written = 0;
  let lost = 0;
  let trouble: string | undefined;
  let gap: { lines: number; since: string } | undefined;
  let syncing: NodeJS.Timeout | undefined;
  let isClosed = false;

  function useDay(day: string): Open {
    if (open?.day === day) return open;
    shut();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = openSync(join(folder, `${day}.jsonl`), 'a+', 0o600);
    const { size } = fstatSync(file);
    const last = new Uint8Array(1);
    if (size > 0) readSync(file, last, 0, 1, size - 1);
    open = { day, file, size, isTorn: size > 0 && last[0] !== 0x0a };
    sweep(day);
    return open;
  }

  function shut(): void {
    clearTimeout(syncing);
    syncing = undefined;
    if (open === undefined) return;
    const { file } = open;
    open = undefined;
    try {
      fdatasyncSync(file);
    } catch {
      // The disk is in trouble: the next write says so.
    }
    closeSync(file);
  }

  /** Also files of days to come: a clock that was wrong made them. */
  function sweep(today: string): void {
    others = new Map();
    for (const name of readdirSync(folder)) {
      const day = dayFile.exec(name)?.[1];
      if (day === undefined || day === today) continue;
      const apart = Math.abs(Date.parse(today) - Date.parse(day)) / dayMs;
      if (apart >= settings.days) rmSync(join(folder, name), { force: true });
      else others.set(day, statSync(join(folder, name)).size);
    }
  }

  /** Whether there is room for so much more, after the oldest days have gone if need be. */
  function makeRoom(now: Open, bytes: number, share: number): boolean {
    const taken = () => now.size + [...others.values()].reduce((sum, size) => sum + size, 0);
    while (taken() + bytes > mostBytes && others.size > 0) {
      const oldest = [...others.keys()].sort()[0]!;
      rmSync(join(folder, `${oldest}.jsonl`), { force: true });
      others.delete(oldest);
    }
    return taken() + bytes <= share * mostBytes;
  }

  function put(line: JournalLine): void {
    const now = useDay(line.at.slice(0, 10));
    const bytes = Buffer.from(`${now.isTorn ? '\n' : ''}${JSON.stringify(line)}\n`);
    if (!makeRoom(now, bytes.length, line.kind === 'verdict' ? verdictShare : 1)) {
      throw new Error(`its bound of ${settings.megabytes} MB is reached`);
    }
    const put = write(now.file, bytes);
    now.size += put;
    now.isTorn = put < bytes.length;
    if (now.isTorn) throw new Error('the disk is full');
    written += 1;
    syncing ??= setTimeout(() => {
      syncing = undefined;
      if (open !== undefined) fdatasync(open.file, () => undefined);
    }, syncEveryMs).unref();
  }

  function lose(line: JournalLine, error: unknown): void {
    lost += 1;
    gap = { lines: (gap?.lines ?? 0) + 1, since: gap?.since ?? line.at };
    const before = trouble;
    trouble = sentenceOf(error);
    if (before === undefined) options.onTrouble?.(`the journal is not kept: ${trouble}`);
  }

  return {
    write(line) {
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
        if (gap !== undefined)
          options.onTrouble?.(`the journal is kept again; ${gap.lines} lines are missing`);
        gap = undefined;
        trouble = undefined;
      } catch (error) {
        lose(line, error);
      }
    },
    get state(): JournalState {
      return { written, lost, ...(trouble === undefined ? {} : { trouble }) };
    },
    close() {
      isClosed = true;
      shut();
    },
  };
}

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
