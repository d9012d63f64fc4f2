import { z } from 'zod';

/** A box's own name, as its `--box` says. */
export const boxName = z.string().regex(/^[a-z0-9-]{1,40}$/, 'small letters, digits and hyphens, 40 at most');

/** Of several boxes that could decide, which did when: a number that only climbs. */
export const termSchema = z
  .int()
  .min(1)
  .max(1e12)
  .describe(
    'Under which term it was decided, a number that only climbs: what bears an older one is not believed.',
  );
