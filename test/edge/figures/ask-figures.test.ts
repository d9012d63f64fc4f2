import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askFigures, type FiguresOf, periodBefore } from '../../../edge/figures/ask-figures.ts';
import { figuresCsv } from '../../../edge/figures/figures-csv.ts';
import { type OpenJournal, openJournal } from '../../../edge/journals/open-journal.ts';
import { type FiguresAsk, type FiguresPayload, figuresSchema } from '../../../src/contract/figures.ts';
import { journalSettingsSchema, type LineOf } from '../../../src/contract/journal.ts';
import { createBranchDays } from '../../../src/service/branch-days.ts';
import { ManualClock } from '../../manual-clock.ts';
import { madeUpDay, timezone } from './made-up-day.ts';

const today = madeUpDay({
  day: '2026-03-12',
  customers: 140,
  unseen: [['main-door', '11:10', '11:48']],
  off: ['13:20', '13:40'],
  sideDoorSeconds: 60,
});
const weekBefore = madeUpDay({ day: '2026-03-05', seed: 8, customers: 100 });
const few = madeUpDay({ day: '2026-03-10', seed: 9, customers: 3 });

let folder: string;
let journal: OpenJournal;
let now = Date.parse('2026-03-13T02:00:00Z') / 1000;
let of: FiguresOf;
const ask = (asked: Partial<FiguresAsk>) =>
  askFigures(of, { compare: 'same-weekday', short: 'in', ...asked });
let thursday: FiguresPayload;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lobby-figures-'));
  const settings = journalSettingsSchema.parse({ sceneSeconds: 30 });
  const clock = new ManualClock(now);
  journal = openJournal({ folder, branch: 'harbour', timezone, settings, clock });
  for (const line of [...weekBefore, ...few, ...today]) journal.write(line);
  expect(journal.state.lost).toBe(0);
  of = {
    journal,
    branch: 'harbour',
    days: createBranchDays(timezone),
    targetSeconds: () => 30,
    mostInTenMinutes: () => 6,
    sceneSeconds: 30,
    sceneMetres: 0.25,
    now: () => now,
  };
  thursday = await ask({ day: '2026-03-12' });
});
afterAll(async () => {
  await journal.close();
  rmSync(folder, { recursive: true });
});

const staysOf = (lines: typeof today) => lines.filter((line): line is LineOf<'stay'> => line.kind === 'stay');

