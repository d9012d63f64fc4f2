import { describe, expect, it } from 'vitest';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Person, Seconds } from '../../src/core/units.ts';
import type { Camera, CameraStream, Frame } from '../../src/ports/camera.ts';
import type { Detector } from '../../src/ports/detector.ts';
import {
  type CameraHealth,
  type CameraOutput,
  type PeopleSeen,
  type RunCameraOptions,
  runCamera,
} from '../../src/service/run-camera.ts';
import { createTurns } from '../../src/service/take-turns.ts';
import { ManualClock, settled } from '../manual-clock.ts';

const START = 1_700_000_000;
const input = { width: 4, height: 4 };
const request = { framesPerSecond: 5, input, fit: 'stretch' } as const;
const somebody: Person = { box: { left: 1, top: 1, right: 2, bottom: 3 }, score: 0.9 };
const unplugged = () =>
  new LobbyError('LOBBY_CAMERA_LOST', { camera: 'hall', reason: 'unplugged', retrySeconds: 30 });

/** Light and dark, with edges: a picture of something. */
const somePicture = Uint8Array.from({ length: 48 }, (_, i) => (i * 37) % 200);

/** A stream that gives what the test tells it to, when the test tells it to. */
class ScriptedStream implements CameraStream {
  readonly camera = { width: 8, height: 8 };
  readonly codec = 'by hand';
  declare readonly duration?: Seconds;
  dropped = 0;
  isClosed = false;
  #waiting: ((result: IteratorResult<Frame>) => void) | undefined;
  #failing: ((error: unknown) => void) | undefined;

  constructor(duration?: Seconds) {
    if (duration !== undefined) this.duration = duration;
  }

  async show(at: Seconds, rgb = somePicture, readyAt?: Seconds): Promise<void> {
    const fit = { scaleX: 0.5, scaleY: 0.5, padLeft: 0, padTop: 0 };
    const resolve = this.#waiting;
    this.#waiting = undefined;
    resolve?.({
      done: false,
      value: { at, camera: this.camera, input, fit, rgb, ...(readyAt === undefined ? {} : { readyAt }) },
    });
    await settled();
  }

  async end(): Promise<void> {
    this.#waiting?.({ done: true, value: undefined });
    await settled();
  }

