import { fitInto } from '../../src/core/detect/fit.ts';
import type { Person, PixelBox, Seconds, Size } from '../../src/core/units.ts';
import type { Frame } from '../../src/ports/camera.ts';
import type { Detector } from '../../src/ports/detector.ts';
import { createCamera } from '../cameras/open-camera.ts';
import { systemClock } from '../system-clock.ts';
import { cutOut } from './cut-out.ts';
import { defaultModel, findModel } from './models-folder.ts';
import { readGolden } from './verify-models.ts';

type Seeing = Pick<Detector, 'input' | 'fit'>;

/** The picture with people that ships, as a detector of another input would be given it, and who is in it. */
export async function shippedFrame({ input, fit }: Seeing): Promise<{
  readonly frame: Frame;
  readonly people: readonly PixelBox[];
}> {
  const model = await findModel(defaultModel);
  const golden = model.entry.golden!;
  const shipped = await readGolden(model, golden);
  const { camera } = shipped;
  const fitted = fitInto(camera, input, fit);
  const { scaleX, scaleY, padLeft, padTop } = fitted;
  // What of the camera's picture, and beyond it, the whole input shows.
  const region = {
    left: -padLeft / scaleX,
    top: -padTop / scaleY,
    right: (input.width - padLeft) / scaleX,
    bottom: (input.height - padTop) / scaleY,
  };
  const frame: Frame = { at: 0, camera, input, fit: fitted, rgb: cutOut(shipped, region, input) };
  return { frame, people: golden.people };
}

/**
 * One frame of a picture or a clip, as a detector is given it.
 *
 * @param at the first frame from then on; the first there is where the clip is shorter than that
 * @throws {LobbyError} `LOBBY_CAMERA_MISSING`, `LOBBY_CAMERA_UNREADABLE`
 */
export async function frameOf(source: string, { input, fit }: Seeing, at: Seconds = 0): Promise<Frame> {
  const camera = createCamera({ id: 'trial', source, pace: 'every-frame', clock: systemClock });
  const stream = await camera.open({ framesPerSecond: 5, input, fit }, new AbortController().signal);
  let kept: Frame | undefined;
  try {
    for await (const { closeUp: _, ...frame } of stream) {
      // The buffer is emptied when the camera is closed.
      kept = { ...frame, rgb: frame.rgb.slice() };
      if (frame.at >= at) break;
    }
  } finally {
    await stream.close();
  }
  return kept!;
}

const edge = [255, 60, 0] as const;

/** Draws a frame of two pixels around each of the people, in the picture the detector was given. */
export function drawBoxes({ input, fit, rgb }: Frame, people: readonly Person[]): Uint8Array {
  const drawn = rgb.slice();
  const dot = (x: number, y: number, { width, height }: Size): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) drawn.set(edge, (y * width + x) * 3);
  };
  for (const { box } of people) {
    const [left, right] = [box.left, box.right].map((x) => Math.round(x * fit.scaleX + fit.padLeft)) as [
      number,
      number,
    ];
    const [top, bottom] = [box.top, box.bottom].map((y) => Math.round(y * fit.scaleY + fit.padTop)) as [
      number,
      number,
    ];
    for (const thick of [0, 1]) {
      for (let x = left; x <= right; x++) {
        dot(x, top + thick, input);
        dot(x, bottom - thick, input);
      }
      for (let y = top; y <= bottom; y++) {
        dot(left + thick, y, input);
        dot(right - thick, y, input);
      }
    }
  }
  return drawn;
}
