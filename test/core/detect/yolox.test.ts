import { describe, expect, it } from 'vitest';
import { cellCount, mostCandidates } from '../../../src/core/detect/cells.ts';
import { decodeYolox } from '../../../src/core/detect/yolox.ts';

const input = { width: 416, height: 416 };
const cells = cellCount(input);
const width = 5 + 3;

function answersWith(...said: readonly { cell: number; numbers: readonly number[] }[]): Float32Array {
  const answers = new Float32Array(cells * width);
  for (const { cell, numbers } of said) answers.set(numbers, cell * width);
  return answers;
}

describe('Decoding YOLOX', () => {
  it('measures the centre from the cell’s corner and the size as a power of e, both in strides', () => {
    // Middle grid, second row, third column: 16 pixels a cell.
    const cell = 2704 + 26 + 2;
    const numbers = [0.5, 0.25, Math.log(2), Math.log(6), 0.9, 0.8, 0, 0];
    const [person] = decodeYolox(answersWith({ cell, numbers }), input, 0.5);
    const [x, y] = [2.5 * 16, 1.25 * 16];
    expect(person?.box.left).toBeCloseTo(x - 16, 4);
    expect(person?.box.right).toBeCloseTo(x + 16, 4);
    expect(person?.box.top).toBeCloseTo(y - 48, 4);
    expect(person?.box.bottom).toBeCloseTo(y + 48, 4);
    expect(person?.score).toBeCloseTo(0.72, 6);
  });

  it('reports people and no other class', () => {
    const dog = { cell: 7, numbers: [0, 0, 1, 1, 0.99, 0.01, 0.99, 0] };
    expect(decodeYolox(answersWith(dog), input, 0.1)).toEqual([]);
  });

  it('needs both: that there is something, and that it is a person', () => {
    const unsure = { cell: 7, numbers: [0, 0, 1, 1, 0.3, 0.9, 0, 0] };
    expect(decodeYolox(answersWith(unsure), input, 0.28)).toEqual([]);
    expect(decodeYolox(answersWith(unsure), input, 0.26)).toHaveLength(1);
  });

  it('has a bound', () => {
    const noise = new Float32Array(cells * width).fill(1);
    expect(decodeYolox(noise, input, 0.5)).toHaveLength(mostCandidates);
  });

  it('refuses answers that belong to another input', () => {
    expect(() => decodeYolox(new Float32Array(1000), input, 0.5)).toThrow(RangeError);
  });
});
