/**
 * How well people are followed, by the definitions that TrackEval made common: HOTA, CLEAR and identity, over
 * MOTChallenge boxes.
 *
 *     truth  ──▶ the frames and boxes that count ──▶ overlaps, frame by frame ──▶ HOTA · CLEAR · identity
 *     result ──▶
 *
 * Everything here is arithmetic on boxes: no file, no clock, no tracker.
 */
import { type Clear, clearOf } from './tracking-clear.ts';
import type { MotBox } from './tracking-file.ts';
import { type Hota, hotaOf } from './tracking-hota.ts';
import { type Identity, identityOf } from './tracking-identity.ts';
import { compareFrames, type TrackingRules } from './tracking-steps.ts';

/** Every figure of one sequence. Shares are 0 to 1, not percent. */
export type TrackingScores = Hota & Clear & Identity;

/**
 * Scores one tracking result against its truth.
 *
 * Neither labels nor the order of lines matter. Two boxes of a frame in exactly the same place can be paired
 * either way; another program may choose the other, and have other figures of following. No detector's boxes
 * are like that, and the tests see to it that those scored here are not.
 *
 * @param truth,result as `readMotBoxes` gives them; of a result `confidence` and `category` are not read
 * @throws {RangeError} if an identity appears twice in a frame
 * @example
 * ```ts
 * const truth = readMotBoxes('1,1,0,0,40,100\n2,1,5,0,40,100', 'gt.txt');
 * scoreTracks(truth, truth, { benchmark: 'MOT15' }).hota; // 1
 * ```
 */
export function scoreTracks(
  truth: readonly MotBox[],
  result: readonly MotBox[],
  rules: TrackingRules,
): TrackingScores {
  const steps = compareFrames(truth, result, rules);
  return { ...hotaOf(steps), ...clearOf(steps), ...identityOf(steps) };
}
