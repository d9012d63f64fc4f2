import { close, fsync, open } from 'node:fs';
import { dirname } from 'node:path';

/** Brings to the disk which names a folder has. Where a file system cannot, it has its own way. */
export function syncFolderOf(file: string): void {
  open(dirname(file), 'r', (error, folder) => {
    if (error === null) fsync(folder, () => close(folder, () => undefined));
  });
}
