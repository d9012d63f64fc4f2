import { readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import type { ModelUse, RuntimeName } from '../../src/contract/manifest.ts';
import { peopleInFrame } from '../../src/core/detect/people-in-frame.ts';
import type { Person } from '../../src/core/units.ts';
import type { Detector } from '../../src/ports/detector.ts';
import type { GraphRunner } from './graph-runner.ts';
import { decoderOf } from './heads.ts';
import { defaultModel, findModel, findModelOfFile, findOwnModel, isPath } from './models-folder.ts';
import { openOnnx } from './onnx.ts';
import { openRunner } from './open-runner.ts';
import type { Provider } from './providers.ts';
import { ownModelsFolder } from './published.ts';
import { recognise } from './recognise.ts';
import { openRecorded } from './recorded.ts';

export interface DetectorRequest {
  /**
   * Id of a model in the manifest, or path of a file. A file that a `manifest.json` beside it lists is checked
   * like the shipped ones; any other ONNX file is taken as it is if it is a YOLOX. A recording (`.jsonl`) stands in for
   * a model. Default: the shipped one.
   */
  readonly model?: string;
  /** `auto` takes ONNX Runtime, and TensorFlow.js where its native part cannot be loaded. Default `auto`. */
  readonly runtime?: 'auto' | RuntimeName;
  /** Threads for one run, ONNX Runtime only. More: sooner done, less left for the rest of the box. Default: all cores, at most 4. */
  readonly threads?: number;
  /** Boxes of a lower score are not reported, 0 to 1. Lower: people half hidden are seen, and more noise. Default: the model's own. */
  readonly scoreThreshold?: number;
  /** How much two reported boxes may be one, 0 to 1. Lower: close people merge. Higher: people double. Default: the model's own. */
  readonly greatestOverlap?: number;
  /** What ONNX Runtime computes on. Default: the processor. */
  readonly provider?: Provider;
  /** Folder of the manifest and the models it lists. Default: the package's own. */
  readonly folder?: string;
  /** Folder of the models somebody added, looked into for an id that does not ship. Default: the user's. */
  readonly models?: string;
}

function checkRange(option: string, value: number | undefined): void {
  if (value === undefined || (value >= 0 && value <= 1)) return;
  throw new LobbyError('LOBBY_OPTION_INVALID', { option, problem: 'it must be 0 to 1', value });
}

/** A loaded model and what has to be known to use it. */
interface OpenModel {
  readonly use: ModelUse;
  readonly runner: GraphRunner;
  readonly isChecked: boolean;
}

/** Opens a file that no manifest lists; whoever names it answers for what is in it. */
async function openUnlisted(file: string, request: DetectorRequest): Promise<OpenModel> {
  const model = parse(file).name;
  if (request.runtime === 'tfjs') {
    throw new LobbyError('LOBBY_MODEL_WRONG', {
      model,
      problem: 'without a manifest it must run on onnxruntime',
    });
  }
  const { threads, provider = 'cpu' } = request;
  const runner = await openOnnx(model, [await readFile(file)], threads, { provider });
  try {
    return { use: recognise(model, runner.inputs, runner.outputs), runner, isChecked: false };
  } catch (error) {
    await runner.close();
    throw error;
  }
}

/** What ships goes first: nobody's own model takes the name of one. */
async function findById(id: string, { folder, models }: DetectorRequest) {
  try {
    return await findModel(id, folder);
  } catch (error) {
    const isUnknown = error instanceof LobbyError && error.code === 'LOBBY_MODEL_UNKNOWN';
    // Whoever gives a folder of models means that one.
    if (!isUnknown || (folder !== undefined && models === undefined)) throw error;
  }
  return findOwnModel(id, models ?? ownModelsFolder());
}

async function openModel(request: DetectorRequest): Promise<OpenModel> {
  const { model = defaultModel, runtime = 'auto', threads, provider } = request;
  const found = isPath(model) ? await findModelOfFile(model) : await findById(model, request);
  if (!found) return openUnlisted(model, request);
  const runner = await openRunner(found, runtime, threads, provider);
  return { use: found.entry, runner, isChecked: true };
}

/**
 * Opens a detector of people: checks the model's files against the manifest, loads them, and runs once on a
 * grey picture, because the first run is several times slower than the rest and would come just when the
 * first customer does.
 *
 * @throws {LobbyError} `LOBBY_MODEL_UNKNOWN`, `LOBBY_MODEL_MISSING`, `LOBBY_MODEL_CHANGED`, `LOBBY_MODEL_WRONG`,
 *         `LOBBY_RUNTIME_ABSENT`, `LOBBY_PROVIDER_ABSENT`, or `LOBBY_OPTION_INVALID` for a number out of range
 *
 * @example
 * ```ts
 * const detector = await openDetector({ threads: 1 });
 * const people = await detector.detect(frame);
 * await detector.close();
 * ```
 */
export async function openDetector(request: DetectorRequest = {}): Promise<Detector> {
  const { threads, scoreThreshold, greatestOverlap, model } = request;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    const problem = 'it must be a whole number of at least 1';
    throw new LobbyError('LOBBY_OPTION_INVALID', { option: 'threads', problem, value: threads });
  }
  if (model?.endsWith('.jsonl')) return openRecorded(model);
  checkRange('score-threshold', scoreThreshold);
  checkRange('greatest-overlap', greatestOverlap);

  const { use, runner, isChecked } = await openModel(request);
  const { input } = use;
  const decode = decoderOf(use);
  const lowestScore = scoreThreshold ?? use.scoreThreshold;
  const overlap = greatestOverlap ?? use.greatestOverlap;
  const bytes = input.width * input.height * 3;
  let isOpen = true;

  const run = async (rgb: Uint8Array): Promise<Person[]> => {
    return decode(await runner.run(rgb), lowestScore);
  };

  try {
    await run(new Uint8Array(bytes).fill(128));
  } catch (error) {
    await runner.close();
    if (error instanceof LobbyError) throw error;
    // It was loaded, and does not run: the graph and what is said of it do not go together.
    const problem = error instanceof Error ? error.message : String(error);
    throw new LobbyError('LOBBY_MODEL_WRONG', { model: use.id, problem }, { cause: error });
  }
  return {
    name: `${use.id} on ${runner.name}${isChecked ? '' : ', not in a manifest'}`,
    input,
    fit: use.fit,
    async detect(frame) {
      if (!isOpen) throw new Error(`Cannot detect: ${use.id} must be open, it was closed`);
      if (frame.rgb.length !== bytes) {
        throw new RangeError(
          `Cannot detect: a frame must be ${input.width}×${input.height} pixels of 3 bytes (${bytes}), ` +
            `current value is ${frame.rgb.length}`,
        );
      }
      return peopleInFrame(await run(frame.rgb), frame, overlap);
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await runner.close();
    },
  };
}
