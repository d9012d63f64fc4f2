import { describe, expect, test } from 'vitest';
import { replyTo, webTroubles } from '../../edge/http/replies.ts';
import { inWords } from '../../edge/pages/console/trouble.ts';
import { type ErrorCode, errorCodes, LobbyError } from '../../src/contract/errors.ts';
import { errorsInChinese, onMachineOnly } from '../../src/contract/errors-zh.ts';

type Words = Readonly<Record<string, { readonly message: string; readonly remedy: string }>>;
const chinese = errorsInChinese as Words;
const english: Words = {
  ...errorCodes,
  ...Object.fromEntries(Object.values(webTroubles).map((one) => [one.code, one])),
};
const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
const told = Object.keys(chinese);
/** What is in backquotes, an address, an option or a name in a file is said as it is written there. */
const bare = (text: string) =>
  text
    .replace(/`[^`]*`|--[a-z-]+|\/[a-z0-9/.-]+|[a-z-]+\/[a-z/.-]+|[a-z]+(?:\.[A-Za-z]+)+|[*&]name/g, '')
    .replace(/framesPerSecond|SELECT|EXPLAIN|DESCRIBE/g, '')
    .replace(/\{\w+\}/g, '');

describe('What a page may be told in Chinese', () => {
  test('is every trouble there is, but for those that are told on the machine alone', () => {
    const all = [...Object.keys(errorCodes), ...Object.values(webTroubles).map(({ code }) => code)];
    expect([...told, ...onMachineOnly].sort()).toEqual([...all].sort());
  });

  test('has a status of its own or is ours to mend: nothing that is refused is left to the machine', () => {
    const refused = (Object.keys(errorCodes) as ErrorCode[]).filter(
      (code) => replyTo(new LobbyError(code)).status < 500,
    );
    expect(refused.filter((code) => onMachineOnly.includes(code as never))).toEqual([]);
    expect(refused.length).toBeGreaterThan(10);
  });

  test.each(told)('%s has the same blanks in both languages', (code) => {
    expect(blanks(chinese[code]!.message)).toEqual(blanks(english[code]!.message));
    expect(blanks(chinese[code]!.remedy)).toEqual(blanks(english[code]!.remedy));
  });

  test.each(told)('%s is Chinese as Chinese is written, and ends as a remedy does', (code) => {
    const { message, remedy } = chinese[code]!;
    expect(message).not.toMatch(/[。！.!]$/);
    if (remedy !== '{hint}') expect(remedy).toMatch(/。$/);
    for (const text of [message, remedy]) {
      expect(bare(text)).not.toMatch(/[A-Za-z]/);
      expect(text).not.toMatch(/[㐀-鿿][A-Za-z0-9`{]|[A-Za-z0-9`}][㐀-鿿]/);
      expect(text).not.toMatch(/[㐀-鿿] ?[,;?!]|[㐀-鿿]:|…|警报|可疑|报警/);
    }
  });

  test('is filled with the figures that came with it, and roles by their names', () => {
    const { trouble } = replyTo(new LobbyError('LOBBY_ROLE_MISSING', { role: 'operations', has: 'viewer' }));
    expect(inWords('zh', trouble)).toEqual({
      message: '不能这样做：需要 “运营” 权限，这个令牌的权限是 “查看”',
      remedy: '请向安装人员要一个有此权限的令牌。',
    });
    expect(inWords('en', trouble).message).toBe(trouble.message);
  });

  test('is filled from the sentence itself where health tells it without', () => {
    const { code, message, remedy } = new LobbyError('LOBBY_CAMERA_LOST', {
      camera: 'hall',
      reason: 'no route (1.2.3.4)',
      retrySeconds: 10,
    });
    expect(inWords('zh', { code, message, remedy })).toEqual({
      message: '摄像头 hall 已断开：no route (1.2.3.4)',
      remedy: '请检查电源和网络。最多每 10 秒自动重试。',
    });
  });

  test('control: what is not known is shown as the box says it, and a blank without a figure as a dash', () => {
    const strange = { code: 'LOBBY_NEW', message: 'Something new', remedy: 'Wait.' };
    expect(inWords('zh', strange)).toEqual({ message: 'Something new', remedy: 'Wait.' });
    const odd = { code: 'LOBBY_CAMERA_DARK', message: 'Said otherwise', remedy: 'Wait.' };
    expect(inWords('zh', odd).message).toBe('摄像头 – 一片漆黑');
  });
});
