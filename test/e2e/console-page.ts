import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { vi } from 'vitest';
import { packageRoot } from '../../edge/package-root.ts';
import { chromiumPath, openBrowser } from './branch.ts';

/** Why pages cannot be opened here; in CI they are tried, and fail, all the same. */
export const noChromium: string | undefined =
  chromiumPath === undefined && process.env.CI === undefined ? 'Chromium is not installed' : undefined;

/** A page on a busy machine takes its time. */
export const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, 10_000);

export const textOf = (page: Page, part: string): Promise<string> => page.locator(part).innerText();

export const wide = { width: 1280, height: 800 };
export const tablet = { width: 1024, height: 768 };

const axe = readFileSync(join(packageRoot, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

/** What axe finds wrong on a page; nothing, if all is well. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    );
  });
}

/** Pages of the console, each with a browser of its own, and what went wrong on any of them. */
export interface ConsolePages {
  /**
   * Opens an address of the box, with a token in its fragment.
   *
   * @example
   * const page = await pages.open(`${box.url}/figures?lang=en`, box.token);
   */
  open(
    address: string,
    token: string,
    size?: { width: number; height: number },
    /** Where the browser's clock stands, in milliseconds since 1970; absent: it goes. */
    standsAt?: number,
  ): Promise<Page>;
  /** Closes the pages of one test, and says what went wrong on them. */
  leave(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Refusals that a test asks for are told by the page, not by the browser's log alone. The browser gives up what it is
 * fetching when the machine gets another network, as it does of tests that run meanwhile.
 */
const expected = /ERR_CONNECTION|ERR_INCOMPLETE|ERR_ABORTED|ERR_NETWORK_CHANGED|status of 4\d\d/;

export async function openConsolePages(): Promise<ConsolePages> {
  const browser: Browser = await openBrowser(chromiumPath!);
  const troubles: string[] = [];
  return {
    async open(address, token, size = wide, standsAt = undefined) {
      const context = await browser.newContext({ viewport: size });
      const page = await context.newPage();
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !expected.test(message.text())) troubles.push(message.text());
      });
      if (standsAt !== undefined) await page.clock.setFixedTime(standsAt);
      await page.goto(`${address}#token=${token}`);
      return page;
    },
    async leave() {
      for (const context of browser.contexts()) await context.close();
      return troubles.splice(0);
    },
    close: () => browser.close(),
  };
}
