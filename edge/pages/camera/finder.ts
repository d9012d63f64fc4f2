import { FilesetResolver, PoseLandmarker } from '@mediapipe/tasks-vision';
import type { Landmark } from './body.ts';

/** Finds the bodies in a picture. */
export interface Finder {
  /** What it runs on. */
  readonly on: 'GPU' | 'CPU';
  /** @param takenMs grows from call to call */
  find(picture: HTMLCanvasElement, takenMs: number): readonly (readonly Landmark[])[];
  close(): void;
}

/** Near people are few; each costs the model another pass. */
const mostBodies = 4;
/** The box has its own mind of who is believed: what is faint is told, with its score. */
const leastConfidence = 0.4;

/**
 * Opens the pose landmarker, from the box alone.
 *
 * @throws whatever keeps this browser from running it
 */
export async function openFinder(model: Uint8Array, wanted: 'GPU' | 'CPU'): Promise<Finder> {
  const files = await FilesetResolver.forVisionTasks('/camera/runtime');
  const open = (on: 'GPU' | 'CPU') =>
    PoseLandmarker.createFromOptions(files, {
      baseOptions: { modelAssetBuffer: model, delegate: on },
      runningMode: 'VIDEO',
      numPoses: mostBodies,
      minPoseDetectionConfidence: leastConfidence,
      minPosePresenceConfidence: leastConfidence,
      minTrackingConfidence: leastConfidence,
    });
  let on = wanted;
  let landmarker: PoseLandmarker;
  try {
    landmarker = await open(on);
  } catch (error) {
    if (on === 'CPU') throw error;
    on = 'CPU';
    landmarker = await open(on);
  }
  return {
    on,
    find: (picture, takenMs) => landmarker.detectForVideo(picture, takenMs).landmarks,
    close: () => landmarker.close(),
  };
}

/** A graphics card that is only played by the processor is slower than the processor itself. */
export function fitDelegate(): 'GPU' | 'CPU' {
  const graphics = document.createElement('canvas').getContext('webgl2');
  if (graphics === null) return 'CPU';
  const named = graphics.getExtension('WEBGL_debug_renderer_info');
  const name = String(graphics.getParameter(named?.UNMASKED_RENDERER_WEBGL ?? graphics.RENDERER));
  graphics.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name) ? 'CPU' : 'GPU';
}
