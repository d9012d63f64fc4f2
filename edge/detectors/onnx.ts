import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { LobbyError } from '../../src/contract/errors.ts';
import type { GraphRunner } from './graph-runner.ts';

/**
 * Threads a detector uses unless told: as many as there are cores. Decoding, the broker and the pages need a tenth of one;
 * more than four gain nothing on a network this small.
 */
export const defaultThreads: number = Math.min(4, availableParallelism());

/** What an ONNX file says of one of its inputs or outputs. */
export interface TensorAbout {
  readonly name: string;
  readonly type: string;
  /** Sizes; a size that is left open is its name. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxRunner extends GraphRunner {
  readonly inputs: readonly TensorAbout[];
  readonly outputs: readonly TensorAbout[];
}

/**
 * Has ONNX Runtime tell nobody that it is used: from 1.30 on, its native part otherwise looks up a host of its maker as
 * it is loaded, sends it events with an identifier of the machine, and keeps that in the user's home.
 *
 * It reads the variable as it is loaded, from the process and not from a thread: so it is set here, before the thread
 * begins, and whatever it was set to.
 */
function silenceTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY = '1';
}

type Answers = Readonly<Record<string, Float32Array>>;

/** What the thread says: see `onnx-worker.mjs`. */
type Said =
  | { readonly kind: 'open'; readonly inputs: TensorAbout[]; readonly outputs: TensorAbout[] }
  | { readonly kind: 'failed'; readonly what: 'runtime' | 'model'; readonly reason: string }
  | { readonly kind: 'answers'; readonly id: number; readonly answers: Answers }
  | { readonly kind: 'unanswered'; readonly id: number; readonly reason: string };

interface Asked {
  readonly resolve: (answers: Answers) => void;
  readonly reject: (cause: Error) => void;
}

/**
 * Loads a model into ONNX Runtime on the processor, in a thread of its own.
 *
 * ONNX Runtime's Node binding computes on the thread that called it, some 55 ms a run. On the main thread, each
 * packet of each camera, each message to the broker and each receipt would wait for that, several times over: with
 * four cameras pictures came faster than they could be read, and were seconds old when they were looked at.
 *
 * See [decision 0019](../../docs/decisions/0019-a-thread-for-the-detector.md).
 *
 * An input of bytes, channels last, is given the frame as it is; an input of numbers, channels first, is given
 * planes of blue, green, red from 0 to 255, as YOLOX wants it. Runs are done one after the other, in the order asked.
 *
 * @param model what to call it in errors
 * @param threads threads for one run; on Linux they have a hair less right to the processor than the rest
 * @throws {LobbyError} `LOBBY_RUNTIME_ABSENT` if its native part cannot be loaded, `LOBBY_MODEL_WRONG` if the
 *         file is no model it knows
 */
export async function openOnnx(
  model: string,
  [file]: readonly Uint8Array[],
  threads: number = defaultThreads,
): Promise<OnnxRunner> {
  silenceTelemetry();
  const worker = new Worker(new URL('onnx-worker.mjs', import.meta.url), {
    // What the main thread is run with, loaders of TypeScript above all, is nothing to this one.
    execArgv: [],
    workerData: { file, threads },
  });
  const asked = new Map<number, Asked>();
  let runs = 0;
  let over: Error | undefined;

  const settle = (id: number): Asked | undefined => {
    const one = asked.get(id);
    asked.delete(id);
    // It must not keep a process alive that has nothing else to do.
    if (asked.size === 0) worker.unref();
    return one;
  };
  const end = (cause: Error): void => {
    over ??= cause;
    for (const id of asked.keys()) settle(id)?.reject(over);
  };

  const opened = await new Promise<Extract<Said, { kind: 'open' }>>((resolve, reject) => {
    const failed = (error: unknown) => {
      const cause = error instanceof Error ? error : new Error(String(error));
      end(cause);
      reject(
        new LobbyError('LOBBY_MODEL_WRONG', { model, problem: 'ONNX Runtime cannot read it' }, { cause }),
      );
    };
    worker.on('error', failed);
    worker.on('exit', () => failed(new Error(`the thread of ${model} has ended`)));
    worker.on('message', (said: Said) => {
      if (said.kind === 'open') resolve(said);
      else if (said.kind === 'answers') settle(said.id)?.resolve(said.answers);
      else if (said.kind === 'unanswered') settle(said.id)?.reject(new Error(said.reason));
      else if (said.what === 'model') failed(new Error(said.reason));
      else {
        const details = { runtime: 'onnxruntime', reason: 'its native part cannot be loaded' };
        reject(new LobbyError('LOBBY_RUNTIME_ABSENT', details, { cause: new Error(said.reason) }));
      }
    });
  }).catch(async (error) => {
    await worker.terminate();
    throw error;
  });
  worker.unref();
  return {
    name: `onnxruntime (cpu, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    inputs: opened.inputs,
    outputs: opened.outputs,
    run: (rgb) =>
      new Promise((resolve, reject) => {
        if (over !== undefined) return reject(over);
        runs += 1;
        asked.set(runs, { resolve, reject });
        worker.ref();
        // The picture's buffer is written anew for the next one: what travels is a copy, handed over as it is.
        const own = new Uint8Array(rgb);
        worker.postMessage({ id: runs, rgb: own }, [own.buffer]);
      }),
    async close() {
      end(new Error(`${model} was closed`));
      await worker.terminate();
    },
  };
}
