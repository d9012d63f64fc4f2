import { LobbyError } from '../../src/contract/errors.ts';
import { settingsSchema } from '../../src/contract/settings.ts';
import { replyTo } from './replies.ts';

/** Examples of one operation, for the document of the API. */
export interface OperationExamples {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly request?: unknown;
  /** By status; a refusal that is not here gets the usual one of its status. */
  readonly replies?: Readonly<Record<number, unknown>>;
}

const refused = (...[code, details]: ConstructorParameters<typeof LobbyError>) =>
  replyTo(new LobbyError(code, details)).trouble;

const at = '2026-11-24T10:42:04.000Z';
const door = { id: 'main-door', kind: 'entrance', name: { zh: '门口', en: 'Door' } };
const cash = { id: 'cash', kind: 'queue', name: { zh: '现金区', en: 'Cash' } };
const page = { v: 1, camera: 'door', framesPerSecond: 5, model: 'present' };
const session = { role: 'operations', token: 'k3f9aa' };
const health = {
  v: 1,
  state: 'ok',
  at,
  cameras: [
    {
      id: 'hall',
      state: 'live',
      since: '2026-11-24T08:00:01.512Z',
      framesPerSecond: 5,
      places: ['main-door', 'cash'],
    },
  ],
  bankOrders: { taken: 3, refused: { 'wrong-signature': 1 }, lastRefusedAt: '2026-11-24T09:12:40.000Z' },
  version: '0.1.0',
};
const change = {
  v: 1,
  version: 42,
  at: '2026-11-24T10:41:07.000Z',
  by: { kind: 'token', ...session },
  why: 'Two windows are closed this week',
  changes: { 'queue.waitSeconds': { from: 180, to: 120 } },
};
/** As its schema shows it. */
const [settings] = (settingsSchema.meta()?.examples ?? []) as readonly object[];
const prompt = '01KAT5Y5G0QK3F9AAB7M2N8XYZ';
const kept = { keptDays: 30, begins: '2026-10-26T08:00:00.000Z' };
const notKept = refused('LOBBY_JOURNAL_NOT_KEPT');

const figuresAsked = {
  day: '2026-11-24',
  from: '2026-11-18',
  to: '2026-11-24',
  compare: 'same-weekday',
  short: 'in',
};
const shortFigures = {
  contact: {
    came: 148,
    inTime: 131,
    met: 142,
    neverMet: 6,
    medianSeconds: 11.2,
    p90Seconds: 28.4,
    short: 4,
    blind: 2,
    sql: 'SELECT count(*) FROM stays WHERE arrivedAt >= $1 AND arrivedAt < $2',
  },
  queues: [{ zone: 'cash', waits: 88, gaveUp: 3, medianSeconds: 190, p90Seconds: 420 }],
  load: { watches: 2, buzzes: 61, meanInTenMinutes: 1.1, mostInTenMinutes: 5, sql: 'SELECT …' },
  unseen: {
    seconds: 120,
    zones: [
      {
        zone: 'main-door',
        seconds: 120,
        spans: [{ from: '2026-11-24T10:38:00.000Z', to: '2026-11-24T10:40:00.000Z' }],
      },
    ],
    sql: 'SELECT …',
  },
  latency: { prompts: 61, p50Seconds: 0.41, p95Seconds: 0.68, sql: 'SELECT …' },
  prompts: {
    raised: 61,
    ends: [{ end: 'met', prompts: 52, withoutTap: 17 }],
    passedOn: 3,
    sql: 'SELECT …',
  },
};
const compared = {
  outcome: 'as-chance',
  p: 0.41,
  groups: [{ group: 'main-door', visits: 148, medianSeconds: 11.2 }],
  tooFew: [],
  later: [],
  sooner: [],
};
const figures = {
  v: 1,
  branch: 'harbour',
  from: '2026-11-24',
  to: '2026-11-24',
  begins: '2026-11-23T16:00:00.000Z',
  ends: '2026-11-24T16:00:00.000Z',
  at,
  isOver: false,
  hasLines: true,
  timezone: 'Asia/Shanghai',
  targetSeconds: 30,
  mostInTenMinutes: 6,
  withoutShort: false,
  ...shortFigures,
  curve: {
    points: [
      { seconds: 10, met: 70 },
      { seconds: 30, met: 131 },
    ],
    sql: 'SELECT …',
  },
  hours: {
    waits: [
      {
        zone: 'cash',
        hour: 10,
        waits: 21,
        medianSeconds: 190,
        p90Seconds: 420,
        meanWaiting: 3.2,
        mostWaiting: 7,
        seenMinutes: 58,
        blindMinutes: 2,
      },
    ],
    arrivals: [{ door: 'main-door', hour: 10, came: 31 }],
    waitsSql: 'SELECT …',
    arrivalsSql: 'SELECT …',
    queuesSql: 'SELECT …',
  },
  heat: {
    cellMetres: 0.5,
    cells: [{ x: 1.25, y: -1.75, role: 'customers', personMinutes: 41.5 }],
    hidden: 12,
    sql: 'SELECT …',
  },
  changes: [
    {
      at: '2026-11-24T10:30:00.000Z',
      version: 41,
      by: 'operations',
      keys: [{ path: 'wandering.afterSeconds' }],
    },
  ],
  equal: { visits: 148, parties: 131, doors: compared, hours: { ...compared, groups: [] }, sql: 'SELECT …' },
  unrecorded: [],
  before: { from: '2026-11-17', to: '2026-11-17', until: '2026-11-17T10:42:04.000Z', ...shortFigures },
};

