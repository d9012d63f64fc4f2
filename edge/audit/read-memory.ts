import { type FileHandle, open, readFile } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { bearsMark, findPictures } from './find-pictures.ts';
import { findMark, type MarkedRows } from './mark.ts';

/** A stretch of a process's memory, as `/proc/PID/maps` tells it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** `rw-p` and the like. */
  readonly may: string;
  /** What it is of: a file, `[heap]`, `[stack]`, or nothing. */
  readonly of: string;
}

/** Reads `/proc/PID/maps`. */
export function parseMaps(text: string): Stretch[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+\s*(.*)$/.exec(line);
    if (match === null) return [];
    const [, from, to, may, of] = match;
    return [{ from: Number.parseInt(from!, 16), to: Number.parseInt(to!, 16), may: may!, of: of! }];
  });
}

/** A place in a process's memory that bears the mark. */
export interface MarkedMemory {
  readonly of: string;
  readonly address: string;
  /** Raw pixels, or a coded picture with the mark in it. */
  readonly as: 'pixels' | 'JPEG' | 'PNG';
  readonly rows?: MarkedRows;
}

export interface MemoryReading {
  /** Bytes that were looked at. */
  readonly bytes: number;
  /** Where the mark is; `mostPlaces` at most. */
  readonly marked: readonly MarkedMemory[];
  /** Why it could not be read; absent: it was. */
  readonly refused?: string;
}

/** Read at a time. Stretches overlap by a part, so that a picture over an end is seen too. */
const chunkBytes = 4 * 1024 * 1024;
const overlapBytes = 256 * 1024;
const mostPlaces = 64;

/**
 * Looks for the mark in all that a process may have written into its memory. What belongs to files that it only reads
 * is left out. It needs the same user, and a system that lets one process of a user read another.
 *
 * @param untilFound ends at the first place: for asking whether there is one
 */
export async function readMemory(pid: number, untilFound = false): Promise<MemoryReading> {
  let memory: FileHandle | undefined;
  const marked: MarkedMemory[] = [];
  let bytes = 0;
  try {
    const maps = parseMaps(await readFile(`/proc/${pid}/maps`, 'utf8'));
    memory = await open(`/proc/${pid}/mem`, 'r');
    const chunk = Buffer.alloc(chunkBytes);
    const written = maps.filter(({ may, of }) => may.startsWith('rw') && !of.startsWith('[vv'));
    // Who asks whether there is one looks first where a picture alone would be.
    if (untilFound) written.sort((one, other) => untilPicture(one) - untilPicture(other));
    for (const { from, to, of } of written) {
      for (let at = from; at < to; at += chunkBytes - overlapBytes) {
        const length = Math.min(chunkBytes, to - at);
        const read = await memory.read(chunk, 0, length, at).then(
          ({ bytesRead }) => bytesRead,
          // A stretch that was given back meanwhile, or was never touched.
          () => 0,
        );
        if (read === 0) continue;
        bytes += Math.min(read, chunkBytes - overlapBytes);
        const part = chunk.subarray(0, read);
        if (isEmpty(part)) continue;
        for (const found of await marksIn(part)) {
          const address = `0x${(at + found.at).toString(16)}`;
          if (marked.length < mostPlaces)
            marked.push({ of: of || 'memory without a name', address, ...found.about });
        }
        if (untilFound && marked.length > 0) return { bytes, marked };
        await breathe();
        if (to - at <= chunkBytes) break;
      }
    }
    return { bytes, marked };
  } catch (error) {
    return { bytes, marked, refused: (error as NodeJS.ErrnoException).code ?? String(error) };
  } finally {
    await memory?.close();
  }
}

/** The same of several processes: the memory of each, and the first refusal. One that ended meanwhile has none. */
export async function readMemoryOf(pids: readonly number[]): Promise<MemoryReading> {
  const marked: MarkedMemory[] = [];
  let bytes = 0;
  let refused: string | undefined;
  for (const [index, pid] of pids.entries()) {
    const reading = await readMemory(pid);
    bytes += reading.bytes;
    marked.push(...reading.marked);
    const isGone = index > 0 && ['ENOENT', 'ESRCH'].includes(reading.refused ?? '');
    if (!isGone) refused ??= reading.refused;
  }
  return { bytes, marked, ...(refused === undefined ? {} : { refused }) };
}

/** How far a stretch is in size from one picture. */
const untilPicture = ({ from, to }: Stretch) => Math.abs(Math.log((to - from) / (1024 * 1024)));

function isEmpty(bytes: Buffer): boolean {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let index = 0; index < words.length; index++) if (words[index] !== 0) return false;
  return true;
}

async function marksIn(
  part: Buffer,
): Promise<readonly { readonly at: number; readonly about: Pick<MarkedMemory, 'as' | 'rows'> }[]> {
  const rows = findMark(part);
  const found: { at: number; about: Pick<MarkedMemory, 'as' | 'rows'> }[] = [];
  if (rows !== undefined) found.push({ at: rows.at, about: { as: 'pixels', rows } });
  for (const picture of findPictures(part, ['JPEG', 'PNG'])) {
    if ((await bearsMark(part, picture)) === true)
      found.push({ at: picture.at, about: { as: picture.kind as 'JPEG' | 'PNG' } });
  }
  return found;
}
