import { bestPairs, leastOverlap, rounding, type Steps } from './tracking-steps.ts';

/** The CLEAR figures, at an overlap of .5. */
export interface Clear {
  /** 1 less what was missed, false or switched, over all true boxes; below 0 when there is more of that than of those. */
  readonly mota: number;
  /** Mean overlap of the boxes found, 0 to 1; higher is better. */
  readonly motp: number;
  /** How often somebody's identity became another than it last was. */
  readonly switches: number;
  /** How often somebody was found again after being lost. */
  readonly fragments: number;
  /** Boxes found, false and missed: TP, FP, FN. */
  readonly found: number;
  readonly false: number;
  readonly missed: number;
  /** People found in more than 80 % of their frames, in 20 % to 80 %, and in fewer: MT, PT, ML. */
  readonly mostlyTracked: number;
  readonly partlyTracked: number;
  readonly mostlyLost: number;
}

/** More than all overlaps of a frame together, so that a partner who still fits is kept whatever the others overlap. */
const loyalty = 1000;
const nobody = -1;

/**
 * CLEAR: Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics",
 * EURASIP Journal on Image and Video Processing 2008. Shares tracked: Li, Huang and Nevatia, CVPR 2009.
 *
 * Frame by frame: who was paired in the frame before and still overlaps by half stays paired, then the others
 * are paired for the most overlap. A frame with nobody true or nobody told leaves the pairs as they are.
 */
export function clearOf({ steps, truthSizes, truthBoxes, resultBoxes }: Steps): Clear {
  /** By person: the identity they had when last found, and in the frame before. */
  const last = truthSizes.map(() => nobody);
  let before = new Map<number, number>();
  const foundIn = truthSizes.map(() => 0);
  const begun = truthSizes.map(() => 0);
  let found = 0;
  let switches = 0;
  let fit = 0;
  for (const { truth, result, overlaps } of steps) {
    if (truth.length === 0 || result.length === 0) continue;
    const worths = overlaps.map((row, i) =>
      row.map((overlap, j) => {
        if (overlap < leastOverlap - rounding) return 0;
        return before.get(truth[i]!) === result[j] ? loyalty + overlap : overlap;
      }),
    );
    const now = new Map<number, number>();
    for (const [i, j] of bestPairs(worths)) {
      const person = truth[i]!;
      const identity = result[j]!;
      if (last[person] !== nobody && last[person] !== identity) switches += 1;
      if (!before.has(person)) begun[person]! += 1;
      foundIn[person]! += 1;
      last[person] = identity;
      now.set(person, identity);
      found += 1;
      fit += overlaps[i]![j]!;
    }
    before = now;
  }
  const shares = truthSizes.flatMap((size, person) => (size === 0 ? [] : [foundIn[person]! / size]));
  const mostlyTracked = shares.filter((share) => share > 0.8).length;
  const mostlyLost = shares.filter((share) => share < 0.2).length;
  const missed = truthBoxes - found;
  return {
    mota: (found - (resultBoxes - found) - switches) / Math.max(1, truthBoxes),
    motp: fit / Math.max(1, found),
    switches,
    fragments: begun.reduce((sum, times) => sum + Math.max(0, times - 1), 0),
    found,
    false: resultBoxes - found,
    missed,
    mostlyTracked,
    partlyTracked: shares.length - mostlyTracked - mostlyLost,
    mostlyLost,
  };
}
