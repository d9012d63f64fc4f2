import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { errorCodes, LobbyError, mostTroubleLetters } from '../../src/contract/errors.ts';
import { type observationSchema, personSchema } from '../../src/contract/sensing.ts';
import { messages } from '../../src/contract/topics.ts';
import type { Observation } from '../../src/core/step.ts';
import type { Person } from '../../src/core/units.ts';
import { claims } from './privacy/claims.ts';
import { type Field, fieldsOf, longestOf } from './privacy/fields-of.ts';
import { lifetimeOf, lifetimes } from './privacy/lifetimes.ts';
import { errorSentences, linesIn, logLines } from './privacy/log-lines.ts';
import { privacyPage } from './privacy/page.ts';
import { purposeOf, wordsOfFields } from './privacy/purposes.ts';
import { browserStores, type Surface, sharedParts, surfaces, ways } from './privacy/surfaces.ts';
import { isWide, whyWide, wideKeys } from './privacy/wide.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
let all: readonly Surface[];
beforeAll(async () => {
  all = await surfaces();
});

/** What the page would leave open of a thing: fields without purpose, and what has no lifetime. */
const gapsOf = (surface: Surface, onKey?: (key: string) => void): readonly string[] => [
  ...(lifetimeOf(surface) === undefined ? [`${surface.way} ${surface.name}: no lifetime`] : []),
  ...surface.fields
    .filter((field) => purposeOf(surface, field, onKey) === undefined)
    .map(({ path }) => `${surface.way} ${surface.name}: ${path} has no purpose`),
];
const wideIn = (some: readonly Surface[], onKey?: (key: string) => void): readonly string[] =>
  some.flatMap((surface) =>
    surface.fields
      .filter((field) => isWide(field) && whyWide(surface, field, onKey) === undefined)
      .map(({ path }) => `${surface.way} ${surface.name}: ${path}`),
  );
const madeUp = (schema: z.ZodType): Surface => ({
  way: 'mqtt',
  name: 'prompt',
  fields: fieldsOf(z.toJSONSchema(schema)),
});

describe('docs/privacy.md', () => {
  it('is what the schemas make; `npm run docs:privacy` writes it', async () => {
    expect(read('docs/privacy.md')).toBe(await privacyPage());
  });

  it('says of every field what it is for and how long it lives', () => {
    const used = new Set<string>();
    expect(all.flatMap((surface) => gapsOf(surface, (key) => used.add(key)))).toEqual([]);
    expect(wordsOfFields.filter((key) => !used.has(key))).toEqual([]);
    const named = new Set(all.flatMap(({ way, name }) => [way as string, `${way} ${name}`]));
    expect(Object.keys(lifetimes).filter((key) => key !== 'log' && !named.has(key))).toEqual([]);
  });

  it('control: a field nobody speaks of, and a thing without a lifetime, would be noticed', () => {
    const more = madeUp(messages.prompt.schema.extend({ gait: z.number() }));
    expect(gapsOf(more)).toEqual(['mqtt prompt: gait has no purpose']);
    const inside = madeUp(
      messages.lobby.schema.extend({
        zones: z.array(z.strictObject({ id: z.string(), height: z.number(), gait: z.number() })),
      }),
    );
    expect(gapsOf(inside)).toEqual(['mqtt prompt: zones[].gait has no purpose']);
    expect(gapsOf({ way: 'fax' as never, name: 'sheet', fields: [] })).toEqual(['fax sheet: no lifetime']);
  });

  it('leaves no way out, no message and no table', () => {
    expect(new Set([...all.map(({ way }) => way), 'log'])).toEqual(new Set(ways));
    const names = all.map(({ way, name }) => `${way} ${name}`);
    expect(names.length).toBe(new Set(names).size);
    for (const name of Object.keys(messages)) expect(names).toContain(`mqtt ${name}`);
    const pointedAt = all.flatMap(({ fields }) => fields.flatMap(({ part }) => part ?? []));
    const listed = new Set([
      ...all.map(({ way, name }) => (way === 'mqtt' ? `mqtt ${name}` : name)),
      ...all.flatMap(({ also = [] }) => also),
      'journal line',
    ]);
    expect([...new Set(pointedAt)].filter((part) => !listed.has(part))).toEqual([]);
    expect(pointedAt.length).toBeGreaterThan(20);
  });

  it('names tests that there are', () => {
    const missing = Object.values(claims).flatMap((some) =>
      some.flatMap(({ says, heldBy }) => [
        ...(heldBy.length === 0 ? [`nothing holds: ${says}`] : []),
        ...heldBy.flatMap(([file, title]) => (hasTest(file, title) ? [] : [`${file} has no "${title}"`])),
      ]),
    );
    expect(missing).toEqual([]);
  });

  it('control: a test that is not there, or is in another file, would be noticed', () => {
    expect(hasTest('test/contract/recording.test.ts', 'holds nothing but times, boxes and scores')).toBe(
      true,
    );
    expect(hasTest('test/contract/recording.test.ts', 'holds nothing but times')).toBe(false);
    expect(hasTest('test/contract/journal.test.ts', 'holds nothing but times, boxes and scores')).toBe(false);
    expect(hasTest('test/contract/gone.test.ts', 'anything')).toBe(false);
  });
});

