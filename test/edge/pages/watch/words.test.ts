import { describe, expect, test } from 'vitest';
import {
  duration,
  type Language,
  reasons,
  roleNames,
  say,
  type Word,
  words,
} from '../../../../edge/pages/watch/words.ts';

const chinese = '[\\u3400-\\u9fff]';
const entries = (language: Language): [string, string][] => [
  ...Object.entries(words[language]),
  ...Object.entries(roleNames).map(([role, name]): [string, string] => [role, name[language]]),
  ...Object.entries(reasons).map(([kind, reason]): [string, string] => [kind, reason[language]]),
];
/** As it is shown: blanks filled the way the page fills them. */
const filled = (text: string) => text.replace(/\{n\}/g, '2').replace(/\{t\}/g, '4:10');

describe('the catalogue', () => {
  test('says the same things in both languages, with the same blanks', () => {
    expect(Object.keys(words.zh)).toEqual(Object.keys(words.en));
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const word of Object.keys(words.zh) as Word[]) {
      // The one exception: English says "watch it" where Chinese repeats the place.
      if (word === 'pleaseWatch') continue;
      expect([word, blanks(words.zh[word])]).toEqual([word, blanks(words.en[word])]);
    }
  });

  test.each(entries('zh').filter(([word]) => word !== 'otherLanguage'))(
    'Chinese %s: a space between Chinese and digits, full-width punctuation, nothing shortened',
    (_word, text) => {
      const shown = filled(text);
      expect(shown).not.toMatch(new RegExp(`${chinese}[A-Za-z0-9]|[A-Za-z0-9]${chinese}`));
      expect(shown).not.toMatch(new RegExp(`${chinese} ?[,.;?!]|${chinese}:(?!\\d)`));
      expect(shown).not.toMatch(/…|\.\.\.| {2}|^ | $/);
      expect(shown).not.toMatch(/[，。：；？！] /);
      expect(shown.replace(/\{\w+\}/g, '')).not.toMatch(/[A-Za-z]/);
    },
  );

  test.each(entries('en').filter(([word]) => word !== 'otherLanguage'))(
    'English %s: half-width punctuation, no Chinese, nothing after a number that could take a plural',
    (_word, text) => {
      expect(text).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
      expect(text).not.toMatch(/…|\.\.\./);
      expect(text).not.toMatch(/\{n\} [a-z]/);
    },
  );

  test('knows no word of alarm or identity', () => {
    for (const language of ['zh', 'en'] as const) {
      for (const [, text] of entries(language)) {
        expect(text).not.toMatch(/alarm|suspect|warning|face|name|警报|报警|可疑|嫌疑|人脸|姓名|下岗/i);
      }
    }
  });
});

describe('a phrase', () => {
  test.each([
    ['zh', 'toGreet', { n: 0 }, '待接待 0'],
    ['en', 'toGreet', { n: 0 }, 'To greet 0'],
    ['zh', 'expectedWait', { place: '现金区', t: '4:10' }, '现金区约等 4:10'],
    ['zh', 'unseen', { place: 'VIP' }, 'VIP 看不清'],
    ['zh', 'pleaseWatch', { place: 'VIP' }, '请多留意 VIP'],
    ['en', 'unseen', { place: 'Door' }, "Can't see door"],
    ['en', 'unseen', { place: 'VIP' }, "Can't see VIP"],
    ['en', 'youGo', { place: 'Door' }, 'You · Door'],
    ['en', 'expectedWait', { place: 'Cash', t: '4:10' }, 'Cash wait 4:10'],
    ['zh', 'skippedBy', { role: '副理' }, '副理：不用'],
  ] as const)('%s %s with %o is "%s"', (language, word, blanks, shown) => {
    expect(say(language, word, blanks)).toBe(shown);
  });

  test.each([
    [0, '0:00'],
    [9.9, '0:09'],
    [130, '2:10'],
    [3599, '59:59'],
    [3660, '1:01'],
    [-3, '0:00'],
  ])('%d seconds are %s', (seconds, shown) => {
    expect(duration(seconds)).toBe(shown);
  });
});
