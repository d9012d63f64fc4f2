import { performance } from 'node:perf_hooks';
import { LobbyError } from '../../src/contract/errors.ts';
import type { BoxesTruth } from '../../src/contract/true-boxes.ts';
import {
  averagePrecision,
  averagePrecisionOverSteps,
  type JudgedPicture,
  precisionAt,
  recallAt,
  type TruePerson,
} from '../../src/core/score/detection.ts';
import { trackDefaults } from '../../src/core/track/track.ts';
import type { Person, Seconds } from '../../src/core/units.ts';
import type { CameraStream, Frame } from '../../src/ports/camera.ts';
import type { Detector } from '../../src/ports/detector.ts';
import { createCamera } from '../cameras/open-camera.ts';
import { systemClock } from '../system-clock.ts';

/** A person of whom less than this share shows is neither asked for nor held against the detector, as on the scorecard. */
const leastVisible = 0.3;
/** Stamps are rounded to the container's clock; two frames of a camera are farther apart than this. */
const sameMoment: Seconds = 0.015;

/** What is known of one detector after a comparison. */
export interface Compared {
  readonly name: string;
  readonly ap50: number | null;
  readonly ap50to95: number | null;
  /** At the score that keeps a track alive. */
  readonly recallLow: number | null;
  /** At the score that begins one. */
  readonly recallSure: number | null;
  readonly precisionSure: number | null;
  /** The middle one of all frames, and the one that 19 in 20 are under. */
  readonly medianMs: number;
  readonly mostMs: number;
}

export interface Comparison {
  readonly pictures: number;
  readonly people: number;
  readonly detectors: readonly Compared[];
}

/**
 * Holds detectors against who truly is in a clip, side by side: each named frame is looked at by each of them in turn,
 * and every second time in the other order, so that whatever else the machine does is borne by all alike.
 *
 *     frame 1   A B C      Each decodes the clip for itself, since each wants it in its own size;
 *     frame 2   C B A      that, and the first look of each, is in no figure.
 *
 * @throws {LobbyError} `LOBBY_FILE_INVALID` if the clip has no frame at a moment of the truth: they are not of one scene
 */
export async function compareDetectors(
  detectors: readonly Detector[],
  clip: string,
  { frames: truth, width, height }: BoxesTruth,
): Promise<Comparison> {
  const framesPerSecond = rateFor(truth.map(({ t }) => t));
  const streams: CameraStream[] = [];
  const signal = new AbortController().signal;
  const found = detectors.map(() => [] as (readonly Person[])[]);
  const took = detectors.map(() => [] as number[]);
  try {
    for (const { input, fit } of detectors) {
      const camera = createCamera({ id: 'compare', source: clip, pace: 'every-frame', clock: systemClock });
      streams.push(await camera.open({ framesPerSecond, input, fit }, signal));
    }
    const size = streams[0]!.camera;
    if (size.width !== width || size.height !== height) {
      throw notOf(
        clip,
        `its picture is ${size.width}×${size.height}, and the truth is of ${width}×${height}`,
      );
    }
    const readers = streams.map((stream) => stream[Symbol.asyncIterator]());
    for (const [index, { t }] of truth.entries()) {
      const shown: Frame[] = [];
      for (const reader of readers) shown.push(await frameAt(reader, t, clip));
      const order = detectors.map((_, at) => at);
      for (const at of index % 2 === 0 ? order : order.reverse()) {
        const begun = performance.now();
        const people = await detectors[at]!.detect(shown[at]!);
        took[at]!.push(performance.now() - begun);
        found[at]!.push(people);
      }
    }
  } finally {
    for (const stream of streams) await stream.close();
  }
  const people = truth.map(({ people }) =>
    people.flatMap(({ box: [left, top, wide, high], visible }): TruePerson[] => {
      const box = {
        left: Math.max(0, left),
        top: Math.max(0, top),
        right: Math.min(width, left + wide),
        bottom: Math.min(height, top + high),
      };
      if (box.right <= box.left || box.bottom <= box.top) return [];
      return [{ box, ...(visible < leastVisible ? { ignore: 'one' as const } : {}) }];
    }),
  );
  return {
    pictures: truth.length,
    people: people.flat().filter(({ ignore }) => ignore === undefined).length,
    detectors: detectors.map(({ name }, at) => {
      const pictures = found[at]!.map((one, index): JudgedPicture => ({ found: one, truth: people[index]! }));
      const { lowScore, birthScore } = trackDefaults;
      const sorted = took[at]!.toSorted((one, other) => one - other);
      const share = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
      return {
        name,
        ap50: averagePrecision(pictures, 0.5),
        ap50to95: averagePrecisionOverSteps(pictures),
        recallLow: recallAt(pictures, { score: lowScore }),
        recallSure: recallAt(pictures, { score: birthScore }),
        precisionSure: precisionAt(pictures, { score: birthScore }),
        medianMs: share(0.5),
        mostMs: share(0.95),
      };
    }),
  };
}

const notOf = (file: string, problem: string): LobbyError =>
  new LobbyError('LOBBY_FILE_INVALID', {
    file,
    problem,
    hint: 'Give the clip that the boxes were drawn on.',
  });

async function frameAt(reader: AsyncIterator<Frame>, t: Seconds, clip: string): Promise<Frame> {
  for (;;) {
    const next = await reader.next();
    if (next.done === true || next.value.at > t + sameMoment) {
      throw notOf(clip, `it has no frame at ${t} s`);
    }
    if (next.value.at > t - sameMoment) return next.value;
  }
}

/** How many frames a second are worth scaling: those at the moments alone where they are evenly spaced. */
function rateFor(times: readonly Seconds[]): number {
  const every = Math.min(...times.slice(1).map((t, index) => t - times[index]!));
  const isEven = times.every((t) => Math.abs(t / every - Math.round(t / every)) * every < 0.001);
  return Number.isFinite(every) && isEven ? Math.min(30, Math.max(0.2, 1 / every)) : 30;
}
