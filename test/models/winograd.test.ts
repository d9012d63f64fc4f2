import { describe, expect, test } from 'vitest';
import { transformsOf, winogradTile } from '../../models/convert/winograd.ts';
import { dice } from '../bench/crowd.ts';

const { ofPicture, ofWeights, back } = transformsOf();

const times = (matrix: readonly number[], vector: readonly number[]): number[] =>
  Array.from({ length: matrix.length / vector.length }, (_, row) =>
    vector.reduce((sum, value, column) => sum + matrix[row * vector.length + column]! * value, 0),
  );

/** A window of three by three over a tile of six by six, cell by cell. */
const oneByOne = (tile: readonly number[], window: readonly number[]): number[] =>
  Array.from({ length: winogradTile ** 2 }, (_, cell) => {
    const [row, column] = [Math.floor(cell / winogradTile), cell % winogradTile];
    return window.reduce(
      (sum, weight, i) => sum + weight * tile[(row + Math.floor(i / 3)) * 6 + column + (i % 3)]!,
      0,
    );
  });

function inTiles(tile: readonly number[], window: readonly number[]): number[] {
  const [picture, weights] = [times(ofPicture, tile), times(ofWeights, window)];
  return times(
    back,
    picture.map((value, i) => value * weights[i]!),
  );
}

describe('Winograd’s transform', () => {
  const chance = dice(7);
  const some = (count: number) => Array.from({ length: count }, () => chance() * 2 - 1);

  test('gives what a window moved cell by cell gives', () => {
    for (let round = 0; round < 20; round++) {
      const [tile, window] = [some(36), some(9)];
      for (const [cell, value] of oneByOne(tile, window).entries())
        expect(inTiles(tile, window)[cell]).toBeCloseTo(value, 10);
    }
  });

  test('is not that of a window laid the other way round', () => {
    const [tile, window] = [some(36), some(9)];
    expect(inTiles(tile, window.toReversed())[0]).not.toBeCloseTo(oneByOne(tile, window)[0]!, 3);
  });
});
