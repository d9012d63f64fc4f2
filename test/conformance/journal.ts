import { describe, expect, it } from 'vitest';
import type { JournalLine } from '../../src/contract/journal.ts';
import type { ReadableJournal } from '../../src/ports/journal.ts';

export interface JournalPeer {
  readonly journal: ReadableJournal;
  /** The same journal opened anew, after its process was killed and after it was closed. */
  again(how: 'killed' | 'closed'): Promise<ReadableJournal>;
  close(): Promise<void>;
}

const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 2, 0, second)).toISOString();
export const duty = (second: number, watch = 'w-1'): JournalLine => ({
  v: 1,
  at: at(second),
  kind: 'duty',
  watch,
  role: 'manager',
  onDuty: true,
});

/** Lines in which every kind of field there is comes up: nested ones, absent ones, and null where it means something. */
export const samples: readonly JournalLine[] = [
  { v: 1, at: at(1), kind: 'begun', run: 'k3f9', why: 'start', version: '0.1.0' },
  {
    v: 1,
    at: at(2),
    kind: 'verdict',
    happening: 'left-queue',
    visit: 'k3f9-12',
    role: 'customer',
    zone: 'cash',
    waitedSeconds: 61.25,
    served: null,
    cameUpTo: ['cash', 'advice'],
    figures: { pauses: 3, forSeconds: 31.5 },
    decision: 'silence',
    reason: 'nothing-to-ask',
  },
  {
    v: 1,
    at: at(3),
    kind: 'prompt',
    change: 'passed-on',
    id: '000000052GM0GZY8KQDZEF4C74',
    prompt: 'greet',
    place: 'main-door',
    people: 2,
    to: ['manager', 'deputy'],
    passedOn: { to: 'deputy', at: at(3) },
    urgency: 'now',
    waitedSeconds: 0,
    raisedAt: at(2),
    expiresAt: at(40),
  },
  {
    v: 1,
    at: at(4),
    kind: 'state',
    id: '000000052GM0GZY8KQDZEF4C74',
    phase: 'met',
    by: 'manager',
    reason: 'seen-met',
  },
  {
    v: 1,
    at: at(5),
    kind: 'health',
    state: 'blind',
    cameras: [{ id: 'hall', state: 'blind', blind: ['cash'] }],
  },
  {
    v: 1,
    at: at(6),
    kind: 'settings',
    version: 41,
    by: 'operations',
    why: 'help "came late"',
    from: { 'wandering.afterSeconds': 20 },
    to: { 'wandering.afterSeconds': 15, 'hours.closed': [true, null] },
  },
  {
    v: 1,
    at: at(7),
    kind: 'scene',
    run: 'k3f9',
    people: [
      { visit: 'k3f9-12', role: 'customer', x: 1.25, y: -2 },
      { visit: 'k3f9-13', role: 'staff', x: 0, y: 0.5 },
    ],
  },
  { v: 1, at: at(8), kind: 'scene', run: 'k3f9', people: [] },
];

