/**
 * Makes the shipped person detector again from its published source:
 *
 *     npx tsx models/build-nanodet.ts
 *
 * fetch and check → read → keep the person class → widen the input → write ONNX and TensorFlow.js → compare.
 *
 * The published graph runs on a square of 416×416 alone, what ships on a wide picture, so they are compared in two
 * steps: at the published size, what is made equals the source; at the shipped size, with the same weights, ONNX
 * Runtime equals TensorFlow.js.
 *
 * The source package also holds models of faces, which this product has no use for: it is unpacked into a
 * temporary folder, two files are read, and it is gone.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sha256Of } from '../edge/detectors/models-folder.ts';
import { openOnnx } from '../edge/detectors/onnx.ts';
import { readPng } from '../edge/detectors/read-png.ts';
import { openLibrary, openTensorflow } from '../edge/detectors/tensorflow.ts';
import { packageRoot } from '../edge/package-root.ts';
import type { ModelEntry } from '../src/contract/manifest.ts';
import { fitInto } from '../src/core/detect/fit.ts';
import { decodeNanodet } from '../src/core/detect/nanodet.ts';
import { peopleInFrame } from '../src/core/detect/people-in-frame.ts';
import type { Size } from '../src/core/units.ts';
import { type DetectorNetwork, keepClass, resizeInput, turnChannels } from './convert/network.ts';
import { type GraphModel, readTensorflow } from './convert/read-tensorflow.ts';
import { writeOnnx } from './convert/write-onnx.ts';
import { writeTensorflow } from './convert/write-tensorflow.ts';
import { fetchSource, sourcePackage } from './fetch-source.ts';
import { writeManifest } from './write-manifest.ts';

const source: ModelEntry['source'] = {
  ...sourcePackage,
  files: [
    {
      path: 'models/nanodet.json',
      sha256: '4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d',
    },
    {
      path: 'models/nanodet.bin',
      sha256: '5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9',
    },
  ],
  origin: 'NanoDet-g by RangiLyu, https://github.com/RangiLyu/nanodet, Apache-2.0, trained on COCO',
};

/** A size the network is made for. Its weights hold for any: only the sizes written into the graph are others. */
interface Shape {
  /** Multiples of the coarsest stride. */
  readonly input: Size;
  /** Size of the picture the golden image was fitted from, and from which score on people in it are counted. */
  readonly golden: { readonly camera: Size; readonly lowestScore: number };
  /** Whether it is written for TensorFlow.js as well. */
  readonly isForBoth: boolean;
}

/**
 * The whole picture: 16:9 fills 640×360 of it (docs/decisions/0011). The golden image is second 34 of the demo branch,
 * letterboxed by FFmpeg. All seven people in it score above this; the next best box stays well below.
 */
export const wholePicture: Shape = {
  input: { width: 640, height: 384 },
  golden: { camera: { width: 960, height: 540 }, lowestScore: 0.5 },
  isForBoth: true,
};

/**
 * A closer look at a door, at a third of the work (docs/decisions/0029). The golden image is a part of the same
 * second. For ONNX Runtime alone: on TensorFlow.js there is no time for a second look.
 */
export const door: Shape = {
  input: { width: 320, height: 256 },
  golden: { camera: { width: 480, height: 384 }, lowestScore: 0.5 },
  isForBoth: false,
};

const idOf = ({ input }: Shape) => `person-nanodet-${input.width}x${input.height}`;
const titleOf = ({ input }: Shape) => `People, NanoDet-g at ${input.width}×${input.height}`;
const person = 0;
/** A score or a side may differ by this much between the source and what is made of it, and between runtimes. */
const greatestDifference = 1e-3;

const pathsOf = (id: string) => ({
  onnx: `${id}.onnx`,
  graph: `${id}.tfjs/model.json`,
  weights: `${id}.tfjs/weights.bin`,
  golden: `golden/${id}.png`,
});

/** What was made, and how far it is from its source. */
export interface BuildReport {
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** Largest differences of a score or a side; absent where there was no golden image. */
  readonly differences?: {
    /** At the published size, from the source. */
    readonly published: { readonly onnxruntime: number; readonly tfjs: number };
    /** At the shipped size, of one runtime from the other. */
    readonly shipped: number;
  };
}

type Answers = Readonly<Record<'scores' | 'sides', Float32Array>>;
type Table = Readonly<Record<string, Float32Array>>;

