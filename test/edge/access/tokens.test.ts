import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSessions, sessionSeconds } from '../../../edge/access/sessions.ts';
import { mayActAs, openTokens } from '../../../edge/access/tokens.ts';

let folder: string;
let file: string;
const now = () => Date.UTC(2026, 10, 24, 9) / 1000;
const open = () => openTokens({ file, now });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-tokens-'));
  file = join(folder, 'tokens.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a token', () => {
  test('is known again after a restart, by its role, and is nowhere written', () => {
    const { text, id } = open().issue('operations');
    expect(open().verify(text)).toEqual({ id, role: 'operations' });
    expect(readFileSync(file, 'utf8')).not.toContain(text);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(open().list).toEqual([{ id, role: 'operations', madeAt: '2026-11-24T09:00:00.000Z' }]);
  });

  test('that was made or taken back on the command line counts, or counts no more, at once', () => {
    const service = open();
    const { text, id } = open().issue('viewer');
    expect(service.verify(text)).toMatchObject({ role: 'viewer' });
    expect(open().revoke(id)).toBe(true);
    expect(service.verify(text)).toBeUndefined();
    expect(open().revoke(id)).toBe(false);
  });

  test('is not found by what looks like one, nor by its own hash', () => {
    const { text } = open().issue('viewer');
    const [{ hash }] = (JSON.parse(readFileSync(file, 'utf8')) as { tokens: [{ hash: string }] }).tokens;
    for (const wrong of ['', text.slice(0, -1), `${text}x`, text.toUpperCase(), hash, 'lobby-']) {
      expect(open().verify(wrong)).toBeUndefined();
    }
  });

  test('lasts as long as the process where nothing is kept', () => {
    const forgetful = openTokens({ now });
    const { text } = forgetful.issue('installer');
    expect(forgetful.verify(text)).toMatchObject({ role: 'installer' });
    expect(openTokens({ now }).verify(text)).toBeUndefined();
  });

  test('is not made beyond sixty-four', () => {
    const tokens = openTokens({ now });
    for (let count = 0; count < 64; count += 1) tokens.issue('viewer');
    expect(() => tokens.issue('viewer')).toThrow('there are 64 already');
  });
});

test.each(['not JSON', '{}', '{"v":1,"tokens":[{"role":"installer"}]}', ''])(
  'a file of tokens that is damaged is refused, not passed over: %s',
  (text) => {
    writeFileSync(file, text);
    expect(open).toThrow(expect.objectContaining({ code: 'LOBBY_TOKENS_UNREADABLE' }));
  },
);

test('each role may what those before it may, and no more', () => {
  const roles = ['viewer', 'operations', 'installer'] as const;
  expect(roles.map((role) => roles.map((wanted) => mayActAs(role, wanted)))).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});

describe('a session', () => {
  test('stands for its token for twelve hours, and ends with it', () => {
    let at = 0;
    const tokens = openTokens({ now });
    const sessions = createSessions(tokens, () => at);
    const { text, id } = tokens.issue('viewer');
    const session = sessions.begin(text)!;
    at = sessionSeconds - 1;
    expect(sessions.bearer(session)).toEqual({ id, role: 'viewer' });
    at = sessionSeconds;
    expect(sessions.bearer(session)).toBeUndefined();

    const other = sessions.begin(text)!;
    tokens.revoke(id);
    expect(sessions.bearer(other)).toBeUndefined();
  });

  test('is not begun without a token, and is over once it was left', () => {
    const tokens = openTokens({ now });
    const sessions = createSessions(tokens, now);
    expect(sessions.begin('lobby-guess')).toBeUndefined();
    const session = sessions.begin(tokens.issue('viewer').text)!;
    sessions.end(session);
    expect(sessions.bearer(session)).toBeUndefined();
  });

  test('gives way, the oldest first, to more than two hundred and fifty-six', () => {
    const tokens = openTokens({ now });
    const sessions = createSessions(tokens, now);
    const { text } = tokens.issue('viewer');
    const all = Array.from({ length: 257 }, () => sessions.begin(text)!);
    expect(sessions.bearer(all[0]!)).toBeUndefined();
    expect(sessions.bearer(all[1]!)).toBeDefined();
    expect(sessions.bearer(all[256]!)).toBeDefined();
  });
});
