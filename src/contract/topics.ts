import { z } from 'zod';
import { happeningKinds } from '../core/behaviours/behaviour.ts';
import {
  answers,
  haptics,
  promptKinds,
  promptPhases,
  receipts,
  roles,
  urgencies,
} from '../core/prompts/kinds.ts';
import { mostPlaces } from '../core/prompts/prompt.ts';
import { mostWearers } from '../core/prompts/wearers.ts';
import { mostTroubleLetters } from './errors.ts';
import { settingsRefusals } from './fleet-settings.ts';
import { latencySchema } from './latency.ts';
import { privacyStates } from './privacy.ts';
import { boxName, termSchema } from './term.ts';

/**
 * Everything that travels over MQTT: one schema a topic, and one map from topic to schema.
 *
 * All topics begin with `lobby/v1/{branch}/`. Every payload is JSON, closed (unknown keys are
 * refused), and free of anything about a person but how many there are and how long they have waited.
 */

const text = z.string().min(1).max(120);
const bilingual = z.strictObject({ zh: text, en: text });
const id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'a ULID');
const slug = z.string().regex(/^[a-z0-9-]{1,40}$/);
const moment = z.iso.datetime({ precision: 3 });
const watch = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,40}$/)
  .describe('Random, made by the watch for itself at the start of duty; says nothing about the wearer.');
const count = z.int().min(0).max(10_000);
const seconds = z.number().min(0).max(86_400);
/** What is wrong, by its code, in a sentence, and what to do: our own words, with details that have an end. */
const trouble = {
  code: z.string().max(60).describe('Its code, such as `LOBBY_CAMERA_SILENT`.'),
  message: z.string().max(mostTroubleLetters).describe('What is wrong, in a sentence.'),
  remedy: z.string().max(mostTroubleLetters).describe('What to do about it.'),
};

/** Where several boxes can decide: absent where one alone does. */
const term = termSchema.optional();

/** One short prompt for the wrist. QoS 1, not retained. */
export const promptSchema = z.strictObject({
  v: z.literal(1),
  term,
  id,
  kind: z.enum(promptKinds),
  place: slug.describe("A zone's id, or `hall` for outside all zones."),
  places: z
    .array(slug)
    .min(2)
    .max(mostPlaces)
    .optional()
    .describe(
      'Of a greeting of several who came in at different places or times: those places, `place` first.',
    ),
  placeName: bilingual.describe(
    "The place's name on the wrist, or two with a plus: at most 5 Chinese or 9 Latin letters each.",
  ),
  people: count.min(1).describe('How many it is about.'),
  to: z
    .array(z.enum(roles))
    .min(1)
    .max(roles.length)
    .optional()
    .describe('Whose wrists it is for: others neither show it nor buzz. Absent: for everybody on duty.'),
  watches: z
    .array(watch)
    .max(mostWearers)
    .optional()
    .describe(
      'The watches it is for, of those that have said that they are on duty: another of them does not show it. Absent: no watch has. Empty: nobody whom it is for is on duty now. A watch that never said so goes by `to` alone.',
    ),
  passedOn: z
    .strictObject({ to: z.enum(roles), at: moment })
    .optional()
    .describe(
      'To whom it was passed on because nobody took it; it comes again under the same id, for the wrists that are new.',
    ),
  towards: slug.optional().describe("`divert`: the place that is free, a zone's id."),
  free: count.min(1).optional().describe('`divert`: how many can go there at once.'),
  urgency: z.enum(urgencies),
  say: bilingual.describe('Place and what, in one line.'),
  words: bilingual.describe('The words to say to the customer; shown on the second screen.'),
  waitedSeconds: seconds.describe('How long they had waited when it was raised; 0 where nobody waits.'),
  raisedAt: moment,
  expiresAt: moment.describe('After this the prompt is not shown and does not buzz, however late it came.'),
  haptic: z.enum(haptics).describe('Family of vibration.'),
});
export type PromptPayload = z.infer<typeof promptSchema>;

