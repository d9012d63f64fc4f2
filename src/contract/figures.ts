import { z } from 'zod';
import type { promptPhases } from '../core/prompts/kinds.ts';
import { lobbySchema, promptStateSchema } from './topics.ts';

/**
 * The figures of a day or a period: what the console's page, the day's report and programs are told. Each part comes
 * with the question in SQL that gives the same numbers of the journal.
 */

const moment = promptStateSchema.shape.at;
const slug = lobbySchema.shape.zones.element.shape.id;
const count = z.int().min(0).max(10_000_000);
const seconds = z.number().min(0).max(1e8);
const hour = z.int().min(0).max(23).describe("By the branch's clock; of several days, all of them together.");
const sql = z.string().max(5_000).describe('Asks the journal for the same: `lobby journal query`.');
const day = z.iso.date();
const inBoth = z.strictObject({ zh: z.string().max(200), en: z.string().max(300) });

/** First contact. Whoever was never met is in `came`, and endlessly late in every median. */
export const contactFigures = z.strictObject({
  came: count.describe('Who came in and has left again, or was lost from sight. Staff are not counted.'),
  inTime: count.describe('Met within the target.'),
  met: count,
  neverMet: count.describe('Left without being met; of whom it is not known counts here too.'),
  medianSeconds: seconds.nullable().describe('Half of all who came were met by then; null: they were not.'),
  p90Seconds: seconds.nullable(),
  short: count.describe('Turned round within 5 s without being met.'),
  blind: count.describe('Of whom a contact may have been missed: nobody could look at where they were.'),
  sql,
});

export const queueFigures = z.strictObject({
  zone: slug,
  waits: count.describe('Waits in this queue that ended.'),
  gaveUp: count.describe('Of these, left without being served.'),
  medianSeconds: seconds.nullable(),
  p90Seconds: seconds.nullable(),
});

const comparisonSchema = z.strictObject({
  outcome: z.enum(['too-few', 'as-chance', 'differs']),
  p: z.number().min(0).max(1).optional().describe('How often chance alone makes as large a difference.'),
  groups: z
    .array(z.strictObject({ group: z.string().max(40), visits: count, medianSeconds: seconds.nullable() }))
    .max(64),
  tooFew: z.array(z.string().max(40)).max(64).describe('With fewer than 20 visits: not compared.'),
  later: z
    .array(
      z.strictObject({
        group: z.string().max(40),
        medianSeconds: seconds.nullable(),
        othersMedianSeconds: seconds.nullable(),
      }),
    )
    .max(64)
    .describe('Where contact came later than chance explains, the farthest first.'),
  sooner: z.array(z.string().max(40)).max(64),
});
export type ComparisonFigures = z.infer<typeof comparisonSchema>;

export const promptEnds = ['met', 'withdrawn', 'expired', 'skipped', 'open'] as const satisfies readonly (
  | (typeof promptPhases)[number]
  | 'open'
)[];

const shortFigures = {
  contact: contactFigures,
  queues: z.array(queueFigures).max(64),
  load: z
    .strictObject({
      watches: count,
      buzzes: count,
      meanInTenMinutes: z.number().min(0).max(10_000).nullable(),
      mostInTenMinutes: count,
      sql,
    })
    .describe('Buzzes to a wrist, as watches confirmed them.'),
  unseen: z
    .strictObject({
      seconds: seconds.describe('In which a zone or more was not seen.'),
      zones: z
        .array(
          z.strictObject({
            zone: slug,
            seconds,
            spans: z.array(z.strictObject({ from: moment, to: moment })).max(500),
          }),
        )
        .max(65),
      sql,
    })
    .describe('From how each zone was, once a minute.'),
  latency: z
    .strictObject({ prompts: count, p50Seconds: seconds.nullable(), p95Seconds: seconds.nullable(), sql })
    .describe('From the lobby to the wrist.'),
  prompts: z.strictObject({
    raised: count,
    ends: z
      .array(
        z.strictObject({
          end: z.enum(promptEnds),
          prompts: count,
          withoutTap: count.describe('Nobody had taken it on the wrist.'),
        }),
      )
      .max(promptEnds.length),
    passedOn: count,
    sql,
  }),
};

