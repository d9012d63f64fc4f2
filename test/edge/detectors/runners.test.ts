import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { defaultModel, findModel, readModelFiles } from '../../../edge/detectors/models-folder.ts';
import { beginWorker, openOnnx } from '../../../edge/detectors/onnx.ts';
import { openLibrary, openTensorflow } from '../../../edge/detectors/tensorflow.ts';
import { packageRoot } from '../../../edge/package-root.ts';
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

describe('The thread of a model on ONNX Runtime', () => {
  const file = echo('uint8', [1, 1, 2, 3]);
  async function open(answerWithinMs = 15_000) {
    const threads: Worker[] = [];
    const runner = await openOnnx('echo', [file], 1, {
      answerWithinMs,
      begin(workerData) {
        const url = new URL('../../../edge/detectors/onnx-worker.mjs', import.meta.url);
        threads.push(new Worker(url, { execArgv: [], workerData }));
        return threads.at(-1)!;
      },
    });
    return { runner, threads };
  }

  it('that ends by itself costs the runs that wait for it, and the next one begins another', async () => {
    const { runner, threads } = await open();
    const waiting = runner.run(twoPixels);
    const failed = expect(waiting).rejects.toThrow('the thread of echo has ended');
    await threads[0]!.terminate();
    await failed;
    expect([...(await runner.run(twoPixels)).answered!]).toEqual([1, 2, 3, 101, 102, 103]);
    expect(threads).toHaveLength(2);
    await runner.close();
    await expect(runner.run(twoPixels)).rejects.toThrow('was closed');
    expect(threads).toHaveLength(2);
  });

  it('that does not answer is given up, and the next run begins another', async () => {
    const { runner, threads } = await open(3_000);
    threads[0]!.postMessage = () => undefined;
    await expect(runner.run(twoPixels)).rejects.toThrow('has not answered for 3 s');
    expect([...(await runner.run(twoPixels)).answered!]).toEqual([1, 2, 3, 101, 102, 103]);
    expect(threads).toHaveLength(2);
    await runner.close();
  });

  it('that takes the file over leaves no copy of it here, and has it read anew by the next one', async () => {
    const model = await findModel(defaultModel);
    const files = await readModelFiles(model, 'onnxruntime');
    const threads: Worker[] = [];
    let reads = 0;
    const runner = await openOnnx('nanodet', files, 1, {
      readAgain: async () => {
        reads += 1;
        // What is read for the second time is another graph: the answers show which was taken.
        return echo('uint8', [1, 1, 2, 3]);
      },
      begin: (workerData, isHandedOver) => {
        expect(isHandedOver).toBe(true);
        threads.push(beginWorker(workerData, isHandedOver));
        return threads.at(-1)!;
      },
    });
    expect(files[0]!.byteLength).toBe(0);
    await threads[0]!.terminate();
    expect([...(await runner.run(twoPixels)).answered!]).toEqual([1, 2, 3, 101, 102, 103]);
    expect(reads).toBe(1);
    await runner.close();
  });

  it('that cannot have its file again says why, and is tried again later', async () => {
    const threads: Worker[] = [];
    const runner = await openOnnx('echo', [echo('uint8', [1, 1, 2, 3])], 1, {
      readAgain: () => Promise.reject(new Error('it is not there')),
      begin: (workerData, isHandedOver) => {
        threads.push(beginWorker(workerData, isHandedOver));
        return threads.at(-1)!;
      },
    });
    await threads[0]!.terminate();
    await expect(runner.run(twoPixels)).rejects.toThrow('it is not there');
    expect(threads).toHaveLength(1);
    await runner.close();
  });

  it('that ends again at once is not begun again at once', async () => {
    const { runner, threads } = await open();
    await threads[0]!.terminate();
    await runner.run(twoPixels);
    await threads[1]!.terminate();
    await expect(runner.run(twoPixels)).rejects.toThrow('has ended');
    expect(threads).toHaveLength(2);
    await runner.close();
  });
});

describe('ONNX Runtime', () => {
  it('keeps and sends nothing about its use: it would, in a file of its own in the cache folder', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'lobby-onnx-'));
    const environment: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: cache, HOME: cache };
    delete environment.ORT_DISABLE_TELEMETRY;
    try {
      const open = ['--import', 'tsx', join(packageRoot, 'edge', 'main.ts'), 'models', 'verify'];
      await promisify(execFile)(process.execPath, open, { cwd: packageRoot, env: environment });
      expect(readdirSync(cache, { recursive: true })).toEqual([]);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
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
