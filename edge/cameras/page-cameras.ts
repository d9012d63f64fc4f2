import type { WebSocket } from 'ws';
import {
  type BoxSays,
  type PageSays,
  pageSaysSchema,
  personOf,
  sightOf,
} from '../../src/contract/browser-camera.ts';
import {
  closeCodes,
  mostAgeSeconds,
  mostClockErrorSeconds,
  pageTroubles,
} from '../../src/contract/browser-camera-limits.ts';
import { type ErrorCode, LobbyError } from '../../src/contract/errors.ts';
import type { Seconds, Size } from '../../src/core/units.ts';
import type { Camera, CameraStream, Frame, FrameRequest } from '../../src/ports/camera.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Detector } from '../../src/ports/detector.ts';
import { createBucket, type Rate } from '../../src/service/bucket.ts';
import type { Sight } from '../../src/service/sense-sight.ts';
import type { PairedPage } from '../access/pairings.ts';
import { PictureQueue } from './picture-queue.ts';

/** What `keepCamera` needs of a camera whose pictures are looked at elsewhere. */
export interface PageCamera {
  readonly camera: Camera;
  /** Reads off a frame who the page saw in it: there is no picture to look at. */
  readonly detector: Detector;
  /** Reads off a frame what the page thought of its picture. */
  readonly sight: Sight;
}

/** Cameras that are pages in browsers. */
export interface PageCameras {
  of(camera: string): PageCamera;
  /**
   * Takes the socket of a page that was let in. One page speaks for a camera: who came before is let go of.
   *
   * @param isPaired asked once a second: when it no longer is, the page is let go of
   */
  connect(socket: WebSocket, page: PairedPage, isPaired: () => boolean): void;
  /** Lets go of every page. */
  close(): void;
}

/** How long an attempt waits for a page to speak: a page that is loaded anew is back within it. */
const awaitPageSeconds: Seconds = 5;
/** 30 frames a second, and a question for the time now and then; a page that was stalled sends what it kept at once. */
const pageRate: Rate = { burst: 90, perSecond: 40 };
/** A page asks for the time every two seconds. One that is silent for so long has gone without saying so. */
const silentAfterSeconds: Seconds = 15;

/** What a page told of one of its frames. */
type Told = Extract<PageSays, { kind: 'people' | 'blind' }>;
type Link = ReturnType<typeof linkTo>;

/** There is no picture: whoever reads it finds nothing. */
const noPicture = new Uint8Array(0);

/**
 * Pages in browsers as cameras: what a page tells of its frames comes out as any camera's frames do, so that
 * `runCamera` keeps their time, their silence and their health.
 *
 *     page ──people, blind──▶ link ──▶ newest frame wins ──▶ runCamera ──▶ lobby
 *          ◀──time, pace─────┘
 *
 * A page is not believed: what it says is held to a closed schema, to so many messages a second and to the box's clock.
 * What it says of the future ends its connection; what comes later than three seconds is passed over.
 */
