import { mostClockErrorSeconds } from '../../../src/contract/browser-camera-limits.ts';
import type { Seconds } from '../../../src/core/units.ts';

/** One question for the box's time: when it was asked and answered by the page's count, and what the answer was. */
export interface TimeAnswer {
  /** Milliseconds of the page's own count. */
  readonly sentMs: number;
  readonly receivedMs: number;
  /** Seconds since 1970 by the box's clock. */
  readonly at: Seconds;
}

/** How the page's count and the box's clock lie to each other. */
export interface BoxTime {
  /** The box's time at the page's zero. */
  readonly zeroAt: Seconds;
  /** Off by no more than this: half of the quickest round trip. */
  readonly within: Seconds;
}

/** Fewer answers may all have met the same delay. */
const leastAnswers = 3;
/** A tablet's clock drifts by some milliseconds a minute. */
const keptForMs = 60_000;

/**
 * Learns the box's time from questions and answers. The quickest round trip tells most: what was delayed on one way
 * alone is off by half of the delay.
 *
 * @returns the answers that count, oldest first
 */
export function withAnswer(answers: readonly TimeAnswer[], answer: TimeAnswer): readonly TimeAnswer[] {
  return [...answers.filter(({ receivedMs }) => receivedMs > answer.receivedMs - keptForMs), answer];
}

/** @returns nothing while too little is known, or what is known is too far off to place anybody in time by */
export function boxTime(answers: readonly TimeAnswer[]): BoxTime | undefined {
  if (answers.length < leastAnswers) return undefined;
  const [first, ...others] = answers;
  const trip = ({ sentMs, receivedMs }: TimeAnswer) => receivedMs - sentMs;
  const best = others.reduce((one, other) => (trip(other) < trip(one) ? other : one), first!);
  const within = trip(best) / 2_000;
  if (within > mostClockErrorSeconds) return undefined;
  return { zeroAt: best.at - (best.sentMs + best.receivedMs) / 2_000, within };
}

/** A moment of the page's count as the box's clock has it, to the millisecond. */
export function momentOf({ zeroAt }: BoxTime, pageMs: number): Seconds {
  return Math.round((zeroAt + pageMs / 1_000) * 1_000) / 1_000;
}
