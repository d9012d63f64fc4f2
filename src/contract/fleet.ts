import { z } from 'zod';
import { fleetSettingsSchema } from './fleet-settings.ts';
import { latencySchema } from './latency.ts';
import { privacyStates } from './privacy.ts';
import { healthSchema, reportSchema } from './topics.ts';

/**
 * What a branch tells the bank: counts by the hour, the report of a day, and how the box is. It is all that goes beyond
 * the branch, in a part of the topics of its own, so that a bridge names one subtree and nothing else can go along.
 *
 * Payloads are JSON, closed, and name their branch: a store takes none whose topic names another. No count of one to
 * four is in them, and those of an hour are in fives, since a day's count is told as well: with exact hours a small one
 * could be reckoned as what the others leave. See [decision 0037](../../docs/decisions/0037-the-fleet-by-mqtt.md).
 */

const branch = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .describe('The branch it is of; the same as in its topic.');
const moment = z.iso.datetime({ precision: 3 });
const seconds = z.number().min(0).max(86_400);
const minutes = z.int().min(0).max(60);
/** A count of an hour: none, one to four, or in fives. */
const fives = z.union([z.literal(0), z.literal('< 5'), z.int().min(5).max(10_000).multipleOf(5)]);

const cameras = z.int().min(0).max(64).describe('How many cameras are so.');
/** Words that a database can take as they are. */
const version = z.string().regex(/^[0-9A-Za-z.+-]{1,40}$/);

const about = {
  v: z.literal(1),
  branch,
  at: moment.describe(
    'When it was made: of two of the same day the later one counts; of an hour, unless less of it was recorded.',
  ),
};

/** An hour that is over. QoS 1, not retained; told several times, each as it is known by then. */
export const fleetHourSchema = z.strictObject({
  ...about,
  hour: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:00:00\.000Z$/)
    .describe('When it begins: a whole hour of UTC.'),
  timezone: z.string().regex(/^[A-Za-z0-9_+/-]{1,60}$/),
  openMinutes: minutes.describe('Minutes of it in which the branch was open.'),
  recordedMinutes: minutes.describe('Minutes of it of which something was written: the service ran.'),
  blindSeconds: z
    .int()
    .min(0)
    .max(3_600)
    .describe('Seconds in which a zone or more was not seen, to a minute.'),
  targetSeconds: seconds.describe('Time to first contact that the branch aims for.'),
  came: fives.describe('Customers who came in that hour, and have left since.'),
  inTime: fives.describe('Of these, met by staff within the target.'),
  neverMet: fives.describe('Of these, left without being met.'),
  medianSeconds: seconds
    .optional()
    .describe(
      'Half of all who came were met by then. Absent, as the next: they never were, or fewer than five came.',
    ),
  p90Seconds: seconds.optional(),
  waits: fives.describe('Waits in queues that ended in that hour, of all queues.'),
  waitMedianSeconds: seconds.optional().describe('Absent, as the next: fewer than five waited.'),
  waitP90Seconds: seconds.optional().describe('Nine in ten waited no longer.'),
  prompts: fives.describe('Prompts that were raised.'),
  buzzes: fives.describe('Buzzes on wrists, of all wrists.'),
  mostInTenMinutes: z.int().min(0).max(1_000).describe('Most buzzes on one wrist in any ten minutes.'),
  latency: z
    .strictObject({ p50Seconds: seconds, p95Seconds: seconds })
    .optional()
    .describe('How long prompts took from the lobby to a wrist; absent: none was measured.'),
  version,
});
export type FleetHour = z.infer<typeof fleetHourSchema>;

/** The report of a day. QoS 1, not retained; the same as on the branch's own `report`. */
export const fleetDaySchema = z.strictObject({
  ...about,
  version,
  report: reportSchema.describe('The report of that day.'),
});
export type FleetDay = z.infer<typeof fleetDaySchema>;

/** How the box is. QoS 0, not retained: at each change, at most once a minute, and every five minutes anyway. */
export const fleetStateSchema = z.strictObject({
  ...about,
  state: healthSchema.shape.state,
  cameras: z
    .strictObject({ live: cameras, starting: cameras, blind: cameras, quiet: cameras, lost: cameras })
    .describe('Cameras by their state.'),
  troubles: z
    .array(z.string().regex(/^[A-Z_]{1,60}$/))
    .max(32)
    .describe('What is wrong, by its codes, each once.'),
  nobodyOnDuty: z.literal(true).optional(),
  latency: latencySchema.element
    .pick({ p50Seconds: true, p95Seconds: true })
    .optional()
    .describe('How long the last 256 prompts took from the lobby to a wrist.'),
  privacy: z.enum(privacyStates).optional().describe('What is told and kept of where people are.'),
  version,
});
export type FleetState = z.infer<typeof fleetStateSchema>;

/** Who sends what, how: documents and checks are made from it. */
export const fleetMessages = {
  hour: { schema: fleetHourSchema, qos: 1, retain: false },
  day: { schema: fleetDaySchema, qos: 1, retain: false },
  state: { schema: fleetStateSchema, qos: 0, retain: false },
  settings: { schema: fleetSettingsSchema, qos: 1, retain: false },
} as const;
export type FleetMessage = keyof typeof fleetMessages;

/** How often at least a box says how it is. */
export const stateEverySeconds = 300;

/**
 * @param branch absent: of all branches, to subscribe to
 * @example
 * ```ts
 * fleetTopic('hour', 'harbour'); // 'lobby/v1/harbour/fleet/hour'
 * fleetTopic('hour'); // 'lobby/v1/+/fleet/hour'
 * ```
 */
export const fleetTopic = (message: FleetMessage, branch = '+'): string =>
  `lobby/v1/${branch}/fleet/${message}`;
