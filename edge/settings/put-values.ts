import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

type Values = Readonly<Record<string, number>>;

/**
 * Puts values of thresholds into the text of a branch file, and leaves every other byte of it as it is: comments,
 * order, spaces and line ends are somebody's, and a diff shows what was changed and nothing else.
 *
 * A value that is there is replaced where it stands. One that is not is added at the end of its group, in the way
 * its group is written; a group that is not, at the end of the thresholds.
 *
 * @param values new values by path: `queue.waitSeconds`
 * @returns `undefined` where that cannot be done for sure, such as where a value is shared by an alias
 *
 * @example
 * ```ts
 * putValues('queue: 3 # people\n', {}); // 'queue: 3 # people\n'
 * ```
 */
export function putValues(text: string, values: Values): string | undefined {
  let next = text;
  for (const [path, value] of Object.entries(values)) {
    const [group, key] = path.split('.') as [string, string];
    const put = putValue(next, group, key, value);
    if (put === undefined || !differsOnlyBy(next, put, group, key, value)) return undefined;
    next = put;
  }
  return next;
}

function putValue(text: string, group: string, key: string, value: number): string | undefined {
  const document = parseDocument(text);
  const root = document.contents;
  if (!isMap(root)) return undefined;
  const thresholds = pairOf(root, 'thresholds');
  if (thresholds === undefined) {
    const end = lineEnd(text);
    const before = text === '' || text.endsWith('\n') ? '' : end;
    return `${text}${before}thresholds:${end}  ${group}: { ${key}: ${value} }${end}`;
  }
  if (!isMap(thresholds.value)) return undefined;
  const inGroup = pairOf(thresholds.value, group);
  if (inGroup === undefined) return addTo(text, thresholds.value, `${group}: { ${key}: ${value} }`);
  if (!isMap(inGroup.value)) return undefined;
  const found = pairOf(inGroup.value, key);
  if (found === undefined) return addTo(text, inGroup.value, `${key}: ${value}`);
  const node = found.value;
  if ((!isScalar(node) && !isAlias(node)) || node.range == null) return undefined;
  const [from, to] = node.range;
  return text.slice(0, from) + String(value) + text.slice(to);
}

/** Adds an entry behind the last one of a group, in the way the group is written. */
function addTo(text: string, group: YAMLMap, entry: string): string | undefined {
  const last = group.items.at(-1) as Pair | undefined;
  const range = (last?.value as { range?: readonly number[] } | null)?.range;
  if (group.flow === true) {
    if (last === undefined) {
      const open = group.range![0] + 1;
      return `${text.slice(0, open)} ${entry} ${text.slice(open).trimStart()}`;
    }
    return range == null
      ? undefined
      : `${text.slice(0, range[1]!)}, ${entry}${text.slice(range[1]!).replace(/^,/, '')}`;
  }
  const key = (last?.key as { range?: readonly number[] } | undefined)?.range;
  if (range == null || key == null) return undefined;
  const indent = text.slice(text.lastIndexOf('\n', key[0]! - 1) + 1, key[0]!);
  if (indent.trim() !== '') return undefined;
  // A group that is written in lines itself ends where its last line does.
  const breaks = text.indexOf('\n', Math.max(range[0]!, range[1]! - 1));
  const end = lineEnd(text);
  return breaks < 0
    ? `${text}${end}${indent}${entry}${end}`
    : `${text.slice(0, breaks + 1)}${indent}${entry}${end}${text.slice(breaks + 1)}`;
}

const lineEnd = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');

const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);

/** Whether the new text means the old one with this value and nothing else changed. */
function differsOnlyBy(before: string, after: string, group: string, key: string, value: number): boolean {
  const document = parseDocument(after);
  if (document.errors.length > 0) return false;
  const wanted = structuredClone(parseDocument(before).toJS()) as Record<string, unknown>;
  const thresholds = { ...(wanted.thresholds as Record<string, object> | undefined) };
  thresholds[group] = { ...thresholds[group], [key]: value };
  return isDeepStrictEqual(document.toJS(), { ...wanted, thresholds });
}
