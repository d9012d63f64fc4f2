import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe } from 'vitest';
import { startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { ackAbuse } from '../../conformance/ack-abuse.ts';
import { branch } from '../../conformance/publisher.ts';
import { mosquitto } from '../../e2e/mosquitto.ts';
import { type Certificates, makeCertificates, read } from '../../peers/certificates.ts';
import { startMosquitto, users } from '../../peers/mosquitto.ts';
import { absent, openssl, titled } from '../../peers/tools.ts';

let made: Certificates;
beforeAll(async () => {
  if (openssl.absent === undefined) made = await makeCertificates();
});
afterAll(() => made?.remove());

ackAbuse('the embedded broker', () => startEmbeddedBroker({ branch, mqttPort: 0 }), { countsAll: true });

const login = { username: 'lobby', password: users.lobby };
const watchLogin = { username: branch, password: users.harbour };
const noBroker = absent(mosquitto);
describe.skipIf(noBroker)(titled('Mosquitto', noBroker), () => {
  const plain = async () => {
    const { port, close } = await startMosquitto();
    return { port, login, watchLogin, close };
  };
  ackAbuse('Mosquitto', plain, { countsAll: false });
});

const noTls = absent(mosquitto, openssl);
describe.skipIf(noTls)(titled('Mosquitto over TLS', noTls), () => {
  const secure = async () => {
    const { port, close } = await startMosquitto(made);
    const certificates = { ca: readFileSync(made.ca), ...read(made.client) };
    return { port, scheme: 'mqtts' as const, certificates, login, watchLogin, close };
  };
  ackAbuse('Mosquitto over TLS', secure, { countsAll: false });
});
