import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCamera } from '../../../edge/cameras/open-camera.ts';
import { openDetector } from '../../../edge/detectors/open-detector.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import {
  averagePrecision,
  averagePrecisionOverSteps,
  type HeightBand,
  type JudgedPicture,
  precisionAt,
  recallAt,
  recallByHeight,
  type TruePerson,
} from '../../../src/core/score/detection.ts';
import { trackDefaults } from '../../../src/core/track/track.ts';
import type { Person, PixelBox, Seconds, Size } from '../../../src/core/units.ts';
import type { Detector } from '../../../src/ports/detector.ts';
import { readBoxes } from '../../scenes/boxes.ts';
import type { Figure, Row, Section } from './section.ts';

/** A person of whom less than this share shows is neither asked for nor held against the detector. */
const leastVisible = 0.3;
/** The score from which boxes keep a track alive, and the one from which they begin one. */
const { lowScore, birthScore } = trackDefaults;

/**
 * Heights in pixels of the camera's picture. A lobby camera of 1080 lines at 3 m shows somebody 10 m away
 * some 200 pixels tall; the rendered ones, of 432 to 540 lines, some 80.
 */
const pixelBands: readonly (HeightBand & { readonly name: string })[] = [
  { name: '<60 px', from: 0, to: 60 },
  { name: '60–100 px', from: 60, to: 100 },
  { name: '100–160 px', from: 100, to: 160 },
  { name: '160–250 px', from: 160, to: 250 },
  { name: '≥250 px', from: 250, to: Number.POSITIVE_INFINITY },
];

/** Shares of the picture's height: what is left of a person in the detector's input whatever the camera's size. */
const shareBands: readonly (HeightBand & { readonly name: string })[] = [
  { name: 'below 10 % of the height', from: 0, to: 0.1 },
  { name: '10–15 %', from: 0.1, to: 0.15 },
  { name: '15–25 %', from: 0.15, to: 0.25 },
  { name: '25–40 %', from: 0.25, to: 0.4 },
  { name: '40 % and more', from: 0.4, to: Number.POSITIVE_INFINITY },
];

/** Pictures of one camera, and what its detector and its truth say of each. */
export interface JudgedSet {
  readonly name: string;
  readonly size: Size;
  readonly pictures: readonly JudgedPicture[];
}

/** Where truth lies; a folder that is not given, or not there, has no section. */
export interface DetectorData {
  /** Holds `annotations.json`, COCO's format, and `images/`. */
  readonly airport?: string;
  /** Holds a folder a scene, each with its clips and their boxes: `clip.mp4` and `boxes.json`. */
  readonly scenes?: string;
}

/**
 * Measures the detector that ships on pictures whose people are known. Pixels go the way they go in the
 * service: decoded and fitted by the same camera, found by the same model at the same threshold.
 *
 * A clip is decoded whole and looked at in the frames alone that `boxes.json` names.
 */
export async function detectorSections({
  airport: photographs,
  scenes: clips,
}: DetectorData): Promise<readonly Section[]> {
  const detector = await openDetector({ threads: 2 });
  try {
    const airport =
      photographs !== undefined && existsSync(photographs)
        ? await judgeAirport(photographs, detector)
        : undefined;
    const scenes: JudgedSet[] = [];
    for (const { folder, of } of await clipsIn(clips)) scenes.push(await judgeScene(folder, detector, of));
    return [
      ...(airport === undefined ? [] : [airportSection(airport)]),
      ...(scenes.length === 0 ? [] : [renderedSection(scenes), heightSection(scenes)]),
    ];
  } finally {
    await detector.close();
  }
}

/** A clip in a scene's folder; `of` is the end of its name where the scene has several cameras: `-hall`. */
interface KnownClip {
  readonly folder: string;
  readonly of: string;
}

/** The clips of scenes that have their boxes beside them, in order of name. */
async function clipsIn(scenes: string | undefined): Promise<readonly KnownClip[]> {
  if (scenes === undefined || !existsSync(scenes)) return [];
  const clips: KnownClip[] = [];
  const names = await readdir(scenes, { withFileTypes: true });
  const folders = names.filter((one) => one.isDirectory()).map(({ name }) => join(scenes, name));
  for (const folder of folders.sort()) {
    for (const file of (await readdir(folder)).sort()) {
      const of = /^clip(.*)\.mp4$/.exec(file)?.[1];
      if (of !== undefined && existsSync(join(folder, `boxes${of}.json`))) clips.push({ folder, of });
    }
  }
  return clips;
}