/** How one prompt's life went on. QoS 1, not retained. */
export const promptStateSchema = z.strictObject({
  v: z.literal(1),
  term,
  id,
  phase: z.enum(promptPhases),
  by: z.enum(roles).optional().describe('Whose answer it was; absent when the camera or the clock ended it.'),
  watch: z
    .string()
    .max(40)
    .optional()
    .describe("The watch whose answer or receipt it was, so that it can tell its own tap from another's."),
  reason: z
    .enum(['seen-met', 'left', 'too-late', 'answered', 'merged', 'over', 'is-staff', 'off-duty'])
    .optional()
    .describe(
      'Why it changed: `seen-met` (the camera saw the contact), `left`, `too-late`, `answered`, `over` (no longer so), `off-duty` (who had taken it went off duty: it is open again).',
    ),
  at: moment,
});
export type PromptStatePayload = z.infer<typeof promptStateSchema>;

/**
 * A wearer's answer, from a watch to the box, or what the watch says by itself: `delivered` when a prompt came,
 * `seen` when it was first shown while somebody could look. QoS 1, not retained.
 */
export const ackSchema = z.strictObject({
  v: z.literal(1),
  id,
  answer: z.enum([...answers, ...receipts]),
  role: z.enum(roles),
  watch,
});
export type AckPayload = z.infer<typeof ackSchema>;

/**
 * A watch begins or ends duty, or says at which place its wearer just was. QoS 1, not retained. It helps to
 * tell staff from customers: whoever is alone at that place then is the wearer. No position is kept.
 */
export const dutySchema = z.strictObject({
  v: z.literal(1),
  watch,
  role: z.enum(roles),
  onDuty: z
    .boolean()
    .describe("False also as the watch's last will: whoever is out of reach is asked nothing."),
  lost: z
    .literal(true)
    .optional()
    .describe(
      'With `onDuty` false, in the last will alone: the link was lost, and the wearer may be back. What they had taken is theirs for a minute more.',
    ),
  quietSeconds: z
    .number()
    .min(0)
    .max(3_600)
    .optional()
    .describe('The wearer asks for quiet for so long from now on; only calls come through. 0 ends it.'),
  place: slug.optional().describe("A zone's id: where the wearer has just said that they met somebody."),
});
export type DutyPayload = z.infer<typeof dutySchema>;

/**
 * The lobby at a glance. Retained, QoS 0: at once when a prompt changes, else at most once a second when a
 * figure did, and every 10 s anyway, so that its age says whether the box lives.
 */
export const lobbySchema = z.strictObject({
  v: z.literal(1),
  term,
  at: moment,
  inLobby: count
    .optional()
    .describe(
      'Customers, and people whose role is not known; staff are not counted. This and the next three are of what can be seen, and absent while no camera sees anything.',
    ),
  toGreet: count.optional().describe('Who arrived, has not been met and does not queue.'),
  inQueue: count.optional().describe('Who waits in a queue; who is being served does not.'),
  staffSeen: count.optional().describe('Staff seen in the last second.'),
  onDuty: count.optional().describe('Watches on duty; absent while none has ever said so.'),
  nobodyOnDuty: z
    .literal(true)
    .optional()
    .describe(
      'Watches have been on duty, none is any more, and the branch is open: prompts reach no one, but for who listens without ever having said that they are on duty.',
    ),
  closed: z.literal(true).optional().describe('Outside opening hours: no prompts are raised.'),
  opensAt: z
    .string()
    .regex(/^[0-2]\d:[0-5]\d$/)
    .optional()
    .describe(
      'While closed: when the branch opens next, by its own clock; absent if that is not within a day.',
    ),
  missed: count
    .optional()
    .describe(
      'Prompts since the service started that expired untaken. It only grows while the service runs: a watch that was away tells from it how many it missed.',
    ),
  zones: z
    .array(
      z.strictObject({
        id: slug,
        kind: slug,
        name: bilingual,
        blind: z.literal(true).optional().describe('No camera sees it now: it bears no figures.'),
        people: count.optional(),
        waiting: count
          .optional()
          .describe('Only for queues: how many wait, and who is being served does not.'),
        longestWaitSeconds: seconds.optional().describe('Only for queues: how long the longest of them has.'),
        expectedWaitSeconds: seconds
          .optional()
          .describe('Only for queues: what a newcomer would wait; absent until it is known.'),
        unvisitedSeconds: seconds
          .optional()
          .describe('How long the customers there have seen no staff, to ten seconds; absent below ten.'),
      }),
    )
    .max(64),
  open: z
    .array(
      z.strictObject({
        prompt: promptSchema,
        phase: z.enum(['raised', 'delivered', 'seen', 'accepted']),
        by: z.enum(roles).optional(),
        watch: z.string().max(40).optional(),
      }),
    )
    .max(32)
    .describe('Prompts still open, oldest first: what a watch that has been away needs to know.'),
});
export type LobbyPayload = z.infer<typeof lobbySchema>;

