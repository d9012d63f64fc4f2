import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import type { Counted } from './boxes.ts';
import type { Moment, Scene } from './scene.ts';

/** Goes up when pictures of the same scene change, so that clips made before are known to be old. */
export const DRAWING_VERSION = 1;

export interface Drawing {
  /**
   * The picture of a moment, `width × height × 3` bytes from the top left. Moments must come in order: arms take
   * some frames to rise.
   */
  draw(moment: Moment): Promise<Buffer>;
  /** What shows of each person in a moment, the one drawn last. */
  count(moment: Moment): Promise<Counted[]>;
  close(): Promise<void>;
}

const FLAGS =
  '--use-angle=swiftshader --enable-unsafe-swiftshader --no-sandbox --disable-background-networking';

/**
 * A page in a headless Chromium that draws the scene on the processor: same pictures with any graphics card
 * or with none. Nothing is fetched; the bundled script is handed to an empty page.
 *
 * `CHROMIUM` names the browser where it is not `/usr/bin/chromium`.
 */
export async function openDrawing(scene: Scene): Promise<Drawing> {
  const script = await bundle();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS.split(' '),
  });
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  page.on('console', (message) => {
    // It says so of every picture that is read back, which is all we want of pictures.
    if (message.text().includes('GPU stall due to ReadPixels')) return;
    if (message.type() === 'error' || message.type() === 'warning') console.error(message.text());
  });
  await page.addScriptTag({ content: script });

  await page.evaluate((s) => globalThis.openStage(s), scene);

  return {
    async draw(moment) {
      return Buffer.from(await page.evaluate((m) => globalThis.drawMoment(m), moment), 'base64');
    },
    count: (moment) => page.evaluate((m) => globalThis.countPeople(m), moment),
    close: () => browser.close(),
  };
}

declare global {
  /** Defined by `page/main.ts` within the page. */
  var openStage: (scene: Scene) => void;
  var drawMoment: (moment: Moment) => string;
  var countPeople: (moment: Moment) => Counted[];
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      lib: {
        entry: fileURLToPath(new URL('page/main.ts', import.meta.url)),
        formats: ['iife'],
        name: 'stage',
      },
    },
  });
  const first = Array.isArray(built) ? built[0] : built;
  if (!first || !('output' in first))
    throw new Error('Cannot draw: Vite must build the page once, not watch it');
  return first.output[0].code;
}
