import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccessRole } from '../../edge/access/tokens.ts';
import { titled } from '../peers/tools.ts';
import { type ConsolePages, noChromium, openConsolePages, soon, textOf, violations } from './console-page.ts';
import { runLobby, written } from './rules-branch.ts';

const wait = 'Time in a queue before it is asked what it needs';
const profiles = `profiles:
  # agreed with the head
  - id: weekend
    name: { zh: 周末, en: Weekend }
    days: { weekdays: [monday, tuesday, wednesday, thursday, friday, saturday, sunday] }
    thresholds: { wandering: { afterSeconds: 15 } }
`;

describe.skipIf(noChromium)(titled('profiles and trials in Chromium', noChromium), () => {
  let pages: ConsolePages;
  let box: Awaited<ReturnType<typeof runLobby>>;

  beforeAll(async () => {
    pages = await openConsolePages();
  });
  beforeEach(async () => {
    box = await runLobby('file', written + profiles);
  });
  afterEach(async () => {
    const troubles = await pages.leave();
    await box.close();
    expect(troubles).toEqual([]);
  });
  afterAll(async () => {
    await pages?.close();
  });

  async function open(query = 'lang=en', role: AccessRole = 'operations'): Promise<Page> {
    const page = await pages.open(`${box.url}/rules?${query}`, box.tokens.issue(role).text);
    await page.locator('.profile-tab').first().waitFor();
    return page;
  }
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
  async function save(page: Page): Promise<void> {
    await page.getByLabel('Why', { exact: true }).fill('The 15th is full');
    await page.keyboard.press('Control+s');
    await page.locator('dialog').waitFor();
  }

  test('a profile is made, named, given days and a value, seen in the calendar, saved, and undone', async () => {
    const page = await open();
    await soon(async () => expect(await textOf(page, '.calendar .today')).toMatch(/today\s+Weekend/));
    await soon(async () => expect(await page.locator('.calendar .has-profile').count()).toBe(28));
    await button(page, '+ Add a profile').click();
    await soon(async () => expect(await textOf(page, '#profile-problem')).toBe('Give it a name.'));
    await page.getByLabel('Name in English').fill('Pension day');
    await soon(async () => expect(await textOf(page, '#profile-problem')).toBe('Choose a day at least.'));
    await button(page, '15').click();
    await page.getByLabel('Add a value').selectOption('queue.waitSeconds');
    const value = page.getByRole('textbox', { name: wait, exact: true });
    await value.fill('5');
    await soon(async () =>
      expect(await textOf(page, '.profile-editor .setting .refused')).toBe('Must be 10–3600 s, is 5.'),
    );
    await value.fill('300');
    await soon(async () =>
      expect(await page.locator('.calendar .of-chosen').allInnerTexts()).toEqual([
        expect.stringMatching(/^15[\s\S]*Pension day/),
      ]),
    );
    expect(await violations(page)).toEqual([]);
    await save(page);
    await soon(async () => expect(await textOf(page, '.profile-changes')).toBe('Pension day · added'));
    await button(page, 'Save, in effect at once').click();
    await soon(() =>
      expect(box.settings.branch.profiles.map(({ id, thresholds }) => [id, thresholds])).toEqual([
        ['profile-1', { queue: { waitSeconds: 300 } }],
        ['weekend', { wandering: { afterSeconds: 15 } }],
      ]),
    );
    expect(box.text()).toContain('# agreed with the head');
    await page.locator('.saved').getByRole('button', { name: 'Undo' }).click();
    await soon(() => expect(box.text()).toBe(written + profiles));
    expect(box.settings.latest).toMatchObject({ version: 3, why: 'Undone: version 2' });
  });

  test('values go on trial from the save dialog; the rule says what they would have done, and they are made live', async () => {
    const page = await open();
    await button(page, 'Base').click();
    await page.getByRole('textbox', { name: wait, exact: true }).fill('30');
    await save(page);
    await page.getByLabel('Shadow for 7 days, no buzz').check();
    await button(page, 'Begin to try').click();
    await soon(async () =>
      expect(await textOf(page, '.saved')).toBe('On trial now: no wrist buzzes for it.'),
    );
    expect(box.text()).toBe(written + profiles);
    await box.film(60);
    expect(box.prompts.map(({ kind }) => kind)).not.toContain('ask-queue');
    await soon(async () =>
      expect(await textOf(page, '.trial-chip')).toMatch(/Trying 30 s since .+ · would have buzzed 2×$/),
    );
    await soon(async () => expect(await textOf(page, '.trial-examples')).toMatch(/new.*Cash · queue to ask/));
    expect(await violations(page)).toEqual([]);
    await button(page, 'Make it live').click();
    await page.locator('#trial-why').fill('It found what we missed');
    await page.locator('dialog').getByRole('button', { name: 'Make it live' }).click();
    await soon(() => expect(box.text()).toBe((written + profiles).replace('600', '30')));
    await soon(async () => expect(await page.locator('.trial').count()).toBe(0));
    await soon(async () =>
      expect(await page.locator('.version').first().innerText()).toMatch(
        /It found what we missed[\s\S]*Made live after a trial · would have buzzed 2× · really 1×/,
      ),
    );
  });

  test('a trial is ended with a reason, in Chinese and in the dark; a viewer sees it and may not', async () => {
    box.shadow.begin({
      version: 1,
      set: { 'queue.waitSeconds': 30 },
      why: 'x',
      days: 7,
      by: { kind: 'token', role: 'operations', token: 'k3f9aa' },
    });
    const viewer = await open('lang=en', 'viewer');
    await soon(async () => expect(await button(viewer, 'Make it live').isDisabled()).toBe(true));
    const page = await open('lang=zh&theme=dark');
    await button(page, '结束').click();
    await page.locator('dialog').getByRole('button', { name: '结束', exact: true }).click();
    await soon(async () => expect(await textOf(page, '#trial-why-asked')).toContain('请写明为什么'));
    await page.locator('#trial-why').fill('没有好处');
    expect(await violations(page)).toEqual([]);
    await page.locator('dialog').getByRole('button', { name: '结束', exact: true }).click();
    await soon(() => expect(box.shadow.view().shadow).toBeUndefined());
    await soon(async () =>
      expect(await page.locator('.version').first().innerText()).toMatch(/没有好处[\s\S]*试运行结束/),
    );
  });
});
