import { randomBytes, randomInt, scryptSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { codeLength, codeLetters, plainCode } from '../../src/contract/browser-camera-limits.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Seconds } from '../../src/core/units.ts';
import { hashOfToken, newId, openKeptFile } from './kept-file.ts';

const moment = z.iso.datetime({ precision: 3 });
const slug = z.string().regex(/^[a-z0-9-]{1,40}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const pairingsFileSchema = z.strictObject({
  v: z.literal(1),
  /** Codes that may still be entered. */
  codes: z
    .array(
      z.strictObject({
        camera: slug,
        salt: z
          .string()
          .regex(/^[0-9a-f]{32}$/)
          .describe('Drawn for this code, so that equal codes have other hashes.'),
        hash,
        until: moment,
      }),
    )
    .max(16),
  wrong: z
    .int()
    .min(0)
    .describe('How often what was entered was none of these, since the oldest of them was made.'),
  pages: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z0-9]{6}$/), camera: slug, hash, madeAt: moment }))
    .max(64),
});
type Kept = z.infer<typeof pairingsFileSchema>;

/** A page that was paired; nothing is known of it but which camera it is. */
export interface PairedPage {
  readonly id: string;
  readonly camera: string;
}

export interface Pairings {
  /** Without what is secret, oldest first. */
  readonly list: readonly (PairedPage & { readonly madeAt: string })[];
  /**
   * Makes a code for a camera; one that was made for it before counts no more.
   *
   * @returns the code, which is nowhere kept and cannot be shown again
   */
  makeCode(camera: string): { readonly code: string; readonly until: Seconds };
  /**
   * Takes a code and gives a token for it.
   *
   * @returns nothing where it is none that counts
   * @throws {LobbyError} `LOBBY_PAGES_PAIRED_FULL` beyond 64
   */
  pair(code: string): (PairedPage & { readonly token: string }) | undefined;
  /** @returns who shows it; nothing where it is none, or none any more */
  verify(token: string): PairedPage | undefined;
  /** @returns whether there was such a page */
  revoke(id: string): boolean;
}

/** Where they lie in the data folder. */
export const pairingsFile = 'paired-pages.json';

/** Long enough to walk from the box to the door and type. */
export const codeSeconds: Seconds = 600;
const mostCodes = 16;
const mostPages = 64;
/**
 * So many wrong codes by anybody, and none of those that were made counts any more: with 8 of 30 letters a guess is
 * right once in 656 thousand million, and this leaves a hundred.
 */
const mostWrong = 100;
const prefix = 'lobby-page-';
const nothing: Kept = { v: 1, codes: [], wrong: 0, pages: [] };

/**
 * Codes for pairing and the pages that were paired by them, kept as hashes in a file that the service's own user alone
 * may read; without a file they last as long as the process.
 *
 *     lobby pair ──▶ code, 10 minutes ──▶ entered in the page ──▶ token of that page, until it is taken back
 *
 * The file is read again when it has changed: a code made, or a page taken back, on the command line counts at once.
 *
 * @throws {LobbyError} `LOBBY_PAIRINGS_UNREADABLE` where the file is none of ours, `LOBBY_FILE_OPEN` where everybody
 *         may write to it
 */
export function openPairings(options: { readonly file?: string; readonly now: () => Seconds }): Pairings {
  const { file, now } = options;
  const { read, write } = openKeptFile(
    file,
    nothing,
    pairingsFileSchema.parse,
    (path, cause) => new LobbyError('LOBBY_PAIRINGS_UNREADABLE', { file: path }, { cause }),
  );

  const living = (codes: Kept['codes']) => codes.filter(({ until }) => Date.parse(until) / 1000 > now());

  read();
  return {
    get list() {
      return read().pages.map(({ hash: _, ...rest }) => rest);
    },
    makeCode(camera) {
      const kept = read();
      const others = living(kept.codes).filter((one) => one.camera !== camera);
      const code = Array.from({ length: codeLength }, () => codeLetters[randomInt(codeLetters.length)]).join(
        '',
      );
      const salt = randomBytes(16).toString('hex');
      const until = now() + codeSeconds;
      const made = {
        camera,
        salt,
        hash: hashOfCode(code, salt),
        until: new Date(until * 1000).toISOString(),
      };
      const wrong = others.length === 0 ? 0 : kept.wrong;
      write({ ...kept, codes: [...others.slice(1 - mostCodes), made], wrong });
      return { code, until };
    },
    pair(text) {
      const kept = read();
      const codes = living(kept.codes);
      const code = plainCode(text);
      // What cannot be one takes no reckoning.
      const found = code.length === codeLength ? codes.find((one) => isCode(one, code)) : undefined;
      if (found === undefined) {
        const wrong = kept.wrong + 1;
        if (codes.length > 0) write({ ...kept, codes: wrong >= mostWrong ? [] : codes, wrong });
        return undefined;
      }
      if (kept.pages.length >= mostPages)
        throw new LobbyError('LOBBY_PAGES_PAIRED_FULL', { most: mostPages });
      const token = prefix + randomBytes(32).toString('base64url');
      const id = newId(kept.pages.map((one) => one.id));
      const { camera } = found;
      const page = {
        id,
        camera,
        hash: hashOfToken(token).toString('hex'),
        madeAt: new Date(now() * 1000).toISOString(),
      };
      write({ ...kept, codes: codes.filter((one) => one !== found), pages: [...kept.pages, page] });
      return { id, camera, token };
    },
    verify(token) {
      const given = hashOfToken(token);
      let found: PairedPage | undefined;
      // All are compared, so that how long it takes tells nothing.
      for (const { id, camera, hash } of read().pages) {
        if (timingSafeEqual(Buffer.from(hash, 'hex'), given)) found = { id, camera };
      }
      return found;
    },
    revoke(id) {
      const kept = read();
      const pages = kept.pages.filter((one) => one.id !== id);
      if (pages.length === kept.pages.length) return false;
      write({ ...kept, pages });
      return true;
    },
  };
}

/** A code of forty bits needs a slow hash, or whoever sees the file could find it in its ten minutes. */
const hashOfCode = (code: string, salt: string): string =>
  scryptSync(code, Buffer.from(salt, 'hex'), 32, { N: 4_096, r: 8, p: 1 }).toString('hex');

function isCode({ salt, hash }: Kept['codes'][number], code: string): boolean {
  return timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(hashOfCode(code, salt), 'hex'));
}