const whatIf = {
  v: 1,
  id: 'w-7f3a',
  state: 'running',
  version: 42,
  from: '2026-11-16',
  to: '2026-11-22',
  set: { 'queue.waitSeconds': 240 },
  progress: { doneTo: '2026-11-17', daysDone: 2, daysLeft: 5 },
  step: 2,
};
const hallCamera = {
  id: 'hall',
  source: 'rtsp://10.0.0.5/hall',
  framesPerSecond: 5,
  floor: [
    { pixel: [469.9, 264.7], metres: [-3.5, -2.5] },
    { pixel: [674, 325.3], metres: [3, -2.5] },
    { pixel: [502.7, 445.7], metres: [3, 2.5] },
    { pixel: [315, 299.5], metres: [-3.5, 2.5] },
    { pixel: [480.4, 322.2], metres: [0, 0] },
  ],
};
const drawnZones = [
  {
    id: 'main-door',
    kind: 'entrance',
    line: [
      [-5.2, 1],
      [-5.2, 3.4],
    ],
    inside: [-3.2, 2.2],
  },
];
const draft = { version: 41, cameras: [hallCamera], zones: drawnZones };
const plateProgress = {
  v: 1,
  phase: 'building',
  ready: 0.82,
  picture: { width: 1920, height: 1080 },
  plate: { width: 640, height: 360 },
  revision: 12,
  endsAt: '2026-11-24T11:00:00.000Z',
  blind: false,
};

const walk = {
  v: 1,
  phase: 'walking',
  at: '2026-11-24T10:01:40.000Z',
  startedAt: '2026-11-24T10:00:00.000Z',
  version: 42,
  goal: 10,
  doors: [{ id: 'main-door', in: 7, out: 6, missedIn: 1, missedOut: 0 }],
  crossings: [{ at: '2026-11-24T10:01:38.000Z', door: 'main-door', direction: 'in', counted: true }],
  zones: [],
};

const setup = {
  v: 1,
  version: 42,
  latest: change,
  keptIn: 'file',
  cameras: [{ ...hallCamera, hasLogin: true, picture: { width: 1920, height: 1080 } }],
  zones: drawnZones,
  canGoBack: true,
};

/**
 * What the document shows of each operation: checked against its schema by a test, which also names what is missing.
 */
