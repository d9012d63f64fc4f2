import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../edge/package-root.ts';
import type { Person } from '../../../src/core/units.ts';
import type { Frame } from '../../../src/ports/camera.ts';
import type { Detector } from '../../../src/ports/detector.ts';
import {
  airportSection,
  detectorSections,
  heightSection,
  type JudgedSet,
  judgeScene,
  renderedSection,
} from './detector.ts';

interface DemoTruth {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly {
    readonly t: number;
    readonly people: readonly {
      readonly id: string;
      readonly px: readonly [feetX: number, feetY: number, crownX: number, crownY: number];
    }[];
  }[];
}

const demo = join(packageRoot, 'edge', 'demo');
const everySeconds = 6;

let scenes: string;
let folder: string;
let boxes: { frames: { t: number; people: { id: string; box: number[]; visible: number }[] }[] };

beforeAll(() => {
  scenes = mkdtempSync(join(tmpdir(), 'detector-card-'));
  folder = join(scenes, 'demo');
  mkdirSync(folder);
  mkdirSync(join(scenes, 'not-rendered-yet'));
  copyFileSync(join(demo, 'clip.mp4'), join(folder, 'clip.mp4'));
  const truth: DemoTruth = JSON.parse(readFileSync(join(demo, 'truth.json'), 'utf8'));
  const frames = truth.frames
    .filter(({ t }) => Math.abs(t / everySeconds - Math.round(t / everySeconds)) < 1e-6)
    .map(({ t, people }) => ({
      t,
      people: [
        ...people.map(({ id, px: [feetX, feetY, crownX, crownY] }) => {
          const tall = feetY - crownY;
          const left = (feetX + crownX) / 2 - 0.2 * tall;
          return { id, box: [left, crownY, 0.4 * tall, tall], visible: 1 };
        }),
        { id: 'behind-a-pillar', box: [10, 10, 20, 50], visible: 0.1 },
        { id: 'out-of-the-picture', box: [-100, 10, 20, 50], visible: 1 },
      ],
    }));
  boxes = { frames };
  writeFileSync(
    join(folder, 'boxes.json'),
    JSON.stringify({ width: truth.width, height: truth.height, frames }),
  );
});
afterAll(() => rmSync(scenes, { recursive: true, force: true }));

/** Sees exactly who is there by truth at the frame's moment, and notes which frames it was shown. */
function seer(shown: number[], change: (person: Person) => Person = (person) => person): Detector {
  return {
    name: 'seer',
    input: { width: 64, height: 64 },
    fit: 'letterbox',
    async detect(frame: Frame) {
      shown.push(frame.at);
      const { people } = boxes.frames.find(({ t }) => Math.abs(t - frame.at) < 0.001)!;
      return people
        .filter(({ visible, box: [left] }) => visible >= 0.3 && left! > -50)
        .map(({ box: [left, top, width, height] }) =>
          change({
            box: { left: left!, top: top!, right: left! + width!, bottom: top! + height! },
            score: 0.9,
          }),
        );
    },
    async close() {},
  };
}

const figureOf = (section: ReturnType<typeof renderedSection>, row: string, figure: string): number | null =>
  section.rows.find(({ name }) => name === row)!.values[
    section.figures.findIndex(({ name }) => name === figure)
  ]!;

