import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseOf, grownIn, isOver } from './gate.ts';
import type { Comparison } from './measure-stages.ts';

describe('What a change is compared with', () => {
  let work: string;
  let origin: string;
  const git = (folder: string, ...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const commit = (folder: string, name: string) => {
    writeFileSync(join(folder, name), name);
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', name);
    return git(folder, 'rev-parse', 'HEAD');
  };
  const clone = (name: string, ...args: readonly string[]) => {
    git(work, 'clone', '-q', ...args, `file://${origin}`, name);
    return join(work, name);
  };

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'lobby-base-'));
    git(work, 'init', '-q', '-b', 'main', 'origin');
    origin = join(work, 'origin');
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test('is where its branch left the main one, on that one the commit before, and nothing where there is none', () => {
    const first = commit(origin, 'first');
    expect(baseOf(origin)).toEqual({ none: 'there is no commit before HEAD' });
    const second = commit(origin, 'second');
    const branch = clone('branch');
    expect(baseOf(branch)).toEqual({ commit: first, why: 'the commit before' });
    git(branch, 'switch', '-qc', 'change');
    commit(branch, 'third');
    commit(branch, 'fourth');
    expect(baseOf(branch)).toEqual({ commit: second, why: 'where this branch left origin/main' });
    expect(baseOf(branch, first)).toEqual({ commit: first, why: 'as asked' });
    expect(() => baseOf(branch, 'nowhere')).toThrow('there is no commit nowhere');
  });

  test('is nothing in a clone that has its newest commit alone, which says how to get one', () => {
    const shallow = clone('shallow', '--depth', '1');
    expect(baseOf(shallow)).toEqual({ none: expect.stringContaining('git fetch --deepen=1') });
    expect(baseOf(tmpdir())).toEqual({ none: 'this is no checkout of git' });
  });
});

describe('A stage has grown', () => {
  const found = (...stages: readonly (readonly ['step' | 'sight', number, number])[]): Comparison => ({
    date: '2026-01-01',
    machine: 'one',
    load: 1,
    base: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
    pairs: 9,
    left: [],
    stages: stages.map(([stage, ratio, least]) => ({
      stage,
      ratio,
      least,
      spread: [ratio - 0.1, ratio + 0.1],
      processorMs: { here: ratio, base: 1 },
    })),
  });

  test('if it takes too much in both comparisons, and is named', () => {
    const grown = grownIn(found(['step', 1.6, 1.5], ['sight', 1, 1]), found(['step', 1.7, 1.6]));
    expect(grown).toEqual([
      'step takes 1.60 and 1.70 times the processor time it took at 0123456789ab; at most 1.3 is let through',
    ]);
  });

  test('and not if one of the two was chance, nor if the median alone or the least alone is over', () => {
    expect(grownIn(found(['step', 1.6, 1.5]), found(['step', 1.1, 1]))).toEqual([]);
    expect(isOver({ ratio: 1.6, least: 1.1 })).toBe(false);
    expect(isOver({ ratio: 1.1, least: 1.6 })).toBe(false);
    expect(isOver({ ratio: 1.4, least: 1.4 })).toBe(true);
  });
});
