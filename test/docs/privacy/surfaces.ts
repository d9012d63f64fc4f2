import type { Registry } from 'prom-client';
import { z } from 'zod';
import { pairingsFileSchema } from '../../../edge/access/pairings.ts';
import { tokensFileSchema } from '../../../edge/access/tokens.ts';
import { outboxEntrySchema } from '../../../edge/data/file-outbox.ts';
import { addBankMetrics } from '../../../edge/fleet/bank-metrics.ts';
import { keptOrdersSchema } from '../../../edge/fleet/kept-orders.ts';
import { fleetToldSchema } from '../../../edge/fleet/told-file.ts';
import { describeDevice, discoveryTopic } from '../../../edge/home-assistant/discovery.ts';
import { buildMetrics } from '../../../edge/http/metrics.ts';
import { troubleSchema } from '../../../edge/http/replies.ts';
import { tablesOf } from '../../../edge/journals/tables.ts';
import { historyLineSchema } from '../../../edge/settings/history.ts';
import { runRecordSchema } from '../../../edge/settings/run-record.ts';
import { walkedSchema } from '../../../edge/setup/walk-file.ts';
import { addWebhookMetrics } from '../../../edge/webhooks/metrics.ts';
import { createWebhooks } from '../../../edge/webhooks/webhooks.ts';
import { boxMessages } from '../../../src/contract/boxes.ts';
import { branchSchema } from '../../../src/contract/branch.ts';
import { pageSaysSchema } from '../../../src/contract/browser-camera.ts';
import { eventSchema } from '../../../src/contract/events.ts';
import { figuresBeforeSchema, figuresSchema } from '../../../src/contract/figures.ts';
import { fleetMessages } from '../../../src/contract/fleet.ts';
import { journalLineSchema } from '../../../src/contract/journal.ts';
import { journalRowSchema, storyStepSchema } from '../../../src/contract/journal-page.ts';
import { latencySchema } from '../../../src/contract/latency.ts';
import { liveEvents, planSchema } from '../../../src/contract/live.ts';
import { profileSchema } from '../../../src/contract/profiles.ts';
import { promptSnapshotSchema } from '../../../src/contract/prompt-snapshot.ts';
import { recordingHeaderSchema, recordingLineSchema } from '../../../src/contract/recording.ts';
import { observationSchema } from '../../../src/contract/sensing.ts';
import {
  changedBySchema,
  keptShadowSchema,
  settingsChangeSchema,
  settingsSchema,
  shadowSchema,
  troubleShape,
} from '../../../src/contract/settings.ts';
import { setupSchema } from '../../../src/contract/setup.ts';
import { thresholdsSchema } from '../../../src/contract/thresholds.ts';
import { messages, type PromptPayload } from '../../../src/contract/topics.ts';
import { noContactSums } from '../../../src/core/ledger.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type ApiDocument, describeWholeApi } from '../whole-api.ts';
import { type Field, fieldsOf } from './fields-of.ts';

/** The ways by which something leaves, in the order of the page. */
export const ways = [
  'sensing',
  'mqtt',
  'boxes',
  'fleet',
  'home-assistant',
  'webhook',
  'http',
  'live',
  'metrics',
  'log',
  'table',
  'file',
  'asked',
  'browser',
] as const;
export type Way = (typeof ways)[number];

/** Something that leaves as one: a message, an answer, a table, a file. */
export interface Surface {
  readonly way: Way;
  /** As the page calls it, once in its way: `prompt`, `GET /api/v1/plan`, `scene`. */
  readonly name: string;
  /** Who may have it, or where it stands; absent: the page's words on its way say it. */
  readonly note?: string;
  readonly fields: readonly Field[];
  /** Names of the same thing: other addresses that answer alike. */
  readonly also?: readonly string[];
}

