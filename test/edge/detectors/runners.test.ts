import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { defaultModel, findModel, readModelFiles } from '../../../edge/detectors/models-folder.ts';
import { openOnnx } from '../../../edge/detectors/onnx.ts';
import { openLibrary, openTensorflow } from '../../../edge/detectors/tensorflow.ts';
import { encodeOnnx } from '../../../models/convert/onnx-schema.ts';

const twoPixels = Uint8Array.of(1, 2, 3, 101, 102, 103);

function echo(type: 'uint8' | 'float32', shape: readonly number[]): Uint8Array {
  return encodeOnnx({
    name: 'echo',
    description: 'Answers what it is given.',
    notes: {},
    inputs: [{ name: 'given', type, shape }],
    outputs: [{ name: 'answered', type, shape }],
    tensors: [],
    nodes: [{ op: 'Identity', from: ['given'], to: ['answered'] }],
  });
}

describe('A model on ONNX Runtime', () => {
  it('that takes bytes is given the frame as it is', async () => {
    const runner = await openOnnx('echo', [echo('uint8', [1, 1, 2, 3])], 1);
    expect([...(await runner.run(twoPixels)).answered!]).toEqual([1, 2, 3, 101, 102, 103]);
    await runner.close();
  });

  it('that takes numbers is given planes, blue first', async () => {
    const runner = await openOnnx('echo', [echo('float32', [1, 3, 1, 2])], 1);
    expect([...(await runner.run(twoPixels)).answered!]).toEqual([3, 103, 2, 102, 1, 101]);
    await runner.close();
  });
});

describe('A model on TensorFlow.js', () => {
  it('leaves nothing behind, picture after picture, and nothing at all once it is closed', async () => {
    const model = await findModel(defaultModel);
    const files = await readModelFiles(model, 'tfjs');
    await openLibrary();
    const { numTensors: before } = memory();
    const runner = await openTensorflow(model.entry, files);
    const { width, height } = model.entry.input;
    const picture = new Uint8Array(width * height * 3);
    await runner.run(picture);
    const { numTensors: once } = memory();
    await runner.run(picture);
    await runner.run(picture);
    expect(memory().numTensors).toBe(once);
    await runner.close();
    expect(memory().numTensors).toBe(before);
    expect(once).toBeGreaterThan(before);
  });
});
