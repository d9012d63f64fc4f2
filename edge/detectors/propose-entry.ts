import { LobbyError } from '../../src/contract/errors.ts';
import type { ModelEntry, ModelUse } from '../../src/contract/manifest.ts';
import type { BoxLayout } from '../../src/core/detect/box-layout.ts';
import { cellCount } from '../../src/core/detect/cells.ts';
import { plusStrides } from '../../src/core/detect/nanodet-plus.ts';
import type { Size } from '../../src/core/units.ts';
import type { TensorAbout } from './onnx.ts';

type Picture = NonNullable<ModelEntry['picture']>;
type Three = [number, number, number];

/** What somebody who brings a model says of it; whatever is left out is taken from the graph, or from what is usual. */
export interface Said {
  readonly head?: ModelUse['head'];
  readonly size?: Size;
  readonly channels?: Picture['channels'];
  readonly mean?: Three;
  readonly scale?: Three;
  readonly fit?: ModelUse['fit'];
  readonly classes?: number;
  readonly person?: number;
  readonly boxOrder?: BoxLayout['order'];
  readonly boxUnit?: BoxLayout['unit'];
  readonly scores?: NonNullable<ModelUse['scores']>;
  readonly scoreThreshold?: number;
  readonly greatestOverlap?: number;
}

/** One thing of an entry, and where it is from. */
export interface Known {
  readonly what: string;
  readonly value: string;
  /** `graph`: it stands in the file; `asked`: it was said; `usual`: it cannot be seen, and is so for most such models. */
  readonly from: 'graph' | 'asked' | 'usual';
  /** The option that says otherwise. */
  readonly option?: string;
}

export interface Proposal {
  readonly use: ModelUse;
  readonly known: readonly Known[];
}

/** What a run showed of an output. */
export interface Measured {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly numbers: Float32Array;
}

/** How each kind of model is given pictures by those who publish it. */
const habits: Readonly<
  Record<
    ModelUse['head'],
    {
      readonly channels: Picture['channels'];
      readonly fit: ModelUse['fit'];
      /** Of an input of numbers; one of bytes is given bytes. */
      readonly mean?: Three;
      readonly scale?: Three;
      /** Boxes that have been chosen from inside are only held against doubles. */
      readonly overlap: number;
    }
  >
> = {
  nanodet: { channels: 'rgb', fit: 'letterbox', overlap: 0.5 },
  'nanodet-plus': {
    channels: 'bgr',
    fit: 'stretch',
    mean: [103.53, 116.28, 123.675],
    scale: [1 / 57.375, 1 / 57.12, 1 / 58.395],
    overlap: 0.6,
  },
  yolox: { channels: 'bgr', fit: 'letterbox', overlap: 0.5 },
  yolov8: { channels: 'rgb', fit: 'letterbox', scale: [1 / 255, 1 / 255, 1 / 255], overlap: 0.6 },
  'end-to-end': { channels: 'rgb', fit: 'letterbox', scale: [1 / 255, 1 / 255, 1 / 255], overlap: 0.9 },
  detr: { channels: 'rgb', fit: 'stretch', scale: [1 / 255, 1 / 255, 1 / 255], overlap: 0.9 },
  ssd: { channels: 'rgb', fit: 'stretch', scale: [1 / 255, 1 / 255, 1 / 255], overlap: 0.6 },
};

const untold = (model: string, problem: string, hint: string): LobbyError =>
  new LobbyError('LOBBY_MODEL_UNTOLD', { model, problem, hint });

/** The inputs of a graph that takes one picture. */
export interface PictureInput {
  readonly layout: Picture['layout'];
  readonly type: Picture['type'];
  readonly size: Size;
  readonly isSizeOpen: boolean;
  readonly sizeInput?: string;
}

const sizesOf = (tensor: TensorAbout) => `${tensor.type} [${tensor.shape.join(', ')}]`;

/**
 * Finds in a graph's inputs how it takes a picture.
 *
 * @throws {LobbyError} `LOBBY_MODEL_UNTOLD` if it takes none, or leaves its size open and nobody said it
 */
