/**
 * Pairs rows with columns so that the sum of costs is least, leaving out pairs whose cost is not finite.
 *
 * The Hungarian method with potentials (Kuhn 1955; the O(n³) form by Jonker and Volgenant 1987).
 * Leaving a row without a column costs `unpairedCost`, so a bad pair is never made just to make one.
 *
 * @param costs rows × columns; `Infinity` forbids a pair
 * @param unpairedCost what an unpaired row costs; pairs dearer than that are not made
 * @returns for each row its column, or -1. Equal costs: the same input always gives the same pairs.
 * @example
 * ```ts
 * assign([[1, 9], [2, 3]], 10); // [0, 1]
 * assign([[50]], 10); // [-1]
 * ```
 */
export function assign(costs: readonly (readonly number[])[], unpairedCost: number): number[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (rows === 0) return [];
  // One private "nobody" column a row makes every problem solvable.
  const width = columns + rows;
  const cost = (row: number, column: number): number => {
    if (column >= columns) return column - columns === row ? unpairedCost : forbidden;
    const value = costs[row]![column]!;
    return value < unpairedCost ? value : forbidden;
  };
  const forbidden = 1e9;
  const rowPotential = new Array<number>(rows + 1).fill(0);
  const columnPotential = new Array<number>(width + 1).fill(0);
  const rowOf = new Array<number>(width + 1).fill(0);
  const way = new Array<number>(width + 1).fill(0);
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    let column = 0;
    const least = new Array<number>(width + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Array<boolean>(width + 1).fill(false);
    do {
      used[column] = true;
      const current = rowOf[column]!;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= width; j++) {
        if (used[j]) continue;
        const reduced = cost(current - 1, j - 1) - rowPotential[current]! - columnPotential[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          way[j] = column;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= width; j++) {
        if (used[j]) {
          rowPotential[rowOf[j]!] = rowPotential[rowOf[j]!]! + delta;
          columnPotential[j] = columnPotential[j]! - delta;
        } else {
          least[j] = least[j]! - delta;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    do {
      const before = way[column]!;
      rowOf[column] = rowOf[before]!;
      column = before;
    } while (column !== 0);
  }
  const columnOf = new Array<number>(rows).fill(-1);
  for (let j = 1; j <= columns; j++) {
    if (rowOf[j] !== 0) columnOf[rowOf[j]! - 1] = j - 1;
  }
  return columnOf;
}
