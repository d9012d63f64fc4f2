import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../edge/package-root.ts';
import { parseBranch } from '../../../src/contract/branch.ts';
import type { PixelBox } from '../../../src/core/units.ts';
import type { LabelledClip, LabelledPerson, Movement } from '../caviar.ts';
import { type CaviarRun, caviarSections, figuresOf, runCaviar } from './caviar.ts';

/** A hall of 10 m by 6 m at 50 pixels a metre; its door is the left wall. */
const hall = parseBranch(
  `branch: hall
thresholds: { wandering: { afterSeconds: 10 } }
cameras:
  - id: hall
    source: boxes
    floor:
      - { pixel: [50, 100], metres: [0, 0] }
      - { pixel: [550, 100], metres: [10, 0] }
      - { pixel: [550, 400], metres: [10, 6] }
      - { pixel: [50, 400], metres: [0, 6] }
      - { pixel: [300, 250], metres: [5, 3] }
zones:
  - { id: door, kind: entrance, line: [[0.5, 1], [0.5, 5]], inside: [5, 3] }
`,
  'the hall',
);
const mounting = { branch: hall, frame: { width: 600, height: 450 }, boxOf: (box: PixelBox) => box };

interface Moment {
  readonly x: number;
  readonly y: number;
  readonly movement?: Movement;
  readonly context?: string;
}

/** Labels of people who are where a function of seconds says, or nowhere. */
function clipOf(seconds: number, people: Record<string, (t: number) => Moment | undefined>): LabelledClip {
  const frames = Array.from({ length: seconds * 25 }, (_, number) => ({
    number,
    people: Object.entries(people).flatMap(([id, where]): LabelledPerson[] => {
      const moment = where(number / 25);
      if (moment === undefined) return [];
      const { x, y, movement = 'walking', context = 'walking' } = moment;
      const [feetX, feetY] = [50 + 50 * x, 100 + 50 * y];
      const box = { left: feetX - 17, top: feetY - 85, right: feetX + 17, bottom: feetY };
      return [
        {
          id,
          box,
          orientation: 0,
          appearance: 'visible',
          movement,
          role: 'walker',
          context,
          situation: 'moving',
        },
      ];
    }),
  }));
  return { name: 'by hand', frames };
}

/** In by the door at 1.2 m/s, then from stand to stand, two seconds before each of three and two between. */
const browser = (t: number): Moment => {
  const context = 'browsing';
  if (t < 3) return { x: 1.2 * t, y: 3, context };
  const stands = [
    [3.6, 3],
    [3.6, 1.4],
    [5.2, 2.2],
  ] as const;
  const [round, within] = [Math.floor((t - 3) / 4), (t - 3) % 4];
  const [[x, y], [nextX, nextY]] = [stands[round % 3]!, stands[(round + 1) % 3]!];
  if (within < 2) return { x, y, movement: round % 2 ? 'active' : 'inactive', context };
  const share = (within - 2) / 2;
  return { x: x + share * (nextX - x), y: y + share * (nextY - y), context };
};
/** Straight through the hall at 1.2 m/s. */
const walker = (t: number): Moment | undefined => (t < 7.5 ? { x: 1.2 * t, y: 5 } : undefined);