describe('a clip against its boxes', () => {
  it('is looked at in the frames of its boxes and in no others, and a detector that knows the truth has 1 everywhere', async () => {
    const shown: number[] = [];
    const scene = await judgeScene(folder, seer(shown));
    expect(shown.map((at) => Math.round(at * 1000) / 1000)).toEqual(boxes.frames.map(({ t }) => t));
    const section = renderedSection([scene]);
    expect(section.rows.map(({ name }) => name)).toEqual(['all', 'demo']);
    const asked = boxes.frames.flatMap(({ people }) => people).filter(({ id }) => /^[sc]\d$/.test(id));
    expect(figureOf(section, 'all', 'people')).toBe(asked.length);
    for (const figure of ['AP50', 'AP50:95', 'recall at 0.15', 'recall at 0.5', 'precision at 0.5']) {
      expect(figureOf(section, 'all', figure), figure).toBeGreaterThan(0.99);
    }
  });

  it('scores a detector lower that draws its boxes beside people, and one that is not sure', async () => {
    const beside = await judgeScene(
      folder,
      seer([], ({ box, score }) => {
        const off = box.right - box.left;
        return { box: { ...box, left: box.left + off, right: box.right + off }, score };
      }),
    );
    expect(figureOf(renderedSection([beside]), 'all', 'AP50')).toBeLessThan(0.2);
    const unsure = await judgeScene(
      folder,
      seer([], (person) => ({ ...person, score: 0.3 })),
    );
    expect(figureOf(renderedSection([unsure]), 'all', 'recall at 0.15')).toBeGreaterThan(0.99);
    expect(figureOf(renderedSection([unsure]), 'all', 'recall at 0.5')).toBe(0);
  });

  it('is looked at in those frames too where they are not evenly spaced', async () => {
    const uneven = join(scenes, 'uneven');
    mkdirSync(uneven);
    copyFileSync(join(demo, 'clip.mp4'), join(uneven, 'clip.mp4'));
    const frames = [6, 12.1, 24].map((t) => ({ t, people: [] }));
    writeFileSync(join(uneven, 'boxes.json'), JSON.stringify({ width: 960, height: 540, frames }));
    const shown: number[] = [];
    const blind = seer([]);
    await judgeScene(uneven, {
      ...blind,
      async detect({ at }) {
        shown.push(Math.round(at * 1000) / 1000);
        return [];
      },
    });
    expect(shown).toEqual([6, 12.1, 24]);
    rmSync(uneven, { recursive: true });
  });

  it('is refused when the boxes are of moments the clip does not have', async () => {
    const other = join(scenes, 'other');
    mkdirSync(other);
    copyFileSync(join(demo, 'clip.mp4'), join(other, 'clip.mp4'));
    writeFileSync(
      join(other, 'boxes.json'),
      JSON.stringify({ width: 960, height: 540, frames: [{ t: 1000, people: [] }] }),
    );
    await expect(judgeScene(other, seer([]))).rejects.toThrow(/must have a frame at 1000 s/);
    rmSync(other, { recursive: true });
  });
});

describe('the detector that ships', () => {
  it('finds most people of the demo, and a folder without pictures has no row and no section', async () => {
    const sections = await detectorSections({ airport: join(scenes, 'nowhere'), scenes });
    expect(sections.map(({ id }) => id)).toEqual(['detector-rendered', 'detector-heights']);
    expect(sections[0]!.rows.map(({ name }) => name)).toEqual(['all', 'demo']);
    expect(figureOf(sections[0]!, 'demo', 'recall at 0.15')).toBeGreaterThan(0.6);
  });
});

describe('tables', () => {
  const person = (left: number, tall: number) => ({
    left,
    top: 100,
    right: left + 0.4 * tall,
    bottom: 100 + tall,
  });
  /** In a picture of 400 lines: one of 48 who is not found, one of 200 who is, and one of 200 who hardly shows. */
  const set: JudgedSet = {
    name: 'hall',
    size: { width: 800, height: 400 },
    pictures: [
      {
        found: [{ box: person(200, 200), score: 0.6 }],
        truth: [{ box: person(0, 48) }, { box: person(200, 200) }, { box: person(500, 200), ignore: 'one' }],
      },
    ],
  };

  it('count whom they ask for, and leave out who hardly shows', () => {
    const section = airportSection(set);
    expect(figureOf(section, 'hall', 'people')).toBe(2);
    expect(figureOf(section, 'hall', 'recall at 0.15')).toBe(0.5);
    expect(figureOf(section, 'hall', 'precision at 0.5')).toBe(1);
    expect(figureOf(section, 'hall', '<60 px')).toBe(0);
    expect(figureOf(section, 'hall', '160–250 px')).toBe(1);
    expect(figureOf(section, 'hall', '60–100 px')).toBeNull();
  });

  it('tell recall by share of the picture, each picture by its own height', () => {
    const small: JudgedSet = { ...set, size: { width: 1600, height: 1000 } };
    expect(heightSection([set]).rows.map(({ values }) => values[0])).toEqual([0, 1, 0, 0, 1]);
    expect(heightSection([small]).rows.map(({ values }) => values[0])).toEqual([1, 0, 1, 0, 0]);
    expect(heightSection([set]).rows.map(({ values }) => values[1])).toEqual([null, 0, null, null, 1]);
  });
});
