import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../edge/detectors/models-folder.ts';
import { openDetector } from '../../../edge/detectors/open-detector.ts';
import { fromHalf, preparePicture, toHalf } from '../../../edge/detectors/prepare-picture.mjs';
import type { OwnModelEntry } from '../../../src/contract/manifest.ts';
import { fitInto } from '../../../src/core/detect/fit.ts';
import type { Frame } from '../../../src/ports/camera.ts';
import type { Thing } from '../../core/detect/encode-heads.ts';
import { answersOf, type TinyInput, tinyGraph } from './tiny-graph.ts';

const size = { width: 128, height: 96 };
const things: readonly Thing[] = [
  { box: { left: 8, top: 16, right: 40, bottom: 88 }, score: 0.9, kind: 1 },
  { box: { left: 64, top: 8, right: 96, bottom: 72 }, score: 0.6, kind: 1 },
  { box: { left: 20, top: 40, right: 60, bottom: 60 }, score: 0.8, kind: 0 },
];

/** A frame all of one colour, of a camera twice as wide and high as the input. */
function frame(red: number, green: number, blue: number): Frame {
  const camera = { width: 256, height: 192 };
  const rgb = new Uint8Array(size.width * size.height * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set([red, green, blue], at);
  return { at: 0, camera, input: size, fit: fitInto(camera, size, 'letterbox'), rgb };
}

type Use = Pick<OwnModelEntry, 'head'> &
  Partial<Pick<OwnModelEntry, 'picture' | 'classes' | 'boxes' | 'scores' | 'outputs'>>;
const picture = (one: Partial<NonNullable<OwnModelEntry['picture']>>) => ({
  layout: 'nchw' as const,
  type: 'float32' as const,
  channels: 'rgb' as const,
  scale: [1 / 255, 1 / 255, 1 / 255] as [number, number, number],
  ...one,
});
const planes = { size, layout: 'nchw', type: 'float32' } as const;

/** Each kind of head on a graph of its own, in the form its usual exports have. */
const brought: Record<string, { input: TinyInput; file: Uint8Array; use: Use }> = {
  'nanodet-plus': {
    input: planes,
    file: tinyGraph(planes, answersOf['nanodet-plus'](things, size, 3)),
    use: { head: 'nanodet-plus', classes: 3, picture: picture({}) },
  },
  yolov8: {
    input: planes,
    file: tinyGraph(planes, answersOf.yolov8(things, size, 3)),
    use: { head: 'yolov8', classes: 3, picture: picture({}) },
  },
  'end-to-end': {
    input: { ...planes, type: 'float16' },
    file: tinyGraph({ ...planes, type: 'float16' }, answersOf['end-to-end'](things)),
    use: { head: 'end-to-end', picture: picture({ type: 'float16' }) },
  },
  detr: {
    input: planes,
    file: tinyGraph(planes, answersOf.detr(things, size, 3)),
    use: { head: 'detr', classes: 3, picture: picture({}) },
  },
  ssd: {
    input: { ...planes, layout: 'nhwc' },
    file: tinyGraph({ ...planes, layout: 'nhwc' }, answersOf.ssd(things, size)),
    use: {
      head: 'ssd',
      picture: picture({ layout: 'nhwc' }),
      outputs: [
        { name: 'detection_boxes', shape: [1, 100, 4], holds: 'boxes' },
        { name: 'detection_scores', shape: [1, 100], holds: 'scores' },
        { name: 'detection_classes', shape: [1, 100], holds: 'classes' },
        { name: 'num_detections', shape: [1], holds: 'count' },
      ],
    },
  },
  'labels, boxes and scores': {
    input: { ...planes, sizeInput: 'orig_target_sizes' },
    file: tinyGraph({ ...planes, sizeInput: 'orig_target_sizes' }, answersOf.labelled(things)),
    use: {
      head: 'ssd',
      picture: picture({ sizeInput: 'orig_target_sizes' }),
      boxes: { order: 'xyxy', unit: 'px' },
      outputs: [
        { name: 'labels', shape: [1, 300], holds: 'classes' },
        { name: 'boxes', shape: [1, 300, 4], holds: 'boxes' },
        { name: 'scores', shape: [1, 300], holds: 'scores' },
      ],
    },
  },
};

describe('A model somebody brought, on ONNX Runtime', () => {
  let models: string;
  const write = (id: string, file: Uint8Array, use: Use, change: Partial<OwnModelEntry> = {}): void => {
    const folder = join(models, id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'tiny.onnx'), file);
    const entry: OwnModelEntry = {
      id,
      title: 'a tiny graph',
      input: size,
      outputs: [{ name: use.head === 'nanodet-plus' ? 'output' : 'output0', shape: [1] }],
      files: { onnxruntime: [{ path: 'tiny.onnx', sha256: sha256Of(file), bytes: file.length }] },
      licence: 'MIT',
      origin: 'a test',
      person: 1,
      fit: 'letterbox',
      scoreThreshold: 0.3,
      greatestOverlap: 0.5,
      ...use,
      ...(use.head === 'detr'
        ? {
            outputs: [
              { name: 'logits', shape: [1, 300, 3] },
              { name: 'pred_boxes', shape: [1, 300, 4] },
            ],
          }
        : {}),
      ...change,
    };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: 1, models: [entry] }));
  };
  const open = (id: string) => openDetector({ model: id, models: join(models, id), threads: 1 });

  beforeAll(() => {
    models = mkdtempSync(join(tmpdir(), 'lobby-brought-'));
  });
  afterAll(() => rmSync(models, { recursive: true, force: true }));

  it.each(Object.entries(brought))(
    'finds who is there, where and how sure: %s',
    async (name, { file, use }) => {
      const id = name.replaceAll(/[^a-z0-9]+/g, '-');
      write(id, file, use);
      const detector = await open(id);
      expect(detector.name).toBe(`${id} on onnxruntime (cpu, 1 thread)`);
      const [first, second, ...others] = await detector.detect(frame(255, 0, 0));
      expect(others).toEqual([]);
      expect(first!.score).toBeCloseTo(0.9, 2);
      expect(second!.score).toBeCloseTo(0.6, 2);
      // Twice as large in the camera's picture.
      expect(first!.box.left).toBeCloseTo(16, 0);
      expect(first!.box.bottom).toBeCloseTo(176, 0);
      expect(second!.box.right).toBeCloseTo(192, 0);
      // Red is the first channel: without any, there is nobody. A graph given blue first would see them here.
      expect(await detector.detect(frame(0, 255, 255))).toEqual([]);
      await detector.close();
    },
  );

  it('is given blue first, less a mean and times a scale, where its entry says so', async () => {
    const { file, use } = brought.yolov8!;
    write('bgr', file, {
      ...use,
      picture: picture({ channels: 'bgr', mean: [100, 0, 0], scale: [0.01, 1, 1] }),
    });
    const detector = await open('bgr');
    // (200 − 100) × 0.01 = 1.
    const [first] = await detector.detect(frame(0, 0, 200));
    expect(first!.score).toBeCloseTo(0.9, 3);
    expect(await detector.detect(frame(255, 255, 100))).toEqual([]);
    await detector.close();
  });

  it.each<[string, Partial<OwnModelEntry>, RegExp]>([
    ['how many classes there are', { classes: 5 }, /rows of 4 and 5 numbers/],
    ['its output', { outputs: [{ name: 'other', shape: [1] }] }, /must have an output other/],
    ['the size of its input', { input: { width: 64, height: 96 } }, /picture/],
    ['that it is a DETR', { head: 'detr' }, /output that holds its boxes/],
    [
      'bytes, where it takes numbers',
      { picture: picture({ type: 'uint8', scale: undefined as never }) },
      /type/,
    ],
  ])('is refused as it is opened if its entry is wrong in %s', async (_, change, problem) => {
    const { file, use } = brought.yolov8!;
    write('wrong', file, use, change);
    const opening = open('wrong');
    await expect(opening).rejects.toEqual(expect.objectContaining({ code: 'LOBBY_MODEL_WRONG' }));
    await expect(opening).rejects.toThrow(problem);
  });

  it('may not have a mean where it takes bytes', async () => {
    const { file, use } = brought.yolov8!;
    write('bytes', file, { ...use, picture: picture({ type: 'uint8' }) });
    await expect(open('bytes')).rejects.toThrow(/bytes have no mean and no scale/);
  });
});

