/**
 * Prompts through every trouble at once: `npm run chaos [-- --prompts 10000] [--seed 1] [--broker mosquitto|embedded]
 * [--write]`. Without `--broker` both are tried, one after the other. Ends with 1 if a prompt was lost from the
 * journal, came too late, or was shown twice. With `--write` the figures are committed beside this file, with the
 * machine and the date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ChaosReport, runChaos } from '../chaos/run-chaos.ts';

const { values } = parseArgs({
  options: {
    prompts: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    broker: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const brokers = (['mosquitto', 'embedded'] as const).filter(
  (name) => values.broker === undefined || values.broker === name,
);
const file = join(import.meta.dirname, 'chaos.json');
const reports: ChaosReport[] = [];
for (const broker of brokers) {
  const report = await runChaos({
    prompts: Number(values.prompts),
    seed: Number(values.seed),
    broker,
    perSecond: 100,
    wellSeconds: 5,
    onProgress: (raised) => console.error(`${broker}: ${raised} raised`),
  });
  console.log(report);
  reports.push({ ...report, seconds: Math.round(report.seconds) });
  const { lostFromJournal, cameLate, shownLate, shownTwice } = report;
  if (lostFromJournal + cameLate + shownLate + shownTwice > 0) process.exitCode = 1;
}
if (values.write) {
  const before = readBefore().filter((one) => !brokers.includes(one.broker));
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  const written = { date: new Date().toISOString().slice(0, 10), machine, runs: [...before, ...reports] };
  writeFileSync(file, `${JSON.stringify(written, undefined, 2)}\n`);
}

function readBefore(): readonly ChaosReport[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { runs: readonly ChaosReport[] }).runs;
  } catch {
    return [];
  }
}
