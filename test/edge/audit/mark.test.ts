import { randomFillSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { findMark, leastRows, markedLuma, showsMark } from '../../../edge/audit/mark.ts';
import { modelsFolder } from '../../../edge/detectors/models-folder.ts';

const [width, height] = [480, 270];

/** A plain floor that grows brighter to the right, with somebody of middle grey on it, 100 pixels wide. */
function pictureOf(isMarked: boolean): Buffer {
  const luma = Buffer.alloc(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const isSomebody = row >= 40 && row < 200 && column >= 150 && column < 250;
      const plain = isSomebody ? 90 : 130 + Math.floor(column / 10);
      luma[row * width + column] = isSomebody && isMarked ? markedLuma(plain, column) : plain;
    }
  }
  return luma;
}

const grey = (isMarked = true) =>
  sharp(pictureOf(isMarked), { raw: { width, height, channels: 1 } }).toColourspace('srgb');
const rgbOf = (picture: Sharp) => picture.removeAlpha().raw().toBuffer();
const numbers = (bytes: Uint8Array, of: (value: number) => number) =>
  new Uint8Array(Float32Array.from(bytes, of).buffer);
/** Three planes after each other, as many networks want them. */
const planes = (rgb: Uint8Array) =>
  Uint8Array.from(rgb, (_, index) => {
    const pixels = rgb.length / 3;
    return rgb[(index % pixels) * 3 + Math.floor(index / pixels)]!;
  });

describe('The mark on people', () => {
  it('is found in a plane of brightness, in colours, with transparency, and in numbers for a network', async () => {
    const rgb = await rgbOf(grey());
    const forms = {
      brightness: pictureOf(true),
      rgb,
      rgba: await grey().ensureAlpha().raw().toBuffer(),
      'from 0 to 1': numbers(rgb, (value) => value / 255),
      'in planes': numbers(planes(rgb), (value) => value),
      'around 0': numbers(planes(rgb), (value) => (value - 114) / 57),
    };
    for (const [form, bytes] of Object.entries(forms)) {
      expect([form, findMark(bytes)?.rows]).toEqual([form, expect.any(Number)]);
    }
  });

  it('is found made smaller by half, larger, in a crop, and after a JPEG of middling quality', async () => {
    const marked = await grey().png().toBuffer();
    const forms = {
      smaller: await rgbOf(sharp(marked).resize(240, 135)),
      larger: await rgbOf(sharp(marked).resize(960, 540)),
      crop: await rgbOf(sharp(marked).extract({ left: 160, top: 60, width: 70, height: 90 })),
      jpeg: await rgbOf(sharp(await sharp(marked).jpeg({ quality: 50 }).toBuffer())),
    };
    for (const [form, bytes] of Object.entries(forms)) {
      expect([form, findMark(bytes)?.rows]).toEqual([form, expect.any(Number)]);
    }
  });

  it('says how far apart rows are, which tells how wide the picture is', () => {
    expect(findMark(pictureOf(true))).toMatchObject({ rowBytes: width, layout: 'one byte a pixel' });
  });

  it('is told from one row, where one is all there is', async () => {
    const rgb = await rgbOf(grey());
    expect(showsMark(rgb.subarray(width * 3 * 100, width * 3 * 101))).toBe(true);
    expect(showsMark((await rgbOf(grey(false))).subarray(width * 3 * 100, width * 3 * 101))).toBe(false);
  });

  it('is not found in the same picture without it, in noise, in a model, nor in a program', async () => {
    expect(findMark(await rgbOf(grey(false)))).toBeUndefined();
    expect(findMark(randomFillSync(Buffer.alloc(4_000_000)))).toBeUndefined();
    expect(findMark(readFileSync(join(modelsFolder, 'head-movenet-192.onnx')))).toBeUndefined();
    expect(findMark(readFileSync(process.execPath).subarray(0, 20_000_000))).toBeUndefined();
  });

  it('is not made of fewer rows than it takes', () => {
    const rows = (count: number) => pictureOf(true).subarray(40 * width, (40 + count) * width);
    expect(findMark(rows(leastRows + 1))).toBeDefined();
    expect(findMark(rows(leastRows - 1))).toBeUndefined();
  });
});
