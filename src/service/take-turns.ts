import type { Seconds } from '../core/units.ts';
import type { Clock } from '../ports/clock.ts';

/** One thing that several share, in turn. */
export interface Turns {
  /**
   * Waits for the turn.
   *
   * @param urgency `door`: somebody may be coming in there, which is worth less the later it is seen. Default `hall`
   * @returns what ends it; calling it again does nothing. Nobody else has a turn until then
   */
  take(urgency?: Urgency): Promise<() => void>;
  /** How many wait for a turn now. */
  readonly waiting: number;
}

export type Urgency = 'door' | 'hall';

/** Whoever has waited so long goes first, whatever moves elsewhere: no camera is left without a look for long. */
const mostWaitSeconds: Seconds = 0.6;

/**
 * Lets cameras use one detector one after the other: first those where something moves at a door, and of equals whoever
 * has waited longest.
 *
 *     hall   ▓▓▓▓·············▓▓▓▓
 *     door   ·····▓▓▓▓·············▓▓▓▓        ▓ detector at work   · its camera waits
 *     side   ··········▓▓▓▓·············
 *
 * See [decision 0029](../../docs/decisions/0029-doors-are-looked-at-twice.md). Whoever has the turn may know how many
 * wait, and be brief ([decision 0038](../../docs/decisions/0038-doors-alone-while-the-detector-is-sought.md)).
 *
 * Each camera waits for one turn at a time. Of equals none is passed over twice by another; and whoever has waited for
 * 0.6 s goes before all that have waited for less: busy doors cannot starve a hall. Between two turns the process sees
 * to what came in meanwhile; with all frames at the detector at once, a prompt on its way to the broker would wait for
 * them all.
 *
 * @example
 * ```ts
 * const turns = createTurns(clock);
 * const done = await turns.take('door');
 * done();
 * ```
 */
export function createTurns(clock: Pick<Clock, 'now'>): Turns {
  const waiting: { readonly urgency: Urgency; readonly since: Seconds; readonly begin: () => void }[] = [];
  let isTaken = false;

  /** They stand in the order in which they came. */
  function choose(): number {
    const now = clock.now();
    const isOverdue = waiting.findIndex(({ since }) => now - since >= mostWaitSeconds);
    if (isOverdue >= 0) return isOverdue;
    return Math.max(
      0,
      waiting.findIndex(({ urgency }) => urgency === 'door'),
    );
  }

  function next(): void {
    const [first] = waiting.splice(choose(), 1);
    isTaken = first !== undefined;
    first?.begin();
  }

  return {
    async take(urgency = 'hall') {
      if (isTaken) await new Promise<void>((begin) => waiting.push({ urgency, since: clock.now(), begin }));
      isTaken = true;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        next();
      };
    },
    get waiting() {
      return waiting.length;
    },
  };
}
