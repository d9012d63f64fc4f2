import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTokens, type Tokens } from '../../../edge/access/tokens.ts';
import { parseWatchLogins, type WatchLogins, watchLoginLine } from '../../../edge/brokers/watch-logins.ts';
import { type AppOptions, buildApp } from '../../../edge/http/app.ts';
import type { HealthPayload } from '../../../src/contract/topics.ts';
import { ManualClock } from '../../manual-clock.ts';

const at = '2025-03-12T10:42:07.000Z';
const clock = new ManualClock(Date.parse(at) / 1000);
const health: HealthPayload = {
  v: 1,
  state: 'partly-blind',
  at,
  cameras: [{ id: 'hall', state: 'lost', since: at, framesPerSecond: 0, places: [] }],
};
let seconds: number;
let tokens: Tokens;
let logins: WatchLogins;
let app: FastifyInstance;

beforeEach(async () => {
  seconds = 0;
  tokens = openTokens({ now: () => clock.now() });
  logins = await parseWatchLogins(await watchLoginLine('harbour', 'correct horse'), 'watches', () => seconds);
  app = await buildApp(optionsWith({ reads: 'asked', logins }));
});
afterEach(() => app.close());

const optionsWith = (more: Partial<AppOptions>): AppOptions => ({
  branch: 'harbour',
  places: [],
  health: () => health,
  lobby: () => ({ v: 1, at, inLobby: 3, toGreet: 1, inQueue: 0, staffSeen: 1, zones: [], open: [] }),
  metrics: new Registry(),
  clock,
  pagesFolder: import.meta.dirname,
  console: { tokens, clock } as unknown as NonNullable<AppOptions['console']>,
  ...more,
});
const get = (url: string, authorization?: string, remoteAddress = '192.0.2.7') =>
  app.inject({
    method: 'GET',
    url,
    remoteAddress,
    headers: authorization === undefined ? {} : { authorization },
  });
const bearer = (text = tokens.issue('viewer').text) => `Bearer ${text}`;
const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

describe('a box that is reached from other machines', () => {
  test.each(['/api/v1/lobby', '/metrics', '/api/v1/branch'])(
    'shows %s to nobody without a login',
    async (url) => {
      const reply = await get(url);
      expect(reply.statusCode).toBe(401);
      expect(reply.json()).toMatchObject({ code: 'LOBBY_TOKEN_MISSING' });
      expect((await get(url, bearer('lobby-guessed'))).statusCode).toBe(401);
      // A browser asks nobody by a dialog of its own.
      expect(reply.headers).not.toHaveProperty('www-authenticate');
    },
  );

  test.each(['/api/v1/lobby', '/metrics', '/api/v1/branch'])(
    'shows %s to a token of a viewer',
    async (url) => {
      expect((await get(url, bearer())).statusCode).toBe(200);
    },
  );

  test('tells its state alone to whoever shows no token, with the status a monitor looks at', async () => {
    const reply = await get('/api/v1/health');
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({ v: 1, state: 'partly-blind' });
    expect((await get('/api/v1/health', basic('harbour', 'correct horse'))).json()).not.toHaveProperty(
      'cameras',
    );
    expect((await get('/api/v1/health', bearer())).json()).toEqual(health);
  });

  test('shows a watch with its login what the page begins with, and nothing else', async () => {
    const login = basic('harbour', 'correct horse');
    expect((await get('/api/v1/branch', login)).json()).toMatchObject({ branch: 'harbour' });
    for (const url of ['/api/v1/lobby', '/metrics', '/api/v1/plan']) {
      expect((await get(url, login)).statusCode).toBe(401);
    }
  });

  test.each([
    ['another password', basic('harbour', 'battery staple')],
    ['another name', basic('deputy', 'correct horse')],
    ['no password', basic('harbour', '')],
    ['what is no login', 'Basic ===='],
  ])('shows a watch with %s nothing', async (_, login) => {
    expect((await get('/api/v1/branch', login)).statusCode).toBe(401);
  });

  test('hears no more of an address that was wrong ten times, and a minute later two tries more', async () => {
    const guess = (n: number) => get('/api/v1/branch', basic('harbour', `guess ${n}`));
    for (let n = 0; n < 10; n += 1) expect((await guess(n)).statusCode).toBe(401);
    const reply = await guess(10);
    expect(reply.statusCode).toBe(429);
    expect(reply.json()).toMatchObject({ code: 'LOBBY_TOO_MANY_TRIES' });
    seconds += 60;
    expect((await guess(11)).statusCode).toBe(401);
    expect((await guess(12)).statusCode).toBe(401);
    expect((await guess(13)).statusCode).toBe(429);
  });

  test('hears the right password from elsewhere meanwhile', async () => {
    for (let n = 0; n < 11; n += 1) await get('/api/v1/branch', basic('harbour', `guess ${n}`));
    const elsewhere = await get('/api/v1/branch', basic('harbour', 'correct horse'), '192.0.2.8');
    expect(elsewhere.statusCode).toBe(200);
  });

  test('has pages and descriptions that hold nothing of the branch, open to all', async () => {
    for (const url of ['/openapi.json', '/api/v1/asyncapi.json'])
      expect((await get(url)).statusCode).toBe(200);
  });
});

test('control: a box that this machine alone reaches asks nobody', async () => {
  const open = await buildApp(optionsWith({}));
  for (const url of ['/api/v1/lobby', '/metrics', '/api/v1/branch', '/api/v1/health']) {
    expect((await open.inject({ method: 'GET', url })).statusCode).toBe(200);
  }
  await open.close();
});

test('without a console nobody could show a token, and nobody is let in who would be asked', async () => {
  const { console: _, ...without } = optionsWith({ reads: 'asked' });
  const closed = await buildApp(without);
  for (const url of ['/api/v1/lobby', '/metrics', '/api/v1/branch']) {
    expect((await closed.inject({ method: 'GET', url })).statusCode).toBe(401);
  }
  await closed.close();
});

test('tokens are tried twenty times a minute from one address', async () => {
  const show = (remoteAddress: string) =>
    app.inject({ method: 'POST', url: '/api/v1/session', payload: { token: 'lobby-guess' }, remoteAddress });
  for (let n = 0; n < 20; n += 1) expect((await show('192.0.2.7')).statusCode).toBe(401);
  expect((await show('192.0.2.7')).statusCode).toBe(429);
  expect((await show('192.0.2.8')).statusCode).toBe(401);
});
