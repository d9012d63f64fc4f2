import { close, closeSync, fdatasyncSync, fsync, open, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a new text in the place of a file's old one. After a kill the new text is there; after a power cut the new one
 * or the old one, whole: what a name leads to is on the disk before it is given that name.
 *
 * That the name leads to it now is brought to the disk a moment later, and held up by nobody: what a power cut takes
 * by that is the last change, as of the journal.
 *
 * @throws what the file system says; the old text stays
 */
export function putInPlace(file: string, text: string): void {
  const beside = `${file}.new`;
  const written = openSync(beside, 'w', 0o600);
  try {
    writeFileSync(written, text);
    fdatasyncSync(written);
  } finally {
    closeSync(written);
  }
  renameSync(beside, file);
  syncFolderOf(file);
}

/** Brings to the disk which names a folder has. Where a file system cannot, it has its own way. */
export function syncFolderOf(file: string): void {
  open(dirname(file), 'r', (error, folder) => {
    if (error === null) fsync(folder, () => close(folder, () => undefined));
  });
}
