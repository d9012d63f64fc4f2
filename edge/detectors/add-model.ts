import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, parse } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import { type OwnModelEntry, ownManifestSchema } from '../../src/contract/manifest.ts';
import { overlapOf } from '../../src/core/detect/suppress.ts';
import type { Person, PixelBox, Seconds } from '../../src/core/units.ts';
import type { Frame } from '../../src/ports/camera.ts';
import { measuresAmong } from '../audit/check-models.ts';
import { readManifest, readOwnManifest, sha256Of } from './models-folder.ts';
import { openOnnx } from './onnx.ts';
import { openDetector } from './open-detector.ts';
import {
  type Known,
  type Measured,
  type Proposal,
  proposeEntry,
  readInputs,
  type Said,
} from './propose-entry.ts';
import { ownModelsFolder } from './published.ts';
import { frameOf, shippedFrame } from './trial-frame.ts';

export interface AddRequest {
  /** An ONNX file. */
  readonly file: string;
  readonly said: Said;
  /** What to call it. Default: the file's name. */
  readonly id?: string;
  readonly licence?: string;
  /** The user's models. Default: `ownModelsFolder()`. */
  readonly folder?: string;
  /** A picture or a clip to try it on. Default: the picture that ships. */
  readonly frame?: string;
  readonly at?: Seconds;
  /** Look at it, try it, and keep nothing. */
  readonly isDryRun?: boolean;
}

export interface Added {
  readonly entry: OwnModelEntry;
  readonly known: readonly Known[];
  /** What it found, and the frame it was tried on: it is gone when its holder lets go. */
  readonly trial: {
    readonly name: string;
    readonly frame: Frame;
    readonly people: readonly Person[];
    readonly milliseconds: number;
    /** Of the picture that ships: how many are in it, and how many of them were found. */
    readonly expected?: { readonly there: number; readonly found: number };
  };
  /** Where it was kept; absent after a dry run. */
  readonly keptIn?: string;
}

const idOf = (file: string): string =>
  parse(file)
    .name.toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);

/**
 * Adds a model somebody brought: looks at its graph, proposes what a manifest says of it, runs it on a frame, and keeps it
 * in the user's folder under its hash. The package's own folder is never written to.
 *
 *     file ──▶ inputs, outputs ──▶ one run ──▶ entry ──▶ opened as the service would ──▶ who is there ──▶ kept
 *
 * @throws {LobbyError} `LOBBY_FILE_MISSING`, `LOBBY_MODEL_WRONG` for a file that is no model, `LOBBY_MODEL_MEASURES` for
 *         one that could tell people apart, `LOBBY_MODEL_UNTOLD` where something has to be said first,
 *         `LOBBY_FILE_UNWRITABLE`
 */
export async function addModel(request: AddRequest): Promise<Added> {
  const { file, folder = ownModelsFolder(), licence = 'not said', isDryRun = false } = request;
  const id = request.id ?? idOf(file);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new LobbyError('LOBBY_FILE_MISSING', { file }, { cause });
  });
  if (!/^[a-z0-9-]{1,60}$/.test(id)) {
    const problem = 'it must be 1 to 60 lower-case letters, digits and hyphens';
    throw new LobbyError('LOBBY_OPTION_INVALID', { option: 'name', problem, value: id });
  }
  if ((await readManifest()).models.some((one) => one.id === id)) {
    const problem = 'a model of that name ships';
    throw new LobbyError('LOBBY_OPTION_INVALID', { option: 'name', problem, value: id });
  }
  const before = await readOwnManifest(folder);
  const { use, known } = await look(id, bytes, request);
  const name = `${id}.onnx`;
  const entry: OwnModelEntry = {
    ...use,
    title: `${use.head}, ${use.input.width}×${use.input.height}`,
    files: { onnxruntime: [{ path: name, sha256: sha256Of(bytes), bytes: bytes.length }] },
    licence,
    origin: basename(file),
  };
  const after = ownManifestSchema.parse({
    version: 1,
    models: [entry, ...before.models.filter((one) => one.id !== id)],
  });
  const place = isDryRun ? tmpdir() : folder;
  let staged: string | undefined;
  try {
    await writing(place, () => mkdir(place, { recursive: true }));
    staged = await writing(place, () => mkdtemp(join(place, '.adding-')));
    const stage = staged;
    await writing(stage, async () => {
      await copyFile(file, join(stage, name));
      await writeFile(join(stage, 'manifest.json'), JSON.stringify({ version: 1, models: [entry] }));
    });
    const trial = await tryOut(id, staged, request);
    if (isDryRun) return { entry, known, trial };
    await writing(folder, async () => {
      await writeFile(join(stage, 'manifest.json'), `${JSON.stringify(after, null, 2)}\n`);
      await rename(join(stage, name), join(folder, name));
      await rename(join(stage, 'manifest.json'), join(folder, 'manifest.json'));
    });
    return { entry, known, trial, keptIn: folder };
  } finally {
    if (staged !== undefined) await rm(staged, { recursive: true, force: true });
  }
}

