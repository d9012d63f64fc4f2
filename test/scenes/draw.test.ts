import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Boxes, boxesOf, type Counted, readBoxes } from './boxes.ts';
import { type Drawing, openDrawing } from './draw.ts';
import { film, fingerprint } from './film.ts';
import type { Looks, Moment, Scene } from './scene.ts';
import { momentsOf, simulate } from './simulate.ts';
import { truthOf } from './truth.ts';

const looks: Looks = {
  heightMetres: 1.7,
  girth: 1,
  skin: '#d9a98a',
  hair: { style: 'short', colour: '#4a4038' },
  top: { kind: 'shirt', colour: '#c02020' },
  legs: { kind: 'trousers', colour: '#202060' },
  shoes: '#2a211c',
};
const standing = (id: string, x: number, y: number, over: Partial<Looks> = {}): Scene['people'][number] => ({
  id,
  role: 'customer',
  looks: { ...looks, ...over },
  at: 0,
  from: [x, y],
  acts: [{ act: 'stand', seconds: 9, face: [x, 9] }],
});

/** A bare room seen along -y, small pictures: one in the open, one half behind a pillar, one wholly. */
const scene: Scene = {
  name: 'tiny',
  seed: 5,
  seconds: 0.4,
  camera: {
    id: 'hall',
    at: [0, 4],
    heightMetres: 2.4,
    lookAt: [0, -1],
    verticalDegrees: 55,
    distortion: -0.03,
    noise: 2,
    widthPx: 320,
    heightPx: 180,
    fps: 5,
  },
  room: [-4, -4, 4, 4],
  wallHeight: 3,
  entrance: {
    id: 'main-door',
    line: [
      [-3.6, 0],
      [-3.6, 2],
    ],
    inside: [-2, 1],
  },
  zones: [],
  queues: [],
  doors: [],
  furniture: [
    { kind: 'pillar', at: [0.95, 0], radiusMetres: 0.2 },
    { kind: 'pillar', at: [-1.4, 0.6], radiusMetres: 0.45 },
  ],
  light: { level: 1 },
  people: [
    standing('open', 0, 0),
    standing('half', 1.45, -0.9),
    standing('hidden', -2.1, -1),
    standing('pram', 2.0, 0.4, { pushes: { kind: 'pram', colour: '#35506e' } }),
    standing('outside', 0, 6),
  ],
  thresholds: {},
};
/** Everybody faces the camera. */
const moments = momentsOf(simulate(scene), scene).map((moment) => ({
  ...moment,
  people: moment.people.map((figure) => ({ ...figure, heading: Math.PI / 2 })),
}));

describe('a drawing', () => {
  let drawing: Drawing;
  let picture: Buffer;
  let counted: Counted[];
  const of = (id: string): Counted => counted.find((one) => one.id === id)!;

  beforeAll(async () => {
    drawing = await openDrawing(scene);
    picture = await drawing.draw(moments[0]!);
    counted = await drawing.count(moments[0]!);
  });
  afterAll(() => drawing.close());

  it('has grain that differs from frame to frame and is as strong as the camera says', async () => {
    const empty = (moment: Moment): Moment => ({ ...moment, people: [] });
    const [first, second] = [await drawing.draw(empty(moments[0]!)), await drawing.draw(empty(moments[1]!))];
    let squares = 0;
    for (let n = 0; n < first.length; n++) squares += (first[n]! - second[n]!) ** 2;
    // Of a difference of two, each of which is 2: √2 times that, and a little for rounding.
    expect(Math.sqrt(squares / first.length)).toBeGreaterThan(2.4);
    expect(Math.sqrt(squares / first.length)).toBeLessThan(3.2);
  });

  it('shows people where truth says they are, feet and crown, through the lens', () => {
    const { px } = truthOf(scene).frames[0]!.people.find(({ id }) => id === 'open')!;
    const { left, top, right, bottom } = of('open');
    expect(Math.abs((left + right) / 2 - px[0]!)).toBeLessThan(2);
    // The toes are a little nearer to the camera than the middle of the feet.
    expect(bottom - px[1]!).toBeGreaterThanOrEqual(0);
    expect(bottom - px[1]!).toBeLessThan(5);
    expect(Math.abs(top - px[3]!)).toBeLessThan(3);
  });

  it('paints whoever it counts, and nobody elsewhere', () => {
    const { left, right, top, bottom } = of('open');
    const [x, y] = [Math.round((left + right) / 2), Math.round(top + 0.35 * (bottom - top))];
    const [red, green] = [picture[3 * (y * 320 + x)]!, picture[3 * (y * 320 + x) + 1]!];
    expect(red - green).toBeGreaterThan(60);
    const beside = 3 * (y * 320 + right + 10);
    expect(picture[beside]! - picture[beside + 1]!).toBeLessThan(40);
  });

  it('knows how much of whom a pillar hides', () => {
    const [open, half] = [of('open'), of('half')];
    expect(open.shown).toBe(open.alone);
    expect(half.shown / half.alone).toBeGreaterThan(0.15);
    expect(half.shown / half.alone).toBeLessThan(0.85);
    expect(half.right - half.left).toBeLessThan(open.right - open.left);
    expect(of('hidden').shown).toBe(0);
    expect(of('outside').alone).toBe(0);
  });

  it('leaves a pram out of the box of who pushes it, though it hides their legs', () => {
    const pram = of('pram');
    expect(pram.shown).toBeLessThan(pram.alone * 0.95);
    const feet = truthOf(scene).frames[0]!.people.find(({ id }) => id === 'pram')!.px[1]!;
    expect(pram.bottom).toBeLessThanOrEqual(feet + 5);
  });
});

describe('boxes', () => {
  const shape: Counted = { id: 'c1', left: 10, top: 20, right: 40, bottom: 100, shown: 900, alone: 1000 };

  it('are left, top, width and height, with the share that nothing hides', () => {
    expect(boxesOf([shape])).toEqual([{ id: 'c1', box: [10, 20, 30, 80], visible: 0.9 }]);
  });

  it('leave out whom nobody could see', () => {
    expect(boxesOf([{ ...shape, shown: 0 }])).toEqual([]);
    expect(boxesOf([{ ...shape, shown: 0, alone: 0 }])).toEqual([]);
    expect(boxesOf([{ ...shape, shown: 4 }])).toEqual([]);
  });
});

describe('film', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'film-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('draws and encodes the same bytes again, and boxes that say what they were made from', async () => {
    const small = { ...scene, camera: { ...scene.camera, widthPx: 160, heightPx: 90 } };
    await Promise.all(['one', 'two'].map((name) => film(small, join(folder, name))));
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => readFile(join(folder, name, 'clip.mp4'))),
    );
    expect(one!.equals(two!)).toBe(true);
    const boxes: Boxes = await readBoxes(join(folder, 'one', 'boxes.json'));
    expect(boxes.made).toBe(fingerprint(small));
    expect(boxes.frames.map(({ t }) => t)).toEqual([0]);
    expect(boxes.frames[0]!.people.map(({ id }) => id)).toEqual(['open', 'half', 'pram']);
  }, 60_000);

  it('knows a scene that has changed, be it in nothing but somebody’s hair', () => {
    const bald = { ...looks, hair: { style: 'bald', colour: '#4a4038' } } as const;
    const people = scene.people.map((person) => ({ ...person, looks: bald }));
    expect(fingerprint({ ...scene, people })).not.toBe(fingerprint(scene));
    expect(fingerprint(scene, 20)).not.toBe(fingerprint(scene));
    expect(fingerprint({ ...scene })).toBe(fingerprint(scene));
  });
});
