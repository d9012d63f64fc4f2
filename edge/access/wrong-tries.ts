import type { Seconds } from '../../src/core/units.ts';
import type { Rate } from '../../src/service/bucket.ts';

/** Who was wrong how often lately: by address, or by name. */
export interface WrongTries {
  /** Whether whoever it is has been wrong too often to be heard now. */
  isOver(who: string, at: Seconds): boolean;
  /** They were wrong again. */
  wrong(who: string, at: Seconds): void;
}

/** More than this are not told apart: who was wrong least lately makes room. */
const mostKept = 4096;

/**
 * Counts wrong tries alone: whoever is right is never slowed.
 *
 * @param rate so many wrong tries at once, and so many a second after that
 */
export function createWrongTries({ burst, perSecond }: Rate): WrongTries {
  const tries = new Map<string, { readonly count: number; readonly at: Seconds }>();
  const left = (who: string, at: Seconds): number => {
    const before = tries.get(who);
    if (before === undefined) return 0;
    return Math.max(0, before.count - Math.max(0, at - before.at) * perSecond);
  };
  return {
    isOver: (who, at) => left(who, at) > burst - 1,
    wrong(who, at) {
      const count = left(who, at) + 1;
      // Set anew, it is the newest.
      tries.delete(who);
      if (tries.size >= mostKept) tries.delete(tries.keys().next().value!);
      tries.set(who, { count, at });
    },
  };
}
