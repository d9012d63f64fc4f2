import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import type { LoadableEntry } from '../../src/contract/manifest.ts';
import { readManifest, readOwnManifest, sha256Of } from '../detectors/models-folder.ts';
import { openOnnx } from '../detectors/onnx.ts';
import { publishedModels } from '../detectors/published.ts';
import type { Finding } from './report.ts';

export interface ModelsChecked {
  readonly findings: readonly Finding[];
  /** Models of the manifest, each with what it is for and the hashes that were compared. */
  readonly models: readonly {
    readonly id: string;
    readonly purpose: 'people' | 'heads';
    readonly files: number;
  }[];
}

/** What holds the weights or the graph of a network. */
const modelFile =
  /\.(onnx|ort|tflite|pb|pt|pth|h5|keras|caffemodel|safetensors|engine|mlmodel|task|bin|param)$|(^|\/)model[^/]*\.json$/i;
/** One row of so many numbers tells a face from others; a detector gives thousands of places. */
const [leastMeasure, mostMeasure] = [64, 2048];

type Shape = readonly (number | string)[];

const withoutOnes = (shape: Shape) => shape.filter((size) => size !== 1);

/**
 * Whether an output is a measure of somebody: a single row of numbers, as networks that recognise give. One that says
 * where people are gives a row for each of thousands of places.
 *
 * A row is none if beside it there is a box for each of its numbers: it says how sure those boxes are, or of what. A box
 * is four numbers, or four sides of 8 to 17 bins each, as NanoDet gives it.
 *
 * @param all every output of the model
 *
 * @example
 * ```ts
 * isMeasure([1, 512]); // true
 * isMeasure([5040, 44]); // false
 * isMeasure([1, 100], [[1, 100, 4], [1, 100]]); // false
 * isMeasure([1680], [[1680, 44], [1680]]); // false
 * ```
 */
export function isMeasure(shape: Shape, all: readonly Shape[] = []): boolean {
  const sizes = withoutOnes(shape);
  const row = sizes.length === 1 ? sizes[0]! : undefined;
  if (typeof row !== 'number' || row < leastMeasure || row > mostMeasure) return false;
  return !all
    .map(withoutOnes)
    .some(([rows, columns, ...more]) => rows === row && isBox(columns) && more.length === 0);
}

const isBox = (columns: Shape[number] | undefined): boolean =>
  columns === 4 ||
  (typeof columns === 'number' && columns % 4 === 0 && columns >= 4 * 8 && columns <= 4 * 17);

/** Those outputs that measure somebody, as the audit names them: `embedding: 1 × 512`. */
export function measuresAmong(
  outputs: readonly { readonly name: string; readonly shape: Shape }[],
): string[] {
  const shapes = outputs.map(({ shape }) => shape);
  return outputs
    .filter(({ shape }) => isMeasure(shape, shapes))
    .map(({ name, shape }) => `${name}: ${shape.join(' × ')}`);
}

/**
 * Compares the models on the disk with the manifest, both ways: each listed file is there with its hash, each model
 * that is there is listed, and none gives what could tell people from each other.
 *
 * @param folder the models'
 * @param elsewhere a folder in which no further models may be: the installation's own, without what it depends on
 */
export async function checkModels(folder: string, elsewhere?: string): Promise<ModelsChecked> {
  const manifest = await readManifest(folder);
  const listed = [
    ...manifest.models.map((entry) => ({ entry, purpose: 'people' as const })),
    ...manifest.headWatchers.map((entry) => ({ entry, purpose: 'heads' as const })),
  ];
  const { findings, models } = await checkFolder(folder, listed, new Map());
  if (elsewhere === undefined) return { findings, models };
  const strays: Finding[] = [];
  for (const path of filesBelow(elsewhere)) {
    const isOurs = !relative(folder, join(elsewhere, path)).startsWith('..');
    // A name such as `model-worker.json` or `x.bin` is no model by itself; these endings are.
    if (isOurs || !/\.(onnx|ort|tflite|pth?|h5|keras|caffemodel|safetensors|mlmodel)$/i.test(path)) continue;
    strays.push({ code: 'model-unlisted', where: path, about: '' });
  }
  return { findings: [...findings, ...strays], models };
}

/**
 * The same of the folder of models that did not ship: each is in the manifest there, or was pulled and is what the list
 * says; and none gives what could tell people from each other.
 *
 * @param folder need not be there
 */
export async function checkOwnModels(folder: string): Promise<ModelsChecked> {
  if (!existsSync(folder)) return { findings: [], models: [] };
  const { models } = await readOwnManifest(folder);
  const pulled = publishedModels.flatMap(({ id, files }) =>
    files
      .map(({ name, sha256 }) => [`${id}/${name}`, sha256] as const)
      .filter(([path]) => existsSync(join(folder, path))),
  );
  const listed = models.map((entry) => ({ entry, purpose: 'people' as const }));
  return checkFolder(folder, listed, new Map(pulled));
}

interface Listed {
  readonly entry: LoadableEntry;
  readonly purpose: 'people' | 'heads';
}

/** @param pulled hashes by path, of what is known without a manifest */
async function checkFolder(
  folder: string,
  listed: readonly Listed[],
  pulled: ReadonlyMap<string, string>,
): Promise<ModelsChecked> {
  const findings: Finding[] = [];
  const known = new Map(pulled);
  for (const { entry } of listed) {
    for (const file of [...(entry.files.onnxruntime ?? []), ...(entry.files.tfjs ?? [])]) {
      known.set(file.path, file.sha256);
    }
    for (const about of measuresAmong(entry.outputs)) {
      findings.push({ code: 'model-measures', where: entry.id, about });
    }
  }
  for (const [path, sha256] of known) {
    const file = join(folder, path);
    if (!existsSync(file)) findings.push({ code: 'model-missing', where: path, about: '' });
    else if (sha256Of(readFileSync(file)) !== sha256) {
      findings.push({ code: 'model-changed', where: path, about: '' });
    } else if (path.endsWith('.onnx')) findings.push(...(await measuresOf(file, path)));
  }
  for (const path of filesBelow(folder)) {
    if (!modelFile.test(path) || known.has(path)) continue;
    findings.push({ code: 'model-unlisted', where: path, about: '' });
    if (path.endsWith('.onnx')) findings.push(...(await measuresOf(join(folder, path), path)));
  }
  return {
    findings,
    models: listed.map(({ entry, purpose }) => ({
      id: entry.id,
      purpose,
      files: (entry.files.onnxruntime?.length ?? 0) + (entry.files.tfjs?.length ?? 0),
    })),
  };
}

/** What the file itself says it gives. One that cannot be opened is found for not being listed, or by its hash. */
async function measuresOf(file: string, path: string): Promise<readonly Finding[]> {
  try {
    const runner = await openOnnx(path, [readFileSync(file)], 1);
    await runner.close();
    return measuresAmong(runner.outputs).map((about) => ({ code: 'model-measures', where: path, about }));
  } catch (error) {
    if (error instanceof LobbyError) return [];
    throw error;
  }
}

/** Paths relative to the folder, without what the installation depends on and what version control keeps. */
function filesBelow(folder: string): readonly string[] {
  const paths: string[] = [];
  const walk = (below: string) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && !['node_modules', '.git'].includes(entry.name)) walk(path);
      else if (entry.isFile() || entry.isSymbolicLink()) paths.push(path);
    }
  };
  walk('');
  return paths.sort();
}
