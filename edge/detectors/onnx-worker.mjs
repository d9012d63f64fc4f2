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

const { file, threads } = workerData;
const say = (message) => parentPort.postMessage(message);

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
    session = await onnx.InferenceSession.create(file, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Threads that have nothing to do sleep instead of turning in place: it costs 0.7 ms of 21 on two idle
      // cores, and gives the time to decoding and to the other cameras where cores are shared.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      // Errors only: it warns about each initializer it folds away.
      logSeverityLevel: 3,
    });
  } catch (cause) {
    return say({ kind: 'failed', what: 'model', reason: String(cause) });
  }
  const inputs = about(session.inputMetadata);
  const [{ name, type, shape } = { name: '', type: '', shape: [] }] = inputs;
  const sizes = shape.map(Number);
  parentPort.on('message', async ({ id, rgb }) => {
    let given = rgb;
    try {
      const image =
        type === 'uint8'
          ? new onnx.Tensor('uint8', rgb, sizes)
          : new onnx.Tensor('float32', toPlanes(rgb), sizes);
      given = image.data;
      const answers = await session.run({ [name]: image });
      const tables = Object.entries(answers).map(([output, { data }]) => [output, data]);
      say({ kind: 'answers', id, answers: Object.fromEntries(tables) });
    } catch (cause) {
      say({ kind: 'unanswered', id, reason: cause instanceof Error ? cause.message : String(cause) });
    } finally {
      // Memory that is let go keeps what was in it for as long as nobody needs it: a picture does not stay that long.
      given.fill(0);
      rgb.fill(0);
    }
  });
  say({ kind: 'open', inputs, outputs: about(session.outputMetadata) });
}

await open();
