import { fitInto } from '../../../src/core/detect/fit.ts';
import {
  judgeSight,
  noSight,
  type SightState,
  type SightVerdict,
} from '../../../src/core/sight/judge-sight.ts';
import { type Reading, readPicture } from '../../../src/core/sight/read-picture.ts';
import type { BlindReason } from '../../../src/core/sight/watch.ts';
import type { Seconds } from '../../../src/core/units.ts';
import { chance } from '../../scenes/chance.ts';

/** Brightness of a pixel, 0 to 255. */
export type Paint = (x: number, y: number) => number;

const size = { width: 256, height: 144 };
const fit = fitInto(size, size, 'letterbox');

const furnitureOf = (seed: number) => {
  const random = chance(seed);
  return Array.from({ length: 70 }, () => ({
    x: random() * size.width,
    y: random() * size.height,
    width: 8 + random() * 50,
    height: 8 + random() * 40,
    light: 30 + random() * 200,
  }));
};
/** A lobby's still part: counters, doors and posters as rectangles, always the same. */
export function roomOf(seed = 3): Paint {
  const furniture = furnitureOf(seed);
  const painted = Array.from({ length: (size.width + 80) * (size.height + 80) }, (_, i) => {
    const x = (i % (size.width + 80)) - 40;
    const y = Math.floor(i / (size.width + 80)) - 40;
    const piece = furniture.findLast(
      (one) => x >= one.x && y >= one.y && x < one.x + one.width && y < one.y + one.height,
    );
    return piece?.light ?? 120;
  });
  return (x, y) => {
    const column = Math.min(size.width + 39, Math.max(-40, Math.round(x))) + 40;
    const row = Math.min(size.height + 39, Math.max(-40, Math.round(y))) + 40;
    return painted[row * (size.width + 80) + column]!;
  };
}

export const dimmed =
  (paint: Paint, part: number): Paint =>
  (x, y) =>
    paint(x, y) * part;
export const shifted =
  (paint: Paint, dx: number, dy: number): Paint =>
  (x, y) =>
    paint(x - dx, y - dy);
export const turned = (paint: Paint, degrees: number): Paint => {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return (x, y) => {
    const [u, v] = [x - size.width / 2, y - size.height / 2];
    return paint(u * cos + v * sin + size.width / 2, v * cos - u * sin + size.height / 2);
  };
};
/** Out of focus: each pixel is the mean of those around it. */
export const blurred = (paint: Paint, reach: number): Paint => {
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return (x, y) =>
    offsets.reduce((sum, dx) => sum + offsets.reduce((part, dy) => part + paint(x + dx, y + dy), 0), 0) /
    offsets.length ** 2;
};
/** Somebody, or something, before it: a plain shape from `left` to `right`, in parts of the picture. */
export const behind =
  (paint: Paint, left: number, right: number, top = 0): Paint =>
  (x, y) =>
    x >= left * size.width && x < right * size.width && y >= top * size.height ? 60 : paint(x, y);

/** A picture is painted once, and its noise laid over it for every frame. */
const painted = new WeakMap<Paint, Float32Array>();
function pixelsOf(paint: Paint): Float32Array {
  const known = painted.get(paint);
  if (known !== undefined) return known;
  const pixels = new Float32Array(size.width * size.height);
  for (let i = 0; i < pixels.length; i++) pixels[i] = paint(i % size.width, Math.floor(i / size.width));
  painted.set(paint, pixels);
  return pixels;
}

/** A reading of a painted picture, with a sensor's noise unless it is told to have none. */
export function readingOf(at: Seconds, paint: Paint, noise = 2): Reading {
  const pixels = pixelsOf(paint);
  const rgb = new Uint8ClampedArray(pixels.length * 3);
  let dice = Math.round(at * 1000) * 2654435761;
  for (let i = 0; i < pixels.length; i++) {
    dice = (Math.imul(dice, 1664525) + 1013904223) | 0;
    const light = pixels[i]! + (dice / 2 ** 31) * noise;
    rgb[i * 3] = light;
    rgb[i * 3 + 1] = light;
    rgb[i * 3 + 2] = light;
  }
  return readPicture(at, rgb, size, size, fit);
}

/** A stretch of time, and what the camera shows in it; `still` repeats its first picture to the byte. */
export interface Stretch {
  readonly seconds: Seconds;
  readonly paint: Paint;
  /** What it shows at a moment, where that changes; `paint` else. */
  readonly over?: (at: Seconds) => Paint;
  readonly fps?: number;
  readonly still?: true;
  readonly noise?: number;
}

export interface Judged {
  readonly state: SightState;
  readonly verdicts: readonly (SightVerdict & { readonly at: Seconds })[];
  /** When it was told as blind and when it was over, with the reason. */
  readonly told: readonly { readonly why: BlindReason; readonly from: Seconds; readonly until?: Seconds }[];
}

/** Shows stretch after stretch to the judge. */
export function judge(stretches: readonly Stretch[], from: SightState = noSight): Judged {
  let state = from;
  let begins = state.at === undefined ? 0 : state.at + 0.2;
  const verdicts: (SightVerdict & { at: Seconds })[] = [];
  const told: { why: BlindReason; from: Seconds; until?: Seconds }[] = [];
  for (const { seconds, paint, over: paintAt = () => paint, fps = 5, still, noise } of stretches) {
    let first: Reading | undefined;
    for (let n = 0; n < Math.round(seconds * fps); n++) {
      const at = Number((begins + n / fps).toFixed(3));
      first ??= readingOf(at, paintAt(at), noise);
      const reading = still ? { ...first, at } : n === 0 ? first : readingOf(at, paintAt(at), noise);
      const [next, verdict] = judgeSight(state, reading);
      const open = told.at(-1);
      if (verdict.blind !== undefined && (open === undefined || open.until !== undefined)) {
        told.push({ why: verdict.blind.why, from: at });
      } else if (verdict.blind === undefined && open !== undefined) open.until ??= at;
      verdicts.push({ ...verdict, at });
      state = next;
    }
    begins += seconds;
  }
  return { state, verdicts, told };
}
