import { LobbyError } from '../contract/errors.ts';
import { mostParts } from '../contract/recording.ts';
import type { DoorWindow } from '../core/detect/door-window.ts';
import { lookCloser } from '../core/detect/look-closer.ts';
import { movingWindow } from '../core/detect/moving-window.ts';
import { withinPart } from '../core/detect/part.ts';
import type { SightVerdict } from '../core/sight/judge-sight.ts';
import type { BlindReason } from '../core/sight/watch.ts';
import type { Person, PixelBox, Seconds, Size } from '../core/units.ts';
import type { Camera, CameraStream, Frame, FrameRequest } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import type { Detector } from '../ports/detector.ts';
import { createDoorWindows, type DoorLooking, type PartToSee, seePart, seePartsAlone } from './see-doors.ts';
import { type HeadLooking, seeHeads } from './see-heads.ts';
import { asSightTrouble, createSight, isWorthLooking, type Sight } from './sense-sight.ts';
import { createSpareLooks, lookEverySeconds, type Need } from './spare-looks.ts';
import type { Turns } from './take-turns.ts';

/** Who was seen at one moment. No one at all is an observation too. */
export interface PeopleSeen {
  readonly kind: 'people';
  readonly at: Seconds;
  /** Highest score first. */
  readonly people: readonly Person[];
  /** The parts of the picture that were looked at; absent: all of it. */
  readonly within?: readonly PixelBox[];
  /** For figures alone: nothing is decided by it. Absent of people who were not seen in a frame just now. */
  readonly took?: FrameStages;
}

/** How long the stages of one frame took, by the service's clock. */
export interface FrameStages {
  /**
   * From its capture, as far as the service knows it, until it was decoded and lay ready: the network and the decoder.
   * What a camera always takes to encode and send is not in it, since nobody here can know it.
   */
  readonly decodeSeconds: Seconds;
  /** From there until it was known who is in it: the wait for the detector, scaling, the model, and heads. */
  readonly detectSeconds: Seconds;
}

/** Time has passed and nobody could look: told once a second, or no one would ever be gone. */
export interface Quiet {
  readonly kind: 'quiet';
  readonly at: Seconds;
}

/** A frame came that cannot be trusted: whoever is seen in it, or is not, means nothing. */
export interface BlindTold {
  readonly kind: 'blind';
  readonly at: Seconds;
  readonly why: BlindReason;
}

/**
 * - `starting`: the first frame is awaited;
 * - `live`: frames come and are looked at;
 * - `blind`: frames come, and have not been worth looking at for some seconds;
 * - `quiet`: the stream stands, but for a while nothing has been seen;
 * - `lost`: there is no stream; it is tried again.
 */
export type CameraState = 'starting' | 'live' | 'blind' | 'quiet' | 'lost';

export interface CameraHealth {
  readonly state: CameraState;
  /** When the state began, seconds since 1970. */
  readonly since: Seconds;
  /** Frames looked at per second, over the last 10 s; with those of which it was known that nothing had moved. */
  readonly framesPerSecond: number;
  /** Frames passed over since the start because the detector was busy or time had gone past them. */
  readonly dropped: number;
  /** Frames the detector failed on since the start. */
  readonly detectorErrors: number;
  /** Frames the detector was spared since the start, because nothing had moved since it last looked; absent: none. */
  readonly spared?: number;
  /** Looks at doors since the start, beside one at the whole picture or alone; absent: none. */
  readonly doorLooks?: number;
  /** Frames of which parts alone were looked at since the start, because other cameras waited; absent: none. */
  readonly partsAlone?: number;
  /** Attempts that came to nothing, or broke off, since the camera last was well; 0 when it is. */
  readonly attempts: number;
  /** When the camera is opened again, seconds since 1970; absent when it is not being waited for. */
  readonly retryAt?: Seconds;
  /** The last trouble, kept after it is over. */
  readonly lastError?: { readonly code: string; readonly message: string; readonly remedy: string };
  /** Of the present or last stream. */
  readonly codec?: string;
  readonly picture?: Size;
}

export interface HealthTold {
  readonly kind: 'health';
  readonly at: Seconds;
  readonly health: CameraHealth;
}

export type CameraOutput = PeopleSeen | BlindTold | Quiet | HealthTold;

