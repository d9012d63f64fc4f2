import { z } from 'zod';

/**
 * What is told and kept of where people are, from least to most:
 *
 * - `counts`: how many, by zone. No point of the floor is shown to anybody, and none is kept.
 * - `floor`: also dots on the floor, live to whoever has a token, and in the journal as coarsely as it says.
 */
export const privacyLevels = ['counts', 'floor'] as const;
export type PrivacyLevel = (typeof privacyLevels)[number];

/**
 * The level as health tells it. `set-up`, over `floor`: somebody with an installer's token has a plate of the empty
 * lobby built, or walks it to test; it ends by itself.
 */
export const privacyStates = [...privacyLevels, 'set-up'] as const;
export type PrivacyState = (typeof privacyStates)[number];

export const privacySchema = z
  .strictObject({
    level: z.enum(privacyLevels).default('floor'),
  })
  .prefault({});

/** Whether a level tells more than another. */
export const tellsMore = (level: PrivacyLevel, than: PrivacyLevel): boolean =>
  privacyLevels.indexOf(level) > privacyLevels.indexOf(than);
