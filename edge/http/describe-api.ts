import { STATUS_CODES } from 'node:http';
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ErrorCode, LobbyError } from '../../src/contract/errors.ts';
import type { AccessRole } from '../access/tokens.ts';
import { examples } from './examples.ts';
import { replyTo, troubleSchema, webTroubles } from './replies.ts';

/** An operation of the document, as far as it is looked at here. */
interface Operation {
  operationId?: string;
  tags?: string[];
  summary?: string;
  description?: string;
  security?: object[];
  'x-role'?: string;
  parameters?: { name: string; in: string; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description?: string; content?: Record<string, Media> }>;
}
interface Schema {
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
}
interface Media {
  schema?: Schema;
  example?: unknown;
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;
/** What the parts of the API are about; the first part of an address after the version says which one it is. */
const parts: Readonly<Record<string, string>> = {
  health: 'The box as a whole, for whoever watches it',
  lobby: 'The lobby at a glance',
  branch: 'What a page needs to begin',
  'asyncapi.json': 'What travels over MQTT',
  session: 'Who one is',
  live: 'The lobby as it happens',
  camera: 'A page in a browser as a camera',
  plan: 'The floor',
  minutes: 'The last hour',
  settings: 'Thresholds, and who changed them',
  journal: 'What was said and not, and why',
};

/** Which trouble stands for a status, where the operation names none of its own. */
const usual: Readonly<Record<string, () => unknown>> = {
  400: () => webTroubles.invalid,
  401: () => troubleOf('LOBBY_TOKEN_MISSING'),
  403: () => troubleOf('LOBBY_ROLE_MISSING', { role: 'operations', has: 'viewer' }),
  404: () => webTroubles.notFound,
  409: () => troubleOf('LOBBY_SETTINGS_FILE_BROKEN', { file: 'branch.yaml', problem: 'line 12 is no YAML' }),
  413: () => webTroubles.tooLarge,
  422: () => troubleOf('LOBBY_SETTINGS_UNEXPLAINED'),
  429: () => webTroubles.tooMany,
  500: () => webTroubles.broken,
  503: () => troubleOf('LOBBY_JOURNAL_UNSEARCHABLE', { reason: 'the disk is full' }),
};

/** A trouble as it is replied. */
export const troubleOf = (code: ErrorCode, details: Readonly<Record<string, string | number>> = {}) =>
  replyTo(new LobbyError(code, details)).trouble;

/** Marks what lets a request through with the role it asks for, so that the document can say so. */
export const asking = <Hook extends object>(
  role: AccessRole,
  hook: Hook,
): Hook & { readonly role: AccessRole } => Object.assign(hook, { role });

function roleOf(hooks: unknown): AccessRole | undefined {
  for (const hook of [hooks].flat()) {
    const role = (hook as { role?: AccessRole } | undefined)?.role;
    if (role !== undefined) return role;
  }
  return undefined;
}

const { $schema: _, ...trouble } = z.toJSONSchema(troubleSchema, { target: 'draft-2020-12' });
const textOf = (schema: object) => JSON.stringify(sorted(schema));
const troubleText = textOf(trouble);

/**
 * The OpenAPI 3.1 document of the API, made from its routes: their schemas, the role each asks for, and an example of
 * everything that is sent and replied. It is served at `/openapi.json`, shown at `/docs`, and kept in docs/openapi.json.
 */
export function describeApi(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'lobby-sense',
        description:
          'The lobby of one branch, without anything about a person. Addresses bear their version: what /api/v1 replies is added to, and never taken from.',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'The box itself.' }],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'Of a program: a token that `lobby token add` made.',
          },
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'lobby-session',
            description: 'Of a browser: what `POST /api/v1/session` gave for a token, for twelve hours.',
          },
        },
      },
    },
    transform(given) {
      const { schema, url } = jsonSchemaTransform(given as never);
      const role = roleOf((given.route as { preHandler?: unknown }).preHandler);
      const asked =
        role === undefined ? { security: [] } : { security: [{ token: [] }, { cookie: [] }], 'x-role': role };
      return { schema: { ...schema, ...asked } as never, url };
    },
    transformObject(document) {
      const made = 'openapiObject' in document ? structuredClone(document.openapiObject) : {};
      const { paths = {}, components = {} } = made as {
        paths?: Record<string, Record<string, Operation>>;
        components?: { schemas?: object };
      };
      const tags = new Set<string>();
      for (const [path, item] of Object.entries(paths)) {
        for (const method of methods) {
          const operation = item[method];
          if (operation === undefined) continue;
          const tag = path.split('/')[3] ?? '';
          tags.add(tag);
          describe(operation, method, path, tag);
        }
      }
      const named = nameShared(paths);
      return {
        ...made,
        paths: named.paths,
        tags: [...tags].map((name) => ({
          name,
          ...(parts[name] === undefined ? {} : { description: parts[name] }),
        })),
        components: {
          ...components,
          schemas: { ...components.schemas, ...named.schemas, Trouble: plain(trouble) },
        },
      } as never;
    },
  };
}

