import type { JournalLine } from '../contract/journal.ts';
import type { Journal } from '../ports/journal.ts';

/**
 * The same journal, whose lines another hears too, after they are kept; without a journal, only that other.
 *
 * @param note must not throw
 */
export function alsoNote(journal: Journal | undefined, note: (line: JournalLine) => void): Journal {
  return {
    write(line) {
      journal?.write(line);
      note(line);
    },
    get state() {
      return journal?.state ?? { written: 0, lost: 0 };
    },
    close: () => journal?.close(),
  };
}
