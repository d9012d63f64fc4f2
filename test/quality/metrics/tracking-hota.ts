import { bestPairs, rounding, type Steps } from './tracking-steps.ts';

/** Higher-order tracking accuracy and its parts; 0 to 1, higher is better. */
export interface Hota {
  /** Finding and following people, in equal parts. */
  readonly hota: number;
  /** Finding alone: right boxes over all boxes, true and told. */
  readonly detA: number;
  /** Following alone: of each box rightly found, how far its identity is the same person all along. */
  readonly assA: number;
  /** How tightly the right boxes fit. */
  readonly locA: number;
}

/** Overlaps from which a box counts as right: .05 to .95. */
const thresholds: readonly number[] = Array.from({ length: 19 }, (_, i) => 0.05 + i * 0.05);

/**
 * HOTA: Luiten, Osep, Dendorfer, Torr, Geiger, Leal-Taixé, Leibe, "HOTA: A Higher Order Metric for Evaluating
 * Multi-object Tracking", IJCV 2021.
 *
 * Boxes are paired once a frame, so that partners who go together over the whole sequence are preferred.
 * Each threshold then counts the pairs that overlap enough, and the figures are the means over thresholds.
 */
export function hotaOf({ steps, truthSizes, resultSizes, truthBoxes, resultBoxes }: Steps): Hota {
  if (truthBoxes === 0 || resultBoxes === 0) return { hota: 0, detA: 0, assA: 0, locA: 1 };

  // How far two identities are one over the whole sequence. In each frame a pair gets the share of its
  // overlap in all that either of them overlaps; the sum is held against the lengths of both.
  const together = truthSizes.map(() => new Float64Array(resultSizes.length));
  for (const { truth, result, overlaps } of steps) {
    const ofColumn = result.map((_, j) => overlaps.reduce((sum, row) => sum + row[j]!, 0));
    for (const [i, row] of overlaps.entries()) {
      const ofRow = row.reduce((sum, overlap) => sum + overlap, 0);
      const sums = together[truth[i]!]!;
      for (const [j, overlap] of row.entries()) {
        if (overlap > 0) sums[result[j]!]! += overlap / (ofRow + ofColumn[j]! - overlap);
      }
    }
  }
  const likeness = (one: number, other: number): number => {
    const shared = together[one]![other]!;
    return shared / (truthSizes[one]! + resultSizes[other]! - shared);
  };

  // The overlaps of the boxes that two identities share, by pair.
  const shared = new Map<string, { readonly sizes: number; readonly overlaps: number[] }>();
  for (const { truth, result, overlaps } of steps) {
    const worths = overlaps.map((row, i) =>
      row.map((overlap, j) => overlap * likeness(truth[i]!, result[j]!)),
    );
    for (const [i, j] of bestPairs(worths)) {
      const [one, other] = [truth[i]!, result[j]!];
      const key = `${one} ${other}`;
      const pair = shared.get(key) ?? { sizes: truthSizes[one]! + resultSizes[other]!, overlaps: [] };
      pair.overlaps.push(overlaps[i]![j]!);
      shared.set(key, pair);
    }
  }

  const curves = thresholds.map((threshold): Hota => {
    let right = 0;
    let fit = 0;
    let association = 0;
    for (const { sizes, overlaps } of shared.values()) {
      const tight = overlaps.filter((overlap) => overlap >= threshold - rounding);
      right += tight.length;
      fit += tight.reduce((sum, overlap) => sum + overlap, 0);
      association += tight.length ** 2 / (sizes - tight.length);
    }
    const detA = right / (truthBoxes + resultBoxes - right);
    const assA = right === 0 ? 0 : association / right;
    return { hota: Math.sqrt(detA * assA), detA, assA, locA: right === 0 ? 1 : fit / right };
  });
  const mean = (name: keyof Hota) => curves.reduce((sum, one) => sum + one[name], 0) / curves.length;
  return { hota: mean('hota'), detA: mean('detA'), assA: mean('assA'), locA: mean('locA') };
}
