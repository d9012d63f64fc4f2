import { describe, expect, it } from 'vitest';
import { decodeMovenet, type MovenetTables } from '../../../src/core/head/movenet.ts';

const input = { width: 40, height: 40 };
const columns = 10;
const count = 2;
const cellOf = (row: number, column: number) => row * columns + column;

/** Tables in which nothing is anywhere. */
function empty(): MovenetTables {
  const cells = columns * columns;
  return {
    centre: new Float32Array(cells),
    points: new Float32Array(cells * count),
    ways: new Float32Array(cells * count * 2),
    offsets: new Float32Array(cells * count * 2),
  };
}
/** Somebody whose middle is in a cell, and whose point lies so far down and across from there. */
function put(
  tables: MovenetTables,
  row: number,
  column: number,
  point: number,
  [down, across]: [number, number],
) {
  tables.centre[cellOf(row, column)] = 0.9;
  tables.ways.set([down, across], (cellOf(row, column) * count + point) * 2);
}

describe("MoveNet's tables", () => {
  it('give each point in pixels: the likeliest cell near where it should be, and the place in it', () => {
    const tables = empty();
    put(tables, 5, 5, 0, [-3, 1]);
    put(tables, 5, 5, 1, [2, -2]);
    tables.points[cellOf(2, 6) * count] = 0.7;
    tables.offsets.set([0.25, 0.5], cellOf(2, 6) * count * 2);
    tables.points[cellOf(7, 3) * count + 1] = 0.4;
    const [first, second] = decodeMovenet(tables, input);
    expect(first).toEqual({ x: 26, y: 9, score: expect.closeTo(0.7, 6) });
    expect(second).toEqual({ x: 12, y: 28, score: expect.closeTo(0.4, 6) });
  });

  it('of two people are those of whoever is nearer to the middle', () => {
    const tables = empty();
    put(tables, 5, 1, 0, [0, 0]);
    put(tables, 5, 6, 0, [0, 0]);
    for (const column of [1, 6]) tables.points[cellOf(5, column) * count] = 0.8;
    expect(decodeMovenet(tables, input)[0]).toMatchObject({ x: 24, y: 20 });
  });

  it('take a fainter cell where the point should be rather than a surer one far from it', () => {
    const tables = empty();
    put(tables, 5, 5, 0, [0, 0]);
    tables.points[cellOf(5, 5) * count] = 0.4;
    tables.points[cellOf(9, 9) * count] = 0.9;
    expect(decodeMovenet(tables, input)[0]!.score).toBeCloseTo(0.4);
  });

  it.each(['centre', 'points', 'ways', 'offsets'] as const)('of another input are refused: %s', (name) => {
    const tables = { ...empty(), [name]: new Float32Array(7) };
    expect(() => decodeMovenet(tables, input)).toThrow(RangeError);
    expect(() => decodeMovenet(tables, input)).toThrow(/there must be 100 cells/);
  });
});