export interface RunCameraOptions {
  /** The camera's name in the branch file, for messages. */
  readonly id: string;
  readonly camera: Camera;
  readonly detector: Detector;
  /** Judges whether a frame can be trusted, for as long as the run lasts. Absent: by the frame's own picture. */
  readonly sight?: Sight;
  /** Who looks at heads, and at whose; absent: nobody does. */
  readonly heads?: HeadLooking;
  /** Who looks more closely at far doors, and where doors are; absent: they are as any other part of the picture. */
  readonly doors?: DoorLooking;
  /** Whether the detector is spared pictures in which nothing moved. Default: no, each is looked at. */
  readonly sparesLooks?: boolean;
  /**
   * Shown each frame that was trusted, after what was seen in it was told, with everybody who was found, however
   * faintly: for the empty-lobby plate of the set-up. The frame's pixels are its own again when this returns. What it
   * throws costs it that look.
   */
  readonly onLook?: (frame: Frame, people: readonly Person[]) => void;
  /** Shared by the cameras that share the detector; absent: it is this one's alone. */
  readonly turns?: Turns;
  readonly clock: Clock;
  readonly request: FrameRequest;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /**
   * Gets everything in order of happening, at once: it must not block. If it throws, the run ends
   * with what it threw, since a fault of ours is not the camera's.
   */
  readonly tell: (output: CameraOutput) => void;
  /** Shorter: a hiccup counts as silence. Longer: people who left unseen stay on the floor. Default 2. */
  readonly quietAfterSeconds?: Seconds;
  /** A stream without a frame for so long is closed and opened again. Default 10. */
  readonly reopenAfterSeconds?: Seconds;
  /** An attempt to open that takes longer is called off. Default 40, more than the camera's own limits. */
  readonly openWithinSeconds?: Seconds;
  readonly retry?: RetryPace;
}

/** The wait before each attempt is `factor` times the last one's, from `firstSeconds` up to `mostSeconds`. */
export interface RetryPace {
  /** Default 1. */
  readonly firstSeconds?: Seconds;
  /** Default 30, which the message about a lost camera promises. */
  readonly mostSeconds?: Seconds;
  /** Default 2. */
  readonly factor?: number;
  /** A camera that was well for so long has earned a quick retry again. Default 30. */
  readonly wellAfterSeconds?: Seconds;
}

const QUIET_EVERY: Seconds = 1;
const RATE_OVER: Seconds = 10;
/** Between changes health is repeated at this pace, so that its figures stay fresh. */
const HEALTH_EVERY: Seconds = 10;
/** A stream that takes longer to close is left behind. */
const CLOSE_WITHIN: Seconds = 5;
/** A frame that is further behind what was told is not late: the clock was set back. */
const SET_BACK_FROM: Seconds = 10;
/** However busy its doors, a picture is looked at as a whole this often. */
const WHOLE_EVERY: Seconds = 0.8;
/** Where more wait for the detector, a camera at whose door something moves is looked at there and nowhere else. */
const FEW_WAIT = 1;
/** Sums of fractions of a second miss their mark by a hair. */
const HAIR: Seconds = 1e-6;

/**
 * Keeps one camera going for ever: opens it, has each frame looked at, tells who was seen, notices
 * silence, and tries again when the camera is lost.
 *
 *     frames   | | | |              ·stall·             |closed|  1 s |fails| 2 s |fails| 4 s | | | |
 *     told     p p p p     q  q  q  q  q  q  q  q  q      q      q     q   q  q     q q q q  p p p p
 *     state    live        quiet                         lost                               live
 *                          └ 2 s after the last          └ 10 s after the last
 *
 * - `at` of what is told grows from item to item: a frame older than a `quiet` already told (the
 *   network held it back) is passed over and counted as dropped. A `quiet` bears the time of the
 *   last frame plus what has passed since, so that it speaks the time of the frames. One exception:
 *   when the machine's clock is set back by more than 10 s, so is `at`, and whoever keeps a state
 *   over time begins a new one.
 * - Silence is time without anything *seen*: a detector that fails on every frame makes a quiet
 *   camera too. While the detector looks at a frame it is not silent, only slow.
 * - A detector that fails costs the frame; it is counted and shown in health.
 * - A frame that cannot be trusted (dark, covered, blurred, …) is told as `blind` in place of people, at
 *   once; the state becomes `blind` some seconds later, with what is amiss and what to do.
 * - Only the clock of the port is used: moved by hand, a run is repeatable to the last item.
 *
 * @returns when `signal` is aborted, or when a clip (a stream with a duration) has ended. A live
 *          stream that ends is a lost one.
 *
 * @example
 * ```ts
 * await runCamera({ id: 'hall', camera, detector, clock, signal, tell: console.log,
 *   request: { framesPerSecond: 5, input: detector.input, fit: detector.fit } });
 * ```
 */
