import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileJournalOptions, openFileJournal } from '../../../edge/journals/file-journal.ts';
import { readJournal } from '../../../edge/journals/read-journal.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { type JournalLine, journalSettingsSchema } from '../../../src/contract/journal.ts';
import type { Journal } from '../../../src/ports/journal.ts';

const standard = journalSettingsSchema.parse(undefined);
let folder: string;
let told: string[];
let journals: Journal[];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'lobby-journal-')), 'journal');
  told = [];
  journals = [];
});
afterEach(() => {
  for (const journal of journals) journal.close();
  rmSync(join(folder, '..'), { recursive: true });
});

function open(changes: Partial<FileJournalOptions> = {}): Journal {
  const journal = openFileJournal({
    folder,
    settings: { ...standard, days: 30, megabytes: 100 },
    onTrouble: (sentence) => told.push(sentence),
    ...changes,
  });
  journals.push(journal);
  return journal;
}

const duty = (day: string, watch: string): JournalLine => ({
  v: 1,
  at: `${day}T10:42:07.000Z`,
  kind: 'duty',
  watch,
  role: 'manager',
  onDuty: true,
});
const verdict = (day: string): JournalLine => ({
  v: 1,
  at: `${day}T10:42:07.000Z`,
  kind: 'verdict',
  happening: 'departed',
  visit: 'abcd-1',
  role: 'customer',
  decision: 'silence',
  reason: 'nothing-to-ask',
});

async function all(torn: string[] = []): Promise<JournalLine[]> {
  const lines: JournalLine[] = [];
  for await (const line of readJournal(folder, { onTorn: (file) => torn.push(file) })) lines.push(line);
  return lines;
}
const watches = async () => (await all()).map((line) => (line.kind === 'duty' ? line.watch : line.kind));

