import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../../edge/package-root.ts';
import {
  happeningWords,
  type Language,
  phaseWords,
  promptWords,
  reasonWords,
  standingWords,
} from '../../../../edge/pages/console/words.ts';
import { happeningKinds } from '../../../../src/core/behaviours/behaviour.ts';
import { standings } from '../../../../src/core/floor-view.ts';
import { promptKinds, promptPhases } from '../../../../src/core/prompts/kinds.ts';
import { silenceReasons } from '../../../../src/core/prompts/prompt.ts';

const chinese = '[\\u3400-\\u9fff]';
const lists = { standingWords, happeningWords, promptWords, reasonWords, phaseWords };
type Catalogue = Readonly<Record<Language, Readonly<Record<string, string>>>>;
const consoleFolder = join(packageRoot, 'edge/pages/console');
const catalogues: readonly (readonly [string, Catalogue])[] = await Promise.all(
  readdirSync(consoleFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('words.ts'))
    .sort()
    .map(
      async (path) =>
        [path, ((await import(join(consoleFolder, path))) as { words: Catalogue }).words] as const,
    ),
);
const entries = (language: Language): [string, string][] => [
  ...catalogues.flatMap(([, words]) => Object.entries(words[language])),
  ...Object.values(lists).flatMap((list) =>
    Object.entries(list).map(([code, text]): [string, string] => [code, text[language]]),
  ),
];
const free = (word: string) =>
  !['otherLanguage', 'branch', 'keyLanguage', 'keySecond', 'tokenHelp', 'noPlaces', 'onTrial'].includes(word);
const filled = (text: string) =>
  text
    .replace(/\{n\}/g, '2')
    .replace(/\{t\}/g, '4:10')
    .replace(/\{\w+\}/g, '');

describe('the catalogue of the console', () => {
  test.each(catalogues)(
    'says the same things in both languages, with the same blanks: %s',
    (_path, words) => {
      expect(Object.keys(words.zh)).toEqual(Object.keys(words.en));
      const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
      for (const [word, text] of Object.entries(words.zh)) {
        expect([word, blanks(text)]).toEqual([word, blanks(words.en[word]!)]);
      }
    },
  );

  test('has a word for everything that can be noticed, said, kept quiet and stood', () => {
    expect(Object.keys(happeningWords).sort()).toEqual([...happeningKinds].sort());
    expect(Object.keys(reasonWords).sort()).toEqual([...silenceReasons].sort());
    expect(Object.keys(promptWords).sort()).toEqual([...promptKinds].sort());
    expect(Object.keys(phaseWords).sort()).toEqual([...promptPhases].sort());
    expect(Object.keys(standingWords).sort()).toEqual([...standings].sort());
  });

  test.each(entries('zh').filter(([word]) => free(word)))(
    'Chinese %s: a space between Chinese and digits or letters, full-width punctuation, nothing shortened',
    (_word, text) => {
      const shown = filled(text);
      expect(shown).not.toMatch(new RegExp(`${chinese}[A-Za-z0-9]|[A-Za-z0-9]${chinese}`));
      expect(shown).not.toMatch(new RegExp(`${chinese} ?[,.;?!]|${chinese}:(?!\\d)`));
      expect(text).not.toMatch(/…|\.\.\.|^ | $/);
      expect(shown).not.toMatch(/[A-Za-z]/);
    },
  );

  test.each(entries('en').filter(([word]) => free(word)))(
    'English %s: half-width punctuation, no Chinese, nothing after a number that could take a plural',
    (_word, text) => {
      expect(text).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
      expect(text).not.toMatch(/…|\.\.\./);
      expect(text).not.toMatch(/\{n\} (?!(s|h|m|min|of|fewer|more|later|earlier)\b)[a-z]/);
    },
  );

  test('knows no word of alarm or identity', () => {
    for (const language of ['zh', 'en'] as const) {
      for (const [, text] of entries(language)) {
        expect(text).not.toMatch(/alarm|suspect|warning|\bface\b|警报|报警|可疑|嫌疑|人脸|姓名|下岗/i);
      }
    }
  });
});
