import { LobbyError } from '../../src/contract/errors.ts';
import type { ModelEntry, RuntimeName } from '../../src/contract/manifest.ts';
import { decodeNanodet } from '../../src/core/detect/nanodet.ts';
import { peopleInFrame } from '../../src/core/detect/people-in-frame.ts';
import type { Person, Size } from '../../src/core/units.ts';
import type { Detector } from '../../src/ports/detector.ts';
import type { GraphRunner } from './graph-runner.ts';
import { defaultModel, type FoundModel, findModel, modelsFolder, readModelFiles } from './models-folder.ts';
import { openOnnx } from './onnx.ts';
import { openTensorflow } from './tensorflow.ts';

export interface DetectorRequest {
  /** Id of a model in the manifest, or path of a model file whose folder has a manifest. Default: the shipped one. */
  readonly model?: string;
  /** `auto` takes ONNX Runtime, and TensorFlow.js where its native part cannot be loaded. Default `auto`. */
  readonly runtime?: 'auto' | RuntimeName;
  /** Threads for one run, ONNX Runtime only. More: sooner done, less left for the rest of the box. Default: all cores but one, at most 4. */
  readonly threads?: number;
  /** Boxes of a lower score are not reported, 0 to 1. Lower: people half hidden are seen, and more noise. Default: the model's own. */
  readonly scoreThreshold?: number;
  /** How much two reported boxes may be one, 0 to 1. Lower: close people merge. Higher: people double. Default: the model's own. */
  readonly greatestOverlap?: number;
  /** Folder of the manifest and the models it lists. Default: the package's own. */
  readonly folder?: string;
}

type Answers = Readonly<Record<string, Float32Array>>;

/** How the answers of each kind of head become candidates in input pixels. A new head is one line here. */
const heads: Partial<
  Record<ModelEntry['head'], (answers: Answers, input: Size, lowestScore: number) => Person[]>
> = {
  nanodet: ({ scores, sides }, input, lowestScore) =>
    decodeNanodet({ scores: scores!, sides: sides! }, input, lowestScore),
};

function checkRange(option: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new LobbyError('LOBBY_OPTION_INVALID', { option, problem: 'it must be 0 to 1', value });
}

async function openRunner(
  model: FoundModel,
  runtime: RuntimeName,
  threads: number | undefined,
): Promise<GraphRunner> {
  const files = await readModelFiles(model, runtime);
  return runtime === 'onnxruntime'
    ? openOnnx(model.entry, files, threads)
    : openTensorflow(model.entry, files);
}

async function openAnyRunner(model: FoundModel, threads: number | undefined): Promise<GraphRunner> {
  try {
    return await openRunner(model, 'onnxruntime', threads);
  } catch (error) {
    const absent = error instanceof LobbyError && error.code === 'LOBBY_RUNTIME_ABSENT';
    if (!absent || !model.entry.files.tfjs) throw error;
    return openRunner(model, 'tfjs', threads);
  }
}

/**
 * Opens a detector of people: checks the model's files against the manifest, loads them, and runs once on a
 * grey picture, because the first run is several times slower than the rest and would come just when the
 * first customer does.
 *
 * @throws {LobbyError} `LOBBY_MODEL_UNKNOWN`, `LOBBY_MODEL_MISSING`, `LOBBY_MODEL_CHANGED`, `LOBBY_MODEL_WRONG`,
 *         `LOBBY_RUNTIME_ABSENT`, or `LOBBY_OPTION_INVALID` for a number out of range
 *
 * @example
 * ```ts
 * const detector = await openDetector({ threads: 1 });
 * const people = await detector.detect(frame);
 * await detector.close();
 * ```
 */
export async function openDetector(request: DetectorRequest = {}): Promise<Detector> {
  const { runtime = 'auto', threads, folder = modelsFolder } = request;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    const problem = 'it must be a whole number of at least 1';
    throw new LobbyError('LOBBY_OPTION_INVALID', { option: 'threads', problem, value: threads });
  }
  const model = await findModel(request.model ?? defaultModel, folder);
  const { entry } = model;
  const lowestScore = checkRange('score-threshold', request.scoreThreshold ?? entry.scoreThreshold);
  const greatestOverlap = checkRange('greatest-overlap', request.greatestOverlap ?? entry.greatestOverlap);
  const decode = heads[entry.head];
  if (!decode) {
    const problem = `answers of the kind ${entry.head} cannot be read yet`;
    throw new LobbyError('LOBBY_MODEL_WRONG', { model: entry.id, problem });
  }

  const runner =
    runtime === 'auto' ? await openAnyRunner(model, threads) : await openRunner(model, runtime, threads);
  const { input } = entry;
  const bytes = input.width * input.height * 3;
  let isOpen = true;

  await runner.run(new Uint8Array(bytes).fill(128));
  return {
    name: `${entry.id} on ${runner.name}`,
    input,
    fit: entry.fit,
    async detect(frame) {
      if (!isOpen) throw new Error(`Cannot detect: ${entry.id} must be open, it was closed`);
      if (frame.rgb.length !== bytes) {
        throw new RangeError(
          `Cannot detect: a frame must be ${input.width}×${input.height} pixels of 3 bytes (${bytes}), ` +
            `current value is ${frame.rgb.length}`,
        );
      }
      const answers = await runner.run(frame.rgb);
      return peopleInFrame(decode(answers, input, lowestScore), frame, greatestOverlap);
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await runner.close();
    },
  };
}