describe('The figures of a day', () => {
  it('are what their contract says, and each question they come from gives them again', async () => {
    expect(figuresSchema.parse(thursday)).toEqual(thursday);
    const { rows, columns } = await journal.query(thursday.contact.sql);
    const again = Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]![index]]));
    const { sql: _, ...told } = thursday.contact;
    expect(again).toEqual(told);
  });

  it('count everybody who came, and those never met as endlessly late', () => {
    const stays = staysOf(today);
    const waits = stays
      .map(({ waitedSeconds = Number.POSITIVE_INFINITY }) => waitedSeconds)
      .sort((a, b) => a - b);
    expect(thursday.contact).toMatchObject({
      came: stays.length,
      inTime: waits.filter((one) => one <= 30).length,
      neverMet: waits.filter((one) => one === Number.POSITIVE_INFINITY).length,
      medianSeconds: waits[Math.ceil(waits.length / 2) - 1],
      p90Seconds: waits[Math.ceil(waits.length * 0.9) - 1],
    });
    expect(thursday.curve.points.at(-1)!.met).toBe(thursday.contact.met);
    expect(thursday.contact.met + thursday.contact.neverMet).toBe(thursday.contact.came);
  });

  it('leave out who turned round within 5 s when asked to, and say how many they are', async () => {
    const { contact, withoutShort } = await ask({ day: '2026-03-12', short: 'out' });
    expect(withoutShort).toBe(true);
    expect(thursday.contact.short).toBeGreaterThan(3);
    expect(contact.came).toBe(thursday.contact.came - thursday.contact.short);
    expect(contact.neverMet).toBe(thursday.contact.neverMet - thursday.contact.short);
    expect(contact.met).toBe(thursday.contact.met);
  });

  it('say by hour how long people waited, in figures of five or more alone, and where nobody could look', async () => {
    const { waits } = thursday.hours;
    expect(waits.filter((row) => row.waits < 5).every((row) => row.medianSeconds === undefined)).toBe(true);
    expect(waits.some((row) => row.waits >= 5 && row.medianSeconds !== undefined)).toBe(true);
    expect(thursday.unseen).toMatchObject({ seconds: 38 * 60 });
    expect(thursday.unseen.zones).toEqual([
      {
        zone: 'main-door',
        seconds: 38 * 60,
        spans: [{ from: '2026-03-12T03:10:00.000Z', to: '2026-03-12T03:48:00.000Z' }],
      },
    ]);
    expect(thursday.unrecorded).toEqual([
      { from: '2026-03-12T05:19:00.000Z', to: '2026-03-12T05:40:00.000Z' },
    ]);
  });

  it('tell where people stood, staff apart, and no cell in which fewer than five did', () => {
    const visits = new Map<string, Set<string>>();
    for (const line of today)
      if (line.kind === 'scene')
        for (const { visit, role, x, y } of line.people) {
          const cell = `${role === 'staff' ? 'staff' : 'customers'} ${x} ${y}`;
          visits.set(cell, (visits.get(cell) ?? new Set()).add(visit));
        }
    const enough = [...visits].filter(([, those]) => those.size >= 5).map(([cell]) => cell);
    expect(thursday.heat.cells.map(({ role, x, y }) => `${role} ${x} ${y}`).sort()).toEqual(enough.sort());
    expect(thursday.heat.hidden).toBe(visits.size - enough.length);
    expect(thursday.heat.hidden).toBeGreaterThan(0);
  });

  it('tell what became of the prompts, with and without a tap, and how much a wrist bore', () => {
    const { raised, ends } = thursday.prompts;
    expect(ends.reduce((sum, { prompts }) => sum + prompts, 0)).toBe(raised);
    const met = ends.find(({ end }) => end === 'met')!;
    const answered = today.filter((line) => line.kind === 'state' && line.reason === 'answered').length;
    expect(met.withoutTap).toBe(met.prompts - answered);
    expect(thursday.load.buzzes).toBe(today.filter((line) => line.kind === 'ack').length);
    expect(thursday.load.watches).toBe(2);
    expect(thursday.load.meanInTenMinutes).toBeLessThan(thursday.load.mostInTenMinutes);
    expect(thursday.latency.p95Seconds).toBe(0.8);
    expect(thursday.changes).toEqual([
      {
        at: '2026-03-12T07:00:00.000Z',
        version: 41,
        by: 'operations',
        keys: [
          {
            path: 'queue.waitSeconds',
            title: expect.objectContaining({ en: 'Time in a queue before it is asked what it needs' }),
          },
        ],
      },
    ]);
  });

  it('find that one door is met later than chance explains', () => {
    expect(thursday.equal.doors).toMatchObject({ outcome: 'differs', later: [{ group: 'side-door' }] });
    expect(thursday.equal.visits).toBe(thursday.contact.came);
  });

  it('are compared with the same weekday before, or with the days right before', async () => {
    expect(thursday.before).toMatchObject({
      from: '2026-03-05',
      contact: { came: staysOf(weekBefore).length },
    });
    expect((await ask({ day: '2026-03-12', compare: 'none' })).before).toBeUndefined();
    const days = { from: '2026-03-09', to: '2026-03-11' };
    expect(periodBefore(days, 'same-weekday')).toEqual({ from: '2026-03-02', to: '2026-03-04' });
    expect(periodBefore(days, 'before')).toEqual({ from: '2026-03-06', to: '2026-03-08' });
    expect(periodBefore({ from: '2026-03-01', to: '2026-03-31' }, 'same-weekday')?.from).toBe('2026-01-25');
  });

  it('of a day that is not over are compared with as much of the day before', async () => {
    now = Date.parse('2026-03-12T04:00:00Z') / 1000;
    const running = await ask({ day: '2026-03-12' });
    now = Date.parse('2026-03-13T02:00:00Z') / 1000;
    expect(running).toMatchObject({ isOver: false, before: { until: '2026-03-05T04:00:00.000Z' } });
    expect(running.before!.contact.came).toBeLessThan(thursday.before!.contact.came);
  });

  it('of an empty day are none, and say so; of a day of three, no wait is told', async () => {
    const empty = await ask({ day: '2026-03-11' });
    expect(empty).toMatchObject({
      hasLines: false,
      contact: { came: 0, medianSeconds: null },
      curve: { points: [] },
      equal: { doors: { outcome: 'too-few' } },
    });
    const three = await ask({ day: '2026-03-10' });
    expect(three.hasLines).toBe(true);
    expect(three).toMatchObject({ contact: { came: 3, medianSeconds: null }, curve: { points: [] } });
    expect(three.queues.every(({ medianSeconds }) => medianSeconds === null)).toBe(true);
  });

  it.each([
    [{ day: '2026-02-30' }, 'there must be such a day'],
    [{ from: '2026-03-12' }, 'goes together'],
    [{ from: '2026-03-12', to: '2026-03-11' }, 'must not come before'],
    [{ from: '2025-03-12', to: '2026-03-11' }, '92 days at most'],
    [{ day: '2026-03-14' }, 'ahead of today, 2026-03-13'],
    [{ day: '2026-03-12', from: '2026-03-12', to: '2026-03-12' }, 'a day, or a first and a last'],
  ])('%o is refused, with what must hold', async (asked, problem) => {
    await expect(ask(asked)).rejects.toMatchObject({
      code: 'LOBBY_PERIOD_REFUSED',
      message: expect.stringContaining(problem),
    });
  });

  it('as a table have one figure a line, and nothing where nothing is told', () => {
    const lines = figuresCsv(thursday).split('\r\n');
    expect(lines[0]).toBe('from,to,figure,place,hour,value,unit');
    expect(lines).toContain(`2026-03-12,2026-03-12,came,,,${thursday.contact.came},visits`);
    expect(lines).toContain('2026-03-12,2026-03-12,unseen,main-door,,2280,seconds');
    expect(lines.filter((line) => line !== '').every((line) => line.split(',').length === 7)).toBe(true);
  });

  it('as a table tell no count of one to four people, by hour, door, queue or ending, and nothing of their times', async () => {
    const people = (csv: string) =>
      csv
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(','))
        .filter(([, , , , , , unit]) => unit === 'visits' || unit === 'prompts')
        .map(([, , , , , value]) => value!);
    for (const day of ['2026-03-12', '2026-03-10', '2026-03-05']) {
      const figures = await ask({ day });
      const told = people(figuresCsv(figures));
      expect(told.filter((value) => /^[1-4]$/.test(value))).toEqual([]);
      expect(told).toContain('< 5');
      // Control: there are some.
      expect(figures.hours.arrivals.some(({ came }) => came > 0 && came < 5)).toBe(true);
    }
    const lines = figuresCsv(await ask({ day: '2026-03-10' })).split('\r\n');
    expect(lines).toContain('2026-03-10,2026-03-10,came,,,< 5,visits');
    expect(lines).toContain('2026-03-10,2026-03-10,first-contact-median,,,,seconds');
  });
});
