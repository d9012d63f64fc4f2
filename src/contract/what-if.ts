import { z } from 'zod';
import { happeningKinds } from '../core/behaviours/behaviour.ts';
import { promptKinds, promptPhases } from '../core/prompts/kinds.ts';
import { silenceReasons } from '../core/prompts/prompt.ts';
import { sceneLine } from './journal.ts';
import { troubleShape } from './settings.ts';
import { lobbySchema, promptStateSchema } from './topics.ts';

/** What is asked of the journal before a threshold is changed, and what comes back. */

const moment = promptStateSchema.shape.at;
const place = lobbySchema.shape.zones.element.shape.id;
const count = z.int().min(0).max(10_000_000);
const hours = z.number().min(0).max(10_000);
const seconds = z.number().min(-1e7).max(1e7);
const day = z.iso.date().meta({ description: "A day of the branch's calendar: 2026-11-24." });
const path = z.string().regex(/^[a-zA-Z]{1,40}\.[a-zA-Z]{1,40}$/);
const version = z.int().min(1);

/** Days one question may be about. */
export const mostDays = 31;
/** Prompts that are told one by one: those that differ, and those that do not. */
export const mostDifferences = 500;
export const mostSame = 3_000;
/** Values one suggestion tries. */
export const mostTried = 13;

const asked = {
  version: version.meta({ description: 'The version of the settings that is "now".' }),
  from: day,
  to: day,
};

export const whatIfAskSchema = z
  .strictObject({
    ...asked,
    // What is no number is refused by name, with the range.
    set: z
      .record(z.string().max(90), z.unknown())
      .refine((values) => Object.keys(values).length <= 64)
      .meta({ description: 'The draft: values by path, such as `queue.waitSeconds`.' }),
  })
  .meta({
    examples: [{ version: 41, from: '2026-11-16', to: '2026-11-22', set: { 'queue.waitSeconds': 240 } }],
  });
export type WhatIfAsk = z.infer<typeof whatIfAskSchema>;

/** What operations want of a threshold. */
export const aimSchema = z.strictObject({
  buzzes: z.int().min(1).max(120).meta({ description: 'Of one wrist in any ten minutes, at most.' }),
  percent: z
    .number()
    .min(1)
    .max(100)
    .meta({ description: 'Of arrivals that are told of in time, at least.' }),
  seconds: z.number().min(1).max(600).meta({ description: 'In time is within so long.' }),
});
export type Aim = z.infer<typeof aimSchema>;

export const suggestAskSchema = z.strictObject({ ...asked, path, aim: aimSchema }).meta({
  examples: [
    {
      version: 41,
      from: '2026-11-16',
      to: '2026-11-22',
      path: 'prompts.mostInTenMinutes',
      aim: { buzzes: 6, percent: 95, seconds: 5 },
    },
  ],
});
export type SuggestAsk = z.infer<typeof suggestAskSchema>;

export const storyFiguresSchema = z.strictObject({
  prompts: count,
  promptsAnHour: z.number().min(0),
  buzzesInTen: z
    .strictObject({ mean: z.number().min(0), most: count })
    .meta({ description: 'Of one wrist in ten minutes: in the mean of the hours seen, and at most.' }),
  arrivals: count,
  toldInTime: count.meta({ description: 'Arrivals told of within five seconds.' }),
  toldLate: count,
  expired: count,
  silences: z.partialRecord(z.enum(silenceReasons), count),
});
/** Figures of one story over the period. */
export type StoryFigures = z.infer<typeof storyFiguresSchema>;

const saidSchema = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('prompt'),
    at: moment,
    waitedSeconds: seconds,
    people: count,
    /** What it rests on: numbers by name. */
    figures: z.record(z.string().regex(/^[A-Za-z]{1,40}$/), z.number()).optional(),
    ended: z.strictObject({ at: moment, phase: z.enum(promptPhases) }).optional(),
  }),
  z.strictObject({
    what: z.literal('silence'),
    at: moment,
    happening: z.enum(happeningKinds),
    reason: z.enum(silenceReasons),
    metres: z.number().optional(),
    figures: z.record(z.string().regex(/^[A-Za-z]{1,40}$/), z.number()).optional(),
  }),
  /** It never came to a verdict. */
  z.strictObject({ what: z.literal('nothing') }),
]);
/** What one story made of a moment. */
export type Said = z.infer<typeof saidSchema>;

export const differenceSchema = z.strictObject({
  how: z.enum(['gone', 'new', 'moved']),
  at: moment,
  kind: z.enum(promptKinds),
  place,
  laterSeconds: seconds.optional().meta({ description: '`moved`: seconds later; earlier is negative.' }),
  now: saidSchema,
  draft: saidSchema,
  customer: z
    .strictObject({
      arrivedAt: moment,
      metAt: moment.optional(),
      /** From arrival to the first contact. */
      metAfterSeconds: z.union([seconds, z.literal('never')]),
      endedAt: moment.optional(),
    })
    .optional()
    .meta({
      description:
        'What became of whom it was about, as it happened; of several, of whoever waited longest. Absent: it was about nobody who came in.',
    }),
});
/** One prompt that is not in both stories alike. */
export type Difference = z.infer<typeof differenceSchema>;

