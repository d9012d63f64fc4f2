/** Symmetric and general 2 × 2 matrices, row by row: `[a, b, c, d]` is `a b / c d`. */
export type Matrix2 = readonly [number, number, number, number];

export const identity2: Matrix2 = [1, 0, 0, 1];

export function add2(m: Matrix2, n: Matrix2): Matrix2 {
  return [m[0] + n[0], m[1] + n[1], m[2] + n[2], m[3] + n[3]];
}

export function subtract2(m: Matrix2, n: Matrix2): Matrix2 {
  return [m[0] - n[0], m[1] - n[1], m[2] - n[2], m[3] - n[3]];
}

export function scale2(m: Matrix2, by: number): Matrix2 {
  return [m[0] * by, m[1] * by, m[2] * by, m[3] * by];
}

export function multiply2(m: Matrix2, n: Matrix2): Matrix2 {
  return [
    m[0] * n[0] + m[1] * n[2],
    m[0] * n[1] + m[1] * n[3],
    m[2] * n[0] + m[3] * n[2],
    m[2] * n[1] + m[3] * n[3],
  ];
}

export function transpose2(m: Matrix2): Matrix2 {
  return [m[0], m[2], m[1], m[3]];
}

export function determinant2(m: Matrix2): number {
  return m[0] * m[3] - m[1] * m[2];
}

/** @throws {RangeError} if the matrix has no inverse */
export function invert2(m: Matrix2): Matrix2 {
  const determinant = determinant2(m);
  if (!(Math.abs(determinant) > 1e-300)) throw new RangeError('Cannot invert: the matrix is singular');
  return [m[3] / determinant, -m[1] / determinant, -m[2] / determinant, m[0] / determinant];
}

/** `v' · m · v`: the squared length of `v` as the matrix measures it. */
export function quadratic2(m: Matrix2, x: number, y: number): number {
  return x * (m[0] * x + m[1] * y) + y * (m[2] * x + m[3] * y);
}

/** Makes rounding errors symmetric again, so that a covariance stays one. */
export function symmetric2(m: Matrix2): Matrix2 {
  const off = (m[1] + m[2]) / 2;
  return [m[0], off, off, m[3]];
}

/**
 * Solves `a · x = b` by Gaussian elimination with partial pivoting.
 *
 * @param a square, row by row; not changed
 * @returns the solution, or `undefined` if the matrix is singular to working precision
 */
export function solve(
  a: readonly (readonly number[])[],
  b: readonly number[],
): readonly number[] | undefined {
  const size = b.length;
  const rows = a.map((row, i) => [...row, b[i]!]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    const top = rows[pivot]!;
    if (!(Math.abs(top[column]!) > 1e-12)) return undefined;
    rows[pivot] = rows[column]!;
    rows[column] = top;
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const row = rows[i]!;
      const factor = row[column]! / top[column]!;
      if (factor === 0) continue;
      for (let j = column; j <= size; j++) row[j] = row[j]! - factor * top[j]!;
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}
