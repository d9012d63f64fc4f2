import { readFileSync } from 'node:fs';
import { promptSnapshotSchema } from '../../src/contract/prompt-snapshot.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import { putAside } from './put-aside.ts';
import { putInPlace } from './put-in-place.ts';

export interface FilePromptStoreOptions {
  readonly file: string;
  readonly branch: string;
  /** Told of a snapshot that was put aside, and once when none can be written: for the log. */
  readonly onTrouble?: (sentence: string) => void;
}

/**
 * One file with the open prompts, written anew beside the old one and put in its place.
 *
 * A snapshot that is damaged, of another version or of another branch is put aside with a sentence, and the service
 * begins without.
 */
export function openFilePromptStore({ file, branch, onTrouble }: FilePromptStoreOptions): PromptStore {
  const left = read();
  let isFailing = false;

  function read() {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        onTrouble?.(`the open prompts of before cannot be read: ${putAside(file)}`);
      }
      return undefined;
    }
    let given: unknown;
    try {
      given = JSON.parse(text);
    } catch {
      given = undefined;
    }
    const snapshot = promptSnapshotSchema.safeParse(given);
    if (snapshot.success && snapshot.data.branch === branch) return snapshot.data;
    const why = snapshot.success ? `are of the branch ${snapshot.data.branch}` : 'are damaged';
    onTrouble?.(`the open prompts of before ${why}: ${putAside(file)}`);
    return undefined;
  }

  return {
    ...(left === undefined ? {} : { left }),
    save(snapshot) {
      try {
        putInPlace(file, `${JSON.stringify(snapshot)}\n`);
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
  };
}
