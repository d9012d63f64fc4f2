import type { Scale } from './scale.ts';
import { colour, left, size } from './sheet.ts';
import { element, type Svg, text, widthOf } from './svg.ts';

/** Filled, hollow and angular: told apart without colour. */
export type Shape = 'dot' | 'ring' | 'diamond';

const radius = 6;

export function mark(shape: Shape, x: number, y: number, fill: string): Svg {
  switch (shape) {
    case 'dot':
      return element('circle', { cx: x, cy: y, r: radius, fill });
    case 'ring':
      return element('circle', {
        cx: x,
        cy: y,
        // Round a dot in the same place it is still seen.
        r: radius + 2,
        fill: colour.paper,
        stroke: fill,
        'stroke-width': 2,
      });
    case 'diamond': {
      const reach = radius + 1;
      const points = [
        [x, y - reach],
        [x + reach, y],
        [x, y + reach],
        [x - reach, y],
      ] as const;
      return element('polygon', {
        points: points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' '),
        fill,
      });
    }
  }
}

export const line = (
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  stroke: string,
  thickness = 1,
): Svg => element('line', { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke, 'stroke-width': thickness });

/** One end of a pair. */
export interface End {
  readonly value: number;
  readonly told: string;
  readonly shape: Shape;
  readonly fill: string;
  readonly bold?: boolean;
  /** What it is drawn on; the paper unless told. */
  readonly ground?: string;
}

const labelGap = radius + 7;

/** Room that a pair's figures need on each side of its marks. */
export const roomFor = (told: readonly string[]): number =>
  labelGap + Math.max(0, ...told.map((one) => widthOf(one, size.figure, true)));

/**
 * One or two marks on a line, each with its figure on the side away from the other, so that figures of
 * near values never meet:
 *
 *     3 ●────○ 4.9
 *
 * @param ends of equal ones the first is told on the left; it is drawn on top of the second
 */
export function pair(at: Scale, y: number, ends: readonly End[]): readonly Svg[] {
  const sorted = [...ends].sort((a, b) => a.value - b.value);
  const low = sorted[0];
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) return [];
  const figure = (end: End, side: 'before' | 'after'): Svg =>
    text(end.told, {
      x: at(end.value) + (side === 'before' ? -labelGap : labelGap),
      y,
      size: size.figure,
      fill: end.fill,
      anchor: side === 'before' ? 'end' : 'start',
      halo: end.ground ?? colour.paper,
      ...(end.bold ? { bold: true } : {}),
    });
  return [
    ...(low === high ? [] : [line({ x: at(low.value), y }, { x: at(high.value), y }, colour.peer, 2)]),
    ...(low === high ? [] : [figure(low, 'before')]),
    figure(high, 'after'),
    ...[...ends].reverse().map(({ value, shape, fill }) => mark(shape, at(value), y, fill)),
  ];
}

/** Thin lines down a panel at each tick, and the ticks' figures above it. */
export function grid(
  at: Scale,
  values: readonly number[],
  { top, bottom }: { readonly top: number; readonly bottom: number },
  tellTick: (value: number) => string = String,
): readonly Svg[] {
  return values.flatMap((value) => [
    line({ x: at(value), y: top }, { x: at(value), y: bottom }, colour.grid),
    text(tellTick(value), {
      x: at(value),
      y: top - 12,
      size: size.tick,
      fill: colour.grey,
      anchor: 'middle',
    }),
  ]);
}

/** What each shape means, side by side on one line, with the shapes themselves. */
export function key(
  y: number,
  entries: readonly { readonly shape: Shape; readonly fill: string; readonly words: string }[],
  start = left,
): readonly Svg[] {
  let x = start;
  return entries.flatMap(({ shape, fill, words }) => {
    const drawn = [
      mark(shape, x + radius, y, fill),
      text(words, { x: x + 2 * radius + 8, y, size: size.words, fill }),
    ];
    x += 2 * radius + 8 + widthOf(words, size.words) + 18;
    return drawn;
  });
}
