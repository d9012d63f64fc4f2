import { z } from 'zod';
import { happeningKinds, overReasons } from '../core/behaviours/behaviour.ts';
import { promptPhases, roles } from '../core/prompts/kinds.ts';
import { laterEnds, silenceReasons } from '../core/prompts/prompt.ts';
import { latencyParts } from './latency.ts';
import { setting } from './thresholds.ts';
import {
  ackSchema,
  dutySchema,
  healthSchema,
  lobbySchema,
  promptSchema,
  promptStateSchema,
} from './topics.ts';

/**
 * The journal: what was noticed, decided, said and answered, a line each, for whoever asks later why the box
 * said something, or nothing.
 *
 * It knows of a person how many, how long, in which zone, and of a visit a name that means nothing outside one run.
 * `scene` alone says where somebody stood, as a dot on the floor; a branch can do without. Every kind is closed: what
 * it does not name is not kept.
 *
 * This is the one declaration: the tables the journal is searched by are made from it.
 */

const { id, place, people, to, watches } = promptSchema.shape;
const moment = promptStateSchema.shape.at;
/** A visit's name within one run: four letters drawn for that run, and a count. */
const visit = z.string().regex(/^[0-9a-z]{4}-\d{1,9}$/);
const run = z.string().regex(/^[0-9a-z]{4}$/);
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
  became: z.enum(laterEnds),
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
  run,
  why: z.enum(['start', 'anew']),
  version: z.string().max(40),
  /** Open prompts that were known again from before. */
  open: z.int().min(0).max(1_000).optional(),
});

/** Most people of one scene: as many as there are visits. */
export const mostDots = 300;

/**
 * Who was where: a dot on the floor for each visit that was seen inside just then. Written every
 * `journal.sceneSeconds` while anybody is there, and once when nobody is any more.
 */
export const sceneLine = z.strictObject({
  ...line,
  kind: z.literal('scene'),
  run,
  people: z
    .array(
      z.strictObject({
        visit,
        role: z.enum(['customer', 'staff', 'unknown']),
        /** Metres on the branch's floor, to `journal.sceneMetres`. */
        x: figure,
        y: figure,
      }),
    )
    .max(mostDots),
});

/**
 * One arrival, and what became of it: written when the stay ends, or when the service begins anew. Whoever was never
 * met has no `metAt`, and counts in every figure.
 */
export const stayLine = z.strictObject({
  ...line,
  kind: z.literal('stay'),
  visit,
  /** The entrance they came in by. */
  zone: place.optional(),
  arrivedAt: moment,
  /** The first prompt about them. */
  promptedAt: moment.optional(),
  prompt: promptSchema.shape.kind.optional(),
  acceptedAt: moment.optional(),
  metAt: moment.optional(),
  /** From arrival to the first contact. */
  waitedSeconds: figure.optional(),
  /** Whether a camera saw it or a wearer said so. */
  metBy: z.enum(['seen', 'answered']).optional(),
  /** How long nobody could look at where they were: a contact may have been missed then. */
  blindSeconds: figure.optional(),
  /** Absent: what became of them is not known. */
  ended: z.enum(['departed', 'lost']).optional(),
});

const zoneShape = lobbySchema.shape.zones.element.shape;

/** How one zone is, once a minute while the branch is open. One that no camera sees is `blind` and bears no figures. */
export const zoneLine = z.strictObject({
  ...line,
  kind: z.literal('zone'),
  zone: place,
  blind: z.literal(true).optional(),
  people: zoneShape.people,
  waiting: zoneShape.waiting,
  longestWaitSeconds: zoneShape.longestWaitSeconds,
  expectedWaitSeconds: zoneShape.expectedWaitSeconds,
});

/** What a watch said of a prompt, as it came: an answer or a receipt, also one that changed nothing. */
export const ackLine = z.strictObject({
  ...line,
  kind: z.literal('ack'),
  id,
  answer: ackSchema.shape.answer,
  role: z.enum(roles),
  watch: ackSchema.shape.watch,
});

const settingKey = z.string().regex(/^[A-Za-z0-9.-]{1,80}$/);

/**
 * Settings that were changed while the service ran: what, from what to what, by which role, and why. Nobody changes
 * them when another day's profile begins: `profile` says which.
 */
export const settingsLine = z.strictObject({
  ...line,
  kind: z.literal('settings'),
  /** Counts up by one with each change. */
  version: z.int().min(1),
  /** The role of whoever changed them; never a name. */
  by: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  why: z.string().max(300).optional(),
  /** The profile whose day it is from here on; `base`: none has this day. Absent: somebody changed settings. */
  profile: place.optional(),
  /** Values that went on trial, came off it, or were made live from there; in the first two nothing in force changed. */
  shadow: z
    .strictObject({ how: z.enum(['begun', 'ended', 'made-live']), set: z.record(settingKey, figure) })
    .optional(),
  /** Old and new values by key, such as `wandering.afterSeconds`; a key that is new has no old one. */
  from: z.record(settingKey, z.json()),
  to: z.record(settingKey, z.json()),
});

