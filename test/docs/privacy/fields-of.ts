/** What JSON Schema says of a field, as far as it is looked at here. */
export interface Shape {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  /** Of a threshold: what it is called. */
  readonly setting?: { readonly title: { readonly en: string } };
  readonly title?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly items?: Shape | boolean;
  readonly prefixItems?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly propertyNames?: Shape;
  readonly additionalProperties?: Shape | boolean;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
}

/**
 * What a field can hold:
 *
 * - `word`: one of a list that the code has, or a truth;
 * - `moment`: a point in time;
 * - `number`: one number;
 * - `name`: a text of a form, as long as the form lets it be;
 * - `text`: a text of any form, `most` letters long; without `most` as long as it likes;
 * - `anything`: whatever JSON can say;
 * - `bytes`: something that is no JSON;
 * - `part`: what is listed elsewhere under a name of its own.
 */
export type FieldKind = 'part' | 'word' | 'moment' | 'number' | 'name' | 'text' | 'anything' | 'bytes';

/** One field that something can stand in. */
export interface Field {
  /** `zones[].people`; `[]` is each of a list, `{}` each of a table by name, a number a place in a fixed row. */
  readonly path: string;
  readonly kind: FieldKind;
  /** Of `name` and `text`: letters at most; absent: no bound. */
  readonly most?: number;
  /** Numbers that stand beside each other in the innermost list or table without a name each: as many at most. Absent: it is one. */
  readonly inARow?: number;
  readonly purpose?: string;
  /** Of `part`: which. */
  readonly part?: string;
}

/** What the walk needs to know besides the schema: schemas others point to, and parts that are listed elsewhere. */
interface Known {
  readonly named: Readonly<Record<string, Shape>>;
  /** Names of parts by `textOf` of their schema. */
  readonly parts: ReadonlyMap<string, string>;
  readonly put: (field: Field) => void;
}

const saysNothing = new Set(
  '$schema description title default example examples id setting group required'.split(' '),
);

/** A schema as text, without what does not change what it takes: two that take the same are the same text. */
export function textOf(shape: unknown, named: Readonly<Record<string, object>> = {}): string {
  const plain = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(plain);
    if (typeof one !== 'object' || one === null) return one;
    const given = resolved(one as Shape, named) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(given)
        .map(([key, value]) =>
          key === 'enum' && (value as unknown[]).length === 1
            ? (['const', (value as unknown[])[0]] as const)
            : ([key, value] as const),
        )
        // Fields may be called what a keyword is called; those are schemas, and keywords are not.
        .filter(([key, value]) => !saysNothing.has(key) || isSchema(value))
        .filter(([key]) => !(key === 'pattern' && /^date/.test(String(given.format))))
        .sort(([first], [second]) => (first < second ? -1 : 1))
        .map(([key, value]) => [key, plain(value)]),
    );
  };
  return JSON.stringify(plain(shape));
}

/** Parts are the same for many a schema. */
const known = new WeakMap<object, readonly (readonly [text: string, name: string])[]>();

function textsOf(parts: Readonly<Record<string, object>>) {
  const before = known.get(parts);
  if (before !== undefined) return before;
  const texts = Object.entries(parts).map(([name, one]) => [textOf(one), name] as const);
  known.set(parts, texts);
  return texts;
}

const isSchema = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  ['type', 'anyOf', 'oneOf', '$ref', 'enum', 'const'].some((key) => key in value);

const resolved = (shape: Shape, named: Readonly<Record<string, Shape>>): Shape => {
  if (shape.$ref === undefined) return shape;
  const { $ref, ...beside } = shape;
  return { ...resolved(named[$ref.split('/').at(-1)!] ?? {}, named), ...beside };
};

/**
 * Every field that something can stand in, in the order of the schema, each once.
 *
 * What is said of a list, of a table by name or of a choice is said of each of its parts; what is said of an object is
 * not said of its fields: each needs words of its own. Only a pair of `zh` and `en` is one field.
 *
 * @param beside `named`: schemas that others point to; `parts`: schemas that are listed elsewhere, by name: they are one
 *              field here, of kind `part`
 */
export function fieldsOf(
  schema: object,
  beside: {
    readonly named?: Readonly<Record<string, object>>;
    readonly parts?: Readonly<Record<string, object>>;
  } = {},
): readonly Field[] {
  const found = new Map<string, Field>();
  const { named = {}, parts = {} } = beside;
  const own = textOf(schema, named);
  const texts = textsOf(parts);
  const put = (field: Field) => {
    const before = found.get(field.path);
    found.set(field.path, before === undefined ? field : wider(before, field));
  };
  walk(schema as Shape, '', undefined, 1, {
    named,
    // A part is not a part of itself.
    parts: new Map(texts.filter(([text]) => text !== own)),
    put,
  });
  return [...found.values()];
}

const wordsOf = ({ description, setting, title }: Shape) => description ?? setting?.title.en ?? title;

function walk(given: Shape, path: string, said: string | undefined, inARow: number, known: Known): void {
  const shape = resolved(given, known.named);
  const purpose = wordsOf(shape) ?? said;
  const leaf = (kind: FieldKind, most?: number, part?: string) =>
    known.put({
      path,
      kind,
      ...(most === undefined ? {} : { most }),
      ...(inARow > 1 ? { inARow } : {}),
      ...(purpose === undefined ? {} : { purpose }),
      ...(part === undefined ? {} : { part }),
    });
  const part = known.parts.get(textOf(shape, known.named));
  if (part !== undefined) {
    leaf('part', undefined, part);
    return;
  }
  const choices = shape.anyOf ?? shape.oneOf ?? shape.allOf;
  if (choices !== undefined) {
    for (const one of choices) walk(one, path, purpose, inARow, known);
    return;
  }
  if (shape.const !== undefined || shape.enum !== undefined) {
    leaf('word');
    return;
  }
  for (const type of [shape.type ?? typeless(shape)].flat()) {
    if (type === 'object') walkObject(shape, path, purpose, known, leaf);
    else if (type === 'array') walkArray(shape, path, purpose, inARow, known, leaf);
    else if (type === 'string') walkText(shape, leaf);
    else if (type === 'number' || type === 'integer') leaf('number');
    else if (type === 'boolean') leaf('word');
    else if (type !== 'null') leaf('anything');
  }
}

