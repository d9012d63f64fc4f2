import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import { errorCodes } from '../../src/contract/errors.ts';

const page = readFileSync(join(packageRoot, 'docs', 'threats.md'), 'utf8');
const sections = page.split('\n## ').slice(1);

describe('The page on who might attack a box', () => {
  test('says of each what stops them and, without sparing us, what does not', () => {
    expect(sections.length).toBeGreaterThanOrEqual(7);
    for (const section of sections) {
      const title = section.split('\n', 1)[0]!;
      expect([title, section.match(/^\| [^-w].*\|$/gm)?.length ?? 0]).not.toEqual([title, 0]);
      expect([title, /^\*\*What does not:\*\* .{80,}/m.test(section)]).toEqual([title, true]);
    }
  });

  test('names only tests, files and refusals that there are', () => {
    const named = [...page.matchAll(/`((?:test|docker)\/[\w./-]+)`/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
    const codes = [...page.matchAll(/`(LOBBY_\w+)`/g)].map(([, code]) => code!);
    expect(codes.filter((code) => !(code in errorCodes))).toEqual([]);
    const links = [...page.matchAll(/\]\(([\w./-]+\.md)/g)].map(([, path]) => path!);
    expect(links.filter((path) => !existsSync(join(packageRoot, 'docs', path)))).toEqual([]);
  });

  test('names a test, a file or a page in every row that says what stops somebody', () => {
    const rows = page.match(/^\| (?!would get|---).*\|$/gm)!;
    const without = rows.filter((row) => !/`(?:test|docker)\/|dependencies\.md|decisions\//.test(row));
    expect(without).toEqual([]);
  });
});
