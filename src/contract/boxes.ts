import { z } from 'zod';
import { blindReasons } from '../core/sight/watch.ts';
import { deciderMessages } from './deciding.ts';
import { mostTroubleLetters } from './errors.ts';
import { mostParts, partTuple, personTuple } from './recording.ts';
import { boxName } from './term.ts';

/**
 * What boxes of one branch say to each other over its broker: those that look (`run --role sense`) and the one that
 * understands and prompts (`run --role decide`).
 *
 * Payloads are JSON, closed, and hold nothing but when, where in the picture and how sure: there is no field in which a
 * picture, a face or an embedding could travel. See [decision 0034](../../docs/decisions/0034-boxes-that-look-and-one-that-decides.md).
 */

export { boxName } from './term.ts';

const camera = z.string().regex(/^[a-z0-9-]{1,40}$/);
/** Milliseconds since 1970, by the clock of the box that looks. */
const moment = z.int().min(0).max(1e13);
const size = z.tuple([z.int().min(1).max(100_000), z.int().min(1).max(100_000)]);
const edge = z.number().min(-1e6).max(1e6);
const count = z.int().min(0).max(1e12);

const about = {
  v: z.literal(1),
  box: boxName.describe('The box that looks.'),
};

/** One look of one camera. QoS 0, not retained: a late one is worth nothing. */
export const peopleSchema = z
  .strictObject({
    ...about,
    n: count.describe('One more each time, so that what was lost on the way can be counted.'),
    at: moment.describe('When the picture was taken, by the clock of that box.'),
    people: z
      .array(personTuple)
      .max(500)
      .optional()
      .describe(
        'Each `[left, top, right, bottom, score]`, in pixels of the camera, then how far off the four edges may be, and `[yaw, score]` of the head.',
      ),
    within: z
      .array(partTuple)
      .min(1)
      .max(mostParts)
      .optional()
      .describe(
        'Parts of the picture, `[left, top, right, bottom]`: nobody looked beyond them. Absent: at all of it.',
      ),
    blind: z.enum(blindReasons).optional().describe('Why the picture could not be trusted.'),
  })
  .refine(({ within, people }) => within === undefined || people !== undefined, {
    message: 'within without people',
  })
  .refine(({ people, blind }) => (people === undefined) !== (blind === undefined), {
    message: 'either people or blind',
  });
export type PeoplePayload = z.infer<typeof peopleSchema>;

const cameraState = z.strictObject({
  id: camera,
  state: z.enum(['starting', 'live', 'blind', 'quiet', 'lost']),
  since: moment,
  framesPerSecond: z.number().min(0).max(120),
  dropped: count.describe('Frames passed over.'),
  detectorErrors: count.describe('Frames the detector failed on.'),
  attempts: count.describe('Attempts to open it that came to nothing.'),
  retryAt: moment.optional().describe('When it is opened again.'),
  codec: z.string().max(40).optional(),
  picture: size.optional().describe('Width and height of its pictures, in pixels.'),
  lastError: z
    .strictObject({
      code: z.string().max(60),
      message: z.string().max(mostTroubleLetters),
      remedy: z.string().max(mostTroubleLetters),
    })
    .optional()
    .describe('The last trouble, kept after it is over.'),
});

/** How a box that looks is. Retained, QoS 1; its last will is the same with `gone`, and no cameras. */
export const sensorSchema = z.strictObject({
  ...about,
  state: z.enum(['on', 'gone']),
  at: moment,
  version: z.string().max(40),
  detector: z.string().max(120).optional(),
  heads: z.string().max(120).optional(),
  cameras: z.array(cameraState).max(64),
});
export type SensorPayload = z.infer<typeof sensorSchema>;

/** Whose heads the box that looks is to look at in the next picture. QoS 0, not retained. */
export const looksSchema = z.strictObject({
  v: z.literal(1),
  boxes: z
    .array(z.tuple([edge, edge, edge, edge]))
    .max(100)
    .describe('Each `[left, top, right, bottom]`, in pixels of the camera.'),
});
export type LooksPayload = z.infer<typeof looksSchema>;

/** "What time is it?", asked of a box that looks. QoS 0, not retained. */
export const clockAskSchema = z.strictObject({
  v: z.literal(1),
  id: z.string().regex(/^[a-z0-9]{1,20}$/),
});
/** Its answer, at once. QoS 0, not retained. */
export const clockAnswerSchema = clockAskSchema.extend({
  box: boxName.describe('The box that was asked.'),
  at: z.number().min(0).max(1e13).describe('Milliseconds since 1970, by the clock of that box.'),
});

/**
 * @example
 * ```ts
 * boxTopicsOf('harbour').people('door'); // 'lobby/v1/harbour/people/door'
 * ```
 */
export function boxTopicsOf(branch: string) {
  const base = `lobby/v1/${branch}`;
  return {
    people: (camera: string) => `${base}/people/${camera}`,
    sensor: (box: string) => `${base}/sensor/${box}`,
    looks: (camera: string) => `${base}/looks/${camera}`,
    clockAsk: (box: string) => `${base}/clock/${box}`,
    clockAnswer: (box: string) => `${base}/clock/${box}/answer`,
    lease: `${base}/decider/lease`,
    deciding: `${base}/decider/state`,
    standing: `${base}/decider/settings`,
  } as const;
}

/** Who sends what, how: documents and checks are made from it. */
export const boxMessages = {
  people: { schema: peopleSchema, qos: 0, retain: false, from: 'sense' },
  sensor: { schema: sensorSchema, qos: 1, retain: true, from: 'sense' },
  looks: { schema: looksSchema, qos: 0, retain: false, from: 'decide' },
  clockAsk: { schema: clockAskSchema, qos: 0, retain: false, from: 'decide' },
  clockAnswer: { schema: clockAnswerSchema, qos: 0, retain: false, from: 'sense' },
  ...deciderMessages,
} as const;