/** The box's own state. Retained, QoS 1; the last will is the same with `state: "gone"`. */
export const healthSchema = z.strictObject({
  v: z.literal(1),
  term,
  decidedBy: boxName.optional().describe('Which box decides, by its name, where several can.'),
  standsBy: z
    .literal(true)
    .optional()
    .describe('This box could decide, and another does. Only of its own page: it publishes nothing.'),
  state: z
    .enum(['starting', 'ok', 'partly-blind', 'blind', 'gone'])
    .describe(
      '`ok`: everything runs. `partly-blind`: a camera sees nothing. `blind`: none does. `gone`: the box is.',
    ),
  at: moment,
  nobodyOnDuty: z
    .strictObject({ since: moment, message: bilingual })
    .optional()
    .describe(
      'Nobody is on duty while the branch is open: prompts reach no one. Absent: somebody is, or it is not known who wears a watch.',
    ),
  cameras: z
    .array(
      z.strictObject({
        id: slug,
        state: z.enum(['starting', 'live', 'blind', 'quiet', 'lost']),
        since: moment,
        framesPerSecond: z.number().min(0).max(120),
        places: z
          .array(slug)
          .max(64)
          .describe(
            'Zones of which this camera shows a third or more: what it cannot see while it is not live.',
          ),
        blind: z
          .array(z.strictObject({ place: slug, rules: z.array(z.enum(happeningKinds)).max(32) }))
          .max(65)
          .optional()
          .describe(
            'Those of them that no camera sees now, `hall` among them if no camera sees the floor, each with what goes unnoticed.',
          ),
        trouble: z.strictObject(trouble).optional(),
      }),
    )
    .max(64),
  detector: z.string().max(120).optional(),
  heads: z
    .string()
    .max(120)
    .optional()
    .describe('What looks at the heads of those who may be lost; absent: nobody does.'),
  things: count
    .optional()
    .describe(
      'How many things the detector takes for people: they stand where they stood, and are not counted; absent: none.',
    ),
  latency: latencySchema
    .optional()
    .describe('How long the last prompts took from the lobby to a wrist, by part; absent: none was raised.'),
  settings: z
    .strictObject(trouble)
    .optional()
    .describe(
      'Why the branch file, as it was edited, cannot be used; what was in force before stays so. Absent: it can.',
    ),
  journal: z
    .strictObject(trouble)
    .optional()
    .describe(
      'Why the journal cannot be written or asked now; prompts go on, and it is tried again by itself. Absent: it can.',
    ),
  bankOrders: z
    .strictObject({
      taken: z.int().min(0).max(Number.MAX_SAFE_INTEGER).describe('Orders that were taken since the start.'),
      refused: z
        .partialRecord(z.enum(settingsRefusals), z.int().min(1).max(Number.MAX_SAFE_INTEGER))
        .describe('Orders that were refused since the start, by why.'),
      lastRefusedAt: moment.optional().describe('When the last one was refused; absent: none was.'),
    })
    .optional()
    .describe("What became of orders about the bank's settings; absent: this box hears none."),
  profile: slug
    .optional()
    .describe("Whose day it is of the branch's profiles of thresholds; absent: none has this day."),
  privacy: z
    .enum(privacyStates)
    .optional()
    .describe(
      'What is told and kept of where people are: `counts`, how many; `floor`, also dots; `set-up`, an installer has a picture of the empty lobby built, or walks it. Absent: an older service.',
    ),
  version: z.string().max(40).optional(),
});
export type HealthPayload = z.infer<typeof healthSchema>;

