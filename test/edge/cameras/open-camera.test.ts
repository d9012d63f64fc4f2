import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCamera } from '../../../edge/cameras/open-camera.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import type { LobbyError } from '../../../src/contract/errors.ts';
import type { CameraStream, Frame, FrameRequest, Pace } from '../../../src/ports/camera.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Detector } from '../../../src/ports/detector.ts';
import { type CameraOutput, runCamera } from '../../../src/service/run-camera.ts';
import { ManualClock, settled } from '../../manual-clock.ts';
import { startClipServer, startMuteServer } from '../../peers/clip-server.ts';
import { Clips, clip, pictureOf } from '../../peers/clips.ts';
import { startRtspServer } from '../../peers/rtsp-server.ts';
import { absent, ffmpeg, gstreamer, titled } from '../../peers/tools.ts';

const request: FrameRequest = { framesPerSecond: 5, input: { width: 96, height: 96 }, fit: 'letterbox' };
const never = new AbortController().signal;
const noFfmpeg = absent(ffmpeg);
const noRtsp = absent(ffmpeg, gstreamer);
const clips = new Clips();
const servers: { close?(): Promise<void>; kill?(): Promise<void> }[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await (server.close ?? server.kill)?.call(server);
});
afterAll(() => clips.remove());

function serving<Server extends (typeof servers)[number]>(server: Server): Server {
  servers.push(server);
  return server;
}

const camera = (source: string, more: { pace?: Pace; loop?: boolean; clock?: Clock } = {}) =>
  createCamera({ id: 'hall', source, pace: 'every-frame', clock: systemClock, ...more });

const numberOf = ({ rgb }: Frame) => pictureOf(rgb[(48 * 96 + 48) * 3]!);

/** Reads a source to its end or its trouble. */
async function readAll(opening: Promise<CameraStream>) {
  const frames: { at: number; number: number }[] = [];
  try {
    for await (const frame of await opening) frames.push({ at: frame.at, number: numberOf(frame) });
  } catch (error) {
    return { frames, trouble: error as LobbyError };
  }
  return { frames, trouble: undefined };
}

const troubleOf = async (source: string, more?: Parameters<typeof camera>[1]) =>
  (await readAll(camera(source, more).open(request, never))).trouble;

describe('a source that cannot be opened', () => {
  it('is missing when there is no such file', async () => {
    expect(await troubleOf('/no/such/clip.mp4')).toMatchObject({
      code: 'LOBBY_CAMERA_MISSING',
      message: 'Cannot open camera hall: there is no file /no/such/clip.mp4',
    });
  });

  it('is missing when there is no such device', async () => {
    expect(await troubleOf('/dev/video99')).toMatchObject({ code: 'LOBBY_CAMERA_MISSING' });
  });

  it.each([
    ['text', () => clips.write('notes.mp4', 'a text and no video\n'.repeat(500)), 'it is not a video'],
    ['an empty file', () => clips.write('empty.mp4', ''), 'it is not a video'],
    ['a folder', () => clips.folder, 'it is a folder'],
  ])('is unreadable when it is %s', async (_title, make, reason) => {
    const source = make();
    expect(await troubleOf(source)).toMatchObject({
      code: 'LOBBY_CAMERA_UNREADABLE',
      message: `Cannot open camera hall: ${source} has no picture that can be decoded (${reason})`,
    });
  });

  it.skipIf(noFfmpeg)(titled('is unreadable when it has sound only', noFfmpeg), async () => {
    expect((await troubleOf(clips.makeSound('sound.mp4')))?.message).toMatch(/there is no video in it/);
  });

  it('is lost when nothing listens there, and the message shows no password', async () => {
    const trouble = await troubleOf('rtsp://admin:hunter2@127.0.0.1:1/live?token=abc');
    expect(trouble).toMatchObject({
      code: 'LOBBY_CAMERA_LOST',
      message: 'Camera hall was lost: nothing listens there',
    });
    expect(JSON.stringify([trouble?.details, String(trouble?.cause)])).not.toMatch(/hunter2|abc/);
  });

  it('is lost when the host does not answer within ten seconds', async () => {
    const server = serving(await startMuteServer());
    const clock = new ManualClock();
    for (const source of [server.url, server.url.replace('http', 'rtsp')]) {
      const asked = server.asked.length;
      const trouble = troubleOf(source, { clock, pace: 'as-it-happens' });
      await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(asked));
      await clock.advance(10);
      expect(await trouble).toMatchObject({
        code: 'LOBBY_CAMERA_LOST',
        message: 'Camera hall was lost: no answer in time',
      });
      expect(clock.sleeping).toBe(0);
    }
  });

  it('gives up a host that does not answer as soon as it is told to', async () => {
    const server = serving(await startMuteServer());
    const stop = new AbortController();
    const opening = camera(server.url).open(request, stop.signal);
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    stop.abort(new Error('closing time'));
    await expect(opening).rejects.toThrow('closing time');
    // Not only is the caller let go: FFmpeg, too, has hung up and left its thread.
    await vi.waitFor(() => expect(server.connected()).toBe(0));
  });
});

