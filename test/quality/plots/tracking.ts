import { type Card, type CardSection, figureOf, figuresLike, rowsOf, toldOf } from './figures.ts';
import { type End, grid, key, line, pair, roomFor } from './marks.ts';
import { roundRange, scale, ticks } from './scale.ts';
import { colour, left, right, sheet, size, topOf } from './sheet.ts';
import { element, type Svg, shorten, text, widthOf } from './svg.ts';

const rowHeight = 27;
const headHeight = 40;
const ours = 'lobby-sense';
const ceiling = 'ceiling';

/** Our tracker among the published ones on the same boxes, best first, at each rate. */
export function drawTracking(card: Card): Svg | undefined {
  const section = card['tracker-peers'];
  const rows = rowsOf(section);
  if (section === undefined || rows.length === 0) return undefined;
  // The rate of the service is the card's last, and the one to look at first.
  const rates = figuresLike(section, /^HOTA, /)
    .map((name) => name.slice('HOTA, '.length))
    .reverse();
  const words = {
    title: 'Tracking, beside published trackers',
    words: [
      'Means over public sequences, in percent, all on the same boxes.',
      'The ceiling gives each box the identity of whom it covers.',
    ],
    told: rates
      .map((rate) => {
        const told = rows.map(
          (row) =>
            `${row}: HOTA ${toldOf(section, row, `HOTA, ${rate}`)}, IDF1 ${toldOf(section, row, `IDF1, ${rate}`)}`,
        );
        return `At ${rate}: ${told.join('. ')}`;
      })
      .join('. '),
  };
  const ends = rates.flatMap((rate) => rows.flatMap((row) => endsOf(section, row, rate)));
  if (ends.length === 0) return undefined;
  const values = ends.map(({ value }) => value);
  const range = roundRange({ from: Math.min(...values), to: Math.max(...values) }, 6, 5);
  const nameEnd = left + Math.max(...rows.map((row) => widthOf(nameOf(row), size.label, row.includes(ours))));
  const room = roomFor(ends.map(({ told }) => told));
  const at = scale(range, { start: nameEnd + room, end: right - room });
  const marksOf = (row: string, rate: string, y: number): readonly Svg[] => [
    ...(row.includes(ours) ? [band(y)] : []),
    text(nameOf(row), {
      x: left,
      y,
      size: size.label,
      fill: row.includes(ours) ? colour.blue : colour.ink,
      bold: row.includes(ours),
    }),
    ...pair(at, y, endsOf(section, row, rate)),
  ];

  const keyY = topOf(words);
  let y = keyY + 44;
  const panels = rates.flatMap((rate) => {
    const hota = (row: string) => figureOf(section, row, `HOTA, ${rate}`) ?? 0;
    const groups = groupsOf([...rows].sort((a, b) => hota(b) - hota(a)));
    const titleY = y;
    const top = titleY + 46;
    let next = top;
    const drawn = groups.flatMap(({ group, rows }, g) => {
      const head = g === 0 ? [] : headOf(group, next);
      const first = next + (g === 0 ? 0 : headHeight);
      next = first + rows.length * rowHeight;
      return [...head, ...rows.flatMap((row, i) => marksOf(row, rate, first + (i + 0.5) * rowHeight))];
    });
    y = next + 40;
    return [
      text(`At ${rate}`, { x: left, y: titleY, size: size.label, fill: colour.ink, bold: true }),
      ...grid(at, ticks(range, 6, 5), { top, bottom: next }),
      ...drawn,
    ];
  });
  return sheet(words, y - 20, [
    ...key(keyY, [
      { shape: 'dot', fill: colour.grey, words: 'HOTA' },
      { shape: 'diamond', fill: colour.grey, words: 'IDF1' },
    ]),
    ...panels,
  ]);
}

/** `with a camera model: UCMCTrack` is a row of fewer sequences, and stands with its like under the others. */
const groupOf = (row: string): string => (row.includes(': ') ? row.slice(0, row.indexOf(': ')) : '');

const nameOf = (row: string): string =>
  shorten(groupOf(row) === '' ? row : row.slice(groupOf(row).length + 2), 26);

function groupsOf(rows: readonly string[]): readonly { group: string; rows: readonly string[] }[] {
  const groups = [...new Set(rows.map(groupOf))].sort();
  return groups.map((group) => ({ group, rows: rows.filter((row) => groupOf(row) === group) }));
}

const headOf = (group: string, y: number): readonly Svg[] => [
  line({ x: left, y: y + 8 }, { x: right, y: y + 8 }, colour.edge),
  text(`${group}, on those sequences alone`, {
    x: left,
    y: y + 25,
    size: size.tick,
    fill: colour.grey,
    halo: colour.paper,
  }),
];

const band = (y: number): Svg =>
  element('rect', {
    x: left - 10,
    y: y - rowHeight / 2 + 1,
    width: right - left + 20,
    height: rowHeight - 2,
    rx: 4,
    fill: colour.palerBlue,
  });

function endsOf(section: CardSection, row: string, rate: string): readonly End[] {
  const isOurs = row.includes(ours);
  const fill = isOurs ? colour.blue : row === ceiling ? colour.ink : colour.grey;
  return (['HOTA', 'IDF1'] as const).flatMap((figure): End[] => {
    const name = `${figure}, ${rate}`;
    const value = figureOf(section, row, name);
    if (value === null) return [];
    const shape = figure === 'HOTA' ? 'dot' : 'diamond';
    const ground = isOurs ? colour.palerBlue : colour.paper;
    return [{ value, told: toldOf(section, row, name), shape, fill, bold: isOurs, ground }];
  });
}
