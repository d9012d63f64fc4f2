/**
 * Holds what a frame costs beside inference against the commit a change begins from, in the gate:
 *
 *     npm run bench -- gate                  against where this branch left origin/main, or else the commit before
 *     npm run bench -- gate --base COMMIT    against that one
 *
 * Both are measured now, on this machine and in turns, so that nothing is held against a figure of another day. What is
 * judged is processor time, and a stage has grown if it takes more than 1.3 times as much in two comparisons, the second
 * by new processes: how code is compiled differs from one process to the next by a tenth, and a busy machine adds
 * two. So a change that makes a stage a fifth slower passes; `--against` with more pairs shows it.
 *
 * Inference and publishing are left out: the one takes minutes to compare, the other waits for the network. So is
 * tracking by itself, a tenth of a millisecond of which a median moves by half on a busy machine: `step` has it in it.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../edge/package-root.ts';
import { type Comparison, compareStages, hasOtherPackages } from './measure-stages.ts';
import type { StageName } from './stages.ts';

export const gateStages = ['decode', 'resize', 'sight', 'suppress', 'step'] as const satisfies StageName[];
/** How many times as much is too much. */
export const mostGrowth = 1.3;
const pairs = 9;
/** What is measured: where none of it differs, there is nothing to compare. */
const measured = ['src', 'edge', 'models', 'package-lock.json'];

export type Base = { readonly commit: string; readonly why: string } | { readonly none: string };

/**
 * Which commit a checkout is compared with.
 *
 * @param folder of the checkout
 * @param asked anything git takes for a commit; absent: where HEAD left origin/main, or the commit before HEAD
 * @throws {Error} if what was asked for is not there
 */
export function baseOf(folder: string, asked?: string): Base {
  const git = (...args: readonly string[]): string | undefined => {
    try {
      return execFileSync('git', args, {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    } catch {
      return undefined;
    }
  };
  const commitOf = (name: string) => git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  if (asked !== undefined) {
    const commit = commitOf(asked);
    if (commit === undefined) throw new Error(`Cannot compare: there is no commit ${asked} in this checkout`);
    return { commit, why: 'as asked' };
  }
  const head = commitOf('HEAD');
  if (head === undefined) return { none: 'this is no checkout of git' };
  const left = git('merge-base', 'HEAD', 'origin/main');
  if (left !== undefined && left !== head) return { commit: left, why: 'where this branch left origin/main' };
  const before = commitOf('HEAD^');
  if (before !== undefined) return { commit: before, why: 'the commit before' };
  const isShallow = git('rev-parse', '--is-shallow-repository') === 'true';
  return {
    none: isShallow
      ? 'this clone has no commit before HEAD: fetch one more (git fetch --deepen=1), or name one with --base'
      : 'there is no commit before HEAD',
  };
}

type Stage = Comparison['stages'][number];

/**
 * Whether a stage takes more than the bound, by the median of its pairs and by the least of each side: on a busy
 * machine either alone may.
 */
export const isOver = (
  { ratio, least }: Pick<Stage, 'ratio' | 'least'>,
  bound: number = mostGrowth,
): boolean => ratio > bound && least > bound;

/** Stages that are over the bound in both comparisons, each in a sentence. */
export function grownIn(first: Comparison, second: Comparison, bound: number = mostGrowth): string[] {
  return second.stages.flatMap((again) => {
    const before = first.stages.find(({ stage }) => stage === again.stage);
    if (before === undefined || !isOver(before, bound) || !isOver(again, bound)) return [];
    const times = `${before.ratio.toFixed(2)} and ${again.ratio.toFixed(2)} times`;
    return [
      `${again.stage} takes ${times} the processor time it took at ${second.commit.slice(0, 12)}; at most ${bound} is let through`,
    ];
  });
}

function differs(commit: string): boolean {
  try {
    execFileSync('git', ['diff', '--quiet', commit, '--', ...measured], {
      cwd: packageRoot,
      stdio: 'ignore',
    });
    return false;
  } catch {
    return true;
  }
}

/** @returns whether it may pass */
async function judge(asked: string | undefined): Promise<boolean> {
  const base = baseOf(packageRoot, asked);
  if ('none' in base) {
    console.log(`costs are not compared: ${base.none}`);
    return true;
  }
  const name = base.commit.slice(0, 12);
  if (!differs(base.commit)) {
    console.log(`costs are as at ${name}, ${base.why}: nothing of ${measured.join(', ')} differs`);
    return true;
  }
  console.log(`costs against ${name}, ${base.why}: ${pairs} pairs a stage, by processor time`);
  if (hasOtherPackages(base.commit)) console.log('its packages are others: both are measured with these');
  const first = await compareStages(base.commit, gateStages, pairs);
  for (const { stage, ratio, spread } of first.stages)
    console.log(
      `  ${stage.padEnd(9)} ${ratio.toFixed(2)}  (${spread.map((one) => one.toFixed(2)).join(' to ')})`,
    );
  for (const { stage, why } of first.left) console.log(`  ${stage.padEnd(9)} left out: ${why}`);
  const doubtful = first.stages.filter((stage) => isOver(stage)).map(({ stage }) => stage);
  if (doubtful.length === 0) return true;
  console.log(`once more by new processes: ${doubtful.join(', ')}`);
  const grown = grownIn(first, await compareStages(base.commit, doubtful, pairs));
  for (const sentence of grown) console.error(sentence);
  return grown.length === 0;
}

/** Run by `index.ts`; a test takes the parts above. */
export async function runGate(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { base: { type: 'string' } } });
  process.exit((await judge(values.base)) ? 0 : 1);
}
