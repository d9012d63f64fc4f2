import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../../edge/package-root.ts';
import { type Certificates, makeCertificates, read } from '../../peers/certificates.ts';
import { openssl, titled } from '../../peers/tools.ts';

/** Posts one prompt as the service does, in a process of its own: what it trusts is settled as that starts. */
const script = `
  import { createWebhooks } from './edge/webhooks/webhooks.ts';
  import { systemClock } from './edge/system-clock.ts';
  import { examplePrompt, momentAt } from './test/conformance/publisher.ts';
  const remarks = [];
  const hooks = createWebhooks([{ url: process.argv[1], key: Buffer.alloc(32, 1) }], {
    branch: 'harbour', clock: systemClock, onRemark: (remark) => remarks.push(remark),
  });
  const now = systemClock.now();
  hooks.prompt(examplePrompt(1, { raisedAt: momentAt(now), expiresAt: momentAt(now + 20) }));
  while (remarks.length === 0 && hooks.figures().sent === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(JSON.stringify({ remarks, sent: hooks.figures().sent }));
  await hooks.close();
  process.exit();`;

describe.skipIf(openssl.absent)(titled('A webhook by https', openssl.absent), () => {
  let certificates: Certificates;
  let server: Server | undefined;
  let heard: string[];
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });
  afterAll(() => certificates?.remove());

  async function post(identity: { cert: string; key: string }, environment: Record<string, string>) {
    heard = [];
    server = createServer(read(identity), (request, response) => {
      heard.push(request.method!);
      response.writeHead(204).end();
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script, `https://127.0.0.1:${port}/x`],
      { cwd: packageRoot, env: { PATH: process.env.PATH ?? '', ...environment } },
    );
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as { remarks: string[]; sent: number };
  }

  test('is posted to where the certificate is right, by whoever signed it', async () => {
    const { sent, remarks } = await post(certificates.server, { NODE_EXTRA_CA_CERTS: certificates.ca });
    expect({ sent, remarks, heard }).toEqual({ sent: 1, remarks: [], heard: ['POST'] });
  });

  test.each([
    ['of nobody known', 'stranger', 'its certificate is signed by nobody who is known here'],
    ['for another name', 'elsewhere', 'its certificate is for another name'],
    ['that has expired', 'expired', 'its certificate has expired'],
  ] as const)(
    'gets nothing with a certificate %s, also where Node.js was told to look at none',
    async (_, who, why) => {
      const { sent, remarks } = await post(certificates[who], {
        NODE_EXTRA_CA_CERTS: certificates.ca,
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      });
      expect({ sent, heard }).toEqual({ sent: 0, heard: [] });
      expect(remarks).toEqual([
        expect.stringMatching(new RegExp(`^webhook https://127.0.0.1:\\d+/x fails: ${why}$`)),
      ]);
    },
  );
});
