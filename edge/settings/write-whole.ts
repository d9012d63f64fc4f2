import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a new text in the place of a file's old one: written beside it, brought to the disk, then renamed. Whoever
 * reads it, and whoever finds it after a kill or a power cut, has the old text or the new one and never a part.
 *
 * The file keeps its mode; where its name is a link, what it leads to is written.
 *
 * @param beforeRename called when the new text is on the disk and the old one still in its place
 * @throws what the file system says: `EACCES`, `EROFS`, `ENOSPC`, …; the old text stays
 */
export function writeWhole(file: string, text: string, beforeRename?: () => void): void {
  const target = realpathSync(file);
  accessSync(target, constants.W_OK);
  const mode = statSync(target).mode & 0o777;
  const beside = `${target}.new`;
  try {
    const written = openSync(beside, 'w', mode);
    try {
      fchmodSync(written, mode);
      writeSync(written, text);
      fsyncSync(written);
    } finally {
      closeSync(written);
    }
    beforeRename?.();
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true, recursive: false });
    throw error;
  }
  const folder = openSync(dirname(target), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
