import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChance } from '../chaos/chance.ts';
import { mutate } from './mutate.ts';
import type { FuzzedParser } from './parsers.ts';

/** No input may take longer of the processor, on any machine this runs on; most take a ten thousandth of it. */
export const mostSeconds = 2;
/** The process may not grow beyond this, whatever it is given. */
export const mostMegabytes = 2_000;
const seedsFolder = join(import.meta.dirname, 'seeds');

export interface Finding {
  readonly parser: string;
  readonly what: string;
  /** Where the input is kept. */
  readonly file: string;
}

export interface FuzzRun {
  readonly parser: string;
  readonly seed: number;
  readonly inputs: number;
  readonly accepted: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

const folderOf = (parser: string) => join(seedsFolder, parser.replace(/[^a-z]+/gi, '-').toLowerCase());

/** Inputs that once did what none may do, or come close to it: they are tried at each run of the tests. */
export function seedsOf(parser: string): readonly { name: string; bytes: Buffer }[] {
  const folder = folderOf(parser);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** @returns absent if all is well, else what is wrong with it */
export async function tryInput(
  parser: FuzzedParser,
  bytes: Buffer,
): Promise<'accepted' | 'refused' | { what: string }> {
  const from = performance.now();
  try {
    const taken = parser.take(bytes);
    const verdict = typeof taken === 'string' ? taken : await taken;
    // What took no longer than this took no more of the processor: that is asked only of what did, and takes longer
    // than most inputs do.
    if (performance.now() - from <= mostSeconds * 1000) return verdict;
    const before = process.cpuUsage();
    await parser.take(bytes);
    const { user } = process.cpuUsage(before);
    return user / 1e6 > mostSeconds ? { what: `it took ${(user / 1e6).toFixed(1)} s` } : verdict;
  } catch (error) {
    return { what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/**
 * Does some work with errors that bear no stack. A refusal is an error, a bad branch file makes a thousand, and noting
 * where each was made takes most of the time; of a finding it is found out by trying it once more.
 */
async function withoutStacks<Result>(work: () => Promise<Result>): Promise<Result> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Gives a parser inputs made from its examples until there have been so many, or so long has passed.
 *
 * @param seed the same seed gives the same inputs
 */
export async function fuzz(
  parser: FuzzedParser,
  {
    seed,
    inputs,
    seconds = Number.POSITIVE_INFINITY,
    keep = true,
  }: { seed: number; inputs: number; seconds?: number; keep?: boolean },
): Promise<FuzzRun> {
  const chance = createChance(seed);
  const startedAt = performance.now();
  const spent = () => (performance.now() - startedAt) / 1000;
  const findings: Finding[] = [];
  let accepted = 0;
  let done = 0;
  for (; done < inputs && findings.length < 20; done += 1) {
    if (done % 64 === 0) {
      if (spent() > seconds) break;
      // The loop lives: timers, sockets and whoever wants this to end have their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const bytes = mutate(parser.examples, chance);
    let verdict = await withoutStacks(() => tryInput(parser, bytes));
    if (typeof verdict === 'object') {
      const again = await tryInput(parser, bytes);
      if (typeof again === 'object') verdict = again;
    }
    if (verdict === 'accepted') accepted += 1;
    const rss = done % 2_000 === 0 ? process.memoryUsage.rss() / 1e6 : 0;
    const what =
      rss > mostMegabytes
        ? `the process has ${rss.toFixed(0)} MB`
        : typeof verdict === 'object'
          ? verdict.what
          : undefined;
    if (what === undefined) continue;
    const name = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    const file = join(folderOf(parser.name), name);
    if (keep) {
      mkdirSync(folderOf(parser.name), { recursive: true });
      writeFileSync(file, bytes);
    }
    findings.push({ parser: parser.name, what, file });
  }
  return {
    parser: parser.name,
    seed,
    inputs: done,
    accepted,
    seconds: Math.round(spent() * 10) / 10,
    findings,
  };
}
