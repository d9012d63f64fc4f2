import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BoxLayout, readBox } from '../../../src/core/detect/box-layout.ts';
import { mostCandidates } from '../../../src/core/detect/cells.ts';
import { personScores } from '../../../src/core/detect/class-scores.ts';
import { decodeDetr } from '../../../src/core/detect/detr.ts';
import { decodeEndToEnd } from '../../../src/core/detect/end-to-end.ts';
import { fitInto } from '../../../src/core/detect/fit.ts';
import { decodeNanodetPlus } from '../../../src/core/detect/nanodet-plus.ts';
import { peopleInFrame } from '../../../src/core/detect/people-in-frame.ts';
import { decodeSsd } from '../../../src/core/detect/ssd.ts';
import { decodeYolov8 } from '../../../src/core/detect/yolov8.ts';
import { decodeYolox } from '../../../src/core/detect/yolox.ts';
import type { Person } from '../../../src/core/units.ts';
import { encode, type Thing } from './encode-heads.ts';

const input = { width: 320, height: 192 };
const classes = 3;
const person = 1;
const kinds = { classes, person };

const decoders = {
  'nanodet-plus': (things: readonly Thing[], lowest: number) =>
    decodeNanodetPlus(encode.nanodetPlus(things, input, kinds), input, lowest, kinds),
  yolov8: (things: readonly Thing[], lowest: number) =>
    decodeYolov8(encode.yolov8(things, kinds), input, lowest, kinds),
  'end-to-end': (things: readonly Thing[], lowest: number) =>
    decodeEndToEnd(encode.endToEnd(things), input, lowest, kinds),
  detr: (things: readonly Thing[], lowest: number) =>
    decodeDetr(encode.detr(things, input, kinds), input, lowest, kinds),
  ssd: (things: readonly Thing[], lowest: number) =>
    decodeSsd(encode.ssd(things, input), input, lowest, kinds),
} as const;

const thing: fc.Arbitrary<Thing> = fc
  .record({
    left: fc.integer({ min: 0, max: 250 }),
    top: fc.integer({ min: 0, max: 120 }),
    width: fc.integer({ min: 8, max: 60 }),
    height: fc.integer({ min: 16, max: 70 }),
    percent: fc.integer({ min: 1, max: 99 }),
    kind: fc.integer({ min: 0, max: classes - 1 }),
  })
  .map(({ left, top, width, height, percent, kind }) => ({
    box: { left, top, right: left + width, bottom: top + height },
    score: percent / 100,
    kind,
  }));
const scene = fc.array(thing, { maxLength: 6 });

/** What anybody would say is there. */
const expected = (things: readonly Thing[], lowest: number): Thing[] =>
  things
    .filter(({ kind, score }) => kind === person && score >= lowest)
    .toSorted((one, other) => other.score - one.score);

function agree(found: readonly Person[], things: readonly Thing[], lowest: number): boolean {
  const wanted = expected(things, lowest);
  const near = (one: Person, other: Thing) =>
    (['left', 'top', 'right', 'bottom'] as const).every(
      (edge) => Math.abs(one.box[edge] - other.box[edge]) < 0.01,
    ) && Math.abs(one.score - other.score) < 1e-5;
  const sorted = found.every((one, index) => index === 0 || found[index - 1]!.score >= one.score);
  return sorted && found.length === wanted.length && wanted.every((one) => found.some((it) => near(it, one)));
}

// A score that is the threshold itself may round to either side.
const lowest = 0.155;

describe.each(Object.entries(decoders))('Decoding %s', (name, decode) => {
  it('gives back who was there, where, and how sure, the surest first, and nothing of another class', () => {
    fc.assert(fc.property(scene, (things) => agree(decode(things, lowest), things, lowest)));
  });

  it('control: with another class as the person it does not', () => {
    const other = { box: { left: 10, top: 20, right: 40, bottom: 90 }, score: 0.9, kind: 0 };
    expect(agree(decode([other], lowest), [{ ...other, kind: person }], lowest)).toBe(false);
    expect(name).toBeTruthy();
  });
});

