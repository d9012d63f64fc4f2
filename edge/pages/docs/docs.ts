/** The API's page for people: made here from /openapi.json, of the box's own files alone. */

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}
interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags: readonly string[];
  readonly 'x-role'?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
    readonly example?: unknown;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Media>> }>
  >;
}
interface Api {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly info: { readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

type Child = Node | string | undefined;

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.flatMap((child) => child ?? []));
  return element;
}

const code = (text: string) => make('code', {}, text);
const pretty = (example: unknown) =>
  make(
    'pre',
    { tabindex: '0' },
    code(typeof example === 'string' ? example : JSON.stringify(example, null, 2)),
  );
const isBoundless = (value: number | undefined) => value === undefined || Math.abs(value) >= 1e9;

/** `integer 1–200`, `a | b`, `array of …`. */
function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return typeOf(shared[nameOf(schema.$ref)] ?? {});
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const some = schema.oneOf ?? schema.anyOf;
  if (some !== undefined)
    return some.every(({ properties }) => properties) ? 'one of' : some.map(typeOf).join(' | ');
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
  if (schema.items !== undefined) return `array of ${typeOf(schema.items)}`;
  const { minimum, maximum, format, type } = schema;
  const name = [type ?? 'anything'].flat().join(' | ');
  if (format === 'date-time') return 'moment, UTC';
  if (isBoundless(minimum) && isBoundless(maximum)) return name;
  if (isBoundless(maximum)) return `${name} from ${minimum}`;
  return isBoundless(minimum) ? `${name} to ${maximum}` : `${name} ${minimum}–${maximum}`;
}

let shared: Readonly<Record<string, Schema>> = {};
const nameOf = ($ref: string) => $ref.split('/').at(-1)!;

/** Fields of a schema, one below the other, with those within them. */
function fieldsOf(given: Schema, within = '', depth = 0): Node[] {
  const schema = given.$ref === undefined ? given : (shared[nameOf(given.$ref)] ?? {});
  if (depth > 5) return [];
  const some = schema.oneOf ?? schema.anyOf;
  if (some !== undefined) return some.flatMap((one) => fieldsOf(one, within, depth));
  if (schema.items !== undefined) return fieldsOf(schema.items, `${within}[]`, depth);
  if (typeof schema.additionalProperties === 'object' && schema.properties === undefined) {
    return fieldsOf(schema.additionalProperties, `${within}.{key}`, depth);
  }
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const path = within === '' ? name : `${within}.${name}`;
    const isRequired = schema.required?.includes(name) === true;
    return [
      make(
        'tr',
        {},
        make('td', {}, code(path), isRequired ? undefined : ' ?'),
        make('td', {}, typeOf(one)),
        make('td', {}, one.description ?? ''),
      ),
      ...fieldsOf(one, path, depth + 1),
    ];
  });
}

function table(caption: string, heads: readonly string[], rows: readonly Node[]): Node {
  return make(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    make(
      'table',
      {},
      make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
      make('tbody', {}, ...rows),
    ),
  );
}

/** A line for a shell that asks it. */
function curl(method: string, path: string, operation: Operation): string {
  const filled = (operation.parameters ?? [])
    .filter((one) => one.in === 'path')
    .reduce((text, one) => text.replace(`{${one.name}}`, String(one.example)), path);
  const request = Object.values(operation.requestBody?.content ?? {})[0]?.example;
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${location.origin}${filled}`,
    ...(operation['x-role'] === undefined ? [] : [`-H 'Authorization: Bearer lobby-…'`]),
    ...(request === undefined ? [] : [`-H 'Content-Type: application/json' -d '${JSON.stringify(request)}'`]),
  ].join(' \\\n  ');
}

function operationPart(method: string, path: string, operation: Operation): Node {
  const { parameters = [], requestBody, responses } = operation;
  const role = operation['x-role'];
  const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
  const replies = Object.entries(responses).filter(([status]) => Number(status) < 400);
  const named = `${method} ${path}`;
  return make(
    'details',
    { id: operation.operationId },
    make(
      'summary',
      {},
      make('b', { class: 'method' }, method),
      ' ',
      code(path),
      ' ',
      make('span', { class: 'role' }, role ?? 'open'),
      make('span', { class: 'summary' }, operation.summary ?? ''),
    ),
    pretty(curl(method, path, operation)),
    ...(parameters.length === 0
      ? []
      : [
          make('h4', {}, 'Parameters'),
          table(
            `Parameters of ${named}`,
            ['Name', 'In', 'Type', 'What', 'Example'],
            parameters.map((one) =>
              make(
                'tr',
                {},
                make('td', {}, code(one.name), one.required === true ? undefined : ' ?'),
                make('td', {}, one.in),
                make('td', {}, typeOf(one.schema)),
                make('td', {}, one.description ?? ''),
                make('td', {}, one.example === undefined ? '' : code(String(one.example))),
              ),
            ),
          ),
        ]),
    ...Object.values(requestBody?.content ?? {}).flatMap((media) => [
      make('h4', {}, 'Request'),
      pretty(media.example),
      table(`Request of ${named}`, ['Field', 'Type', 'What'], fieldsOf(media.schema ?? {})),
    ]),
    ...replies.flatMap(([status, { description, content }]) => [
      make('h4', {}, `${status} ${description}`),
      ...Object.values(content ?? {}).flatMap((media) => {
        const fields = fieldsOf(media.schema ?? {});
        return [
          pretty(media.example),
          ...(fields.length === 0
            ? []
            : [
                make(
                  'details',
                  { class: 'fields' },
                  make('summary', {}, 'Fields'),
                  table(`Reply ${status} of ${named}`, ['Field', 'Type', 'What'], fields),
                ),
              ]),
        ];
      }),
    ]),
    make('h4', {}, 'Refusals'),
    table(
      `Refusals of ${named}`,
      ['Status', 'Code, for instance', 'Sentence and remedy'],
      refusals.map(([status, { description, content }]) => {
        const example = Object.values(content ?? {})[0]?.example as
          | { readonly code?: string; readonly message?: string; readonly remedy?: string }
          | undefined;
        return make(
          'tr',
          {},
          make('td', {}, `${status} ${description}`),
          make('td', {}, code(example?.code ?? '–')),
          make('td', {}, example?.message === undefined ? '' : `${example.message}. ${example.remedy}`),
        );
      }),
    ),
  );
}

async function show(): Promise<void> {
  const place = document.getElementById('api')!;
  try {
    const reply = await fetch('/openapi.json', { cache: 'no-store' });
    const api = (await reply.json()) as Api;
    shared = api.components.schemas;
    document.getElementById('version')!.textContent = `v1 · ${api.info.version}`;
    document.getElementById('about')!.textContent = api.info.description;
    place.replaceChildren(
      ...api.tags.map(({ name, description }) =>
        make(
          'section',
          { 'aria-labelledby': `tag-${name}` },
          make('h2', { id: `tag-${name}` }, name, ' ', make('small', {}, description ?? '')),
          ...Object.entries(api.paths).flatMap(([path, item]) =>
            Object.entries(item)
              .filter(([, operation]) => operation.tags.includes(name))
              .map(([method, operation]) => operationPart(method.toUpperCase(), path, operation)),
          ),
        ),
      ),
    );
  } catch {
    place.replaceChildren(make('p', { role: 'alert' }, 'The box does not answer. Load this page again.'));
  }
  place.removeAttribute('aria-busy');
  const asked = document.getElementById(location.hash.slice(1));
  if (asked instanceof HTMLDetailsElement) {
    asked.open = true;
    asked.scrollIntoView();
  }
}

void show();
