import type { Fit } from '../detect/fit.ts';
import type { Seconds, Size } from '../units.ts';

/** Cells of a reading, across and down. A cell is 5 × 5 pixels of a 16:9 picture in a 640 × 384 input. */
export const columns = 128;
export const rows = 72;
const samplesAside = 3;
/** Pixels between the two whose difference is taken for sharpness, and between places it is taken at. */
const edgeReach = 2;
const edgeEveryColumn = 3;
const edgeEveryRow = 6;
/** The sharpest two in a hundred places: edges of things, and not the grain of what lies between. */
const sharpShare = 0.02;

/** What the judgement of a camera's sight rests on. It stays in the process that has the picture. */
export interface Reading {
  readonly at: Seconds;
  /** Brightness of each cell, row by row, 0 to 255 times nine: whole numbers, so that equal means equal. */
  readonly cells: readonly number[];
  /** Brightness of the picture, 0 to 255. */
  readonly mean: number;
  /** Standard deviation of the cells' brightness, 0 to 128. */
  readonly spread: number;
  /** Difference of brightness across the sharpest edges, 0 to 255. */
  readonly sharpness: number;
}

/**
 * Reads off a picture how bright, how varied and how sharp it is: arithmetic on a sample of its pixels,
 * a third of a millisecond.
 *
 * @param rgb packed bytes of the detector's input
 * @param camera size of the camera's own picture, which with `fit` says where in the input it lies
 */
export function readPicture(
  at: Seconds,
  rgb: ArrayLike<number>,
  input: Size,
  camera: Size,
  fit: Fit,
): Reading {
  const left = Math.max(0, Math.ceil(fit.padLeft));
  const top = Math.max(0, Math.ceil(fit.padTop));
  const width = Math.max(1, Math.min(input.width - left, Math.floor(camera.width * fit.scaleX)));
  const height = Math.max(1, Math.min(input.height - top, Math.floor(camera.height * fit.scaleY)));
  const across = samplePlaces(left, width, columns * samplesAside, 3);
  const down = samplePlaces(top, height, rows * samplesAside, input.width * 3);

  const cells = new Array<number>(columns * rows);
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let light = 0;
      for (let y = 0; y < samplesAside; y++) {
        const line = down[row * samplesAside + y]!;
        for (let x = 0; x < samplesAside; x++) {
          const i = line + across[column * samplesAside + x]!;
          light += (rgb[i]! + 2 * rgb[i + 1]! + rgb[i + 2]!) >> 2;
        }
      }
      cells[row * columns + column] = light;
      sum += light;
      squares += light * light;
    }
  }
  const count = columns * rows;
  const perCell = samplesAside * samplesAside;
  const mean = sum / count;
  const spread = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return {
    at,
    cells,
    mean: mean / perCell,
    spread: spread / perCell,
    sharpness: sharpnessOf(rgb, input.width, left, top, width, height),
  };
}

/** Where samples lie, as steps of `stride` from the first byte: the middle of each of `count` parts. */
function samplePlaces(from: number, length: number, count: number, stride: number): Int32Array {
  const places = new Int32Array(count);
  for (let i = 0; i < count; i++) places[i] = (from + Math.floor(((i + 0.5) * length) / count)) * stride;
  return places;
}

function sharpnessOf(
  rgb: ArrayLike<number>,
  stride: number,
  left: number,
  top: number,
  width: number,
  height: number,
): number {
  const differences = new Int32Array(256);
  const below = stride * 3 * edgeReach;
  const beside = 3 * edgeReach;
  let count = 0;
  for (let y = top; y < top + height - edgeReach; y += edgeEveryRow) {
    for (let x = left; x < left + width - edgeReach; x += edgeEveryColumn) {
      const i = (y * stride + x) * 3 + 1;
      const here = rgb[i]!;
      const difference = Math.max(Math.abs(here - rgb[i + beside]!), Math.abs(here - rgb[i + below]!));
      differences[difference]! += 1;
      count += 1;
    }
  }
  let above = 0;
  for (let difference = 255; difference > 0; difference--) {
    above += differences[difference]!;
    if (above >= count * sharpShare) return difference;
  }
  return 0;
}
