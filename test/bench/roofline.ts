import { InferenceSession, Tensor } from 'onnxruntime-node';
import { defaultModel, findModel, readModelFiles } from '../../edge/detectors/models-folder.ts';
import { type ElementType, encodeOnnx } from '../../models/convert/onnx-schema.ts';
import { percentile } from '../../src/core/score/percentile.ts';

/** What one core can multiply and add at most in this runtime, and how much of it the network reaches. */
export interface Roofline {
  /** Billions of operations a second, a multiplication and an addition being two, of a matrix product: float32. */
  readonly floatPeak: number;
  /** The same of bytes by signed bytes into 32 bits, what an INT8 network is made of. */
  readonly bytePeak: number;
  /** Of all convolutions of the network, in billions of operations a picture. */
  readonly networkOperations: number;
  /** Billions of operations a second while the network runs, all that is not convolution included. */
  readonly reached: number;
}

/**
 * Twice the weights of each convolution of the 640×384 network times the cells it is computed at, summed: 3×3 windows
 * are 5.56 of it, 1×1 ones 0.28.
 */
const networkOperations = 5.834;
const side = 512;

/** One matrix product, its right side part of the file as weights are. */
function product(from: ElementType, by: ElementType, to: ElementType, weights: Uint8Array): Uint8Array {
  return encodeOnnx({
    name: 'product',
    description: 'one matrix product',
    notes: {},
    inputs: [{ name: 'left', type: from, shape: [side, side] }],
    outputs: [{ name: 'product', type: to, shape: [side, side] }],
    tensors: [{ name: 'right', type: by, shape: [side, side], bytes: weights }],
    nodes: [
      { op: from === 'float32' ? 'MatMul' : 'MatMulInteger', from: ['left', 'right'], to: ['product'] },
    ],
  });
}

const openOnOneThread = (file: Uint8Array) =>
  InferenceSession.create(file, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });

/** Measures all three in turns, by processor time: the fastest of the products, the median of the network. */
export async function measureRoofline(rounds = 15): Promise<Roofline> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const [file] = await readModelFiles(await findModel(defaultModel), 'onnxruntime');
  const cells = side * side;
  const numbers = Float32Array.from({ length: cells }, (_, i) => (i % 17) / 17);
  const bytes = Uint8Array.from({ length: cells }, (_, i) => i % 64);
  const sessions = {
    float: await openOnOneThread(product('float32', 'float32', 'float32', new Uint8Array(numbers.buffer))),
    byte: await openOnOneThread(product('uint8', 'int8', 'int32', bytes)),
    network: await openOnOneThread(file!),
  };
  const given = {
    float: { left: new Tensor('float32', numbers, [side, side]) },
    byte: { left: new Tensor('uint8', bytes, [side, side]) },
    network: { image: new Tensor('uint8', new Uint8Array(640 * 384 * 3).fill(128), [1, 384, 640, 3]) },
  };
  const names = ['float', 'byte', 'network'] as const;
  const taken = { float: [] as number[], byte: [] as number[], network: [] as number[] };
  for (let round = -3; round < rounds; round++) {
    for (const name of names) {
      const times = name === 'network' ? 1 : 8;
      const used = process.cpuUsage();
      for (let i = 0; i < times; i++) await sessions[name].run(given[name]);
      const { user, system } = process.cpuUsage(used);
      if (round >= 0) taken[name].push((user + system) / 1e6 / times);
    }
  }
  for (const name of names) await sessions[name].release();
  const operations = (2 * side ** 3) / 1e9;
  return {
    floatPeak: operations / Math.min(...taken.float),
    bytePeak: operations / Math.min(...taken.byte),
    networkOperations,
    reached: networkOperations / percentile(taken.network, 0.5)!,
  };
}
