import { inflateSync } from 'node:zlib';
import type { Size } from '../../src/core/units.ts';

const signature = '89504e470d0a1a0a';

/** The neighbour that best continues left, up and upper left: PNG's fourth filter. */
function nearest(left: number, up: number, upperLeft: number): number {
  const guess = left + up - upperLeft;
  const [toLeft, toUp, toUpperLeft] = [guess - left, guess - up, guess - upperLeft].map(Math.abs);
  if (toLeft! <= toUp! && toLeft! <= toUpperLeft!) return left;
  return toUp! <= toUpperLeft! ? up : upperLeft;
}

/**
 * Reads the pictures that models are verified with, without needing a codec on the box: PNG of 8-bit red,
 * green, blue, not interlaced, and no other kind.
 *
 * @returns packed R, G, B bytes, row by row
 * @throws {Error} if it is another kind of file
 */
export function readPng(file: Uint8Array): Size & { readonly rgb: Uint8Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Uint8Array[] = [];
  let header: DataView | undefined;
  if (Buffer.from(file.subarray(0, 8)).toString('hex') !== signature)
    throw new Error('Cannot read: it must be a PNG');
  for (let at = 8; at + 8 <= file.length; ) {
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (kind === 'IHDR') header = new DataView(file.buffer, file.byteOffset + at + 8, length);
    if (kind === 'IDAT') chunks.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  // Depth 8, colour kind 2 (red, green, blue), and the only compression, filtering and no interlacing.
  const kind = header && [8, 9, 10, 11, 12].map((at) => header.getUint8(at)).join();
  if (!header || kind !== '8,2,0,0,0') {
    throw new Error(`Cannot read: the PNG must be 8-bit RGB, not interlaced, current value is ${kind}`);
  }
  const width = header.getUint32(0);
  const height = header.getUint32(4);
  const rowLength = width * 3;
  const packed = inflateSync(Buffer.concat(chunks));
  const rgb = new Uint8Array(rowLength * height);
  for (let row = 0; row < height; row++) {
    const filter = packed[row * (rowLength + 1)]!;
    for (let column = 0; column < rowLength; column++) {
      const to = row * rowLength + column;
      const left = column < 3 ? 0 : rgb[to - 3]!;
      const up = row === 0 ? 0 : rgb[to - rowLength]!;
      const upperLeft = row === 0 || column < 3 ? 0 : rgb[to - rowLength - 3]!;
      const guesses = [0, left, up, (left + up) >> 1, nearest(left, up, upperLeft)];
      rgb[to] = packed[row * (rowLength + 1) + 1 + column]! + guesses[filter]!;
    }
  }
  return { width, height, rgb };
}
