import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccessRole } from '../../edge/access/tokens.ts';
import { titled } from '../peers/tools.ts';
import {
  type ConsolePages,
  noChromium,
  openConsolePages,
  soon,
  textOf,
  violations,
  wide,
} from './console-page.ts';
import { runLobby, written } from './rules-branch.ts';

const wait = 'Time in a queue before it is asked what it needs';
const length = 'People in a queue before it is asked what it needs';

describe.skipIf(noChromium)(titled('the rules in Chromium, of a lobby that runs', noChromium), () => {
  let pages: ConsolePages;
  let box: Awaited<ReturnType<typeof runLobby>>;

  beforeAll(async () => {
    pages = await openConsolePages();
  });
  beforeEach(async () => {
    box = await runLobby();
  });
  afterEach(async () => {
    const troubles = await pages.leave();
    await box.close();
    expect(troubles).toEqual([]);
  });
  afterAll(async () => {
    await pages?.close();
  });

  async function open(query = 'lang=en', role: AccessRole = 'operations', size = wide): Promise<Page> {
    const page = await pages.open(`${box.url}/rules?${query}`, box.tokens.issue(role).text, size);
    await page.locator('.setting').first().waitFor();
    return page;
  }
  const field = (page: Page, name = wait) => page.getByRole('textbox', { name, exact: true });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  async function save(page: Page, why = 'Two windows are closed'): Promise<void> {
    await page.getByLabel('Why', { exact: true }).fill(why);
    await page.keyboard.press('Control+s');
    await button(page, 'Save, in effect at once').click();
  }

  test('say of each threshold its unit, range, default, both ways and when it takes effect', async () => {
    const page = await open();
    await soon(async () =>
      expect(await page.locator('.setting').count()).toBe(box.settings.view().settings.length),
    );
    const row = page.locator('.setting', { hasText: wait });
    await soon(async () => expect(await field(page).inputValue()).toBe('600'));
    await soon(async () =>
      expect(await row.locator('.facts').innerText()).toBe('10–3600 s · default 180 s · at once'),
    );
    await soon(async () =>
      expect(await row.locator('.ways').innerText()).toMatch(/^Shorter: .+\.\s+Longer: .+\.$/),
    );
    const link = page.locator('.what-if a');
    await soon(async () => expect(await link.getAttribute('href')).toBe('/rules/what-if'));
    await field(page).fill('300');
    await soon(async () =>
      expect(await link.getAttribute('href')).toBe('/rules/what-if?set=queue.waitSeconds=300'),
    );
    await soon(async () => expect(await link.innerText()).toBe('Try these changes on days past'));
  });

  test("say whose value holds where the bank sets it too, and go back to the bank's", async () => {
    const by = { kind: 'fleet', bundle: 'winter', serial: 7, state: 'live' } as const;
    const set = { 'queue.waitSeconds': 240, 'patrol.people': 9 };
    box.settings.useBank({ bundle: 'winter', serial: 7, set }, { by, why: 'Winter is slower' });
    const page = await open();
    const row = (name: string) => page.locator('.setting', { hasText: name });
    const said = (name: string) => row(name).locator('.from-bank').innerText();
    await soon(async () => expect(await page.locator('.from-bank').count()).toBe(2));
    expect(await said('Customers not yet greeted from which')).toBe("From the bank's bundle winter");
    expect(await said(wait)).toContain("Set here, which stands over the bank's bundle winter: 240 s");
    expect(await page.locator('.version').first().innerText()).toMatch(
      /The bank · winter[\s\S]*Winter is slower/,
    );
    expect(await violations(page)).toEqual([]);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/bank-en.png` });

    await button(page, `Back to the bank's value: ${wait}`).click();
    await soon(async () => expect(await field(page).inputValue()).toBe('240'));
    expect(await said(wait)).toBe("Once saved, it follows the bank's bundle winter");
    await save(page, 'As all branches do');
    await soon(() => expect(box.text()).toBe(written.replace(', waitSeconds: 600', '')));
    await soon(async () => expect(await said(wait)).toBe("From the bank's bundle winter"));
    await page.locator('.saved').getByRole('button', { name: 'Undo' }).click();
    await soon(() => expect(box.text()).toBe(written));

    const chinese = await open('lang=zh', 'viewer');
    await soon(async () =>
      expect(await chinese.locator('.from-bank').allInnerTexts()).toEqual([
        expect.stringContaining('本网点自定的值优先；总行设置包 winter 为 240 秒'),
        '总行设置包 winter 的值',
      ]),
    );
    if (process.env.SHOTS) await chinese.screenshot({ path: `${process.env.SHOTS}/bank-zh.png` });
  });

  test('changed and saved, change what is decided next, without a restart and without forgetting who waits', async () => {
    await box.film(60);
    expect(box.prompts.map(({ kind }) => kind)).not.toContain('ask-queue');
    const page = await open();
    await field(page).fill('30');
    await soon(async () =>
      expect(await textOf(page, '.setting.changed .change-mark')).toMatch(/600 s → 30 s\s*Reset/),
    );
    await page.getByLabel('Why', { exact: true }).fill('Two windows are closed');
    await page.keyboard.press('Control+s');
    await soon(async () =>
      expect(await textOf(page, 'dialog')).toMatch(
        /What changes[\s\S]*Time in a queue[\s\S]*600 s → 30 s[\s\S]*Shorter: more prompts[\s\S]*Two windows/,
      ),
    );
    expect(box.text()).toBe(written);
    await button(page, 'Save, in effect at once').click();
    await soon(
      async () =>
        await soon(async () =>
          expect(await textOf(page, '.saved')).toMatch(/In effect since \d\d:\d\d:\d\d, no restart\.\s*Undo/),
        ),
    );
    expect(box.text()).toBe(written.replace('600', '30'));
    await box.film(1);
    expect(box.prompts.filter(({ kind }) => kind === 'ask-queue')).toHaveLength(1);
    await soon(
      async () =>
        await soon(async () =>
          expect(await page.locator('.version').first().innerText()).toMatch(
            /operations \w{6}[\s\S]*version 2[\s\S]*Two windows are closed[\s\S]*600 s → 30 s/,
          ),
        ),
    );
    await page.locator('.saved').getByRole('button', { name: 'Undo' }).click();
    await soon(() => expect(box.text()).toBe(written));
    await soon(async () => expect(await field(page).inputValue()).toBe('600'));
    expect(box.settings.latest).toMatchObject({ version: 3, why: 'Undone: version 2' });
  });

  test('are not saved without a reason, nor out of range: the field says so, with the limit and what came', async () => {
    const page = await open();
    await field(page).fill('5');
    await soon(async () =>
      expect(await page.locator('.setting .refused').innerText()).toBe('Must be 10–3600 s, is 5.'),
    );
    await page.keyboard.press('Control+s');
    await soon(async () => expect(await page.locator('dialog').count()).toBe(0));
    await soon(async () =>
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('value-queue.waitSeconds'),
    );
    await field(page, length).fill('4.5');
    await soon(async () =>
      expect(await page.locator('.setting .refused').last().innerText()).toBe(
        'Must be a whole number, 1–100 people, is 4.5.',
      ),
    );
    await field(page, length).fill('4');
    await field(page).fill('60');
    await page.keyboard.press('Control+s');
    await soon(async () =>
      expect(await textOf(page, '#why-asked')).toBe('Say why: whoever looks later will ask.'),
    );
    await soon(async () => expect(await page.evaluate(() => document.activeElement?.id)).toBe('why'));
    await page.keyboard.type('Two windows are closed');
    await page.keyboard.press('Enter');
    await page.locator('dialog').waitFor();
    await page.keyboard.press('Escape');
    await soon(async () => expect(await page.locator('dialog').count()).toBe(0));
    await soon(async () => expect(await field(page).inputValue()).toBe('60'));
    expect(box.text()).toBe(written);
  });

  test('undo and redo by step and by name, from the keyboard; a slider moves by arrows', async () => {
    const page = await open();
    await field(page).fill('300');
    await field(page, length).fill('7');
    await soon(async () => expect(await button(page, 'Undo').getAttribute('title')).toBe(`Undo: ${length}`));
    await page.keyboard.press('Control+z');
    expect([await field(page).inputValue(), await field(page, length).inputValue()]).toEqual(['300', '5']);
    await page.keyboard.press('Control+z');
    await soon(async () => expect(await field(page).inputValue()).toBe('600'));
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Control+Shift+Z');
    expect([await field(page).inputValue(), await field(page, length).inputValue()]).toEqual(['300', '7']);
    const slider = page.getByRole('slider', { name: wait, exact: true });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await soon(async () => expect(await field(page).inputValue()).toBe('310'));
    await soon(async () => expect(await slider.getAttribute('aria-valuetext')).toBe('310 s'));
    await button(page, 'Reset all').click();
    await soon(async () => expect(await page.locator('.setting.changed').count()).toBe(0));
  });

  test('are kept as typed while live news comes, while another page is looked at, and while another saves', async () => {
    const page = await open();
    await field(page).fill('12');
    await box.film(5);
    box.edit('length: 5', 'length: 6');
    await soon(
      async () =>
        await soon(async () =>
          expect(await textOf(page, '.note.strong')).toMatch(
            /^The file saved version 2 at .+\. Yours is kept\./,
          ),
        ),
    );
    await soon(async () => expect(await field(page).inputValue()).toBe('12'));
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByRole('link', { name: 'Rules' }).click();
    await page.locator('.setting').first().waitFor();
    await soon(async () => expect(await field(page).inputValue()).toBe('12'));
    await soon(async () => expect(await field(page, length).inputValue()).toBe('6'));
  });

  test('show another page what was saved, at once, while nothing is typed there', async () => {
    const [one, other] = [await open(), await open()];
    await field(one).fill('120');
    await save(one);
    await soon(async () => expect(await field(other).inputValue()).toBe('120'));
    await soon(async () => expect(await other.locator('.version').count()).toBe(2));
  });

  test('tell the second of two who save, and keep both versions: compare, take theirs, or put mine on top', async () => {
    const [first, second] = [await open(), await open()];
    await field(second).fill('60');
    await field(second, length).fill('8');
    await field(first).fill('120');
    await save(first);
    await soon(() => expect(box.settings.latest.version).toBe(2));
    await soon(async () => expect(await second.locator('.note.strong').count()).toBe(1));
    await save(second, 'The rush at noon');
    await second.locator('.compared').waitFor();
    await soon(async () =>
      expect(await textOf(second, 'dialog')).toMatch(
        /operations \w{6} saved version 2 at \d\d:\d\d:\d\d\. Yours is kept\./,
      ),
    );
    const cells = await second
      .locator('.compared tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => textContent)),
      );
    expect(cells).toEqual([
      ['600 s', '120 s', '60 s'],
      ['5', '5', '8'],
    ]);
    expect(await violations(second)).toEqual([]);
    expect(box.text()).toBe(written.replace('600', '120'));

    await second.locator('dialog').getByRole('button', { name: 'Take theirs' }).click();
    await soon(async () => expect(await field(second).inputValue()).toBe('120'));
    await second.keyboard.press('Control+z');
    await soon(async () => expect(await field(second).inputValue()).toBe('60'));
    await field(first).fill('130');
    await save(first);
    await soon(async () => expect(await second.locator('.note.strong').count()).toBe(1));
    await second.locator('.note.strong').getByRole('button', { name: 'Put mine on top' }).click();
    await soon(() => expect(box.text()).toBe(written.replace('600', '60').replace('length: 5', 'length: 8')));
    expect(box.settings.latest.changes).toEqual({
      'queue.waitSeconds': { from: 130, to: 60 },
      'queue.length': { from: 5, to: 8 },
    });
  });

  test('put back what was by way of the what-if, into the form and no further', async () => {
    const page = await open();
    await field(page).fill('120');
    await save(page);
    await button(page, 'Put back: version 2').click();
    await soon(() => expect(page.url()).toMatch(/\/rules\/what-if\?set=queue\.waitSeconds=600$/));
    await page.getByRole('link', { name: 'Rules', exact: true }).click();
    await soon(async () => expect(await field(page).inputValue()).toBe('600'));
    await soon(async () => expect(await textOf(page, '.changed-count')).toBe('Changed 1'));
    expect(box.text()).toBe(written.replace('600', '120'));
  });

  test('are shown to a viewer, disabled, with the reason in words', async () => {
    const page = await open('lang=zh', 'viewer');
    await soon(async () => expect(await textOf(page, '.note')).toBe('需要“运营”权限。请找管理员。'));
    await soon(async () => expect(await page.locator('.number').first().isDisabled()).toBe(true));
    await soon(async () => expect(await page.locator('.main-button').isDisabled()).toBe(true));
  });

  test('say that the file is broken, on the page and in the health bar, until it is not', async () => {
    const page = await open();
    box.edit('length: 5', 'length: 500');
    await box.film(1);
    await soon(async () => expect(await textOf(page, '.health-bar')).toMatch(/▲ rules file refused/));
    await page.reload();
    await soon(
      async () =>
        await soon(async () =>
          expect(await textOf(page, '.note.strong')).toMatch(
            /^The branch file was edited.*branch\.yaml:\d+$/s,
          ),
        ),
    );
    await soon(async () => expect(await page.locator('.number').first().isDisabled()).toBe(true));
    box.edit('length: 500', 'length: 5');
    await box.film(1);
    await soon(async () => expect(await textOf(page, '.health-bar')).not.toContain('rules'));
  });

  test('of the demo are kept in memory alone, and the page says so', async () => {
    await box.close();
    box = await runLobby('memory');
    const page = await open();
    await soon(async () =>
      expect(await textOf(page, '.note')).toBe('The demo keeps changes until it ends, and writes no file.'),
    );
    await field(page).fill('30');
    await save(page);
    await soon(() => expect(box.settings.branch.thresholds.queue.waitSeconds).toBe(30));
    expect(box.text()).toBe(written);
  });

  test.each([
    ['light', 'en', wide],
    ['dark', 'zh', wide],
    ['light', 'zh', { width: 1024, height: 768 }],
    ['dark', 'en', { width: 1024, height: 768 }],
  ] as const)('have no violation that axe knows of: %s, %s, %o', async (theme, lang, size) => {
    const page = await open(`lang=${lang}&theme=${theme}`, 'operations', size);
    await page.locator('#value-queue\\.waitSeconds').fill('30');
    await page.locator('#value-queue\\.length').fill('500');
    await soon(async () => expect(await page.locator('.version').count()).toBe(1));
    expect(await violations(page)).toEqual([]);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
    // What has focus is never under a bar.
    for (const path of ['patrol.people', 'prompts.passOnSeconds', 'wandering.afterSeconds']) {
      await page.locator(`#value-${path.replace('.', '\\.')}`).focus();
      const isSeen = await page.evaluate(() => {
        const { left, top, width, height } = document.activeElement!.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2) === document.activeElement;
      });
      expect([path, isSeen]).toEqual([path, true]);
    }
  });
});
