import { writeFileSync } from 'node:fs';
import { type ErrorCode, LobbyError } from '../../src/contract/errors.ts';
import { openStore, type Store, type StoreOptions } from './store.ts';

/** Run by `store-process.ts`: the database in a process of its own. It ends with whoever started it. */

/** What is asked of it: a call of the store, by its name. */
export type Asked =
  | { readonly id: number; readonly call: 'ping' }
  | { readonly id: number; readonly call: 'open'; readonly options: OpenOptions }
  | { readonly id: number; readonly call: StoreCall; readonly given: readonly unknown[] };

/** What a store is opened with, as far as it can be sent. `now` stamps what is kept aside. */
export type OpenOptions = Omit<StoreOptions, 'onTrouble' | 'now' | 'tables'> & { readonly now: number };

export type StoreCall = Exclude<keyof Store, 'taken' | 'allTaken'>;

/** What it says: parts of an answer come before it. */
export type Said =
  | { readonly kind: 'here' }
  | { readonly kind: 'trouble'; readonly sentence: string }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: readonly unknown[] }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: Failure };

export interface Failure {
  readonly code?: string;
  readonly details?: LobbyError['details'];
  readonly name: string;
  readonly message: string;
  readonly cause?: Failure;
}

/** Of an answer in one message: reading it holds up the service for a millisecond at most. */
const partLetters = 64_000;
/** Whoever needs memory when there is none takes it from here first, and not from what tells the wrists. */
const oomScore = 500;

let store: Store | undefined;

/** Resolves when it is on its way; what it waits for is the reader. */
function say(said: Said): Promise<void> {
  return new Promise((done) => {
    if (process.send === undefined || !process.connected) return done();
    process.send(said, undefined, undefined, () => done());
  });
}

const isLarge = { query: 'rows', lines: 'lines' } as const;

async function answer(asked: Asked): Promise<unknown> {
  if (asked.call === 'ping') return process.memoryUsage.rss();
  if (asked.call === 'open') {
    const { now, ...options } = asked.options;
    const onTrouble = (sentence: string) => void say({ kind: 'trouble', sentence });
    store = await openStore({ ...options, onTrouble, now: () => now }, () => import('@duckdb/node-api'));
    return store.allTaken();
  }
  if (store === undefined) throw new LobbyError('LOBBY_JOURNAL_UNSEARCHABLE', { reason: 'it is not open' });
  const call = store[asked.call] as (...given: readonly unknown[]) => Promise<unknown>;
  const value = await call(...asked.given);
  if (asked.call === 'close') store = undefined;
  if (asked.call !== 'query' && asked.call !== 'lines') return value;
  // Rows go ahead in parts, so that no part is long to read.
  const { [isLarge[asked.call]]: rows, ...rest } = value as Record<string, readonly unknown[]>;
  for (const part of partsOf(rows!)) await say({ kind: 'rows', id: asked.id, rows: part });
  return rest;
}

function* partsOf(rows: readonly unknown[]): Generator<readonly unknown[]> {
  let part: unknown[] = [];
  let letters = 0;
  for (const row of rows) {
    part.push(row);
    letters += lettersOf(row);
    if (letters < partLetters) continue;
    yield part;
    part = [];
    letters = 0;
  }
  if (part.length > 0) yield part;
}

/** About how much it is to send. */
function lettersOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 8;
  if (typeof value !== 'object' || value === null) return 10;
  let letters = 8;
  for (const one of Object.values(value)) letters += lettersOf(one);
  return letters;
}

function failureOf(error: unknown): Failure {
  const { name, message, code, cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  return {
    name: String(name),
    message: String(message),
    ...(error instanceof LobbyError ? { details: error.details } : {}),
    ...(code === undefined ? {} : { code: code as ErrorCode }),
    ...(cause instanceof Error ? { cause: failureOf(cause) } : {}),
  };
}

process.on('message', (asked: Asked) => {
  answer(asked).then(
    (value) => say({ kind: 'answer', id: asked.id, value }),
    (error) => say({ kind: 'failed', id: asked.id, error: failureOf(error) }),
  );
});

// Whoever started it is gone, and takes the file up anew when it is back. Not `exit`: that would wait for a question
// that is being answered, and what was written ahead is not held by anything here.
const end = () => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', end);
// A signal to the whole group (Ctrl+C, a service manager) is for whoever started it, and ends this in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
try {
  if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', String(oomScore));
} catch {
  // Where that is not allowed it is a process like others.
}
if (!process.connected) end();
await say({ kind: 'here' });
