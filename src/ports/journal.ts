import type { JournalLine } from '../contract/journal.ts';
import type { Seconds } from '../core/units.ts';

/**
 * Where the journal is kept. A line is with the machine when `write` returns: what comes after it may fail without
 * taking it along.
 *
 * Nothing here throws: a journal that cannot be kept must not cost a prompt.
 */
export interface Journal {
  write(line: JournalLine): void;
  readonly state: JournalState;
  /** Everything is on the disk when it returns, or resolves; what is written after is not kept. */
  close(): void | Promise<void>;
}

export interface JournalState {
  readonly written: number;
  /** Lines that could not be kept since the start: the disk full, or a bound reached. */
  readonly lost: number;
  /** Why lines are being lost now, in the system's words; absent: they are not. */
  readonly trouble?: string;
  /** Why it cannot be asked now, for the log; absent: it can. */
  readonly unsearchable?: string;
  /** The process that has the database, where it has one of its own: how often it ended by itself, and its memory. */
  readonly process?: { readonly ends: number; readonly bytes: number };
}

/** A journal that can be asked. What it answers holds every line that was written before it was asked. */
export interface ReadableJournal extends Journal {
  /**
   * Answers one SELECT, EXPLAIN or DESCRIBE over the tables of the contract; docs/journal.md lists them. It changes
   * nothing and reaches no file. One is answered at a time.
   *
   * @param values for `$1`, `$2`, …
   * @throws {LobbyError} `LOBBY_QUERY_REFUSED`, `LOBBY_QUERY_TOO_LONG`, `LOBBY_JOURNAL_UNSEARCHABLE`
   */
  query(sql: string, values?: readonly QueryValue[], bounds?: QueryBounds): Promise<Answer>;
  /** Lines, newest first. */
  lines(wanted?: LinesWanted): Promise<Lines>;
  /** The days there are, by the branch's clock, oldest first, each with how many lines it has. */
  days(): Promise<readonly JournalDay[]>;
}

export type QueryValue = string | number | boolean | null;

export interface QueryBounds {
  /** Rows that come back at most: 10,000 unless told, 100,000 at most. */
  readonly rows?: number;
  /** Then it is called off: 10 unless told, 60 at most. */
  readonly seconds?: Seconds;
}

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Moments as ISO 8601 in UTC, whole numbers as numbers where they fit. */
  readonly rows: readonly (readonly unknown[])[];
  /** There were more rows than were asked for. */
  readonly isCut: boolean;
}

export interface LinesWanted {
  /** ISO 8601: the first moment, and the one after the last. */
  readonly from?: string;
  readonly to?: string;
  /** Absent: all but scenes, of which there are thousands an hour. */
  readonly kinds?: readonly JournalLine['kind'][];
  /** Lines of these zones alone, and of what became of prompts there. */
  readonly zones?: readonly string[];
  /** Only lines that were written before the one of this number. */
  readonly before?: number;
  /** 200 unless told, 1,000 at most. */
  readonly limit?: number;
}

export interface Lines {
  readonly lines: readonly NumberedLine[];
  /** Ask with it for the lines before these; absent: there are none. */
  readonly before?: number;
}

/** A line with its number in the journal: they count up in the order of writing. */
export interface NumberedLine {
  readonly n: number;
  readonly line: JournalLine;
}

export interface JournalDay {
  /** `2026-11-24`. */
  readonly day: string;
  readonly lines: number;
}