/** What the same figures were before, to compare with. */
export const figuresBeforeSchema = z.strictObject({
  from: day,
  to: day,
  until: moment.optional().describe('Up to here alone, as far as the period that is not over is.'),
  ...shortFigures,
});
export type FiguresBefore = z.infer<typeof figuresBeforeSchema>;

export const figuresSchema = z.strictObject({
  v: z.literal(1),
  branch: slug,
  from: day,
  to: day,
  begins: moment,
  ends: moment,
  at: moment.describe('When they were asked for.'),
  isOver: z.boolean().describe('false: the last day is still running.'),
  hasLines: z.boolean().describe('false: the journal has nothing of this period.'),
  timezone: z.string().max(60),
  targetSeconds: seconds,
  mostInTenMinutes: count.describe('Buzzes to a wrist in ten minutes, as the rules bound them now.'),
  withoutShort: z.boolean().describe('Those who turned round within 5 s are left out.'),
  ...shortFigures,
  curve: z.strictObject({
    points: z
      .array(z.strictObject({ seconds, met: count }))
      .max(400)
      .describe('By rising seconds; none where fewer than 5 came.'),
    sql,
  }),
  hours: z.strictObject({
    waits: z
      .array(
        z.strictObject({
          zone: slug,
          hour,
          waits: count,
          medianSeconds: seconds.optional().describe('Absent: fewer than 5 waits.'),
          p90Seconds: seconds.optional(),
          meanWaiting: z.number().min(0).max(10_000).optional().describe('Length of the queue.'),
          mostWaiting: count.optional(),
          seenMinutes: count,
          blindMinutes: count,
        }),
      )
      .max(24 * 64),
    arrivals: z.array(z.strictObject({ door: slug.nullable(), hour, came: count })).max(24 * 65),
    waitsSql: sql,
    arrivalsSql: sql,
    queuesSql: sql,
  }),
  heat: z.strictObject({
    cellMetres: z.number(),
    cells: z
      .array(
        z.strictObject({
          x: z.number(),
          y: z.number(),
          role: z.enum(['customers', 'staff']),
          personMinutes: z.number().min(0),
        }),
      )
      .max(40_000)
      .describe('Middles of cells in metres; staff are who is known for staff.'),
    hidden: count.describe('Cells in which fewer than five people stood: not told.'),
    sql,
  }),
  changes: z
    .array(
      z.strictObject({
        at: moment,
        version: z.int(),
        by: z.string().max(40).nullable(),
        keys: z.array(z.strictObject({ path: z.string().max(80), title: inBoth.optional() })).max(40),
      }),
    )
    .max(200),
  equal: z.strictObject({
    visits: count,
    parties: count.describe('Those who came in together counted once.'),
    doors: comparisonSchema,
    hours: comparisonSchema,
    sql,
  }),
  unrecorded: z
    .array(z.strictObject({ from: moment, to: moment }))
    .max(200)
    .describe('Within opening hours, and nothing was written: the service did not run.'),
  before: figuresBeforeSchema.optional(),
});
export type FiguresPayload = z.infer<typeof figuresSchema>;

export const comparedWith = ['same-weekday', 'before', 'none'] as const;
export type ComparedWith = (typeof comparedWith)[number];

/** A quarter: more is a question for the journal itself. */
export const mostDays = 92;

/** What is asked for. */
export const figuresAskSchema = z.strictObject({
  day: day.optional().meta({ description: 'One day, such as 2026-03-12. Absent: today.' }),
  from: day.optional().meta({ description: 'First day of a period; together with `to`.' }),
  to: day.optional(),
  compare: z.enum(comparedWith).default('same-weekday').meta({
    description: '`same-weekday`: as many days, whole weeks earlier. `before`: the days right before.',
  }),
  short: z
    .enum(['in', 'out'])
    .default('in')
    .meta({ description: '`out` leaves out who turned round within 5 s without being met.' }),
});
export type FiguresAsk = z.infer<typeof figuresAskSchema>;
