import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import { writeWhole } from './write-whole.ts';

/** How a box was last started, as far as it says what leaves it, and to whom. No login, no secret and no path. */
export const runRecordSchema = z.strictObject({
  v: z.literal(1),
  host: z.string().max(255).describe('The address it listens on.'),
  broker: z.string().max(300).optional().describe('The broker it goes to, without a login; absent: its own.'),
  homeAssistant: z.boolean().describe('Whether Home Assistant is told by an option of the start.'),
  fleet: z.boolean().optional().describe('Whether counts are told for the fleet of the bank; absent: not.'),
  tls: z.boolean().describe('Whether what it serves is encrypted.'),
  clientCertificates: z.boolean().describe('Whether watches must show a certificate.'),
  logins: z.boolean().describe('Whether watches log in.'),
});

export type RunRecord = z.infer<typeof runRecordSchema>;

const fileIn = (folder: string) => join(folder, 'run.json');

/** Written at each start, so that papers can be made of how the box runs and not of what somebody remembers of it. */
export function keepRun(folder: string, run: RunRecord): void {
  // Made for this user alone.
  writeFileSync(fileIn(folder), '', { flag: 'a', mode: 0o600 });
  writeWhole(fileIn(folder), `${JSON.stringify(runRecordSchema.parse(run))}\n`);
}

/**
 * @param folder a data folder
 * @throws {LobbyError} `LOBBY_FILE_MISSING` where no service was started with it, `LOBBY_FILE_INVALID`
 */
export function readRun(folder: string): RunRecord {
  const file = fileIn(folder);
  try {
    return runRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new LobbyError('LOBBY_FILE_MISSING', { file }, { cause });
    throw new LobbyError(
      'LOBBY_FILE_INVALID',
      {
        file,
        problem: 'it is not what the service writes',
        hint: 'Start the service once more: it writes it anew.',
      },
      { cause },
    );
  }
}
