import { execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';

/** What lies on the disk of a box, in megabytes of 2^20 bytes. */
export interface InstallationSize {
  /** `npm ci --omit=dev`. */
  readonly packages: number;
  /** Of it, native parts for other systems and processors than this one, which `docker/Dockerfile` leaves out. */
  readonly otherPlatforms: number;
  readonly largest: readonly { readonly name: string; readonly megabytes: number }[];
  readonly models: number;
  readonly pages: number;
  readonly source: number;
}

const own = `${process.platform}/${process.arch}`;

function bytesIn(path: string): number {
  const about = lstatSync(path, { throwIfNoEntry: false });
  if (about === undefined) return 0;
  if (!about.isDirectory()) return about.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
const megabytes = (path: string) => bytesIn(path) / 2 ** 20;

/** The packages of a folder, those with a maker's name by both. */
function packagesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => join(name, inner)) : [name],
    );
}

/** Native parts of ONNX Runtime that are for another system or processor: it brings all of them. */
function otherPlatformsIn(folder: string): readonly string[] {
  const bin = join(folder, 'onnxruntime-node', 'bin');
  return readdirSync(bin).flatMap((napi) =>
    readdirSync(join(bin, napi)).flatMap((system) =>
      readdirSync(join(bin, napi, system))
        .filter((processor) => `${system}/${processor}` !== own)
        .map((processor) => join(bin, napi, system, processor)),
    ),
  );
}

/**
 * Installs the packages as a box has them, in a folder for the time being, and looks how large they are. They come from
 * npm's cache, or from the registry.
 */
export function measureInstallation(): InstallationSize {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-size-'));
  try {
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      cpSync(join(packageRoot, name), join(folder, name));
    execFileSync('npm', ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const modules = join(folder, 'node_modules');
    const sizes = packagesIn(modules).map((name) => ({ name, megabytes: megabytes(join(modules, name)) }));
    return {
      packages: megabytes(modules),
      otherPlatforms: otherPlatformsIn(modules).reduce((sum, path) => sum + megabytes(path), 0),
      largest: sizes.toSorted((a, b) => b.megabytes - a.megabytes).slice(0, 6),
      models: megabytes(join(packageRoot, 'models')),
      pages: megabytes(join(packageRoot, 'dist')),
      source: megabytes(join(packageRoot, 'src')) + megabytes(join(packageRoot, 'edge')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
