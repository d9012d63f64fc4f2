import type { Section } from './section.ts';

/** A section as it is committed: each row's figures by name, so that a line of a diff says what it is. */
export interface CardSection extends Pick<Section, 'title' | 'about' | 'figures'> {
  readonly rows: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

/** The committed card, a section by its id. Everything that is printed of it is made from this alone. */
export type Card = Readonly<Record<string, CardSection>>;

/** Rounds to what is told: finer figures would make a diff of noise. */
export function toCard(sections: readonly Section[]): Card {
  return Object.fromEntries(
    sections.map(({ id, title, about, figures, rows }) => [
      id,
      {
        title,
        about,
        figures,
        rows: Object.fromEntries(
          rows.map(({ name, values }) => [
            name,
            Object.fromEntries(
              figures.map((figure, i) => [figure.name, rounded(values[i] ?? null, figure.digits)]),
            ),
          ]),
        ),
      },
    ]),
  );
}

const rounded = (value: number | null, digits: number): number | null =>
  value === null ? null : Number(value.toFixed(digits));

/** A figure that is worse than the committed one by more than its tolerance, or that is gone. */
export interface Drop {
  readonly section: string;
  readonly row: string;
  readonly figure: string;
  readonly was: number | null;
  readonly is: number | null;
}

/**
 * Holds new figures against the committed card.
 *
 * A section that was not measured here (its data is not beside the checkout) says nothing. A row or a figure
 * of a measured section that the card has and the measurement has not is a drop: nothing improves by being
 * left out. New rows and gains are none.
 */
export function dropsOf(card: Card, sections: readonly Section[]): readonly Drop[] {
  const now = toCard(sections);
  return sections.flatMap(({ id, figures, rows }) =>
    Object.entries(card[id]?.rows ?? {}).flatMap(([row, values]) => {
      if (rows.find(({ name }) => name === row)?.held === false) return [];
      return Object.entries(values).flatMap(([figure, was]): Drop[] => {
        const is = now[id]?.rows[row]?.[figure];
        const drop = { section: id, row, figure, was, is: is ?? null };
        if (is === undefined) return [drop];
        const { better, tolerance } = figures.find(({ name }) => name === figure)!;
        if (better === 'neither' || was === null) return [];
        if (is === null) return [drop];
        const worse = better === 'higher' ? was - is : is - was;
        return worse > tolerance + 1e-9 ? [drop] : [];
      });
    }),
  );
}

/** The card without some figures, to hold sections against that were measured without them. */
export function withoutFigures(card: Card, names: readonly string[]): Card {
  const kept = (row: Readonly<Record<string, number | null>>) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
  return Object.fromEntries(
    Object.entries(card).map(([id, { rows, ...rest }]) => [
      id,
      { ...rest, rows: Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, kept(row)])) },
    ]),
  );
}

export const tellDrop = ({ section, row, figure, was, is }: Drop): string =>
  `${section} · ${row}: ${figure} fell from ${was ?? 'nothing'} to ${is ?? 'nothing'}`;

/** As it is written to disk: a row a line, so that a diff shows the rows that changed. */
export function cardToJson(card: Card): string {
  const sections = Object.entries(card).map(([id, { rows, ...rest }]) => {
    const head = JSON.stringify(rest).slice(1, -1);
    const lines = Object.entries(rows).map(
      ([name, row]) => `  ${JSON.stringify(name)}: ${JSON.stringify(row)}`,
    );
    return `${JSON.stringify(id)}: {${head}, "rows": {\n${lines.join(',\n')}\n}}`;
  });
  return `{\n${sections.join(',\n')}\n}\n`;
}

/** The card as Markdown: a heading, a sentence and a table for each section, in the card's order. */
export function toMarkdown(card: Card): string {
  return Object.values(card)
    .map((section) => {
      const [head, ...rows] = cellsOf(section);
      const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
      return [
        `## ${section.title}`,
        '',
        section.about,
        '',
        line(head!),
        line(head!.map((_, i) => (i === 0 ? '---' : '---:'))),
        ...rows.map(line),
        '',
      ].join('\n');
    })
    .join('\n');
}

/** The card for a terminal: columns of one width, a blank line between sections. */
export function toText(card: Card): string {
  return Object.values(card)
    .map((section) => {
      const cells = cellsOf(section);
      const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
      const lines = cells.map((row) =>
        row
          .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
          .join('  ')
          .trimEnd(),
      );
      return [section.title, ...lines, ''].join('\n');
    })
    .join('\n');
}

/** The figures' names, then each row: its name and its figures as text. */
function cellsOf({ figures, rows }: CardSection): readonly (readonly string[])[] {
  return [
    ['', ...figures.map(({ name }) => name)],
    ...Object.entries(rows).map(([name, values]) => [
      name,
      ...figures.map((figure) => values[figure.name]?.toFixed(figure.digits) ?? '–'),
    ]),
  ];
}