/** Whether a file of tests has one with exactly that title. */
function hasTest(file: string, title: string): boolean {
  let code: string;
  try {
    code = read(file);
  } catch {
    return false;
  }
  const titles = [...code.matchAll(/(?:\b(?:it|test)(?:\.\w+)?\(|\)\(\s*)\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)];
  return titles.some(([, , one]) => one!.replaceAll(/\\(.)/g, '$1') === title);
}

describe('What crosses from sensing', () => {
  it('has the fields of the core, no more and no less', () => {
    type Seen = z.infer<typeof observationSchema>;
    expectTypeOf<keyof Extract<Seen, { kind: 'people' }>>().toEqualTypeOf<
      keyof Extract<Observation, { kind: 'people' }>
    >();
    expectTypeOf<keyof Extract<Seen, { kind: 'quiet' }>>().toEqualTypeOf<
      keyof Extract<Observation, { kind: 'quiet' }>
    >();
    expectTypeOf<keyof Extract<Seen, { kind: 'blind' }>>().toEqualTypeOf<
      keyof Extract<Observation, { kind: 'blind' }>
    >();
    type Found = z.infer<typeof personSchema>;
    expectTypeOf<keyof Found>().toEqualTypeOf<keyof Person>();
    expectTypeOf<keyof Found['box']>().toEqualTypeOf<keyof Person['box']>();
    expectTypeOf<keyof NonNullable<Found['spread']>>().toEqualTypeOf<keyof NonNullable<Person['spread']>>();
    expectTypeOf<keyof NonNullable<Found['head']>>().toEqualTypeOf<keyof NonNullable<Person['head']>>();
    const person = { box: { left: 1, top: 2, right: 3, bottom: 4 }, score: 0.5 };
    expect(personSchema.safeParse(person).success).toBe(true);
    expect(personSchema.safeParse({ ...person, embedding: [0.1] }).success).toBe(false);
  });
});

describe('What leaves', () => {
  it('is wide in no field but those that are listed, each with why', () => {
    const used = new Set<string>();
    expect(wideIn(all, (key) => used.add(key))).toEqual([]);
    expect(wideKeys.filter((key) => !used.has(key))).toEqual([]);
  });

  it('control: a picture, an embedding and an open text would be noticed, wherever they were put', () => {
    const tempting: Readonly<Record<string, z.ZodType>> = {
      jpeg: z.base64(),
      crop: z.string().max(20_000),
      bitmap: z.array(z.int().min(0).max(255)).max(1_024),
      embedding: z.array(z.number()).length(128),
      nested: z.array(z.tuple([z.number(), z.number(), z.number()])).max(20),
      notes: z.string(),
      blob: z.unknown(),
      extra: z.record(z.string(), z.string()),
      loose: z.string().regex(/^[0-9a-f]+$/),
      free: z.string().regex(/[a-z]{3}/),
    };
    for (const [name, schema] of Object.entries(tempting)) {
      expect([name, wideIn([madeUp(z.strictObject({ [name]: schema }))]).length]).toEqual([name, 1]);
      const deep = z.strictObject({
        zones: z.array(z.strictObject({ inner: z.strictObject({ [name]: schema }) })),
      });
      expect([name, wideIn([madeUp(deep)]).length]).toEqual([name, 1]);
    }
  });

  it('control: what is narrow is not taken for wide', () => {
    const narrow = z.strictObject({
      id: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      visit: z.string().regex(/^[0-9a-z]{4}-\d{1,9}$/),
      at: z.iso.datetime({ precision: 3 }),
      why: z.string().max(300),
      point: z.tuple([z.number(), z.number()]),
      kind: z.enum(['a', 'b']),
    });
    expect(wideIn([madeUp(narrow)])).toEqual([]);
    expect(longestOf('^(a|bcd){2}[x-z]?$')).toBe(7);
    expect(longestOf('^[a-z]{2,}$')).toBe(Number.POSITIVE_INFINITY);
  });

  it('a coordinate of somebody leaves for a token, goes from one box of the branch to another, or stays on the box', () => {
    const coordinates = /(?:^|\.)(?:x|y|at\[\]|left|top|right|bottom)$|people\[\]\[\]$|^pixel\[\]$/;
    const outside = ['mqtt', 'webhook', 'metrics', 'home-assistant', 'browser'];
    const found = all.filter(({ fields }) => fields.some(({ path }) => coordinates.test(path)));
    expect(found.filter(({ way }) => outside.includes(way))).toEqual([]);
    // The live events are for tokens as a whole.
    const open = found.filter(
      ({ way, note = '' }) => way === 'http' && !note.includes('For tokens of the role'),
    );
    expect(open.map(({ name }) => name)).toEqual([]);
    expect(found.map(({ way }) => way)).toEqual(
      expect.arrayContaining(['sensing', 'boxes', 'http', 'live', 'table', 'asked']),
    );
  });

  it('is answered by one address with a picture, which is the empty lobby', () => {
    const folder = join(root, 'edge/http');
    const pictures = readdirSync(folder).flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/'(?:image|video)\/[a-z0-9]+'/g)].map(
        ([type]) => `${name} ${type}`,
      ),
    );
    expect(pictures).toEqual(["demo.ts 'video/mp4'", "setup.ts 'image/png'"]);
    expect(read('edge/http/setup.ts')).toMatch(/const png = plates\.png\(/);
    const bytes = all.flatMap(({ name, fields }) =>
      fields.filter(({ kind }) => kind === 'bytes').map(() => name),
    );
    // The other one goes the other way: weights of a published model, for a page that finds people itself.
    expect(bytes).toEqual(['GET /api/v1/camera/model', 'GET /api/v1/setup/cameras/{id}/plate']);
  });

  it('has no place in any sentence for what must not be in it', () => {
    const lines = logLines();
    expect(lines.length).toBeGreaterThan(60);
    const said = [
      ...lines.flatMap(({ text, holds }) => holds.map((one) => `${one} in "${text}"`)),
      // The one that refuses a visit's story names the visit it was asked for.
      ...errorSentences().flatMap(({ code, text }) =>
        code === 'LOBBY_VISIT_UNKNOWN'
          ? []
          : [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name} in "${text}"`),
      ),
    ];
    expect(said.filter((one) => forbidden.test(one.split(' in "')[0]!))).toEqual([]);
    const tempting = linesIn(
      'made-up.ts',
      'log.info(`seen: $' +
        '{person.box.left}`); options.onRemark?.(isOn ? `hello $' +
        '{visit}` : "off"); log.error(frame, "broken");',
    );
    expect(tempting.map(({ text }) => text)).toEqual([
      'seen: {person.box.left}',
      'hello {visit}',
      'off',
      '{frame}',
      'broken',
    ]);
    expect(tempting.flatMap(({ holds }) => holds.filter((one) => forbidden.test(one)))).toHaveLength(3);
  });

  it('says of no trouble more than its bound, however long its details are', () => {
    const details = Object.fromEntries(
      Object.values(errorCodes)
        .flatMap(({ message, remedy }) => [...`${message} ${remedy}`.matchAll(/\{(\w+)\}/g)])
        .map(([, name]) => [name!, 'x'.repeat(10_000)]),
    );
    for (const code of Object.keys(errorCodes) as (keyof typeof errorCodes)[]) {
      const { message, remedy } = new LobbyError(code, details);
      expect(Math.max(message.length, remedy.length)).toBeLessThanOrEqual(mostTroubleLetters);
    }
  });

  it('is kept in a browser by the pages that are named, under the names that are listed', () => {
    const folder = join(root, 'edge/pages');
    const using = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `edge/pages/${name}`)
      .filter((file) => /\b(?:localStorage|sessionStorage|caches|indexedDB)\b/.test(read(file)));
    expect(using.sort()).toEqual(Object.keys(browserStores).sort());
    for (const [file, stores] of Object.entries(browserStores)) {
      const names = [...read(file).matchAll(/'(lobby\.[a-z]+|lobby-watch)'/g)].map(([, name]) => name!);
      expect([...new Set(names)].sort()).toEqual(stores.map(([name]) => name).sort());
    }
  });

  it('is kept out of core dumps by the unit of systemd', () => {
    expect(read('docker/systemd/lobby-sense.service')).toMatch(/^LimitCORE=0$/m);
  });
});

