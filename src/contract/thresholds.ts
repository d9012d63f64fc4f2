import { z } from 'zod';

/**
 * Every threshold operations may tune: one declaration for type, default, unit, range and words.
 * `both` says what happens when it goes each way; `takesEffect` when a change is felt.
 */
interface Setting {
  readonly title: string;
  readonly unit: string;
  readonly both: string;
  readonly takesEffect: 'at once' | 'at restart';
}

const setting = <Schema extends z.ZodType>(schema: Schema, words: Setting) =>
  schema.meta({
    title: words.title,
    description: `${words.title}, in ${words.unit}. ${words.both} Takes effect ${words.takesEffect}.`,
  });

export const thresholdsSchema = z
  .strictObject({
    wandering: z
      .strictObject({
        afterSeconds: setting(z.number().min(5).max(600).default(25), {
          title: 'Time in the open hall before a customer counts as looking around',
          unit: 'seconds, 5 to 600',
          both: 'Shorter: help comes sooner, and people who are only finding their form are asked. Longer: fewer prompts, some too late.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
    queue: z
      .strictObject({
        waitSeconds: setting(z.number().min(10).max(3600).default(180), {
          title: 'Time in a queue before it is asked what it needs',
          unit: 'seconds, 10 to 3600',
          both: 'Shorter: more prompts for queues that move by themselves. Longer: people wait unasked.',
          takesEffect: 'at restart',
        }),
        length: setting(z.int().min(1).max(100).default(5), {
          title: 'People in a queue before it is asked what it needs',
          unit: 'people, 1 to 100',
          both: 'Fewer: more prompts at ordinary hours. More: only real crowds are told.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
    contact: z
      .strictObject({
        withinMetres: setting(z.number().min(0.5).max(5).default(1.6), {
          title: 'How near staff and customer must be to have met',
          unit: 'metres, 0.5 to 5',
          both: 'Nearer: true contacts across a desk are missed. Farther: walking past counts as meeting.',
          takesEffect: 'at restart',
        }),
        forSeconds: setting(z.number().min(0.5).max(60).default(2), {
          title: 'How long they must be that near',
          unit: 'seconds, 0.5 to 60',
          both: 'Shorter: walking past counts as meeting. Longer: a quick word is missed, and the prompt stays on the wrist.',
          takesEffect: 'at restart',
        }),
        targetSeconds: setting(z.number().min(1).max(600).default(30), {
          title: 'Time to first contact that the branch aims for',
          unit: 'seconds, 1 to 600',
          both: 'Shorter: more customers are shown as late. Longer: fewer. It changes figures, not prompts.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
    prompts: z
      .strictObject({
        mostInTenMinutes: setting(z.int().min(1).max(120).default(6), {
          title: 'Prompts to one wrist in ten minutes',
          unit: 'prompts, 1 to 120',
          both: 'Fewer: the wearer is disturbed less, and some customers are not told of. More: buzzes come to be ignored.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
  })
  .prefault({});

export type ThresholdSettings = z.infer<typeof thresholdsSchema>;
