import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelsFolder, readManifest, sha256Of } from '../../../edge/detectors/models-folder.ts';
import { openDetector } from '../../../edge/detectors/open-detector.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import type { Manifest } from '../../../src/contract/manifest.ts';
import { goldenFrame } from './golden.ts';

const onnxFile = 'person-nanodet-640x384.onnx';
const refusal = (code: ErrorCode) => expect.objectContaining({ code });

describe('Opening a detector', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lobby-models-'));
    for (const name of ['manifest.json', onnxFile, 'person-nanodet-640x384.tfjs']) {
      await cp(join(modelsFolder, name), join(folder, name), { recursive: true });
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function changeManifest(change: (manifest: Manifest) => void): Promise<void> {
    const manifest = await readManifest(folder);
    change(manifest);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  }

  it('says which model and runtime it is, and with how many threads', async () => {
    const detector = await openDetector({ folder, threads: 2 });
    expect(detector.name).toBe('person-nanodet-640x384 on onnxruntime (cpu, 2 threads)');
    await detector.close();
  });

  it('refuses a model file in which a single bit was changed, naming both hashes', async () => {
    const bytes = await readFile(join(folder, onnxFile));
    bytes[4_000_000]! ^= 1;
    await writeFile(join(folder, onnxFile), bytes);
    const opening = openDetector({ folder });
    await expect(opening).rejects.toEqual(refusal('LOBBY_MODEL_CHANGED'));
    const [entry] = (await readManifest(folder)).models;
    await expect(opening).rejects.toThrow(entry!.files.onnxruntime![0]!.sha256);
  });

  it('does not fall back on another runtime when the model was changed', async () => {
    await writeFile(join(folder, onnxFile), 'something else');
    await expect(openDetector({ folder, runtime: 'auto' })).rejects.toEqual(refusal('LOBBY_MODEL_CHANGED'));
  });

  it('refuses changed weights of the TensorFlow.js form too', async () => {
    const file = join(folder, 'person-nanodet-640x384.tfjs', 'weights.bin');
    const bytes = await readFile(file);
    bytes[0]! ^= 1;
    await writeFile(file, bytes);
    await expect(openDetector({ folder, runtime: 'tfjs' })).rejects.toEqual(refusal('LOBBY_MODEL_CHANGED'));
  });

  it('says which file is missing', async () => {
    await rm(join(folder, onnxFile));
    const opening = openDetector({ folder });
    await expect(opening).rejects.toEqual(refusal('LOBBY_MODEL_MISSING'));
    await expect(opening).rejects.toThrow(onnxFile);
  });

  it('refuses a model the manifest does not list', async () => {
    await expect(openDetector({ folder, model: 'somebody-elses' })).rejects.toEqual(
      refusal('LOBBY_MODEL_UNKNOWN'),
    );
  });

  it('takes a model by the path of its file, where the manifest beside it lists it', async () => {
    const detector = await openDetector({ model: join(folder, onnxFile), threads: 1 });
    expect(detector.name).toMatch(/^person-nanodet-640x384 on onnxruntime/);
    await detector.close();
  });

  it('says of a file that no manifest lists what it must be, and what it is', async () => {
    await rm(join(folder, 'manifest.json'));
    const opening = openDetector({ model: join(folder, onnxFile), threads: 1 });
    await expect(opening).rejects.toEqual(refusal('LOBBY_MODEL_WRONG'));
    await expect(opening).rejects.toThrow(/must be a YOLOX .* it has 1 inputs and 2 outputs/);
  });

  it('says which file is missing when a path is given', async () => {
    await expect(openDetector({ model: join(folder, 'nothing.onnx') })).rejects.toEqual(
      refusal('LOBBY_MODEL_MISSING'),
    );
  });

  it('refuses a file that has the right hash and is no model', async () => {
    const text = 'not a model';
    await writeFile(join(folder, onnxFile), text);
    await changeManifest(({ models }) => {
      models[0]!.files.onnxruntime![0]!.sha256 = sha256Of(Buffer.from(text));
    });
    await expect(openDetector({ folder, runtime: 'onnxruntime' })).rejects.toEqual(
      refusal('LOBBY_MODEL_WRONG'),
    );
  });

  it('names the field of a manifest that is not as it should be', async () => {
    await changeManifest(({ models }) => {
      models[0]!.files.onnxruntime![0]!.path = '../elsewhere.onnx';
    });
    const opening = openDetector({ folder });
    await expect(opening).rejects.toEqual(refusal('LOBBY_FILE_INVALID'));
    await expect(opening).rejects.toThrow('models.0.files.onnxruntime.0.path');
  });

  it.each([
    ['threads', { threads: 0 }],
    ['threads', { threads: 1.5 }],
    ['score-threshold', { scoreThreshold: 1.5 }],
    ['greatest-overlap', { greatestOverlap: Number.NaN }],
  ])('refuses nonsense for %s', async (option, request) => {
    const opening = openDetector({ folder, ...request });
    await expect(opening).rejects.toEqual(refusal('LOBBY_OPTION_INVALID'));
    await expect(opening).rejects.toThrow(option);
  });

  it('reports nobody below the score threshold', async () => {
    const frame = await goldenFrame();
    const [open, strict] = [
      await openDetector({ threads: 1, scoreThreshold: 0.15 }),
      await openDetector({ threads: 1, scoreThreshold: 0.6 }),
    ];
    const all = await open.detect(frame);
    expect(all.some(({ score }) => score < 0.6)).toBe(true);
    expect(await strict.detect(frame)).toEqual(all.filter(({ score }) => score >= 0.6));
    await open.close();
    await strict.close();
  });
});
