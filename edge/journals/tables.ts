import { z } from 'zod';
import { type JournalLine, journalLineSchema } from '../../src/contract/journal.ts';

/** What JSON Schema says of a field, as far as it is looked at here. */
interface Shape {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly anyOf?: readonly Shape[];
}

/** A column, and the field of a line it holds. */
export interface Column {
  readonly field: string;
  readonly name: string;
  /** As SQL declares it: `STRUCT("visit" VARCHAR, "x" DOUBLE)[]`. */
  readonly type: string;
  /** The same as DuckDB's `from_json` wants it. */
  readonly structure: unknown;
  /** May be null and may be absent, which are two things: `null` is kept as a word. */
  readonly isWorded: boolean;
  readonly shape: Shape;
}

/** The table of one kind of line. */
export interface Table {
  readonly kind: JournalLine['kind'];
  readonly columns: readonly Column[];
}

/** Fields whose names SQL keeps for itself, and would want in quotes each time. */
const plainNames: Readonly<Record<string, string>> = { at: 'moment', by: 'role' };
const plainNamesOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  prompt: { to: 'roles' },
  settings: { from: 'old', to: 'new' },
};

/**
 * The tables of the journal, one a kind of line, made from the contract: what a line may have is a column, and there is
 * no second list of them.
 *
 *     z.iso.datetime()        TIMESTAMP, UTC       z.array(z.string())     VARCHAR[]
 *     z.enum(…), z.string()   VARCHAR              z.array(z.object(…))    STRUCT(…)[]
 *     z.int()                 BIGINT               z.record(…, z.number()) MAP(VARCHAR, DOUBLE)
 *     z.number()              DOUBLE               anything else           JSON
 */
export function tablesOf(kinds: readonly z.ZodObject[] = journalLineSchema.options): readonly Table[] {
  return kinds.map((schema) => {
    const { properties = {} } = z.toJSONSchema(schema) as Shape;
    const kind = String(properties.kind!.const) as JournalLine['kind'];
    const columns = Object.entries(properties)
      // What every line of the kind has alike is not kept a million times.
      .filter(([, { const: fixed }]) => fixed === undefined || fixed === true)
      .map(([field, shape]): Column => {
        const isWorded =
          shape.anyOf?.some(({ type }) => type === 'null') === true ||
          (Array.isArray(shape.type) && shape.type.includes('null'));
        const [type, structure] = isWorded ? ['VARCHAR', 'VARCHAR'] : typeOf(shape);
        const name = plainNamesOf[kind]?.[field] ?? plainNames[field] ?? field;
        return { field, name, type, structure, isWorded, shape };
      });
    return { kind, columns };
  });
}

function typeOf(shape: Shape): readonly [type: string, structure: unknown] {
  const { type, format, items, properties, additionalProperties } = shape;
  if (type === 'string') return format === 'date-time' ? ['TIMESTAMP', 'TIMESTAMP'] : ['VARCHAR', 'VARCHAR'];
  if (type === 'integer') return ['BIGINT', 'BIGINT'];
  if (type === 'number') return ['DOUBLE', 'DOUBLE'];
  if (type === 'boolean') return ['BOOLEAN', 'BOOLEAN'];
  if (type === 'array' && items !== undefined) {
    const [of, structure] = typeOf(items);
    return [`${of}[]`, [structure]];
  }
  if (type === 'object' && properties !== undefined && Object.keys(properties).length > 0) {
    const fields = Object.entries(properties).map(([name, one]) => [name, ...typeOf(one)] as const);
    return [
      `STRUCT(${fields.map(([name, of]) => `"${name}" ${of}`).join(', ')})`,
      Object.fromEntries(fields.map(([name, , structure]) => [name, structure])),
    ];
  }
  if (
    type === 'object' &&
    typeof additionalProperties === 'object' &&
    additionalProperties.type === 'number'
  ) {
    return ['MAP(VARCHAR, DOUBLE)', 'MAP(VARCHAR, DOUBLE)'];
  }
  return ['JSON', 'JSON'];
}

