import { LobbyError } from '../../src/contract/errors.ts';
import type { ModelUse } from '../../src/contract/manifest.ts';
import { cellCount } from '../../src/core/detect/cells.ts';
import type { TensorAbout } from './onnx.ts';

const wanted =
  'it must be a YOLOX exported without decoding (float32 [1, 3, height, width] to [1, cells, 5 + classes]); ' +
  'any other is added once with `lobby models add`';

/**
 * Tells from its inputs and outputs what a model is that somebody brought without a manifest.
 *
 * @throws {LobbyError} `LOBBY_MODEL_WRONG` if it is none that is known
 */
export function recognise(
  model: string,
  inputs: readonly TensorAbout[],
  outputs: readonly TensorAbout[],
): ModelUse {
  const wrong = (is: string): LobbyError =>
    new LobbyError('LOBBY_MODEL_WRONG', { model, problem: `${wanted}; ${is}` });
  const [input, output] = [inputs[0], outputs[0]];
  if (!input || !output || inputs.length > 1 || outputs.length > 1) {
    throw wrong(`it has ${inputs.length} inputs and ${outputs.length} outputs`);
  }
  const [batch, channels, height, width] = input.shape.map(Number);
  const whole = [height, width].every((size) => Number.isInteger(size) && size! > 0);
  if (input.type !== 'float32' || input.shape.length !== 4 || batch !== 1 || channels !== 3 || !whole) {
    throw wrong(`its input is ${input.type} [${input.shape.join(', ')}]`);
  }
  const size = { width: width!, height: height! };
  const [answers, cells, numbers] = output.shape.map(Number);
  if (output.shape.length !== 3 || answers !== 1 || cells !== cellCount(size) || !(numbers! > 5)) {
    throw wrong(`its output is [${output.shape.join(', ')}]`);
  }
  return {
    id: model,
    head: 'yolox',
    input: size,
    fit: 'letterbox',
    scoreThreshold: 0.15,
    greatestOverlap: 0.5,
    outputs: [{ name: output.name, shape: [1, cells, numbers!] }],
  };
}
