import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { HealthPayload, PromptPayload, PromptStatePayload } from '../../src/contract/topics.ts';
import { chromiumPath, openBrowser, type ToldBranch, tellBranch, type Worn, wear } from './branch.ts';
import { kindsOfPrompt } from './kinds-of-prompt.ts';

/** A page on a busy machine takes its time. */
const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, 10_000);

const noBrowser = chromiumPath === undefined;

if (noBrowser && process.env.CI !== undefined) {
  test('the watch page needs Chromium', () => {
    expect.fail('Chromium is not installed: `apt-get install chromium`');
  });
}

describe.skipIf(noBrowser)('the watch page in Chromium, against the box', () => {
  let browser: Browser;
  let branch: ToldBranch;
  const worn: Worn[] = [];

  beforeAll(async () => {
    branch = await tellBranch();
    browser = await openBrowser(chromiumPath!);
  });
  afterEach(async () => {
    for (const { context, troubles } of worn.splice(0)) {
      expect(troubles).toEqual([]);
      await context.close();
    }
    branch.health({ state: 'ok', cameras: [] });
    branch.lobby({ open: [] });
  });
  afterAll(async () => {
    await browser?.close();
    await branch?.close();
  });

  const put = async (query: string, size?: { width: number; height: number }) => {
    const one = await wear(browser, branch.url, query, size);
    worn.push(one);
    return one;
  };
  /** A watch on duty, by the tap that allows vibration. */
  const onDuty = async (query: string, size?: { width: number; height: number }) => {
    const one = await put(query, size);
    await one.page.locator('.screen-start .whole-screen').click();
    await one.page.locator('.pair .likely').click();
    await one.page.locator('.screen-idle').waitFor();
    return one;
  };
  /** As it is read: one line a line. */
  const textOf = async ({ page }: Worn, part: string) =>
    (await page.locator(part).allInnerTexts()).join('\n');
  const text = (watch: Worn) => textOf(watch, '.first');
  const state = (prompt: PromptPayload, phase: PromptStatePayload['phase'], more = {}): void =>
    branch.publisher.promptState({
      v: 1,
      id: prompt.id,
      phase,
      at: new Date(branch.clock.now() * 1000).toISOString(),
      ...more,
    });

  test('a prompt arrives and buzzes, Going is sent and confirmed, and the contact seen by the camera ends it', async () => {
    const watch = await onDuty('lang=en');
    const before = (await watch.buzzes()).length;
    const prompt = branch.prompt();
    await watch.page.locator('.screen-prompt').waitFor();
    expect(await text(watch)).toMatch(/^\d\d:\d\d\nDoor\n2 just in\n0:0\d\nMet\nGoing\nSkip$/);
    expect((await watch.buzzes()).slice(before)).toEqual([[120, 60, 60]]);

    await watch.page.getByRole('button', { name: 'Going' }).click();
    await soon(() =>
      expect(branch.acks.at(-1)).toMatchObject({ id: prompt.id, answer: 'accepted', role: 'manager' }),
    );
    expect(await text(watch)).toContain('Sending');
    state(prompt, 'accepted', { by: 'manager', watch: branch.acks.at(-1)!.watch });
    await watch.page.locator('.screen-going').waitFor();
    expect(await text(watch)).toMatch(/You · Door\n2 just in\n0:\d\d\nMet\nUndo$/);

    state(prompt, 'met', { reason: 'seen-met' });
    await watch.page.locator('.screen-notice').waitFor();
    expect(await text(watch)).toMatch(/Met\nDoor 0:\d\d$/);
    await watch.page.locator('.screen-idle').waitFor();
    expect(await textOf(watch, '.past li')).toMatch(/Door · 2 just in\s+Met/);
  });

  test('an expired prompt is never shown or felt, however it comes', async () => {
    const watch = await onDuty('lang=en');
    const before = (await watch.buzzes()).length;
    const past = new Date((branch.clock.now() - 1) * 1000).toISOString();
    const late = branch.prompt({ place: 'cash', expiresAt: past });
    branch.lobby({ open: [{ prompt: late, phase: 'raised' }] });
    branch.prompt({ place: 'hall', haptic: 'person' });
    await watch.page.locator('.screen-prompt').waitFor();
    expect(await text(watch)).toContain('Hall');
    expect((await watch.buzzes()).slice(before)).toEqual([[120, 100, 120]]);
    expect(await textOf(watch, 'main')).not.toContain('Cash');
  });

  test('a prompt another wearer takes goes from this wrist, and says who', async () => {
    const [manager, deputy] = await Promise.all([onDuty('lang=zh'), onDuty('lang=zh&role=deputy')]);
    const prompt = branch.prompt();
    await deputy.page.getByRole('button', { name: '我去' }).click();
    await soon(() => expect(branch.acks.at(-1)).toMatchObject({ id: prompt.id, role: 'deputy' }));
    state(prompt, 'accepted', { by: 'deputy', watch: branch.acks.at(-1)!.watch });
    await manager.page.locator('.screen-notice').waitFor();
    expect(await text(manager)).toMatch(/副理已去\n门口$/);
    await deputy.page.locator('.screen-going').waitFor();
    expect(await text(deputy)).toContain('您去 · 门口');
    await manager.page.locator('.screen-idle').waitFor();
  });

  test('when the box goes the page says so, and by itself shows what is still open when it is back', async () => {
    const watch = await onDuty('lang=en');
    const prompt = branch.prompt({ place: 'cash' });
    await watch.page.locator('.screen-prompt').waitFor();
    const buzzes = (await watch.buzzes()).length;
    await branch.goAway();
    await watch.page.locator('.screen-no-link').waitFor();
    expect(await text(watch)).toMatch(/No link\n0:0\d\nNo prompts now\nReconnecting$/);

    branch.lobby({ open: [{ prompt, phase: 'raised' }] });
    await branch.comeBack();
    await watch.page.locator('.screen-prompt').waitFor();
    expect(await text(watch)).toContain('Cash');
    expect((await watch.buzzes()).slice(buzzes).filter(([first]) => first !== 0)).toEqual([]);
  });

  test('a tap without a box is called not sent, never done', async () => {
    const watch = await onDuty('lang=zh');
    branch.prompt();
    await watch.page.getByRole('button', { name: '我去' }).click();
    await watch.page.locator('.answer.failed').waitFor();
    expect(await text(watch)).toContain('未送出，重试');
    expect(await watch.page.locator('.screen-going').count()).toBe(0);
  });

  test('a place no camera sees is named, and the lobby comes back by itself', async () => {
    const watch = await onDuty('lang=zh');
    const camera: HealthPayload['cameras'][number] = {
      id: 'door',
      state: 'lost',
      since: new Date((branch.clock.now() - 132) * 1000).toISOString(),
      framesPerSecond: 0,
      places: ['main-door'],
    };
    branch.health({
      state: 'partly-blind',
      cameras: [camera, { ...camera, id: 'hall', state: 'live', places: ['hall'] }],
    });
    await watch.page.locator('.screen-unseen').waitFor();
    expect(await text(watch)).toMatch(/门口看不清\n2:1\d\n请多留意门口\n其他区域正常$/);
    branch.health({ state: 'ok', cameras: [{ ...camera, state: 'live' }] });
    await watch.page.locator('.screen-idle').waitFor();
    expect(await text(watch)).toMatch(/待接待 1\n在厅 12\s*排队 5$/);
  });

  test('the page opens while the box is away, from what it kept of itself, and says that it has no link', async () => {
    const watch = await onDuty('lang=en');
    await watch.page.waitForFunction(async () => {
      const cache = await caches.open('lobby-watch');
      return (await cache.match('/watch')) !== undefined;
    });
    // Nothing of the lobby is kept, only what was built.
    expect(
      await watch.page.evaluate(async () =>
        (await (await caches.open('lobby-watch')).keys())
          .map(({ url }) => new URL(url).pathname)
          .filter((path) => !/^\/(watch|assets\/|icon|badge)/.test(path)),
      ),
    ).toEqual([]);
    await branch.goAway();
    try {
      await watch.page.goto(`${branch.url}/watch?lang=en&duty=on`);
      await watch.page.locator('.screen-no-link').waitFor();
      expect(await text(watch)).toMatch(/No link\n0:\d\d\nNo prompts now\nReconnecting$/);
    } finally {
      await branch.comeBack();
    }
    await watch.page.locator('.screen-idle').waitFor();
    watch.troubles.length = 0;
  });

  test('a prompt is a notification too, that can be answered without opening the page, and goes with the prompt', async () => {
    const watch = await put('lang=zh');
    await watch.context.grantPermissions(['notifications'], { origin: branch.url });
    await watch.page.locator('.screen-start .whole-screen').click();
    await watch.page.locator('.pair .likely').click();
    const shown = () =>
      watch.page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        return (await registration.getNotifications()).map((one) => ({
          tag: one.tag,
          title: one.title,
          body: one.body,
          actions: (one as unknown as { actions: { action: string; title: string }[] }).actions.map(
            ({ action, title }) => `${action} ${title}`,
          ),
        }));
      });
    const prompt = branch.prompt();
    await soon(async () =>
      expect(await shown()).toEqual([
        {
          tag: prompt.id,
          title: prompt.say.zh,
          body: prompt.words.zh,
          actions: ['accepted 我去', 'met 已接待'],
        },
      ]),
    );
    await watch.context.serviceWorkers()[0]!.evaluate(async () => {
      const worker = globalThis as unknown as ServiceWorkerGlobalScope;
      const [notification] = await worker.registration.getNotifications();
      worker.dispatchEvent(
        new NotificationEvent('notificationclick', { notification: notification!, action: 'accepted' }),
      );
    });
    await soon(() =>
      expect(branch.acks.at(-1)).toMatchObject({ id: prompt.id, answer: 'accepted', role: 'manager' }),
    );
    state(prompt, 'accepted', { by: 'manager', watch: branch.acks.at(-1)!.watch });
    const next = branch.prompt({ place: 'cash' });
    await soon(async () => expect((await shown()).map(({ tag }) => tag)).toContain(next.id));
    state(next, 'withdrawn', { reason: 'left' });
    await soon(async () => expect(await shown()).toEqual([]));
    state(prompt, 'withdrawn', { reason: 'left' });
  });

  test('what expired while the link was lost is told after it, as a number', async () => {
    const watch = await onDuty('lang=zh');
    branch.lobby({ missed: 3 });
    await branch.goAway();
    await watch.page.locator('.screen-no-link').waitFor();
    branch.lobby({ missed: 5 });
    await branch.comeBack();
    await watch.page.locator('.screen-idle').waitFor();
    await soon(async () => expect(await text(watch)).toContain('错过 2'));
    await watch.page.locator('.first').click();
    expect(await text(watch)).not.toContain('错过');
  });

  test('going off duty asks first, and says whether anybody is left to be told', async () => {
    const watch = await onDuty('lang=zh');
    branch.lobby({ onDuty: 1 });
    const leave = async () => {
      await watch.page.getByRole('button', { name: '离岗' }).click();
      await watch.page.locator('.screen-leaving').waitFor();
    };
    await leave();
    await soon(async () => expect(await text(watch)).toMatch(/现在离岗？\n之后无人收到提示\n返回\n离岗$/));
    await watch.page.getByRole('button', { name: '返回' }).click();
    branch.lobby({ onDuty: 3 });
    await leave();
    await soon(async () => expect(await text(watch)).toMatch(/现在离岗？\n还有 2 人在岗\n返回\n交班$/));
    await watch.page.getByRole('button', { name: '交班' }).click();
    await watch.page.locator('.screen-start').waitFor();
  });

  test('the language can be changed on the wrist, and is remembered', async () => {
    const watch = await put('duty=on&lang=zh');
    await watch.page.locator('.screen-idle').waitFor();
    await watch.page.getByRole('button', { name: 'English' }).click();
    expect(await text(watch)).toContain('To greet 1');
    expect(await watch.page.locator('html').getAttribute('lang')).toBe('en');
    await watch.page.goto(`${branch.url}/watch?duty=on`);
    await watch.page.locator('.screen-idle').waitFor();
    expect(await text(watch)).toContain('To greet 1');
  });

  const sizes = [
    { width: 192, height: 192 },
    { width: 227, height: 227 },
    { width: 184, height: 224 },
    { width: 360, height: 780 },
  ];
  test.each(['zh', 'en'])(
    'in %s, on every shape of screen, nothing is cut, nothing is under 14 px, answers are 44 px and inside',
    async (lang) => {
      const watch = await onDuty(`lang=${lang}`);
      const onEverySize = async (screen: string) => {
        for (const size of sizes) {
          await watch.page.setViewportSize(size);
          // A line finds its size when the page is drawn anew, which a new shape of screen causes.
          await soon(async () => expect([screen, size, await flaws(watch)]).toEqual([screen, size, []]));
        }
      };
      await onEverySize('idle');
      branch.lobby({ onDuty: 3, missed: 12 });
      await watch.page.locator('.settings button').last().click();
      await watch.page.locator('.screen-leaving').waitFor();
      await onEverySize('leaving');
      await watch.page.locator('.leave .answer').first().click();
      await watch.page.locator('.screen-idle').waitFor();
      for (const kind of kindsOfPrompt) {
        const prompt = branch.prompt(kind);
        await watch.page.locator('.screen-prompt').waitFor();
        await onEverySize(`${prompt.kind} prompt`);
        state(prompt, 'accepted', { by: 'manager', watch: await watchName(watch) });
        await watch.page.locator('.screen-going').waitFor();
        await onEverySize(`${prompt.kind} going`);
        state(prompt, 'withdrawn', { reason: 'left' });
      }
    },
  );
});

