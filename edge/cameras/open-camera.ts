import { Frame as DecodedFrame, FormatContext } from 'node-av/lib';
import { browserSource } from '../../src/contract/browser-camera-limits.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { PixelBox, Seconds, Size } from '../../src/core/units.ts';
import type { Camera, CameraStream, Frame, FrameRequest, Pace } from '../../src/ports/camera.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type CameraTls, checkCertificate, checkFormat } from './camera-tls.ts';
import {
  lost,
  mustExist,
  openingTrouble,
  readingTrouble,
  type Subject,
  unreadable,
} from './camera-trouble.ts';
import { ArrivalTime, MediaTime, TakingMarks } from './capture-time.ts';
import { closeUp } from './close-up.ts';
import { PictureQueue } from './picture-queue.ts';
import { PictureScaler } from './picture-scaler.ts';
import { addressOf, type SourceAddress } from './source-address.ts';
import { MediaFailure, VideoInput } from './video-input.ts';

/** A connection that has not come about by then is given up. Longer: a sleeping camera may still wake. */
const CONNECT_SECONDS: Seconds = 10;
/** Cameras that save bandwidth send a whole picture only every 10 s or so, and nothing can be seen before. */
const FIRST_PICTURE_SECONDS: Seconds = 20;
/** Pictures decoded ahead while the detector works: one would do, the second evens out a slow key frame. */
const DECODED_AHEAD = 2;
/** A clip that lags more than this behind its own pace (a busy box, one that slept) goes on from now. */
const LAG_SECONDS: Seconds = 1;
/** How much shorter than its header says a clip may be: rounding, and a last picture that stays. */
const SHORT_BY_SECONDS: Seconds = 0.5;
const SHORT_BY_PICTURES = 3;

export interface CameraOptions {
  /** The camera's name in the branch file, for messages. */
  readonly id: string;
  /** A path, an address (`rtsp://…`, `https://…`) or a device (`/dev/video0`). */
  readonly source: string;
  readonly pace: Pace;
  /** A clip starts again at its end, without a gap in time. Default: no. A live source has no end. */
  readonly loop?: boolean;
  /** How its certificate is known, where its address is `https://` or `rtsps://`; absent: by a public authority. */
  readonly tls?: CameraTls;
  readonly clock: Clock;
}

/**
 * A camera on anything FFmpeg reads: clips, network streams, devices.
 *
 * ## What happens with time
 *
 *     source                       every-frame              as-it-happens
 *     clip, a file or over HTTP    seconds since its        start of the clip + the same,
 *                                  first picture            handed out when the clock says so
 *     live, RTSP, HTTP, device     seconds since its        when it was taken, from arrival:
 *                                  first picture            see ArrivalTime
 *
 * - Frames are thinned by presentation time against fixed marks (see `TakingMarks`), never by
 *   number. Every picture is decoded, since later ones build on it; only those taken are scaled.
 * - A stamp that is missing or goes back counts as one frame later; `at` always grows.
 * - With `loop`, the first picture of the next round comes one frame after the last of this one.
 * - A clip played `as-it-happens` on a box that falls more than a second behind goes on from now:
 *   `at` makes a step, as if the camera had paused, and is never more than a second old.
 * - `every-frame` decodes two frames ahead while the reader works and then waits: nothing is lost.
 * - `as-it-happens` keeps one frame, the newest. A reader that comes late gets that one, and
 *   `dropped` counts those it missed. They are not scaled, so a slow reader saves work.
 *
 * ## Lifetime
 *
 * `frame.rgb` is one buffer, written anew for every frame: it is valid until the next frame is
 * asked for or the stream is closed, and so are close-ups: both are emptied then, since memory that is let go
 * keeps what was in it. Copy what you keep. A stream is read once, by one reader;
 * leaving the loop early closes it.
 *
 * Aborting `signal` while opening rejects with its reason; aborting it later closes the stream, and
 * the iteration ends. A blocked read ends within a tenth of a second. Each camera that waits for its
 * network holds one thread of Node's pool, which by default has four: a box with more cameras than
 * two must be started with `UV_THREADPOOL_SIZE` at 4 + the number of cameras.
 *
 * @throws {LobbyError} from `open` or while reading: `LOBBY_CAMERA_MISSING` (no such file or device),
 *   `_UNREADABLE` (no video in it), `_REFUSED` (login), `_UNTRUSTED` (its certificate), `_LOST` (cannot be reached, or not any more),
 *   `_CUT_SHORT` and `_BROKEN_OFF` (a damaged clip, after its last good frame). No message holds a login.
 *
 * @example
 * ```ts
 * const camera = createCamera({ id: 'hall', source: 'rtsp://…', pace: 'as-it-happens', clock: systemClock });
 * const stream = await camera.open({ framesPerSecond: 5, input: detector.input, fit: detector.fit }, signal);
 * for await (const frame of stream) await detector.detect(frame);
 * ```
 */