export function createPageCameras(options: {
  readonly clock: Clock;
  readonly onRemark: (sentence: string) => void;
}): PageCameras {
  const { clock, onRemark } = options;
  const links = new Map<string, Link>();
  /** Why the last page of a camera was let go of, until one is well again. */
  const troubles = new Map<string, ErrorCode>();
  const waiting = new Map<string, Set<() => void>>();
  const frames = new WeakMap<Frame, Told>();

  const changed = (camera: string) => {
    for (const look of waiting.get(camera) ?? []) look();
  };

  /** Resolves when a page speaks for the camera and sees something. @throws why none does */
  async function pageOf(camera: string, signal: AbortSignal): Promise<Link> {
    const ready = () => {
      const link = links.get(camera);
      return link?.picture === undefined || link.trouble !== undefined ? undefined : link;
    };
    const over = new AbortController();
    const listeners = waiting.get(camera) ?? new Set();
    waiting.set(camera, listeners);
    const stop = () => over.abort();
    signal.addEventListener('abort', stop, { once: true });
    const look = () => {
      if (ready() !== undefined) over.abort();
    };
    listeners.add(look);
    look();
    await clock.sleep(awaitPageSeconds, over.signal);
    listeners.delete(look);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    const link = ready();
    if (link === undefined) throw troubleOf(camera);
    return link;
  }

  function troubleOf(camera: string): LobbyError {
    const told = links.get(camera)?.trouble;
    const code = told === undefined ? (troubles.get(camera) ?? 'LOBBY_PAGE_AWAY') : pageTroubles[told];
    return new LobbyError(code, { camera });
  }

  async function open(camera: string, request: FrameRequest, signal: AbortSignal): Promise<CameraStream> {
    const link = await pageOf(camera, signal);
    troubles.delete(camera);
    const size = link.picture!;
    const queue = new PictureQueue<Frame>(1, 'newest-wins', () => undefined);
    let late = 0;
    link.say({ kind: 'welcome', camera, framesPerSecond: request.framesPerSecond });
    const leave = link.read({
      frame(told) {
        const now = clock.now();
        if (told.at > now + mostClockErrorSeconds) return link.end('clock');
        if (told.at < now - mostAgeSeconds) {
          late += 1;
          return;
        }
        const frame = frameOf(told.at, now, size);
        frames.set(frame, told);
        void queue.give(frame);
      },
      end: () => queue.end(troubleOf(camera)),
    });
    const close = () => {
      leave();
      queue.discard();
      signal.removeEventListener('abort', close);
    };
    signal.addEventListener('abort', close, { once: true });
    return {
      camera: size,
      codec: 'browser',
      get dropped() {
        return queue.dropped + late;
      },
      ready: () => queue.ready(),
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            const frame = await queue.take();
            if (frame === undefined) return;
            yield frame;
          }
        } finally {
          close();
        }
      },
      async close() {
        close();
      },
    };
  }

  return {
    of: (camera) => ({
      camera: { open: (request, signal) => open(camera, request, signal) },
      detector: {
        name: 'the page itself',
        input: { width: 1, height: 1 },
        fit: 'letterbox',
        async detect(frame) {
          const told = frames.get(frame);
          if (told?.kind !== 'people') return [];
          return told.people
            .map((person) => personOf(person, frame.camera))
            .sort((a, b) => b.score - a.score);
        },
        close: async () => undefined,
      },
      sight: (frame) => {
        const told = frames.get(frame);
        return told === undefined ? { trusted: true } : sightOf(told);
      },
    }),
    connect(socket, { id, camera }, isPaired) {
      links.get(camera)?.end('replaced');
      const link = linkTo(socket, {
        clock,
        isPaired,
        onChange: () => changed(camera),
        onEnd(why) {
          if (links.get(camera) === link) links.delete(camera);
          if (why === 'clock') troubles.set(camera, 'LOBBY_PAGE_CLOCK');
          if (why === 'nonsense') {
            onRemark(`camera ${camera}: page ${id} said what no page says, and was let go of`);
          }
          changed(camera);
        },
      });
      links.set(camera, link);
    },
    close() {
      for (const link of [...links.values()]) link.end('gone');
    },
  };
}

function frameOf(at: Seconds, readyAt: Seconds, camera: Size): Frame {
  const fit = { scaleX: 1, scaleY: 1, padLeft: 0, padTop: 0 };
  return { at, readyAt, camera, input: camera, fit, rgb: noPicture };
}

interface Reader {
  frame(told: Told): void;
  /** No more will come. */
  end(): void;
}

type EndReason = keyof typeof closeCodes | 'left';

/** One page's socket, and what is known of the page. */
function linkTo(
  socket: WebSocket,
  options: {
    readonly clock: Clock;
    readonly isPaired: () => boolean;
    readonly onChange: () => void;
    readonly onEnd: (why: EndReason) => void;
  },
) {
  const { clock, isPaired, onChange, onEnd } = options;
  const withinRate = createBucket(pageRate);
  let heardAt = clock.now();
  let reader: Reader | undefined;
  let isOver = false;
  const link = {
    picture: undefined as Size | undefined,
    trouble: undefined as keyof typeof pageTroubles | undefined,
    say(told: BoxSays) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(told));
    },
    /** One reader at a time: the newest. @returns what ends the reading */
    read(next: Reader): () => void {
      reader = next;
      return () => {
        if (reader === next) reader = undefined;
      };
    },
    end(why: EndReason) {
      if (isOver) return;
      isOver = true;
      clearInterval(watch);
      onEnd(why);
      reader?.end();
      reader = undefined;
      if (why === 'left') socket.terminate();
      else socket.close(closeCodes[why]);
    },
  };
  const watch = setInterval(() => {
    if (!isPaired()) link.end('unpaired');
    else if (clock.now() - heardAt > silentAfterSeconds) link.end('left');
  }, 1_000);

  function hear(says: PageSays): void {
    switch (says.kind) {
      case 'ping':
        link.say({ kind: 'pong', sent: says.sent, at: clock.now() });
        return;
      case 'begin': {
        const { width, height } = says;
        const before = link.picture;
        link.picture = { width, height };
        link.trouble = undefined;
        // A tablet that was turned has another picture: its reader begins anew with it.
        if (before !== undefined && (before.width !== width || before.height !== height)) reader?.end();
        onChange();
        return;
      }
      case 'trouble':
        link.trouble = says.why;
        reader?.end();
        onChange();
        return;
      default:
        reader?.frame(says);
    }
  }

  socket.on('message', (data, isBinary) => {
    if (isOver) return;
    const says = isBinary ? undefined : parsed(String(data));
    if (says === undefined || !withinRate(clock.now())) return link.end('nonsense');
    heardAt = clock.now();
    hear(says);
  });
  socket.on('error', () => link.end('left'));
  socket.once('close', () => link.end('left'));
  return link;
}

function parsed(text: string): PageSays | undefined {
  try {
    return pageSaysSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
