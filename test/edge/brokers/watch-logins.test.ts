import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import mqtt from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
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

test('one name is guessed at sixty times, from wherever, and a wrist that is known is let in all the same', async () => {
  await write('harbour', 'correct horse');
  let seconds = 0;
  const { check } = await parseWatchLogins(readFileSync(file, 'utf8'), file, () => seconds);
  expect(await check('harbour', 'correct horse', '192.0.2.1')).toBe('right');
  for (let n = 0; n < 60; n += 1) expect(await check('harbour', `guess ${n}`, `192.0.2.${n}`)).toBe('wrong');
  expect(await check('harbour', 'guess 60', '192.0.2.99')).toBe('busy');
  expect(await check('harbour', 'correct horse', '192.0.2.99')).toBe('right');
  seconds += 10;
  expect(await check('harbour', 'guess 61', '192.0.2.99')).toBe('wrong');
  expect(await check('harbour', 'guess 62', '192.0.2.99')).toBe('busy');
}, 60_000);

test('by MQTT, too, an address that was wrong ten times is heard no more for now', async () => {
  await write('harbour', 'correct horse');
  const broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0, logins: await logins() });
  const knock = (password: string) =>
    mqtt
      .connectAsync(broker.url, { username: 'harbour', password, reconnectPeriod: 0 })
      .then((client) => client.endAsync(true).then(() => 'in'))
      .catch((error: Error & { code?: number }) => error.code);
  try {
    for (let n = 0; n < 10; n += 1) expect(await knock(`guess ${n}`)).toBe(4);
    // 3 is "server unavailable": a right password is not looked at either.
    expect(await knock('correct horse')).toBe(3);
  } finally {
    await broker.close();
  }
}, 60_000);

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
