import type { Card, CardSection } from '../card/card.ts';

/** The rows of a section by name, in the card's order; none if it is not on the card. */
export const rowsOf = (section: CardSection | undefined): readonly string[] =>
  Object.keys(section?.rows ?? {});

/**
 * One figure of the card.
 *
 * @throws {Error} if the section has no such figure: a picture that left out what was renamed would mislead
 */
export function figureOf(section: CardSection, row: string, figure: string): number | null {
  const value = section.rows[row]?.[figure];
  if (value === undefined)
    throw new Error(`Cannot draw: "${section.title}" must hold the figure "${figure}" of "${row}"`);
  return value;
}

/**
 * The names of a section's figures that match, in its order.
 *
 * @throws {Error} if none does, for the same reason
 */
export function figuresLike(section: CardSection, pattern: RegExp): readonly string[] {
  const names = section.figures.map(({ name }) => name).filter((name) => pattern.test(name));
  if (names.length === 0)
    throw new Error(`Cannot draw: "${section.title}" must have a figure like ${pattern}`);
  return names;
}

/** A figure as the card's table tells it. */
export function toldOf(section: CardSection, row: string, figure: string): string {
  const digits = section.figures.find(({ name }) => name === figure)?.digits ?? 0;
  return told(figureOf(section, row, figure), digits);
}

/** With a true minus sign, as wide as a digit; `–` where there is nothing to measure. */
export const told = (value: number | null, digits: number): string =>
  value === null
    ? '–'
    : value
        .toFixed(digits)
        .replace('-', '−')
        .replace(/^−(0(\.0*)?)$/, '$1');

export type { Card, CardSection };
