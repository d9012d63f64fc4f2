import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type ErrorCode, errorCodes, LobbyError } from '../../src/contract/errors.ts';
import { type JournalLine, journalSettingsSchema } from '../../src/contract/journal.ts';
import type { Answer, JournalDay, Lines, ReadableJournal } from '../../src/ports/journal.ts';
import { claimFolder } from '../data/claim.ts';
import { systemClock } from '../system-clock.ts';
import { hasJournal, type JournalStats, type OpenJournal, openJournal } from './open-journal.ts';
import { type Ask, journalSocket } from './serve-journal.ts';

/** A journal as a command has it: the file itself, or the service that has it open. */
export interface AskedJournal
  extends Pick<OpenJournal, 'query' | 'lines' | 'days' | 'stats' | 'prune' | 'export'> {
  readonly by: 'file' | 'service';
  close(): Promise<void>;
}

/**
 * Gets at the journal of a data folder, whether a service runs in it or not. Without one the folder is claimed until
 * `close`; a service that starts meanwhile waits for that.
 *
 * @throws {LobbyError} `LOBBY_JOURNAL_MISSING`, `LOBBY_JOURNAL_SILENT`, `LOBBY_JOURNAL_UNSEARCHABLE`
 */
export async function askJournal(given: string): Promise<AskedJournal> {
  const folder = resolve(given);
  if (!(await hasJournal(folder))) throw new LobbyError('LOBBY_JOURNAL_MISSING', { folder });
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new LobbyError('LOBBY_DATA_UNUSABLE', { folder, reason }, { cause });
  }
  const claim = await claimFolder(folder, 'command', 30);
  if (claim === 'command')
    throw new LobbyError('LOBBY_JOURNAL_SILENT', { folder, reason: 'another command is at it' });
  if (claim === 'service') return askService(folder);
  try {
    // How long it is kept is the service's to say: a command lets go of nothing by itself.
    const keep = {
      ...journalSettingsSchema.parse({}),
      days: 1_000_000,
      megabytes: 1_000_000,
      memoryMegabytes: 512,
    };
    const journal = openJournal({ folder, settings: keep, clock: systemClock });
    return {
      ...journal,
      by: 'file',
      async close() {
        await journal.close();
        claim.release();
      },
    };
  } catch (error) {
    claim.release();
    throw error;
  }
}

function askService(folder: string): AskedJournal {
  /** Asks one thing, and gathers what comes. */
  async function ask(asked: Ask): Promise<Said> {
    const socket = connect(join(folder, journalSocket));
    const silent = (reason: string) => new LobbyError('LOBBY_JOURNAL_SILENT', { folder, reason });
    const failed = new Promise<never>((_, reject) =>
      socket.once('error', ({ code, message }: NodeJS.ErrnoException) => reject(silent(code ?? message))),
    );
    const gathered = (async () => {
      socket.write(`${JSON.stringify(asked)}\n`);
      const all: Said = { rows: [] };
      for await (const text of createInterface({ input: socket })) {
        const { rows, error, ...rest } = JSON.parse(text) as Said & { error?: Trouble };
        if (error !== undefined) {
          if (!(error.code in errorCodes)) throw silent(error.code);
          throw new LobbyError(error.code, error.details);
        }
        for (const row of rows ?? []) all.rows.push(row);
        Object.assign(all, rest);
      }
      if (all.end !== true) throw silent('it broke off its answer');
      return all;
    })();
    gathered.catch(() => undefined);
    failed.catch(() => undefined);
    try {
      return await Promise.race([gathered, failed]);
    } finally {
      socket.destroy();
    }
  }
  return {
    by: 'service',
    async query(sql, values = [], bounds = {}): Promise<Answer> {
      const { columns, rows, isCut } = await ask({ ask: 'query', sql, values: [...values], bounds });
      return { columns: columns ?? [], rows: rows as unknown[][], isCut: isCut === true };
    },
    async lines(wanted = {}): Promise<Lines> {
      const { rows, before } = await ask({
        ask: 'lines',
        wanted: wanted as Extract<Ask, { ask: 'lines' }>['wanted'],
      });
      return { lines: rows as Lines['lines'], ...(before === undefined ? {} : { before }) };
    },
    days: async () => (await ask({ ask: 'days' })).value as readonly JournalDay[],
    stats: async () => (await ask({ ask: 'stats' })).value as JournalStats,
    prune: async (days) => (await ask({ ask: 'prune', days })).value as number,
    export: async (from, to, format) =>
      (await ask({ ask: 'export', from, to, format })).value as Awaited<ReturnType<OpenJournal['export']>>,
    close: async () => undefined,
  };
}

interface Said {
  rows: unknown[];
  columns?: Answer['columns'];
  isCut?: boolean;
  before?: number;
  value?: unknown;
  end?: boolean;
}

interface Trouble {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;
}

/** Every line of a journal of some kinds, oldest first; absent: of all but scenes. */
export async function allLines(
  journal: Pick<ReadableJournal, 'lines'>,
  kinds?: readonly JournalLine['kind'][],
) {
  const all: Lines['lines'][number]['line'][] = [];
  for (let before: number | undefined; ; ) {
    const page = await journal.lines({
      limit: 1_000,
      ...(kinds === undefined ? {} : { kinds }),
      ...(before === undefined ? {} : { before }),
    });
    all.push(...page.lines.map(({ line }) => line));
    before = page.before;
    if (before === undefined) return all.reverse();
  }
}