export function readInputs(model: string, inputs: readonly TensorAbout[], said: Said): PictureInput {
  const pictures = inputs.filter(({ shape }) => shape.length === 4);
  const sizes = inputs.filter(({ type, shape }) => type === 'int64' && shape.length === 2 && shape[1] === 2);
  const [image] = pictures;
  if (image === undefined || pictures.length + sizes.length !== inputs.length || sizes.length > 1) {
    const has = inputs.map((one) => `${one.name} ${sizesOf(one)}`).join(', ') || 'none';
    throw untold(
      model,
      `it must take one picture, and at most its width and height beside it; its inputs are ${has}`,
      'Export it again with the picture alone as its input.',
    );
  }
  const [batch, second, , fourth] = image.shape;
  const layout = second === 3 ? 'nchw' : fourth === 3 ? 'nhwc' : undefined;
  const isOne = batch === 1 || typeof batch === 'string';
  const { type } = image;
  if (layout === undefined || !isOne || (type !== 'uint8' && type !== 'float32' && type !== 'float16')) {
    throw untold(
      model,
      `its input must be one picture of three channels, in bytes, float32 or float16; it is ${sizesOf(image)}`,
      'Export it again for one colour picture.',
    );
  }
  const [height, width] = layout === 'nchw' ? image.shape.slice(2) : image.shape.slice(1, 3);
  const isSizeOpen = typeof height !== 'number' || typeof width !== 'number';
  if (!isSizeOpen && said.size && (said.size.width !== width || said.size.height !== height)) {
    throw untold(model, `its input is ${width}×${height} and no other`, 'Leave --size out.');
  }
  const size = isSizeOpen ? said.size : { width: Number(width), height: Number(height) };
  if (size === undefined) {
    throw untold(
      model,
      'the size of its input stands nowhere in it',
      'Say which size it was trained with: --size 640x384, or --size 640x640. Both are multiples of 32 as a rule.',
    );
  }
  return { layout, type, size, isSizeOpen, ...(sizes[0] === undefined ? {} : { sizeInput: sizes[0].name }) };
}

type Holds = NonNullable<ModelUse['outputs'][number]['holds']>;

interface Outputs {
  readonly head: ModelUse['head'];
  readonly outputs: ModelUse['outputs'];
  /** How many classes the tables show; nothing where they do not. */
  readonly classes?: number;
  readonly boxes?: BoxLayout;
  readonly scores?: NonNullable<ModelUse['scores']>;
}

const withoutOnes = (shape: readonly number[]) => shape.filter((size) => size !== 1);

/** Tells from the tables of one run which head a model has; nothing where none fits. */
function readOutputs(outputs: readonly Measured[], size: Size): Outputs | undefined {
  const as = (held: readonly (readonly [Measured, Holds])[]): ModelUse['outputs'] =>
    held.map(([{ name, shape }, holds]) => ({ name, shape: [...shape], holds }));
  const [only, second] = outputs;
  if (only === undefined) return undefined;
  if (second === undefined) {
    const [, rows, columns] = only.shape;
    if (only.shape.length !== 3 || rows === undefined || columns === undefined) return undefined;
    const answers = as([[only, 'answers']]);
    if (rows === cellCount(size, plusStrides) && columns > 32) {
      return { head: 'nanodet-plus', outputs: answers, classes: columns - 32 };
    }
    if (rows === cellCount(size) && columns > 5)
      return { head: 'yolox', outputs: answers, classes: columns - 5 };
    if (columns === 6) return { head: 'end-to-end', outputs: answers };
    if (rows > 4 && columns > rows) return { head: 'yolov8', outputs: answers, classes: rows - 4 };
    return undefined;
  }
  const [scores, sides] = outputs.map(({ shape }) => shape);
  const cells = cellCount(size);
  if (outputs.length === 2 && scores?.join() === `${cells}` && sides?.[0] === cells && sides.length === 2) {
    return {
      head: 'nanodet',
      outputs: as([
        [only, 'scores'],
        [second, 'sides'],
      ]),
    };
  }
  return readTables(outputs, as);
}

