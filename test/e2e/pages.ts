import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { packageRoot } from '../../edge/package-root.ts';

export const pagesFolder = join(packageRoot, 'dist', 'pages');

function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

function builtAt(): number {
  try {
    return statSync(join(pagesFolder, 'watch', 'index.html')).mtimeMs;
  } catch {
    return 0;
  }
}

/** Builds the pages if they are missing or older than what they are made of; says where they are. */
export async function builtPages(): Promise<string> {
  const sources = ['edge/pages', 'src/contract', 'src/core/prompts'].map((path) =>
    newest(join(packageRoot, path)),
  );
  if (builtAt() < Math.max(...sources, statSync(join(packageRoot, 'vite.config.ts')).mtimeMs)) {
    await build({ configFile: join(packageRoot, 'vite.config.ts'), logLevel: 'warn' });
  }
  return pagesFolder;
}
