/**
 * Pictures of the console, to look at: `npx tsx test/pictures/console.ts [<folder>]`. A real web server and real pages,
 * whose lobby is told.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { packageRoot } from '../../edge/package-root.ts';
import { chromiumPath, openBrowser } from '../e2e/branch.ts';
import { busy, type ToldConsole, tellConsole } from '../e2e/console-branch.ts';

const views = [
  ['light-en', 1280, 800, 'lang=en&theme=light'],
  ['light-zh', 1280, 800, 'lang=zh&theme=light'],
  ['dark-en', 1280, 800, 'lang=en&theme=dark'],
  ['dark-zh', 1280, 800, 'lang=zh&theme=dark'],
  ['tablet-zh', 1024, 768, 'lang=zh&theme=light'],
] as const;

/** Ten minutes of a morning, as far as the right-hand column tells of it. */
function tellMorning(box: ToldConsole): void {
  const id = (number: number) => String(number).padStart(26, '0');
  const verdict = { kind: 'verdict', role: 'customer', visit: 'k3f9-7' } as const;
  const say = (line: object) => box.note(line as never);
  say({
    ...verdict,
    happening: 'arrived',
    zone: 'main-door',
    decision: 'prompt',
    prompt: id(1),
    secondsAgo: 420,
  });
  say({ kind: 'state', id: id(1), phase: 'met', reason: 'seen-met', secondsAgo: 409 });
  say({
    ...verdict,
    happening: 'wandering',
    decision: 'silence',
    reason: 'staff-near',
    metres: 2.1,
    secondsAgo: 380,
  });
  say({
    ...verdict,
    happening: 'waited-long',
    zone: 'cash',
    decision: 'prompt',
    prompt: id(2),
    secondsAgo: 240,
  });
  say({ kind: 'state', id: id(2), phase: 'withdrawn', reason: 'left', secondsAgo: 200 });
  say({
    ...verdict,
    happening: 'arrived',
    zone: 'main-door',
    decision: 'silence',
    reason: 'merged',
    secondsAgo: 90,
  });
  say({
    ...verdict,
    happening: 'arrived',
    zone: 'main-door',
    decision: 'prompt',
    prompt: id(3),
    secondsAgo: 60,
  });
  say({ kind: 'state', id: id(3), phase: 'accepted', by: 'deputy', reason: 'answered', secondsAgo: 52 });
  const at = (ago: number) => new Date(Date.now() - ago * 1000).toISOString();
  const prompt = {
    v: 1 as const,
    kind: 'greet' as const,
    place: 'main-door',
    placeName: { zh: '门口', en: 'Door' },
    people: 2,
    urgency: 'now' as const,
    say: { zh: '门口 · 新到 2 位', en: 'Door · 2 just in' },
    words: { zh: '您好', en: 'Good morning' },
    waitedSeconds: 0,
    haptic: 'arrival' as const,
    watches: ['w-1', 'w-2'],
    expiresAt: at(-60),
  };
  box.lobby({
    open: [
      { prompt: { ...prompt, id: id(4), raisedAt: at(3) }, phase: 'delivered' },
      {
        prompt: {
          ...prompt,
          id: id(5),
          kind: 'approach',
          place: 'hall',
          people: 1,
          urgency: 'soon',
          waitedSeconds: 15,
          say: { zh: '大厅 · 1 位待引导', en: 'Hall · 1 to help' },
          raisedAt: at(6),
        },
        phase: 'accepted',
        by: 'deputy',
        watch: 'w-2',
      },
    ],
  });
}

async function blinded(box: ToldConsole): Promise<void> {
  box.health({
    state: 'partly-blind',
    cameras: [
      { id: 'hall', state: 'live', since: new Date().toISOString(), framesPerSecond: 5, places: [] },
      {
        id: 'door',
        state: 'blind',
        since: new Date(Date.now() - 130_000).toISOString(),
        framesPerSecond: 5,
        places: ['vip'],
        blind: [{ place: 'vip', rules: [] }],
        trouble: {
          code: 'LOBBY_CAMERA_COVERED',
          message: 'Camera door is covered: nothing of the lobby shows in its picture',
          remedy: 'Take away what hangs or stands before it, and wipe its lens.',
        },
      },
    ],
  });
}

const folder = process.argv[2] ?? join(packageRoot, '.cache', 'pictures');
mkdirSync(folder, { recursive: true });
const box = await tellConsole();
const browser = await openBrowser(chromiumPath!);
box.people(busy);
tellMorning(box);
for (const [name, width, height, query] of views) {
  const page: Page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2 });
  await page.goto(`${box.url}/live?${query}#token=${box.token}`);
  await page.locator('.mark').first().waitFor();
  await page.locator('.card').first().waitFor();
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(folder, `console-live-${name}.png`) });
  await page.close();
}
await blinded(box);
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
await page.goto(`${box.url}/live?lang=zh&theme=light#token=${box.token}`);
await page.locator('.health-item.unseen').waitFor();
await page.waitForTimeout(1_500);
await page.screenshot({ path: join(folder, 'console-unseen-zh.png') });
await page.locator('.health-item.unseen').click();
await page.screenshot({ path: join(folder, 'console-health-zh.png') });
await browser.close();
await box.close();
process.exit(0);
