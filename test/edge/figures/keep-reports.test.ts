import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { figuresOfBranch } from '../../../edge/figures/figures-of-branch.ts';
import { closingOf } from '../../../edge/figures/keep-reports.ts';
import { reportsOfBranch } from '../../../edge/figures/reports-of-branch.ts';
import { serveFigures } from '../../../edge/figures/serve-figures.ts';
import { type OpenJournal, openJournal } from '../../../edge/journals/open-journal.ts';
import { parseBranch } from '../../../src/contract/branch.ts';
import { type ReportPayload, reportSchema } from '../../../src/contract/topics.ts';
import { createBranchDays } from '../../../src/service/branch-days.ts';
import { written } from '../../e2e/figures-branch.ts';
import { ManualClock } from '../../manual-clock.ts';
import { madeUpDay, timezone } from './made-up-day.ts';

let folder: string;
let journal: OpenJournal;
let clock: ManualClock;
let inLobby: number;
let published: ReportPayload[];
let remarks: string[];

const at = (moment: string) => Date.parse(moment) / 1000;
const goTo = async (moment: string) => clock.advance(at(moment) - clock.now());
const files = () => readdirSync(join(folder, 'reports')).sort();

/** A service that starts: it knows nothing but what is on the disk. */
function start(text = written) {
  const branch = parseBranch(text, 'branch.yaml');
  return reportsOfBranch({
    branch,
    data: { folder, journal },
    figures: serveFigures(figuresOfBranch(journal, () => branch, clock)),
    inLobby: () => inLobby,
    publish: (report) => void published.push(report),
    clock,
    onRemark: (remark) => void remarks.push(remark),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-reports-'));
  clock = new ManualClock(at('2026-03-12T08:00:00Z'));
  inLobby = 0;
  published = [];
  remarks = [];
  journal = openJournal({
    folder,
    branch: 'harbour',
    timezone,
    settings: parseBranch(written, 'branch.yaml').journal,
    clock,
  });
  for (const line of madeUpDay({ day: '2026-03-12', customers: 60, neverMetOf: 60 })) journal.write(line);
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true });
});