/**
 * A prompt that thresholds on trial would have raised: it went to no wrist, no broker and no webhook. Besides, what
 * was really said and kept quiet stands in the other lines as ever.
 */
export const shadowLine = z.strictObject({
  ...line,
  kind: z.literal('shadow'),
  /** Its own name, which no wrist has seen. */
  id,
  prompt: promptSchema.shape.kind,
  place,
  people,
  /** What it would have been raised for. */
  happening: z.enum(happeningKinds),
  waitedSeconds: promptSchema.shape.waitedSeconds,
  /** Why nobody was told. */
  reason: z.literal('shadow'),
});

/** Lines could not be kept from `since` on: the disk was full, or the day's bound was reached. */
export const gapLine = z.strictObject({
  ...line,
  kind: z.literal('gap'),
  lines: z.int().min(1),
  since: moment,
});

/** What was done on the set-up pages beside saving: whose plate was built when, and who walked the lobby. */
export const setupEvents = [
  'plate-begun',
  'plate-ended',
  'walk-begun',
  'walk-ended',
  'walk-accepted',
  'walk-problem',
] as const;

export const setupLine = z.strictObject({
  ...line,
  kind: z.literal('setup'),
  what: z.enum(setupEvents),
  /** The role and the name of the token of whoever asked; a token's name is no person's. */
  by: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  token: z.string().max(40).optional(),
  /** The camera whose plate it is. */
  plate: place.optional(),
  /** Of a walk: the version of the settings that was walked, crossings that counted, and those that did not. */
  version: z.int().min(1).optional(),
  crossings: z.int().min(0).max(100_000).optional(),
  missed: z.int().min(0).max(100_000).optional(),
  /** Who signed for it, as they wrote it: an installer, never somebody who was seen. */
  signed: z.string().max(40).optional(),
  note: z.string().max(300).optional(),
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
  sceneLine,
  stayLine,
  zoneLine,
  ackLine,
  settingsLine,
  shadowLine,
  setupLine,
]);
export type JournalLine = z.infer<typeof journalLineSchema>;
export type LineOf<Kind extends JournalLine['kind']> = Extract<JournalLine, { kind: Kind }>;
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
    megabytes: setting(z.int().min(1).max(10_000).default(300), {
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
    memoryMegabytes: setting(z.int().min(64).max(4_096).default(128), {
      title: { zh: '查询日志可用的内存', en: 'Memory that answering questions of the journal may take' },
      unit: 'megabytes',
      step: 16,
      less: {
        zh: '更少：跨多天的查询会更早被拒绝。',
        en: 'Fewer: questions over many days are refused sooner.',
      },
      more: {
        zh: '更多：除摄像头所需之外，机器还要有这些内存。',
        en: 'More: the machine needs it besides what the cameras take.',
      },
      takesEffect: 'at restart',
    }),
    exportTo: z.string().min(1).max(1_000).optional().meta({
      title: 'Folder that a day is written to before it is dropped',
      description:
        'Folder that a day is written to before it is dropped, as Parquet files, in a path. With it: whoever answers for the data must also delete there. Without it: a day that is dropped is gone. Takes effect at restart.',
    }),
    sceneSeconds: setting(z.number().min(0).max(60).default(1), {
      title: {
        zh: '两次场景之间的时间（每人为平面图上的一个点）',
        en: 'Time between two scenes: where everybody is, as dots on the floor; 0 keeps none',
      },
      unit: 'seconds',
      step: 0.5,
      less: {
        zh: '更短：可以照原样回放一天，占用更多空间。',
        en: 'Shorter: a day can be played back as it was, and takes more room.',
      },
      more: {
        zh: '更长：点会跳动，站立位置图更粗。',
        en: 'Longer: dots jump, and the map of where people stood is coarser.',
      },
      takesEffect: 'at restart',
    }),
    timeSeconds: setting(z.number().min(0).max(60).default(1), {
      title: {
        zh: '日志里与人有关的时刻保留到多细；0 为原样保留',
        en: 'How closely moments about people are kept; 0 keeps them as they were',
      },
      unit: 'seconds',
      step: 1,
      less: {
        zh: '更细：日志更容易与其他记录（如监控录像、叫号记录）对上人。',
        en: 'Finer: the journal is easier to match with other records of the same people, such as tickets or video.',
      },
      more: {
        zh: '更粗：先后更难分清；等待时长不受影响。',
        en: 'Coarser: what came first is harder to tell. How long people waited stays exact.',
      },
      takesEffect: 'at restart',
    }),
    sceneMetres: setting(z.number().min(0.05).max(5).default(0.25), {
      title: { zh: '场景里位置保留到多细', en: 'How closely a dot of a scene is kept' },
      unit: 'metres',
      step: 0.05,
      less: { zh: '更细：路径更平滑，占用更多空间。', en: 'Finer: paths are smoother, and take more room.' },
      more: {
        zh: '更粗：只知道有人在某处附近，而不是正在那里。',
        en: 'Coarser: somebody is known to be near a spot, not at it.',
      },
      takesEffect: 'at restart',
    }),
  })
  .prefault({});
export type JournalSettings = z.infer<typeof journalSettingsSchema>;
