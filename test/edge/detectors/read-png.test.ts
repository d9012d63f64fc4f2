import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readPng } from '../../../edge/detectors/read-png.ts';

const size = { width: 61, height: 47 };

/** Slopes, edges and noise that repeats: enough for an encoder to choose every filter somewhere. */
function picture(): Buffer {
  const bytes = Buffer.alloc(size.width * size.height * 3);
  for (let index = 0; index < bytes.length; index++) {
    const row = Math.floor(index / (size.width * 3));
    bytes[index] =
      row < 12 ? index % 256 : row < 24 ? row * 9 + (index % 3) : (index * 7919 + row * row) % 251;
  }
  return bytes;
}

const raw = { raw: { ...size, channels: 3 as const } };

describe('Reading a PNG', () => {
  it.each([true, false])(
    'gives the bytes that were written (filters chosen by line: %s)',
    async (adaptiveFiltering) => {
      const rgb = picture();
      const file = await sharp(rgb, raw).png({ adaptiveFiltering }).toBuffer();
      const read = readPng(file);
      expect(read).toMatchObject(size);
      expect(Buffer.from(read.rgb).equals(rgb)).toBe(true);
    },
  );

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
