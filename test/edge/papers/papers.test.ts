import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PapersOptions, writePapers } from '../../../edge/cli/papers.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { factsOf } from '../../../edge/papers/facts.ts';
import { notice } from '../../../edge/papers/notice.ts';
import { html } from '../../../edge/papers/sheet.ts';
import { openPrivacyRecord } from '../../../edge/settings/privacy-record.ts';
import { keepRun } from '../../../edge/settings/run-record.ts';
import { parseBranch } from '../../../src/contract/branch.ts';
import { describeWholeApi } from '../../docs/whole-api.ts';
import { chromiumPath, openBrowser } from '../../e2e/branch.ts';
import { noChromium } from '../../e2e/console-page.ts';
import { titled } from '../../peers/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'lobby-papers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const demo = join(packageRoot, 'edge', 'demo', 'branch.yaml');
const full = join(import.meta.dirname, 'full.branch.yaml');
const names = ['assessment', 'notice', 'record'].flatMap((name) => [`${name}.en`, `${name}.zh`]);
type Papers = Readonly<Record<string, string>>;

async function papersOf(name: string, options: Omit<PapersOptions, 'out'>): Promise<Papers> {
  const out = join(folder, name);
  await writePapers({ ...options, out });
  return Object.fromEntries(
    readdirSync(out).map((file) => [file.replace(/\.html$/, ''), readFileSync(join(out, file), 'utf8')]),
  );
}
/** What stands on the page, without markup. */
const wordsOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

const controller = 'Harbour Bank <Ltd.>';
const contact = 'privacy@bank.example';
let small: Papers;
let large: Papers;
beforeAll(async () => {
  small = await papersOf('small', { branch: demo });
  large = await papersOf('large', {
    branch: full,
    controller,
    contact,
    host: '192.0.2.10',
    broker: 'mqtt://box:h4rbour-secret@broker.bank.example',
    homeAssistant: true,
  });
});

