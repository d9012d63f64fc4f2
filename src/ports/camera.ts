import type { Fit, FitKind } from '../core/detect/fit.ts';
import type { PixelBox, Seconds, Size } from '../core/units.ts';

/**
 * One picture on its way to the detector, already scaled to its input. It lives between the camera
 * and the detector and nowhere else: nothing right of the detector has a field it could travel in.
 */
export interface Frame {
  /** When the picture was taken: seconds of media time for a clip, seconds since 1970 for a live source. */
  readonly at: Seconds;
  /**
   * When it was decoded and lay ready to be fetched, by the service's clock: what passes from then on is waiting for
   * the reader. Absent where that is not known.
   */
  readonly readyAt?: Seconds;
  /** Size of the camera's own picture, which boxes are given in. */
  readonly camera: Size;
  /** Size of `rgb`. */
  readonly input: Size;
  readonly fit: Fit;
  /** Packed R, G, B bytes, row by row, `input.width × input.height × 3`. Valid until the next frame is asked for. */
  readonly rgb: Uint8Array;
  /**
   * Part of the camera's own picture, which has more pixels than `rgb`: packed R, G, B bytes of `size`, grey where
   * `region` reaches beyond it. Absent where the source has no more to give. As long as `rgb` is valid:
   * then what came may be emptied, and nothing comes back, as also if the pixels are of a kind that cannot be cut.
   */
  readonly closeUp?: (region: PixelBox, size: Size) => Uint8Array | undefined;
}

/** What a camera is asked for. */
export interface FrameRequest {
  /** Frames a second to take; a slower source gives what it has. Range 0.2 to 30, default 5. */
  readonly framesPerSecond: number;
  readonly input: Size;
  readonly fit: FitKind;
}

/**
 * How fast frames come.
 *
 * - `every-frame`: as fast as the reader takes them, none lost (a clip being replayed);
 * - `as-it-happens`: at the pace they are taken, a reader that is late gets only the newest
 *   (a live camera, or a clip that stands in for one).
 */
export type Pace = 'every-frame' | 'as-it-happens';

/** An opened source. Iterating ends when the source does; it throws a `LobbyError` when the source fails. */
export interface CameraStream extends AsyncIterable<Frame> {
  readonly camera: Size;
  /** The codec's name and the source's own rate, for health; the rate is absent if the source does not say. */
  readonly codec: string;
  readonly sourceFramesPerSecond?: number;
  /** Length of the source in seconds, for a progress bar; absent for a live one. */
  readonly duration?: Seconds;
  /** Resolves when the next frame would not have to be waited for, or there will be none; absent: that is not known. */
  ready?(): Promise<void>;
  /** Frames that were decoded but passed over because the reader was late. */
  readonly dropped: number;
  close(): Promise<void>;
}

/**
 * Something that gives pictures of a lobby. One `open` is one attempt: trying again is the service's work.
 *
 * @throws {LobbyError} `LOBBY_CAMERA_*` when the source is missing, unreadable or has no picture
 */
export interface Camera {
  open(request: FrameRequest, signal: AbortSignal): Promise<CameraStream>;
}
