import { LobbyError } from '../../src/contract/errors.ts';
import type { LoadableEntry, RuntimeName } from '../../src/contract/manifest.ts';
import type { GraphRunner } from './graph-runner.ts';
import { type FoundModel, readModelFiles } from './models-folder.ts';
import { openOnnx, pictureOf } from './onnx.ts';
import type { Provider } from './providers.ts';
import { openTensorflow } from './tensorflow.ts';

async function openOn(
  model: FoundModel<LoadableEntry>,
  runtime: RuntimeName,
  threads: number | undefined,
  provider: Provider,
): Promise<GraphRunner> {
  if (runtime === 'tfjs' && provider !== 'cpu') {
    const problem = 'TensorFlow.js chooses by itself what it computes on';
    throw new LobbyError('LOBBY_OPTION_INVALID', { option: 'provider', problem, value: provider });
  }
  const files = await readModelFiles(model, runtime);
  if (runtime === 'tfjs') return openTensorflow(model.entry, files);
  const picture = pictureOf(model.entry);
  return openOnnx(model.entry.id, files, threads, {
    provider,
    ...(picture && { picture }),
    // As carefully as the first time: what lies there may be another by then.
    readAgain: async () => (await readModelFiles(model, runtime))[0]!,
  });
}

/**
 * Loads a model that ships, its files checked against the manifest.
 *
 * @param runtime `auto` takes ONNX Runtime, and TensorFlow.js where its native part cannot be loaded
 * @param threads for one run, ONNX Runtime only
 * @param provider what ONNX Runtime computes on; with any but the processor there is no falling back
 * @throws {LobbyError} `LOBBY_MODEL_MISSING`, `LOBBY_MODEL_CHANGED`, `LOBBY_MODEL_WRONG`, `LOBBY_RUNTIME_ABSENT` or
 *         `LOBBY_PROVIDER_ABSENT`
 */
export async function openRunner(
  model: FoundModel<LoadableEntry>,
  runtime: 'auto' | RuntimeName,
  threads: number | undefined,
  provider: Provider = 'cpu',
): Promise<GraphRunner> {
  if (runtime !== 'auto') return openOn(model, runtime, threads, provider);
  try {
    return await openOn(model, 'onnxruntime', threads, provider);
  } catch (error) {
    const absent = error instanceof LobbyError && error.code === 'LOBBY_RUNTIME_ABSENT';
    if (!absent || !model.entry.files.tfjs || provider !== 'cpu') throw error;
    return openOn(model, 'tfjs', threads, provider);
  }
}
