import type { Size } from '../units.ts';

/** What MoveNet answers for one picture: a row a cell, row by row. */
export interface MovenetTables {
  /** `[cells]`: how much a cell is the middle of a body, 0 to 1. */
  readonly centre: Float32Array;
  /** `[cells, points]`: how much a cell holds each point, 0 to 1. */
  readonly points: Float32Array;
  /** `[cells, 2 × points]`: from a body's middle in this cell to each point, down and across, in cells. */
  readonly ways: Float32Array;
  /** `[cells, 2 × points]`: where in the cell each point lies, down and across, in cells. */
  readonly offsets: Float32Array;
}

/** A point of a body in the picture the network saw, and how sure the network is of it, 0 to 1. */
export interface BodyPoint {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

/** Input pixels a cell. */
const stride = 4;
/** A cell this far away weighs half as much as one in place, in cells: as the network was trained. */
const halfAt = 1.8;

/**
 * Turns MoveNet's tables into the points of one body: the one nearest to the picture's middle.
 *
 *     centre ▶ which body ─▶ ways ▶ where each point should be ─▶ points ▶ the cell it is in ─▶ offsets
 *
 * The arithmetic is that of the published graph, where it is a tail of nodes.
 *
 * @param input size of the picture the network saw
 * @returns the points in the network's order, in pixels of the input
 * @throws {RangeError} if the tables are not of that input
 */
export function decodeMovenet(tables: MovenetTables, input: Size): BodyPoint[] {
  const { centre, points, ways, offsets } = tables;
  const [columns, rows] = [input.width / stride, input.height / stride];
  const cells = columns * rows;
  const count = points.length / cells;
  const whole = Number.isInteger(count) && count > 0;
  if (
    !whole ||
    centre.length !== cells ||
    ways.length !== 2 * points.length ||
    offsets.length !== ways.length
  ) {
    throw new RangeError(
      `Cannot decode: there must be ${cells} cells, current values are ${centre.length}, ${points.length}, ` +
        `${ways.length} and ${offsets.length}`,
    );
  }
  const likeliest = (shareOf: (cell: number) => number, row: number, column: number): number => {
    let [best, most] = [0, Number.NEGATIVE_INFINITY];
    for (let cell = 0; cell < cells; cell++) {
      const apart = Math.hypot(Math.floor(cell / columns) - row, (cell % columns) - column);
      const weight = shareOf(cell) / (apart + halfAt);
      if (weight > most) [best, most] = [cell, weight];
    }
    return best;
  };
  const body = likeliest((cell) => centre[cell]!, rows / 2, columns / 2);
  return Array.from({ length: count }, (_, point) => {
    const way = (body * count + point) * 2;
    const row = Math.floor(body / columns) + ways[way]!;
    const column = (body % columns) + ways[way + 1]!;
    const cell = likeliest((one) => points[one * count + point]!, row, column);
    const offset = (cell * count + point) * 2;
    return {
      x: ((cell % columns) + offsets[offset + 1]!) * stride,
      y: (Math.floor(cell / columns) + offsets[offset]!) * stride,
      score: points[cell * count + point]!,
    };
  });
}
