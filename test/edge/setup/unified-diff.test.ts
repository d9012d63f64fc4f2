import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../edge/setup/unified-diff.ts';

/** Puts a difference onto the text it was made from, by its own line numbers. */
function patched(before: string, diff: string): string {
  const old = before.split('\n');
  const out: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(0, -1)) {
    const head = /^@@ -(\d+)/.exec(line);
    if (head !== null) {
      const from = Number(head[1]) - 1;
      out.push(...old.slice(at, from));
      at = from;
    } else if (line.startsWith('+')) out.push(line.slice(1));
    else {
      expect(line.slice(1)).toBe(old[at]);
      if (line.startsWith(' ')) out.push(old[at]!);
      at += 1;
    }
  }
  return [...out, ...old.slice(at)].join('\n');
}

describe('The difference of two files', () => {
  it('is empty where there is none, and shows three lines around what there is', () => {
    const text = `${Array.from({ length: 12 }, (_, i) => `line ${i}`).join('\n')}\n`;
    expect(unifiedDiff(text, text)).toBe('');
    expect(unifiedDiff(text, text.replace('line 6\n', 'other\n'))).toBe(
      '@@ -4,7 +4,7 @@\n line 3\n line 4\n line 5\n-line 6\n+other\n line 7\n line 8\n line 9\n',
    );
  });

  it('leads from the one to the other, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '', '  d'), { minLength: 1, maxLength: 30 })
      .map((lines) => `${lines.join('\n')}\n`);
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(patched(one, unifiedDiff(one, other))).toBe(other);
      }),
    );
  });
});
