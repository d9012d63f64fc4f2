import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { duration } from '../../edge/pages/console/words.ts';
import { madeUpDay } from '../edge/figures/made-up-day.ts';
import { titled } from '../peers/tools.ts';
import {
  type ConsolePages,
  noChromium,
  openConsolePages,
  soon,
  tablet,
  textOf,
  violations,
  wide,
} from './console-page.ts';
import { runFiguresBox } from './figures-branch.ts';

const unseen = [['main-door', '11:10', '11:48']] as const;
const lines = [
  ...madeUpDay({ day: '2026-03-05', seed: 3, customers: 120 }),
  ...madeUpDay({ day: '2026-03-12', seed: 4, customers: 140, unseen }),
  ...madeUpDay({ day: '2026-03-13', seed: 5, customers: 3 }),
];

type Row = Readonly<Record<string, number | string | null>>;

describe.skipIf(noChromium)(titled('the figures in Chromium, of a journal of some days', noChromium), () => {
  let pages: ConsolePages;
  let box: Awaited<ReturnType<typeof runFiguresBox>>;

  beforeAll(async () => {
    pages = await openConsolePages();
    box = await runFiguresBox(lines, '2026-03-13T10:00:00.000Z');
  });
  afterEach(async () => expect(JSON.stringify(await pages.leave())).toBe('[]'));
  afterAll(async () => {
    await pages?.close();
    await box?.close();
  });

  async function open(query: string, size = wide): Promise<Page> {
    const page = await pages.open(`${box.url}/figures?${query}`, box.tokens.issue('viewer').text, size);
    await page.locator('.first-line').waitFor();
    return page;
  }
  const main = (page: Page, figure: string) => textOf(page, `[data-figure="${figure}"] .main-figure b`);
  /** The question under a figure, asked of the journal by somebody else. */
  async function asked(page: Page, figure: string): Promise<readonly Row[]> {
    await page.locator(`[data-figure="${figure}"] .about`).first().click();
    const sql = await textOf(page, 'dialog .sql');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    const { columns, rows } = await box.journal.query(sql);
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] as never])));
  }

  test('begin with a sentence, and agree with SQL over the journal, card by card', async () => {
    const page = await open('lang=en&day=2026-03-12');
    const [contact] = await asked(page, 'contact');
    const came = Number(contact!.came);
    expect(came).toBeGreaterThan(100);
    expect(await main(page, 'contact')).toBe(duration(Number(contact!.medianSeconds)));
    expect(await main(page, 'within')).toBe(`${Math.round((100 * Number(contact!.inTime)) / came)}%`);
    expect(await main(page, 'never')).toBe(String(contact!.neverMet));
    expect(await textOf(page, '.first-line')).toBe(
      `On Thu 12 Mar ${came} customers came. Met within 30 s: ${contact!.inTime} (${await main(page, 'within')}). Left without being met: ${contact!.neverMet}.`,
    );
    const [queue] = await asked(page, 'wait');
    expect(await main(page, 'wait')).toBe(duration(Number(queue!.medianSeconds)));
    const [load] = await asked(page, 'buzzes');
    expect(await main(page, 'buzzes')).toBe(Number(load!.meanInTenMinutes).toFixed(1));
    const blind = await asked(page, 'unseen');
    const minutes = blind.reduce((sum, { seconds }) => sum + Number(seconds) / 60, 0);
    expect(await main(page, 'unseen')).toBe(`0:${String(minutes).padStart(2, '0')}`);
    // Control: another day's journal has other figures.
    const other = await open('lang=en&day=2026-03-05');
    expect(await textOf(other, '.first-line')).not.toContain(` ${came} customers`);
  });

  test('say what was not seen, hatch it, and compare with the same weekday', async () => {
    const page = await open('lang=en&day=2026-03-12');
    await soon(async () => expect(await textOf(page, '.told')).toContain('Thu 5 Mar'));
    expect(await textOf(page, '.told')).toContain('11:10–11:48');
    expect(await page.locator('.hatching, .hatch, [fill*="url(#"]').count()).toBeGreaterThan(0);
  });

  test('of fewer than five people are not shown, and it is said', async () => {
    const page = await open('lang=en&day=2026-03-13');
    await soon(async () => expect(await textOf(page, '.first-line')).toContain('fewer than 5 customers'));
    expect(await main(page, 'contact')).toBe('–');
    expect(await main(page, 'within')).toBe('–');
    expect(await main(page, 'never')).toBe('–');
  });

  test('of a day of which nothing was written say so', async () => {
    const page = await open('lang=zh&day=2026-03-08');
    await soon(async () => expect(await textOf(page, '.first-line')).toMatch(/没有/));
    expect(await page.locator('.figure-card').count()).toBe(0);
  });

  test('go by keys from today to its week and month, back by a day, and with the comparison or without', async () => {
    const page = await open('lang=en');
    const period = () => textOf(page, '.period-words');
    await soon(async () => expect(await period()).toBe('Fri 13 Mar'));
    await soon(async () =>
      expect(await textOf(page, '.told')).toContain('Today is not over: counted up to 18:00'),
    );
    await page.keyboard.press('ArrowLeft');
    await soon(async () => expect(await period()).toBe('Thu 12 Mar'));
    expect(new URL(page.url()).search).toBe('?day=2026-03-12');
    await soon(async () => expect(await textOf(page, '[data-figure="within"]')).toMatch(/was \d+%/));
    await page.keyboard.press('x');
    await soon(async () => expect(await textOf(page, '[data-figure="within"]')).not.toContain('was'));
    await page.keyboard.press('w');
    await soon(async () => expect(await period()).toBe('Mon 9 Mar – Sun 15 Mar'));
    await page.keyboard.press('m');
    await soon(async () => expect(await period()).toBe('Sun 1 Mar – Tue 31 Mar'));
    await page.goBack();
    await soon(async () => expect(await period()).toBe('Mon 9 Mar – Sun 15 Mar'));
    await page.keyboard.press('t');
    await soon(async () => expect(await period()).toBe('Fri 13 Mar'));
  });

  test('are there as a report to print, with the same first sentence, and where cells lie as a table', async () => {
    const page = await open('lang=en&day=2026-03-12');
    const sentence = await textOf(page, '.first-line');
    const cells = page.locator('.heat-table');
    await cells.locator('summary').click();
    await soon(async () => expect(await cells.locator('tbody tr').count()).toBeGreaterThan(5));
    expect(await page.locator('svg rect.heat').count()).toBeGreaterThan(5);
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Report' }).click();
    const report = await opened;
    await soon(async () => expect(await textOf(report, 'h1')).toBe(sentence));
    // Its styles are let in, and nothing else is.
    expect(await report.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('1040px');
  });

  test('leave out who turned round at once by a switch that says how many they are', async () => {
    const page = await open('lang=en&day=2026-03-12');
    const out = page.getByRole('checkbox', { name: /Leave out who turned round within 5 s \(\d+\)/ });
    const before = Number(await main(page, 'never'));
    await out.check();
    await soon(async () => expect(Number(await main(page, 'never'))).toBeLessThan(before));
    expect(new URL(page.url()).search).toContain('short=out');
  });

  test.each([
    ['light', 'en', wide],
    ['dark', 'zh', wide],
    ['light', 'zh', tablet],
  ] as const)('have no violation that axe knows of: %s, %s, %o', async (theme, lang, size) => {
    const page = await open(`lang=${lang}&theme=${theme}&day=2026-03-12`, size);
    await page.locator('.figure-card').first().waitFor();
    expect(await violations(page)).toEqual([]);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
  });
});
