import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSettings } from '../../src/contract/describe-settings.ts';
import { eachTime, type Once, shareOnce } from '../../src/core/once.ts';
import { beginPlayed, type PlayedInput, playBack } from '../../src/core/play-back.ts';
import { toPlayed } from '../../src/service/played-lines.ts';
import { settingsOf } from '../../src/service/settings.ts';
import { draftOf } from '../../src/service/what-if.ts';
import { journalOf } from '../quality/journal-of.ts';

const { branch, lines } = journalOf('demo');
const inputs = lines.flatMap((line): PlayedInput | readonly PlayedInput[] => toPlayed(line) ?? []);
const rows = describeSettings();

/** Everything that two stories say, by what each input was given to share. */
function told(values: Readonly<Record<string, number>>, share: () => Once) {
  const [today, draft] = [settingsOf(branch), settingsOf(draftOf(branch, values))];
  const begun = beginPlayed();
  let [first, second] = [begun, begun];
  const said: unknown[] = [];
  for (const input of inputs) {
    const once = share();
    const [a, ofToday] = playBack(first, input, today, once);
    const [b, ofDraft] = playBack(second, input, draft, once);
    [first, second] = [a, b];
    said.push(ofToday, ofDraft);
  }
  return { said, first, second };
}

const drafts = fc.uniqueArray(
  fc.constantFrom(...rows).chain((row) =>
    fc.double({ min: 0, max: 1, noNaN: true }).map((share) => {
      const value = row.least + share * Math.min(row.most - row.least, 10 * row.default);
      return [row.path, row.whole ? Math.round(value) : value] as const;
    }),
  ),
  { selector: ([path]) => path, minLength: 1, maxLength: 3 },
);

describe('Two stories played beside each other', () => {
  it('say what each says by itself, whatever thresholds they differ in', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const values = Object.fromEntries(draft);
        expect(told(values, shareOnce)).toEqual(told(values, () => eachTime));
      }),
      { numRuns: 8 },
    );
  });

  it('would not, were what they share not looked at', () => {
    const known = () => {
      const made = new Map<string, unknown>();
      const careless: Once = <Result>(name: string, _from: readonly unknown[], work: () => Result) => {
        if (!made.has(name)) made.set(name, work());
        return made.get(name) as Result;
      };
      return careless;
    };
    const values = { 'wandering.afterSeconds': 60 };
    expect(told(values, known)).not.toEqual(told(values, () => eachTime));
  });
});
