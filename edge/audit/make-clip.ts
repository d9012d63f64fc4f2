import { join } from 'node:path';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBX264,
  SWS_BILINEAR,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Frame as DecodedFrame,
  Dictionary,
  FFmpegError,
  FormatContext,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib';
import { VideoInput } from '../cameras/video-input.ts';
import { packageRoot } from '../package-root.ts';
import '../cameras/quiet-ffmpeg.ts';
import { markedLuma } from './mark.ts';

/** The clip the audit's people come from: the demo's, which ships with the service. */
export const demoClip: string = join(packageRoot, 'edge', 'demo', 'clip.mp4');

/** The clip as it is painted, and what is seen in it. */
export const clipSize = { width: 960, height: 540 } as const;
/** The part of the demo's picture that is shown, in its pixels: around the door, so that people are large. */
export const shown = { left: 60, top: 90, width: 640, height: 360 } as const;
/** By how much that part is larger in the clip. */
export const enlarged: number = clipSize.width / shown.width;

const framesPerSecond = 10;

/** One picture in planes: brightness whole, two colours at half the size. */
interface Picture {
  readonly luma: Uint8Array;
  readonly blue: Uint8Array;
  readonly red: Uint8Array;
}

export interface ClipTimes {
  /** The part of the demo that is played: from its beginning to here. */
  readonly until: number;
  /** Played back again, so that everybody leaves, and the empty lobby afterwards for so long; absent: it breaks off. */
  readonly backAndEmptyFor?: number;
}

/**
 * Makes the audit's clip: people come into the lobby, bear the mark, and go out again the way they came; then the
 * lobby is empty. Playing the demo back after its first seconds lets everybody leave by the door.
 *
 * Whoever is not the lobby is painted: what differs from the empty picture, which is known.
 *
 * @param isMarked whether they bear the mark; a clip without it is the control
 * @returns how long the clip is, in seconds
 */
export async function makeClip(
  file: string,
  { until, backAndEmptyFor }: ClipTimes,
  isMarked = true,
): Promise<number> {
  const pictures = await readPictures(until);
  const empty = pictures[0]!;
  const frames = pictures.map((picture) => (isMarked ? paint(picture, empty) : picture));
  const order = [...frames];
  if (backAndEmptyFor !== undefined) {
    order.push(...frames.toReversed());
    for (let more = 0; more < backAndEmptyFor * framesPerSecond; more++) order.push(empty);
  }
  await writeClip(file, order);
  return order.length / framesPerSecond;
}

async function readPictures(until: number): Promise<readonly Picture[]> {
  const context = new FormatContext();
  context.allocContext();
  const input = await VideoInput.open(
    context,
    { kind: 'file', url: demoClip, shown: demoClip },
    10,
    () => undefined,
  );
  const decoded = new DecodedFrame();
  decoded.alloc();
  const pictures: Picture[] = [];
  const { width, height } = clipSize;
  const scaler = new SoftwareScaleContext();
  scaler.getContext(
    shown.width,
    shown.height,
    AV_PIX_FMT_YUV420P,
    width,
    height,
    AV_PIX_FMT_YUV420P,
    SWS_BILINEAR,
  );
  try {
    while (await input.readPicture(decoded)) {
      const at = input.stampOf(decoded) ?? 0;
      if (at > until) break;
      const planes = decoded.data ?? [];
      const [first = 0, second = 0, third = 0] = decoded.linesize;
      const [left, top] = [shown.left, shown.top];
      const from = [
        planes[0]!.subarray(top * first + left),
        planes[1]!.subarray((top / 2) * second + left / 2),
        planes[2]!.subarray((top / 2) * third + left / 2),
      ];
      const to = [
        Buffer.alloc(width * height + 64),
        Buffer.alloc((width * height) / 4 + 64),
        Buffer.alloc((width * height) / 4 + 64),
      ];
      const rows = scaler.scaleSync(from, decoded.linesize, 0, shown.height, to, [
        width,
        width / 2,
        width / 2,
      ]);
      FFmpegError.throwIfError(Math.min(0, rows), 'scaling the demo');
      pictures.push({ luma: to[0]!, blue: to[1]!, red: to[2]! });
    }
  } finally {
    scaler.freeContext();
    decoded.free();
    await input.close();
  }
  return pictures;
}

