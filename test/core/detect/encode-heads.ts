import { cellAt, cellCount } from '../../../src/core/detect/cells.ts';
import { plusStrides } from '../../../src/core/detect/nanodet-plus.ts';
import type { PixelBox, Size } from '../../../src/core/units.ts';

/** Somebody or something to be found, as a test thinks of it. */
export interface Thing {
  readonly box: PixelBox;
  /** 0 to 1. */
  readonly score: number;
  readonly kind: number;
}

const centre = ({ left, top, right, bottom }: PixelBox) => ({
  x: (left + right) / 2,
  y: (top + bottom) / 2,
  width: right - left,
  height: bottom - top,
});

/** Undoes a sigmoid. */
export const logit = (share: number): number => Math.log(share / (1 - share));

/**
 * The tables a network would answer with if it saw these things and nothing else, written out plainly: what the decoders
 * undo.
 */
export const encode = {
  yolov8(things: readonly Thing[], { classes }: { readonly classes: number }, places = 50): Float32Array {
    const table = new Float32Array((4 + classes) * places);
    for (const [place, { box, score, kind }] of things.entries()) {
      const { x, y, width, height } = centre(box);
      for (const [row, value] of [x, y, width, height].entries()) table[row * places + place] = value;
      table[(4 + kind) * places + place] = score;
    }
    return table;
  },

  endToEnd(things: readonly Thing[], places = 50): Float32Array {
    const table = new Float32Array(places * 6);
    for (const [place, { box, score, kind }] of things.entries()) {
      table.set([box.left, box.top, box.right, box.bottom, score, kind], place * 6);
    }
    return table;
  },

  detr(things: readonly Thing[], input: Size, { classes }: { readonly classes: number }, queries = 50) {
    const scores = new Float32Array(queries * classes).fill(-20);
    const boxes = new Float32Array(queries * 4);
    for (const [query, { box, score, kind }] of things.entries()) {
      const { x, y, width, height } = centre(box);
      boxes.set([x / input.width, y / input.height, width / input.width, height / input.height], query * 4);
      scores[query * classes + kind] = logit(score);
    }
    return { scores, boxes };
  },

  ssd(things: readonly Thing[], input: Size, rows = 50) {
    const [boxes, scores, classes] = [
      new Float32Array(rows * 4),
      new Float32Array(rows),
      new Float32Array(rows),
    ];
    for (const [row, { box, score, kind }] of things.entries()) {
      const edges = [
        box.top / input.height,
        box.left / input.width,
        box.bottom / input.height,
        box.right / input.width,
      ];
      boxes.set(edges, row * 4);
      scores[row] = score;
      classes[row] = kind;
    }
    return { boxes, scores, classes, count: Float32Array.of(things.length) };
  },

  /** Each thing in a cell of its own, as near to its middle as there is one that reaches its edges within seven strides. */
  nanodetPlus(
    things: readonly Thing[],
    input: Size,
    { classes }: { readonly classes: number },
  ): Float32Array {
    const bins = 8;
    const width = classes + 4 * bins;
    const count = cellCount(input, plusStrides);
    const answers = new Float32Array(count * width);
    const taken = new Set<number>();
    for (const { box, score, kind } of things) {
      const cell = Array.from({ length: count }, (_, index) => index).find((index) => {
        const { column, row, stride } = cellAt(index, input, plusStrides);
        const sides = [
          column * stride - box.left,
          row * stride - box.top,
          box.right - column * stride,
          box.bottom - row * stride,
        ];
        return !taken.has(index) && sides.every((side) => side >= 0 && side <= 7 * stride);
      });
      if (cell === undefined) throw new Error('no cell for it');
      taken.add(cell);
      const { column, row, stride } = cellAt(cell, input, plusStrides);
      const sides = [
        column * stride - box.left,
        row * stride - box.top,
        box.right - column * stride,
        box.bottom - row * stride,
      ];
      answers[cell * width + kind] = score;
      for (const [side, distance] of sides.entries()) {
        const at = cell * width + classes + side * bins;
        const lower = Math.min(bins - 2, Math.floor(distance / stride));
        const share = distance / stride - lower;
        // All the weight on the two bins next to it, in such parts that their mean is it.
        answers.fill(-100, at, at + bins);
        answers[at + lower] = Math.log(Math.max(1 - share, 1e-30));
        answers[at + lower + 1] = Math.log(Math.max(share, 1e-30));
      }
    }
    return answers;
  },
};