/** What is listed once and pointed at wherever it stands again. */
export const sharedParts = once((): Readonly<Record<string, object>> => {
  const shared: Readonly<Record<string, z.ZodType>> = {
    trouble: z.strictObject(troubleShape),
    refusal: troubleSchema,
    latency: latencySchema.element,
    'whole settings': settingsSchema,
    'whole set-up': setupSchema,
    plan: planSchema,
    'figures before': figuresBeforeSchema,
    comparison: figuresSchema.shape.equal.shape.doors,
    'changed by': changedBySchema,
    'tried prompt': shadowSchema.shape.shadow.unwrap().shape.examples.element,
    thresholds: thresholdsSchema.unwrap(),
    profile: profileSchema,
    'settings change': settingsChangeSchema,
    'journal row': journalRowSchema,
    'step of a story': storyStepSchema,
  };
  const named = Object.entries(shared).map(([name, schema]) => [`part ${name}`, z.toJSONSchema(schema)]);
  const wired = Object.entries(messages).map(([name, { schema }]) => [
    `mqtt ${name}`,
    z.toJSONSchema(schema),
  ]);
  const lines = z.toJSONSchema(journalLineSchema);
  return { ...Object.fromEntries([...named, ...wired]), 'journal line': lines };
});

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Fields of a schema, with what is listed elsewhere pointed at. */
const fields = (schema: z.ZodType, parts = sharedParts()) => fieldsOf(z.toJSONSchema(schema), { parts });

/** Everything that leaves the sensing step, the box and the process, from the declarations the code itself goes by. */
export async function surfaces(): Promise<readonly Surface[]> {
  return [
    { way: 'sensing', name: 'observation', fields: fields(observationSchema) },
    {
      way: 'sensing',
      name: 'page in a browser as a camera',
      note: 'From the page to the box. Pictures and points of bodies stay in the page.',
      fields: fields(pageSaysSchema),
    },
    ...sharedSurfaces(),
    ...Object.entries(messages).map(
      ([name, { schema, from, retain, qos }]): Surface => ({
        way: 'mqtt',
        name,
        note: `From the ${from}, QoS ${qos}, ${retain ? 'retained' : 'not retained'}.`,
        fields: fields(schema),
      }),
    ),
    ...Object.entries(boxMessages).map(
      ([name, { schema, from, retain, qos }]): Surface => ({
        way: 'boxes',
        name,
        note: `Between boxes of one branch, from the role \`${from}\`, QoS ${qos}, ${retain ? 'retained' : 'not retained'}.`,
        fields: fields(schema),
      }),
    ),
    ...Object.entries(fleetMessages).map(
      ([name, { schema, retain, qos }]): Surface => ({
        way: 'fleet',
        name: `fleet/${name}`,
        note: `From the box, QoS ${qos}, ${retain ? 'retained' : 'not retained'}.`,
        fields: fields(schema),
      }),
    ),
    homeAssistant(),
    ...(await webhooks()),
    ...httpAnswers(await describeWholeApi()),
    ...Object.entries(liveEvents).map(
      ([name, schema]): Surface => ({ way: 'live', name: `event ${name}`, fields: pointed(schema, name) }),
    ),
    plate,
    await metrics(),
    ...tables(),
    ...files(),
  ];
}

/** Parts that stand in several places, listed under `http`, where most of them stand. */
function sharedSurfaces(): readonly Surface[] {
  const parts = sharedParts();
  return Object.entries(parts)
    .filter(([name]) => name.startsWith('part '))
    .map(([name, schema]): Surface => ({ way: 'http', name, fields: fieldsOf(schema, { parts }) }));
}

/** An event that is a message of its own is pointed at. */
function pointed(schema: z.ZodType, name: string): readonly Field[] {
  const part =
    schema === journalLineSchema
      ? 'journal line'
      : Object.hasOwn(messages, name)
        ? `mqtt ${name}`
        : undefined;
  if (part === undefined) return fields(schema);
  return [{ path: '(the whole)', kind: 'part', part, purpose: 'The same, as it happens.' }];
}

