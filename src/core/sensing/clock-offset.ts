import type { Seconds } from '../units.ts';

/** One question to another machine's clock and its answer. */
export interface ClockSample {
  /** By our clock, when it was asked. */
  readonly askedAt: Seconds;
  /** By the other's clock, when it answered. */
  readonly theirs: Seconds;
  /** By our clock, when the answer came. */
  readonly heardAt: Seconds;
}

/** How far another clock is ahead of ours. */
export interface ClockOffset {
  /** Theirs less ours; to be taken off a moment of theirs. */
  readonly ahead: Seconds;
  /** How far off that may be at most, if no way takes longer than there and back together. */
  readonly within: Seconds;
}

/** What is known of one other clock: the newest questions, eight at most. */
export interface ClockKnown {
  readonly samples: readonly ClockSample[];
}

export const nothingKnown: ClockKnown = { samples: [] };

const mostSamples = 8;

/**
 * Between asking and hearing, the other's clock was read once; where in between cannot be known, so the middle is taken
 * and half of it is the most it can be off. The quickest answer of the newest eight is believed, as in NTP's clock
 * filter (Mills, RFC 5905, section 10): a queue on the way makes answers later and never sooner.
 */
export function offsetOf({ samples }: ClockKnown): ClockOffset | undefined {
  const [first, ...rest] = samples.map(toOffset);
  if (first === undefined) return undefined;
  return rest.reduce((best, one) => (one.within < best.within ? one : best), first);
}

function toOffset({ askedAt, theirs, heardAt }: ClockSample): ClockOffset {
  const within = (heardAt - askedAt) / 2;
  return { ahead: theirs - (askedAt + within), within };
}

/**
 * Takes in an answer. One that cannot be true beside what was known means that a clock was set: what was known before
 * is let go of.
 *
 * An answer that came before it was asked, since ours was set back meanwhile, says nothing and is left out.
 *
 * @example
 * ```ts
 * const known = learnClock(nothingKnown, { askedAt: 10, theirs: 13.5, heardAt: 10.2 });
 * offsetOf(known); // { ahead: 3.4, within: 0.1 }
 * ```
 */
export function learnClock(known: ClockKnown, sample: ClockSample): ClockKnown {
  if (!(sample.heardAt >= sample.askedAt) || !Number.isFinite(sample.theirs)) return known;
  const before = offsetOf(known);
  const now = toOffset(sample);
  const isSet =
    before !== undefined && Math.abs(now.ahead - before.ahead) > now.within + before.within + drift;
  return { samples: isSet ? [sample] : [...known.samples, sample].slice(-mostSamples) };
}

/** Two clocks that were never set may be so far apart after the eight questions, a minute or two later. */
const drift: Seconds = 0.05;