describe("The day's report", () => {
  it('is made by itself at closing, as two pages, a table and counts for the broker, once', async () => {
    const reports = start();
    await reports.look();
    expect(existsSync(join(folder, 'reports'))).toBe(false);
    await goTo('2026-03-12T09:00:30Z');
    await reports.look();
    const made = ['csv', 'en.html', 'json', 'zh.html'].map((end) => `2026-03-12.${end}`);
    expect(files()).toEqual(made);
    expect(published).toHaveLength(1);
    expect(reportSchema.parse(published[0])).toMatchObject({
      day: '2026-03-12',
      came: expect.any(Number),
      targetSeconds: 30,
      latency: { p50Seconds: expect.any(Number), p95Seconds: expect.any(Number) },
    });
    const page = readFileSync(join(folder, 'reports', '2026-03-12.en.html'), 'utf8');
    expect(page).toContain('Left without being met: &lt; 5.');
    expect(page).toContain('never met: &lt; 5');
    const before = statSync(join(folder, 'reports', made[1]!)).mtimeMs;
    await goTo('2026-03-12T11:00:00Z');
    await reports.look();
    await reports.look();
    expect(published).toHaveLength(1);
    expect(statSync(join(folder, 'reports', made[1]!)).mtimeMs).toBe(before);
    expect(statSync(join(folder, 'reports', made[1]!)).mode & 0o077).toBe(0);
  });

  it('waits for the last customer who is still served, and for half an hour at most', async () => {
    const reports = start();
    inLobby = 2;
    await goTo('2026-03-12T09:10:00Z');
    await reports.look();
    expect(published).toEqual([]);
    inLobby = 0;
    await reports.look();
    expect(published).toHaveLength(1);
    rmSync(join(folder, 'reports'), { recursive: true });
    inLobby = 2;
    await goTo('2026-03-12T09:30:00Z');
    await reports.look();
    expect(files()).toHaveLength(4);
  });

  it('of a box that was off at closing is made when it is back; made already, it is only published again', async () => {
    await goTo('2026-03-14T03:00:00Z');
    await start().look();
    expect(published.map(({ day }) => day)).toEqual(['2026-03-12']);
    const text = readFileSync(join(folder, 'reports', '2026-03-12.json'), 'utf8');
    await goTo('2026-03-14T03:05:00Z');
    await start().look();
    expect(published).toEqual([published[0], published[0]]);
    expect(readFileSync(join(folder, 'reports', '2026-03-12.json'), 'utf8')).toBe(text);
  });

  it('that was cut off by a kill is made again, and whole', async () => {
    await goTo('2026-03-12T10:00:00Z');
    await start().look();
    rmSync(join(folder, 'reports', '2026-03-12.json'));
    await start().look();
    expect(files()).toHaveLength(4);
    expect(published).toHaveLength(2);
  });

  it('of a day without hours is made at midnight, of a day without a line never', async () => {
    const noHours = written.replace(/^hours:.*\n/m, '');
    const days = createBranchDays(timezone);
    expect(closingOf('2026-03-12', undefined, days)).toBe(at('2026-03-12T16:00:00Z'));
    const { hours } = parseBranch(written, 'branch.yaml');
    expect(closingOf('2026-03-12', hours, days)).toBe(at('2026-03-12T09:00:00Z'));
    expect(closingOf('2026-03-14', hours, days)).toBe(at('2026-03-14T16:00:00Z'));
    await goTo('2026-03-20T00:00:00Z');
    await start(noHours).look();
    expect(new Set(files().map((file) => file.slice(0, 10)))).toEqual(new Set(['2026-03-12']));
  });

  it('is kept as many days as the journal, and no other file is touched', async () => {
    await goTo('2026-03-12T10:00:00Z');
    const week = written.replace('sceneSeconds: 30', 'sceneSeconds: 30, days: 7');
    await start(week).look();
    for (const line of madeUpDay({ day: '2026-03-19', customers: 5 })) journal.write(line);
    await goTo('2026-03-19T10:00:00Z');
    await start(week).look();
    expect(new Set(files().map((file) => file.slice(0, 10)))).toEqual(new Set(['2026-03-19']));
    expect(published.at(-1)).toMatchObject({ day: '2026-03-19', came: 5, neverMet: expect.anything() });
  });

  it('leaves no count of one to four, nor what it could be reckoned from', async () => {
    for (const line of madeUpDay({ day: '2026-03-19', customers: 30, neverMetOf: 10 })) journal.write(line);
    await goTo('2026-03-19T10:00:00Z');
    await start().look();
    const report = published.at(-1)!;
    const numbers = [report.came, report.inTime, report.neverMet]
      .concat(report.queues.map(({ waits }) => waits))
      .concat(report.prompts.map(({ prompts }) => prompts));
    expect(numbers).toContain('< 5');
    expect(numbers.filter((one) => typeof one === 'number' && one > 0 && one < 5)).toEqual([]);
    expect(Object.keys(report)).not.toContain('met');
  });

  it('is a page that needs nothing else, with the same first sentence, and says so in both languages', async () => {
    await goTo('2026-03-12T10:00:00Z');
    const reports = start();
    await reports.look();
    const english = reports.read('2026-03-12', 'en')!;
    const chinese = reports.read('2026-03-12', 'zh')!;
    expect(english).toMatch(/<h1>On Thu 12 Mar \d+ customers came\. Met within 30 s: /);
    expect(chinese).toMatch(/<h1>3 月 12 日 周四来了 \d+ 位客户。/);
    for (const page of [english, chinese]) {
      expect(page).not.toMatch(/<script|href=|src=|url\(|style="|NaN|undefined|\{\w+\}/);
      expect(page.match(/<svg/g)!.length).toBeGreaterThanOrEqual(4);
    }
    expect(reports.read('2026-03-11', 'en')).toBeUndefined();
    expect(reports.read('../tokens', 'en')).toBeUndefined();
  });

  it('that cannot be made is told of once, and tried again', async () => {
    await goTo('2026-03-12T10:00:00Z');
    const reports = start();
    await journal.close();
    await reports.look();
    await reports.look();
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toMatch(/could not be made .* tried again$/);
  });
});
