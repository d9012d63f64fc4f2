import type { Seconds } from '../core/units.ts';
import { createBucket, type Rate } from './bucket.ts';

/** Who answers, shows and goes on and off duty by hand and with receipts stays far below it. */
const wearerRate: Rate = { burst: 40, perSecond: 4 };
/**
 * Watches that never said that they are on duty, all together: they may send receipts too, some at the same moment.
 * A name is free to make up, so a rate for each would be none.
 */
const strangersRate: Rate = { burst: 100, perSecond: 10 };

/**
 * Bounds how much is heard of whom: a rate for each wearer who is known, and one for all others together. So whoever
 * makes up names without end takes nothing from those on duty.
 *
 *     known     w-1 ▇▇▇      w-2 ▇▇▇      each its own
 *     unknown   w-3 w-4 w-5 …  ▇▇▇        one for all
 *
 * @param known the watches that are known now: at most `mostWearers`, and no more is remembered
 * @returns whether what a watch says at a moment is to be heard
 */
export function createAnswerGate(known: () => readonly string[]): (watch: string, at: Seconds) => boolean {
  const strangers = createBucket(strangersRate);
  const wearers = new Map<string, (at: Seconds) => boolean>();
  return (watch, at) => {
    const names = known();
    if (!names.includes(watch)) return strangers(at);
    for (const name of wearers.keys()) if (!names.includes(name)) wearers.delete(name);
    const bucket = wearers.get(watch) ?? createBucket(wearerRate);
    wearers.set(watch, bucket);
    return bucket(at);
  };
}
