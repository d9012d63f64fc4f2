import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenJournal, openJournal } from '../../edge/journals/open-journal.ts';
import { tablesOf } from '../../edge/journals/tables.ts';
import { type JournalLine, journalSettingsSchema } from '../../src/contract/journal.ts';
import { samples } from '../conformance/journal.ts';
import { ManualClock } from '../manual-clock.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'journal.md'), 'utf8');
const questions = [...page.matchAll(/^(.+)\n\n```sql\n([\s\S]*?)```/gm)].map(
  ([, what, sql]) => [what!, sql!] as const,
);

let folder: string;
let journal: OpenJournal;

const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 2, 0, second)).toISOString();
const stay = (second: number, waitedSeconds?: number): JournalLine => ({
  v: 1,
  at: at(second + 100),
  kind: 'stay',
  visit: `k3f9-${second}`,
  zone: 'main-door',
  arrivedAt: at(second),
  ...(waitedSeconds === undefined ? {} : { metAt: at(second + waitedSeconds), waitedSeconds, metBy: 'seen' }),
  ended: 'departed',
});
const id = '000000052GM0GZY8KQDZEF4C74';
const lines: readonly JournalLine[] = [
  ...samples,
  stay(1, 10),
  stay(2, 20),
  stay(3, 40),
  stay(4),
  ...[0, 1, 2].map(
    (minute): JournalLine => ({
      v: 1,
      at: at(minute * 60),
      kind: 'zone',
      zone: 'cash',
      people: 3,
      waiting: 2,
    }),
  ),
  { v: 1, at: at(180), kind: 'zone', zone: 'cash', blind: true },
  { v: 1, at: at(3), kind: 'ack', id, answer: 'delivered', role: 'manager', watch: 'w-1' },
  ...[1, 2, 3, 4, 5].map(
    (n): JournalLine => ({
      v: 1,
      at: at(n),
      kind: 'scene',
      run: 'k3f9',
      people: [{ visit: `k3f9-${n}`, role: 'customer', x: 3, y: 3 }],
    }),
  ),
];
const answers: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'First contact': [[4, 2, 1, 20, 36]],
  'The share met': [
    [10, 0.25],
    [20, 0.5],
    [40, 0.75],
  ],
  'Queues by hour': [['2026-11-24 10:00', 61.25, 61.25, 2, 1]],
  'What became': [['met', 'seen-met', 1, 1]],
  'Most buzzes': [[1]],
  'Hours in which': [['cash', 1 / 60]],
  'Where people': [[3, 3, 5 / 60]],
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-journal-'));
  const clock = new ManualClock(Date.UTC(2026, 10, 24, 3) / 1000);
  const settings = journalSettingsSchema.parse({});
  journal = openJournal({ folder, branch: 'harbour', timezone: 'Asia/Shanghai', settings, clock });
  for (const line of lines) journal.write(line);
  expect(journal.state.lost).toBe(0);
});
afterAll(async () => {
  await journal.close();
  rmSync(folder, { recursive: true });
});

describe('The page of the journal', () => {
  it('asks its questions in SQL', () => {
    expect(questions.length).toBeGreaterThanOrEqual(9);
    expect(
      questions.filter(([what]) => Object.keys(answers).some((begun) => what.startsWith(begun))),
    ).toHaveLength(Object.keys(answers).length);
  });

  it.each(questions)('%s', async (what, sql) => {
    const { rows } = await journal.query(sql);
    expect(rows.length).toBeGreaterThan(0);
    const wanted = Object.entries(answers).find(([begun]) => what.startsWith(begun))?.[1];
    if (wanted !== undefined) expect(rows).toEqual(wanted);
  });

  it('tells the figures that were measured, and that no question held up a prompt', () => {
    const { dayMegabytes, monthMegabytes, takeInMs, asked, megabytesOfMemory } = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', 'bench', 'journal.json'), 'utf8'),
    ) as {
      dayMegabytes: number;
      monthMegabytes: number;
      takeInMs: { median: number; p99: number };
      asked: Record<string, { dayMs: number; monthMs: number; delayMs: number }>;
      megabytesOfMemory: Record<string, number>;
    };
    const room = page.slice(page.indexOf('## Room'));
    for (const text of [
      `${dayMegabytes} MB, of which`,
      `${monthMegabytes} MB`,
      `${takeInMs.median} ms and ${takeInMs.p99} ms`,
      ...Object.values(asked).map(({ dayMs, monthMs }) => `${dayMs} ms, ${monthMs} ms`),
      Object.values(megabytesOfMemory)
        .map((one) => `${one} MB`)
        .join(', '),
    ]) {
      expect(room).toContain(text);
    }
    const held = Object.values(asked).map(({ delayMs }) => delayMs);
    expect(room).toContain(`${Math.max(...held)} ms`);
    expect(Math.max(...held)).toBeLessThan(50);
    // The usual bound holds the usual days.
    const { days, megabytes } = journalSettingsSchema.parse({});
    expect([days, monthMegabytes < megabytes * 0.9]).toEqual([30, true]);
  });

  it('tells how long the figures of a page take, and that they held up no prompt', () => {
    const { asked } = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', 'bench', 'figures.json'), 'utf8'),
    ) as { asked: Record<'day' | 'week' | 'month', { ms: number; mostDelayMs: number }> };
    const most = Math.max(...Object.values(asked).map(({ mostDelayMs }) => mostDelayMs));
    expect(page).toContain(
      `a day takes ${asked.day.ms} ms, a week ${asked.week.ms} ms and a month ${asked.month.ms} ms; the longest any of it held up the process was ${most} ms`,
    );
    expect(most).toBeLessThan(50);
  });

  it('names every table there is', () => {
    const [, named] = /made from \[the contract\][^:]*: (.+?)\. `DESCRIBE/.exec(page)!;
    const kinds = [...named!.matchAll(/`(\w+)`/g)].map(([, kind]) => kind!);
    expect(kinds.sort()).toEqual(
      tablesOf()
        .map(({ kind }) => kind as string)
        .sort(),
    );
  });

  it('names every view there is, with columns it has', async () => {
    const { rows } = await journal.query('SELECT view_name FROM duckdb_views() WHERE NOT internal');
    const table = [...page.slice(page.indexOf('## Views')).matchAll(/^\| `(\w+)` +\| (.+) \|$/gm)];
    expect(table.map(([, name]) => name).sort()).toEqual(rows.map(([name]) => name).sort());
    for (const [, name, words] of table) {
      const described = await journal.query(`DESCRIBE ${name}`);
      const columns = described.rows.map(([column]) => column);
      for (const [, column] of words!.matchAll(/`(\w+)`/g)) expect(columns).toContain(column);
    }
  });
});
