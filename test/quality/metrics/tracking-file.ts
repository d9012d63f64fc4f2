import type { PixelBox } from '../../../src/core/units.ts';

/** One line of a MOTChallenge file, truth or result. */
export interface MotBox {
  /** From 1. */
  readonly frame: number;
  readonly id: number;
  readonly box: PixelBox;
  /** Seventh column. In a truth 0 says: not to be counted. */
  readonly confidence: number;
  /** Eighth column. In a truth by the rules of MOT17 what it is; 1 is a pedestrian. */
  readonly category: number;
}

/**
 * Reads MOTChallenge text: `frame,id,left,top,width,height[,confidence[,category[,…]]]`, in any order of lines.
 *
 * @param file named in errors
 * @returns the lines in their order; what is left out is 1
 * @throws {RangeError} naming the line that does not fit
 */
export function readMotBoxes(text: string, file: string): readonly MotBox[] {
  return text.split('\n').flatMap((line, i): MotBox[] => {
    if (line.trim() === '') return [];
    const cells = line.split(',').map(Number);
    const [frame = 0, id, left, top, width, height, confidence = 1, category = 1] = cells;
    if (height === undefined || !cells.every(Number.isFinite) || !Number.isInteger(frame) || frame < 1) {
      throw new RangeError(
        `Cannot read ${file}:${i + 1}: a line must be frame,id,left,top,width,height and frames count from 1, current value is ${line}`,
      );
    }
    const box = { left: left!, top: top!, right: left! + width!, bottom: top! + height };
    return [{ frame, id: id!, box, confidence, category }];
  });
}