/** Home Assistant's device: which figures it shows and which topics it reads, from the message itself. */
function homeAssistant(): Surface {
  const { components, device } = describeDevice('{branch}', '0.0.0');
  const rows = Object.entries(components).map(
    ([key, { platform, name, state_topic: reads, command_topic: writes }]): Field => ({
      path: `components.${key}`,
      kind: 'word',
      purpose: `${String(platform)} "${String(name)}": ${reads === undefined ? `writes \`${String(writes)}\`` : `reads \`${String(reads)}\``}.`,
    }),
  );
  const about = Object.keys(device).map(
    (key): Field => ({
      path: `device.${key}`,
      kind: 'word',
      purpose: "What the branch's device is called, of which make and version.",
    }),
  );
  return {
    way: 'home-assistant',
    name: discoveryTopic('{branch}'),
    fields: [...about, ...rows],
  };
}

/** What is posted, read from a post itself. */
async function webhooks(): Promise<readonly Surface[]> {
  const posted: { headers: Record<string, string>; body: string }[] = [];
  const server = await listen((headers, body) => posted.push({ headers, body }));
  const clock = new ManualClock();
  const hooks = createWebhooks([{ url: server.url, key: Buffer.alloc(32) }], { branch: 'harbour', clock });
  hooks.prompt(examplePrompt(clock.now()));
  const [post] = await server.first(posted);
  await hooks.close();
  await server.close();
  const usual = new Set(['host', 'connection', 'content-length', 'accept', 'accept-language']);
  const names = Object.keys(post!.headers).filter((name) => !usual.has(name) && !name.startsWith('sec-'));
  return [
    {
      way: 'webhook',
      name: 'headers',
      fields: names
        .filter((name) => name !== 'accept-encoding')
        .map((name): Field => ({ path: name, kind: 'name', most: 200 })),
    },
    {
      way: 'webhook',
      name: 'body',
      fields: [
        { path: '(a prompt)', kind: 'part', part: 'mqtt prompt', purpose: 'What to do, and where.' },
        { path: '(a state)', kind: 'part', part: 'mqtt promptState', purpose: 'What became of it.' },
      ],
    },
  ];
}

async function listen(take: (headers: Record<string, string>, body: string) => void) {
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      take(request.headers as Record<string, string>, body);
      response.end();
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/`,
    async first<Post>(posts: readonly Post[]): Promise<readonly Post[]> {
      while (posts.length === 0)
        await new Promise((done) => server.once('request', (_, reply) => reply.once('finish', done)));
      return posts;
    },
    close: () => new Promise<void>((done) => void server.close(() => done())),
  };
}

const examplePrompt = (now: number): PromptPayload => ({
  v: 1,
  id: '01J00000000000000000000000',
  kind: 'greet',
  place: 'hall',
  placeName: { zh: '大厅', en: 'Hall' },
  people: 1,
  urgency: 'now',
  say: { zh: '大厅', en: 'Hall' },
  words: { zh: '您好', en: 'Hello' },
  waitedSeconds: 0,
  raisedAt: new Date(now * 1000).toISOString(),
  expiresAt: new Date((now + 60) * 1000).toISOString(),
  haptic: 'arrival',
});

/** Answers of the API, from its own document; those that answer alike stand together. */
function httpAnswers(document: ApiDocument): readonly Surface[] {
  const parts = sharedParts();
  const named = document.components.schemas;
  const found = new Map<string, Surface & { also: string[] }>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const name = `${method.toUpperCase()} ${path}${Number(status) < 300 ? '' : ` (${status})`}`;
        for (const [type, { schema }] of Object.entries(response.content ?? {})) {
          const own = answerFields(type, schema ?? {}, named, parts);
          // Every refusal is alike: said once, as a part.
          const isRefusal = Number(status) >= 400 && isPart(schema ?? {}, 'part refusal', named, parts);
          // What streams is listed event by event.
          if (isRefusal || isNothing(schema) || type === 'text/event-stream') continue;
          const text = JSON.stringify(own);
          const before = found.get(text);
          if (before !== undefined) before.also.push(name);
          else
            found.set(text, {
              way: 'http',
              name,
              also: [],
              fields: own,
              note:
                operation['x-role'] === undefined
                  ? 'Open to whoever reaches the box.'
                  : `For tokens of the role ${operation['x-role']} and above.`,
            });
        }
      }
    }
  }
  return [...found.values()].map(({ also, ...one }) => (also.length === 0 ? one : { ...one, also }));
}

