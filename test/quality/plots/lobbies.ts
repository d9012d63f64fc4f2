import { type Card, type CardSection, figureOf, rowsOf, told, toldOf } from './figures.ts';
import { type End, grid, key, line, pair, roomFor } from './marks.ts';
import { roundRange, scale, ticks } from './scale.ts';
import { colour, left, right, sheet, size, topOf } from './sheet.ts';
import { element, type Svg, shorten, text, widthOf } from './svg.ts';

const rowHeight = 28;
/** The bar of queue lengths with its figure after it. */
const queueWidth = 136;
const queueFigureWidth = 56;
const within = 'within one %';

/** Where the product fails: the worst lobby first, and of those equally bad the one that noise makes worse. */
export function drawLobbies(card: Card): Svg | undefined {
  const section = card.lobbies;
  if (section === undefined) return undefined;
  const countOf = (lobby: string, figure: string): number => figureOf(section, lobby, figure) ?? 0;
  const lobbies = rowsOf(section)
    .filter((row) => row !== 'all')
    .sort(
      (a, b) =>
        countOf(b, 'errors') - countOf(a, 'errors') ||
        countOf(b, 'shaken') - countOf(a, 'shaken') ||
        (a < b ? -1 : 1),
    );
  if (lobbies.length === 0) return undefined;
  const trueEvents = lobbies.map((lobby) => eventsIn(card['events-by-lobby'], lobby));
  const words = {
    title: 'Errors, lobby by lobby',
    words: ['Missed and false events, and queue lengths that are right to one person.'],
    told: lobbies
      .map((lobby, i) => {
        const of = trueEvents[i] === null ? '' : ` of ${trueEvents[i]} events`;
        const queue = figureOf(section, lobby, within);
        const queues = queue === null ? '' : `, queue length within one ${toldOf(section, lobby, within)} %`;
        return `${lobby}: ${toldOf(section, lobby, 'errors')} errors${of}, ${toldOf(section, lobby, 'shaken')} shaken${queues}`;
      })
      .join('. '),
  };

  const names = lobbies.map((lobby) => shorten(lobby, 24));
  const eventsEnd = left + Math.max(...names.map((name) => widthOf(name, size.label))) + 66;
  const keyY = topOf(words) + 2;
  const top = keyY + 66;
  const bottom = top + lobbies.length * rowHeight;
  const yOf = (i: number) => top + (i + 0.5) * rowHeight;

  const range = roundRange(
    { from: 0, to: Math.max(...lobbies.flatMap((one) => [countOf(one, 'errors'), countOf(one, 'shaken')])) },
    4,
    1,
  );
  const room = roomFor(
    lobbies.flatMap((one) => [toldOf(section, one, 'errors'), toldOf(section, one, 'shaken')]),
  );
  const at = scale(range, { start: eventsEnd + room, end: right - queueWidth - room - 4 });
  const queueStart = right - queueWidth;
  const queueAt = scale({ from: 0, to: 100 }, { start: queueStart, end: right - queueFigureWidth });

  const rows = lobbies.flatMap((lobby, i) => {
    const y = yOf(i);
    const errors: End = {
      value: countOf(lobby, 'errors'),
      told: toldOf(section, lobby, 'errors'),
      shape: 'dot',
      fill: colour.vermilion,
      bold: true,
    };
    const shaken: End = {
      value: countOf(lobby, 'shaken'),
      told: toldOf(section, lobby, 'shaken'),
      shape: 'ring',
      fill: colour.amber,
    };
    const queue = figureOf(section, lobby, within);
    return [
      text(names[i]!, { x: left, y, size: size.label, fill: colour.ink }),
      text(told(trueEvents[i]!, 0), {
        x: eventsEnd,
        y,
        size: size.figure,
        fill: colour.grey,
        anchor: 'end',
      }),
      ...pair(at, y, [errors, shaken]),
      ...(queue === null
        ? []
        : [
            element('rect', {
              x: queueStart,
              y: y - 7,
              width: queueAt(queue) - queueStart,
              height: 14,
              fill: colour.blue,
            }),
          ]),
      text(toldOf(section, lobby, within), {
        x: right,
        y,
        size: size.figure,
        fill: queue === null ? colour.grey : colour.blue,
        anchor: 'end',
      }),
    ];
  });
  const stripes = lobbies.flatMap((_, i) =>
    i === 0
      ? []
      : [line({ x: left, y: yOf(i) - rowHeight / 2 }, { x: right, y: yOf(i) - rowHeight / 2 }, colour.grid)],
  );
  const head = (words: string, x: number, y: number, anchor: 'start' | 'end', fill: string): Svg =>
    text(words, { x, y, size: size.tick, fill, anchor, bold: true });
  return sheet(words, bottom + 18, [
    ...key(keyY, [
      { shape: 'dot', fill: colour.vermilion, words: 'errors' },
      { shape: 'ring', fill: colour.amber, words: 'mean of runs with noise on the boxes' },
    ]),
    ...stripes,
    ...grid(at, ticks(range, 4, 1), { top, bottom }),
    head('events', eventsEnd, top - 12, 'end', colour.grey),
    head('queue length', queueStart, top - 32, 'start', colour.blue),
    head('within one, %', queueStart, top - 12, 'start', colour.blue),
    ...rows,
  ]);
}

/** True events of a lobby, of all kinds; `null` if the card does not tell. */
function eventsIn(section: CardSection | undefined, lobby: string): number | null {
  if (section === undefined) return null;
  return rowsOf(section)
    .filter((row) => row.startsWith(`${lobby} · `))
    .reduce((total, row) => total + (figureOf(section, row, 'truth') ?? 0), 0);
}
