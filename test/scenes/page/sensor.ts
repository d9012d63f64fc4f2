import { chance } from '../chance.ts';
import type { Area } from './area.ts';

/** Sides of the squares in which bloom is reckoned: it is too soft for finer ones. */
const BLOCK_PX = 8;
/** What is brighter than this before a blinding street spills over. */
const SPILLS_FROM = 185;

/**
 * Light that spills over from a blinding street: around it the picture pales, and whoever stands before it
 * becomes a dark shape in a haze. It is taken from the finished picture, so people before the door take from it.
 *
 * @param frame `width × height × 4` bytes, changed
 * @param doors where the street is to be seen
 * @param strength 0 to 1
 */
export function bloom(
  frame: Uint8ClampedArray,
  width: number,
  height: number,
  doors: readonly Area[],
  strength: number,
): void {
  const columns = Math.ceil(width / BLOCK_PX) + 1;
  const rows = Math.ceil(height / BLOCK_PX) + 1;
  const spilt = new Float32Array(columns * rows);
  for (const { left, top, right, bottom } of doors) {
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = 4 * (y * width + x);
        const mean = (frame[at]! + frame[at + 1]! + frame[at + 2]!) / 3;
        if (mean > SPILLS_FROM)
          spilt[Math.floor(y / BLOCK_PX) * columns + Math.floor(x / BLOCK_PX)]! +=
            (mean - SPILLS_FROM) / (255 - SPILLS_FROM) / BLOCK_PX ** 2;
      }
    }
  }
  const near = blurred(spilt, columns, rows, 2);
  const wide = blurred(blurred(spilt, columns, rows, 7), columns, rows, 7);
  for (let n = 0; n < spilt.length; n++)
    spilt[n] = Math.min(0.85, strength * (0.6 * near[n]! + 1.6 * wide[n]!));
  for (let y = 0, at = 0; y < height; y++) {
    const v = y / BLOCK_PX;
    const row = Math.floor(v);
    const fv = v - row;
    for (let x = 0; x < width; x++, at += 4) {
      const u = x / BLOCK_PX;
      const n = row * columns + Math.floor(u);
      const fu = u - Math.floor(u);
      const haze =
        (spilt[n]! * (1 - fu) + spilt[n + 1]! * fu) * (1 - fv) +
        (spilt[n + columns]! * (1 - fu) + spilt[n + columns + 1]! * fu) * fv;
      frame[at]! += (255 - frame[at]!) * haze;
      frame[at + 1]! += (255 - frame[at + 1]!) * haze;
      frame[at + 2]! += (252 - frame[at + 2]!) * haze;
    }
  }
}

/** The mean of the squares around each, twice over: nearly a Gaussian. */
function blurred(values: Float32Array, columns: number, rows: number, reach: number): Float32Array {
  let from = values;
  for (let pass = 0; pass < 2; pass++) {
    for (const [step, length, across, count] of [
      [1, columns, columns, rows],
      [columns, rows, 1, columns],
    ] as const) {
      const to = new Float32Array(from.length);
      for (let line = 0; line < count; line++) {
        for (let n = 0; n < length; n++) {
          let sum = 0;
          for (let k = Math.max(0, n - reach); k <= Math.min(length - 1, n + reach); k++)
            sum += from[line * across + k * step]!;
          to[line * across + n * step] = sum / (2 * reach + 1);
        }
      }
      from = to;
    }
  }
  return from;
}

const GRAINS = 1 << 18;

/** Noise of a sensor, `sigma` steps of 256 in each colour, the same for the same seed and frame. */
export class Noise {
  readonly #grains: Float32Array;
  readonly #seed: number;

  constructor(seed: number, sigma: number) {
    this.#seed = seed;
    const random = chance(seed + 101);
    // Box and Muller's way from two even chances to two normal ones.
    this.#grains = new Float32Array(GRAINS);
    for (let n = 0; n < GRAINS; n += 2) {
      const radius = sigma * Math.sqrt(-2 * Math.log(1 - random()));
      const angle = 2 * Math.PI * random();
      this.#grains[n] = radius * Math.cos(angle);
      this.#grains[n + 1] = radius * Math.sin(angle);
    }
  }

  /** @param rgb `width × height × 3` bytes, changed. Each row starts elsewhere among the grains. */
  add(rgb: Uint8ClampedArray, width: number, frame: number): void {
    const random = chance(this.#seed * 31 + frame * 7919 + 5);
    for (let row = 0; row < rgb.length; row += 3 * width) {
      const start = Math.floor(random() * (GRAINS - 3 * width));
      for (let n = 0; n < 3 * width; n++) rgb[row + n]! += this.#grains[start + n]!;
    }
  }
}
