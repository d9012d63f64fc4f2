import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import type { JournalSettings } from '../../src/contract/journal.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Outbox } from '../../src/ports/outbox.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import { openFileJournal } from '../journals/file-journal.ts';
import { openFileOutbox } from './file-outbox.ts';
import { openFilePromptStore } from './file-prompt-store.ts';

export interface DataOptions {
  readonly folder: string;
  readonly branch: string;
  readonly journal: JournalSettings;
  /** Told of every trouble, once: for the log. */
  readonly onTrouble?: (sentence: string) => void;
}

/** All that one branch's box keeps over a restart. */
export interface Data {
  readonly folder: string;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly prompts: PromptStore;
  close(): void;
}

/**
 * Where a branch's data lie unless told: where systemd gave the service a folder (`StateDirectory=`), else where the
 * XDG rules put what programs keep, under the branch's own name.
 *
 * Not beside the branch file: that is settings, often in a folder the service may not write to, and a copy of it
 * handed on would take a month of the branch's days along.
 *
 * @example
 * ```ts
 * defaultDataFolder('harbour', { XDG_STATE_HOME: '/var/state' }); // '/var/state/lobby-sense/harbour'
 * ```
 */
export function defaultDataFolder(branch: string, env: NodeJS.ProcessEnv = process.env): string {
  const { STATE_DIRECTORY: given, XDG_STATE_HOME: state } = env;
  // systemd lists several with colons between them: the first is ours.
  if (given !== undefined && given !== '') return join(given.split(':')[0]!, branch);
  const home = state?.startsWith('/') ? state : join(homedir(), '.local', 'state');
  return join(home, 'lobby-sense', branch);
}

/** Addresses of sockets are no longer than this on any system. */
const mostSocketLetters = 100;

/**
 * Opens a data folder, making it for this user alone if it is not there.
 *
 * Two services in one folder would write over each other: the second is refused. What tells is a socket in it, on
 * which nobody listens any more once a service has been killed.
 *
 * @throws {LobbyError} `LOBBY_DATA_UNUSABLE` where the folder cannot be made or written to, `LOBBY_DATA_IN_USE`
 */
export async function openData(options: DataOptions): Promise<Data> {
  const { branch, onTrouble } = options;
  const folder = resolve(options.folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new LobbyError('LOBBY_DATA_UNUSABLE', { folder, reason }, { cause });
  }
  const claim = await claimFolder(folder);
  const told = onTrouble === undefined ? {} : { onTrouble };
  const journal = openFileJournal({ folder: join(folder, 'journal'), settings: options.journal, ...told });
  const outbox = openFileOutbox({ file: join(folder, 'outbox.jsonl'), branch, ...told });
  const prompts = openFilePromptStore({ file: join(folder, 'prompts.json'), branch, ...told });
  return {
    folder,
    journal,
    outbox,
    prompts,
    close() {
      journal.close();
      outbox.close();
      claim?.close();
    },
  };
}

async function claimFolder(folder: string): Promise<Server | undefined> {
  const path = join(folder, 'in-use');
  if (path.length > mostSocketLetters) return undefined;
  const first = await listenOn(path);
  if (first !== 'taken') return first;
  if (await answers(path)) throw new LobbyError('LOBBY_DATA_IN_USE', { folder });
  rmSync(path, { force: true });
  const second = await listenOn(path);
  if (second === 'taken') throw new LobbyError('LOBBY_DATA_IN_USE', { folder });
  return second;
}

/** Nothing where the file system has no sockets: then nobody can tell, and the service goes on. */
function listenOn(path: string): Promise<Server | 'taken' | undefined> {
  return new Promise((done) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      done(code === 'EADDRINUSE' ? 'taken' : undefined),
    );
    server.listen(path, () => done(server.unref()));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