describe('labelled people through the service', () => {
  it('keep one visit each, stand and walk as they are labelled, and who browses is said to wander', async () => {
    const figures = figuresOf([await runCaviar(clipOf(20, { a: browser, b: walker }), mounting, 5)]);
    expect(figures).toMatchObject({
      people: 2,
      followed: 1,
      splits: 0,
      merges: 0,
      switches: 0,
      browsers: 1,
      browsersFound: 1,
      wrongWanderers: 0,
    });
    expect(figures.standing).toBeGreaterThan(0.7);
    expect(figures.walking).toBeGreaterThan(0.8);
  });

  it('count as wrongly said to wander where the labels know of no browsing', async () => {
    const plain = (t: number): Moment => ({ ...browser(t), context: 'walking' });
    const figures = figuresOf([await runCaviar(clipOf(20, { a: plain }), mounting, 5)]);
    expect(figures).toMatchObject({ browsers: 0, browsersFound: 0, wrongWanderers: 1 });
  });

  it('count as browsing only if they do so for as long as is waited', async () => {
    const short = (t: number): Moment => ({ ...browser(t), context: t < 9 ? 'browsing' : 'walking' });
    const figures = figuresOf([await runCaviar(clipOf(20, { a: short }), mounting, 5)]);
    expect(figures.browsers).toBe(0);
  });

  it('lower the share of those told to walk when the labels say they stand', async () => {
    const told = (t: number): Moment | undefined => {
      const moment = walker(t);
      return moment && { ...moment, movement: 'inactive' };
    };
    const figures = figuresOf([await runCaviar(clipOf(8, { a: told }), mounting, 5)]);
    expect(figures.standing).toBe(0);
    expect(figures.walking).toBeNull();
  });

  it('have two visits when they are gone for longer than the service remembers', async () => {
    const away = (t: number): Moment | undefined =>
      t > 5 && t < 30 ? undefined : { x: 5, y: 3, movement: 'inactive' };
    const figures = figuresOf([await runCaviar(clipOf(35, { a: away }), mounting, 5)]);
    expect(figures).toMatchObject({ people: 1, splits: 1, switches: 1, merges: 0 });
  });

  it('share a visit when one takes the place of another', async () => {
    const first = (t: number): Moment | undefined =>
      t < 5 ? { x: 5, y: 3, movement: 'inactive' } : undefined;
    const second = (t: number): Moment | undefined =>
      t > 5.5 ? { x: 5.1, y: 3, movement: 'inactive' } : undefined;
    const figures = figuresOf([await runCaviar(clipOf(10, { a: first, b: second }), mounting, 5)]);
    expect(figures).toMatchObject({ people: 2, splits: 0, switches: 0, merges: 1 });
  });
});

describe('figures of runs', () => {
  const look = (person: string, visit: string, at: number) => ({
    person,
    visit,
    at,
    movement: 'walking' as const,
  });
  const run: CaviarRun = {
    shown: 8,
    looks: [
      look('a', 'v1', 0),
      look('b', 'v2', 0),
      look('a', 'v2', 1),
      look('b', 'v1', 1),
      look('a', 'v1', 2),
    ],
    wanderers: [],
    people: ['a', 'b', 'c'],
    browsers: ['c'],
  };

  it('tell two people who change visits by a split and a merge each, and by every change', () => {
    expect(figuresOf([run])).toEqual({
      people: 3,
      followed: 5 / 8,
      splits: 2,
      merges: 2,
      switches: 3,
      standing: null,
      walking: null,
      browsers: 1,
      browsersFound: 0,
      wrongWanderers: 0,
    });
  });

  it('keep people of one id in two clips apart', () => {
    expect(figuresOf([run, { ...run, wanderers: ['c', 'a'] }])).toMatchObject({
      people: 6,
      splits: 4,
      merges: 4,
      switches: 6,
      browsers: 2,
      browsersFound: 1,
      wrongWanderers: 1,
    });
  });
});

describe('the section', () => {
  const folder = join(packageRoot, '..', 'shared', 'data', 'caviar');

  it('is left out where the labels are not', async () => {
    expect(await caviarSections(join(folder, 'nowhere'))).toEqual([]);
  });

  it.skipIf(!existsSync(folder))(
    'has a row for each way the boxes come, and the same people in each',
    async () => {
      const [section] = await caviarSections(folder);
      expect(section!.rows).toHaveLength(6);
      for (const { name, values } of section!.rows) {
        expect(values, name).toHaveLength(section!.figures.length);
        expect(values[0], name).toBe(19);
        expect(values[1], name).toBeGreaterThan(0.9);
      }
      expect(await caviarSections(folder)).toEqual([section]);
    },
  );
});