const typeless = (shape: Shape): string =>
  shape.properties !== undefined ? 'object' : shape.items !== undefined || shape.prefixItems ? 'array' : '';

function walkObject(
  shape: Shape,
  path: string,
  purpose: string | undefined,
  known: Known,
  leaf: (kind: FieldKind) => void,
): void {
  const { properties = {}, additionalProperties } = shape;
  const names = Object.keys(properties);
  const isBilingual = path !== '' && names.length === 2 && names.includes('zh') && names.includes('en');
  for (const [name, one] of Object.entries(properties)) {
    if (isBilingual) walk(one, path, purpose, 1, known);
    else walk(one, path === '' ? name : `${path}.${name}`, undefined, 1, known);
  }
  if (additionalProperties === true || (additionalProperties === undefined && names.length === 0))
    leaf('anything');
  else if (typeof additionalProperties === 'object') {
    const most = shape.maxProperties ?? Number.POSITIVE_INFINITY;
    const isOpen = Object.keys(additionalProperties).length === 0;
    if (isOpen) leaf('anything');
    else walk(additionalProperties, `${path}{}`, purpose, most, known);
  }
}

function walkArray(
  { items, prefixItems = [], maxItems = Number.POSITIVE_INFINITY }: Shape,
  path: string,
  purpose: string | undefined,
  inARow: number,
  known: Known,
  leaf: (kind: FieldKind) => void,
): void {
  for (const one of prefixItems) walk(one, `${path}[]`, purpose, inARow * prefixItems.length, known);
  if (typeof items === 'object') walk(items, `${path}[]`, purpose, inARow * maxItems, known);
  else if (prefixItems.length === 0) leaf('anything');
}

function walkText(
  { format, pattern, maxLength }: Shape,
  leaf: (kind: FieldKind, most?: number) => void,
): void {
  if (format === 'date-time' || format === 'date') leaf('moment');
  else if (format === 'binary') leaf('bytes');
  else if (pattern !== undefined) {
    const most = Math.min(longestOf(pattern), maxLength ?? Number.POSITIVE_INFINITY);
    leaf('name', Number.isFinite(most) ? most : undefined);
  } else leaf('text', maxLength);
}

/**
 * The longest text a pattern takes, for the patterns of the contract: characters, classes, groups, alternatives and
 * bounds. One that has no bound, or does not hold its ends, takes any length.
 *
 * @example
 * ```ts
 * longestOf('^[a-z0-9-]{1,40}$'); // 40
 * longestOf('^[0-9a-z]{4}-\\d{1,9}$'); // 14
 * longestOf('^a+$'); // Infinity
 * ```
 */
export function longestOf(pattern: string): number {
  if (!pattern.startsWith('^') || !pattern.endsWith('$')) return Number.POSITIVE_INFINITY;
  let at = 1;
  const end = pattern.length - 1;
  const either = (until: () => boolean): number => {
    let most = 0;
    let now = 0;
    while (!until()) {
      if (pattern[at] === '|') {
        most = Math.max(most, now);
        now = 0;
        at += 1;
      } else now += piece();
    }
    return Math.max(most, now);
  };
  const piece = (): number => {
    let width = 1;
    if (pattern[at] === '(') {
      at += 1;
      if (pattern.startsWith('?:', at)) at += 2;
      width = either(() => pattern[at] === ')' || at >= end);
      at += 1;
    } else if (pattern[at] === '[') {
      for (at += 1; pattern[at] !== ']' && at < end; at += 1) if (pattern[at] === '\\') at += 1;
      at += 1;
    } else if (pattern[at] === '\\') at += 2;
    else at += 1;
    const bound = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(at));
    if (bound !== null) {
      at += bound[0].length;
      return (
        width * (bound[2] === undefined ? Number(bound[1]) : Number(bound[3] || Number.POSITIVE_INFINITY))
      );
    }
    const times = { '?': 1, '*': Number.POSITIVE_INFINITY, '+': Number.POSITIVE_INFINITY }[pattern[at]!];
    if (times === undefined) return width;
    at += 1;
    return width * times;
  };
  return either(() => at >= end);
}

const order: readonly FieldKind[] = ['part', 'word', 'moment', 'number', 'name', 'text', 'anything', 'bytes'];

/** Of two things a field can hold, as a choice has them, the one that can hold more. */
function wider(one: Field, other: Field): Field {
  const more = order.indexOf(other.kind) > order.indexOf(one.kind) ? other : one;
  const isText = one.kind === other.kind && (one.kind === 'text' || one.kind === 'name');
  const { most: _, ...rest } = more;
  const most = isText
    ? one.most === undefined || other.most === undefined
      ? undefined
      : Math.max(one.most, other.most)
    : more.most;
  const inARow = Math.max(one.inARow ?? 1, other.inARow ?? 1);
  const purpose = one.purpose ?? other.purpose;
  return {
    ...rest,
    ...(most === undefined ? {} : { most }),
    ...(inARow > 1 ? { inARow } : {}),
    ...(purpose === undefined ? {} : { purpose }),
  };
}
