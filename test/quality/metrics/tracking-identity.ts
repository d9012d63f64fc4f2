import { bestPairs, leastOverlap, type Steps } from './tracking-steps.ts';

/** The identity figures, at an overlap of .5; 0 to 1, higher is better. */
export interface Identity {
  /** Boxes that bear the right identity, over the mean of all boxes true and told. */
  readonly idf1: number;
  /** … over all boxes told. */
  readonly idp: number;
  /** … over all true boxes. */
  readonly idr: number;
}

/**
 * IDF1: Ristani, Solera, Zou, Cucchiara and Tomasi, "Performance Measures and a Data Set for Multi-Target,
 * Multi-Camera Tracking", ECCV workshops 2016.
 *
 * Each person gets at most one identity for the whole sequence, so that the most boxes agree.
 */
export function identityOf({ steps, truthSizes, resultSizes, truthBoxes, resultBoxes }: Steps): Identity {
  const together = truthSizes.map(() => resultSizes.map(() => 0));
  for (const { truth, result, overlaps } of steps) {
    for (const [i, row] of overlaps.entries()) {
      for (const [j, overlap] of row.entries()) {
        if (overlap >= leastOverlap) together[truth[i]!]![result[j]!]! += 1;
      }
    }
  }
  const right = bestPairs(together).reduce((sum, [i, j]) => sum + together[i]![j]!, 0);
  return {
    idf1: (2 * right) / Math.max(1, truthBoxes + resultBoxes),
    idp: right / Math.max(1, resultBoxes),
    idr: right / Math.max(1, truthBoxes),
  };
}
