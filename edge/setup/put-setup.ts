import { isDeepStrictEqual } from 'node:util';
import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** Cameras and zones as the branch file writes them. */
export interface WrittenSetup {
  readonly cameras: readonly Readonly<Record<string, unknown>>[];
  readonly zones: readonly Readonly<Record<string, unknown>>[];
}

/** More edits than these are no change of a set-up but another file. */
const mostEdits = 1_000;

/**
 * Puts cameras and zones into the text of a branch file, and leaves every other byte of it as it is: a number that
 * moved is replaced where it stands, a zone that is new is added behind the last one, one that is gone goes with its
 * lines. Comments stay, also those above what is taken out.
 *
 *     zones:
 *       # the cash desks
 *       - { id: cash, polygon: [[0, 0], [2, 0], [2, 1.3]] } # by Li        ← only 1.3 is other than before
 *       - { id: desk, kind: desk, polygon: [[3, 0], [4, 0], [4, 1]] }      ← new
 *
 * One edit at a time, each on the text as the last one left it: nothing has to be reckoned with what moved.
 *
 * @param setup in any order: the file keeps its own, and what is new comes last
 * @returns `undefined` where that cannot be done for sure, such as where a value is shared by an alias
 */
export function putSetup(text: string, { cameras, zones }: WrittenSetup): string | undefined {
  const before = parseDocument(text);
  if (before.errors.length > 0 || !isMap(before.contents)) return undefined;
  const was = before.toJS() as Record<string, unknown>;
  const wanted = { cameras: inOrder(was.cameras, cameras), zones: inOrder(was.zones, zones) };
  const leavesOut = zones.length === 0 && !Array.isArray(was.zones);
  const goal = { ...was, cameras: wanted.cameras, ...(leavesOut ? {} : { zones: wanted.zones }) };
  let next = text;
  for (let edits = 0; edits < mostEdits; edits++) {
    const document = parseDocument(next);
    if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
    const root = document.contents;
    const now = document.toJS() as Record<string, unknown>;
    const edit =
      editOf(next, root, 'cameras', wanted.cameras, now.cameras) ??
      editOf(next, root, 'zones', wanted.zones, now.zones);
    if (edit === undefined) return isDeepStrictEqual(now, goal) ? next : undefined;
    if (edit === 'tangled') return undefined;
    const after = next.slice(0, edit.from) + edit.text + next.slice(edit.to);
    if (after === next) return undefined;
    next = after;
  }
  return undefined;
}

/** The entries in the order the file has them, new ones last. */
function inOrder<Entry>(now: unknown, wanted: readonly Entry[]): readonly Entry[] {
  const ids = Array.isArray(now) ? now.map(idOf) : [];
  const known = ids.flatMap((id) => wanted.find((one) => idOf(one) === id) ?? []);
  return [...known, ...wanted.filter((one) => !ids.includes(idOf(one)))];
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}
type Found = Edit | 'tangled' | undefined;

/** The first thing in which a list of the file is not as it is wanted. */
function editOf(text: string, root: YAMLMap, key: string, wanted: readonly unknown[], now: unknown): Found {
  const pair = pairOf(root, key);
  if (pair === undefined) {
    if (wanted.length === 0) return undefined;
    const end = lineEnd(text);
    const before = text === '' || text.endsWith('\n') ? '' : end;
    return insertAt(
      text.length,
      `${before}${key}:${end}${wanted.map((one) => itemLines('  ', one, end)).join('')}`,
    );
  }
  const list = pair.value as Node | null;
  if (list === null || (isScalar(list) && list.value === null)) {
    if (wanted.length === 0) return undefined;
    const keyEnd = (pair.key as { range: readonly number[] }).range[1]!;
    const colon = text.indexOf(':', keyEnd) + 1;
    const end = lineEnd(text);
    return insertAt(
      colon,
      `${end}${wanted
        .map((one) => itemLines('  ', one, end))
        .join('')
        .trimEnd()}`,
    );
  }
  if (!isSeq(list)) return 'tangled';
  return editList(text, list, wanted, Array.isArray(now) ? now : []);
}

function editNode(text: string, node: unknown, wanted: unknown): Found {
  if (isSeq(node) && Array.isArray(wanted)) return editSeq(text, node, wanted);
  if (isMap(node) && isRecord(wanted)) return editMap(text, node, wanted);
  const range = (node as { range?: readonly number[] } | null)?.range;
  if (range == null) return 'tangled';
  if (isScalar(node)) {
    return Object.is(node.value, wanted) ? undefined : replace(range, render(wanted));
  }
  // A list where a group is wanted, or the other way round: written anew.
  return isSeq(node) || isMap(node) ? replaceValue(text, node, wanted) : 'tangled';
}

