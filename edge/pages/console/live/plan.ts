import type { FloorPersonPayload, PlanPayload } from '../../../../src/contract/live.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How metres lie on the screen: y grows downwards, as the branch drew it. */
export interface View {
  readonly width: number;
  readonly height: number;
  /** Pixels to a metre. */
  readonly scale: number;
  x(metres: number): number;
  y(metres: number): number;
}

const marginMetres = 0.6;
const leastMetres = 4;

/** The part of the floor that is drawn: all zones, and whoever stands beside them, with a margin. */
export function extentOf(
  plan: Pick<PlanPayload, 'zones'> | undefined,
  people: readonly Pick<FloorPersonPayload, 'x' | 'y'>[],
): Box {
  const points: (readonly [number, number])[] = [
    ...(plan?.zones ?? []).flatMap(({ polygon = [], line = [], inside }) => [
      ...polygon,
      ...line,
      ...(inside === undefined ? [] : [inside]),
    ]),
    ...people.map(({ x, y }) => [x, y] as const),
  ];
  if (points.length === 0) return { left: -5, top: -4, right: 5, bottom: 4 };
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const wide = (from: number, to: number): [number, number] => {
    const missing = Math.max(0, leastMetres - (to - from)) / 2;
    return [from - missing - marginMetres, to + missing + marginMetres];
  };
  const [left, right] = wide(Math.min(...xs), Math.max(...xs));
  const [top, bottom] = wide(Math.min(...ys), Math.max(...ys));
  return { left, top, right, bottom };
}

/** The extent grows with whoever steps out of it, and never shrinks: the floor must not jump. */
export function grown(before: Box | undefined, now: Box): Box {
  if (before === undefined) return now;
  const next = {
    left: Math.min(before.left, now.left),
    top: Math.min(before.top, now.top),
    right: Math.max(before.right, now.right),
    bottom: Math.max(before.bottom, now.bottom),
  };
  const isSame =
    next.left === before.left &&
    next.top === before.top &&
    next.right === before.right &&
    next.bottom === before.bottom;
  return isSame ? before : next;
}

export function viewOf({ left, top, right, bottom }: Box, width: number, height: number): View {
  const scale = Math.min(width / (right - left), height / (bottom - top));
  const dx = (width - scale * (right - left)) / 2;
  const dy = (height - scale * (bottom - top)) / 2;
  return {
    width,
    height,
    scale,
    x: (metres) => dx + (metres - left) * scale,
    y: (metres) => dy + (metres - top) * scale,
  };
}

export interface Label {
  readonly visit: string;
  readonly text: string;
  readonly box: Box;
  readonly anchor: 'start' | 'end';
}

const lineHeight = 16;
const letterWidth = 7.2;
const wideLetterWidth = 13.5;

/** How wide a text is, about: Chinese letters are as wide as they are high. */
export const widthOf = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? wideLetterWidth : letterWidth), 0);

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Places labels beside their marks so that none covers another, nor another's mark: right, left, above or below, and
 * where none of these is free the label is left out. Who is given first has the choice.
 *
 * @param most labels at once
 */
export function placeLabels(
  wanted: readonly {
    readonly visit: string;
    readonly text: string;
    readonly x: number;
    readonly y: number;
  }[],
  marks: readonly {
    readonly visit: string;
    readonly x: number;
    readonly y: number;
    readonly radius: number;
  }[],
  taken: readonly Box[],
  { width, height }: { readonly width: number; readonly height: number },
  most: number,
): readonly Label[] {
  const placed: Label[] = [];
  for (const { visit, text, x, y } of wanted) {
    if (placed.length >= most) break;
    const wide = widthOf(text);
    const boxes: readonly (readonly [Box, Label['anchor']])[] = [
      [boxAt(x + 16, y - lineHeight / 2, wide), 'start'],
      [boxAt(x - 16 - wide, y - lineHeight / 2, wide), 'end'],
      [boxAt(x - wide / 2, y - 16 - lineHeight, wide), 'start'],
      [boxAt(x - wide / 2, y + 16, wide), 'start'],
    ];
    const free = boxes.find(
      ([box]) =>
        box.left >= 0 &&
        box.top >= 0 &&
        box.right <= width &&
        box.bottom <= height &&
        !placed.some((one) => overlaps(one.box, box)) &&
        !taken.some((one) => overlaps(one, box)) &&
        !marks.some(
          (mark) =>
            mark.visit !== visit &&
            overlaps(box, {
              left: mark.x - mark.radius,
              right: mark.x + mark.radius,
              top: mark.y - mark.radius,
              bottom: mark.y + mark.radius,
            }),
        ),
    );
    if (free !== undefined) placed.push({ visit, text, box: free[0], anchor: free[1] });
  }
  return placed;
}

const boxAt = (left: number, top: number, width: number): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + lineHeight,
});