describe('The papers of a box', () => {
  it('are a notice, a record and an assessment, each in Chinese and in English', () => {
    expect(Object.keys(small).sort()).toEqual(names);
    for (const [name, page] of Object.entries(small)) {
      expect(page).toContain(`<html lang="${name.endsWith('.zh') ? 'zh-CN' : 'en'}">`);
    }
  });

  it('say what the configuration says: cameras, zones, days, and who gets it', () => {
    const notices = [wordsOf(small['notice.en']!), wordsOf(large['notice.en']!)];
    expect(notices[0]).toContain('One camera looks at the lobby: Door, Cash, Machines and Staff.');
    expect(notices[1]).toContain('2 cameras look at the lobby: Main door, Side door,');
    expect(notices[0]).toContain('kept for 30 days at most. In it are dots where people stood, to 0.25 m');
    expect(notices[1]).toContain('kept for 90 days at most. In it are dots where people stood, to 0.1 m');
    expect(notices[0]).toContain('It is sent to nobody else.');
    expect(notices[1]).toContain('broker.bank.example, hooks.bank.example, pager.bank.example and 1 more');
    const records = [wordsOf(small['record.en']!), wordsOf(large['record.en']!)];
    expect(records[0]).not.toMatch(/webhook|Home Assistant|MQTT broker|export folder/);
    for (const who of ['A webhook', 'Home Assistant', 'The MQTT broker', 'The export folder'])
      expect(records[1]).toContain(who);
    expect(records[0]).toContain('at all hours');
    expect(records[1]).toContain('Monday 09:00-12:00, 13:00-17:00; Tuesday 09:00-17:00');
    expect(records[1]).not.toContain('Saturday');
    expect(wordsOf(large['record.zh']!)).toContain('9 个：正门（入口）、侧门（入口）、现金区（排队区）');
  });

  it('name purposes that the zones allow, and no others', () => {
    expect(wordsOf(small['record.en']!)).not.toContain('VIP');
    expect(wordsOf(large['record.en']!)).toContain('seeing off customers who leave the VIP zone');
  });

  it('tell thresholds in force, and those of other days', () => {
    const [one, other] = [wordsOf(small['assessment.en']!), wordsOf(large['assessment.en']!)];
    expect(one).toContain('Time in a queue before it is asked what it needs 20 s');
    expect(one).not.toContain('On other days');
    expect(other).toContain(
      'Time in a queue before it is asked what it needs 240 s Pension day (day 15 of the month): 420 s',
    );
  });

  it('say what the configuration leaves open, and nothing where it leaves nothing', () => {
    expect(wordsOf(small['assessment.en']!)).toContain('Nothing is seen from the configuration.');
    const open = wordsOf(large['assessment.en']!);
    expect(open).toContain('Pages and messages at 192.0.2.10 are not encrypted');
    expect(open).toContain('What goes to the broker mqtt://broker.bank.example is not encrypted.');
    expect(open).toContain('What is posted to pager.bank.example is not encrypted.');
    expect(open).not.toContain('What is posted to hooks.bank.example');
    expect(open).toContain('The journal is kept for 90 days');
  });

  it('say that no position is kept where none is, and nothing of heads where nobody looks', () => {
    const text = readFileSync(demo, 'utf8').replace(
      /^branch: demo/,
      'branch: demo\nheads: false\njournal: { sceneSeconds: 0 }',
    );
    const facts = factsOf({
      branch: parseBranch(text, 'branch.yaml'),
      text,
      choices: {},
      given: {},
      version: '1',
      today: '2026-11-24',
    });
    expect(wordsOf(notice(facts, 'en'))).toContain('kept for 30 days at most, without where anybody stood');
    expect(wordsOf(notice(facts, 'en'))).not.toContain('head');
    expect(wordsOf(notice(facts, 'zh'))).toContain('不含人的位置');
    expect(wordsOf(small['notice.en']!)).toContain('head');
  });

  it('leave a blank for what the product cannot know, and invent nothing', () => {
    expect(wordsOf(small['notice.en']!)).toContain('To fill in: name of the controller');
    expect(wordsOf(small['notice.zh']!)).toContain('待填写：个人信息处理者名称');
    expect(wordsOf(small['record.en']!)).toContain('Legal basis To fill in:');
    const given = wordsOf(large['notice.en']!);
    expect(given).toContain(controller);
    expect(given).toContain(contact);
    expect(given).not.toContain('To fill in');
    // What nobody gave is a blank there too.
    expect(wordsOf(large['record.en']!)).toContain('Legal basis To fill in:');
  });

  it('take no markup from the branch file or the command line', () => {
    for (const page of Object.values(large)) {
      expect(page).not.toContain('<b>Cash');
      expect(page).not.toContain('<Ltd.>');
    }
    expect(large['notice.en']).toContain('&lt;b&gt;Cash');
    expect(html`<i>${'<b>"\'&'}</i>`.html).toBe('<i>&lt;b&gt;&quot;&#39;&amp;</i>');
  });

  it('hold no login, no secret and no address of a camera', () => {
    for (const page of Object.values(large)) expect(page).not.toMatch(/h4rbour|camera-1|HOOK_SECRET|rtsp/);
  });

  it('load nothing from anywhere', () => {
    for (const page of [...Object.values(small), ...Object.values(large)]) {
      expect(page).not.toMatch(/<(?:script|link|img|iframe)|url\(|@import|\bsrc=/);
      expect(page).toContain("default-src 'none'");
    }
  });

  it('bear the fingerprint of the file they were made from: another file, another fingerprint', () => {
    const printOf = (page: string) => /[0-9a-f]{16}/.exec(wordsOf(page))![0];
    expect(new Set(Object.values(small).map(printOf)).size).toBe(1);
    expect(printOf(small['notice.en']!)).not.toBe(printOf(large['notice.en']!));
  });

  it('of a box at the privacy level `counts` speak of no place that is shown or kept', async () => {
    const branch = join(folder, 'counts.branch.yaml');
    writeFileSync(branch, `${readFileSync(demo, 'utf8')}\nprivacy: { level: counts }\n`);
    const counts = await papersOf('counts', { branch });
    const [record, usual] = [wordsOf(counts['record.en']!), wordsOf(small['record.en']!)];
    expect(record).toContain('Live: counts by zone, no positions.');
    expect(record).not.toContain('people as dots');
    expect(wordsOf(counts['notice.en']!)).not.toContain('dots where people stood');
    // Control: at the usual level they do.
    expect(usual).toContain('people as dots');
  });

  it('say who reads without a token, which is what the API lets them', async () => {
    const { paths } = await describeWholeApi();
    const open = Object.entries(paths).flatMap(([path, item]) =>
      Object.values(item).some((one) => one['x-role'] === undefined) ? [path] : [],
    );
    expect(open).toEqual(expect.arrayContaining(['/api/v1/lobby', '/api/v1/health']));
    expect(wordsOf(small['record.en']!)).toContain('Whoever reaches the pages of the box, without a token');
  });

  it('are not made of a file that is no branch file, nor with a controller that has no end', async () => {
    const out = join(folder, 'none');
    await expect(writePapers({ branch: join(folder, 'gone.yaml'), out })).rejects.toMatchObject({
      code: 'LOBBY_BRANCH_MISSING',
    });
    for (const wrong of [' ', 'x'.repeat(121)])
      await expect(writePapers({ branch: demo, out, controller: wrong })).rejects.toMatchObject({
        code: 'LOBBY_OPTION_INVALID',
      });
    await expect(writePapers({ branch: demo, out, broker: 'broker.example' })).rejects.toMatchObject({
      code: 'LOBBY_OPTION_INVALID',
    });
    expect(readdirSync(folder)).not.toContain('none');
  });
});

describe('The papers of a service that was started', () => {
  const run = {
    v: 1,
    host: '192.0.2.10',
    broker: 'mqtts://broker.bank.example',
    homeAssistant: false,
    tls: true,
    clientCertificates: false,
    logins: true,
  } as const;
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(folder, 'data-'));
  });

  it('say that counts go to the fleet of the bank, where they do', async () => {
    keepRun(data, { ...run, fleet: true });
    const papers = await papersOf('of-a-fleet', { branch: demo, data });
    expect(wordsOf(papers['record.en']!)).toContain('The fleet store of the bank');
    expect(wordsOf(papers['notice.en']!)).toContain('the head office (counts alone)');
    expect(papers).toEqual(
      await papersOf('of-a-fleet-told', {
        branch: demo,
        host: run.host,
        broker: run.broker,
        fleet: true,
        tlsCert: 'cert.pem',
        watchPasswordFile: 'watches',
      }),
    );
  });

  it('say how it runs, as its data folder says and nobody has to remember', async () => {
    keepRun(data, run);
    const papers = await papersOf('started', { branch: demo, data });
    const told = await papersOf('told', {
      branch: demo,
      host: run.host,
      broker: run.broker,
      tlsCert: 'cert.pem',
      watchPasswordFile: 'watches',
    });
    expect(papers).toEqual(told);
    expect(papers).not.toEqual(small);
  });

  it('are of the privacy level the box is at, which no branch file raises', async () => {
    keepRun(data, run);
    openPrivacyRecord(data).keep('counts');
    const papers = await papersOf('counts', { branch: demo, data });
    expect(wordsOf(papers['notice.en']!)).not.toContain('dots where people stood');
  });

  it('take no option that says otherwise, and nothing of a folder no service was started with', async () => {
    const asked = { branch: demo, data, out: join(folder, 'none') };
    await expect(writePapers(asked)).rejects.toMatchObject({ code: 'LOBBY_FILE_MISSING' });
    writeFileSync(join(data, 'run.json'), '{"v":1,"host":7}');
    await expect(writePapers(asked)).rejects.toMatchObject({ code: 'LOBBY_FILE_INVALID' });
    keepRun(data, run);
    await expect(writePapers({ ...asked, host: '127.0.0.1' })).rejects.toThrow(
      'Cannot use --host: --data says how the service is run',
    );
    expect(existsSync(asked.out)).toBe(false);
  });
});

