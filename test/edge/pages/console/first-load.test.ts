import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { builtPages } from '../../../e2e/pages.ts';

let folder: string;
beforeAll(async () => {
  folder = await builtPages();
}, 60_000);

/** What a browser fetches before a page shows anything: the page, its styles, its scripts and what those import. */
function firstLoad(page: string): readonly string[] {
  const html = readFileSync(join(folder, page), 'utf8');
  const found = new Set<string>();
  const take = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    if (!path.endsWith('.js')) return;
    const text = readFileSync(join(folder, path), 'utf8');
    // `import …from"./x.js"` and `import"./x.js"`; what is fetched later is `import(…)`.
    for (const [, name] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) take(`assets/${name}`);
  };
  for (const [, path] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)) take(path!);
  return [page, ...found];
}

const packed = (paths: readonly string[]) =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path))).length, 0);

describe('the first load of the console', () => {
  test('is under 200 KB compressed, also on a page that is fetched', () => {
    const paths = firstLoad('console/index.html');
    expect(paths.some((path) => path.endsWith('.js'))).toBe(true);
    expect(paths.some((path) => path.endsWith('.css'))).toBe(true);
    expect(packed(paths)).toBeLessThan(200_000);
  });

  test('does not bring along what other pages alone need: the journal, the set-up, figures, the API', () => {
    const texts = firstLoad('console/index.html')
      .filter((path) => path.endsWith('.js'))
      .map((path) => readFileSync(join(folder, path), 'utf8'))
      .join();
    expect(texts.includes('/api/v1/live')).toBe(true);
    for (const other of [
      '/api/v1/journal?',
      '/api/v1/setup/cameras/try',
      '/api/v1/figures',
      '/openapi.json',
    ]) {
      expect([other, texts.includes(other)]).toEqual([other, false]);
    }
  });
});
