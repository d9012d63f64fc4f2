import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LobbyError } from '../../src/contract/errors.ts';
import { keepPrivate, refuseWritable } from '../access/file-modes.ts';

/** Told what is no error and should be seen to: for the log. */
export type Remark = (sentence: string) => void;

const certificateHint = 'Give a certificate in PEM: text that begins with -----BEGIN CERTIFICATE-----.';
const keyHint = 'Give the private key of the certificate in PEM, without a passphrase.';
/** Enough to have a new one signed, also over the new year. */
const expiresSoonDays = 30;

async function read(file: string): Promise<Buffer> {
  try {
    const bytes = await readFile(file);
    // Whoever can change a certificate or a list of logins lets in whom they like.
    refuseWritable(file);
    return bytes;
  } catch (cause) {
    if (cause instanceof LobbyError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new LobbyError('LOBBY_FILE_MISSING', { file }, { cause });
    }
    const hint = 'The user that runs the service must be able to read it.';
    throw new LobbyError('LOBBY_FILE_INVALID', { file, problem: 'it cannot be read', hint }, { cause });
  }
}

/** Reads what nobody else should be able to read, and says so if others of this machine can. */
async function readSecret(file: string, onRemark: Remark): Promise<Buffer> {
  const secret = await read(file);
  keepPrivate(file, onRemark);
  return secret;
}

/** Reads what everybody may read and not everybody may change, such as public keys. */
export const readPublicText = async (file: string): Promise<string> => (await read(file)).toString('utf8');

export async function readSecretText(file: string, onRemark: Remark): Promise<string> {
  return (await readSecret(file, onRemark)).toString('utf8');
}

function parseCertificate(pem: Buffer, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    const problem = 'it must hold a certificate';
    throw new LobbyError('LOBBY_FILE_INVALID', { file, problem, hint: certificateHint }, { cause });
  }
}

function parseKey(pem: Buffer, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const problem = 'it must hold a private key';
    throw new LobbyError('LOBBY_FILE_INVALID', { file, problem, hint: keyHint }, { cause });
  }
}

/**
 * Reads the certificate of an authority.
 *
 * @throws {LobbyError} `LOBBY_FILE_MISSING`, `LOBBY_FILE_INVALID`
 */
export async function readAuthority(file: string): Promise<Buffer> {
  const pem = await read(file);
  parseCertificate(pem, file);
  return pem;
}

/**
 * Reads a certificate of the box and its private key. One that is about to expire is told; one that has expired too,
 * and used all the same: whoever is shown it refuses it, and says so.
 *
 * @throws {LobbyError} `LOBBY_FILE_MISSING`, `LOBBY_FILE_INVALID`, also when the two do not belong together
 */
export async function readIdentity(
  files: { readonly cert: string; readonly key: string },
  onRemark: Remark,
  now = Date.now(),
): Promise<{ cert: Buffer; key: Buffer }> {
  const cert = await read(files.cert);
  const key = await readSecret(files.key, onRemark);
  const certificate = parseCertificate(cert, files.cert);
  if (!certificate.checkPrivateKey(parseKey(key, files.key))) {
    const problem = `it must be the private key of ${files.cert}`;
    throw new LobbyError('LOBBY_FILE_INVALID', { file: files.key, problem, hint: keyHint });
  }
  const daysLeft = (Date.parse(certificate.validTo) - now) / 86_400_000;
  if (daysLeft < 0) onRemark(`the certificate ${files.cert} has expired: have a new one signed`);
  else if (daysLeft < expiresSoonDays) {
    onRemark(`the certificate ${files.cert} expires in ${Math.floor(daysLeft)} days: have a new one signed`);
  }
  return { cert, key };
}

/**
 * Reads a password: the first line of a file.
 *
 * @throws {LobbyError} `LOBBY_FILE_MISSING`, `LOBBY_FILE_INVALID`
 */
export async function readPassword(file: string, onRemark: Remark): Promise<string> {
  const [password = ''] = (await readSecretText(file, onRemark)).split(/\r?\n/, 1);
  if (password !== '') return password;
  const hint = 'Its first line is the password.';
  throw new LobbyError('LOBBY_FILE_INVALID', { file, problem: 'it must hold a password', hint });
}
