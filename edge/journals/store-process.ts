import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, errorCodes, LobbyError } from '../../src/contract/errors.ts';
import { guardOf, isDamage, reasonOf, type Store, type StoreOptions } from './store.ts';
import type { Asked, Failure, Said, StoreCall } from './store-child.ts';

/** Where the database is: in this process, or in one of its own. */
export interface Database {
  /**
   * Opens the file, or makes it: see `openStore`.
   *
   * @param onEnd told when the database is gone by itself: in which words. Whoever waits for an answer is refused.
   * @throws {LobbyError} `LOBBY_JOURNAL_UNSEARCHABLE`
   */
  open(options: StoreOptions, onEnd: (reason: string) => void): Promise<Store>;
  /** Lets go of the process, if there is one. Stores are closed before. */
  close(): Promise<void>;
  /** Bytes of memory of a process of its own, as last told; absent: there is none. */
  readonly bytes?: number;
}

export interface StoreProcessOptions {
  /** Memory besides that of the database, in megabytes. */
  readonly spareMegabytes?: number;
  readonly lookEveryMs?: number;
  readonly silentMs?: number;
}

/**
 * Of JavaScript alone: an answer of 100,000 rows takes a tenth. V8 ends the process when it is reached.
 */
const heapMegabytes = 256;
/** Of what is new: V8's own is 16, which it takes and keeps. Smaller: 15 MB less, and no slower with rows of 64 KB. */
const newMegabytes = 2;
/** Node, its loader, DuckDB's library and the answers under way take some 200; more than this besides is a leak. */
const usualSpareMegabytes = 512;
const lookEveryMs = 5_000;
/** It answers between any two things it does; the longest is loading the library from a slow card. */
const silentMs = 60_000;
/** Every question is called off after a minute, and each waits for others. What writes has the slowest of disks. */
const answersWithinMs = 30 * 60_000;
const endsWithinMs = 10_000;

