import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AccessRole, openTokens, type Tokens } from '../../../edge/access/tokens.ts';
import { buildApp } from '../../../edge/http/app.ts';
import { openBranchStore } from '../../../edge/settings/branch-store.ts';
import { openShadowStore } from '../../../edge/settings/shadow-store.ts';
import {
  settingsAskSchema,
  settingsConflictSchema,
  settingsHistorySchema,
  settingsSchema,
  shadowSchema,
} from '../../../src/contract/settings.ts';
import type { HealthPayload, LobbyPayload } from '../../../src/contract/topics.ts';
import { ManualClock } from '../../manual-clock.ts';

const at = '2025-03-12T10:42:07.000Z';
const written = `branch: harbour # ours
cameras: [{ id: hall, source: "rtsp://user:password@127.0.0.1/hall" }]
thresholds:
  queue: { length: 5, waitSeconds: 180 } # agreed
`;
const lobby: LobbyPayload = { v: 1, at, zones: [], open: [] };
const health: HealthPayload = { v: 1, state: 'ok', at, cameras: [] };
let folder: string;
let file: string;
let tokens: Tokens;
let app: FastifyInstance;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-settings-'));
  file = join(folder, 'branch.yaml');
  writeFileSync(file, written);
  const clock = new ManualClock(Date.parse(at) / 1000);
  tokens = openTokens({ now: () => clock.now() });
  const settings = openBranchStore({
    file,
    folder: join(folder, 'data'),
    keepIn: 'file',
    now: () => clock.now(),
  });
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
      floor: () => ({ v: 1, at, people: [] }),
      lobby: () => lobby,
      health: () => health,
      minutes: () => ({ v: 1, minutes: [], doors: {} }),
      recent: () => [],
      onLine: () => () => undefined,
      settings,
      shadow: openShadowStore({
        branch: 'harbour',
        settings,
        now: () => clock.now(),
        onTrial: () => undefined,
      }),
    },
  });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const as = (role: AccessRole) => ({ authorization: `Bearer ${tokens.issue(role).text}` });
const get = (url: string, headers: Record<string, string>) => app.inject({ url, headers });
const put = (payload: object, headers: Record<string, string>) =>
  app.inject({ method: 'PUT', url: '/api/v1/settings', payload, headers });
const change = (value: unknown, version = 1) => ({
  version,
  changes: { 'queue.waitSeconds': value },
  why: 'Two windows are closed',
});

