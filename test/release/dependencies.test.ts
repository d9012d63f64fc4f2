import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import { describeParts, lockedToRun, type Parts } from './describe-parts.ts';
import { exceptionsSchema, judgeAudit } from './judge-audit.ts';

const read = (...path: string[]) => readFileSync(join(packageRoot, ...path), 'utf8');
const named = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'optionalDependencies' | 'overrides',
  Record<string, string>
> & { readonly scripts: Readonly<Record<string, string>> };
interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}
const lock = (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages;
const page = read('docs', 'dependencies.md');
const section = (title: string) => page.split(`## ${title}\n`)[1]!.split('\n## ')[0]!;
const rows = (title: string) =>
  [...section(title).matchAll(/^\| `([^`]+)` +\|(.*)\|$/gm)].map(([, name, rest]) => ({
    name: name!,
    rest: rest!,
  }));

describe('Every package that the project names', () => {
  test.each([
    ['In the service', 'dependencies'],
    ['If it can be had', 'optionalDependencies'],
    ['For building and testing', 'devDependencies'],
  ] as const)('%s has a line on why it is there, and no line is of a package that is not', (title, key) => {
    expect(rows(title).map(({ name }) => name)).toEqual(Object.keys(named[key]).sort());
    for (const { rest } of rows(title)) expect(rest.trim().length).toBeGreaterThan(4);
  });

  test('and every version that is held has one too', () => {
    for (const name of Object.keys(named.overrides)) expect(page).toContain(`\`${name}\` is held`);
  });
});

describe('What is installed', () => {
  const installed = Object.entries(lock).filter(([path]) => path !== '');

  test('is pinned by the lock file, each with its hash', () => {
    expect(installed.length).toBeGreaterThan(300);
    expect(
      installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
    ).toEqual([]);
    const ours = { ...named.dependencies, ...named.devDependencies, ...named.optionalDependencies };
    for (const name of Object.keys(ours)) expect(lock[`node_modules/${name}`]?.version).toMatch(/^\d/);
  });

  test('is what the lock file says, and nothing besides', () => {
    const tree = JSON.parse(
      execFileSync('npm', ['ls', '--all', '--json'], { cwd: packageRoot, encoding: 'utf8', maxBuffer: 64e6 }),
    ) as { problems?: string[] };
    expect(tree.problems ?? []).toEqual([]);
  });

  test('runs no script of its own as it is installed', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });
});

describe('Licences of what runs the service', () => {
  const allowed = [
    ...[
      'MIT',
      'ISC',
      'Apache-2.0',
      'BSD-2-Clause',
      'BSD-3-Clause',
      '0BSD',
      'BlueOak-1.0.0',
      'CC0-1.0',
      'Unlicense',
    ],
  ];
  /** `(A OR B) AND C`, as far as it comes up: no parentheses within others. */
  const isAllowed = (expression: string): boolean => {
    const bare = expression.replace(/^\((.*)\)$/, '$1');
    if (bare.includes(' AND ')) return bare.split(' AND ').every(isAllowed);
    if (bare.includes(' OR ')) return bare.split(' OR ').some(isAllowed);
    return allowed.includes(bare);
  };
  const production = Object.entries(lock).filter(([path, { dev }]) => path !== '' && dev !== true);

  test('are of the list, but for those that the page explains', () => {
    const others = production
      .filter(([, { license }]) => license === undefined || !isAllowed(license))
      .map(([path]) => path.split('node_modules/').at(-1)!);
    const explained = rows('Licences').map(({ name }) => name);
    // What comes under another licence than it says is of the page alone.
    expect(explained.filter((name) => !name.includes('*'))).toEqual([...new Set(others)].sort());
    expect(section('Licences')).toContain(allowed.slice(0, 5).join(', '));
  });

  test('control: one that is not of the list is not allowed, alone nor together with one that is', () => {
    for (const one of ['GPL-3.0-only', 'MIT AND GPL-3.0-only', '(MIT AND SSPL-1.0)'])
      expect(isAllowed(one)).toBe(false);
    for (const one of ['MIT', '(MIT OR GPL-3.0-only)', '(BSD-3-Clause AND Apache-2.0)']) {
      expect(isAllowed(one)).toBe(true);
    }
  });

  const native = join(packageRoot, 'node_modules', '@seydx', `node-av-linux-${process.arch}`, 'node-av.node');
  test('what the page says of FFmpeg is so: it was built with what is under the GPL', () => {
    const isGpl = readFileSync(native).includes('--enable-gpl');
    expect(isGpl).toBe(/`@seydx\/node-av-\*`.*GPL/.test(section('Licences')));
  });
});

