import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

/**
 * Takes values of thresholds out of the text of a branch file, and leaves every other byte of it as it is. A group that
 * has no value left goes with the last one, and so do the thresholds.
 *
 * @param paths of values that are there: `queue.waitSeconds`
 * @returns `undefined` where that cannot be done for sure, such as where a value is shared by an alias
 *
 * @example
 * ```ts
 * takeValuesOut('thresholds:\n  queue: { length: 5, waitSeconds: 60 } # agreed\n', ['queue.length']);
 * // 'thresholds:\n  queue: { waitSeconds: 60 } # agreed\n'
 * ```
 */
export function takeValuesOut(text: string, paths: readonly string[]): string | undefined {
  let next = text;
  for (const path of paths) {
    const [group, key] = path.split('.') as [string, string];
    const out = takeOut(next, ['thresholds', group, key]);
    if (out === undefined || !differsOnlyBy(next, out, group, key)) return undefined;
    next = out;
  }
  return next;
}

function takeOut(text: string, path: readonly string[]): string | undefined {
  const root = parseDocument(text).contents;
  if (!isMap(root)) return undefined;
  let map: YAMLMap = root;
  for (const [depth, key] of path.entries()) {
    const pair = map.items.find((one) => isScalar(one.key) && one.key.value === key);
    if (pair === undefined) return undefined;
    const isLast = depth === path.length - 1;
    if (!isLast && !isMap(pair.value)) return undefined;
    const leavesNothing = !isLast && (pair.value as YAMLMap).items.length === 1;
    const goesWhole = isLast || (leavesNothing && holdsAlone(pair, path.slice(depth + 1)));
    if (goesWhole) return map.flow === true ? outOfLine(text, map, pair) : outOfBlock(text, pair);
    map = pair.value as YAMLMap;
  }
  return undefined;
}

/** Whether there is nothing in it but the way to what is taken out. */
function holdsAlone({ value }: Pair, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (!isMap(value) || value.items.length !== 1) return false;
  const [only] = value.items as [Pair];
  return isScalar(only.key) && only.key.value === key && (rest.length === 0 || holdsAlone(only, rest));
}

/** `{ length: 5, waitSeconds: 60 }`: with the comma behind it, or, of the last one, the comma before it. */
function outOfLine(text: string, { items }: YAMLMap, pair: Pair): string | undefined {
  const [from, to] = spanOf(pair);
  if (from === undefined || to === undefined) return undefined;
  const index = items.indexOf(pair);
  const [before, behind] = [items[index - 1] as Pair | undefined, items[index + 1] as Pair | undefined];
  const next = behind === undefined ? undefined : spanOf(behind)[0];
  if (next !== undefined) return text.slice(0, from) + text.slice(next);
  const last = before === undefined ? undefined : spanOf(before)[1];
  return last === undefined ? undefined : text.slice(0, last) + text.slice(to).replace(/^\s*,/, '');
}

/** All lines of it, with the remark that stands on them. */
function outOfBlock(text: string, pair: Pair): string | undefined {
  const [from, to] = spanOf(pair);
  if (from === undefined || to === undefined) return undefined;
  const begins = text.lastIndexOf('\n', from - 1) + 1;
  if (text.slice(begins, from).trim() !== '') return undefined;
  const breaks = text.indexOf('\n', Math.max(from, to - 1));
  return text.slice(0, begins) + (breaks < 0 ? '' : text.slice(breaks + 1));
}

function spanOf({ key, value }: Pair): readonly [from?: number, to?: number] {
  const begins = (key as { range?: readonly number[] | null } | null)?.range?.[0];
  const ends = (value as { range?: readonly number[] | null } | null)?.range?.[1];
  return begins === undefined || ends === undefined ? [] : [begins, ends];
}

/** Whether the new text means the old one without this value, and without what held nothing else. */
function differsOnlyBy(before: string, after: string, group: string, key: string): boolean {
  const document = parseDocument(after);
  if (document.errors.length > 0) return false;
  const { thresholds, ...rest } = parseDocument(before).toJS() as {
    readonly thresholds: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  const groups = { ...thresholds };
  const { [key]: _, ...values } = groups[group]!;
  if (Object.keys(values).length === 0) delete groups[group];
  else groups[group] = values;
  const wanted = Object.keys(groups).length === 0 ? rest : { ...rest, thresholds: groups };
  try {
    return isDeepStrictEqual(document.toJS(), wanted);
  } catch {
    // What an alias stood for is gone.
    return false;
  }
}
