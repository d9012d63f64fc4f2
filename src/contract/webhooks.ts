import { z } from 'zod';
import { promptKinds, roles } from '../core/prompts/kinds.ts';

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

/** An address that prompts and their states are posted to. Its secret is never in the branch file. */
export const webhookSchema = z
  .strictObject({
    url: z.string().max(2_000).refine(isWebAddress, 'must begin with https:// or http://'),
    secretVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'must be the name of an environment variable')
      .optional()
      .describe('The environment variable that holds the secret'),
    secretFile: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe('The file that holds the secret; a path relative to this one'),
    roles: z
      .array(z.enum(roles))
      .min(1)
      .max(roles.length)
      .optional()
      .describe('Whose prompts are posted; all unless told'),
    kinds: z
      .array(z.enum(promptKinds))
      .min(1)
      .max(promptKinds.length)
      .optional()
      .describe('Which prompts are posted; all unless told'),
  })
  .refine(
    (hook) => (hook.secretVariable === undefined) !== (hook.secretFile === undefined),
    'must have secretVariable or secretFile, and not both',
  );
export type WebhookSettings = z.infer<typeof webhookSchema>;
