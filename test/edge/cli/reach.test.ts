import { describe, expect, test } from 'vitest';
import { checkReach, isThisMachine, type Reach } from '../../../edge/cli/reach.ts';

const pem = Buffer.from('a certificate');
const tls = { cert: pem, key: pem };
const withCa = { ...tls, ca: pem, requestCert: true } as const;
const embedded: Reach = { host: '127.0.0.1', hasLogins: false, broker: undefined };
const away = { url: 'mqtts://broker.example', username: 'lobby', password: 'correct horse' };

function check(reach: Partial<Reach>) {
  const told: string[] = [];
  const reads = checkReach({ ...embedded, ...reach }, (sentence) => told.push(sentence));
  return { reads, told };
}

describe('an address is of this machine alone', () => {
  test.each(['127.0.0.1', '127.9.9.9', 'localhost', 'LOCALHOST', '::1', '[::1]'])('%s is', (host) => {
    expect(isThisMachine(host)).toBe(true);
  });
  test.each([
    ...['0.0.0.0', '::', '192.0.2.10', 'box.example', 'localhost.example', '127.0.0.1.example', '127.1'],
    ...['2001:db8::1', '::ffff:192.0.2.10', ''],
  ])('%s is not', (host) => {
    expect(isThisMachine(host)).toBe(false);
  });
});

describe('what listens on this machine alone', () => {
  test('needs neither TLS nor login, and reads are open', () => {
    expect(check({})).toEqual({ reads: 'open', told: [] });
  });
});

describe('what listens beyond this machine', () => {
  const beyond = { host: '192.0.2.10' };

  test('is refused without TLS, with what to do about it', () => {
    expect(() => check({ ...beyond, hasLogins: true })).toThrowError(
      expect.objectContaining({
        code: 'LOBBY_OPEN_WITHOUT_TLS',
        message: expect.stringContaining('Cannot listen on 192.0.2.10 without TLS'),
        remedy: expect.stringMatching(/--tls-cert.*--open-without-tls/),
      }),
    );
  });

  test('is refused without a login at the broker inside, with what to do about it', () => {
    expect(() => check({ ...beyond, tls })).toThrowError(
      expect.objectContaining({
        code: 'LOBBY_OPEN_WITHOUT_LOGIN',
        remedy: expect.stringMatching(/--watch-password-file.*--tls-client-ca.*--open-without-login/),
      }),
    );
  });

  test('starts with TLS and logins, and asks whoever reads', () => {
    expect(check({ ...beyond, tls, hasLogins: true })).toEqual({ reads: 'asked', told: [] });
  });

  test('starts with certificates of clients, which are their login', () => {
    expect(check({ ...beyond, tls: withCa })).toEqual({ reads: 'open', told: [] });
  });

  test('needs no logins of watches where the broker is another: pages have their tokens', () => {
    expect(check({ ...beyond, tls, broker: away })).toEqual({ reads: 'asked', told: [] });
  });

  test('starts without TLS if told so in so many words, says it at each start, and still asks', () => {
    const { reads, told } = check({ ...beyond, hasLogins: true, openWithoutTls: true });
    expect(reads).toBe('asked');
    expect(told).toEqual([expect.stringMatching(/192\.0\.2\.10.*passwords too.*--open-without-tls/)]);
  });

  test('starts without a login if told so in so many words, says it, and reads are open', () => {
    const { reads, told } = check({ ...beyond, tls, openWithoutLogin: true });
    expect(reads).toBe('open');
    expect(told).toEqual([expect.stringContaining('--open-without-login')]);
  });

  test('control: the one option does not stand for the other', () => {
    expect(() => check({ ...beyond, openWithoutTls: true })).toThrowError(/without a login/);
    expect(() => check({ ...beyond, openWithoutLogin: true })).toThrowError(/without TLS/);
  });
});

describe('a broker of its own', () => {
  test('on this machine may be without TLS and login', () => {
    expect(check({ broker: { url: 'mqtt://localhost:1883' } })).toEqual({ reads: 'open', told: [] });
  });

  test.each(['mqtt://broker.example', 'ws://192.0.2.20:9001'])('at %s is refused: no TLS', (url) => {
    expect(() => check({ broker: { ...away, url } })).toThrowError(
      expect.objectContaining({ code: 'LOBBY_BROKER_WITHOUT_TLS' }),
    );
    expect(check({ broker: { ...away, url }, openWithoutTls: true }).told).toHaveLength(1);
  });

  test('elsewhere is refused without a login, and a certificate is one', () => {
    const { url } = away;
    expect(() => check({ broker: { url } })).toThrowError(
      expect.objectContaining({ code: 'LOBBY_BROKER_WITHOUT_LOGIN' }),
    );
    expect(check({ broker: { url }, openWithoutLogin: true }).told).toHaveLength(1);
    expect(check({ broker: { url, certificates: { ca: pem, cert: pem, key: pem } } }).told).toEqual([]);
    // Whose signature the broker bears says nothing about who the box is.
    expect(() => check({ broker: { url, certificates: { ca: pem } } })).toThrowError(/without a login/);
  });

  test('is refused where pages would reach it without TLS, and where its address bears a login', () => {
    const pages = (pagesBroker: string) => check({ broker: away, pagesBroker });
    expect(pages('wss://broker.example:9443').told).toEqual([]);
    expect(pages('ws://localhost:9001').told).toEqual([]);
    expect(() => pages('ws://broker.example')).toThrowError(/without TLS/);
    expect(() => pages('https://broker.example')).toThrowError(/must be an address that begins with ws/);
    expect(() => pages('no address')).toThrowError(/must be an address that begins with ws/);
    expect(() => pages('wss://harbour:horse@broker.example')).toThrowError(/must bear no login/);
    expect(() => pages('wss://harbour:horse@broker.example')).not.toThrowError(/horse/);
  });

  test('is named in the refusal without its login', () => {
    const url = 'mqtt://lobby:horse@broker.example';
    expect(() => check({ broker: { ...away, url } })).toThrowError(/mqtt:\/\/broker\.example without TLS/);
    expect(() => check({ broker: { ...away, url } })).not.toThrowError(/horse/);
  });
});

describe('a webhook', () => {
  test('beyond this machine is https, unless told otherwise', () => {
    const post = (...webhooks: string[]) => check({ webhooks });
    expect(post('http://127.0.0.1:8000/x', 'https://u:horse@hooks.example/x').told).toEqual([]);
    expect(() => post('https://a.example', 'http://u:horse@hooks.example/x')).toThrowError(
      expect.objectContaining({ code: 'LOBBY_WEBHOOK_WITHOUT_TLS' }),
    );
    expect(() => post('http://u:horse@hooks.example/x')).not.toThrowError(/horse/);
    expect(check({ webhooks: ['http://hooks.example'], openWithoutTls: true }).told).toHaveLength(1);
  });
});
