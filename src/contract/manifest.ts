import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Relative to the manifest's folder, and never out of it. */
const file = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/);

const modelFile = z.strictObject({
  path: file.describe('The file, relative to the manifest.'),
  sha256: sha256.describe('What the file must hash to, or it is not loaded.'),
  bytes: z.int().positive(),
});

const size = z.strictObject({ width: z.int().positive(), height: z.int().positive() });

const expectedPerson = z.strictObject({
  left: z.number(),
  top: z.number(),
  right: z.number(),
  bottom: z.number(),
  score: z.number().min(0).max(1),
});

const golden = z.strictObject({
  image: file.describe('A PNG of the size of the model input, already fitted.'),
  sha256,
  camera: size.describe('Size of the frame it was fitted from; boxes are in pixels of that frame.'),
  lowestScore: z.number().min(0).max(1).describe('Who is less sure than this is not counted.'),
  people: z.array(expectedPerson).min(1).describe('Everybody the model must find, and nobody else.'),
  tolerancePx: z.number().positive().describe('How far an edge may lie from the expected one.'),
  toleranceScore: z.number().positive(),
});

const goldenHead = z.strictObject({
  image: file.describe('A PNG of the size of the model input: a close-up of one person.'),
  sha256,
  yaw: z.number().describe('Where the head in it is turned, in radians.'),
  score: z.number().min(0).max(1),
  toleranceRadians: z.number().positive(),
  toleranceScore: z.number().positive(),
});

/** Sizes of a table; one that the graph leaves open is its name there. */
const shape = z.array(z.union([z.int().positive(), z.string().max(60)])).max(8);

/** What all models have in common. */
const shipped = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  input: size,
  outputs: z.array(z.strictObject({ name: z.string(), shape })),
  files: z.strictObject({
    onnxruntime: z.array(modelFile).length(1).optional(),
    tfjs: z.array(modelFile).length(2).optional().describe('The graph, then its weights.'),
  }),
  licence: z.string(),
  licenceFile: file,
  card: file,
  source: z.strictObject({
    package: z.string(),
    version: z.string(),
    integrity: z.string().regex(/^sha512-/),
    files: z.array(z.strictObject({ path: z.string(), sha256 })),
    origin: z.string().describe('Whose work the weights are.'),
  }),
});

const three = z.tuple([z.number(), z.number(), z.number()]);

const picture = z
  .strictObject({
    layout: z.enum(['nchw', 'nhwc']).describe('Planes of a colour each, or the three of a pixel together.'),
    type: z.enum(['uint8', 'float32', 'float16']).describe('What the numbers of the input are.'),
    channels: z.enum(['rgb', 'bgr']).describe('Whether red comes first or blue.'),
    mean: three.optional().describe('Taken from each of 0 to 255, in the order of the channels. Default: 0.'),
    scale: three.optional().describe('What the rest is multiplied by, likewise. Default: 1.'),
    sizeInput: z
      .string()
      .max(120)
      .optional()
      .describe('An input that is told width and height of the picture, as RT-DETR has it.'),
  })
  .refine(({ type, mean, scale }) => type !== 'uint8' || (mean === undefined && scale === undefined), {
    message: 'bytes have no mean and no scale',
  });

const holds = z
  .enum(['answers', 'scores', 'sides', 'boxes', 'classes', 'count'])
  .describe('What the decoder takes it for.');

const model = shipped.extend({
  outputs: z
    .array(z.strictObject({ name: z.string(), shape, holds: holds.optional() }))
    .describe(
      'Those that are decoded. Which is which is told by `holds`, or by the order the head has them in.',
    ),
  head: z
    .enum(['nanodet', 'nanodet-plus', 'yolox', 'yolov8', 'end-to-end', 'detr', 'ssd'])
    .describe('How its answers become boxes.'),
  picture: picture
    .optional()
    .describe(
      'How a frame is handed to an ONNX graph. Default: bytes as they are where it takes bytes, else planes of blue, green, red from 0 to 255.',
    ),
  classes: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('How many classes it tells apart. Heads whose tables do not show it need it.'),
  person: z
    .int()
    .min(0)
    .max(9_999)
    .optional()
    .describe('The number of the class that is a person. Default: 0.'),
  boxes: z
    .strictObject({
      order: z.enum(['xyxy', 'yxyx', 'cxcywh']).describe('Edges, or centre and size.'),
      unit: z.enum(['px', 'share']).describe('Pixels of the input, or shares of it.'),
    })
    .optional()
    .describe('How a box is written. Default: as is usual for the head.'),
  scores: z
    .enum(['share', 'sigmoid', 'softmax'])
    .optional()
    .describe('How the numbers of the classes become 0 to 1. Default: as is usual for the head.'),
  fit: z.enum(['letterbox', 'stretch']).describe('How a frame is made to fit the input.'),
  scoreThreshold: z.number().min(0).max(1).describe('Boxes of a lower score are not reported.'),
  greatestOverlap: z.number().min(0).max(1).describe('How much two reported boxes may be one.'),
  golden: golden.optional(),
});

/** A model somebody brought: nobody vouches for where it is from, and it has no picture to be verified with. */
const ownModel = model
  .omit({ licenceFile: true, card: true, source: true, golden: true })
  .extend({ origin: z.string().max(500).describe('The file it was added from.') });

const headWatcher = shipped.extend({
  scoreThreshold: z.number().min(0).max(1).describe('Heads of a lower score are not reported.'),
  golden: goldenHead.optional(),
});

/** What ships in `models/`: which files, what they must hash to, where they come from, what they must find. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  models: z.array(model).min(1).describe('Detectors of people.'),
  headWatchers: z.array(headWatcher).default([]).describe('Models that see where a head is turned.'),
});

/** What a folder of somebody's own models holds, as `lobby models add` writes it. */
export const ownManifestSchema = z.strictObject({
  version: z.literal(1),
  models: z.array(ownModel).describe('Detectors of people.'),
});

export type OwnManifest = z.infer<typeof ownManifestSchema>;
export type OwnModelEntry = OwnManifest['models'][number];
export type Manifest = z.infer<typeof manifestSchema>;
/** A manifest as it stands in the file, before defaults are put in. */
export type ManifestText = z.input<typeof manifestSchema>;
/** What every entry has, whatever the model is for. */
export type ShippedEntry = z.infer<typeof shipped>;
export type ModelEntry = Manifest['models'][number];
export type HeadWatcherEntry = Manifest['headWatchers'][number];
/** What has to be known of a model to detect with it, whoever's it is. */
export type ModelUse = Pick<
  ModelEntry,
  | 'id'
  | 'head'
  | 'input'
  | 'fit'
  | 'scoreThreshold'
  | 'greatestOverlap'
  | 'outputs'
  | 'picture'
  | 'classes'
  | 'person'
  | 'boxes'
  | 'scores'
>;
/** What has to be known of any model to load it: its files, and what goes in and comes out. */
export type LoadableEntry = Pick<ShippedEntry, 'id' | 'input' | 'outputs' | 'files'> &
  Partial<Pick<ModelEntry, 'picture'>>;
export type RuntimeName = keyof ModelEntry['files'];
