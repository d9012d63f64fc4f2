/**
 * Pictures of the wrist, to look at: `npm run pictures [-- <folder>]`.
 *
 * Puts every screen there is on a real page in Chromium, in both languages and on every shape of screen, and
 * lays them out as one sheet a shape and language. The box is a real broker and web server whose lobby is told.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { packageRoot } from '../../edge/package-root.ts';
import type { PromptPayload, PromptStatePayload } from '../../src/contract/topics.ts';
import { chromiumPath, openBrowser, type ToldBranch, tellBranch, type Worn, wear } from '../e2e/branch.ts';
import { kindsOfPrompt } from '../e2e/kinds-of-prompt.ts';

export const shapes = {
  round: { width: 192, height: 192 },
  'round-large': { width: 227, height: 227 },
  square: { width: 184, height: 224 },
  phone: { width: 360, height: 780 },
  'phone-across': { width: 780, height: 360 },
} as const;
export type Shape = keyof typeof shapes;

const gap = 12;

interface Picture {
  readonly name: string;
  readonly png: Buffer;
}

/** Takes a picture of each screen, in the order of a wearer's day. */
export async function picturesOf(
  browser: Browser,
  branch: ToldBranch,
  language: 'zh' | 'en',
  shape: Shape,
): Promise<Picture[]> {
  const size = shapes[shape];
  const pictures: Picture[] = [];
  const isRound = shape.startsWith('round');
  const take = async (watch: Worn, name: string) => {
    await watch.page.evaluate(() => document.fonts.ready);
    const png = await watch.page.screenshot();
    pictures.push({ name, png: isRound ? await onCircle(png) : png });
  };
  const seen = (watch: Worn, screen: string) => watch.page.locator(`.screen-${screen}`).waitFor();
  const moment = () => new Date(branch.clock.now() * 1000).toISOString();
  const state = (prompt: PromptPayload, phase: PromptStatePayload['phase'], more = {}) =>
    branch.publisher.promptState({ v: 1, id: prompt.id, phase, at: moment(), ...more });

  const watch = await wear(browser, branch.url, `lang=${language}`, size);
  const name = await watch.page.evaluate(() => sessionStorage.getItem('lobby.watch') ?? '');
  await seen(watch, 'start');
  await take(watch, 'start');
  await watch.page.locator('.screen-start .whole-screen').click();
  await seen(watch, 'asking');
  await take(watch, 'did it buzz');
  await watch.page.locator('.pair .answer').first().click();
  await seen(watch, 'advising');
  await take(watch, 'it did not');
  await watch.page.locator('.answers .likely').click();
  await seen(watch, 'idle');
  await take(watch, 'idle');
  for (const kind of kindsOfPrompt) {
    const prompt = branch.prompt(kind);
    await seen(watch, 'prompt');
    await take(watch, prompt.kind);
    state(prompt, 'withdrawn', { reason: 'over' });
    await seen(watch, 'notice');
    await seen(watch, 'idle');
  }
  const merged = branch.prompt({
    placeName: { zh: '门口 + 大厅', en: 'Door + Hall' },
    places: ['main-door', 'hall'],
    people: 3,
    say: { zh: '门口 + 大厅 · 待接待 3 位', en: 'Door + Hall · 3 to greet' },
  });
  await seen(watch, 'prompt');
  await take(watch, 'merged');
  state(merged, 'withdrawn', { reason: 'left' });
  await seen(watch, 'notice');
  await take(watch, 'customer left');
  await seen(watch, 'idle');
  const passed = branch.prompt({
    to: ['deputy', 'manager'],
    passedOn: { to: 'manager', at: moment() },
    haptic: 'call',
  });
  await seen(watch, 'prompt');
  await take(watch, 'passed to you');
  await watch.page.locator('.answers .likely').click();
  await take(watch, 'sending');
  await watch.page.locator('.answer.failed').waitFor();
  await take(watch, 'not sent');
  state(passed, 'accepted', { by: 'manager', watch: name });
  await seen(watch, 'going');
  await take(watch, 'going');
  state(passed, 'met', { reason: 'seen-met' });
  await seen(watch, 'notice');
  await take(watch, 'met');
  await seen(watch, 'idle');
  const taken = branch.prompt();
  await seen(watch, 'prompt');
  state(taken, 'accepted', { by: 'deputy', watch: 'w-other' });
  await seen(watch, 'notice');
  await take(watch, 'taken by another');
  state(taken, 'met', { by: 'deputy' });
  const open = branch.prompt({ kind: 'approach', place: 'hall', urgency: 'soon', waitedSeconds: 18 });
  await seen(watch, 'prompt');
  await watch.page.evaluate(() => scrollTo({ top: innerHeight }));
  await take(watch, 'second screen');
  await watch.page.evaluate(() => scrollTo({ top: 9_999 }));
  await take(watch, 'its end');
  await watch.page.evaluate(() => scrollTo({ top: 0 }));
  state(open, 'withdrawn', { reason: 'over' });
  const camera = { framesPerSecond: 0, since: new Date((branch.clock.now() - 130) * 1000).toISOString() };
  branch.health({
    state: 'partly-blind',
    cameras: [
      { ...camera, id: 'door', state: 'blind', places: ['main-door'] },
      { ...camera, id: 'hall', state: 'live', places: ['hall', 'cash'] },
    ],
  });
  await seen(watch, 'unseen');
  await take(watch, 'unseen');
  branch.health({
    state: 'blind',
    cameras: [{ ...camera, id: 'door', state: 'lost', places: ['main-door'] }],
  });
  await watch.page.waitForTimeout(300);
  await take(watch, 'all unseen');
  branch.health({ state: 'ok', cameras: [] });
  await seen(watch, 'idle');
  await branch.goAway();
  await seen(watch, 'no-link');
  await watch.page.waitForTimeout(1_200);
  await take(watch, 'no link');
  branch.lobby({ missed: 2, onDuty: 3 });
  await branch.comeBack();
  await seen(watch, 'idle');
  await watch.page.getByText(language === 'zh' ? '错过 2' : 'Missed 2').waitFor();
  await take(watch, 'after an outage');
  await watch.page.evaluate(() =>
    document.querySelector<HTMLElement>('.settings button:last-child')?.click(),
  );
  await seen(watch, 'leaving');
  await take(watch, 'off duty?');
  await watch.page.locator('.pair .answer').first().click();
  await seen(watch, 'idle');
  branch.lobby({ closed: true, opensAt: '09:00', toGreet: 0, inLobby: 0, inQueue: 0 });
  await watch.page.waitForTimeout(300);
  await take(watch, 'closed');
  await watch.context.close();
  return pictures;
}

