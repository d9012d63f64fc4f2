import type { Halves, Network } from './network.ts';
import { type ElementType, encodeOnnx, type Node, type Tensor } from './onnx-schema.ts';

/** From height, width, in, out (TensorFlow's order) to out, in, height, width (ONNX's). */
function outFirst({ shape, bits }: Halves): Halves {
  const [height, width, channels, out] = shape as [number, number, number, number];
  const turned = new Uint16Array(bits.length);
  for (let cell = 0; cell < height * width; cell++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let to = 0; to < out; to++) {
        turned[(to * channels + channel) * height * width + cell] =
          bits[(cell * channels + channel) * out + to]!;
      }
    }
  }
  return { shape: [out, channels, height, width], bits: turned };
}

const bytesOf = (numbers: Uint16Array | Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/**
 * Writes a one-class network as an ONNX file that takes a frame as it is.
 *
 *     image   uint8   [1, height, width, 3]   packed red, green, blue
 *     scores  float32 [cells]                 0 to 1, finest cells first, row by row
 *     sides   float32 [cells, 4 × bins]       left, top, right, bottom; before softmax
 *
 * Reordering, subtracting the mean and dividing by the deviation are in the graph, so the caller hands over
 * the bytes and loops over no pixels. Weights are float16 in the file and widened by a `Cast` that the runtime
 * folds away when it loads.
 */
export function writeOnnx(
  network: Network,
  about: { name: string; description: string; notes: Record<string, string> },
): Uint8Array {
  const { height, width } = network.size;
  const tensors: Tensor[] = [];
  const nodes: Node[] = [];

  const constant = (name: string, type: ElementType, shape: readonly number[], bytes: Uint8Array): string => {
    tensors.push({ name, type, shape, bytes });
    return name;
  };
  const integers = (name: string, values: readonly number[]): string =>
    constant(name, 'int64', [values.length], bytesOf(BigInt64Array.from(values, BigInt)));
  const perChannel = (name: string, values: readonly number[]): string =>
    constant(name, 'float32', [1, values.length, 1, 1], bytesOf(Float32Array.from(values)));
  const widened = (name: string, { shape, bits }: Halves): string => {
    constant(`${name}-half`, 'float16', shape, bytesOf(bits));
    nodes.push({ op: 'Cast', from: [`${name}-half`], to: [name], settings: { to: 1 } });
    return name;
  };
  const node = (
    op: string,
    from: readonly string[],
    to: string | readonly string[],
    settings?: Node['settings'],
  ) => {
    nodes.push({ op, from, to: typeof to === 'string' ? [to] : to, ...(settings && { settings }) });
  };

  node('Transpose', ['image'], 'channels-first', { perm: [0, 3, 1, 2] });
  node('Cast', ['channels-first'], 'widened', { to: 1 });
  node('Sub', ['widened', perChannel('mean', network.mean)], 'centred');
  const inverse = network.deviation.map((deviation) => 1 / deviation);
  node('Mul', ['centred', perChannel('inverse-deviation', inverse)], network.input);

  for (const layer of network.layers) {
    const { name } = layer;
    switch (layer.kind) {
      case 'convolution': {
        const { stride, pad, leak } = layer;
        const window = layer.weights.shape.slice(0, 2);
        const weights = widened(`${name}-weights`, outFirst(layer.weights));
        const bias = widened(`${name}-bias`, layer.bias);
        node('Conv', [layer.from, weights, bias], leak === undefined ? name : `${name}-sum`, {
          kernel_shape: window,
          strides: [stride, stride],
          pads: [pad, pad, pad, pad],
        });
        if (leak !== undefined) node('LeakyRelu', [`${name}-sum`], name, { alpha: { float: leak } });
        break;
      }
      case 'largest-of': {
        const { window, stride, pad } = layer;
        node('MaxPool', [layer.from], name, {
          kernel_shape: [window, window],
          strides: [stride, stride],
          pads: [pad, pad, pad, pad],
        });
        break;
      }
      case 'join-channels':
        node('Concat', layer.from, name, { axis: 1 });
        break;
      case 'sum':
        node('Add', layer.from, name);
        break;
      case 'resize': {
        const channels = channelsOf(network, layer.from);
        const size = integers(`${name}-size`, [1, channels, layer.height, layer.width]);
        node('Resize', [layer.from, '', '', size], name, {
          mode: 'linear',
          coordinate_transformation_mode: 'half_pixel',
        });
        break;
      }
    }
  }

  const flat = integers('flat', [1 + network.sideBins, -1]);
  for (const head of network.heads) node('Reshape', [head.from, flat], `cells-${head.stride}`);
  node(
    'Concat',
    network.heads.map(({ stride }) => `cells-${stride}`),
    'cells',
    { axis: 1 },
  );
  const parts = integers('parts', [1, network.sideBins]);
  node('Split', ['cells', parts], ['score-row', 'side-rows'], { axis: 0 });
  node('Sigmoid', ['score-row'], 'score-table');
  node('Reshape', ['score-table', integers('one-row', [-1])], 'scores');
  node('Transpose', ['side-rows'], 'sides', { perm: [1, 0] });

  const cells = network.heads.reduce((sum, head) => sum + head.cells.height * head.cells.width, 0);
  return encodeOnnx({
    ...about,
    inputs: [{ name: 'image', type: 'uint8', shape: [1, height, width, 3] }],
    outputs: [
      { name: 'scores', type: 'float32', shape: [cells] },
      { name: 'sides', type: 'float32', shape: [cells, network.sideBins] },
    ],
    tensors,
    nodes,
  });
}

/** How many channels a layer gives. */
function channelsOf(network: Network, name: string): number {
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (!layer) return 3;
  switch (layer.kind) {
    case 'convolution':
      return layer.bias.shape[0]!;
    case 'join-channels':
      return layer.from.reduce((sum, from) => sum + channelsOf(network, from), 0);
    case 'sum':
      return channelsOf(network, layer.from[0]);
    default:
      return channelsOf(network, layer.from);
  }
}
