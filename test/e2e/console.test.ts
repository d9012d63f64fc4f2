import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { titled } from '../peers/tools.ts';
import { busy, type ToldConsole, tellConsole } from './console-branch.ts';
import { type ConsolePages, noChromium, openConsolePages, soon, textOf, violations } from './console-page.ts';

describe.skipIf(noChromium)(titled('the console in Chromium, against the box', noChromium), () => {
  let pages: ConsolePages;
  let box: ToldConsole;

  beforeAll(async () => {
    box = await tellConsole();
    pages = await openConsolePages();
  });
  afterEach(async () => {
    const troubles = await pages.leave();
    box.people([]);
    box.stall(false);
    box.lobby({ open: [] });
    box.health({
      state: 'ok',
      cameras: [
        { id: 'hall', state: 'live', since: new Date().toISOString(), framesPerSecond: 5, places: [] },
      ],
    });
    expect(troubles).toEqual([]);
  });
  afterAll(async () => {
    await pages?.close();
    await box?.close();
  });

  async function open(
    query = 'lang=en',
    size = { width: 1280, height: 800 },
    token = box.token,
  ): Promise<Page> {
    return pages.open(`${box.url}/live?${query}`, token, size);
  }
  const live = async (query?: string, size?: { width: number; height: number }) => {
    const page = await open(query, size);
    await page.locator('.floor').waitFor();
    return page;
  };

  test('is opened with a token, which leaves the address, and asks for one without', async () => {
    const page = await live();
    expect(page.url()).not.toContain('token');
    await soon(async () => expect(await textOf(page, '.branch')).toBe('Harbour branch'));

    const stranger = await open('lang=zh', undefined, 'lobby-guess');
    await stranger.getByRole('heading', { name: '请输入令牌' }).waitFor();
    expect(await violations(stranger)).toEqual([]);
    await stranger.getByLabel('令牌').fill('lobby-guess');
    await stranger.getByRole('button', { name: '进入' }).click();
    await soon(async () => expect(await textOf(stranger, '[role=alert]')).toBe('没有这个令牌，或已收回。'));
    await stranger.getByLabel('令牌').fill(box.token);
    await stranger.getByRole('button', { name: '进入' }).click();
    await stranger.locator('.floor').waitFor();
  });

  test('shows everybody by shape and by the contact owed, with zones, counts and how old it is', async () => {
    box.people(busy);
    const page = await live();
    await soon(async () => expect(await page.locator('.mark').count()).toBe(busy.length));
    await soon(async () => expect(await page.locator('.mark.staff rect').count()).toBe(2));
    await soon(async () =>
      expect(await page.locator('.mark.in-queue .order').allTextContents()).toEqual(['1', '2', '3', '4']),
    );
    await soon(async () => expect(await page.locator('.mark.held').count()).toBe(1));
    await soon(async () => expect(await page.locator('.tie').count()).toBe(1));
    await soon(async () => expect(await textOf(page, '.age')).toMatch(/^age \d\.\d s$/));
    await soon(async () =>
      expect(await page.locator('.plate-title').allTextContents()).toEqual(
        expect.arrayContaining(['Door', 'Cash', 'Machines']),
      ),
    );
    await soon(async () =>
      expect(await textOf(page, '.counts')).toMatch(/In lobby\s*12\s*To greet\s*2\s*In queue\s*5/),
    );
    const labels = await page.locator('.label').allTextContents();
    expect(labels).toEqual(expect.arrayContaining(['0:52 past target', '0:18 looking around']));
  });

  test('tells each prompt where it is in its life, and silences with their reasons', async () => {
    const page = await live();
    const at = new Date().toISOString();
    const prompt = {
      v: 1 as const,
      id: '01J00000000000000000000001',
      kind: 'greet' as const,
      place: 'main-door',
      placeName: { zh: '门口', en: 'Door' },
      people: 2,
      urgency: 'now' as const,
      say: { zh: '门口 · 新到 2 位', en: 'Door · 2 just in' },
      words: { zh: '您好', en: 'Good morning' },
      waitedSeconds: 0,
      raisedAt: at,
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      haptic: 'arrival' as const,
      watches: ['w-1', 'w-2'],
    };
    box.lobby({ open: [{ prompt, phase: 'seen' }] });
    await soon(
      async () =>
        await soon(async () =>
          expect(await textOf(page, '.card')).toMatch(/Door\s*2 just in\s*0:0\d\s*on wrists 2 · seen/),
        ),
    );
    box.lobby({ open: [{ prompt, phase: 'accepted', by: 'deputy', watch: 'w-2' }] });
    await soon(async () => expect(await textOf(page, '.card')).toContain('Deputy going'));

    const verdict = { kind: 'verdict', role: 'customer', visit: 'k3f9-7' } as const;
    box.note({
      ...verdict,
      happening: 'arrived',
      zone: 'main-door',
      decision: 'prompt',
      prompt: prompt.id,
      secondsAgo: 9,
    } as never);
    box.note({
      ...verdict,
      happening: 'wandering',
      decision: 'silence',
      reason: 'staff-near',
      metres: 2.1,
    } as never);
    box.note({ kind: 'state', id: prompt.id, phase: 'met', reason: 'seen-met' } as never);
    await soon(async () => expect(await textOf(page, '.rows')).toMatch(/Door just in\s*met after 0:09/));
    await soon(async () =>
      expect(await textOf(page, '.quiet-line')).toMatch(/Kept quiet 1 ▸\s*staff near 1/),
    );
    await page.locator('.quiet-line').click();
    await soon(async () =>
      expect(await textOf(page, '.row.quiet')).toMatch(/Hall looking around\s*quiet · staff near \(2\.1 m\)/),
    );
  });

  test('can be frozen and looked back in, and cannot be taken for now then', async () => {
    box.people([{ standing: 'staff', x: 0 }]);
    const page = await live();
    await page.locator('.mark.staff').waitFor();
    await page.locator('#page').focus();
    await page.keyboard.press('Space');
    await soon(async () =>
      expect(await textOf(page, '.band')).toMatch(
        /^Frozen at \d\d:\d\d:\d\d · live goes on · Space to return$/,
      ),
    );
    await soon(async () =>
      expect(await page.locator('.floor-frame').getAttribute('class')).toContain('past'),
    );
    box.people([]);
    await soon(async () => expect(await textOf(page, '.age')).toMatch(/^age/));
    await soon(async () => expect(await page.locator('.mark.staff').count()).toBe(1));
    await page.keyboard.press('Space');
    await soon(async () => expect(await page.locator('.mark.staff').count()).toBe(0));
    await soon(async () => expect(await page.locator('.band').count()).toBe(0));
  });

  test('says at once that it has stopped when frames or the box are gone, dims the floor, and comes back by itself', async () => {
    box.people(busy);
    const page = await live('lang=zh');
    await page.locator('.mark').first().waitFor();
    box.stall(true);
    await page.locator('.band.stopped').waitFor();
    await soon(async () =>
      expect(await textOf(page, '.band')).toMatch(/^画面停在 \d\d:\d\d:\d\d，正在重连。$/),
    );
    await soon(async () =>
      expect(await page.locator('.floor').evaluate((floor) => getComputedStyle(floor).opacity)).toBe('0.35'),
    );
    box.stall(false);
    await soon(async () => expect(await page.locator('.band').count()).toBe(0));

    await box.goAway();
    try {
      await page.locator('.band.stopped').waitFor();
    } finally {
      await box.comeBack();
    }
    await soon(async () => expect(await page.locator('.band').count()).toBe(0));
  });

  test('draws what nobody sees as unseen, and says for how long and what to do', async () => {
    const page = await live('lang=en');
    box.health({
      state: 'blind',
      cameras: [
        {
          id: 'hall',
          state: 'blind',
          since: new Date(Date.now() - 130_000).toISOString(),
          framesPerSecond: 5,
          places: ['vip'],
          blind: [{ place: 'vip', rules: [] }],
          trouble: {
            code: 'LOBBY_CAMERA_COVERED',
            message: 'Camera hall is covered: nothing of the lobby shows in its picture',
            remedy: 'Take away what hangs or stands before it, and wipe its lens.',
          },
        },
      ],
    });
    box.lobby({
      zones: [{ id: 'vip', kind: 'vip', name: { zh: '贵宾区', en: 'VIP' }, blind: true }],
    });
    await page.locator('polygon.blind').waitFor();
    await soon(async () => expect(await textOf(page, '.floor-notes')).toMatch(/Can't see VIP for 2:1\d/));
    await soon(async () =>
      expect(await page.locator('.plate.unseen .plate-figures').textContent()).toBe('unseen'),
    );
    await page.locator('.health-item.unseen').click();
    await soon(async () =>
      expect(await textOf(page, 'dialog')).toMatch(
        /is covered.*What to do.*wipe its lens.*LOBBY_CAMERA_COVERED/s,
      ),
    );
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    box.lobby({ zones: [] });
  });

  test('says which orders of the bank were refused, and why, in both languages', async () => {
    const bankOrders = {
      taken: 4,
      refused: { 'wrong-signature': 3, 'older-step': 2 },
      lastRefusedAt: new Date().toISOString(),
    } as const;
    box.health({ bankOrders });
    for (const [language, item, sheet] of [
      [
        'en',
        /bank's settings\s+refused 5/,
        /taken: 4.*a signature does not fit.*: 3.*a newer step.*: 2.*What to do/s,
      ],
      ['zh', /总行设置\s+已拒绝 5/, /已接受.*4.*签名与内容不符.*3.*更新的一步.*2.*问总行/s],
    ] as const) {
      const page = await live(`lang=${language}`);
      const shown = page.locator('.health-item.late', { hasText: item });
      await shown.waitFor();
      await shown.click();
      await soon(async () => expect(await textOf(page, 'dialog')).toMatch(sheet));
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    }
    // A day later it is a figure, and no news.
    box.health({
      bankOrders: { ...bankOrders, lastRefusedAt: new Date(Date.now() - 90_000_000).toISOString() },
    });
    const later = await live('lang=en');
    await later.locator('.health-item.fine', { hasText: /refused 5/ }).waitFor();
    box.health({ bankOrders: { taken: 4, refused: {} } });
    await soon(async () =>
      expect(await later.locator('.health-item', { hasText: "bank's settings" }).count()).toBe(0),
    );
  });

  test('is one stop of Tab, in which arrow keys go from who is owed most to the next, and say who that is', async () => {
    box.people(busy);
    const page = await live('lang=en');
    await soon(async () => expect(await page.locator('.mark').count()).toBe(busy.length));
    await page.locator('.floor').focus();
    await page.keyboard.press('ArrowDown');
    await soon(async () =>
      expect(await page.locator('.mark.chosen').getAttribute('class')).toContain('past-target'),
    );
    await soon(async () => expect(await textOf(page, 'p.chosen')).toMatch(/^past target · 0:52/));
    await page.keyboard.press('ArrowDown');
    await soon(async () =>
      expect(await page.locator('.mark.chosen').getAttribute('class')).toContain('looking-around'),
    );
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await soon(async () =>
      expect(await page.locator('.mark.chosen').getAttribute('class')).toContain('staff'),
    );
  });

  test('speaks both languages, is light and dark, and keeps what was chosen', async () => {
    const page = await live('lang=en&theme=light');
    await page.locator('#page').focus();
    await page.keyboard.press('l');
    await soon(async () => expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN'));
    await page.keyboard.press('d');
    await soon(async () => expect(await page.locator('html').getAttribute('data-theme')).toBe('dark'));
    await page.goto(`${box.url}/live`);
    await page.locator('.floor').waitFor();
    await soon(async () => expect(await textOf(page, 'nav')).toMatch(/现场\s*布置\s*规则\s*数据\s*日志/));
    await soon(async () => expect(await page.locator('html').getAttribute('data-theme')).toBe('dark'));
    await page.keyboard.press('?');
    await page.getByRole('button', { name: '关闭单键' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    await soon(async () => expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN'));
  });

  test('ends for whoever has their token taken back', async () => {
    const other = await tellConsole();
    const page = await pages.open(`${other.url}/live?lang=en`, other.token);
    await page.locator('.floor').waitFor();
    other.revoke();
    await page.getByRole('heading', { name: 'Show a token' }).waitFor();
    await other.close();
  });

  test.each([
    ['light', 'en', { width: 1280, height: 800 }],
    ['dark', 'zh', { width: 1280, height: 800 }],
    ['light', 'zh', { width: 1024, height: 768 }],
  ] as const)(
    'has no violation of accessibility that axe knows of: %s, %s, %o',
    async (theme, lang, size) => {
      box.people(busy);
      const page = await live(`lang=${lang}&theme=${theme}`, size);
      await soon(async () => expect(await page.locator('.mark').count()).toBe(busy.length));
      expect(await violations(page)).toEqual([]);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(sideways).toBeLessThanOrEqual(0);
    },
  );

  test('keeps up with forty people at five updates a second, small and without labels', async () => {
    const crowd = Array.from({ length: 40 }, (_, index) => ({
      x: -4 + (index % 10),
      y: -3 + Math.floor(index / 10) * 1.5,
      standing: 'to-greet' as const,
      forSeconds: index,
    }));
    box.people(crowd);
    const page = await live();
    await soon(async () => expect(await page.locator('.mark').count()).toBe(40));
    await soon(async () => expect(await page.locator('.label').count()).toBe(0));
    const ages: number[] = [];
    for (let look = 0; look < 10; look += 1) {
      ages.push(Number((await textOf(page, '.age')).replace(/[^\d.]/g, '')));
      await page.waitForTimeout(100);
    }
    expect(Math.max(...ages)).toBeLessThan(2);
  });

  test('weighs less than two hundred kilobytes at first, compressed', async () => {
    const page = await open();
    const bytes: number[] = [];
    const { gzipSync } = await import('node:zlib');
    page.on('response', (reply) => {
      if (/\/(live|assets\/)/.test(reply.url()) && !reply.url().includes('/api/')) {
        void reply.body().then((body) => bytes.push(gzipSync(body).length));
      }
    });
    await page.reload();
    await page.locator('.floor').waitFor();
    expect(bytes.length).toBeGreaterThan(2);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(200_000);
  });
});
