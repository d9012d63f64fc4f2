import { z } from 'zod';
import { zoneKinds } from '../core/floor/zones.ts';
import { standings } from '../core/floor-view.ts';
import { journalLineSchema } from './journal.ts';
import { healthSchema, lobbySchema, promptStateSchema } from './topics.ts';

/**
 * What the console's live page is sent: the floor as dots, five times a second at most, and what it needs to draw
 * them. Nothing of it is kept, none of it goes to a broker, and only whoever shows a token gets it.
 */

const moment = promptStateSchema.shape.at;
const slug = lobbySchema.shape.zones.element.shape.id;
const name = lobbySchema.shape.zones.element.shape.name;
const seconds = z.number().min(0).max(1e6);
/** A visit's name within one run: it means nothing outside, and ends with the stay. */
const visit = z.string().regex(/^[0-9a-z]{4}-\d{1,9}$/);
const metres = z.number().min(-1_000).max(1_000);
const point = z.tuple([metres, metres]);

/** One dot. Metres to a centimetre, seconds to a tenth. */
export const floorPersonSchema = z.strictObject({
  visit,
  x: metres,
  y: metres,
  standing: z.enum(standings).describe('What contact is owed, who is staff, and nothing else.'),
  forSeconds: seconds.optional().describe('How long it has been so; absent where nothing runs.'),
  queue: slug.optional().describe('`in-queue`, `being-served`: which.'),
  order: z.int().min(1).max(1_000).optional().describe('`in-queue`: 1 is next.'),
  with: visit.optional().describe('`being-helped`: by whom.'),
  heldSeconds: seconds
    .optional()
    .describe('Not seen for so long: held by the queue or over a gap. Absent while seen.'),
});
export type FloorPersonPayload = z.infer<typeof floorPersonSchema>;

/** Everybody on the floor at one moment. `at` is when the newest frame was taken. */
export const floorSchema = z.strictObject({
  v: z.literal(1),
  at: moment,
  people: z.array(floorPersonSchema).max(400),
});
export type FloorPayload = z.infer<typeof floorSchema>;

/** What does not move: zones in metres, and what the branch aims for. */
export const planSchema = z.strictObject({
  v: z.literal(1),
  branch: slug,
  targetSeconds: seconds.describe('Time to first contact that the branch aims for.'),
  timezone: z.string().max(60).optional().describe("Of the branch's own clock; absent: the box's."),
  mostInTenMinutes: z.int().min(1).max(120).describe('Buzzes to one wrist in ten minutes, at most.'),
  countsOnly: z
    .literal(true)
    .optional()
    .describe('The privacy level is `counts`: nobody is shown on the floor. Absent: it is not.'),
  profile: z
    .strictObject({
      id: slug,
      name: z.strictObject({ zh: z.string().max(12), en: z.string().max(24) }).optional(),
    })
    .optional()
    .describe("Whose day it is of the branch's profiles of thresholds; absent: none has this day."),
  zones: z
    .array(
      z.strictObject({
        id: slug,
        kind: z.enum(zoneKinds),
        name,
        polygon: z.array(point).max(64).optional(),
        line: z.tuple([point, point]).optional().describe('Of an entrance.'),
        inside: point.optional().describe('Of an entrance: a point on its inner side.'),
      }),
    )
    .max(64)
    .describe('Those on the floor; a camera without floor points has places, and no plan.'),
});
export type PlanPayload = z.infer<typeof planSchema>;

const count = z.int().min(0).max(100_000);

/** One minute of the last sixty. What nobody saw is absent, not 0. */
export const minuteSchema = z.strictObject({
  at: moment.describe('When it began.'),
  arrived: count,
  prompts: count,
  met: count,
  silences: count,
  /** Most people in each zone at once. */
  zones: z.record(slug, count),
  blind: z.array(slug).max(65).describe('Zones that no camera saw for part of it.'),
});
export type MinutePayload = z.infer<typeof minuteSchema>;

export const minutesSchema = z.strictObject({
  v: z.literal(1),
  minutes: z.array(minuteSchema).max(61).describe('Oldest first; the last one is still running.'),
  doors: z
    .record(slug, z.strictObject({ in: count, out: count }))
    .describe(
      'Who came in and went out by each door since midnight of the branch, or since the start if later.',
    ),
});
export type MinutesPayload = z.infer<typeof minutesSchema>;

/** The box lives: once a second. */
export const tickSchema = z.strictObject({
  now: moment.describe("The box's clock."),
  settings: z
    .int()
    .min(1)
    .optional()
    .describe('The version of the settings; a page reads them anew when it changes.'),
});

/** What `/api/v1/live` sends, by the name of the event. */
export const liveEvents = {
  floor: floorSchema,
  lobby: lobbySchema,
  health: healthSchema,
  plan: planSchema,
  line: journalLineSchema,
  tick: tickSchema,
} as const;
export type LiveEvent = keyof typeof liveEvents;
export type LivePayload<Event extends LiveEvent> = z.infer<(typeof liveEvents)[Event]>;