/** Names of what has no business in a log. */
const forbidden =
  /\b(?:person|people|visits?|box|boxes|frame|rgb|picture|head|track|password|secret|login|token|tokens|position|where|feet)\b/i;

describe('The walk over a schema', () => {
  const paths = (fields: readonly Field[]) => fields.map(({ path, kind }) => `${path}: ${kind}`);

  it('finds every field, however deep, and each once', () => {
    const schema = z.strictObject({
      one: z.array(z.strictObject({ two: z.record(z.string(), z.number()), three: z.string().max(3) })),
      four: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('a'), five: z.number() }),
        z.strictObject({ kind: z.literal('b'), five: z.string().max(4) }),
      ]),
      name: z.strictObject({ zh: z.string().max(5), en: z.string().max(9) }).describe('A name.'),
    });
    const fields = fieldsOf(z.toJSONSchema(schema));
    expect(paths(fields)).toEqual([
      'one[].two{}: number',
      'one[].three: text',
      'four.kind: word',
      'four.five: text',
      'name: text',
    ]);
    expect(fields.at(-1)).toMatchObject({ most: 9, purpose: 'A name.' });
  });

  it('points at what is listed elsewhere, and at nothing that is merely like it', () => {
    const parts = sharedParts();
    const twin = z.strictObject({ prompt: messages.prompt.schema });
    expect(fieldsOf(z.toJSONSchema(twin), { parts })).toEqual([
      { path: 'prompt', kind: 'part', part: 'mqtt prompt' },
    ]);
    const like = z.strictObject({ prompt: messages.prompt.schema.extend({ face: z.string().max(9) }) });
    expect(paths(fieldsOf(z.toJSONSchema(like), { parts }))).toContain('prompt.face: text');
  });
});