describe.skipIf(noFfmpeg)(titled('a clip', noFfmpeg), () => {
  let whole: string;
  beforeAll(() => {
    // The header first, as a clip has that was meant to be streamed: then a part of it can be played.
    whole = clips.make('whole.mp4', ['-movflags', '+faststart']);
  });

  it('is thinned by time: of 10 pictures a second, 4 are those at or after each quarter', async () => {
    const { frames } = await readAll(camera(whole).open({ ...request, framesPerSecond: 4 }, never));
    expect(frames.slice(0, 6).map(({ number }) => number + 0)).toEqual([0, 3, 5, 8, 10, 13]);
    expect(frames).toHaveLength(clip.seconds * 4);
  });

  it('is thinned by time even if its pictures are unevenly spaced', async () => {
    const uneven = clips.make('uneven.mkv', ['-vf', "select='lt(n,10)+not(mod(n,5))'", '-fps_mode', 'vfr']);
    const { frames } = await readAll(camera(uneven).open(request, never));
    expect(frames.map(({ number }) => number + 0)).toEqual([0, 2, 4, 6, 8, 10, 15, 20, 25]);
    expect(frames.map(({ at }) => Math.round(at * 10))).toEqual([0, 2, 4, 6, 8, 10, 15, 20, 25]);
  });

  it('counts time from its first picture, wherever its own stamps begin', async () => {
    const late = clips.make('late.ts', ['-output_ts_offset', '500']);
    const { frames } = await readAll(camera(late).open(request, never));
    expect(frames[0]!.at).toBe(0);
    expect(frames.at(-1)!.at).toBeCloseTo(2.8);
  });

  it('gives its frames and then says that it was cut short', async () => {
    const { frames, trouble } = await readAll(camera(clips.cut('cut.mp4', whole, 0.6)).open(request, never));
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.length).toBeLessThan(13);
    expect(trouble).toMatchObject({ code: 'LOBBY_CAMERA_CUT_SHORT', details: { duration: '3.0' } });
    expect(Number(trouble?.details.seconds)).toBeCloseTo(frames.at(-1)!.at + 0.2, 0);
  });

  it('is unreadable when it was cut before its header', async () => {
    const headless = clips.cut('headless.mp4', clips.make('header-last.mp4'), 0.6);
    expect(await troubleOf(headless)).toMatchObject({ code: 'LOBBY_CAMERA_UNREADABLE' });
  });

  it('may be an animated GIF', async () => {
    const { frames, trouble } = await readAll(camera(clips.make('counted.gif')).open(request, never));
    expect(trouble).toBeUndefined();
    expect(frames.map(({ at }) => Math.round(at * 10))).toEqual(Array.from({ length: 15 }, (_, n) => n * 2));
  });

  it('gives its frames and then breaks off when it is damaged and has no length in its header', async () => {
    const raw = clips.make('to-damage.y4m');
    const damaged = clips.write(
      'damaged.y4m',
      readFileSync(raw).fill(0x55, Math.floor(statSync(raw).size * 0.6)),
    );
    const { frames, trouble } = await readAll(camera(damaged).open(request, never));
    expect(frames.length).toBeGreaterThan(3);
    expect(trouble).toMatchObject({
      code: 'LOBBY_CAMERA_BROKEN_OFF',
      message: `Camera hall breaks off after ${trouble?.details.seconds} s: the rest of the clip is damaged`,
    });
  });

  it.each(['avi', 'mkv', 'flv'])('tells that an %s was cut short, too', async (ending) => {
    const cut = clips.cut(`cut.${ending}`, clips.make(`to-cut.${ending}`, ['-vf', 'noise=alls=40']), 0.6);
    const { frames, trouble } = await readAll(camera(cut).open(request, never));
    expect(frames.length).toBeGreaterThan(1);
    expect(trouble).toMatchObject({ code: 'LOBBY_CAMERA_CUT_SHORT', details: { duration: '3.0' } });
  });

  it('starts again at its end without a gap in time when it loops', async () => {
    const stream = await camera(whole, { loop: true }).open(request, never);
    expect(stream.duration).toBeUndefined();
    const seen: { at: number; number: number }[] = [];
    for await (const frame of stream) {
      seen.push({ at: frame.at, number: numberOf(frame) + 0 });
      if (seen.length === 40) break;
    }
    expect(seen.map(({ at }) => Math.round(at * 10))).toEqual(Array.from({ length: 40 }, (_, n) => n * 2));
    expect(seen.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, n) => (n * 2) % 30));
  });

  it('keeps left on the left', async () => {
    const stream = await camera(clips.makeHalves('halves.mp4')).open({ ...request, fit: 'stretch' }, never);
    for await (const { rgb } of stream) {
      expect(rgb[48 * 96 * 3]).toBeGreaterThan(240);
      expect(rgb[(48 * 96 + 95) * 3]).toBeLessThan(15);
      break;
    }
  });

  it('writes each frame into the same buffer, so that nothing is copied', async () => {
    const stream = await camera(whole).open(request, never);
    const buffers = new Set<Uint8Array>();
    for await (const { rgb } of stream) buffers.add(rgb);
    expect(buffers.size).toBe(1);
  });

  it('can be opened and left fifty times over', async () => {
    for (let round = 0; round < 50; round += 1) {
      const stop = new AbortController();
      const stream = await camera(whole, { pace: round % 2 ? 'every-frame' : 'as-it-happens' }).open(
        request,
        stop.signal,
      );
      const frames = stream[Symbol.asyncIterator]();
      for (let taken = 0; taken < round % 3; taken += 1) await frames.next();
      const waiting = frames.next();
      if (round % 5 === 0) stop.abort();
      await stream.close();
      await waiting;
    }
  });

  it('is never spoken of by FFmpeg itself: our errors are all that is seen', async () => {
    const broken = clips.cut('broken.mp4', whole, 0.5);
    const script = `
      import { createCamera } from './edge/cameras/open-camera.ts';
      import { systemClock } from './edge/system-clock.ts';
      const camera = createCamera({ id: 'hall', source: process.argv[1], pace: 'every-frame', clock: systemClock });
      const request = ${JSON.stringify(request)};
      try {
        for await (const _ of await camera.open(request, new AbortController().signal));
      } catch (error) {
        console.log(error.code);
      }`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, broken]);
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    child.stderr.on('data', (data) => (said += data));
    await once(child, 'close');
    expect(said.trim()).toBe('LOBBY_CAMERA_CUT_SHORT');
  });
});

