import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { openDetector } from '../../../edge/detectors/open-detector.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { detectorConformance } from '../../conformance/detector.ts';
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
