/** Cells of a tile, down and across. */
export const winogradTile = 4;

type Matrix = readonly (readonly number[])[];

/** Andrew Lavin and Scott Gray, Fast Algorithms for Convolutional Neural Networks (2016): F(4×4, 3×3). */
const picture: Matrix = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const weights: Matrix = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const back: Matrix = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];

/** The transform of both directions at once, of a square laid out row by row. */
const twice = (one: Matrix): number[] =>
  one.flatMap((down) => one.flatMap((across) => down.flatMap((a) => across.map((b) => a * b))));

/**
 * Winograd's transforms as matrices over squares that are laid out row by row:
 *
 *     ofPicture  36 × 36   a tile of six by six cells, the middle four by four of which are computed
 *     ofWeights  36 × 9    a window of three by three
 *     back       16 × 36   the 36 products to the four by four cells
 */
export const transformsOf = () => ({
  ofPicture: twice(picture),
  ofWeights: twice(weights),
  back: twice(back),
});
