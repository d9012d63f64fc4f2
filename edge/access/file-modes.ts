import { type Stats, statSync } from 'node:fs';
import { LobbyError } from '../../src/contract/errors.ts';

const othersRead = 0o004;
const othersWrite = 0o002;

function modeOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // That it is not there is told by whoever reads it.
    return undefined;
  }
}

/**
 * Holds that not everybody on the machine can change a file or a folder that the service goes by.
 *
 * Those of its group may: that is how an administrator and the service share a file.
 *
 * @throws {LobbyError} `LOBBY_FILE_OPEN`
 */
export function refuseWritable(path: string): void {
  const found = modeOf(path);
  if (found !== undefined && (found.mode & othersWrite) !== 0) {
    throw new LobbyError('LOBBY_FILE_OPEN', { file: path });
  }
}

/**
 * The same, and tells where everybody can read what is for the service alone. That is told and not refused: where
 * secrets are mounted into a container, they are often readable to all in it, and nobody else is there.
 *
 * @throws {LobbyError} `LOBBY_FILE_OPEN` when everybody can change it
 */
export function keepPrivate(path: string, onRemark: (sentence: string) => void): void {
  refuseWritable(path);
  const found = modeOf(path);
  if (found !== undefined && (found.mode & othersRead) !== 0) {
    onRemark(`everybody on this machine may read ${path}: \`chmod o-rwx\` it`);
  }
}
