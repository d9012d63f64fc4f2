import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkOwnModels } from '../../../edge/audit/check-models.ts';
import { add } from '../../../edge/cli/models-add.ts';
import { addModel } from '../../../edge/detectors/add-model.ts';
import { heads } from '../../../edge/detectors/heads.ts';
import { modelsFolder, readOwnManifest } from '../../../edge/detectors/models-folder.ts';
import { openDetector } from '../../../edge/detectors/open-detector.ts';
import { readPng } from '../../../edge/detectors/read-png.ts';
import { drawBoxes, shippedFrame } from '../../../edge/detectors/trial-frame.ts';
import { writePng } from '../../../edge/detectors/write-png.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import { type ModelUse, ownManifestSchema } from '../../../src/contract/manifest.ts';
import { parseBoxes } from '../../../src/contract/true-boxes.ts';
import type { Thing } from '../../core/detect/encode-heads.ts';
import { titled } from '../../peers/tools.ts';
import { answersOf, type TinyInput, tinyGraph } from './tiny-graph.ts';

const size = { width: 128, height: 96 };
const planes: TinyInput = { size, layout: 'nchw', type: 'float32' };
/** Some of the picture that ships is red: whoever is to be seen by it is sure by more than it is full. */
const things: readonly Thing[] = [
  { box: { left: 8, top: 16, right: 40, bottom: 88 }, score: 0.95, kind: 0 },
  { box: { left: 64, top: 8, right: 96, bottom: 72 }, score: 0.9, kind: 0 },
];
const labelled = { ...planes, sizeInput: 'orig_target_sizes' };

const graphs: readonly (readonly [string, Uint8Array, Partial<ModelUse>])[] = [
  [
    'NanoDet-Plus',
    tinyGraph(planes, answersOf['nanodet-plus'](things, size, 80)),
    { head: 'nanodet-plus', classes: 80 },
  ],
  [
    'YOLOv8',
    tinyGraph(planes, answersOf.yolov8(things, size, 80)),
    { head: 'yolov8', classes: 80, person: 0 },
  ],
  [
    'YOLO with suppression inside',
    tinyGraph(planes, answersOf['end-to-end'](things)),
    { head: 'end-to-end' },
  ],
  ['RT-DETR', tinyGraph(planes, answersOf.detr(things, size, 80)), { head: 'detr', scores: 'sigmoid' }],
  [
    'TensorFlow’s SSD',
    tinyGraph({ size, layout: 'nhwc', type: 'uint8' }, answersOf.ssd(things, size)),
    { head: 'ssd', person: 1, boxes: { order: 'yxyx', unit: 'share' } },
  ],
  [
    'RT-DETR with labels, boxes and scores',
    tinyGraph(labelled, answersOf.labelled(things)),
    { head: 'ssd', person: 0, boxes: { order: 'xyxy', unit: 'px' } },
  ],
];

const page = readFileSync(join(packageRoot, 'docs', 'models.md'), 'utf8');

describe('docs/models.md', () => {
  const [entry, truth] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text!);

  it('shows an entry that a manifest may have, and boxes that can be compared with', () => {
    const files = { onnxruntime: [{ path: 'a.onnx', sha256: '0'.repeat(64), bytes: 1 }] };
    const rest = { id: 'a', title: 'a', files, licence: 'MIT', origin: 'a.onnx' };
    const manifest = { version: 1, models: [{ ...rest, ...JSON.parse(entry!) }] };
    expect(ownManifestSchema.safeParse(manifest).error).toBeUndefined();
    expect(parseBoxes(truth!, 'page').frames).toHaveLength(1);
  });

  it('names every head there is', () => {
    for (const head of Object.keys(heads)) expect(page).toContain(`| \`${head}\` `);
  });
});

const refusal = (code: ErrorCode) => expect.objectContaining({ code });

