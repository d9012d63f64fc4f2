import { renameSync } from 'node:fs';

/**
 * Takes a file that cannot be used out of the way, for somebody to look at. One of each name is kept: the newest.
 *
 * @returns what was done, for the log
 */
export function putAside(file: string): string {
  try {
    renameSync(file, `${file}.aside`);
    return `it was put aside as ${file}.aside`;
  } catch {
    return 'it is left as it is';
  }
}