describe('The list of parts', () => {
  let parts: Parts;
  beforeAll(() => {
    parts = describeParts();
  }, 60_000);

  test('names the service, every package that runs it with its hash and licence, and none for tests', () => {
    expect(parts).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'lobby-sense' } } });
    const names = parts.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(named.dependencies)));
    const told = new Set(parts.components.map(({ name, version }) => `${name}@${version}`));
    expect([...lockedToRun()].filter((one) => !told.has(one))).toEqual([]);
    for (const name of ['vitest', 'playwright-core', 'sharp', 'three']) expect(names).not.toContain(name);
    const libraries = parts.components.filter(({ type }) => type === 'library');
    expect(libraries.length).toBeGreaterThan(200);
    for (const { name, hashes } of libraries) expect([name, hashes?.length]).toEqual([name, 1]);
  });

  test('names what is built into the pages, and the models', () => {
    const names = parts.components.map(({ name }) => name);
    expect(names).toContain('preact');
    for (const id of ['person-nanodet-640x384', 'head-movenet-192']) {
      expect(names.some((name) => name.startsWith(id))).toBe(true);
    }
    const models = parts.components.filter(({ type }) => type === 'machine-learning-model');
    expect(models.length).toBeGreaterThan(3);
    for (const model of models) expect(model.hashes![0]!.content).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('The audit', () => {
  const advisory = 'GHSA-2222-3333-4444';
  const report = {
    auditReportVersion: 2,
    vulnerabilities: {
      one: {
        via: [
          { name: 'one', title: 'Says too much', url: `https://a.example/${advisory}`, severity: 'high' },
        ],
      },
      two: { via: ['one'] },
    },
  };
  const why = 'It is in a part that the service does not load, as a test says.';

  test('tells what is known, and is content with what is explained until the day it is believed', () => {
    expect(judgeAudit(report, [], '2026-01-01')).toMatchObject([
      { advisory, package: 'one', severity: 'high' },
    ]);
    const explained = [{ advisory, package: 'one', why, until: '2026-01-31' }];
    expect(judgeAudit(report, explained, '2026-01-31')).toEqual([]);
    expect(judgeAudit(report, explained, '2026-02-01')).toHaveLength(1);
    expect(judgeAudit(report, [{ ...explained[0]!, package: 'two' }], '2026-01-01')).toHaveLength(1);
  });

  test('takes no answer for no answer, and not for "nothing"', () => {
    expect(judgeAudit({ message: '405 Method Not Allowed' }, [], '2026-01-01')).toBeUndefined();
    expect(judgeAudit(undefined, [], '2026-01-01')).toBeUndefined();
    expect(judgeAudit({ vulnerabilities: {} }, [], '2026-01-01')).toEqual([]);
  });

  test('has exceptions that are explained and not past their day', () => {
    const exceptions = exceptionsSchema.parse(JSON.parse(read('test', 'release', 'audit-exceptions.json')));
    const today = new Date().toISOString().slice(0, 10);
    for (const { until } of exceptions) expect(until >= today).toBe(true);
    expect(named.scripts).toMatchObject({ audit: expect.any(String), sbom: expect.any(String) });
  });
});
