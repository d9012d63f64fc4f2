import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type JournalOptions, type OpenJournal, openJournal } from '../../../edge/journals/open-journal.ts';
import { openStore } from '../../../edge/journals/store.ts';
import { tablesOf } from '../../../edge/journals/tables.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { type JournalLine, journalSettingsSchema } from '../../../src/contract/journal.ts';
import { duty, journalConformance, samples } from '../../conformance/journal.ts';
import { ManualClock } from '../../manual-clock.ts';

const standard = journalSettingsSchema.parse(undefined);
let folder: string;
let told: string[];
let opened: OpenJournal[];
let clock: ManualClock;

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

function open(changes: Partial<JournalOptions> = {}): OpenJournal {
  const journal = openJournal({
    folder,
    branch: 'harbour',
    settings: standard,
    clock,
    onTrouble: (sentence) => told.push(sentence),
    ...changes,
  });
  opened.push(journal);
  return journal;
}

const ahead = () => readdirSync(join(folder, 'journal')).filter((name) => name.endsWith('.jsonl'));
const aside = () => readdirSync(folder).filter((name) => name.includes('.aside'));
const onDay = (day: string, watch = 'w-1'): JournalLine => ({
  ...duty(1, watch),
  at: `${day}T10:42:07.000Z`,
});
const watchesOf = async (journal: OpenJournal) =>
  (await journal.lines({ kinds: ['duty'] })).lines
    .map(({ line }) => (line.kind === 'duty' ? line.watch : ''))
    .reverse();

journalConformance('the database with its write-ahead', async () => {
  const home = mkdtempSync(join(tmpdir(), 'lobby-journal-'));
  const all: OpenJournal[] = [];
  const openIn = (where: string) => {
    const journal = openJournal({
      folder: where,
      branch: 'harbour',
      settings: standard,
      clock: new ManualClock(),
    });
    all.push(journal);
    return journal;
  };
  let current = openIn(join(home, '0'));
  return {
    journal: current,
    async again(how) {
      const before = join(home, String(all.length - 1));
      const next = join(home, String(all.length));
      if (how === 'closed') await current.close();
      // What is with the system is what a kill leaves: the files as they are now, with nobody having closed them.
      cpSync(before, next, { recursive: true });
      current = openIn(next);
      return current;
    },
    async close() {
      for (const journal of all) await journal.close();
      rmSync(home, { recursive: true });
    },
  };
});

