import { z } from 'zod';
import { promptStateSchema } from './topics.ts';

/** What the console and programs are told of settings: those there are, their values, and who changed what. */

const moment = promptStateSchema.shape.at;
const inBoth = z.strictObject({ zh: z.string().max(200), en: z.string().max(300) });
const path = z.string().regex(/^[a-zA-Z]{1,40}\.[a-zA-Z]{1,40}$/);
const figure = z.number();
const version = z.int().min(1).meta({ description: 'Counts changes; an edit by hand is one too.' });

/** Who changed something: whoever showed a token, or whoever edited the file. */
export const changedBySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('token'),
    role: z.enum(['viewer', 'operations', 'installer']),
    token: z.string().max(40).meta({ description: 'Its name in `lobby token list`; not the token.' }),
  }),
  z.strictObject({ kind: z.literal('file') }),
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
  other: z
    .array(z.string().max(40))
    .max(20)
    .optional()
    .meta({ description: 'Other keys of the branch file that changed with it; they take a restart.' }),
});
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

export const troubleShape = { code: z.string(), message: z.string(), remedy: z.string() };

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
    settings: z.array(
      z.strictObject({
        path,
        group: z.strictObject({ id: z.string(), ...inBoth.shape }),
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
      .meta({ description: 'New values by path: `queue.waitSeconds`.' }),
    why: z.string().max(300).default('').meta({ description: 'A few words, for whoever looks later.' }),
  })
  .meta({
    examples: [
      { version: 41, changes: { 'queue.waitSeconds': 120 }, why: 'Two windows are closed this week' },
    ],
  });
export type SettingsAsk = z.infer<typeof settingsAskSchema>;

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
