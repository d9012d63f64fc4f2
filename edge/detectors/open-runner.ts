import { LobbyError } from '../../src/contract/errors.ts';
import type { RuntimeName, ShippedEntry } from '../../src/contract/manifest.ts';
import type { GraphRunner } from './graph-runner.ts';
import { type FoundModel, readModelFiles } from './models-folder.ts';
import { openOnnx } from './onnx.ts';
import { openTensorflow } from './tensorflow.ts';

async function openOn(
  model: FoundModel<ShippedEntry>,
  runtime: RuntimeName,
  threads: number | undefined,
): Promise<GraphRunner> {
  const files = await readModelFiles(model, runtime);
  return runtime === 'onnxruntime'
    ? openOnnx(model.entry.id, files, threads)
    : openTensorflow(model.entry, files);
}

/**
 * Loads a model that ships, its files checked against the manifest.
 *
 * @param runtime `auto` takes ONNX Runtime, and TensorFlow.js where its native part cannot be loaded
 * @param threads for one run, ONNX Runtime only
 * @throws {LobbyError} `LOBBY_MODEL_MISSING`, `LOBBY_MODEL_CHANGED`, `LOBBY_MODEL_WRONG` or `LOBBY_RUNTIME_ABSENT`
 */
export async function openRunner(
  model: FoundModel<ShippedEntry>,
  runtime: 'auto' | RuntimeName,
  threads: number | undefined,
): Promise<GraphRunner> {
  if (runtime !== 'auto') return openOn(model, runtime, threads);
  try {
    return await openOn(model, 'onnxruntime', threads);
  } catch (error) {
    const absent = error instanceof LobbyError && error.code === 'LOBBY_RUNTIME_ABSENT';
    if (!absent || !model.entry.files.tfjs) throw error;
    return openOn(model, 'tfjs', threads);
  }
}
