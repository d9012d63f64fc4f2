import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellCount, mostCandidates } from '../../../src/core/detect/cells.ts';
import { decodeNanodet, type NanodetCells } from '../../../src/core/detect/nanodet.ts';

const input = { width: 416, height: 416 };
const bins = 11;
const cells = cellCount(input);

/** A network that answers nothing anywhere. */
function silence(): NanodetCells {
  return { scores: new Float32Array(cells), sides: new Float32Array(cells * 4 * bins) };
}

/** Lets one cell say: somebody, this sure, with each side in exactly this bin. */
function say(
  answer: NanodetCells,
  cell: number,
  score: number,
  sides: readonly [number, number, number, number],
) {
  answer.scores[cell] = score;
  for (const [side, bin] of sides.entries()) answer.sides[(cell * 4 + side) * bins + bin] = 100;
}

describe('Decoding NanoDet', () => {
  it('knows 3549 cells for an input of 416 × 416', () => {
    expect(cells).toBe(3549);
  });

  it.each([
    ['the first cell of the finest grid', 0, 4, 4, 8],
    ['the last cell of the finest grid', 2703, 412, 412, 8],
    ['the first cell of the middle grid', 2704, 8, 8, 16],
    ['the second row of the middle grid', 2704 + 26, 8, 24, 16],
    ['the last cell of the coarsest grid', 3548, 400, 400, 32],
  ])('measures %s from its centre, in its own stride', (_, cell, x, y, stride) => {
    const answer = silence();
    say(answer, cell, 0.9, [1, 2, 3, 4]);
    const [person] = decodeNanodet(answer, input, 0.5);
    expect(person?.box.left).toBeCloseTo(x - stride, 6);
    expect(person?.box.top).toBeCloseTo(y - 2 * stride, 6);
    expect(person?.box.right).toBeCloseTo(x + 3 * stride, 6);
    expect(person?.box.bottom).toBeCloseTo(y + 4 * stride, 6);
  });

  it.each([
    ['the last cell of the first row', 79, 636, 4],
    ['the first cell of the second row', 80, 4, 12],
    ['the first cell of the middle grid', 3840, 8, 8],
    ['the second row of the coarsest grid', 4800 + 20, 16, 48],
    ['the last cell of all', 5039, 624, 368],
  ])('finds %s of a picture that is wider than tall', (_, cell, x, y) => {
    const wide = { width: 640, height: 384 };
    expect(cellCount(wide)).toBe(5040);
    const scores = new Float32Array(5040);
    scores[cell] = 0.9;
    // All bins alike: each side is as long as their mean, five strides.
    const [person] = decodeNanodet({ scores, sides: new Float32Array(5040 * 4 * bins) }, wide, 0.5);
    const { left, top, right, bottom } = person!.box;
    expect([(left + right) / 2, (top + bottom) / 2]).toEqual([x, y]);
  });

  it('puts an edge between two bins that are equally likely', () => {
    const answer = silence();
    say(answer, 2704, 0.9, [2, 2, 2, 2]);
    answer.sides[2704 * 4 * bins + 3] = 100;
    expect(decodeNanodet(answer, input, 0.5)[0]?.box.left).toBeCloseTo(8 - 2.5 * 16, 6);
  });

  it('says how far off an edge may be by how many distances are likely: not at all, or over two bins', () => {
    const answer = silence();
    say(answer, 2704, 0.9, [2, 2, 2, 2]);
    answer.sides[(2704 * 4 + 3) * bins + 3] = 100;
    const { spread } = decodeNanodet(answer, input, 0.5)[0]!;
    expect(spread!.left).toBeCloseTo(0, 6);
    // Half of a bin of 16 pixels, and edges are off by 0.6 of how wide the network's answers are.
    expect(spread!.bottom).toBeCloseTo(0.6 * 8, 6);
  });

  it('takes an answer of any size without overflowing', () => {
    const answer = silence();
    say(answer, 0, 0.9, [0, 0, 0, 0]);
    answer.sides.fill(1e30, 0, 4 * bins);
    expect(decodeNanodet(answer, input, 0.5)[0]?.box).toEqual({ left: -36, top: -36, right: 44, bottom: 44 });
  });

  it('reports a cell at the lowest score and none below', () => {
    const answer = silence();
    say(answer, 10, 0.5, [1, 1, 1, 1]);
    say(answer, 11, 0.4999, [1, 1, 1, 1]);
    expect(decodeNanodet(answer, input, 0.5)).toHaveLength(1);
  });

  it('gives the surest first, and equally sure ones in order of their cells', () => {
    const answer = silence();
    for (const [cell, score] of [
      [5, 0.5],
      [3, 0.5],
      [7, 0.75],
    ] as const)
      say(answer, cell, score, [1, 1, 1, 1]);
    const lefts = decodeNanodet(answer, input, 0.25).map(({ box }) => Math.round(box.left));
    expect(lefts).toEqual([7, 3, 5].map((cell) => cell * 8 + 4 - 8));
  });

  it('has a bound: a picture of noise gives no more than the most candidates, the surest of all', () => {
    const answer = silence();
    for (let cell = 0; cell < cells; cell++) answer.scores[cell] = (cell + 1) / (cells + 1);
    const found = decodeNanodet(answer, input, 0);
    expect(found).toHaveLength(mostCandidates);
    expect(found.at(-1)?.score).toBeCloseTo((cells - mostCandidates + 1) / (cells + 1), 6);
  });

  it('always draws a box round the cell it comes from', () => {
    const side = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), {
      minLength: 4 * bins,
      maxLength: 4 * bins,
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2703 }), side, (cell, distribution) => {
        const answer = silence();
        answer.scores[cell] = 1;
        answer.sides.set(distribution, cell * 4 * bins);
        const { box } = decodeNanodet(answer, input, 0.5)[0]!;
        const [x, y] = [(cell % 52) * 8 + 4, Math.floor(cell / 52) * 8 + 4];
        expect(box.left <= x && x <= box.right && box.top <= y && y <= box.bottom).toBe(true);
        expect(box.right - box.left).toBeLessThanOrEqual(2 * 10 * 8 + 1e-6);
      }),
    );
  });

  it('refuses answers that belong to another input', () => {
    expect(() => decodeNanodet(silence(), { width: 320, height: 320 }, 0.5)).toThrow(RangeError);
    const short = { ...silence(), scores: new Float32Array(cells - 1) };
    expect(() => decodeNanodet(short, input, 0.5)).toThrow(`must be ${cells} scores`);
  });
});
