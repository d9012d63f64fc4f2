import { z } from 'zod';
import { settingsStates } from './fleet-settings.ts';
import { profilesSchema } from './profiles.ts';
import { healthSchema, promptSchema, promptStateSchema } from './topics.ts';

/** What the console and programs are told of settings: those there are, their values, and who changed what. */

const moment = promptStateSchema.shape.at;
const inBoth = z.strictObject({ zh: z.string().max(200), en: z.string().max(300) });
const path = z.string().regex(/^[a-zA-Z]{1,40}\.[a-zA-Z]{1,40}$/);
const figure = z.number();
const version = z.int().min(1).meta({ description: 'Counts changes; an edit by hand is one too.' });

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const why = z.string().max(300).default('').meta({ description: 'A few words, for whoever looks later.' });

/** Who changed something: whoever showed a token, whoever edited the file, or the bank by a bundle of settings. */
export const changedBySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('token'),
    role: z.enum(['viewer', 'operations', 'installer']),
    token: z.string().max(40).meta({ description: 'Its name in `lobby token list`; not the token.' }),
  }),
  z.strictObject({ kind: z.literal('file') }),
  z.strictObject({
    kind: z.literal('fleet'),
    bundle: z.string().regex(/^[a-z0-9-]{1,40}$/),
    serial: z.int().min(1),
    state: z.enum(settingsStates),
  }),
]);
export type ChangedBy = z.infer<typeof changedBySchema>;

