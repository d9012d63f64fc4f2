import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDetector } from '../../../edge/detectors/open-detector.ts';
import { shippedFrame } from '../../../edge/detectors/trial-frame.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { toRecordingLine } from '../../../src/contract/recording.ts';
import { fitInto } from '../../../src/core/detect/fit.ts';
import { overlapOf } from '../../../src/core/detect/suppress.ts';
import type { Person } from '../../../src/core/units.ts';
import type { Detector } from '../../../src/ports/detector.ts';
import { detectorConformance } from '../../conformance/detector.ts';
import { titled } from '../../peers/tools.ts';
import { goldenFrame, goldenFrameFor } from './golden.ts';

detectorConformance('NanoDet on ONNX Runtime', {
  open: () => openDetector({ runtime: 'onnxruntime', threads: 1 }),
  pictureWithPeople: goldenFrame,
});

detectorConformance('NanoDet on TensorFlow.js', {
  open: () => openDetector({ runtime: 'tfjs' }),
  pictureWithPeople: goldenFrame,
});

const brought = join(packageRoot, '..', 'shared', 'models', 'yolox_nano.onnx');
if (existsSync(brought)) {
  detectorConformance('a YOLOX somebody brought', {
    open: () => openDetector({ model: brought, threads: 1 }),
    pictureWithPeople: () => goldenFrameFor({ width: 416, height: 416 }),
  });
} else {
  it.skip('A detector: a YOLOX somebody brought (skipped: the file is not beside this checkout)');
}

const folder = mkdtempSync(join(tmpdir(), 'lobby-detectors-'));
const recording = join(folder, 'seen.jsonl');
const moment = 12.34;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What NanoDet sees in the golden frame, recorded as `replay --record` does it. */
async function record(): Promise<readonly Person[]> {
  const detector = await openDetector({ runtime: 'onnxruntime', threads: 1 });
  const people = await detector.detect(await goldenFrame());
  await detector.close();
  const header = JSON.stringify({ recording: 1, branch: 'b', detector: detector.name });
  const lines = [
    { kind: 'quiet' as const, camera: 'hall', at: 1 },
    { kind: 'people' as const, camera: 'hall', at: moment - 0.2, people: [] },
    { kind: 'people' as const, camera: 'hall', at: moment, people },
  ];
  writeFileSync(recording, `${[header, ...lines.map(toRecordingLine)].join('\n')}\n`);
  return people;
}

/** A frame of the recording's moment. Nothing is to be seen in it, and nobody looks. */
async function recordedFrame() {
  if (!existsSync(recording)) await record();
  const { camera } = await goldenFrame();
  const input = { width: 64, height: 36 };
  const rgb = new Uint8Array(input.width * input.height * 3);
  return { at: moment, camera, input, fit: fitInto(camera, input, 'letterbox'), rgb };
}

detectorConformance('a recording', {
  open: async () => {
    await recordedFrame();
    return openDetector({ model: recording });
  },
  pictureWithPeople: recordedFrame,
  looksAtNothing: 'it goes by the moment of a frame and not by what is in it',
});

describe('The same scene, by whichever detector', () => {
  let reference: readonly Person[];
  beforeAll(async () => {
    reference = (await record()).filter(({ score }) => score >= 0.5);
    expect(reference).toHaveLength(7);
  });

  async function see(open: () => Promise<Detector>, frame: () => Promise<Parameters<Detector['detect']>[0]>) {
    const detector = await open();
    const people = await detector.detect(await frame());
    await detector.close();
    return people;
  }

  /** How far the farthest edge, and the score, of each one's counterpart is off. */
  function differences(people: readonly Person[]) {
    return reference.map((one) => {
      const [other] = people.toSorted((a, b) => overlapOf(b.box, one.box) - overlapOf(a.box, one.box));
      const edges = (['left', 'top', 'right', 'bottom'] as const).map((edge) =>
        Math.abs(other!.box[edge] - one.box[edge]),
      );
      return {
        px: Math.max(...edges),
        score: Math.abs(other!.score - one.score),
        overlap: overlapOf(other!.box, one.box),
      };
    });
  }
  const most = (all: readonly { px: number; score: number }[]) => ({
    px: Math.max(...all.map(({ px }) => px)),
    score: Math.max(...all.map(({ score }) => score)),
  });

  it('has the same people on ONNX Runtime and on TensorFlow.js: edges within 0.5 px, scores within 0.005', async () => {
    const people = await see(() => openDetector({ runtime: 'tfjs' }), goldenFrame);
    const off = most(differences(people));
    expect(off.px).toBeLessThanOrEqual(0.5);
    expect(off.score).toBeLessThanOrEqual(0.005);
    expect(people.filter(({ score }) => score >= 0.5)).toHaveLength(reference.length);
  });

  it('has the same people in a recording: edges within 0.05 px, scores within 0.0005, as they are rounded', async () => {
    const people = await see(() => openDetector({ model: recording }), recordedFrame);
    const off = most(differences(people));
    expect(off.px).toBeLessThanOrEqual(0.0501);
    expect(off.score).toBeLessThanOrEqual(0.000501);
    const elsewhen = await see(
      () => openDetector({ model: recording }),
      async () => ({ ...(await recordedFrame()), at: moment + 0.05 }),
    );
    expect(elsewhen).toEqual([]);
  });

  const reason = existsSync(brought) ? undefined : 'the file is not beside this checkout';
  it.skipIf(reason)(
    titled('has the same people by a YOLOX, which is another network: all but one by half and more', reason),
    async () => {
      const people = await see(
        () => openDetector({ model: brought, threads: 1 }),
        async () => (await shippedFrame({ input: { width: 416, height: 416 }, fit: 'letterbox' })).frame,
      );
      const alike = differences(people).filter(({ overlap }) => overlap >= 0.5);
      expect(alike.length).toBeGreaterThanOrEqual(reference.length - 1);
    },
  );

  it('control: people moved by two pixels are not the same', () => {
    const moved = reference.map(({ box, score }) => ({ box: { ...box, left: box.left + 2 }, score }));
    expect(most(differences(moved)).px).toBeGreaterThan(0.5);
  });
});

describe('A recording in the place of a model', () => {
  it('is refused if it is of two cameras, and said to be missing if it is', async () => {
    const file = join(folder, 'two.jsonl');
    const header = JSON.stringify({ recording: 1, branch: 'b', detector: 'd' });
    const lines = ['hall', 'door'].map((camera) => JSON.stringify({ camera, at: 1, people: [] }));
    writeFileSync(file, `${[header, ...lines].join('\n')}\n`);
    await expect(openDetector({ model: file })).rejects.toThrow(/it is of 2 cameras/);
    await expect(openDetector({ model: join(folder, 'none.jsonl') })).rejects.toMatchObject({
      code: 'LOBBY_FILE_MISSING',
    });
  });
});
