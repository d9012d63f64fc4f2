import {
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  SWS_AREA,
  SWS_BILINEAR,
} from 'node-av/constants';
import { type Frame as DecodedFrame, SoftwareScaleContext } from 'node-av/lib';
import type { PixelBox, Size } from '../../src/core/units.ts';
import { PAD_GREY, SLACK_BYTES } from './picture-scaler.ts';

/** One plane of a picture: bytes a sample, and by how many bits its sides are smaller than the picture's. */
interface Plane {
  readonly bytes: number;
  readonly across: number;
  readonly down: number;
}

const plane = (bytes: number, across = 0, down = 0): Plane => ({ bytes, across, down });
const [small, narrow, full] = [plane(1, 1, 1), plane(1, 1, 0), plane(1)];

/** How the planes of the kinds of picture that cameras give lie in memory. */
const layouts = new Map<number, readonly Plane[]>([
  [AV_PIX_FMT_YUV420P, [full, small, small]],
  [AV_PIX_FMT_YUVJ420P, [full, small, small]],
  [AV_PIX_FMT_YUV422P, [full, narrow, narrow]],
  [AV_PIX_FMT_YUVJ422P, [full, narrow, narrow]],
  [AV_PIX_FMT_YUV444P, [full, full, full]],
  [AV_PIX_FMT_YUVJ444P, [full, full, full]],
  [AV_PIX_FMT_NV12, [full, plane(2, 1, 1)]],
  [AV_PIX_FMT_RGB24, [plane(3)]],
]);

/**
 * Cuts a part out of a decoded picture and scales it, without touching the rest.
 *
 * @param region in pixels of the picture; it may reach beyond it
 * @returns packed R, G, B bytes of `size`, grey beyond the picture; nothing if none of it lies within, or the
 *          picture's pixels are of a kind that is not known here
 */
export function closeUp(picture: DecodedFrame, region: PixelBox, size: Size): Uint8Array | undefined {
  const layout = layouts.get(picture.format as number);
  const { data, linesize } = picture;
  // From an even pixel to an even one: where colour has half the pixels, those are where it begins.
  const even = (value: number, most: number) =>
    Math.min(most - (most % 2), Math.max(0, 2 * Math.round(value / 2)));
  const left = even(region.left, picture.width);
  const right = even(region.right, picture.width);
  const top = even(region.top, picture.height);
  const bottom = even(region.bottom, picture.height);
  if (layout === undefined || !data || right - left < 2 || bottom - top < 2) return undefined;

  const scaleX = size.width / (region.right - region.left);
  const scaleY = size.height / (region.bottom - region.top);
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const toLeft = within((left - region.left) * scaleX, size.width - 1);
  const toTop = within((top - region.top) * scaleY, size.height - 1);
  const width = within((right - region.left) * scaleX, size.width) - toLeft;
  const height = within((bottom - region.top) * scaleY, size.height) - toTop;
  if (width < 1 || height < 1) return undefined;

  const bytes = size.width * size.height * 3;
  const buffer = Buffer.alloc(bytes + SLACK_BYTES, PAD_GREY);
  const planes = layout.map(({ bytes: each, across, down }, index) =>
    data[index]!.subarray((top >> down) * linesize[index]! + (left >> across) * each),
  );
  const context = new SoftwareScaleContext();
  context.getContext(
    right - left,
    bottom - top,
    picture.format as never,
    width,
    height,
    AV_PIX_FMT_RGB24,
    right - left > width ? SWS_AREA : SWS_BILINEAR,
  );
  try {
    const row = size.width * 3;
    const rows = context.scaleSync(
      planes,
      linesize,
      0,
      bottom - top,
      [buffer.subarray(toTop * row + toLeft * 3)],
      [row],
    );
    return rows < 0 ? undefined : new Uint8Array(buffer.buffer, buffer.byteOffset, bytes);
  } finally {
    context.freeContext();
  }
}
