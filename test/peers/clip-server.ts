import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';

/** A running server on the loopback address. */
export interface ClipServer {
  readonly port: number;
  /** The clip's address, without a login. */
  readonly url: string;
  /** What clients asked for, oldest first. */
  readonly asked: readonly string[];
  /** How many connections stand now. */
  connected(): number;
  close(): Promise<void>;
}

export interface ClipServing {
  /** `name:password` that clients must give. */
  readonly login?: string;
  /** Cuts the connection after so many bytes, as a dying network does. */
  readonly cutAfterBytes?: number;
}

/** Serves one clip over HTTP with byte ranges; everything but `/clip` is not found. */
export function startClipServer(
  clip: string,
  { login, cutAfterBytes }: ClipServing = {},
): Promise<ClipServer> {
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${request.method} ${request.url}`);
    const given = Buffer.from(
      request.headers.authorization?.replace(/^Basic /, '') ?? '',
      'base64',
    ).toString();
    if (login && given !== login) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end();
      return;
    }
    if (!request.url?.startsWith('/clip')) {
      response.writeHead(404).end();
      return;
    }
    const size = statSync(clip).size;
    const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
    const start = range ? Number(range[1]) : 0;
    const end = range?.[2] ? Number(range[2]) : size - 1;
    response.writeHead(range ? 206 : 200, {
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': end - start + 1,
      ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
    });
    if (cutAfterBytes === undefined) createReadStream(clip, { start, end }).pipe(response);
    else {
      createReadStream(clip, { start, end: Math.min(end, Math.floor(cutAfterBytes)) })
        .on('end', () => response.destroy())
        .pipe(response, { end: false });
    }
  };
  return listening(createServer(answer), asked, '/clip');
}

/** Takes connections and never says a word. */
export function startMuteServer(): Promise<ClipServer> {
  const asked: string[] = [];
  const server = createSocketServer((socket) => {
    socket.on('data', (data) => asked.push(String(data).split('\r\n', 1)[0]!));
    socket.on('error', () => undefined);
  });
  return listening(server, asked, '/clip');
}

function listening(server: Server, asked: string[], path: string): Promise<ClipServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        url: `http://127.0.0.1:${port}${path}`,
        asked,
        connected: () => sockets.size,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}