  async fail(error: unknown): Promise<void> {
    this.#failing?.(error);
    await settled();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  [Symbol.asyncIterator](): AsyncIterator<Frame> {
    return {
      next: () =>
        new Promise((resolve, reject) => {
          this.#waiting = resolve;
          this.#failing = reject;
        }),
    };
  }
}

/** A lobby camera and its detector in the hands of a test, and all that was told about them. */
function scene(overrides: Partial<RunCameraOptions> = {}, script: { fails?: boolean; clip?: Seconds } = {}) {
  const clock = new ManualClock(START);
  const stopped = new AbortController();
  const told: CameraOutput[] = [];
  const openedAt: Seconds[] = [];
  const streams: ScriptedStream[] = [];
  const state = { openFails: script.fails ?? false, detect: async (): Promise<Person[]> => [somebody] };
  const camera: Camera = {
    async open() {
      openedAt.push(clock.now() - START);
      if (state.openFails) throw unplugged();
      const stream = new ScriptedStream(script.clip);
      streams.push(stream);
      return stream;
    },
  };
  const detector: Detector = {
    name: 'by hand',
    input,
    fit: 'stretch',
    detect: () => state.detect(),
    close: async () => undefined,
  };
  const run = runCamera({
    id: 'hall',
    camera,
    detector,
    clock,
    request,
    signal: stopped.signal,
    tell: (output) => void told.push(output),
    ...overrides,
  });
  return {
    clock,
    told,
    openedAt,
    streams,
    state,
    run,
    stream: () => streams.at(-1)!,
    /** Shows a frame every 0.2 s for so long. */
    async playFor(seconds: Seconds) {
      for (let shown = 0; shown < seconds * 5; shown += 1) {
        await clock.advance(0.2);
        await streams.at(-1)!.show(clock.now());
      }
    },
    async stop() {
      stopped.abort();
      await run;
    },
    quiets: () =>
      told.filter(({ kind }) => kind === 'quiet').map(({ at }) => Math.round((at - START) * 10) / 10),
    people: () =>
      told.filter(({ kind }) => kind === 'people').map(({ at }) => Math.round((at - START) * 10) / 10),
    health: (): CameraHealth => told.filter((output) => output.kind === 'health').at(-1)!.health,
  };
}

describe('a camera that is well', () => {
  it('tells who was seen in each frame, at the time the frame was taken', async () => {
    const hall = scene();
    await settled();
    await hall.clock.advance(0.2);
    await hall.stream().show(START + 0.15);
    expect(hall.told.at(-2)).toMatchObject({ kind: 'people', at: START + 0.15, people: [somebody] });
    expect(hall.health()).toMatchObject({ state: 'live', since: START + 0.2, attempts: 0, codec: 'by hand' });
    await hall.stop();
  });

  it('tells how long its frames took: until they lay ready, and from there with the wait for the detector', async () => {
    const hall = scene();
    await settled();
    let found: (people: Person[]) => void = () => undefined;
    hall.state.detect = () => new Promise((resolve) => (found = resolve));
    await hall.clock.advance(0.2);
    // Taken at 0.1, decoded at 0.15, fetched at 0.2.
    await hall.stream().show(START + 0.1, somePicture, START + 0.15);
    await hall.clock.advance(0.06);
    found([]);
    await settled();
    const { took } = hall.told.find(({ kind }) => kind === 'people') as PeopleSeen;
    expect(took!.decodeSeconds).toBeCloseTo(0.05, 5);
    expect(took!.detectSeconds).toBeCloseTo(0.11, 5);
    await hall.stop();
  });

  it('never tells of a time below nothing, also when the clock was set back meanwhile', async () => {
    const hall = scene();
    await settled();
    await hall.clock.advance(0.2);
    await hall.stream().show(START + 0.3, somePicture, START + 0.25);
    expect(hall.told.find(({ kind }) => kind === 'people')).toMatchObject({
      took: { decodeSeconds: 0, detectSeconds: 0 },
    });
    await hall.stop();
  });

  it('tells an empty lobby too', async () => {
    const hall = scene();
    hall.state.detect = async () => [];
    await hall.playFor(0.4);
    expect(hall.told.filter(({ kind }) => kind === 'people')).toHaveLength(2);
    await hall.stop();
  });

  it('is starting until the first frame has been seen', async () => {
    const hall = scene();
    await settled();
    expect(hall.health()).toMatchObject({ state: 'starting', since: START, framesPerSecond: 0 });
    await hall.playFor(0.2);
    expect(hall.health().state).toBe('live');
    await hall.stop();
  });

  it('repeats its health every ten seconds, with the rate of the last ten', async () => {
    const hall = scene();
    await hall.playFor(20);
    expect(hall.health().framesPerSecond).toBeCloseTo(5, 0);
    expect(hall.told.filter(({ kind }) => kind === 'health')).toHaveLength(4);
    await hall.stop();
  });

  it('leaves nothing behind when it is stopped', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.stop();
    expect(hall.stream().isClosed).toBe(true);
    expect(hall.clock.sleeping).toBe(0);
  });

  it('ends with its clip', async () => {
    const clip = scene({}, { clip: 0.4 });
    await clip.playFor(0.4);
    await clip.stream().end();
    await clip.run;
    expect(clip.people()).toEqual([0.2, 0.4]);
    expect(clip.openedAt).toEqual([0]);
  });
});

