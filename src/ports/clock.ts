import type { Seconds } from '../core/units.ts';

/** The time of day, and waiting. Tests fill it with a clock that is moved by hand. */
export interface Clock {
  /** Seconds since 1970. */
  now(): Seconds;
  /** Resolves after `seconds`, or at once when the signal aborts. Never rejects. */
  sleep(seconds: Seconds, signal?: AbortSignal): Promise<void>;
}
