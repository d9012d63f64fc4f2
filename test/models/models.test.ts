import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defaultModel,
  findModel,
  modelsFolder,
  readManifest,
  readModelFiles,
  sha256Of,
} from '../../edge/detectors/models-folder.ts';
import { openOnnx } from '../../edge/detectors/onnx.ts';
import { openTensorflow } from '../../edge/detectors/tensorflow.ts';
import { packageRoot } from '../../edge/package-root.ts';
import type { Manifest, ShippedEntry } from '../../src/contract/manifest.ts';
import { goldenFrame } from '../edge/detectors/golden.ts';

/** All files of a model, whichever runtime they are for. */
const filesOf = ({ onnxruntime = [], tfjs = [] }: ShippedEntry['files']) => [...onnxruntime, ...tfjs];

/** Models of all kinds. */
const allOf = ({ models, headWatchers }: Manifest) => [...models, ...headWatchers];

const largestDifference = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, index) => Math.max(most, Math.abs(value - other[index]!)), 0);

const hall = join(packageRoot, '..', 'shared', 'data', 'airport', 'images', 'image_000000.jpg');

describe('The models that ship', () => {
  it('are listed with the size and hash they have, and with a licence and a card', async () => {
    for (const { files, licenceFile, card, golden } of allOf(await readManifest())) {
      for (const { path, bytes, sha256 } of filesOf(files)) {
        const content = await readFile(join(modelsFolder, path));
        expect({ path, bytes: content.length, sha256: sha256Of(content) }).toEqual({ path, bytes, sha256 });
      }
      expect(await readFile(join(modelsFolder, licenceFile), 'utf8')).toMatch(/Apache License/);
      expect(await readFile(join(modelsFolder, card), 'utf8')).toMatch(/^# /);
      expect(sha256Of(await readFile(join(modelsFolder, golden!.image)))).toBe(golden!.sha256);
    }
  });

  it('leave no weights in the folder that the manifest does not list', async () => {
    const listed = allOf(await readManifest()).flatMap(({ files }) => filesOf(files));
    const present = (await readdir(modelsFolder, { recursive: true })).filter((name) =>
      /\.(onnx|bin|task|tflite|pt)$/.test(name),
    );
    expect(present.toSorted()).toEqual(
      listed
        .map(({ path }) => path)
        .filter((path) => !path.endsWith('.json'))
        .toSorted(),
    );
  });

  it('have a card that states their hash and figures from the manifest', async () => {
    for (const { card, files, fit, scoreThreshold, greatestOverlap } of (await readManifest()).models) {
      const text = await readFile(join(modelsFolder, card), 'utf8');
      expect(text).toContain(files.onnxruntime![0]!.sha256);
      expect(text).toContain(`\`${fit}\``);
      expect(text).toContain(`\`scoreThreshold\` ${scoreThreshold}`);
      expect(text).toContain(`\`greatestOverlap\` ${greatestOverlap}`);
    }
    for (const { card, files, scoreThreshold } of (await readManifest()).headWatchers) {
      const text = await readFile(join(modelsFolder, card), 'utf8');
      expect(text).toContain(files.onnxruntime![0]!.sha256);
      expect(text).toContain(`\`scoreThreshold\` ${scoreThreshold}`);
    }
  });
});

describe('The person detector', () => {
  let runners: Awaited<ReturnType<typeof openBoth>>;

  async function openBoth() {
    const model = await findModel(defaultModel);
    return {
      onnx: await openOnnx(model.entry.id, await readModelFiles(model, 'onnxruntime'), 1),
      tensorflow: await openTensorflow(model.entry, await readModelFiles(model, 'tfjs')),
    };
  }

  beforeAll(async () => {
    runners = await openBoth();
  });
  afterAll(async () => {
    await runners.onnx.close();
    await runners.tensorflow.close();
  });

  async function expectAgreement(rgb: Uint8Array): Promise<void> {
    const [onnx, tensorflow] = [await runners.onnx.run(rgb), await runners.tensorflow.run(rgb)];
    for (const name of ['scores', 'sides']) {
      expect(onnx[name]!.length).toBe(tensorflow[name]!.length);
      expect(largestDifference(onnx[name]!, tensorflow[name]!)).toBeLessThanOrEqual(1e-3);
    }
    // Control: somebody is seen, so it is not two silences that agree.
    expect(Math.max(...onnx.scores!)).toBeGreaterThan(0.4);
  }

  it('answers on ONNX Runtime what it answers on TensorFlow.js, to a thousandth, on its golden image', async () => {
    await expectAgreement((await goldenFrame()).rgb);
  });

  it('and on a photograph of a hall', async ({ skip }) => {
    if (!existsSync(hall)) skip('the measuring data is not beside this checkout');
    const { width, height } = (await findModel(defaultModel)).entry.input;
    const picture = sharp(hall).resize(width, height, { fit: 'contain', background: '#000' }).removeAlpha();
    await expectAgreement(new Uint8Array(await picture.raw().toBuffer()));
  });

  it('control: the two do differ once a strip of the picture does', async () => {
    const { rgb, input } = await goldenFrame();
    const other = rgb.slice();
    other.fill(255, input.width * 3 * 200, input.width * 3 * 216);
    const [one, changed] = [await runners.onnx.run(rgb), await runners.tensorflow.run(other)];
    expect(largestDifference(one.scores!, changed.scores!)).toBeGreaterThan(1e-2);
  });
});
