import type { DetectorNetwork, Halves, Head, Layer } from './network.ts';

/** The parts of a TensorFlow.js graph model that are read here. */
export interface GraphModel {
  readonly modelTopology: { readonly node: readonly GraphNode[] };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly GraphWeight[];
  }[];
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, GraphAttribute>>;
}

interface GraphAttribute {
  readonly f?: number;
  readonly b?: boolean;
  readonly s?: string;
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] };
}

interface GraphWeight {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly quantization?: { readonly dtype: string };
}

export type Constant = Halves | { readonly shape: readonly number[]; readonly numbers: Int32Array };

/** A layer's result, and the padding that waits to be taken up by the layer that reads it. */
interface Result {
  readonly layer: string;
  readonly pad: number;
}

const channelsLast = '0,2,3,1';
const channelsFirst = '0,3,1,2';

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Cannot convert the graph: ${what}`);
}

/** Reads the weights file: half-precision numbers and whole ones, by name. */
export function readConstants(model: GraphModel, bytes: Uint8Array): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (const { name, dtype, shape, quantization } of model.weightsManifest.flatMap(
    ({ weights }) => weights,
  )) {
    const count = shape.reduce((product, side) => product * side, 1);
    if (quantization) {
      must(quantization.dtype === 'float16', `${name} must be float16, it is ${quantization.dtype}`);
      const bits = Uint16Array.from({ length: count }, (_, index) => view.getUint16(at + 2 * index, true));
      constants.set(name, { shape, bits });
      at += 2 * count;
    } else {
      must(dtype === 'int32', `${name} must be int32 or float16, it is ${dtype}`);
      const numbers = Int32Array.from({ length: count }, (_, index) => view.getInt32(at + 4 * index, true));
      constants.set(name, { shape, numbers });
      at += 4 * count;
    }
  }
  must(at === bytes.byteLength, `the weights must be ${at} bytes, they are ${bytes.byteLength}`);
  return constants;
}

/**
 * Reads NanoDet from its TensorFlow.js form.
 *
 * That form was itself converted from ONNX: nearly each layer is wrapped in transposes between channels first
 * and channels last, and paddings are nodes of their own. Transposes vanish here, since a layer says what it
 * does and not in which order its numbers lie; paddings, biases and leaks join the convolution they belong to.
 *
 * @param bytes the weights, as listed by the model's manifest
 * @throws {Error} if the graph holds anything else than NanoDet does
 */
export function readTensorflow(model: GraphModel, bytes: Uint8Array): DetectorNetwork {
  const constants = readConstants(model, bytes);
  const nodes = new Map(model.modelTopology.node.map((node) => [node.name, node]));
  const layers = new Map<string, Layer>();
  const done = new Map<string, Result>();

  const numbers = (name: string): readonly number[] => {
    const constant = constants.get(name);
    must(constant !== undefined && 'numbers' in constant, `${name} must be whole numbers`);
    return [...constant.numbers];
  };
  const halves = (name: string): Halves => {
    const constant = constants.get(name);
    must(constant !== undefined && 'bits' in constant, `${name} must be weights`);
    return constant;
  };
  const nodeOf = (name: string): GraphNode => {
    const node = nodes.get(name.split(':')[0]!);
    must(node !== undefined, `there must be a node ${name}`);
    return node;
  };
  const plain = (name: string): string => {
    const { layer, pad } = resultOf(name);
    must(pad === 0, `${name} must not be padded where it is read`);
    return layer;
  };
  const strideOf = ({ name, attr }: GraphNode): number => {
    const strides = attr?.strides?.list?.i ?? [];
    must(strides[1] === strides[2], `${name} must step as far down as across`);
    must(attr?.padding?.s === 'VkFMSUQ=', `${name} must leave padding to its own node`);
    return Number(strides[1]);
  };
  const change = (name: string, change: Partial<Extract<Layer, { kind: 'convolution' }>>): Result => {
    const layer = layers.get(name);
    must(layer?.kind === 'convolution', `${name} must be a convolution`);
    layers.set(name, { ...layer, ...change });
    return { layer: name, pad: 0 };
  };
  // What the layer reads is converted before this is called, so layers are named and kept in working order.
  function add<Kind extends Layer['kind']>(
    kind: Kind,
    layer: Omit<Extract<Layer, { kind: Kind }>, 'kind' | 'name'>,
  ): Result {
    const name = `${kind}-${layers.size + 1}`;
    layers.set(name, { kind, name, ...layer } as unknown as Layer);
    return { layer: name, pad: 0 };
  }

  function resultOf(name: string): Result {
    const known = done.get(name);
    if (known) return known;
    const result = convert(nodeOf(name));
    done.set(name, result);
    return result;
  }

  function convert(node: GraphNode): Result {
    const { name, op } = node;
    const inputs = node.input ?? [];
    const first = inputs[0] ?? '';
    switch (op) {
      case 'Placeholder':
        return { layer: name, pad: 0 };
      case 'Transpose': {
        const order = numbers(inputs[1]!).join();
        must(order === channelsLast || order === channelsFirst, `${name} must only move the channels`);
        return resultOf(first);
      }
      case 'Pad':
      case 'PadV2': {
        const [, , , , top, bottom, left, right] = numbers(inputs[1]!);
        must(top === bottom && left === right && top === left, `${name} must pad all four sides alike`);
        return { layer: plain(first), pad: top! };
      }
      case 'Conv2D': {
        const { layer, pad } = resultOf(first);
        const weights = halves(inputs[1]!);
        const channels = weights.shape[3]!;
        const bias = { shape: [channels], bits: new Uint16Array(channels) };
        return add('convolution', { from: layer, weights, bias, stride: strideOf(node), pad });
      }
      case 'Add':
      case 'AddV2':
        if (constants.has(inputs[1]!)) return change(plain(first), { bias: halves(inputs[1]!) });
        return add('sum', { from: [plain(first), plain(inputs[1]!)] });
      case 'LeakyRelu':
        return change(plain(first), { leak: node.attr?.alpha?.f ?? 0.2 });
      case 'MaxPool': {
        const { layer, pad } = resultOf(first);
        const window = Number(node.attr?.ksize?.list?.i?.[1]);
        return add('largest-of', { from: layer, window, stride: strideOf(node), pad });
      }
      case 'ConcatV2': {
        must(numbers(inputs.at(-1)!)[0] === 1, `${name} must join channels`);
        return add('join-channels', { from: inputs.slice(0, -1).map(plain) });
      }
      case 'ResizeBilinear': {
        must(node.attr?.half_pixel_centers?.b === true, `${name} must sample at the centres of pixels`);
        const [height, width] = numbers(inputs[1]!) as [number, number];
        return add('resize', { from: plain(first), height, width });
      }
      default:
        throw new Error(`Cannot convert the graph: ${name} is a ${op}, which NanoDet does not have`);
    }
  }

  /** Walks back from an output to the split of a head: through reshape, transpose and sigmoid. */
  function headOf(output: string): { from: string; part: number; channels: readonly number[] } {
    let name = nodeOf(output).input![0]!;
    while (nodeOf(name).op !== 'SplitV') name = nodeOf(name).input![0]!;
    const split = nodeOf(name).input!;
    return { from: plain(split[0]!), part: Number(name.split(':')[1] ?? 0), channels: numbers(split[1]!) };
  }

  const placeholder = model.modelTopology.node.find(({ op }) => op === 'Placeholder');
  must(placeholder !== undefined, 'it must have an input');
  const size = { height: 416, width: 416 };
  const outputs = model.modelTopology.node.filter(({ op }) => op === 'Identity');
  const found = outputs.map(({ name }) => headOf(name));
  const scores = found.filter(({ part }) => part === 0);
  must(scores.length === 3 && found.length === 6, 'it must have three heads of scores and sides');
  const [classes, sideBins] = scores[0]!.channels as [number, number];
  // The scores come in the order of their outputs, finest cells first, which are the strides in rising order.
  const heads = scores.map(({ from }, index): Head => {
    const stride = 8 * 2 ** index;
    return { from, stride, cells: { height: size.height / stride, width: size.width / stride } };
  });
  return {
    input: placeholder.name,
    size,
    // Blue, green, red: as in the configuration of NanoDet-g that the weights were trained with.
    mean: [103.53, 116.28, 123.675],
    deviation: [57.375, 57.12, 58.395],
    layers: [...layers.values()],
    heads,
    classes,
    sideBins,
  };
}
