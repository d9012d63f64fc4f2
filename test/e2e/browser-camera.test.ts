import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import { absent, ffmpeg, titled } from '../peers/tools.ts';
import { chromiumPath } from './branch.ts';
import { noChromium, violations } from './console-page.ts';
import { builtPages } from './pages.ts';
import { endAll, type Listener, listen, type Service, startService } from './service.ts';

const run = promisify(execFile);
const reason = noChromium ?? absent(ffmpeg);
const tablet = join(packageRoot, 'test', 'scenes', 'tablet');
const branchFile = join(tablet, 'branch.yaml');
/** Kept from one run of the tests to the next: nine megabytes. */
const cache = join(packageRoot, '.cache');

/**
 * At half its speed, so that a busy machine has as many looks at each step as a tablet, and after six seconds in which
 * the page begins: the two who come in cross the door after 15.3 s and 25.7 s. After 32 s the lens is covered for eight
 * seconds, and it begins anew. Raw, since Chromium plays a film of JPEGs at a pace of its own.
 */
const slowly = 'setpts=2*PTS,fps=8,tpad=start_duration=6:start_mode=clone:stop_duration=8:color=black';
const clipSeconds = 13;

describe.skipIf(reason)(titled('A browser as a camera', reason), () => {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-page-'));
  const film = join(folder, 'door.y4m');
  const data = join(folder, 'data');
  const asked = new Set<string>();
  let service: Service;
  let browser: Browser;
  let denying: Browser | undefined;
  let page: Page;
  let url: string;
  let token: string;
  let listener: Listener;
  const lobby = async (...args: string[]) =>
    (
      await run(process.execPath, ['--import', 'tsx', 'edge/main.ts', ...args], { cwd: packageRoot })
    ).stdout.trim();
  const health = async () => {
    const reply = await fetch(`${url}/api/v1/health`);
    return (await reply.json()) as {
      detector: string;
      cameras: { state: string; trouble?: { code: string } }[];
    };
  };

  beforeAll(async () => {
    process.env.XDG_DATA_HOME = cache;
    await builtPages();
    await lobby('models', 'pull', 'pose-landmarker-full');
    await run(ffmpeg.command, [
      ...`-loglevel error -y -t ${clipSeconds} -i ${join(tablet, 'clip.mp4')} -vf ${slowly} -pix_fmt yuv420p`.split(
        ' ',
      ),
      film,
    ]);
    service = startService('run', '--branch', branchFile, '--data', data, '--port', '0', '--mqtt-port', '0');
    const addresses = await service.addresses(60);
    url = addresses.url;
    token = (await service.says(/#token=(\S+)/))[1]!;
    listener = await listen(addresses.mqttUrl);
    browser = await chromium.launch({
      executablePath: chromiumPath!,
      args: [
        '--no-sandbox',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ],
    });
    page = await browser.newPage({ viewport: { width: 1024, height: 768 } });
    page.on('request', (request) => asked.add(new URL(request.url()).host));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await denying?.close();
    await listener?.close();
    await endAll();
    rmSync(folder, { recursive: true, force: true });
    delete process.env.XDG_DATA_HOME;
  });

  test('asks for a code, refuses a wrong one, and takes one that was made on the box, once', async () => {
    await page.goto(`${url}/camera?lang=en&delegate=cpu`);
    await page.locator('input').fill('ABCD-2345');
    await page.getByRole('button', { name: 'Pair' }).click();
    await page.getByRole('alert').filter({ hasText: 'The code is wrong' }).waitFor();
    expect(await violations(page)).toEqual([]);

    const code = await lobby('pair', '--branch', branchFile, '--data', data);
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    // No camera has a picture for the box: it has not opened what would look at one.
    expect((await health()).detector).toBe('pages in browsers');
    await page.locator('input').fill(code.toLowerCase());
    await page.getByRole('button', { name: 'Pair' }).click();
    await page.locator('[data-state=aiming]').waitFor({ timeout: 20_000 });
    const again = await fetch(`${url}/api/v1/camera/pairing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(again.status).toBe(403);
    expect(await lobby('pair', 'list', '--data', data)).toMatch(/^[a-z0-9]{6} {2}door {2}paired 20/);
  });

  test('shows its picture to whoever mounts it, says what is amiss, and tells the box that it counts nobody', async () => {
    // Somebody is found in the picture: the model runs.
    await page.locator('.found rect').first().waitFor({ timeout: 60_000 });
    await vi.waitFor(
      async () => expect((await health()).cameras[0]!.trouble?.code).toBe('LOBBY_PAGE_AIMING'),
      20_000,
    );
    expect(await violations(page)).toEqual([]);
    await page.locator('.picture').click({ position: { x: 40, y: 60 } });
    expect(await page.locator('.points').innerText()).toMatch(/\[\d+, \d+\]$/);
    // Without a pointer: arrows move a cross, from the middle.
    await page.locator('.spot').press('ArrowRight');
    await page.locator('.spot').press('Enter');
    const last = () => page.locator('.points').innerText();
    await vi.waitFor(async () => expect(await last()).toMatch(/\[\d+, \d+\] \[\d+, \d+\]$/));
    const [x, y] = /\[(\d+), (\d+)\]$/
      .exec(await last())!
      .slice(1)
      .map(Number) as [number, number];
    const { width, height } = await page
      .locator('.picture video')
      .evaluate((video: HTMLVideoElement) => ({ width: video.videoWidth, height: video.videoHeight }));
    expect([x, y]).toEqual([Math.round(0.51 * width), Math.round(0.5 * height)]);
  });

  test('counts each who comes in before it once, and the wrist is told', { timeout: 120_000 }, async () => {
    // Loaded anew, as after a power cut: it goes on by itself, and the film begins at its beginning.
    await page.reload();
    await page.locator('[data-state=counting]').waitFor({ timeout: 40_000 });
    const came = async () => {
      const reply = await fetch(`${url}/api/v1/minutes`, { headers: { authorization: `Bearer ${token}` } });
      const { doors } = (await reply.json()) as { doors: Record<string, { in: number; out: number }> };
      return doors['main-door'] ?? { in: 0, out: 0 };
    };
    const { payload } = await listener.hears('prompt', ({ kind }) => kind === 'greet', { withinSeconds: 40 });
    expect(payload).toMatchObject({ kind: 'greet', place: 'main-door' });
    await vi.waitFor(async () => expect((await came()).in).toBe(2), { timeout: 40_000, interval: 500 });
    expect(await came()).toEqual({ in: 2, out: 0 });
    expect((await health()).cameras[0]!.state).toBe('live');
    expect(await page.locator('video').evaluate((video) => video.parentElement?.id)).toBe('corner');
  });

  test('says so when its lens is covered, on the page and in health', async () => {
    await page.locator('[data-state=dark]').waitFor({ timeout: 40_000 });
    await vi.waitFor(
      async () =>
        expect((await health()).cameras[0]).toMatchObject({
          state: 'blind',
          trouble: { code: 'LOBBY_CAMERA_DARK' },
        }),
      { timeout: 10_000, interval: 200 },
    );
  });

  test('tells the box that it sees nobody while something else lies over it, and goes on when it shows again', async () => {
    // A browser without a screen hides no page: what it says of that is put in its place.
    const become = (state: 'hidden' | 'visible') =>
      page.evaluate((now) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => now });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    const trouble = async () => (await health()).cameras[0]!.trouble?.code;
    await become('hidden');
    await vi.waitFor(async () => expect(await trouble()).toBe('LOBBY_PAGE_HIDDEN'), 20_000);
    await become('visible');
    await vi.waitFor(async () => expect(await trouble()).not.toBe('LOBBY_PAGE_HIDDEN'), 20_000);
  });

  test('speaks with the box alone, and is let go of when its pairing is taken back', async () => {
    expect([...asked]).toEqual([new URL(url).host]);
    const [id] = (await lobby('pair', 'list', '--data', data)).split(' ');
    await lobby('pair', 'revoke', id!, '--data', data);
    await page.locator('[data-state=unpaired]').waitFor({ timeout: 20_000 });
    await vi.waitFor(
      async () => expect((await health()).cameras[0]!.trouble?.code).toBe('LOBBY_PAGE_AWAY'),
      20_000,
    );
  });

  test('is paired from the set-up of the console too, and says so where its browser gives it no camera', async () => {
    const console = await browser.newPage();
    await console.goto(`${url}/setup?lang=en#token=${token}`);
    await console.getByRole('button', { name: 'Pair a page' }).click();
    const code = await console.locator('.pair-code').innerText();
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    expect(await console.locator('.pair-page .second').innerText()).toContain(`${url}/camera`);
    expect(await violations(console)).toEqual([]);
    await console.close();

    expect(await page.locator('#help code').innerText()).toBe('lobby pair');
    // Another browser, which is not let use its camera.
    denying = await chromium.launch({
      executablePath: chromiumPath!,
      args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--deny-permission-prompts'],
    });
    const denied = await denying.newPage();
    await denied.goto(`${url}/camera?lang=en&delegate=cpu`);
    await denied.locator('input').fill(code);
    await denied.getByRole('button', { name: 'Pair' }).click();
    await denied.locator('[data-state=denied]').waitFor({ timeout: 20_000 });
    await vi.waitFor(
      async () => expect((await health()).cameras[0]!.trouble?.code).toBe('LOBBY_PAGE_WITHOUT_CAMERA'),
      20_000,
    );
  });
});
