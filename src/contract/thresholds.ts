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

/** Words an editor shows beside a setting, from one declaration. */
export const setting = <Schema extends z.ZodType>(schema: Schema, words: Setting) =>
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
        awaySeconds: setting(z.number().min(0).max(600).default(45), {
          title: 'Time for which a place in a queue is kept for whoever steps out of it',
          unit: 'seconds, 0 to 600',
          both: 'Shorter: who fetches a form begins to wait anew. Longer: who gave up is known later.',
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
    crowded: z
      .strictObject({
        people: setting(z.int().min(2).max(500).default(20), {
          title: 'Customers in the lobby from which the branch head is asked for help',
          unit: 'people, 2 to 500',
          both: 'Fewer: the head is called at ordinary hours. More: only a full lobby is told.',
          takesEffect: 'at restart',
        }),
        peoplePerStaff: setting(z.int().min(1).max(100).default(12), {
          title: 'Customers to one member of staff from which the branch head is asked for help',
          unit: 'people, 1 to 100',
          both: 'Fewer: the head is called when a colleague is merely in the back. More: whoever is alone in the hall is left alone with it for longer.',
          takesEffect: 'at restart',
        }),
        forSeconds: setting(z.number().min(5).max(1800).default(60), {
          title: 'How long the lobby must be that full',
          unit: 'seconds, 5 to 1800',
          both: 'Shorter: a tour group that passes through calls the head. Longer: help comes late.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
    unattended: z
      .strictObject({
        forSeconds: setting(z.number().min(10).max(3600).default(120), {
          title: 'How long customers may be in the hall without any staff before it is said',
          unit: 'seconds, 10 to 3600',
          both: 'Shorter: fetching a form from the back is told. Longer: customers stand alone for longer.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
    divert: z
      .strictObject({
        length: setting(z.int().min(1).max(100).default(4), {
          title: 'People in a queue from which some are sent to a place that is free',
          unit: 'people, 1 to 100',
          both: 'Fewer: queues that move by themselves are broken up. More: people wait beside a free place.',
          takesEffect: 'at restart',
        }),
        waitSeconds: setting(z.number().min(30).max(3600).default(300), {
          title: 'Expected wait from which some are sent to a place that is free, however short the queue',
          unit: 'seconds, 30 to 3600',
          both: 'Shorter: more are sent for a small gain. Longer: a short but slow queue is left to itself.',
          takesEffect: 'at restart',
        }),
        freeForSeconds: setting(z.number().min(5).max(600).default(20), {
          title: 'How long the other place must have been free',
          unit: 'seconds, 5 to 600',
          both: 'Shorter: people are sent to a place that is taken when they get there. Longer: it stands free for longer.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
    patrol: z
      .strictObject({
        people: setting(z.int().min(2).max(200).default(6), {
          title: 'Customers not yet greeted from which greeting each gives way to going round',
          unit: 'people, 2 to 200',
          both: 'Fewer: rounds are asked for when each could still be greeted. More: the wrist buzzes for each for longer.',
          takesEffect: 'at restart',
        }),
        afterSeconds: setting(z.number().min(10).max(3600).default(90), {
          title: 'How long customers in an area must have seen no staff before it is worth a round',
          unit: 'seconds, 10 to 3600',
          both: 'Shorter: more rounds, also where staff were a moment ago. Longer: some areas see nobody for longer.',
          takesEffect: 'at restart',
        }),
        everySeconds: setting(z.number().min(30).max(3600).default(300), {
          title: 'Least time from one hint to go round to the next',
          unit: 'seconds, 30 to 3600',
          both: 'Shorter: more buzzes in the busiest hour. Longer: fewer, and an area may wait its turn.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
    machines: z
      .strictObject({
        shortPercent: setting(z.int().min(10).max(80).default(33), {
          title: 'A stay at self-service that is this part of a usual one, or less, is unusually short',
          unit: 'percent, 10 to 80',
          both: 'Fewer: only machines that turn everybody away are told. More: quick customers are taken for trouble.',
          takesEffect: 'at restart',
        }),
        leastStays: setting(z.int().min(4).max(200).default(8), {
          title: 'Stays seen at a place before it is known what is usual there',
          unit: 'stays, 4 to 200',
          both: 'Fewer: known sooner, on less. More: a rarely used machine may break unnoticed.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
    farewell: z
      .strictObject({
        stayedSeconds: setting(z.number().min(5).max(3600).default(60), {
          title: 'How long somebody must have been in a VIP zone to be seen off',
          unit: 'seconds, 5 to 3600',
          both: 'Shorter: who only looked in is seen off. Longer: a short visit ends without a goodbye.',
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
        sustainedInTenMinutes: setting(z.number().min(0.5).max(120).default(2), {
          title: 'Prompts to one wrist in ten minutes that are kept up for hours',
          unit: 'prompts, 0.5 to 120',
          both: 'Fewer: after a rush the wrist is quiet for longer, and newcomers are told of together. More: each is told of by itself, and buzzes come to be ignored.',
          takesEffect: 'at restart',
        }),
        passOnSeconds: setting(z.number().min(5).max(600).default(20), {
          title: 'How long nobody may take an urgent prompt before it goes to the next role',
          unit: 'seconds, 5 to 600',
          both: 'Shorter: the deputy and the branch head are called more often. Longer: a customer waits longer for somebody to come. What is less urgent waits three times as long.',
          takesEffect: 'at restart',
        }),
      })
      .prefault({}),
  })
  .prefault({});

export type ThresholdSettings = z.infer<typeof thresholdsSchema>;
