import { describe, expect, it } from 'vitest';
import { openOnnx } from '../../edge/detectors/onnx.ts';
import { openTensorflow } from '../../edge/detectors/tensorflow.ts';
import {
  type DetectorNetwork,
  type Halves,
  keepClass,
  keepPoints,
  type PoseNetwork,
  poseTables,
  resizeInput,
  turnChannels,
} from '../../models/convert/network.ts';
import { writeOnnx } from '../../models/convert/write-onnx.ts';
import { writeTensorflow } from '../../models/convert/write-tensorflow.ts';
import type { ModelEntry } from '../../src/contract/manifest.ts';

const size = { height: 32, width: 32 };
const sideBins = 8;

/** Half-precision numbers between ±1/16 and ±1, the same at each run. */
function weights(...shape: number[]): Halves {
  const count = shape.reduce((product, side) => product * side, 1);
  const bits = Uint16Array.from({ length: count }, (_, index) => {
    const mixed = Math.imul(index * 31 + count, 2654435761) >>> 0;
    return ((mixed & 1) << 15) | ((11 + (mixed % 4)) << 10) | ((mixed >>> 8) & 1023);
  });
  return { shape, bits };
}

/** One of each kind of layer that NanoDet has, on a picture of 32 × 32, with three classes. */
function smallNetwork(): DetectorNetwork {
  const convolution = (
    name: string,
    from: string,
    channels: number,
    out: number,
    window = 1,
    stride = 1,
    leak = true,
  ) => ({
    kind: 'convolution' as const,
    name,
    from,
    weights: weights(window, window, channels, out),
    bias: weights(out),
    stride,
    pad: window === 3 ? 1 : 0,
    ...(leak && { leak: 0.1 }),
  });
  return {
    input: 'picture',
    size,
    mean: [100, 110, 120],
    deviation: [55, 57, 59],
    layers: [
      convolution('half', 'picture', 3, 6, 3, 2),
      { kind: 'largest-of', name: 'quarter', from: 'half', window: 3, stride: 2, pad: 1 },
      convolution('eighth', 'quarter', 6, 6, 3, 2),
      convolution('same', 'eighth', 6, 6, 3, 1),
      { kind: 'join-channels', name: 'joined', from: ['same', 'eighth'] },
      { kind: 'resize', name: 'smaller', from: 'joined', height: 2, width: 2 },
      { kind: 'resize', name: 'larger', from: 'smaller', height: 4, width: 4 },
      { kind: 'sum', name: 'summed', from: ['joined', 'larger'] },
      convolution('last', 'smaller', 12, 12, 3, 2),
      convolution('head-8', 'summed', 12, 3 + sideBins, 1, 1, false),
      convolution('head-16', 'smaller', 12, 3 + sideBins, 1, 1, false),
      convolution('head-32', 'last', 12, 3 + sideBins, 1, 1, false),
    ],
    heads: [
      { from: 'head-8', stride: 8, cells: { height: 4, width: 4 } },
      { from: 'head-16', stride: 16, cells: { height: 2, width: 2 } },
      { from: 'head-32', stride: 32, cells: { height: 1, width: 1 } },
    ],
    classes: 3,
    sideBins,
  };
}

const entry = {
  id: 'small',
  input: size,
  outputs: [{ name: 'scores' }, { name: 'sides' }],
} as unknown as ModelEntry;
const picture = Uint8Array.from({ length: 32 * 32 * 3 }, (_, index) => (index * 7919) % 256);
const pictureTurned = Uint8Array.from(
  picture,
  (_, index) => picture[Math.floor(index / 3) * 3 + 2 - (index % 3)]!,
);

async function runOnnx(network: DetectorNetwork, rgb: Uint8Array) {
  const runner = await openOnnx(
    'small',
    [writeOnnx(network, { name: 'small', description: '', notes: {} })],
    1,
  );
  const answers = await runner.run(rgb);
  await runner.close();
  return answers;
}

