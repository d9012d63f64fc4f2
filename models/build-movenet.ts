/**
 * Makes the shipped model of heads again from its published source:
 *
 *     npx tsx models/build-movenet.ts
 *
 * fetch and check → read → keep the head's points → write ONNX and TensorFlow.js → compare.
 *
 * The published graph ends in a tail of nodes that choose the points from four tables. Here the tables are the
 * answer, and `src/core/head/movenet.ts` chooses; so both are compared, tables and points.
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
import type { HeadWatcherEntry } from '../src/contract/manifest.ts';
import { type HeadPoints, turnOf } from '../src/core/head/head-turn.ts';
import { type BodyPoint, decodeMovenet, type MovenetTables } from '../src/core/head/movenet.ts';
import { keepPoints, poseTables } from './convert/network.ts';
import { readMovenet } from './convert/read-movenet.ts';
import type { GraphModel } from './convert/read-tensorflow.ts';
import { writeOnnx } from './convert/write-onnx.ts';
import { writeTensorflow } from './convert/write-tensorflow.ts';
import { fetchSource, sourcePackage } from './fetch-source.ts';
import { writeManifest } from './write-manifest.ts';

const source: HeadWatcherEntry['source'] = {
  ...sourcePackage,
  files: [
    {
      path: 'models/movenet-lightning.json',
      sha256: 'df8cbde44d00f533ccc4916a7c6ebc17316532fb3fadad114ec667fef22872e9',
    },
    {
      path: 'models/movenet-lightning.bin',
      sha256: 'bf97bc10d9c8a11200b0190ed64ce039b6252f1aff7cb552aca99b3d191c2f34',
    },
  ],
  origin:
    'MoveNet SinglePose Lightning by Google, https://tfhub.dev/google/movenet/singlepose/lightning, Apache-2.0, ' +
    'trained on COCO and Active',
};

const id = 'head-movenet-192';
const title = 'Heads, MoveNet Lightning at 192×192';
/** Nose, left eye, right eye, left ear, right ear: the first of COCO's seventeen. */
const headPoints = 5;
/** Below it heads are guessed: docs/decisions/0012. */
const scoreThreshold = 0.35;
/** A share or a way may differ by this much, in cells, between the source and what is made of it. */
const greatestDifference = 1e-3;
/** The published tail multiplies by 1 ⁄ 48 as a half-precision number, which moves a point by up to 0.05 px. */
const greatestDistance = 0.06;

const paths = {
  onnx: `${id}.onnx`,
  graph: `${id}.tfjs/model.json`,
  weights: `${id}.tfjs/weights.bin`,
  golden: `golden/${id}.png`,
};

/** What was made, and how far it is from its source. */
export interface BuildReport {
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** Largest differences from the source; absent where there was no golden image. */
  readonly differences?: Readonly<Record<'onnxruntime' | 'tfjs', { tables: number; pixels: number }>>;
}

/** Runs the graph as published, all seventeen points: its tables, cut to the head's, and its own last answer. */
async function runOriginal(model: GraphModel, weights: Uint8Array, rgb: Uint8Array) {
  const { core, loadGraphModel } = await openLibrary();
  const graph = loadGraphModel(
    core.io.fromMemorySync({
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest.flatMap((group) => group.weights) as never,
      weightData: weights.slice().buffer as ArrayBuffer,
    }),
  );
  const nodes = ['Sigmoid_1', 'Sigmoid', 'kpt_regress_0/conv2d_6/BiasAdd', 'kpt_offset_0/conv2d_7/BiasAdd'];
  const names = [...nodes.map((name) => `StatefulPartitionedCall/${name}`), 'Identity'];
  const picture = core.tensor(Int32Array.from(rgb), [1, 192, 192, 3], 'int32');
  const answers = graph.execute(picture, names) as { dataSync(): Float32Array }[];
  const [centre, points, ways, offsets, chosen] = answers.map((answer) => answer.dataSync());
  graph.dispose();
  const cut = (table: Float32Array, all: number, kept: number) =>
    table.filter((_, index) => index % all < kept);
  const tables: MovenetTables = {
    centre: centre!,
    points: cut(points!, 17, headPoints),
    ways: cut(ways!, 34, 2 * headPoints),
    offsets: cut(offsets!, 34, 2 * headPoints),
  };
  const found = Array.from({ length: headPoints }, (_, point): BodyPoint => {
    const [y, x, score] = chosen!.slice(3 * point, 3 * point + 3);
    return { x: x! * 192, y: y! * 192, score: score! };
  });
  return { tables, points: found };
}

