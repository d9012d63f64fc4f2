import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHeads } from '../../../edge/cli/open-heads.ts';
import { findHeadWatcher, readManifest } from '../../../edge/detectors/models-folder.ts';
import { openHeadWatcher } from '../../../edge/detectors/open-head-watcher.ts';
import { readGoldenHead } from '../../../edge/detectors/verify-models.ts';
import { fitInto } from '../../../src/core/detect/fit.ts';
import { headWatcherConformance } from '../../conformance/head-watcher.ts';

/** The golden close-up as a camera's whole picture, and a box of which it is the close-up. */
async function pictureOfAHead() {
  const found = await findHeadWatcher();
  const golden = await readGoldenHead(found, found.entry.golden!);
  const { width, height } = golden.input;
  const frame = { ...golden, fit: fitInto(golden.camera, golden.input, 'letterbox') };
  return { frame, box: { left: 0.3 * width, top: 0.1 * height, right: 0.7 * width, bottom: 0.9 * height } };
}

headWatcherConformance('MoveNet on ONNX Runtime', {
  open: () => openHeadWatcher({ runtime: 'onnxruntime' }),
  pictureOfAHead,
});

headWatcherConformance('MoveNet on TensorFlow.js', {
  open: () => openHeadWatcher({ runtime: 'tfjs' }),
  pictureOfAHead,
});

describe('Opening the watcher of heads', () => {
  it('is not done where the branch does not want it', async () => {
    const told: string[] = [];
    expect(await openHeads(false, {}, (sentence) => told.push(sentence))).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('says in a sentence that its model is missing, and the service does without', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lobby-models-'));
    try {
      const told: string[] = [];
      const tell = (sentence: string) => void told.push(sentence);
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(await readManifest()));
      expect(await openHeads(true, { folder }, tell)).toBeUndefined();
      await writeFile(
        join(folder, 'manifest.json'),
        JSON.stringify({ ...(await readManifest()), headWatchers: [] }),
      );
      expect(await openHeads(true, { folder }, tell)).toBeUndefined();
      expect(told).toEqual([
        expect.stringMatching(
          /^heads are not looked at: Cannot load the model head-movenet-192: there is no file/,
        ),
        expect.stringMatching(
          /^heads are not looked at: .* the manifest does not list it\. Run `lobby models list`/,
        ),
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
