import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';

export interface Part {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly scope?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly object[];
}

export interface Parts {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: string;
  readonly metadata: { readonly component: Part };
  readonly components: readonly Part[];
  readonly dependencies?: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** Named as needed to build, and built into the pages. */
const inPages = ['preact'];

function askNpm(): Parts {
  const text = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], {
    cwd: packageRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(text) as Parts;
}

/** Packages of the lock file that are installed to run the service, as `name@version`. */
export function lockedToRun(): ReadonlySet<string> {
  const { packages } = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { readonly version: string; readonly dev?: boolean }>>;
  };
  return new Set(
    Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`),
  );
}

interface Model {
  readonly id: string;
  readonly licence: string;
  readonly files: Readonly<Record<string, readonly { readonly path: string; readonly sha256: string }[]>>;
}

/**
 * All that the service is made of, as CycloneDX: packages that are installed to run it, by npm from the lock file; what
 * is built into its pages; and the models, a file each.
 */
export function describeParts(): Parts {
  // Not by its --omit=dev: that leaves out what a tool for building needs too, `yaml` and `tsx` among them.
  const all = askNpm();
  const running = lockedToRun();
  const { name } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { name: string };
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'models', 'manifest.json'), 'utf8')) as {
    readonly models: readonly Model[];
    readonly headWatchers: readonly Model[];
  };
  const models = [...manifest.models, ...manifest.headWatchers];
  const packages = all.components.flatMap((one) =>
    inPages.includes(one.name)
      ? [{ ...one, scope: 'required' }]
      : running.has(`${one.name}@${one.version}`)
        ? [one]
        : [],
  );
  const files = models.flatMap(({ id, licence, files }) =>
    Object.values(files)
      .flat()
      .map(
        ({ path, sha256 }): Part => ({
          'bom-ref': `models/${path}`,
          type: 'machine-learning-model',
          name: `${id}: ${path}`,
          scope: 'required',
          hashes: [{ alg: 'SHA-256', content: sha256 }],
          licenses: [{ license: { id: licence } }],
        }),
      ),
  );
  const kept = new Set([...packages.map((one) => one['bom-ref']), all.metadata.component['bom-ref']]);
  return {
    ...all,
    // npm names it by the folder it lies in.
    metadata: { ...all.metadata, component: { ...all.metadata.component, type: 'application', name } },
    components: [...packages, ...files],
    dependencies: (all.dependencies ?? [])
      .filter(({ ref }) => kept.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) })),
  };
}
