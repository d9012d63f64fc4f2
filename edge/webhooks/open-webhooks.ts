import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LobbyError } from '../../src/contract/errors.ts';
import type { WebhookSettings } from '../../src/contract/webhooks.ts';
import { keepPrivate } from '../access/file-modes.ts';
import { readSecret } from './sign.ts';
import type { Webhook } from './webhooks.ts';

const hint =
  'Make one with `echo whsec_$(openssl rand -base64 32)`, and give the same to whoever receives the posts.';

/**
 * Finds the secrets of a branch file's webhooks.
 *
 * @param branchFile what a `secretFile` is relative to
 * @param onRemark told of a secret that everybody on the machine may read
 * @throws {LobbyError} `LOBBY_FILE_OPEN` when everybody may change one; `LOBBY_FILE_INVALID` when a secret is missing or is none: nothing is ever posted unsigned
 */
export async function openWebhooks(
  settings: readonly WebhookSettings[],
  branchFile: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  onRemark: (sentence: string) => void = () => undefined,
): Promise<readonly Webhook[]> {
  return Promise.all(
    settings.map(async ({ url, secretVariable, secretFile, roles, kinds }) => {
      const file =
        secretVariable === undefined
          ? resolve(dirname(branchFile), secretFile!)
          : `the environment variable ${secretVariable}`;
      const text = secretVariable === undefined ? await readIfThere(file) : environment[secretVariable];
      if (secretVariable === undefined) keepPrivate(file, onRemark);
      const refuse = (problem: string) => new LobbyError('LOBBY_FILE_INVALID', { file, problem, hint });
      if (text === undefined) throw refuse('there is no secret for the webhook');
      const key = readSecret(text);
      // The secret itself is not repeated: it may be right but for a letter.
      if (key === undefined)
        throw refuse("it must hold a webhook's secret: whsec_ and 24 to 64 bytes in base64");
      return {
        url,
        key,
        ...(roles === undefined ? {} : { roles }),
        ...(kinds === undefined ? {} : { kinds }),
      };
    }),
  );
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
