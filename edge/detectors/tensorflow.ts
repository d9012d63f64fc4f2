import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GraphModel, loadGraphModelSync } from '@tensorflow/tfjs-converter';
import type * as Core from '@tensorflow/tfjs-core';
import { LobbyError } from '../../src/contract/errors.ts';
import type { LoadableEntry } from '../../src/contract/manifest.ts';
import type { GraphRunner } from './graph-runner.ts';

interface Tensorflow {
  readonly core: Pick<typeof Core, 'tensor' | 'tidy' | 'dispose' | 'io'>;
  readonly loadGraphModel: typeof loadGraphModelSync;
  /** What it computes on, for health. */
  readonly backend: string;
}

/** The native library; it is optional, and loading it throws where its native part was not installed. */
async function openNative(): Promise<Tensorflow> {
  // By a variable, so that neither types nor a bundler need what may be absent.
  const name = '@tensorflow/tfjs-node';
  await import(name);
  const core = await import('@tensorflow/tfjs-core');
  const { loadGraphModelSync } = await import('@tensorflow/tfjs-converter');
  if (!(await core.setBackend('tensorflow'))) throw new Error('its native library did not start');
  return { core, loadGraphModel: loadGraphModelSync, backend: 'native' };
}

/** WebAssembly, whose files lie in its own package; nothing is fetched. */
async function openWasm(): Promise<Tensorflow> {
  const core = await import('@tensorflow/tfjs-core');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const { loadGraphModelSync } = await import('@tensorflow/tfjs-converter');
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  if (!(await core.setBackend('wasm'))) throw new Error('its WebAssembly did not start');
  await core.ready();
  return { core, loadGraphModel: loadGraphModelSync, backend: 'wasm' };
}

/** Starts TensorFlow.js on the best backend there is here. */
export async function openLibrary(): Promise<Tensorflow> {
  try {
    return await openNative();
  } catch {
    // Expected on most boxes: the native part is downloaded by an install step that is switched off.
  }
  return openWasm().catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LobbyError('LOBBY_RUNTIME_ABSENT', { runtime: 'tfjs', reason }, { cause });
  });
}

/**
 * Loads a model into TensorFlow.js: on its native library where that is installed, else on WebAssembly, which
 * is several times slower. `name` says which it was.
 *
 * @param files the graph, then its weights
 * @throws {LobbyError} `LOBBY_RUNTIME_ABSENT` if neither can be loaded, `LOBBY_MODEL_WRONG` if the files are no
 *         model it knows
 */
export async function openTensorflow(
  entry: Pick<LoadableEntry, 'id' | 'input' | 'outputs'>,
  [graph, weights]: readonly Uint8Array[],
): Promise<GraphRunner> {
  const { core, loadGraphModel, backend } = await openLibrary();
  let model: GraphModel<Core.io.IOHandlerSync>;
  try {
    const json = JSON.parse(new TextDecoder().decode(graph)) as Core.io.ModelJSON;
    const weightData = weights!.slice().buffer as ArrayBuffer;
    model = loadGraphModel(
      core.io.fromMemorySync({
        modelTopology: json.modelTopology as Core.io.ModelArtifacts['modelTopology'] & object,
        weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
        weightData,
        ...(json.signature && { signature: json.signature }),
      }),
    );
  } catch (cause) {
    const problem = 'TensorFlow.js cannot read it';
    throw new LobbyError('LOBBY_MODEL_WRONG', { model: entry.id, problem }, { cause });
  }
  const { width, height } = entry.input;
  const names = entry.outputs.map(({ name }) => name);
  return {
    name: `tfjs (${backend})`,
    async run(rgb) {
      const answers = core.tidy(() => {
        const image = core.tensor(Int32Array.from(rgb), [1, height, width, 3], 'int32');
        return [model.execute(image, names)].flat();
      });
      try {
        const tables = await Promise.all(answers.map((answer) => answer.data<'float32'>()));
        return Object.fromEntries(names.map((name, index) => [name, tables[index]!]));
      } finally {
        core.dispose(answers);
      }
    },
    async close() {
      model.dispose();
    },
  };
}
