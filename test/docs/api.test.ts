import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { examples } from '../../edge/http/examples.ts';
import { webTroubles } from '../../edge/http/replies.ts';
import { errorCodes } from '../../src/contract/errors.ts';
import { type ApiDocument, describeWholeApi, type Media, type Operation } from './whole-api.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
let document: ApiDocument;
let operations: readonly (readonly [name: string, operation: Operation])[];
beforeAll(async () => {
  document = await describeWholeApi();
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
});

const json = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(json);
const checks = new Map<string, ValidateFunction>();

/** What is wrong with an example; nothing, if it fits. */
function misfit({ schema, example }: Media): string | undefined {
  if (schema === undefined) return undefined;
  if (example === undefined) return 'has no example';
  const text = JSON.stringify(schema);
  const takes = checks.get(text) ?? json.compile({ ...schema, components: document.components });
  checks.set(text, takes);
  return takes(example) ? undefined : json.errorsText(takes.errors);
}

/** Everything of an operation that is sent or replied, with where it stands. */
function exchanged(operation: Operation): readonly (readonly [where: string, media: Media])[] {
  return [
    ...Object.entries(operation.requestBody?.content ?? {}).map(([, media]) => ['request', media] as const),
    ...Object.entries(operation.responses).flatMap(([status, { content }]) =>
      Object.entries(content ?? {}).map(([, media]) => [status, media] as const),
    ),
    ...(operation.parameters ?? []).map(
      (one) => [`parameter ${one.name}`, { schema: one.schema, example: one.example }] as const,
    ),
  ];
}

const misfitsOf = (name: string, operation: Operation) =>
  exchanged(operation).flatMap(([where, media]) => {
    const wrong = misfit(media);
    return wrong === undefined ? [] : [`${name}, ${where}: ${wrong}`];
  });

describe('The description of the API for programs', () => {
  it('is OpenAPI 3.1, with the ways to show a token', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.components.securitySchemes)).toEqual(['token', 'cookie']);
  });

  it('names every address of the API there is in the code', () => {
    const folder = join(root, 'edge/http');
    const written = readdirSync(folder).flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/^ {2,}'(\/api\/v1\/[^'*]+)',/gm)].map(
        ([, path]) => path!.replaceAll(/:(\w+)/g, '{$1}'),
      ),
    );
    expect(written.length).toBeGreaterThan(5);
    expect(written.filter((path) => document.paths[path] === undefined)).toEqual([]);
  });

  it('says of each operation what it does, and who may', () => {
    const lacking = operations.flatMap(
      ([name, { summary, security, description, 'x-role': role, responses }]) => [
        ...((summary ?? '').length > 3 ? [] : [`${name}: no summary`]),
        ...(security === undefined ? [`${name}: no security`] : []),
        ...((security?.length ?? 0) > 0 === (role !== undefined) ? [] : [`${name}: no role`]),
        ...(role === undefined || description.includes(role) ? [] : [`${name}: its role is not said`]),
        ...(role === undefined || (responses['401'] && responses['403']) ? [] : [`${name}: no refusals`]),
      ],
    );
    expect(lacking).toEqual([]);
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has an example of everything that is sent and replied, and each fits its schema', () => {
    expect(operations.flatMap(([name, operation]) => misfitsOf(name, operation))).toEqual([]);
  });

  it('control: an example that is missing or does not fit would be noticed', () => {
    const [name, operation] = operations.find(([one]) => one === 'GET /api/v1/journal')!;
    const [, page] = exchanged(operation).find(([where]) => where === '200')!;
    expect(misfit({ ...page, example: undefined })).toBe('has no example');
    expect(misfit({ ...page, example: { ...(page.example as object), face: 'seen' } })).toContain(
      'additional',
    );
    const refusal = operation.responses['401']!.content!['application/json']!;
    expect(misfit({ ...refusal, example: { code: 'LOBBY_TOKEN_MISSING' } })).toContain('message');
    const without = { ...operation, responses: { 200: { description: '', content: { x: { schema: {} } } } } };
    expect(misfitsOf(name, without)).toEqual([`${name}, 200: has no example`]);
  });

  it('has no example of an operation there is not, and names codes there are', () => {
    const known = new Set(operations.map(([name]) => name));
    expect(Object.keys(examples).filter((name) => !known.has(name))).toEqual([]);
    const codes = new Set([
      ...Object.keys(errorCodes),
      ...Object.values(webTroubles).map(({ code }) => code),
    ]);
    const named = operations.flatMap(([, operation]) =>
      exchanged(operation).flatMap(
        ([, { example }]) => (example as { code?: string } | undefined)?.code ?? [],
      ),
    );
    // What a page is paired by is called a code too, and is none of a trouble.
    const ofTroubles = named.filter((code) => !/^k7mx-?2pqa$/.test(code!));
    expect(ofTroubles.filter((code) => !codes.has(code!))).toEqual([]);
  });

  it('is kept as docs/openapi.json; `npm run docs:openapi` writes it', () => {
    expect(JSON.parse(read('docs/openapi.json'))).toEqual(document);
  });

  it('is spoken of on its page for people: docs/http.md knows each address', () => {
    const page = read('docs/http.md');
    const missing = Object.keys(document.paths).filter((path) => !page.includes(path));
    expect(missing).toEqual([]);
  });
});
