/**
 * What ONNX Runtime may compute on. Which of them a build has is its own affair: that of npm has the processor and WebGPU,
 * CUDA on Linux where its libraries were installed with it, CoreML on a Mac, DirectML on Windows.
 */
export const providers = [
  'cpu',
  'cuda',
  'tensorrt',
  'openvino',
  'coreml',
  'dml',
  'webgpu',
  'xnnpack',
  'qnn',
] as const;
export type Provider = (typeof providers)[number];
