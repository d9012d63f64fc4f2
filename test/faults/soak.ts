/**
 * Memory over hours: `npm run soak [-- --real HOURS] [--write]`.
 *
 * Without `--real`: eight simulated hours of a busy day, as fast as the machine goes, through the live service's loop.
 * With it: the real service on a real RTSP stream, as long as it says. Ends with 1 if memory grew by more than 5 %
 * after warm-up, or a prompt was lost. With `--write` the figures are committed beside this file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { flatness, type MemorySample } from './flat.ts';
import { soakDay } from './soak-day.ts';
import { soakReal } from './soak-real.ts';

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    hours: { type: 'string', default: '8' },
    write: { type: 'boolean', default: false },
  },
});
const mostGrowth = 0.05;
const round = (value: number) => Math.round(value * 1000) / 1000;

function judged(samples: readonly MemorySample[], warmUpSeconds: number) {
  const resident = flatness(samples, 'rssMegabytes', warmUpSeconds);
  const heap = flatness(samples, 'heapMegabytes', warmUpSeconds);
  const isFlat = resident.grew <= mostGrowth && heap.grew <= mostGrowth;
  if (!isFlat) process.exitCode = 1;
  const rounded = ({ from, to, grew }: typeof heap) => ({
    from: round(from),
    to: round(to),
    grew: round(grew),
  });
  return { warmUpSeconds, rssMegabytes: rounded(resident), heapMegabytes: rounded(heap), isFlat };
}

const hours = Number(values.real ?? values.hours);
const onSample = (sample: MemorySample) => console.error(sample);
const { samples, ...rest } =
  values.real === undefined ? await soakDay({ hours, onSample }) : await soakReal({ hours, onSample });
const warmUpSeconds = values.real === undefined ? (hours * 3600) / 4 : Math.min(900, hours * 900);
const result = { ...judged(samples, warmUpSeconds), ...rest, hours, samples };
if ('promptsLost' in rest && rest.promptsLost + rest.journalLost > 0) process.exitCode = 1;
console.log({ ...result, samples: samples.length });
if (values.write) {
  const file = join(import.meta.dirname, 'soak.json');
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 10);
  const key = values.real === undefined ? 'day' : 'real';
  writeFileSync(
    file,
    `${JSON.stringify({ ...readBefore(file), [key]: { date, machine, ...result } }, undefined, 2)}\n`,
  );
}

function readBefore(file: string): object {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object;
  } catch {
    return {};
  }
}
