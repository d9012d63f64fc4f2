import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../edge/package-root.ts';
import { percentile } from '../../src/core/score/percentile.ts';
import { beginStager } from './measure-stages.ts';
import type { StageName } from './stages.ts';

/** What a user would run instead, on the same input and in the same minutes. */
export interface Peer {
  readonly name: string;
  readonly instead: 'inference' | 'track';
  /** How many times as much processor time it takes: median, and tenth and ninetieth percentile, of the rounds. */
  readonly ratio: number;
  readonly spread: [number, number];
}

/** Something whose batches take turns with a stage of ours. */
interface Rival {
  readonly names: readonly string[];
  /** Processor milliseconds a frame, by name. */
  batch(): Promise<Readonly<Record<string, number>>>;
  close(): void;
}

async function against(
  instead: Peer['instead'],
  ours: () => Promise<number>,
  rival: Rival,
  rounds: number,
): Promise<Peer[]> {
  const ratios = new Map<string, number[]>(rival.names.map((name) => [name, []]));
  // The first round of either warms up.
  for (let round = 0; round <= rounds; round++) {
    const own = await ours();
    const theirs = await rival.batch();
    if (round > 0) for (const [name, took] of Object.entries(theirs)) ratios.get(name)!.push(took / own);
  }
  const share = (all: readonly number[], of: number) => percentile(all, of) ?? Number.NaN;
  return [...ratios].map(([name, all]) => ({
    name,
    instead,
    ratio: share(all, 0.5),
    spread: [share(all, 0.1), share(all, 0.9)],
  }));
}

/** The trackers of PyPI that a Python has: see `peer_trackers.py`. */
async function beginPython(python: string): Promise<Rival> {
  const recording = join(packageRoot, 'test', 'quality', 'scenes', 'demo', 'recording.jsonl');
  const child = spawn(python, ['-W', 'ignore', join(import.meta.dirname, 'peer_trackers.py'), recording], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // One thread, as the step has.
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the trackers of PyPI have ended');
    return line.value;
  };
  const versions = new Map<string, string>();
  for (let line = await next(); line !== 'ready'; line = await next()) {
    const at = line.lastIndexOf(' ');
    versions.set(line.slice(0, at), line);
  }
  return {
    names: [...versions.values()],
    async batch() {
      child.stdin.write('\n');
      const took = JSON.parse(await next()) as Record<string, number>;
      return Object.fromEntries(Object.entries(took).map(([name, ms]) => [versions.get(name)!, ms]));
    },
    close() {
      child.stdin.end();
      void once(child, 'exit').then(() => lines.return?.());
    },
  };
}

/**
 * Holds what a user would run instead against stages of this checkout, in turns: TensorFlow.js on the same network
 * and frames; trackers of PyPI on the same boxes, if there is a Python that has them.
 */
export async function measurePeers(python: string | undefined, rounds = 10): Promise<Peer[]> {
  const stager = await beginStager(packageRoot);
  const batch = async (stage: StageName) => (await stager.batch(stage)).processorMs;
  const all: Peer[] = [];
  try {
    const tfjs: Rival = {
      names: ['TensorFlow.js, WebAssembly'],
      batch: async () => ({ 'TensorFlow.js, WebAssembly': await batch('tfjs') }),
      close: () => undefined,
    };
    all.push(...(await against('inference', () => batch('inference'), tfjs, rounds)));
    if (python !== undefined) {
      const trackers = await beginPython(python);
      try {
        all.push(...(await against('track', () => batch('track'), trackers, rounds)));
      } finally {
        trackers.close();
      }
    }
  } finally {
    stager.close();
  }
  return all;
}