/** What whoever fills the port of a journal promises. */
export function journalConformance(name: string, open: () => Promise<JournalPeer>): void {
  const using = async (work: (peer: JournalPeer) => Promise<void>) => {
    const peer = await open();
    try {
      await work(peer);
    } finally {
      await peer.close();
    }
  };
  const all = {
    kinds: ['begun', 'verdict', 'prompt', 'state', 'health', 'settings', 'scene', 'duty'],
  } as const;

  describe(`As a journal, ${name}`, () => {
    it('gives back every line as it was written, newest first, also what was written a moment ago', () =>
      using(async ({ journal }) => {
        for (const line of samples) journal.write(line);
        const { lines, before } = await journal.lines(all);
        expect(lines.map(({ line }) => line)).toEqual([...samples].reverse());
        expect(before).toBeUndefined();
        expect(journal.state).toEqual({ written: samples.length, lost: 0 });
      }));

    it('gives a page at a time, each going on where the one before ended', () =>
      using(async ({ journal }) => {
        for (let second = 1; second <= 7; second += 1) journal.write(duty(second, `w-${second}`));
        const seen: number[] = [];
        let before: number | undefined;
        do {
          const page = await journal.lines({ limit: 3, ...(before === undefined ? {} : { before }) });
          seen.push(...page.lines.map(({ n }) => n));
          before = page.before;
        } while (before !== undefined);
        expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
      }));

    it('gives the lines of a time, of kinds and of zones, with what became of prompts there', () =>
      using(async ({ journal }) => {
        for (const line of samples) journal.write(line);
        const kinds = async (wanted: Parameters<typeof journal.lines>[0]) =>
          (await journal.lines(wanted)).lines.map(({ line }) => line.kind);
        expect(await kinds({ from: at(2), to: at(4) })).toEqual(['prompt', 'verdict']);
        expect(await kinds({ kinds: ['scene'] })).toEqual(['scene', 'scene']);
        expect(await kinds({})).not.toContain('scene');
        expect(await kinds({ zones: ['main-door'] })).toEqual(['state', 'prompt']);
        expect(await kinds({ zones: ['nowhere'] })).toEqual([]);
      }));

    it('has its lines after a kill and after a close, each once', () =>
      using(async (peer) => {
        peer.journal.write(duty(1));
        await peer.journal.lines();
        peer.journal.write(duty(2));
        const second = await peer.again('killed');
        expect((await second.lines()).lines).toHaveLength(2);
        second.write(duty(3));
        const third = await peer.again('closed');
        expect((await third.lines()).lines.map(({ line }) => line)).toEqual([duty(3), duty(2), duty(1)]);
      }));

    it('says which days there are', () =>
      using(async ({ journal }) => {
        journal.write(duty(1));
        journal.write({ ...duty(2), at: '2026-11-25T02:00:00.000Z' });
        expect(await journal.days()).toEqual([
          { day: '2026-11-24', lines: 1 },
          { day: '2026-11-25', lines: 1 },
        ]);
      }));

    it('answers a question with values in it, as many rows as were asked for', () =>
      using(async ({ journal }) => {
        for (const line of samples) journal.write(line);
        expect(await journal.query('SELECT moment, served FROM verdict WHERE zone = $1', ['cash'])).toEqual({
          columns: [
            { name: 'moment', type: 'TIMESTAMP' },
            { name: 'served', type: 'VARCHAR' },
          ],
          rows: [[at(2), 'null']],
          isCut: false,
        });
        expect(await journal.query('FROM range(5)', [], { rows: 2 })).toMatchObject({
          rows: [[0], [1]],
          isCut: true,
        });
      }));

    it.each([
      ['changes something', 'DELETE FROM duty'],
      ['changes something while it is explained', 'EXPLAIN ANALYZE DELETE FROM duty'],
      ['makes a file', "COPY duty TO '/tmp/duty.csv'"],
      ['reads a file', "SELECT * FROM read_text('/etc/hostname')"],
      ['opens another file', "ATTACH '/tmp/other.duckdb'"],
      ['changes a setting', "SET memory_limit = '8GB'"],
      ['loads more', 'INSTALL httpfs'],
      ['is two', 'SELECT 1; SELECT 2'],
      ['is none', ''],
      ['is wrong', 'SELEKT 1'],
    ])('refuses a question that %s', (_, sql) =>
      using(async ({ journal }) => {
        journal.write(duty(1));
        await expect(journal.query(sql)).rejects.toMatchObject({ code: 'LOBBY_QUERY_REFUSED' });
        expect((await journal.query('SELECT count(*) FROM duty')).rows).toEqual([[1]]);
      }),
    );

    it('calls off a question that takes too long, and answers the next', () =>
      using(async ({ journal }) => {
        const long = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 3';
        await expect(journal.query(long, [], { seconds: 0.2 })).rejects.toMatchObject({
          code: 'LOBBY_QUERY_TOO_LONG',
        });
        expect((await journal.query('SELECT 1')).rows).toEqual([[1]]);
      }));
  });
}