/** A count of people or prompts: of one to four it says no more than that. */
const few = z.union([count, z.literal('< 5')]);

/** The figures of a day that is over, as counts. Retained, QoS 1: the newest one. */
export const reportSchema = z.strictObject({
  v: z.literal(1),
  at: moment.describe('When it was made.'),
  day: z.iso.date().describe("By the branch's own clock."),
  targetSeconds: seconds.describe('Time to first contact that the branch aims for.'),
  came: few.describe('Customers who came and left. Counts of one to four are `< 5` throughout.'),
  inTime: few.describe('Of these, met by staff within the target.'),
  neverMet: few.describe('Of these, left without being met.'),
  shareInTime: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Of all who came; absent: fewer than 30 did, or it would tell a count under five.'),
  medianSeconds: seconds
    .optional()
    .describe(
      'Half of all who came were met by then. Absent, as the next: they never were, or fewer than five came.',
    ),
  p90Seconds: seconds.optional(),
  queues: z
    .array(
      z.strictObject({
        id: slug,
        waits: few,
        medianSeconds: seconds.optional().describe('Absent, as the next: fewer than five waited.'),
        p90Seconds: seconds.optional(),
      }),
    )
    .max(64),
  prompts: z
    .array(z.strictObject({ phase: z.enum(promptPhases), prompts: few }))
    .max(8)
    .describe('What became of the prompts.'),
  mostInTenMinutes: count.describe('Most buzzes on one wrist in any ten minutes.'),
  unseen: z
    .array(z.strictObject({ id: slug, seconds }))
    .max(65)
    .describe('Zones that no camera saw for a while.'),
  latency: z
    .strictObject({ prompts: count, p50Seconds: seconds, p95Seconds: seconds })
    .optional()
    .describe('How long prompts took from the lobby to a wrist; absent: none was raised.'),
  equal: z
    .strictObject({
      doors: z.enum(['too-few', 'as-chance', 'differs']),
      hours: z.enum(['too-few', 'as-chance', 'differs']),
    })
    .describe(
      'Whether contact times differ by door or by hour: no more than chance explains, more, or too few to tell.',
    ),
});
export type ReportPayload = z.infer<typeof reportSchema>;

export type Topics = ReturnType<typeof topicsOf>;

/**
 * The topics of one branch.
 *
 * @example
 * ```ts
 * topicsOf('harbour').prompt; // 'lobby/v1/harbour/prompt'
 * topicsOf('harbour').promptState('01J00000000000000000000000'); // 'lobby/v1/harbour/prompt/01J00000000000000000000000/state'
 * ```
 */
export function topicsOf(branch: string) {
  const base = `lobby/v1/${branch}`;
  return {
    prompt: `${base}/prompt`,
    promptState: (prompt: string) => `${base}/prompt/${prompt}/state`,
    /** Subscribe to this for the states of all prompts. */
    promptStates: `${base}/prompt/+/state`,
    ack: `${base}/ack`,
    duty: `${base}/duty`,
    lobby: `${base}/lobby`,
    health: `${base}/health`,
    report: `${base}/report`,
  } as const;
}

/** Who sends what, how: the one map documents and checks are made from. */
export const messages = {
  prompt: { schema: promptSchema, qos: 1, retain: false, from: 'box' },
  promptState: { schema: promptStateSchema, qos: 1, retain: false, from: 'box' },
  ack: { schema: ackSchema, qos: 1, retain: false, from: 'watch' },
  duty: { schema: dutySchema, qos: 1, retain: false, from: 'watch' },
  lobby: { schema: lobbySchema, qos: 0, retain: true, from: 'box' },
  health: { schema: healthSchema, qos: 1, retain: true, from: 'box' },
  report: { schema: reportSchema, qos: 1, retain: true, from: 'box' },
} as const;
