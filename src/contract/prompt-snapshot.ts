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

const keptPrompt = z.strictObject({
  id,
  kind: z.enum(promptKinds),
  place,
  places: z.exactOptional(z.array(place).max(8)),
  to: z.exactOptional(z.array(role).max(roles.length)),
  watches: z.exactOptional(watchNames),
  passedOn: z.exactOptional(z.strictObject({ role, at: seconds })),
  reached: z
    .array(z.strictObject({ watch, deliveredAt: seconds, seenAt: z.exactOptional(seconds) }))
    .max(mostWearers),
  silent: z.exactOptional(z.literal(true)),
  routedAt: seconds,
  towards: z.exactOptional(place),
  free: z.exactOptional(z.number()),
  people: z.int().min(1),
  urgency: z.enum(urgencies),
  haptic: z.enum(haptics),
  waitedSeconds: seconds,
  raisedAt: seconds,
  expiresAt: seconds,
  phase: z.enum(['raised', 'delivered', 'seen', 'accepted']),
  by: z.exactOptional(role),
  watch: z.exactOptional(watch),
  takenAt: z.exactOptional(seconds),
  cause: z.enum(happeningKinds),
});

const allowance = z.strictObject({
  spent: z.number(),
  at: seconds,
  buzzedAt: z.array(seconds).max(1_000),
});

export const promptSnapshotSchema = z.strictObject({
  v: z.literal(1),
  branch: z.string().max(40),
  /** When it was so, in seconds since 1970. */
  at: seconds,
  seed: z.int(),
  open: z.array(keptPrompt).max(64),
  asked: z.array(z.strictObject({ kind: z.enum(promptKinds), zone: place, at: seconds })).max(4_096),
  wearers: z.strictObject({
    known: z.boolean(),
    wearers: z
      .array(
        z.strictObject({
          watch,
          role,
          onDuty: z.boolean(),
          since: z.exactOptional(seconds),
          lostAt: z.exactOptional(seconds),
          heardAt: z.exactOptional(seconds),
          quietUntil: z.exactOptional(seconds),
          allowance,
        }),
      )
      .max(mostWearers),
    everybody: allowance,
  }),
  isClosed: z.exactOptional(z.literal(true)),
});
export type PromptSnapshot = z.infer<typeof promptSnapshotSchema>;
