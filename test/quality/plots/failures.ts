import { type Card, figureOf, rowsOf } from './figures.ts';
import { line, mark } from './marks.ts';
import { colour, left, right, sheet, size, topOf } from './sheet.ts';
import { element, type Svg, shorten, text, widthOf } from './svg.ts';

const rowHeight = 34;
const badgeHeight = 22;

interface Cell {
  readonly missed: number;
  readonly false: number;
}

/** Which kind fails in which lobby, as far as any does. */
export function drawFailures(card: Card): Svg | undefined {
  const section = card['events-by-lobby'];
  if (section === undefined || rowsOf(section).length === 0) return undefined;
  const cells = new Map<string, Map<string, Cell>>();
  const kinds: string[] = [];
  for (const row of rowsOf(section)) {
    const split = row.lastIndexOf(' · ');
    const [lobby, kind] = [row.slice(0, split), row.slice(split + 3)];
    if (!kinds.includes(kind)) kinds.push(kind);
    const cell = {
      missed: figureOf(section, row, 'missed') ?? 0,
      false: figureOf(section, row, 'false') ?? 0,
    };
    // Where a kind neither happened nor was said there is nothing to be right about.
    const isNothing = figureOf(section, row, 'truth') === 0 && cell.false === 0;
    const before = cells.get(lobby) ?? new Map<string, Cell>();
    cells.set(lobby, isNothing ? before : before.set(kind, cell));
  }
  // The kinds in the order of the card's first table, whatever the first lobby happens to have.
  const order = rowsOf(card.events);
  kinds.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const errorsOf = (lobby: string): number =>
    [...cells.get(lobby)!.values()].reduce((total, cell) => total + cell.missed + cell.false, 0);
  const lobbies = [...cells.keys()]
    .filter((lobby) => errorsOf(lobby) > 0)
    .sort((a, b) => errorsOf(b) - errorsOf(a) || (a < b ? -1 : 1));

  // A lobby in which nothing happened, and of which nothing was said, has no row here.
  const all = Math.max(cells.size, rowsOf(card.lobbies).filter((row) => row !== 'all').length);
  const words = {
    title: 'Which events fail where',
    words: [tellClean(all - lobbies.length, lobbies.length)],
    told: lobbies
      .map((lobby) => {
        const wrong = [...cells.get(lobby)!].filter(([, cell]) => cell.missed + cell.false > 0);
        return `${lobby}: ${wrong.map(([kind, cell]) => `${kind} ${cell.missed} missed, ${cell.false} false`).join('; ')}`;
      })
      .join('. '),
  };
  if (lobbies.length === 0) return sheet({ ...words, told: words.words.join(' ') }, topOf(words), []);
  const names = lobbies.map((lobby) => shorten(lobby, 24));
  const start = left + Math.max(...names.map((name) => widthOf(name, size.label))) + 10;
  const columnWidth = (right - start) / kinds.length;
  const middleOf = (column: number) => start + (column + 0.5) * columnWidth;
  const keyY = topOf(words);
  const headY = keyY + 40;
  const top = headY + 16;
  const rows = lobbies.flatMap((lobby, i) => {
    const y = top + (i + 0.5) * rowHeight;
    return [
      line({ x: left, y: y - rowHeight / 2 }, { x: right, y: y - rowHeight / 2 }, colour.grid),
      text(names[i]!, { x: left, y, size: size.label, fill: colour.ink }),
      ...kinds.flatMap((kind, column) => {
        const cell = cells.get(lobby)!.get(kind);
        return cell === undefined ? [] : drawCell(cell, middleOf(column), y);
      }),
    ];
  });
  const heads = kinds.map((kind, column) =>
    text(shorten(kind, Math.floor(columnWidth / widthOf('n', size.tick))), {
      x: middleOf(column),
      y: headY,
      size: size.tick,
      fill: colour.ink,
      anchor: 'middle',
    }),
  );
  return sheet(words, top + lobbies.length * rowHeight + 14, [...drawKey(keyY), ...heads, ...rows]);
}

function tellClean(clean: number, failing: number): string {
  if (failing === 0) return 'No lobby has an error.';
  if (clean === 0) return 'Every lobby has an error.';
  return clean === 1
    ? 'One lobby more has no error, and is left out.'
    : `${clean} lobbies more have no error, and are left out.`;
}

const badgeWidth = (told: string): number => Math.max(badgeHeight, widthOf(told, size.figure) + 12);

/** Missed is hollow and false is filled, as in the bars of all lobbies together. */
function badge(told: string, kind: keyof Cell, x: number, y: number): readonly Svg[] {
  const width = badgeWidth(told);
  return [
    element('rect', {
      x: x + 0.75,
      y: y - badgeHeight / 2,
      width: width - 1.5,
      height: badgeHeight,
      rx: 3,
      fill: kind === 'missed' ? colour.paper : colour.vermilion,
      stroke: colour.vermilion,
      'stroke-width': 1.5,
    }),
    text(told, {
      x: x + width / 2,
      y,
      size: size.figure,
      fill: kind === 'missed' ? colour.vermilion : colour.paper,
      anchor: 'middle',
    }),
  ];
}

function drawCell(cell: Cell, middle: number, y: number): readonly Svg[] {
  const shown = (['missed', 'false'] as const).filter((kind) => cell[kind] > 0);
  if (shown.length === 0) return [mark('dot', middle, y, colour.blue)];
  const gap = 4;
  const widths = shown.map((kind) => badgeWidth(String(cell[kind])));
  const all = widths.reduce((total, width) => total + width, gap * (shown.length - 1));
  return shown.flatMap((kind, i) =>
    badge(String(cell[kind]), kind, middle - all / 2 + (i === 0 ? 0 : widths[0]! + gap), y),
  );
}

function drawKey(y: number): readonly Svg[] {
  const entries: readonly { words: string; symbol: (x: number) => readonly Svg[]; fill: string }[] = [
    { words: 'missed', symbol: (x) => badge('2', 'missed', x, y), fill: colour.vermilion },
    { words: 'said falsely', symbol: (x) => badge('2', 'false', x, y), fill: colour.vermilion },
    {
      words: 'all right',
      symbol: (x) => [mark('dot', x + badgeHeight / 2, y, colour.blue)],
      fill: colour.blue,
    },
  ];
  let x = left;
  return entries.flatMap(({ words, symbol, fill }) => {
    const drawn = [...symbol(x), text(words, { x: x + badgeHeight + 8, y, size: size.words, fill })];
    x += badgeHeight + 8 + widthOf(words, size.words) + 18;
    return drawn;
  });
}
