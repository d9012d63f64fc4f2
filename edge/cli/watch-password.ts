import { readFile, rename, writeFile } from 'node:fs/promises';
import { LobbyError } from '../../src/contract/errors.ts';
import { watchLoginLine } from '../brokers/watch-logins.ts';
import { firstLine } from './first-line.ts';

const leastLetters = 8;

/**
 * Writes a watch's login into the file that `--watch-password-file` reads, in the place of one of the same name. The
 * password is the first line of the input, so that it is in no list of processes and no history of a shell.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID` when the name or the password will not do, `LOBBY_FILE_UNWRITABLE`
 */
export async function writeWatchPassword(
  file: string,
  username: string,
  input: NodeJS.ReadableStream,
): Promise<void> {
  if (!/^[A-Za-z0-9-]{1,40}$/.test(username)) {
    const problem = 'it must be 1 to 40 letters, digits and hyphens';
    throw new LobbyError('LOBBY_OPTION_INVALID', { option: 'name', problem, value: username });
  }
  const password = await firstLine(input);
  if (password.length < leastLetters) {
    const problem = `the password must have at least ${leastLetters} letters`;
    throw new LobbyError('LOBBY_OPTION_INVALID', { option: 'name', problem, value: username });
  }
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw unwritable(file, error);
  });
  const others = before.split('\n').filter((line) => line !== '' && !line.startsWith(`${username}:`));
  const text = [...others, await watchLoginLine(username, password), ''].join('\n');
  try {
    // Whole or not at all: a service that starts meanwhile reads the one or the other.
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw unwritable(file, error as NodeJS.ErrnoException);
  }
}

function unwritable(file: string, cause: NodeJS.ErrnoException): LobbyError {
  return new LobbyError('LOBBY_FILE_UNWRITABLE', { file, reason: cause.code ?? 'unknown' }, { cause });
}
