import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What changes all the time is brought to the disk no more often than this. */
const everyMs = 200;

/** A text's copy on the disk. */
export interface SafeCopy {
  /** Takes the newest text; after the close none. */
  take(text: string): void;
  /** Brings the newest text to the disk at once; nothing is written after it. */
  close(): Promise<void>;
}

/**
 * Keeps a copy of a text that changes often, which a power cut leaves whole: it is on the disk before it has its name,
 * and the name is brought to the disk after it. Nobody waits for it: while one is written the newest text waits, and
 * those between are let go of.
 *
 * That it cannot be written is no trouble of its own: whoever writes the text itself meets the same disk.
 */
export function keepSafe(file: string): SafeCopy {
  let newest: string | undefined;
  let writing: Promise<void> | undefined;
  const closing = new AbortController();

  async function write(): Promise<void> {
    try {
      while (newest !== undefined) {
        const text = newest;
        newest = undefined;
        await putSafely(file, text);
        await wait(everyMs, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
      }
    } catch {
      await rm(`${file}.new`, { force: true }).catch(() => undefined);
    } finally {
      writing = undefined;
    }
  }

  return {
    take(text) {
      if (closing.signal.aborted) return;
      newest = text;
      writing ??= write();
    },
    async close() {
      closing.abort();
      await writing;
    },
  };
}

async function putSafely(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  const written = await open(beside, 'w', 0o600);
  try {
    await written.writeFile(text);
    await written.datasync();
  } finally {
    await written.close();
  }
  await rename(beside, file);
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