interface CocoFile {
  readonly images: readonly {
    readonly id: number;
    readonly file_name: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly category_id: number;
    readonly bbox: Corner;
    readonly iscrowd: 0 | 1;
  }[];
}

/** Left, top, width, height. */
type Corner = readonly [left: number, top: number, width: number, height: number];

const personCategory = 2;

async function judgeAirport(folder: string, detector: Detector): Promise<JudgedSet> {
  const { images, annotations }: CocoFile = JSON.parse(
    await readFile(join(folder, 'annotations.json'), 'utf8'),
  );
  const pictures: JudgedPicture[] = [];
  for (const { id, file_name } of images) {
    const [found] = await findAt(join(folder, 'images', file_name), [0], detector);
    const truth = annotations
      .filter((one) => one.image_id === id && one.category_id === personCategory)
      .map(
        ({ bbox, iscrowd }): TruePerson => ({ box: toBox(bbox), ...(iscrowd ? { ignore: 'crowd' } : {}) }),
      );
    pictures.push({ found: found!, truth });
  }
  const { width, height } = images[0]!;
  return { name: 'airport hall', size: { width, height }, pictures };
}

/** Holds one scene's clip against its boxes: `clip.mp4` and `boxes.json`, with `of` before the dot. */
export async function judgeScene(folder: string, detector: Detector, of = ''): Promise<JudgedSet> {
  const boxes = await readBoxes(join(folder, `boxes${of}.json`));
  const { width, height, frames } = boxes;
  const times = frames.map(({ t }) => t);
  const found = await findAt(join(folder, `clip${of}.mp4`), times, detector);
  const pictures = frames.map(({ people }, i): JudgedPicture => {
    const truth = people.flatMap(({ box, visible }): TruePerson[] => {
      const inside = clip(toBox(box), boxes);
      if (inside.right <= inside.left || inside.bottom <= inside.top) return [];
      return [{ box: inside, ...(visible < leastVisible ? { ignore: 'one' } : {}) }];
    });
    return { found: found[i]!, truth };
  });
  return { name: `${folder.split(/[\\/]/).at(-1)!}${of}`, size: { width, height }, pictures };
}

const toBox = ([left, top, width, height]: Corner): PixelBox => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

const clip = (box: PixelBox, { width, height }: Size): PixelBox => ({
  left: Math.max(0, box.left),
  top: Math.max(0, box.top),
  right: Math.min(width, box.right),
  bottom: Math.min(height, box.bottom),
});

/** Stamps are rounded to the container's clock; two frames of a camera are farther apart than this. */
const sameMoment: Seconds = 0.015;

/**
 * Finds the people in the frames of these moments.
 *
 * @param times growing, in seconds from the first frame
 * @returns one a moment
 * @throws {Error} if the source has no frame at one of them: truth and clip are not of one scene
 */
async function findAt(
  source: string,
  times: readonly Seconds[],
  detector: Detector,
): Promise<readonly (readonly Person[])[]> {
  const camera = createCamera({ id: 'card', source, pace: 'every-frame', clock: systemClock });
  const stream = await camera.open(
    { framesPerSecond: rateFor(times), input: detector.input, fit: detector.fit },
    new AbortController().signal,
  );
  const found = new Map<Seconds, readonly Person[]>();
  for await (const frame of stream) {
    const moment = times.find((t) => Math.abs(t - frame.at) < sameMoment);
    if (moment !== undefined) found.set(moment, await detector.detect(frame));
  }
  return times.map((t) => {
    const people = found.get(t);
    if (people === undefined) throw new Error(`Cannot judge ${source}: it must have a frame at ${t} s`);
    return people;
  });
}

/** How many frames a second are worth scaling: those at the moments alone where they are evenly spaced. */
function rateFor(times: readonly Seconds[]): number {
  const every = Math.min(...times.slice(1).map((t, i) => t - times[i]!));
  const isEven = times.every((t) => Math.abs(t / every - Math.round(t / every)) * every < 0.001);
  return Number.isFinite(every) && isEven ? 1 / every : 30;
}

