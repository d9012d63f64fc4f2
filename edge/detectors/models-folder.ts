import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type HeadWatcherEntry,
  type LoadableEntry,
  type Manifest,
  type ModelEntry,
  manifestSchema,
  type OwnManifest,
  type OwnModelEntry,
  ownManifestSchema,
  type RuntimeName,
} from '../../src/contract/manifest.ts';
import { refuseWritable } from '../access/file-modes.ts';
import { packageRoot } from '../package-root.ts';

/** The models that ship with the service. */
export const modelsFolder: string = join(packageRoot, 'models');

/** The model that is used unless another is asked for. */
export const defaultModel = 'person-nanodet-640x384';

/** The model that looks at far doors more closely. */
export const doorModel = 'person-nanodet-320x256';

/** The model that sees where heads are turned. */
export const defaultHeadWatcher = 'head-movenet-192';

/**
 * Reads which models a folder holds.
 *
 * @throws {LobbyError} `LOBBY_FILE_MISSING`, or `LOBBY_FILE_INVALID` naming the field
 */
export async function readManifest(folder: string = modelsFolder): Promise<Manifest> {
  const file = join(folder, 'manifest.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LobbyError('LOBBY_FILE_MISSING', { file }, { cause });
  });
  return parseManifest(text, file);
}

/**
 * Reads which models of their own somebody keeps in a folder; none where there is no manifest.
 *
 * @throws {LobbyError} `LOBBY_FILE_INVALID` naming the field, `LOBBY_FILE_OPEN` where everybody could put one there
 */
export async function readOwnManifest(folder: string): Promise<OwnManifest> {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) return { version: 1, models: [] };
  refuseWritable(folder);
  refuseWritable(file);
  const hint = 'Correct it, or delete it and add the models anew with `lobby models add`.';
  return parse(ownManifestSchema, await readFile(file, 'utf8'), file, hint);
}

/** @throws {LobbyError} `LOBBY_FILE_INVALID` naming the field */
export function parseManifest(text: string, file: string): Manifest {
  return parse(manifestSchema, text, file, 'Restore models/manifest.json, or run `lobby models build`.');
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  file: string,
  hint: string,
): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new LobbyError('LOBBY_FILE_INVALID', { file, problem: 'it is not JSON', hint }, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  throw new LobbyError('LOBBY_FILE_INVALID', {
    file,
    problem: `${path.join('.')}: ${message}`.slice(0, 600),
    hint,
  });
}

/** A model and the folder its files are in. */
export interface FoundModel<Entry extends LoadableEntry = ModelEntry> {
  readonly entry: Entry;
  readonly folder: string;
}

/** Whether a model is asked for by the path of its file, not by its id. */
export function isPath(model: string): boolean {
  return model.includes('/') || model.endsWith('.onnx');
}

/**
 * Finds a model by its id.
 *
 * @throws {LobbyError} `LOBBY_MODEL_UNKNOWN` if the manifest does not list it
 */
export async function findModel(id: string, folder: string = modelsFolder): Promise<FoundModel> {
  const entry = (await readManifest(folder)).models.find((model) => model.id === id);
  if (!entry) throw new LobbyError('LOBBY_MODEL_UNKNOWN', { model: id });
  return { entry, folder };
}

/**
 * Finds a model by its id among those somebody keeps of their own.
 *
 * @throws {LobbyError} `LOBBY_MODEL_UNKNOWN`, and as `readOwnManifest`
 */
export async function findOwnModel(id: string, folder: string): Promise<FoundModel<OwnModelEntry>> {
  const entry = (await readOwnManifest(folder)).models.find((model) => model.id === id);
  if (!entry) throw new LobbyError('LOBBY_MODEL_UNKNOWN', { model: id });
  return { entry, folder };
}

/**
 * Finds the model that sees where heads are turned.
 *
 * @throws {LobbyError} `LOBBY_MODEL_UNKNOWN` if the manifest does not list it
 */
export async function findHeadWatcher(
  id: string = defaultHeadWatcher,
  folder: string = modelsFolder,
): Promise<FoundModel<HeadWatcherEntry>> {
  const entry = (await readManifest(folder)).headWatchers.find((model) => model.id === id);
  if (!entry) throw new LobbyError('LOBBY_MODEL_UNKNOWN', { model: id });
  return { entry, folder };
}

/**
 * Finds the model that a file belongs to, if a `manifest.json` beside the file lists it.
 *
 * @throws {LobbyError} `LOBBY_MODEL_MISSING` if there is no such file
 */
export async function findModelOfFile(file: string): Promise<FoundModel | undefined> {
  const path = resolve(file);
  if (!existsSync(path)) throw new LobbyError('LOBBY_MODEL_MISSING', { model: file, file: path });
  const folder = dirname(path);
  if (!existsSync(join(folder, 'manifest.json'))) return undefined;
  const entry = (await readManifest(folder)).models.find(({ files }) =>
    [...(files.onnxruntime ?? []), ...(files.tfjs ?? [])].some(
      (listed) => join(folder, listed.path) === path,
    ),
  );
  return entry && { entry, folder };
}

/** The sha256 of some bytes, in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads one file of a model, and refuses it unless it is the one the manifest means. The bytes that were
 * hashed are the bytes that are run: the file is not opened a second time.
 *
 * @throws {LobbyError} `LOBBY_MODEL_MISSING` or `LOBBY_MODEL_CHANGED`
 */
export async function readChecked(
  { entry, folder }: FoundModel<LoadableEntry>,
  file: { readonly path: string; readonly sha256: string },
): Promise<Uint8Array> {
  const path = join(folder, file.path);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new LobbyError('LOBBY_MODEL_MISSING', { model: entry.id, file: path }, { cause });
  });
  const actual = sha256Of(bytes);
  if (actual !== file.sha256) {
    throw new LobbyError('LOBBY_MODEL_CHANGED', { model: entry.id, expected: file.sha256, actual });
  }
  return bytes;
}

/**
 * Reads all files that a runtime needs, in the manifest's order.
 *
 * @throws {LobbyError} `LOBBY_MODEL_WRONG` if the model has no files for the runtime
 */
export async function readModelFiles(
  model: FoundModel<LoadableEntry>,
  runtime: RuntimeName,
): Promise<Uint8Array[]> {
  const files = model.entry.files[runtime];
  if (!files) {
    const problem = `it has no files for ${runtime}`;
    throw new LobbyError('LOBBY_MODEL_WRONG', { model: model.entry.id, problem });
  }
  return Promise.all(files.map((file) => readChecked(model, file)));
}
