import { AV_PIX_FMT_RGB24, SWS_AREA, SWS_FAST_BILINEAR } from 'node-av/constants';
import { type Frame as DecodedFrame, SoftwareScaleContext } from 'node-av/lib';
import { type Fit, type FitKind, fitInto, fittedSize } from '../../src/core/detect/fit.ts';
import type { Size } from '../../src/core/units.ts';
import './quiet-ffmpeg.ts';

/** The grey of letterbox pads, as detectors are trained with; nearer to a lobby's mean than black. */
export const PAD_GREY = 114;
/** FFmpeg's vector code may write a few bytes past the last pixel of a picture. */
export const SLACK_BYTES = 64;
export interface ScaledPicture {
  readonly camera: Size;
  readonly fit: Fit;
  readonly rgb: Uint8Array;
}

/**
 * Turns decoded pictures into a detector's input: packed RGB, stretched or letterboxed.
 *
 * FFmpeg writes straight into one buffer that is used again for every picture; its pads are painted
 * once. The result is therefore valid until the next call.
 */
export class PictureScaler {
  readonly input: Size;
  readonly #kind: FitKind;
  readonly #buffer: Buffer;
  readonly #rgb: Uint8Array;
  #context: SoftwareScaleContext | undefined;
  #camera: Size = { width: 0, height: 0 };
  #format: number | undefined;
  #fit: Fit | undefined;
  #planes: Buffer[] = [];

  constructor(input: Size, kind: FitKind) {
    const bytes = input.width * input.height * 3;
    this.input = input;
    this.#kind = kind;
    this.#buffer = Buffer.alloc(bytes + SLACK_BYTES, PAD_GREY);
    this.#rgb = this.#buffer.subarray(0, bytes);
  }

  /** @throws {Error} if the picture's pixels are of a kind FFmpeg cannot convert */
  scale(picture: DecodedFrame): ScaledPicture {
    const { width, height } = picture;
    const format = picture.format as number;
    if (
      !this.#context ||
      width !== this.#camera.width ||
      height !== this.#camera.height ||
      format !== this.#format
    ) {
      this.#prepare({ width, height }, format);
    }
    const rows = this.#context!.scaleSync(picture.data ?? [], picture.linesize, 0, height, this.#planes, [
      this.input.width * 3,
    ]);
    if (rows < 0) throw new Error(`cannot convert a ${width}×${height} picture`);
    return { camera: this.#camera, fit: this.#fit!, rgb: this.#rgb };
  }

  /** A camera may change its size or pixel format while it runs. */
  #prepare(camera: Size, format: number): void {
    this.#letGo();
    const fit = fitInto(camera, this.input, this.#kind);
    const target = this.#kind === 'stretch' ? this.input : fittedSize(camera, this.input);
    const context = new SoftwareScaleContext();
    context.getContext(
      camera.width,
      camera.height,
      format as never,
      target.width,
      target.height,
      AV_PIX_FMT_RGB24,
      wayToScale(camera, target),
    );
    this.#context = context;
    this.#camera = camera;
    this.#format = format;
    this.#fit = fit;
    this.#buffer.fill(PAD_GREY);
    this.#planes = [this.#buffer.subarray((fit.padTop * this.input.width + fit.padLeft) * 3)];
  }

  /** Lets go of all it has, and of the last picture too: the buffer may lie in memory long after. */
  close(): void {
    this.#buffer.fill(PAD_GREY);
    this.#letGo();
  }

  #letGo(): void {
    this.#context?.freeContext();
    this.#context = undefined;
  }
}

/**
 * Shrinking averages all the pixels that become one. The fast way looks at two of them, which takes
 * half as long (0.4 instead of 0.8 ms for 960×540 into 416×234) but breaks edges up: on the rendered
 * lobby, NanoDet at 0.4 found as many people (0.86 of them) with a precision of 0.81 instead of 0.88.
 */
function wayToScale(camera: Size, target: Size) {
  return camera.width > target.width || camera.height > target.height ? SWS_AREA : SWS_FAST_BILINEAR;
}