const bothCounts = z.strictObject({ now: count, draft: count });

export const whatIfResultSchema = z.strictObject({
  from: moment,
  to: moment,
  days: z.array(z.strictObject({ day, seenHours: hours, visits: count, prompts: bothCounts })).max(mostDays),
  openHours: hours.meta({ description: 'Hours the branch was open in; the service may not have seen all.' }),
  seenHours: hours,
  blind: z
    .array(z.strictObject({ place, hours }))
    .max(65)
    .meta({ description: 'Places nobody saw, and how long.' }),
  now: storyFiguresSchema,
  draft: storyFiguresSchema,
  agreement: z
    .strictObject({
      said: count,
      same: count,
      extra: count,
      settingsChanged: count.meta({ description: 'How often settings were changed in the period.' }),
      cameraMoved: z.boolean().meta({ description: 'A camera was moved in the period.' }),
    })
    .meta({ description: 'Of the prompts of then, how many the replay by the settings of now has too.' }),
  met: z
    .strictObject({ arrivals: count, within: count, never: count, targetSeconds: seconds })
    .meta({ description: 'As it happened: no replay knows how staff would have walked.' }),
  differing: z.strictObject({ gone: count, new: count, moved: count }),
  became: z
    .strictObject({ inTime: count, late: count, never: count, nobody: count })
    .meta({ description: 'Of the prompts that vanish: what became of whom they were about.' }),
  differences: z.array(differenceSchema).max(mostDifferences),
  same: z
    .array(z.strictObject({ at: moment, kind: z.enum(promptKinds), place }))
    .max(mostSame)
    .meta({ description: 'Prompts that both stories have at the same time.' }),
  sources: z
    .array(z.strictObject({ place, kind: z.enum(promptKinds), ...bothCounts.shape }))
    .max(65 * promptKinds.length),
});
/** Both stories, and what differs between them. */
export type WhatIf = z.infer<typeof whatIfResultSchema>;

const quantitiesSchema = z.strictObject({
  buzzes: count.meta({ description: 'Most of one wrist in ten minutes.' }),
  arrivals: count,
  inTime: count,
});
/** What an aim is about, over one stretch. */
export type Quantities = z.infer<typeof quantitiesSchema>;

const triedSchema = z.strictObject({
  value: z.number(),
  chosenOn: quantitiesSchema,
  checkedOn: quantitiesSchema,
  isFeasible: z.boolean().meta({ description: 'It satisfies the aim on the days that were chosen on.' }),
});

export const suggestResultSchema = z.strictObject({
  path,
  today: z.number(),
  aim: aimSchema,
  chosenOn: z.strictObject({ from: moment, to: moment }),
  checkedOn: z.strictObject({ from: moment, to: moment }),
  tried: z.array(triedSchema).max(mostTried).meta({ description: 'In order of the value.' }),
  answer: z.discriminatedUnion('found', [
    z.strictObject({
      found: z.literal(true),
      value: z.number(),
      holds: z.boolean().meta({ description: 'It satisfies the aim on the other days too.' }),
    }),
    z.strictObject({
      found: z.literal(false),
      value: z.number().meta({ description: 'The value that comes nearest.' }),
      buzzesOver: count.meta({ description: 'By how many buzzes it is over; 0: that half is satisfied.' }),
      percentShort: z.number().min(0).meta({ description: 'By how much of a share it falls short.' }),
    }),
  ]),
});
export type Suggestion = z.infer<typeof suggestResultSchema>;

/** A question and how far it has come. */
export const whatIfSchema = z.strictObject({
  v: z.literal(1),
  id: z.string().max(40),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  version,
  from: day,
  to: day,
  set: z.record(z.string().max(90), z.number()).optional(),
  progress: z.strictObject({
    doneTo: day.optional().meta({ description: 'The last day that is done.' }),
    daysDone: count,
    daysLeft: count,
  }),
  step: count.meta({
    description: 'Goes up with each new result: ask with `have`, and it comes only if newer.',
  }),
  result: whatIfResultSchema.optional().meta({ description: 'Of the days that are done so far.' }),
  suggestion: suggestResultSchema.optional(),
  trouble: z.strictObject(troubleShape).optional(),
});
export type WhatIfPayload = z.infer<typeof whatIfSchema>;

export const whatIfDaysSchema = z.strictObject({
  v: z.literal(1),
  days: z.array(z.strictObject({ day, lines: count })).max(400),
});
export type WhatIfDays = z.infer<typeof whatIfDaysSchema>;

/** Scenes around a moment, for a floor that plays. */
export const whatIfScenesSchema = z.strictObject({
  v: z.literal(1),
  scenes: z.array(z.strictObject({ at: moment, people: sceneLine.shape.people })).max(400),
});
export type WhatIfScenes = z.infer<typeof whatIfScenesSchema>;
