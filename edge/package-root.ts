import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageName = 'lobby-sense';

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string };
      if (name === packageName) return folder;
    }
    if (dirname(folder) === folder) {
      throw new Error(`Cannot find the package's folder: a folder above ${start} must hold its package.json`);
    }
  }
}

/**
 * The folder that holds this package's `package.json`, absolute. What ships beside the code (models, pages,
 * the demo) is found from here, wherever the code itself runs: from its sources or built into `dist`.
 */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));
