/**
 * Loaded before the service (`node --import …`): lets the machine fail under it when it is told to over its channel.
 * The service knows nothing of it; what it meets is what a failing machine does.
 *
 * - `clock`: the time of day jumps by so many seconds; timers go on, as with a real clock that is set
 * - `slow-disk`: each write and sync takes so many milliseconds, and the process stands still meanwhile
 * - `detector`: its thread ends, or hangs and answers nobody any more
 * - `whatIf`: threads of questions end in their midst, or have no memory to play a day in, until they work again
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';

export type Failure =
  | { readonly clock: number }
  | { readonly slowDisk: number }
  | { readonly detector: 'ends' | 'hangs' }
  | { readonly whatIf: 'ends' | 'starves' | 'works' };

const RealDate = Date;
let shiftMs = 0;
globalThis.Date = class extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(RealDate.now() + shiftMs);
    else super(...(given as [number]));
  }
  static override now(): number {
    return RealDate.now() + shiftMs;
  }
} as DateConstructor;

let slowMs = 0;
const standStill = () => {
  if (slowMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slowMs);
};
const { writeSync, fdatasync, fdatasyncSync, renameSync } = fs;
Object.assign(fs, {
  writeSync(...given: Parameters<typeof writeSync>) {
    standStill();
    return writeSync(...given);
  },
  renameSync(...given: Parameters<typeof renameSync>) {
    standStill();
    return renameSync(...given);
  },
  fdatasyncSync(...given: Parameters<typeof fdatasyncSync>) {
    standStill();
    return fdatasyncSync(...given);
  },
  fdatasync(...given: Parameters<typeof fdatasync>) {
    return slowMs > 0 ? void setTimeout(() => fdatasync(...given), slowMs) : fdatasync(...given);
  },
});
const { Worker } = workerThreads;
/** Threads of models, in the order in which they were begun. */
const models: InstanceType<typeof Worker>[] = [];
let whatIf: 'ends' | 'starves' | 'works' = 'works';
const starving = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 };
workerThreads.Worker = class extends Worker {
  constructor(...[file, options]: ConstructorParameters<typeof Worker>) {
    const fault = String(file).includes('what-if') ? whatIf : 'works';
    // What fails on purpose is loaded by TypeScript's loader, which a thread does not have yet.
    const own = String(file).includes('what-if') ? { ...options, execArgv: [] } : options;
    super(file, fault === 'starves' ? { ...own, resourceLimits: starving } : own);
    if (String(file).includes('onnx-worker')) models.push(this);
    if (fault === 'ends') {
      const post = this.postMessage.bind(this);
      this.postMessage = (told: { kind?: string }) =>
        told.kind === 'rows' ? void this.terminate() : post(told);
    }
  }
};

syncBuiltinESMExports();

process.on('message', (failure: Failure) => {
  if (typeof failure !== 'object') return;
  if ('clock' in failure) shiftMs += failure.clock * 1000;
  if ('slowDisk' in failure) slowMs = failure.slowDisk;
  if ('whatIf' in failure) ({ whatIf } = failure);
  if ('detector' in failure) {
    // People's is opened first, and heads' after it.
    const model = models[0]!;
    // A fault in its own code ends it. From outside, in the midst of a run, its native part would end the process.
    if (failure.detector === 'ends') model.postMessage({ id: -1 });
    else model.postMessage = () => undefined;
  }
});
process.channel?.unref();
