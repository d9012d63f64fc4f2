import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { startRun } from '../../edge/cli/run.ts';
import { examples } from '../../edge/http/examples.ts';
import { createLog } from '../../edge/log.ts';
import { packageRoot } from '../../edge/package-root.ts';
import type { FuzzedParser } from './parsers.ts';

/** What a body may not do here: try a camera of any address, or have a what-if reckoned for each of thousands. */
const leftOut = ['POST /api/v1/setup/cameras/try', 'POST /api/v1/what-if', 'POST /api/v1/what-if/suggest'];

/**
 * The API of a whole running service: bodies and addresses of every route that takes any, sent as whoever has the
 * highest role. Nothing may be answered with 500, and every refusal has a code, a sentence and a remedy.
 */
export async function openApi(): Promise<readonly FuzzedParser[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lobby-fuzz-api-'));
  const branch = join(folder, 'branch.yaml');
  const source = join(packageRoot, 'edge', 'demo', 'branch.yaml');
  writeFileSync(
    branch,
    readFileSync(source, 'utf8').replace('source: clip.mp4', 'source: rtsp://127.0.0.1:9/hall'),
  );
  let app: FastifyInstance | undefined;
  const running = await startRun({
    branch,
    data: join(folder, 'data'),
    port: 0,
    mqttPort: 0,
    threads: 1,
    log: createLog('error', false),
    extend: (its) => {
      app = its;
    },
  });
  const token = /#token=(.+)$/.exec(running.consoleUrl!)![1]!;
  const routes = Object.keys(examples).filter((one) => !leftOut.includes(one));
  const withBody = routes.filter((one) => examples[one]!.request !== undefined);
  const asked = routes.filter((one) => one.startsWith('GET ') && !one.endsWith('/live'));
  let callers = 0;
  const send = async (method: string, url: string, payload?: string) => {
    callers += 1;
    const reply = await app!.inject({
      method: method as 'GET',
      url,
      // Each as somebody else: who asks much is asked to wait, and that is tested elsewhere.
      remoteAddress: `10.${(callers >> 16) & 255}.${(callers >> 8) & 255}.${callers & 255}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(payload === undefined ? {} : { payload }),
    });
    if (reply.statusCode >= 500 && reply.statusCode !== 503) {
      throw new Error(`${method} ${url} was answered with ${reply.statusCode}: ${reply.body.slice(0, 500)}`);
    }
    if (reply.statusCode < 400) return 'accepted' as const;
    const { code, message, remedy } = reply.json<{ code?: string; message?: string; remedy?: string }>();
    if (reply.statusCode !== 503 && !(code?.startsWith('LOBBY_') && message && remedy)) {
      throw new Error(`${method} ${url} was refused without a reason: ${reply.body.slice(0, 500)}`);
    }
    return 'refused' as const;
  };
  return [
    {
      name: 'API bodies',
      share: 0.05,
      // The route stands in the first line, and changes with the rest.
      examples: withBody.map((one) => Buffer.from(`${one}\n${JSON.stringify(examples[one]!.request)}`)),
      take(bytes) {
        const [first = '', ...rest] = bytes.toString('utf8').split('\n');
        const route = withBody.includes(first) ? first : withBody[bytes.length % withBody.length]!;
        const [method, path] = route.split(' ') as [string, string];
        return send(method, path, rest.join('\n'));
      },
    },
    {
      name: 'API addresses',
      share: 0.05,
      examples: asked.map((one) => {
        const { parameters = {} } = examples[one]!;
        const query = new URLSearchParams(
          Object.entries(parameters).map(([name, value]) => [name, String(value)]),
        );
        return Buffer.from(
          `${one.slice(4).replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name]))}?${query}`,
        );
      }),
      take(bytes) {
        // As a client's own library writes them: what cannot stand in an address never comes.
        const address = encodeURI(bytes.toString('latin1').replaceAll('\n', ' ')).replaceAll('%25', '%');
        return send('GET', address.startsWith('/') ? address : `/${address}`);
      },
      async close() {
        await running.close();
        rmSync(folder, { recursive: true, force: true });
      },
    },
  ];
}
