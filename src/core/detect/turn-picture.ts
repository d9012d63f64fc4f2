import type { Size } from '../units.ts';

/** Packed R, G, B bytes, row by row. */
export interface PackedPicture {
  readonly size: Size;
  readonly rgb: Uint8Array;
}

/**
 * Takes a turned part out of a picture, about the middles of both; each sample from the four pixels around it.
 *
 * @param turn of the part, clockwise, in radians
 * @param scale pixels of the part for one of the picture
 * @param size of the part
 * @returns packed R, G, B bytes of `size`; where the part reaches beyond the picture, what its edge shows
 */
export function turnPicture(
  { size: from, rgb }: PackedPicture,
  turn: number,
  scale: number,
  size: Size,
): Uint8Array {
  const cut = new Uint8Array(size.width * size.height * 3);
  const [acrossX, acrossY] = [Math.cos(turn) / scale, Math.sin(turn) / scale];
  const [most, lowest] = [from.width - 1, from.height - 1];
  const stride = from.width * 3;
  let to = 0;
  for (let row = 0; row < size.height; row++) {
    const toLeft = (1 - size.width) / 2;
    const toTop = row + (1 - size.height) / 2;
    let x = most / 2 + toLeft * acrossX - toTop * acrossY;
    let y = lowest / 2 + toLeft * acrossY + toTop * acrossX;
    for (let column = 0; column < size.width; column++, x += acrossX, y += acrossY) {
      const inX = x < 0 ? 0 : x > most ? most : x;
      const inY = y < 0 ? 0 : y > lowest ? lowest : y;
      const left = inX | 0;
      const top = inY | 0;
      const right = ((inX - left) * one + 0.5) | 0;
      const lower = ((inY - top) * one + 0.5) | 0;
      let a = top * stride + left * 3;
      let b = left < most ? a + 3 : a;
      let c = top < lowest ? a + stride : a;
      let d = top < lowest ? b + stride : b;
      for (const end = to + 3; to < end; ) {
        const above = rgb[a++]! * (one - right) + rgb[b++]! * right;
        const below = rgb[c++]! * (one - right) + rgb[d++]! * right;
        cut[to++] = (above * (one - lower) + below * lower + half) >> 16;
      }
    }
  }
  return cut;
}

/** Shares of a pixel are told in 256ths. */
const one = 256;
const half = 1 << 15;
