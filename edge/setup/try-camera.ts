import { LobbyError } from '../../src/contract/errors.ts';
import { type CameraTry, tryWithinSeconds } from '../../src/contract/setup.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createSight } from '../../src/service/sense-sight.ts';
import type { CameraTls } from '../cameras/camera-tls.ts';
import { createCamera } from '../cameras/open-camera.ts';

export interface TryOptions {
  /** The whole address, login included. */
  readonly source: string;
  /** The same as it may be told. */
  readonly shown: string;
  readonly tls?: CameraTls;
  /** What the camera is called in messages. */
  readonly called: string;
  readonly framesPerSecond: number;
  readonly clock: Clock;
  /** Ends the try: who asked has gone. */
  readonly signal: AbortSignal;
}

/** So long it is counted how many pictures come. */
const countForSeconds: Seconds = 2;
/** Fewer pictures say nothing of a rate: it is counted on for them, as long as the try may take. */
const leastPictures = 3;
/** As the detector wants them; what is seen of darkness or blur is judged by these. */
const input = { width: 640, height: 384 };

/**
 * Tries a camera as the service would open it, and says what came: size, rate, how soon, or why not.
 *
 *     asked      first picture            counted
 *     ├───────────┼──── 2 s ───────────────┤
 *     └───────── 10 s at most ─────────────┘
 *
 * Nothing of a picture leaves it. It rejects only when it is called off.
 */
export async function tryCamera(options: TryOptions): Promise<CameraTry> {
  const { clock, signal, framesPerSecond, shown: source } = options;
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  const askedAt = clock.now();
  let isLate = false;
  const late = clock.sleep(tryWithinSeconds, over.signal).then(() => {
    if (over.signal.aborted) return;
    isLate = true;
    over.abort();
  });
  const camera = createCamera({
    id: options.called,
    source: options.source,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    pace: 'as-it-happens',
    clock,
  });
  try {
    const stream = await camera.open({ framesPerSecond, input, fit: 'letterbox' }, over.signal);
    const sight = createSight();
    const at: Seconds[] = [];
    let blind: Extract<CameraTry, { outcome: 'decodes' }>['sight'];
    let first: { readonly after: Seconds; readonly age: Seconds } | undefined;
    for await (const frame of stream) {
      const now = clock.now();
      first ??= { after: now - askedAt, age: Math.max(0, now - frame.at) };
      at.push(frame.at);
      const why = sight(frame).why;
      blind = why === 'moved' ? undefined : why;
      if (at.length >= leastPictures && frame.at - at[0]! >= countForSeconds) break;
    }
    await stream.close();
    signal.throwIfAborted();
    if (first === undefined)
      throw new LobbyError('LOBBY_CAMERA_SILENT', { camera: options.called, seconds: tryWithinSeconds });
    const span = at.at(-1)! - at[0]!;
    return {
      v: 1,
      outcome: 'decodes',
      source,
      picture: { ...stream.camera },
      codec: stream.codec.slice(0, 40),
      framesPerSecond: Number((span > 0 ? (at.length - 1) / span : 0).toFixed(1)),
      asked: framesPerSecond,
      firstFrameAfterSeconds: Number(first.after.toFixed(1)),
      firstFrameAgeSeconds: Number(first.age.toFixed(1)),
      ...(blind === undefined ? {} : { sight: blind }),
    };
  } catch (error) {
    signal.throwIfAborted();
    const trouble = isLate
      ? new LobbyError('LOBBY_CAMERA_SILENT', { camera: options.called, seconds: tryWithinSeconds })
      : error;
    if (!(trouble instanceof LobbyError)) throw trouble;
    const { code, message } = trouble;
    return { v: 1, outcome: outcomeOf(code), source, trouble: { code, message, remedy: remedyOf(trouble) } };
  } finally {
    signal.removeEventListener('abort', stop);
    over.abort();
    await late;
  }
}

function outcomeOf(code: LobbyError['code']): Exclude<CameraTry['outcome'], 'decodes'> {
  switch (code) {
    case 'LOBBY_CAMERA_REFUSED':
      return 'wrong-login';
    case 'LOBBY_CAMERA_MISSING':
      return 'missing';
    case 'LOBBY_CAMERA_LOST':
    case 'LOBBY_CAMERA_SILENT':
      return 'no-answer';
    default:
      return 'unsupported';
  }
}

/** In the set-up there is no branch file to look into, and nothing tries again by itself. */
function remedyOf({ code, remedy }: LobbyError): string {
  switch (code) {
    case 'LOBBY_CAMERA_REFUSED':
      return 'Type the name and password again; they are those of the camera.';
    case 'LOBBY_CAMERA_LOST':
    case 'LOBBY_CAMERA_SILENT':
      return 'Check power, network and address, then try again.';
    default:
      return remedy;
  }
}
