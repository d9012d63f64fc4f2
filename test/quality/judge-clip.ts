import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCamera } from '../../edge/cameras/open-camera.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { systemClock } from '../../edge/system-clock.ts';
import type { BlindReason } from '../../src/core/sight/watch.ts';
import type { CameraStream } from '../../src/ports/camera.ts';
import { createSight } from '../../src/service/sense-sight.ts';
import { scenesFolder } from './run-lobby.ts';

export async function openClip(file: string): Promise<CameraStream> {
  const camera = createCamera({ id: 'hall', source: file, pace: 'every-frame', clock: systemClock });
  const request = { framesPerSecond: 5, input: { width: 640, height: 384 }, fit: 'letterbox' } as const;
  return camera.open(request, new AbortController().signal);
}

export interface Spell {
  readonly why: BlindReason;
  readonly from: number;
  until?: number;
}

/** When a clip's camera is told as blind; how many frames are not trusted. */
export async function judgeClip(file: string): Promise<{ told: Spell[]; untrusted: number; frames: number }> {
  const sight = createSight();
  const told: Spell[] = [];
  let untrusted = 0;
  let frames = 0;
  for await (const frame of await openClip(file)) {
    const { blind, trusted } = sight(frame);
    frames += 1;
    if (!trusted) untrusted += 1;
    const open = told.find((one) => one.until === undefined);
    if (blind !== undefined && open === undefined) told.push({ why: blind.why, from: frame.at });
    else if (blind === undefined && open !== undefined) open.until = frame.at;
  }
  return { told, untrusted, frames };
}

const shared = join(packageRoot, '..', 'shared', 'data');
const inFolder = (path: string, ending: RegExp) =>
  existsSync(path)
    ? readdirSync(path)
        .filter((name) => ending.test(name))
        .map((name) => join(path, name))
    : [];
/** Every clip there is, whose camera sees all the while. */
export const clips: readonly string[] = [
  ...inFolder(scenesFolder, /^[a-z-]+$/).flatMap((scene) => inFolder(scene, /\.mp4$/)),
  join(packageRoot, 'edge', 'demo', 'clip.mp4'),
  ...inFolder(join(shared, 'lobby-sample'), /\.mp4$/),
  ...inFolder(join(shared, 'clips'), /\.gif$/),
];

/**
 * Whether a clip is tried at each run of the tests: those of the library in which light, noise, lens or a crowd come
 * nearest to what a camera looks like that does not see, and all that are not of the library. The others take
 * minutes together.
 */
export const isTriedAlways = (clip: string): boolean =>
  !clip.startsWith(scenesFolder) ||
  /\/(evening-glare|flickering-tube|grainy-night|lights-off|empty-lobby|wide-lens|saturday-crowd)\//.test(
    clip,
  );

/** Holds of each of these clips that its camera is never told as blind. */
export function seesInEach(these: readonly string[]): void {
  describe('A camera that sees is never told as blind', () => {
    it('there are clips to try', () => {
      expect(clips.length).toBeGreaterThan(24);
      expect(these.length).toBeGreaterThan(7);
    });

    it.each(these.map((file) => [file.split('/').slice(-2).join('/'), file] as const))(
      'in %s, and every frame of it is trusted',
      async (_, file) => {
        const { told, untrusted, frames } = await judgeClip(file);
        expect(frames).toBeGreaterThan(5);
        expect({ told, untrusted }).toEqual({ told: [], untrusted: 0 });
      },
      60_000,
    );
  });
}
