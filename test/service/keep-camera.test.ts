import { describe, expect, it } from 'vitest';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Camera } from '../../src/ports/camera.ts';
import { keepCamera } from '../../src/service/keep-camera.ts';
import type { CameraOutput } from '../../src/service/run-camera.ts';
import { ManualClock, settled } from '../manual-clock.ts';

/** Light and dark, with edges: a picture of something. */
const somePicture = Uint8Array.from({ length: 48 }, (_, i) => (i * 37) % 200);
const input = { width: 4, height: 4 };
const fit = { scaleX: 1, scaleY: 1, padLeft: 0, padTop: 0 };
const startedAt = 1_700_000_000;

/** A clip of so many seconds, a frame a second, kept going by a service that may stumble. */
function keep(seconds: Seconds, stumbles: (output: CameraOutput) => boolean = () => false) {
  const clock = new ManualClock(startedAt);
  const over = new AbortController();
  const told: CameraOutput[] = [];
  const faults: { readonly at: Seconds; readonly error: unknown }[] = [];
  const openedAt: Seconds[] = [];
  const camera: Camera = {
    async open(_, signal) {
      const from = clock.now();
      openedAt.push(from - startedAt);
      return {
        camera: input,
        codec: 'by hand',
        duration: seconds,
        dropped: 0,
        async close() {},
        async *[Symbol.asyncIterator]() {
          for (let frame = 0; frame < seconds; frame++) {
            await clock.sleep(1, signal);
            yield { at: from + frame, camera: input, input, fit, rgb: somePicture };
          }
        },
      };
    },
  };
  const kept = keepCamera({
    id: 'hall',
    camera,
    detector: { name: 'by hand', input, fit: 'stretch', detect: async () => [], async close() {} },
    clock,
    request: { framesPerSecond: 1, input, fit: 'stretch' },
    signal: over.signal,
    tell(output) {
      if (stumbles(output)) throw new Error('stumbled');
      told.push(output);
    },
    onFault: (error) => faults.push({ at: clock.now() - startedAt, error }),
  });
  return {
    clock,
    told,
    faults,
    openedAt,
    health: () => told.findLast((one) => one.kind === 'health')?.health,
    async end() {
      over.abort();
      await settled();
      await kept;
      expect(clock.sleeping).toBe(0);
    },
  };
}

describe('A clip that has ended', () => {
  it('is said to be lost for good, and what to do about it', async () => {
    const { clock, health, openedAt, end } = keep(3);
    await clock.advance(2.5);
    expect(health()?.state).toBe('live');
    await clock.advance(60);
    const { code, message, remedy } = new LobbyError('LOBBY_CAMERA_ENDED', { camera: 'hall' });
    expect(health()).toMatchObject({
      state: 'lost',
      framesPerSecond: 0,
      lastError: { code, message, remedy },
    });
    expect(openedAt).toEqual([0]);
    await end();
  });

  it('is silence from then on, second by second, so that nobody stands in the lobby for ever', async () => {
    const { clock, told, end } = keep(3);
    await clock.advance(3);
    const before = told.length;
    await clock.advance(30);
    const quiet = told.slice(before).filter((one) => one.kind === 'quiet');
    expect(quiet).toHaveLength(30);
    const times = told.flatMap((one) => (one.kind === 'health' ? [] : [one.at]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    await end();
  });
});

describe('A clip that has ended, when the clock is set back', () => {
  it('goes along, or it would drag the whole lobby to a time that is no more', async () => {
    const { clock, told, end } = keep(3);
    await clock.advance(10);
    clock.setBack(3600);
    const before = told.length;
    await clock.advance(3);
    const ages = told.slice(before).flatMap((one) => (one.kind === 'health' ? [] : [clock.now() - one.at]));
    expect(ages).toEqual([3, 2, 1]);
    await end();
  });
});

describe('A fault of the service', () => {
  it('ends one run of a camera, not the camera: it begins anew, and is live again', async () => {
    let frames = 0;
    const { clock, faults, openedAt, health, end } = keep(
      20,
      ({ kind }) => kind === 'people' && ++frames === 3,
    );
    await clock.advance(10);
    expect(faults).toEqual([{ at: 3, error: new Error('stumbled') }]);
    expect(openedAt).toEqual([0, 4]);
    expect(health()?.state).toBe('live');
    await end();
  });

  it('that comes again at once is met after 1, 2, 4, and at last every 30 s', async () => {
    const { clock, faults, end } = keep(20, () => true);
    await clock.advance(100);
    expect(faults.map(({ at }) => at)).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
    await end();
  });
});
