import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { withoutSecrets } from '../../../edge/cameras/source-address.ts';
import { hideLogins } from '../../../edge/settings/hide-logins.ts';

describe('A branch file as it is kept', () => {
  test('has no login and nothing behind a question mark, and is otherwise as it was written', () => {
    const text = `# the door: rtsp://old:hunter2@10.0.0.7/1 was before
branch:   harbour   # ours
cameras:
  - id: hall
    source: rtsp://admin:p%40ss@10.0.0.7/stream?token=abc   # by the door
  - { id: side, source: 'rtsp://a:b@10.0.0.8/1' } # and rtsp://a:b@10.0.0.9/2?x=1
webhooks:
  - { url: "https://u:horse@hooks.example/x?key=secret", secretVariable: HOOK }
`;
    expect(hideLogins(text)).toBe(`# the door: rtsp://***@10.0.0.7/1 was before
branch:   harbour   # ours
cameras:
  - id: hall
    source: "rtsp://***@10.0.0.7/stream?***"   # by the door
  - { id: side, source: "rtsp://***@10.0.0.8/1" } # and rtsp://***@10.0.0.9/2?***
webhooks:
  - { url: "https://***@hooks.example/x?***", secretVariable: HOOK }
`);
  });

  test('with two cameras on one line keeps them both', () => {
    const text = 'cameras: [{ id: a, source: rtsp://u:p@h/1 }, { id: b, source: rtsp://u:q@h/2 }]\n';
    expect(parse(hideLogins(text))).toEqual({
      cameras: [
        { id: 'a', source: 'rtsp://***@h/1' },
        { id: 'b', source: 'rtsp://***@h/2' },
      ],
    });
  });

  test('without a login is as it was, to the letter, and hiding twice is hiding once', () => {
    const text = 'cameras:\n  - { id: hall, source: rtsp://camera.example/stream }\n';
    expect(hideLogins(text)).toBe(text);
    const hidden = hideLogins(text.replace('camera.example', 'a:b@camera.example'));
    expect(hideLogins(hidden)).toBe(hidden);
  });

  test('hides a password of any letters, however it is written', () => {
    const password = fc
      .string({ minLength: 6, unit: 'grapheme-ascii' })
      .filter((one) => /[a-z]{3}/.test(one));
    const style = fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(
      fc.property(password, style, (secret, defaultStringType) => {
        const source = `rtsp://admin:${secret}@camera.example/1`;
        const text = stringify(
          { cameras: [{ id: 'hall', source }] },
          { defaultStringType: defaultStringType as 'PLAIN' },
        );
        expect(parse(hideLogins(text))).toEqual({
          cameras: [{ id: 'hall', source: withoutSecrets(source) }],
        });
        expect(hideLogins(text)).not.toContain(secret);
      }),
    );
  });

  test('that is no YAML, or whose password is half a remark, has whole lines hidden', () => {
    expect(hideLogins('cameras: [\nsource: rtsp://a:horse@h/1\n')).not.toContain('horse');
    expect(hideLogins('source: rtsp://admin:horse #1@camera.example/1\n')).not.toContain('horse');
  });
});