/** A flow value in the place of another; a block one is replaced up to the end of its last line. */
function replaceValue(text: string, node: YAMLMap | YAMLSeq, wanted: unknown): Edit {
  const [from, to] = node.range as unknown as [number, number];
  const last = text.slice(from, to).trimEnd().length;
  return { from, to: from + last, text: render(wanted) };
}

function editMap(text: string, map: YAMLMap, wanted: Readonly<Record<string, unknown>>): Found {
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
    if (key === undefined) return 'tangled';
    if (!(key in wanted)) return removePair(text, map, pair as Pair);
    const edit = editNode(text, pair.value, wanted[key]);
    if (edit !== undefined) return edit;
  }
  const known = new Set(map.items.map((pair) => (isScalar(pair.key) ? String(pair.key.value) : '')));
  const lacking = Object.entries(wanted).find(([key]) => !known.has(key));
  return lacking === undefined ? undefined : addPair(text, map, lacking[0], lacking[1]);
}

/**
 * The first thing in which a list of entries with ids is not as it is wanted: an entry is the same as before if its id
 * is.
 *
 * @param now what its entries mean: an alias in one that is as it is wanted is left alone
 */
function editList(text: string, seq: YAMLSeq, wanted: readonly unknown[], now: readonly unknown[]): Found {
  const ids = now.map(idOf);
  const goal = wanted.map(idOf);
  const gone = ids.findIndex((id) => !goal.includes(id));
  if (gone >= 0) return removeItem(text, seq, gone);
  for (const [index, item] of seq.items.entries()) {
    const entry = wanted[goal.indexOf(ids[index])];
    if (isDeepStrictEqual(now[index], entry)) continue;
    return editNode(text, item, entry) ?? 'tangled';
  }
  const lacking = wanted.find((one) => !ids.includes(idOf(one)));
  return lacking === undefined ? undefined : addItem(text, seq, seq.items.length, lacking);
}

/** The first thing in which a list of numbers, points or pairs is not as it is wanted. */
function editSeq(text: string, seq: YAMLSeq, wanted: readonly unknown[]): Found {
  const now = seq.items.map((item) => meaningOf(item));
  if (isDeepStrictEqual(now, wanted)) return undefined;
  let same = 0;
  while (same < now.length && same < wanted.length && isDeepStrictEqual(now[same], wanted[same])) same += 1;
  let sameAtEnd = 0;
  while (
    sameAtEnd < Math.min(now.length, wanted.length) - same &&
    isDeepStrictEqual(now[now.length - 1 - sameAtEnd], wanted[wanted.length - 1 - sameAtEnd])
  ) {
    sameAtEnd += 1;
  }
  const [left, right] = [now.length - sameAtEnd - same, wanted.length - sameAtEnd - same];
  if (left === 0) return addItem(text, seq, same, wanted[same]);
  if (right === 0) return removeItem(text, seq, same);
  return editNode(text, seq.items[same], wanted[same]);
}

function addItem(text: string, seq: YAMLSeq, index: number, value: unknown): Found {
  const range = seq.range as unknown as [number, number];
  if (seq.flow === true || seq.items.length === 0) {
    const before = rangeOf(seq.items[index - 1]);
    const after = rangeOf(seq.items[index]);
    if (before !== undefined) return insertAt(before[1], `, ${render(value)}`);
    if (after !== undefined) return insertAt(after[0], `${render(value)}, `);
    return {
      from: range[0],
      to: range[0] + text.slice(range[0], range[1]).trimEnd().length,
      text: `[${render(value)}]`,
    };
  }
  const neighbour = rangeOf(seq.items[Math.max(0, index - 1)]);
  const dash = neighbour === undefined ? undefined : dashBefore(text, neighbour[0]);
  if (neighbour === undefined || dash === undefined) return 'tangled';
  const indent = text.slice(text.lastIndexOf('\n', dash - 1) + 1, dash);
  if (indent.trim() !== '') return 'tangled';
  const end = lineEnd(text);
  const lines = itemLines(indent, value, end);
  if (index === 0) return insertAt(dash - indent.length, lines);
  const breaks = endOfLines(text, neighbour);
  return breaks === undefined ? insertAt(text.length, end + lines) : insertAt(breaks, lines);
}

function removeItem(text: string, seq: YAMLSeq, index: number): Found {
  const own = rangeOf(seq.items[index]);
  if (own === undefined) return 'tangled';
  if (seq.flow === true) {
    const [before, after] = [rangeOf(seq.items[index - 1]), rangeOf(seq.items[index + 1])];
    if (after !== undefined) return cut(own[0], after[0]);
    return before === undefined ? cut(own[0], own[1]) : cut(before[1], own[1]);
  }
  const dash = dashBefore(text, own[0]);
  if (dash === undefined) return 'tangled';
  const from = text.lastIndexOf('\n', dash - 1) + 1;
  if (text.slice(from, dash).trim() !== '') return 'tangled';
  const to = endOfLines(text, own) ?? text.length;
  // A list without entries is written as one, or it would be nothing.
  return seq.items.length === 1
    ? { from, to, text: `${text.slice(from, dash)}[]${lineEnd(text)}` }
    : cut(from, to);
}

