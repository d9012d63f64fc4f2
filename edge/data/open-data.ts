import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import type { JournalSettings } from '../../src/contract/journal.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Outbox } from '../../src/ports/outbox.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import { keepPrivate } from '../access/file-modes.ts';
import { type OpenJournal, openJournal } from '../journals/open-journal.ts';
import { serveJournal } from '../journals/serve-journal.ts';
import { createStoreProcess } from '../journals/store-process.ts';
import { systemClock } from '../system-clock.ts';
import { claimFolder } from './claim.ts';
import { openFileOutbox } from './file-outbox.ts';
import { openFilePromptStore } from './file-prompt-store.ts';

export interface DataOptions {
  readonly folder: string;
  readonly branch: string;
  /** Of the branch's clock, for the journal's hours; absent: UTC. */
  readonly timezone?: string;
  readonly journal: JournalSettings;
  /** The machine's own unless a test gives another. */
  readonly clock?: Clock;
  /** Told of every trouble, once: for the log. */
  readonly onTrouble?: (sentence: string) => void;
}

/** All that one branch's box keeps over a restart. */
export interface Data {
  readonly folder: string;
  readonly journal: OpenJournal;
  readonly outbox: Outbox;
  readonly prompts: PromptStore;
  close(): Promise<void>;
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

/** A command of `lobby journal` has the folder no longer than this; a service that starts meanwhile waits. */
const waitForCommandSeconds = 90;

/**
 * Opens a data folder, making it for this user alone if it is not there.
 *
 * Two services in one folder would write over each other: the second is refused. Commands ask the first by a socket
 * in the folder, which this user alone can use.
 *
 * One that everybody may look into is told of.
 *
 * @throws {LobbyError} `LOBBY_DATA_UNUSABLE` where the folder cannot be made or written to, `LOBBY_FILE_OPEN` where
 *         everybody may write to it, `LOBBY_DATA_IN_USE`
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
  keepPrivate(folder, onTrouble ?? (() => undefined));
  const claim = await claimFolder(folder, 'service', waitForCommandSeconds);
  if (typeof claim === 'string') throw new LobbyError('LOBBY_DATA_IN_USE', { folder });
  const told = onTrouble === undefined ? {} : { onTrouble };
  const journal = openJournal({
    folder,
    branch,
    ...(options.timezone === undefined ? {} : { timezone: options.timezone }),
    settings: options.journal,
    clock: options.clock ?? systemClock,
    // What ends a process in DuckDB ends that one, and not the service.
    database: createStoreProcess(),
    ...told,
  });
  const served = await serveJournal(folder, journal);
  const outbox = openFileOutbox({ file: join(folder, 'outbox.jsonl'), branch, ...told });
  const prompts = openFilePromptStore({ file: join(folder, 'prompts.json'), branch, ...told });
  return {
    folder,
    journal,
    outbox,
    prompts,
    async close() {
      outbox.close();
      served?.close();
      // What is written ahead is closed at once; the database a moment later, and the folder is free after that.
      await journal.close();
      await prompts.close();
      claim.release();
    },
  };
}
