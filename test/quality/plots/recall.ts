import { type Card, type CardSection, figureOf, figuresLike, rowsOf, told, toldOf } from './figures.ts';
import { type End, grid, key, pair, roomFor } from './marks.ts';
import { scale, ticks } from './scale.ts';
import { colour, left, right, sheet, size, topOf } from './sheet.ts';
import { type Svg, text, widthOf } from './svg.ts';

const rowHeight = 34;
const shares = { from: 0, to: 1 };

interface Line {
  readonly name: string;
  readonly people: number | null;
  readonly ends: readonly End[];
}

interface Panel {
  readonly title: string;
  readonly key: Parameters<typeof key>[1];
  readonly lines: readonly Line[];
}

/** How many of the people are found, small ones first: in the real hall and the rendered lobbies. */
export function drawRecall(card: Card): Svg | undefined {
  const panels = [pixelPanel(card), heightPanel(card['detector-heights'])]
    .flatMap((panel) => panel ?? [])
    // Heights that nobody has are left out.
    .map((panel) => ({ ...panel, lines: panel.lines.filter(({ ends }) => ends.length > 0) }))
    .filter(({ lines }) => lines.length > 0);
  if (panels.length === 0) return undefined;
  const words = {
    title: 'Who is found, by height in the picture',
    words: ['Recall: the share of the people who have a box of their own.'],
    told: panels
      .map(({ title, key, lines }) => {
        const wordsOf = (end: End) => key.find(({ shape }) => shape === end.shape)!.words;
        const rows = lines.map(
          ({ name, ends }) => `${name}: ${ends.map((end) => `${end.told} ${wordsOf(end)}`).join(', ')}`,
        );
        return `${title}. ${rows.join('. ')}`;
      })
      .join('. '),
  };
  const lines = panels.flatMap((panel) => panel.lines);
  const nameEnd = left + Math.max(...lines.map(({ name }) => widthOf(name, size.label)));
  const peopleEnd = right;
  const room = roomFor(lines.flatMap(({ ends }) => ends.map((end) => end.told)));
  const hasPeople = lines.some(({ people }) => people !== null);
  const at = scale(shares, {
    start: nameEnd + room,
    end: right - room - (hasPeople ? widthOf('people', size.tick) + 8 : 0),
  });

  let y = topOf(words) + 12;
  const marks = panels.flatMap((panel) => {
    const titleY = y;
    const top = titleY + 70;
    const bottom = top + panel.lines.length * rowHeight;
    y = bottom + 40;
    return [
      text(panel.title, { x: left, y: titleY, size: size.label, fill: colour.ink, bold: true }),
      ...key(titleY + 26, panel.key),
      ...grid(at, ticks(shares, 5), { top, bottom }, (value) => told(value, 1)),
      ...(panel.lines.some(({ people }) => people !== null)
        ? [
            text('people', {
              x: peopleEnd,
              y: top - 12,
              size: size.tick,
              fill: colour.grey,
              anchor: 'end',
              bold: true,
            }),
          ]
        : []),
      ...panel.lines.flatMap(({ name, people, ends }, i) => {
        const rowY = top + (i + 0.5) * rowHeight;
        return [
          text(name, { x: left, y: rowY, size: size.label, fill: colour.ink }),
          ...pair(at, rowY, ends),
          ...(people === null
            ? []
            : [
                text(told(people, 0), {
                  x: peopleEnd,
                  y: rowY,
                  size: size.figure,
                  fill: colour.grey,
                  anchor: 'end',
                }),
              ]),
        ];
      }),
    ];
  });
  return sheet(words, y - 22, marks);
}

/** Pixels of the camera's own picture: what a fitter can count on a still. */
function pixelPanel(card: Card): Panel | undefined {
  const sets = [
    { section: card['detector-real'], row: rowsOf(card['detector-real'])[0], words: 'airport hall, real' },
    {
      section: card['detector-rendered'],
      row: rowsOf(card['detector-rendered']).find((row) => row === 'all'),
      words: 'rendered lobbies',
    },
  ].map((set, i) => ({ ...set, shape: shapes[i]!, fill: fills[i]! }));
  const shown = sets.filter(
    (set): set is typeof set & { section: CardSection; row: string } =>
      set.section !== undefined && set.row !== undefined,
  );
  if (shown.length === 0) return undefined;
  // Heights are told at the score that keeps a track, the first and lowest one.
  const score = figuresLike(shown[0]!.section, /^recall at /)[0]!.replace('recall at ', '');
  const bands = figuresLike(shown[0]!.section, / px$/);
  return {
    title: `By pixels of the camera’s picture, boxes from a score of ${score}`,
    key: shown.map(({ shape, fill, words }) => ({ shape, fill, words })),
    lines: bands.map((name) => ({
      name,
      people: null,
      ends: shown.flatMap(({ section, row, shape, fill }) => end(section, row, name, shape, fill)),
    })),
  };
}

/** Share of the picture's height: what is left in the detector's input whatever the camera. */
function heightPanel(section: CardSection | undefined): Panel | undefined {
  if (section === undefined) return undefined;
  const scores = figuresLike(section, /^recall at /);
  return {
    title: 'By share of the picture’s height, rendered lobbies',
    key: scores.map((name, i) => ({
      shape: shapes[i % shapes.length]!,
      fill: fills[i % fills.length]!,
      words: name.replace('recall at ', 'boxes from a score of '),
    })),
    lines: rowsOf(section).map((row) => ({
      name: row.replace(' of the height', ''),
      people: figureOf(section, row, 'people'),
      ends: scores.flatMap((figure, i) =>
        end(section, row, figure, shapes[i % shapes.length]!, fills[i % fills.length]!),
      ),
    })),
  };
}

const shapes = ['dot', 'diamond'] as const;
const fills = [colour.blue, colour.amber] as const;

function end(
  section: CardSection,
  row: string,
  figure: string,
  shape: End['shape'],
  fill: string,
): readonly End[] {
  const value = figureOf(section, row, figure);
  return value === null ? [] : [{ value, told: toldOf(section, row, figure), shape, fill }];
}
