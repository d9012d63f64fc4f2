import { encodeOnnx } from '../../../models/convert/onnx-schema.ts';

/** A model that gives back what it is given, in the shape that is asked for: enough to say what it would give. */
export function writeTinyModel(shape: readonly number[]): Uint8Array {
  return encodeOnnx({
    name: 'tiny',
    description: 'For a test',
    inputs: [{ name: 'image', type: 'float32', shape }],
    outputs: [{ name: 'feature', type: 'float32', shape }],
    tensors: [],
    nodes: [{ op: 'Identity', from: ['image'], to: ['feature'] }],
    notes: {},
  });
}