export async function runCamera(options: RunCameraOptions): Promise<void> {
  await new CameraRun(options).run();
}

class CameraRun {
  readonly #options: RunCameraOptions;
  readonly #clock: Clock;
  /** Aborted by the caller's signal, by the end of the clip, or by a fault in `tell`. */
  readonly #over = new AbortController();
  readonly #quietAfter: Seconds;
  readonly #reopenAfter: Seconds;

  #state: CameraState = 'starting';
  #since: Seconds;
  #lastError: CameraHealth['lastError'];
  #retryAt: Seconds | undefined;
  #failures = 0;
  readonly #wellAfter: Seconds;
  #detectorErrors = 0;
  #droppedBefore = 0;
  #stream: CameraStream | undefined;
  #lastStream: { readonly codec: string; readonly picture: Size } | undefined;
  /** When frames were seen in the last ten seconds; at most 30 a second, so some 300. */
  readonly #seenAt: Seconds[] = [];

  /** By our clock: the last frame that came, the last that was seen, and when the camera got well. */
  #frameCameAt: Seconds;
  #sawAt: Seconds;
  #wellSince: Seconds | undefined;
  /** The time of the last frame seen, by the frames' own count. */
  #sawFrameAt: Seconds | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #quietsTold = 0;
  #isLooking = false;
  /** Gives the detector to whoever waits for it; of no effect when it is not ours. */
  #endTurn: () => void = () => undefined;
  /** Outlives streams: a camera that was turned while it was away has been moved all the same. */
  readonly #spare = createSpareLooks();
  readonly #sight: Sight;
  readonly #windowsOf: (frame: Frame) => readonly DoorWindow[];
  /** What the last closer look at each door showed. */
  readonly #closer = new Map<string, { readonly at: Seconds; readonly people: readonly Person[] }>();
  /** The time of the last frame that was looked at as a whole. */
  #sawWholeAt: Seconds | undefined;
  #spared = 0;
  #doorLooks = 0;
  #partsAlone = 0;
  /** The last frame could not be looked at. Told when it begins, not at every frame. */
  #detectorFails = false;
  /** The last heads that were to be looked at could not be. */
  #headsFail = false;
  #attempt: AbortController | undefined;
  #fault: { readonly error: unknown } | undefined;

