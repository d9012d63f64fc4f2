import type { EdgeSpread, PixelBox, Size } from '../units.ts';

/**
 * How a camera frame was made to fit a detector's input.
 *
 * `stretch` fills the input and squeezes people; `letterbox` keeps their shape and pads the rest.
 *
 *     letterbox                    stretch
 *     ┌──────────────┐  padTop     ┌──────────────┐
 *     ├──────────────┤             │              │
 *     │    frame     │             │    frame     │
 *     ├──────────────┤             │              │
 *     └──────────────┘             └──────────────┘
 */
export interface Fit {
  /** Input pixels per frame pixel, across. */
  readonly scaleX: number;
  /** Input pixels per frame pixel, down. */
  readonly scaleY: number;
  /** Where the frame's left edge lies in the input, in input pixels. */
  readonly padLeft: number;
  /** Where the frame's top edge lies in the input, in input pixels. */
  readonly padTop: number;
}

export type FitKind = 'stretch' | 'letterbox';

/**
 * Computes the fit of a camera frame into a detector's input; both sides of the camera port use it,
 * so that what FFmpeg scaled and what the decoder scales back agree to the pixel.
 *
 * @example
 * ```ts
 * fitInto({ width: 960, height: 540 }, { width: 640, height: 384 }, 'letterbox').padTop; // 12
 * ```
 */
export function fitInto(frame: Size, input: Size, kind: FitKind): Fit {
  if (kind === 'stretch') {
    return { scaleX: input.width / frame.width, scaleY: input.height / frame.height, padLeft: 0, padTop: 0 };
  }
  const scale = Math.min(input.width / frame.width, input.height / frame.height);
  const { width, height } = fittedSize(frame, input);
  return {
    scaleX: scale,
    scaleY: scale,
    padLeft: Math.floor((input.width - width) / 2),
    padTop: Math.floor((input.height - height) / 2),
  };
}

/** The frame's size inside a letterboxed input, in whole pixels. */
export function fittedSize(frame: Size, input: Size): Size {
  const scale = Math.min(input.width / frame.width, input.height / frame.height);
  return { width: Math.round(frame.width * scale), height: Math.round(frame.height * scale) };
}

/** Takes a box from detector input pixels back to the full camera frame. */
export function toCameraFrame(box: PixelBox, fit: Fit): PixelBox {
  return {
    left: (box.left - fit.padLeft) / fit.scaleX,
    top: (box.top - fit.padTop) / fit.scaleY,
    right: (box.right - fit.padLeft) / fit.scaleX,
    bottom: (box.bottom - fit.padTop) / fit.scaleY,
  };
}

/** The same for how far off the edges of a box may be. */
export function toCameraSpread({ left, top, right, bottom }: EdgeSpread, fit: Fit): EdgeSpread {
  return {
    left: left / fit.scaleX,
    top: top / fit.scaleY,
    right: right / fit.scaleX,
    bottom: bottom / fit.scaleY,
  };
}
