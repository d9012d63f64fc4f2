import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  averagePrecisionOverSteps,
  type JudgedPicture,
  precisionAt,
  recallAt,
  recallByHeight,
  type TruePerson,
} from '../../../src/core/score/detection.ts';
import type { Person, PixelBox } from '../../../src/core/units.ts';

const box = (left: number, top: number, width: number, height: number): PixelBox => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const found = (at: PixelBox, score = 0.9): Person => ({ box: at, score });
const person = (at: PixelBox): TruePerson => ({ box: at });

/** Ten people in a row, far apart, 40 wide and 100 tall. */
const row = Array.from({ length: 10 }, (_, i) => box(100 * i, 50, 40, 100));
const rowOf = (boxes: readonly Person[], ...ignored: TruePerson[]): JudgedPicture[] => [
  { found: boxes, truth: [...row.map(person), ...ignored] },
];
const all = row.map((one) => found(one));
/** Where nobody is. */
const nowhere = box(500, 500, 40, 100);
const shifted = (one: PixelBox, across: number): PixelBox => ({
  ...one,
  left: one.left + across,
  right: one.right + across,
});

describe('average precision', () => {
  it('is 1 when everybody is found and nobody else', () => {
    expect(averagePrecision(rowOf(all), 0.5)).toBe(1);
    expect(averagePrecisionOverSteps(rowOf(all))).toBe(1);
  });

  it('is 0 when nobody is found, and when boxes are where nobody is', () => {
    expect(averagePrecision(rowOf([]), 0.5)).toBe(0);
    expect(averagePrecisionOverSteps(rowOf([found(nowhere)]))).toBe(0);
  });

  it('has nothing to say where there is nobody to find', () => {
    expect(averagePrecision([{ found: [found(nowhere)], truth: [] }], 0.5)).toBeNull();
    expect(averagePrecisionOverSteps([{ found: [], truth: [{ box: nowhere, ignore: 'one' }] }])).toBeNull();
  });

  it('counts the recall that is reached: half the people are 51 of 101 steps', () => {
    expect(averagePrecision(rowOf(all.slice(0, 5)), 0.5)).toBeCloseTo(51 / 101, 12);
  });

  it('stays at 1 when everything is found again less surely, and falls when each second box comes at once', () => {
    const again = row.map((one) => found(one, 0.3));
    expect(averagePrecision(rowOf([...all, ...again]), 0.5)).toBe(1);
    // Right, wrong, right, wrong: precision is 1, 2/3, 3/5, 4/7 when the first, second, third, fourth is found.
    const truth = row.slice(0, 4).map(person);
    const turns = row
      .slice(0, 4)
      .flatMap((one, i) => [found(one, 0.9 - 0.1 * i), found(one, 0.85 - 0.1 * i)]);
    const expected = (26 + 25 * (2 / 3 + 3 / 5 + 4 / 7)) / 101;
    expect(averagePrecision([{ truth, found: turns }], 0.5)).toBeCloseTo(expected, 12);
  });

  it('takes boxes a fifth of their width off at .5, and not at .75', () => {
    // 32 of 48 pixels shared: an overlap of two thirds.
    const off = row.map((one) => found(shifted(one, 8)));
    expect(averagePrecision(rowOf(off), 0.5)).toBe(1);
    expect(averagePrecision(rowOf(off), 0.75)).toBe(0);
    expect(averagePrecisionOverSteps(rowOf(off))).toBeCloseTo(0.4, 12);
  });

  it('gives each of two close people one box: two boxes on the first leave the second unfound', () => {
    const [first, second] = [box(0, 0, 40, 100), box(10, 0, 40, 100)];
    const truth = [person(first), person(second)];
    expect(averagePrecision([{ truth, found: [found(first, 0.9), found(second, 0.8)] }], 0.75)).toBe(1);
    const twice = [{ truth, found: [found(first, 0.9), found(first, 0.8)] }];
    expect(averagePrecision(twice, 0.75)).toBeCloseTo(51 / 101, 12);
    expect(recallAt(twice, { score: 0.5, overlap: 0.75 })).toBe(0.5);
  });

  it('is cost more by a wrong box that is surer than by one that is less sure', () => {
    const sure = averagePrecision(rowOf([found(nowhere, 0.99), ...all]), 0.5)!;
    const faint = averagePrecision(rowOf([...all, found(nowhere, 0.1)]), 0.5)!;
    expect(sure).toBeCloseTo(10 / 11, 12);
    expect(faint).toBe(1);
  });

  it('does not depend on the order in which boxes or people are listed', () => {
    const some = [
      found(row[0]!, 0.9),
      found(nowhere, 0.8),
      found(row[1]!, 0.7),
      found(shifted(row[2]!, 8), 0.6),
    ];
    const [one] = rowOf(some);
    const backwards = { found: [...one!.found].reverse(), truth: [...one!.truth].reverse() };
    expect(averagePrecisionOverSteps([backwards])).toBe(averagePrecisionOverSteps([one!]));
  });

  it('agrees with the program COCO publishes', () => {
    // Taken once from pycocotools 2.0 (COCOeval, `bbox`, all areas): AP, AP at .5, AP at .75. On sixty random
    // sets of up to six pictures, crowds among them, it and this agreed to fifteen digits.
    const pictures: JudgedPicture[] = [
      {
        truth: [
          person(box(100, 50, 60, 160)),
          person(box(140, 60, 50, 150)),
          person(box(400, 80, 40, 120)),
          { box: box(500, 200, 200, 100), ignore: 'crowd' },
        ],
        found: [
          found(box(104, 55, 58, 150), 0.95),
          found(box(150, 70, 46, 140), 0.7),
          found(box(395, 100, 44, 110), 0.62),
          found(box(520, 210, 40, 80), 0.9),
          found(box(600, 220, 40, 70), 0.5),
          found(box(300, 30, 40, 100), 0.8),
        ],
      },
      {
        truth: [person(box(20, 20, 30, 90)), person(box(200, 100, 80, 240)), person(box(600, 100, 20, 60))],
        found: [
          found(box(22, 22, 28, 84), 0.88),
          found(box(21, 40, 30, 75), 0.6),
          found(box(190, 110, 95, 220), 0.4),
          found(box(601, 101, 20, 40), 0.3),
        ],
      },
    ];
    expect(averagePrecisionOverSteps(pictures)).toBeCloseTo(0.4508062234794908, 12);
    expect(averagePrecision(pictures, 0.5)).toBeCloseTo(0.8504950495049504, 12);
    expect(averagePrecision(pictures, 0.75)).toBeCloseTo(0.40876944837340884, 12);
  });
});

