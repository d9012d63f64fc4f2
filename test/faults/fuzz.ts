/**
 * Bytes from outside, millions of them: `npm run fuzz [-- --inputs 10000000] [--seed 1] [--parser NAME] [--write]`.
 *
 * Inputs are shared out among the parsers by what they cost, in rounds, so that each has had its share whenever it is
 * stopped. What does what no input may do is kept in `seeds/`, and the run ends with 1. With `--write` the counts are
 * kept beside this file after each round, with the machine and the date.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openApi } from './api-parser.ts';
import { openParsers } from './parsers.ts';
import { fuzz } from './run-fuzz.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: '1' },
    parser: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const aRound = 4_000;
const wanted = Number(values.inputs);
const parsers = [...(await openParsers()), ...(await openApi())].filter(
  ({ name }) => values.parser === undefined || name === values.parser,
);
const sums = new Map(parsers.map(({ name }) => [name, { inputs: 0, accepted: 0, seconds: 0, findings: 0 }]));
let all = 0;
let mostMegabytes = 0;
for (let seed = Number(values.seed); all < wanted; seed += 1) {
  for (const parser of parsers) {
    const run = await fuzz(parser, { seed, inputs: Math.ceil(aRound * (parser.share ?? 1)) });
    const sum = sums.get(parser.name)!;
    sum.inputs += run.inputs;
    sum.accepted += run.accepted;
    sum.seconds += run.seconds;
    sum.findings += run.findings.length;
    all += run.inputs;
    mostMegabytes = Math.max(mostMegabytes, process.memoryUsage.rss() / 1e6);
    for (const { what, file } of run.findings) console.log(`${parser.name}: ${what}\n  kept in ${file}`);
    if (run.findings.length > 0) process.exitCode = 1;
  }
  const seconds = [...sums.values()].reduce((sum, one) => sum + one.seconds, 0);
  console.error(`${all} inputs, ${Math.round(all / Math.max(1, seconds))} a second`);
  if (values.write) {
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
    const result = {
      date: new Date().toISOString().slice(0, 10),
      machine,
      firstSeed: Number(values.seed),
      lastSeed: seed,
      inputs: all,
      wanted,
      seconds: Math.round(seconds),
      mostMegabytes: Math.round(mostMegabytes),
      parsers: Object.fromEntries(
        [...sums].map(([name, sum]) => [name, { ...sum, seconds: Math.round(sum.seconds) }]),
      ),
    };
    writeFileSync(join(import.meta.dirname, 'fuzz.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  }
}
for (const parser of parsers) await parser.close?.();
// The service of the API's parser holds threads that nobody waits for.
process.exit();
