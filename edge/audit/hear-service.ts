import { createHash } from 'node:crypto';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectAsync } from 'mqtt';

/** Something the service said or answered. */
export interface Said {
  /** By which way: `mqtt lobby/v1/…`, `http /api/v1/lobby`, `live floor`, `webhook`, `log`, `journal verdict`. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

export type Hear = (by: string, bytes: Uint8Array) => void;

export interface Listening {
  readonly close: () => Promise<void>;
}

/** Hears everything on the broker that anybody can hear: what is the branch's, and what Home Assistant is told. */
export async function hearBroker(url: string, branch: string, hear: Hear): Promise<Listening> {
  const client = await connectAsync(url, {
    clientId: 'lobby-audit',
    reconnectPeriod: 0,
    connectTimeout: 10_000,
  });
  client.on('message', (topic, payload) => hear(`mqtt ${topic}`, payload));
  client.on('error', () => undefined);
  for (const topic of [`lobby/v1/${branch}/#`, 'homeassistant/#'])
    await client.subscribeAsync(topic, { qos: 1 });
  return { close: () => client.endAsync(true) };
}

/** Hears the live stream of the console, event by event. */
export async function hearLive(url: string, token: string, hear: Hear): Promise<Listening> {
  const request = get(`${url}/api/v1/live`, { headers: { authorization: `Bearer ${token}` } });
  request.on('error', () => undefined);
  request.on('response', (reply: IncomingMessage) => {
    let text = '';
    reply.setEncoding('utf8');
    reply.on('data', (part: string) => {
      text += part;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const name = /^event: (.*)$/m.exec(event)?.[1] ?? 'unnamed';
        const data = /^data: (.*)$/m.exec(event)?.[1] ?? event;
        hear(`live ${name}`, Buffer.from(data));
      }
    });
    reply.on('error', () => undefined);
  });
  return {
    close: async () => {
      request.destroy();
    },
  };
}

/** Takes what webhooks post. */
export async function openReceiver(
  hear: Hear,
): Promise<Listening & { readonly url: string; readonly port: number }> {
  const server = createServer((request, reply) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      hear('webhook', Buffer.concat(parts));
      hear('webhook headers', Buffer.from(JSON.stringify(request.headers)));
      reply.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/audit`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly {
              readonly in: string;
              readonly name: string;
              readonly required?: boolean;
            }[];
          }
        >
      >
    >
  >;
}

/** Addresses the description leaves out. */
const undescribed = ['/metrics', '/openapi.json'] as const;

/**
 * Asks every address that the service's own description lists for reading, and those it leaves out.
 *
 * @param fill values for parts of addresses and for parameters that must be given
 * @returns which were asked, and which answered with something else than an answer
 */
export async function askEverything(
  url: string,
  token: string,
  fill: Readonly<Record<string, string>>,
  hear: Hear,
): Promise<readonly { readonly address: string; readonly status: number }[]> {
  const headers = { authorization: `Bearer ${token}` };
  const description = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
  const addresses = Object.entries(description.paths).flatMap(([path, { get: asked }]) => {
    if (asked === undefined || path === '/api/v1/live') return [];
    const query = (asked.parameters ?? [])
      .filter((one) => one.in === 'query' && one.required === true)
      .map(({ name }) => `${name}=${encodeURIComponent(fill[name] ?? '')}`);
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(fill[name] ?? 'none'));
    return [query.length === 0 ? filled : `${filled}?${query.join('&')}`];
  });
  const asked: { address: string; status: number }[] = [];
  for (const address of [...addresses, ...undescribed]) {
    const reply = await fetch(`${url}${address}`, { headers, signal: AbortSignal.timeout(30_000) });
    hear(`http ${address}`, new Uint8Array(await reply.arrayBuffer()));
    asked.push({ address, status: reply.status });
  }
  return asked;
}

/** A short name for bytes. */
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
