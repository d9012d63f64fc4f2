import { type Card, figureOf, rowsOf, toldOf } from './figures.ts';
import { grid, line, mark } from './marks.ts';
import { scale, ticks } from './scale.ts';
import { colour, left, right, sheet, size, topOf } from './sheet.ts';
import { element, type Svg, shorten, text, widthOf } from './svg.ts';

/**
 * When an event counts as found, in seconds from the truth, as the scorer and the events' format have it.
 * Wandering counts from the threshold on, and until 3 s after the wandering ends, whenever that is.
 */
export const windows: Readonly<Record<string, { readonly from: number; readonly to: number }>> = {
  arrived: { from: -1, to: 2 },
  departed: { from: -1, to: 4 },
  queued: { from: -2, to: 4 },
  wandering: { from: -5, to: Number.POSITIVE_INFINITY },
  contacted: { from: -2, to: 6 },
};

const median = 'delay median s';
const late = 'delay p95 s';
/** All windows that end, and a little more: what wandering adds at the far end is told in its figure. */
const seconds = { from: -6, to: 8 };
const rowHeight = 44;
const columnWidth = 74;

/** From truth to word: half of the events come before the dot, nineteen of twenty before the bar's end. */
export function drawDelays(card: Card): Svg | undefined {
  const section = card.events;
  const kinds = rowsOf(section).filter(
    (row) => row !== 'all kinds' && figureOf(section!, row, median) !== null,
  );
  if (section === undefined || kinds.length === 0) return undefined;
  const words = {
    title: 'Delays, from the moment to the event',
    words: [
      'Dot: the median. Line: up to the delay that 95 % stay below.',
      'Shaded: where an event counts as found. That of wandering is counted',
      'from its threshold, and ends 3 s after the wandering does.',
    ],
    told: kinds
      .map((kind) => {
        const window = windows[kind];
        const counted =
          window === undefined
            ? ''
            : `, counted from ${window.from} s${Number.isFinite(window.to) ? ` to ${window.to} s` : ''}`;
        return `${kind}: median ${toldOf(section, kind, median)} s, p95 ${toldOf(section, kind, late)} s${counted}`;
      })
      .join('. '),
  };
  const names = kinds.map((kind) => shorten(kind, 14));
  const start = left + Math.max(...names.map((name) => widthOf(name, size.label))) + 20;
  const at = scale(seconds, { start, end: right - 2 * columnWidth - 22 });
  const top = topOf(words) + 22;
  const bottom = top + kinds.length * rowHeight;
  const yOf = (i: number) => top + (i + 0.5) * rowHeight;
  const columns = [
    { figure: median, head: 'median' },
    { figure: late, head: 'p95' },
  ].map((one, i) => ({ ...one, end: right - (1 - i) * columnWidth }));

  const shades = kinds.flatMap((kind, i) => {
    const window = windows[kind];
    if (window === undefined) return [];
    const ends = Math.min(window.to, seconds.to);
    return [
      element('rect', {
        x: at(window.from),
        y: yOf(i) - 14,
        width: at(ends) - at(window.from),
        height: 28,
        rx: 4,
        fill: ends === window.to ? colour.paleBlue : 'url(#open)',
      }),
    ];
  });
  const rows = kinds.flatMap((kind, i) => {
    const y = yOf(i);
    const from = figureOf(section, kind, median)!;
    const to = figureOf(section, kind, late) ?? from;
    return [
      text(names[i]!, { x: left, y, size: size.label, fill: colour.ink }),
      ...whisker(inside(from), inside(to), y, to > seconds.to),
      ...columns.map(({ figure, end }) =>
        text(`${toldOf(section, kind, figure)} s`, {
          x: end,
          y,
          size: size.figure,
          fill: colour.ink,
          anchor: 'end',
          bold: figure === median,
        }),
      ),
    ];
  });
  function whisker(from: number, to: number, y: number, goesOn: boolean): readonly Svg[] {
    const tip = at(to);
    const cap = goesOn
      ? element('path', {
          d: `M${(tip - 6).toFixed(1)} ${y - 7}L${tip.toFixed(1)} ${y}L${(tip - 6).toFixed(1)} ${y + 7}`,
          fill: 'none',
          stroke: colour.blue,
          'stroke-width': 2.5,
        })
      : line({ x: tip, y: y - 7 }, { x: tip, y: y + 7 }, colour.blue, 2.5);
    return [
      line({ x: at(from), y }, { x: tip, y }, colour.blue, 2.5),
      cap,
      mark('dot', at(from), y, colour.blue),
    ];
  }
  const heads = columns.map(({ head, end }) =>
    text(head, { x: end, y: top - 12, size: size.tick, fill: colour.ink, anchor: 'end', bold: true }),
  );
  const open = element(
    'defs',
    {},
    element(
      'linearGradient',
      { id: 'open' },
      element('stop', { offset: '60%', 'stop-color': colour.paleBlue }),
      element('stop', { offset: '100%', 'stop-color': colour.paper }),
    ),
  );
  return sheet(words, bottom + 44, [
    open,
    ...shades,
    ...grid(at, ticks(seconds, 7), { top, bottom }, tellSeconds),
    line({ x: at(0), y: top }, { x: at(0), y: bottom }, colour.grey, 1.5),
    ...rows,
    text('seconds early', {
      x: at(0) - 10,
      y: bottom + 16,
      size: size.tick,
      fill: colour.grey,
      anchor: 'end',
    }),
    text('seconds late', { x: at(0) + 10, y: bottom + 16, size: size.tick, fill: colour.grey }),
    ...heads,
  ]);
}

const inside = (value: number): number => Math.min(seconds.to, Math.max(seconds.from, value));

const tellSeconds = (value: number): string =>
  value === 0 ? '0' : value > 0 ? `+${value}` : `−${Math.abs(value)}`;
