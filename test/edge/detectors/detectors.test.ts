import { openDetector } from '../../../edge/detectors/open-detector.ts';
import { detectorConformance } from '../../conformance/detector.ts';
import { goldenFrame } from './golden.ts';

detectorConformance('NanoDet on ONNX Runtime', {
  open: () => openDetector({ runtime: 'onnxruntime', threads: 1 }),
  pictureWithPeople: goldenFrame,
});

detectorConformance('NanoDet on TensorFlow.js', {
  open: () => openDetector({ runtime: 'tfjs' }),
  pictureWithPeople: goldenFrame,
});