/** Runs the graph as published, all eighty classes, and takes the person's scores from its answers. */
async function runOriginal(
  model: GraphModel,
  weights: Uint8Array,
  network: DetectorNetwork,
  rgb: Uint8Array,
): Promise<Answers> {
  const { core, loadGraphModel } = await openLibrary();
  const graph = loadGraphModel(
    core.io.fromMemorySync({
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest.flatMap((group) => group.weights) as never,
      weightData: weights.slice().buffer as ArrayBuffer,
    }),
  );
  const { height, width } = network.size;
  const pixels = height * width;
  const image = new Float32Array(3 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const byte = rgb[pixel * 3 + (2 - channel)]!;
      image[channel * pixels + pixel] = (byte - network.mean[channel]!) / network.deviation[channel]!;
    }
  }
  const names = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3', 'Identity_4', 'Identity_5'];
  const answers = graph.execute(core.tensor(image, [1, 3, height, width]), names) as {
    dataSync(): Float32Array;
  }[];
  const tables = answers.map((answer) => answer.dataSync());
  const joined = (parts: readonly Float32Array[]): Float32Array =>
    Float32Array.from(parts.flatMap((part) => [...part]));
  const scores = joined(tables.slice(0, 3)).filter((_, index) => index % network.classes === person);
  graph.dispose();
  return { scores, sides: joined(tables.slice(3)) };
}

function largestDifference(one: Table, other: Table): number {
  const differences = (['scores', 'sides'] as const).map((name) => {
    const [left, right] = [one[name]!, other[name]!];
    if (left.length !== right.length) return Number.POSITIVE_INFINITY;
    return left.reduce((most, value, index) => Math.max(most, Math.abs(value - right[index]!)), 0);
  });
  return Math.max(...differences);
}

function checkDifference(what: string, difference: number): void {
  if (difference <= greatestDifference) return;
  throw new Error(
    `Cannot keep what was made: ${what} to ${greatestDifference}, current value is ${difference}`,
  );
}

/** The middle of a picture, of another size; what lies beyond the picture is grey. */
function middleOf(picture: Size & { readonly rgb: Uint8Array }, size: Size): Uint8Array {
  const left = Math.floor((picture.width - size.width) / 2);
  const top = Math.floor((picture.height - size.height) / 2);
  const middle = new Uint8Array(size.width * size.height * 3).fill(padGrey);
  for (let row = Math.max(0, -top); row < Math.min(size.height, picture.height - top); row++) {
    const start = Math.max(0, -left);
    const end = Math.min(size.width, picture.width - left);
    const from = ((row + top) * picture.width + left) * 3;
    middle.set(picture.rgb.subarray(from + start * 3, from + end * 3), (row * size.width + start) * 3);
  }
  return middle;
}

interface Made {
  readonly onnx: Uint8Array;
  readonly graph: Uint8Array;
  readonly weights: Uint8Array;
}

/** Writes a network in both forms. */
function write(network: DetectorNetwork, shape: Shape): Made {
  const onnx = writeOnnx(network, {
    name: idOf(shape),
    description: `${titleOf(shape)}: the person class of ${source.origin}`,
    notes: { source: `${source.package}@${source.version} ${source.files[1]!.path}`, licence: 'Apache-2.0' },
  });
  const { model, weights } = writeTensorflow(network, { producer: source.origin });
  return { onnx, graph: Buffer.from(model), weights };
}

/** Runs both forms on one picture. */
async function runBoth(made: Made, entry: ModelEntry, rgb: Uint8Array) {
  const onnx = await openOnnx(entry.id, [made.onnx]);
  const tensorflow = await openTensorflow(entry, [made.graph, made.weights]);
  const answers = { onnxruntime: await onnx.run(rgb), tfjs: await tensorflow.run(rgb) };
  await onnx.close();
  await tensorflow.close();
  return answers;
}

/** The golden image's part of the manifest: what is found in it here has to be found everywhere. */
function goldenOf(
  image: Uint8Array,
  { scores, sides }: Table,
  entry: ModelEntry,
  { camera, lowestScore }: Shape['golden'],
): ModelEntry['golden'] {
  const frame = { camera, fit: fitInto(camera, entry.input, entry.fit) };
  const people = peopleInFrame(
    decodeNanodet({ scores: scores!, sides: sides! }, entry.input, lowestScore),
    frame,
    entry.greatestOverlap,
  );
  const round = (value: number, places: number): number => Number(value.toFixed(places));
  return {
    image: pathsOf(entry.id).golden,
    sha256: sha256Of(image),
    camera,
    lowestScore,
    people: people.map(({ box, score }) => ({
      left: round(box.left, 1),
      top: round(box.top, 1),
      right: round(box.right, 1),
      bottom: round(box.bottom, 1),
      score: round(score, 3),
    })),
    tolerancePx: 1,
    toleranceScore: 0.01,
  };
}

