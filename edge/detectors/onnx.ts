import { availableParallelism } from 'node:os';
import { LobbyError } from '../../src/contract/errors.ts';
import type { GraphRunner } from './graph-runner.ts';

/**
 * Threads a detector uses unless told: all but one, so that decoding, the broker and the pages have a core;
 * more than four gain nothing on a network this small.
 */
export const defaultThreads: number = Math.min(4, Math.max(1, availableParallelism() - 1));

/** What an ONNX file says of one of its inputs or outputs. */
export interface TensorAbout {
  readonly name: string;
  readonly type: string;
  /** Sizes; a size that is left open is its name. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxRunner extends GraphRunner {
  readonly inputs: readonly TensorAbout[];
  readonly outputs: readonly TensorAbout[];
}

/** From packed red, green, blue bytes to three planes of numbers 0 to 255, blue first. */
function toPlanes(rgb: Uint8Array, planes: Float32Array): Float32Array {
  const pixels = planes.length / 3;
  for (let pixel = 0; pixel < pixels; pixel++) {
    planes[pixel] = rgb[3 * pixel + 2]!;
    planes[pixel + pixels] = rgb[3 * pixel + 1]!;
    planes[pixel + 2 * pixels] = rgb[3 * pixel]!;
  }
  return planes;
}

/**
 * Loads a model into ONNX Runtime on the processor.
 *
 * An input of bytes, channels last, is given the frame as it is; an input of numbers, channels first, is given
 * planes of blue, green, red from 0 to 255, as YOLOX wants it.
 *
 * A run holds the JavaScript thread for as long as it takes (about 55 ms), since ONNX Runtime's Node binding
 * computes on the thread that called it.
 *
 * @param model what to call it in errors
 * @param threads threads for one run; more shorten it and take them from the rest of the box
 * @throws {LobbyError} `LOBBY_RUNTIME_ABSENT` if its native part cannot be loaded, `LOBBY_MODEL_WRONG` if the
 *         file is no model it knows
 */
export async function openOnnx(
  model: string,
  [file]: readonly Uint8Array[],
  threads: number = defaultThreads,
): Promise<OnnxRunner> {
  const onnx = await import('onnxruntime-node').catch((cause: unknown) => {
    const details = { runtime: 'onnxruntime', reason: 'its native part cannot be loaded' };
    throw new LobbyError('LOBBY_RUNTIME_ABSENT', details, { cause });
  });
  const session = await onnx.InferenceSession.create(file!, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Threads that have nothing to do sleep instead of turning in place: it costs 0.7 ms of 21 on two idle
    // cores, and gives the time to decoding and to the other cameras where cores are shared.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    // Errors only: it warns about each initializer it folds away.
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw new LobbyError('LOBBY_MODEL_WRONG', { model, problem: 'ONNX Runtime cannot read it' }, { cause });
  });
  const about = (tensors: typeof session.inputMetadata): TensorAbout[] =>
    tensors.flatMap((tensor) =>
      tensor.isTensor ? [{ name: tensor.name, type: tensor.type, shape: tensor.shape }] : [],
    );
  const inputs = about(session.inputMetadata);
  const [{ name, type, shape } = { name: '', type: '', shape: [] }] = inputs;
  const sizes = shape.map(Number);
  const count = sizes.reduce((product, size) => product * size, 1);
  return {
    name: `onnxruntime (cpu, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    inputs,
    outputs: about(session.outputMetadata),
    async run(rgb) {
      const image =
        type === 'uint8'
          ? new onnx.Tensor('uint8', rgb, sizes)
          : new onnx.Tensor('float32', toPlanes(rgb, new Float32Array(count)), sizes);
      const answers = await session.run({ [name]: image });
      return Object.fromEntries(
        Object.entries(answers).map(([output, { data }]) => [output, data as Float32Array]),
      );
    },
    close: () => session.release(),
  };
}
