import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import { digestOf, nameOf, readLong } from './long-results.ts';

/** The long tests that there are now, by collecting them as `npm run test:long` does; none is run. */
function longTests(): { readonly name: string; readonly file: string }[] {
  const vitest = join(packageRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const text = execFileSync(
    process.execPath,
    [vitest, 'list', '-c', 'vitest.long.config.ts', '--json'],
    // The variables of this run would have the other take itself for a worker of it.
    {
      cwd: packageRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LOBBY_WRITE_LONG: undefined, VITEST: undefined, VITEST_POOL_ID: undefined },
    },
  );
  return (JSON.parse(text) as { name: string; file: string }[]).map(({ name, file }) => ({
    name: nameOf(relative(packageRoot, file), name),
    file: relative(packageRoot, file),
  }));
}

/** What takes minutes is run by `npm run test:long`; what came of it is kept, and held here. */
describe('The long tests', () => {
  const { tests, files } = readLong();
  let now: ReturnType<typeof longTests>;
  beforeAll(() => {
    now = longTests();
  }, 120_000);

  it('passed, each of them, when they were last run', () => {
    expect(tests.filter(({ passed }) => !passed).map(({ test }) => test)).toEqual([]);
  });

  it('are those that there are now: one that is new, has another name or is gone was not run', () => {
    expect(now.length).toBeGreaterThan(0);
    expect(tests.map(({ test }) => test)).toEqual(now.map(({ name }) => name).sort());
  });

  it('were run as they are written now', () => {
    expect(files).toEqual(Object.fromEntries(Object.keys(files).map((file) => [file, digestOf(file)])));
    expect(Object.keys(files)).toEqual([...new Set(now.map(({ file }) => file))].sort());
  });
});
