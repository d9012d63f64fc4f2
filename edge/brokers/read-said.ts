import type { z } from 'zod';
import type { RefusalReason } from '../../src/contract/refusals.ts';

/**
 * Reads what a wrist said: one JSON document that is as its schema says, whatever came.
 *
 * @returns what was said, or why it counts for nothing
 */
export function readSaid<Said>(
  payload: Uint8Array,
  schema: z.ZodType<Said>,
): { readonly said: Said } | Extract<RefusalReason, 'not-json' | 'unfit'> {
  let given: unknown;
  try {
    given = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8'));
  } catch {
    return 'not-json';
  }
  const said = schema.safeParse(given);
  return said.success ? { said: said.data } : 'unfit';
}
