import { type DetectorNetwork, type Halves, type PoseNetwork, poseTables } from './network.ts';

interface Weight {
  readonly name: string;
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly quantization?: { readonly dtype: 'float16'; readonly original_dtype: 'float32' };
}

interface Output {
  readonly name: string;
  readonly shape: readonly number[];
}

type Attribute = Readonly<Record<string, unknown>>;

const float = { type: 'DT_FLOAT' };
const text = (value: string): Attribute => ({ s: Buffer.from(value).toString('base64') });
const whole = (values: readonly number[]): Attribute => ({ list: { i: values.map(String) } });
const dimensions = (shape: readonly number[]): Attribute => ({
  dim: shape.map((size) => ({ size: String(size) })),
});

/**
 * Writes a network as a TensorFlow.js graph model with the same input and outputs as the ONNX file,
 * but for the input's type: TensorFlow.js has no bytes, so `image` is int32.
 *
 * Channels stay last throughout, which is how TensorFlow.js computes; bias and leak are fused into their
 * convolution. A convolution that steps by two keeps its padding as a node of its own, since TensorFlow's
 * `SAME` would pad one side only.
 *
 * @returns the model file's text and the bytes of `weights.bin`
 */
export function writeTensorflow(
  network: DetectorNetwork | PoseNetwork,
  about: { producer: string },
): { model: string; weights: Uint8Array } {
  const { height, width } = network.size;
  const nodes: object[] = [];
  const weights: Weight[] = [];
  const chunks: Uint8Array[] = [];

  const node = (name: string, op: string, input: readonly string[], attr: Attribute = {}): string => {
    nodes.push({ name, op, input, attr });
    return name;
  };
  const constant = (weight: Weight, numbers: Uint16Array | Float32Array | Int32Array): string => {
    nodes.push({ name: weight.name, op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } });
    weights.push(weight);
    chunks.push(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    return weight.name;
  };
  const halves = (name: string, { shape, bits }: Halves): string => {
    const quantization = { dtype: 'float16', original_dtype: 'float32' } as const;
    return constant({ name, dtype: 'float32', shape, quantization }, bits);
  };
  const floats = (
    name: string,
    values: readonly number[],
    shape: readonly number[] = [values.length],
  ): string => constant({ name, dtype: 'float32', shape }, Float32Array.from(values));
  const integers = (name: string, values: readonly number[], shape: readonly number[] = [values.length]) =>
    constant({ name, dtype: 'int32', shape }, Int32Array.from(values));
  const padded = (name: string, from: string, pad: number, padEnd: number, value: number): string => {
    const sides = integers(`${name}-sides`, [0, 0, pad, padEnd, pad, padEnd, 0, 0], [4, 2]);
    return node(`${name}-padded`, 'PadV2', [from, sides, floats(`${name}-outside`, [value], [])], {
      T: float,
    });
  };

  node('image', 'Placeholder', [], {
    dtype: { type: 'DT_INT32' },
    shape: { shape: dimensions([1, height, width, 3]) },
  });
  node('widened', 'Cast', ['image'], { SrcT: { type: 'DT_INT32' }, DstT: float });
  node('centred', 'Sub', ['widened', floats('mean', network.mean)], { T: float });
  const inverse = network.deviation.map((deviation) => 1 / deviation);
  node(network.input, 'Mul', ['centred', floats('inverse-deviation', inverse)], { T: float });

  for (const layer of network.layers) {
    const { name } = layer;
    switch (layer.kind) {
      case 'convolution': {
        const { stride, pad, padEnd = pad, leak, most, apart } = layer;
        const grows = pad > 0 && stride === 1;
        const isPadded = pad + padEnd > 0 && !grows;
        const from = isPadded ? padded(name, layer.from, pad, padEnd, 0) : layer.from;
        const [high, wide, , out] = layer.weights.shape as [number, number, number, number];
        const shape = apart ? [high, wide, out, 1] : layer.weights.shape;
        const weights = halves(`${name}-weights`, { ...layer.weights, shape });
        const inputs = [from, weights, halves(`${name}-bias`, layer.bias)];
        const after =
          leak === undefined ? [] : leak > 0 ? ['LeakyRelu'] : most === undefined ? ['Relu'] : ['Relu6'];
        if (most !== undefined && most !== 6)
          throw new RangeError(`Cannot write ${name}: TensorFlow cuts off at 6, current value is ${most}`);
        node(name, apart ? 'FusedDepthwiseConv2dNative' : '_FusedConv2D', inputs, {
          T: float,
          strides: whole([1, stride, stride, 1]),
          dilations: whole([1, 1, 1, 1]),
          padding: text(grows ? 'SAME' : 'VALID'),
          explicit_paddings: { list: {} },
          data_format: text('NHWC'),
          num_args: { i: '1' },
          fused_ops: { list: { s: ['BiasAdd', ...after].map((op) => text(op).s) } },
          epsilon: { f: 0 },
          leakyrelu_alpha: { f: leak ?? 0.2 },
        });
        break;
      }
      case 'largest-of':
        node(name, 'MaxPool', [padded(name, layer.from, layer.pad, layer.pad, -65504)], {
          T: float,
          ksize: whole([1, layer.window, layer.window, 1]),
          strides: whole([1, layer.stride, layer.stride, 1]),
          padding: text('VALID'),
          explicit_paddings: { list: {} },
          data_format: text('NHWC'),
        });
        break;
      case 'join-channels':
        node(name, 'ConcatV2', [...layer.from, integers(`${name}-axis`, [3], [])], {
          T: float,
          N: { i: String(layer.from.length) },
        });
        break;
      case 'sum':
        node(name, 'AddV2', layer.from, { T: float });
        break;
      case 'resize':
        node(name, 'ResizeBilinear', [layer.from, integers(`${name}-size`, [layer.height, layer.width])], {
          T: float,
          half_pixel_centers: { b: true },
          align_corners: { b: false },
        });
        break;
    }
  }

  const endDetector = (detector: DetectorNetwork): Output[] => {
    const flat = integers('flat', [-1, 1 + detector.sideBins]);
    const rows = detector.heads.map(({ from, stride }) =>
      node(`cells-${stride}`, 'Reshape', [from, flat], { T: float }),
    );
    const axis = integers('row-axis', [0], []);
    node('cells', 'ConcatV2', [...rows, axis], { T: float, N: { i: String(rows.length) } });
    const parts = integers('parts', [1, detector.sideBins]);
    node('split', 'SplitV', ['cells', parts, integers('column-axis', [1], [])], {
      T: float,
      num_split: { i: '2' },
    });
    node('score-table', 'Sigmoid', ['split'], { T: float });
    node('scores', 'Reshape', ['score-table', integers('one-row', [-1])], { T: float });
    node('sides', 'Identity', ['split:1'], { T: float });

    const cells = detector.heads.reduce((sum, head) => sum + head.cells.height * head.cells.width, 0);
    return [
      { name: 'scores', shape: [cells] },
      { name: 'sides', shape: [cells, detector.sideBins] },
    ];
  };
  const endPose = (pose: PoseNetwork): Output[] =>
    poseTables.map((table) => {
      const isShare = table === 'centre' || table === 'points';
      const channels = table === 'centre' ? 1 : table === 'points' ? pose.points : 2 * pose.points;
      const shape = [pose.cells.height * pose.cells.width, channels];
      const from = pose.tables[table];
      const read = isShare ? node(`${table}-shares`, 'Sigmoid', [from], { T: float }) : from;
      node(table, 'Reshape', [read, integers(`${table}-rows`, shape)], { T: float });
      return { name: table, shape };
    });

  const outputs = 'heads' in network ? endDetector(network) : endPose(network);
  const tensor = (name: string, dtype: string, shape: readonly number[]) => ({
    name: `${name}:0`,
    dtype,
    tensorShape: dimensions(shape),
  });
  const model = {
    format: 'graph-model',
    generatedBy: about.producer,
    convertedBy: 'lobby-sense',
    signature: {
      inputs: { image: tensor('image', 'DT_INT32', [1, height, width, 3]) },
      outputs: Object.fromEntries(outputs.map(({ name, shape }) => [name, tensor(name, 'DT_FLOAT', shape)])),
    },
    modelTopology: { node: nodes, versions: {}, library: {} },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  return { model: `${JSON.stringify(model)}\n`, weights: Buffer.concat(chunks) };
}
