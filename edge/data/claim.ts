import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A service keeps a folder for as long as it runs; a command has it for a moment, and is waited for. */
export type Holder = 'service' | 'command';

/** Addresses of sockets are no longer than this on any system. */
export const mostSocketLetters = 100;
const waitMs = 100;

/**
 * Claims a data folder, or says who has it. What tells is a socket in it, on which nobody listens any more once its
 * process has been killed; unlike a file with a process number in it, it cannot outlive one.
 *
 * @param waitSeconds how long to wait for a command that has it
 * @returns what lets go of it; or who has it
 */
export async function claimFolder(
  folder: string,
  as: Holder,
  waitSeconds = 0,
): Promise<{ release(): void } | Holder> {
  const path = join(folder, 'in-use');
  if (path.length > mostSocketLetters) return { release: () => undefined };
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    const server = await listenOn(path, as);
    if (server !== 'taken') return { release: () => void server?.close() };
    const holder = await holderOf(folder);
    if (holder === undefined) rmSync(path, { force: true });
    else if (holder === 'service' || performance.now() >= until) return holder;
    else await wait(waitMs);
  }
}

/** Nothing where the file system has no sockets: then nobody can tell, and the service goes on. */
function listenOn(path: string, as: Holder): Promise<Server | 'taken' | undefined> {
  return new Promise((done) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(`${as}\n`);
    });
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      done(code === 'EADDRINUSE' ? 'taken' : undefined),
    );
    server.listen(path, () => done(server.unref()));
  });
}

/** Who has a folder; nobody, if nobody answers. */
export function holderOf(folder: string): Promise<Holder | undefined> {
  return new Promise((done) => {
    let said = '';
    const socket = connect(join(folder, 'in-use'));
    // A service that hangs does not answer, and is there.
    const late = setTimeout(() => socket.destroy(), 2_000);
    let isThere = false;
    socket.once('connect', () => {
      isThere = true;
    });
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(late);
      done(!isThere ? undefined : said.startsWith('command') ? 'command' : 'service');
    });
  });
}
