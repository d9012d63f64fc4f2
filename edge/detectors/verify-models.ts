import { LobbyError } from '../../src/contract/errors.ts';
import type { HeadWatcherEntry, ModelEntry, RuntimeName } from '../../src/contract/manifest.ts';
import { fitInto } from '../../src/core/detect/fit.ts';
import { overlapOf } from '../../src/core/detect/suppress.ts';
import type { HeadTurn, Person } from '../../src/core/units.ts';
import type { Frame } from '../../src/ports/camera.ts';
import {
  type FoundModel,
  modelsFolder,
  readChecked,
  readManifest,
  readOwnManifest,
} from './models-folder.ts';
import { openDetector } from './open-detector.ts';
import { openHeadWatcher } from './open-head-watcher.ts';
import { readPng } from './read-png.ts';

/** What became of one model on one runtime. */
export interface ModelVerdict {
  readonly model: string;
  readonly runtime: RuntimeName;
  readonly ok: boolean;
  /** What it ran on, as in health; absent where it could not be opened. */
  readonly name?: string;
  /** People expected in the golden image and found there; absent where it has none or did not run. */
  readonly people?: { readonly expected: number; readonly found: number };
  /** Where the head in the golden image is turned and was seen to be, in radians; of models of heads alone. */
  readonly yaw?: { readonly expected: number; readonly found: number | undefined };
  /** How long one picture took, warm. */
  readonly milliseconds?: number;
  /** What is wrong, and what to do about it. */
  readonly problem?: string;
  readonly remedy?: string;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly verdicts: readonly ModelVerdict[];
}

type Golden = NonNullable<ModelEntry['golden']>;

/**
 * Reads the picture a model is verified with, as a frame that a camera might have given.
 *
 * @throws {LobbyError} if it is not the picture the manifest means
 */
export async function readGolden(model: FoundModel, golden: Golden): Promise<Frame> {
  const { entry } = model;
  const { width, height, rgb } = readPng(
    await readChecked(model, { path: golden.image, sha256: golden.sha256 }),
  );
  if (width !== entry.input.width || height !== entry.input.height) {
    const problem = `its golden image must be ${entry.input.width}×${entry.input.height}, current value is ${width}×${height}`;
    throw new LobbyError('LOBBY_MODEL_WRONG', { model: entry.id, problem });
  }
  const fit = fitInto(golden.camera, entry.input, entry.fit);
  return { at: 0, camera: golden.camera, input: entry.input, fit, rgb };
}

function isExpected(person: Person, expected: Golden['people'][number], golden: Golden): boolean {
  const { box, score } = person;
  const edges = (['left', 'top', 'right', 'bottom'] as const).map((edge) =>
    Math.abs(box[edge] - expected[edge]),
  );
  return (
    Math.max(...edges) <= golden.tolerancePx && Math.abs(score - expected.score) <= golden.toleranceScore
  );
}

/** Says what differs between the people found and those expected, or nothing. */
function differenceOf(people: readonly Person[], golden: Golden): string | undefined {
  const missing = golden.people.find(
    (expected) => !people.some((person) => isExpected(person, expected, golden)),
  );
  if (missing) {
    const near = people.toSorted(
      (one, other) => overlapOf(other.box, missing) - overlapOf(one.box, missing),
    )[0];
    const instead = near ? ` (nearest: ${describe(near)})` : '';
    return `it must find ${describe({ box: missing, score: missing.score })}, and does not${instead}`;
  }
  const extra = people.length - golden.people.length;
  return extra > 0
    ? `it must find ${golden.people.length} people, current value is ${people.length}`
    : undefined;
}

function describe({ box, score }: Person): string {
  const [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom].map((edge) =>
    edge.toFixed(1),
  );
  return `somebody from ${left}, ${top} to ${right}, ${bottom} at ${score.toFixed(3)}`;
}

async function verifyOne(model: FoundModel, runtime: RuntimeName): Promise<ModelVerdict> {
  const { entry, folder } = model;
  const about = { model: entry.id, runtime };
  try {
    const { golden } = entry;
    const detector = await openDetector({
      model: entry.id,
      runtime,
      folder,
      threads: 1,
      ...(golden && { scoreThreshold: golden.lowestScore }),
    });
    try {
      const { name } = detector;
      if (!golden) return { ...about, ok: true, name };
      const frame = await readGolden(model, golden);
      const from = performance.now();
      const people = await detector.detect(frame);
      const milliseconds = performance.now() - from;
      const problem = differenceOf(people, golden);
      const verdict = {
        ...about,
        ok: problem === undefined,
        name,
        people: { expected: golden.people.length, found: people.length },
        milliseconds,
      };
      if (problem === undefined) return verdict;
      const wrong = new LobbyError('LOBBY_MODEL_WRONG', { model: entry.id, problem });
      return { ...verdict, problem: wrong.message, remedy: rebuild };
    } finally {
      await detector.close();
    }
  } catch (error) {
    if (!(error instanceof LobbyError)) throw error;
    return { ...about, ok: false, problem: error.message, remedy: error.remedy };
  }
}

