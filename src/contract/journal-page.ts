import { z } from 'zod';
import { happeningKinds, overReasons } from '../core/behaviours/behaviour.ts';
import { promptPhases, roles } from '../core/prompts/kinds.ts';
import { laterEnds, silenceReasons } from '../core/prompts/prompt.ts';
import { missedReasons, verdictLine } from './journal.ts';
import { healthSchema, promptSchema, promptStateSchema } from './topics.ts';

/**
 * The journal as it is read: a row for each thing that was said or kept quiet, and for each change of health and
 * settings among them, newest first; and the story of one visit. Codes and figures, no sentences: whoever shows them
 * has the words.
 */

const moment = promptStateSchema.shape.at;
const { id, place, people } = promptSchema.shape;
const visit = verdictLine.shape.visit.unwrap();
const figure = z.number();
const seconds = z.number().min(0);
const n = z
  .int()
  .min(0)
  .meta({ description: 'Its number in the journal: they count up as lines are written.' });
const inBoth = z.strictObject({ zh: z.string().max(200), en: z.string().max(300) });

/** The kinds of row that can be asked for. */
export const journalParts = ['prompts', 'quiet', 'health', 'settings'] as const;
export type JournalPart = (typeof journalParts)[number];

/** One thing that became of a prompt. */
export const lifeStepSchema = z.strictObject({
  at: moment,
  step: z.enum([...promptPhases, 'listed', 'grew', 'passed-on', 'missed']),
  by: z.enum(roles).optional().meta({ description: 'Whose answer it was, or to whom it was passed on.' }),
  reason: promptStateSchema.shape.reason,
  wrists: z.int().min(0).optional().meta({ description: 'On how many watches; absent: not known.' }),
  people: people.optional(),
  afterSeconds: seconds.optional().meta({ description: 'How long the way to a wrist took.' }),
  why: z.enum(missedReasons).optional().meta({ description: '`missed`: why it was never sent.' }),
});
export type LifeStep = z.infer<typeof lifeStepSchema>;

/** Why nothing was said, with the figures it rests on. */
export const silenceSchema = z.strictObject({
  code: z.enum(silenceReasons),
  metres: figure.optional().meta({ description: '`staff-near`: how far off they were.' }),
  metresPerSecond: figure.optional().meta({ description: '`staff-near`: how fast they came nearer.' }),
  most: figure.optional().meta({ description: '`budget`: the limit in ten minutes, as it was then.' }),
  by: z.enum(roles).optional().meta({ description: '`accepted-elsewhere`: who was going.' }),
});
export type Silence = z.infer<typeof silenceSchema>;

const noticed = {
  place: place.meta({ description: "A zone's id, or `hall`." }),
  people: z.int().min(0).optional(),
  waitedSeconds: figure.optional(),
  figures: z
    .record(z.string(), figure)
    .optional()
    .meta({ description: 'What it rests on: numbers by name.' }),
  towards: place.optional(),
};

export const promptRowSchema = z.strictObject({
  what: z.literal('prompt'),
  n,
  at: moment,
  id,
  prompt: promptSchema.shape.kind,
  happening: z.enum(happeningKinds).optional().meta({ description: 'What was noticed.' }),
  ...noticed,
  visits: z.array(visit).max(50).meta({ description: 'Whom it is about; each has a story.' }),
  life: z.array(lifeStepSchema).max(60).meta({ description: 'What became of it, in order.' }),
});
export type PromptRow = z.infer<typeof promptRowSchema>;

export const quietRowSchema = z.strictObject({
  what: z.literal('quiet'),
  n,
  at: moment,
  happening: z.enum(happeningKinds),
  ...noticed,
  visit: visit.optional(),
  of: z.enum(happeningKinds).optional(),
  because: z.enum(overReasons).optional(),
  reason: silenceSchema,
  prompt: z
    .strictObject({ id, at: moment.optional() })
    .optional()
    .meta({ description: 'The prompt it became part of, or that had said it.' }),
  later: z
    .strictObject({ at: moment, became: z.enum(laterEnds), id: id.optional() })
    .optional()
    .meta({ description: 'What became of somebody who was to be told of later.' }),
});
export type QuietRow = z.infer<typeof quietRowSchema>;

export const healthChanges = [
  'unseen',
  'seen-again',
  'camera',
  'nobody-on-duty',
  'on-duty-again',
  'begun',
  'gap',
] as const;

export const healthRowSchema = z.strictObject({
  what: z.literal('health'),
  n,
  at: moment,
  change: z.enum(healthChanges),
  place: place.optional(),
  camera: z.string().max(40).optional(),
  state: healthSchema.shape.cameras.element.shape.state.optional(),
  trouble: z.string().max(60).optional().meta({ description: 'Its code.' }),
  forSeconds: seconds.optional().meta({ description: 'How long it had lasted, where that is known.' }),
  why: z.enum(['start', 'anew']).optional(),
  version: z.string().max(40).optional(),
  lines: z.int().optional().meta({ description: '`gap`: lines that could not be kept.' }),
  since: moment.optional(),
});
export type HealthRow = z.infer<typeof healthRowSchema>;

