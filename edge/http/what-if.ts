import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  suggestAskSchema,
  whatIfAskSchema,
  whatIfDaysSchema,
  whatIfScenesSchema,
  whatIfSchema,
} from '../../src/contract/what-if.ts';
import type { AccessRole } from '../access/tokens.ts';
import type { WhatIfs } from '../what-if/what-ifs.ts';
import { troubleSchema } from './replies.ts';

interface WhatIfOptions {
  readonly whatIfs: WhatIfs;
  readonly needs: (role: AccessRole) => (request: FastifyRequest) => Promise<void>;
}

/**
 * Questions to the journal before a threshold is changed.
 *
 *     GET     /api/v1/what-if/days      days there are              operations
 *     POST    /api/v1/what-if           what would a draft have done?
 *     POST    /api/v1/what-if/suggest   which value satisfies an aim?
 *     GET     /api/v1/what-if/{id}      how far it has come, and the result so far
 *     DELETE  /api/v1/what-if/{id}      gives it up
 *     GET     /api/v1/what-if/scenes    who stood where around a moment
 *
 * One is worked out at a time, in a thread of its own; four may wait. What nobody asks for in a minute is given up.
 */
export function addWhatIf(scope: FastifyInstance, { whatIfs, needs }: WhatIfOptions): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const preHandler = needs('operations');
  const refusals = { 401: troubleSchema, 403: troubleSchema, 429: troubleSchema, 500: troubleSchema };
  const asking = {
    202: whatIfSchema,
    400: troubleSchema,
    409: troubleSchema,
    422: troubleSchema,
    ...refusals,
  };
  const params = z.strictObject({ id: z.string().max(40) });

  api.get(
    '/api/v1/what-if/days',
    {
      preHandler,
      schema: {
        summary: 'Days of the journal that can be played back',
        response: { 200: whatIfDaysSchema, 409: troubleSchema, 503: troubleSchema, ...refusals },
      },
    },
    () => whatIfs.days(),
  );
  api.post(
    '/api/v1/what-if',
    {
      preHandler,
      schema: {
        summary: 'Plays days back by the thresholds of now and by a draft of them',
        body: whatIfAskSchema,
        response: asking,
      },
    },
    (request, reply) => {
      reply.code(202);
      return whatIfs.compare(request.body);
    },
  );
  api.post(
    '/api/v1/what-if/suggest',
    {
      preHandler,
      schema: {
        summary: 'Tries values of one threshold for an aim: chosen on some days, checked on the others',
        body: suggestAskSchema,
        response: asking,
      },
    },
    (request, reply) => {
      reply.code(202);
      return whatIfs.suggest(request.body);
    },
  );
  api.get(
    '/api/v1/what-if/scenes',
    {
      preHandler,
      schema: {
        summary: 'Who stood where twelve seconds before and after a moment, as dots',
        querystring: z.strictObject({ at: z.iso.datetime() }),
        response: {
          200: whatIfScenesSchema,
          400: troubleSchema,
          409: troubleSchema,
          503: troubleSchema,
          ...refusals,
        },
      },
    },
    (request) => whatIfs.scenes(Date.parse(request.query.at) / 1000),
  );
  api.get(
    '/api/v1/what-if/:id',
    {
      preHandler,
      schema: {
        summary: 'How far it has come, and the result of the days that are done',
        params,
        querystring: z.strictObject({
          have: z.coerce
            .number()
            .int()
            .min(0)
            .optional()
            .meta({ description: 'The step that is known: its result is not sent again.' }),
        }),
        response: { 200: whatIfSchema, 400: troubleSchema, 404: troubleSchema, ...refusals },
      },
    },
    (request) => whatIfs.get(request.params.id, request.query.have),
  );
  api.delete(
    '/api/v1/what-if/:id',
    {
      preHandler,
      schema: {
        summary: 'Gives it up',
        params,
        response: { 204: z.null(), 404: troubleSchema, ...refusals },
      },
    },
    (request, reply) => {
      whatIfs.cancel(request.params.id);
      reply.code(204);
      return null;
    },
  );
}