/** Of a model with separate tables: boxes, how sure they are, and perhaps of what and how many. */
function readTables(
  outputs: readonly Measured[],
  as: (held: readonly (readonly [Measured, Holds])[]) => ModelUse['outputs'],
): Outputs | undefined {
  const boxes = outputs.find(({ shape }) => {
    const sizes = withoutOnes(shape);
    return shape.at(-1) === 4 && (sizes.length === 2 || (sizes.length === 1 && shape.length === 3));
  });
  if (boxes === undefined) return undefined;
  const rows = boxes.numbers.length / 4;
  const others = outputs.filter((one) => one !== boxes);
  const rowed = others.filter(({ numbers }) => numbers.length === rows);
  const labels = rowed.find(({ type, name }) => type.startsWith('int') || /label|class/i.test(name));
  const single = rowed.find((one) => one !== labels);
  const each = others.find(
    ({ numbers, shape }) => numbers.length > rows && numbers.length % rows === 0 && shape.length > 1,
  );
  const count = others.find(({ name, numbers }) => numbers.length === 1 && /num|count/i.test(name));
  const table = single ?? each;
  if (table === undefined) return undefined;
  const isShares = table.numbers.every((value) => value >= 0 && value <= 1.01);
  const layout = layoutOf(boxes);
  const classes = table === each ? each.numbers.length / rows : undefined;
  if (table === each && !isShares) {
    return {
      head: 'detr',
      outputs: as([
        [table, 'scores'],
        [boxes, 'boxes'],
      ]),
      boxes: layout,
      ...(classes === undefined ? {} : { classes }),
      // A DETR of old has a class for nothing, and its own number of them.
      scores: classes === 92 ? 'softmax' : 'sigmoid',
    };
  }
  return {
    head: 'ssd',
    outputs: as([
      [boxes, 'boxes'],
      [table, 'scores'],
      ...(labels === undefined ? [] : ([[labels, 'classes']] as const)),
      ...(count === undefined ? [] : ([[count, 'count']] as const)),
    ]),
    boxes: layout,
    scores: isShares ? 'share' : 'sigmoid',
    ...(classes === undefined ? {} : { classes }),
  };
}

/** How boxes are written, as far as their numbers and their name tell. */
function layoutOf({ name, numbers }: Measured): BoxLayout {
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let [filled, ordered] = [0, 0];
  for (let at = 0; at < numbers.length; at += 4) {
    const [one, two, three, four] = numbers.subarray(at, at + 4);
    if (one === 0 && two === 0 && three === 0 && four === 0) continue;
    filled += 1;
    if (three! >= one! && four! >= two!) ordered += 1;
  }
  // Edges are in order in all of them; a centre is beyond a size in many.
  const isEdges = filled === 0 || ordered >= 0.98 * filled;
  const order = !isEdges ? 'cxcywh' : /detection_boxes|StatefulPartitionedCall/i.test(name) ? 'yxyx' : 'xyxy';
  return { order, unit: largest > 2 ? 'px' : 'share' };
}

/** Where a person stands among so many classes, in the lists that are common. */
function usualPerson(classes: number | undefined, isTensorflow: boolean): number | undefined {
  if (classes === undefined) return isTensorflow ? 1 : 0;
  if (classes === 1 || classes === 80) return 0;
  // COCO by its own numbers, which begin at 1; VOC has people at 15.
  if (classes === 90 || classes === 91 || classes === 92 || classes === 81) return 1;
  return undefined;
}

/**
 * Proposes what a manifest would say of a model, from its graph and one run of it.
 *
 * What a graph does not say — in which order colours come, what is taken from them, which class is a person — is as those
 * who publish such models have it, and is told as such.
 *
 * @param measured every output of one run, on a picture with people in it
 * @throws {LobbyError} `LOBBY_MODEL_UNTOLD`, with the option that would say it
 */