function largestDifference(one: MovenetTables, other: MovenetTables): number {
  const differences = poseTables.map((name) => {
    const [left, right] = [one[name], other[name]];
    if (left.length !== right.length) return Number.POSITIVE_INFINITY;
    return left.reduce((most, value, index) => Math.max(most, Math.abs(value - right[index]!)), 0);
  });
  return Math.max(...differences);
}

function checkDifference(what: string, most: number, difference: number): void {
  if (difference <= most) return;
  throw new Error(`Cannot keep what was made: ${what} to ${most}, current value is ${difference}`);
}

/**
 * Makes the model files, their manifest entry, and the comparison with the source.
 *
 * @param folder where to write; default is the package's `models`
 * @throws {Error} if the source is not the pinned one, or an answer differs from the source's
 */
export async function buildMovenet(folder: string = join(packageRoot, 'models')): Promise<BuildReport> {
  const [graph, weights] = await fetchSource(source);
  const model = JSON.parse(graph.toString()) as GraphModel;
  const network = keepPoints(readMovenet(model, weights), headPoints);
  const onnx = writeOnnx(network, {
    name: id,
    description: `${title}: the head's points of ${source.origin}`,
    notes: { source: `${source.package}@${source.version} ${source.files[1]!.path}`, licence: 'Apache-2.0' },
  });
  const tensorflow = writeTensorflow(network, { producer: source.origin });
  const made = { onnx, graph: Buffer.from(tensorflow.model), weights: tensorflow.weights };
  const fileOf = (name: keyof typeof made) => ({
    path: paths[name],
    sha256: sha256Of(made[name]),
    bytes: made[name].length,
  });
  const cells = network.cells.height * network.cells.width;
  const channels = { centre: 1, points: headPoints, ways: 2 * headPoints, offsets: 2 * headPoints };
  const entry: HeadWatcherEntry = {
    id,
    title,
    input: { ...network.size },
    scoreThreshold,
    outputs: poseTables.map((name) => ({ name, shape: [cells, channels[name]] })),
    files: { onnxruntime: [fileOf('onnx')], tfjs: [fileOf('graph'), fileOf('weights')] },
    licence: 'Apache-2.0',
    licenceFile: 'LICENSE-movenet',
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
    await writeManifest(folder, { headWatcher: entry });
    return { files };
  }
  const image = await readFile(goldenFile);
  const { rgb } = readPng(image);
  const expected = await runOriginal(model, weights, rgb);
  const runners = {
    onnxruntime: await openOnnx(id, [made.onnx]),
    tfjs: await openTensorflow(entry, [made.graph, made.weights]),
  };
  const compare = async (runtime: keyof typeof runners) => {
    const tables = (await runners[runtime].run(rgb)) as unknown as MovenetTables;
    await runners[runtime].close();
    const points = decodeMovenet(tables, entry.input);
    const apart = points.map(({ x, y }, index) =>
      Math.hypot(x - expected.points[index]!.x, y - expected.points[index]!.y),
    );
    return { tables: largestDifference(tables, expected.tables), pixels: Math.max(...apart) };
  };
  const differences = { onnxruntime: await compare('onnxruntime'), tfjs: await compare('tfjs') };
  for (const [runtime, { tables, pixels }] of Object.entries(differences)) {
    checkDifference(`${runtime} must answer as the source does`, greatestDifference, tables);
    checkDifference(`points chosen on ${runtime} must lie where the source's do`, greatestDistance, pixels);
  }
  const head = turnOf(expected.points as unknown as HeadPoints, scoreThreshold);
  if (!head) throw new Error('Cannot keep what was made: there must be a head in the golden image');
  const golden = {
    image: paths.golden,
    sha256: sha256Of(image),
    toleranceRadians: 0.03,
    toleranceScore: 0.02,
  };
  await writeManifest(folder, { headWatcher: { ...entry, golden: { ...golden, ...head } } });
  return { files, differences };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { files, differences } = await buildMovenet();
  for (const { path, bytes, sha256 } of files) console.log(`${sha256}  ${bytes} bytes  models/${path}`);
  if (!differences) console.log('Not compared: there is no golden image yet.');
  else {
    console.log(
      `Largest differences from the source on the golden image, at most ${greatestDifference} allowed,`,
    );
    console.log(`and of its points, at most ${greatestDistance} px:`);
    for (const [runtime, { tables, pixels }] of Object.entries(differences))
      console.log(`  ${runtime.padEnd(12)} ${tables.toExponential(1)}  ${pixels.toFixed(3)} px`);
  }
}