const people: Figure = { name: 'people', digits: 0, better: 'neither', tolerance: 0 };
/**
 * A processor with other vector units rounds otherwise in the last digit, which tips a box over a threshold
 * now and then; a change that matters moves a figure by more than this.
 */
const share = (name: string, tolerance: number): Figure => ({ name, digits: 3, better: 'higher', tolerance });

const figures: readonly Figure[] = [
  people,
  share('AP50', 0.01),
  share('AP50:95', 0.01),
  share(`recall at ${lowScore}`, 0.01),
  share(`recall at ${birthScore}`, 0.01),
  share(`precision at ${birthScore}`, 0.01),
  ...pixelBands.map(({ name }) => share(name, 0.03)),
];

const peopleIn = (pictures: readonly JudgedPicture[]): number =>
  pictures.reduce((sum, { truth }) => sum + truth.filter(({ ignore }) => ignore === undefined).length, 0);

function rowOf(name: string, pictures: readonly JudgedPicture[]): Row {
  return {
    name,
    values: [
      peopleIn(pictures),
      averagePrecision(pictures, 0.5),
      averagePrecisionOverSteps(pictures),
      recallAt(pictures, { score: lowScore }),
      recallAt(pictures, { score: birthScore }),
      precisionAt(pictures, { score: birthScore }),
      ...recallByHeight(pictures, pixelBands, { score: lowScore }).map(({ recall }) => recall),
    ],
  };
}

const words =
  `AP as COCO defines it. A box is right if it overlaps somebody by half. At ${lowScore} and above a box ` +
  `keeps a track alive, at ${birthScore} it begins one. The pixel columns are recall at ${lowScore} by how tall ` +
  'people are in the full picture.';

/** The section of real pictures. */
export function airportSection(airport: JudgedSet): Section {
  return {
    id: 'detector-real',
    title: 'Detector, real pictures',
    about:
      `Ten pictures of an airport hall, ${airport.size.width}×${airport.size.height}, ${peopleIn(airport.pictures)} people; ` +
      `one far person in the first is not labelled, and counts as a false box. ${words}`,
    figures,
    rows: [rowOf(airport.name, airport.pictures)],
  };
}

/** The section of rendered clips: all together, then one by one. */
export function renderedSection(scenes: readonly JudgedSet[]): Section {
  return {
    id: 'detector-rendered',
    title: 'Detector, rendered lobbies',
    about:
      'The frames of the rendered clips whose boxes are known. Of whom less than ' +
      `${100 * leastVisible} % shows is neither asked for nor counted as false. ${words}`,
    figures,
    rows: [
      rowOf(
        'all',
        scenes.flatMap(({ pictures }) => pictures),
      ),
      ...scenes.map(({ name, pictures }) => rowOf(name, pictures)),
    ],
  };
}

/** The section of recall by how much of the picture's height a person takes. */
export function heightSection(scenes: readonly JudgedSet[]): Section {
  const relative = scenes.flatMap(({ size, pictures }) =>
    pictures.map((picture) => inHeights(picture, size)),
  );
  const atLow = recallByHeight(relative, shareBands, { score: lowScore });
  const atBirth = recallByHeight(relative, shareBands, { score: birthScore });
  return {
    id: 'detector-heights',
    title: 'Detector, by height in the picture',
    about:
      'The people of the rendered clips by how much of the picture’s height they take, which is what is left of ' +
      'them in the detector’s input whatever the camera’s size: there, 10 % of a wide picture are 36 pixels.',
    figures: [people, share(`recall at ${lowScore}`, 0.03), share(`recall at ${birthScore}`, 0.03)],
    rows: shareBands.map(({ name }, i) => ({
      name,
      values: [atLow[i]!.people, atLow[i]!.recall, atBirth[i]!.recall],
    })),
  };
}

/** A picture with the picture's height as its unit. */
function inHeights(picture: JudgedPicture, { height }: Size): JudgedPicture {
  const scaled = <One extends { readonly box: PixelBox }>(one: One): One => ({
    ...one,
    box: {
      left: one.box.left / height,
      top: one.box.top / height,
      right: one.box.right / height,
      bottom: one.box.bottom / height,
    },
  });
  return { found: picture.found.map(scaled), truth: picture.truth.map(scaled) };
}
