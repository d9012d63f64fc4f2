import { type ErrorCode, errorCodes } from '../../../src/contract/errors.ts';
import { errorsInChinese } from '../../../src/contract/errors-zh.ts';
import type { Language } from './words.ts';

/** A trouble as the box tells it: in English, with the figures and names that stand in it where it sent them. */
export interface ToldTrouble {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly details?: Readonly<Record<string, string | number>> | undefined;
}

const roles: Readonly<Record<string, string>> = {
  viewer: '“查看”',
  operations: '“运营”',
  installer: '“安装”',
};

const fill = (template: string, blanks: Readonly<Record<string, string | number>>) =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => String(blanks[name] ?? whole));

/** What stands in the blanks of a sentence: health is told without them, and its sentences are known. */
function blanksOf(template: string, sentence: string): Record<string, string> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = template
    .split(/\{\w+\}/)
    .map(literal)
    .join('(.+?)');
  const found = new RegExp(`^${pattern}$`, 's').exec(sentence);
  return Object.fromEntries(names.map((name, index) => [name, found?.[index + 1] ?? '–']));
}

/**
 * A trouble in the page's language. What has no words in it is shown as the box says it.
 *
 * @example
 * inWords('zh', { code: 'LOBBY_CAMERA_SILENT', message: 'No frame from hall for 12 s', remedy: '…' }).message;
 * // '摄像头 hall 已 12 秒没有画面'
 */
export function inWords(
  language: Language,
  trouble: ToldTrouble,
): { readonly message: string; readonly remedy: string } {
  const { code, message, remedy, details } = trouble;
  const known = (errorsInChinese as Readonly<Record<string, { message: string; remedy: string }>>)[code];
  if (language === 'en' || known === undefined) return { message, remedy };
  const english = (errorCodes as Readonly<Record<string, { message: string; remedy: string } | undefined>>)[
    code as ErrorCode
  ];
  const blanks =
    english === undefined
      ? {}
      : { ...blanksOf(english.message, message), ...blanksOf(english.remedy, remedy), ...details };
  const named = Object.fromEntries(
    Object.entries(blanks).map(([name, value]) => [
      name,
      name === 'role' || name === 'has' || name === 'who' ? (roles[value] ?? value) : value,
    ]),
  );
  return { message: fill(known.message, named), remedy: fill(known.remedy, named) };
}
