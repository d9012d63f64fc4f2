import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type PromptSnapshot, promptSnapshotSchema } from '../../src/contract/prompt-snapshot.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import { keepSafe } from './keep-safe.ts';
import { putAside } from './put-aside.ts';

export interface FilePromptStore extends PromptStore {
  /** Waits until the copy is on the disk too: nothing is written beside it any more. */
  close(): Promise<void>;
}

export interface FilePromptStoreOptions {
  readonly file: string;
  readonly branch: string;
  /** Told of a snapshot that was put aside, and once when none can be written: for the log. */
  readonly onTrouble?: (sentence: string) => void;
}

/**
 * One file with the open prompts, written anew beside the old one and put in its place. That stands a kill, and holds
 * nobody up: it is not waited for until it is on the disk, which takes 8 ms and more, each time.
 *
 * What a power cut may leave of it is half a text or none. So a copy beside it (`.safe`) follows a moment later, at most
 * one at a time, which has its name only once it is on the disk: where the file is damaged, the copy is taken. It lacks
 * what changed in the last moments, as the journal does.
 *
 * A snapshot that is damaged and has no copy, of another version or of another branch is put aside with a sentence, and the service
 * begins without.
 */
export function openFilePromptStore({ file, branch, onTrouble }: FilePromptStoreOptions): FilePromptStore {
  let isFailing = false;

  function read() {
    const given = parsed(file);
    if (given === 'absent') return undefined;
    if (given === 'unreadable') {
      onTrouble?.(`the open prompts of before cannot be read: ${putAside(file)}`);
      return undefined;
    }
    const copy = given.success ? undefined : parsed(`${file}.safe`);
    if (typeof copy === 'object' && copy.success && copy.data.branch === branch) {
      onTrouble?.(
        `the open prompts of before are damaged: ${putAside(file)}, and those of a moment before are taken`,
      );
      try {
        write(copy.data);
      } catch {
        // The next save meets the same disk, and tells of it.
      }
      return copy.data;
    }
    if (given.success && given.data.branch === branch) return given.data;
    const why = given.success ? `are of the branch ${given.data.branch}` : 'are damaged';
    onTrouble?.(`the open prompts of before ${why}: ${putAside(file)}`);
    return undefined;
  }

  function write(snapshot: PromptSnapshot): string {
    const text = `${JSON.stringify(snapshot)}\n`;
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return text;
  }

  const left = read();
  const safe = keepSafe(`${file}.safe`);
  return {
    ...(left === undefined ? {} : { left }),
    save(snapshot) {
      try {
        safe.take(write(snapshot));
        if (isFailing) onTrouble?.('open prompts are kept over a restart again');
        isFailing = false;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (!isFailing) {
          onTrouble?.(`open prompts would be forgotten in a restart: they cannot be written (${code})`);
        }
        isFailing = true;
      }
    },
    close: safe.close,
  };
}

/** What a file has in it, if it is there and can be read. */
function parsed(file: string) {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unreadable';
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    given = undefined;
  }
  return promptSnapshotSchema.safeParse(given);
}
