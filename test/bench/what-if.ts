/**
 * How long a what-if takes over a day of a busy lobby, and what the live service feels of it:
 * `npm run bench:what-if [-- --commit]`.
 *
 * The day has 500 arrivals in nine hours, fifteen people at a time and a scene a second; both stories are played. The
 * service's own thread does meanwhile what it always does: its event loop is watched.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openJournal } from '../../edge/journals/open-journal.ts';
import { playedPages } from '../../edge/journals/played.ts';
import { systemClock } from '../../edge/system-clock.ts';
import { createWhatIfs } from '../../edge/what-if/what-ifs.ts';
import { journalSettingsSchema } from '../../src/contract/journal.ts';
import type { WhatIfPayload } from '../../src/contract/what-if.ts';
import { busyBranch, busyDay } from './busy-day.ts';

const day = Date.UTC(2026, 10, 24);
const name = '2026-11-24';
const folder = mkdtempSync(join(tmpdir(), 'lobby-bench-'));
const journal = openJournal({
  folder,
  branch: busyBranch.id,
  settings: journalSettingsSchema.parse({ megabytes: 10_000, days: 366 }),
  clock: systemClock,
});
const lines = busyDay({ day, seed: 7 });
const scenes = lines.flatMap((line) => (line.kind === 'scene' ? [line.people.length] : []));
for (const line of lines) journal.write(line);
await journal.takeIn();

const round = (value: number, digits = 1) => Number(value.toFixed(digits));
const whatIfs = createWhatIfs({
  journal,
  settings: { branch: busyBranch, latest: { version: 1 } as never },
  clock: systemClock,
});

async function timed(ask: () => WhatIfPayload) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const cpu = process.cpuUsage();
  const begun = performance.now();
  delay.enable();
  let known = ask();
  while (known.state === 'waiting' || known.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    known = whatIfs.get(known.id);
  }
  delay.disable();
  const { user, system } = process.cpuUsage(cpu);
  if (known.state !== 'done') throw new Error(`it is ${known.state}: ${known.trouble?.message}`);
  return {
    known,
    seconds: round((performance.now() - begun) / 1000),
    processorSeconds: round((user + system) / 1e6),
    loopDelayMs: { p99: round(delay.percentile(99) / 1e6), most: round(delay.max / 1e6) },
  };
}

const read = performance.now();
let rows = 0;
for await (const page of playedPages(journal, name)) rows += page.length;
const readSeconds = round((performance.now() - read) / 1000);

// As the page does when it is opened; whoever reads it and chooses a value takes longer than this.
await whatIfs.days();
await new Promise((resolve) => setTimeout(resolve, 12_000));
const asked = { version: 1, from: name, to: name };
const runs = [];
for (const [path, value] of [
  ['wandering.afterSeconds', 12],
  ['queue.waitSeconds', 60],
  ['prompts.mostInTenMinutes', 4],
] as const) {
  const { known, ...took } = await timed(() => whatIfs.compare({ ...asked, set: { [path]: value } }));
  const { differing, now, agreement } = known.result!;
  runs.push({ draft: `${path}=${value}`, ...took, prompts: now.prompts, differing, agreement });
}
const { known: suggested, ...suggestion } = await timed(() =>
  whatIfs.suggest({
    ...asked,
    path: 'prompts.mostInTenMinutes',
    aim: { buzzes: 6, percent: 90, seconds: 5 },
  }),
);
await whatIfs.close();
await journal.close();
rmSync(folder, { recursive: true });

const report = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  node: process.version,
  loadBefore: round(loadavg()[0]!),
  day: {
    arrivals: 500,
    scenes: scenes.length,
    peopleAtATime: round(scenes.reduce((sum, one) => sum + one, 0) / scenes.length),
    rows,
  },
  readingAloneSeconds: readSeconds,
  bothStories: runs,
  suggestion: {
    tried: suggested.suggestion!.tried.length,
    ...suggestion,
    answer: suggested.suggestion!.answer,
  },
};
console.log(JSON.stringify(report, null, 2));
if (process.argv.includes('--commit')) {
  writeFileSync(join(import.meta.dirname, 'what-if.json'), `${JSON.stringify(report, null, 2)}\n`);
}
