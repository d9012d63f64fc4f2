import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';
import { type OpenJournal, openJournal } from '../../edge/journals/open-journal.ts';
import { createStoreProcess } from '../../edge/journals/store-process.ts';
import { tablesOf } from '../../edge/journals/tables.ts';
import { type JournalLine, journalSettingsSchema } from '../../src/contract/journal.ts';
import { createChance } from '../chaos/chance.ts';
import { ManualClock } from '../manual-clock.ts';

/**
 * How much room and time the journal of a busy lobby takes: 500 arrivals, 20 people at a time, a scene a second for nine
 * hours, eight zones. `--days 30` fills a month with copies of the one day that went the real way. With `--here` the
 * database is in this process, and not in one of its own as in the service: for comparing.
 */

const days = Number(process.argv[process.argv.indexOf('--days') + 1] || 30) || 30;
const hours = 9;
const people = 20;
const arrivals = 500;
const folder = mkdtempSync(join(tmpdir(), 'lobby-bench-'));
const settings = journalSettingsSchema.parse({ megabytes: 10_000, days: 366 });
const clock = new ManualClock(Date.UTC(2026, 10, 24, 12) / 1000);
const memory = () => Math.round(process.memoryUsage().rss / 1e6);
const chance = createChance(7);
const middle = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
const round = (value: number) => Math.round(value * 10) / 10;

const from = Date.UTC(2026, 10, 24, 1);
const at = (second: number) => new Date(from + second * 1000).toISOString();
const walkers = Array.from({ length: people }, (_, i) => ({
  name: `k3f9-${i}`,
  x: chance.between(0, 20),
  y: chance.between(0, 12),
}));
let named = people;

function* second(s: number): Generator<JournalLine> {
  for (const one of walkers) {
    // Most stand or sit; one in four walks.
    if (chance.next() < 0.25) {
      one.x = Math.min(20, Math.max(0, one.x + chance.between(-1, 1)));
      one.y = Math.min(12, Math.max(0, one.y + chance.between(-1, 1)));
    }
  }
  const cell = (value: number) => Math.round(value * 4) / 4;
  yield {
    v: 1,
    at: at(s),
    kind: 'scene',
    run: 'k3f9',
    people: walkers.map(({ name, x, y }, i) => ({
      visit: name,
      role: i < 3 ? 'staff' : 'customer',
      x: cell(x),
      y: cell(y),
    })),
  };
  if (s % 60 === 0) {
    for (let zone = 0; zone < 8; zone += 1) {
      const waiting = Math.floor(chance.between(0, 7));
      yield {
        v: 1,
        at: at(s),
        kind: 'zone',
        zone: `zone-${zone}`,
        people: waiting + 1,
        waiting,
        longestWaitSeconds: waiting * 70,
        expectedWaitSeconds: 200,
      };
    }
  }
  if (s % Math.floor((hours * 3600) / arrivals) !== 0) return;
  const walker = walkers[3 + (named % (people - 3))]!;
  walker.name = `k3f9-${named}`;
  named += 1;
  const visit = walker.name;
  const id = String(named).padStart(26, '0');
  const base = {
    v: 1,
    role: 'customer',
    visit,
    figures: { forSeconds: round(chance.between(1, 300)), pauses: 3 },
  } as const;
  for (const happening of [
    'arrived',
    'queued',
    'wandering',
    'contacted',
    'waited-long',
    'left-queue',
    'departed',
  ] as const) {
    yield {
      ...base,
      at: at(s),
      kind: 'verdict',
      happening,
      zone: `zone-${named % 8}`,
      waitedSeconds: round(chance.between(1, 600)),
      ...(happening === 'left-queue' ? { served: true } : {}),
      decision: 'silence',
      reason: 'nothing-to-ask',
    };
  }
  yield {
    v: 1,
    at: at(s),
    kind: 'stay',
    visit,
    zone: 'zone-0',
    arrivedAt: at(s - 30),
    metAt: at(s - 10),
    waitedSeconds: round(chance.between(1, 90)),
    metBy: 'seen',
    ended: 'departed',
  };
  if (named % 5 !== 0) return;
  yield {
    v: 1,
    at: at(s),
    kind: 'prompt',
    change: 'raised',
    id,
    prompt: 'greet',
    place: 'zone-0',
    people: 1,
    to: ['manager'],
    urgency: 'now',
    waitedSeconds: 0,
    raisedAt: at(s),
    expiresAt: at(s + 60),
  };
  yield { v: 1, at: at(s), kind: 'ack', id, answer: 'delivered', role: 'manager', watch: 'w-1' };
  yield { v: 1, at: at(s), kind: 'state', id, phase: 'met', by: 'manager', reason: 'seen-met' };
}

const memoryWithout = memory();
const open = (): OpenJournal =>
  openJournal({
    folder,
    branch: 'bench',
    timezone: 'Asia/Shanghai',
    settings,
    clock,
    ...(process.argv.includes('--here') ? {} : { database: createStoreProcess({ lookEveryMs: 200 }) }),
    onTrouble: (sentence) => console.error(sentence),
  });
