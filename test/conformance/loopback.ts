import { connect, createServer, type Server, type Socket } from 'node:net';
import { listen } from '../../edge/http/listen.ts';

/** A wire between a client and a server on this machine, that a test can cut and mend. */
export interface Wire {
  readonly port: number;
  /** Breaks every connection at once and takes no new ones, as when the network goes. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Lays a wire to a port of this machine; a function says, at each connection, to which. */
export async function layWire(toPort: number | (() => number)): Promise<Wire> {
  const sockets = new Set<Socket>();
  let whole = true;
  const server: Server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(typeof toPort === 'number' ? toPort : toPort(), '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const port = await listen(server, { host: '127.0.0.1', port: 0, option: 'port' });
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    cut() {
      whole = false;
      breakAll();
    },
    mend() {
      whole = true;
    },
    async close() {
      breakAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A port of this machine where nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, { host: '127.0.0.1', port: 0, option: 'port' });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
