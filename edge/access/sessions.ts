import { randomBytes } from 'node:crypto';
import type { Seconds } from '../../src/core/units.ts';
import type { Bearer, Tokens } from './tokens.ts';

/** Browsers that have shown a token: a cookie stands for it, which scripts of the page cannot read. */
export interface Sessions {
  /** @returns the session's name, for the cookie; `undefined` where the token is none */
  begin(token: string): string | undefined;
  /** Who the session is of, while it lasts and its token does. */
  bearer(session: string): Bearer | undefined;
  end(session: string): void;
}

/** A working day, so that nobody has to look for their token at noon. */
export const sessionSeconds: Seconds = 12 * 3600;
const mostSessions = 256;

/** Sessions live in memory: a restart ends them, and revoking a token ends its own. */
export function createSessions(tokens: Tokens, now: () => Seconds): Sessions {
  const sessions = new Map<string, { readonly token: string; readonly until: Seconds }>();
  return {
    begin(token) {
      if (tokens.verify(token) === undefined) return undefined;
      for (const [name, { until }] of sessions) if (until <= now()) sessions.delete(name);
      // The oldest makes room: whoever has it shows their token again.
      if (sessions.size >= mostSessions) sessions.delete(sessions.keys().next().value!);
      const name = randomBytes(32).toString('base64url');
      sessions.set(name, { token, until: now() + sessionSeconds });
      return name;
    },
    bearer(name) {
      const session = sessions.get(name);
      if (session === undefined) return undefined;
      if (session.until <= now()) {
        sessions.delete(name);
        return undefined;
      }
      return tokens.verify(session.token);
    },
    end(name) {
      sessions.delete(name);
    },
  };
}
