import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openTokens, type Tokens } from '../../../edge/access/tokens.ts';
import { buildApp } from '../../../edge/http/app.ts';
import type { JournalLine } from '../../../src/contract/journal.ts';
import type { FloorPayload } from '../../../src/contract/live.ts';
import type { HealthPayload, LobbyPayload } from '../../../src/contract/topics.ts';
import { createLive } from '../../../src/service/live.ts';
import { ManualClock } from '../../manual-clock.ts';

const at = '2025-03-12T10:42:07.000Z';
const now = Date.parse(at) / 1000;
const lobby: LobbyPayload = {
  v: 1,
  at,
  inLobby: 1,
  toGreet: 1,
  inQueue: 0,
  staffSeen: 0,
  zones: [],
  open: [],
};
const health: HealthPayload = { v: 1, state: 'ok', at, cameras: [] };
const arrived: JournalLine = {
  v: 1,
  at,
  kind: 'verdict',
  happening: 'arrived',
  visit: 'k3f9-1',
  role: 'customer',
  zone: 'main-door',
  decision: 'silence',
  reason: 'staff-near',
};
let folder: string;
let tokens: Tokens;
let floor: FloorPayload;
let app: FastifyInstance;
let live: ReturnType<typeof createLive>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-console-'));
  const clock = new ManualClock(now);
  tokens = openTokens({ now: () => clock.now() });
  live = createLive(
    () => clock.now(),
    () => '2025-03-12',
  );
  floor = { v: 1, at, people: [{ visit: 'k3f9-1', x: 1, y: 2, standing: 'to-greet', forSeconds: 3 }] };
  app = await buildApp({
    branch: 'harbour',
    places: [],
    health: () => health,
    lobby: () => lobby,
    metrics: new Registry(),
    clock,
    pagesFolder: folder,
    console: {
      tokens,
      clock,
      plan: () => ({ v: 1, branch: 'harbour', targetSeconds: 30, mostInTenMinutes: 6, zones: [] }),
      floor: () => floor,
      lobby: () => lobby,
      health: () => health,
      minutes: live.minutes,
      recent: live.recent,
      onLine: live.onLine,
    },
  });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const secured = ['/api/v1/session', '/api/v1/plan', '/api/v1/minutes', '/api/v1/live'];

describe('without a token', () => {
  test.each(secured)('%s shows nothing, and says what is missing', async (url) => {
    for (const headers of [{}, bearer('lobby-guess'), { cookie: 'lobby-session=guess' }]) {
      const reply = await app.inject({ url, headers });
      expect(reply.statusCode).toBe(401);
      expect(reply.json()).toMatchObject({ code: 'LOBBY_TOKEN_MISSING' });
    }
  });

  test('a wrong one is refused, and not for ever tried: twenty a minute', async () => {
    const tried = async () => {
      const reply = await app.inject({
        method: 'POST',
        url: '/api/v1/session',
        payload: { token: 'lobby-guess' },
      });
      return reply.statusCode;
    };
    for (let count = 0; count < 20; count += 1) expect(await tried()).toBe(401);
    expect(await tried()).toBe(429);
  });
});

describe('with a token', () => {
  test('a program reads the plan and the last hour', async () => {
    const headers = bearer(tokens.issue('viewer').text);
    live.note(arrived);
    expect((await app.inject({ url: '/api/v1/plan', headers })).json()).toMatchObject({ branch: 'harbour' });
    const minutes = (await app.inject({ url: '/api/v1/minutes', headers })).json();
    expect(minutes.minutes).toMatchObject([{ arrived: 1, silences: 1, prompts: 0 }]);
    expect(minutes.doors).toEqual({ 'main-door': { in: 1, out: 0 } });
  });

  test('a browser shows it once, and goes on with a cookie no script can read and no other site can use', async () => {
    const { text, id } = tokens.issue('operations');
    const entered = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { token: text } });
    expect(entered.json()).toEqual({ role: 'operations', token: id });
    const cookie = String(entered.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(text);
    const headers = { cookie: cookie.split(';')[0]! };
    expect((await app.inject({ url: '/api/v1/session', headers })).json()).toEqual({
      role: 'operations',
      token: id,
    });
    const left = await app.inject({ method: 'DELETE', url: '/api/v1/session', headers });
    expect(left.statusCode).toBe(204);
    expect((await app.inject({ url: '/api/v1/session', headers })).statusCode).toBe(401);
  });
});

describe('the lobby as it happens', () => {
  let reply: IncomingMessage;
  let heard: { event: string; data: Record<string, unknown> }[];

  async function listen(headers: Record<string, string>): Promise<IncomingMessage> {
    if (app.server.listening === false) await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as { port: number };
    const request = httpGet({ port, path: '/api/v1/live', headers });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    heard = [];
    let text = '';
    answer.on('error', () => undefined);
    answer.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, event, data] = /^event: (\S+)\ndata: (.*)$/s.exec(text.slice(0, end))!;
        heard.push({ event: event!, data: JSON.parse(data!) as Record<string, unknown> });
        text = text.slice(end + 2);
      }
    });
    return answer;
  }
  afterEach(() => reply?.destroy());

  test('begins with what was so lately, then tells what changes and nothing twice', async () => {
    live.note(arrived);
    reply = await listen(bearer(tokens.issue('viewer').text));
    expect(reply.headers['content-type']).toContain('text/event-stream');
    await vi.waitFor(() =>
      expect(heard.map(({ event }) => event)).toEqual(['line', 'floor', 'lobby', 'health', 'tick']),
    );
    expect(heard[0]!.data).toEqual(arrived);
    floor = { ...floor, at: '2025-03-12T10:42:07.200Z' };
    const later = { ...arrived, at: '2025-03-12T10:42:08.000Z', visit: 'k3f9-2' } as JournalLine;
    live.note(later);
    await vi.waitFor(() => expect(heard.filter(({ event }) => event === 'floor')).toHaveLength(2));
    expect(heard.filter(({ event }) => event === 'line').at(-1)!.data).toEqual(later);
    await vi.waitFor(
      () => expect(heard.filter(({ event }) => event === 'tick').length).toBeGreaterThan(1),
      4_000,
    );
    expect(heard.filter(({ event }) => event === 'lobby')).toHaveLength(1);
    expect(heard.filter(({ event }) => event === 'floor')).toHaveLength(2);
  });

  test('ends for whoever has their token taken back', async () => {
    const { text, id } = tokens.issue('viewer');
    reply = await listen(bearer(text));
    const ended = once(reply, 'end');
    tokens.revoke(id);
    await ended;
  });

  test('is open to sixteen pages at once', async () => {
    const headers = bearer(tokens.issue('viewer').text);
    const all: IncomingMessage[] = [];
    for (let count = 0; count < 16; count += 1) all.push(await listen(headers));
    reply = await listen(headers);
    expect(reply.statusCode).toBe(429);
    all[0]!.destroy();
    await vi.waitFor(async () => {
      reply.destroy();
      reply = await listen(headers);
      expect(reply.statusCode).toBe(200);
    });
    for (const one of all) one.destroy();
  });
});
