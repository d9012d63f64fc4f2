import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { wireFiles } from './wire-files.ts';

const root = join(import.meta.dirname, '..', '..');
for (const [file, text] of Object.entries(wireFiles())) {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text);
  console.log(file);
}