describe.skipIf(noFfmpeg)(titled('a clip played as it happens', noFfmpeg), () => {
  let source: string;
  beforeAll(() => {
    source = clips.make('paced.mp4');
  });

  /** Opens the clip on a clock moved by hand. */
  async function play(loop = false) {
    const clock = new ManualClock(1_700_000_000);
    const stream = await camera(source, { pace: 'as-it-happens', loop, clock }).open(request, never);
    const frames = stream[Symbol.asyncIterator]();
    /** Moves the clock once the next picture waits for its moment: decoding takes time of its own. */
    const move = async (seconds: number) => {
      await vi.waitFor(() => expect(clock.sleeping).toBe(1));
      await clock.advance(seconds);
    };
    const next = async () => {
      const { value } = await frames.next();
      return (
        value && { at: Math.round((value.at - 1_700_000_000) * 1000) / 1000, number: numberOf(value) + 0 }
      );
    };
    return { clock, stream, move, next };
  }

  it('hands out each frame at its own moment, and none before', async () => {
    const { stream, move, next } = await play();
    expect(await next()).toEqual({ at: 0, number: 0 });
    let came: unknown;
    const second = next().then((frame) => (came = frame));
    await move(0.19);
    expect(came).toBeUndefined();
    await move(0.01);
    await second;
    expect(came).toEqual({ at: 0.2, number: 2 });
    await stream.close();
  });

  it('gives a late reader only the newest frame, and counts the others', async () => {
    const { stream, move, next } = await play();
    for (let moved = 0; moved < 5; moved += 1) await move(0.2);
    await vi.waitFor(() => expect(stream.dropped).toBe(5));
    expect(await next()).toEqual({ at: 1, number: 10 });
    await stream.close();
  });

  it('goes on from now when the box fell behind by more than a second', async () => {
    const { clock, stream, move, next } = await play();
    await next();
    await vi.waitFor(() => expect(clock.sleeping).toBe(1));
    await clock.jump(60);
    expect(await next()).toEqual({ at: 0.2, number: 2 });
    await move(0.1);
    // Picture 3, not taken, was the first to find itself late: now is its moment.
    expect(await next()).toEqual({ at: 60.1, number: 4 });
    await stream.close();
  });

  it('loops without a gap in time', async () => {
    const { stream, move, next } = await play(true);
    const seen = [await next()];
    for (let moved = 0; moved < 20; moved += 1) {
      await move(0.2);
      seen.push(await next());
    }
    expect(seen.slice(13, 18)).toEqual([
      { at: 2.6, number: 26 },
      { at: 2.8, number: 28 },
      { at: 3, number: 0 },
      { at: 3.2, number: 2 },
      { at: 3.4, number: 4 },
    ]);
    await stream.close();
  });

  it('does not wait for the clock any more once it is closed', async () => {
    const { clock, stream, next } = await play();
    await next();
    await vi.waitFor(() => expect(clock.sleeping).toBe(1));
    await stream.close();
    expect(clock.sleeping).toBe(0);
  });
});

