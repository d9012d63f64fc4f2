import type { Halves, Layer, PoseNetwork } from './network.ts';
import { type GraphModel, type GraphNode, must, readConstants } from './read-tensorflow.ts';

const nested = 'StatefulPartitionedCall';
/** What the layers read: the picture, moved and scaled. */
const input = `${nested}/sub_1`;
const size = { height: 192, width: 192 };

const textOf = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString();

/** How TensorFlow spreads the zeros of `SAME` over the two sides of an edge: the odd one comes last. */
function samePads(side: number, window: number, stride: number): { pad: number; padEnd: number } {
  const zeros = Math.max(0, (Math.ceil(side / stride) - 1) * stride + window - side);
  return { pad: Math.floor(zeros / 2), padEnd: Math.ceil(zeros / 2) };
}

/**
 * Reads MoveNet Lightning from its TensorFlow.js form: the convolutions, up to the four tables. What the published
 * graph does with the tables afterwards is arithmetic on a few hundred numbers and stands in
 * `src/core/head/movenet.ts`, where it can be read and tested.
 *
 * @param bytes the weights, as listed by the model's manifest
 * @throws {Error} if the graph holds anything else than MoveNet does
 */
export function readMovenet(model: GraphModel, bytes: Uint8Array): PoseNetwork {
  const constants = readConstants(model, bytes);
  const nodes = new Map(model.modelTopology.node.map((node) => [node.name, node]));
  const layers = new Map<string, Layer>();
  /** Layers by the name of their node, with the height of what they give. */
  const done = new Map<string, { readonly layer: string; readonly side: number }>([
    [input, { layer: input, side: size.height }],
  ]);

  const halves = (name: string): Halves => {
    const constant = constants.get(name);
    must(constant !== undefined && 'bits' in constant, `${name} must be weights`);
    return constant;
  };
  const resultOf = (name: string) => {
    const known = done.get(name);
    if (known) return known;
    const node = nodes.get(name);
    must(node !== undefined, `there must be a node ${name}`);
    const { side, ...layer } = convert(node);
    const result = { layer: `${layer.kind}-${layers.size + 1}`, side };
    layers.set(result.layer, { ...layer, name: result.layer } as unknown as Layer);
    done.set(name, result);
    return result;
  };

  function convert(node: GraphNode): Omit<Layer, 'name'> & { readonly side: number } {
    const { name, op, attr } = node;
    const [first = '', second = '', third] = node.input ?? [];
    switch (op) {
      case '_FusedConv2D':
      case 'FusedDepthwiseConv2dNative':
      case 'DepthwiseConv2dNative': {
        const { layer: from, side } = resultOf(first);
        const { shape, bits } = halves(second);
        const [height, width, channels, out] = shape as [number, number, number, number];
        const apart = op !== '_FusedConv2D';
        must(height === width && (!apart || out === 1), `${name} must have square windows, one a channel`);
        const [, down, across] = attr?.strides?.list?.i ?? [];
        must(down === across, `${name} must step as far down as across`);
        const isSame = textOf(attr?.padding?.s) === 'SAME';
        must(isSame || height === 1, `${name} must keep the size of its picture`);
        const stride = Number(down);
        const { pad, padEnd } = samePads(side, height, stride);
        const given = apart ? channels : out;
        const [, after, ...rest] = attr?.fused_ops?.list?.s?.map(textOf) ?? [];
        must(rest.length === 0 && ['Relu', 'Relu6', undefined].includes(after), `${name} ends in ${after}`);
        const layer = {
          kind: 'convolution' as const,
          from,
          // Whether the ones stand before or after the channels, the numbers lie in the same order.
          weights: apart ? { shape: [height, width, 1, channels], bits } : { shape, bits },
          bias: third === undefined ? { shape: [given], bits: new Uint16Array(given) } : halves(third),
          ...(apart && { apart: true as const }),
          stride,
          pad,
          ...(padEnd !== pad && { padEnd }),
          ...(after !== undefined && { leak: 0 }),
          ...(after === 'Relu6' && { most: 6 }),
        };
        return { ...layer, side: Math.ceil(side / stride) };
      }
      case 'AddV2': {
        const [one, other] = [resultOf(first), resultOf(second)];
        must(one.side === other.side, `${name} must add pictures of one size`);
        const layer = { kind: 'sum' as const, from: [one.layer, other.layer] as const };
        return { ...layer, side: one.side };
      }
      case 'ResizeBilinear': {
        must(attr?.half_pixel_centers?.b === true, `${name} must sample at the centres of pixels`);
        const sides = constants.get(second);
        must(sides !== undefined && 'numbers' in sides, `${second} must be whole numbers`);
        const [height, width] = sides.numbers as unknown as [number, number];
        const layer = { kind: 'resize' as const, from: resultOf(first).layer, height, width };
        return { ...layer, side: height };
      }
      default:
        throw new Error(`Cannot convert the graph: ${name} is a ${op}, which MoveNet does not have`);
    }
  }

  const tableOf = (name: string) => resultOf(`${nested}/${name}/BiasAdd`);
  const tables = {
    centre: tableOf('center_0/conv2d_4').layer,
    points: tableOf('kpt_heatmap_0/conv2d_5').layer,
    ways: tableOf('kpt_regress_0/conv2d_6').layer,
    offsets: tableOf('kpt_offset_0/conv2d_7').layer,
  };
  const { side } = tableOf('center_0/conv2d_4');
  // A byte times this, less one; as a half-precision number it is not quite 2 ⁄ 255.
  const scale = halves(`${nested}/truediv`);
  must(new Set(scale.bits).size === 1, 'the picture must be scaled alike in all channels');
  const even = 1 / fromHalf(scale.bits[0]!);
  return {
    input,
    size,
    mean: [even, even, even],
    deviation: [even, even, even],
    layers: [...layers.values()],
    cells: { height: side, width: side },
    points: 17,
    tables,
  };
}

/** The value of a normal half-precision number. */
function fromHalf(bits: number): number {
  const value = 2 ** (((bits >> 10) & 31) - 15) * (1 + (bits & 1023) / 1024);
  return bits >> 15 ? -value : value;
}