interface Waiting {
  readonly call: string;
  readonly rows: unknown[];
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * The database in a process of its own, behind the same calls.
 *
 *     open-journal.ts ─▶ Store ─▶ ▸ take, query, … ▸ ─▶ store-child.ts ─▶ DuckDB ─▶ journal.duckdb
 *     this process               ◂ rows, answer    ◂     its own process
 *
 * DuckDB is native code: on a disk that fails in the midst of a write it ends its process, and so might any fault in
 * it. Here that is the other process, and costs nothing but the questions under way: lines are written ahead by this
 * one. It is begun anew with the next `open`; when that is, is the caller's to say.
 *
 * It is ended where it answers nothing for a minute, and where it takes more memory than it may. When this process
 * ends, however it does, so does the other.
 */
export function createStoreProcess(given: StoreProcessOptions = {}): Database {
  let running: Running | undefined;

  async function start(memoryMegabytes: number): Promise<Running> {
    if (running !== undefined) return running;
    const mostBytes = (memoryMegabytes + (given.spareMegabytes ?? usualSpareMegabytes)) * 1e6;
    const begun = run(mostBytes, given.lookEveryMs ?? lookEveryMs, given.silentMs ?? silentMs, () => {
      if (running === begun) running = undefined;
    });
    running = begun;
    await begun.here;
    return begun;
  }

  return {
    get bytes() {
      return running?.bytes() ?? 0;
    },
    async open({ onTrouble, now, tables: _, ...options }, onEnd) {
      const child = await start(options.memoryMegabytes).catch((error) => {
        onEnd(reasonIn(error));
        throw error;
      });
      child.onTrouble = onTrouble;
      child.onEnd = onEnd;
      const opening = child.ask({ call: 'open', options: { ...options, now: now() } });
      const known = await opening.catch((error) => {
        // Ended by somebody else, or by its disk: that says nothing of the file, which is not to be put aside for it.
        if (child.isInnocent()) rmSync(guardOf(options.file), { force: true });
        throw error;
      });
      const taken = new Map(known as [string, number][]);
      const call =
        <Name extends StoreCall>(name: Name) =>
        (...values: Parameters<Store[Name]>): ReturnType<Store[Name]> =>
          child.ask({ call: name, given: values }) as ReturnType<Store[Name]>;
      const take = call('take');
      return {
        taken: (segment) => taken.get(segment) ?? 0,
        allTaken: () => [...taken],
        async take(segment, upTo, lines, over) {
          await take(segment, upTo, lines, over);
          for (const one of over) taken.delete(one);
          if (!over.includes(segment)) taken.set(segment, upTo);
        },
        query: call('query'),
        lines: call('lines'),
        days: call('days'),
        oldestDay: call('oldestDay'),
        drop: call('drop'),
        dropScenes: call('dropScenes'),
        export: call('export'),
        usedBytes: call('usedBytes'),
        counts: call('counts'),
        async close() {
          child.onEnd = undefined;
          await call('close')();
        },
      };
    },
    close: async () => running?.end(),
  };
}

type Running = ReturnType<typeof run>;
type Unnumbered<Each> = Each extends unknown ? Omit<Each, 'id'> : never;

function run(mostBytes: number, lookMs: number, mostSilentMs: number, onOver: () => void) {
  const child: ChildProcess = fork(fileURLToPath(new URL('store-child.ts', import.meta.url)), [], {
    execArgv: [
      ...['--import', import.meta.resolve('tsx')],
      `--max-old-space-size=${heapMegabytes}`,
      `--max-semi-space-size=${newMegabytes}`,
    ],
    // No secret of the service's environment is its to have.
    env: {
      ...pick(process.env, ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NODE_ENV', 'MALLOC_MMAP_THRESHOLD_']),
      // It answers one thing after the other: more arenas of the C library are 7 MB more, and nothing sooner.
      MALLOC_ARENA_MAX: '1',
    },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  const told = { onTrouble: undefined, onEnd: undefined } as {
    onTrouble: ((sentence: string) => void) | undefined;
    onEnd: ((reason: string) => void) | undefined;
  };
  let count = 0;
  let bytes = 0;
  let lastWords = '';
  let why: string | undefined;
  let isOutside = false;
  let over: Error | undefined;
  let heardAt = performance.now();
  let arrived: () => void;
  let failed: (error: Error) => void;
  const here = new Promise<void>((resolve, reject) => {
    arrived = resolve;
    failed = reject;
  });
  here.catch(() => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => finish(reasonOf(error), resolve));
    child.once('exit', (code, signal) => finish(wordsOf(code, signal), resolve));
  });

  // It keeps no process alive that has nothing else to do; whoever waits for an answer does.
  const hold = () => {
    if (waiting.size > 0) child.channel?.ref();
    else child.channel?.unref();
  };
  child.unref();
  (child.stderr as unknown as { unref(): void }).unref();
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2_000);
  });

  function finish(reason: string, resolve: () => void): void {
    if (over !== undefined) return;
    clearInterval(looking);
    over = new LobbyError('LOBBY_JOURNAL_UNSEARCHABLE', { reason });
    failed(over);
    for (const one of waiting.values()) one.reject(over);
    waiting.clear();
    onOver();
    told.onEnd?.(reason);
    resolve();
  }

  function wordsOf(code: number | null, signal: NodeJS.Signals | null): string {
    const how = why ?? (signal === null ? `code ${code}` : signal);
    // What native code says last is why, and V8 says so when its heap is full.
    const said = /what\(\):\s*(.+)|FATAL ERROR: (.+)/.exec(lastWords);
    const words = (said?.[1] ?? said?.[2])?.slice(0, 200);
    isOutside =
      (signal === 'SIGKILL' && why === undefined) || (words !== undefined && !isDamage(new Error(words)));
    return `its process ended: ${how}${words === undefined ? '' : ` (${words})`}`;
  }

  function kill(reason: string): void {
    why = reason;
    child.kill('SIGKILL');
  }

  child.on('message', (said: Said) => {
    heardAt = performance.now();
    if (said.kind === 'here') return arrived();
    if (said.kind === 'trouble') return told.onTrouble?.(said.sentence);
    const one = waiting.get(said.id);
    if (one === undefined) return;
    if (said.kind === 'rows') {
      for (const row of said.rows) one.rows.push(row);
      return;
    }
    waiting.delete(said.id);
    hold();
    if (said.kind === 'failed') return one.reject(errorOf(said.error));
    const rows = one.call === 'query' ? 'rows' : one.call === 'lines' ? 'lines' : undefined;
    one.resolve(rows === undefined ? said.value : { ...(said.value as object), [rows]: one.rows });
  });

  const looking = setInterval(() => {
    if (performance.now() - heardAt > mostSilentMs) return kill('it did not answer any more');
    void ask({ call: 'ping' }).then(
      (rss) => {
        bytes = rss as number;
        if (bytes > mostBytes) kill(`it took ${Math.round(bytes / 1e6)} MB of memory`);
      },
      () => undefined,
    );
  }, lookMs).unref();

  async function ask(asked: Unnumbered<Asked>): Promise<unknown> {
    if (over !== undefined) throw over;
    const id = count++;
    // A call that only looks keeps nobody waiting.
    const late = setTimeout(() => kill(`it did not answer \`${asked.call}\``), answersWithinMs).unref();
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(id, { call: asked.call, rows: [], resolve, reject });
        if (asked.call !== 'ping') hold();
        // Where it is gone already its end says so to everybody.
        child.send({ ...asked, id } as Asked, () => undefined);
      });
    } finally {
      clearTimeout(late);
    }
  }

  return Object.assign(told, {
    here,
    ask,
    bytes: () => bytes,
    /** Whether it ended for what the file it had open has no part in. */
    isInnocent: () => over !== undefined && isOutside,
    async end(): Promise<void> {
      told.onEnd = undefined;
      if (over !== undefined) return;
      child.ref();
      const late = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
      child.disconnect();
      await ended;
      clearTimeout(late);
    },
  });
}

function errorOf({ code, details, name, message, cause }: Failure): Error {
  const options = cause === undefined ? {} : { cause: errorOf(cause) };
  if (details !== undefined && code !== undefined && code in errorCodes) {
    return new LobbyError(code as ErrorCode, details, options);
  }
  return Object.assign(new Error(message, options), { name }, code === undefined ? {} : { code });
}

const reasonIn = (error: unknown): string =>
  error instanceof LobbyError ? String(error.details.reason) : reasonOf(error);

const pick = (all: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
