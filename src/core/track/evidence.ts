import type { Metres } from '../units.ts';

/**
 * How much one box speaks for a person: log-odds, from its score and from how tall a body it would be where it
 * stands. A detector's faint boxes are mostly plants, posts, and parts of things; but those that are as tall as
 * people are people nearly always.
 *
 * Measured on the lobbies of the card, of boxes that stand apart from any other:
 *
 *     score          people : not, all sizes    of a body's height
 *     0.15 – 0.25         1 : 4.3                   1 : 1.1
 *     0.25 – 0.35       2.2 : 1                    14 : 1
 *     0.35 – 0.45        25 : 1                    90 : 1
 *
 * @param score 0 to 1
 * @param metres how tall the box would be on the floor; absent where the floor or the camera's tilt is not known
 * @returns about −7 to 6.5; 0 is as likely as not
 */
export function evidenceOf(score: number, metres: Metres | undefined): number {
  const fromScore = Math.max(-3, Math.min(4, sharpness * (score - evenScore)));
  return metres === undefined ? fromScore : fromScore + fromHeight(metres);
}

/** At this score a box apart from all others is a person as often as not; the odds rise steeply from there. */
const evenScore = 0.27;
const sharpness = 24;

/**
 * Bodies' heights are normal in their logarithm: standing adults, and with a fifth of the weight children and
 * those who sit. What is no body has any height.
 */
function fromHeight(metres: Metres): number {
  const height = Math.log(Math.max(0.01, metres));
  const body = 0.8 * bell(height, Math.log(1.68), 0.13) + 0.2 * bell(height, Math.log(1.3), 0.25);
  const thing = bell(height, Math.log(1.1), 0.55);
  return Math.max(-4, Math.min(2.5, Math.log(body / thing)));
}

/** A normal density but for a constant that falls out of the ratio. */
function bell(at: number, middle: number, deviation: number): number {
  return Math.exp(-0.5 * ((at - middle) / deviation) ** 2) / deviation;
}
