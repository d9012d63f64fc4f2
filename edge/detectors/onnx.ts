import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { LobbyError } from '../../src/contract/errors.ts';
import type { LoadableEntry } from '../../src/contract/manifest.ts';
import type { GraphRunner } from './graph-runner.ts';
import type { Provider } from './providers.ts';

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

type Shapes = Readonly<Record<string, readonly number[]>>;

export interface OnnxRunner extends GraphRunner {
  readonly inputs: readonly TensorAbout[];
  readonly outputs: readonly TensorAbout[];
  /** Runs once, and says which sizes its answers really had: what a graph leaves open, it shows here. */
  measure(rgb: Uint8Array): Promise<{ readonly answers: Answers; readonly shapes: Shapes }>;
}

/** How a graph is given the picture. */
export type PictureUse = NonNullable<LoadableEntry['picture']> & {
  readonly width: number;
  readonly height: number;
  /** Of the input, whatever the graph leaves open. */
  readonly shape: readonly number[];
};

/** How a model of a manifest is given the picture; nothing where it does not say. */
export function pictureOf({
  picture,
  input: { width, height },
}: Pick<LoadableEntry, 'picture' | 'input'>): PictureUse | undefined {
  if (picture === undefined) return undefined;
  const shape = picture.layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  return { ...picture, width, height, shape };
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
  | {
      readonly kind: 'failed';
      readonly what: 'provider';
      readonly has: readonly string[];
      readonly reason: string;
    }
  | (Back & { readonly kind: 'answers'; readonly answers: Answers; readonly shapes: Shapes })
  | (Back & { readonly kind: 'unanswered'; readonly reason: string });

/** What comes back of a run, however it went: the picture's buffer, emptied. */
interface Back {
  readonly id: number;
  readonly rgb?: Uint8Array<ArrayBuffer>;
}

interface Answered {
  readonly answers: Answers;
  readonly shapes: Shapes;
}

interface Asked {
  readonly resolve: (answered: Answered) => void;
  readonly reject: (cause: Error) => void;
  readonly late: NodeJS.Timeout;
}

/** A busy machine takes two seconds for a picture; who has not answered by then does not answer any more. */
const usualAnswerWithinMs = 10_000;
/** Other than the processor, what computes may first make a program of the graph: minutes, with TensorRT. */
const firstAnswerWithinMs = 10 * 60_000;
/** Whoever ends a thread that computes waits no longer for it. */
const endsWithinMs = 2_000;
/** A thread that ends again and again is begun anew after 1, 2, 4 and up to 30 s. */
const firstWaitMs = 1_000;
const lastWaitMs = 30_000;
/** A thread that went well for so long has nothing to do with the end of the one before. */
const wellAfterMs = 60_000;

export interface OnnxThreadOptions {
  /** How the graph is given the picture. Default: bytes as they are, or planes of blue, green, red. */
  readonly picture?: PictureUse;
  /** What it computes on. Default: the processor. */
  readonly provider?: Provider;
  /** Within what a run must be answered, or its thread is given up. Default 10 s. */
  readonly answerWithinMs?: number;
  /**
   * Reads the file anew, should its thread end and another be begun. Absent: the file is held meanwhile, which is as
   * much memory as it has bytes. Given, the file is handed to the thread, and is empty here from then on.
   */
  readonly readAgain?: () => Promise<Uint8Array>;
  /** How a thread is begun; a test gives one that it can end. */
  readonly begin?: (
    workerData: {
      readonly file: Uint8Array | undefined;
      readonly threads: number;
      readonly picture?: PictureUse;
      readonly provider?: Provider;
    },
    isHandedOver: boolean,
  ) => Worker;
}

/** @param isHandedOver the file is the thread's from now on, and empty here */
export function beginWorker(
  workerData: { readonly file: Uint8Array | undefined },
  isHandedOver: boolean,
): Worker {
  const buffer = workerData.file?.buffer;
  // What shares its memory with other files, as short ones do, cannot be handed over.
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === workerData.file?.byteLength;
  return new Worker(new URL('onnx-worker.mjs', import.meta.url), {
    // What the main thread is run with, loaders of TypeScript above all, is nothing to this one.
    execArgv: [],
    workerData,
    ...(isHandedOver && isWhole ? { transferList: [buffer] } : {}),
  });
}

/** One thread with one session in it, from its beginning to its end. */
interface OnnxThread {
  readonly opened: Extract<Said, { kind: 'open' }>;
  readonly begunAt: number;
  /** Why it takes no more runs; absent while it does. */
  readonly over: Error | undefined;
  run(rgb: Uint8Array): Promise<Answered>;
  end(cause: Error): Promise<unknown>;
}

/**
 * Loads a model into ONNX Runtime, in a thread of its own, on the processor unless told.
 *
 * ONNX Runtime's Node binding computes on the thread that called it, some 55 ms a run. On the main thread, each
 * packet of each camera, each message to the broker and each receipt would wait for that, several times over: with
 * four cameras pictures came faster than they could be read, and were seconds old when they were looked at.
 *
 * See [decision 0019](../../docs/decisions/0019-a-thread-for-the-detector.md).
 *
 * An input of bytes, channels last, is given the frame as it is; an input of numbers, channels first, is given
 * planes of blue, green, red from 0 to 255, as YOLOX wants it; `picture` says otherwise. Runs are done one after the other, in the order asked.
 *
 * A thread that ends by itself, or stops answering, costs the runs that wait for it: they fail, the next one begins a
 * new thread, and cameras see again without anybody's doing. One that hangs in native code cannot be ended from here;
 * it is let go of as it is, and ends if it ever comes back.
 *
 * @param model what to call it in errors
 * @param threads threads for one run; on Linux they have a hair less right to the processor than the rest
 * @throws {LobbyError} `LOBBY_RUNTIME_ABSENT` if its native part cannot be loaded, `LOBBY_PROVIDER_ABSENT` if it cannot
 *         compute on what was asked for, `LOBBY_MODEL_WRONG` if the file is no model it knows
 */
export async function openOnnx(
  model: string,
  [file]: readonly Uint8Array[],
  threads: number = defaultThreads,
  {
    answerWithinMs = usualAnswerWithinMs,
    begin = beginWorker,
    picture,
    provider = 'cpu',
    readAgain,
  }: OnnxThreadOptions = {},
): Promise<OnnxRunner> {
  silenceTelemetry();
  const about = { threads, provider, ...(picture === undefined ? {} : { picture }) };
  const held = readAgain === undefined ? file : undefined;
  const within = { first: provider === 'cpu' ? answerWithinMs : firstAnswerWithinMs, usual: answerWithinMs };
  const beginOn = (bytes: Uint8Array | undefined) =>
    beginThread(model, begin({ ...about, file: bytes }, readAgain !== undefined), within, provider);
  let thread = await beginOn(file);
  let next: Promise<OnnxThread> | undefined;
  let ends = 0;
  let mayBeginAt = 0;
  let isClosed = false;

  /** The thread there is, or a new one where it has ended and the wait is over. */
  async function living(): Promise<OnnxThread> {
    if (isClosed) throw new Error(`${model} was closed`);
    const { over } = thread;
    if (over === undefined) return thread;
    if (next === undefined) {
      if (performance.now() < mayBeginAt) throw over;
      ends = performance.now() - thread.begunAt >= wellAfterMs ? 0 : ends;
      mayBeginAt = performance.now() + Math.min(lastWaitMs, firstWaitMs * 2 ** Math.min(ends, 10));
      ends += 1;
      const begun = readAgain === undefined ? beginOn(held) : readAgain().then(beginOn);
      next = begun.finally(() => {
        next = undefined;
      });
    }
    const begun = await next;
    // Closed meanwhile: what has just begun is nobody's.
    if (isClosed) {
      await begun.end(new Error(`${model} was closed`));
      throw begun.over;
    }
    thread = begun;
    return thread;
  }

  async function measure(rgb: Uint8Array): Promise<Answered> {
    if (thread.over === undefined && !isClosed) return thread.run(rgb);
    // The picture's buffer may be another's by the time there is a thread.
    const own = new Uint8Array(rgb);
    return (await living()).run(own);
  }

  const cores = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return {
    name: `onnxruntime (${provider === 'cpu' ? `cpu, ${cores}` : provider})`,
    inputs: thread.opened.inputs,
    outputs: thread.opened.outputs,
    measure,
    run: async (rgb) => (await measure(rgb)).answers,
    async close() {
      isClosed = true;
      await thread.end(new Error(`${model} was closed`));
    },
  };
}

async function beginThread(
  model: string,
  worker: Worker,
  within: { readonly first: number; readonly usual: number },
  provider: Provider,
): Promise<OnnxThread> {
  const asked = new Map<number, Asked>();
  const begunAt = performance.now();
  let runs = 0;
  let over: Error | undefined;
  /** Of the run before, emptied: pictures are all of one size, and new memory for each costs as much as copying it. */
  let spare: Uint8Array<ArrayBuffer> | undefined;

  const settle = (id: number): Asked | undefined => {
    const one = asked.get(id);
    asked.delete(id);
    clearTimeout(one?.late);
    // It must not keep a process alive that has nothing else to do.
    if (asked.size === 0) worker.unref();
    return one;
  };
  const end = (cause: Error): Promise<unknown> => {
    over ??= cause;
    const isComputing = asked.size > 0;
    for (const id of asked.keys()) settle(id)?.reject(over);
    // In the midst of a run ONNX Runtime answers an end from outside with an exception that ends the whole process: it
    // ends by itself, when it comes to the next thing to do.
    if (!isComputing) return worker.terminate();
    const ended = once(worker, 'exit');
    worker.postMessage('end');
    return Promise.race([ended, new Promise((resolve) => setTimeout(resolve, endsWithinMs).unref())]);
  };

  const opened = await new Promise<Extract<Said, { kind: 'open' }>>((resolve, reject) => {
    const failed = (error: unknown) => {
      const cause = error instanceof Error ? error : new Error(String(error));
      void end(cause);
      reject(
        new LobbyError('LOBBY_MODEL_WRONG', { model, problem: 'ONNX Runtime cannot read it' }, { cause }),
      );
    };
    worker.on('error', failed);
    worker.on('exit', () => failed(new Error(`the thread of ${model} has ended`)));
    worker.on('message', (said: Said) => {
      if ('rgb' in said) spare = said.rgb;
      if (said.kind === 'open') resolve(said);
      else if (said.kind === 'answers') settle(said.id)?.resolve(said);
      else if (said.kind === 'unanswered') settle(said.id)?.reject(new Error(said.reason));
      else if (said.what === 'model') failed(new Error(said.reason));
      else if (said.what === 'provider') {
        const details = { provider, reason: firstLine(said.reason), has: said.has.join(', ') };
        reject(new LobbyError('LOBBY_PROVIDER_ABSENT', details, { cause: new Error(said.reason) }));
      } else {
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
    opened,
    begunAt,
    get over() {
      return over;
    },
    run: (rgb) =>
      new Promise((resolve, reject) => {
        if (over !== undefined) return reject(over);
        runs += 1;
        const withinMs = runs === 1 ? within.first : within.usual;
        const late = setTimeout(() => {
          void end(new Error(`the thread of ${model} has not answered for ${withinMs / 1000} s`));
        }, withinMs).unref();
        asked.set(runs, { resolve, reject, late });
        worker.ref();
        // The picture's buffer is written anew for the next one: what travels is a copy, handed over as it is.
        const own = spare?.length === rgb.length ? spare : new Uint8Array(rgb.length);
        spare = undefined;
        own.set(rgb);
        worker.postMessage({ id: runs, rgb: own }, [own.buffer]);
      }),
    end,
  };
}

/** The runtime's own words, without the place in its source that they begin with. */
function firstLine(reason: string): string {
  const line = reason.split('\n')[0]!;
  return line.replace(/^Error: /, '').replace(/^\S*onnxruntime_src\S* .* was false\. /, '');
}
