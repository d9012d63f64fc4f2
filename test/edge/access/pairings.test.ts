import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { codeSeconds, openPairings } from '../../../edge/access/pairings.ts';

const folder = mkdtempSync(join(tmpdir(), 'lobby-pairings-'));
const file = join(folder, 'paired-pages.json');
let at = 1_790_000_000;
const open = () => openPairings({ file, now: () => at });
afterEach(() => rmSync(file, { force: true }));

describe('A page is paired by a code', () => {
  test('that counts once, and however it is typed', () => {
    const { code } = open().makeCode('door');
    const paired = open().pair(` ${code.slice(0, 3)}-${code.slice(3).toLowerCase()} `)!;
    expect(paired.camera).toBe('door');
    expect(open().verify(paired.token)).toEqual({ id: paired.id, camera: 'door' });
    expect(open().pair(code)).toBeUndefined();
  });

  test('for ten minutes, and no longer', () => {
    const { code } = open().makeCode('door');
    at += codeSeconds + 1;
    expect(open().pair(code)).toBeUndefined();
  });

  test('until another is made for the same camera; one for another camera goes on', () => {
    const first = open().makeCode('door').code;
    const other = open().makeCode('hall').code;
    const second = open().makeCode('door').code;
    expect(open().pair(first)).toBeUndefined();
    expect(open().pair(second)?.camera).toBe('door');
    expect(open().pair(other)?.camera).toBe('hall');
  });

  test('and a hundred wrong ones end those that were made', () => {
    const pairings = open();
    const { code } = pairings.makeCode('door');
    // What is no code by its length is counted as well, and costs no reckoning.
    for (let tried = 0; tried < 100; tried++) expect(pairings.pair('1')).toBeUndefined();
    expect(pairings.pair(code)).toBeUndefined();
    expect(pairings.pair(pairings.makeCode('door').code)).toBeDefined();
  });

  test('and neither code nor token stands in the file, which is for the service alone', () => {
    const { code } = open().makeCode('door');
    const waiting = readFileSync(file, 'utf8');
    expect(waiting).not.toContain(code);
    const { token } = open().pair(code)!;
    expect(readFileSync(file, 'utf8')).not.toContain(token);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('and is no camera any more once it is taken back, also while the service runs', () => {
    const running = open();
    const { code } = running.makeCode('door');
    const { token, id } = running.pair(code)!;
    expect(open().revoke(id)).toBe(true);
    expect(running.verify(token)).toBeUndefined();
    expect(open().revoke(id)).toBe(false);
  });

  test('and a file that is none of ours, or that everybody may change, is refused', () => {
    writeFileSync(file, '{"v":2}');
    expect(open).toThrow(/none that this version has written/);
    rmSync(file);
    open().makeCode('door');
    chmodSync(file, 0o606);
    expect(open).toThrow(expect.objectContaining({ code: 'LOBBY_FILE_OPEN' }));
  });
});
