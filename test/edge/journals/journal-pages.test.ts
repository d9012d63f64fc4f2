import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createJournalPages, type JournalPages } from '../../../edge/journals/journal-pages.ts';
import { type OpenJournal, openJournal } from '../../../edge/journals/open-journal.ts';
import { journalSettingsSchema } from '../../../src/contract/journal.ts';
import {
  type JournalAsk,
  type JournalRow,
  journalAskSchema,
  journalPageSchema,
  storySchema,
} from '../../../src/contract/journal-page.ts';
import { ManualClock } from '../../manual-clock.ts';
import { morning, morningAt, settingsOfMorning } from '../../morning.ts';

let folder: string;
let journal: OpenJournal;
let pages: JournalPages;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-pages-'));
  const clock = new ManualClock(Date.parse(morningAt('10:45:00')) / 1000);
  journal = openJournal({ folder, branch: 'harbour', settings: journalSettingsSchema.parse({}), clock });
  for (const line of morning()) journal.write(line);
  pages = createJournalPages({
    journal,
    settings: settingsOfMorning(),
    keptDays: 30,
    now: () => clock.now(),
  });
});
afterAll(async () => {
  await journal.close();
  rmSync(folder, { recursive: true });
});

const page = async (asked: Partial<JournalAsk> = {}) => {
  const found = await pages.page(journalAskSchema.parse(asked));
  // What leaves is what the contract names.
  return journalPageSchema.parse(found);
};
const times = (rows: readonly JournalRow[]) => rows.map(({ at }) => at.slice(11, 19));
const all = { from: morningAt('00:00:00') };

describe('A page of the journal', () => {
  test('has what was said and kept quiet, health and settings in one stream, newest first', async () => {
    const { rows } = await page();
    expect(rows.map(({ at, what }) => `${at.slice(11, 19)} ${what}`)).toEqual([
      '10:42:04 prompt',
      '10:41:20 quiet',
      '10:40:58 prompt',
      '10:40:31 quiet',
      '10:39:30 health',
      '10:38:12 health',
      '10:30:00 settings',
      '10:10:00 prompt',
      '10:09:30 quiet',
    ]);
  });

  test('folds the life of a prompt into its row: on how many wrists, after how long, who went, when met', async () => {
    const [row] = (await page({ ...all, what: 'prompts' })).rows;
    expect(row).toMatchObject({
      what: 'prompt',
      prompt: 'greet',
      happening: 'arrived',
      place: 'main-door',
      people: 2,
      visits: ['k3f9-31', 'k3f9-32'],
    });
    expect((row as { life: object[] }).life).toEqual([
      { at: morningAt('10:42:04'), step: 'raised', wrists: 2 },
      { at: morningAt('10:42:04', 600), step: 'delivered', reason: 'answered', afterSeconds: 0.6 },
      { at: morningAt('10:42:08'), step: 'accepted', by: 'deputy', reason: 'answered' },
      { at: morningAt('10:42:13'), step: 'met', reason: 'seen-met' },
    ]);
  });

  test('says why nothing was said with the figures of then, and what came of it later', async () => {
    const { rows } = await page({ ...all, what: 'quiet' });
    expect(rows.map((row) => row.what === 'quiet' && row.reason)).toEqual([
      { code: 'staff-near', metres: 2.1 },
      // Six then; the limit was raised to eight since.
      { code: 'budget', most: 6 },
      { code: 'staff-near', metres: 4, metresPerSecond: 1.9 },
      { code: 'accepted-elsewhere', by: 'manager' },
    ]);
    expect(rows[1]).toMatchObject({ later: { became: 'told', at: morningAt('10:40:44') } });
  });

  test('leaves out what asks for nothing: who left, who was met, who is served', async () => {
    const { rows } = await page({ ...all, limit: 200 });
    expect(rows.some((row) => row.what === 'quiet' && row.happening === 'contacted')).toBe(false);
    expect(rows.some((row) => row.what === 'quiet' && row.reason.code === 'nothing-to-ask')).toBe(false);
  });

  test('tells when a place was not seen any more, why, and for how long', async () => {
    const { rows } = await page({ ...all, what: 'health' });
    expect(rows.slice(0, 2)).toMatchObject([
      { change: 'seen-again', place: 'main-door', forSeconds: 78 },
      { change: 'unseen', place: 'main-door', camera: 'door', trouble: 'LOBBY_CAMERA_FROZEN' },
    ]);
    expect(rows.at(-1)).toMatchObject({ change: 'begun', why: 'start', version: '0.1.0' });
  });

  test('tells a change of settings with its titles, by whom and why', async () => {
    const { rows } = await page({ ...all, what: 'settings' });
    expect(rows[0]).toMatchObject({
      version: 41,
      by: 'operations',
      why: 'help came late',
      changes: [{ path: 'wandering.afterSeconds', from: 20, to: 15, mark: { en: 's' } }],
    });
  });

  test.each([
    [
      { place: 'main-door', what: 'prompts,quiet,health' },
      ['10:42:04', '10:40:31', '10:39:30', '10:38:12', '10:09:30'],
    ],
    [{ place: 'hall', what: 'prompts,quiet' }, ['10:41:20', '10:10:00']],
    [{ kind: 'wandering', what: 'prompts,quiet' }, ['10:41:20', '10:10:00']],
    [{ kind: 'contacted', what: 'prompts,quiet' }, []],
    [{ from: morningAt('10:40:00'), to: morningAt('10:41:00') }, ['10:40:58', '10:40:31']],
  ] as const)('is filtered before it is loaded: %j', async (asked, expected) => {
    expect(times((await page({ from: morningAt('10:00:00'), ...asked })).rows)).toEqual(expected);
  });

  test.each([1, 2, 3, 5])('%i rows at a time, gives each row once and none is missed', async (limit) => {
    const whole = (await page({ ...all, limit: 200 })).rows;
    const got: JournalRow[] = [];
    let before: number | undefined;
    for (let asked = 0; asked < 40; asked += 1) {
      const next = await page({ ...all, limit, ...(before === undefined ? {} : { before }) });
      got.push(...next.rows);
      before = next.more;
      if (before === undefined) break;
    }
    const known = (rows: readonly JournalRow[]) => rows.map((row) => `${row.at} ${row.what} ${row.n}`);
    expect(known(got)).toEqual(known(whole));
    expect(whole.length).toBeGreaterThan(8);
  });

  test('opens with the last hour, says how far that goes, and where the journal begins', async () => {
    const opened = await page();
    expect(opened).toMatchObject({
      from: morningAt('09:45:00'),
      keptDays: 30,
      begins: morningAt('08:00:00'),
    });
    expect(opened.more).toBeUndefined();
    expect(times((await page({ to: opened.from! })).rows)).toEqual(['09:00:10', '08:00:00']);
  });

  test('of days that are gone is refused, with how many are kept', async () => {
    const gone = page({ from: '2026-09-01T00:00:00.000Z', to: '2026-09-02T00:00:00.000Z' });
    await expect(gone).rejects.toMatchObject({
      code: 'LOBBY_JOURNAL_GONE',
      details: { days: 30, before: morningAt('08:00:00') },
    });
  });
});

