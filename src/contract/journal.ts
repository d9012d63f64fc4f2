import { z } from 'zod';
import { happeningKinds, overReasons } from '../core/behaviours/behaviour.ts';
import { promptPhases, roles } from '../core/prompts/kinds.ts';
import { laterEnds, silenceReasons } from '../core/prompts/prompt.ts';
import { latencyParts } from './latency.ts';
import { setting } from './thresholds.ts';
import { dutySchema, healthSchema, promptSchema, promptStateSchema } from './topics.ts';

/**
 * The journal: what was noticed, decided, said and answered, a line each, for whoever asks later why the box
 * said something, or nothing.
 *
 * It knows of a person what the wrists know (how many, how long, where in words) and of a visit a name that means
 * nothing outside one run. A zone's id is the only place in it. Every kind is closed: what it does not name is not
 * kept.
 */

const { id, place, people, to, watches } = promptSchema.shape;
const moment = promptStateSchema.shape.at;
/** A visit's name within one run: four letters drawn for that run, and a count. */
const visit = z.string().regex(/^[0-9a-z]{4}-\d{1,9}$/);
const figure = z.number().min(-1e9).max(1e9);
const line = { v: z.literal(1), at: moment };

export const verdictLine = z.strictObject({
  ...line,
  kind: z.literal('verdict'),
  happening: z.enum(happeningKinds),
  visit: visit.optional(),
  role: z.enum(['customer', 'staff', 'unknown']),
  /** A zone's id; absent: the hall, or no one place. */
  zone: place.optional(),
  people: z.int().min(0).max(10_000).optional(),
  waitedSeconds: figure.optional(),
  served: z.boolean().nullable().optional(),
  towards: place.optional(),
  cameUpTo: z.array(place).max(64).optional(),
  of: z.enum(happeningKinds).optional(),
  because: z.enum(overReasons).optional(),
  /** What it rests on: numbers by name. Of whoever leaves a VIP zone there are none. */
  figures: z.record(z.string().regex(/^[A-Za-z]{1,40}$/), figure).optional(),
  decision: z.enum(['prompt', 'silence']),
  /** Of a silence: why. */
  reason: z.enum(silenceReasons).optional(),
  /** `staff-near`: how far off they are, and how fast they come. */
  metres: figure.optional(),
  metresPerSecond: figure.optional(),
  /** The prompt it led to, or the one it became part of or was told with. */
  prompt: id.optional(),
});

/** A prompt without its words, which follow from the rest. */
export const promptLine = z.strictObject({
  ...line,
  kind: z.literal('prompt'),
  /** `listed`: handed over beside another, to be read from the lobby without a buzz. */
  change: z.enum(['raised', 'grew', 'passed-on', 'listed']),
  id,
  prompt: promptSchema.shape.kind,
  place,
  places: promptSchema.shape.places,
  people,
  to,
  watches,
  passedOn: promptSchema.shape.passedOn,
  towards: promptSchema.shape.towards,
  free: promptSchema.shape.free,
  urgency: promptSchema.shape.urgency,
  waitedSeconds: promptSchema.shape.waitedSeconds,
  raisedAt: moment,
  expiresAt: moment,
});

export const stateLine = z.strictObject({
  ...line,
  kind: z.literal('state'),
  id,
  phase: z.enum(promptPhases),
  by: promptStateSchema.shape.by,
  watch: promptStateSchema.shape.watch,
  reason: promptStateSchema.shape.reason,
});

/**
 * What became of somebody of whom was not told at once: owed a prompt for want of allowance, or left to staff who were
 * near. `told`, with the prompt that did; or why it was not said any more.
 */
export const laterLine = z.strictObject({
  ...line,
  kind: z.literal('later'),
  visit,
  prompt: promptSchema.shape.kind,
  was: z.enum(['owed', 'left-to-staff']),
  end: z.enum(laterEnds),
  waitedSeconds: figure,
  id: id.optional(),
});