describe('Adding a model', () => {
  let folder: string;
  let file: string;
  const put = (bytes: Uint8Array, name = 'My Model_1.onnx'): string => {
    file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
  const own = () => join(folder, 'own');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lobby-add-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(graphs)('tells from its graph what it is: %s', async (_, bytes, use) => {
    const { entry, keptIn } = await addModel({ file: put(bytes), said: {}, folder: own(), isDryRun: true });
    expect(entry).toMatchObject({ id: 'my-model-1', input: size, licence: 'not said', ...use });
    expect(keptIn).toBeUndefined();
    expect(existsSync(own())).toBe(false);
  });

  it('keeps it under its hash beside others, and it is used by its name and judged by the audit', async () => {
    const file = put(graphs[1]![1]);
    const scale: [number, number, number] = [1, 1, 1];
    await addModel({ file, said: {}, folder: own(), id: 'other' });
    const { keptIn, trial } = await addModel({ file, said: { scale }, folder: own(), licence: 'MIT' });
    expect(keptIn).toBe(own());
    expect(trial.name).toMatch(/^my-model-1 on onnxruntime/);
    expect(trial.expected).toMatchObject({ there: 7 });
    expect(readdirSync(own()).toSorted()).toEqual(['manifest.json', 'my-model-1.onnx', 'other.onnx']);
    expect((await readOwnManifest(own())).models.map(({ id }) => id)).toEqual(['my-model-1', 'other']);
    const detector = await openDetector({ model: 'my-model-1', models: own(), threads: 1 });
    expect(detector.input).toEqual(size);
    await detector.close();
    expect(await checkOwnModels(own())).toMatchObject({ findings: [], models: [{ files: 1 }, { files: 1 }] });
    writeFileSync(join(own(), 'other.onnx'), 'changed');
    expect((await checkOwnModels(own())).findings).toMatchObject([{ code: 'model-changed' }]);
    await expect(openDetector({ model: 'other', models: own() })).rejects.toEqual(
      refusal('LOBBY_MODEL_CHANGED'),
    );
  });

  it('refuses one that gives a single row of numbers, as those do that tell people apart', async () => {
    const row = { name: 'embedding', shape: [1, 512], there: new Float32Array(512) };
    const adding = addModel({ file: put(tinyGraph(planes, [row])), said: {}, folder: own() });
    await expect(adding).rejects.toEqual(refusal('LOBBY_MODEL_MEASURES'));
    await expect(adding).rejects.toThrow(/embedding: 1 × 512/);
    expect(existsSync(own())).toBe(false);
  });

  const strange = { name: 'out', shape: [1, 7, 3, 2], there: new Float32Array(42) };
  it.each<[string, () => Uint8Array, object, ErrorCode, RegExp]>([
    ['no kind that is known', () => tinyGraph(planes, [strange]), {}, 'LOBBY_MODEL_UNTOLD', /--head/],
    [
      'no class that is known to be people',
      () => tinyGraph(planes, answersOf.yolov8(things, size, 7)),
      {},
      'LOBBY_MODEL_UNTOLD',
      /--person-class/,
    ],
    [
      'another head than was said',
      () => graphs[1]![1],
      { head: 'detr' },
      'LOBBY_MODEL_UNTOLD',
      /those of a yolov8/,
    ],
    [
      'another size than was said',
      () => graphs[1]![1],
      { size: { width: 64, height: 64 } },
      'LOBBY_MODEL_UNTOLD',
      /--size/,
    ],
    ['a mean, of bytes', () => graphs[4]![1], { mean: [1, 1, 1] }, 'LOBBY_MODEL_UNTOLD', /--mean/],
    ['no model', () => Buffer.from('no model'), {}, 'LOBBY_MODEL_WRONG', /./],
  ])('refuses %s, and says which option helps', async (_, bytes, said, code, helps) => {
    const adding = addModel({ file: put(bytes()), said, folder: own() });
    await expect(adding).rejects.toEqual(refusal(code));
    const { remedy } = (await adding.catch((error) => error)) as { remedy: string };
    expect(remedy).toMatch(helps);
    expect(existsSync(own())).toBe(false);
  });

  it('takes no name of a model that ships', async () => {
    const adding = addModel({
      file: put(graphs[1]![1]),
      said: {},
      folder: own(),
      id: 'person-nanodet-640x384',
    });
    await expect(adding).rejects.toThrow(/a model of that name ships/);
  });

  const yolox = join(packageRoot, '..', 'shared', 'models', 'yolox_nano.onnx');
  const reason = existsSync(yolox) ? undefined : 'the file is not beside this checkout';
  describe.skipIf(reason)(titled('a YOLOX, the real one', reason), () => {
    let out: string;
    beforeAll(() => {
      out = mkdtempSync(join(tmpdir(), 'lobby-add-out-'));
    });
    afterAll(() => rmSync(out, { recursive: true, force: true }));

    it('finds who is on the picture that ships, tells it, and writes a picture where one is asked for', async () => {
      const lines: string[] = [];
      const { log } = console;
      console.log = (line: string) => void lines.push(line);
      try {
        await add(yolox, { models: own(), picture: join(out, 'seen.png'), licence: 'Apache-2.0' });
      } finally {
        console.log = log;
      }
      const told = lines.join('\n');
      expect(told).toMatch(/^yolox-nano: yolox, 416×416/);
      expect(told).toMatch(/channels +bgr +not in the file, so as usual \(--channels\)/);
      // As docs/models.md shows it, but for how long it took.
      const [, shown] = /```text\n(yolox-nano: [\s\S]*?)\n\n/.exec(page)!;
      for (const line of shown!.split('\n')) expect(lines).toContain(line);
      const [, found] = /(\d) of the 7 who are there/.exec(told)!;
      expect(Number(found)).toBeGreaterThanOrEqual(6);
      const { width, height } = readPng(readFileSync(join(out, 'seen.png')));
      expect({ width, height }).toEqual({ width: 416, height: 416 });
      expect(readdirSync(own()).toSorted()).toEqual(['manifest.json', 'yolox-nano.onnx']);
    });
  });
});

describe('A picture with boxes', () => {
  it('is read by others as it was written', async () => {
    const rgb = Uint8Array.from({ length: 7 * 5 * 3 }, (_, index) => (index * 37) % 256);
    const file = writePng({ width: 7, height: 5 }, rgb);
    expect([...readPng(file).rgb]).toEqual([...rgb]);
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([7, 5, 3]);
    expect([...data]).toEqual([...rgb]);
  });

  it('has the boxes where people are, and is a copy', async () => {
    const { frame } = await shippedFrame({ input: { width: 320, height: 192 }, fit: 'letterbox' });
    const before = frame.rgb.slice();
    const drawn = drawBoxes(frame, [{ box: { left: 90, top: 60, right: 300, bottom: 240 }, score: 1 }]);
    expect(frame.rgb).toEqual(before);
    // A third of the camera's size, six pixels down.
    const at = (x: number, y: number) => [...drawn.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3)];
    expect(at(30, 26)).toEqual([255, 60, 0]);
    expect(at(100, 86)).toEqual([255, 60, 0]);
    expect(at(60, 50)).toEqual([...before.subarray((50 * 320 + 60) * 3, (50 * 320 + 60) * 3 + 3)]);
  });

  it('is the one that ships, fitted: what is there is found by the model it was made for, in its own size', async () => {
    const detector = await openDetector({ threads: 1, scoreThreshold: 0.5 });
    const { frame, people } = await shippedFrame(detector);
    expect(await detector.detect(frame)).toHaveLength(people.length);
    await detector.close();
    expect(existsSync(modelsFolder)).toBe(true);
  });
});