function describe(operation: Operation, method: string, path: string, tag: string): void {
  const given = examples[`${method.toUpperCase()} ${path}`];
  operation.operationId = nameOf(method, path);
  operation.tags = [tag];
  const role = operation['x-role'];
  operation.description = [
    ...(operation.description === undefined ? [] : [operation.description]),
    role === undefined ? 'Open to whoever reaches the box.' : `Needs the role ${role}.`,
  ].join('\n\n');
  for (const one of operation.parameters ?? []) {
    const example = given?.parameters?.[one.name];
    if (example !== undefined) one.example = example;
  }
  for (const media of Object.values(operation.requestBody?.content ?? {})) {
    if (given?.request !== undefined) media.example = given.request;
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response.description === undefined || response.description === 'Default Response') {
      response.description = STATUS_CODES[status] ?? status;
    }
    for (const media of Object.values(response.content ?? {})) {
      const { schema, isTrouble } = withTrouble(media.schema ?? {});
      media.schema = schema;
      const example =
        given?.replies?.[Number(status)] ?? media.example ?? (isTrouble ? usual[status]?.() : undefined);
      if (example !== undefined) media.example = example;
    }
  }
}

/** The schema of a refusal is one for all, by name; also where it is one of several. */
function withTrouble(schema: Schema): { readonly schema: Schema; readonly isTrouble: boolean } {
  if (textOf(schema) === troubleText)
    return { schema: { $ref: '#/components/schemas/Trouble' }, isTrouble: true };
  const some = schema.anyOf?.map(withTrouble);
  if (some === undefined || !some.some(({ isTrouble }) => isTrouble)) return { schema, isTrouble: false };
  return { schema: { ...schema, anyOf: some.map((one) => one.schema) }, isTrouble: true };
}

/** A moment says so; how it is written need not be spelled out each time. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { format, pattern: _pattern, ...rest } = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(format === 'date-time' ? { format, ...rest } : value).map(([key, one]) => [
      key,
      plain(one),
    ]),
  );
}

/** Schemas shorter than this are said again where they come up again. */
const sharedLetters = 500;

/** Gives a name to each long schema that comes up more than once, so that the document says it once. */
function nameShared(given: object): { readonly paths: unknown; readonly schemas: Record<string, unknown> } {
  const paths = plain(given);
  const counts = new Map<string, number>();
  const isSchema = (value: object) => 'properties' in value || 'oneOf' in value || 'anyOf' in value;
  const count = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isSchema(value)) {
      const text = JSON.stringify(value);
      if (text.length > sharedLetters) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    for (const [key, one] of Object.entries(value)) if (key !== 'example') count(one);
  };
  count(paths);
  const names = new Map<string, string>();
  const schemas: Record<string, unknown> = {};
  const replaced = (value: unknown, called: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => replaced(one, called));
    if (typeof value !== 'object' || value === null) return value;
    const text = JSON.stringify(value);
    const inner = () =>
      Object.fromEntries(
        Object.entries(value).map(([key, one]) => [
          key,
          key === 'example' ? one : replaced(one, keywords.has(key) || /^\d+$/.test(key) ? called : key),
        ]),
      );
    if (!isSchema(value) || (counts.get(text) ?? 0) < 2) return inner();
    let name = names.get(text);
    if (name === undefined) {
      const base = called
        .replace(/^.*\//, '')
        .replace(/[^A-Za-z0-9]/g, '')
        .replace(/^./, (letter) => letter.toUpperCase());
      name = base;
      for (let spare = 2; name in schemas; spare += 1) name = `${base}${spare}`;
      names.set(text, name);
      schemas[name] = {};
      schemas[name] = inner();
    }
    return { $ref: `#/components/schemas/${name}` };
  };
  return { paths: replaced(paths, 'Reply'), schemas };
}

/** Keys of a schema or an operation that are not names of what lies below them. */
const keywords = new Set(
  'schema content application/json responses requestBody properties items anyOf oneOf get put post delete parameters additionalProperties prefixItems'.split(
    ' ',
  ),
);

/** `GET /api/v1/journal/visits/{visit}` is `getJournalVisitsByVisit`. */
function nameOf(method: string, path: string): string {
  const words = path
    .replace('/api/v1/', '')
    .split(/[/.-]/)
    .map((word) => (word.startsWith('{') ? `by-${word.slice(1, -1)}` : word));
  return [method, ...words.flatMap((word) => word.split('-'))]
    .map((word, index) => (index === 0 ? word : word.replace(/^./, (letter) => letter.toUpperCase())))
    .join('');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
