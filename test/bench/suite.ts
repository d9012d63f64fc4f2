/**
 * What the service costs on this machine:
 *
 *     npm run bench                                 all parts, some ten minutes
 *     npm run bench -- --only stages,memory         these alone: stages, cameras, memory, start, replay, growth, size,
 *                                                   peers, roofline
 *     npm run bench -- --only peers --python PYTHON trackers of PyPI too, where that Python has them
 *     npm run bench -- --write                      and keeps them, in `suite.json` and docs/performance.md
 *     npm run bench -- --against main               stages, as ratios to another commit's on this machine and now
 *     npm run bench -- --against main --only resize,step --pairs 30 --out FILE
 *     npm run bench -- latency                      how late prompts are: see `latency.ts`
 *
 * Machines differ, and so does what else runs on them: compare ratios, and runs of one machine. Each part is kept
 * with the machine, its load and the date.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../edge/package-root.ts';
import { withCameras, withHours, withPeople } from './growth.ts';
import { type machineSchema, whereAndWhen } from './machine.ts';
import { runCameras } from './many-cameras.ts';
import { measureStages } from './measure-stages.ts';
import { chosen, wholeNumber } from './options.ts';
import { measurePeers } from './peers.ts';
import { writePerformancePage } from './performance-page.ts';
import { measureRoofline } from './roofline.ts';
import { measureInstallation } from './size.ts';
import { stageNames } from './stages.ts';
import { type PartName, partNames, type Suite, suiteFile, suiteSchema } from './suite-file.ts';
import { findSustained, firstPrompt, replayOnce } from './whole.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    most: { type: 'string', default: '16' },
    python: { type: 'string' },
  },
});

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[all.length >> 1]!;

const parts: {
  readonly [Part in PartName]: () => Promise<
    Omit<NonNullable<Suite[Part]>, keyof typeof machineSchema.shape>
  >;
} = {
  stages: async () => ({ costs: await measureStages(stageNames, 20) }),
  async cameras() {
    const { cameras, runs } = await findSustained(wholeNumber('most', values.most));
    return { sustained: cameras, runs: [...runs] };
  },
  async memory() {
    const runs = [];
    for (const cameras of [1, 4, 8]) runs.push(await runCameras(cameras));
    return { runs };
  },
  async start() {
    const demos = [await firstPrompt(), await firstPrompt(), await firstPrompt()];
    const run = await runCameras(1, { warmUpSeconds: 0, measureSeconds: 0 });
    return {
      firstPromptSeconds: median(demos),
      listeningSeconds: run.listeningSeconds,
      lookingSeconds: run.lookingSeconds,
    };
  },
  async replay() {
    const of = (from: 'clip' | 'recording') => {
      const runs = [replayOnce(from), replayOnce(from), replayOnce(from)];
      return {
        timesRealTime: median(runs.map(({ timesRealTime }) => timesRealTime)),
        peakMegabytes: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)),
      };
    };
    return { clip: of('clip'), recording: of('recording') };
  },
  growth: async () => ({ people: withPeople(), cameras: withCameras(), hours: withHours(3) }),
  roofline: measureRoofline,
  peers: async () => ({ peers: await measurePeers(values.python) }),
  size: async () => {
    const { largest, ...size } = measureInstallation();
    return { ...size, largest: [...largest] };
  },
};

const rounded = (_: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value;

async function measure(): Promise<void> {
  const before: Suite = existsSync(suiteFile)
    ? suiteSchema.parse(JSON.parse(readFileSync(suiteFile, 'utf8')))
    : {};
  const measured: Record<string, unknown> = { ...before };
  for (const part of chosen(partNames, values.only)) {
    console.error(`${part} …`);
    let found: object;
    try {
      found = await parts[part]();
    } catch (error) {
      // The others are worth having.
      console.error(`${part} could not be measured:`, error);
      process.exitCode = 1;
      continue;
    }
    measured[part] = { ...whereAndWhen(), ...found };
    console.log(part, JSON.stringify(measured[part], rounded, 1));
    if (!values.write) continue;
    const suite = suiteSchema.parse(JSON.parse(JSON.stringify(measured, rounded)));
    writeFileSync(suiteFile, `${JSON.stringify(suite, undefined, 1)}\n`);
  }
  if (!values.write) return;
  // As the rest of the repository is laid out, or `npm run format` would refuse it.
  execFileSync(join(packageRoot, 'node_modules', '.bin', 'biome'), ['format', '--write', suiteFile]);
  writePerformancePage();
}

await measure();
process.exit();
