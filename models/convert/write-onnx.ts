import { type DetectorNetwork, type Halves, type Network, type PoseNetwork, poseTables } from './network.ts';
import { type ElementType, encodeOnnx, type Node, type Tensor, type Value } from './onnx-schema.ts';

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

/** A graph while it is written. */
interface Writing {
  readonly tensors: Tensor[];
  readonly nodes: Node[];
  readonly integers: (name: string, values: readonly number[]) => string;
  readonly constant: (name: string, type: ElementType, shape: readonly number[], bytes: Uint8Array) => string;
  readonly node: (
    op: string,
    from: readonly string[],
    to: string | readonly string[],
    settings?: Node['settings'],
  ) => void;
}

function beginWriting(): Writing {
  const tensors: Tensor[] = [];
  const nodes: Node[] = [];
  const constant: Writing['constant'] = (name, type, shape, bytes) => {
    tensors.push({ name, type, shape, bytes });
    return name;
  };
  return {
    tensors,
    nodes,
    constant,
    integers: (name, values) =>
      constant(name, 'int64', [values.length], bytesOf(BigInt64Array.from(values, BigInt))),
    node(op, from, to, settings) {
      nodes.push({ op, from, to: typeof to === 'string' ? [to] : to, ...(settings && { settings }) });
    },
  };
}

/**
 * Writes a network as an ONNX file that takes a frame as it is.
 *
 *     image    uint8   [1, height, width, 3]   packed red, green, blue
 *
 *     of a detector of one class
 *     scores   float32 [cells]                 0 to 1, finest cells first, row by row
 *     sides    float32 [cells, 4 × bins]       left, top, right, bottom; before softmax
 *
 *     of a network of body points
 *     centre   float32 [cells, 1]              0 to 1, row by row, as in all of them
 *     points   float32 [cells, points]         0 to 1
 *     ways     float32 [cells, 2 × points]     from a centre to each point: down, across, in cells
 *     offsets  float32 [cells, 2 × points]     where in the cell the point is: down, across, in cells
 *
 * Reordering, subtracting the mean and dividing by the deviation are in the graph, so the caller hands over
 * the bytes and loops over no pixels. Weights are float16 in the file and widened by a `Cast` that the runtime
 * folds away when it loads.
 */
export function writeOnnx(
  network: DetectorNetwork | PoseNetwork,
  about: { name: string; description: string; notes: Record<string, string> },
): Uint8Array {
  const { height, width } = network.size;
  const writing = beginWriting();
  const { tensors, nodes } = writing;
  writeLayers(network, writing);
  const outputs = 'heads' in network ? endDetector(network, writing) : endPose(network, writing);
  return encodeOnnx({
    ...about,
    inputs: [{ name: 'image', type: 'uint8', shape: [1, height, width, 3] }],
    outputs,
    tensors,
    nodes,
  });
}

function writeLayers(network: Network, { nodes, constant, integers, node }: Writing): void {
  const perChannel = (name: string, values: readonly number[]): string =>
    constant(name, 'float32', [1, values.length, 1, 1], bytesOf(Float32Array.from(values)));
  const number = (name: string, value: number): string =>
    constant(name, 'float32', [], bytesOf(Float32Array.of(value)));
  const widened = (name: string, { shape, bits }: Halves): string => {
    constant(`${name}-half`, 'float16', shape, bytesOf(bits));
    nodes.push({ op: 'Cast', from: [`${name}-half`], to: [name], settings: { to: 1 } });
    return name;
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
        const { stride, pad, padEnd = pad, leak, most, apart } = layer;
        const window = layer.weights.shape.slice(0, 2);
        const weights = widened(`${name}-weights`, outFirst(layer.weights));
        const bias = widened(`${name}-bias`, layer.bias);
        const sum = leak === undefined ? name : `${name}-sum`;
        node('Conv', [layer.from, weights, bias], sum, {
          kernel_shape: window,
          strides: [stride, stride],
          pads: [pad, pad, padEnd, padEnd],
          ...(apart && { group: layer.bias.shape[0]! }),
        });
        if (leak !== undefined && leak > 0) node('LeakyRelu', [sum], name, { alpha: { float: leak } });
        else if (most !== undefined)
          node('Clip', [sum, number(`${name}-least`, 0), number(`${name}-most`, most)], name);
        else if (leak === 0) node('Relu', [sum], name);
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
}

/** Joins the cells of all heads and parts scores from sides. */
function endDetector(network: DetectorNetwork, { node, integers }: Writing): Value[] {
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
  return [
    { name: 'scores', type: 'float32', shape: [cells] },
    { name: 'sides', type: 'float32', shape: [cells, network.sideBins] },
  ];
}

/** Makes a row of each cell. */
function endPose(network: PoseNetwork, { node, integers }: Writing): Value[] {
  const cells = network.cells.height * network.cells.width;
  return poseTables.map((table) => {
    const from = network.tables[table];
    const channels = channelsOf(network, from);
    const isShare = table === 'centre' || table === 'points';
    if (isShare) node('Sigmoid', [from], `${table}-shares`);
    node('Transpose', [isShare ? `${table}-shares` : from], `${table}-last`, { perm: [0, 2, 3, 1] });
    node('Reshape', [`${table}-last`, integers(`${table}-rows`, [cells, channels])], table);
    return { name: table, type: 'float32', shape: [cells, channels] };
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