const isPart = (
  schema: object,
  part: string,
  named: Readonly<Record<string, object>>,
  parts: Readonly<Record<string, object>>,
) => fieldsOf({ properties: { whole: schema } }, { named, parts })[0]?.part === part;

const isNothing = (schema: object | undefined) => (schema as { type?: string } | undefined)?.type === 'null';

function answerFields(
  type: string,
  schema: object,
  named: Readonly<Record<string, object>>,
  parts: Readonly<Record<string, object>>,
): readonly Field[] {
  if (type !== 'application/json')
    return [{ path: `(${type})`, kind: type.startsWith('text/') ? 'text' : 'bytes' }];
  const own = fieldsOf(schema, { named, parts: {} });
  const byName = fieldsOf({ properties: { whole: schema } }, { named, parts });
  const [first] = byName;
  if (byName.length === 1 && first?.kind === 'part')
    return [
      {
        path: '(the whole)',
        kind: 'part',
        ...(first.part === undefined ? {} : { part: first.part }),
        purpose: 'The same, when it is asked for.',
      },
    ];
  return own.length === 0 ? own : fieldsOf(schema, { named, parts });
}

/** It is no JSON, so the description of the API knows its refusals alone. */
const plate: Surface = {
  way: 'http',
  name: 'GET /api/v1/setup/cameras/{id}/plate',
  note: 'For tokens of the role installer and above.',
  fields: [
    {
      path: '(image/png)',
      kind: 'bytes',
      purpose:
        'The empty lobby, for an installer who draws on it: spots that nobody stood on for long enough, and nothing where there were none.',
    },
  ],
};

/** Metrics as they are registered, with their labels and helps. */
async function metrics(): Promise<Surface> {
  const figures = {
    happenings: {},
    prompts: {},
    silences: {},
    ended: {},
    observations: 0,
    firstContact: noContactSums,
    letGo: 0,
    refused: {},
  };
  const latency = { sums: () => ({}), recent: () => [], cameras: () => [] };
  const registry: Registry = buildMetrics(
    { figures: () => figures, cameras: () => [], latency: () => latency } as never,
    { state: { connected: true, waiting: 0, letGo: 0, refused: {} } } as never,
  );
  addBankMetrics(registry, { orders: { taken: 0, refused: {} } });
  addWebhookMetrics(registry, { figures: () => ({ waiting: 0 }) } as never);
  const listed = registry.getMetricsAsArray() as unknown as readonly {
    readonly name: string;
    readonly help: string;
    readonly labelNames?: readonly string[];
  }[];
  return {
    way: 'metrics',
    name: 'GET /metrics',
    fields: listed.map(
      ({ name, help, labelNames = [] }): Field => ({
        path: labelNames.length === 0 ? name : `${name}{${labelNames.join(',')}}`,
        kind: 'number',
        purpose: `${help.replace(/\.$/, '')}.`,
      }),
    ),
  };
}

/** The journal's tables, with the columns SQL knows them by. */
function tables(): readonly Surface[] {
  const parts = sharedParts();
  return tablesOf().map(({ kind, columns }): Surface => {
    const properties = Object.fromEntries(columns.map(({ name, shape }) => [name, shape]));
    return { way: 'table', name: kind, fields: fieldsOf({ type: 'object', properties }, { parts }) };
  });
}

