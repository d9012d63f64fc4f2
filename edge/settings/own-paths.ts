import { parseDocument } from 'yaml';
import { describeSettings } from '../../src/contract/describe-settings.ts';

const known = describeSettings().map(({ path }) => path);

/**
 * The settings that a branch file sets itself, by path, in the order of their declaration; also those it sets to their
 * default.
 *
 * @param text of a file that can be used
 *
 * @example
 * ```ts
 * ownPaths('thresholds:\n  queue: { length: 5 }\n'); // ['queue.length']
 * ```
 */
export function ownPaths(text: string): readonly string[] {
  const { thresholds } = parseDocument(text).toJS() as {
    readonly thresholds?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  return known.filter((path) => {
    const [group, key] = path.split('.') as [string, string];
    return thresholds?.[group]?.[key] !== undefined;
  });
}
