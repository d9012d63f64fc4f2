import { isScalar, parseDocument, visit } from 'yaml';
import { withoutSecrets } from '../cameras/source-address.ts';

/** An address that shows more than `withoutSecrets` would, roughly: whether a closer look is worth its time. */
const maybe = /:\/\/(?!\*\*\*@).*@|:\/\/[^\s]*\?(?!\*\*\*)/;

/**
 * The text of a branch file with every address as a person may see it: without login, and without what stands behind
 * a `?`. All else stays as it is written, and it is a branch file still.
 *
 * In values each address is looked at by itself, since several may stand on one line; in remarks, and in a text that
 * is no YAML, all up to the last `@` of the line goes.
 *
 * @example
 * ```ts
 * hideLogins('cameras: [{ id: hall, source: rtsp://a:b@10.0.0.7/1 }]');
 * // 'cameras: [{ id: hall, source: "rtsp://***@10.0.0.7/1" }]'
 * ```
 */
export function hideLogins(text: string): string {
  if (!maybe.test(text)) return text;
  const document = parseDocument(text);
  if (document.errors.length > 0) return hideByLine(text);
  const found: { readonly from: number; readonly to: number; readonly shown: string }[] = [];
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || typeof node.value !== 'string' || !node.value.includes('://') || !node.range)
        return;
      const shown = withoutSecrets(node.value);
      if (shown === node.value) return;
      const [from, to] = node.range;
      // A block (`|`, `>`) ends with its line.
      found.push({ from, to, shown: JSON.stringify(shown) + (text[to - 1] === '\n' ? '\n' : '') });
    },
  });
  let hidden = text;
  for (const { from, to, shown } of found.sort((one, other) => other.from - one.from)) {
    hidden = hidden.slice(0, from) + shown + hidden.slice(to);
  }
  return (
    hidden
      .replace(/(?:^|\s)#.*$/gm, hideByLine)
      // A password with a # that was not quoted is half a remark.
      .replace(/^.*:\/\/(?!\*\*\*@)\S* #.*@.*$/gm, hideByLine)
  );
}

const hideByLine = (text: string): string =>
  text.replace(/:\/\/.*@/g, '://***@').replace(/(:\/\/[^\s?]*)\?.*$/gm, '$1?***');