const watchName = ({ page }: Worn) => page.evaluate(() => sessionStorage.getItem('lobby.watch') ?? '');

/** What is wrong with the first screen as it stands, measured in the page itself. */
function flaws({ page }: Worn): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const round = innerWidth < 300 && innerWidth === innerHeight;
    const radius = innerWidth / 2;
    for (const element of document.querySelectorAll<HTMLElement>(
      '.first .line, .first .answer, .first .time',
    )) {
      const label = element.textContent;
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      const least = element.classList.contains('what') ? 24 : 14;
      const box = element.getBoundingClientRect();
      const isAnswer = element.classList.contains('answer');
      if (size < least) found.push(`${label} is ${size} px`);
      if (element.scrollWidth > element.clientWidth || element.classList.contains('wraps')) {
        found.push(`${label} does not fit on its line`);
      }
      if (isAnswer && Math.min(box.width, box.height) < 43.9) found.push(`${label} is too small to hit`);
      const range = document.createRange();
      range.selectNodeContents(element);
      for (const part of isAnswer ? [box] : range.getClientRects()) {
        const corners = [part.left, part.right].flatMap((x) =>
          [part.top, part.bottom].map((y) => [x, y] as const),
        );
        const outside = corners.some(([x, y]) =>
          round
            ? Math.hypot(x - radius, y - radius) > radius
            : x < 0 || y < 0 || x > innerWidth || y > innerHeight,
        );
        if (outside) found.push(`${label} reaches over the edge`);
      }
    }
    return found;
  });
}
