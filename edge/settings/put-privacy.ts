import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parseDocument } from 'yaml';
import type { PrivacyLevel } from '../../src/contract/privacy.ts';

/**
 * Puts the privacy level into the text of a branch file, and leaves every other byte of it as it is.
 *
 * @returns `undefined` where that cannot be done for sure
 *
 * @example
 * ```ts
 * putPrivacy('branch: harbour\n', 'counts'); // 'branch: harbour\nprivacy: { level: counts }\n'
 * ```
 */
export function putPrivacy(text: string, level: PrivacyLevel): string | undefined {
  const next = put(text, level);
  if (next === undefined) return undefined;
  const [before, after] = [parseDocument(text).toJS(), parseDocument(next).toJS()];
  return isDeepStrictEqual({ ...before, privacy: { level } }, after) ? next : undefined;
}

function put(text: string, level: PrivacyLevel): string | undefined {
  const { contents } = parseDocument(text);
  if (!isMap(contents) || contents.flow === true) return undefined;
  if (!contents.has('privacy')) {
    const end = text.includes('\r\n') ? '\r\n' : '\n';
    return `${text}${text.endsWith('\n') ? '' : end}privacy: { level: ${level} }${end}`;
  }
  const group = contents.get('privacy', true);
  const node = isMap(group) ? group.get('level', true) : undefined;
  if (!isScalar(node) || node.range == null) return undefined;
  const [from, to] = node.range;
  return text.slice(0, from) + level + text.slice(to);
}
