import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processesOf } from '../../../edge/audit/watch-process.ts';
import { type OpenJournal, openJournal } from '../../../edge/journals/open-journal.ts';
import { openStore } from '../../../edge/journals/store.ts';
import { createStoreProcess, type StoreProcessOptions } from '../../../edge/journals/store-process.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import type { LobbyError } from '../../../src/contract/errors.ts';
import { journalSettingsSchema } from '../../../src/contract/journal.ts';
import { duty } from '../../conformance/journal.ts';
import { ManualClock } from '../../manual-clock.ts';

const settings = journalSettingsSchema.parse(undefined);
let folder: string;
let told: string[];
let clock: ManualClock;
let opened: OpenJournal[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-journal-'));
  told = [];
  opened = [];
  clock = new ManualClock(Date.UTC(2026, 10, 24, 3) / 1000);
});
afterEach(async () => {
  for (const journal of opened) await journal.close();
  rmSync(folder, { recursive: true });
});

function open(options?: StoreProcessOptions, database = createStoreProcess(options)): OpenJournal {
  const journal = openJournal({
    folder,
    branch: 'harbour',
    settings,
    clock,
    database,
    onTrouble: (sentence) => told.push(sentence),
  });
  opened.push(journal);
  return journal;
}

const nameOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
const isThere = (pid: number) => {
  try {
    // What was ended and not waited for yet is there no more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const processOf = (pid = process.pid) =>
  processesOf(pid).find((one) => one !== pid && isThere(one) && nameOf(one).includes('store-child'))!;
const ended = (pid: number) =>
  vi.waitFor(() => expect(isThere(pid)).toBe(false), { timeout: 10_000, interval: 20 });
const watches = async (journal: OpenJournal) =>
  (await journal.query('SELECT watch FROM duty ORDER BY n')).rows.flat();

describe('A journal whose database is in a process of its own', () => {
  it('answers as it does in this one: many rows, what is no number, and why it refuses', async () => {
    const journal = open();
    journal.write(duty(1));
    const { columns, rows, isCut } = await journal.query(
      "SELECT i, repeat('x', 50) AS t, CASE WHEN i % 2 = 0 THEN 'nan'::DOUBLE END AS d FROM range(5000) r(i)",
    );
    expect([columns.map(({ type }) => type), rows.length, isCut]).toEqual([
      ['BIGINT', 'VARCHAR', 'DOUBLE'],
      5_000,
      false,
    ]);
    expect([rows[0], rows[4_999]]).toEqual([
      [0, 'x'.repeat(50), Number.NaN],
      [4_999, 'x'.repeat(50), null],
    ]);
    expect((await journal.lines()).lines).toMatchObject([{ line: duty(1) }]);
    await expect(journal.query('DELETE FROM duty')).rejects.toMatchObject({
      code: 'LOBBY_QUERY_REFUSED',
      details: { reason: 'it does more than read' },
    });
    expect(journal.state.process).toEqual({ ends: 0, bytes: expect.any(Number) });
  });

  it('loses nothing when that process ends: who asks is refused, lines are kept, and it is begun anew after 1, 2, 4 s', async () => {
    const journal = open();
    journal.write(duty(1, 'w-before'));
    await journal.takeIn();
    const asking = journal.query(
      'SELECT count(*) FROM range(1000000000) a(i), range(10) b(j) WHERE i + j = 3',
    );
    asking.catch(() => undefined);
    process.kill(processOf(), 'SIGABRT');
    await expect(asking).rejects.toMatchObject({ code: 'LOBBY_JOURNAL_UNSEARCHABLE' });
    for (const seconds of [1, 2, 4]) {
      journal.write(duty(1, `w-${seconds}`));
      await clock.advance(seconds - 0.1);
      const refusal = await watches(journal).catch((error: unknown) => error);
      expect((refusal as LobbyError).details?.reason).toContain('its process ended: SIG');
      expect(journal.state.unsearchable).toContain('its process ended');
      expect(processOf()).toBeUndefined();
      await clock.advance(0.1);
      if (seconds === 4) break;
      // It ends again before anything was taken in.
      const taking = journal.takeIn();
      await vi.waitFor(() => expect(processOf()).toBeDefined(), { timeout: 10_000, interval: 1 });
      process.kill(processOf(), 'SIGKILL');
      await taking;
    }
    expect(await watches(journal)).toEqual(['w-before', 'w-1', 'w-2', 'w-4']);
    expect(journal.state).toMatchObject({ lost: 0, process: { ends: 3 } });
    expect(told.at(-1)).toBe('the journal can be searched again');
    expect(told.join()).not.toContain('LOBBY_JOURNAL_DAMAGED');
  }, 60_000);

  it('says of one that ended while nothing was asked of it that it ended, until it is begun anew', async () => {
    let isToEnd = false;
    const journal = open(undefined, {
      async open(options, onEnd) {
        const store = await openStore(options);
        const usedBytes = async () => {
          const bytes = await store.usedBytes();
          if (isToEnd) onEnd('its process ended: SIGKILL');
          return bytes;
        };
        return { ...store, usedBytes };
      },
      close: async () => undefined,
    });
    journal.write(duty(1));
    await journal.takeIn();
    isToEnd = true;
    await journal.takeIn();
    isToEnd = false;
    expect(journal.state.unsearchable).toBe('its process ended: SIGKILL. It is begun anew in 1 s');
    await expect(watches(journal)).rejects.toMatchObject({
      details: { reason: 'its process ended: SIGKILL. It is begun anew in 1 s' },
    });
    await clock.advance(1);
    expect(await watches(journal)).toEqual(['w-1']);
    expect(told).toEqual([
      expect.stringContaining('cannot be searched'),
      'the journal can be searched again',
    ]);
  });

  it('ends a process that takes more memory than it may, and one that answers no more', async () => {
    const greedy = open({ spareMegabytes: -100, lookEveryMs: 50 });
    greedy.write(duty(1));
    await greedy.takeIn();
    await vi.waitFor(() => expect(told.join()).toMatch(/its process ended: it took \d+ MB of memory/), {
      timeout: 10_000,
    });
    await greedy.close();
    told = [];
    const hung = open({ silentMs: 5_000, lookEveryMs: 50 });
    expect(await watches(hung)).toEqual(['w-1']);
    process.kill(processOf(), 'SIGSTOP');
    await expect(watches(hung)).rejects.toMatchObject({ code: 'LOBBY_JOURNAL_UNSEARCHABLE' });
    expect(told.join()).toContain('it did not answer any more');
    await clock.advance(1);
    expect(await watches(hung)).toEqual(['w-1']);
  }, 60_000);

  it('takes a process that is killed from outside while it opens the file for no fault of the file', async () => {
    const journal = open();
    journal.write(duty(1));
    await journal.takeIn();
    await journal.close();
    const guard = join(folder, 'journal.duckdb.opening');
    for (let time = 0; time < 3; time += 1) {
      const again = open();
      const taking = again.takeIn();
      await vi.waitFor(() => expect(existsSync(guard)).toBe(true), { timeout: 20_000, interval: 1 });
      process.kill(processOf(), 'SIGKILL');
      await taking;
      expect(existsSync(guard)).toBe(false);
      await again.close();
    }
    const last = open();
    expect(await watches(last)).toEqual(['w-1']);
    expect(told.join()).not.toContain('was opened');
  }, 60_000);

  it('is ended by its own close, and by itself when the service is killed', async () => {
    const journal = open();
    journal.write(duty(1));
    await journal.takeIn();
    const pid = processOf();
    await journal.close();
    await ended(pid);
    const script = `
      import { openJournal } from './edge/journals/open-journal.ts';
      import { createStoreProcess } from './edge/journals/store-process.ts';
      import { journalSettingsSchema } from './src/contract/journal.ts';
      import { systemClock } from './edge/system-clock.ts';
      const journal = openJournal({ folder: process.argv[1], branch: 'harbour', clock: systemClock, database: createStoreProcess(), settings: journalSettingsSchema.parse({}) });
      await journal.takeIn();
      console.log('open');
      await journal.query('SELECT count(*) FROM range(1000000000) a(i), range(10) b(j) WHERE i + j = 3', [], { seconds: 60 });`;
    const service = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script, folder],
      { cwd: packageRoot, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(createInterface({ input: service.stdout }), 'line');
    const child = processOf(service.pid!);
    // A signal to all of a group is not for it: the service closes it in order.
    process.kill(child, 'SIGINT');
    process.kill(child, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isThere(child)).toBe(true);
    service.kill('SIGKILL');
    await ended(child);
    expect(await watches(open())).toEqual(['w-1']);
  }, 60_000);

  it('has nothing of the service\u2019s environment that could be a secret', async () => {
    process.env.LOBBY_TEST_SECRET = 'whsec_planted';
    try {
      const journal = open();
      await journal.takeIn();
      expect(readFileSync(`/proc/${processOf()}/environ`, 'utf8')).not.toContain('planted');
    } finally {
      delete process.env.LOBBY_TEST_SECRET;
    }
  });
});
