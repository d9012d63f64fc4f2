import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readPng } from '../../../edge/detectors/read-png.ts';

const size = { width: 61, height: 47 };
const rowLength = size.width * 3;
const raw = { raw: { ...size, channels: 3 as const } };

/** Slopes, edges and noise: neighbours of every kind. */
function picture(): Buffer {
  const bytes = Buffer.alloc(rowLength * size.height);
  for (let index = 0; index < bytes.length; index++) {
    const row = Math.floor(index / rowLength);
    bytes[index] =
      row < 12 ? index % 256 : row < 24 ? row * 9 + (index % 3) : (index * 7919 + row * row) % 251;
  }
  return bytes;
}

function chunk(kind: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  // Four zeros for the checksum, which the reader leaves alone: the file's hash is in the manifest.
  return Buffer.concat([length, Buffer.from(kind), data, Buffer.alloc(4)]);
}

/** Writes a PNG whose rows all use one filter, as the PNG specification (section 9) defines it. */
function writePng(rgb: Buffer, filter: number): Buffer {
  const rows = Array.from({ length: size.height }, (_, row) => {
    const at = (column: number, up: number) =>
      column < 0 || row - up < 0 ? 0 : rgb[(row - up) * rowLength + column]!;
    const line = Buffer.alloc(rowLength + 1, filter);
    for (let column = 0; column < rowLength; column++) {
      const [left, up, corner] = [at(column - 3, 0), at(column, 1), at(column - 3, 1)];
      const distances = [left, up, corner].map((near) => Math.abs(left + up - corner - near));
      // The first of the nearest, in the order left, up, upper left.
      const paeth = [left, up, corner][distances.indexOf(Math.min(...distances))]!;
      const guess = [0, left, up, Math.floor((left + up) / 2), paeth][filter]!;
      line[column + 1] = (at(column, 0) - guess) & 255;
    }
    return line;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width, 0);
  header.writeUInt32BE(size.height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const packed = deflateSync(Buffer.concat(rows));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    // In two parts, as an encoder may cut it.
    chunk('IDAT', packed.subarray(0, 100)),
    chunk('IDAT', packed.subarray(100)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('Reading a PNG', () => {
  it.each([
    ['none', 0],
    ['left', 1],
    ['up', 2],
    ['average', 3],
    ['nearest', 4],
  ])('gives the bytes that were written, their rows filtered by: %s', (_, filter) => {
    const read = readPng(writePng(picture(), filter));
    expect(read).toMatchObject(size);
    expect(Buffer.from(read.rgb).equals(picture())).toBe(true);
  });

  it('reads what another encoder writes', async () => {
    const file = await sharp(picture(), raw).png({ adaptiveFiltering: true }).toBuffer();
    expect(Buffer.from(readPng(file).rgb).equals(picture())).toBe(true);
  });

  it('refuses what is not a PNG', () => {
    expect(() => readPng(Buffer.from('GIF89a, and more than eight bytes'))).toThrow(/must be a PNG/);
  });

  it.each([
    ['interlaced', sharp(picture(), raw).png({ progressive: true })],
    ['grey', sharp(picture(), raw).toColourspace('b-w').png()],
    ['with transparency', sharp(picture(), raw).ensureAlpha().png()],
  ])('refuses a PNG that is %s, and says what it must be', async (_, image) => {
    const file = await image.toBuffer();
    expect(() => readPng(file)).toThrow(/8-bit RGB, not interlaced/);
  });
});
