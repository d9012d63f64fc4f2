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

/** What all models have in common. */
const shipped = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  input: size,
  outputs: z.array(z.strictObject({ name: z.string(), shape: z.array(z.int().positive()) })),
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

const model = shipped.extend({
  head: z.enum(['nanodet', 'yolox']).describe('How its answers become boxes.'),
  fit: z.enum(['letterbox', 'stretch']).describe('How a frame is made to fit the input.'),
  scoreThreshold: z.number().min(0).max(1).describe('Boxes of a lower score are not reported.'),
  greatestOverlap: z.number().min(0).max(1).describe('How much two reported boxes may be one.'),
  golden: golden.optional(),
});

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

export type Manifest = z.infer<typeof manifestSchema>;
/** A manifest as it stands in the file, before defaults are put in. */
export type ManifestText = z.input<typeof manifestSchema>;
/** What every entry has, whatever the model is for. */
export type ShippedEntry = z.infer<typeof shipped>;
export type ModelEntry = Manifest['models'][number];
export type HeadWatcherEntry = Manifest['headWatchers'][number];
export type RuntimeName = keyof ModelEntry['files'];
