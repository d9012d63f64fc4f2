import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { withoutLogin } from '../../../edge/brokers/dial.ts';
import { startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { connectPublisher } from '../../../edge/brokers/mqtt-publisher.ts';
import { parseWatchLogins, watchLoginLine } from '../../../edge/brokers/watch-logins.ts';
import { listen } from '../../../edge/http/listen.ts';
import { serverTls } from '../../../edge/http/server-tls.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { type BrokerUnderTest, branch, publisherConformance } from '../../conformance/publisher.ts';
import { wristAccess } from '../../conformance/wrist-access.ts';
import { mosquitto } from '../../e2e/mosquitto.ts';
import { type Certificates, makeCertificates, read } from '../../peers/certificates.ts';
import { startMosquitto, users } from '../../peers/mosquitto.ts';
import { absent, openssl, titled } from '../../peers/tools.ts';

/** Every broker the service has to do with, and every way in. */
let made: Certificates;
beforeAll(async () => {
  if (openssl.absent === undefined) made = await makeCertificates();
});
afterAll(() => made?.remove());

/** What the box and the watches need: the CA to know the broker by, and a certificate to be known by. */
const shown = () => ({ ca: readFileSync(made.ca), ...read(made.client) });
const known = () => ({ ca: readFileSync(made.ca) });
const watch = { username: branch, password: users.harbour };
const other = { username: 'other', password: users.other };
const box = { username: 'lobby', password: users.lobby };

async function embeddedOverWeb(isSecure: boolean): Promise<BrokerUnderTest> {
  const tls = isSecure ? serverTls(read(made.server)) : undefined;
  const broker = await startEmbeddedBroker({ branch, mqttPort: 0, ...(tls === undefined ? {} : { tls }) });
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  broker.attachWebSocket(server);
  const port = await listen(server, { host: '127.0.0.1', port: 0, option: 'port' });
  return {
    port,
    scheme: isSecure ? 'wss' : 'ws',
    path: '/mqtt',
    login: broker.login,
    ...(isSecure ? { certificates: known() } : {}),
    async close() {
      await broker.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function embeddedWithAll(): Promise<BrokerUnderTest> {
  const broker = await startEmbeddedBroker({
    branch,
    mqttPort: 0,
    tls: serverTls(read(made.server), readFileSync(made.ca)),
    logins: await parseWatchLogins(await watchLoginLine(watch.username, watch.password), 'watches'),
  });
  const { port, login, close } = broker;
  return { port, scheme: 'mqtts', certificates: shown(), login, watchLogin: watch, close };
}

const mosquittoPlain = async (): Promise<BrokerUnderTest & { otherLogin: typeof other }> => {
  const { port, close } = await startMosquitto();
  return { port, login: box, watchLogin: watch, otherLogin: other, close };
};
const mosquittoSecure = async (): Promise<BrokerUnderTest & { otherLogin: typeof other }> => {
  const { port, close } = await startMosquitto(made);
  const certificates = shown();
  return { port, scheme: 'mqtts', certificates, login: box, watchLogin: watch, otherLogin: other, close };
};
const mosquittoOverWeb = async (): Promise<BrokerUnderTest> => {
  const { webPort, close } = await startMosquitto(made);
  return { port: webPort, scheme: 'wss', certificates: known(), login: box, watchLogin: watch, close };
};
const embedded = () => startEmbeddedBroker({ branch, mqttPort: 0 });

publisherConformance('the embedded broker', embedded);
publisherConformance('the embedded broker, over WebSocket', () => embeddedOverWeb(false));
wristAccess('the embedded broker', embedded);
wristAccess('the embedded broker, over WebSocket', () => embeddedOverWeb(false));

describe.skipIf(absent(openssl))(titled('TLS', absent(openssl)), () => {
  publisherConformance('the embedded broker, over TLS with client certificates and logins', embeddedWithAll);
  publisherConformance('the embedded broker, over WebSocket with TLS', () => embeddedOverWeb(true));
  wristAccess('the embedded broker, over TLS with client certificates and logins', embeddedWithAll);
});
describe.skipIf(absent(mosquitto))(titled('Mosquitto', absent(mosquitto)), () => {
  publisherConformance('Mosquitto, MQTT 3.1.1', mosquittoPlain, 4, 4);
  publisherConformance('Mosquitto, MQTT 5', mosquittoPlain, 5);
  wristAccess('Mosquitto, MQTT 3.1.1', mosquittoPlain, { servesOthers: true });
  wristAccess('Mosquitto, MQTT 5', mosquittoPlain, { speaks: 5, servesOthers: true });
});
describe.skipIf(absent(mosquitto, openssl))(titled('Mosquitto and TLS', absent(mosquitto, openssl)), () => {
  publisherConformance('Mosquitto, over TLS with client certificates and logins', mosquittoSecure, 5);
  publisherConformance('Mosquitto, over WebSocket with TLS', mosquittoOverWeb, 5);
  wristAccess('Mosquitto, over TLS with client certificates and logins', mosquittoSecure, {
    speaks: 5,
    servesOthers: true,
  });
});

describe('an address for the log', () => {
  test.each([
    ['mqtts://box:secret@broker.example:8883', 'mqtts://broker.example:8883'],
    ['wss://broker.example/mqtt?token=secret', 'wss://broker.example/mqtt'],
    ['mqtt://[::1]:1883', 'mqtt://[::1]:1883'],
    ['secret', 'an address that cannot be read'],
  ])('%s is shown as %s', (url, shown) => {
    expect(withoutLogin(url)).toBe(shown);
  });
});

describe('What an outbox is found with', () => {
  test.each(['{', 'null', '7', '"met"', '[]', '{"phase":{}}'])(
    'ends no start, whatever a disk has made of it: %s',
    async (payload) => {
      const broker = await embedded();
      const done: unknown[] = [];
      const left = [
        {
          topic: `lobby/v1/${branch}/prompt/x`,
          payload,
          prompt: 'x',
          message: 'state',
          until: Date.now() + 60_000,
        },
      ] as const;
      const publisher = await connectPublisher({
        url: `mqtt://127.0.0.1:${broker.port}`,
        ...broker.login,
        branch,
        clock: systemClock,
        outbox: {
          left,
          keep: () => undefined,
          done: (message) => done.push(message),
          close: () => undefined,
        },
      });
      await vi.waitFor(() => expect(done).toEqual(left));
      await publisher.close();
      await broker.close();
    },
  );
});