async function writing<Result>(file: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LobbyError('LOBBY_FILE_UNWRITABLE', { file, reason }, { cause });
  }
}

/** Opens the graph once without an entry, runs it on a picture, and proposes what the entry says. */
async function look(id: string, bytes: Buffer, { said }: AddRequest): Promise<Proposal> {
  const closed = await openOnnx(id, [bytes], 1);
  await closed.close();
  refuseMeasures(id, closed.outputs);
  const input = readInputs(id, closed.inputs, said);
  const { size, layout, type, sizeInput } = input;
  const scale: [number, number, number] = [1 / 255, 1 / 255, 1 / 255];
  const picture = {
    layout,
    type,
    channels: 'rgb' as const,
    ...(type === 'uint8' ? {} : { scale }),
    ...(sizeInput === undefined ? {} : { sizeInput }),
    ...size,
    shape: layout === 'nchw' ? [1, 3, size.height, size.width] : [1, size.height, size.width, 3],
  };
  const runner = await openOnnx(id, [bytes], 1, { picture });
  try {
    const { frame } = await shippedFrame({ input: size, fit: 'stretch' });
    const { answers, shapes } = await runner.measure(frame.rgb).catch((cause: unknown) => {
      const problem = `it does not run at ${size.width}×${size.height}: ${cause instanceof Error ? cause.message : cause}`;
      const hint = input.isSizeOpen
        ? 'Say another with --size.'
        : 'Export it again; `lobby models add` needs one that runs.';
      throw new LobbyError('LOBBY_MODEL_UNTOLD', { model: id, problem, hint }, { cause });
    });
    const measured: Measured[] = runner.outputs.map(({ name, type: kind }) => ({
      name,
      type: kind,
      shape: shapes[name] ?? [],
      numbers: answers[name] ?? new Float32Array(),
    }));
    // What the graph leaves open may be a measure all the same.
    refuseMeasures(id, measured);
    return proposeEntry(id, input, measured, said);
  } finally {
    await runner.close();
  }
}

function refuseMeasures(
  id: string,
  outputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[],
): void {
  const [output] = measuresAmong(outputs);
  if (output !== undefined) throw new LobbyError('LOBBY_MODEL_MEASURES', { model: id, output });
}

/** Opens it as the service would, and looks at one frame, warm. */
async function tryOut(
  id: string,
  staged: string,
  { frame: source, at }: AddRequest,
): Promise<Added['trial']> {
  const detector = await openDetector({ model: id, models: staged, runtime: 'onnxruntime' });
  try {
    const shipped = source === undefined ? await shippedFrame(detector) : undefined;
    const frame = shipped?.frame ?? (await frameOf(source!, detector, at));
    await detector.detect(frame);
    const from = performance.now();
    const people = await detector.detect(frame);
    const milliseconds = performance.now() - from;
    const { name } = detector;
    const about = { name, frame, people, milliseconds };
    return shipped === undefined ? about : { ...about, expected: foundOf(people, shipped.people) };
  } finally {
    await detector.close();
  }
}

/** Sure enough to begin a track, and mostly where somebody is. */
const sure = 0.5;

function foundOf(
  people: readonly Person[],
  there: readonly PixelBox[],
): { readonly there: number; readonly found: number } {
  const seen = people.filter(({ score }) => score >= sure);
  const found = there.filter((box) => seen.some((one) => overlapOf(one.box, box) >= 0.5));
  return { there: there.length, found: found.length };
}