/** As it is worn: what lies outside the circle is not there. */
async function onCircle(png: Buffer): Promise<Buffer> {
  const { width = 0 } = await sharp(png).metadata();
  const mask = Buffer.from(
    `<svg width="${width}" height="${width}"><circle cx="${width / 2}" cy="${width / 2}" r="${width / 2}" fill="#fff"/></svg>`,
  );
  return sharp(png)
    .composite([{ input: mask, blend: 'dest-in' }])
    .png()
    .toBuffer();
}

/** One sheet of pictures, each with its name below. */
export async function sheetOf(
  pictures: readonly Picture[],
  size: { width: number; height: number },
  scale: number,
) {
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  const columns = Math.max(3, Math.min(8, Math.floor(1800 / (width + gap))));
  const cell = { width: width + gap, height: height + gap + 22 };
  const rows = Math.ceil(pictures.length / columns);
  const parts = await Promise.all(
    pictures.map(async ({ name, png }, index) => {
      const left = (index % columns) * cell.width + gap / 2;
      const top = Math.floor(index / columns) * cell.height + gap / 2;
      const label = `<svg width="${width}" height="20"><text x="${width / 2}" y="15" font-family="sans-serif" font-size="13" fill="#345" text-anchor="middle">${name}</text></svg>`;
      return [
        { input: await sharp(png).resize(width, height).png().toBuffer(), left, top },
        { input: Buffer.from(label), left, top: top + height + 2 },
      ];
    }),
  );
  return sharp({
    create: { width: columns * cell.width, height: rows * cell.height, channels: 3, background: '#dfe4ea' },
  })
    .composite(parts.flat())
    .png({ palette: true })
    .toBuffer();
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2] ?? join(packageRoot, '.cache', 'pictures');
  const only = process.argv[3]?.split(',');
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser(chromiumPath!);
  for (const shape of Object.keys(shapes) as Shape[]) {
    if (only !== undefined && !only.includes(shape)) continue;
    for (const language of ['zh', 'en'] as const) {
      const branch = await tellBranch();
      const pictures = await picturesOf(browser, branch, language, shape);
      await branch.close();
      const sheet = await sheetOf(pictures, shapes[shape], shape.startsWith('phone') ? 0.75 : 1.1);
      const file = join(folder, `wrist-${shape}-${language}.png`);
      await sharp(sheet).toFile(file);
      console.log(file);
    }
  }
  await browser.close();
}
