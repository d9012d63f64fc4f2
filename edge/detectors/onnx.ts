import { availableParallelism } from 'node:os';
import { LobbyError } from '../../src/contract/errors.ts';
import type { ModelEntry } from '../../src/contract/manifest.ts';
import type { GraphRunner } from './graph-runner.ts';

/**
 * Threads a detector uses unless told: all but one, so that decoding, the broker and the pages have a core;
 * more than four gain nothing on a network this small.
 */
export const defaultThreads: number = Math.min(4, Math.max(1, availableParallelism() - 1));

/**
 * Loads a model into ONNX Runtime on the processor.
 *
 * A run holds the JavaScript thread for as long as it takes (about 40 ms), since ONNX Runtime's Node binding
 * computes on the thread that called it.
 *
 * @param threads threads for one run; more shorten it and take them from the rest of the box
 * @throws {LobbyError} `LOBBY_RUNTIME_ABSENT` if its native part cannot be loaded, `LOBBY_MODEL_WRONG` if the
 *         file is no model it knows
 */
export async function openOnnx(
  entry: ModelEntry,
  [file]: readonly Uint8Array[],
  threads: number = defaultThreads,
): Promise<GraphRunner> {
  const onnx = await import('onnxruntime-node').catch((cause: unknown) => {
    const details = { runtime: 'onnxruntime', reason: 'its native part cannot be loaded' };
    throw new LobbyError('LOBBY_RUNTIME_ABSENT', details, { cause });
  });
  const session = await onnx.InferenceSession.create(file!, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Errors only: it warns about each initializer it folds away.
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    const problem = 'ONNX Runtime cannot read it';
    throw new LobbyError('LOBBY_MODEL_WRONG', { model: entry.id, problem }, { cause });
  });
  const input = session.inputNames[0]!;
  const { width, height } = entry.input;
  return {
    name: `onnxruntime (cpu, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    async run(rgb) {
      const answers = await session.run({ [input]: new onnx.Tensor('uint8', rgb, [1, height, width, 3]) });
      return Object.fromEntries(
        Object.entries(answers).map(([name, { data }]) => [name, data as Float32Array]),
      );
    },
    close: () => session.release(),
  };
}