let journal = open();
await journal.takeIn();
const memoryOpened = memory();
/** Of the database's own process: none of it, where it has none. */
const ownMemory = async () => {
  await new Promise((resolve) => setTimeout(resolve, 500));
  return Math.round((journal.state.process?.bytes ?? 0) / 1e6);
};
const ownOpened = await ownMemory();
let aheadBytes = 0;
let lines = 0;
const batches: number[] = [];
const delay = monitorEventLoopDelay({ resolution: 1 });
let mostDelayMs = 0;
let writeMs = 0;
for (let s = 0; s < hours * 3600; s += 1) {
  const begun = performance.now();
  for (const line of second(s)) {
    aheadBytes += JSON.stringify(line).length + 1;
    lines += 1;
    journal.write(line);
  }
  writeMs += performance.now() - begun;
  // As it goes for twenty minutes; then in larger batches, or this would take as long as it does.
  const isUsual = s < 1_200;
  if (s % (isUsual ? 5 : 100) !== 4) continue;
  delay.reset();
  delay.enable();
  const from = performance.now();
  await journal.takeIn();
  if (isUsual) batches.push(performance.now() - from);
  delay.disable();
  if (isUsual) mostDelayMs = Math.max(mostDelayMs, delay.max / 1e6);
}
await journal.close();
const fileOf = () => statSync(join(folder, 'journal.duckdb')).size / 1e6;
const dayMegabytes = fileOf();

// The other days are this one again: what is asked of them takes as long.
{
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const raw = await instance.connect();
  await raw.run(`ATTACH '${join(folder, 'journal.duckdb')}' AS journal`);
  await raw.run('USE journal');
  for (const { kind } of tablesOf()) {
    for (let day = 1; day < days; day += 1) {
      await raw.run(
        `INSERT INTO ${kind} SELECT * REPLACE (n + ${day * 10_000_000} AS n, moment - INTERVAL ${day} DAY AS moment) FROM ${kind} WHERE n < 10000000`,
      );
    }
  }
  await raw.run('CHECKPOINT journal');
  await raw.run('USE memory');
  await raw.run('DETACH journal');
  raw.closeSync();
  instance.closeSync();
}
const monthMegabytes = fileOf();

journal = open();
await journal.takeIn();
const questions: Record<string, string> = {
  'first contacts':
    'SELECT count(*), count(metAt), quantile_cont(waitedSeconds, 0.9) FROM stays WHERE arrivedAt >= $1',
  'queues by hour': "SELECT * FROM queue_hours WHERE hour >= strftime(here($1::TIMESTAMP), '%Y-%m-%d')",
  prompts: 'SELECT outcome, count(*) FROM prompts WHERE raisedAt >= $1 GROUP BY ALL',
  'heat map':
    "SELECT round(x * 4) / 4 AS x, round(y * 4) / 4 AS y, count(*) / 60 FROM dots WHERE moment >= $1 AND role <> 'staff' GROUP BY ALL",
};
const asked: Record<string, { dayMs: number; monthMs: number; delayMs: number }> = {};
for (const [name, sql] of Object.entries(questions)) {
  const once = async (since: string) => {
    const from = performance.now();
    await journal.query(sql, [since], { rows: 100_000, seconds: 60 });
    return performance.now() - from;
  };
  const dayMs = middle([await once('2026-11-24'), await once('2026-11-24'), await once('2026-11-24')]);
  delay.reset();
  delay.enable();
  const monthMs = middle([await once('2026-01-01'), await once('2026-01-01'), await once('2026-01-01')]);
  delay.disable();
  asked[name] = { dayMs: round(dayMs), monthMs: round(monthMs), delayMs: round(delay.max / 1e6) };
}
const begun = performance.now();
await journal.lines({});
const pageMs = performance.now() - begun;
const memoryAfter = memory();
const ownAfter = await ownMemory();
await journal.close();
rmSync(folder, { recursive: true });

const report = {
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  node: process.version,
  day: { hours, people, arrivals, lines },
  dayMegabytes: round(dayMegabytes),
  days,
  monthMegabytes: round(monthMegabytes),
  aheadMegabytesADay: round(aheadBytes / 1e6),
  writeMicrosecondsALine: round((writeMs / lines) * 1000),
  takeInMs: {
    median: round(middle([...batches])),
    p99: round([...batches].sort((a, b) => a - b)[Math.floor(batches.length * 0.99)]!),
  },
  mostDelayMsWhileTakingIn: round(mostDelayMs),
  asked,
  pageOf200LinesMs: round(pageMs),
  megabytesOfMemory: { without: memoryWithout, opened: memoryOpened, afterAMonthWasAsked: memoryAfter },
  megabytesOfTheDatabasesProcess: { opened: ownOpened, afterAMonthWasAsked: ownAfter },
};
console.log(JSON.stringify(report, null, 2));
if (process.argv.includes('--commit')) {
  writeFileSync(join(import.meta.dirname, 'journal.json'), `${JSON.stringify(report, null, 2)}\n`);
}
