import { describe, expect, it } from 'vitest';
import { recognise } from '../../../edge/detectors/recognise.ts';

const image = { name: 'images', type: 'float32', shape: [1, 3, 416, 416] };
const answers = { name: 'output', type: 'float32', shape: [1, 3549, 85] };

describe('A model brought without a manifest', () => {
  it('is taken as YOLOX if its numbers are those of one, of whatever size and classes', () => {
    expect(recognise('mine', [image], [answers])).toMatchObject({ id: 'mine', head: 'yolox' });
    const wide = { ...image, shape: [1, 3, 320, 640] };
    // Cells: 80 × 40, 40 × 20, 20 × 10.
    const one = { ...answers, shape: [1, 4200, 6] };
    expect(recognise('mine', [wide], [one]).input).toEqual({ width: 640, height: 320 });
  });

  it.each([
    ['bytes', [{ ...image, type: 'uint8' }], [answers], 'uint8'],
    ['channels last', [{ ...image, shape: [1, 416, 416, 3] }], [answers], '416, 416, 3'],
    ['sizes left open', [{ ...image, shape: [1, 3, 'h', 'w'] }], [answers], 'h, w'],
    ['four pictures at once', [{ ...image, shape: [4, 3, 416, 416] }], [answers], '4, 3'],
    ['cells of another size', [image], [{ ...answers, shape: [1, 8400, 85] }], '8400'],
    ['its own decoding', [image], [{ ...answers, shape: [1, 100, 6] }], '100, 6'],
    ['two inputs', [image, image], [answers], '2 inputs'],
  ])('is refused with %s, naming what it has', (_, inputs, outputs, has) => {
    expect(() => recognise('mine', inputs, outputs)).toThrow(has);
  });
});
