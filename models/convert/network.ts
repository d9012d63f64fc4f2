/**
 * A convolutional network between two file formats: read from one, pruned, written to others.
 * It knows only the kinds of layer that NanoDet and MoveNet are made of.
 */

/** Half-precision numbers as they lie in the file: 16 bits each, never widened on the way through. */
export interface Halves {
  readonly shape: readonly number[];
  readonly bits: Uint16Array;
}

export type Layer =
  | {
      readonly kind: 'convolution';
      readonly name: string;
      readonly from: string;
      /** Height, width, channels in (1 where each channel is taken alone), channels out. */
      readonly weights: Halves;
      /** Channels out. */
      readonly bias: Halves;
      /** Each channel is convolved alone, with weights of its own. */
      readonly apart?: true;
      readonly stride: number;
      /** Zeros added on each of the four sides. */
      readonly pad: number;
      /** Zeros added below and to the right, where that is not as many as above and to the left. */
      readonly padEnd?: number;
      /** What a negative result is multiplied by; absent where results are left as they are. */
      readonly leak?: number;
      /** What a larger result is cut down to. */
      readonly most?: number;
    }
  | {
      readonly kind: 'largest-of';
      readonly name: string;
      readonly from: string;
      readonly window: number;
      readonly stride: number;
      readonly pad: number;
    }
  | { readonly kind: 'join-channels'; readonly name: string; readonly from: readonly string[] }
  | { readonly kind: 'sum'; readonly name: string; readonly from: readonly [string, string] }
  | {
      readonly kind: 'resize';
      readonly name: string;
      readonly from: string;
      readonly height: number;
      readonly width: number;
    };

/** Where the network answers: one head for each stride, its channels the scores and then the sides. */
export interface Head {
  /** Input pixels a cell. */
  readonly stride: number;
  /** Cells of the head, `height × width`. */
  readonly cells: { readonly height: number; readonly width: number };
  readonly from: string;
}

export interface Network {
  /** The name by which layers refer to the picture. */
  readonly input: string;
  readonly size: { readonly height: number; readonly width: number };
  /** What is subtracted from a byte of each channel, and what the rest is divided by, in the channels' order. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  /** In an order in which each layer comes after those it reads from. */
  readonly layers: readonly Layer[];
}

/** A network that finds boxes. */
export interface DetectorNetwork extends Network {
  readonly heads: readonly Head[];
  /** Leading channels of a head that are scores: one a class. */
  readonly classes: number;
  /** Channels of a head that follow the scores: four sides times the bins of each. */
  readonly sideBins: number;
}

/** The tables in which a network of body points answers; in each, a row is a cell. */
export const poseTables = ['centre', 'points', 'ways', 'offsets'] as const;
export type PoseTable = (typeof poseTables)[number];

/** A network that finds the points of one body. */
export interface PoseNetwork extends Network {
  /** Cells of every table, `height × width`. */
  readonly cells: { readonly height: number; readonly width: number };
  /** How many points it finds. */
  readonly points: number;
  /**
   * The layer each table comes from: how much a cell is the body's centre (1 channel, before the sigmoid), how much
   * it is each point (a channel a point, before the sigmoid), how far from a centre each point lies and where in
   * its cell (two channels a point, down and then across, in cells).
   */
  readonly tables: Readonly<Record<PoseTable, string>>;
}

/** Keeps the given places along the last axis, in the given order. */
function keepLast(tensor: Halves, places: readonly number[]): Halves {
  const width = tensor.shape.at(-1)!;
  const rows = tensor.bits.length / width;
  const bits = new Uint16Array(rows * places.length);
  for (let row = 0; row < rows; row++) {
    for (const [to, place] of places.entries())
      bits[row * places.length + to] = tensor.bits[row * width + place]!;
  }
  return { shape: [...tensor.shape.slice(0, -1), places.length], bits };
}

/**
 * Keeps one class of all those the network was trained on. The score channels of the others are cut out of
 * the last convolution of each head, so that their work is saved and not merely ignored.
 *
 * @param kept the class's place among the scores; 0 is a person in COCO
 */
