import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import { hashOfToken, newId, openKeptFile } from './kept-file.ts';

/** Who may do what in the console and its API; each may what those before it may. */
export const accessRoles = ['viewer', 'operations', 'installer'] as const;
export type AccessRole = (typeof accessRoles)[number];

/** Whether one role may do what another may. */
export const mayActAs = (role: AccessRole, wanted: AccessRole): boolean =>
  accessRoles.indexOf(role) >= accessRoles.indexOf(wanted);

const tokenSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{6}$/),
  role: z.enum(accessRoles),
  /** SHA-256 of the token: it is 256 random bits, which no list of words finds again. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  madeAt: z.iso.datetime({ precision: 3 }),
});
export const tokensFileSchema = z.strictObject({ v: z.literal(1), tokens: z.array(tokenSchema).max(64) });
type Token = z.infer<typeof tokenSchema>;

/** Whoever shows a token; nothing is known of them but what they may do. */
export interface Bearer {
  readonly id: string;
  readonly role: AccessRole;
}

export interface Tokens {
  /** Without what is secret, oldest first. */
  readonly list: readonly Omit<Token, 'hash'>[];
  /** @returns who shows it; `undefined` where there is no such token, or no more */
  verify(text: string): Bearer | undefined;
  /**
   * Makes a token.
   *
   * @returns its text, which is nowhere kept and cannot be shown again
   * @throws {LobbyError} `LOBBY_TOKENS_FULL` beyond 64
   */
  issue(role: AccessRole): { readonly text: string; readonly id: string };
  /** @returns whether there was such a token */
  revoke(id: string): boolean;
}

const mostTokens = 64;
const prefix = 'lobby-';

/**
 * The tokens of one box, kept as hashes in a file that its own user alone may read; without a file they last as long
 * as the process.
 *
 * The file is read again when it has changed: a token made or revoked on the command line counts at once.
 *
 * @throws {LobbyError} `LOBBY_TOKENS_UNREADABLE` where there is a file that is none of ours: it fails closed, since a
 *         file that is passed over would be one that anybody can have passed over; `LOBBY_FILE_OPEN` where everybody
 *         may write to it
 */
export function openTokens(options: { readonly file?: string; readonly now: () => number }): Tokens {
  const { file, now } = options;
  const kept = openKeptFile(
    file,
    { v: 1 as const, tokens: [] as Token[] },
    tokensFileSchema.parse,
    (path, cause) => new LobbyError('LOBBY_TOKENS_UNREADABLE', { file: path }, { cause }),
  );
  const read = (): readonly Token[] => kept.read().tokens;
  const write = (tokens: readonly Token[]) => kept.write({ v: 1, tokens: [...tokens] });

  read();
  return {
    get list() {
      return read().map(({ hash: _, ...rest }) => rest);
    },
    verify(text) {
      const given = hashOfToken(text);
      let found: Bearer | undefined;
      // All are compared, so that how long it takes tells nothing.
      for (const { id, role, hash } of read()) {
        if (timingSafeEqual(Buffer.from(hash, 'hex'), given)) found = { id, role };
      }
      return found;
    },
    issue(role) {
      const tokens = read();
      if (tokens.length >= mostTokens) throw new LobbyError('LOBBY_TOKENS_FULL', { most: mostTokens });
      const text = prefix + randomBytes(32).toString('base64url');
      const id = newId(tokens.map((one) => one.id));
      const madeAt = new Date(now() * 1000).toISOString();
      write([...tokens, { id, role, hash: hashOfToken(text).toString('hex'), madeAt }]);
      return { text, id };
    },
    revoke(id) {
      const tokens = read();
      const rest = tokens.filter((one) => one.id !== id);
      if (rest.length === tokens.length) return false;
      write(rest);
      return true;
    },
  };
}
