/** One thing that several share, in turn. */
export interface Turns {
  /**
   * Waits for the turn.
   *
   * @returns what ends it; calling it again does nothing. Nobody else has a turn until then
   */
  take(): Promise<() => void>;
}

/**
 * Lets cameras use one detector one after the other, whoever has waited longest first.
 *
 *     hall   ▓▓▓▓·············▓▓▓▓
 *     door   ·····▓▓▓▓·············▓▓▓▓        ▓ detector at work   · its camera waits
 *     side   ··········▓▓▓▓·············
 *
 * Each camera waits for one turn at a time. So it is never passed over twice by another, and waits at most for one
 * frame of each: a busy camera cannot starve the one at the door. Between two turns the process sees to what came in
 * meanwhile; with all frames at the detector at once, a prompt on its way to the broker would wait for them all.
 *
 * @example
 * ```ts
 * const turns = createTurns();
 * const done = await turns.take();
 * done();
 * ```
 */
export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let isTaken = false;

  function next(): void {
    const first = waiting.shift();
    isTaken = first !== undefined;
    first?.();
  }

  return {
    async take() {
      if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve));
      isTaken = true;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        next();
      };
    },
  };
}
