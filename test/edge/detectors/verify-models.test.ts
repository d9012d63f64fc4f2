import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelsFolder, readManifest } from '../../../edge/detectors/models-folder.ts';
import { verifyModels } from '../../../edge/detectors/verify-models.ts';
import type { Manifest } from '../../../src/contract/manifest.ts';

describe('Verifying the models', () => {
  it('finds, on each runtime, the people the golden image holds, and how a head in another is turned', async () => {
    const report = await verifyModels();
    expect(report.verdicts.map(({ runtime }) => runtime)).toEqual([
      'onnxruntime',
      'tfjs',
      // The one for doors has one form.
      'onnxruntime',
      'onnxruntime',
      'tfjs',
    ]);
    for (const verdict of report.verdicts.slice(3)) {
      expect(verdict.problem).toBeUndefined();
      expect(verdict.yaw!.found).toBeCloseTo(verdict.yaw!.expected, 1);
    }
    for (const verdict of report.verdicts.slice(0, 3)) {
      expect(verdict.problem).toBeUndefined();
      expect(verdict.people!.expected).toBeGreaterThanOrEqual(2);
      expect(verdict.people!.found).toBe(verdict.people!.expected);
    }
    expect(report.ok).toBe(true);
  });

  describe('of a folder where something is wrong', () => {
    let folder: string;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lobby-models-'));
      await cp(modelsFolder, folder, { recursive: true });
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    async function verifyWith(change: (golden: NonNullable<Manifest['models'][number]['golden']>) => void) {
      const manifest = await readManifest(folder);
      change(manifest.models[0]!.golden!);
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
      const report = await verifyModels({ folder, runtimes: ['onnxruntime'] });
      expect(report.ok).toBe(false);
      return report.verdicts[0]!;
    }

    it('says whom the model does not find, and who is nearest', async () => {
      const { problem } = await verifyWith((golden) => {
        golden.people[0]!.left += 5;
      });
      expect(problem).toMatch(/must find somebody from .*\(nearest: somebody from/);
    });

    it('says that it finds more people than there are', async () => {
      const { problem } = await verifyWith((golden) => {
        golden.people.pop();
      });
      expect(problem).toMatch(/must find \d+ people, current value is \d+/);
    });

    it('says how a head is turned that should be turned otherwise', async () => {
      const manifest = await readManifest(folder);
      manifest.headWatchers[0]!.golden!.yaw += 0.2;
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
      const { ok, verdicts } = await verifyModels({ folder, runtimes: ['onnxruntime'] });
      expect(ok).toBe(false);
      expect(verdicts.map((verdict) => verdict.ok)).toEqual([true, true, false]);
      expect(verdicts[2]!.problem).toMatch(
        /must see a head turned by [\d.]+ at 0\.\d+, current value is [\d.]+ at/,
      );
    });

    it('refuses a golden image that was changed', async () => {
      const { problem } = await verifyWith((golden) => {
        golden.sha256 = golden.sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
      });
      expect(problem).toMatch(/sha256 must be/);
    });

    it('gives the sentence and the remedy of a changed model, and goes on to the next', async () => {
      await writeFile(join(folder, 'person-nanodet-640x384.onnx'), 'something else');
      const { ok, verdicts } = await verifyModels({ folder });
      expect(ok).toBe(false);
      expect(verdicts.map((verdict) => verdict.ok)).toEqual([false, true, true, true, true]);
      expect(verdicts[0]!.problem).toMatch(/sha256 must be/);
      expect(verdicts[0]!.remedy).toMatch(/lobby models build/);
    });
  });
});