describe('a camera that sees nothing', () => {
  const black = new Uint8Array(48);
  async function dark(hall: ReturnType<typeof scene>, seconds: Seconds) {
    for (let shown = 0; shown < seconds * 5; shown += 1) {
      await hall.clock.advance(0.2);
      await hall.stream().show(hall.clock.now(), black);
    }
  }

  it('tells each frame as one not to be trusted, in place of nobody', async () => {
    const hall = scene();
    await hall.playFor(2);
    await dark(hall, 1);
    expect(hall.told.slice(-5)).toMatchObject(Array(5).fill({ kind: 'blind', why: 'dark' }));
    await hall.stop();
  });

  it('is blind after two seconds, says why and what to do, and is live again three seconds after it sees', async () => {
    const hall = scene();
    await hall.playFor(2);
    await dark(hall, 4);
    expect(hall.health()).toMatchObject({ state: 'blind', lastError: { code: 'LOBBY_CAMERA_DARK' } });
    expect(hall.health().since - START).toBeCloseTo(4.2, 1);
    await hall.playFor(4);
    expect(hall.health().state).toBe('live');
    expect(hall.health().since - START).toBeCloseTo(9.2, 1);
    expect(hall.people().at(-1)).toBeCloseTo(10);
    await hall.stop();
  });

  it('is not silent, and does not bother the detector', async () => {
    const hall = scene();
    await hall.playFor(1);
    const asked = { times: 0 };
    hall.state.detect = async () => {
      asked.times += 1;
      return [];
    };
    await dark(hall, 15);
    expect(hall.quiets()).toEqual([]);
    expect(asked.times).toBe(0);
    expect(hall.openedAt).toEqual([0]);
    await hall.stop();
  });

  it('is quiet when its frames stop', async () => {
    const hall = scene();
    await hall.playFor(1);
    await dark(hall, 4);
    await hall.clock.advance(3);
    expect(hall.health().state).toBe('quiet');
    await hall.stop();
  });
});

describe('silence', () => {
  it('is told after two seconds, and then every second', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.clock.advance(5);
    expect(hall.quiets()).toEqual([3, 4, 5, 6]);
    expect(hall.health()).toMatchObject({ state: 'quiet', since: START + 3 });
    await hall.stop();
  });

  it('is not told of a camera that is merely slow', async () => {
    const hall = scene();
    await settled();
    for (let shown = 0; shown < 10; shown += 1) {
      await hall.clock.advance(1.9);
      await hall.stream().show(hall.clock.now());
    }
    expect(hall.quiets()).toEqual([]);
    await hall.stop();
  });

  it('is told from the start when no first frame comes', async () => {
    const hall = scene();
    await hall.clock.advance(4);
    expect(hall.quiets()).toEqual([2, 3, 4]);
    expect(hall.health().state).toBe('starting');
    await hall.stop();
  });

  it('ends with the next frame', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.clock.advance(3);
    await hall.playFor(1);
    await hall.clock.advance(2);
    expect(hall.quiets()).toEqual([3, 4, 7]);
    expect(hall.told.flatMap((output) => (output.kind === 'health' ? [output.health.state] : []))).toEqual([
      'starting',
      'live',
      'quiet',
      'live',
      'quiet',
    ]);
    await hall.stop();
  });

  it('never lets time run backwards: a frame from before the last quiet is passed over', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.clock.advance(3);
    await hall.stream().show(START + 1.5);
    await hall.stream().show(START + 4.1);
    expect(hall.told.filter(({ kind }) => kind !== 'health').map(({ at }) => at - START)).toEqual(
      expect.arrayContaining([3, 4, 4.1].map((at) => expect.closeTo(at, 5))),
    );
    expect(hall.people()).toEqual([0.2, 0.4, 0.6, 0.8, 1, 4.1]);
    await hall.clock.advance(10);
    expect(hall.health().dropped).toBe(1);
    await hall.stop();
  });

  it('passes a frame on when the clock was set back far', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.stream().show(START - 3600);
    expect(hall.people().at(-1)).toBe(-3600);
    await hall.stop();
  });

  it('is not told while the detector looks, however long that takes', async () => {
    const hall = scene();
    await settled();
    let answer: (people: Person[]) => void = () => undefined;
    hall.state.detect = () => new Promise((resolve) => (answer = resolve));
    await hall.stream().show(START + 0.1);
    await hall.clock.advance(12);
    expect(hall.quiets()).toEqual([]);
    answer([somebody]);
    await settled();
    expect(hall.people()).toEqual([0.1]);
    // Nor is the time it took held against the camera.
    await hall.clock.advance(9);
    expect(hall.openedAt).toEqual([0]);
    await hall.stop();
  });
});

