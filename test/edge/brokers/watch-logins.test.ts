import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseWatchLogins, watchLoginLine } from '../../../edge/brokers/watch-logins.ts';
import { writeWatchPassword } from '../../../edge/cli/watch-password.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobby-logins-'));
  file = join(folder, 'watches');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, password: string) =>
  writeWatchPassword(file, name, Readable.from([`${password}\n`]));
const logins = () => parseWatchLogins(readFileSync(file, 'utf8'), file);

test('the right password of a name opens, any other and any other name do not', async () => {
  await write('harbour', 'correct horse');
  await write('deputy', 'battery staple');
  const { check } = await logins();
  expect(await check('harbour', 'correct horse')).toBe('right');
  // Also the second time, when it is known again.
  expect(await check('harbour', 'correct horse')).toBe('right');
  expect(await check('harbour', 'battery staple')).toBe('wrong');
  expect(await check('harbour', '')).toBe('wrong');
  expect(await check('somebody', 'correct horse')).toBe('wrong');
  expect(await check('deputy', 'battery staple')).toBe('right');
});

test('a password that was changed is another, and the file has neither as it is', async () => {
  await write('harbour', 'correct horse');
  await write('harbour', 'battery staple');
  const { check } = await logins();
  expect(await check('harbour', 'correct horse')).toBe('wrong');
  expect(await check('harbour', 'battery staple')).toBe('right');
  expect(readFileSync(file, 'utf8')).not.toMatch(/horse|staple/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('two lines of the same password do not look alike', async () => {
  const [one, two] = [await watchLoginLine('a', 'correct horse'), await watchLoginLine('b', 'correct horse')];
  expect(one.slice(1)).not.toBe(two.slice(1));
});

test('many who guess at once are told to come again: no more than two passwords are reckoned at a time', async () => {
  await write('harbour', 'correct horse');
  const { check } = await logins();
  const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => check('harbour', `guess ${n}`)));
  expect(outcomes.filter((one) => one === 'wrong')).toHaveLength(2);
  expect(outcomes.filter((one) => one === 'busy')).toHaveLength(8);
  expect(await check('harbour', 'correct horse')).toBe('right');
});

test.each([
  ['nobody', '# only a remark\n', 'it must name somebody'],
  ['a password as it is', 'harbour:correct horse\n', 'line 1 must be a name and a hashed password'],
])('a file with %s is refused, and what it says is not repeated', async (_, text, problem) => {
  const refused = parseWatchLogins(text, 'watches');
  await expect(refused).rejects.toMatchObject({
    code: 'LOBBY_FILE_INVALID',
    message: `Cannot use watches: ${problem}`,
  });
  await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('horse') });
});

test('a name twice is refused: which password is meant cannot be told', async () => {
  const line = await watchLoginLine('harbour', 'correct horse');
  await expect(parseWatchLogins(`${line}\n${line}\n`, 'watches')).rejects.toMatchObject({
    message: 'Cannot use watches: line 2 names harbour again',
  });
});

test('a short password and a name that would break the file are refused', async () => {
  await expect(write('harbour', 'short')).rejects.toMatchObject({ code: 'LOBBY_OPTION_INVALID' });
  await expect(write('har:bour', 'correct horse')).rejects.toMatchObject({ code: 'LOBBY_OPTION_INVALID' });
});
