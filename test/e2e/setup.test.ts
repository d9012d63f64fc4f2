import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccessRole } from '../../edge/access/tokens.ts';
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
import { runLobby, written } from './rules-branch.ts';

describe.skipIf(noChromium)(titled('the set-up in Chromium, of a lobby that runs', noChromium), () => {
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

  async function open(
    step: number,
    query = 'lang=en',
    role: AccessRole = 'installer',
    size: { width: number; height: number } = wide,
  ): Promise<Page> {
    const page = await pages.open(
      `${box.url}/setup/hall?step=${step}&${query}`,
      box.tokens.issue(role).text,
      size,
      // The box's clock stands in a test; a browser whose clock goes would say so, and move what is pressed.
      box.clock.now() * 1000,
    );
    await page.locator('.one-camera').waitFor();
    return page;
  }
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const toStep = (page: Page, name: string) => page.locator('.step-bar button', { hasText: name }).click();
  const plan = (page: Page) => page.locator('svg.canvas.metres');
  const plate = (page: Page) => page.locator('svg.canvas.pixel');
  const hint = (page: Page) => textOf(page, '.hint-line');
  const middleOf = async (mark: Locator) => {
    const { x, y, width, height } = (await mark.boundingBox())!;
    return { x: x + width / 2, y: y + height / 2 };
  };

  /** Where on the screen a spot of the plan is, by two corners of the queue that are known. */
  async function onPlan(page: Page): Promise<(x: number, y: number) => { x: number; y: number }> {
    // What stands above it may still be said: it is pressed where it has come to lie, as by anybody who looks.
    await plan(page).evaluate(
      (svg) =>
        new Promise<void>((resolve) => {
          let last = '';
          let still = 0;
          const look = () => {
            const { x, y, width, height } = svg.getBoundingClientRect();
            const now = [x, y, width, height].join(' ');
            still = now === last ? still + 1 : 0;
            last = now;
            if (still < 15) requestAnimationFrame(look);
            else resolve();
          };
          look();
        }),
    );
    const knobs = plan(page).locator('.drawn-zone.queue').first().locator('.knob');
    const [one, other] = [await middleOf(knobs.nth(0)), await middleOf(knobs.nth(2))];
    const scale = (other.x - one.x) / 2;
    return (x, y) => ({ x: one.x + (x - 1) * scale, y: one.y + (y + 2) * scale });
  }
  async function clicks(page: Page, spots: readonly (readonly [number, number])[]): Promise<void> {
    const at = await onPlan(page);
    for (const [x, y] of spots) {
      const spot = at(x, y);
      await page.mouse.click(spot.x, spot.y);
    }
  }
  async function save(page: Page, why = 'The machines came'): Promise<void> {
    await page.keyboard.press('Control+s');
    await page.locator('#set-up-why').fill(why);
    await soon(async () => expect(await button(page, 'Save and apply').isEnabled()).toBe(true));
    await button(page, 'Save and apply').click();
  }
  const corner = (page: Page, number: number, axis: 'X' | 'Y') =>
    page.getByLabel(`Corner ${number} ${axis}`, { exact: true });
  const choose = (page: Page, zone: RegExp) => page.locator('.zone-list button', { hasText: zone }).click();

  test('draws a zone by clicks on the plan, and saves it: in words, with its reason, comments kept, no restart', async () => {
    const page = await open(3);
    await soon(async () =>
      expect(await hint(page)).toBe('Press a zone to select it. Z draws a zone, E an entrance.'),
    );
    await page.keyboard.press('z');
    await soon(async () => expect(await hint(page)).toBe('Click to place the first corner. Esc to drop.'));
    await clicks(page, [
      [-2, -1.8],
      [-0.5, -1.8],
      [-0.5, 0.4],
    ]);
    await soon(async () => expect(await hint(page)).toMatch(/^Click to place corners\. Click the first one/));
    await clicks(page, [
      [-2, 0.4],
      [-2, -1.8],
    ]);
    await soon(async () => expect(await page.locator('.corners tbody tr').count()).toBe(4));
    await page.locator('#zone-kind').selectOption('service');
    await page.getByLabel('Chinese name').fill('自助区');
    await page.getByLabel('English name').fill('Machines');
    await soon(async () => expect(await textOf(page, '.wrist-preview')).toMatch(/Machines/));
    // What is drawn on the plan is on the plate at once.
    await soon(async () => expect(await plate(page).locator('.drawn-zone.service').count()).toBe(1));
    await page.keyboard.press('Control+s');
    await soon(async () => expect(await textOf(page, '.what-changes')).toMatch(/Machines/));
    await page.locator('summary').click();
    await soon(async () => expect(await textOf(page, '.diff')).toMatch(/\+.*kind: service/));
    await soon(async () => expect(await textOf(page, '.save-points.warnings')).toMatch(/No tape check yet/));
    expect(box.text()).toBe(written);
    await button(page, 'Save and apply').click();
    await soon(async () => expect(await textOf(page, '#set-up-why-asked')).toMatch(/^Say why/));
    expect(box.text()).toBe(written);
    await save(page);
    await soon(async () =>
      expect(await textOf(page, '.saved')).toMatch(/Applied \d\d:\d\d:\d\d, no restart\.\s*Undo this save/),
    );
    for (const comment of ['# The harbour branch', '# above the door', '# agreed in March', '# not more']) {
      expect(box.text()).toContain(comment);
    }
    expect(box.text()).toContain('自助区');
    expect(box.settings.latest).toMatchObject({ version: 2, why: 'The machines came' });
    expect(box.settings.branch.zones.map(({ zone }) => zone.kind)).toContain('service');
    await button(page, 'Undo this save').click();
    await soon(() => expect(box.settings.branch.zones).toHaveLength(2));
    await soon(async () => expect(await textOf(page, '.save-step')).toMatch(/Nothing changed\./));
  });

  test('moves a corner by dragging, by two presses, by keys and by typing, each a step that is undone by its name', async () => {
    const page = await open(3);
    await choose(page, /Cash/);
    await button(page, 'Snap: on').click();
    await button(page, 'Snap: off').waitFor();
    const at = await onPlan(page);
    const [from, to] = [at(3, -2), at(2.4, -1.5)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x - 20, from.y + 10, { steps: 3 });
    await page.mouse.move(to.x, to.y, { steps: 3 });
    await page.mouse.up();
    await soon(async () => expect(Number(await corner(page, 2, 'X').inputValue())).toBeCloseTo(2.4, 1));
    await soon(async () => expect(await button(page, 'Undo: move corner of Cash').count()).toBe(1));
    // Pressed and placed, without a drag.
    const again = (await onPlan(page))(2.4, -1.5);
    await page.mouse.click(again.x, again.y);
    await soon(async () =>
      expect(await hint(page)).toBe('Picked up: it goes where you click next. Esc puts it down.'),
    );
    const third = (await onPlan(page))(2, -1.2);
    await page.mouse.click(third.x, third.y);
    await soon(async () => expect(Number(await corner(page, 2, 'X').inputValue())).toBeCloseTo(2, 1));
    const x = Number(await corner(page, 2, 'X').inputValue());
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    await soon(async () => expect(Number(await corner(page, 2, 'X').inputValue())).toBeCloseTo(x + 0.56, 5));
    await soon(async () =>
      expect(await page.locator('[aria-live="polite"]').allInnerTexts()).toContainEqual(
        expect.stringMatching(/^Cash, corner 2 of 4, \d\.\d\d, −\d\.\d\d metres$/),
      ),
    );
    await corner(page, 2, 'X').fill('2.75');
    await corner(page, 2, 'Y').fill('−2,5');
    await page.locator('.hint-line').click();
    for (let turn = 0; turn < 7; turn += 1) await page.keyboard.press('Control+z');
    await soon(async () => expect(await corner(page, 2, 'X').inputValue()).toBe('3.00'));
    await soon(async () => expect(await button(page, 'Undo').isDisabled()).toBe(true));
    for (let turn = 0; turn < 7; turn += 1) await page.keyboard.press('Control+Shift+Z');
    await soon(async () => expect(await corner(page, 2, 'X').inputValue()).toBe('2.75'));
    await soon(async () => expect(await corner(page, 2, 'Y').inputValue()).toBe('−2.50'));
  });

  test('goes from corner to corner by Tab, and out again after the last; a right press takes one out, a press on the edge puts one in', async () => {
    const page = await open(3);
    await choose(page, /Cash/);
    await plan(page).focus();
    const isInside = () => plan(page).evaluate((svg) => document.activeElement === svg);
    for (const number of [1, 2, 3, 4]) {
      await page.keyboard.press('Tab');
      await soon(async () =>
        expect(await page.locator('.one-camera > [aria-live="polite"]').innerText()).toContain(
          `Cash, corner ${number} of 4`,
        ),
      );
      expect(await isInside()).toBe(true);
    }
    await page.keyboard.press('Tab');
    await soon(async () => expect(await isInside()).toBe(false));
    const at = await onPlan(page);
    const edge = at(3.03, 0.5);
    await page.mouse.move(edge.x, edge.y);
    await soon(async () => expect(await plan(page).locator('.ghost').count()).toBe(1));
    await page.mouse.click(edge.x, edge.y);
    await soon(async () => expect(await page.locator('.corners tbody tr').count()).toBe(5));
    await soon(async () => expect(await corner(page, 3, 'X').inputValue()).toBe('3.00'));
    const first = (await onPlan(page))(1, -2);
    await page.mouse.click(first.x, first.y, { button: 'right' });
    await soon(async () => expect(await page.locator('.corners tbody tr').count()).toBe(4));
    await soon(async () => expect(await button(page, 'Undo: remove corner of Cash').count()).toBe(1));
  });

  test('refuses edges that cross: says which, shows them at the place, and saves nothing until a corner is moved', async () => {
    const page = await open(3);
    await choose(page, /Cash/);
    await corner(page, 1, 'X').fill('5');
    await soon(async () =>
      expect(await textOf(page, '.checks')).toMatch(/Cash: edges \d and \d cross: move corner \d\./),
    );
    await soon(async () => expect(await plan(page).locator('.bad-edge').count()).toBe(1));
    await soon(async () => expect(await textOf(page, '.step-bar')).toMatch(/3 Zones\s*✕ wrong 1/));
    await page.keyboard.press('Control+s');
    await page.locator('#set-up-why').fill('It crosses');
    await soon(async () =>
      expect(await textOf(page, '.save-points.errors')).toMatch(/edges \d and \d cross/),
    );
    await soon(async () => expect(await button(page, 'Save and apply').isDisabled()).toBe(true));
    await page.locator('.save-points.errors').getByRole('button', { name: '3 Zones' }).click();
    await choose(page, /Cash/);
    await corner(page, 1, 'X').fill('1.5');
    await save(page, 'It does not cross');
    await soon(() => expect(box.text()).toContain('[1.5, -2]'));
  });

  test('warns of zones that overlap and of names too long for a wrist, at the place and with what to do', async () => {
    const page = await open(3);
    await page.keyboard.press('z');
    await button(page, 'Snap: on').click();
    await clicks(page, [
      [2, -1],
      [4, -1],
      [4, 1],
      [2, 1],
    ]);
    await plan(page).press('Enter');
    await soon(async () =>
      expect(await textOf(page, '.checks')).toMatch(
        /Cash and Queue overlap by \d\.\d m²: people there count for Cash\. If that is wrong, move an edge\./,
      ),
    );
    await soon(async () =>
      expect(await plan(page).locator('.remark-text').textContent()).toMatch(/▲ overlap/),
    );
    await page.getByLabel('English name').fill('Self-service');
    await soon(async () =>
      expect(await textOf(page, '.checks')).toMatch(/too long for the wrist: at most 9, is 12; shorten it\./),
    );
  });

  test('places a floor point on both pictures at once, and says how far off each is from the fifth on', async () => {
    const page = await open(2);
    await soon(async () => expect(await textOf(page, '.fit-says')).toMatch(/Grid fits\./));
    await page.getByLabel('Remove point 5').click();
    await soon(async () =>
      expect(await textOf(page, '.fit-says')).toMatch(/Four points always fit: add one to check\./),
    );
    // Four points prove nothing: no error is shown as if it were one.
    await soon(async () =>
      expect(await page.locator('.points tbody tr').first().locator('.figure').allInnerTexts()).toEqual([
        '–',
        '–',
      ]),
    );
    await page.keyboard.press('p');
    const { x, y } = (await plate(page).boundingBox())!;
    await page.mouse.click(x + 300, y + 150);
    await soon(async () => expect(await plan(page).locator('.pair.guess .pulse').count()).toBe(1));
    await soon(async () =>
      expect(await hint(page)).toBe(
        'Click the same spot on the plan, or press Enter to accept where it pulses.',
      ),
    );
    await soon(async () => expect(await plate(page).locator('.loupe').count()).toBe(1));
    await page.keyboard.press('Enter');
    await soon(async () =>
      expect(await textOf(page, '.fit-says')).toMatch(/Grid fits\.[\s\S]*Points 5 · off by/),
    );
    const metres = page.getByLabel('Point 5, floor X, metres');
    await metres.fill(String(Number((await metres.inputValue()).replace('−', '-')) + 0.3));
    await soon(async () =>
      expect(
        Number(await page.locator('.points tbody tr').nth(4).locator('.figure').first().innerText()),
      ).toBeGreaterThan(3),
    );
    await soon(async () => expect(await plan(page).locator('.error-arrow').count()).toBeGreaterThan(0));
    await page.getByLabel('Use point 5').uncheck();
    await soon(async () => expect(await textOf(page, '.fit-says')).toMatch(/Four points always fit/));
    // Crossed: no floor fits, and nothing can be saved.
    await page.getByLabel('Point 1, picture across, pixels').fill('1240');
    await soon(async () => expect(await textOf(page, '.fit-says')).toMatch(/no floor fits/));
    await soon(async () => expect(await textOf(page, '.step-bar')).toMatch(/2 Floor\s*✕ wrong 1/));
  });

  test('holds the floor against a tape: two spots and a length', async () => {
    const page = await open(2);
    await button(page, 'Click two spots').click();
    const pair = (number: number) => plate(page).locator('.pair').nth(number).locator('.knob');
    const [one, other] = [await middleOf(pair(0)), await middleOf(pair(1))];
    await page.mouse.click(one.x, one.y);
    await page.mouse.click(other.x, other.y);
    await page.getByLabel('Measured (m)').fill('6.02');
    await soon(async () =>
      expect(await textOf(page, '.tape-check')).toMatch(/the floor says [56]\.\d\d m[\s\S]*good/),
    );
    await page.getByLabel('Measured (m)').fill('7');
    await soon(async () => expect(await textOf(page, '.tape-check')).toMatch(/check the floor points/));
  });

  test('tells the second of two who draw, keeps both, and puts mine on top of what only they changed', async () => {
    const [first, second] = [await open(3), await open(3)];
    await choose(second, /Cash/);
    await corner(second, 2, 'X').fill('3.5');
    await choose(first, /Door/);
    await first.getByLabel('English name').fill('South');
    await first.getByLabel('Chinese name').fill('南门');
    await save(first, 'There is another door now');
    await soon(() => expect(box.settings.latest.version).toBe(2));
    await soon(async () =>
      expect(await textOf(second, '.note.strong')).toMatch(
        /installer \w{6} saved version 2 at \d\d:\d\d:\d\d\. Yours is kept\./,
      ),
    );
    await soon(async () => expect(await corner(second, 2, 'X').inputValue()).toBe('3.5'));
    await button(second, 'Compare').click();
    await soon(async () => expect(await second.locator('.compared tbody tr').count()).toBe(2));
    await soon(async () =>
      expect(await textOf(second, '.compare-set-up')).toMatch(/There is another door now/),
    );
    await button(second, 'Put mine on top').click();
    await save(second, 'The queue is wider');
    await soon(() => expect(box.settings.latest.version).toBe(3));
    expect(box.text()).toContain('[3.5, -2]');
    expect(box.text()).toContain('南门');
  });

  test('takes theirs, and brings mine back by undoing', async () => {
    const [first, second] = [await open(3), await open(3)];
    await choose(second, /Cash/);
    await corner(second, 2, 'X').fill('3.5');
    await choose(first, /Cash/);
    await corner(first, 3, 'X').fill('3.25');
    await save(first, 'The queue is wider');
    await soon(async () => expect(await second.locator('.note.strong').count()).toBe(1));
    await button(second, 'Take theirs').click();
    await choose(second, /Cash/);
    await soon(async () => expect(await corner(second, 3, 'X').inputValue()).toBe('3.25'));
    await soon(async () => expect(await corner(second, 2, 'X').inputValue()).toBe('3.00'));
    await button(second, 'Undo: take theirs').click();
    await choose(second, /Cash/);
    await soon(async () => expect(await corner(second, 2, 'X').inputValue()).toBe('3.50'));
  });

  test('keeps what is typed while live news comes, while another page is looked at, and over a reload', async () => {
    const page = await open(3);
    await choose(page, /Cash/);
    await corner(page, 2, 'X').fill('2.2');
    await box.film(3);
    await soon(async () => expect(await corner(page, 2, 'X').inputValue()).toBe('2.2'));
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByRole('link', { name: 'Set-up' }).click();
    await page
      .getByRole('button', { name: /: hall$/ })
      .first()
      .click();
    await toStep(page, '3 Zones');
    await choose(page, /Cash/);
    await soon(async () => expect(await corner(page, 2, 'X').inputValue()).toBe('2.20'));
    await page.reload();
    await choose(page, /Cash/);
    await soon(async () => expect(await corner(page, 2, 'X').inputValue()).toBe('2.20'));
    expect(box.text()).toBe(written);
  });

  test('says of a camera that does not answer what to check, and never shows a picture but the plate', async () => {
    const page = await open(1);
    await page.getByLabel('Address', { exact: true }).fill('ftp://127.0.0.1/hall');
    await button(page, 'Try it').click();
    await soon(async () => expect(await textOf(page, '.try-result')).toMatch(/This address cannot be used/));
    await page.getByLabel('Address', { exact: true }).fill('rtsp://127.0.0.1:9/hall');
    await button(page, 'Try it').click();
    await soon(async () =>
      expect(await textOf(page, '.try-result')).toMatch(/(No picture|nothing at this address)[\s\S]*LOBBY_/),
    );
    const pictures = await page
      .locator('img, video, image, canvas')
      .evaluateAll((found) =>
        found.map((one) => one.getAttribute('href') ?? one.getAttribute('src') ?? one.tagName),
      );
    expect(
      pictures.filter((address) => !/^\/api\/v1\/setup\/cameras\/hall\/plate\?r=\d+$/.test(address)),
    ).toEqual([]);
  });

  test('builds the plate up from what was seen empty: grey where somebody stood, and a share in words', async () => {
    const page = await open(1);
    await soon(async () => expect(await textOf(page, '.plate-says')).toBe('Waiting for the first picture.'));
    const size = { width: 640, height: 360 };
    const rgb = new Uint8Array(size.width * size.height * 3).fill(180);
    const fit = { scaleX: 0.5, scaleY: 0.5, padLeft: 0, padTop: 0 };
    const taken = { left: 560, right: 720, top: 200, bottom: 560 };
    for (let second = 0; second < 24; second += 1) {
      await box.clock.advance(1);
      const frame = { at: box.clock.now(), rgb, input: size, camera: { width: 1280, height: 720 }, fit };
      box.plates.look('hall', frame, [{ box: taken, score: 0.9 }]);
    }
    await soon(async () =>
      expect(await textOf(page, '.plate-says')).toMatch(/^Waiting for these spots to be empty: [5-9]\d%$/),
    );
    await soon(async () => expect(await plate(page).locator('image').count()).toBe(1));
    await soon(async () =>
      expect((await plate(page).locator('.plate-waiting').getAttribute('d'))!.length).toBeGreaterThan(100),
    );
    expect(await page.locator('.plate-bar').getAttribute('value')).toMatch(/^0\.[5-9]/);
  });

  test('counts a walk through the door, takes a miss down, and is accepted by name', async () => {
    const page = await open(4);
    await button(page, 'Begin the walk test').click();
    await soon(async () => expect(await textOf(page, '.walk-panel')).toMatch(/in\s*0 of 10/));
    await box.film(8);
    await soon(async () => expect(await textOf(page, '.walk-panel')).toMatch(/in\s*1 of 10/));
    await soon(async () => expect(await plan(page).locator('.mark').count()).toBeGreaterThan(0));
    await page.getByRole('button', { name: 'Missed one: Door out' }).click();
    await soon(async () =>
      expect(await textOf(page, '.walk-panel')).toMatch(/Walked 2, counted 1[\s\S]*Door · out/),
    );
    await button(page, 'Note a problem').click();
    await soon(async () =>
      expect(await page.locator('#walk-note').getAttribute('aria-invalid')).toBe('true'),
    );
    await page.getByLabel('Who walked (written to the journal)').fill('Li');
    await button(page, 'Accept').click();
    await soon(async () => expect(await textOf(page, '.walk-panel')).toMatch(/The walk test is accepted\./));
    await soon(async () => expect(await textOf(page, '.step-bar')).toMatch(/4 Walk test\s*✓ done/));
  });

  test('lists the cameras with what each still lacks, and where to go on', async () => {
    const page = await pages.open(`${box.url}/setup?lang=en`, box.tokens.issue('installer').text);
    await soon(async () =>
      expect(await textOf(page, '.camera-card')).toMatch(/hall[\s\S]*Still missing: walk test/),
    );
    await page.getByRole('button', { name: '4 Walk test: hall' }).click();
    await soon(async () => expect(await textOf(page, '.step-bar [aria-current]')).toMatch(/4 Walk test/));
  });

  test('is for installers: others are told which role it needs', async () => {
    const page = await pages.open(`${box.url}/setup?lang=zh`, box.tokens.issue('operations').text);
    await soon(async () => expect(await textOf(page, '.empty-page')).toBe('需要“安装”权限。请找管理员。'));
  });

  test.each([
    ['light', 'en', wide],
    ['dark', 'zh', tablet],
  ] as const)('have no violation that axe knows of: %s, %s, %o', async (theme, lang, size) => {
    const page = await open(1, `lang=${lang}&theme=${theme}`, 'installer', size);
    for (const step of [1, 2, 3, 4, 5]) {
      await page
        .locator('.step-bar button')
        .nth(step - 1)
        .click();
      await soon(async () =>
        expect(
          await page
            .locator('.step-bar button')
            .nth(step - 1)
            .getAttribute('aria-current'),
        ).toBe('step'),
      );
      if (step === 3) {
        await page.locator('.zone-list button').nth(1).click();
        await page.locator('.corners .coordinate').first().fill('5');
      }
      await soon(async () => expect(await violations(page)).toEqual([]));
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([step, sideways <= 0]).toEqual([step, true]);
    }
  });
});
