import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AccessRole, openTokens, type Tokens } from '../../../edge/access/tokens.ts';
import { buildApp } from '../../../edge/http/app.ts';
import type { SetupParts } from '../../../edge/http/setup.ts';
import { type BranchStore, openBranchStore } from '../../../edge/settings/branch-store.ts';
import { openSetup } from '../../../edge/setup/open-setup.ts';
import { createSetup } from '../../../edge/setup/setup.ts';
import type { Branch } from '../../../src/contract/branch.ts';
import {
  plateProgressSchema,
  type SetupSave,
  setupCamerasSchema,
  setupConflictSchema,
  setupPreviewSchema,
  setupSchema,
  walkSchema,
} from '../../../src/contract/setup.ts';
import type { HealthPayload, LobbyPayload } from '../../../src/contract/topics.ts';
import { createPlates, type Plates } from '../../../src/service/setup/plates.ts';
import { ManualClock } from '../../manual-clock.ts';

const at = '2025-03-12T10:42:07.000Z';
const written = `branch: harbour # ours
cameras:
  - id: hall # above the door
    source: rtsp://user:pa,ss"@word@10.0.0.7/hall?key=geheim
    floor:
      - { pixel: [457.8, 184.5], metres: [-4, -3] }
      - { pixel: [76.3, 270], metres: [-4, 3] } # by the plant
      - { pixel: [782.6, 302], metres: [2, -3] }
      - { pixel: [464.2, 502.2], metres: [2, 1.5] }
      - { pixel: [460.5, 317.3], metres: [0, 0] }
zones:
  - { id: main-door, kind: entrance, line: [[-4.1, 0.1], [-4.1, 2.3]], inside: [-2.8, 1.2] }
  - { id: cash, kind: queue, name: { zh: 现金区, en: Cash }, polygon: [[0.3, -2.9], [1.7, -2.9], [1.7, 1], [0.3, 1]] }
thresholds:
  queue: { length: 5 } # agreed
`;
const secrets = /user|pa,ss|word@|geheim/;
const lobby: LobbyPayload = { v: 1, at, zones: [], open: [] };
const health: HealthPayload = {
  v: 1,
  state: 'ok',
  at,
  cameras: [{ id: 'hall', state: 'live', since: at, framesPerSecond: 5, places: ['main-door', 'cash'] }],
};
let folder: string;
let file: string;
let tokens: Tokens;
let store: BranchStore;
let branches: Branch[];
let plates: Plates;
let parts: SetupParts;
let app: FastifyInstance;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-setup-'));
  file = join(folder, 'branch.yaml');
  writeFileSync(file, written);
  const clock = new ManualClock(Date.parse(at) / 1000);
  tokens = openTokens({ now: () => clock.now() });
  branches = [];
  store = openBranchStore({
    file,
    folder: join(folder, 'data'),
    keepIn: 'file',
    now: () => clock.now(),
    onBranch: (branch) => branches.push(branch),
  });
  const seen = {
    state: 'live' as const,
    since: clock.now(),
    framesPerSecond: 4.96,
    dropped: 0,
    detectorErrors: 0,
    attempts: 0,
    picture: { width: 960, height: 540 },
    codec: 'h264',
  };
  plates = createPlates({ clock, note: () => undefined });
  parts = openSetup({
    store,
    lobby: { cameras: () => [{ id: 'hall', health: seen }], health: () => health } as never,
    clock,
    sourceOf: (source) => source,
    plates,
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
      settings: store,
      setup: parts,
    },
  });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const as = (role: AccessRole) => ({ authorization: `Bearer ${tokens.issue(role).text}` });
const ask = (
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  payload?: unknown,
  headers: Record<string, string> = as('installer'),
) =>
  app.inject({
    method,
    url: `/api/v1/setup${path}`,
    headers,
    ...(payload === undefined ? {} : { payload: payload as object }),
  });
const text = () => readFileSync(file, 'utf8');

/** The set-up as it is, to be changed by a page. */
async function draft(change: (draft: SetupSave) => void = () => undefined): Promise<SetupSave> {
  const { version, cameras, zones } = setupSchema.parse((await ask('GET', '')).json());
  const drawn: SetupSave = {
    version,
    why: 'The desk was moved',
    cameras: cameras.map(({ id, source, framesPerSecond, floor }) => ({
      id,
      source,
      framesPerSecond,
      floor,
    })),
    zones,
  };
  change(drawn);
  return drawn;
}