/** One version of the settings: what was changed in it, by whom, when and why. */
export const settingsChangeSchema = z.strictObject({
  v: z.literal(1),
  version,
  at: moment,
  by: changedBySchema,
  why: z.string().max(300).optional().meta({ description: 'Absent: the file does not say.' }),
  changes: z.record(path, z.strictObject({ from: figure, to: figure })),
  profiles: z
    .strictObject({ from: profilesSchema, to: profilesSchema })
    .optional()
    .meta({ description: 'All profiles before and after; absent: they did not change.' }),
  shadow: z
    .strictObject({
      how: z.enum(['begun', 'ended', 'made-live']),
      set: z.record(path, figure),
      days: z.int().min(1).max(28).optional(),
      wouldHaveBuzzed: z.int().min(0).optional(),
      liveBuzzed: z.int().min(0).optional(),
    })
    .optional()
    .meta({
      description:
        'Values that went on trial, or came off it. Begun or ended, it changes nothing in force, and has the version that was there.',
    }),
  setup: z
    .array(inBoth)
    .max(60)
    .optional()
    .meta({ description: 'What of cameras, floor points and zones changed, in words; absent: nothing.' }),
  other: z
    .array(z.string().max(40))
    .max(20)
    .optional()
    .meta({ description: 'Other keys of the branch file that changed with it; they take a restart.' }),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

export const troubleShape = healthSchema.shape.settings.unwrap().shape;

/** Every setting with its value, its range and its words. */
export const settingsSchema = z
  .strictObject({
    v: z.literal(1),
    version,
    latest: settingsChangeSchema,
    keptIn: z.enum(['file', 'memory']).meta({ description: 'memory: gone with a restart, as in the demo.' }),
    historyKept: z
      .boolean()
      .meta({ description: 'false: there is no data folder, and a restart forgets it.' }),
    awaitsRestart: z
      .array(z.string().max(40))
      .max(20)
      .meta({ description: 'Keys of the branch file that were changed since the start and take a restart.' }),
    cannotSave: z.strictObject(troubleShape).optional().meta({
      description: 'Why saving would be refused whoever asks: the file cannot be written, or is broken.',
    }),
    today: day.meta({ description: "By the branch's own calendar." }),
    profiles: profilesSchema.meta({
      description: 'Sets of values over these, each for some days: the first that names a day holds on it.',
    }),
    inEffect: z.string().max(40).optional().meta({
      description: 'Whose day today is of the profiles; absent: none has it, and these values hold.',
    }),
    settings: z.array(
      z.strictObject({
        path,
        group: z.strictObject({ id: z.string().max(40), ...inBoth.shape }),
        title: inBoth,
        unit: z.strictObject({ ...inBoth.shape, mark: inBoth }),
        least: figure,
        most: figure,
        whole: z.boolean(),
        step: figure.meta({ description: 'What a slider moves by; other values are taken too.' }),
        default: figure,
        value: figure,
        less: inBoth.meta({ description: 'What happens when it is made smaller.' }),
        more: inBoth.meta({ description: 'What happens when it is made larger.' }),
        takesEffect: z.enum(['at once', 'at restart']),
        fromBank: z
          .strictObject({
            bundle: z.string().max(40),
            value: figure,
            holds: z.boolean().meta({ description: "false: the branch's own value stands over it." }),
          })
          .optional()
          .meta({ description: "The value of the bank's bundle in force; absent: it says nothing of this." }),
      }),
    ),
  })
  .meta({
    examples: [
      {
        v: 1,
        version: 42,
        latest: {
          v: 1,
          version: 42,
          at: '2026-11-23T10:41:07.000Z',
          by: { kind: 'token', role: 'operations', token: 'k3f9aa' },
          why: 'Two windows are closed this week',
          changes: { 'queue.waitSeconds': { from: 180, to: 120 } },
        },
        keptIn: 'file',
        historyKept: true,
        awaitsRestart: [],
        today: '2026-11-23',
        profiles: [
          {
            id: 'pension-day',
            name: { zh: '养老金日', en: 'Pension day' },
            days: { ofMonth: [15] },
            thresholds: { queue: { waitSeconds: 300 } },
          },
        ],
        settings: [
          {
            path: 'queue.waitSeconds',
            group: { id: 'queue', zh: '排队', en: 'Queues' },
            title: { zh: '排队多久后去询问需求', en: 'Time in a queue before it is asked what it needs' },
            unit: { zh: '秒', en: 'seconds', mark: { zh: '秒', en: 's' } },
            least: 10,
            most: 3600,
            whole: false,
            step: 5,
            default: 180,
            value: 120,
            less: {
              zh: '更短：本来会自己前进的队伍也会多出提示。',
              en: 'Shorter: more prompts for queues that move by themselves.',
            },
            more: { zh: '更长：有人等着却没人询问。', en: 'Longer: people wait unasked.' },
            takesEffect: 'at once',
            fromBank: { bundle: 'winter', value: 150, holds: false },
          },
        ],
      },
    ],
  });
export type SettingsPayload = z.infer<typeof settingsSchema>;

/** Changes to settings, as they are asked for. */
export const settingsAskSchema = z
  .strictObject({
    version: version.meta({ description: 'The version they were made on.' }),
    // What is no number is refused by name, with the range.
    changes: z
      .record(z.string().max(90), z.unknown())
      .default({})
      .meta({ description: 'New values by path: `queue.waitSeconds`.' }),
    back: z.array(z.string().max(90)).max(100).optional().meta({
      description:
        "Settings whose own value is taken out of the file: the bank's holds then, or the default where it has none.",
    }),
    why,
    // Checked as the file is, so that what is wrong is named as in `lobby config check`.
    profiles: z.array(z.unknown()).max(100).optional().meta({
      description: 'All profiles there shall be, in order, as they are read; absent: they stay as they are.',
    }),
  })
  .meta({
    examples: [
      { version: 41, changes: { 'queue.waitSeconds': 120 }, why: 'Two windows are closed this week' },
    ],
  });
export type SettingsAsk = z.infer<typeof settingsAskSchema>;

/** Values to be put on trial: what they would have said is journalled, and nobody is buzzed. */
export const shadowAskSchema = z
  .strictObject({
    version: version.meta({ description: 'The version they were made on.' }),
    set: z.record(z.string().max(90), z.unknown()).meta({ description: 'Values to try, by path.' }),
    why,
    days: z.int().min(1).max(28).default(7).meta({ description: 'Tried for so long; then it is asked.' }),
  })
  .meta({
    examples: [{ version: 41, set: { 'queue.waitSeconds': 120 }, why: 'Queues move slowly', days: 7 }],
  });
export type ShadowAsk = z.infer<typeof shadowAskSchema>;

/** What is on trial is to hold. */
export const shadowLiveAskSchema = z.strictObject({ version, why });

/** A prompt that would have been raised, or one that was. */
const triedPrompt = z.strictObject({
  at: moment,
  prompt: promptSchema.shape.kind,
  place: promptSchema.shape.place,
  people: promptSchema.shape.people,
});

/** What is on trial, and what came of it until now. */
export const shadowSchema = z
  .strictObject({
    v: z.literal(1),
    shadow: z
      .strictObject({
        since: moment,
        until: moment,
        days: z.int().min(1).max(28),
        isOver: z.boolean().meta({ description: 'Its time is over: it stopped, and waits for a decision.' }),
        by: changedBySchema,
        why: z.string().max(300),
        version: version.meta({ description: 'The version it was begun on.' }),
        set: z.record(path, z.strictObject({ from: figure, to: figure })).meta({
          description: '`from`: what the base has now.',
        }),
        wouldHaveBuzzed: z.int().min(0),
        liveBuzzed: z.int().min(0).meta({ description: 'What was really said in the same time.' }),
        examples: z
          .array(triedPrompt.extend({ only: z.enum(['shadow', 'live']) }))
          .max(40)
          .meta({
            description:
              'Of the latest prompts those that one of the two alone has, newest first: would have been said, or would not.',
          }),
      })
      .optional()
      .meta({ description: 'Absent: nothing is on trial.' }),
  })
  .meta({
    examples: [
      {
        v: 1,
        shadow: {
          since: '2026-11-23T10:41:07.000Z',
          until: '2026-11-30T10:41:07.000Z',
          days: 7,
          isOver: false,
          by: { kind: 'token', role: 'operations', token: 'k3f9aa' },
          why: 'Queues move slowly',
          version: 41,
          set: { 'queue.waitSeconds': { from: 180, to: 120 } },
          wouldHaveBuzzed: 12,
          liveBuzzed: 9,
          examples: [
            {
              at: '2026-11-24T02:10:07.000Z',
              prompt: 'ask-queue',
              place: 'cash',
              people: 4,
              only: 'shadow',
            },
          ],
        },
      },
    ],
  });
export type ShadowPayload = z.infer<typeof shadowSchema>;
export type TriedPrompt = z.infer<typeof triedPrompt>;

/** What of a trial outlives a restart. */
export const keptShadowSchema = z.strictObject({
  v: z.literal(1),
  branch: z.string().max(40),
  since: moment,
  until: moment,
  days: z.int().min(1).max(28),
  by: changedBySchema,
  why: z.string().max(300),
  version,
  set: z.record(path, figure),
  wouldHaveBuzzed: z.int().min(0),
  liveBuzzed: z.int().min(0),
  recent: z.strictObject({ shadow: z.array(triedPrompt).max(60), live: z.array(triedPrompt).max(60) }),
});
export type KeptShadow = z.infer<typeof keptShadowSchema>;

export const settingsHistorySchema = z.strictObject({
  v: z.literal(1),
  changes: z.array(settingsChangeSchema).meta({ description: 'Newest first.' }),
  more: z.boolean().meta({ description: 'There are older ones: ask with `before`.' }),
});
export type SettingsHistory = z.infer<typeof settingsHistorySchema>;

/** A save on a version that is no more: what is so now, and what was saved since. */
export const settingsConflictSchema = z.strictObject({
  ...troubleShape,
  current: settingsSchema,
  since: z.array(settingsChangeSchema).meta({ description: 'What was saved since, newest first.' }),
});
export type SettingsConflict = z.infer<typeof settingsConflictSchema>;
