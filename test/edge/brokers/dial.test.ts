import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createServer as createPlainServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BrokerAddress } from '../../../edge/brokers/dial.ts';
import { startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { connectPublisher } from '../../../edge/brokers/mqtt-publisher.ts';
import { announceToHomeAssistant } from '../../../edge/home-assistant/announce.ts';
import { listen } from '../../../edge/http/listen.ts';
import { serverTls } from '../../../edge/http/server-tls.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import { layWire } from '../../conformance/loopback.ts';
import { branch } from '../../conformance/publisher.ts';
import { mosquitto } from '../../e2e/mosquitto.ts';
import { type Certificates, type Identity, makeCertificates, read } from '../../peers/certificates.ts';
import { startMosquitto, users } from '../../peers/mosquitto.ts';
import { openssl, titled } from '../../peers/tools.ts';

describe.skipIf(openssl.absent)(titled('The link to a broker over TLS', openssl.absent), () => {
  let made: Certificates;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    made = await makeCertificates();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => made?.remove());

  const trusted = () => ({ ca: readFileSync(made.ca) });

  /** A broker that shows a certificate, over TCP and over WebSocket. */
  async function start(shown: Identity, clientCa?: string) {
    const tls = serverTls(read(shown), clientCa === undefined ? undefined : readFileSync(clientCa));
    const broker = await startEmbeddedBroker({ branch, mqttPort: 0, tls, homeAssistant: true });
    const server = createServer(tls);
    broker.attachWebSocket(server);
    const webPort = await listen(server, { host: '127.0.0.1', port: 0, option: 'port' });
    closing.push(async () => {
      await broker.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
    return { broker, urls: [broker.url, `wss://127.0.0.1:${webPort}/mqtt`] };
  }

  const attempt = async (address: BrokerAddress): Promise<LobbyError> => {
    const error = await connectPublisher({ branch, clock: systemClock, ...address }).then(
      (publisher) => publisher.close(),
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(LobbyError);
    return error as LobbyError;
  };
  /** Over TCP and over WebSocket alike; nothing but the handshake reaches the broker. */
  async function isUntrusted(shown: Identity, reason: string, ca: string | undefined = made.ca) {
    const { broker, urls } = await start(shown);
    for (const url of urls) {
      const certificates = ca === undefined ? {} : { ca: readFileSync(ca) };
      const error = await attempt({ url, ...broker.login, certificates });
      expect(error.code).toBe('LOBBY_BROKER_UNTRUSTED');
      expect(error.message).toBe(`The broker at ${url} does not show who it is: ${reason}`);
      expect(error.remedy).toMatch(/--broker-ca/);
    }
    expect(broker.clients).toBe(0);
  }

  test('is refused to a broker whose certificate nobody known here has signed', async () => {
    await isUntrusted(made.server, 'its certificate is signed by nobody who is known here', made.strangersCa);
  });

  test('is refused where no authority was given and the certificate is of none of the public ones', async () => {
    const { broker } = await start(made.server);
    const error = await attempt({ url: broker.url, ...broker.login });
    expect(error.code).toBe('LOBBY_BROKER_UNTRUSTED');
  });

  test('is refused to a broker whose certificate is for another name', async () => {
    await isUntrusted(made.elsewhere, 'its certificate is for another name');
  });

  test('is refused to a broker whose certificate has expired', async () => {
    await isUntrusted(made.expired, 'its certificate has expired');
  });

  test('is refused all the same where Node.js was told to look at no certificate', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      await isUntrusted(made.expired, 'its certificate has expired');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('is refused by a broker that wants a certificate of the box and is shown none, or a stranger’s', async () => {
    const { broker, urls } = await start(made.server, made.ca);
    for (const url of urls) {
      const without = await attempt({ url, ...broker.login, certificates: trusted() });
      expect(without).toMatchObject({
        code: 'LOBBY_BROKER_REFUSED',
        message: `The broker at ${url} refused the connection: it asks for a certificate of the box`,
      });
      expect(without.remedy).toMatch(/--broker-cert/);
      // Node.js closes without a word.
      await attempt({ url, ...broker.login, certificates: { ...trusted(), ...read(made.stranger) } });
    }
    expect(broker.clients).toBe(0);
  });

  test.skipIf(mosquitto.absent)(
    titled('says so where the broker does not accept the certificate of the box', mosquitto.absent),
    async () => {
      const broker = await startMosquitto(made);
      closing.push(() => broker.close());
      const url = `mqtts://127.0.0.1:${broker.port}`;
      const login = { username: 'lobby', password: users.lobby };
      const wrong = await attempt({ url, ...login, certificates: { ...trusted(), ...read(made.stranger) } });
      expect(wrong).toMatchObject({
        code: 'LOBBY_BROKER_REFUSED',
        message: `The broker at ${url} refused the connection: it does not accept the certificate of the box`,
      });
    },
  );

  test.each([
    ['says nothing', '', 'it closed the connection'],
    ['answers in another language', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'it does not speak TLS on that port'],
  ])(
    'never falls back to plain: a broker without TLS that %s is told no login',
    async (_, answer, reason) => {
      let told = '';
      let connections = 0;
      const server = createPlainServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined);
        socket.on('data', (bytes) => {
          told += bytes.toString('latin1');
          socket.end(answer);
        });
      });
      const port = await listen(server, { host: '127.0.0.1', port: 0, option: 'port' });
      closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
      const url = `mqtts://127.0.0.1:${port}`;
      expect(await attempt({ url, username: 'lobby', password: 'hunter2' })).toMatchObject({
        code: 'LOBBY_BROKER_UNREACHABLE',
        message: `The broker at ${url} cannot be reached: ${reason}`,
      });
      expect(connections).toBe(1);
      expect(told).not.toMatch(/hunter2|MQTT/);
    },
  );

  test('is told once more when the broker comes back as somebody else, and made again when it is itself', async () => {
    const { broker } = await start(made.server);
    const { broker: impostor } = await start(made.stranger);
    let port = broker.port;
    const wire = await layWire(() => port);
    closing.push(() => wire.close());
    const told: string[] = [];
    const publisher = await connectPublisher({
      url: `mqtts://127.0.0.1:${wire.port}`,
      ...broker.login,
      certificates: trusted(),
      branch,
      clock: { now: systemClock.now, sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) },
      onLink: (connected, reason) => told.push(connected ? 'back' : reason!),
    });
    closing.push(() => publisher.close());
    port = impostor.port;
    wire.cut();
    wire.mend();
    const distrust = 'its certificate is signed by nobody who is known here';
    await vi.waitFor(() => expect(told).toEqual(['it closed the connection', distrust]));
    expect(impostor.clients).toBe(0);
    port = broker.port;
    await vi.waitFor(() => expect(told).toEqual(['it closed the connection', distrust, 'back']));
  });

  test('is made by the announcement to Home Assistant in the same way', async () => {
    const { broker } = await start(made.server, made.ca);
    const remarks: string[] = [];
    const announce = (certificates: BrokerAddress['certificates']) => {
      const announcement = announceToHomeAssistant({
        url: broker.url,
        ...broker.login,
        ...(certificates === undefined ? {} : { certificates }),
        branch,
        version: '0',
        isOn: true,
        onRemark: (remark) => remarks.push(remark),
      });
      closing.push(() => announcement.close());
      return announcement.done;
    };
    await announce(trusted());
    expect(remarks).toHaveLength(1);
    expect(broker.clients).toBe(0);
    await announce({ ...trusted(), ...read(made.client) });
    expect(remarks).toHaveLength(1);
    expect(broker.clients).toBe(1);
  });
});