export function keepClass(network: DetectorNetwork, kept: number): DetectorNetwork {
  if (!Number.isInteger(kept) || kept < 0 || kept >= network.classes) {
    throw new RangeError(
      `Cannot keep a class: it must be 0 to ${network.classes - 1}, current value is ${kept}`,
    );
  }
  const heads = new Set(network.heads.map((head) => head.from));
  const places = [kept, ...Array.from({ length: network.sideBins }, (_, bin) => network.classes + bin)];
  const layers = network.layers.map((layer) =>
    layer.kind === 'convolution' && heads.has(layer.name)
      ? { ...layer, weights: keepLast(layer.weights, places), bias: keepLast(layer.bias, places) }
      : layer,
  );
  return { ...network, layers, classes: 1 };
}

/**
 * Keeps the first points of a body and cuts the others out of the last convolutions, so that the file can say
 * nothing of them.
 *
 * @param count 1 to as many as there are
 */
export function keepPoints(network: PoseNetwork, count: number): PoseNetwork {
  if (!Number.isInteger(count) || count < 1 || count > network.points) {
    throw new RangeError(
      `Cannot keep points: there must be 1 to ${network.points}, current value is ${count}`,
    );
  }
  const { tables } = network;
  const channels = new Map([
    [tables.points, count],
    [tables.ways, 2 * count],
    [tables.offsets, 2 * count],
  ]);
  const layers = network.layers.map((layer) => {
    const kept = channels.get(layer.name);
    if (kept === undefined || layer.kind !== 'convolution') return layer;
    const places = Array.from({ length: kept }, (_, place) => place);
    return { ...layer, weights: keepLast(layer.weights, places), bias: keepLast(layer.bias, places) };
  });
  return { ...network, layers, points: count };
}

/**
 * Turns the order of the picture's three channels round, from blue first to red first or back. The weights of
 * the convolutions that read the picture are put in the other order, so nothing has to be turned at run time.
 */
export function turnChannels<Kind extends Network>(network: Kind): Kind {
  const layers = network.layers.map((layer) => {
    if (layer.kind !== 'convolution' || layer.from !== network.input) return layer;
    const [height, width, channels, out] = layer.weights.shape as [number, number, number, number];
    const bits = new Uint16Array(layer.weights.bits.length);
    for (let cell = 0; cell < height * width; cell++) {
      for (let channel = 0; channel < channels; channel++) {
        const from = (cell * channels + channel) * out;
        const to = (cell * channels + (channels - 1 - channel)) * out;
        bits.set(layer.weights.bits.subarray(from, from + out), to);
      }
    }
    return { ...layer, weights: { shape: layer.weights.shape, bits } };
  });
  return {
    ...network,
    layers,
    mean: network.mean.toReversed() as unknown as Network['mean'],
    deviation: network.deviation.toReversed() as unknown as Network['deviation'],
  };
}

/**
 * The same network for a picture of another size: it is convolutional, so its weights hold for any, and only
 * the sizes it was written down with change.
 *
 * @param size both multiples of the coarsest stride, or cells of different grids would not lie on each other
 * @throws {RangeError} if they are not
 */
export function resizeInput(network: DetectorNetwork, size: Network['size']): DetectorNetwork {
  const coarsest = Math.max(...network.heads.map(({ stride }) => stride));
  const fits = (side: number) => side > 0 && side % coarsest === 0;
  if (!fits(size.height) || !fits(size.width)) {
    throw new RangeError(
      `Cannot resize the input: both sides must be multiples of ${coarsest}, current value is ${size.width}×${size.height}`,
    );
  }
  const scaled = (height: number, width: number) => ({
    height: (height * size.height) / network.size.height,
    width: (width * size.width) / network.size.width,
  });
  return {
    ...network,
    size,
    layers: network.layers.map((layer) =>
      layer.kind === 'resize' ? { ...layer, ...scaled(layer.height, layer.width) } : layer,
    ),
    heads: network.heads.map((head) => ({ ...head, cells: scaled(head.cells.height, head.cells.width) })),
  };
}