describe('The write-ahead of a journal', () => {
  it('holds a line as soon as it is written: a process that is killed then takes nothing along', async () => {
    const script = `
      import { openJournal } from './edge/journals/open-journal.ts';
      import { journalSettingsSchema } from './src/contract/journal.ts';
      import { systemClock } from './edge/system-clock.ts';
      const journal = openJournal({ folder: process.argv[1], branch: 'harbour', clock: systemClock, settings: journalSettingsSchema.parse({}) });
      for (let n = 1; n <= 3; n++) journal.write(${JSON.stringify(duty(1))});
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script, folder],
      { cwd: packageRoot },
    );
    expect(signal).toBe('SIGKILL');
    expect(await watchesOf(open())).toEqual(['w-1', 'w-1', 'w-1']);
  });

  it('is for this user alone, and empty once a restart has taken it in', async () => {
    const first = open();
    first.write(duty(1));
    await first.takeIn();
    const file = join(folder, 'journal', ahead()[0]!);
    expect([statSync(file).mode & 0o777, statSync(join(folder, 'journal')).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
    await first.close();
    const second = open();
    await second.takeIn();
    expect(ahead()).toEqual([]);
    expect(await watchesOf(second)).toEqual(['w-1']);
  });

  it('is taken in by itself every five seconds', async () => {
    const journal = open();
    await journal.takeIn();
    journal.write(duty(1));
    const fileBytes = () =>
      statSync(join(folder, 'journal.duckdb')).size +
      (statSync(join(folder, 'journal.duckdb.wal'), { throwIfNoEntry: false })?.size ?? 0);
    const before = fileBytes();
    await clock.advance(5);
    // It goes on in the background: asking for what is not ahead any more waits for it.
    await journal.days();
    expect(fileBytes()).toBeGreaterThan(before);
  });

  it('was taken in already where a kill came before it was deleted: nothing doubles', async () => {
    const first = open();
    for (const second of [1, 2, 3]) first.write(duty(second, `w-${second}`));
    await first.takeIn();
    const [name] = ahead();
    const text = readFileSync(join(folder, 'journal', name!));
    await first.close();
    // As the kill left it, with one more line that was not taken in yet.
    writeFileSync(join(folder, 'journal', name!), text);
    appendFileSync(join(folder, 'journal', name!), `${JSON.stringify(duty(4, 'w-4'))}\n`);
    expect(await watchesOf(open())).toEqual(['w-1', 'w-2', 'w-3', 'w-4']);
  });

  it('loses a line that was torn, that line alone, and says in the journal that it is missing', async () => {
    mkdirSync(join(folder, 'journal'));
    writeFileSync(
      join(folder, 'journal', 'ahead-1764000000000-0a1b.jsonl'),
      `${JSON.stringify(duty(1))}\n{"v":1,"kind":"duty","name":"somebody"}\n${JSON.stringify(duty(2, 'w-2'))}\n{"v":1,"at":"2026-1`,
    );
    const journal = open();
    expect(await watchesOf(journal)).toEqual(['w-1', 'w-2']);
    expect((await journal.lines({ kinds: ['gap'] })).lines.map(({ line }) => line)).toMatchObject([
      { lines: 1 },
    ]);
    expect(told).toEqual(['1 lines of ahead-1764000000000-0a1b.jsonl cannot be read']);
  });

  it('holds the day files of the version before: they are taken in, and then gone', async () => {
    mkdirSync(join(folder, 'journal'));
    writeFileSync(
      join(folder, 'journal', '2026-11-23.jsonl'),
      `${JSON.stringify(onDay('2026-11-23', 'w-1'))}\n`,
    );
    writeFileSync(
      join(folder, 'journal', '2026-11-24.jsonl'),
      `${JSON.stringify(onDay('2026-11-24', 'w-2'))}\n`,
    );
    const journal = open();
    journal.write(onDay('2026-11-24', 'w-3'));
    expect(await watchesOf(journal)).toEqual(['w-1', 'w-2', 'w-3']);
    expect(ahead().filter((name) => name.startsWith('2026'))).toEqual([]);
  });

  it('on a full disk costs lines and nothing else, says so once, and tells how many are missing', async () => {
    let room = Number.POSITIVE_INFINITY;
    const journal = open({
      // As a disk fills up: some bytes still go in, then none.
      write(file, bytes) {
        const fitting = Math.min(bytes.length, room);
        room -= fitting;
        if (fitting === 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
        return writeSync(file, bytes.subarray(0, fitting));
      },
    });
    journal.write(duty(1, 'w-1'));
    room = 20;
    for (const name of ['w-2', 'w-3', 'w-4']) journal.write(duty(2, name));
    expect(journal.state).toEqual({ written: 1, lost: 3, trouble: 'the disk is full' });
    room = Number.POSITIVE_INFINITY;
    journal.write(duty(5, 'w-5'));
    expect(journal.state).toEqual({ written: 3, lost: 3 });
    expect(told.slice(0, 2)).toEqual([
      'the journal is not kept: the disk is full',
      'the journal is kept again; 3 lines are missing',
    ]);
    expect(await watchesOf(journal)).toEqual(['w-1', 'w-5']);
    const gaps = (await journal.lines({ kinds: ['gap'] })).lines.map(({ line }) => line);
    expect(gaps).toContainEqual({ v: 1, at: duty(5).at, kind: 'gap', lines: 3, since: duty(2).at });
  });

  it('on a disk that went away and came back begins a new file: the one that was open is not believed in again', async () => {
    const dead = new Set<number>();
    let away = false;
    const journal = open({
      write(file, bytes) {
        if (away) dead.add(file);
        // What was open when the disk went stays so, as with a network folder: it fails for ever.
        if (dead.has(file)) throw Object.assign(new Error('EROFS: read-only'), { code: 'EROFS' });
        return writeSync(file, bytes);
      },
    });
    journal.write(duty(1, 'w-1'));
    away = true;
    journal.write(duty(2, 'w-2'));
    expect(journal.state).toEqual({ written: 1, lost: 1, trouble: 'the disk can only be read' });
    away = false;
    // The number of the closed file may be given out again: what stands for another file is another one.
    const spare = openSync(join(folder, 'spare'), 'w');
    journal.write(duty(3, 'w-3'));
    closeSync(spare);
    expect(journal.state).toEqual({ written: 3, lost: 1 });
    expect(await watchesOf(journal)).toEqual(['w-1', 'w-3']);
  });

  it('keeps nothing the contract does not name', async () => {
    const journal = open();
    journal.write({ ...duty(1), ...{ where: { x: 1, y: 2 } } });
    expect(journal.state.lost).toBe(1);
    expect(await watchesOf(journal)).toEqual([]);
  });

  it('comes back when its folder was taken away', async () => {
    const journal = open();
    journal.write(duty(1, 'w-1'));
    await journal.takeIn();
    execFileSync('rm', ['-r', join(folder, 'journal'), join(folder, 'journal.duckdb')]);
    await journal.takeIn();
    journal.write(duty(2, 'w-2'));
    expect((await watchesOf(journal)).at(-1)).toBe('w-2');
  });
});

describe('The bounds of a journal', () => {
  it('let go of days that are older than it may keep, and of days that have not come yet', async () => {
    const journal = open({ settings: { ...standard, days: 3 } });
    for (const day of ['2026-11-21', '2026-11-22', '2026-11-23', '2031-01-01', '2026-11-24']) {
      journal.write(onDay(day));
    }
    // A box whose clock is not set yet at the start lets go of nothing for that.
    expect(await journal.days()).toHaveLength(5);
    await clock.advance(3_600);
    expect((await journal.days()).map(({ day }) => day)).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
  });

  const filling = (day: string, n: number): JournalLine => ({
    ...(samples[6] as Extract<JournalLine, { kind: 'scene' }>),
    at: `${day}T10:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}.000Z`,
    people: Array.from({ length: 40 }, (_, i) => ({
      visit: `k3f9-${(n * 7919 + i * 104_729) % 99_999}`,
      role: 'customer',
      x: ((n * 31 + i * 17) % 97) / 7,
      y: ((n * 13 + i * 57) % 89) / 9,
    })),
  });

  it('let go of the oldest days when it has taken all its room, after they are exported where that is wanted', async () => {
    const exportTo = join(folder, 'kept');
    const journal = open({ settings: { ...standard, megabytes: 2, exportTo } });
    for (const day of ['2026-11-22', '2026-11-23', '2026-11-24']) {
      for (let n = 0; n < 900; n += 1) {
        journal.write(filling(day, n));
        if (n % 100 === 0) await journal.takeIn();
      }
    }
    const days = (await journal.days()).map(({ day }) => day);
    expect(days).not.toContain('2026-11-22');
    expect(days).toContain('2026-11-24');
    expect(readdirSync(join(exportTo, '2026-11-22'))).toContain('scene.parquet');
    expect(statSync(join(exportTo, '2026-11-22', 'scene.parquet')).mode & 0o777).toBe(0o600);
  });

  it('keep a day that cannot be exported a little longer, say so once, and then let go of it', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const settings = { ...standard, days: 10, exportTo: join(folder, 'a-file') };
    const journal = open({ settings });
    for (const day of ['2026-11-15', '2026-11-14', '2026-11-13', '2026-11-24']) journal.write(onDay(day));
    await journal.takeIn();
    await clock.advance(3_600);
    // One day over the bound is within the tenth that an export may fail for; more is not.
    expect((await journal.days()).map(({ day }) => day)).toEqual(['2026-11-14', '2026-11-15', '2026-11-24']);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^the day 2026-11-13 of the journal could not be exported to .*a-file/);
  });

  it('on a day that takes all the room leave out scenes first, then verdicts, and then everything', async () => {
    const journal = open({ settings: { ...standard, megabytes: 1 } });
    let n = 0;
    while (journal.state.lost === 0) journal.write(filling('2026-11-24', n++));
    journal.write({ ...samples[1]!, at: '2026-11-24T11:00:00.000Z' });
    journal.write(onDay('2026-11-24', 'w-2'));
    expect(journal.state).toMatchObject({ lost: 1 });
    for (let i = 0; i < 4_000; i += 1) journal.write(onDay('2026-11-24', 'w-3'));
    expect(journal.state.trouble).toBe('its bound of 1 MB is reached');
    expect(journal.state.lost).toBeGreaterThan(1_000);
  });
});