/** Duty that changed. Where a watch says its wearer is, is not kept. */
export const dutyLine = z.strictObject({
  ...line,
  kind: z.literal('duty'),
  watch: dutySchema.shape.watch,
  role: z.enum(roles),
  onDuty: z.boolean(),
  /** Off duty because the link was lost. */
  lost: z.literal(true).optional(),
  quietSeconds: dutySchema.shape.quietSeconds,
});

/**
 * Why a message was never sent: its prompt had expired (`late`), its prompt had ended (`over`), or too many waited
 * (`let-go`).
 */
export const missedReasons = ['late', 'over', 'let-go', 'refused'] as const;

/** A prompt or a state that the broker did not get, or is not known to have got. */
export const missedLine = z.strictObject({
  ...line,
  kind: z.literal('missed'),
  id,
  message: z.enum(['prompt', 'state']),
  why: z.enum(missedReasons),
});

/** How long one prompt took to come to a wrist: of the box, the broker and a watch, and of nobody. */
export const latencyLine = z.strictObject({
  ...line,
  kind: z.literal('latency'),
  id,
  /** Seconds, as `latencyParts` defines them; what is not known is left out. */
  parts: z.partialRecord(z.enum(latencyParts), z.number().min(0).max(86_400)),
});

export const healthLine = z.strictObject({
  ...line,
  kind: z.literal('health'),
  state: healthSchema.shape.state,
  /** Nobody is on duty while the branch is open: prompts reach no one. */
  nobodyOnDuty: z.literal(true).optional(),
  cameras: z
    .array(
      z.strictObject({
        id: place,
        state: healthSchema.shape.cameras.element.shape.state,
        /** Zones no camera sees now. */
        blind: z.array(place).max(65).optional(),
        /** Its code alone: a sentence may name an address. */
        trouble: z
          .string()
          .regex(/^LOBBY_[A-Z_]{1,40}$/)
          .optional(),
      }),
    )
    .max(64),
});

/** The service began, or began anew: names of visits from before mean others. */
export const begunLine = z.strictObject({
  ...line,
  kind: z.literal('begun'),
  run: z.string().regex(/^[0-9a-z]{4}$/),
  why: z.enum(['start', 'anew']),
  version: z.string().max(40),
  /** Open prompts that were known again from before. */
  open: z.int().min(0).max(1_000).optional(),
});

/** Lines could not be kept from `since` on: the disk was full, or the day's bound was reached. */
export const gapLine = z.strictObject({
  ...line,
  kind: z.literal('gap'),
  lines: z.int().min(1),
  since: moment,
});

export const journalLineSchema = z.discriminatedUnion('kind', [
  verdictLine,
  promptLine,
  stateLine,
  laterLine,
  dutyLine,
  missedLine,
  latencyLine,
  healthLine,
  begunLine,
  gapLine,
]);
export type JournalLine = z.infer<typeof journalLineSchema>;
export type MissedLine = z.infer<typeof missedLine>;

/** How much of the journal is kept: the branch file's `journal`. */
export const journalSettingsSchema = z
  .strictObject({
    days: setting(z.int().min(1).max(366).default(30), {
      title: { zh: '日志保留的天数', en: 'Days of the journal that are kept' },
      unit: 'days',
      step: 1,
      less: {
        zh: '更少：能查的更少，可能被要求提供的也更少。',
        en: 'Fewer: less can be looked up, and less is there to be asked for.',
      },
      more: {
        zh: '更多：占用更多空间，也要为其负责。',
        en: 'More: it takes more room, and must be answered for.',
      },
      takesEffect: 'at restart',
    }),
    megabytes: setting(z.int().min(1).max(10_000).default(100), {
      title: { zh: '日志一共可占的空间', en: 'Room the journal may take in all' },
      unit: 'megabytes',
      step: 10,
      less: {
        zh: '更少：繁忙的几周里，旧日志会提前删除。',
        en: 'Fewer: on busy weeks old days go before their time.',
      },
      more: { zh: '更多：小硬盘可能会满。', en: 'More: a small disk may fill up.' },
      takesEffect: 'at restart',
    }),
  })
  .prefault({});
export type JournalSettings = z.infer<typeof journalSettingsSchema>;
