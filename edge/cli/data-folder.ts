import { mkdirSync } from 'node:fs';
import { LobbyError } from '../../src/contract/errors.ts';
import { defaultDataFolder } from '../data/open-data.ts';
import { readBranch } from './files.ts';

/** The options by which a command says which service's data folder is meant. */
export interface Where {
  readonly branch?: string;
  readonly data?: string;
}

/**
 * The data folder that is meant, made for this user alone if it is not there.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID` where neither option says so, `LOBBY_BRANCH_*`
 */
export async function dataFolderOf({ branch, data }: Where): Promise<string> {
  const folder =
    data ?? (branch === undefined ? undefined : defaultDataFolder((await readBranch(branch)).id));
  if (folder === undefined) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'data',
      problem: 'it must say where the service keeps its data, or --branch which service is meant',
      value: 'absent',
    });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
