import { readFile } from 'node:fs/promises';

/** Where a careful person with a mouse would have drawn a box around somebody. */
export interface PersonBox {
  id: string;
  /** `[left, top, width, height]` in pixels: tight around what shows of them and their bags. */
  box: readonly [left: number, top: number, width: number, height: number];
  /** Share of their own pixels within the picture that nothing hides, 0.01 to 1. */
  visible: number;
}

/** What is written beside a clip as `boxes.json`: people as drawn, one moment every `BOXES_EVERY_SECONDS`. */
export interface Boxes {
  /** What the clip was made from, as `fingerprint` has it. */
  made: string;
  width: number;
  height: number;
  frames: { t: number; people: PersonBox[] }[];
}

export const BOXES_EVERY_SECONDS = 2;

/** What the drawing counted of one person. */
export interface Counted {
  id: string;
  left: number;
  top: number;
  /** Just outside. */
  right: number;
  bottom: number;
  shown: number;
  /** Pixels there would be of them if they were alone in an empty room. */
  alone: number;
}

/** Leaves out whoever nothing, or next to nothing, shows of. */
export function boxesOf(counted: readonly Counted[]): PersonBox[] {
  return counted.flatMap(({ id, left, top, right, bottom, shown, alone }) => {
    const visible = Math.round(Math.min(1, shown / alone) * 100) / 100;
    if (!shown || visible === 0) return [];
    return [{ id, box: [left, top, right - left, bottom - top] as const, visible }];
  });
}

/** @throws if the file cannot be read or is not JSON */
export async function readBoxes(path: string): Promise<Boxes> {
  return JSON.parse(await readFile(path, 'utf8')) as Boxes;
}
