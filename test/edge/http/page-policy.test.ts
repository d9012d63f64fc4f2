import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTokens } from '../../../edge/access/tokens.ts';
import { type AppOptions, buildApp } from '../../../edge/http/app.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { pagesFolder } from '../../e2e/pages.ts';

const pages = [
  ...[
    '/',
    '/live',
    '/setup',
    '/setup/hall',
    '/rules',
    '/rules/what-if',
    '/figures',
    '/journal',
    '/journal/x',
  ],
  ...['/watch', '/docs'],
];
const optionsWith = (more: Partial<AppOptions> = {}): AppOptions => ({
  branch: 'harbour',
  places: [],
  health: () => ({ v: 1, state: 'ok', at: '2025-03-12T10:42:07.000Z', cameras: [] }),
  lobby: () => ({ v: 1, at: '2025-03-12T10:42:07.000Z', zones: [], open: [] }),
  metrics: new Registry(),
  clock: systemClock,
  pagesFolder,
  console: { tokens: openTokens({ now: () => 0 }), clock: systemClock } as unknown as NonNullable<
    AppOptions['console']
  >,
  ...more,
});
/** As a browser reads it. */
const policyOf = (header: unknown) =>
  Object.fromEntries(
    String(header)
      .split(';')
      .map((part) => part.trim().split(/\s+/))
      .map(([name, ...sources]) => [name!, sources.join(' ')]),
  );

describe('Whatever is served', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await buildApp(optionsWith());
  });
  afterAll(() => app.close());

  test.each([...pages, '/api/v1/health', '/openapi.json', '/metrics', '/nothing', '/assets/nothing.js'])(
    '%s may load nothing but from the box, run nothing that is written in a page, and stand in no frame',
    async (url) => {
      const { headers } = await app.inject({ method: 'GET', url });
      expect(policyOf(headers['content-security-policy'])).toEqual({
        'default-src': "'none'",
        'script-src': "'self'",
        'style-src': "'self'",
        'img-src': "'self'",
        'manifest-src': "'self'",
        // A broker of one's own is at an address of its own.
        'connect-src': "'self' ws: wss:",
        'base-uri': "'none'",
        'form-action': "'none'",
        'frame-ancestors': "'none'",
      });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(headers).not.toHaveProperty('server');
    },
  );

  test('is a page where it is to be one: what was held above was held of pages', async () => {
    for (const url of pages) {
      const reply = await app.inject({ method: 'GET', url });
      expect([url, reply.statusCode, reply.headers['content-type']]).toEqual([
        url,
        200,
        expect.stringContaining('text/html'),
      ]);
    }
  });

  test('the demo alone shows itself in a frame, and a clip, and is as strict in all else', async () => {
    const demo = await buildApp(optionsWith({ showsItself: true }));
    const policy = policyOf(
      (await demo.inject({ method: 'GET', url: '/watch' })).headers['content-security-policy'],
    );
    expect(policy).toMatchObject({
      'frame-ancestors': "'self'",
      'frame-src': "'self'",
      'media-src': "'self'",
    });
    expect(Object.values(policy).join(' ')).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
    await demo.close();
  });
});

describe('The built pages', () => {
  const files = readdirSync(pagesFolder, { recursive: true, encoding: 'utf8' });
  const html = files.filter((name) => name.endsWith('.html'));
  const text = (name: string) => readFileSync(join(pagesFolder, name), 'utf8');

  test('have no script, style or handler written in them, and name nothing elsewhere', () => {
    expect(html.length).toBeGreaterThan(3);
    for (const name of html) {
      expect(text(name)).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i);
      expect(text(name)).not.toMatch(/(?:src|href)="(?:https?:)?\/\//i);
    }
  });

  test('make no code of text', () => {
    for (const name of files.filter((one) => one.endsWith('.js'))) {
      expect([name, /\beval\(|\bnew Function\(/.test(text(name))]).toEqual([name, false]);
    }
  });
});
