import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AccessRole } from '../../edge/access/tokens.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import { createWhatIf, draftOf } from '../../src/service/what-if.ts';
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
import { mornings, runAsked } from './what-if-branch.ts';

type Box = Awaited<ReturnType<typeof runAsked>>;

const wander = 'Time in the open hall before a customer counts as looking around';
const draft = { 'wandering.afterSeconds': 60 };
const set = 'set=wandering.afterSeconds=60';

describe.skipIf(noChromium)(titled('a what-if in Chromium', noChromium), { timeout: 150_000 }, () => {
  let pages: ConsolePages;
  let lines: readonly JournalLine[];
  let box: Box;
  let extra: Box | undefined;

  beforeAll(async () => {
    pages = await openConsolePages();
    lines = mornings(7, 3);
    box = await runAsked({ lines });
  }, 120_000);
  afterEach(async () => {
    const troubles = await pages.leave();
    await extra?.close();
    extra = undefined;
    expect(troubles).toEqual([]);
  });
  afterAll(async () => {
    await pages?.close();
    await box?.close();
  });

  const week = () => `from=${box.day(0)}&to=${box.day(6)}`;
  async function open(
    query = `${week()}&${set}&lang=en`,
    { role = 'operations' as AccessRole, size = wide, of = box } = {},
  ): Promise<Page> {
    return pages.open(`${of.url}/rules/what-if?${query}`, of.tokens.issue(role).text, size);
  }
  /** A machine that is shared starts a thread in its own time. */
  const answered = (page: Page) => page.locator('.save-bar').waitFor({ timeout: 100_000 });
  const field = (page: Page) => page.getByRole('textbox', { name: wander, exact: true });
  const row = async (page: Page, name: string) =>
    (await page.locator('.figures-table tr', { hasText: name }).first().innerText()).split('\t').slice(1);

  test('says first in absolute counts what changes, then load, service and silence; as the lines say by themselves and as SQL over the journal does', async () => {
    const page = await open();
    await answered(page);
    const alone = createWhatIf(box.settings.branch, draftOf(box.settings.branch, draft));
    for (const line of lines) alone.take(line);
    const { now, draft: then, differing, became, met, agreement } = alone.result();
    const fewer = now.prompts - then.prompts;
    await soon(async () =>
      expect(await textOf(page, '.sentence')).toContain(
        `With 60 s: prompts ${now.prompts} → ${then.prompts}, ${fewer} fewer (${Math.round((fewer / now.prompts) * 100)}%). Vanish ${differing.gone}: `,
      ),
    );
    expect(await textOf(page, '.sentence')).toContain(`met later ${became.late}, never met ${became.never}`);
    expect(await page.locator('.figures-table tbody tr:not(.reason) th').allInnerTexts()).toEqual([
      'Prompts an hour',
      'Per wearer, 10 min',
      'Busiest 10 min',
      'Prompted within 5 s',
      'Prompted too late',
      'Expired untaken',
      'Kept quiet',
      'Met within 15 s',
    ]);
    expect(await row(page, 'Prompts an hour')).toEqual([
      now.promptsAnHour.toFixed(1),
      then.promptsAnHour.toFixed(1),
      `−${(now.promptsAnHour - then.promptsAnHour).toFixed(1)}`,
    ]);
    expect(await row(page, 'Busiest 10 min')).toEqual([
      String(now.buzzesInTen.most),
      String(then.buzzesInTen.most),
      `−${now.buzzesInTen.most - then.buzzesInTen.most}`,
    ]);
    const [[said]] = (await box.journal!.query("SELECT count(*) FROM prompt WHERE change = 'raised'"))
      .rows as [[number]];
    const [[stays, within, never]] = (
      await box.journal!.query(
        'SELECT count(*), count(*) FILTER (metAt IS NOT NULL AND waitedSeconds <= 15), count(*) FILTER (metAt IS NULL) FROM stays',
      )
    ).rows as [[number, number, number]];
    expect([agreement.said, met.arrivals, met.within, met.never]).toEqual([said, stays, within, never]);
    const percent = Math.round((within / stays) * 100);
    expect(await row(page, 'Met within')).toEqual([
      `${percent}%, ${within} of ${stays} · Never met ${never} · as it happened`,
    ]);
    expect(await textOf(page, '.basis')).toMatch(
      new RegExp(
        `Seen [\\d.]+ of [\\d.]+ h.*Visits ${stays}\\s+now = version 1\\s+●\\s+Replay agrees with life: prompts ${said} of ${said}`,
        's',
      ),
    );
    expect(await textOf(page, '.cannot-know')).toContain(
      'The replay cannot know how staff would have moved. Contacts are as they happened.',
    );
    expect(await textOf(page, '.sources')).toMatch(/Door · just in\s+\d+\s+→ \d+/);
  });

  test('goes from difference to difference by J and K, opens each with both verdicts and what was known, and plays the floor around it', async () => {
    const page = await open();
    await answered(page);
    await page.keyboard.press('j');
    await soon(async () => expect(await textOf(page, '.stories-head')).toMatch(/Mon 16 Nov[\s\S]*1 of 21/));
    await soon(async () =>
      expect(await textOf(page, 'section.opened')).toMatch(
        /\d\d:\d\d:\d\d Hall · to help · gone\s+Now\s+prompted at \d\d:\d\d:\d\d after 0:\d\d[\s\S]*Draft\s+(not raised|quiet)[\s\S]*The customer came at [\s\S]*Known then[\s\S]*pauses\s+\d/,
      ),
    );
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await soon(async () => expect(await textOf(page, '.stories-head')).toContain('2 of 21'));
    const floor = page.locator('.mini-floor');
    await soon(async () => expect(await floor.locator('.mini-customer').count()).toBeGreaterThan(0));
    const at = await floor.locator('time').innerText();
    await floor.getByRole('slider').focus();
    await page.keyboard.press('ArrowLeft');
    await soon(async () => expect(await floor.locator('time').innerText()).not.toBe(at));
    await floor.getByRole('button', { name: 'Play ten seconds around it' }).click();
    await soon(async () => expect(await floor.locator('time').innerText()).toBe(at));
  });

  test('lists what vanishes by what became of the customer, and by kind, place, hour and outcome', async () => {
    const page = await open();
    await answered(page);
    await soon(async () => expect(await textOf(page, '#vanishing')).toBe('Prompts that vanish 21'));
    expect(await page.locator('.two-lanes .differs.gone').count()).toBe(3);
    const second = page.locator('.two-lanes .differs.gone').nth(1);
    await second.evaluate((mark) => mark.scrollIntoView({ block: 'center' }));
    const { x, y, width, height } = (await second.boundingBox())!;
    await page.mouse.click(x + width / 2, y + height / 2);
    await soon(async () => expect(await page.locator('.two-lanes .differs.opened').count()).toBe(1));
    expect(await second.getAttribute('class')).toContain('opened');
    await page.locator('.filters label', { hasText: 'Hour' }).locator('select').selectOption('10');
    await soon(async () => expect(await textOf(page, '#vanishing')).toBe('Prompts that vanish 7'));
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await soon(async () => expect(await textOf(page, '#vanishing')).toBe('Prompts that vanish 21'));
    await page.locator('.difference').nth(7).click();
    await soon(async () => expect(await textOf(page, '.stories-head')).toMatch(/Wed 18 Nov[\s\S]*8 of 21/));
  });

  test('is an address: the draft, the days and what is changed in it stand there', async () => {
    const page = await open();
    await answered(page);
    await field(page).fill('12');
    await soon(async () =>
      expect(new URL(page.url()).search).toBe(
        `?from=${box.day(0)}&to=${box.day(6)}&set=wandering.afterSeconds=12`,
      ),
    );
    // Nothing differs from today: nothing is asked.
    await soon(async () =>
      expect(await textOf(page, '.progress')).toBe(
        'Change a value to see what it would have done in these days.',
      ),
    );
    await field(page).fill('60');
    await soon(async () => expect(await textOf(page, '.sentence')).toContain('With 60 s'));
    await page.getByRole('button', { name: 'last day' }).click();
    await soon(async () =>
      expect(new URL(page.url()).search).toContain(`from=${box.day(6)}&to=${box.day(6)}`),
    );
  });

  test('begins again when a value is changed, and can be cancelled', async () => {
    const page = await open();
    await answered(page);
    // However fast the box is: what came of it is told when the test has looked.
    let tell = () => {};
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await page.route(/\/what-if\/(?!days|scenes|suggest)[^/?]+$/, async (route) => {
      if (route.request().method() === 'GET') await told;
      await route.continue();
    });
    await field(page).fill('61');
    const cancel = page.locator('.progress').getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    // The form is never held up.
    await field(page).fill('62');
    await cancel.waitFor();
    await cancel.click();
    await soon(async () => expect(await textOf(page, '.progress')).toMatch(/^Cancelled\./));
    // Also before it is asked at all, and while the box has not said yet that it begins.
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    await page.route(/\/what-if$/, async (route) => {
      isAsked();
      await told;
      await route.continue();
    });
    await field(page).fill('63');
    await cancel.click();
    await soon(async () => expect(await textOf(page, '.progress')).toMatch(/^Cancelled\./));
    await page.getByRole('button', { name: 'Try again' }).click();
    await asked;
    await cancel.click();
    await soon(async () => expect(await textOf(page, '.progress')).toMatch(/^Cancelled\./));
    await page.unroute(/\/what-if$/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await soon(async () => expect(await textOf(page, '.progress')).toMatch(/^Replaying/));
    await field(page).fill('60');
    tell();
    await answered(page);
    await soon(async () => expect(await textOf(page, '.sentence')).toContain('With 60 s'));
  });

  test('suggests a value for an aim, with its curve, what is feasible, and the check on days not used', async () => {
    const page = await open();
    await page.getByLabel('Buzzes in any 10 minutes, at most').fill('4');
    await page.getByLabel('Arrivals prompted in time, at least').fill('20');
    await page.getByRole('button', { name: 'Suggest it' }).click();
    await page.locator('.answer').waitFor({ timeout: 100_000 });
    expect(await textOf(page, '.answer')).toMatch(/^4 does it\. It (holds|does not hold) on the other days/);
    expect(await textOf(page, '.suggest')).toMatch(
      /Chosen on Mon 16 Nov \d\d:\d\d – Sat 21 Nov 00:00\s+Checked on Sat 21 Nov 00:00 – Sun 22 Nov \d\d:\d\d/,
    );
    expect(await page.locator('.curve .feasible').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Use 4' }).click();
    await soon(async () => expect(new URL(page.url()).search).toContain('set=prompts.mostInTenMinutes=4'));
  });

  test('is saved from here with a reason; whoever saves second is told, and nothing is lost', async () => {
    extra = await runAsked({ lines: mornings(7, 1) });
    const page = await open(`${week()}&${set}&lang=en`, { of: extra });
    await answered(page);
    const save = page.locator('.save-bar').getByRole('button', { name: 'Save' });
    await save.click();
    await soon(async () =>
      expect(await textOf(page, '#why-asked')).toBe('Say why: whoever looks later will ask.'),
    );
    extra.settings.save({
      version: 1,
      changes: { 'queue.length': 4 },
      why: 'Before you',
      by: { kind: 'token', role: 'operations', token: 'k3f9aa' },
    });
    await page.getByLabel('Why', { exact: true }).fill('Fewer buzzes');
    await save.click();
    await soon(async () =>
      expect(await textOf(page, '.notes')).toContain('operations k3f9aa saved version 2'),
    );
    expect(extra.settings.branch.thresholds.wandering.afterSeconds).toBe(12);
    await page.getByRole('button', { name: 'Put mine on top' }).click();
    await answered(page);
    await soon(async () => expect(await textOf(page, '.basis')).toContain('now = version 2'));
    await page.getByLabel('Why', { exact: true }).fill('Fewer buzzes');
    await save.click();
    await soon(async () => expect(await textOf(page, '.saved')).toMatch(/In effect since/));
    expect(extra.settings.latest).toMatchObject({
      version: 3,
      why: 'Fewer buzzes',
      changes: { 'wandering.afterSeconds': { from: 12, to: 60 } },
    });
    expect(extra.settings.branch.thresholds.queue.length).toBe(4);
    // Or it is tried first, and nobody is buzzed.
    const trial = await open(`${week()}&set=wandering.afterSeconds=30&lang=en`, { of: extra });
    await answered(trial);
    await trial.getByLabel('Why', { exact: true }).fill('Between the two');
    await trial.getByRole('radio', { name: 'Shadow for 7 days, no buzz' }).check();
    await trial.locator('.save-bar').getByRole('button', { name: 'Save' }).click();
    await soon(async () =>
      expect(await textOf(trial, '.saved')).toMatch(/In shadow until [\s\S]+, without a buzz\./),
    );
    expect(extra.shadow.view().shadow).toMatchObject({
      days: 7,
      set: { 'wandering.afterSeconds': { from: 60, to: 30 } },
    });
    expect(extra.settings.branch.thresholds.wandering.afterSeconds).toBe(60);
  });

  test('of less than a week, and of few visits, says so: a dash where a share would mislead', async () => {
    extra = await runAsked({ lines: mornings(1, 1) });
    const page = await open(`from=${box.day(0)}&to=${box.day(0)}&${set}&lang=en`, { of: extra });
    await answered(page);
    expect(await textOf(page, '.answers')).toContain('Less than a whole week');
    expect(await row(page, 'Prompted within 5 s')).toEqual([
      '–',
      '–',
      expect.stringMatching(/^visits \d: too few$/),
    ]);
    expect(await row(page, 'Met within')).toEqual([
      expect.stringMatching(/^– visits \d: too few · Never met \d · as it happened$/),
    ]);
  });

  test('that does not agree with what was, is not to be relied on, and says so', async () => {
    let told = 0;
    extra = await runAsked({
      lines: mornings(7, 1).filter(({ kind }) => {
        if (kind === 'prompt') told += 1;
        return kind !== 'prompt' || told % 2 === 0;
      }),
    });
    const page = await open(`${week()}&${set}&lang=en`, { of: extra });
    await answered(page);
    await soon(async () =>
      expect(await textOf(page, '.basis [role="alert"]')).toMatch(
        /Replay differs from life by \d+%: not to be relied on\./,
      ),
    );
  });

  test('says when there is nothing to replay, no right to, or no such value', async () => {
    extra = await runAsked({});
    const empty = await open('lang=en', { of: extra });
    await soon(async () =>
      expect(await textOf(empty, 'main')).toContain('Nothing recorded to replay yet. Come back after a day.'),
    );
    const chinese = await open('lang=zh', { of: extra });
    await soon(async () =>
      expect(await textOf(chinese, 'main')).toContain('还没有可以试算的日志。营业一天后再来。'),
    );
    const viewer = await open('lang=en', { role: 'viewer' });
    await soon(async () => expect(await textOf(viewer, 'main')).toContain('Needs the role operations.'));
    const far = await open(`${week()}&set=wandering.afterSeconds=1&lang=en`);
    await soon(async () => expect(await textOf(far, '.draft .refused')).toBe('Must be 5–600 s, is 1.'));
    const nothing = await open(`from=2026-10-01&to=2026-10-02&${set}&lang=en`);
    await soon(async () =>
      expect(await textOf(nothing, '.notes')).toContain(
        'Nothing was recorded in this period. Choose other days.',
      ),
    );
  });

  test.each([
    ['light', 'en', wide],
    ['dark', 'zh', tablet],
  ] as const)(
    'has no violation that axe knows of, in two languages and both themes: %s, %s, %o',
    async (theme, lang, size) => {
      const page = await open(`${week()}&${set}&lang=${lang}&theme=${theme}`, { size });
      await answered(page);
      await page.keyboard.press('j');
      await page.locator('.mini-floor svg').waitFor();
      expect(await violations(page)).toEqual([]);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(sideways).toBeLessThanOrEqual(0);
    },
  );
});
