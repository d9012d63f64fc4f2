import { createPublicKey, generateKeyPairSync, sign as signBytes, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mostPublicKeys,
  mostSignedBytes,
  openSigned,
  privateKeyIn,
  publicKeyOf,
  publicKeysIn,
  sign,
} from '../../../edge/fleet/signed.ts';
import { LobbyError } from '../../../src/contract/errors.ts';
import { type Signed, signedSchema } from '../../../src/contract/fleet-settings.ts';

const bundleType = 'application/vnd.lobby-sense.settings+json';
const stepType = 'application/vnd.lobby-sense.step+json';
const mine = generateKeyPairSync('ed25519').privateKey;
const other = generateKeyPairSync('ed25519').privateKey;
const bytes = Buffer.from('{"queue.waitSeconds":120}');

const pemOf = (key = mine) => createPublicKey(key).export({ format: 'pem', type: 'spki' }) as string;
const problemOf = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error instanceof LobbyError ? `${error.code}: ${error.details.problem}` : error;
  }
};

describe('signed bytes', () => {
  it('come back as they were, whatever they are, and fit the contract', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (some) => {
        const signed = signedSchema.parse(sign(bundleType, Buffer.from(some), mine));
        expect(openSigned(signed, bundleType, [publicKeyOf(other), publicKeyOf(mine)])).toEqual({
          bytes: Buffer.from(some),
        });
      }),
    );
    const most = signedSchema.parse(sign(bundleType, Buffer.alloc(mostSignedBytes, 7), mine));
    expect(openSigned(most, bundleType, [publicKeyOf(mine)])).toHaveProperty('bytes');
  });

  it('are signed as DSSE says, so that others can check them', () => {
    const { signatures } = sign(bundleType, Buffer.from('hello'), mine);
    const over = Buffer.from(`DSSEv1 41 ${bundleType} 5 hello`);
    expect(verify(null, over, createPublicKey(mine), Buffer.from(signatures[0]!.sig, 'base64'))).toBe(true);
  });

  it('are refused when one bit of them or of their signature is another', () => {
    const known = [publicKeyOf(mine)];
    const signed = sign(bundleType, bytes, mine);
    const flipped = (text: string, bit: number) => {
      const buffer = Buffer.from(text, 'base64');
      buffer[bit >> 3]! ^= 1 << (bit & 7);
      return buffer.toString('base64');
    };
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const one: Signed = { ...signed, payload: flipped(signed.payload, bit) };
      expect(openSigned(one, bundleType, known)).toEqual({ refused: 'wrong-signature' });
    }
    for (let bit = 0; bit < 512; bit += 1) {
      const [{ keyid, sig }] = signed.signatures as [Signed['signatures'][0]];
      const one = { ...signed, signatures: [{ keyid, sig: flipped(sig, bit) }] };
      expect(openSigned(one, bundleType, known)).toEqual({ refused: 'wrong-signature' });
    }
  });

  it('are refused when nobody known signed them, or another under their name', () => {
    const signed = sign(bundleType, bytes, other);
    expect(openSigned(signed, bundleType, [])).toEqual({ refused: 'unknown-key' });
    expect(openSigned(signed, bundleType, [publicKeyOf(mine)])).toEqual({ refused: 'unknown-key' });
    const posing = { ...signed, signatures: [{ ...signed.signatures[0]!, keyid: publicKeyOf(mine) }] };
    expect(openSigned(posing, bundleType, [publicKeyOf(mine)])).toEqual({ refused: 'wrong-signature' });
  });

  it('are refused as another kind of thing, also when they call themselves that', () => {
    const step = sign(stepType, bytes, mine);
    expect(openSigned(step, bundleType, [publicKeyOf(mine)])).toEqual({ refused: 'wrong-signature' });
    const posing = { ...step, payloadType: bundleType } as const;
    expect(openSigned(posing, bundleType, [publicKeyOf(mine)])).toEqual({ refused: 'wrong-signature' });
    // The control: without the type in what is signed, the same signature would do for both.
    const bare = signBytes(null, bytes, mine);
    expect(verify(null, bytes, createPublicKey(mine), bare)).toBe(true);
  });

  it('are refused, and not an error, where the key is no point of the curve', () => {
    const nobody = Buffer.alloc(32, 0xff).toString('base64url');
    const signed = { ...sign(bundleType, bytes, mine) };
    const one = { ...signed, signatures: [{ ...signed.signatures[0]!, keyid: nobody }] };
    expect(openSigned(one, bundleType, [nobody])).toEqual({ refused: 'wrong-signature' });
  });

  it('are not made of more than fits, nor with a key of another kind', () => {
    expect(() => sign(bundleType, Buffer.alloc(mostSignedBytes + 1), mine)).toThrow(RangeError);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => sign(bundleType, bytes, privateKey)).toThrow(RangeError);
  });
});

describe('a file of public keys', () => {
  it('holds them in PEM or base64url, with remarks for people, each counted once', () => {
    const text = `# the installer\n${pemOf()}\n${publicKeyOf(other)} # who follows her\n${publicKeyOf(mine)}\n`;
    expect(publicKeysIn(text, 'keys')).toEqual([publicKeyOf(mine), publicKeyOf(other)]);
    expect(publicKeysIn(text.replaceAll('\n', '\r\n'), 'keys')).toHaveLength(2);
  });

  it('is refused in words where it holds none, too many, a private one, one of another kind, or anything else', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const secret = mine.export({ format: 'pem', type: 'pkcs8' }) as string;
    const many = Array.from({ length: mostPublicKeys + 1 }, () => publicKeyOf(other)).join('\n');
    // The last of 43 characters carries four bits: another of them would be a second name for the same key.
    const unusual = `${'A'.repeat(42)}B`;
    expect(
      ['', '# none\n', many, secret, pemOf(rsa), 'hello', unusual].map((text) =>
        problemOf(() => publicKeysIn(text, 'keys')),
      ),
    ).toEqual([
      'LOBBY_FILE_INVALID: it must hold a public key',
      'LOBBY_FILE_INVALID: it must hold a public key',
      'LOBBY_FILE_INVALID: it must hold 16 keys at most',
      'LOBBY_FILE_INVALID: it must hold public keys, and holds a private one: nobody but its owner should have that',
      'LOBBY_FILE_INVALID: a key in it is not one of Ed25519',
      'LOBBY_FILE_INVALID: a line in it is no public key: hello',
      `LOBBY_FILE_INVALID: a line in it is no public key: ${unusual}`,
    ]);
  });
});

describe('a private key', () => {
  it('is read from PEM, and refused in words that show nothing of it', () => {
    const text = mine.export({ format: 'pem', type: 'pkcs8' }) as string;
    expect(publicKeyOf(privateKeyIn(text, 'key'))).toBe(publicKeyOf(mine));
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const texts = ['', text.slice(0, 60), pemOf(), rsa.export({ format: 'pem', type: 'pkcs8' }) as string];
    expect(texts.map((one) => problemOf(() => privateKeyIn(one, 'key')))).toEqual([
      'LOBBY_FILE_INVALID: it must hold a private key',
      'LOBBY_FILE_INVALID: it must hold a private key',
      'LOBBY_FILE_INVALID: it must hold a private key',
      'LOBBY_FILE_INVALID: its key is not one of Ed25519',
    ]);
  });
});