describe('Settings over HTTP', () => {
  test('can be read by a viewer, with their words and without anything else of the file', async () => {
    const reply = await get('/api/v1/settings', as('viewer'));
    expect(reply.statusCode).toBe(200);
    const { settings, version } = settingsSchema.parse(reply.json());
    expect(version).toBe(1);
    expect(settings.find(({ path }) => path === 'queue.length')).toMatchObject({
      value: 5,
      least: 1,
      most: 100,
    });
    expect(reply.body).not.toContain('password');
  });

  test('are changed by operations, at once, and the history says who, when and why', async () => {
    const { text, id } = tokens.issue('operations');
    const headers = { authorization: `Bearer ${text}` };
    const reply = await put(change(120), headers);
    expect(reply.statusCode).toBe(200);
    expect(settingsSchema.parse(reply.json())).toMatchObject({
      version: 2,
      latest: { at, by: { kind: 'token', role: 'operations', token: id }, why: 'Two windows are closed' },
    });
    expect(readFileSync(file, 'utf8')).toBe(written.replace('180', '120'));
    const history = settingsHistorySchema.parse((await get('/api/v1/settings/history', headers)).json());
    expect(history.changes.map(({ version }) => version)).toEqual([2, 1]);
    const older = await get('/api/v1/settings/history?before=2', headers);
    expect(settingsHistorySchema.parse(older.json()).changes).toMatchObject([{ by: { kind: 'file' } }]);
  });

  test('are not shown without a token, and not changed by a viewer', async () => {
    for (const url of ['/api/v1/settings', '/api/v1/settings/history']) {
      expect((await get(url, {})).json()).toMatchObject({ code: 'LOBBY_TOKEN_MISSING' });
    }
    const missing = await put(change(120), {});
    expect([missing.statusCode, missing.json().code]).toEqual([401, 'LOBBY_TOKEN_MISSING']);
    const viewer = await put(change(120), as('viewer'));
    expect([viewer.statusCode, viewer.json().code]).toEqual([403, 'LOBBY_ROLE_MISSING']);
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  test('saved on an old version are refused with who saved what, and what is so now', async () => {
    await put(change(120), as('operations'));
    const reply = await put(change(60), as('installer'));
    expect(reply.statusCode).toBe(409);
    const conflict = settingsConflictSchema.parse(reply.json());
    expect(conflict.code).toBe('LOBBY_SETTINGS_STALE');
    expect(conflict.current.version).toBe(2);
    expect(conflict.since).toMatchObject([
      { version: 2, by: { role: 'operations' }, changes: { 'queue.waitSeconds': { from: 180, to: 120 } } },
    ]);
    expect((await put(change(60, conflict.current.version), as('installer'))).statusCode).toBe(200);
  });

  test.each([
    [change(5), 'LOBBY_SETTING_REFUSED', { path: 'queue.waitSeconds', least: 10, most: 3600, value: 5 }],
    [change('soon'), 'LOBBY_SETTING_REFUSED', { value: '"soon"' }],
    [{ ...change(60), changes: { 'queue.mood': 5 } }, 'LOBBY_SETTING_UNKNOWN', { path: 'queue.mood' }],
    [{ ...change(60), why: '' }, 'LOBBY_SETTINGS_UNEXPLAINED', undefined],
    [change(180), 'LOBBY_SETTINGS_UNCHANGED', undefined],
  ])('%j is refused, naming the field, the limit and what came', async (asked, code, details) => {
    const reply = await put(asked, as('operations'));
    expect(reply.statusCode).toBe(422);
    expect(reply.json()).toMatchObject({ code, ...(details === undefined ? {} : { details }) });
    expect(reply.json().remedy).toMatch(/\.$/);
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  test.each([[{}], [{ version: 0, changes: {} }], [{ ...change(60), file: '/etc/passwd' }], [[1]]])(
    '%j is no change at all, and is refused as that',
    async (asked) => {
      const reply = await put(asked, as('operations'));
      expect([reply.statusCode, reply.json().code]).toEqual([400, 'LOBBY_REQUEST_INVALID']);
    },
  );

  test('cannot be saved while the file is broken, and say so before anybody tries', async () => {
    writeFileSync(file, 'branch: [');
    const reply = await put(change(120), as('operations'));
    expect(reply.statusCode).toBe(409);
    expect(reply.json()).toMatchObject({ code: 'LOBBY_SETTINGS_FILE_BROKEN' });
    const view = settingsSchema.parse((await get('/api/v1/settings', as('viewer'))).json());
    expect(view.cannotSave?.code).toBe('LOBBY_SETTINGS_FILE_BROKEN');
  });

  test('are described for programs, with examples that fit', async () => {
    const { paths } = (await get('/openapi.json', {})).json();
    const { get: reading, put: changing } = paths['/api/v1/settings'];
    expect(Object.keys(changing.responses)).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '409', '422', '429', '500', '503']),
    );
    type Content = { content: { 'application/json': { example: unknown } } };
    const example = ({ content }: Content) => content['application/json'].example;
    settingsSchema.parse(example(reading.responses['200']));
    settingsAskSchema.parse(example(changing.requestBody));
    expect(Object.keys(paths)).toContain('/api/v1/settings/history');
  });
});

describe('Profiles over HTTP', () => {
  const pension = {
    id: 'pension-day',
    name: { zh: '养老金日', en: 'Pension day' },
    days: { ofMonth: [12] },
    thresholds: { queue: { waitSeconds: 300 } },
  };
  const ask = (profiles: unknown, version = 1) => ({ version, profiles, why: 'The 12th is full' });

  test('are saved with or without other changes, said whose day it is, and undone', async () => {
    const reply = await put({ ...ask([pension]), changes: { 'queue.length': 7 } }, as('operations'));
    expect(reply.statusCode).toBe(200);
    expect(settingsSchema.parse(reply.json())).toMatchObject({
      version: 2,
      today: '2025-03-12',
      inEffect: 'pension-day',
      profiles: [pension],
      latest: { changes: { 'queue.length': { from: 5, to: 7 } }, profiles: { from: [], to: [pension] } },
    });
    expect(readFileSync(file, 'utf8')).toContain('length: 7, waitSeconds: 180 } # agreed\nprofiles:\n');
    const back = await put(ask([], 2), as('operations'));
    expect(settingsSchema.parse(back.json())).toMatchObject({ profiles: [], version: 3 });
    expect(back.json()).not.toHaveProperty('inEffect');
  });

  test.each([
    [
      'twice the same id',
      [pension, { ...pension, name: undefined }],
      'profiles must have different ids, pension-day is there twice',
    ],
    [
      'a value out of range',
      [{ ...pension, thresholds: { queue: { waitSeconds: 5 } } }],
      'profiles.0.thresholds.queue.waitSeconds must be at least 10, current value is 5',
    ],
    [
      'a day there is not',
      [{ ...pension, days: { dates: ['2026-02-31'] } }],
      'profiles.0.days.dates.0 must be a day there is, such as 2026-12-24, current value is "2026-02-31"',
    ],
    ['no profile at all', ['hello'], 'profiles.0 must be a group of settings, current value is "hello"'],
    [
      'nine',
      Array.from({ length: 9 }, (_, n) => ({ ...pension, id: `p${n}`, name: undefined })),
      'profiles must have at most 8 entries',
    ],
  ])('are refused with the reason for %s, and nothing is written', async (_, profiles, problem) => {
    const reply = await put(ask(profiles), as('operations'));
    expect([reply.statusCode, reply.json().code]).toEqual([422, 'LOBBY_PROFILES_REFUSED']);
    expect(reply.json().message).toContain(problem);
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  test('saved on an old version are refused, with what is so now', async () => {
    await put(change(120), as('operations'));
    const reply = await put(ask([pension]), as('operations'));
    expect(reply.statusCode).toBe(409);
    expect(settingsConflictSchema.parse(reply.json())).toMatchObject({
      current: { version: 2, profiles: [] },
    });
  });
});

describe('Values on trial over HTTP', () => {
  const send = (method: 'POST' | 'DELETE', url: string, role: AccessRole, payload?: object) =>
    app.inject({ method, url, headers: as(role), ...(payload === undefined ? {} : { payload }) });
  const trial = { version: 1, set: { 'queue.waitSeconds': 120 }, why: 'Queues move slowly' };

  test('are begun, seen by a viewer, and ended, each with who and why in the history', async () => {
    const begun = await send('POST', '/api/v1/shadow', 'operations', trial);
    expect(begun.statusCode).toBe(200);
    const seen = shadowSchema.parse((await get('/api/v1/shadow', as('viewer'))).json());
    expect(seen.shadow).toMatchObject({ days: 7, why: 'Queues move slowly', wouldHaveBuzzed: 0 });
    expect((await send('DELETE', '/api/v1/shadow?why=No%20gain', 'operations')).json()).toEqual({ v: 1 });
    const history = settingsHistorySchema.parse((await get('/api/v1/settings/history', as('viewer'))).json());
    expect(history.changes.map(({ why, shadow }) => [why, shadow?.how])).toEqual([
      ['No gain', 'ended'],
      ['Queues move slowly', 'begun'],
      [undefined, undefined],
    ]);
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  test('are made live through the same save, with its version and its reason', async () => {
    await send('POST', '/api/v1/shadow', 'operations', trial);
    const live = (payload: object) => send('POST', '/api/v1/shadow/live', 'operations', payload);
    const stale = await live({ version: 9, why: 'Better' });
    expect(stale.statusCode).toBe(409);
    expect(settingsConflictSchema.parse(stale.json()).current.version).toBe(1);
    expect((await live({ version: 1 })).json()).toMatchObject({ code: 'LOBBY_SETTINGS_UNEXPLAINED' });
    const done = await live({ version: 1, why: 'Better' });
    expect(settingsSchema.parse(done.json())).toMatchObject({ version: 2, latest: { why: 'Better' } });
    expect(readFileSync(file, 'utf8')).toBe(written.replace('180', '120'));
  });

  test('are refused to a viewer, to nobody, out of range, twice, and where there are none', async () => {
    const codes = async (reply: ReturnType<typeof send>) => {
      const { statusCode, json } = await reply;
      return [statusCode, json().code];
    };
    expect(await codes(send('POST', '/api/v1/shadow', 'viewer', trial))).toEqual([403, 'LOBBY_ROLE_MISSING']);
    expect((await get('/api/v1/shadow', {})).json()).toMatchObject({ code: 'LOBBY_TOKEN_MISSING' });
    const wide = { ...trial, set: { 'queue.waitSeconds': 5 } };
    expect(await codes(send('POST', '/api/v1/shadow', 'operations', wide))).toEqual([
      422,
      'LOBBY_SETTING_REFUSED',
    ]);
    const long = { ...trial, days: 99 };
    expect(await codes(send('POST', '/api/v1/shadow', 'operations', long))).toEqual([
      400,
      'LOBBY_REQUEST_INVALID',
    ]);
    expect(await codes(send('DELETE', '/api/v1/shadow?why=x', 'operations'))).toEqual([
      404,
      'LOBBY_SHADOW_NONE',
    ]);
    await send('POST', '/api/v1/shadow', 'operations', trial);
    expect(await codes(send('POST', '/api/v1/shadow', 'operations', trial))).toEqual([
      409,
      'LOBBY_SHADOW_RUNNING',
    ]);
    expect(await codes(send('DELETE', '/api/v1/shadow', 'operations'))).toEqual([
      422,
      'LOBBY_SETTINGS_UNEXPLAINED',
    ]);
    expect(readFileSync(file, 'utf8')).toBe(written);
  });
});
