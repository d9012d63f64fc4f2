import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { describeWire, jsonSchemaOf } from '../../src/contract/asyncapi.ts';
import { messages, topicsOf } from '../../src/contract/topics.ts';
import { wireFiles } from './wire-files.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const names = Object.keys(messages) as (keyof typeof messages)[];

/** AsyncAPI's own schema of a document says what a valid one is. */
// It brings the meta schema of JSON Schema along.
const asyncApi = new Ajv({ strict: false, meta: false, validateSchema: false, validateFormats: false });
const isAsyncApi = asyncApi.compile(specs.schemas['3.0.0'] as object);

const json = new Ajv({ allErrors: true });
addFormats.default(json);
const checks = new Map(names.map((name) => [name, json.compile(jsonSchemaOf(name))]));
const takes = (name: keyof typeof messages, payload: unknown) => checks.get(name)!(payload) as boolean;
const contractTakes = (name: keyof typeof messages, payload: unknown) =>
  (messages[name].schema as z.ZodType).safeParse(payload).success;

/** The examples of the page, each with the message it stands under. */
const examples = [
  ...read('docs/mqtt.md').matchAll(/^## `([^`]+)`\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm),
].flatMap(([, topic, text]) => {
  const name = topic === 'prompt/{id}/state' ? 'promptState' : (topic as keyof typeof messages);
  return [...text!.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, code], index) => ({
    title: `${topic}, example ${index + 1}`,
    name,
    payload: JSON.parse(code!) as Record<string, unknown>,
  }));
});

/** Payloads that are not quite right: a key too few, one too many, a wrong word, a wrong number. */
function* misfits(payload: Record<string, unknown>): Generator<Record<string, unknown>> {
  for (const [key, value] of Object.entries(payload)) {
    const { [key]: _, ...rest } = payload;
    yield rest;
    yield { ...payload, [key]: null };
    if (typeof value === 'string') yield { ...payload, [key]: `${value} Suspect` };
    if (typeof value === 'number') yield { ...payload, [key]: -7 };
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const inner of misfits(value as Record<string, unknown>)) yield { ...payload, [key]: inner };
    if (Array.isArray(value) && typeof value[0] === 'object')
      for (const inner of misfits(value[0])) yield { ...payload, [key]: [inner] };
  }
  yield { ...payload, face: 'seen' };
}

describe('The description of the wire for programs', () => {
  it.each(Object.entries(wireFiles()))(
    '%s is what the contract makes; `npm run docs:asyncapi` writes it',
    (file, text) => {
      expect(read(file)).toBe(text);
    },
  );

  it('has no schema of a message that is gone', () => {
    expect(
      readdirSync(join(root, 'docs', 'schemas'))
        .map((file) => `docs/schemas/${file}`)
        .sort(),
    ).toEqual(
      Object.keys(wireFiles())
        .filter((file) => file.startsWith('docs/schemas/'))
        .sort(),
    );
  });

  it('is AsyncAPI 3 by its own schema, for any branch and for one', () => {
    for (const document of [describeWire(), describeWire('harbour')]) {
      isAsyncApi(document);
      expect(isAsyncApi.errors ?? []).toEqual([]);
    }
  });

  it('control: an operation without channel, and a made-up action, are no AsyncAPI', () => {
    const document = describeWire();
    const { channel: _, ...operation } = document.operations.ack;
    const broken = (ack: unknown) => ({ ...document, operations: { ...document.operations, ack } });
    expect(isAsyncApi(broken(operation))).toBe(false);
    expect(isAsyncApi(broken({ ...document.operations.ack, action: 'shout' }))).toBe(false);
  });

  it('names for each message the topic, direction, quality and retention it really has', () => {
    const { channels, operations } = describeWire('harbour');
    const topics = topicsOf('harbour');
    for (const name of names) {
      const topic = topics[name];
      expect(channels[name].address).toBe(typeof topic === 'string' ? topic : topic('{id}'));
      const { from, qos, retain } = messages[name];
      expect(operations[name]).toMatchObject({
        action: from === 'box' ? 'send' : 'receive',
        bindings: { mqtt: { qos, retain } },
      });
    }
  });

  it('points only at what is there', () => {
    const document = describeWire() as unknown as Record<string, unknown>;
    const at = (path: string) =>
      path
        .slice(2)
        .split('/')
        .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
    const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, path]) => path!);
    expect(pointers.length).toBe(4 * names.length);
    expect(pointers.filter((path) => at(path) === undefined)).toEqual([]);
  });
});

describe('The examples of docs/mqtt.md', () => {
  it('are there for every message', () => {
    expect(new Set(examples.map(({ name }) => name))).toEqual(new Set(names));
  });

  it.each(examples)('$title fits its JSON Schema and the contract', ({ name, payload }) => {
    takes(name, payload);
    expect(checks.get(name)!.errors ?? []).toEqual([]);
    expect(contractTakes(name, payload)).toBe(true);
  });

  it.each(examples)('$title, changed a little, is taken or refused by both alike', ({ name, payload }) => {
    const all = [...misfits(payload)];
    const given = all.map((one) => [one, takes(name, one)] as const);
    expect(given).toEqual(all.map((one) => [one, contractTakes(name, one)]));
    expect(given.filter(([, taken]) => !taken).length).toBeGreaterThan(all.length / 2);
  });
});
