import { LobbyError } from '../contract/errors.ts';
import { type Homography, invert, multiply } from '../core/geometry/homography.ts';
import { believedBox, noTracks, type TrackPlane, type TrackSettings, track } from '../core/track/track.ts';
import type { Person } from '../core/units.ts';

/** One frame's boxes of a MOTChallenge detection file. */
export interface MotFrame {
  /** From 1. */
  readonly frame: number;
  readonly people: readonly Person[];
}

/** No picture is so large, and squares of it still add up: with more, tracks would come to lie at no place at all. */
const farthest = 1e6;

/**
 * Reads MOTChallenge text: `frame,-1,left,top,width,height,score[,…]`.
 *
 * @returns every frame from 1 to the last one named, also those without boxes
 * @throws {LobbyError} `LOBBY_FILE_INVALID` naming the line that does not fit
 */
export function parseMot(text: string, file: string): readonly MotFrame[] {
  const people: Person[][] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const cells = line.split(',').map(Number);
    const [frame, , left, top, width, height, score] = cells;
    if (
      frame === undefined ||
      !Number.isInteger(frame) ||
      frame < 1 ||
      frame > 1e6 ||
      [left, top, width, height, score].some((value) => !(Math.abs(value ?? Number.NaN) <= farthest))
    ) {
      throw new LobbyError('LOBBY_FILE_INVALID', {
        file: `${file}:${index + 1}`,
        problem: 'the line is not frame,-1,left,top,width,height,score',
        hint: 'Give detections in MOTChallenge text; frames count from 1.',
      });
    }
    while (people.length < frame) people.push([]);
    people[frame - 1]!.push({
      box: { left: left!, top: top!, right: left! + width!, bottom: top! + height! },
      score: score!,
    });
  }
  return people.map((boxes, i) => ({ frame: i + 1, people: boxes }));
}

/**
 * Reads a ground-plane camera model: rotation, translation in millimetres, intrinsics, as UCMCTrack
 * writes them.
 *
 * @returns the homographies between the floor in metres and the picture
 * @throws {LobbyError} `LOBBY_FILE_INVALID` when a matrix is missing or has no inverse
 */
export function parseCameraModel(
  text: string,
  file: string,
): { readonly toFloor: Homography; readonly toPixel: Homography } {
  const numbers = (name: string, count: number): number[] => {
    const after = text.split(name)[1] ?? '';
    const found = (after.match(/^[\s\d.eE+-]+/)?.[0] ?? '').trim().split(/\s+/).map(Number);
    if (found.length < count || found.slice(0, count).some((value) => !Number.isFinite(value))) {
      throw new LobbyError('LOBBY_FILE_INVALID', {
        file,
        problem: `${name} must be ${count} numbers`,
        hint: 'A camera model has RotationMatrices, TranslationVectors and IntrinsicMatrix.',
      });
    }
    return found.slice(0, count);
  };
  const rotation = numbers('RotationMatrices', 9);
  const shift = numbers('TranslationVectors', 3).map((value) => value / 1000);
  const intrinsic = numbers('IntrinsicMatrix', 9) as unknown as Homography;
  // On the floor z is 0, so the third column of the rotation is not needed.
  const plane: Homography = [
    rotation[0]!,
    rotation[1]!,
    shift[0]!,
    rotation[3]!,
    rotation[4]!,
    shift[1]!,
    rotation[6]!,
    rotation[7]!,
    shift[2]!,
  ];
  const toPixel = multiply(intrinsic, plane);
  const toFloor = invert(toPixel);
  // Numbers may be so large or small that what is made of them is none.
  if (toFloor === undefined || ![...toPixel, ...toFloor].every((value) => Number.isFinite(value))) {
    throw new LobbyError('LOBBY_FILE_INVALID', {
      file,
      problem: 'its matrices have no inverse',
      hint: 'Check the camera model.',
    });
  }
  // In front of the camera the third coordinate is positive; the inverse keeps its sign as it is.
  return { toFloor, toPixel };
}

export interface MotOptions {
  readonly framesPerSecond: number;
  /** Use each `every`-th frame alone. */
  readonly every: number;
  readonly plane: TrackPlane;
  readonly settings: TrackSettings;
}

/** In the picture, who is missed for so short a time is still believed to be where they were going. */
const coastSeconds = 0.45;

/**
 * Tracks a detection file, frame by frame, without looking ahead.
 *
 * @returns lines `frame,id,left,top,width,height,score,-1,-1,-1`, by frame and id; boxes only where a
 *          person is believed to be
 */
export function trackMot(frames: readonly MotFrame[], options: MotOptions): readonly string[] {
  let state = noTracks;
  const lines: string[] = [];
  for (const { frame, people } of frames) {
    if ((frame - 1) % options.every !== 0) continue;
    const at = (frame - 1) / options.framesPerSecond;
    state = track(state, at, people, options.plane, options.settings);
    for (const one of state.tracks) {
      const missed = at - one.seenAt;
      if (!one.confirmed || missed > (options.plane.floor === undefined ? coastSeconds : 0)) continue;
      const { left, top, right, bottom } = believedBox(one);
      const numbers = [left, top, right - left, bottom - top].map((value) => Number(value.toFixed(2)));
      lines.push([frame, one.id, ...numbers, Number(one.score.toFixed(4)), -1, -1, -1].join(','));
    }
  }
  return lines;
}