  constructor(options: RunCameraOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#sight = options.sight ?? createSight((reading) => this.#spare.note(reading));
    this.#quietAfter = options.quietAfterSeconds ?? 2;
    this.#reopenAfter = options.reopenAfterSeconds ?? 10;
    this.#windowsOf = options.doors === undefined ? () => [] : createDoorWindows(options.doors);
    this.#wellAfter = options.retry?.wellAfterSeconds ?? 30;
    const now = this.#clock.now();
    this.#since = now;
    this.#frameCameAt = now;
    this.#sawAt = now;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const stop = () => this.#over.abort();
    if (signal.aborted) return;
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#tellHealth();
      await Promise.all([this.#keepOpen().finally(stop), this.#watchSilence(), this.#repeatHealth()]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (this.#fault) throw this.#fault.error;
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  /** Attempt after attempt, with waits in between that grow while the camera does not get well. */
  async #keepOpen(): Promise<void> {
    const { firstSeconds = 1, mostSeconds = 30, factor = 2 } = this.#options.retry ?? {};
    while (!this.#isOver) {
      this.#wellSince = undefined;
      const attempt = new AbortController();
      this.#attempt = attempt;
      const calledOff = () => attempt.abort();
      this.#over.signal.addEventListener('abort', calledOff, { once: true });
      let ended: 'clip-ended' | LobbyError;
      try {
        ended = await this.#look(attempt);
      } catch (error) {
        ended = asCameraTrouble(this.#options.id, error);
      } finally {
        this.#over.signal.removeEventListener('abort', calledOff);
        attempt.abort();
        this.#endTurn();
        await this.#closeStream();
      }
      if (ended === 'clip-ended' || this.#isOver) return;
      const wait = Math.min(mostSeconds, firstSeconds * factor ** Math.min(this.#failures, 100));
      this.#failures += 1;
      this.#lastError = { code: ended.code, message: ended.message, remedy: ended.remedy };
      this.#retryAt = this.#clock.now() + wait;
      this.#enter('lost');
      this.#tellHealth();
      await this.#clock.sleep(wait, this.#over.signal);
      this.#retryAt = undefined;
    }
  }

  /** One attempt, from opening to the end of the stream. @throws why it ended */
  async #look(attempt: AbortController): Promise<'clip-ended'> {
    const stream = await this.#open(attempt);
    this.#stream = stream;
    this.#lastStream = { codec: stream.codec, picture: stream.camera };
    this.#frameCameAt = this.#clock.now();
    const frames = stream[Symbol.asyncIterator]();
    this.#forget();
    for (;;) {
      if (stream.ready !== undefined) await orAborted(stream.ready(), attempt.signal);
      const next = await orAborted(frames.next(), attempt.signal);
      if (next.done) {
        if (stream.duration !== undefined) return 'clip-ended';
        throw new Error('the stream ended');
      }
      await this.#take(next.value, stream, frames, attempt.signal);
      this.#endTurn();
    }
  }

  /** Takes a frame, or the newest of those that come while it waits for the detector. */
  async #take(
    first: Frame,
    stream: CameraStream,
    frames: AsyncIterator<Frame>,
    signal: AbortSignal,
  ): Promise<void> {
    const { turns } = this.#options;
    let frame = first;
    let sight = this.#judge(frame);
    if (sight === undefined) return;
    if (!isWorthLooking(sight)) return this.#tellBlind(frame, sight);
    const need = sight.trusted ? this.#need(frame) : 'hall';
    if (need === 'nothing') return this.#seeTheSame(frame);
    if (turns !== undefined) {
      this.#isLooking = true;
      try {
        await this.#takeTurn(turns, need, signal);
        const newer = await newest(stream, frames, signal);
        const judged = newer && this.#judge(newer);
        if (newer !== undefined && judged !== undefined) {
          this.#droppedBefore += 1;
          [frame, sight] = [newer, judged];
        }
      } finally {
        this.#isLooking = false;
      }
      if (!isWorthLooking(sight)) return this.#tellBlind(frame, sight);
      const parts = sight.trusted ? this.#partsToSee(frame, turns.waiting) : [];
      if (parts.length > 0) return this.#seePartsAlone(frame, parts, signal);
    }
    await this.#see(frame, sight, signal);
  }

  /** Parts that may be looked at in the place of the whole picture, while others wait for the detector. */
  #partsToSee(frame: Frame, waiting: number): readonly PartToSee[] {
    const detector = this.#options.doors?.detector;
    if (waiting === 0 || detector === undefined || frame.closeUp === undefined) return [];
    if (this.#sawWholeAt === undefined || frame.at - this.#sawWholeAt > WHOLE_EVERY - HAIR) return [];
    const moved = this.#windowsOf(frame).filter((door) => this.#spare.needsDoor(door, frame.camera));
    if (moved.length > mostParts || !moved.every(({ isEnough }) => isEnough)) return [];
    if (moved.length > 0 && waiting > FEW_WAIT) return moved;
    const beyond = this.#spare.movedBeyond(moved.map(withinPart), frame.camera);
    if (beyond === undefined) return moved;
    const shown = Math.min(frame.fit.scaleX, frame.fit.scaleY);
    const window = movingWindow(beyond, this.#spare.people, frame.camera, shown, detector.input);
    // Three parts take as long as the whole picture.
    return window === undefined || moved.length > 1 ? [] : [...moved, window];
  }

  async #seePartsAlone(frame: Frame, parts: readonly PartToSee[], signal: AbortSignal): Promise<void> {
    const readyAt = frame.readyAt ?? this.#clock.now();
    const seen = await this.#looking(signal, () =>
      seePartsAlone(frame, parts, this.#options.doors!.detector!, ({ zone }, people) => {
        if (zone === undefined) return;
        this.#doorLooks += 1;
        this.#closer.set(zone, { at: frame.at, people });
      }),
    );
    if (seen === undefined || signal.aborted || seen.within?.length === 0) return;
    this.#partsAlone += 1;
    this.#tellPeople(frame, seen, readyAt);
  }

  /** @returns nothing for a frame that time has gone past, which is passed over */
  #judge(frame: Frame): SightVerdict | undefined {
    this.#frameCameAt = this.#clock.now();
    const behind = this.#toldAt - frame.at;
    if (behind >= 0 && behind < SET_BACK_FROM) {
      this.#droppedBefore += 1;
      return undefined;
    }
    return this.#sight(frame);
  }

  #need(frame: Frame): Need {
    const need = this.#spare.need(frame.at, this.#windowsOf(frame), frame.camera);
    return need === 'nothing' && this.#options.sparesLooks !== true ? 'hall' : need;
  }

