import { describe, expect, test } from 'vitest';
import { type CameraState, firstState, headline } from '../../../../edge/pages/camera/state.ts';
import { adviceWords, blindWords, type Language, words } from '../../../../edge/pages/camera/words.ts';

const chinese = '[\\u3400-\\u9fff]';
const languages = ['zh', 'en'] as const;
const entries = (language: Language): [string, string][] => [
  ...Object.entries(words[language]),
  ...Object.entries(blindWords).flatMap(([code, said]) =>
    said[language].map((text, at): [string, string] => [`${code} ${at}`, text]),
  ),
  ...Object.entries(adviceWords).map(([code, said]): [string, string] => [code, said[language]]),
];
const free = ([word]: [string, string]) => word !== 'otherLanguage';
/** What is to be typed is the same in every language, and shown in a type of its own. */
const typed = (text: string) => text.match(/`[^`]+`/g) ?? [];
const shown = (text: string) =>
  text
    .replace(/`[^`]+`/g, 'x')
    .replace(/\{n\}/g, '2')
    .replace(/\{\w+\}/g, '');

describe('the catalogue of the camera page', () => {
  test('says the same things in both languages, with the same blanks and the same to type', () => {
    const [zh, en] = [entries('zh'), entries('en')];
    expect(zh.map(([word]) => word)).toEqual(en.map(([word]) => word));
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [index, [word, text]] of zh.entries()) {
      const other = en[index]![1];
      expect([word, blanks(text), typed(text).sort()]).toEqual([word, blanks(other), typed(other).sort()]);
    }
  });

  test.each(entries('zh').filter(free))(
    'Chinese %s: a space between Chinese and digits or letters, full-width punctuation, no Latin letters but what is typed',
    (_word, text) => {
      expect(shown(text)).not.toMatch(new RegExp(`${chinese}[A-Za-z0-9]|[A-Za-z0-9]${chinese}`));
      expect(shown(text)).not.toMatch(new RegExp(`${chinese} ?[,.;?!()]|${chinese}:(?!\\d)`));
      expect(text).not.toMatch(/…|\.\.\.|^ | $/);
      expect(shown(text).replaceAll('x', '')).not.toMatch(/[A-Za-z]/);
    },
  );

  test.each(entries('en').filter(free))(
    'English %s: half-width punctuation, no Chinese, nothing after a number that could take a plural',
    (_word, text) => {
      expect(text).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
      expect(text).not.toMatch(/…|\.\.\./);
      expect(text).not.toMatch(/\{n\} [a-z]/);
    },
  );

  test('knows no word of alarm or identity', () => {
    for (const language of languages) {
      for (const [, text] of entries(language)) {
        expect(text).not.toMatch(/alarm|suspect|warning|\bface\b|警报|报警|可疑|嫌疑|人脸|姓名|下岗/i);
      }
    }
  });

  test('leaves no backquote to be read: they come in pairs, and none stands large', () => {
    const troubled: readonly Partial<CameraState>[] = [
      { picture: 'denied' },
      { picture: 'absent' },
      { model: 'missing' },
      { model: 'cannot-run' },
      { link: 'replaced' },
      { link: 'gone' },
      { link: 'clock' },
      {},
    ];
    for (const language of languages) {
      for (const [, text] of entries(language)) expect(text.split('`').length % 2).toBe(1);
      for (const state of troubled) {
        const { large } = headline({ ...firstState(language, true), ...state });
        expect(large).not.toContain('`');
      }
    }
  });
});