describe('A journal', () => {
  it('has a file for each UTC day, which this user alone can read', async () => {
    const journal = open();
    journal.write(duty('2026-11-23', 'w-1'));
    journal.write(duty('2026-11-24', 'w-2'));
    expect(readdirSync(folder)).toEqual(['2026-11-23.jsonl', '2026-11-24.jsonl']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, '2026-11-24.jsonl')).mode & 0o777).toBe(0o600);
    expect(await all()).toEqual([duty('2026-11-23', 'w-1'), duty('2026-11-24', 'w-2')]);
    expect(journal.state).toEqual({ written: 2, lost: 0 });
  });

  it('holds a line as soon as it is written: a process that is killed then takes nothing along', async () => {
    const script = `
      import { openFileJournal } from './edge/journals/file-journal.ts';
      const journal = openFileJournal({ folder: process.argv[1], settings: { days: 30, megabytes: 100 } });
      for (let n = 1; n <= 3; n++) journal.write(${JSON.stringify(duty('2026-11-24', 'w-'))} );
      process.kill(process.pid, 'SIGKILL');`;
    const { signal, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script, folder],
      { cwd: packageRoot, encoding: 'utf8' },
    );
    expect([signal, stderr]).toEqual(['SIGKILL', expect.any(String)]);
    expect(await watches()).toEqual(['w-', 'w-', 'w-']);
  });

  it('goes on after a line that was cut off, and loses that line alone', async () => {
    open().write(duty('2026-11-24', 'w-1'));
    appendFileSync(join(folder, '2026-11-24.jsonl'), '{"v":1,"at":"2026-11-24T1');
    open().write(duty('2026-11-24', 'w-2'));
    const torn: string[] = [];
    expect(await all(torn)).toEqual([duty('2026-11-24', 'w-1'), duty('2026-11-24', 'w-2')]);
    expect(torn).toEqual(['2026-11-24.jsonl']);
  });

  it('is read as far as it is whole', async () => {
    open().write(duty('2026-11-24', 'w-1'));
    appendFileSync(join(folder, '2026-11-24.jsonl'), '{"v":1,"kind":"duty","name":"somebody"}\n{"v":1,');
    expect(await watches()).toEqual(['w-1']);
    for await (const _ of readJournal(join(folder, 'nowhere'))) expect.fail('there is none');
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
    journal.write(duty('2026-11-24', 'w-1'));
    room = 20;
    for (const name of ['w-2', 'w-3', 'w-4']) journal.write(duty('2026-11-24', name));
    expect(journal.state).toEqual({ written: 1, lost: 3, trouble: 'the disk is full' });
    expect(told).toEqual(['the journal is not kept: the disk is full']);

    room = Number.POSITIVE_INFINITY;
    journal.write(duty('2026-11-24', 'w-5'));
    expect(journal.state).toEqual({ written: 3, lost: 3 });
    expect(told[1]).toBe('the journal is kept again; 3 lines are missing');
    expect(await all()).toEqual([
      duty('2026-11-24', 'w-1'),
      { v: 1, at: '2026-11-24T10:42:07.000Z', kind: 'gap', lines: 3, since: '2026-11-24T10:42:07.000Z' },
      duty('2026-11-24', 'w-5'),
    ]);
  });

  it('lets go of days that are older than it may keep, and of days that have not come yet', () => {
    const journal = open({ settings: { ...standard, days: 3, megabytes: 100 } });
    for (const day of ['21', '22', '23', '24']) journal.write(duty(`2026-11-${day}`, 'w-1'));
    writeFileSync(join(folder, '2031-01-01.jsonl'), '');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    journal.write(duty('2026-11-25', 'w-1'));
    expect(readdirSync(folder)).toEqual([
      '2026-11-23.jsonl',
      '2026-11-24.jsonl',
      '2026-11-25.jsonl',
      'notes.txt',
    ]);
  });

  it('lets go of its oldest days when it has taken all its room', () => {
    const journal = open({ settings: { ...standard, days: 30, megabytes: 1 } });
    journal.write(duty('2026-11-21', 'w-1'));
    journal.write(duty('2026-11-22', 'w-1'));
    appendFileSync(join(folder, '2026-11-21.jsonl'), `${'x'.repeat(600_000)}\n`);
    appendFileSync(join(folder, '2026-11-22.jsonl'), `${'x'.repeat(600_000)}\n`);
    journal.write(duty('2026-11-23', 'w-1'));
    expect(readdirSync(folder)).toEqual(['2026-11-22.jsonl', '2026-11-23.jsonl']);
    expect(journal.state.lost).toBe(0);
  });

  it('on a day that takes all its room leaves out verdicts first, and then everything', () => {
    const day = '2026-11-24';
    open().write(duty(day, 'w-1'));
    appendFileSync(join(folder, `${day}.jsonl`), `${'x'.repeat(950_000)}\n`);
    const journal = open({ settings: { ...standard, days: 30, megabytes: 1 } });
    journal.write(verdict(day));
    expect(journal.state).toEqual({ written: 0, lost: 1, trouble: 'its bound of 1 MB is reached' });
    journal.write(duty(day, 'w-2'));
    expect(journal.state).toMatchObject({ lost: 1 });
    for (let n = 0; n < 1_000; n++) journal.write(duty(day, 'w-3'));
    expect(journal.state.lost).toBeGreaterThan(400);
    expect(statSync(join(folder, `${day}.jsonl`)).size).toBeLessThanOrEqual(1e6);
  });

  it('keeps nothing its contract does not name', async () => {
    const journal = open();
    journal.write({ ...duty('2026-11-24', 'w-1'), ...{ where: { x: 1, y: 2 } } });
    expect(journal.state.lost).toBe(1);
    expect(await all()).toEqual([]);
  });

  it('comes back when its folder was taken away', async () => {
    const journal = open();
    journal.write(duty('2026-11-23', 'w-1'));
    execFileSync('rm', ['-r', folder]);
    journal.write(duty('2026-11-24', 'w-2'));
    expect(await watches()).toEqual(['w-2']);
  });
});