describe('The story of a visit', () => {
  test('tells each step with its reason, when they were met, and by which rules of then', async () => {
    const story = storySchema.parse(await pages.story('k3f9-12'));
    expect(
      story.steps.map((step) => [
        step.at.slice(11, 19),
        step.step === 'noticed'
          ? `${step.happening}${step.quiet === undefined ? '' : ` quiet ${step.quiet.code}`}`
          : step.step === 'prompt'
            ? `${step.prompt} ${step.life.step}`
            : step.step,
      ]),
    ).toEqual([
      ['10:09:30', 'arrived quiet staff-near'],
      ['10:10:00', 'wandering'],
      ['10:10:00', 'approach raised'],
      ['10:10:01', 'approach delivered'],
      ['10:10:09', 'contacted'],
      ['10:10:09', 'approach met'],
      ['10:20:00', 'ended'],
    ]);
    expect(story).toMatchObject({
      role: 'customer',
      place: 'main-door',
      isOver: true,
      met: { at: morningAt('10:10:09'), afterSeconds: 39, by: 'seen' },
      older: 'k3f9-9',
      newer: 'k3f9-29',
      rules: { version: 40, concerned: 'wandering.afterSeconds' },
    });
    // Twenty then; fifteen since half past ten.
    expect(story.rules.values[0]).toMatchObject({ path: 'wandering.afterSeconds', was: 20, now: 15 });
  });

  test('goes on from one to the next, oldest to newest, without staff', async () => {
    const order: string[] = [];
    for (let visit: string | undefined = 'k3f9-9'; visit !== undefined; ) {
      order.push(visit);
      visit = (await pages.story(visit)).newer;
    }
    expect(order).toEqual(['k3f9-9', 'k3f9-12', 'k3f9-29', 'k3f9-25', 'k3f9-30', 'k3f9-31', 'k3f9-32']);
  });

  test('of whoever is not in the journal is refused, and says how long it is kept', async () => {
    await expect(pages.story('zzzz-1')).rejects.toMatchObject({
      code: 'LOBBY_VISIT_UNKNOWN',
      details: { visit: 'zzzz-1', days: 30 },
    });
  });
});
