// A model on ONNX Runtime, in a thread of its own: `onnx.ts` starts it and speaks with it. It is JavaScript, since
// what runs TypeScript in the main thread does not reach here.
import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

try {
  // On Linux this is of the one thread, and of those that ONNX Runtime starts from it: on every core, and yet a packet, a
  // prompt or a receipt goes before a picture. By no more than a hair: at 5, a busy machine left it without a look for
  // two seconds, which is blindness.
  if (process.platform === 'linux') setPriority(Math.max(getPriority(), 1));
} catch {
  // Where that is not allowed it is a thread like others.
}

const { threads } = workerData;
const say = (message, given) => parentPort.postMessage(message, given);

/** From packed red, green, blue bytes to three planes of numbers 0 to 255, blue first. */
function toPlanes(rgb) {
  const pixels = rgb.length / 3;
  const planes = new Float32Array(rgb.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    planes[pixel] = rgb[3 * pixel + 2];
    planes[pixel + pixels] = rgb[3 * pixel + 1];
    planes[pixel + 2 * pixels] = rgb[3 * pixel];
  }
  return planes;
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
  let session;
  try {
    session = await onnx.InferenceSession.create(workerData.file, {
      executionProviders: ['cpu'],
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
  } catch (cause) {
    return say({ kind: 'failed', what: 'model', reason: String(cause) });
  }
  // ONNX Runtime has its own by now.
  workerData.file = undefined;
  const inputs = about(session.inputMetadata);
  const [{ name, type, shape } = { name: '', type: '', shape: [] }] = inputs;
  const sizes = shape.map(Number);
  parentPort.on('message', async ({ id, rgb }) => {
    let said;
    let planes;
    try {
      if (type !== 'uint8') planes = toPlanes(rgb);
      const image = new onnx.Tensor(type === 'uint8' ? 'uint8' : 'float32', planes ?? rgb, sizes);
      const answers = await session.run({ [name]: image });
      const tables = Object.entries(answers).map(([output, { data }]) => [output, data]);
      said = { kind: 'answers', id, answers: Object.fromEntries(tables) };
    } catch (cause) {
      said = { kind: 'unanswered', id, reason: cause instanceof Error ? cause.message : String(cause) };
    }
    // Memory that is let go keeps what was in it for as long as nobody needs it: a picture does not stay that long.
    planes?.fill(0);
    rgb.fill(0);
    // The buffer goes back, for the next picture; answers go as they are.
    const tables = Object.values(said.answers ?? {}).map(({ buffer }) => buffer);
    say({ ...said, rgb }, [rgb.buffer, ...new Set(tables)]);
  });
  say({ kind: 'open', inputs, outputs: about(session.outputMetadata) });
}

await open();
