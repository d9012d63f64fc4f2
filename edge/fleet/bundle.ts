import { createHash } from 'node:crypto';
import { describeSettings } from '../../src/contract/describe-settings.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type SettingsBundle,
  type Signed,
  settingsBundleSchema,
  signedSchema,
} from '../../src/contract/fleet-settings.ts';
import { openSigned } from './signed.ts';

/** A bundle, and who signed it. */
export interface ReadBundle {
  readonly signed: Signed;
  readonly bundle: SettingsBundle;
  /** SHA-256 of what was signed, in hex: steps are bound to it. */
  readonly digest: string;
  /** The public key that its signature was checked with. */
  readonly signedBy: string;
}

export const bundleType = 'application/vnd.lobby-sense.settings+json';
export const stepType = 'application/vnd.lobby-sense.step+json';

const bundleHint = 'Give a file that `lobby fleet bundle` has written.';

/** What steps are bound to. */
export const digestOf = (signed: Signed): string =>
  createHash('sha256').update(Buffer.from(signed.payload, 'base64')).digest('hex');

/**
 * Reads a signed bundle and checks its signature with the key it names. Whether that is the installer's is for whoever
 * knows their key: each branch does.
 *
 * @param file where it is from, for the error
 * @throws {LobbyError} `LOBBY_FILE_INVALID`
 */
export function readBundle(text: string, file: string): ReadBundle {
  const refuse = (problem: string, cause?: unknown) =>
    new LobbyError('LOBBY_FILE_INVALID', { file, problem, hint: bundleHint }, { cause });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw refuse('it must be JSON', cause);
  }
  const signed = signedSchema.safeParse(given);
  if (!signed.success) throw refuse('it must be a signed bundle', signed.error);
  const signedBy = signed.data.signatures[0]!.keyid;
  const opened = openSigned(signed.data, bundleType, [signedBy]);
  if ('refused' in opened) throw refuse('its signature must be of what it says, and is not');
  try {
    const bundle = settingsBundleSchema.parse(JSON.parse(opened.bytes.toString('utf8')));
    return { signed: signed.data, bundle, digest: digestOf(signed.data), signedBy };
  } catch (cause) {
    throw refuse('what was signed is no bundle of this version', cause);
  }
}

/** What there is in the same part, or which parts there are: for whoever mistyped one. */
function nearTo(path: string): string {
  const all = describeSettings().map((one) => one.path);
  const partOf = (one: string) => one.split('.')[0]!;
  const near = all.filter((one) => partOf(one) === partOf(path));
  return near.length > 0
    ? `; there are ${near.join(', ')}`
    : `; they begin with ${[...new Set(all.map(partOf))].join(', ')}`;
}

/**
 * What is wrong with values that are to be sent to branches; nothing: each is one that a branch file may have. How they
 * go with a branch's other values, each branch looks itself.
 */
export function problemOfValues(set: SettingsBundle['set']): string | undefined {
  const known = new Map(describeSettings().map((one) => [one.path, one]));
  const entries = Object.entries(set);
  if (entries.length === 0) return 'a value must be given, such as queue.waitSeconds=120';
  for (const [path, value] of entries) {
    const setting = known.get(path);
    if (setting === undefined) return `there is no setting ${path}${nearTo(path)}`;
    const { least, most, whole } = setting;
    if (value < least || value > most || !Number.isFinite(value))
      return `${path} must be from ${least} to ${most}, and is ${value}`;
    if (whole && !Number.isInteger(value)) return `${path} must be a whole number, and is ${value}`;
  }
  return undefined;
}
