import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import type { ShippedEntry } from '../../src/contract/manifest.ts';
import { readManifest, sha256Of } from '../detectors/models-folder.ts';
import { openOnnx } from '../detectors/onnx.ts';
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

/**
 * Whether an output is a measure of somebody: a single row of numbers, as networks that recognise give. One that says
 * where people are gives a row for each of thousands of places.
 *
 * @example
 * ```ts
 * isMeasure([1, 512]); // true
 * isMeasure([5040, 44]); // false
 * ```
 */
export function isMeasure(shape: readonly (number | string)[]): boolean {
  const sizes = shape.filter((size) => size !== 1 && typeof size === 'number');
  return sizes.length === 1 && Number(sizes[0]) >= leastMeasure && Number(sizes[0]) <= mostMeasure;
}

/**
 * Compares the models on the disk with the manifest, both ways: each listed file is there with its hash, each model
 * that is there is listed, and none gives what could tell people from each other.
 *
 * @param folder the models'
 * @param elsewhere a folder in which no further models may be: the installation's own, without what it depends on
 */
export async function checkModels(folder: string, elsewhere?: string): Promise<ModelsChecked> {
  const findings: Finding[] = [];
  const manifest = await readManifest(folder);
  const listed = [
    ...manifest.models.map((entry) => ({ entry: entry as ShippedEntry, purpose: 'people' as const })),
    ...manifest.headWatchers.map((entry) => ({ entry: entry as ShippedEntry, purpose: 'heads' as const })),
  ];
  const known = new Map<string, string>();
  for (const { entry } of listed) {
    for (const file of [...(entry.files.onnxruntime ?? []), ...(entry.files.tfjs ?? [])]) {
      known.set(file.path, file.sha256);
    }
    for (const { name, shape } of entry.outputs) {
      if (isMeasure(shape)) {
        findings.push({ code: 'model-measures', where: entry.id, about: `${name}: ${shape.join(' × ')}` });
      }
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
  if (elsewhere !== undefined) {
    for (const path of filesBelow(elsewhere)) {
      const isOurs = !relative(folder, join(elsewhere, path)).startsWith('..');
      // A name such as `model-worker.json` or `x.bin` is no model by itself; these endings are.
      if (isOurs || !/\.(onnx|ort|tflite|pth?|h5|keras|caffemodel|safetensors|mlmodel)$/i.test(path))
        continue;
      findings.push({ code: 'model-unlisted', where: path, about: '' });
    }
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
    return runner.outputs
      .filter(({ shape }) => isMeasure(shape))
      .map(({ name, shape }) => ({
        code: 'model-measures',
        where: path,
        about: `${name}: ${shape.join(' × ')}`,
      }));
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