/** As the camera pads: docs/decisions/0002. */
const padGrey = 114;

/**
 * Makes the model files, their manifest entry, and the comparison with the source.
 *
 * @param folder where to write; default is the package's `models`
 * @param shape the size it is made for; default is the whole picture's
 * @throws {Error} if the source is not the pinned one, or at its own size an answer differs from the source's, or at
 *         the shipped size one runtime's from the other's, by more than 0.001
 */
export async function buildNanodet(
  folder: string = join(packageRoot, 'models'),
  shape: Shape = wholePicture,
): Promise<BuildReport> {
  const { input, isForBoth } = shape;
  const id = idOf(shape);
  const paths = pathsOf(id);
  const [graph, weights] = await fetchSource(source);
  const model = JSON.parse(graph.toString()) as GraphModel;
  const original = readTensorflow(model, weights);
  const published = turnChannels(keepClass(original, person));
  const network = resizeInput(published, input);

  const made = write(network, shape);
  const fileOf = (name: keyof typeof made) => ({
    path: paths[name],
    sha256: sha256Of(made[name]),
    bytes: made[name].length,
  });
  const cells = network.heads.reduce((sum, head) => sum + head.cells.height * head.cells.width, 0);
  const entry: ModelEntry = {
    id,
    title: titleOf(shape),
    head: 'nanodet',
    input,
    fit: 'letterbox',
    scoreThreshold: 0.15,
    greatestOverlap: 0.5,
    outputs: [
      { name: 'scores', shape: [cells] },
      { name: 'sides', shape: [cells, network.sideBins] },
    ],
    files: {
      onnxruntime: [fileOf('onnx')],
      ...(isForBoth ? { tfjs: [fileOf('graph'), fileOf('weights')] } : {}),
    },
    licence: 'Apache-2.0',
    licenceFile: 'LICENSE-nanodet',
    card: `${id}.md`,
    source,
  };
  const names = isForBoth ? (['onnx', 'graph', 'weights'] as const) : (['onnx'] as const);
  for (const name of names) {
    await mkdir(dirname(join(folder, paths[name])), { recursive: true });
    await writeFile(join(folder, paths[name]), made[name]);
  }
  const files = names.map(fileOf);

  const goldenFile = join(folder, paths.golden);
  if (!existsSync(goldenFile)) {
    await writeManifest(folder, { model: entry });
    return { files };
  }
  const image = await readFile(goldenFile);
  const picture = readPng(image);
  const answers = await runBoth(made, entry, picture.rgb);
  await writeManifest(folder, {
    model: { ...entry, golden: goldenOf(image, answers.tfjs, entry, shape.golden) },
  });

  const middle = middleOf(picture, published.size);
  const expected = await runOriginal(model, weights, original, middle);
  const atItsSize = await runBoth(write(published, shape), { ...entry, input: published.size }, middle);
  const differences = {
    published: {
      onnxruntime: largestDifference(expected, atItsSize.onnxruntime),
      tfjs: largestDifference(expected, atItsSize.tfjs),
    },
    shipped: largestDifference(answers.tfjs, answers.onnxruntime),
  };
  for (const [runtime, difference] of Object.entries(differences.published))
    checkDifference(`${runtime} must answer as the source does`, difference);
  checkDifference('ONNX Runtime must answer as TensorFlow.js does', differences.shipped);
  return { files, differences };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const shape of [wholePicture, door]) tell(await buildNanodet(undefined, shape));
}

function tell({ files, differences }: BuildReport): void {
  for (const { path, bytes, sha256 } of files) console.log(`${sha256}  ${bytes} bytes  models/${path}`);
  if (!differences) console.log('Not compared: there is no golden image yet.');
  else {
    const { published, shipped } = differences;
    const line = (name: string, difference: number) =>
      console.log(`  ${name.padEnd(36)} ${difference.toExponential(1)}`);
    console.log(`Largest differences on the golden image, at most ${greatestDifference} allowed:`);
    line('published size, onnxruntime – source', published.onnxruntime);
    line('published size, tfjs – source', published.tfjs);
    line('shipped size, onnxruntime – tfjs', shipped);
  }
}
