import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JournalLine } from '../../src/contract/journal.ts';
import { morningAt } from '../morning.ts';
import { titled } from '../peers/tools.ts';
import { type ConsolePages, noChromium, openConsolePages, soon, textOf, violations } from './console-page.ts';
import { keepJournal } from './journal-branch.ts';

describe.skipIf(noChromium)(titled('the journal in Chromium, of a box that keeps one', noChromium), () => {
  let pages: ConsolePages;
  let box: Awaited<ReturnType<typeof keepJournal>>;

  beforeAll(async () => {
    pages = await openConsolePages();
  });
  beforeEach(async () => {
    box = await keepJournal();
  });
  afterEach(async () => {
    const troubles = await pages.leave();
    await box.close();
    expect(troubles).toEqual([]);
  });
  afterAll(async () => {
    await pages?.close();
  });

  const open = (rest = '?lang=en') => pages.open(`${box.url}/journal${rest}`, box.token);
  const rows = async (page: Page) =>
    (await page.locator('.entry').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
  const arrived = (number: number): JournalLine => ({
    v: 1,
    at: morningAt('10:44:00', number * 1000),
    kind: 'verdict',
    happening: 'arrived',
    visit: `k3f9-${100 + number}`,
    role: 'customer',
    zone: 'main-door',
    decision: 'silence',
    reason: 'staff-near',
    metres: 1.4,
  });

  test('says what was said and kept quiet, with reasons and figures, among health and settings', async () => {
    const page = await open();
    await soon(async () =>
      expect((await rows(page)).slice(0, 8)).toEqual([
        '10:42:04 ● Door 2 just in12 prompted on wrists 2 · 0.6 s · Deputy going · met 0:09',
        '10:41:20 ○ Hall looking around quiet staff near (2.1 m)',
        '10:40:58 ● Cash waited long · 10:00 withdrawn customer left',
        '10:40:31 ○ Door just in quiet limit reached: 6 in 10 min → prompted 10:40:44',
        '10:39:30 △ Door seen again – unseen for 1:18',
        '10:38:12 ▨ Door unseen begins – picture frozen',
        '10:30:00 ⚙ settings Time in the open hall before a customer counts as looking around 20 → 15 s version 41 operations: “help came late” Put back',
        '10:10:00 ● Hall looking around · 0:20 prompted on wrists 1 · met 0:09',
      ]),
    );
    await soon(async () => expect(await textOf(page, '.day h2')).toBe('Tue 24 Nov'));
    await soon(async () =>
      expect(await textOf(page, '.foot')).toMatch(/^Listed back to 08:00:00, rows 11\./),
    );
    // No code but in the tooltip.
    expect((await rows(page)).join(' ')).not.toMatch(/staff-near|budget|LOBBY_/);
    expect(await page.locator('.entry').nth(1).getAttribute('title')).toBe('wandering · staff-near');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('l');
    await soon(async () =>
      expect((await rows(page))[1]).toBe('10:41:20 ○ 大厅 待引导 未提示 员工就在旁边（2.1 米）'),
    );
    await page.keyboard.press('d');
    expect(await violations(page)).toEqual([]);
  });

  test('goes on by itself while the newest row is in view, and holds what comes under a hand, counted', async () => {
    const page = await open();
    await page.locator('.entry').first().waitFor();
    await page.mouse.move(5, 5);
    box.write(arrived(1));
    await soon(async () => expect((await rows(page))[0]).toContain('10:44:01 ○ Door just in quiet'));
    await page.locator('.entry').nth(2).hover();
    const at = await page.locator('.entry', { hasText: '10:41:20' }).boundingBox();
    box.write(arrived(2));
    await soon(async () => expect(await textOf(page, '.pill')).toBe('▲ new 1'));
    box.write(arrived(3));
    await soon(async () => expect(await textOf(page, '.pill')).toBe('▲ new 2'));
    expect(await page.locator('.entry', { hasText: '10:41:20' }).boundingBox()).toEqual(at);
    await page.locator('.pill').click();
    await soon(async () => expect((await rows(page))[0]).toContain('10:44:03'));
    await soon(async () => expect(await page.locator('.pill').count()).toBe(0));
  });

  test('is filtered by place, by what it is about and by day; the address says so, and can be sent', async () => {
    const page = await open();
    await page.locator('.entry').first().waitFor();
    await page.keyboard.press('/');
    await page.getByLabel('Place').selectOption('main-door');
    await page.getByLabel('About').selectOption('arrived');
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 'settings' }).uncheck();
    await soon(() =>
      expect(page.url()).toMatch(/\/journal\?place=main-door&kind=arrived&what=prompts,quiet,health$/),
    );
    await soon(async () =>
      expect((await rows(page)).map((row) => row.slice(0, 8))).toEqual(['10:42:04', '10:40:31', '10:09:30']),
    );
    const sent = await pages.open(page.url(), box.token);
    await soon(async () => expect(await sent.locator('.entry').count()).toBe(3));
    await sent.getByRole('button', { name: 'Remove the filter Door' }).click();
    await soon(() => expect(sent.url()).not.toContain('place'));
    await sent.goto(`${box.url}/journal?lang=en&day=2026-10-01`);
    await soon(async () =>
      expect(await textOf(sent, '#page')).toContain('Kept days: 30. Before Tue 24 Nov it is gone.'),
    );
    const none = await pages.open(`${box.url}/journal?lang=zh&kind=farewell&what=quiet`, box.token);
    await soon(async () => expect(await textOf(none, '.foot .none')).toBe('没有符合条件的记录。 清除筛选'));
    expect(await violations(none)).toEqual([]);
    await none.getByRole('button', { name: '清除筛选' }).click();
    await soon(async () => expect(await none.locator('.entry').count()).toBe(11));
  });

  test('leads from a row to the story of the visit, from there to older and newer ones, and back', async () => {
    const page = await open();
    await page.locator('.entry', { hasText: '10:10:00' }).getByRole('link').click();
    await soon(async () =>
      expect(await textOf(page, '.story-head')).toMatch(/Met after 0:39\s+10:09:30 · Door/),
    );
    await soon(async () =>
      expect(
        (await page.locator('.steps tbody tr').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')),
      ).toEqual([
        '10:09:30 0:00 ○ just in · Door → quiet: staff on the way (1.9 m/s toward, 4.0 m)',
        '10:10:00 0:30 · looking around · pauses 2, turns 3, looks 1, in 0:20',
        '10:10:00 0:30 ● prompt raised: to help · on wrists 1',
        '10:10:01 0:31 ● prompt: to help · delivered',
        '10:10:09 0:39 ✓ met · 0:39',
        '10:10:09 0:39 ✓ prompt: to help · met',
        '10:20:00 10:30 · left',
      ]),
    );
    await soon(async () =>
      expect(await textOf(page, '.rules-then')).toMatch(
        /Rules then · version 40[\s\S]*looking around 20 s · now 15 s/,
      ),
    );
    expect(await violations(page)).toEqual([]);
    expect(await page.getByRole('link', { name: 'Try in what-if' }).getAttribute('href')).toBe(
      '/rules/what-if?from=2026-11-24&to=2026-11-24&set=wandering.afterSeconds=15',
    );
    await page.getByRole('button', { name: 'Copy' }).click();
    await soon(async () =>
      expect(await textOf(page, '.story-acts [role=status]')).toMatch(/Copied|Cannot copy/),
    );
    await page.keyboard.press('[');
    await soon(async () => expect(await textOf(page, '.story-title')).toContain('k3f9-9'));
    await soon(async () => expect(await textOf(page, '.story-head')).toContain('Not met yet'));
    await page.keyboard.press(']');
    await soon(async () => expect(await textOf(page, '.story-title')).toContain('k3f9-12'));
    await page.getByRole('link', { name: '← Back to the journal' }).click();
    await soon(async () => expect(await page.locator('.entry').count()).toBe(11));
  });

  test('of a visit that is gone, and of a box that keeps none, says so and why', async () => {
    const page = await open('/zzzz-9?lang=zh');
    await soon(async () =>
      expect(await textOf(page, '.empty-page')).toBe(
        '没有这次到访的记录：只保留 30 天，更早的已删除。 LOBBY_VISIT_UNKNOWN',
      ),
    );
    const without = await keepJournal({ journal: false });
    const other = await pages.open(`${without.url}/journal?lang=en`, without.token);
    await soon(async () =>
      expect(await textOf(other, '.empty-page')).toBe(
        'This box keeps no journal. Start it with --data and a folder it may write to. LOBBY_JOURNAL_NOT_KEPT',
      ),
    );
    await other.close();
    await without.close();
  });
});
