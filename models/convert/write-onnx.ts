import {
  type DetectorNetwork,
  type Halves,
  type Layer,
  type Network,
  type PoseNetwork,
  poseTables,
} from './network.ts';
import { type ElementType, encodeOnnx, type Node, type Tensor, type Value } from './onnx-schema.ts';
import { transformsOf, winogradTile } from './winograd.ts';

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

function writeLayers(network: Network, writing: Writing): void {
  const { nodes, constant, node, integers } = writing;
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
        if (isWorthTiles(network, layer)) {
          const sum = leak === undefined ? name : `${name}-sum`;
          writeInTiles(network, layer, sum, writing);
          if (leak !== undefined) node('LeakyRelu', [sum], name, { alpha: { float: leak } });
          break;
        }
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

type Convolution = Extract<Layer, { kind: 'convolution' }>;

/**
 * Whether a convolution is faster by Winograd's transform: measured of single layers on a processor with AVX2, 0.65 to
 * 0.71 of the time with 128 channels in and out, as long with 64, and 1.7 times as long with 32. Where there are few
 * cells, as many weights as there are transformed cost more memory than the time is worth.
 */
function isWorthTiles(network: Network, layer: Convolution): boolean {
  const [height, width, channels, out] = layer.weights.shape as [number, number, number, number];
  const { stride, pad, padEnd = pad, apart, leak, most } = layer;
  const cells = cellsOf(network, layer.name);
  return (
    'heads' in network &&
    height === 3 &&
    width === 3 &&
    stride === 1 &&
    pad === 1 &&
    padEnd === 1 &&
    apart === undefined &&
    most === undefined &&
    leak !== 0 &&
    Math.min(channels, out) >= 128 &&
    cells.height % winogradTile === 0 &&
    cells.width % winogradTile === 0 &&
    cells.height * cells.width >= 960
  );
}

/**
 * A convolution of three by three by Winograd's transform: of tiles of four by four cells, each needs 36 multiplications
 * a pair of channels instead of 144. Equal but for rounding.
 *
 *     picture ─▶ tiles of 6×6, each channel alone, transformed (one convolution)   [36, channels, tiles]
 *     weights ─▶ transformed, folded away when the file is loaded                  [36, out, channels]
 *     36 products of matrices ─▶ [36, out, tiles] ─▶ back to 4×4 cells a tile ─▶ put side by side, plus bias
 */
function writeInTiles(network: Network, layer: Convolution, to: string, writing: Writing): void {
  const { constant, integers, node, nodes } = writing;
  const { name } = layer;
  const [, , channels, out] = layer.weights.shape as [number, number, number, number];
  const { height, width } = cellsOf(network, name);
  const [down, across] = [height / winogradTile, width / winogradTile];
  const tiles = down * across;
  const step = (what: string) => `${name}-${what}`;
  const floats = (what: string, shape: readonly number[], values: readonly number[]) =>
    constant(step(what), 'float32', shape, bytesOf(Float32Array.from(values)));
  const halves = (what: string, shape: readonly number[], { bits }: Halves) => {
    constant(step(`${what}-half`), 'float16', shape, bytesOf(bits));
    nodes.push({ op: 'Cast', from: [step(`${what}-half`)], to: [step(what)], settings: { to: 1 } });
    return step(what);
  };
  const reshaped = (from: string, what: string, shape: readonly number[]) => {
    node('Reshape', [from, integers(step(`${what}-shape`), shape)], step(what));
    return step(what);
  };
  const transforms = transformsOf();

  const weights = halves('weights', [9, channels * out], layer.weights);
  node('MatMul', [floats('of-weights', [36, 9], transforms.ofWeights), weights], step('weights-flat'));
  node(
    'Transpose',
    [reshaped(step('weights-flat'), 'weights-in', [36, channels, out])],
    step('weights-tiles'),
    {
      perm: [0, 2, 1],
    },
  );

  const alone = reshaped(layer.from, 'alone', [channels, 1, height, width]);
  node('Conv', [alone, floats('of-picture', [36, 1, 6, 6], transforms.ofPicture)], step('tiles'), {
    kernel_shape: [6, 6],
    strides: [winogradTile, winogradTile],
    pads: [1, 1, 1, 1],
  });
  node('Transpose', [reshaped(step('tiles'), 'tiles-flat', [channels, 36, tiles])], step('tiles-first'), {
    perm: [1, 0, 2],
  });
  node('MatMul', [step('weights-tiles'), step('tiles-first')], step('products'));
  const products = reshaped(step('products'), 'products-flat', [36, out * tiles]);
  node('MatMul', [floats('back', [16, 36], transforms.back), products], step('cells-flat'));
  const inTiles = reshaped(step('cells-flat'), 'cells-in-tiles', [
    winogradTile,
    winogradTile,
    out,
    down,
    across,
  ]);
  node('Transpose', [inTiles], step('cells-apart'), { perm: [2, 3, 0, 4, 1] });
  const cells = reshaped(step('cells-apart'), 'cells', [1, out, height, width]);
  node('Add', [cells, halves('bias', [1, out, 1, 1], layer.bias)], to);
}

/** Cells of a layer, or of the picture. */
function cellsOf(network: Network, name: string): { readonly height: number; readonly width: number } {
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (!layer) return network.size;
  switch (layer.kind) {
    case 'resize':
      return layer;
    case 'join-channels':
    case 'sum':
      return cellsOf(network, layer.from[0]!);
    default: {
      const before = cellsOf(network, layer.from);
      const [rows, columns] =
        layer.kind === 'largest-of'
          ? [layer.window, layer.window]
          : (layer.weights.shape as [number, number]);
      const padEnd = layer.kind === 'largest-of' ? layer.pad : (layer.padEnd ?? layer.pad);
      const count = (side: number, window: number) =>
        Math.floor((side + layer.pad + padEnd - window) / layer.stride) + 1;
      return { height: count(before.height, rows), width: count(before.width, columns) };
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
