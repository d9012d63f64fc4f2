import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import { LobbyError } from '../../src/contract/errors.ts';
import { publicKeySchema, type Signed } from '../../src/contract/fleet-settings.ts';

/**
 * Bytes and who signed them, as DSSE has it (https://github.com/secure-systems-lab/dsse): Ed25519 over the type and the
 * bytes, each with its length before it. What was signed is checked before it is read as anything, and a step's
 * signature never passes for a bundle's.
 */

/** What is signed at most: its base64 fits into `signedSchema`. */
export const mostSignedBytes = 12_288;

/** Keys in one file at most: whoever installs, and whoever is to follow them. */
export const mostPublicKeys = 16;

export type SignatureRefusal = 'unknown-key' | 'wrong-signature';

/** What is really signed: `DSSEv1`, type and bytes, each with its length in bytes. */
function signedOver(payloadType: Signed['payloadType'], bytes: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${bytes.length} `;
  return Buffer.concat([Buffer.from(head, 'utf8'), bytes]);
}

/**
 * Signs bytes.
 *
 * @throws {RangeError} where they are more than `mostSignedBytes`, or the key is not one of Ed25519
 * @example
 * ```ts
 * const { privateKey } = generateKeyPairSync('ed25519');
 * const type = 'application/vnd.lobby-sense.settings+json';
 * const signed = sign(type, Buffer.from('{}'), privateKey);
 * openSigned(signed, type, [publicKeyOf(privateKey)]); // { bytes: <Buffer 7b 7d> }
 * openSigned(signed, type, []); // { refused: 'unknown-key' }
 * ```
 */
export function sign(payloadType: Signed['payloadType'], bytes: Buffer, privateKey: KeyObject): Signed {
  if (bytes.length > mostSignedBytes) {
    throw new RangeError(`Cannot sign ${bytes.length} bytes: ${mostSignedBytes} is the most`);
  }
  return {
    payloadType,
    payload: bytes.toString('base64'),
    signatures: [
      {
        keyid: publicKeyOf(privateKey),
        sig: signBytes(null, signedOver(payloadType, bytes), privateKey).toString('base64'),
      },
    ],
  };
}

/**
 * The bytes that somebody known has signed.
 *
 * @param payloadType what it has to be; bytes that were signed as something else are refused as `wrong-signature`
 * @param known public keys, as `publicKeyOf` has them
 */
export function openSigned(
  signed: Signed,
  payloadType: Signed['payloadType'],
  known: readonly string[],
): { readonly bytes: Buffer } | { readonly refused: SignatureRefusal } {
  const { keyid, sig } = signed.signatures[0]!;
  if (!known.includes(keyid)) return { refused: 'unknown-key' };
  const bytes = Buffer.from(signed.payload, 'base64');
  const isGood = isOf(keyid, signedOver(payloadType, bytes), Buffer.from(sig, 'base64'));
  return isGood ? { bytes } : { refused: 'wrong-signature' };
}

/** A key that is no point of the curve has signed nothing. */
function isOf(keyid: string, bytes: Buffer, signature: Buffer): boolean {
  try {
    return verifyBytes(null, bytes, publicKeyFrom(keyid), signature);
  } catch {
    return false;
  }
}

const publicKeyFrom = (keyid: string): KeyObject =>
  createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: keyid } });

/**
 * An Ed25519 key's public half: its 32 bytes in base64url, 43 characters.
 *
 * @param key private or public
 * @throws {RangeError} where it is not one of Ed25519
 */
export function publicKeyOf(key: KeyObject): string {
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new RangeError(
      `Cannot use a key of ${key.asymmetricKeyType ?? 'one secret'}: Ed25519 is asked for`,
    );
  }
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return x!;
}

const publicKeyHint =
  'Give Ed25519 public keys: in PEM, as `openssl pkey -pubout` writes them, or 43 characters of base64url on a line.';
const privateKeyHint =
  'Give an Ed25519 private key in PEM, without a passphrase: `openssl genpkey -algorithm ed25519` makes one.';

/**
 * The public keys of a text: in PEM or in base64url, one a line; what stands behind a `#` is for people.
 *
 * @param file where it is from, for the error
 * @returns each once, in order; at least one
 * @throws {LobbyError} `LOBBY_FILE_INVALID`
 */
export function publicKeysIn(text: string, file: string): readonly string[] {
  const refuse = (problem: string, cause?: unknown) =>
    new LobbyError('LOBBY_FILE_INVALID', { file, problem, hint: publicKeyHint }, { cause });
  if (text.includes('PRIVATE KEY')) {
    throw refuse('it must hold public keys, and holds a private one: nobody but its owner should have that');
  }
  const keys: string[] = [];
  const block = /-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]*-----END PUBLIC KEY-----/g;
  for (const [pem] of text.matchAll(block)) {
    try {
      keys.push(publicKeyOf(createPublicKey(pem)));
    } catch (cause) {
      throw refuse('a key in it is not one of Ed25519', cause);
    }
  }
  const lines = text.replace(block, '').split('\n');
  for (const line of lines.map((one) => one.replace(/#.*/, '').trim()).filter(Boolean)) {
    if (!isPublicKey(line)) throw refuse(`a line in it is no public key: ${line.slice(0, 50)}`);
    keys.push(line);
  }
  if (keys.length === 0) throw refuse('it must hold a public key');
  if (keys.length > mostPublicKeys) throw refuse(`it must hold ${mostPublicKeys} keys at most`);
  return [...new Set(keys)];
}

/** Whether it is 32 bytes in their one way of writing. */
function isPublicKey(text: string): boolean {
  return (
    publicKeySchema.safeParse(text).success && Buffer.from(text, 'base64url').toString('base64url') === text
  );
}

/**
 * The private key of a text in PEM.
 *
 * @param file where it is from, for the error
 * @throws {LobbyError} `LOBBY_FILE_INVALID`; nothing of the text stands in it
 */
export function privateKeyIn(text: string, file: string): KeyObject {
  const refuse = (problem: string, cause?: unknown) =>
    new LobbyError('LOBBY_FILE_INVALID', { file, problem, hint: privateKeyHint }, { cause });
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (cause) {
    throw refuse('it must hold a private key', cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw refuse('its key is not one of Ed25519');
  return key;
}
