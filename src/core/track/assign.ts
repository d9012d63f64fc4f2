/** A column a row may take, and what that costs. */
export interface Link {
  readonly column: number;
  readonly cost: number;
}

/**
 * Pairs rows with columns so that the sum of costs is least, leaving out pairs whose cost is not finite.
 *
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
  return assignLinks(
    costs.map((row) => {
      const links: Link[] = [];
      for (let column = 0; column < row.length; column++) {
        if (row[column]! < unpairedCost) links.push({ column, cost: row[column]! });
      }
      return links;
    }),
    unpairedCost,
  );
}

/**
 * The same where most pairs are forbidden, and each row names the columns it may take.
 *
 * Rows that share no column, not even by way of others, have nothing to do with each other: each such group is
 * paired on its own. People spread over a hall make many small groups, so that the work grows with how many they
 * are, and only with the cube of how many stand close together.
 *
 * @param rows each with its links in order of column, none twice
 */
export function assignLinks(rows: readonly (readonly Link[])[], unpairedCost: number): number[] {
  const offered = rows.map((links) => links.filter(({ cost }) => cost < unpairedCost));
  const columnOf = new Array<number>(rows.length).fill(-1);
  for (const group of groupsOf(offered)) {
    if (group.length === 1) columnOf[group[0]!] = cheapest(offered[group[0]!]!);
    else pairGroup(group, offered, unpairedCost, columnOf);
  }
  return columnOf;
}

/** Rows that share columns, directly or by way of others; rows without a link are in none. */
function groupsOf(rows: readonly (readonly Link[])[]): Iterable<readonly number[]> {
  const leader = rows.map((_, row) => row);
  const taker = new Map<number, number>();
  for (const [row, links] of rows.entries()) {
    for (const { column } of links) {
      const other = taker.get(column);
      if (other === undefined) taker.set(column, row);
      else leader[leaderOf(leader, row)] = leaderOf(leader, other);
    }
  }
  const groups = new Map<number, number[]>();
  for (const [row, links] of rows.entries()) {
    if (links.length === 0) continue;
    const first = leaderOf(leader, row);
    const group = groups.get(first);
    if (group === undefined) groups.set(first, [row]);
    else group.push(row);
  }
  return groups.values();
}

function leaderOf(leader: number[], row: number): number {
  let first = row;
  while (leader[first] !== first) first = leader[first]!;
  leader[row] = first;
  return first;
}

function cheapest(links: readonly Link[]): number {
  let best = links[0]!;
  for (const link of links) if (link.cost < best.cost) best = link;
  return best.column;
}

/** More than any pair costs, and little enough that sums with it keep their digits. */
const forbidden = 1e9;

/**
 * Pairs one group: the Hungarian method with potentials (Kuhn 1955; the O(n³) form by Jonker and Volgenant 1987).
 *
 * @param columnOf gets the columns of the group's rows
 */
function pairGroup(
  group: readonly number[],
  offered: readonly (readonly Link[])[],
  unpairedCost: number,
  columnOf: number[],
): void {
  const names = [...new Set(group.flatMap((row) => offered[row]!.map(({ column }) => column)))].sort(
    ascending,
  );
  const placeOf = new Map(names.map((column, place) => [column, place]));
  const [rows, columns] = [group.length, names.length];
  // One private "nobody" column a row makes every problem solvable.
  const width = columns + rows;
  const costs = group.map((row, index) => {
    const line = new Array<number>(width).fill(forbidden);
    for (const { column, cost } of offered[row]!) line[placeOf.get(column)!] = cost;
    line[columns + index] = unpairedCost;
    return line;
  });
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
      const line = costs[current - 1]!;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= width; j++) {
        if (used[j]) continue;
        const reduced = line[j - 1]! - rowPotential[current]! - columnPotential[j]!;
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
  for (let j = 1; j <= columns; j++) {
    if (rowOf[j] !== 0) columnOf[group[rowOf[j]! - 1]!] = names[j - 1]!;
  }
}

const ascending = (a: number, b: number) => a - b;