/** Differences from the empty picture below these are shadows and coding. */
const [lumaDiffers, colourDiffers] = [30, 12];
/** Gaps in a row of somebody that are filled, and rows of somebody that are too short to be one, in pixels. */
const [mostGap, leastRun] = [14, 8];

function paint(picture: Picture, empty: Picture): Picture {
  const { width, height } = clipSize;
  const luma = Uint8Array.from(picture.luma);
  for (let row = 0; row < height; row++) {
    let from = -1;
    let last = -1;
    for (let column = 0; column <= width; column++) {
      if (column < width && differs(picture, empty, column, row)) {
        if (from < 0) from = column;
        last = column;
      } else if (from >= 0 && (column === width || column - last > mostGap)) {
        if (last - from + 1 >= leastRun) {
          for (let at = from; at <= last; at++) {
            luma[row * width + at] = markedLuma(picture.luma[row * width + at]!, at);
          }
        }
        from = -1;
      }
    }
  }
  return { ...picture, luma };
}

function differs(one: Picture, other: Picture, column: number, row: number): boolean {
  const { width } = clipSize;
  const at = row * width + column;
  const small = (row >> 1) * (width / 2) + (column >> 1);
  return (
    Math.abs(one.luma[at]! - other.luma[at]!) > lumaDiffers ||
    Math.abs(one.blue[small]! - other.blue[small]!) > colourDiffers ||
    Math.abs(one.red[small]! - other.red[small]!) > colourDiffers
  );
}

async function writeClip(file: string, pictures: readonly Picture[]): Promise<void> {
  const { width, height } = clipSize;
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (codec === null) throw new Error('FFmpeg has no encoder libx264');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = width;
  encoder.height = height;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, framesPerSecond);
  encoder.framerate = new Rational(framesPerSecond, 1);
  encoder.gopSize = framesPerSecond * 2;
  encoder.maxBFrames = 0;
  encoder.threadCount = 1;
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  FFmpegError.throwIfError(
    await encoder.open2(codec, Dictionary.fromObject({ preset: 'ultrafast', crf: '20' })),
    'opening the encoder',
  );
  const context = new FormatContext();
  FFmpegError.throwIfError(context.allocOutputContext2(null, 'mp4', file), 'opening the clip');
  const stream = context.newStream(null);
  FFmpegError.throwIfError(stream.codecpar.fromContext(encoder), 'describing the clip');
  stream.timeBase = new Rational(1, framesPerSecond);
  FFmpegError.throwIfError(await context.openOutput(), 'opening the clip');
  FFmpegError.throwIfError(await context.writeHeader(), 'writing the clip');
  const packet = new Packet();
  packet.alloc();
  const drain = async () => {
    while ((await encoder.receivePacket(packet)) >= 0) {
      packet.streamIndex = stream.index;
      packet.rescaleTs({ num: 1, den: framesPerSecond }, stream.timeBase);
      FFmpegError.throwIfError(await context.interleavedWriteFrame(packet), 'writing the clip');
      packet.unref();
    }
  };
  try {
    for (const [index, { luma, blue, red }] of pictures.entries()) {
      const size = width * height;
      const whole = Buffer.concat([
        luma.subarray(0, size),
        blue.subarray(0, size / 4),
        red.subarray(0, size / 4),
      ]);
      const frame = DecodedFrame.fromVideoBuffer(whole, {
        width,
        height,
        format: AV_PIX_FMT_YUV420P,
        timeBase: new Rational(1, framesPerSecond),
        pts: BigInt(index),
      });
      frame.pts = BigInt(index);
      FFmpegError.throwIfError(await encoder.sendFrame(frame), 'coding the clip');
      frame.free();
      await drain();
    }
    await encoder.sendFrame(null);
    await drain();
    FFmpegError.throwIfError(await context.writeTrailer(), 'ending the clip');
  } finally {
    packet.free();
    encoder.freeContext();
    await context.closeOutput();
    context.freeContext();
  }
}
