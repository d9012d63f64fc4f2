/**
 * Pictures of the set-up pages, to look at: `npx tsx test/pictures/setup.ts [<folder>]`. The demo as it really runs, its
 * plate built from its own clip; so it takes a minute.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';
import { chromiumPath, openBrowser } from '../e2e/branch.ts';
import { builtPages } from '../e2e/pages.ts';

const views = [
  ['light-en', 1280, 800, 'lang=en&theme=light'],
  ['dark-zh', 1280, 800, 'lang=zh&theme=dark'],
  ['tablet-zh', 1024, 768, 'lang=zh&theme=light'],
] as const;
const readyWithinMs = 240_000;

const folder = process.argv[2] ?? join(packageRoot, '.cache', 'pictures');
mkdirSync(folder, { recursive: true });
await builtPages();
const demo = spawn(
  process.execPath,
  ['--import', 'tsx', 'edge/main.ts', 'demo', '--port', '0', '--mqtt-port', '0'],
  { cwd: packageRoot, stdio: ['ignore', 'pipe', 'inherit'] },
);
try {
  const [, url, token] = await new Promise<RegExpExecArray>((resolve, reject) => {
    let told = '';
    demo.stdout.on('data', (part) => {
      told += String(part);
      const found = /console\s+(http:\S+?)\/#token=(\S+)/.exec(told);
      if (found !== null) resolve(found);
    });
    demo.once('exit', () => reject(new Error('The demo ended before it told its address')));
  });
  const browser = await openBrowser(chromiumPath!);
  for (const [name, width, height, query] of views) {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 2 });
    const page = await context.newPage();
    await page.goto(`${url}/setup/hall?step=1&${query}#token=${token}`);
    await page.locator('.one-camera').waitFor();
    if (name === 'light-en') {
      await page.locator('.plate-waiting').waitFor({ timeout: readyWithinMs });
      await page.screenshot({ path: join(folder, 'console-setup-building.png') });
    }
    // The pages' own rules let nobody evaluate text in them: the bar is asked from outside.
    for (const until = Date.now() + readyWithinMs; Date.now() < until; await page.waitForTimeout(1_000)) {
      if ((await page.locator('.plate-bar').evaluate((bar) => (bar as HTMLProgressElement).value)) > 0.97)
        break;
    }
    for (const step of [1, 2, 3, 4, 5]) {
      await page
        .locator('.step-bar button')
        .nth(step - 1)
        .click();
      if (step === 3) await page.locator('.zone-list button').nth(1).click();
      await page.waitForTimeout(1_500);
      await page.screenshot({ path: join(folder, `console-setup-${step}-${name}.png`) });
    }
    await context.close();
  }
  await browser.close();
} finally {
  demo.kill();
}
process.exit(0);
