import type { PeoplePayload, SensorPayload } from '../contract/boxes.ts';
import { LobbyError } from '../contract/errors.ts';
import {
  type ClockKnown,
  type ClockOffset,
  learnClock,
  nothingKnown,
  offsetOf,
} from '../core/sensing/clock-offset.ts';
import { letThrough, nothingWaiting, type Ordering, putInOrder } from '../core/sensing/in-order.ts';
import type { Seconds } from '../core/units.ts';
import type { Clock } from '../ports/clock.ts';
import { ofCameraState, ofPeople } from './boxes-wire.ts';
import type { CameraHealth, CameraOutput } from './run-camera.ts';

export interface HearBoxesOptions {
  /** Ids of the cameras of the branch file. */
  readonly cameras: readonly string[];
  readonly clock: Clock;
  /** Asks a box what time it is; what it says comes by `clockSaid`, under the same id. */
  readonly ask: (box: string, id: string) => void;
  /** Gets everything in order of capture. It must not throw. */
  readonly tell: (camera: string, output: CameraOutput) => void;
  readonly onRemark?: (remark: string) => void;
  /** How long after its capture a look is waited for. Default 0.3. */
  readonly latenessSeconds?: Seconds;
}

/** What became of what was heard, since the start. */
export interface HeardFigures {
  readonly heard: number;
  /** Came later than it was waited for. */
  readonly late: number;
  /** Never came, by the count of who sent it. */
  readonly lost: number;
  /** Of a box whose clock is not known, or too far off. */
  readonly withoutClock: number;
  /** Of a camera that another box tells of already, or that the branch file does not have. */
  readonly notTaken: number;
}

/** Another box, as it is known here. */
export interface BoxKnown {
  readonly box: string;
  readonly state: 'on' | 'gone';
  /** Absent: it has not answered yet. */
  readonly clock?: ClockOffset;
}

export interface BoxesHeard {
  people(camera: string, payload: PeoplePayload): void;
  sensor(payload: SensorPayload): void;
  clockSaid(box: string, id: string, at: Seconds): void;
  /** The cameras of another version of the branch file. */
  use(cameras: readonly string[]): void;
  readonly figures: HeardFigures;
  readonly boxes: readonly BoxKnown[];
  /** Runs until the signal: silence is noticed, clocks are asked, and what waits is let through. */
  run(signal: AbortSignal): Promise<void>;
}

/** A look is no longer waited for after this, and the camera counts as silent, as with a camera of one's own. */
const quietAfter: Seconds = 2;
const quietEvery: Seconds = 1;
const lostAfter: Seconds = 10;
const healthEvery: Seconds = 10;
const lookEvery: Seconds = 0.02;
/** No look is so far ahead of a clock that is right: this one was set back. */
const setBackFrom: Seconds = 1;
/** At first as often as that, until the clock is known by some answers; then now and again. */
const askFirstEvery: Seconds = 0.5;
const askFirstTimes = 4;
const askEvery: Seconds = 10;
/** An answer that takes longer is worth nothing. */
const answerWithin: Seconds = 2;
/** Clocks farther apart than this have not been set, and whoever sees to them is told. */
export const farthestClock: Seconds = 30;
/** Who is known no better than this is not believed: a fast walker would be a step off. */
export const vaguestClock: Seconds = 0.25;
/** More boxes, and more that waits, than any branch has. */
const mostBoxes = 64;
const mostWaiting = 512;

interface Box {
  state: 'on' | 'gone';
  cameras: ReadonlyMap<string, SensorPayload['cameras'][number]>;
  clock: ClockKnown;
  asked: number;
  askAt: Seconds;
  readonly open: Map<string, Seconds>;
  isRemarked: boolean;
}

interface Camera {
  box?: string;
  n?: number;
  /** By our clock. */
  heardAt: Seconds;
  /** Of the newest look, by our clock as well. */
  at?: Seconds;
  quiets: number;
  health: CameraHealth;
  healthToldAt: Seconds;
}

type Held = { readonly camera: string; readonly at: Seconds; readonly output: CameraOutput };

/**
 * Hears what boxes that look say, and tells it as if the cameras were this box's own: in the order of capture, by this
 * box's clock, with silence and troubles noticed.
 *
 *     box A ─ people ─▶ ┌ clock of A ┐   ┌───────────────┐
 *                       │ taken off  ├──▶│ in the order  ├──▶ the core, as ever
 *     box B ─ people ─▶ └ clock of B ┘   │ of capture    │
 *                                        └ 0.3 s at most ┘
 *
 * A camera belongs to the box that spoke of it first, until that has said nothing of it for ten seconds. A box whose
 * clock is more than 30 s off, or cannot be known to a quarter of a second, is not believed, and that is told as the
 * trouble of its cameras.
 */
