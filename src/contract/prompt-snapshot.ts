import { z } from 'zod';
import { happeningKinds } from '../core/behaviours/behaviour.ts';
import { haptics, promptKinds, roles, urgencies } from '../core/prompts/kinds.ts';
import { mostWearers } from '../core/prompts/wearers.ts';
import { promptSchema } from './topics.ts';

/**
 * What is known of open prompts and of who wears a watch, as it is kept over a restart. Of visits it knows nothing:
 * the cameras begin anew.
 */

const { id, place } = promptSchema.shape;
const seconds = z.number().min(0).max(1e11);
const role = z.enum(roles);
const watch = z.string().regex(/^[A-Za-z0-9-]{1,40}$/);
const watchNames = z.array(watch).max(mostWearers);

/** What a moment is told by, and how: the file has seconds since 1970, the wire seconds from another moment. */
type When = (purpose: string) => z.ZodNumber;
const since1970: When = () => seconds;

/** An open prompt without the visits it is about. */
export const keptPromptSchema = (when: When) =>
  z.strictObject({
    id,
    kind: z.enum(promptKinds),
    place,
    places: z.exactOptional(z.array(place).max(8)),
    to: z.exactOptional(z.array(role).max(roles.length)),
    watches: z.exactOptional(watchNames),
    passedOn: z.exactOptional(z.strictObject({ role, at: when('When it was passed on') })),
    reached: z
      .array(
        z.strictObject({
          watch,
          deliveredAt: when('When it came to that watch'),
          seenAt: z.exactOptional(when('When it was shown there')),
        }),
      )
      .max(mostWearers),
    silent: z.exactOptional(z.literal(true)),
    routedAt: when('When it was last given to watches'),
    towards: z.exactOptional(place),
    free: z.exactOptional(z.number()),
    people: z.int().min(1),
    urgency: z.enum(urgencies),
    haptic: z.enum(haptics),
    waitedSeconds: seconds,
    raisedAt: when('When it was raised'),
    expiresAt: when('When it is too late to help'),
    phase: z.enum(['raised', 'delivered', 'seen', 'accepted']),
    by: z.exactOptional(role),
    watch: z.exactOptional(watch),
    takenAt: z.exactOptional(when('When it was taken')),
    cause: z.enum(happeningKinds),
  });

const allowanceSchema = (when: When) =>
  z.strictObject({
    spent: z.number(),
    at: when('When it was so'),
    buzzedAt: z.array(when('When the watch buzzed, so that it does not too often')).max(1_000),
  });

/** Who wears a watch. */
export const wearersSchema = (when: When) =>
  z.strictObject({
    known: z.boolean(),
    wearers: z
      .array(
        z.strictObject({
          watch,
          role,
          onDuty: z.boolean(),
          since: z.exactOptional(when('Since when it has been on duty')),
          lostAt: z.exactOptional(when("When the watch's link was lost")),
          heardAt: z.exactOptional(when('When the watch was last heard')),
          quietUntil: z.exactOptional(when('Until when its wearer asked for quiet')),
          allowance: allowanceSchema(when),
        }),
      )
      .max(mostWearers),
    everybody: allowanceSchema(when),
  });

export const promptSnapshotSchema = z.strictObject({
  v: z.literal(1),
  branch: z.string().max(40),
  /** When it was so, in seconds since 1970. */
  at: seconds,
  seed: z.int(),
  open: z.array(keptPromptSchema(since1970)).max(64),
  asked: z.array(z.strictObject({ kind: z.enum(promptKinds), zone: place, at: seconds })).max(4_096),
  wearers: wearersSchema(since1970),
  isClosed: z.exactOptional(z.literal(true)),
});
export type PromptSnapshot = z.infer<typeof promptSnapshotSchema>;
