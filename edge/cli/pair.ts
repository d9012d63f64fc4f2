import { join } from 'node:path';
import { browserSource } from '../../src/contract/browser-camera-limits.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { codeSeconds, openPairings, type Pairings, pairingsFile } from '../access/pairings.ts';
import { systemClock } from '../system-clock.ts';
import { dataFolderOf, type Where } from './data-folder.ts';
import { readBranch } from './files.ts';

/** The pairings of a data folder: a running service reads them again when they change. */
async function pairingsOf(where: Where): Promise<Pairings> {
  const folder = await dataFolderOf(where);
  return openPairings({ file: join(folder, pairingsFile), now: () => systemClock.now() });
}

/**
 * Makes a code for a camera of the branch file and shows it this once.
 *
 * @throws {LobbyError} `LOBBY_PAIRING_CAMERA` where there is no such camera
 */
export async function makeCode(
  options: Where & { readonly branch: string; readonly camera?: string },
): Promise<void> {
  const pages = (await readBranch(options.branch)).cameras.filter(({ source }) => source === browserSource);
  const camera = options.camera ?? (pages.length === 1 ? pages[0]!.id : undefined);
  if (camera === undefined || !pages.some(({ id }) => id === camera)) {
    throw new LobbyError('LOBBY_PAIRING_CAMERA', { camera: camera ?? '(none named)' });
  }
  const { code } = (await pairingsOf(options)).makeCode(camera);
  console.log(`${code.slice(0, 4)}-${code.slice(4)}`);
  console.error(
    `Open /camera of the box on the tablet and enter this code: it makes the page camera ${camera}, once and within ${codeSeconds / 60} minutes.`,
  );
}

export async function listPages(options: Where): Promise<void> {
  for (const { id, camera, madeAt } of (await pairingsOf(options)).list) {
    console.log(`${id}  ${camera}  paired ${madeAt}`);
  }
}

export async function revokePage(id: string, options: Where): Promise<void> {
  if (!(await pairingsOf(options)).revoke(id)) throw new LobbyError('LOBBY_PAIRING_UNKNOWN', { id });
  console.error(`The page ${id} is no camera any more.`);
}