describe('A damaged journal', () => {
  /** A sound one, with more in it than one block. */
  async function sound(): Promise<void> {
    const journal = open();
    for (let n = 0; n < 3_000; n += 1) journal.write(duty(n % 60, `w-${n}`));
    await journal.takeIn();
    await journal.close();
    // Once more, so that nothing is left ahead which would make up for the damage.
    const again = open();
    await again.takeIn();
    await again.close();
    expect(ahead()).toEqual([]);
  }
  const file = () => join(folder, 'journal.duckdb');

  it.each<[string, () => void]>([
    ['is garbage', () => writeFileSync(file(), Buffer.alloc(40_000, 'not a database '))],
    ['is empty but for a byte', () => writeFileSync(file(), 'x')],
    ['was cut off', () => truncateSync(file(), Math.floor(statSync(file()).size / 2))],
    ['was cut off in its head', () => truncateSync(file(), 5_000)],
    [
      'has a damaged head',
      () => {
        const descriptor = openSync(file(), 'r+');
        for (const at of [0, 4_096, 8_192]) writeSync(descriptor, Buffer.alloc(2_000, 0xa5), 0, 2_000, at);
      },
    ],
    [
      'has damaged blocks',
      () => {
        const bytes = readFileSync(file());
        for (let at = 12_288; at < bytes.length; at += 512) bytes[at] = bytes[at]! ^ 0xff;
        writeFileSync(file(), bytes);
      },
    ],
    ['is another program’s', () => copyFileSync(join(packageRoot, 'package.json'), file())],
  ])('that %s is kept aside with a sentence, and a new one is begun', async (_, damage) => {
    await sound();
    damage();
    const journal = open();
    journal.write(duty(1, 'w-after'));
    expect(await watchesOf(journal)).toEqual(['w-after']);
    expect(aside()).toEqual(['journal.duckdb.20261124T030000Z.aside']);
    expect(told.join()).toMatch(
      /journal\.duckdb cannot be used: .*\. It was kept aside as .*\.aside, and a new one was begun/,
    );
  });

  it('that is of another branch is kept aside', async () => {
    await sound();
    const journal = open({ branch: 'hill' });
    expect(await watchesOf(journal)).toEqual([]);
    expect(told.join()).toContain('it is of the branch harbour');
    expect(aside()).toHaveLength(1);
  });

  it('that was copied while it was written is as it was at one moment, or is kept aside', async () => {
    const writing = open();
    for (let n = 0; n < 2_000; n += 1) writing.write(duty(n % 60, `w-${n}`));
    await writing.takeIn();
    const copy = join(folder, 'copy');
    mkdirSync(copy);
    for (const end of ['', '.wal'])
      if (existsSync(file() + end)) copyFileSync(file() + end, join(copy, `journal.duckdb${end}`));
    // As after a power cut: the end of DuckDB's own write-ahead did not reach the disk.
    const wal = join(copy, 'journal.duckdb.wal');
    expect(existsSync(wal)).toBe(true);
    truncateSync(wal, statSync(wal).size - 100);
    const journal = open({ folder: copy });
    journal.write(duty(1, 'w-after'));
    expect((await watchesOf(journal)).at(-1)).toBe('w-after');
  });

  it('of which the newest part alone is damaged loses that alone', async () => {
    await sound();
    writeFileSync(`${file()}.wal`, Buffer.alloc(9_000, 'garbage'));
    const journal = open();
    expect(await journal.query('SELECT count(*) FROM duty')).toMatchObject({ rows: [[3_000]] });
  });

  it('that ended the service three times while it was opened is not opened a fourth time', async () => {
    await sound();
    writeFileSync(`${file()}.opening`, 'xxx');
    const journal = open();
    expect(await watchesOf(journal)).toEqual([]);
    expect(told.join()).toContain('the service ended 3 times while it was opened');
    expect(existsSync(`${file()}.opening`)).toBe(false);
  });

  it('is kept aside three times at most', async () => {
    for (let time = 0; time < 5; time += 1) {
      clock = new ManualClock(clock.now() + 60);
      writeFileSync(file(), `garbage ${time}`);
      const journal = open();
      await journal.takeIn();
      await journal.close();
    }
    expect(aside()).toHaveLength(3);
  });
});

