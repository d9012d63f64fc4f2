import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import { titled } from '../peers/tools.ts';
import { slopeOf } from './growth.ts';
import type { ManyCameras } from './many-cameras.ts';
import { comparisonSchema } from './measure-stages.ts';
import { figuresBegin, figuresEnd, performanceFile, performanceTables } from './performance-page.ts';
import { findSustained, keptUp } from './whole.ts';

/** A service that can look at so many frames a second, of all cameras together. */
const able =
  (most: number) =>
  async (cameras: number): Promise<ManyCameras> => {
    const each = Math.min(5, most / cameras);
    return {
      cameras,
      framesPerSecond: Array.from({ length: cameras }, () => each),
      dropped: Math.round((5 - each) * cameras * 20),
      residentMegabytes: 400,
      peakMegabytes: 420,
      cores: 1,
      listeningSeconds: 3,
      lookingSeconds: 4,
    };
  };

describe('How many cameras are kept up with', () => {
  test.each([
    [3, 0],
    [5, 1],
    [12, 2],
    [35, 7],
    [79, 15],
    [1000, 16],
  ])('is found where %i frames a second are what the machine can do: %i', async (most, expected) => {
    const { cameras, runs } = await findSustained(16, able(most));
    expect(cameras).toBe(expected);
    const asked = runs.map((one) => one.cameras);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('one camera that falls behind is one too many, however well the others do', async () => {
    const four = await able(20)(4);
    expect(keptUp(four)).toBe(true);
    expect(keptUp({ ...four, framesPerSecond: [5, 5, 5, 4.5] })).toBe(false);
    expect(keptUp({ ...four, dropped: 5 })).toBe(false);
  });
});

test('the slope of what grows with the square of the number is two', () => {
  const squares = [1, 2, 4, 8].map((of) => ({ of, median: 3 * of ** 2, p95: 1, stateKilobytes: 1 }));
  expect(slopeOf(squares)).toBeCloseTo(2);
});

const noGit = existsSync(join(packageRoot, '.git')) ? undefined : 'this is no checkout';

describe.skipIf(noGit)(titled('A comparison with another commit', noGit), () => {
  const compare = (...options: readonly string[]) =>
    execFileSync(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'index.ts'), '--against', 'HEAD', ...options],
      { cwd: packageRoot, encoding: 'utf8', stdio: 'pipe' },
    );

  test('runs both in turns, writes ratios that can be read again, and leaves no checkout behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lobby-compare-'));
    const worktrees = () => execFileSync('git', ['worktree', 'list'], { cwd: packageRoot, encoding: 'utf8' });
    const before = worktrees();
    try {
      const file = join(folder, 'comparison.json');
      const told = compare('--only', 'track', '--pairs', '2', '--out', file);
      const written = comparisonSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      expect(written).toMatchObject({ base: 'HEAD', pairs: 2, left: [] });
      expect(written.stages.map(({ stage }) => stage)).toEqual(['track']);
      expect(told).toContain(written.commit.slice(0, 12));
      expect(worktrees()).toBe(before);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    // Three processes are started; a machine that others use takes its time.
  }, 240_000);

  test('refuses a stage there is none of, by name', () => {
    expect(() => compare('--only', 'shuffle')).toThrow(/--only must be of decode, .*shuffle/s);
  });
});

test('the page on performance says what was measured', () => {
  const page = readFileSync(performanceFile, 'utf8');
  expect(page.split(figuresBegin)[1]!.split(figuresEnd)[0]!.trim()).toBe(performanceTables());
});
