import type { JournalLine } from '../contract/journal.ts';

/**
 * Where the journal is kept. A line is with the machine when `write` returns: what comes after it may fail without
 * taking it along.
 *
 * Nothing here throws: a journal that cannot be kept must not cost a prompt.
 */
export interface Journal {
  write(line: JournalLine): void;
  readonly state: JournalState;
  /** Everything is on the disk when it returns; what is written after is not kept. */
  close(): void;
}

export interface JournalState {
  readonly written: number;
  /** Lines that could not be kept since the start: the disk full, or a bound reached. */
  readonly lost: number;
  /** Why lines are being lost now, in the system's words; absent: they are not. */
  readonly trouble?: string;
}