/** A line on its way into its table. */
export function toRow({ columns }: Table, line: JournalLine): Record<string, unknown> {
  const given = line as unknown as Record<string, unknown>;
  const worded = columns.filter(({ field, isWorded }) => isWorded && given[field] !== undefined);
  if (worded.length === 0) return given;
  return {
    ...given,
    ...Object.fromEntries(worded.map(({ field }) => [field, JSON.stringify(given[field])])),
  };
}

/** The way back: what `to_json` makes of a row is the line that was written. */
export function toLine({ kind, columns }: Table, row: Readonly<Record<string, unknown>>): JournalLine {
  const line: Record<string, unknown> = { v: 1, at: undefined, kind };
  for (const { field, name, isWorded, shape } of columns) {
    const value = row[name];
    if (value === null || value === undefined) continue;
    line[field] = isWorded ? JSON.parse(String(value)) : restored(shape, value);
  }
  return line as unknown as JournalLine;
}

function restored(shape: Shape, value: unknown): unknown {
  if (shape.format === 'date-time') return momentOf(String(value));
  if (Array.isArray(value)) {
    return shape.items === undefined ? value : value.map((one) => restored(shape.items!, one));
  }
  const { properties } = shape;
  if (properties === undefined || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, one]) => one !== null && properties[name] !== undefined)
      .map(([name, one]) => [name, restored(properties[name]!, one)]),
  );
}

/** `2026-11-24 02:10:07.2` as the contract writes it: `2026-11-24T02:10:07.200Z`. */
function momentOf(text: string): string {
  return new Date(`${text.replace(' ', 'T')}Z`).toISOString();
}

/** A name in SQL. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
/** A text in SQL. */
export const texted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Puts rows, given as one JSON text of `{n, line}`, into a table. */
export function insertSql({ kind, columns }: Table): string {
  const structure = [
    { n: 'BIGINT', line: Object.fromEntries(columns.map((one) => [one.field, one.structure])) },
  ];
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const values = columns.map(({ field }) => `one.line.${quoted(field)}`).join(', ');
  return `INSERT INTO ${quoted(kind)} (n, ${names}) SELECT one.n, ${values}
    FROM (SELECT unnest(from_json($1, ${texted(JSON.stringify(structure))})) AS one)`;
}

/**
 * What has to be done to a file whose tables are of an earlier contract: tables and columns that are missing are added.
 * A column whose type can't grow into the new one is kept under another name.
 *
 * @param known types of the columns there are, by table and name
 */
export function growSql(
  tables: readonly Table[],
  known: ReadonlyMap<string, ReadonlyMap<string, string>>,
): readonly (readonly [first: string, otherwise?: readonly string[]])[] {
  return tables.flatMap(({ kind, columns }) => {
    const table = quoted(kind);
    const there = known.get(kind);
    if (there === undefined) {
      const all = columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ');
      return [[`CREATE TABLE ${table} (n BIGINT NOT NULL, ${all})`] as const];
    }
    return columns.flatMap(({ name, type }): (readonly [string, (readonly string[])?])[] => {
      const before = there.get(name);
      const column = quoted(name);
      const add = `ALTER TABLE ${table} ADD COLUMN ${column} ${type}`;
      if (before === undefined) return [[add]];
      // The file says `STRUCT(visit VARCHAR)` of what was declared with quotes.
      if (before.replaceAll('"', '') === type.replaceAll('"', '')) return [];
      let spare = 1;
      while (there.has(`${name}_${spare}`)) spare += 1;
      return [
        [
          `ALTER TABLE ${table} ALTER ${column} TYPE ${type}`,
          [`ALTER TABLE ${table} RENAME ${column} TO ${quoted(`${name}_${spare}`)}`, add],
        ],
      ];
    });
  });
}

/** Where a line of each kind says at which zone it is; those of a prompt are where their prompt was. */
export function placeSql({ kind, columns }: Table): string | undefined {
  const names = columns.map(({ name }) => name);
  if (names.includes('zone')) return 'zone';
  if (names.includes('place')) return 'place';
  return names.includes('id') && kind !== 'prompt'
    ? '(SELECT any_value(place) FROM prompt WHERE prompt.id = t.id)'
    : undefined;
}
