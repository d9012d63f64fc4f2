import { type Card, figureOf, rowsOf, toldOf } from './figures.ts';
import { line } from './marks.ts';
import { colour, left, right, sheet, size, topOf } from './sheet.ts';
import { element, type Svg, shorten, text, widthOf } from './svg.ts';

const rowHeight = 44;
const barHeight = 22;
const columnWidth = 70;
/** A single event among hundreds is still seen. */
const leastWidth = 4;

/** Found is filled, missed is hollow (it is what lacks), false is filled in the colour of what is wrong. */
const parts = [
  { figure: 'found', fill: colour.blue, stroke: colour.blue, words: colour.blue },
  { figure: 'missed', fill: colour.paper, stroke: colour.vermilion, words: colour.vermilion },
  { figure: 'false', fill: colour.vermilion, stroke: colour.vermilion, words: colour.vermilion },
] as const;

/**
 * A bar a kind, each as long as the others: of all there was to say, and all that was said, how much was
 * right. Lengths in events would leave the rare kinds unreadable; how many there were stands beside.
 */
export function drawEvents(card: Card): Svg | undefined {
  const section = card.events;
  const kinds = rowsOf(section).filter((row) =>
    parts.some(({ figure }) => (figureOf(section!, row, figure) ?? 0) > 0),
  );
  if (section === undefined || kinds.length === 0) return undefined;
  const words = {
    title: 'Events found, missed and said falsely',
    words: ['A whole bar is all that truly happened and all that was said besides.'],
    told: kinds
      .map(
        (kind) =>
          `${kind}: ${parts.map(({ figure }) => `${toldOf(section, kind, figure)} ${figure}`).join(', ')}, F1 ${toldOf(section, kind, 'F1 %')} %`,
      )
      .join('. '),
  };
  const columns = [...parts.map(({ figure }) => figure), 'F1 %'];
  const columnEnd = (i: number) => right - (columns.length - 1 - i) * columnWidth;
  const names = kinds.map((kind) => shorten(kind, 14));
  const start = left + Math.max(...names.map((name) => widthOf(name, size.label, true))) + 14;
  const end = columnEnd(0) - columnWidth;
  const headY = topOf(words) + 4;
  const firstY = headY + 36;
  const yOf = (i: number) => firstY + i * rowHeight + (isTotal(kinds[i]!) ? 6 : 0);

  const marks = kinds.flatMap((kind, i) => {
    const y = yOf(i);
    const bold = isTotal(kind) ? { bold: true } : {};
    return [
      ...(isTotal(kind) && i > 0
        ? [line({ x: left, y: y - rowHeight / 2 - 3 }, { x: right, y: y - rowHeight / 2 - 3 }, colour.edge)]
        : []),
      text(names[i]!, { x: left, y, size: size.label, fill: colour.ink, ...bold }),
      ...bar(
        parts.map(({ figure }) => figureOf(section, kind, figure) ?? 0),
        { start, end, y },
      ),
      ...columns.map((figure, column) => {
        const value = figureOf(section, kind, figure);
        const fill = value === 0 ? colour.grey : (parts[column]?.words ?? colour.ink);
        return text(toldOf(section, kind, figure), {
          x: columnEnd(column),
          y,
          size: size.figure,
          fill,
          anchor: 'end',
          ...bold,
        });
      }),
    ];
  });
  const heads = columns.map((figure, column) =>
    text(figure, {
      x: columnEnd(column),
      y: headY,
      size: size.tick,
      fill: parts[column]?.words ?? colour.ink,
      anchor: 'end',
      bold: true,
    }),
  );
  return sheet(words, yOf(kinds.length - 1) + rowHeight / 2 + 12, [...heads, ...marks]);
}

const isTotal = (row: string): boolean => row === 'all kinds';

function bar(
  values: readonly number[],
  { start, end, y }: { readonly start: number; readonly end: number; readonly y: number },
): readonly Svg[] {
  const gap = 2;
  const shown = values.flatMap((value, i) => (value > 0 ? [{ value, ...parts[i]! }] : []));
  const all = shown.reduce((total, { value }) => total + value, 0);
  const room = end - start - gap * (shown.length - 1);
  // What is widened to be seen is taken from the widest.
  const widths = shown.map(({ value }) => Math.max(leastWidth, (value / all) * room));
  const widest = widths.indexOf(Math.max(...widths));
  widths[widest] = widths[widest]! - (widths.reduce((total, one) => total + one, 0) - room);
  let x = start;
  return shown.map(({ fill, stroke }, i) => {
    const part = element('rect', {
      x: x + 0.75,
      y: y - barHeight / 2,
      width: widths[i]! - 1.5,
      height: barHeight,
      fill,
      stroke,
      'stroke-width': 1.5,
    });
    x += widths[i]! + gap;
    return part;
  });
}