/** Files of the data folder, and files somebody asks for. */
function files(): readonly Surface[] {
  const file = (name: string, schema: z.ZodType, note?: string): Surface => ({
    way: 'file',
    name,
    fields: fields(schema),
    ...(note === undefined ? {} : { note }),
  });
  const asked = (name: string, own: readonly Field[], note: string): Surface => ({
    way: 'asked',
    name,
    fields: own,
    note,
  });
  const same = (part: string, purpose: string): readonly Field[] => [
    { path: '(the whole)', kind: 'part', part, purpose },
  ];
  return [
    {
      way: 'file',
      name: 'journal.duckdb, journal/ahead-*.jsonl',
      fields: same('journal line', 'Lines of the journal, a table a kind; the newest are written ahead.'),
    },
    file('prompts.json', promptSnapshotSchema, 'Of visits it knows nothing.'),
    file('outbox.jsonl', outboxEntrySchema),
    file('shadow.json', keptShadowSchema),
    file('tokens.json', tokensFileSchema),
    file('paired-pages.json', pairingsFileSchema, 'Of pages in browsers that are cameras.'),
    file('settings/history.jsonl', historyLineSchema),
    file('settings/*.yaml, and the branch file itself', branchSchema),
    file('walk-test.json', walkedSchema),
    file('fleet.json', fleetToldSchema),
    file('bank-settings.json', keptOrdersSchema, 'Of thresholds alone.'),
    file('run.json', runRecordSchema),
    {
      way: 'file',
      name: 'reports/*',
      fields: [
        ...same('mqtt report', 'Counts of a day, as they are published.'),
        {
          path: '(the pages and the table)',
          kind: 'part',
          part: 'GET /api/v1/figures',
          purpose: 'The same figures as a page in two languages and as a table.',
        },
      ],
    },
    asked('replay --events', fields(eventSchema), 'Written where `--events` says.'),
    asked(
      'replay --prompts',
      same('mqtt prompt', 'Prompts and their states with their media time.'),
      'Written where `--prompts` says.',
    ),
    asked('replay --record, header', fields(recordingHeaderSchema), 'Written where `--record` says.'),
    asked('replay --record, line', fields(recordingLineSchema), 'Written where `--record` says.'),
    asked(
      'journal export, journal query, journal.exportTo',
      same('journal line', 'Rows of the journal, as they are asked for.'),
      'Written where `--out` or `journal.exportTo` says.',
    ),
    asked(
      'report --out, figures.csv',
      [
        {
          path: '(the whole)',
          kind: 'part',
          part: 'GET /api/v1/figures',
          purpose: 'Figures of a day or a period.',
        },
      ],
      'Written where `--out` says.',
    ),
    ...browser(),
    asked(
      'what-if --json',
      [
        {
          path: '(the whole)',
          kind: 'part',
          part: 'GET /api/v1/what-if/{id}',
          purpose: 'What would have been said.',
        },
      ],
      'Printed.',
    ),
  ];
}

/** What pages keep in the browser of whoever opens them; the names are those of the code. */
export const browserStores: Readonly<Record<string, readonly (readonly [key: string, purpose: string])[]>> = {
  'edge/pages/watch/main.tsx': [
    ['lobby.language', 'The language of the wrist.'],
    ['lobby.role', 'The role of whoever wears it.'],
    ['lobby.watch', 'The random name of this watch, until the page is closed.'],
  ],
  'edge/pages/camera/main.tsx': [['lobby.language', 'The language of the camera page.']],
  'edge/pages/watch/login.ts': [
    ['lobby.login', 'The login of this watch at the broker, where there is one.'],
  ],
  'edge/pages/watch/worker.ts': [
    ['lobby-watch', "The watch's own page, so that it opens without a network."],
  ],
  'edge/pages/console/settings.ts': [['lobby.console', 'Language, colours and keys.']],
  'edge/pages/console/rules/page.tsx': [['lobby.rules', 'Thresholds under edit, until the page is closed.']],
  'edge/pages/console/setup/page.tsx': [
    ['lobby.setup', 'Cameras and zones under edit, without passwords, until the page is closed.'],
  ],
};

const browser = (): readonly Surface[] => [
  {
    way: 'browser',
    name: 'storage of the pages',
    fields: Object.values(browserStores).flatMap((stores) =>
      stores.map(([path, purpose]): Field => ({ path, kind: 'name', most: 0, purpose })),
    ),
  },
];
