import { extname } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  findPublished,
  ownModelsFolder,
  type PublishedModel,
  publishedModels,
} from '../detectors/published.ts';
import { pullModel } from '../detectors/pull-model.ts';

export interface PullOptions {
  readonly models?: string;
  readonly from?: string;
  readonly sha256?: string;
}

/**
 * Fetches a model that does not ship and says where it lies; without a name, says which there are.
 *
 * @throws {LobbyError} `LOBBY_MODEL_UNPUBLISHED`, `LOBBY_PULL_FAILED`, `LOBBY_PULL_WRONG`, `LOBBY_OPTION_INVALID`
 */
export async function pull(name: string | undefined, options: PullOptions): Promise<void> {
  const folder = options.models ?? ownModelsFolder();
  if (name === undefined) {
    for (const {
      id,
      title,
      licence,
      use,
      files,
      package: { name: carrier, version },
    } of publishedModels) {
      const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
      console.log(`${id}  ${title}, ${licence}, ${megabytes.toFixed(1)} MB`);
      console.log(`  for ${use}`);
      for (const { path, sha256 } of files) {
        console.log(`  ${carrier}@${version} ${path}\n  sha256 ${sha256}`);
      }
    }
    return;
  }
  const model = options.sha256 === undefined ? findPublished(name) : unlisted(name, options);
  const { paths, wasThere } = await pullModel({
    model,
    folder,
    ...(options.from === undefined ? {} : { from: options.from }),
  });
  for (const path of paths) console.log(path);
  console.error(
    wasThere
      ? `${name} was there already, with the right hash`
      : `${name}: ${model.licence}, the hash is right`,
  );
}

/** A model that the user knows and the list does not. */
function unlisted(id: string, { from, sha256 }: PullOptions): PublishedModel {
  const wrong = (option: string, problem: string, value: string): LobbyError =>
    new LobbyError('LOBBY_OPTION_INVALID', { option, problem, value });
  if (from === undefined) throw wrong('sha256', 'it must have --from beside it', sha256!);
  if (!/^[0-9a-f]{64}$/.test(sha256!)) throw wrong('sha256', 'it must be 64 hexadecimal digits', sha256!);
  if (!/^[a-z0-9-]{1,60}$/.test(id)) {
    throw new LobbyError('LOBBY_MODEL_UNPUBLISHED', {
      model: id,
      known: `names of lower-case letters, digits and hyphens; ${publishedModels.map((one) => one.id).join(', ')}`,
    });
  }
  if (publishedModels.some((one) => one.id === id)) {
    throw wrong('sha256', `${id} is on the list, which says what it must hash to`, sha256!);
  }
  // What stands after an address's path is no part of a file's name.
  const path = from.replace(/[?#].*$/, '');
  const end = /^\.[a-z0-9]{1,10}$/i.test(extname(path)) ? extname(path).toLowerCase() : '';
  return {
    id,
    title: id,
    licence: 'of a licence you know',
    origin: from,
    use: '`lobby models add`',
    package: { name: id, version: '0.0.0' },
    files: [{ path, name: `${id}${end}`, sha256: sha256!, bytes: 0 }],
  };
}