describe('heads', () => {
  const look = { yaw: 0.5, score: 0.6 };
  const watching = (watch: () => Promise<typeof look | undefined>) => ({
    heads: { watcher: { name: 'by hand', watch, close: async () => {} }, looks: () => [somebody.box] },
  });
  const peopleOf = ({ told }: ReturnType<typeof scene>) =>
    told.flatMap((output) => (output.kind === 'people' ? [output.people] : []));

  it('are told with the people they belong to', async () => {
    const hall = scene(watching(async () => look));
    await hall.playFor(0.4);
    expect(peopleOf(hall)).toEqual([[{ ...somebody, head: look }], [{ ...somebody, head: look }]]);
    await hall.stop();
  });

  it('that cannot be looked at cost themselves alone: people are told, and health says it once', async () => {
    const hall = scene(watching(() => Promise.reject(new Error('out of memory'))));
    await hall.playFor(1);
    expect(peopleOf(hall)).toEqual(Array.from({ length: 5 }, () => [somebody]));
    expect(hall.health()).toMatchObject({
      state: 'live',
      detectorErrors: 0,
      lastError: {
        code: 'LOBBY_HEADS_UNSEEN',
        message: 'Heads in a frame of camera hall could not be looked at: out of memory',
      },
    });
    const troubled = hall.told.filter(
      (output) => output.kind === 'health' && output.health.lastError !== undefined,
    );
    expect(troubled.length).toBeLessThanOrEqual(2);
    await hall.stop();
  });
});

describe('the time of silence', () => {
  it('is that of the frames: what has passed since the last one is added to it', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.clock.advance(0.2);
    await hall.stream().show(hall.clock.now() - 0.1);
    await hall.clock.advance(3);
    expect(hall.quiets()).toEqual([3.1, 4.1]);
    await hall.stop();
  });

  it("goes on when the machine's clock is set back", async () => {
    const hall = scene();
    await hall.playFor(1);
    hall.clock.setBack(3600);
    await hall.clock.advance(6);
    expect(hall.quiets().length).toBeGreaterThanOrEqual(3);
    await hall.stop();
  });
});

describe('a detector that fails', () => {
  it('costs the frame and is counted, and the loop goes on', async () => {
    const hall = scene();
    await hall.playFor(1);
    const sees = hall.state.detect;
    hall.state.detect = () => Promise.reject(new Error('out of memory'));
    await hall.playFor(0.4);
    expect(hall.health()).toMatchObject({
      detectorErrors: 1,
      lastError: {
        code: 'LOBBY_CAMERA_UNSEEN',
        message: 'A frame of camera hall could not be looked at: out of memory',
      },
    });
    hall.state.detect = sees;
    await hall.playFor(0.2);
    expect(hall.people()).toEqual([0.2, 0.4, 0.6, 0.8, 1, 1.6]);
    await hall.clock.advance(10);
    expect(hall.health().detectorErrors).toBe(2);
    await hall.stop();
  });

  it('leaves silence to be told between frames when it takes long to fail', async () => {
    const hall = scene();
    await hall.playFor(1);
    let fail: (error: Error) => void = () => undefined;
    hall.state.detect = () => new Promise((_resolve, reject) => (fail = reject));
    for (let shown = 0; shown < 3; shown += 1) {
      await hall.stream().show(hall.clock.now() + 0.1);
      await hall.clock.advance(3);
      fail(new Error('out of memory'));
      await settled();
    }
    expect(hall.quiets()).toEqual([4, 7, 10]);
    await hall.stop();
  });

  it('makes a quiet camera, which is not opened again for it', async () => {
    const hall = scene();
    await hall.playFor(1);
    hall.state.detect = () => Promise.reject(new Error('out of memory'));
    await hall.playFor(15);
    expect(hall.quiets()).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    expect(hall.openedAt).toEqual([0]);
    await hall.stop();
  });
});