describe('The set-up over HTTP', () => {
  test('is for installers alone', async () => {
    const body = await draft();
    for (const [method, path, payload] of [
      ['GET', ''],
      ['GET', '/cameras'],
      ['PUT', '', body],
      ['POST', '/preview', { version: 1, cameras: [], zones: [] }],
      ['POST', '/back', { version: 1, to: 1 }],
      ['POST', '/cameras/try', { camera: 'hall' }],
    ] as const) {
      expect((await ask(method, path, payload, {})).statusCode, `${method} ${path}`).toBe(401);
      const reply = await ask(method, path, payload, as('operations'));
      expect(reply.statusCode, `${method} ${path}`).toBe(403);
      expect(reply.json().code).toBe('LOBBY_ROLE_MISSING');
    }
    expect(text()).toBe(written);
  });

  test('is told with its version and without logins', async () => {
    const reply = await ask('GET', '');
    const told = setupSchema.parse(reply.json());
    expect(told).toMatchObject({ version: 1, keptIn: 'file', canGoBack: false });
    expect(told.cameras[0]).toMatchObject({
      source: 'rtsp://***@10.0.0.7/hall?***',
      hasLogin: true,
      picture: { width: 960, height: 540 },
    });
    expect(told.cameras[0]!.floor).toHaveLength(5);
    expect(reply.payload).not.toMatch(secrets);
  });

  test('says of each camera how it is and what it lacks', async () => {
    const { cameras } = setupCamerasSchema.parse((await ask('GET', '/cameras')).json());
    expect(cameras).toMatchObject([
      { id: 'hall', state: 'live', framesPerSecond: 5, asked: 5, floorPoints: 5, missing: ['walk-test'] },
    ]);
  });

  test('is saved with comments, login and all the rest of the file as they were, and in force at once', async () => {
    const body = await draft(({ zones, cameras }) => {
      zones[1]!.polygon![1] = [1.4, -2.9];
      zones.push({
        id: 'desk',
        kind: 'desk',
        name: { zh: '柜台', en: 'Desk' },
        polygon: [
          [-1, -3],
          [0.1, -3],
          [0.1, -2],
        ],
      });
      cameras[0]!.floor[1]!.pixel = [76.94, 270.1];
    });
    const reply = await ask('PUT', '', body);
    expect(reply.statusCode).toBe(200);
    const now = setupSchema.parse(reply.json());
    expect(now).toMatchObject({
      version: 2,
      canGoBack: true,
      latest: { by: { role: 'installer' }, why: 'The desk was moved', changes: {} },
    });
    expect(now.latest.setup?.map(({ en }) => en)).toEqual([
      'hall: floor point 2 moved.',
      'Cash: corner 2 moved 0.3 m.',
      'New zone Desk.',
    ]);
    expect(text()).toBe(
      written
        .replace('[76.3, 270]', '[76.9, 270.1]')
        .replace('[1.7, -2.9]', '[1.4, -2.9]')
        .replace(
          'thresholds:',
          '  - { id: desk, kind: desk, name: { zh: 柜台, en: Desk }, polygon: [[-1, -3], [0.1, -3], [0.1, -2]] }\nthresholds:',
        ),
    );
    expect(branches.at(-1)?.zones.map(({ zone }) => zone.id)).toEqual(['main-door', 'cash', 'desk']);
    expect(reply.payload).not.toMatch(secrets);
  });

  test('takes a camera in with its login, and tells the login to nobody', async () => {
    const body = await draft(({ cameras }) =>
      cameras.push({
        id: 'side',
        source: 'rtsp://10.0.0.8/a',
        login: { user: 'lo by', password: 'p@ss/w' },
        framesPerSecond: 5,
        floor: [],
      }),
    );
    const preview = await ask('POST', '/preview', { version: 1, cameras: body.cameras, zones: body.zones });
    expect(setupPreviewSchema.parse(preview.json()).diff).toContain('+    source: "rtsp://***@10.0.0.8/a"');
    expect(preview.payload).not.toMatch(/p@ss|p%40ss|lo by|lo%20by/);
    expect((await ask('PUT', '', body)).statusCode).toBe(200);
    expect(branches.at(-1)?.cameras[1]).toMatchObject({ source: 'rtsp://lo%20by:p%40ss%2Fw@10.0.0.8/a' });
    const told = await ask('GET', '');
    expect(setupSchema.parse(told.json()).cameras[1]).toMatchObject({
      source: 'rtsp://***@10.0.0.8/a',
      hasLogin: true,
    });
    expect(told.payload).not.toMatch(/p@ss|p%40ss/);
  });

  test('sends a login that was saved to no other machine', async () => {
    const body = await draft(({ cameras }) => {
      cameras[0]!.source = 'rtsp://10.6.6.6/hall';
    });
    expect((await ask('PUT', '', body)).statusCode).toBe(200);
    expect(branches.at(-1)?.cameras[0]?.source).toBe('rtsp://10.6.6.6/hall');
    // Control: as it was told it keeps it.
    expect((await ask('POST', '/back', { version: 2, to: 1, why: 'wrong machine' })).statusCode).toBe(200);
    expect(branches.at(-1)?.cameras[0]?.source).toContain('pa,ss"@word@10.0.0.7');
  });

  test('goes back after a restart without writing a login as it is kept: what is still there has its own', async () => {
    const moved = await draft(({ cameras }) =>
      Object.assign(cameras[0]!, {
        source: 'rtsp://10.0.0.9/hall',
        login: { user: 'me', password: 'newer' },
      }),
    );
    expect((await ask('PUT', '', moved)).statusCode).toBe(200);
    const zoned = await draft(({ zones }) => void Object.assign(zones[1]!, { places: 2 }));
    expect((await ask('PUT', '', zoned)).statusCode).toBe(200);
    const again = openBranchStore({ file, folder: join(folder, 'data'), keepIn: 'file', now: () => 0 });
    const setup = createSetup({ store: again, pictures: () => new Map() });
    const by = { kind: 'token', role: 'installer', token: 'k3f9aa' } as const;

    setup.goBack({ version: 3, to: 2, why: 'one place' }, by);
    expect(text()).toContain('rtsp://me:newer@10.0.0.9/hall');
    const change = setup.goBack({ version: 4, to: 1, why: 'the old machine' }, by);
    expect(change.setup?.map(({ en }) => en)).toContain('Login of hall was not kept: type it anew.');
    expect(text()).toContain('rtsp://10.0.0.7/hall');
    expect(text()).not.toMatch(/\*\*\*|newer|geheim/);
  });

  test.each([
    ['a path of this machine', '/etc/passwd'],
    ['a file by its address', 'file:///etc/passwd'],
    ['a list of files', 'concat:/etc/passwd'],
    ['a login within', 'rtsp://me:secret@10.0.0.9/a'],
    ['another protocol', 'gopher://10.0.0.9/a'],
    ['stars for a login', 'rtsp://***@10.0.0.9/a'],
  ])('takes no address that is %s, to save or to try', async (_, source) => {
    const body = await draft(({ cameras }) =>
      cameras.push({ id: 'side', source, framesPerSecond: 5, floor: [] }),
    );
    const reply = await ask('PUT', '', body);
    expect(reply.statusCode).toBe(422);
    expect(reply.json()).toMatchObject({
      code: 'LOBBY_SETUP_REFUSED',
      details: { path: 'cameras.1.source' },
    });
    const tried = await ask('POST', '/cameras/try', { source });
    expect([tried.statusCode, tried.json().code]).toEqual([422, 'LOBBY_TRY_REFUSED']);
    expect(text()).toBe(written);
  });

  test('is undone to the byte, and thresholds stay as they are meanwhile', async () => {
    const body = await draft(({ zones }) => void zones.splice(1, 1));
    expect((await ask('PUT', '', body)).statusCode).toBe(200);
    store.save({
      version: 2,
      changes: { 'queue.length': 7 },
      why: 'pension day',
      by: { kind: 'token', role: 'operations', token: 'k3f9aa' },
    });
    const reply = await ask('POST', '/back', { version: 3, to: 1, why: 'the zone is needed' });
    expect(reply.json()).toMatchObject({ version: 4, latest: { setup: [{ en: 'New zone Cash.' }] } });
    expect(text()).toBe(written.replace('length: 5', 'length: 7'));
    expect((await ask('POST', '/back', { version: 4, to: 99, why: 'x' })).json().code).toBe(
      'LOBBY_SETUP_FORGOTTEN',
    );
  });

  test('tells whoever saves second who was first and what is so now, and overwrites nothing', async () => {
    const [mine, theirs] = [
      await draft(),
      await draft(({ zones }) => void Object.assign(zones[1]!, { places: 2 })),
    ];
    expect((await ask('PUT', '', theirs)).statusCode).toBe(200);
    mine.zones[1]!.places = 3;
    const reply = await ask('PUT', '', mine);
    expect(reply.statusCode).toBe(409);
    const conflict = setupConflictSchema.parse(reply.json());
    expect(conflict).toMatchObject({ code: 'LOBBY_SETTINGS_STALE', current: { version: 2 } });
    expect(conflict.since.map(({ setup }) => setup?.[0]?.en)).toEqual([
      'Cash: serves 2 at once instead of 1.',
    ]);
    expect(conflict.current.zones[1]!.places).toBe(2);
    expect(reply.payload).not.toMatch(secrets);
    // On the version there is now, it is saved.
    expect((await ask('PUT', '', { ...mine, version: 2 })).statusCode).toBe(200);
  });

  test.each<[string, string, (draft: SetupSave) => void]>([
    [
      'a zone that crosses itself',
      'zones.1.polygon',
      ({ zones }) => void zones[1]!.polygon!.splice(0, 2, [1.7, -2.9], [0.3, -2.9]),
    ],
    ['three floor points', 'cameras.0.floor', ({ cameras }) => void cameras[0]!.floor.splice(3)],
    [
      'points in a line',
      'cameras.0.floor',
      ({ cameras }) => {
        for (const [i, pair] of cameras[0]!.floor.entries()) pair.pixel = [i * 10, i * 5];
      },
    ],
    [
      'a name too long for a wrist',
      'zones.1.name',
      ({ zones }) => void Object.assign(zones[1]!, { name: { zh: '现金', en: 'Cash windows' } }),
    ],
    ['no camera', 'cameras', ({ cameras }) => void cameras.splice(0)],
    ['an entrance without a line', 'zones.0.line', ({ zones }) => void delete zones[0]!.line],
    ['two of one name', 'zones.2.id', ({ zones }) => void zones.push({ ...zones[1]! })],
    ['the name of the hall', 'zones.1.id', ({ zones }) => void Object.assign(zones[1]!, { id: 'hall' })],
    [
      'places where nobody is served',
      'the set-up',
      ({ zones }) =>
        void zones.push({
          id: 'vip',
          kind: 'vip',
          polygon: [
            [-1, -3],
            [0.1, -3],
            [0.1, -2],
          ],
          places: 2,
        }),
    ],
  ])('is refused with %s, by its place in the draft', async (_, path, change) => {
    const body = await draft(change);
    const reply = await ask('PUT', '', body);
    expect(reply.statusCode).toBe(422);
    expect(reply.json()).toMatchObject({ code: 'LOBBY_SETUP_REFUSED', details: { path } });
    expect(text()).toBe(written);
    const preview = setupPreviewSchema.parse(
      (await ask('POST', '/preview', { version: 1, cameras: body.cameras, zones: body.zones })).json(),
    );
    expect(preview.errors.length).toBeGreaterThan(0);
    expect(preview.errors[0]!.say.zh).not.toBe('');
  });

  test('says why it is not saved without a reason, with nothing new, or as something else', async () => {
    const body = await draft(({ zones }) => void Object.assign(zones[1]!, { places: 2 }));
    expect((await ask('PUT', '', { ...body, why: ' ' })).json().code).toBe('LOBBY_SETTINGS_UNEXPLAINED');
    expect((await ask('PUT', '', await draft())).json().code).toBe('LOBBY_SETTINGS_UNCHANGED');
    expect((await ask('PUT', '', { ...body, more: 1 })).statusCode).toBe(400);
    expect((await ask('PUT', '', { version: 1 })).statusCode).toBe(400);
    expect(
      (await ask('PUT', '', { ...body, zones: Array.from({ length: 65 }, () => body.zones[1]) })).statusCode,
    ).toBe(400);
    const tooMuch = await app.inject({
      method: 'PUT',
      url: '/api/v1/setup',
      headers: { ...as('installer'), 'content-type': 'application/json' },
      payload: `{"why":"${'x'.repeat(600_000)}"}`,
    });
    expect(tooMuch.statusCode).toBe(413);
  });

  test('is previewed without a change: words, file, errors and warnings', async () => {
    const { version, cameras, zones } = await draft((drawn) => {
      drawn.zones.push({
        id: 'vip',
        kind: 'vip',
        polygon: [
          [1, 0],
          [2.5, 0],
          [2.5, 0.9],
          [1, 0.9],
        ],
      });
      drawn.cameras[0]!.floor.pop();
    });
    const reply = await ask('POST', '/preview', { version, cameras, zones });
    const preview = setupPreviewSchema.parse(reply.json());
    expect(preview.changes.map(({ en }) => en)).toEqual([
      'Floor of hall: 4 points instead of 5.',
      'New zone VIP.',
    ]);
    expect(preview.warnings.map(({ say }) => say.en)).toEqual([
      'hall: four points always fit: add one to check.',
      'Cash and VIP overlap by 0.6 m²: people there count for Cash.',
    ]);
    expect(preview.diff).toContain('-      - { pixel: [460.5, 317.3], metres: [0, 0] }');
    expect(reply.payload).not.toMatch(secrets);
    expect(text()).toBe(written);
  });

  test('shows the empty lobby to installers, as a picture with nothing where nothing was seen empty', async () => {
    expect((await ask('GET', '/cameras/hall/plate')).json().code).toBe('LOBBY_PLATE_NONE');
    expect((await ask('POST', '/cameras/attic/plate')).json().code).toBe('LOBBY_CAMERA_UNKNOWN');
    expect((await ask('POST', '/cameras/hall/plate', undefined, as('operations'))).statusCode).toBe(403);
    expect((await ask('GET', '/cameras/hall/plate/progress')).json().phase).toBe('off');
    expect((await ask('POST', '/cameras/hall/plate')).json()).toMatchObject({ phase: 'waiting', ready: 0 });
    const rgb = new Uint8Array(64 * 48 * 3).fill(90);
    for (let second = 0; second < 30; second++) {
      const frame = {
        at: second,
        camera: { width: 64, height: 48 },
        input: { width: 64, height: 48 },
        fit: { scaleX: 1, scaleY: 1, padLeft: 0, padTop: 0 },
        rgb,
      };
      const box = { left: 20, top: 10, right: 30, bottom: 40 };
      plates.look('hall', frame, [{ box, score: 0.9 }]);
    }
    const progress = plateProgressSchema.parse((await ask('GET', '/cameras/hall/plate/progress')).json());
    expect(progress).toMatchObject({ phase: 'building', picture: { width: 64 }, plate: { width: 64 } });
    expect(progress.cells!.mask).toMatch(/^(?=.*0)(?=.*1)[01]{20}$/);
    const picture = await ask('GET', '/cameras/hall/plate?r=3');
    expect(picture.headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'no-store' });
    expect(picture.rawPayload.subarray(1, 4).toString()).toBe('PNG');
    expect((await ask('GET', '/cameras/hall/plate', undefined, as('viewer'))).statusCode).toBe(403);
    const gone = await app.inject({
      method: 'DELETE',
      url: '/api/v1/setup/cameras/hall/plate',
      headers: as('installer'),
    });
    expect(gone.statusCode).toBe(204);
    expect((await ask('GET', '/cameras/hall/plate')).statusCode).toBe(404);
  });

  test('has its lobby walked: started, misses noted, accepted with a name', async () => {
    const miss = { door: 'main-door', direction: 'in' };
    expect((await ask('POST', '/walk/miss', miss)).json().code).toBe('LOBBY_WALK_NONE');
    expect(walkSchema.parse((await ask('POST', '/walk')).json()).phase).toBe('walking');
    expect((await ask('POST', '/walk/miss', miss)).json().doors).toMatchObject([{ missedIn: 1 }]);
    expect((await ask('POST', '/walk/miss', { ...miss, door: 'attic' })).statusCode).toBe(422);
    expect((await ask('POST', '/walk/verdict', { verdict: 'accepted', name: ' ' })).statusCode).toBe(400);
    const accepted = await ask('POST', '/walk/verdict', { verdict: 'accepted', name: 'Li Wei' });
    expect(accepted.json().phase).toBe('accepted');
    const { cameras } = setupCamerasSchema.parse((await ask('GET', '/cameras')).json());
    expect(cameras[0]).toMatchObject({ missing: [], walked: { missed: 1 } });
    expect((await ask('GET', '/walk', undefined, as('operations'))).statusCode).toBe(403);
  });

  test('tries one address at a time', async () => {
    const gone = new AbortController();
    const first = parts.tryCamera({ source: 'rtsp://192.0.2.1/a', framesPerSecond: 5 }, gone.signal);
    const second = await ask('POST', '/cameras/try', { camera: 'hall' });
    expect([second.statusCode, second.json().code]).toEqual([429, 'LOBBY_TRY_BUSY']);
    gone.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    const unknown = await ask('POST', '/cameras/try', { camera: 'attic' });
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'LOBBY_CAMERA_UNKNOWN']);
  });
});
