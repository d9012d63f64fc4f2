import { z } from 'zod';

/** The days of a week, as the branch file names them. */
export const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Day = (typeof days)[number];

const clock = '([01]\\d|2[0-3]):[0-5]\\d';
/** `09:00-17:00`; the end is no part of it, and 24:00 is midnight. */
const span = z
  .string()
  .regex(new RegExp(`^${clock}-(${clock}|24:00)$`), 'must be like 09:00-17:00')
  .refine((text) => text.slice(0, 5) < text.slice(6), 'must end after it begins, on the same day');

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const spans = z.array(span).max(4).optional();

/** When the branch is open: outside, nobody is told anything. A day that is left out is closed. */
export const hoursSchema = z.strictObject({
  timezone: z
    .string()
    .max(60)
    .refine(isTimezone, 'must be a time zone such as Asia/Shanghai')
    .describe('Whose clock is meant'),
  monday: spans,
  tuesday: spans,
  wednesday: spans,
  thursday: spans,
  friday: spans,
  saturday: spans,
  sunday: spans,
});
export type Hours = z.infer<typeof hoursSchema>;
