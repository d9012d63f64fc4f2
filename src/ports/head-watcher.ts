import type { HeadTurn, PixelBox } from '../core/units.ts';
import type { Frame } from './camera.ts';

/**
 * Sees where somebody's head is turned. It is asked of the few who may be lost, never of everybody. The close-up and
 * the points found in it live within one call; a direction and how sure it is are all that comes back.
 */
export interface HeadWatcher {
  /** Model and runtime, for health: `head-movenet-192 on onnxruntime (cpu, 1 thread)`. */
  readonly name: string;
  /**
   * @param box somebody in `frame`, in pixels of the camera's own picture
   * @returns nothing where no head can be made out
   */
  watch(frame: Frame, box: PixelBox): Promise<HeadTurn | undefined>;
  close(): Promise<void>;
}
