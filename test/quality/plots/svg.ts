/**
 * Pictures as plain data: built from elements, walked by tests, written as text at the end. Coordinates are
 * absolute, in pixels from the top left; nothing is transformed, so that a test can say where a mark is.
 */
export interface Svg {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Svg | string)[];
}

/** @param attributes numbers are rounded to a tenth of a pixel, which keeps a diff free of noise; `undefined` is left out */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly (Svg | string)[]
): Svg {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, typeof value === 'number' ? tenth(value) : value] as const],
  );
  return { name, attributes: Object.fromEntries(given), children };
}

function tenth(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`Cannot draw: a number must be finite, it is ${value}`);
  // `+ 0` turns -0 into 0.
  return String(Math.round(value * 10) / 10 + 0);
}

export interface Words {
  readonly x: number;
  /** The middle of the small letters: words and marks of one row share their `y`. */
  readonly y: number;
  readonly size: number;
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** The colour behind, drawn round the letters: it keeps grid lines from running through them. */
  readonly halo?: string;
}

/** From the middle of a line of words to its baseline, in ems: half of what a capital is tall. */
const baseline = 0.35;

export function text(words: string, { x, y, size, fill, anchor = 'start', bold, halo }: Words): Svg {
  return element(
    'text',
    {
      x,
      y: y + baseline * size,
      'font-size': size,
      fill,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      'font-weight': bold ? 600 : undefined,
      ...(halo !== undefined
        ? { stroke: halo, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
        : {}),
    },
    words,
  );
}

/**
 * The room to keep for words, in pixels. Nothing here can measure type, and readers' systems bring their own.
 * DejaVu Sans, the widest of them, takes six tenths of its size for a letter of ordinary words, and a tenth
 * more when bold.
 */
export const widthOf = (words: string, size: number, bold = false): number =>
  (bold ? 0.66 : 0.6) * size * [...words].length;

/** Ends words that are too long with `…`. */
export function shorten(words: string, most: number): string {
  const letters = [...words];
  return letters.length <= most ? words : `${letters.slice(0, most - 1).join('')}…`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export const escaped = (words: string): string => words.replace(/[&<>"']/g, (letter) => escapes[letter]!);

/** One element a line, so that a diff shows the marks that moved. */
export function write(svg: Svg, indent = ''): string {
  const attributes = Object.entries(svg.attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const open = `${indent}<${svg.name}${attributes.join('')}`;
  if (svg.children.length === 0) return `${open}/>\n`;
  // White space around words would be drawn.
  if (svg.children.some((child) => typeof child === 'string')) {
    const inside = svg.children.map((child) =>
      typeof child === 'string' ? escaped(child) : write(child).trim(),
    );
    return `${open}>${inside.join('')}</${svg.name}>\n`;
  }
  const inside = svg.children.map((child) => write(child as Svg, `${indent} `));
  return `${open}>\n${inside.join('')}${indent}</${svg.name}>\n`;
}
