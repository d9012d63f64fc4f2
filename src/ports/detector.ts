import type { FitKind } from '../core/detect/fit.ts';
import type { Person, Size } from '../core/units.ts';
import type { Frame } from './camera.ts';

/**
 * Finds people in a frame. What comes back is boxes and scores: the only thing that crosses from
 * sensing to understanding.
 */
export interface Detector {
  /** Model and runtime, for health: `person-nanodet-640x384 on onnxruntime (cpu)`. */
  readonly name: string;
  readonly input: Size;
  readonly fit: FitKind;
  /**
   * @returns people in full camera frame pixels, highest score first, after suppression;
   *          scores down to the tracker's low threshold are kept
   */
  detect(frame: Frame): Promise<Person[]>;
  close(): Promise<void>;
}
