import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepPrivate, refuseWritable } from '../../../edge/access/file-modes.ts';
import { openTokens } from '../../../edge/access/tokens.ts';
import { parseWatchLogins } from '../../../edge/brokers/watch-logins.ts';
import { checkBranchMode, readBranch } from '../../../edge/cli/files.ts';
import { readAuthority, readIdentity, readPassword, readSecretText } from '../../../edge/cli/secret-files.ts';
import { openData } from '../../../edge/data/open-data.ts';
import { openWebhooks } from '../../../edge/webhooks/open-webhooks.ts';
import { parseBranch } from '../../../src/contract/branch.ts';
import { demo } from '../../e2e/service.ts';

let folder: string;
let remarks: string[];
const remark = (sentence: string) => remarks.push(sentence);
const fileOf = (mode: number, text = 'secret\n') => {
  const file = join(folder, 'file');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
};
const refused = {
  code: 'LOBBY_FILE_OPEN',
  message: expect.stringContaining('everybody on this machine may change it'),
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-modes-'));
  remarks = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('A file that the service goes by', () => {
  test.each([0o600, 0o400, 0o640, 0o660])('with mode %o is for those it is for', (mode) => {
    keepPrivate(fileOf(mode), remark);
    expect(remarks).toEqual([]);
  });

  test.each([0o644, 0o444, 0o604])('with mode %o is told of: everybody may read it', (mode) => {
    const file = fileOf(mode);
    keepPrivate(file, remark);
    expect(remarks).toEqual([`everybody on this machine may read ${file}: \`chmod o-rwx\` it`]);
    refuseWritable(file);
  });

  test.each([0o666, 0o602, 0o777])('with mode %o is refused: everybody may change it', (mode) => {
    const file = fileOf(mode);
    expect(() => refuseWritable(file)).toThrowError(expect.objectContaining(refused));
    expect(() => keepPrivate(file, remark)).toThrowError(expect.objectContaining(refused));
  });
});

describe('What everybody may change is refused', () => {
  test('as a password, a key, a certificate and a list of logins', async () => {
    const file = fileOf(0o666);
    await expect(readPassword(file, remark)).rejects.toMatchObject(refused);
    await expect(readSecretText(file, remark)).rejects.toMatchObject(refused);
    await expect(readAuthority(file)).rejects.toMatchObject(refused);
    await expect(readIdentity({ cert: file, key: file }, remark)).rejects.toMatchObject(refused);
    // Control: it was the mode.
    chmodSync(file, 0o600);
    expect(await readPassword(file, remark)).toBe('secret');
    await expect(parseWatchLogins(await readSecretText(file, remark), file)).rejects.toMatchObject({
      code: 'LOBBY_FILE_INVALID',
    });
  });

  test('as a secret of a webhook, and one that everybody may read is told of', async () => {
    const secretFile = fileOf(0o666, `whsec_${Buffer.alloc(32, 1).toString('base64')}\n`);
    const open = () => openWebhooks([{ url: 'https://a.example', secretFile }], demo.branchFile, {}, remark);
    await expect(open()).rejects.toMatchObject(refused);
    chmodSync(secretFile, 0o644);
    expect(await open()).toHaveLength(1);
    expect(remarks).toHaveLength(1);
  });

  test('as a list of tokens, also when it becomes so while the service runs', () => {
    const file = join(folder, 'tokens.json');
    const tokens = openTokens({ file, now: () => 0 });
    const { text } = tokens.issue('viewer');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, '{"v":1,"tokens":[]}');
    chmodSync(file, 0o666);
    expect(() => tokens.verify(text)).toThrowError(expect.objectContaining(refused));
    expect(() => openTokens({ file, now: () => 0 })).toThrowError(expect.objectContaining(refused));
  });

  test('as a data folder, and one that everybody may look into is told of', async () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    chmodSync(data, 0o777);
    const { journal } = await readBranch(demo.branchFile);
    const open = () => openData({ folder: data, branch: 'demo', journal, onTrouble: remark });
    await expect(open()).rejects.toMatchObject(refused);
    chmodSync(data, 0o755);
    await (await open()).close();
    expect(remarks).toEqual([expect.stringContaining(`may read ${data}`)]);
  });

  test('as a branch file; one that everybody may read is told of where it bears a login', async () => {
    const open = `
branch: harbour
cameras:
  - { id: hall, source: rtsp://camera.example/stream }
zones: []
`;
    const check = (text: string, mode: number) => {
      const file = fileOf(mode, text);
      checkBranchMode(file, parseBranch(text, file), remark);
    };
    check(open, 0o644);
    expect(remarks).toEqual([]);
    for (const login of ['rtsp://user:pass@camera.example/stream', 'rtsp://camera.example/stream?pwd=1']) {
      check(open.replace('rtsp://camera.example/stream', `"${login}"`), 0o644);
    }
    expect(remarks).toHaveLength(2);
    expect(() => check(open, 0o646)).toThrowError(expect.objectContaining(refused));
  });
});
