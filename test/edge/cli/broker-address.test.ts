import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BrokerOptions, openBrokerAddress } from '../../../edge/cli/broker-address.ts';
import { readIdentity } from '../../../edge/cli/secret-files.ts';
import { openServing } from '../../../edge/cli/serving.ts';
import { type Certificates, makeCertificates, read } from '../../peers/certificates.ts';
import { openssl, titled } from '../../peers/tools.ts';

let folder: string;
let remarks: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobby-address-'));
  remarks = [];
});
afterEach(() => rm(folder, { recursive: true }));

const remark = (sentence: string) => void remarks.push(sentence);
const open = (options: BrokerOptions, environment: Record<string, string> = {}) =>
  openBrokerAddress(options, remark, environment);
async function file(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}
const secure = 'mqtts://broker.example';

describe('The login of a broker', () => {
  test('is the user name and the password of the file, before the environment, before the address', async () => {
    const passwordFile = await file('password', 'from a file\n');
    const url = 'mqtts://box:from-the-address@broker.example';
    const all = { broker: url, brokerUsername: 'lobby', brokerPasswordFile: passwordFile };
    const environment = { LOBBY_BROKER_PASSWORD: 'from the environment' };
    expect(await open(all, environment)).toMatchObject({ username: 'lobby', password: 'from a file' });
    expect(await open({ broker: url }, environment)).toMatchObject({
      username: 'box',
      password: 'from the environment',
    });
    expect(await open({ broker: url })).toMatchObject({ username: 'box', password: 'from-the-address' });
    expect(await open({ broker: secure })).toEqual({ url: secure });
    expect(remarks).toEqual([]);
  });

  test('is told of when others of this machine may read its file', async () => {
    const passwordFile = await file('password', 'open to all', 0o644);
    await open({ broker: secure, brokerUsername: 'lobby', brokerPasswordFile: passwordFile });
    expect(remarks).toEqual([`everybody on this machine may read ${passwordFile}: \`chmod o-rwx\` it`]);
  });

  test.each<[string, BrokerOptions, string]>([
    ['a password nobody bears', { broker: secure }, 'a password goes together with a user name'],
    ['an option without its broker', { brokerUsername: 'x' }, 'it is for a broker of your own'],
    [
      'a CA that would not be asked',
      { broker: 'mqtt://a', brokerCa: 'ca.pem' },
      'must begin with mqtts:// or wss://',
    ],
    [
      'a certificate without its key',
      { broker: secure, brokerCert: 'a.pem' },
      'it goes together with --broker-key',
    ],
    [
      'a key without its certificate',
      { broker: secure, brokerKey: 'a.pem' },
      'it goes together with --broker-cert',
    ],
    ['an address of another kind', { broker: 'https://a' }, 'it must be an address that begins with'],
  ])('is refused with %s', async (_, options, problem) => {
    await expect(open(options, { LOBBY_BROKER_PASSWORD: 'secret' })).rejects.toMatchObject({
      code: 'LOBBY_OPTION_INVALID',
      message: expect.stringContaining(problem),
    });
  });

  test('is refused with a file that is not there, or has no password in it', async () => {
    const login = { broker: secure, brokerUsername: 'lobby' };
    await expect(open({ ...login, brokerPasswordFile: join(folder, 'none') })).rejects.toMatchObject({
      code: 'LOBBY_FILE_MISSING',
    });
    await expect(
      open({ ...login, brokerPasswordFile: await file('empty', '\nsecond line') }),
    ).rejects.toMatchObject({ code: 'LOBBY_FILE_INVALID' });
  });
});

describe.skipIf(openssl.absent)(titled('Certificates', openssl.absent), () => {
  let made: Certificates;
  beforeAll(async () => {
    made = await makeCertificates();
  });
  afterAll(() => made?.remove());

  test('are handed on as they are, the CA, the certificate and the key', async () => {
    const address = await open({
      broker: secure,
      brokerCa: made.ca,
      brokerCert: made.client.cert,
      brokerKey: made.client.key,
    });
    expect(address?.certificates).toMatchObject(read(made.client));
    expect(address?.certificates?.ca?.toString()).toContain('BEGIN CERTIFICATE');
  });

  test('are refused when certificate and key do not belong together, or are none', async () => {
    const identity = (cert: string, key: string) => readIdentity({ cert, key }, remark);
    await expect(identity(made.client.cert, made.server.key)).rejects.toMatchObject({
      code: 'LOBBY_FILE_INVALID',
      message: `Cannot use ${made.server.key}: it must be the private key of ${made.client.cert}`,
    });
    await expect(identity(made.client.key, made.client.key)).rejects.toMatchObject({
      message: expect.stringContaining('it must hold a certificate'),
    });
    await expect(identity(made.client.cert, made.client.cert)).rejects.toMatchObject({
      message: expect.stringContaining('it must hold a private key'),
    });
    await expect(open({ broker: secure, brokerCa: made.client.key })).rejects.toMatchObject({
      code: 'LOBBY_FILE_INVALID',
    });
  });

  test('are told of a month before they expire, and after', async () => {
    const now = Date.now();
    await readIdentity(made.client, remark, now - 40 * 86_400_000);
    expect(remarks).toEqual([]);
    await readIdentity(made.client, remark, now);
    await readIdentity(made.expired, remark, now);
    expect(remarks).toEqual([
      `the certificate ${made.client.cert} expires in 1 days: have a new one signed`,
      `the certificate ${made.expired.cert} has expired: have a new one signed`,
    ]);
  });

  test.each([
    [{ tlsCert: 'a.pem' }, 'it goes together with --tls-key'],
    [{ tlsKey: 'a.pem' }, 'it goes together with --tls-cert'],
    [{ tlsClientCa: 'a.pem' }, 'it goes together with --tls-cert'],
  ])('and logins that could not be honoured are refused: %o', async (options, problem) => {
    await expect(openServing(options, remark)).rejects.toMatchObject({
      code: 'LOBBY_OPTION_INVALID',
      message: expect.stringContaining(problem),
    });
  });
});