describe('The tables of a journal', () => {
  const store = (tables = tablesOf()) =>
    openStore({
      file: join(folder, 'journal.duckdb'),
      branch: 'harbour',
      memoryMegabytes: 64,
      exportFolder: join(folder, 'export'),
      now: () => 0,
      tables,
    });

  it('come from the contract: a kind or a field that is new there is there after the next start, and nothing is lost', async () => {
    const at = z.iso.datetime({ precision: 3 });
    const base = { v: z.literal(1), at, kind: z.literal('duty') };
    const before = tablesOf([
      z.strictObject({ ...base, watch: z.string(), seen: z.array(z.strictObject({ a: z.string() })) }),
    ]);
    const first = await store(before);
    const line = { v: 1, at: '2026-11-24T02:00:00.000Z', kind: 'duty', watch: 'w-1', seen: [{ a: 'x' }] };
    await first.take('a', 1, [line as unknown as JournalLine], []);
    await first.close();
    const after = tablesOf([
      z.strictObject({
        ...base,
        watch: z.number(),
        seen: z.array(z.strictObject({ a: z.string(), b: z.number().optional() })),
        more: z.boolean().optional(),
      }),
      z.strictObject({ v: z.literal(1), at, kind: z.literal('gap'), lines: z.int() }),
    ]);
    const second = await store(after);
    const newer = { ...line, watch: 7, seen: [{ a: 'y', b: 1.5 }], more: true };
    await second.take(
      'b',
      1,
      [newer, { v: 1, at: line.at, kind: 'gap', lines: 2 }] as unknown as JournalLine[],
      [],
    );
    expect((await second.query('SELECT watch, watch_1, seen, more FROM duty ORDER BY n')).rows).toEqual([
      [null, 'w-1', [{ a: 'x', b: null }], null],
      [7, null, [{ a: 'y', b: 1.5 }], true],
    ]);
    expect((await second.lines({ kinds: ['gap'] })).lines[0]!.line).toMatchObject({ kind: 'gap', lines: 2 });
    await second.close();
  });

  it('have names that need no quotes', async () => {
    const opened = await openStore({
      file: join(folder, 'journal.duckdb'),
      branch: 'harbour',
      memoryMegabytes: 64,
      exportFolder: join(folder, 'export'),
      now: () => 0,
    });
    for (const { kind, columns } of tablesOf()) {
      await opened.query(
        `SELECT ${columns.map(({ name }) => name).join(', ')} FROM ${kind} WHERE moment > '2026-01-01'`,
      );
    }
    await opened.close();
  });
});
