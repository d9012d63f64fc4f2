import { z } from 'zod';
import { baseProfile, isDay, type Profile } from './calendar.ts';
import { days } from './hours.ts';
import { thresholdsSchema } from './thresholds.ts';

/** Most profiles of a branch, and most single dates of one: what is sent to be saved stays a short text. */
export const mostProfiles = 8;
const mostDates = 60;

/** A threshold's own range, without its default: what a profile does not name is the base's. */
const valuesSchema = z
  .strictObject(
    Object.fromEntries(
      Object.entries(thresholdsSchema.unwrap().shape).map(([group, schema]) => [
        group,
        z
          .strictObject(
            Object.fromEntries(
              Object.entries(schema.unwrap().shape as Record<string, z.ZodDefault<z.ZodNumber>>).map(
                ([key, value]) => [key, value.unwrap().optional()],
              ),
            ),
          )
          .optional(),
      ]),
    ),
  )
  .meta({ description: 'Values that differ from the base, by group and key.' });

export const profileId = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and hyphens, 40 at most')
  .refine((id) => id !== baseProfile, `must not be ${baseProfile}, which is what holds without a profile`);

const daysSchema = z
  .strictObject({
    weekdays: z.array(z.enum(days)).min(1).max(7).optional(),
    ofMonth: z
      .array(z.int().min(1).max(31))
      .min(1)
      .max(31)
      .optional()
      .meta({ description: 'Days of each month; a month without a 31st has none.' }),
    dates: z
      .array(z.string().max(40).refine(isDay, 'must be a day there is, such as 2026-12-24'))
      .min(1)
      .max(mostDates)
      .optional(),
  })
  .refine(
    (one) => one.weekdays !== undefined || one.ofMonth !== undefined || one.dates !== undefined,
    'must name some days: weekdays, ofMonth or dates',
  );

/** A set of thresholds over the base, and the days it is for. */
export const profileSchema = z.strictObject({
  id: profileId,
  name: z.strictObject({ zh: z.string().min(1).max(12), en: z.string().min(1).max(24) }).optional(),
  days: daysSchema,
  thresholds: valuesSchema.default({}),
});

/** In order: the first that names a day is that day's. */
export const profilesSchema = z.array(profileSchema).max(mostProfiles);

/** As it came out of the schema, which knows its groups; a profile to the rest. */
export const toProfiles = (parsed: z.infer<typeof profilesSchema>): readonly Profile[] =>
  parsed as readonly Profile[];
