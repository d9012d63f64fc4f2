import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import { verdictLine } from '../../src/contract/journal.ts';
import { journalAskSchema, journalPageSchema, storySchema } from '../../src/contract/journal-page.ts';
import type { AccessRole } from '../access/tokens.ts';
import type { JournalPages } from '../journals/journal-pages.ts';
import { troubleSchema } from './replies.ts';

interface JournalOptions {
  /** Absent: none is kept. */
  readonly journal: JournalPages | undefined;
  readonly needs: (role: AccessRole) => (request: FastifyRequest) => Promise<void>;
}

/**
 * The journal, read.
 *
 *     GET  /api/v1/journal                   rows, newest first, a page at a time     viewer
 *     GET  /api/v1/journal/visits/{visit}    one visit's story                        viewer
 */
export function addJournal(scope: FastifyInstance, { journal, needs }: JournalOptions): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const refusals = {
    400: troubleSchema,
    401: troubleSchema,
    403: troubleSchema,
    404: troubleSchema,
    429: troubleSchema,
    500: troubleSchema,
    503: troubleSchema,
  };
  const kept = () => {
    if (journal === undefined) throw new LobbyError('LOBBY_JOURNAL_NOT_KEPT');
    return journal;
  };

  api.get(
    '/api/v1/journal',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'What was said and kept quiet, and why, with health and settings among it; newest first',
        querystring: journalAskSchema,
        response: { 200: journalPageSchema, 410: troubleSchema, ...refusals },
      },
    },
    (request) => kept().page(request.query),
  );
  api.get(
    '/api/v1/journal/visits/:visit',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: "One visit's story: what was noticed, said and kept quiet, and by which rules",
        params: z.strictObject({ visit: verdictLine.shape.visit.unwrap() }),
        response: { 200: storySchema, ...refusals },
      },
    },
    (request) => kept().story(request.params.visit),
  );
}
