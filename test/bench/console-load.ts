/**
 * How long the console takes to be there: `npm run bench:console`. A real web server, a real Chromium with an empty
 * cache, a busy lobby; ten loads, on whatever else this machine is doing.
 *
 * `interactive` is when the floor is drawn and a key acts: marks are there, and the sheet of keys opens.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageRoot } from '../../edge/package-root.ts';
import { chromiumPath, openBrowser } from '../e2e/branch.ts';
import { busy, tellConsole } from '../e2e/console-branch.ts';

const loads = 10;
const box = await tellConsole();
box.people(busy);
const browser = await openBrowser(chromiumPath!);
const painted: number[] = [];
const interactive: number[] = [];
let files: readonly string[] = [];
try {
  for (let load = 0; load <= loads; load += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const fetched = new Set<string>();
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (/^\/assets\/.+\.(js|css)$/.test(pathname)) fetched.add(pathname);
    });
    const from = performance.now();
    await page.goto(`${box.url}/?lang=en#token=${box.token}`);
    await page.locator('.mark').first().waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog').waitFor();
    const took = performance.now() - from;
    const paint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    );
    files = [...fetched];
    await context.close();
    // The first load warms the browser itself.
    if (load === 0) continue;
    painted.push(paint);
    interactive.push(took);
  }
} finally {
  await browser.close();
  await box.close();
}
const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const result = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  loads,
  gzippedBytes: files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(packageRoot, 'dist', 'pages', file))).length,
    0,
  ),
  firstPaintMs: Math.round(middle(painted)),
  interactiveMs: Math.round(middle(interactive)),
  slowestInteractiveMs: Math.round(Math.max(...interactive)),
};
console.log(result);
writeFileSync(join(packageRoot, 'test/bench/console-load.json'), `${JSON.stringify(result, null, 2)}\n`);
process.exit(0);
