import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';
import { askFigures } from '../../edge/figures/ask-figures.ts';
import { figuresOfBranch } from '../../edge/figures/figures-of-branch.ts';
import { openJournal } from '../../edge/journals/open-journal.ts';
import { parseBranch } from '../../src/contract/branch.ts';
import type { FiguresAsk } from '../../src/contract/figures.ts';
import { written } from '../e2e/figures-branch.ts';
import { madeUpDay, timezone } from '../edge/figures/made-up-day.ts';
import { ManualClock } from '../manual-clock.ts';

/**
 * How long the figures of a day, a week and a month take, with the comparison, and how long asking for them holds up
 * whatever else the process does. A busy branch: 500 customers a day, a scene a second, the memory a box allows.
 */

const days = 31;
const customers = 500;
const folder = mkdtempSync(join(tmpdir(), 'lobby-bench-figures-'));
const branch = parseBranch(
  written.replace('sceneSeconds: 30', 'sceneSeconds: 1, days: 366, megabytes: 10000'),
  'branch.yaml',
);
const clock = new ManualClock(Date.parse('2026-03-31T10:00:00Z') / 1000);
const open = () =>
  openJournal({
    folder,
    branch: branch.id,
    timezone,
    settings: branch.journal,
    clock,
    onTrouble: (sentence) => console.error(sentence),
  });

const first = open();
let count = 0;
for (const line of madeUpDay({ day: '2026-03-31', customers, sceneSeconds: 1 })) {
  first.write(line);
  count += 1;
  if (count % 5_000 === 0) await first.takeIn();
}
await first.takeIn();
await first.close();

// The other days are this one again, with visits and prompts of their own.
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const raw = await instance.connect();
await raw.run(`ATTACH '${join(folder, 'journal.duckdb')}' AS journal`);
await raw.run('USE journal');
const anew: Readonly<Record<string, string>> = {
  scene: `, list_transform(people, lambda one: {'visit': '{day}x' || one.visit, 'role': one.role, 'x': one.x, 'y': one.y}) AS people`,
  stay: ', arrivedAt - INTERVAL {day} DAY AS arrivedAt',
  prompt: ", raisedAt - INTERVAL {day} DAY AS raisedAt, id || '{day}' AS id",
  state: ", id || '{day}' AS id",
};
for (const kind of ['scene', 'stay', 'prompt', 'state', 'zone', 'verdict', 'ack', 'latency', 'duty']) {
  for (let day = 1; day < days; day += 1) {
    const more = (anew[kind] ?? '').replaceAll('{day}', String(day));
    await raw.run(
      `INSERT INTO ${kind} SELECT * REPLACE (n + ${day * 10_000_000} AS n, moment - INTERVAL ${day} DAY AS moment${more}) FROM ${kind} WHERE n < 10000000`,
    );
  }
}
await raw.run('CHECKPOINT journal');
await raw.run('USE memory');
await raw.run('DETACH journal');
raw.closeSync();
instance.closeSync();

const journal = open();
await journal.takeIn();
const of = figuresOfBranch(journal, () => branch, clock);
const delay = monitorEventLoopDelay({ resolution: 1 });
const periods: Readonly<Record<string, Pick<FiguresAsk, 'day' | 'from' | 'to'>>> = {
  day: { day: '2026-03-31' },
  week: { from: '2026-03-25', to: '2026-03-31' },
  month: { from: '2026-03-01', to: '2026-03-31' },
};
const asked: Record<string, { customers: number; ms: number; mostDelayMs: number }> = {};
for (const [name, period] of Object.entries(periods)) {
  const ask = () => askFigures(of, { ...period, compare: 'same-weekday', short: 'in' });
  await ask();
  delay.reset();
  delay.enable();
  const from = performance.now();
  const { contact } = await ask();
  const ms = Math.round(performance.now() - from);
  delay.disable();
  asked[name] = { customers: contact.came, ms, mostDelayMs: Math.round(delay.max / 1e5) / 10 };
}
await journal.close();
rmSync(folder, { recursive: true });

const report = {
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  node: process.version,
  memoryMegabytes: branch.journal.memoryMegabytes,
  asked,
};
console.log(JSON.stringify(report, null, 2));
if (process.argv.includes('--commit')) {
  writeFileSync(join(import.meta.dirname, 'figures.json'), `${JSON.stringify(report, null, 2)}\n`);
}