function addPair(text: string, map: YAMLMap, key: string, value: unknown): Found {
  const last = map.items.at(-1) as Pair | undefined;
  const lastKey = rangeOf(last?.key);
  const lastValue = rangeOf(last?.value) ?? lastKey;
  if (lastKey === undefined || lastValue === undefined) return 'tangled';
  if (map.flow === true) return insertAt(lastValue[1], `, ${key}: ${render(value)}`);
  const lineFrom = text.lastIndexOf('\n', lastKey[0] - 1) + 1;
  const before = text.slice(lineFrom, lastKey[0]);
  if (!/^[ -]*$/.test(before)) return 'tangled';
  const indent = before.replaceAll('-', ' ');
  const end = lineEnd(text);
  const lines = pairLines(indent, key, value, end);
  const breaks = endOfLines(text, lastValue);
  return breaks === undefined ? insertAt(text.length, end + lines) : insertAt(breaks, lines);
}

function removePair(text: string, map: YAMLMap, pair: Pair): Found {
  const index = (map.items as readonly unknown[]).indexOf(pair);
  const key = rangeOf(pair.key);
  const value = rangeOf(pair.value) ?? key;
  if (key === undefined || value === undefined) return 'tangled';
  if (map.flow === true) {
    const next = rangeOf((map.items[index + 1] as Pair | undefined)?.key);
    if (next !== undefined) return cut(key[0], next[0]);
    const before = map.items[index - 1] as Pair | undefined;
    const end = rangeOf(before?.value) ?? rangeOf(before?.key);
    return end === undefined ? 'tangled' : cut(end[1], value[1]);
  }
  const from = text.lastIndexOf('\n', key[0] - 1) + 1;
  if (text.slice(from, key[0]).trim() !== '') return 'tangled';
  return cut(from, endOfLines(text, value) ?? text.length);
}

/** One entry of a list in lines: cameras and their points spread out, all else on one line. */
function itemLines(indent: string, value: unknown, end: string): string {
  if (!isRecord(value) || value.source === undefined) return `${indent}- ${render(value)}${end}`;
  const pairs = Object.entries(value).map(([key, each]) => pairLines(`${indent}  `, key, each, end));
  return `${indent}- ${pairs.join('').slice(indent.length + 2)}`;
}

function pairLines(indent: string, key: string, value: unknown, end: string): string {
  if (key !== 'floor' || !Array.isArray(value) || value.length === 0) {
    return `${indent}${key}: ${render(value)}${end}`;
  }
  return `${indent}${key}:${end}${value.map((one) => itemLines(`${indent}  `, one, end)).join('')}`;
}

/** A value on one line, as the branch files of this product are written. */
function render(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(render).join(', ')}]`;
  if (isRecord(value)) {
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${render(each)}`)
      .join(', ')} }`;
  }
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
  return String(value);
}

/** Whether YAML takes a text for itself without quotes, inside brackets too. */
const isPlain = (text: string): boolean =>
  /^\p{L}[\p{L}\p{N}_-]*( [\p{L}\p{N}][\p{L}\p{N}_-]*)*$/u.test(text) &&
  !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);

const insertAt = (at: number, text: string): Edit => ({ from: at, to: at, text });
const cut = (from: number, to: number): Edit => ({ from, to, text: '' });
const replace = (range: readonly number[], text: string): Edit => ({ from: range[0]!, to: range[1]!, text });

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  return range == null ? undefined : [range[0]!, range[1]!];
}

/** Where the line after a value begins; absent: the file ends with it. */
function endOfLines(text: string, [from, to]: readonly [number, number]): number | undefined {
  // A group that is written in lines itself ends where its last line does.
  const breaks = text.indexOf('\n', Math.max(from, to - 1));
  return breaks < 0 ? undefined : breaks + 1;
}

function dashBefore(text: string, at: number): number | undefined {
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const found = /^\s*-\s+$/.exec(text.slice(from, at));
  return found === null ? undefined : from + found[0].indexOf('-');
}

const meaningOf = (node: unknown): unknown =>
  typeof node === 'object' && node !== null && 'toJSON' in node
    ? (node as { toJSON(): unknown }).toJSON()
    : node;
const idOf = (value: unknown): unknown => (isRecord(value) ? value.id : undefined);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const lineEnd = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');
const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) as Pair | undefined;
