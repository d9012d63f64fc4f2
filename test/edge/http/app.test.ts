import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Counter, Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AppOptions, buildApp } from '../../../edge/http/app.ts';
import { startServer } from '../../../edge/http/server.ts';
import { describeWire } from '../../../src/contract/asyncapi.ts';
import type { HealthPayload, LobbyPayload } from '../../../src/contract/topics.ts';
import { ManualClock } from '../../manual-clock.ts';

const at = '2025-03-12T10:42:07.000Z';
let folder: string;
let health: HealthPayload;
let lobby: LobbyPayload;
let broken: unknown[];
let options: AppOptions;
let app: FastifyInstance;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobby-pages-'));
  health = { v: 1, state: 'ok', at, cameras: [] };
  lobby = { v: 1, at, inLobby: 3, toGreet: 1, inQueue: 0, staffSeen: 1, zones: [], open: [] };
  broken = [];
  const metrics = new Registry();
  new Counter({ name: 'lobby_prompts_total', help: 'Prompts raised', registers: [metrics] }).inc(2);
  options = {
    branch: 'harbour',
    places: [{ id: 'main-door', name: { zh: '门口', en: 'Door' } }],
    health: () => health,
    lobby: () => lobby,
    metrics,
    clock: new ManualClock(Date.parse(at) / 1000),
    pagesFolder: join(folder, 'pages'),
    onBroken: (error) => broken.push(error),
  };
  app = await buildApp(options);
});

afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const get = (url: string) => app.inject({ method: 'GET', url });

async function buildPages(): Promise<void> {
  await mkdir(join(folder, 'pages', 'watch'), { recursive: true });
  await mkdir(join(folder, 'pages', 'assets'));
  await mkdir(join(folder, 'pages', 'console'));
  await writeFile(join(folder, 'pages', 'console', 'index.html'), '<p>console');
  await writeFile(join(folder, 'pages', 'watch', 'index.html'), '<p>watch');
  await writeFile(join(folder, 'pages', 'assets', 'watch-abc.js'), '1');
}

describe('health', () => {
  test.each([
    ['ok', 200],
    ['partly-blind', 200],
    ['starting', 503],
    ['blind', 503],
    ['gone', 503],
  ] as const)('%s is answered with %i, and with the whole state either way', async (state, status) => {
    health = { ...health, state };
    const reply = await get('/api/v1/health');
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toEqual(health);
    expect(reply.headers['cache-control']).toBe('no-store');
  });
});

describe('what pages and programs read', () => {
  test('the lobby at a glance', async () => {
    expect((await get('/api/v1/lobby')).json()).toEqual(lobby);
  });

  test('the branch, its places, where MQTT is, and the time of the box', async () => {
    expect((await get('/api/v1/branch')).json()).toEqual({
      v: 1,
      branch: 'harbour',
      at,
      places: [{ id: 'main-door', name: { zh: '门口', en: 'Door' } }],
      broker: { path: '/mqtt' },
    });
  });

  test('a field no schema names does not leave: the reply fails instead, in our words, and is told', async () => {
    lobby = { ...lobby, customer: 'somebody' } as LobbyPayload;
    const reply = await get('/api/v1/lobby');
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toMatchObject({ code: 'LOBBY_BROKEN' });
    expect(reply.body).not.toContain('customer');
    expect(broken).toHaveLength(1);
  });

  test('metrics are for Prometheus', async () => {
    const reply = await get('/metrics');
    expect(reply.headers['content-type']).toContain('text/plain');
    expect(reply.body).toContain('lobby_prompts_total 2');
  });

  test('the description names every address under /api and its replies', async () => {
    const description = (await get('/openapi.json')).json();
    expect(Object.keys(description.paths)).toEqual([
      '/api/v1/health',
      '/api/v1/lobby',
      '/api/v1/branch',
      '/api/v1/asyncapi.json',
    ]);
    for (const { get: operation } of Object.values<{ get: { responses: object } }>(description.paths)) {
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', '429', '500']));
    }
    const reply = description.paths['/api/v1/lobby'].get.responses['200'].content['application/json'].schema;
    expect(reply.properties).toHaveProperty('toGreet');
    expect(reply.additionalProperties).toBe(false);
  });

  test('what travels by MQTT is described with the topics of this branch', async () => {
    const reply = await get('/api/v1/asyncapi.json');
    expect(reply.headers['content-type']).toContain('application/json');
    expect(reply.json()).toEqual(describeWire('harbour'));
    expect(reply.json().channels.prompt.address).toBe('lobby/v1/harbour/prompt');
  });
});

