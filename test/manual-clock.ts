import type { Seconds } from '../src/core/units.ts';
import type { Clock } from '../src/ports/clock.ts';

interface Sleeper {
  wakesAt: Seconds;
  wake(): void;
}

/**
 * A clock that stands still until it is moved by hand.
 *
 * `advance` stops at every moment somebody sleeps until, in order, and lets all that follows from
 * waking them happen before it goes on: ten one-second naps in a row take `advance(10)`, and what
 * happened in between happened at its own second.
 *
 * @example
 * ```ts
 * const clock = new ManualClock(1_700_000_000);
 * const nap = clock.sleep(5);
 * await clock.advance(5); // nap is over
 * ```
 */
export class ManualClock implements Clock {
  #now: Seconds;
  readonly #sleepers = new Set<Sleeper>();

  /** @param now where the clock stands at first, in seconds since 1970 */
  constructor(now: Seconds = 1_700_000_000) {
    this.#now = now;
  }

  now(): Seconds {
    return this.#now;
  }

  /** How many sleeps are under way: 0 when nobody waits for this clock any more. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(seconds: Seconds, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted || seconds <= 0) return resolve();
      const sleeper: Sleeper = {
        wakesAt: this.#now + seconds,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      signal?.addEventListener('abort', sleeper.wake, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Moves the clock forward, waking sleepers in order of their time. */
  async advance(seconds: Seconds): Promise<void> {
    const until = inMicroseconds(this.#now + seconds);
    await settled();
    for (;;) {
      const next = [...this.#sleepers].sort((one, other) => one.wakesAt - other.wakesAt)[0];
      // Sums of tenths miss their mark by a hair; a hair is not a reason to sleep on.
      if (!next || next.wakesAt > until + 1e-6) break;
      this.#now = inMicroseconds(Math.max(this.#now, next.wakesAt));
      next.wake();
      await settled();
    }
    this.#now = until;
  }

  /** As when somebody sets the clock back: sleeps take as long as they would have. */
  setBack(seconds: Seconds): void {
    this.#now = inMicroseconds(this.#now - seconds);
    for (const sleeper of this.#sleepers) sleeper.wakesAt -= seconds;
  }

  /** As when the machine was too busy: time passes all at once, and those whose time is past wake late. */
  async jump(seconds: Seconds): Promise<void> {
    this.#now = inMicroseconds(this.#now + seconds);
    await this.advance(0);
  }
}

/** Keeps sums of tenths of a second from drifting off their mark. */
const inMicroseconds = (moment: Seconds) => Math.round(moment * 1e6) / 1e6;

/** Lets everything run that can run without time passing. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