describe.skipIf(noChromium)(titled('Printed', noChromium), () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser(chromiumPath!);
    // As much as a branch file and the command line can put on a notice.
    const text = readFileSync(full, 'utf8')
      .replace('hooks.bank.example', `${'a-long-name-'.repeat(5)}a.department.bank.example`)
      .replace('pager.bank.example', `${'b-long-name-'.repeat(5)}b.department.bank.example`);
    const facts = factsOf({
      branch: parseBranch(text, 'branch.yaml'),
      text,
      choices: { host: '192.0.2.10', broker: `mqtts://${'c-long-name-'.repeat(5)}c.department.bank.example` },
      given: { controller: '海港银行股份有限公司'.repeat(12), contact: 'W'.repeat(120) },
      version: '1',
      today: '2026-11-24',
    });
    large = { ...large, 'longest.zh': notice(facts, 'zh'), 'longest.en': notice(facts, 'en') };
  });
  afterAll(() => browser?.close());

  /** Pages of the PDF and their sizes in points. */
  async function printed(
    page: string,
  ): Promise<{ readonly pages: number; readonly sizes: readonly string[] }> {
    const tab = await browser.newPage();
    try {
      await tab.setContent(page);
      const pdf = (await tab.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
      const sizes = [...pdf.matchAll(/\/MediaBox\s*\[\s*([\d. ]+?)\s*\]/g)].map(([, box]) =>
        box!
          .split(/\s+/)
          .map((one) => Math.round(Number(one)))
          .join(' '),
      );
      return { pages: [...pdf.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length, sizes: [...new Set(sizes)] };
    } finally {
      await tab.close();
    }
  }

  it.each(['zh', 'en'])('the notice is one A4 page, however much there is to say (%s)', async (language) => {
    for (const page of [
      small[`notice.${language}`]!,
      large[`notice.${language}`]!,
      large[`longest.${language}`]!,
    ]) {
      expect(await printed(page)).toEqual({ pages: 1, sizes: ['0 0 595 842'] });
    }
  });

  it('control: a notice with more than fits would be two', async () => {
    const more = small['notice.en']!.replace(
      '</dl>',
      `${'<div><dt>More</dt><dd>And more.</dd></div>'.repeat(20)}</dl>`,
    );
    expect((await printed(more)).pages).toBeGreaterThan(1);
  });

  it.each(['record', 'assessment'])('the %s is a few A4 pages', async (name) => {
    for (const page of [small[`${name}.zh`]!, large[`${name}.en`]!]) {
      const { pages, sizes } = await printed(page);
      expect(sizes).toEqual(['0 0 595 842']);
      expect(pages).toBeGreaterThan(1);
      expect(pages).toBeLessThan(9);
    }
  });
});
