import type { PagePerson } from '../../../src/contract/browser-camera.ts';
import { judgeSight, noSight, type SightVerdict } from '../../../src/core/sight/judge-sight.ts';
import { readPicture } from '../../../src/core/sight/read-picture.ts';
import type { Size } from '../../../src/core/units.ts';
import { TakingMarks } from '../../cameras/capture-time.ts';
import { peopleOf } from './body.ts';
import type { Finder } from './finder.ts';

/** What one look at the picture gave. */
export interface Look {
  /** When it was taken, by the page's count in milliseconds. */
  readonly takenMs: number;
  readonly picture: Size;
  readonly people: readonly PagePerson[];
  readonly sight: SightVerdict;
  /** Brightness, 0 to 255. */
  readonly mean: number;
}

/** Pictures are looked at no larger than this, as those of other cameras are; the model itself takes 224 × 224. */
const most: Size = { width: 640, height: 384 };

export interface Looking {
  framesPerSecond: number;
  /** Forgets what stood where, for a tablet that was aimed anew. */
  forget(): void;
  stop(): void;
}

/**
 * Looks at a video again and again, at a pace. Pictures are drawn on one canvas and read from it, and are in no message
 * and no storage.
 *
 * @param tell gets each look, in order of time
 */
export function startLooking(video: HTMLVideoElement, finder: Finder, tell: (look: Look) => void): Looking {
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true })!;
  let marks = new TakingMarks(5);
  let framesPerSecond = 5;
  let sight = noSight;
  let rgb = new Uint8Array(0);
  let isOver = false;
  let lastMs = 0;

  function look(takenMs: number): void {
    const picture = { width: video.videoWidth, height: video.videoHeight };
    if (picture.width === 0 || !marks.takes(takenMs / 1_000)) return;
    // The model wants times that grow.
    if (takenMs <= lastMs) return;
    lastMs = takenMs;
    const scale = Math.min(1, most.width / picture.width, most.height / picture.height);
    const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      rgb = new Uint8Array(width * height * 3);
    }
    drawing.drawImage(video, 0, 0, width, height);
    withoutAlpha(drawing.getImageData(0, 0, width, height).data, rgb);
    const fit = { scaleX: width / picture.width, scaleY: height / picture.height, padLeft: 0, padTop: 0 };
    const reading = readPicture(takenMs / 1_000, rgb, { width, height }, picture, fit);
    const [after, verdict] = judgeSight(sight, reading);
    sight = after;
    const isWorth = verdict.trusted || verdict.why === 'too-slow';
    const bodies = isWorth ? finder.find(canvas, takenMs) : [];
    tell({ takenMs, picture, people: peopleOf(bodies, picture), sight: verdict, mean: reading.mean });
  }

  function waitForFrame(): void {
    if (isOver) return;
    video.requestVideoFrameCallback((now, { captureTime }) => {
      // Where the browser does not say when it was taken, it was just now.
      const takenMs = captureTime !== undefined && captureTime <= now ? captureTime : now;
      try {
        if (!isOver) look(takenMs);
      } finally {
        waitForFrame();
      }
    });
  }
  waitForFrame();

  return {
    get framesPerSecond() {
      return framesPerSecond;
    },
    set framesPerSecond(next) {
      if (next === framesPerSecond) return;
      framesPerSecond = next;
      marks = new TakingMarks(next);
    },
    forget() {
      sight = noSight;
    },
    stop() {
      isOver = true;
    },
  };
}

function withoutAlpha(rgba: Uint8ClampedArray, rgb: Uint8Array): void {
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
}