describe.skipIf(noFfmpeg)(titled('a clip over HTTP', noFfmpeg), () => {
  let source: string;
  beforeAll(() => {
    source = clips.make('served.mp4', ['-movflags', '+faststart']);
  });

  it('is refused with a wrong password, which no message repeats', async () => {
    const server = serving(await startClipServer(source, { login: 'lobby:right' }));
    const trouble = await troubleOf(server.url.replace('//', '//lobby:wrong@'));
    expect(trouble).toMatchObject({
      code: 'LOBBY_CAMERA_REFUSED',
      message: 'Camera hall refused the user name or password',
    });
    expect(`${trouble?.message}${trouble?.remedy}${trouble?.cause}`).not.toContain('wrong');
  });

  it('is unreadable when the server does not have it', async () => {
    const server = serving(await startClipServer(source));
    const trouble = await troubleOf(`${server.url.replace('/clip', '/nothing')}?key=abc`);
    expect(trouble?.message).toBe(
      `Cannot open camera hall: http://127.0.0.1:${server.port}/nothing?*** has no picture that can be decoded (the server has nothing at this address)`,
    );
  });

  it('is cut short when the connection breaks in its middle', async () => {
    const server = serving(await startClipServer(source, { cutAfterBytes: statSync(source).size / 2 }));
    const { frames, trouble } = await readAll(camera(server.url).open(request, never));
    expect(frames.length).toBeGreaterThan(1);
    expect(trouble).toMatchObject({ code: 'LOBBY_CAMERA_CUT_SHORT' });
  });
});