describe('a camera that is lost', () => {
  it('is tried again after 1, 2, 4, 8, 16 and then every 30 seconds, for ever', async () => {
    const hall = scene({}, { fails: true });
    await hall.clock.advance(151);
    expect(hall.openedAt).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121, 151]);
    expect(hall.health()).toMatchObject({
      state: 'lost',
      since: START,
      attempts: 10,
      retryAt: START + 181,
      lastError: { code: 'LOBBY_CAMERA_LOST', message: 'Camera hall was lost: unplugged' },
    });
    await hall.stop();
  });

  it('still waits 30 seconds after a night', async () => {
    const hall = scene({}, { fails: true });
    await hall.clock.advance(1200 * 30);
    expect(hall.openedAt.at(-1)! - hall.openedAt.at(-2)!).toBeCloseTo(30);
    await hall.stop();
  });

  it('is silent meanwhile, and silence is told', async () => {
    const hall = scene();
    await hall.playFor(1);
    hall.state.openFails = true;
    await hall.stream().fail(unplugged());
    await hall.clock.advance(5);
    expect(hall.quiets()).toEqual([3, 4, 5, 6]);
    expect(hall.health().state).toBe('lost');
    await hall.stop();
  });

  it('comes back with a fresh stream, and keeps what went wrong last', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.stream().fail(unplugged());
    expect(hall.streams[0]!.isClosed).toBe(true);
    await hall.clock.advance(1);
    await hall.playFor(0.2);
    expect(hall.streams).toHaveLength(2);
    expect(hall.health()).toMatchObject({ state: 'live', since: START + 2.2, attempts: 1 });
    expect(hall.health().lastError?.code).toBe('LOBBY_CAMERA_LOST');
    expect(hall.health().retryAt).toBeUndefined();
    await hall.stop();
  });

  it('has earned a quick retry after 30 seconds of health, and not before', async () => {
    const hall = scene({}, { fails: true });
    await hall.clock.advance(6.5);
    hall.state.openFails = false;
    await hall.clock.advance(0.5);
    expect(hall.openedAt).toEqual([0, 1, 3, 7]);
    await hall.playFor(29);
    await hall.stream().fail(unplugged());
    expect(hall.health()).toMatchObject({ attempts: 4, retryAt: START + 36 + 8 });
    await hall.clock.advance(8);
    await hall.playFor(31);
    await hall.stream().fail(unplugged());
    expect(hall.health().attempts).toBe(1);
    expect(hall.health().retryAt).toBeCloseTo(START + 75 + 1);
    await hall.stop();
  });

  it('has not earned it when it was silent in between', async () => {
    const hall = scene({}, { fails: true });
    await hall.clock.advance(6.5);
    hall.state.openFails = false;
    await hall.clock.advance(0.5);
    await hall.playFor(20);
    await hall.clock.advance(3);
    await hall.playFor(20);
    await hall.stream().fail(unplugged());
    expect(hall.health().attempts).toBe(4);
    await hall.stop();
  });

  it('counts a live stream that simply ends as lost', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.stream().end();
    expect(hall.health()).toMatchObject({
      state: 'lost',
      lastError: { message: 'Camera hall was lost: the stream ended' },
    });
    await hall.stop();
  });

  it('keeps what its streams dropped in one figure', async () => {
    const hall = scene();
    await hall.playFor(1);
    hall.stream().dropped = 3;
    await hall.stream().fail(unplugged());
    await hall.clock.advance(1);
    hall.stream().dropped = 2;
    await hall.playFor(0.2);
    expect(hall.health().dropped).toBe(5);
    await hall.stop();
  });
});