export const examples: Readonly<Record<string, OperationExamples>> = {
  'GET /api/v1/health': {
    replies: {
      200: health,
      503: {
        ...health,
        state: 'blind',
        cameras: [
          {
            id: 'hall',
            state: 'lost',
            since: '2026-11-24T10:41:50.000Z',
            framesPerSecond: 0,
            places: ['main-door', 'cash'],
            trouble: {
              code: 'LOBBY_CAMERA_SILENT',
              message: 'No frame from hall for 12 s',
              remedy: 'Check power and network. The service tries again by itself.',
            },
          },
        ],
      },
    },
  },
  'GET /api/v1/lobby': {
    replies: {
      200: {
        v: 1,
        at,
        inLobby: 12,
        toGreet: 2,
        inQueue: 5,
        staffSeen: 2,
        onDuty: 2,
        zones: [
          { ...door, people: 2 },
          { ...cash, people: 5, waiting: 5, longestWaitSeconds: 130, expectedWaitSeconds: 250 },
        ],
        open: [],
      },
    },
  },
  'GET /api/v1/branch': {
    replies: {
      200: {
        v: 1,
        branch: 'harbour',
        at,
        places: [{ id: 'main-door', name: door.name }],
        broker: { path: '/mqtt' },
      },
    },
  },
  'GET /api/v1/asyncapi.json': {
    replies: { 200: { asyncapi: '3.0.0', info: { title: 'lobby-sense', version: '1' } } },
  },
  'POST /api/v1/session': {
    request: { token: 'lobby-5f0c…' },
    replies: { 200: session },
  },
  'GET /api/v1/session': { replies: { 200: session } },
  'DELETE /api/v1/session': {},
  'POST /api/v1/camera/codes': {
    request: { camera: 'door' },
    replies: {
      200: { v: 1, camera: 'door', code: 'k7mx2pqa', seconds: 600 },
      404: refused('LOBBY_PAIRING_CAMERA', { camera: 'door' }),
    },
  },
  'POST /api/v1/camera/pairing': {
    request: { code: 'k7mx-2pqa' },
    replies: {
      200: page,
      403: refused('LOBBY_CODE_WRONG'),
      404: refused('LOBBY_PAIRING_CAMERA', { camera: 'door' }),
    },
  },
  'GET /api/v1/camera': {
    replies: {
      200: page,
      401: refused('LOBBY_PAGE_UNPAIRED'),
      404: refused('LOBBY_PAIRING_CAMERA', { camera: 'door' }),
    },
  },
  'DELETE /api/v1/camera/pairing': { replies: { 401: refused('LOBBY_PAGE_UNPAIRED') } },
  'GET /api/v1/camera/model': {
    replies: {
      200: '(9.4 MB)',
      401: refused('LOBBY_PAGE_UNPAIRED'),
      503: refused('LOBBY_PAGE_WITHOUT_MODEL', { camera: 'door' }),
    },
  },
  'GET /api/v1/plan': {
    replies: {
      200: {
        v: 1,
        branch: 'harbour',
        targetSeconds: 30,
        timezone: 'Asia/Shanghai',
        mostInTenMinutes: 6,
        zones: [
          {
            ...door,
            line: [
              [-5.2, 1],
              [-5.2, 3.4],
            ],
            inside: [-3.2, 2.2],
          },
          {
            ...cash,
            polygon: [
              [0.25, -3.2],
              [2.75, -3.2],
              [2.75, 1],
              [0.25, 1],
            ],
          },
        ],
      },
    },
  },
  'GET /api/v1/minutes': {
    replies: {
      200: {
        v: 1,
        minutes: [
          {
            at: '2026-11-24T10:42:00.000Z',
            arrived: 2,
            prompts: 1,
            met: 1,
            silences: 0,
            zones: { cash: 5 },
            blind: [],
          },
        ],
        doors: { 'main-door': { in: 148, out: 136 } },
      },
    },
  },
  'GET /api/v1/live': {
    replies: {
      200: `event: floor\ndata: {"v":1,"at":"${at}","people":[{"visit":"k3f9-12","x":-4.6,"y":1.8,"standing":"to-greet","forSeconds":3}]}\n\n`,
      429: refused('LOBBY_TOO_MANY_STREAMS', { most: 16 }),
    },
  },
  'PUT /api/v1/settings': {
    request: { version: 41, changes: { 'queue.waitSeconds': 120 }, why: 'Two windows are closed this week' },
    replies: {
      409: {
        ...refused('LOBBY_SETTINGS_STALE', { who: 'operations', version: 42, asked: 41 }),
        details: undefined,
        current: settings,
        since: [change],
      },
      422: refused('LOBBY_SETTING_REFUSED', {
        path: 'queue.waitSeconds',
        wanted: 'from 10 to 3600 s',
        value: '5',
        least: 10,
        most: 3600,
      }),
      503: refused('LOBBY_SETTINGS_UNWRITABLE', { file: 'branch.yaml', reason: 'EROFS' }),
    },
  },
  'GET /api/v1/settings/history': {
    parameters: { before: 42 },
    replies: { 200: { v: 1, changes: [change], more: false } },
  },
  'DELETE /api/v1/shadow': { parameters: { why: 'Seen enough' } },
  'POST /api/v1/shadow/live': { request: { version: 42, why: 'A week without a wrong prompt' } },
  'GET /api/v1/what-if/days': { replies: { 200: { v: 1, days: [{ day: '2026-11-22', lines: 48_312 }] } } },
  'POST /api/v1/what-if': {
    replies: {
      202: { ...whatIf, state: 'waiting', progress: { daysDone: 0, daysLeft: 7 }, step: 0 },
      409: refused('LOBBY_WHAT_IF_STALE', { asked: 41, version: 42 }),
      422: refused('LOBBY_WHAT_IF_PERIOD', { from: '2026-11-22', to: '2026-11-16', most: 31 }),
    },
  },
  'POST /api/v1/what-if/suggest': {
    replies: {
      202: { ...whatIf, set: undefined, state: 'waiting', progress: { daysDone: 0, daysLeft: 7 }, step: 0 },
      409: refused('LOBBY_WHAT_IF_STALE', { asked: 41, version: 42 }),
      422: refused('LOBBY_WHAT_IF_PERIOD', { from: '2026-11-22', to: '2026-11-16', most: 31 }),
    },
  },
  'GET /api/v1/what-if/scenes': {
    parameters: { at },
    replies: {
      200: { v: 1, scenes: [{ at, people: [{ visit: 'k3f9-12', role: 'customer', x: -4.5, y: 1.75 }] }] },
      409: refused('LOBBY_WHAT_IF_NO_JOURNAL'),
    },
  },
  'GET /api/v1/what-if/{id}': {
    parameters: { id: whatIf.id, have: 1 },
    replies: { 200: whatIf, 404: refused('LOBBY_WHAT_IF_UNKNOWN') },
  },
  'DELETE /api/v1/what-if/{id}': {
    parameters: { id: whatIf.id },
    replies: { 404: refused('LOBBY_WHAT_IF_UNKNOWN') },
  },
  'GET /api/v1/setup': { replies: { 200: setup } },
  'PUT /api/v1/setup': {
    request: { ...draft, why: 'The hall has a fifth point' },
    replies: {
      200: setup,
      422: refused('LOBBY_SETUP_REFUSED', { path: 'zones.0.inside', problem: 'it lies on the line' }),
    },
  },
  'POST /api/v1/setup/back': {
    request: { version: 42, to: 41, why: 'The camera was turned back' },
    replies: { 200: setup, 422: refused('LOBBY_SETUP_FORGOTTEN', { version: 41 }) },
  },
  'POST /api/v1/setup/preview': {
    request: draft,
    replies: {
      200: {
        v: 1,
        version: 41,
        changes: [{ zh: 'hall：地面点 5 个，原来 4 个', en: 'hall: floor points 5, were 4' }],
        diff: '@@ -6,6 +6,7 @@\n',
        errors: [],
        warnings: [],
      },
    },
  },
  'GET /api/v1/setup/cameras': {
    replies: {
      200: {
        v: 1,
        at,
        cameras: [
          {
            id: 'hall',
            source: hallCamera.source,
            state: 'live',
            since: '2026-11-24T08:00:01.512Z',
            picture: { width: 1920, height: 1080 },
            codec: 'h264',
            framesPerSecond: 5,
            asked: 5,
            floorPoints: 5,
            zones: ['main-door'],
            missing: ['walk-test'],
          },
        ],
      },
    },
  },
  'POST /api/v1/setup/cameras/try': {
    request: { source: 'rtsp://10.0.0.6/door', login: { user: 'viewer', password: '…' }, framesPerSecond: 5 },
    replies: {
      200: {
        v: 1,
        outcome: 'decodes',
        source: 'rtsp://10.0.0.6/door',
        picture: { width: 1920, height: 1080 },
        codec: 'h264',
        framesPerSecond: 5,
        asked: 5,
        firstFrameAfterSeconds: 0.8,
      },
      404: refused('LOBBY_CAMERA_UNKNOWN', { camera: 'door' }),
      422: refused('LOBBY_TRY_REFUSED'),
      429: refused('LOBBY_TRY_BUSY'),
    },
  },
  'POST /api/v1/setup/cameras/{id}/plate': { parameters: { id: 'hall' }, replies: { 200: plateProgress } },
  'GET /api/v1/setup/cameras/{id}/plate': { parameters: { id: 'hall', r: 12 } },
  'DELETE /api/v1/setup/cameras/{id}/plate': { parameters: { id: 'hall' } },
  'GET /api/v1/setup/cameras/{id}/plate/progress': {
    parameters: { id: 'hall' },
    replies: { 200: plateProgress },
  },
  'GET /api/v1/setup/walk': { replies: { 200: walk } },
  'POST /api/v1/setup/walk': { replies: { 200: walk } },
  'DELETE /api/v1/setup/walk': { replies: { 200: { ...walk, phase: 'ended' } } },
  'POST /api/v1/setup/walk/miss': {
    request: { door: 'main-door', direction: 'in' },
    replies: { 200: walk },
  },
  'POST /api/v1/setup/walk/verdict': {
    request: { verdict: 'accepted', name: 'Installer' },
    replies: { 200: { ...walk, phase: 'accepted' } },
  },
  'GET /api/v1/figures': { parameters: figuresAsked, replies: { 200: figures } },
  'GET /api/v1/figures.csv': {
    parameters: figuresAsked,
    replies: { 200: 'from,to,figure,place,hour,value,unit\r\n2026-11-24,2026-11-24,came,,,148,visits\r\n' },
  },
  'GET /api/v1/report': {
    parameters: { ...figuresAsked, lang: 'en' },
    replies: { 200: '<!doctype html><html lang="en"><h1>On Tue 24 Nov 148 customers came.</h1></html>' },
  },
  'GET /api/v1/journal': {
    parameters: {
      from: '2026-11-24T10:00:00.000Z',
      to: '2026-11-24T11:00:00.000Z',
      before: 48_210,
      place: 'main-door',
      kind: 'arrived',
      what: 'prompts,quiet',
      limit: 100,
    },
    replies: {
      200: {
        v: 1,
        rows: [
          {
            what: 'prompt',
            n: 48_312,
            at,
            id: prompt,
            prompt: 'greet',
            happening: 'arrived',
            place: 'main-door',
            people: 2,
            visits: ['k3f9-31', 'k3f9-32'],
            life: [
              { at, step: 'raised', wrists: 2 },
              { at: '2026-11-24T10:42:04.600Z', step: 'delivered', afterSeconds: 0.6 },
              { at: '2026-11-24T10:42:08.000Z', step: 'accepted', by: 'deputy', reason: 'answered' },
              { at: '2026-11-24T10:42:13.000Z', step: 'met', reason: 'seen-met' },
            ],
          },
          {
            what: 'quiet',
            n: 48_301,
            at: '2026-11-24T10:41:20.000Z',
            happening: 'wandering',
            place: 'hall',
            visit: 'k3f9-30',
            reason: { code: 'staff-near', metres: 2.1 },
          },
          {
            what: 'health',
            n: 48_270,
            at: '2026-11-24T10:38:12.000Z',
            change: 'unseen',
            place: 'main-door',
            camera: 'door',
            state: 'blind',
            trouble: 'LOBBY_CAMERA_FROZEN',
          },
          {
            what: 'settings',
            n: 48_211,
            at: '2026-11-24T10:30:00.000Z',
            version: 41,
            by: 'operations',
            why: 'Help came late',
            changes: [
              {
                path: 'wandering.afterSeconds',
                title: {
                  zh: '客户在大厅多久算需要引导',
                  en: 'Time in the open hall before a customer counts as looking around',
                },
                mark: { zh: '秒', en: 's' },
                from: 20,
                to: 15,
              },
            ],
          },
        ],
        more: 48_211,
        from: '2026-11-24T10:00:00.000Z',
        ...kept,
      },
      404: notKept,
      410: refused('LOBBY_JOURNAL_GONE', { days: 30, before: kept.begins }),
    },
  },
  'GET /api/v1/journal/visits/{visit}': {
    parameters: { visit: 'k3f9-12' },
    replies: {
      200: {
        v: 1,
        visit: 'k3f9-12',
        role: 'customer',
        from: '2026-11-24T10:09:30.000Z',
        to: '2026-11-24T10:10:09.000Z',
        place: 'main-door',
        isOver: true,
        met: { at: '2026-11-24T10:10:09.000Z', afterSeconds: 39, by: 'seen' },
        steps: [
          {
            step: 'noticed',
            at: '2026-11-24T10:09:30.000Z',
            happening: 'arrived',
            place: 'main-door',
            quiet: { code: 'staff-near', metres: 4, metresPerSecond: 1.9 },
          },
          {
            step: 'noticed',
            at: '2026-11-24T10:10:00.000Z',
            happening: 'wandering',
            figures: { forSeconds: 20, pauses: 2, turns: 3 },
            prompt,
          },
          {
            step: 'prompt',
            at: '2026-11-24T10:10:00.000Z',
            prompt: 'approach',
            id: prompt,
            place: 'hall',
            life: { at: '2026-11-24T10:10:00.000Z', step: 'raised', wrists: 1 },
          },
          { step: 'noticed', at: '2026-11-24T10:10:09.000Z', happening: 'contacted', waitedSeconds: 39 },
        ],
        rules: {
          version: 40,
          concerned: 'wandering.afterSeconds',
          values: [
            {
              path: 'wandering.afterSeconds',
              title: {
                zh: '客户在大厅多久算需要引导',
                en: 'Time in the open hall before a customer counts as looking around',
              },
              mark: { zh: '秒', en: 's' },
              was: 20,
              now: 15,
            },
          ],
        },
        older: 'k3f9-9',
        newer: 'k3f9-29',
        ...kept,
      },
      404: refused('LOBBY_VISIT_UNKNOWN', { visit: 'k3f9-12', days: 30 }),
    },
  },
};
