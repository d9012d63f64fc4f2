import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, stringify, type YAMLSeq } from 'yaml';
import type { Profile } from '../../src/contract/calendar.ts';

/**
 * Puts the list of profiles into the text of a branch file. A profile that does not change stays byte for byte, with
 * the comments above it; one that does keeps its comments, and its spaces become the usual ones; everything else of
 * the file stays as it is.
 *
 * @param profiles all there shall be, in order
 * @returns `undefined` where that cannot be done for sure, such as where one is written by an alias
 */
export function putProfiles(text: string, profiles: readonly Profile[]): string | undefined {
  const wanted = JSON.parse(JSON.stringify(profiles)) as Profile[];
  const before = parseDocument(text).toJS() as { profiles?: unknown };
  if (isDeepStrictEqual(whole(before.profiles), wanted)) return text;
  const next = put(text, wanted);
  if (next === undefined) return undefined;
  const document = parseDocument(next);
  if (document.errors.length > 0) return undefined;
  const after = document.toJS() as { profiles?: unknown };
  return isDeepStrictEqual({ ...after, profiles: whole(after.profiles) }, { ...before, profiles: wanted })
    ? next
    : undefined;
}

/** As the schema reads it: values may be left out where there are none. */
const whole = (profiles: unknown): unknown =>
  Array.isArray(profiles) ? profiles.map((one) => ({ ...one, thresholds: one?.thresholds ?? {} })) : [];

function put(text: string, wanted: readonly Profile[]): string | undefined {
  const { contents: root } = parseDocument(text);
  if (!isMap(root)) return undefined;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const pair = root.items.find((one) => isScalar(one.key) && one.key.value === 'profiles') as
    | Pair<Node, Node>
    | undefined;
  if (pair === undefined) {
    if (root.flow === true) return undefined;
    const gap = text === '' || text.endsWith('\n') ? '' : end;
    return `${text}${gap}profiles:${end}${rendered(wanted, '  ', end)}`;
  }
  const list = pair.value;
  if (isSeq(list) && list.flow !== true && list.items.length > 0) return putItems(text, list, wanted, end);
  // Written in one line, or empty: it becomes a list of lines. A comment within it would be lost.
  const range = list?.range ?? undefined;
  const key = pair.key.range!;
  const [from, to] = range === undefined ? [key[1], key[1]] : [range[0], range[1]];
  if (text.slice(from, to).includes('#') || !isPlain(list)) return undefined;
  if (wanted.length === 0) return `${text.slice(0, from)}${from === key[1] ? ': ' : ''}[]${text.slice(to)}`;
  const head = text.slice(0, from).trimEnd();
  const rest = restOfLine(text, to);
  return `${head}${text.slice(to, rest)}${end}${rendered(wanted, '  ', end)}${afterBreak(text, rest)}`;
}

const isPlain = (list: unknown): boolean =>
  list === null || list === undefined || isSeq(list) || (isScalar(list) && list.value === null);

interface Item {
  readonly id: string;
  readonly value: unknown;
  /** Comment lines right above it. */
  readonly lead: string;
  /** From the line of its dash to the end of its last line. */
  readonly body: string;
}

