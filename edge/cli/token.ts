import { join } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import { type AccessRole, openTokens, type Tokens } from '../access/tokens.ts';
import { systemClock } from '../system-clock.ts';
import { dataFolderOf, type Where } from './data-folder.ts';

/** The tokens of a data folder: a running service reads them again when they change. */
async function tokensOf(where: Where): Promise<Tokens> {
  const folder = await dataFolderOf(where);
  return openTokens({ file: join(folder, 'tokens.json'), now: () => systemClock.now() });
}

export async function addToken(options: Where & { readonly role: AccessRole }): Promise<void> {
  const { text, id } = (await tokensOf(options)).issue(options.role);
  console.log(`${text}\n`);
  console.error(`Token ${id} for the role ${options.role}. It is shown this once, and kept nowhere.`);
}

export async function listTokens(options: Where): Promise<void> {
  for (const { id, role, madeAt } of (await tokensOf(options)).list) {
    console.log(`${id}  ${role.padEnd(10)}  made ${madeAt}`);
  }
}

export async function revokeToken(id: string, options: Where): Promise<void> {
  if (!(await tokensOf(options)).revoke(id)) throw new LobbyError('LOBBY_TOKEN_UNKNOWN', { id });
  console.error(`Token ${id} counts no more.`);
}
