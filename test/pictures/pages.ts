/**
 * Pictures of the what-if, the figures and the journal, to look at: `npx tsx test/pictures/pages.ts [<folder>]`. A real
 * web server, a real journal and real pages; the days are made up.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../edge/package-root.ts';
import { busyDay, busyFile } from '../bench/busy-day.ts';
import { chromiumPath, openBrowser } from '../e2e/branch.ts';
import { runFiguresBox } from '../e2e/figures-branch.ts';
import { keepJournal } from '../e2e/journal-branch.ts';
import { firstDay, runAsked } from '../e2e/what-if-branch.ts';
import { madeUpDay } from '../edge/figures/made-up-day.ts';

const views = [
  ['light-en', 1280, 800, 'lang=en&theme=light'],
  ['dark-zh', 1280, 800, 'lang=zh&theme=dark'],
  ['tablet-zh', 1024, 768, 'lang=zh&theme=light'],
] as const;

interface Subject {
  readonly name: string;
  readonly address: string;
  readonly token: string;
  /** Where the box's clock stands, in seconds: the page's stands there too, and none is off. */
  readonly now: number;
  /** What the page has once it is there to be looked at. */
  readonly shows: string;
  readonly keys?: readonly string[];
}

const folder = process.argv[2] ?? join(packageRoot, '.cache', 'pictures');
mkdirSync(folder, { recursive: true });
const branchFile = join(mkdtempSync(join(tmpdir(), 'lobby-pictures-')), 'branch.yaml');
writeFileSync(branchFile, busyFile);
const asked = await runAsked({ file: branchFile, lines: busyDay({ day: firstDay, seed: 7 }) });
const counted = await runFiguresBox(
  [
    ...madeUpDay({ day: '2026-03-05', seed: 3, customers: 120 }),
    ...madeUpDay({
      day: '2026-03-12',
      seed: 4,
      customers: 140,
      unseen: [['main-door', '11:10', '11:48']],
    }),
  ],
  '2026-03-13T10:00:00.000Z',
);
const kept = await keepJournal();
const subjects: readonly Subject[] = [
  {
    name: 'what-if',
    address: `${asked.url}/rules/what-if?from=${asked.day(0)}&to=${asked.day(0)}&set=queue.waitSeconds=300`,
    token: asked.tokens.issue('operations').text,
    now: asked.clock.now(),
    shows: '.save-bar',
    keys: ['j'],
  },
  {
    name: 'figures',
    address: `${counted.url}/figures?day=2026-03-12`,
    token: counted.tokens.issue('viewer').text,
    now: counted.clock.now(),
    shows: '.first-line',
  },
  {
    name: 'journal',
    address: `${kept.url}/journal?`,
    token: kept.token,
    now: kept.clock.now(),
    shows: '.entry',
  },
];
const browser = await openBrowser(chromiumPath!);
for (const { name, address, token, now, shows, keys = [] } of subjects) {
  for (const [view, width, height, query] of views) {
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2 });
    await page.clock.setFixedTime(now * 1000);
    await page.goto(`${address}&${query}#token=${token}`);
    await page.locator(shows).first().waitFor({ timeout: 120_000 });
    for (const key of keys) await page.keyboard.press(key);
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(folder, `console-${name}-${view}.png`) });
    await page.close();
  }
}
await browser.close();
for (const box of [asked, counted, kept]) await box.close();
process.exit(0);
