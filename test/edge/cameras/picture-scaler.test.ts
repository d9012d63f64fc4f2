import {
  AV_PIX_FMT_BGRA,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ422P,
} from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { PictureScaler } from '../../../edge/cameras/picture-scaler.ts';
import type { FitKind } from '../../../src/core/detect/fit.ts';
import type { Size } from '../../../src/core/units.ts';

function white(size: Size, format: Frame['format'] = AV_PIX_FMT_YUV420P): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = size.width;
  frame.height = size.height;
  frame.format = format;
  frame.getBuffer(0);
  const isYuv = format === AV_PIX_FMT_YUV420P || format === AV_PIX_FMT_YUVJ422P;
  frame.data!.forEach((plane, index) => void plane.fill(isYuv && index > 0 ? 128 : 255));
  return frame;
}

/** Which bytes are neither pad nor picture, and how far the picture reaches. */
function scaled(size: Size, input: Size, kind: FitKind, format?: Frame['format']) {
  const scaler = new PictureScaler(input, kind);
  const { rgb, fit } = scaler.scale(white(size, format));
  const grey = [...rgb].filter((byte) => byte === 114).length;
  const bright = [...rgb].filter((byte) => byte > 230).length;
  const last = rgb.lastIndexOf(255) / 3;
  scaler.close();
  return { fit, grey, bright, total: rgb.length, last };
}

describe('a scaler', () => {
  it.each([
    [
      { width: 960, height: 540 },
      { width: 416, height: 416 },
    ],
    [
      { width: 960, height: 540 },
      { width: 640, height: 384 },
    ],
    [
      { width: 540, height: 960 },
      { width: 416, height: 416 },
    ],
    [
      { width: 641, height: 359 },
      { width: 233, height: 97 },
    ],
    [
      { width: 97, height: 233 },
      { width: 97, height: 233 },
    ],
    [
      { width: 33, height: 17 },
      { width: 64, height: 64 },
    ],
    [
      { width: 1920, height: 1080 },
      { width: 320, height: 320 },
    ],
  ])('fills picture and pads of %o in %o and nothing else', (size, input) => {
    for (const format of [AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_BGRA, AV_PIX_FMT_RGB24]) {
      const { fit, grey, bright, total } = scaled(size, input, 'letterbox', format);
      const width = Math.round(size.width * fit.scaleX);
      const height = Math.round(size.height * fit.scaleY);
      expect([bright, grey]).toEqual([width * height * 3, total - width * height * 3]);
      expect(scaled(size, input, 'stretch', format).bright).toBe(total);
    }
  });

  it('follows a camera that changes its size, and paints the pads anew', () => {
    const scaler = new PictureScaler({ width: 64, height: 64 }, 'letterbox');
    const wide = scaler.scale(white({ width: 128, height: 64 }));
    expect([wide.rgb[0], wide.rgb[32 * 64 * 3]]).toEqual([114, 255]);
    const tall = scaler.scale(white({ width: 64, height: 128 }));
    expect(tall.camera).toEqual({ width: 64, height: 128 });
    expect([tall.rgb[16 * 3], tall.rgb[32 * 64 * 3]]).toEqual([255, 114]);
    scaler.close();
  });
});
