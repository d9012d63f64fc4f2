/**
 * How a row of numbers, one a class, becomes how sure a network is of a person.
 *
 * - `share`: they are 0 to 1 already
 * - `sigmoid`: each by itself, as in RT-DETR
 * - `softmax`: they share 1 among them, a last one for "nothing" included, as in DETR
 */
export type ScoreKind = 'share' | 'sigmoid' | 'softmax';

/** The share of 1 that one number stands for. Whatever the number, it does not overflow. */
export function sigmoid(value: number): number {
  return value >= 0 ? 1 / (1 + Math.exp(-value)) : 1 - 1 / (1 + Math.exp(value));
}

/**
 * How sure a network is of a person in each row of a table `[rows, classes]`.
 *
 * @param person the person's place among the classes
 * @returns a score a row; not a number where the row says nothing
 */
export function personScores(
  numbers: Float32Array,
  { classes, person, kind }: { readonly classes: number; readonly person: number; readonly kind: ScoreKind },
): Float32Array {
  const rows = Math.floor(numbers.length / classes);
  const scores = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = numbers[row * classes + person]!;
    if (kind === 'share') scores[row] = own;
    else if (kind === 'sigmoid') scores[row] = sigmoid(own);
    else {
      let largest = own;
      for (let one = 0; one < classes; one++) largest = Math.max(largest, numbers[row * classes + one]!);
      let sum = 0;
      // Less the largest, so that the exponential of a large answer does not overflow.
      for (let one = 0; one < classes; one++) sum += Math.exp(numbers[row * classes + one]! - largest);
      scores[row] = Math.exp(own - largest) / sum;
    }
  }
  return scores;
}