describe('a stream that stalls', () => {
  it('is quiet after 2 seconds, and closed and opened again after 10', async () => {
    const hall = scene();
    await hall.playFor(1);
    await hall.clock.advance(9.9);
    expect(hall.openedAt).toEqual([0]);
    expect(hall.health().state).toBe('quiet');
    await hall.clock.advance(0.2);
    expect(hall.streams[0]!.isClosed).toBe(true);
    expect(hall.health()).toMatchObject({
      state: 'lost',
      since: START + 11,
      retryAt: START + 12,
      lastError: { code: 'LOBBY_CAMERA_SILENT', message: 'No frame from hall for 10 s' },
    });
    await hall.clock.advance(1);
    expect(hall.openedAt.map((at) => Math.round(at))).toEqual([0, 12]);
    await hall.stop();
  });

  it('is left behind when it does not even close', async () => {
    const hall = scene();
    await hall.playFor(1);
    hall.stream().close = () => new Promise(() => undefined);
    await hall.clock.advance(16.5);
    expect(hall.openedAt.map((at) => Math.round(at))).toEqual([0, 17]);
    await hall.stop();
  });

  it('is waited for with growing patience while it keeps stalling', async () => {
    const hall = scene();
    await hall.clock.advance(10 + 1 + 10 + 2 + 10 + 4);
    expect(hall.openedAt.map((at) => Math.round(at))).toEqual([0, 11, 23, 37]);
    await hall.stop();
  });
});

describe('an attempt that hangs', () => {
  it('is called off after 40 seconds, and a stream that comes too late is closed', async () => {
    let comeAfterAll: (stream: CameraStream) => void = () => undefined;
    const signals: AbortSignal[] = [];
    const camera: Camera = {
      open: (_request, signal) => {
        signals.push(signal);
        return new Promise((resolve) => (comeAfterAll = resolve));
      },
    };
    const hall = scene({ camera });
    await hall.clock.advance(40);
    expect(signals[0]!.aborted).toBe(true);
    expect(hall.health().lastError?.message).toBe('No frame from hall for 40 s');
    const late = new ScriptedStream();
    comeAfterAll(late);
    await settled();
    expect(late.isClosed).toBe(true);
    await hall.stop();
  });

  it('does not keep the run from stopping', async () => {
    const hall = scene({ camera: { open: () => new Promise(() => undefined) } });
    await settled();
    await hall.stop();
    expect(hall.clock.sleeping).toBe(0);
  });
});

describe('two cameras', () => {
  it('do not interfere: one is lost, the other tells what it would have told alone', async () => {
    const alone = scene();
    await alone.playFor(5);
    await alone.stop();

    const hall = scene();
    const door = scene({ clock: hall.clock }, { fails: true });
    await hall.playFor(5);
    await hall.stop();
    await door.stop();
    expect(hall.told).toEqual(alone.told);
    expect(door.health().state).toBe('lost');
  });
});

describe('a fault of ours', () => {
  it('ends the run with what was thrown, and closes the stream', async () => {
    const streams: ScriptedStream[] = [];
    const camera: Camera = {
      async open() {
        streams.push(new ScriptedStream());
        return streams[0]!;
      },
    };
    const hall = scene({
      camera,
      tell: (output) => {
        if (output.kind === 'people') throw new RangeError('time runs backwards');
      },
    });
    const ended = expect(hall.run).rejects.toThrow('time runs backwards');
    await settled();
    await streams[0]!.show(START + 0.2);
    await ended;
    expect(streams[0]!.isClosed).toBe(true);
  });
});

