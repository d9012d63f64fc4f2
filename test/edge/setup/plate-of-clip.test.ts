import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCamera } from '../../../edge/cameras/open-camera.ts';
import { openDetector } from '../../../edge/detectors/open-detector.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { createPlates, type Plates } from '../../../src/service/setup/plates.ts';
import { ManualClock } from '../../manual-clock.ts';

/** A minute of a busy lobby: somebody comes, queues, stands or walks by at all times. */
const clip = join(packageRoot, 'edge', 'demo', 'clip.mp4');
const truth = JSON.parse(readFileSync(join(packageRoot, 'edge', 'demo', 'truth.json'), 'utf8')) as {
  frames: { people: unknown[] }[];
};
const by = { kind: 'token', role: 'installer', token: 'k3f9aa' } as const;
const size = { width: 960, height: 540 };

/** Plates that were shown the same, one with people taken out and one as if nobody was found. */
let careful: Plates;
let careless: Plates;
/** The most cells that were shown at once and are not as the empty lobby is. */
let most = { careful: 0, careless: 0 };
/** The green of each pixel in the first look, when nobody has come yet. */
let empty: Uint8Array;

beforeAll(async () => {
  const clock = new ManualClock(0);
  const plates = () => createPlates({ clock, note: () => undefined });
  [careful, careless] = [plates(), plates()];
  for (const each of [careful, careless]) each.begin('hall', by);
  const detector = await openDetector({ runtime: 'auto' });
  const camera = createCamera({ id: 'hall', source: clip, pace: 'every-frame', clock: systemClock });
  const { input, fit } = detector;
  const looks: { at: number; whole: Uint8Array; people: Awaited<ReturnType<typeof detector.detect>> }[] = [];
  const stream = await camera.open({ framesPerSecond: 1, input, fit }, new AbortController().signal);
  for await (const frame of stream) {
    // It is emptied when the next frame is asked for.
    const whole = frame.closeUp!({ left: 0, top: 0, right: size.width, bottom: size.height }, size)!.slice();
    looks.push({ at: frame.at, whole, people: await detector.detect(frame) });
  }
  await detector.close();
  empty = looks[0]!.whole.filter((_, i) => i % 3 === 1);
  expect(truth.frames[0]!.people).toEqual([]);
  // Half a minute in which those of the fullest moment stand as still as nobody does, then the clip once more. The first
  // look is left out: what is shown is not to rest on the one it is held against.
  const fullest = looks.reduce((best, one) => (one.people.length > best.people.length ? one : best));
  const shown = [...Array.from({ length: 30 }, () => fullest), ...looks.slice(1)];
  for (const [at, { whole, people }] of shown.entries()) {
    const frame = {
      at,
      camera: size,
      input: size,
      fit: { scaleX: 1, scaleY: 1, padLeft: 0, padTop: 0 },
      rgb: whole,
      closeUp: () => whole,
    };
    careful.look('hall', frame, people);
    careless.look('hall', frame, []);
    most = {
      careful: Math.max(most.careful, strangers(careful)),
      careless: Math.max(most.careless, strangers(careless)),
    };
  }
}, 240_000);

/**
 * The glass door: it slides, so that there the empty lobby itself looks otherwise, and it half hides whoever is outside.
 */
const isDoor = (left: number, top: number) => left >= 60 && left < 285 && top >= 45 && top < 255;

/** Cells that are shown and are not as the empty lobby is, now. */
function strangers(plates: Plates): number {
  const { rgba } = plates.draw('hall')!;
  const side = 15;
  let count = 0;
  for (let top = 0; top < size.height; top += side) {
    for (let left = 0; left < size.width; left += side) {
      if (rgba[(top * size.width + left) * 4 + 3] === 0 || isDoor(left, top)) continue;
      let sum = 0;
      for (let y = top; y < top + side; y++) {
        for (let x = left; x < left + side; x++) {
          const i = y * size.width + x;
          sum += Math.abs(rgba[i * 4 + 1]! - empty[i]!);
        }
      }
      if (sum / (side * side) > 12) count += 1;
    }
  }
  return count;
}

describe('The empty lobby of a busy one', () => {
  it('is most of the picture, and never has anybody in it', () => {
    expect(careful.progress('hall').ready).toBeGreaterThan(0.7);
    expect(most.careful).toBe(0);
  });

  it('control: has people in it where those who were found are not taken out', () => {
    expect(most.careless).toBeGreaterThan(5);
  });
});