export const changedSettingSchema = z.strictObject({
  path: z.string().max(90),
  title: inBoth.optional().meta({ description: 'Absent: it is no threshold of today.' }),
  mark: inBoth.optional().meta({ description: 'Unit as it stands behind a number.' }),
  from: z.unknown().optional(),
  to: z.unknown().optional(),
});
export type ChangedSetting = z.infer<typeof changedSettingSchema>;

export const settingsRowSchema = z.strictObject({
  what: z.literal('settings'),
  n,
  at: moment,
  version: z.int().min(1),
  by: z.string().max(40).optional().meta({ description: 'A role, or `file`; never a name.' }),
  why: z.string().max(300).optional(),
  changes: z.array(changedSettingSchema).max(200),
});
export type SettingsRow = z.infer<typeof settingsRowSchema>;

export const journalRowSchema = z.discriminatedUnion('what', [
  promptRowSchema,
  quietRowSchema,
  healthRowSchema,
  settingsRowSchema,
]);
export type JournalRow = z.infer<typeof journalRowSchema>;

export const mostJournalRows = 200;

const kept = {
  keptDays: z.int().min(1).meta({ description: 'How many days are kept: `journal.days`.' }),
  begins: moment.optional().meta({ description: 'The oldest moment that is there; absent: nothing is.' }),
};

const someParts = `(${journalParts.join('|')})`;

/** What is asked of the journal: all of it is in the address, so that it can be sent to a colleague. */
export const journalAskSchema = z.strictObject({
  from: moment.optional().meta({
    description: 'The first moment. Without `from`, `to` and `before`: the last hour.',
  }),
  to: moment.optional().meta({ description: 'The moment after the last.' }),
  before: z.coerce.number().int().min(0).optional().meta({
    description: 'Only rows whose `n` is less: `more` of the page before.',
  }),
  place: place.optional().meta({
    description: 'Prompts, silences and unseen stretches of this place alone; `hall` is outside all zones.',
  }),
  kind: z.enum(happeningKinds).optional().meta({ description: 'Prompts and silences about this alone.' }),
  what: z
    .string()
    .regex(new RegExp(`^${someParts}(,${someParts}){0,3}$`))
    .optional()
    .meta({ description: `Some of ${journalParts.join(', ')}, with commas; absent: all.` }),
  limit: z.coerce.number().int().min(1).max(mostJournalRows).default(100),
});
export type JournalAsk = z.infer<typeof journalAskSchema>;

export const journalPageSchema = z.strictObject({
  v: z.literal(1),
  rows: z.array(journalRowSchema).meta({ description: 'Newest first.' }),
  more: n
    .optional()
    .meta({ description: 'There may be older ones: ask with `before`. Absent: that was all.' }),
  from: moment.optional().meta({ description: 'How far back it was looked; absent: to the beginning.' }),
  ...kept,
});
export type JournalPage = z.infer<typeof journalPageSchema>;

/** One step of a visit's story. */
export const storyStepSchema = z.discriminatedUnion('step', [
  z.strictObject({
    step: z.literal('noticed'),
    at: moment,
    happening: z.enum(happeningKinds),
    ...noticed,
    place: place.optional(),
    served: z.boolean().nullable().optional(),
    cameUpTo: z.array(place).max(64).optional(),
    of: z.enum(happeningKinds).optional(),
    because: z.enum(overReasons).optional(),
    quiet: silenceSchema.optional().meta({ description: 'Nothing was said about it, and why.' }),
    prompt: id.optional(),
  }),
  z.strictObject({
    step: z.literal('prompt'),
    prompt: promptSchema.shape.kind,
    id,
    place: place.optional(),
    life: lifeStepSchema,
    at: moment,
  }),
  z.strictObject({
    step: z.literal('later'),
    at: moment,
    prompt: promptSchema.shape.kind,
    was: z.enum(['owed', 'left-to-staff']),
    became: z.enum(laterEnds),
    waitedSeconds: figure,
  }),
  z.strictObject({
    step: z.literal('ended'),
    at: moment,
    how: z.enum(['departed', 'lost', 'not-known']),
  }),
]);
export type StoryStep = z.infer<typeof storyStepSchema>;

export const storySchema = z.strictObject({
  v: z.literal(1),
  visit,
  role: z.enum(['customer', 'staff', 'unknown']),
  from: moment,
  to: moment,
  place: place.optional().meta({ description: 'Where the story begins.' }),
  isOver: z.boolean().meta({ description: 'The stay has ended; else more may come.' }),
  met: z
    .strictObject({
      at: moment,
      afterSeconds: seconds.optional(),
      by: z.enum(['seen', 'answered']).optional(),
    })
    .optional()
    .meta({ description: 'The first contact; absent: never met, or not yet.' }),
  blindSeconds: seconds.optional().meta({
    description: 'How long nobody could look at where they were: a contact may have been missed then.',
  }),
  steps: z.array(storyStepSchema).max(500),
  rules: z.strictObject({
    version: z.int().min(1).optional(),
    concerned: z.string().max(90).optional().meta({ description: 'The one to try another value of first.' }),
    values: z
      .array(
        z.strictObject({ path: z.string().max(90), title: inBoth, mark: inBoth, was: figure, now: figure }),
      )
      .meta({ description: 'What counted in this story: as it was then, and as it is now.' }),
  }),
  older: visit.optional(),
  newer: visit.optional(),
  ...kept,
});
export type Story = z.infer<typeof storySchema>;