describe('cameras that share the detector', () => {
  it('take their turns, and give them back when a frame fails and when the camera is lost', async () => {
    const turns = createTurns({ now: () => START });
    const hall = scene({ turns });
    await hall.playFor(0.4);
    expect(hall.people()).toHaveLength(2);
    hall.state.detect = async () => Promise.reject(new Error('out of memory'));
    await hall.playFor(0.2);
    hall.state.detect = async () => [];
    await hall.playFor(0.2);
    expect(hall.people()).toHaveLength(3);

    await hall.stream().fail(unplugged());
    expect(hall.health().state).toBe('lost');
    (await turns.take())();
    await hall.stop();
  });

  it('wait for their turn, and the wait is part of what the frame took', async () => {
    const turns = createTurns({ now: () => START });
    const hall = scene({ turns });
    const done = await turns.take();
    await settled();
    await hall.clock.advance(0.2);
    await hall.stream().show(START + 0.2, somePicture, START + 0.2);
    expect(hall.people()).toEqual([]);
    await hall.clock.advance(0.1);
    done();
    await settled();
    expect(hall.people()).toEqual([0.2]);
    const seen = hall.told.find(({ kind }) => kind === 'people') as PeopleSeen;
    expect(seen.took!.detectSeconds).toBeCloseTo(0.1, 3);
    await hall.stop();
  });

  it('look at the newest frame there is when their turn comes, where the stream can say that there is one', async () => {
    const turns = createTurns({ now: () => START });
    let newest = 0;
    const fit = { scaleX: 0.5, scaleY: 0.5, padLeft: 0, padTop: 0 };
    const size = { width: 8, height: 8 };
    let given = 0;
    const stream: CameraStream = {
      ...{ camera: size, codec: 'by hand', dropped: 0 },
      ready: () => (newest > given ? Promise.resolve() : new Promise(() => undefined)),
      close: async () => undefined,
      [Symbol.asyncIterator]: () => ({
        async next() {
          given = newest;
          return { done: false, value: { at: START + newest, camera: size, input, fit, rgb: somePicture } };
        },
      }),
    };
    const done = await turns.take();
    newest = 0.1;
    const hall = scene({ turns, camera: { open: async () => stream } });
    await settled();
    newest = 0.3;
    done();
    await settled();
    expect(hall.people()).toEqual([0.3]);
    await hall.stop();
  });
});

describe('a camera before which nothing moves', () => {
  const looks = async (overrides: Partial<RunCameraOptions>) => {
    const hall = scene(overrides);
    let asked = 0;
    hall.state.detect = async () => {
      asked += 1;
      return [somebody];
    };
    await hall.playFor(3);
    await hall.clock.advance(8);
    await hall.stop();
    const seen = hall.told.filter(({ kind }) => kind === 'people') as PeopleSeen[];
    return { asked, seen, health: hall.health() };
  };

  it('spares the detector all but one look a second, and goes on telling who stands there', async () => {
    const { asked, seen, health } = await looks({ sparesLooks: true });
    expect(seen).toHaveLength(15);
    expect(seen.every(({ people }) => people.length === 1)).toBe(true);
    expect(asked).toBe(3);
    expect(health.spared).toBe(12);
  });

  it('control: it is looked at each picture where that is not wanted', async () => {
    const { asked, health } = await looks({});
    expect(asked).toBe(15);
    expect(health.spared).toBe(0);
  });

  it('does not hold on to whoever was seen before a picture that cannot be trusted', async () => {
    const hall = scene({ sparesLooks: true });
    await hall.playFor(0.4);
    await hall.clock.advance(0.2);
    await hall.stream().show(hall.clock.now(), new Uint8Array(48));
    hall.state.detect = async () => [];
    await hall.playFor(0.2);
    const seen = hall.told.filter(({ kind }) => kind === 'people') as PeopleSeen[];
    expect(seen.at(-1)!.people).toEqual([]);
    await hall.stop();
  });
});