describe('Decoding what a brought model answers', () => {
  it('takes a place of NanoDet-Plus to be the cell’s corner: half a cell beside it everybody would be off', () => {
    const box = { left: 16, top: 24, right: 48, bottom: 88 };
    const [found] = decoders['nanodet-plus']([{ box, score: 0.9, kind: person }], lowest);
    expect(found!.box.left).toBeCloseTo(16, 3);
    expect(found!.box.bottom).toBeCloseTo(88, 3);
  });

  it('lets the classes of a softmax share 1 with nothing', () => {
    const rows = Float32Array.of(2, 2, 2, /* nothing wins */ 0, 0, 9);
    const [even, none] = personScores(rows, { classes: 3, person: 0, kind: 'softmax' });
    expect(even).toBeCloseTo(1 / 3, 6);
    expect(none).toBeLessThan(0.001);
    expect(personScores(rows, { classes: 3, person: 0, kind: 'sigmoid' })[0]).toBeCloseTo(
      1 / (1 + Math.exp(-2)),
    );
  });

  it.each<[BoxLayout, readonly number[]]>([
    [{ order: 'xyxy', unit: 'px' }, [32, 48, 64, 96]],
    [{ order: 'yxyx', unit: 'share' }, [0.25, 0.1, 0.5, 0.2]],
    [{ order: 'cxcywh', unit: 'share' }, [0.15, 0.375, 0.1, 0.25]],
    [{ order: 'cxcywh', unit: 'px' }, [48, 72, 32, 48]],
  ])('reads a box written as %j', (layout, numbers) => {
    const { left, top, right, bottom } = readBox(Float32Array.from(numbers), 0, 1, layout, input);
    expect([left, top, right, bottom].map(Math.round)).toEqual([32, 48, 64, 96]);
  });

  it('takes no more rows than are counted, and one class where there are no classes', () => {
    const things = [1, 2, 3].map((n) => ({
      box: { left: 10 * n, top: 10, right: 10 * n + 8, bottom: 60 },
      score: 0.9,
      kind: person,
    }));
    const tables = encode.ssd(things, input);
    const { boxes, scores } = tables;
    expect(decodeSsd({ ...tables, count: Float32Array.of(2) }, input, 0.5, { person })).toHaveLength(2);
    expect(decodeSsd({ boxes, scores }, input, 0.5, { person })).toHaveLength(3);
    const each = [...scores].flatMap((score) => [0.1, score]);
    expect(decodeSsd({ boxes, scores: Float32Array.from(each) }, input, 0.5, { person })).toHaveLength(3);
    expect(decodeSsd({ boxes, scores: Float32Array.from(each) }, input, 0.5, { person: 0 })).toHaveLength(0);
  });

  const astray = fc.oneof(
    fc.float(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, -1e38, 1, 0.5),
  );
  const numbers = (length: number) =>
    fc.array(astray, { minLength: length, maxLength: length }).map((all) => Float32Array.from(all));

  it('gives places within the frame and scores of 0 to 1, whatever numbers a network answers with', () => {
    const small = { width: 64, height: 64 };
    const camera = { width: 640, height: 480 };
    const frame = { camera, fit: fitInto(camera, small, 'letterbox') };
    fc.assert(
      fc.property(numbers(41), (some) => {
        const table = numbersOf(some, 84 * 7);
        const all = [
          decodeNanodetPlus(numbersOf(table, 85 * 35), small, 0.1, kinds),
          decodeYolov8(table, small, 0.1, kinds),
          decodeEndToEnd(table, small, 0.1, kinds),
          decodeDetr({ scores: numbersOf(table, 60), boxes: numbersOf(table, 80) }, small, 0.1, kinds),
          decodeSsd({ boxes: numbersOf(table, 80), scores: numbersOf(table, 20) }, small, 0.1, kinds),
          decodeYolox(numbersOf(table, 84 * 8), small, 0.1),
        ];
        const somewhere = all.flat().every(({ box }) => Object.values(box).every(Number.isFinite));
        return (
          somewhere &&
          all.every((candidates) =>
            peopleInFrame(candidates, frame, 0.5).every(
              ({ box, score }) =>
                score > 0 &&
                score <= 1 &&
                box.left >= 0 &&
                box.right <= camera.width &&
                box.left < box.right &&
                box.top < box.bottom &&
                box.bottom <= camera.height,
            ),
          )
        );
      }),
    );
  });

  it('looks at no more of it than a full lobby has', () => {
    const places = 2000;
    const table = new Float32Array(places * 6);
    for (let place = 0; place < places; place++) table.set([0, 0, 9, 9, 0.9, person], place * 6);
    expect(decodeEndToEnd(table, input, 0.5, kinds)).toHaveLength(mostCandidates);
  });

  it.each([
    ['nanodet-plus', () => decodeNanodetPlus(new Float32Array(1000), input, 0.5, kinds)],
    ['yolov8', () => decodeYolov8(new Float32Array(1000), input, 0.5, kinds)],
    [
      'yolov8 without such a class',
      () => decodeYolov8(new Float32Array(7), input, 0.5, { classes: 3, person: 3 }),
    ],
    ['end-to-end', () => decodeEndToEnd(new Float32Array(1000), input, 0.5, kinds)],
    [
      'detr',
      () => decodeDetr({ scores: new Float32Array(7), boxes: new Float32Array(8) }, input, 0.5, kinds),
    ],
    ['ssd', () => decodeSsd({ boxes: new Float32Array(8), scores: new Float32Array(3) }, input, 0.5, kinds)],
  ])('refuses tables that are of another size: %s', (_, decode) => {
    expect(decode).toThrow(RangeError);
  });
});

/** So many numbers, over and over. */
function numbersOf(from: Float32Array, length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => from[index % from.length]!);
}
