import type { PixelBox, Size } from '../units.ts';

/**
 * How a network writes a box.
 *
 * - `order`: four edges, across first (`xyxy`) or down first (`yxyx`), or centre and size (`cxcywh`)
 * - `unit`: pixels of its input, or shares of the input's width and height
 */
export interface BoxLayout {
  readonly order: 'xyxy' | 'yxyx' | 'cxcywh';
  readonly unit: 'px' | 'share';
}

/**
 * Reads one box of a table.
 *
 * @param at where its four numbers begin
 * @param step how far one of them is from the next: 1 where a box is a row, the number of boxes where it is a column
 * @returns in pixels of the input, unclipped
 */
export function readBox(
  numbers: Float32Array,
  at: number,
  step: number,
  { order, unit }: BoxLayout,
  input: Size,
): PixelBox {
  const [across, down] = unit === 'share' ? [input.width, input.height] : [1, 1];
  const [one, two, three, four] = [
    numbers[at]!,
    numbers[at + step]!,
    numbers[at + 2 * step]!,
    numbers[at + 3 * step]!,
  ];
  switch (order) {
    case 'xyxy':
      return { left: one * across, top: two * down, right: three * across, bottom: four * down };
    case 'yxyx':
      return { left: two * across, top: one * down, right: four * across, bottom: three * down };
    case 'cxcywh':
      return {
        left: (one - three / 2) * across,
        top: (two - four / 2) * down,
        right: (one + three / 2) * across,
        bottom: (two + four / 2) * down,
      };
  }
}
