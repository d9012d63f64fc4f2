import { element, type Svg, text } from './svg.ts';

/** Every picture is this wide: on a telephone half of it is left, and the smallest words are still read. */
export const width = 720;
/** Between the sheet's edge and what is drawn. */
export const margin = 24;
export const left = margin;
export const right = width - margin;

/** Sizes of words, in pixels of a picture of `width`. */
export const size = { title: 22, words: 16, label: 16, figure: 16, tick: 15 } as const;

/**
 * Blue for what is right, vermilion for what is wrong, after Okabe and Ito's palette for every kind of sight;
 * darkened until words in them stand out from white by 4.5 to 1. Nothing is told by colour alone.
 */
export const colour = {
  paper: '#ffffff',
  edge: '#d0d7de',
  ink: '#1f2933',
  grey: '#57606a',
  grid: '#e4e8ec',
  blue: '#0068a3',
  paleBlue: '#d9e8f3',
  palerBlue: '#eaf2f8',
  vermilion: '#b84a00',
  amber: '#8a5a00',
  peer: '#8a939c',
} as const;

export interface SheetWords {
  readonly title: string;
  /** What is to be known to read it, line by line: at most 70 letters each. */
  readonly words: readonly string[];
  /** All that is drawn, told to whom a picture says nothing. */
  readonly told: string;
}

const lineHeight = 22;

/** Where marks may begin, under the title and its words. */
export const topOf = ({ words }: Pick<SheetWords, 'words'>): number => 76 + words.length * lineHeight;

/**
 * A light card of its own, which is read on a light and on a dark page alike.
 *
 * @param height of the whole picture
 */
export function sheet({ title, words, told }: SheetWords, height: number, marks: readonly Svg[]): Svg {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${Math.round(height)}`,
      width: String(width),
      height: String(Math.round(height)),
      role: 'img',
      'aria-labelledby': 'title told',
      'font-family':
        "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
      style: 'font-variant-numeric: tabular-nums',
    },
    element('title', { id: 'title' }, title),
    element('desc', { id: 'told' }, told),
    element('rect', {
      x: 0.5,
      y: 0.5,
      width: width - 1,
      height: Math.round(height) - 1,
      rx: 12,
      fill: colour.paper,
      stroke: colour.edge,
    }),
    text(title, { x: left, y: 34, size: size.title, fill: colour.ink, bold: true }),
    ...words.map((line, i) =>
      text(line, { x: left, y: 64 + i * lineHeight, size: size.words, fill: colour.grey }),
    ),
    ...marks,
  );
}