function putItems(text: string, list: YAMLSeq, wanted: readonly Profile[], end: string): string | undefined {
  const starts: number[] = [];
  const nodes = list.items as Node[];
  for (const node of nodes) {
    if (!isMap(node) || node.anchor !== undefined || node.range == null) return undefined;
    const line = lineStart(text, node.range[0]);
    const dash = text.slice(line, node.range[0]);
    // Its first key must stand right behind its dash.
    if (!/^ *- +$/.test(dash)) return undefined;
    starts.push(line);
  }
  const indent = /^ */.exec(text.slice(starts[0]!))![0];
  const leads = starts.map((start) => leadStart(text, start, indent));
  const last = nodes.at(-1)!.range!;
  const breaks = text.indexOf('\n', Math.max(last[0], last[1] - 1));
  const stop = breaks < 0 ? text.length : breaks + 1;
  const items = nodes.map((node, index): Item => {
    const value = (node as unknown as { toJSON(): unknown }).toJSON();
    const body = text.slice(starts[index]!, index + 1 < nodes.length ? leads[index + 1] : stop);
    return {
      id: String((value as { id?: unknown }).id),
      value,
      lead: text.slice(leads[index]!, starts[index]!),
      body: body.endsWith('\n') ? body : `${body}${end}`,
    };
  });
  const [from, to] = [leads[0]!, stop];
  if (wanted.length === 0) {
    // The key's own line keeps its comment.
    const before = text.slice(0, from);
    const key = before.lastIndexOf('profiles:') + 'profiles:'.length;
    return `${before.slice(0, key)} []${before.slice(key)}${text.slice(to)}`;
  }
  const parts = wanted.map((profile) => {
    const known = items.find(({ id }) => id === profile.id);
    if (known === undefined) return rendered([profile], indent, end);
    if (isDeepStrictEqual(whole([known.value]), [profile])) return known.lead + known.body;
    const edited = editedItem(known, profile, indent, end);
    return edited === undefined ? undefined : known.lead + edited;
  });
  return parts.includes(undefined) ? undefined : text.slice(0, from) + parts.join('') + text.slice(to);
}

/** One profile with other values, its comments kept. */
function editedItem({ body }: Item, profile: Profile, indent: string, end: string): string | undefined {
  const dash = /^ *- +/.exec(body)![0].length;
  const lines = body.split(/\r?\n/);
  const plain = lines.map((line, index) =>
    index === 0 ? line.slice(dash) : line.replace(new RegExp(`^ {0,${dash}}`), ''),
  );
  const document = parseDocument(plain.join('\n'));
  if (!isMap(document.contents) || document.errors.length > 0) return undefined;
  putInto(document, [], document.toJS(), profile);
  const text = document.toString({ lineWidth: 0 }).trimEnd();
  return text
    .split('\n')
    .map((line, index) => (index === 0 ? `${indent}- ${line}` : line === '' ? line : `${indent}  ${line}`))
    .map((line) => line + end)
    .join('');
}

type Settable = Pick<ReturnType<typeof parseDocument>, 'setIn' | 'deleteIn' | 'createNode'>;

/** Changes what differs and nothing else, so that a comment stays with its key. */
function putInto(document: Settable, path: readonly string[], before: unknown, after: unknown): void {
  if (isDeepStrictEqual(before, after)) return;
  if (!isPlainObject(before) || !isPlainObject(after)) {
    const node = document.createNode(after, { flow: Array.isArray(after) || isPlainObject(after) });
    document.setIn(path, node);
    return;
  }
  for (const key of Object.keys(before)) {
    if (!(key in after)) document.deleteIn([...path, key]);
  }
  for (const [key, value] of Object.entries(after)) putInto(document, [...path, key], before[key], value);
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Profiles as somebody would write them: groups of a few values in one line. */
function rendered(profiles: readonly Profile[], indent: string, end: string): string {
  return profiles
    .map((profile) => {
      const { id, name, days, thresholds } = profile;
      const oneLine = (value: unknown) =>
        stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
      const groups = Object.entries(thresholds);
      const lines = [
        `- id: ${oneLine(id)}`,
        ...(name === undefined ? [] : [`  name: ${oneLine(name)}`]),
        `  days: ${oneLine(days).replace(/\[ ([\w, -]+) \]/g, '[$1]')}`,
        ...(groups.length === 0
          ? ['  thresholds: {}']
          : ['  thresholds:', ...groups.map(([group, values]) => `    ${group}: ${oneLine(values)}`)]),
      ];
      return lines.map((line) => `${indent}${line}${end}`).join('');
    })
    .join('');
}

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1;

/** Where a line ends, before its break. */
function restOfLine(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found - (text[found - 1] === '\r' ? 1 : 0);
}

const afterBreak = (text: string, at: number) => text.slice(at).replace(/^\r?\n/, '');

/** Where the comments begin that stand right above an item, as far in as its dash. */
function leadStart(text: string, start: number, indent: string): number {
  let at = start;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (!text.slice(above, at).startsWith(`${indent}#`)) return at;
    at = above;
  }
  return at;
}