export function hearBoxes(options: HearBoxesOptions): BoxesHeard {
  const { clock, tell } = options;
  const rules = { latenessSeconds: options.latenessSeconds ?? 0.3, most: mostWaiting };
  const boxes = new Map<string, Box>();
  const cameras = new Map<string, Camera>();
  let waiting: Ordering<Held> = nothingWaiting();
  let asks = 0;
  const counts = { heard: 0, late: 0, lost: 0, withoutClock: 0, notTaken: 0 };

  function use(ids: readonly string[]): void {
    for (const id of cameras.keys()) if (!ids.includes(id)) cameras.delete(id);
    for (const id of ids) {
      if (cameras.has(id)) continue;
      const at = clock.now();
      const health: CameraHealth = {
        state: 'starting',
        since: at,
        framesPerSecond: 0,
        dropped: 0,
        detectorErrors: 0,
        attempts: 0,
      };
      cameras.set(id, { heardAt: at, quiets: 0, health, healthToldAt: Number.NEGATIVE_INFINITY });
    }
  }

  function boxOf(name: string): Box | undefined {
    const known = boxes.get(name);
    if (known !== undefined || boxes.size >= mostBoxes) return known;
    const box: Box = {
      state: 'on',
      cameras: new Map(),
      clock: nothingKnown,
      asked: 0,
      askAt: clock.now(),
      open: new Map(),
      isRemarked: false,
    };
    boxes.set(name, box);
    askIfDue(name, box, clock.now());
    return box;
  }

  /** How far its clock is ahead; nothing, if it is not to be believed. */
  function aheadOf({ clock: known }: Box): Seconds | undefined {
    const offset = offsetOf(known);
    if (offset === undefined || offset.within > vaguestClock) return undefined;
    return Math.abs(offset.ahead) > farthestClock ? undefined : offset.ahead;
  }

  function askIfDue(name: string, box: Box, now: Seconds): void {
    // Also when our clock was set back.
    if (now < box.askAt && box.askAt - now <= askEvery) return;
    for (const [id, at] of box.open) if (now - at > answerWithin || now < at) box.open.delete(id);
    asks += 1;
    const id = asks.toString(36);
    box.open.set(id, now);
    box.asked += 1;
    box.askAt = now + (box.asked < askFirstTimes ? askFirstEvery : askEvery);
    options.ask(name, id);
  }

  function put(held: Held): void {
    const [next, isLate] = putInOrder(waiting, held);
    waiting = next;
    if (isLate) counts.late += 1;
    passOn();
  }

  function passOn(): void {
    const now = clock.now();
    // A clock set back leaves what waits in the future: it is not waited for.
    const isAhead = waiting.upTo > now + setBackFrom;
    const speaking = [...cameras].flatMap(([id, { at, heardAt, box: name }]) => {
      const box = name === undefined ? undefined : boxes.get(name);
      const isLive = box?.state === 'on' && box.cameras.get(id)?.state === 'live';
      return isLive && (at === undefined || now - heardAt < quietAfter) ? [id] : [];
    });
    const [next, ready] = letThrough(waiting, isAhead ? Number.POSITIVE_INFINITY : now, speaking, rules);
    waiting = isAhead ? nothingWaiting() : next;
    for (const { camera, output } of ready) if (cameras.has(camera)) tell(camera, output);
  }

  function lookAtHealth(id: string, camera: Camera, now: Seconds): void {
    const box = camera.box === undefined ? undefined : boxes.get(camera.box);
    const health = healthOf(id, camera, box, now);
    const isNews =
      health.state !== camera.health.state || health.lastError?.code !== camera.health.lastError?.code;
    if (!isNews && now - camera.healthToldAt < healthEvery && now >= camera.healthToldAt) return;
    camera.health = isNews ? health : { ...health, since: camera.health.since };
    camera.healthToldAt = now;
    tell(id, { kind: 'health', at: now, health: camera.health });
  }

  function healthOf(id: string, camera: Camera, box: Box | undefined, now: Seconds): CameraHealth {
    const told = box?.cameras.get(id);
    const before = { ...camera.health, framesPerSecond: 0, since: now };
    if (box !== undefined && box.clock.samples.length > 0 && aheadOf(box) === undefined) {
      return { ...before, state: 'lost', lastError: clockTrouble(camera.box!, box) };
    }
    const isSilent = now - camera.heardAt > lostAfter;
    const isGone = box?.state === 'gone';
    if (box === undefined || isGone || (told === undefined && isSilent)) {
      if (!isSilent && !isGone) return camera.health;
      return { ...before, state: 'lost', lastError: silentTrouble(id, camera.box) };
    }
    if (told === undefined) return camera.health;
    const health = ofCameraState(told, aheadOf(box) ?? 0);
    // It says that it sees, and we hear nothing of it: what is between us is broken.
    if (health.state === 'live' && now - camera.heardAt > quietAfter) {
      return isSilent
        ? { ...before, state: 'lost', lastError: silentTrouble(id, camera.box) }
        : { ...health, state: 'quiet', since: now };
    }
    return health;
  }

  function tellQuiet(id: string, camera: Camera, now: Seconds): void {
    const silence = now - camera.heardAt;
    if (camera.at === undefined || silence < quietAfter + camera.quiets * quietEvery) return;
    camera.quiets += 1;
    put({ camera: id, at: camera.at + silence, output: { kind: 'quiet', at: camera.at + silence } });
  }

  function remarkClock(name: string, box: Box): void {
    const offset = offsetOf(box.clock);
    if (offset === undefined) return;
    const isRefused = aheadOf(box) === undefined;
    if (isRefused === box.isRemarked) return;
    box.isRemarked = isRefused;
    const { message } = clockTrouble(name, box);
    options.onRemark?.(
      isRefused ? message : `the clock of box ${name} is ${offset.ahead.toFixed(3)} s ahead of this one`,
    );
  }

  use(options.cameras);
  return {
    people(id, payload) {
      const camera = cameras.get(id);
      const now = clock.now();
      const box = camera === undefined ? undefined : boxOf(payload.box);
      if (camera === undefined || box === undefined) {
        counts.notTaken += 1;
        return;
      }
      if (camera.box !== payload.box) {
        if (camera.box !== undefined && now - camera.heardAt <= lostAfter && now >= camera.heardAt) {
          counts.notTaken += 1;
          return;
        }
        camera.box = payload.box;
        delete camera.n;
      }
      const ahead = aheadOf(box);
      if (ahead === undefined) {
        counts.withoutClock += 1;
        return;
      }
      // A box that was started anew counts from the beginning.
      if (camera.n !== undefined && payload.n > camera.n) counts.lost += payload.n - camera.n - 1;
      camera.n = payload.n;
      counts.heard += 1;
      const at = payload.at / 1000 - ahead;
      camera.heardAt = now;
      camera.at = at;
      camera.quiets = 0;
      put({ camera: id, at, output: ofPeople(payload, at, now) });
    },
    sensor({ box: name, state, cameras: told }) {
      const box = boxOf(name);
      if (box === undefined) return;
      if (box.state !== state)
        options.onRemark?.(`box ${name} is ${state === 'on' ? 'there again' : 'gone'}`);
      box.state = state;
      box.cameras = new Map(told.map((one) => [one.id, one]));
      const now = clock.now();
      for (const { id } of told) {
        const camera = cameras.get(id);
        if (camera !== undefined && camera.box === undefined) camera.box = name;
      }
      for (const [id, camera] of cameras) if (camera.box === name) lookAtHealth(id, camera, now);
    },
    clockSaid(name, id, at) {
      const box = boxes.get(name);
      const askedAt = box?.open.get(id);
      if (box === undefined || askedAt === undefined) return;
      box.open.delete(id);
      box.clock = learnClock(box.clock, { askedAt, theirs: at, heardAt: clock.now() });
      remarkClock(name, box);
    },
    use,
    get figures() {
      return { ...counts };
    },
    get boxes() {
      return [...boxes].map(([box, { state, clock: known }]) => {
        const offset = offsetOf(known);
        return { box, state, ...(offset === undefined ? {} : { clock: offset }) };
      });
    },
    async run(signal) {
      while (!signal.aborted) {
        const now = clock.now();
        for (const [name, box] of boxes) if (box.state === 'on') askIfDue(name, box, now);
        for (const [id, camera] of cameras) {
          // Our clock was set back: what was heard then is not of the future.
          camera.heardAt = Math.min(camera.heardAt, now);
          tellQuiet(id, camera, now);
          lookAtHealth(id, camera, now);
        }
        passOn();
        await clock.sleep(lookEvery, signal);
      }
    },
  };
}

const inWords = ({ code, message, remedy }: LobbyError) => ({ code, message, remedy });

function silentTrouble(camera: string, box: string | undefined) {
  const whom = box === undefined ? 'any box' : `box ${box}`;
  return inWords(new LobbyError('LOBBY_BOX_SILENT', { camera, whom }));
}

function clockTrouble(name: string, { clock }: Box) {
  const { ahead, within } = offsetOf(clock)!;
  return inWords(
    new LobbyError('LOBBY_BOX_CLOCK', { name, ahead: ahead.toFixed(1), within: within.toFixed(2) }),
  );
}
