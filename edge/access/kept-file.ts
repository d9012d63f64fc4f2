import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { refuseWritable } from './file-modes.ts';

/** What is kept in one file of the service's own user, and is also written by commands while the service runs. */
export interface KeptFile<Kept> {
  /** What is kept now: the file is read again when it has changed. */
  read(): Kept;
  write(next: Kept): void;
}

/**
 * Keeps something in a file that the service's own user alone may read; without a file, as long as the process lasts.
 *
 * @param empty what is kept where there is no file
 * @param parse makes what is kept of the text, and throws where it is none
 * @param unreadable what is thrown where the file cannot be read, or is none of ours
 * @throws {LobbyError} that, and `LOBBY_FILE_OPEN` where everybody may write to it: whoever could, could let themselves in
 */
export function openKeptFile<Kept>(
  file: string | undefined,
  empty: Kept,
  parse: (json: unknown) => Kept,
  unreadable: (file: string, cause: unknown) => Error,
): KeptFile<Kept> {
  let kept = empty;
  let readAt = '';

  function stamp(path: string): string {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      return `${mtimeMs}-${size}-${ino}`;
    } catch {
      return 'none';
    }
  }

  return {
    read() {
      if (file === undefined) return kept;
      const found = stamp(file);
      if (found === readAt) return kept;
      if (found === 'none') kept = empty;
      else {
        refuseWritable(file);
        try {
          kept = parse(JSON.parse(readFileSync(file, 'utf8')));
        } catch (cause) {
          throw unreadable(file, cause);
        }
      }
      readAt = found;
      return kept;
    },
    write(next) {
      kept = next;
      if (file === undefined) return;
      writeFileSync(`${file}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      readAt = stamp(file);
    },
  };
}

/** What is kept of a token in its place: 256 random bits need no slow hash, since no list of words finds them again. */
export const hashOfToken = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Six letters and digits that none of the others has. */
export function newId(taken: readonly string[]): string {
  for (;;) {
    const id = randomBytes(8).readBigUInt64BE().toString(36).slice(-6).padStart(6, '0');
    if (!taken.includes(id)) return id;
  }
}