export function createCamera(options: CameraOptions): Camera {
  return {
    async open(request, signal) {
      signal.throwIfAborted();
      // Whoever needs its pictures, such as a replay or a try, cannot have them.
      if (options.source === browserSource) throw new LobbyError('LOBBY_PAGE_SOURCE', { camera: options.id });
      if (!(request.framesPerSecond > 0)) {
        throw new RangeError(`framesPerSecond must be above 0, current value is ${request.framesPerSecond}`);
      }
      const stream = await FilmedStream.open(options, request, signal);
      try {
        await stream.firstPicture(signal);
        return stream;
      } catch (error) {
        await stream.close();
        throw error;
      }
    },
  };
}

interface TakenPicture {
  readonly decoded: DecodedFrame;
  readonly at: Seconds;
  readonly readyAt: Seconds;
}

class FilmedStream implements CameraStream {
  camera: Size;
  readonly codec: string;
  declare readonly sourceFramesPerSecond?: number;
  declare readonly duration?: Seconds;

  readonly #subject: Subject;
  readonly #options: CameraOptions;
  readonly #signal: AbortSignal;
  readonly #closing = new AbortController();
  readonly #queue: PictureQueue<TakenPicture>;
  readonly #scaler: PictureScaler;
  readonly #marks: TakingMarks;
  readonly #mediaTime = new MediaTime();
  readonly #arrivalTime = new ArrivalTime();
  readonly #isClip: boolean;
  readonly #filled: Promise<void>;
  #input: VideoInput;
  /** The picture behind the frame the reader has now, kept for close-ups of it. */
  #shown: DecodedFrame | undefined;
  readonly #closeUps: Uint8Array[] = [];
  #arrivedAt: Seconds;
  #openedAt: Seconds;

  static async open(
    options: CameraOptions,
    request: FrameRequest,
    signal: AbortSignal,
  ): Promise<FilmedStream> {
    const subject = { id: options.id, address: addressOf(options.source) };
    let stream: FilmedStream | undefined;
    const input = await openInput(subject, options, signal, () => stream?.noteArrival());
    stream = new FilmedStream(subject, options, request, signal, input);
    return stream;
  }

