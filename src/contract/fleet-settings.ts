import { z } from 'zod';

/**
 * Settings that a bank sends to its branches, and what each branch says of them.
 *
 *     installer's key ──signs──▶ bundle: values, groups, the key of whoever may order steps
 *     key of the steps ─signs──▶ step: this branch tries it (shadow), goes by it (live), or no more (undone)
 *
 * A branch goes by nothing that its installer's key did not sign; whoever has the key of the steps can only say which
 * of the signed values hold when, and whoever has neither, such as a broker on the way, nothing at all. What a branch
 * has set itself wins over a bundle, and is told.
 */

const branch = z.string().regex(/^[a-z0-9-]{1,40}$/);
const name = z.string().regex(/^[a-z0-9-]{1,40}$/);
const moment = z.iso.datetime({ precision: 3 });
const path = z.string().regex(/^[a-zA-Z]{1,40}\.[a-zA-Z]{1,40}$/);
const serial = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const base64 = z.base64().max(16_384);

/** An Ed25519 public key: its 32 bytes in base64url. */
export const publicKeySchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Bytes and who signed them, as DSSE has it: the signature is over the type and the bytes, never over parsed JSON. */
export const signedSchema = z.strictObject({
  payloadType: z.enum(['application/vnd.lobby-sense.settings+json', 'application/vnd.lobby-sense.step+json']),
  payload: base64.describe('JSON in UTF-8, in base64.'),
  signatures: z
    .array(
      z.strictObject({
        keyid: publicKeySchema.describe('The public key it can be checked with.'),
        sig: z.base64().length(88).describe('64 bytes of Ed25519.'),
      }),
    )
    .length(1),
});
export type Signed = z.infer<typeof signedSchema>;

/** What the installer's key signs. */
export const settingsBundleSchema = z.strictObject({
  v: z.literal(1),
  bundle: name.describe('What it is called.'),
  serial: serial.describe('Grows with each bundle: a branch takes none older than one it has taken.'),
  groups: z.array(name).min(1).max(100).describe('Whom it is for: a branch of none of these refuses it.'),
  madeAt: moment,
  expiresAt: moment.describe('No branch begins with it after that; one that goes by it, goes on.'),
  why: z.string().max(300),
  set: z.record(path, z.number()).describe('Values by path: `queue.waitSeconds`.'),
  stepKey: publicKeySchema.describe('Whose word it is how far it has come.'),
});
export type SettingsBundle = z.infer<typeof settingsBundleSchema>;

/** `shadow`: journalled, and nobody is buzzed by it. `undone`: what was in force before it is in force again. */
export const settingsStates = ['shadow', 'live', 'undone'] as const;

/** What the key of the steps signs, for one branch. */
export const settingsStepSchema = z.strictObject({
  v: z.literal(1),
  branch,
  bundle: name,
  serial,
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of the payload of the bundle it is about.'),
  n: z
    .int()
    .min(1)
    .max(1_000_000)
    .describe('Counts what this branch was told of it: an older one is a replay.'),
  state: z.enum(settingsStates),
  at: moment,
});
export type SettingsStep = z.infer<typeof settingsStepSchema>;

/** To a branch, retained, QoS 1: a bundle, and how far it is to go with it. */
export const settingsOrderSchema = z.strictObject({
  v: z.literal(1),
  bundle: signedSchema,
  step: signedSchema,
});
export type SettingsOrder = z.infer<typeof settingsOrderSchema>;

/** An order that a box has taken, with its signatures. */
export const takenOrderSchema = z.strictObject({
  order: settingsOrderSchema.describe('As it came, with its signatures.'),
  since: moment.describe('Since when it is so.'),
});

/**
 * What a branch goes by of what its bank has set, from the box that decides to the others that can. Retained, QoS 1; when
 * it begins to decide, and when it has taken an order. Each looks at the signatures itself.
 */
export const standingSchema = z.strictObject({
  v: z.literal(1),
  last: takenOrderSchema.describe('The last order that was taken.'),
  before: takenOrderSchema
    .optional()
    .describe('What was live before it, and holds while it is tried, or is undone.'),
});
export type StandingPayload = z.infer<typeof standingSchema>;

/** Why an order was refused. */
export const settingsRefusals = [
  'unfit',
  'too-large',
  'unknown-key',
  'wrong-signature',
  'other-branch',
  'other-group',
  'expired',
  'older-bundle',
  'older-step',
  'other-bundle',
  'unknown-setting',
  'out-of-range',
] as const;
export type SettingsRefusal = (typeof settingsRefusals)[number];

/** Counts of prompts: none, one to four, or in fives. */
const fives = z.union([z.literal(0), z.literal('< 5'), z.int().min(5).max(1_000_000).multipleOf(5)]);

/** From a branch: what it goes by. QoS 1, not retained; when it changed, and every hour. */
export const fleetSettingsSchema = z.strictObject({
  v: z.literal(1),
  branch,
  at: moment,
  group: name.describe('The group it was put into by its installer.'),
  version: z.string().regex(/^[0-9A-Za-z.+-]{1,40}$/),
  order: z
    .strictObject({
      bundle: name,
      serial,
      n: settingsStepSchema.shape.n,
      state: z.enum(settingsStates),
      since: moment,
    })
    .optional()
    .describe('The last order it took; absent: none.'),
  inForce: z
    .strictObject({ bundle: name, serial })
    .optional()
    .describe('The bundle whose values hold; absent: none.'),
  own: z
    .array(path)
    .max(100)
    .describe("Settings of the last order's bundle, or of the one in force, that the branch has set itself."),
  tried: z
    .strictObject({ wouldHaveBuzzed: fives, liveBuzzed: fives })
    .optional()
    .describe('In shadow: what it would have said since then, and what was said.'),
  notTried: z
    .enum(['own-trial', 'nothing-new'])
    .optional()
    .describe(
      'In shadow, and not tried: values of the branch are on trial, or it would change nothing here.',
    ),
  refused: z
    .partialRecord(z.enum(settingsRefusals), z.int().min(1).max(Number.MAX_SAFE_INTEGER))
    .describe('Orders that were refused since the start, by why.'),
});
export type FleetSettings = z.infer<typeof fleetSettingsSchema>;

/**
 * Where a branch is told its settings. Not beneath `fleet/`, which goes the other way.
 *
 * @example
 * ```ts
 * settingsTopic('harbour'); // 'lobby/v1/harbour/settings/order'
 * ```
 */
export const settingsTopic = (branch: string): string => `lobby/v1/${branch}/settings/order`;
