import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export interface WriteAheadOptions {
  /** Made if it is not there, for this user alone. */
  readonly folder: string;
  /** How bytes are written; a test gives one that fails. */
  readonly write?: (file: number, bytes: Uint8Array) => number;
}

/** A file of the write-ahead; `isOpen`: it is being written. */
export interface Segment {
  readonly name: string;
  readonly bytes: number;
  readonly isOpen: boolean;
}

/**
 * What was written and is not in the database yet: JSON lines, in files that are never gone on with after a restart.
 *
 *     journal/ahead-1764316800000-5b3e.jsonl   … ⏎ … ⏎ … ⏎            taken in, then deleted
 *     journal/ahead-1764316960000-91c0.jsonl   … ⏎ … ⏎ {"v":1,"at":"…   torn by a kill: as if it had not been written
 *
 * A line is handed to the system in one write before `append` returns.
 */
export interface WriteAhead {
  /** @throws where the disk is full or broken; what of the line went in is passed over by readers */
  append(text: string): void;
  /** Files in the order in which they were written. Day files of versions before come first. */
  segments(): readonly Segment[];
  /** The next line begins a new file. */
  turn(): void;
  drop(name: string): void;
  close(): void;
}

const segmentName = /^(?:ahead-\d{13}-[0-9a-f]{4}|\d{4}-\d{2}-\d{2})\.jsonl$/;
/** A power cut costs what was written within this time; a kill of the service costs nothing. */
const syncEveryMs = 1_000;
/** A file that nobody takes in, because the database cannot be used, ends here all the same. */
const mostSegmentBytes = 4_000_000;

function takeBack(file: number, toBytes: number): boolean {
  try {
    ftruncateSync(file, toBytes);
    return true;
  } catch {
    return false;
  }
}

export function openWriteAhead({ folder, write = writeSync }: WriteAheadOptions): WriteAhead {
  let open: { name: string; file: number; bytes: number; isTorn: boolean } | undefined;
  let syncing: NodeJS.Timeout | undefined;
  let newest = 0;

  function names(): readonly string[] {
    if (!existsSync(folder)) return [];
    // `2026-…` sorts before `ahead-…`, as it was written before.
    return readdirSync(folder)
      .filter((name) => segmentName.test(name))
      .sort();
  }

  function begin() {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const last = Number(/^ahead-(\d{13})/.exec(names().at(-1) ?? '')?.[1] ?? 0);
    // After the one before also where the clock was set back.
    newest = Math.max(Date.now(), last + 1, newest + 1);
    const name = `ahead-${String(newest).padStart(13, '0')}-${randomBytes(2).toString('hex')}.jsonl`;
    open = { name, file: openSync(join(folder, name), 'ax', 0o600), bytes: 0, isTorn: false };
    return open;
  }

  function turn(): void {
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
    try {
      closeSync(file);
    } catch {
      // It is let go of all the same.
    }
  }

  return {
    append(text) {
      if (open !== undefined && open.bytes > mostSegmentBytes) turn();
      const now = open ?? begin();
      const bytes = Buffer.from(`${now.isTorn ? '\n' : ''}${text}\n`);
      let put: number;
      try {
        put = write(now.file, bytes);
      } catch (error) {
        // Only of a full disk is it known that the file may be gone on with: one on a disk that went away and came
        // back (read-only, failing, a stale network folder) would fail for ever.
        if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) turn();
        throw error;
      }
      if (put < bytes.length) {
        // What of it went in would be found as one more line that is missing: it is the one that is told already.
        if (put > 0 && !takeBack(now.file, now.bytes)) {
          now.bytes += put;
          now.isTorn = true;
        }
        throw new Error('the disk is full');
      }
      now.bytes += put;
      now.isTorn = false;
      syncing ??= setTimeout(() => {
        syncing = undefined;
        if (open !== undefined) fdatasync(open.file, () => undefined);
      }, syncEveryMs).unref();
    },
    segments() {
      const there = names();
      // Its folder may have been taken away: then whoever reads finds that out.
      const all = open === undefined || there.includes(open.name) ? there : [...there, open.name];
      return all.map((name) => ({
        name,
        bytes: statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
        isOpen: name === open?.name,
      }));
    },
    turn,
    drop(name) {
      if (name === open?.name) turn();
      rmSync(join(folder, name), { force: true });
    },
    close: turn,
  };
}