async function runTensorflow(network: DetectorNetwork, rgb: Uint8Array) {
  const { model, weights } = writeTensorflow(network, { producer: 'test' });
  const runner = await openTensorflow({ ...entry, input: network.size }, [
    new TextEncoder().encode(model),
    weights,
  ]);
  const answers = await runner.run(rgb);
  await runner.close();
  return answers;
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  expect(one.length).toBe(other.length);
  return one.reduce((most, value, index) => Math.max(most, Math.abs(value - other[index]!)), 0);
}

describe('Converting a network', () => {
  it('gives ONNX Runtime and TensorFlow.js the same arithmetic, layer for layer', async () => {
    const network = keepClass(smallNetwork(), 1);
    const [onnx, tensorflow] = [await runOnnx(network, picture), await runTensorflow(network, picture)];
    expect(onnx.scores).toHaveLength(21);
    expect(onnx.sides).toHaveLength(21 * sideBins);
    expect(largestDifference(onnx.scores!, tensorflow.scores!)).toBeLessThan(1e-5);
    expect(largestDifference(onnx.sides!, tensorflow.sides!)).toBeLessThan(1e-3);
    // Control: answers that were all alike would agree whatever was converted.
    expect(new Set([...onnx.sides!].map((value) => value.toFixed(3))).size).toBeGreaterThan(100);
  });

  it('answers alike for a picture and for its channels turned round, once the network was turned too', async () => {
    const network = keepClass(smallNetwork(), 0);
    const asItIs = await runOnnx(network, picture);
    const turned = await runOnnx(turnChannels(network), pictureTurned);
    const onlyPicture = await runOnnx(network, pictureTurned);
    expect(largestDifference(asItIs.sides!, turned.sides!)).toBeLessThan(1e-3);
    expect(largestDifference(asItIs.sides!, onlyPicture.sides!)).toBeGreaterThan(0.01);
  });

  it('leaves the sides as they are, whichever class is kept, and the scores of that class alone', async () => {
    const answers = await Promise.all(
      [0, 1, 2].map((kept) => runOnnx(keepClass(smallNetwork(), kept), picture)),
    );
    const [first, second, third] = answers;
    expect(largestDifference(first!.sides!, second!.sides!)).toBe(0);
    expect(largestDifference(second!.sides!, third!.sides!)).toBe(0);
    expect(largestDifference(first!.scores!, second!.scores!)).toBeGreaterThan(0.01);
    expect(largestDifference(second!.scores!, third!.scores!)).toBeGreaterThan(0.01);
  });

  it('keeps of each head the one score and all the sides, bit for bit', () => {
    const headOf = (network: DetectorNetwork) => network.layers.find(({ name }) => name === 'head-8')!;
    const [before, after] = [headOf(smallNetwork()), headOf(keepClass(smallNetwork(), 1))];
    if (before.kind !== 'convolution' || after.kind !== 'convolution')
      throw new Error('a head is a convolution');
    const places = [1, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([...after.bias.bits]).toEqual(places.map((place) => before.bias.bits[place]));
    const lastRow = [before.weights, after.weights].map(({ bits, shape }) => [...bits.slice(-shape.at(-1)!)]);
    expect(lastRow[1]).toEqual(places.map((place) => lastRow[0]![place]));
  });

  it('cuts the other classes out of the weights, so that the file and the work shrink', () => {
    const before = writeOnnx(smallNetwork(), { name: 'small', description: '', notes: {} });
    const after = writeOnnx(keepClass(smallNetwork(), 0), { name: 'small', description: '', notes: {} });
    const droppedHalves = 3 * 2 * (12 + 1);
    expect(before.length - after.length).toBeGreaterThanOrEqual(droppedHalves * 2);
  });

  it('refuses to keep a class that was never trained', () => {
    expect(() => keepClass(smallNetwork(), 3)).toThrow(/must be 0 to 2, current value is 3/);
  });

  describe('to a picture of another size', () => {
    const wide = { height: 64, width: 96 };
    const widePicture = Uint8Array.from(
      { length: wide.width * wide.height * 3 },
      (_, index) => (index * 7919) % 256,
    );

    it('leaves every weight as it is', () => {
      const weightsOf = ({ layers }: DetectorNetwork) =>
        layers.flatMap((layer) => (layer.kind === 'convolution' ? [layer.weights, layer.bias] : []));
      const network = smallNetwork();
      expect(weightsOf(resizeInput(network, wide))).toEqual(weightsOf(network));
      expect(weightsOf(network)).toHaveLength(14);
    });

    it('gives ONNX Runtime and TensorFlow.js the same arithmetic there too', async () => {
      const network = resizeInput(keepClass(smallNetwork(), 1), wide);
      const onnx = await runOnnx(network, widePicture);
      const tensorflow = await runTensorflow(network, widePicture);
      // 12 × 8 cells of 8 pixels, 6 × 4 of 16, 3 × 2 of 32.
      expect(onnx.scores).toHaveLength(96 + 24 + 6);
      expect(largestDifference(onnx.scores!, tensorflow.scores!)).toBeLessThan(1e-5);
      expect(largestDifference(onnx.sides!, tensorflow.sides!)).toBeLessThan(1e-3);
      // Control: answers that were all alike would agree whatever was converted.
      expect(new Set([...onnx.sides!].map((value) => value.toFixed(3))).size).toBeGreaterThan(100);
    });

    it('keeps down and across apart', () => {
      const { size, heads, layers } = resizeInput(smallNetwork(), wide);
      expect(size).toEqual(wide);
      expect(heads.map(({ cells }) => cells)).toEqual([
        { height: 8, width: 12 },
        { height: 4, width: 6 },
        { height: 2, width: 3 },
      ]);
      const resized = layers.flatMap((layer) =>
        layer.kind === 'resize' ? [[layer.height, layer.width]] : [],
      );
      expect(resized).toEqual([
        [4, 6],
        [8, 12],
      ]);
    });

    it('of its own size is the same network, also after being another', () => {
      expect(resizeInput(smallNetwork(), size)).toEqual(smallNetwork());
      expect(resizeInput(resizeInput(smallNetwork(), wide), size)).toEqual(smallNetwork());
    });

    it.each([
      { height: 48, width: 64 },
      { height: 64, width: 48 },
      { height: 0, width: 32 },
      { height: 32, width: Number.NaN },
    ])('refuses $width×$height, in which the coarsest cells do not lie side by side', (wrong) => {
      const said = `multiples of 32, current value is ${wrong.width}×${wrong.height}`;
      expect(() => resizeInput(smallNetwork(), wrong)).toThrow(RangeError);
      expect(() => resizeInput(smallNetwork(), wrong)).toThrow(said);
    });
  });

  it('makes the same bytes from the same network', () => {
    const about = { name: 'small', description: '', notes: {} };
    expect(writeOnnx(smallNetwork(), about)).toEqual(writeOnnx(smallNetwork(), about));
  });

  describe('of body points', () => {
    /** One of each kind of layer that MoveNet has and NanoDet has not, on 32 × 32, with three points. */
    function smallPose(): PoseNetwork {
      const table = (name: string, out: number) => ({
        kind: 'convolution' as const,
        name,
        from: 'summed',
        weights: weights(1, 1, 6, out),
        bias: weights(out),
        stride: 1,
        pad: 0,
      });
      return {
        input: 'picture',
        size,
        mean: [127.5, 127.5, 127.5],
        deviation: [127.5, 127.5, 127.5],
        layers: [
          {
            kind: 'convolution',
            name: 'half',
            from: 'picture',
            weights: weights(3, 3, 3, 6),
            bias: weights(6),
            stride: 2,
            pad: 0,
            padEnd: 1,
            leak: 0,
            most: 6,
          },
          {
            kind: 'convolution',
            name: 'each',
            from: 'half',
            weights: weights(3, 3, 1, 6),
            bias: weights(6),
            apart: true,
            stride: 2,
            pad: 0,
            padEnd: 1,
            leak: 0,
          },
          {
            kind: 'convolution',
            name: 'again',
            from: 'each',
            weights: weights(3, 3, 1, 6),
            bias: weights(6),
            apart: true,
            stride: 1,
            pad: 1,
          },
          { kind: 'sum', name: 'summed', from: ['each', 'again'] },
          table('centre-sums', 1),
          table('point-sums', 3),
          table('way-sums', 6),
          table('offset-sums', 6),
        ],
        cells: { height: 8, width: 8 },
        points: 3,
        tables: { centre: 'centre-sums', points: 'point-sums', ways: 'way-sums', offsets: 'offset-sums' },
      };
    }
    const about = { name: 'small', description: '', notes: {} };

    async function runPose(network: PoseNetwork) {
      const onnx = await openOnnx('small', [writeOnnx(network, about)], 1);
      const { model, weights: bytes } = writeTensorflow(network, { producer: 'test' });
      const outputs = poseTables.map((name) => ({ name, shape: [] }));
      const tensorflow = await openTensorflow({ id: 'small', input: size, outputs }, [
        new TextEncoder().encode(model),
        bytes,
      ]);
      const answers = [await onnx.run(picture), await tensorflow.run(picture)] as const;
      await onnx.close();
      await tensorflow.close();
      return answers;
    }

    it('gives ONNX Runtime and TensorFlow.js the same arithmetic, table for table', async () => {
      const [onnx, tensorflow] = await runPose(smallPose());
      for (const [name, channels] of Object.entries({ centre: 1, points: 3, ways: 6, offsets: 6 })) {
        expect(onnx[name]).toHaveLength(64 * channels);
        expect(largestDifference(onnx[name]!, tensorflow[name]!)).toBeLessThan(1e-3);
      }
      // Control: answers that were all alike would agree whatever was converted.
      expect(new Set([...onnx.ways!].map((value) => value.toFixed(3))).size).toBeGreaterThan(100);
    });

    it('leaves the points that are kept as they are, and the rest out of the file', async () => {
      const run = async (network: PoseNetwork) => {
        const runner = await openOnnx('small', [writeOnnx(network, about)], 1);
        const answers = await runner.run(picture);
        await runner.close();
        return answers;
      };
      const [all, kept] = [await run(smallPose()), await run(keepPoints(smallPose(), 2))];
      expect(kept.centre).toEqual(all.centre);
      const firstOf = (table: Float32Array, of: number, count: number) =>
        table.filter((_, index) => index % of < count);
      expect(largestDifference(kept.points!, firstOf(all.points!, 3, 2))).toBeLessThan(1e-6);
      expect(largestDifference(kept.offsets!, firstOf(all.offsets!, 6, 4))).toBeLessThan(1e-4);
      const [before, after] = [writeOnnx(smallPose(), about), writeOnnx(keepPoints(smallPose(), 2), about)];
      const droppedHalves = (1 + 2 + 2) * (6 + 1);
      expect(before.length - after.length).toBeGreaterThanOrEqual(droppedHalves * 2);
    });

    it.each([0, 4, 1.5])('refuses to keep %s of three points', (count) => {
      expect(() => keepPoints(smallPose(), count)).toThrow(`there must be 1 to 3, current value is ${count}`);
    });

    it('refuses a bound that TensorFlow.js has no layer for', () => {
      const network = smallPose();
      const [first, ...rest] = network.layers;
      const bounded = { ...network, layers: [{ ...first, most: 5 } as typeof first & object, ...rest] };
      expect(() => writeTensorflow(bounded, { producer: 'test' })).toThrow(
        /cuts off at 6, current value is 5/,
      );
    });
  });
});