describe('ignored people and crowds', () => {
  it('neither reward a box nor punish it, nor ask for one', () => {
    const hidden: TruePerson = { box: nowhere, ignore: 'one' };
    const crowd: TruePerson = { box: box(450, 450, 300, 300), ignore: 'crowd' };
    const surer = found(nowhere, 0.99);
    for (const ignored of [hidden, crowd]) {
      expect(averagePrecision(rowOf([surer, ...all], ignored), 0.5)).toBe(1);
      expect(averagePrecision(rowOf(all, ignored), 0.5)).toBe(1);
      expect(precisionAt(rowOf([surer, ...all], ignored), { score: 0.5 })).toBe(1);
      expect(recallAt(rowOf([surer], ignored), { score: 0.5 })).toBe(0);
    }
  });

  it('differ in how many boxes they take: a crowd any number, a hidden person one', () => {
    const boxes = [found(nowhere, 0.99), found(shifted(nowhere, 4), 0.98), ...all];
    const crowd: TruePerson = { box: box(450, 450, 300, 300), ignore: 'crowd' };
    expect(averagePrecision(rowOf(boxes, crowd), 0.5)).toBe(1);
    expect(averagePrecision(rowOf(boxes, { box: nowhere, ignore: 'one' }), 0.5)).toBeCloseTo(10 / 11, 12);
  });

  it('take no box from somebody who must be found', () => {
    const over: TruePerson = { box: shifted(row[0]!, 2), ignore: 'one' };
    const boxes = [found(shifted(row[0]!, 2)), ...all.slice(1)];
    expect(averagePrecision(rowOf(boxes, over), 0.5)).toBe(1);
  });
});

describe('recall and precision at a score', () => {
  it('count boxes from that score up, the score itself included', () => {
    const boxes = row.map((one, i) => found(one, i < 7 ? 0.5 : 0.4));
    expect(recallAt(rowOf(boxes), { score: 0.5 })).toBe(0.7);
    expect(recallAt(rowOf(boxes), { score: 0.4 })).toBe(1);
    expect(recallAt(rowOf([]), { score: 0.5 })).toBe(0);
    expect(recallAt([{ found: boxes, truth: [] }], { score: 0.5 })).toBeNull();
  });

  it('fall when boxes miss: recall by whom they miss, precision by what they hit instead', () => {
    const boxes = [...all.slice(0, 8), found(nowhere), found(shifted(nowhere, 100))];
    expect(recallAt(rowOf(boxes), { score: 0.5 })).toBe(0.8);
    expect(precisionAt(rowOf(boxes), { score: 0.5 })).toBe(0.8);
  });

  it('tell everything found twice by a precision of a half, and a recall that stays', () => {
    const twice = rowOf([...all, ...row.map((one) => found(one, 0.8))]);
    expect(precisionAt(twice, { score: 0.5 })).toBe(0.5);
    expect(recallAt(twice, { score: 0.5 })).toBe(1);
  });

  it('have nothing to say where no box is left to judge', () => {
    expect(precisionAt(rowOf([]), { score: 0.5 })).toBeNull();
    expect(precisionAt(rowOf(all), { score: 0.95 })).toBeNull();
  });
});

describe('recall by height', () => {
  const near = box(0, 0, 80, 200);
  const far = box(300, 0, 20, 50);
  const bands = [
    { from: 0, to: 50 },
    { from: 50, to: 200 },
    { from: 200, to: Number.POSITIVE_INFINITY },
  ];

  it('sorts people by their true height, a band having its lower bound and not its upper', () => {
    const pictures = [{ truth: [person(near), person(far)], found: [found(near)] }];
    expect(recallByHeight(pictures, bands, { score: 0.5 })).toEqual([
      { people: 0, recall: null },
      { people: 1, recall: 0 },
      { people: 1, recall: 1 },
    ]);
  });

  it('does not sort those who are ignored', () => {
    const pictures: JudgedPicture[] = [
      { truth: [person(near), { box: far, ignore: 'one' }], found: [found(far)] },
    ];
    expect(recallByHeight(pictures, bands, { score: 0.5 }).map(({ people }) => people)).toEqual([0, 0, 1]);
    expect(recallAt(pictures, { score: 0.5 })).toBe(0);
  });
});
