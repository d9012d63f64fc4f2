import type { Section } from './section.ts';

/** The committed form: each row's figures by name, so that a line of a diff says what it is. */
export type Card = Record<string, Record<string, Record<string, number | null>>>;

/** Rounds to what is told: finer figures would make a diff of noise. */
export function toCard(sections: readonly Section[]): Card {
  return Object.fromEntries(
    sections.map(({ id, figures, rows }) => [
      id,
      Object.fromEntries(
        rows.map(({ name, values }) => [
          name,
          Object.fromEntries(
            figures.map((figure, i) => [figure.name, rounded(values[i] ?? null, figure.digits)]),
          ),
        ]),
      ),
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
    Object.entries(card[id] ?? {}).flatMap(([row, values]) => {
      if (rows.find(({ name }) => name === row)?.held === false) return [];
      return Object.entries(values).flatMap(([figure, was]): Drop[] => {
        const is = now[id]?.[row]?.[figure];
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

export const tellDrop = ({ section, row, figure, was, is }: Drop): string =>
  `${section} · ${row}: ${figure} fell from ${was ?? 'nothing'} to ${is ?? 'nothing'}`;

/** The card as Markdown: one table a section. */
export function toMarkdown(sections: readonly Section[]): string {
  return sections
    .map(({ title, about, figures, rows }) =>
      [
        `## ${title}`,
        '',
        about,
        '',
        `| | ${figures.map(({ name }) => name).join(' | ')} |`,
        `| --- |${' ---: |'.repeat(figures.length)}`,
        ...rows.map(
          ({ name, values }) =>
            `| ${name} | ${figures.map(({ digits }, i) => values[i]?.toFixed(digits) ?? '–').join(' | ')} |`,
        ),
        '',
      ].join('\n'),
    )
    .join('\n');
}

/** The card for a terminal: columns of one width, a blank line between sections. */
export function toText(sections: readonly Section[]): string {
  return sections
    .map(({ title, figures, rows }) => {
      const cells = [
        ['', ...figures.map(({ name }) => name)],
        ...rows.map(({ name, values }) => [
          name,
          ...figures.map(({ digits }, i) => values[i]?.toFixed(digits) ?? '–'),
        ]),
      ];
      const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
      const lines = cells.map((row) =>
        row
          .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
          .join('  ')
          .trimEnd(),
      );
      return [title, ...lines, ''].join('\n');
    })
    .join('\n');
}
