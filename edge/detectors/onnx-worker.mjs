// A model on ONNX Runtime, in a thread of its own: `onnx.ts` starts it and speaks with it. It is JavaScript, since
// what runs TypeScript in the main thread does not reach here.
import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { fromHalf, preparePicture } from './prepare-picture.mjs';

try {
  // On Linux this is of the one thread, and of those that ONNX Runtime starts from it: on every core, and yet a packet, a
  // prompt or a receipt goes before a picture. By no more than a hair: at 5, a busy machine left it without a look for
  // two seconds, which is blindness.
  if (process.platform === 'linux') setPriority(Math.max(getPriority(), 1));
} catch {
  // Where that is not allowed it is a thread like others.
}

const { threads, picture, provider = 'cpu' } = workerData;
const say = (message, given) => parentPort.postMessage(message, given);

/** How a graph is given the picture that says nothing of it: bytes as they are, else planes of 0 to 255, blue first. */
const usual = (type) =>
  type === 'uint8'
    ? { type, prepare: (rgb) => rgb }
    : { type: 'float32', prepare: preparePicture({ layout: 'nchw', type: 'float32', channels: 'bgr' }) };

/** What is read from here on are numbers: whole ones and halves become such. */
function toNumbers({ data, type }) {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) return Float32Array.from(data, fromHalf);
  return Float32Array.from(data, Number);
}

const about = (tensors) =>
  tensors.flatMap((tensor) =>
    tensor.isTensor ? [{ name: tensor.name, type: tensor.type, shape: [...tensor.shape] }] : [],
  );

async function open() {
  let onnx;
  try {
    onnx = await import('onnxruntime-node');
  } catch (cause) {
    return say({ kind: 'failed', what: 'runtime', reason: String(cause) });
  }
  const has = onnx.listSupportedBackends().map(({ name }) => name);
  if (!has.includes(provider)) {
    return say({
      kind: 'failed',
      what: 'provider',
      has,
      reason: 'this build of ONNX Runtime does not have it',
    });
  }
  const create = (executionProvider) =>
    onnx.InferenceSession.create(workerData.file, {
      executionProviders: [executionProvider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // One block for all that lies between the layers, laid out ahead, is as fast as taking it piece by piece, and
      // holds 10 MB of 144 more.
      enableMemPattern: false,
      // Threads that have nothing to do sleep instead of turning in place: it costs 0.7 ms of 21 on two idle
      // cores, and gives the time to decoding and to the other cameras where cores are shared.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      // Errors only: it warns about each initializer it folds away.
      logSeverityLevel: 3,
    });
  let session;
  try {
    session = await create(provider);
  } catch (cause) {
    // A model that no processor takes either is to blame itself.
    const isModel = provider === 'cpu' || (await create('cpu').catch(() => undefined)) === undefined;
    return say({ kind: 'failed', what: isModel ? 'model' : 'provider', has, reason: String(cause) });
  }
  // ONNX Runtime has its own by now.
  workerData.file = undefined;
  const inputs = about(session.inputMetadata);
  const [{ name, type, shape } = { name: '', type: '', shape: [] }] = inputs.filter(
    (one) => one.name !== picture?.sizeInput,
  );
  const given =
    picture === undefined ? usual(type) : { type: picture.type, prepare: preparePicture(picture) };
  const sizes = picture === undefined ? shape.map(Number) : [...picture.shape];
  const extra =
    picture?.sizeInput === undefined
      ? {}
      : {
          [picture.sizeInput]: new onnx.Tensor(
            'int64',
            BigInt64Array.of(BigInt(picture.width), BigInt(picture.height)),
            [1, 2],
          ),
        };
  parentPort.on('message', async (asked) => {
    if (asked === 'end') return process.exit();
    const { id, rgb } = asked;
    let said;
    let numbers = rgb;
    try {
      numbers = given.prepare(rgb);
      const image = new onnx.Tensor(given.type, numbers, sizes);
      const answers = Object.entries(await session.run({ [name]: image, ...extra }));
      const tables = answers.map(([output, tensor]) => [output, toNumbers(tensor)]);
      const shapes = answers.map(([output, { dims }]) => [output, [...dims]]);
      said = { kind: 'answers', id, answers: Object.fromEntries(tables), shapes: Object.fromEntries(shapes) };
    } catch (cause) {
      said = { kind: 'unanswered', id, reason: cause instanceof Error ? cause.message : String(cause) };
    }
    // Memory that is let go keeps what was in it for as long as nobody needs it: a picture does not stay that long.
    numbers.fill(0);
    rgb.fill(0);
    // The buffer goes back, for the next picture; answers go as they are.
    const tables = Object.values(said.answers ?? {}).map(({ buffer }) => buffer);
    say({ ...said, rgb }, [rgb.buffer, ...new Set(tables)]);
  });
  say({ kind: 'open', inputs, outputs: about(session.outputMetadata) });
}

await open();