describe('A picture on its way into a graph', () => {
  const two = Uint8Array.of(10, 20, 30, 110, 120, 130);
  it.each([
    ['nhwc', 'rgb', [10, 20, 30, 110, 120, 130]],
    ['nhwc', 'bgr', [30, 20, 10, 130, 120, 110]],
    ['nchw', 'rgb', [10, 110, 20, 120, 30, 130]],
    ['nchw', 'bgr', [30, 130, 20, 120, 10, 110]],
  ] as const)('is laid out as %s, %s', (layout, channels, numbers) => {
    for (const type of ['uint8', 'float32'] as const) {
      expect([...preparePicture({ layout, channels, type })(two)]).toEqual(numbers);
    }
    const halves = preparePicture({ layout, channels, type: 'float16' })(two);
    expect([...halves].map(fromHalf)).toEqual(numbers);
  });

  it('is rounded to half precision as the processor rounds, and read back exactly', () => {
    for (const [value, bits] of [
      [0, 0],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [65520, 0x7c00],
      [2 ** -24, 1],
      [2 ** -15, 0x0200],
      [1 + 1 / 2048, 0x3c00],
      [1 + 3 / 2048, 0x3c02],
      [1 / 255, 0x1c04],
    ] as const) {
      expect(toHalf(value)).toBe(bits);
    }
    for (let bits = 0; bits < 65_536; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
  });
});
