import { trackDefaults } from '../../src/core/track/track.ts';
import { parseCameraModel, parseMot, trackMot } from '../../src/service/mot.ts';
import { readText, writeText } from './files.ts';

export interface MotCommandOptions {
  readonly detections: string;
  readonly fps: number;
  readonly every: number;
  readonly camera?: string;
  readonly out: string;
}

/** Tracks a MOTChallenge detection file and writes the tracks. */
export async function runMot(options: MotCommandOptions): Promise<void> {
  const frames = parseMot(await readText(options.detections), options.detections);
  const floor =
    options.camera === undefined
      ? undefined
      : parseCameraModel(await readText(options.camera), options.camera);
  const lines = trackMot(frames, {
    framesPerSecond: options.fps,
    every: options.every,
    plane: floor === undefined ? {} : { floor },
    settings: trackDefaults,
  });
  await writeText(options.out, lines.map((line) => `${line}\n`).join(''));
}
