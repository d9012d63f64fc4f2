import type { PixelBox, PixelPoint } from '../../src/core/units.ts';

/** What the labellers saw a person's body do. `inactive` stands still, `active` moves on the spot. */
const movements = ['inactive', 'active', 'walking', 'running'] as const;
export type Movement = (typeof movements)[number];

/** One person in one frame of a CAVIAR clip. */
export interface LabelledPerson {
  /** Counts within the clip; somebody who comes back has a new one. */
  readonly id: string;
  readonly box: PixelBox;
  /** Which way they look in the picture, degrees from 0 to 360. */
  readonly orientation: number;
  /** `appear` in their first frame, `disappear` in their last, else `visible`. */
  readonly appearance: string;
  readonly movement: Movement;
  /** In the three clips here: `walker`, `browser`. */
  readonly role: string;
  /** What they are about as a whole: `walking`, `browsing`, `immobile`. */
  readonly context: string;
  /** What they are about in this frame: `moving`, `browsing`, `inactive`. */
  readonly situation: string;
  /** The middle of the head and the middle between the feet, where they were labelled. */
  readonly head?: PixelPoint;
  readonly feet?: PixelPoint;
}

export interface LabelledFrame {
  readonly number: number;
  readonly people: readonly LabelledPerson[];
}

/** A hand-labelled clip of the CAVIAR project (IST 2001 37540), 384×288 at 25 frames a second. */
export interface LabelledClip {
  readonly name: string;
  readonly frames: readonly LabelledFrame[];
}

/**
 * Reads a clip's labels (CVML, as CAVIAR wrote it in 2004).
 *
 * By regular expressions and not by an XML library: a program wrote these files, they are flat, nobody sends
 * us one, and a dependency for three files that never change would outweigh these lines. What does not look
 * as expected is refused, so a file of another make is not half read. Of groups (`grouplist`: people
 * `joining`, `interacting`, `split up`) nothing is read, since who is in them is there as a person too.
 *
 * @param file its name, for messages
 * @throws {Error} naming the frame and what it lacks
 */
export function parseCaviar(text: string, file: string): LabelledClip {
  const name = text.match(/<dataset name="([^"]+)">/)?.[1];
  if (name === undefined) throw new Error(`Cannot read ${file}: it must have a dataset with a name`);
  const frames = sections(text, 'frame').map(({ attributes, body }): LabelledFrame => {
    const number = numberOf(attributes, 'number', `${file}: a frame`);
    const objects = sections(body, 'object');
    return {
      number,
      people: objects.map((one) =>
        personOf(one, `${file}: frame ${number}, object ${one.attributes.trim()}`),
      ),
    };
  });
  return { name, frames };
}

interface Element {
  readonly attributes: string;
  readonly body: string;
}

/** Elements of one name that hold something and are not nested in each other. */
function sections(text: string, name: string): readonly Element[] {
  const pattern = new RegExp(`<${name}( [^>]*[^/>])?>(.*?)</${name}>`, 'gs');
  return [...text.matchAll(pattern)].map(([, attributes = '', body = '']) => ({ attributes, body }));
}

function personOf({ attributes, body }: Element, where: string): LabelledPerson {
  const box = body.match(/<box ([^>]*)\/>/)?.[1];
  if (box === undefined) throw new Error(`Cannot read ${where}: it must have a box`);
  const [x, y] = [numberOf(box, 'xc', where), numberOf(box, 'yc', where)];
  const [width, height] = [numberOf(box, 'w', where), numberOf(box, 'h', where)];
  const movement = movements.find((one) => one === wordOf(body, 'movement', where));
  if (movement === undefined) {
    const said = wordOf(body, 'movement', where);
    throw new Error(
      `Cannot read ${where}: movement must be one of ${movements.join(', ')}, current value is ${said}`,
    );
  }
  const head = middleOf(body.match(/<head [^>]*>/g) ?? [], where);
  const feet = middleOf((sections(body, 'feet')[0]?.body ?? '').match(/<(left|right) [^>]*>/g) ?? [], where);
  return {
    id: attributes.match(/ id="([^"]+)"/)?.[1] ?? '',
    box: { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 },
    orientation: Number(wordOf(body, 'orientation', where)),
    appearance: wordOf(body, 'appearance', where),
    movement,
    role: wordOf(body, 'role', where),
    context: wordOf(body, 'context', where),
    situation: wordOf(body, 'situation', where),
    ...(head === undefined ? {} : { head }),
    ...(feet === undefined ? {} : { feet }),
  };
}

function middleOf(points: readonly string[], where: string): PixelPoint | undefined {
  if (points.length === 0) return undefined;
  const mean = (name: string) =>
    points.reduce((sum, one) => sum + numberOf(one, name, where), 0) / points.length;
  return { x: mean('xc'), y: mean('yc') };
}

function wordOf(body: string, name: string, where: string): string {
  const word = body.match(new RegExp(`<${name}[^>]*>([^<]*)</${name}>`))?.[1];
  if (word === undefined) throw new Error(`Cannot read ${where}: it must have a ${name}`);
  return word;
}

function numberOf(attributes: string, name: string, where: string): number {
  const value = Number(attributes.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? Number.NaN);
  if (!Number.isFinite(value)) throw new Error(`Cannot read ${where}: it must have a number ${name}`);
  return value;
}