describe('refusals', () => {
  test('an unknown address has a code, a sentence and a remedy', async () => {
    const reply = await get('/api/v1/faces');
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toEqual({
      code: 'LOBBY_NOT_FOUND',
      message: 'Cannot find what was asked for: there is nothing at this address',
      remedy: 'See /openapi.json for what there is.',
    });
  });

  test('an address that is none is refused in our words, and is not repeated', async () => {
    const reply = await get('/api/v1/%/faces');
    expect(reply.statusCode).toBe(400);
    expect(Object.keys(reply.json())).toEqual(['code', 'message', 'remedy']);
    expect(reply.body).not.toContain('faces');
  });

  test('the 601st question of a minute is too many', async () => {
    for (let asked = 0; asked < 600; asked += 1) expect((await get('/api/v1/branch')).statusCode).toBe(200);
    const reply = await get('/api/v1/branch');
    expect(reply.statusCode).toBe(429);
    expect(reply.json()).toMatchObject({ code: 'LOBBY_TOO_MANY_REQUESTS' });
  });

  test('a body over 16 KB is not taken in', async () => {
    app.post('/echo', () => 'taken');
    const reply = await app.inject({
      method: 'POST',
      url: '/echo',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify('x'.repeat(17_000)),
    });
    expect(reply.statusCode).toBe(413);
    expect(reply.json()).toMatchObject({ code: 'LOBBY_REQUEST_TOO_LARGE' });
  });
});

describe('pages', () => {
  test('before they are built, every page says how to build them, and the data is there all the same', async () => {
    for (const url of ['/', '/watch', '/watch?lang=zh']) {
      const reply = await get(url);
      expect(reply.statusCode).toBe(503);
      expect(reply.body).toBe(
        'Cannot serve the pages: they have not been built.\nRun `npm run build` once, or start with `npm start`.\nLOBBY_PAGES_MISSING\n',
      );
    }
    expect((await get('/api/v1/lobby')).statusCode).toBe(200);
  });

  test('built while the service runs, they are served without a restart', async () => {
    await buildPages();
    for (const url of ['/', '/?lang=zh', '/live', '/journal/k3f9-12']) {
      expect((await get(url)).body).toBe('<p>console');
    }
    for (const url of ['/watch', '/watch/', '/watch?lang=en&role=deputy']) {
      const reply = await get(url);
      expect(reply.body).toBe('<p>watch');
      expect(reply.headers['cache-control']).toBe('no-cache');
    }
    expect((await get('/assets/watch-abc.js')).headers['cache-control']).toContain('immutable');
    expect((await get('/assets/none.js')).statusCode).toBe(404);
    expect((await get('/../package.json')).statusCode).toBe(404);
    expect((await get('/%2e%2e/package.json')).statusCode).toBeGreaterThanOrEqual(400);
  });

  test('a page may load and reach nothing but its own box and a broker, and be framed by nobody', async () => {
    await buildPages();
    const { headers } = await get('/watch');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';manifest-src 'self';connect-src 'self' ws: wss:;base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });
});

describe('listening', () => {
  test('a port in use is named with the option that changes it', async () => {
    const first = await startServer({ ...options, port: 0 });
    try {
      expect(await (await fetch(`${first.url}/api/v1/branch`)).json()).toMatchObject({ branch: 'harbour' });
      await expect(startServer({ ...options, port: first.port })).rejects.toMatchObject({
        code: 'LOBBY_PORT_IN_USE',
        remedy: 'End the other program, or choose another with --port (0 takes any free one).',
      });
    } finally {
      await first.close();
    }
  });
});