export function proposeEntry(
  model: string,
  input: PictureInput,
  measured: readonly Measured[],
  said: Said,
): Proposal {
  const read = readOutputs(measured, input.size);
  const shapes = measured.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
  const head = said.head ?? read?.head;
  if (head === undefined) {
    throw untold(
      model,
      `its outputs are of no kind that is known: ${shapes}`,
      'Say which it is with --head, or export it in one of the forms of docs/models.md.',
    );
  }
  if (said.head !== undefined && said.head !== read?.head && !isLike(said.head, read?.head)) {
    throw untold(
      model,
      `its outputs are not those of a ${said.head}: ${shapes}`,
      read === undefined
        ? 'Export it in one of the forms of docs/models.md.'
        : `Leave --head out: they are those of a ${read.head}.`,
    );
  }
  const known: Known[] = [];
  function choose<Value>(
    what: string,
    option: string | undefined,
    asked: Value | undefined,
    graph: Value | undefined,
    usual: Value,
  ): Value {
    const value = asked ?? graph ?? usual;
    const from = asked !== undefined ? 'asked' : graph !== undefined ? 'graph' : 'usual';
    known.push({ what, value: inWords(value), from, ...(option === undefined ? {} : { option }) });
    return value;
  }
  const habit = habits[head];
  const { width, height } = choose(
    'size',
    '--size',
    input.isSizeOpen ? said.size : undefined,
    input.size,
    input.size,
  );
  choose('head', '--head', said.head, read?.head, head);
  choose('input', undefined, undefined, `${input.type}, ${input.layout}`, '');
  const channels = choose('channels', '--channels', said.channels, undefined, habit.channels);
  const isBytes = input.type === 'uint8';
  if (isBytes && (said.mean !== undefined || said.scale !== undefined)) {
    throw untold(
      model,
      'it takes bytes, of which there is no mean and no scale',
      'Leave --mean and --scale out.',
    );
  }
  const mean = isBytes
    ? undefined
    : choose<Three>('mean', '--mean', said.mean, undefined, habit.mean ?? [0, 0, 0]);
  const scale = isBytes
    ? undefined
    : choose<Three>('scale', '--scale', said.scale, undefined, habit.scale ?? [1, 1, 1]);
  const fit = choose('fit', '--fit', said.fit, undefined, habit.fit);
  const classes = said.classes ?? read?.classes;
  if (classes !== undefined) choose('classes', '--classes', said.classes, read?.classes, classes);
  const isTensorflow =
    read?.outputs.some(({ name }) => /^detection_|StatefulPartitionedCall/.test(name)) === true;
  const usual = usualPerson(classes, isTensorflow);
  if (said.person === undefined && usual === undefined) {
    throw untold(
      model,
      `which of its ${classes} classes is a person stands nowhere in it`,
      'Say its number with --person-class; the first class is 0.',
    );
  }
  const person = choose('person', '--person-class', said.person, undefined, usual ?? 0);
  if (classes !== undefined && person >= classes && read?.outputs.every(({ holds }) => holds !== 'classes')) {
    throw untold(
      model,
      `it has ${classes} classes, of which none is number ${person}`,
      'The first class is 0.',
    );
  }
  const isTables = head === 'detr' || head === 'ssd';
  const layout: BoxLayout | undefined =
    read?.boxes === undefined && said.boxOrder === undefined && said.boxUnit === undefined
      ? undefined
      : {
          order: choose('box order', '--box-order', said.boxOrder, undefined, read?.boxes?.order ?? 'xyxy'),
          unit: choose('box unit', '--box-unit', said.boxUnit, undefined, read?.boxes?.unit ?? 'px'),
        };
  const scores = isTables
    ? choose('scores', '--scores', said.scores, undefined, read?.scores ?? 'share')
    : said.scores;
  return {
    known,
    use: {
      id: model,
      head,
      input: { width, height },
      outputs: read?.outputs ?? [],
      picture: {
        layout: input.layout,
        type: input.type,
        channels,
        ...(mean === undefined || mean.every((one) => one === 0) ? {} : { mean }),
        ...(scale === undefined || scale.every((one) => one === 1) ? {} : { scale }),
        ...(input.sizeInput === undefined ? {} : { sizeInput: input.sizeInput }),
      },
      ...(classes === undefined ? {} : { classes }),
      person,
      ...(layout === undefined ? {} : { boxes: layout }),
      ...(scores === undefined ? {} : { scores }),
      fit,
      scoreThreshold: said.scoreThreshold ?? 0.15,
      greatestOverlap: said.greatestOverlap ?? habit.overlap,
    },
  };
}

/** Heads whose tables look alike, so that only whoever made the model can tell. */
function isLike(said: ModelUse['head'], read: ModelUse['head'] | undefined): boolean {
  const alike: readonly (readonly ModelUse['head'][])[] = [['detr', 'ssd']];
  return alike.some((heads) => heads.includes(said) && read !== undefined && heads.includes(read));
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => Number(Number(one).toPrecision(6))).join(', ');
  if (typeof value === 'object' && value !== null && 'width' in value && 'height' in value) {
    return `${value.width}×${value.height}`;
  }
  return String(value);
}
