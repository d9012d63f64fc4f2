import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What changes all the time is brought to the disk no more often than this. */
const everyMs = 200;

/**
 * Keeps a copy of a text that changes often, which a power cut leaves whole: it is on the disk before it has its name,
 * and the name is brought to the disk after it. Nobody waits for it: while one is written the newest text waits, and
 * those between are let go of.
 *
 * That it cannot be written is no trouble of its own: whoever writes the text itself meets the same disk.
 *
 * @returns takes the newest text
 */
export function keepSafe(file: string): (text: string) => void {
  let newest: string | undefined;
  let isWriting = false;

  async function write(): Promise<void> {
    isWriting = true;
    try {
      while (newest !== undefined) {
        const text = newest;
        newest = undefined;
        await putSafely(file, text);
        await wait(everyMs, undefined, { ref: false });
      }
    } catch {
      await rm(`${file}.new`, { force: true }).catch(() => undefined);
    } finally {
      isWriting = false;
    }
  }

  return (text) => {
    newest = text;
    if (!isWriting) void write();
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
