import { parseCookie } from 'cookie';
import type { FastifyRequest } from 'fastify';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createSessions, type Sessions } from '../access/sessions.ts';
import { type AccessRole, type Bearer, mayActAs, type Tokens } from '../access/tokens.ts';
import type { WatchLogins } from '../brokers/watch-logins.ts';
import { asking } from './describe-api.ts';

declare module 'fastify' {
  interface FastifyRequest {
    bearer?: Bearer;
  }
}

export const cookieName = 'lobby-session';

export type Hook = (request: FastifyRequest) => Promise<void>;

/** Who a request comes from, by what it shows. */
export interface WhoAsks {
  readonly sessions: Sessions;
  bearerOf(request: FastifyRequest): Bearer | undefined;
  /** Lets through who may act as that role, and says so in the description of the API. */
  needs(role: AccessRole): Hook & { readonly role: AccessRole };
  /** Lets through a watch that shows its login, and whoever may see the lobby. */
  readonly needsWatch: Hook;
}

/** What a watch shows: its name and its password, as HTTP puts them (Basic, RFC 7617). */
function watchOf({ headers }: FastifyRequest): { username: string; password: string } | undefined {
  const shown = /^Basic ([A-Za-z0-9+/=]{1,400})$/.exec(headers.authorization ?? '')?.[1];
  const [, username, password] =
    /^([^:]+):(.+)$/s.exec(shown === undefined ? '' : Buffer.from(shown, 'base64').toString('utf8')) ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
}

/**
 * @param tokens whoever shows one of these, or the cookie that stands for it
 * @param logins of watches; absent: none has any
 */
export function createWhoAsks(tokens: Tokens, clock: Clock, logins?: WatchLogins): WhoAsks {
  const sessions = createSessions(tokens, () => clock.now());

  function bearerOf(request: FastifyRequest): Bearer | undefined {
    const shown = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (shown !== undefined) return tokens.verify(shown);
    const session = sessionOf(request);
    return session === undefined ? undefined : sessions.bearer(session);
  }

  return {
    sessions,
    bearerOf,
    needs: (role) =>
      asking(role, async (request: FastifyRequest) => {
        const bearer = bearerOf(request);
        if (bearer === undefined) throw new LobbyError('LOBBY_TOKEN_MISSING');
        if (!mayActAs(bearer.role, role))
          throw new LobbyError('LOBBY_ROLE_MISSING', { role, has: bearer.role });
        request.bearer = bearer;
      }),
    async needsWatch(request) {
      if (bearerOf(request) !== undefined) return;
      const watch = watchOf(request);
      const outcome =
        watch === undefined || logins === undefined
          ? 'wrong'
          : await logins.check(watch.username, watch.password, request.ip);
      if (outcome === 'busy') throw new LobbyError('LOBBY_TOO_MANY_TRIES');
      // No dialog of the browser is asked for: the page has its login from its address.
      if (outcome === 'wrong') throw new LobbyError('LOBBY_TOKEN_MISSING');
    },
  };
}

export function sessionOf(request: FastifyRequest): string | undefined {
  return parseCookie(request.headers.cookie ?? '')[cookieName];
}
