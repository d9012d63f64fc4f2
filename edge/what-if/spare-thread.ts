import { Worker } from 'node:worker_threads';
import type { Answered, Told } from './play.ts';

/** A thread that works out a what-if: see `play.ts`. */
export interface Thread {
  /** @throws {Error} what went wrong in it, or that it has ended */
  say(told: Told): Promise<Answered>;
  /** Ended, or broken: nothing more can be said to it. */
  isOver(): boolean;
  end(): Promise<void>;
}

/**
 * A thread that is kept for the next question.
 *
 * It takes a second to start, and what the engine has compiled for one question makes the next take two thirds of the
 * time: whoever tries one value after the other waits that much less. It is let go of when nobody has asked for a while.
 */
export interface SpareThread {
  /**
   * Starts it, so that a question that is about to be asked need not wait for that.
   *
   * @returns whether it was started just now, and the engine has compiled nothing in it yet
   */
  ready(): boolean;
  /** The thread that was kept, or else another. It is the taker's to end, or to give back. */
  take(): Thread;
  /** Takes back a thread that has answered. */
  keep(thread: Thread): void;
  close(): Promise<void>;
}

const keptMs = 180_000;
const youngGenerationMb = 96;
const oldGenerationMb = 512;

export function createSpareThread(): SpareThread {
  let spare: { readonly thread: Thread; readonly timer: NodeJS.Timeout } | undefined;

  function letGo(): Thread | undefined {
    const thread = spare?.thread;
    clearTimeout(spare?.timer);
    spare = undefined;
    return thread;
  }

  function usable(): Thread | undefined {
    const thread = letGo();
    return thread?.isOver() === true ? undefined : thread;
  }

  function keep(thread: Thread): void {
    void letGo()?.end();
    const timer = setTimeout(() => void letGo()?.end(), keptMs);
    timer.unref();
    spare = { thread, timer };
  }

  return {
    ready() {
      const known = usable();
      keep(known ?? startThread());
      return known === undefined;
    },
    take: () => usable() ?? startThread(),
    keep,
    close: async () => letGo()?.end(),
  };
}

function startThread(): Thread {
  const worker = new Worker(new URL('worker.mjs', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb, maxOldGenerationSizeMb: oldGenerationMb },
  });
  // It keeps no process alive that has nothing else to do.
  worker.unref();
  let waiting: { resolve(answered: Answered): void; reject(error: unknown): void } | undefined;
  let failure: unknown;
  const fail = (error: unknown) => {
    failure ??= error;
    waiting?.reject(failure);
    waiting = undefined;
  };
  worker.on('message', (answered: Answered) => {
    if (answered.kind === 'failed') return fail(new Error(answered.reason));
    waiting?.resolve(answered);
    waiting = undefined;
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread has ended')));
  return {
    say: (told) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure);
        waiting = { resolve, reject };
        worker.postMessage(told);
      }),
    isOver: () => failure !== undefined,
    async end() {
      fail(new Error('given up'));
      await worker.terminate();
    },
  };
}
