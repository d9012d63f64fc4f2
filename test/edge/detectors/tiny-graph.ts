import { type ElementType, encodeOnnx, type Node, type Tensor } from '../../../models/convert/onnx-schema.ts';
import { cellCount } from '../../../src/core/detect/cells.ts';
import { plusStrides } from '../../../src/core/detect/nanodet-plus.ts';
import type { Size } from '../../../src/core/units.ts';
import { encode, logit, type Thing } from '../../core/detect/encode-heads.ts';

/** A table a graph answers with. */
interface Answer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type?: 'float32' | 'float16' | 'int64';
  /** What it says if the first channel of the picture is 1 everywhere. */
  readonly there: Float32Array;
  /** What it says if it is 0 everywhere. Default: the same. */
  readonly none?: Float32Array;
}

export interface TinyInput {
  readonly size: Size;
  readonly layout: 'nchw' | 'nhwc';
  readonly type: 'uint8' | 'float32' | 'float16';
  /** An input told the picture's width and height; boxes are multiplied by neither, but it must be given. */
  readonly sizeInput?: string;
}

const bytesOf = (numbers: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/**
 * Writes a graph that is no network and answers like one: what `there` says, by as much as the first channel of the
 * picture is full. A picture whose red is 255 and whose blue is 0 shows in which order and how large its numbers came.
 */
export function tinyGraph(input: TinyInput, answers: readonly Answer[]): Uint8Array {
  const { width, height } = input.size;
  const tensors: Tensor[] = [];
  const nodes: Node[] = [];
  const constant = (name: string, numbers: Float32Array, shape: readonly number[]): string => {
    tensors.push({ name, type: 'float32', shape, bytes: bytesOf(numbers) });
    return name;
  };
  const integers = (name: string, values: readonly number[], shape = [values.length]): string => {
    tensors.push({ name, type: 'int64', shape, bytes: bytesOf(BigInt64Array.from(values, BigInt)) });
    return name;
  };
  nodes.push({ op: 'Cast', from: ['picture'], to: ['numbers'], settings: { to: 1 } });
  integers('first', [0], []);
  const axis = input.layout === 'nchw' ? 1 : 3;
  nodes.push({ op: 'Gather', from: ['numbers', 'first'], to: ['channel'], settings: { axis } });
  nodes.push({ op: 'ReduceMean', from: ['channel'], to: ['fullness'], settings: { keepdims: 0 } });
  let fullness = 'fullness';
  if (input.sizeInput !== undefined) {
    // A graph drops what it does not use: nothing of it, added.
    nodes.push({ op: 'Cast', from: [input.sizeInput], to: ['size'], settings: { to: 1 } });
    nodes.push({ op: 'ReduceMean', from: ['size'], to: ['size-mean'], settings: { keepdims: 0 } });
    constant('nothing', Float32Array.of(0), []);
    nodes.push({ op: 'Mul', from: ['size-mean', 'nothing'], to: ['no-size'] });
    nodes.push({ op: 'Add', from: ['fullness', 'no-size'], to: ['told-fullness'] });
    fullness = 'told-fullness';
  }
  for (const { name, shape, there, none = there, type = 'float32' } of answers) {
    constant(`${name}-none`, none, shape);
    const more = there.map((value, index) => value - none[index]!);
    constant(`${name}-more`, more, shape);
    nodes.push({ op: 'Mul', from: [`${name}-more`, fullness], to: [`${name}-by`] });
    const sum = type === 'float32' ? name : `${name}-sum`;
    nodes.push({ op: 'Add', from: [`${name}-none`, `${name}-by`], to: [sum] });
    if (type !== 'float32') {
      nodes.push({ op: 'Cast', from: [sum], to: [name], settings: { to: type === 'int64' ? 7 : 10 } });
    }
  }
  const shape = input.layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  const inputs: { name: string; type: ElementType; shape: number[] }[] = [
    { name: 'picture', type: input.type, shape },
  ];
  if (input.sizeInput !== undefined) inputs.push({ name: input.sizeInput, type: 'int64', shape: [1, 2] });
  return encodeOnnx({
    name: 'tiny',
    description: 'Answers like a detector.',
    notes: {},
    inputs,
    outputs: answers.map((answer) => ({
      name: answer.name,
      type: answer.type ?? 'float32',
      shape: answer.shape,
    })),
    tensors,
    nodes,
  });
}

const zeros = (table: Float32Array): Float32Array => new Float32Array(table.length);

/** Answers of each kind of head to these things, as its usual exports name and shape them. */
export const answersOf = {
  'nanodet-plus'(things: readonly Thing[], input: Size, classes: number): Answer[] {
    const there = encode.nanodetPlus(things, input, { classes });
    const width = classes + 32;
    const none = there.map((value, index) => (index % width < classes ? 0 : value));
    return [{ name: 'output', shape: [1, cellCount(input, plusStrides), width], there, none }];
  },
  yolov8(things: readonly Thing[], _input: Size, classes: number): Answer[] {
    const there = encode.yolov8(things, { classes }, 100);
    return [{ name: 'output0', shape: [1, 4 + classes, 100], there, none: zeros(there) }];
  },
  'end-to-end'(things: readonly Thing[]): Answer[] {
    const there = encode.endToEnd(things, 300);
    return [
      {
        name: 'output0',
        shape: [1, 300, 6],
        there,
        none: there.map((value, at) => (at % 6 === 4 ? 0 : value)),
      },
    ];
  },
  detr(things: readonly Thing[], input: Size, classes: number): Answer[] {
    const { scores, boxes } = encode.detr(things, input, { classes }, 300);
    return [
      { name: 'logits', shape: [1, 300, classes], there: scores, none: scores.map(() => logit(0.001)) },
      { name: 'pred_boxes', shape: [1, 300, 4], there: boxes },
    ];
  },
  ssd(things: readonly Thing[], input: Size): Answer[] {
    const { boxes, scores, classes, count } = encode.ssd(things, input, 100);
    return [
      { name: 'detection_boxes', shape: [1, 100, 4], there: boxes },
      { name: 'detection_classes', shape: [1, 100], there: classes },
      { name: 'detection_scores', shape: [1, 100], there: scores, none: zeros(scores) },
      { name: 'num_detections', shape: [1], there: count },
    ];
  },
  /** RT-DETR and D-FINE as they export themselves: whole numbers for labels, pixels for boxes. */
  labelled(things: readonly Thing[]): Answer[] {
    const table = encode.endToEnd(things, 300);
    const column = (from: number, to: number) =>
      Float32Array.from({ length: 300 * (to - from) }, (_, index) => {
        const [row, at] = [Math.floor(index / (to - from)), index % (to - from)];
        return table[row * 6 + from + at]!;
      });
    const scores = column(4, 5);
    return [
      { name: 'labels', shape: [1, 300], type: 'int64', there: column(5, 6) },
      { name: 'boxes', shape: [1, 300, 4], there: column(0, 4) },
      { name: 'scores', shape: [1, 300], there: scores, none: zeros(scores) },
    ];
  },
} as const;