  private constructor(
    subject: Subject,
    options: CameraOptions,
    request: FrameRequest,
    signal: AbortSignal,
    input: VideoInput,
  ) {
    this.#subject = subject;
    this.#options = options;
    this.#signal = signal;
    this.#input = input;
    this.#isClip = isClip(subject.address, input);
    this.#scaler = new PictureScaler(request.input, request.fit);
    this.#marks = new TakingMarks(request.framesPerSecond);
    const live = options.pace === 'as-it-happens';
    this.#queue = new PictureQueue(live ? 1 : DECODED_AHEAD, live ? 'newest-wins' : 'wait', ({ decoded }) =>
      decoded.free(),
    );
    this.camera = input.size;
    this.codec = input.codec;
    if (input.framesPerSecond !== undefined) this.sourceFramesPerSecond = input.framesPerSecond;
    if (this.#isClip && !options.loop && input.duration !== undefined) this.duration = input.duration;
    this.#openedAt = options.clock.now();
    this.#arrivedAt = this.#openedAt;
    this.#filled = this.#fill();
    if (signal.aborted) this.#stop();
    else signal.addEventListener('abort', this.#stop, { once: true });
  }

  get dropped(): number {
    return this.#queue.dropped;
  }

  ready(): Promise<void> {
    return this.#queue.ready();
  }

  noteArrival(): void {
    this.#arrivedAt = this.#options.clock.now();
  }

  /** Resolves once there is a picture, so that whoever opened a camera knows that it sees. */
  async firstPicture(signal: AbortSignal): Promise<void> {
    const seen = new AbortController();
    const late = this.#options.clock.sleep(FIRST_PICTURE_SECONDS, seen.signal);
    const outcome = await Promise.race([this.#queue.ready(), late.then(() => 'late')]);
    seen.abort();
    signal.throwIfAborted();
    if (outcome === 'late') {
      throw lost(this.#subject, `it is connected, but no picture came within ${FIRST_PICTURE_SECONDS} s`);
    }
    const first = this.#queue.next;
    if (first) this.camera = { width: first.decoded.width, height: first.decoded.height };
    // Nothing there means that the source has ended or failed: that is told here and not in the loop.
    else await this.#queue.take();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    const input = this.#scaler.input;
    try {
      for (;;) {
        const picture = await this.#queue.take();
        if (!picture || this.#closing.signal.aborted) return picture?.decoded.free();
        this.#letGo();
        this.#shown = picture.decoded;
        const { decoded } = picture;
        yield {
          at: picture.at,
          readyAt: picture.readyAt,
          input,
          ...this.#scaler.scale(decoded),
          closeUp: (region, size) =>
            decoded === this.#shown ? this.#closeUp(decoded, region, size) : undefined,
        };
      }
    } finally {
      await this.close();
    }
  }

  readonly #stop = (): void => {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#input.interrupt();
    this.#queue.discard();
  };

  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#stop);
    this.#stop();
    await this.#filled;
    this.#letGo();
    this.#scaler.close();
  }

  #closeUp(decoded: DecodedFrame, region: PixelBox, size: Size): Uint8Array | undefined {
    const cut = closeUp(decoded, region, size);
    if (cut !== undefined) this.#closeUps.push(cut);
    return cut;
  }

  /** Frees the picture that the reader was shown last, and empties what was cut out of it. */
  #letGo(): void {
    for (const cut of this.#closeUps.splice(0)) cut.fill(0);
    this.#shown?.free();
    this.#shown = undefined;
  }

  /** Reads for as long as there is something to read. Never rejects: what goes wrong, the reader is told. */
  async #fill(): Promise<void> {
    try {
      do await this.#fillOnce();
      while (this.#options.loop && this.#isClip && (await this.#rewind()));
      this.#queue.end();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#queue.end(error);
    } finally {
      await this.#input.close();
    }
  }

  /** Reads the source to its end. */
  async #fillOnce(): Promise<void> {
    const closing = this.#closing.signal;
    const input = this.#input;
    let firstStamp: Seconds | undefined;
    let pictures = 0;
    let read: Seconds = 0;
    let length: Seconds = 0;
    let decoded = newFrame();
    try {
      while (!closing.aborted && (await input.readPicture(decoded))) {
        if (closing.aborted) return;
        const stamp = input.stampOf(decoded);
        length = input.lengthOf(decoded);
        firstStamp ??= stamp;
        pictures += 1;
        read = stamp === undefined || firstStamp === undefined ? read + length : stamp - firstStamp + length;
        const media = this.#mediaSeconds(stamp, length);
        const at = this.#moment(media);
        // Also of what came in while it was opened: the first that is given is one that is due, and the next no sooner.
        const isDue = this.#marks.takes(media);
        if (at === undefined || !isDue) continue;
        if (this.#isClip && this.#options.pace === 'as-it-happens') {
          await this.#options.clock.sleep(at - this.#options.clock.now(), closing);
          if (closing.aborted) return;
        }
        const taken = decoded;
        decoded = newFrame();
        await this.#queue.give({ decoded: taken, at, readyAt: this.#options.clock.now() });
      }
    } catch (error) {
      if (!(error instanceof MediaFailure)) throw error;
      throw pictures > 0 && this.#isClip
        ? this.#damage(read, input, error)
        : readingTrouble(this.#subject, error);
    } finally {
      decoded.free();
    }
    if (closing.aborted) return;
    if (pictures === 0) throw unreadable(this.#subject, 'none of its pictures can be decoded');
    if (!this.#isClip) return;
    const missing = (input.statedDuration ?? 0) - read;
    const isShort = missing > Math.max(SHORT_BY_SECONDS, SHORT_BY_PICTURES * length);
    if (isShort || input.endsBroken) throw this.#damage(read, input);
  }

  #damage(read: Seconds, { statedDuration }: VideoInput, cause?: unknown): LobbyError {
    const details = { camera: this.#options.id, seconds: read.toFixed(1) };
    if (statedDuration === undefined) return new LobbyError('LOBBY_CAMERA_BROKEN_OFF', details, { cause });
    const duration = statedDuration.toFixed(1);
    return new LobbyError('LOBBY_CAMERA_CUT_SHORT', { ...details, duration }, { cause });
  }

  #mediaSeconds(stamp: Seconds | undefined, length: Seconds): Seconds {
    if (this.#input.stampsAreMadeUp && !this.#isClip) return this.#arrivedAt - this.#openedAt;
    return this.#mediaTime.read(stamp, length);
  }

  #moment(media: Seconds): Seconds | undefined {
    if (this.#options.pace === 'every-frame') return media;
    if (!this.#isClip) return this.#arrivalTime.moment(media, this.#arrivedAt);
    const lag = this.#options.clock.now() - (this.#openedAt + media);
    if (lag > LAG_SECONDS) this.#openedAt += lag;
    return this.#openedAt + media;
  }

  /** Opens the clip anew for the next round; that is the one way back to the start all formats have. */
  async #rewind(): Promise<boolean> {
    if (this.#closing.signal.aborted) return false;
    await this.#input.close();
    this.#input = await openInput(this.#subject, this.#options, this.#closing.signal, () =>
      this.noteArrival(),
    );
    return true;
  }
}

/** A live source has no end: whatever duration an RTSP server may state for the recording behind it. */
function isClip({ kind, url }: SourceAddress, input: VideoInput): boolean {
  if (kind === 'device') return false;
  if (kind === 'file') return true;
  return /^https?:/i.test(url) && input.duration !== undefined;
}

function newFrame(): DecodedFrame {
  const frame = new DecodedFrame();
  frame.alloc();
  return frame;
}

/**
 * Opens the source, or gives up after ten seconds or when told to.
 *
 * FFmpeg may be deep in a system call that nothing interrupts (looking up a host name): then it is
 * left behind, and what it opens too late is closed in the background.
 *
 * @throws {LobbyError} why it could not be opened; the signal's reason if that was it
 */
async function openInput(
  subject: Subject,
  { clock, tls }: CameraOptions,
  signal: AbortSignal,
  arrived: () => void,
): Promise<VideoInput> {
  await mustExist(subject);
  signal.throwIfAborted();
  await checkCertificate(subject, tls, signal);
  const context = new FormatContext();
  context.allocContext();
  let isOver = false;
  const opening = VideoInput.open(context, subject.address, CONNECT_SECONDS, arrived, tls).finally(() => {
    isOver = true;
  });
  const settled = new AbortController();
  const stop = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: settled.signal });
  });
  const late = clock.sleep(CONNECT_SECONDS, settled.signal).then(() => 'late' as const);
  try {
    const outcome = await Promise.race([opening, stop, late]);
    if (outcome instanceof VideoInput && !signal.aborted) {
      try {
        checkFormat(subject, tls, outcome.format);
      } catch (error) {
        await outcome.close();
        throw error;
      }
      return outcome;
    }
    if (!isOver) context.interrupt();
    opening.then((input) => input.close()).catch(() => undefined);
    signal.throwIfAborted();
    throw lost(subject, 'no answer in time');
  } catch (error) {
    signal.throwIfAborted();
    throw await openingTrouble(subject, error);
  } finally {
    settled.abort();
  }
}
