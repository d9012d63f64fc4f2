import {
  AV_PIX_FMT_BGRA,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUVJ420P,
} from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeUp } from '../../../edge/cameras/close-up.ts';
import { createCamera } from '../../../edge/cameras/open-camera.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { Clips } from '../../peers/clips.ts';
import { absent, ffmpeg, titled } from '../../peers/tools.ts';

const [width, height] = [320, 240];
const size = { width: 64, height: 64 };

/** Left half white, right half black. */
function halves(format: Frame['format']): Frame {
  const frame = new Frame();
  frame.alloc();
  Object.assign(frame, { width, height, format });
  frame.getBuffer(0);
  frame.data!.forEach((plane, index) => {
    const line = frame.linesize[index]!;
    const isColour = index > 0;
    const each = format === AV_PIX_FMT_RGB24 ? 3 : 1;
    for (let row = 0; row * line < plane.length; row++) {
      plane.fill(isColour ? 128 : 16, row * line, Math.min(plane.length, (row + 1) * line));
      if (!isColour) plane.fill(235, row * line, row * line + (width / 2) * each);
    }
  });
  return frame;
}
const brightness = (rgb: Uint8Array, column: number, row: number) =>
  rgb[(row * size.width + column) * 3 + 1]!;

describe('A close-up', () => {
  it.each([
    ['yuv420p', AV_PIX_FMT_YUV420P],
    ['yuvj420p', AV_PIX_FMT_YUVJ420P],
    ['yuv422p', AV_PIX_FMT_YUV422P],
    ['nv12', AV_PIX_FMT_NV12],
    ['rgb24', AV_PIX_FMT_RGB24],
  ])('shows the part that was asked for, in the colours it has: %s', (_, format) => {
    const picture = halves(format);
    const cut = closeUp(picture, { left: 140, top: 50, right: 180, bottom: 90 }, size)!;
    expect(brightness(cut, 8, 30)).toBeGreaterThan(225);
    expect(brightness(cut, 56, 30)).toBeLessThan(25);
    const left = closeUp(picture, { left: 20, top: 50, right: 60, bottom: 90 }, size)!;
    expect(left.every((byte: number) => byte > 225)).toBe(true);
    picture.free();
  });

  it.each([
    ['above and to the left', { left: -40, top: -40, right: 40, bottom: 40 }, [10, 10], [50, 50]],
    ['below and to the right', { left: 280, top: 200, right: 360, bottom: 280 }, [54, 54], [10, 10]],
  ] as const)('is grey where it reaches beyond the picture: %s', (_, region, beyond, within) => {
    const picture = halves(AV_PIX_FMT_YUV420P);
    const cut = closeUp(picture, region, size)!;
    expect(brightness(cut, beyond[0], beyond[1])).toBe(114);
    expect(brightness(cut, within[0], within[1])).not.toBe(114);
    picture.free();
  });

  it('is none of what lies beyond the picture alone, and none of pixels of a kind that cannot be cut', () => {
    const picture = halves(AV_PIX_FMT_YUV420P);
    expect(closeUp(picture, { left: 400, top: 0, right: 480, bottom: 80 }, size)).toBeUndefined();
    expect(closeUp(picture, { left: 100, top: -90, right: 180, bottom: -10 }, size)).toBeUndefined();
    picture.free();
    const other = halves(AV_PIX_FMT_BGRA);
    expect(closeUp(other, { left: 100, top: 50, right: 180, bottom: 130 }, size)).toBeUndefined();
    other.free();
  });
});

const noFfmpeg = absent(ffmpeg);

describe.skipIf(noFfmpeg)(titled("A camera's frame", noFfmpeg), () => {
  let clips: Clips;
  beforeAll(() => {
    clips = new Clips();
  });
  afterAll(() => clips.remove());

  it('gives close-ups of its own picture, until the next one is asked for or the camera is closed', async () => {
    const source = clips.makeHalves('halves.mp4');
    const camera = createCamera({ id: 'hall', source, pace: 'every-frame', clock: systemClock });
    const request = { framesPerSecond: 10, input: { width: 32, height: 32 }, fit: 'letterbox' } as const;
    const stream = await camera.open(request, new AbortController().signal);
    const frames = stream[Symbol.asyncIterator]();
    const region = { left: 140, top: 50, right: 180, bottom: 90 };
    const first = (await frames.next()).value!;
    expect(brightness(first.closeUp!(region, size)!, 8, 30)).toBeGreaterThan(225);
    const second = (await frames.next()).value!;
    expect(first.closeUp!(region, size)).toBeUndefined();
    expect(second.closeUp!(region, size)).toBeDefined();
    await stream.close();
    expect(second.closeUp!(region, size)).toBeUndefined();
  });

  it('is emptied with its close-ups when it is let go: memory keeps what was in it', async () => {
    const camera = createCamera({
      id: 'hall',
      source: clips.makeHalves('emptied.mp4'),
      pace: 'every-frame',
      clock: systemClock,
    });
    const request = { framesPerSecond: 10, input: { width: 96, height: 96 }, fit: 'letterbox' } as const;
    const stream = await camera.open(request, new AbortController().signal);
    const frames = stream[Symbol.asyncIterator]();
    const region = { left: 140, top: 50, right: 180, bottom: 90 };
    const first = (await frames.next()).value!;
    const ofFirst = first.closeUp!(region, size)!;
    expect(brightness(ofFirst, 8, 30)).toBeGreaterThan(225);
    const second = (await frames.next()).value!;
    expect(ofFirst.every((byte: number) => byte === 0)).toBe(true);
    const ofSecond = second.closeUp!(region, size)!;
    expect(brightness(ofSecond, 8, 30)).toBeGreaterThan(225);
    await stream.close();
    expect(ofSecond.every((byte: number) => byte === 0)).toBe(true);
    expect(second.rgb.every((byte: number) => byte === 114)).toBe(true);
  });
});
