import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AppOptions, buildApp } from './app.ts';
import { listenTrouble } from './listen.ts';

export interface ServerOptions extends AppOptions {
  /** Address to listen on. Default 127.0.0.1: this machine only. */
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface WebServer {
  /** `http://host:port` or `https://`, where a browser on this machine finds the pages. */
  readonly url: string;
  readonly port: number;
  /** For the embedded broker's WebSocket. */
  readonly server: Server;
  /** Ends every connection. Close the broker at the same time or before: its sockets hang on this server. */
  close(): Promise<void>;
}

/**
 * Listens with what `buildApp` built.
 *
 * @throws {LobbyError} `LOBBY_PORT_IN_USE` (option `port`), `LOBBY_OPTION_INVALID` when the address cannot be had
 */
export async function startServer(options: ServerOptions): Promise<WebServer> {
  const { host = '127.0.0.1', port } = options;
  const app = await buildApp(options);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenTrouble(error, { host, port, option: 'port' });
  }
  const taken = (app.server.address() as AddressInfo).port;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${taken}`,
    port: taken,
    server: app.server,
    async close() {
      await app.close();
    },
  };
}
