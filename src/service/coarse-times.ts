import type { JournalLine } from '../contract/journal.ts';
import type { Seconds } from '../core/units.ts';
import type { Journal } from '../ports/journal.ts';

/** Lines about the box and its settings, not about anybody: their moments are kept as they are. */
const ofTheBox: ReadonlySet<JournalLine['kind']> = new Set([
  'begun',
  'gap',
  'health',
  'latency',
  'missed',
  'settings',
  'setup',
]);

/** Fields that hold a moment, in any kind of line. */
const momentFields = [
  'at',
  'raisedAt',
  'expiresAt',
  'arrivedAt',
  'promptedAt',
  'acceptedAt',
  'metAt',
] as const;

/**
 * A line with its moments as coarse as they are kept: put back to the last whole `seconds`, so that none is told before
 * another it came after. How long something took stays as it was measured.
 *
 * @param seconds 0 keeps moments as they are
 *
 * @example
 * ```ts
 * withCoarseTimes({ v: 1, kind: 'duty', at: '2026-11-24T10:41:20.734Z', watch: 'w-1', role: 'manager', onDuty: true }, 1).at;
 * // '2026-11-24T10:41:20.000Z'
 * ```
 */
export function withCoarseTimes(line: JournalLine, seconds: Seconds): JournalLine {
  if (seconds === 0 || ofTheBox.has(line.kind)) return line;
  const coarse: Record<string, unknown> = { ...line };
  for (const field of momentFields) {
    const moment = coarse[field];
    if (typeof moment === 'string') coarse[field] = putBack(moment, seconds);
  }
  if (line.kind === 'prompt' && line.passedOn !== undefined)
    coarse.passedOn = { ...line.passedOn, at: putBack(line.passedOn.at, seconds) };
  return coarse as JournalLine;
}

function putBack(moment: string, seconds: Seconds): string {
  const grid = seconds * 1000;
  return new Date(Math.floor(Date.parse(moment) / grid) * grid).toISOString();
}

/** A journal that keeps no moment about anybody more exactly than to `seconds`. */
export function coarsely(journal: Journal, seconds: Seconds): Journal {
  return {
    write: (line) => journal.write(withCoarseTimes(line, seconds)),
    get state() {
      return journal.state;
    },
    close: () => journal.close(),
  };
}