/** Whether a model that did not ship is what was added, and runs. */
async function verifyOwn(id: string, models: string): Promise<ModelVerdict> {
  const about = { model: id, runtime: 'onnxruntime' as const };
  try {
    const detector = await openDetector({ ...about, models, threads: 1 });
    const { name } = detector;
    await detector.close();
    return { ...about, ok: true, name };
  } catch (error) {
    if (!(error instanceof LobbyError)) throw error;
    return { ...about, ok: false, problem: error.message, remedy: 'Add it again with `lobby models add`.' };
  }
}

/**
 * Reads the close-up a model of heads is verified with, as a frame of which it is the whole.
 *
 * @throws {LobbyError} if it is not the picture the manifest means
 */
export async function readGoldenHead(
  model: FoundModel<HeadWatcherEntry>,
  golden: NonNullable<HeadWatcherEntry['golden']>,
): Promise<Frame> {
  const { input, id } = model.entry;
  const { width, height, rgb } = readPng(
    await readChecked(model, { path: golden.image, sha256: golden.sha256 }),
  );
  if (width !== input.width || height !== input.height) {
    const problem = `its golden image must be ${input.width}×${input.height}, current value is ${width}×${height}`;
    throw new LobbyError('LOBBY_MODEL_WRONG', { model: id, problem });
  }
  return { at: 0, camera: input, input, fit: fitInto(input, input, 'stretch'), rgb, closeUp: () => rgb };
}

/** Radians between two directions, the short way round. */
const between = (one: number, other: number): number =>
  Math.abs(Math.atan2(Math.sin(one - other), Math.cos(one - other)));

async function verifyHeadWatcher(
  model: FoundModel<HeadWatcherEntry>,
  runtime: RuntimeName,
): Promise<ModelVerdict> {
  const { entry, folder } = model;
  const about = { model: entry.id, runtime };
  try {
    const { golden } = entry;
    const watcher = await openHeadWatcher({ model: entry.id, runtime, folder });
    try {
      const { name } = watcher;
      if (!golden) return { ...about, ok: true, name };
      const frame = await readGoldenHead(model, golden);
      const from = performance.now();
      const head = await watcher.watch(frame, { left: 0, top: 0, right: 1, bottom: 1 });
      const milliseconds = performance.now() - from;
      const ok = head !== undefined && isExpectedHead(head, golden);
      const yaw = { expected: golden.yaw, found: head?.yaw };
      const verdict = { ...about, ok, name, yaw, milliseconds };
      if (ok) return verdict;
      const instead = head === undefined ? 'none' : `${head.yaw} at ${head.score}`;
      const problem = `it must see a head turned by ${golden.yaw} at ${golden.score}, current value is ${instead}`;
      const wrong = new LobbyError('LOBBY_MODEL_WRONG', { model: entry.id, problem });
      return { ...verdict, problem: wrong.message, remedy: rebuild };
    } finally {
      await watcher.close();
    }
  } catch (error) {
    if (!(error instanceof LobbyError)) throw error;
    return { ...about, ok: false, problem: error.message, remedy: error.remedy };
  }
}

function isExpectedHead(head: HeadTurn, golden: NonNullable<HeadWatcherEntry['golden']>): boolean {
  return (
    between(head.yaw, golden.yaw) <= golden.toleranceRadians &&
    Math.abs(head.score - golden.score) <= golden.toleranceScore
  );
}

const rebuild = 'Run `lobby models build` to make it again.';

/**
 * Checks each model that ships: its files against their hashes, then, on each runtime it has files for, that it
 * finds in its golden image the people it has to find, where it has to, and nobody else; or sees the head in it turned
 * the way it is.
 *
 * @returns one verdict a model and runtime, in the manifest's order; trouble with a model is a verdict
 * @throws {LobbyError} if the manifest itself cannot be read
 */
export async function verifyModels(
  request: {
    readonly folder?: string;
    readonly runtimes?: readonly RuntimeName[];
    /** A folder of models that did not ship: they are held against their hashes and run, having no golden image. */
    readonly own?: string;
  } = {},
): Promise<VerifyReport> {
  const { folder = modelsFolder, runtimes = ['onnxruntime', 'tfjs'], own } = request;
  const { models, headWatchers } = await readManifest(folder);
  const verdicts: ModelVerdict[] = [];
  for (const entry of models) {
    for (const runtime of runtimes) {
      if (entry.files[runtime]) verdicts.push(await verifyOne({ entry, folder }, runtime));
    }
  }
  for (const entry of headWatchers) {
    for (const runtime of runtimes) {
      if (entry.files[runtime]) verdicts.push(await verifyHeadWatcher({ entry, folder }, runtime));
    }
  }
  if (own !== undefined) {
    for (const { id } of (await readOwnManifest(own)).models) verdicts.push(await verifyOwn(id, own));
  }
  return { ok: verdicts.every(({ ok }) => ok), verdicts };
}