  async #takeTurn(turns: Turns, need: Need, signal: AbortSignal): Promise<void> {
    const turn = turns.take(need === 'door' ? 'door' : 'hall');
    try {
      this.#endTurn = await orAborted(turn, signal);
    } catch (error) {
      // A turn that comes after all must not be kept.
      turn.then((end) => end()).catch(() => undefined);
      throw error;
    }
  }

  async #open(attempt: AbortController): Promise<CameraStream> {
    const { camera, request, id, openWithinSeconds = 40 } = this.#options;
    const opened = new AbortController();
    const late = this.#clock.sleep(openWithinSeconds, opened.signal).then(() => {
      if (!opened.signal.aborted) attempt.abort(silent(id, openWithinSeconds));
    });
    const opening = camera.open(request, attempt.signal);
    try {
      return await orAborted(opening, attempt.signal);
    } catch (error) {
      // What opens after all, too late, must not stay open.
      opening.then((stream) => stream.close()).catch(() => undefined);
      throw error;
    } finally {
      opened.abort();
      await late;
    }
  }

  /** Nothing has moved: whoever was seen at the last look is there still. */
  #seeTheSame(frame: Frame): void {
    this.#spared += 1;
    this.#tellPeople(frame, { people: this.#spare.people }, frame.readyAt ?? this.#clock.now());
  }

  async #see(frame: Frame, sight: SightVerdict, signal: AbortSignal): Promise<void> {
    const readyAt = frame.readyAt ?? this.#clock.now();
    const people = await this.#looking(signal, async () => {
      const whole = await this.#options.detector.detect(frame);
      return this.#withHeads(frame, await this.#withDoors(frame, whole));
    });
    if (people === undefined || signal.aborted) return;
    if (!sight.trusted) {
      this.#seenAt.push(this.#clock.now());
      return this.#tellBlind(frame, sight);
    }
    this.#spare.looked(frame.at, people);
    this.#sawWholeAt = frame.at;
    this.#tellPeople(frame, { people }, readyAt);
  }

  /** @returns what was seen, or nothing where the detector failed: it is counted, and told when it begins */
  async #looking<Seen>(signal: AbortSignal, look: () => Promise<Seen>): Promise<Seen | undefined> {
    this.#isLooking = true;
    try {
      const seen = await look();
      this.#detectorFails = false;
      return seen;
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#detectorErrors += 1;
      const trouble = asDetectorTrouble(this.#options.id, error);
      this.#lastError = { code: trouble.code, message: trouble.message, remedy: trouble.remedy };
      this.#looked();
      this.#tellQuietIfDue();
      if (!this.#detectorFails) this.#tellHealth();
      this.#detectorFails = true;
      return undefined;
    } finally {
      this.#endTurn();
      this.#looked();
    }
  }

  #tellPeople(frame: Frame, seen: Pick<PeopleSeen, 'people' | 'within'>, readyAt: Seconds): void {
    this.#seenAt.push(this.#clock.now());
    this.#noteSeen(frame);
    const isNews = this.#enter('live');
    this.#tell({ kind: 'people', at: frame.at, ...seen, took: this.#took(frame.at, readyAt) });
    if (isNews) this.#tellHealth();
    if (seen.within !== undefined) return;
    try {
      this.#options.onLook?.(frame, seen.people);
    } catch {
      // A plate that lacks a look is finished a second later.
    }
  }

  /** What was seen holds no more. */
  #forget(): void {
    this.#spare.forget();
    this.#closer.clear();
    this.#sawWholeAt = undefined;
  }

  /** A clock that was set meanwhile must not make times that were negative. */
  #took(capturedAt: Seconds, readyAt: Seconds): FrameStages {
    return {
      decodeSeconds: Math.max(0, readyAt - capturedAt),
      detectSeconds: Math.max(0, this.#clock.now() - readyAt),
    };
  }

  #noteSeen(frame: Frame): void {
    const now = this.#clock.now();
    this.#sawAt = now;
    this.#sawFrameAt = frame.at;
    this.#quietsTold = 0;
    this.#wellSince ??= now;
    if (now - this.#wellSince + HAIR >= this.#wellAfter) this.#failures = 0;
  }

  #tellBlind(frame: Frame, { why, blind }: SightVerdict): void {
    this.#forget();
    this.#noteSeen(frame);
    const reason = blind?.why ?? why;
    let isNews = false;
    if (blind !== undefined) {
      const { code, message, remedy } = asSightTrouble(this.#options.id, blind.why);
      isNews = this.#enter('blind') || this.#lastError?.code !== code;
      this.#lastError = { code, message, remedy };
    }
    if (reason !== undefined) this.#tell({ kind: 'blind', at: frame.at, why: reason });
    if (isNews) this.#tellHealth();
  }

  /** Far doors are looked at again in the camera's own picture, where something has moved there or once a second. */
  async #withDoors(frame: Frame, people: readonly Person[]): Promise<readonly Person[]> {
    const detector = this.#options.doors?.detector;
    if (detector === undefined) return people;
    let seen = people;
    for (const window of this.#windowsOf(frame)) {
      if (!window.isWorthTwo) continue;
      let known = this.#closer.get(window.zone);
      const isDue = known === undefined || Math.abs(frame.at - known.at) >= lookEverySeconds - HAIR;
      if (isDue || this.#spare.needsDoor(window, frame.camera)) {
        const shown = await seePart(frame, window, detector);
        if (shown === undefined) continue;
        this.#doorLooks += 1;
        known = { at: frame.at, people: shown };
        this.#closer.set(window.zone, known);
      }
      seen = lookCloser(seen, known!.people, window, frame.camera);
    }
    return seen;
  }

  /** What goes wrong with heads costs the heads alone. */
  async #withHeads(frame: Frame, people: readonly Person[]): Promise<readonly Person[]> {
    const { heads, id } = this.#options;
    if (heads === undefined) return people;
    try {
      const seen = await seeHeads(frame, people, heads);
      if (seen.some(({ head }) => head !== undefined)) this.#headsFail = false;
      return seen;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const { code, message, remedy } = new LobbyError(
        'LOBBY_HEADS_UNSEEN',
        { camera: id, reason },
        { cause },
      );
      this.#lastError = { code, message, remedy };
      if (!this.#headsFail) this.#tellHealth();
      this.#headsFail = true;
      return people;
    }
  }

  #looked(): void {
    this.#isLooking = false;
    // Nobody waited for the next frame while this one was looked at.
    this.#frameCameAt = this.#clock.now();
  }

  /** Tells silence second by second, and gives up a stream that has stalled. */
  async #watchSilence(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const now = this.#clock.now();
      const dues = [now + this.#quietAfter];
      if (!this.#isLooking) dues.push(this.#sawAt + this.#quietAfter + this.#quietsTold * QUIET_EVERY);
      if (this.#isWaitingForFrame) dues.push(this.#frameCameAt + this.#reopenAfter);
      await this.#clock.sleep(Math.max(Math.min(...dues) - now, HAIR), signal);
      if (signal.aborted) return;
      this.#noticeClockSetBack();
      this.#tellQuietIfDue();
      this.#reopenIfStalled();
    }
  }

  #tellQuietIfDue(): void {
    const now = this.#clock.now();
    const silence = now - this.#sawAt;
    if (this.#isLooking || this.#isOver) return;
    if (silence + HAIR < this.#quietAfter + this.#quietsTold * QUIET_EVERY) return;
    this.#quietsTold = Math.floor((silence + HAIR - this.#quietAfter) / QUIET_EVERY) + 1;
    this.#wellSince = undefined;
    const isNews = (this.#state === 'live' || this.#state === 'blind') && this.#enter('quiet');
    const at = this.#sawFrameAt === undefined ? now : this.#sawFrameAt + silence;
    if (at > this.#toldAt) this.#tell({ kind: 'quiet', at });
    if (isNews) this.#tellHealth();
  }

  get #isWaitingForFrame(): boolean {
    return this.#stream !== undefined && !this.#isLooking && !this.#attempt?.signal.aborted;
  }

  /** A box that boots with a wrong time gets the right one later; silence is then counted from there. */
  #noticeClockSetBack(): void {
    const now = this.#clock.now();
    if (now < this.#sawAt) {
      this.#sawAt = now;
      this.#quietsTold = 0;
    }
    this.#frameCameAt = Math.min(this.#frameCameAt, now);
  }

  #reopenIfStalled(): void {
    const silence = this.#clock.now() - this.#frameCameAt;
    if (!this.#isWaitingForFrame || silence + HAIR < this.#reopenAfter) return;
    this.#attempt?.abort(silent(this.#options.id, this.#reopenAfter));
  }

  async #closeStream(): Promise<void> {
    const stream = this.#stream;
    if (!stream) return;
    this.#stream = undefined;
    const closed = new AbortController();
    const closing = stream.close().catch(() => undefined);
    await Promise.race([closing, this.#clock.sleep(CLOSE_WITHIN, closed.signal)]);
    closed.abort();
    this.#droppedBefore += stream.dropped;
  }

  async #repeatHealth(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await this.#clock.sleep(HEALTH_EVERY, signal);
      if (!signal.aborted) this.#tellHealth();
    }
  }

  /** @returns whether the state is a new one */
  #enter(state: CameraState): boolean {
    if (this.#state === state) return false;
    this.#state = state;
    this.#since = this.#clock.now();
    return true;
  }

  #tellHealth(): void {
    const now = this.#clock.now();
    while (this.#seenAt[0] !== undefined && this.#seenAt[0] <= now - RATE_OVER) this.#seenAt.shift();
    const span = this.#state === 'live' ? Math.min(RATE_OVER, Math.max(1, now - this.#since)) : RATE_OVER;
    this.#tell({
      kind: 'health',
      at: now,
      health: {
        state: this.#state,
        since: this.#since,
        framesPerSecond: this.#seenAt.filter((seenAt) => seenAt > now - span).length / span,
        dropped: this.#droppedBefore + (this.#stream?.dropped ?? 0),
        detectorErrors: this.#detectorErrors,
        spared: this.#spared,
        doorLooks: this.#doorLooks,
        partsAlone: this.#partsAlone,
        attempts: this.#failures,
        ...(this.#retryAt === undefined ? {} : { retryAt: this.#retryAt }),
        ...(this.#lastError ? { lastError: this.#lastError } : {}),
        ...(this.#lastStream ?? {}),
      },
    });
  }

  #tell(output: CameraOutput): void {
    if (this.#fault) return;
    if (output.kind !== 'health') this.#toldAt = output.at;
    try {
      this.#options.tell(output);
    } catch (error) {
      this.#fault = { error };
      this.#over.abort();
    }
  }
}

/** @throws the signal's reason as soon as it is aborted, whatever becomes of the promise */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}

function silent(camera: string, seconds: Seconds): LobbyError {
  return new LobbyError('LOBBY_CAMERA_SILENT', { camera, seconds });
}

function asCameraTrouble(camera: string, error: unknown): LobbyError {
  if (error instanceof LobbyError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new LobbyError('LOBBY_CAMERA_LOST', { camera, reason, retrySeconds: 30 }, { cause: error });
}

function asDetectorTrouble(camera: string, error: unknown): LobbyError {
  if (error instanceof LobbyError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new LobbyError('LOBBY_CAMERA_UNSEEN', { camera, reason }, { cause: error });
}

/** The frame that came meanwhile, if one did: asked only where that can be told without waiting for it. */
async function newest(
  stream: CameraStream,
  frames: AsyncIterator<Frame>,
  signal: AbortSignal,
): Promise<Frame | undefined> {
  if (stream.ready === undefined) return undefined;
  const isReady = await Promise.race([stream.ready().then(() => true), soon()]);
  if (!isReady) return undefined;
  const next = await orAborted(frames.next(), signal);
  return next.done ? undefined : next.value;
}

/** After whatever is settled already has been told. */
const soon = () => new Promise<false>((resolve) => setImmediate(resolve, false));