describe.skipIf(noRtsp)(titled('an RTSP camera', noRtsp), () => {
  let source: string;
  beforeAll(() => {
    source = clips.make('streamed.mp4', [], 20);
  });
  const live = (url: string) => camera(url, { pace: 'as-it-happens' });

  it('is refused with a wrong password, which no message repeats', async () => {
    const server = serving(await startRtspServer(source, { login: 'lobby:right' }));
    const trouble = await troubleOf(server.url.replace('//', '//lobby:wrong@'));
    expect(trouble).toMatchObject({ code: 'LOBBY_CAMERA_REFUSED' });
    expect(`${trouble?.message}${trouble?.remedy}${trouble?.cause}`).not.toContain('wrong');
  });

  it('stamps its frames with the time of day, as evenly as the camera took them', async () => {
    const server = serving(await startRtspServer(source));
    const before = systemClock.now();
    const stream = await live(server.url).open(request, never);
    const seen: number[] = [];
    for await (const { at } of stream) {
      seen.push(at);
      expect(systemClock.now() - at).toBeLessThan(0.5);
      if (seen.length === 8) break;
    }
    expect(seen[0]).toBeGreaterThan(before);
    const steps = seen.slice(1).map((at, index) => at - seen[index]!);
    for (const step of steps) expect(step).toBeCloseTo(0.2, 1);
  });

  it('lets go at once when it hangs and is closed', async () => {
    const server = serving(await startRtspServer(source));
    const stream = await live(server.url).open(request, never);
    const frames = stream[Symbol.asyncIterator]();
    await frames.next();
    server.freeze();
    const ended = (async () => {
      while (!(await frames.next()).done);
    })();
    await settled();
    const asked = performance.now();
    await stream.close();
    await ended;
    expect(performance.now() - asked).toBeLessThan(1000);
  });

  it('whose server is killed comes back with it, and all that time silence is told', async () => {
    // A picture of one grey is rightly told as covered; a pattern is a sight.
    const patterned = clips.make('patterned.mp4', ['-vf', 'drawgrid=w=40:h=40:t=10:color=white'], 20);
    const server = serving(await startRtspServer(patterned));
    const told: CameraOutput[] = [];
    const stop = new AbortController();
    const detector: Detector = {
      name: 'nobody',
      input: request.input,
      fit: request.fit,
      detect: async () => [],
      close: async () => undefined,
    };
    const run = runCamera({
      id: 'hall',
      camera: live(server.url),
      detector,
      clock: systemClock,
      request,
      signal: stop.signal,
      tell: (output) => told.push(output),
      quietAfterSeconds: 0.3,
      retry: { firstSeconds: 0.2, mostSeconds: 0.5 },
    });
    const states = () => told.flatMap((output) => (output.kind === 'health' ? [output.health.state] : []));
    await vi.waitFor(() => expect(states().at(-1)).toBe('live'), 10_000);
    await server.kill();
    await vi.waitFor(
      () => expect(states().filter((state) => state === 'lost').length).toBeGreaterThan(1),
      10_000,
    );
    serving(await startRtspServer(patterned, { port: server.port }));
    await vi.waitFor(() => expect(states().at(-1)).toBe('live'), 10_000);
    stop.abort();
    await run;
    expect(told.some(({ kind }) => kind === 'quiet')).toBe(true);
    const moments = told.filter(({ kind }) => kind !== 'health').map(({ at }) => at);
    expect(moments).toEqual([...moments].sort((one, other) => one - other));
  });
});
