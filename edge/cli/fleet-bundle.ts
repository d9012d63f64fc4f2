import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { LobbyError } from '../../src/contract/errors.ts';
import { type SettingsBundle, settingsBundleSchema } from '../../src/contract/fleet-settings.ts';
import { toMoment } from '../../src/service/wire.ts';
import { bundleType, problemOfValues, type ReadBundle, readBundle } from '../fleet/bundle.ts';
import { mostSignedBytes, privateKeyIn, publicKeyOf, publicKeysIn, sign } from '../fleet/signed.ts';
import { systemClock } from '../system-clock.ts';
import { readText, writeText } from './files.ts';
import { type Remark, readSecretText } from './secret-files.ts';

const warn: Remark = (sentence) => console.error(sentence);

/** `installer.pem` ▶ `installer.pub.pem`. */
export const publicFileOf = (file: string): string => `${file.replace(/\.pem$/, '')}.pub.pem`;

/**
 * Makes an Ed25519 pair: the private key for its owner alone, the public one beside it.
 *
 * @throws {LobbyError} `LOBBY_FILE_UNWRITABLE`, also where either file is there: a key that is gone cannot be had again
 */
export function makeKeys(file: string): { readonly publicFile: string; readonly publicKey: string } {
  const publicFile = publicFileOf(file);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const write = (path: string, text: string | Buffer, mode: number) => {
    try {
      writeFileSync(path, text, { flag: 'wx', mode });
    } catch (cause) {
      const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
      const reason = isThere ? 'it is there already' : (cause as Error).message;
      throw new LobbyError('LOBBY_FILE_UNWRITABLE', { file: path, reason }, { cause });
    }
  };
  // Looked at first, so that no private key is left without its public one.
  if (existsSync(publicFile))
    throw new LobbyError('LOBBY_FILE_UNWRITABLE', { file: publicFile, reason: 'it is there already' });
  write(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
  write(publicFile, publicKey.export({ type: 'spki', format: 'pem' }), 0o644);
  // Each box's user reads a copy of it, which the command's own umask would not let them.
  chmodSync(publicFile, 0o644);
  return { publicFile, publicKey: publicKeyOf(publicKey) };
}

export interface BundleOptions {
  readonly key: string;
  readonly stepKey: string;
  readonly name: string;
  readonly group: readonly string[];
  /** `queue.waitSeconds=120` */
  readonly set: readonly string[];
  readonly why: string;
  readonly validDays: number;
  /** Absent: seconds since 1970, so that it grows. */
  readonly serial?: number;
  readonly out: string;
}

/**
 * Signs values for groups of branches with the installer's key.
 *
 * @throws {LobbyError} `LOBBY_OPTION_INVALID`, `LOBBY_FILE_MISSING`, `LOBBY_FILE_INVALID`, `LOBBY_FILE_OPEN`,
 *                      `LOBBY_FILE_UNWRITABLE`
 */
export async function makeBundle(options: BundleOptions, now = systemClock.now()): Promise<ReadBundle> {
  const refuse = (option: string, problem: string, value: string | number) =>
    new LobbyError('LOBBY_OPTION_INVALID', { option, problem, value });
  const set = Object.fromEntries(
    options.set.map((one) => {
      const [, path, value] = /^([a-zA-Z.]+)=(-?[\d.]+)$/.exec(one) ?? [];
      if (path === undefined) throw refuse('set', 'it must be a setting and a number', one);
      return [path, Number(value)];
    }),
  );
  if (Object.keys(set).length < options.set.length)
    throw refuse('set', 'each setting must be given once', options.set.join(' '));
  const problem = problemOfValues(set);
  if (problem !== undefined) throw refuse('set', problem, options.set.join(' ') || 'none');
  const privateKey = privateKeyIn(await readSecretText(options.key, warn), options.key);
  const [stepKey, ...more] = publicKeysIn(await readText(options.stepKey), options.stepKey);
  if (more.length > 0) throw refuse('step-key', 'it must hold one key', options.stepKey);
  const signedBy = publicKeyOf(privateKey);
  if (stepKey === signedBy)
    throw refuse('step-key', 'steps must be signed by another key than the installer’s', options.stepKey);
  const given: SettingsBundle = {
    v: 1,
    bundle: options.name,
    serial: options.serial ?? Math.floor(now),
    groups: [...new Set(options.group)],
    madeAt: toMoment(now),
    expiresAt: toMoment(now + options.validDays * 86_400),
    why: options.why,
    set,
    stepKey: stepKey!,
  };
  const bundle = settingsBundleSchema.safeParse(given);
  if (!bundle.success) {
    const [issue] = bundle.error.issues;
    const field = String(issue!.path[0]);
    const option = { bundle: 'name', groups: 'group', expiresAt: 'valid-days' }[field] ?? field;
    throw refuse(
      option,
      'names are small letters, digits and hyphens, 40 at most, a reason 300 letters',
      field,
    );
  }
  const bytes = Buffer.from(JSON.stringify(bundle.data));
  if (bytes.length > mostSignedBytes)
    throw refuse('set', `it all must fit into ${mostSignedBytes} bytes`, bytes.length);
  const signed = sign(bundleType, bytes, privateKey);
  await writeText(options.out, `${JSON.stringify(signed, null, 2)}\n`);
  return readBundle(JSON.stringify(signed), options.out);
}

/** Says what a bundle holds and who signed it, for people. */
export async function lookAtBundle(file: string, now = systemClock.now()): Promise<string> {
  return describeBundle(readBundle(await readText(file), file), now);
}

export function describeBundle({ bundle, digest, signedBy }: ReadBundle, now: number): string {
  const problem = problemOfValues(bundle.set);
  const isOver = Date.parse(bundle.expiresAt) <= now * 1_000;
  const lines: readonly (readonly [string, string])[] = [
    ['bundle', `${bundle.bundle}, serial ${bundle.serial}`],
    ['for', bundle.groups.join(', ')],
    [
      'sets',
      Object.entries(bundle.set)
        .map(([path, value]) => `${path} = ${value}`)
        .join(', '),
    ],
    ['why', bundle.why === '' ? '(nothing was said)' : bundle.why],
    ['made', bundle.madeAt],
    ['expires', `${bundle.expiresAt}${isOver ? ': it has expired' : ''}`],
    ['signed by', `${signedBy} (the signature is of what it says)`],
    ['steps by', bundle.stepKey],
    ['digest', digest],
    ...(problem === undefined ? [] : [['wrong', problem] as const]),
  ];
  return lines.map(([name, value]) => `${name.padEnd(10)} ${value}\n`).join('');
}
