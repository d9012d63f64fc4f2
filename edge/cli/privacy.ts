import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseBranch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import { type PrivacyLevel, tellsMore } from '../../src/contract/privacy.ts';
import { openTokens } from '../access/tokens.ts';
import { defaultDataFolder } from '../data/open-data.ts';
import { openPrivacyRecord } from '../settings/privacy-record.ts';
import { putPrivacy } from '../settings/put-privacy.ts';
import { writeWhole } from '../settings/write-whole.ts';
import { systemClock } from '../system-clock.ts';
import { readBranch } from './files.ts';
import { firstLine } from './first-line.ts';
import { readSecretText } from './secret-files.ts';

export interface PrivacyOptions {
  readonly branch: string;
  readonly data?: string;
  readonly tokenFile?: string;
}

/** Says at which privacy level a box is. */
export async function tellPrivacy({ branch: file, data }: PrivacyOptions): Promise<void> {
  const branch = await readBranch(file);
  const kept = openPrivacyRecord(data ?? defaultDataFolder(branch.id)).level;
  const { level } = branch.privacy;
  console.log(kept ?? level);
  if (kept !== undefined && kept !== level)
    console.error(`The branch file says ${level}, which is not in force.`);
}

/**
 * Sets the privacy level of a box, in its branch file and in its data folder. A running service takes it over within
 * seconds. Lowering it takes no more than the files; raising it takes an installer's token of this box, so that it can
 * be done by nobody who merely sends the box another branch file, and over no network.
 *
 * @param input where the token is read from, unless a file is given
 * @throws {LobbyError} `LOBBY_PRIVACY_REFUSED` without such a token, `LOBBY_SETTINGS_FILE_TANGLED`,
 *         `LOBBY_SETTINGS_UNWRITABLE`
 */
export async function setPrivacy(
  level: PrivacyLevel,
  options: PrivacyOptions,
  input: NodeJS.ReadableStream,
): Promise<void> {
  const { branch: file } = options;
  const branch = await readBranch(file);
  const folder = options.data ?? defaultDataFolder(branch.id);
  const record = openPrivacyRecord(folder);
  const now = record.level ?? branch.privacy.level;
  if (tellsMore(level, now)) await insistOnInstaller(folder, options.tokenFile, input);
  const name = basename(file);
  const next = putPrivacy(readFileSync(file, 'utf8'), level);
  if (next === undefined || parseBranch(next, name).privacy.level !== level)
    throw new LobbyError('LOBBY_SETTINGS_FILE_TANGLED', { path: 'privacy.level', file: name });
  try {
    // A kill between the two leaves the lower of both in force.
    if (tellsMore(level, now)) record.keep(level);
    writeWhole(file, next);
    if (!tellsMore(level, now)) record.keep(level);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new LobbyError('LOBBY_SETTINGS_UNWRITABLE', { file: name, reason }, { cause });
  }
  console.error(`The privacy level is ${level}; it was ${now}.`);
}

async function insistOnInstaller(
  folder: string,
  tokenFile: string | undefined,
  input: NodeJS.ReadableStream,
): Promise<void> {
  const remark = (sentence: string) => console.error(sentence);
  const given = tokenFile === undefined ? await firstLine(input) : await readSecretText(tokenFile, remark);
  const tokens = openTokens({ file: join(folder, 'tokens.json'), now: () => systemClock.now() });
  const bearer = tokens.verify(given.split('\n')[0]!.trim());
  if (bearer?.role === 'installer') return;
  const reason =
    bearer === undefined ? 'no token of this box was given' : `the token given is one for ${bearer.role}`;
  throw new LobbyError('LOBBY_PRIVACY_REFUSED', { reason });
}
