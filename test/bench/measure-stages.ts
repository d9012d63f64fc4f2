import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../edge/package-root.ts';
import { percentile } from '../../src/core/score/percentile.ts';
import { machineSchema, whereAndWhen } from './machine.ts';
import { type StageAsked, type StageName, type StageTold, stageNames } from './stages.ts';

/** One batch: milliseconds for a frame, by the clock and of the processor, all threads together. */
type Took = Extract<StageTold, { kind: 'took' }>;

/** A checkout whose stages are run in a process of their own. */
export interface Stager {
  batch(stage: StageName): Promise<Took>;
  end(stage: StageName): Promise<void>;
  close(): void;
}

/** What a stage costs; by the clock it costs more where others use the machine. */
export interface StageCost {
  readonly stage: (typeof stageNames)[number];
  /** Processor milliseconds a frame, all threads together: median and tenth and ninetieth percentile of the batches. */
  readonly processorMs: number;
  readonly spread: [number, number];
  readonly wallMs: number;
}

const spread = z.tuple([z.number().positive(), z.number().positive()]);

/** What a comparison writes: how many times as much this checkout takes as the base. */
export const comparisonSchema = machineSchema.extend({
  base: z.string().describe('What it was compared with.'),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  pairs: z.int().min(1),
  stages: z
    .array(
      z.strictObject({
        stage: z.enum(stageNames),
        ratio: z.number().positive().describe('Median over the pairs of this one over the base.'),
        spread: spread.describe('Tenth and ninetieth percentile of the pairs.'),
        least: z
          .number()
          .positive()
          .describe(
            'The least this one took over the least the base took: what others add to both is not in it.',
          ),
        processorMs: z.strictObject({ here: z.number(), base: z.number() }),
      }),
    )
    .describe('Stages both could be asked for.'),
  left: z
    .array(z.strictObject({ stage: z.enum(stageNames), why: z.string() }))
    .describe('Stages that one of both has not.'),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const tenth = (values: readonly number[], share: number) => percentile(values, share) ?? Number.NaN;
const median = (values: readonly number[]) => tenth(values, 0.5);

/** Begins a process that runs the stages of a checkout. */
export async function beginStager(root: string): Promise<Stager> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'stages.ts'), [root], {
    cwd: packageRoot,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '24', MALLOC_MMAP_THRESHOLD_: '65536' },
  });
  const told = () =>
    new Promise<StageTold>((resolve, reject) => {
      const ended = () => reject(new Error('the process that runs stages has ended'));
      child.once('exit', ended);
      child.once('message', (message: StageTold) => {
        child.removeListener('exit', ended);
        resolve(message);
      });
    });
  const ask = (asked: StageAsked) => {
    child.send(asked);
    return told();
  };
  await told();
  return {
    async batch(stage) {
      const answer = await ask({ stage });
      if (answer.kind === 'took') return answer;
      throw new Error(answer.kind === 'cannot' ? answer.reason : 'it did nothing');
    },
    async end(stage) {
      await ask({ stage, end: true });
    },
    close: () => void (child.connected && child.disconnect()),
  };
}

/** Measures stages of this checkout, so many batches each. */
export async function measureStages(
  stages: readonly (typeof stageNames)[number][],
  batches: number,
): Promise<StageCost[]> {
  const stager = await beginStager(packageRoot);
  const costs: StageCost[] = [];
  try {
    for (const stage of stages) {
      const taken: Took[] = [];
      for (let i = 0; i < batches; i++) taken.push(await stager.batch(stage));
      await stager.end(stage);
      const processor = taken.map(({ processorMs }) => processorMs);
      costs.push({
        stage,
        processorMs: median(processor),
        spread: [tenth(processor, 0.1), tenth(processor, 0.9)],
        wallMs: median(taken.map(({ wallMs }) => wallMs)),
      });
    }
  } finally {
    stager.close();
  }
  return costs;
}

/**
 * Compares stages of this checkout with those of another commit, on this machine and now.
 *
 *     here  ▇    ▇    ▇    ▇       one batch each in turn, whoever was second is first the next time
 *     base    ▇▇    ▇    ▇   ▇
 *
 * What is compared is processor time, of which a busy machine changes little; and each pair is a ratio of its own, so
 * that what changes from minute to minute meets both. Both use this checkout's packages.
 *
 * @param base anything that git takes for a commit
 * @throws {Error} if git does not know it
 */
export async function compareStages(
  base: string,
  stages: readonly (typeof stageNames)[number][],
  pairs: number,
): Promise<Comparison> {
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: packageRoot, encoding: 'utf8' }).trim();
  const commit = git('rev-parse', '--verify', `${base}^{commit}`);
  const folder = mkdtempSync(join(tmpdir(), 'lobby-bench-base-'));
  const checkout = join(folder, 'base');
  git('worktree', 'add', '--detach', '--quiet', checkout, commit);
  const measured: Comparison['stages'] = [];
  const left: Comparison['left'] = [];
  const stagers: Stager[] = [];
  try {
    symlinkSync(join(packageRoot, 'node_modules'), join(checkout, 'node_modules'));
    const [here, there] = [await beginStager(packageRoot), await beginStager(checkout)];
    stagers.push(here, there);
    for (const stage of stages) {
      try {
        const taken: { here: Took; base: Took }[] = [];
        for (let i = 0; i < pairs; i++) {
          const first = await (i % 2 === 0 ? here : there).batch(stage);
          const second = await (i % 2 === 0 ? there : here).batch(stage);
          taken.push(i % 2 === 0 ? { here: first, base: second } : { here: second, base: first });
        }
        const ratios = taken.map((pair) => pair.here.processorMs / pair.base.processorMs);
        const leastOf = (side: 'here' | 'base') => Math.min(...taken.map((pair) => pair[side].processorMs));
        measured.push({
          stage,
          ratio: median(ratios),
          spread: [tenth(ratios, 0.1), tenth(ratios, 0.9)],
          least: leastOf('here') / leastOf('base'),
          processorMs: {
            here: median(taken.map((pair) => pair.here.processorMs)),
            base: median(taken.map((pair) => pair.base.processorMs)),
          },
        });
      } catch (error) {
        left.push({ stage, why: error instanceof Error ? error.message : String(error) });
      }
      await Promise.allSettled([here.end(stage), there.end(stage)]);
    }
  } finally {
    for (const stager of stagers) stager.close();
    git('worktree', 'remove', '--force', checkout);
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...whereAndWhen(), base, commit, pairs, stages: measured, left };
}

/** Whether another commit's packages are others: then both are measured with this one's. */
export function hasOtherPackages(commit: string): boolean {
  const lock = 'package-lock.json';
  if (!existsSync(join(packageRoot, lock))) return false;
  const theirs = execFileSync('git', ['show', `${commit}:${lock}`], {
    cwd: packageRoot,
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  return theirs !== readFileSync(join(packageRoot, lock), 'utf8');
}
