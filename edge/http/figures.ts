import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { figuresAskSchema, figuresSchema } from '../../src/contract/figures.ts';
import type { AccessRole } from '../access/tokens.ts';
import { figuresCsv } from '../figures/figures-csv.ts';
import type { Figures } from '../figures/serve-figures.ts';
import { troubleSchema } from './replies.ts';

interface FiguresOptions {
  readonly figures: Figures;
  readonly needs: (role: AccessRole) => (request: FastifyRequest) => Promise<void>;
}

/**
 * Figures of a day or a period.
 *
 *     GET  /api/v1/figures        everything, with the questions in SQL     viewer
 *     GET  /api/v1/figures.csv    one figure a line                         viewer
 */
export function addFigures(scope: FastifyInstance, { figures, needs }: FiguresOptions): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const refusals = {
    400: troubleSchema,
    401: troubleSchema,
    403: troubleSchema,
    429: troubleSchema,
    500: troubleSchema,
    503: troubleSchema,
  };

  api.get(
    '/api/v1/figures',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'Figures of a day or a period, compared with the same weekday before',
        querystring: figuresAskSchema,
        response: { 200: figuresSchema, ...refusals },
      },
    },
    (request) => figures.ask(request.query),
  );
  api.get(
    '/api/v1/figures.csv',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'The same as a table, one figure a line',
        querystring: figuresAskSchema,
        produces: ['text/csv'],
        response: { 200: z.string(), ...refusals },
      },
    },
    async (request, reply) => {
      const found = await figures.ask({ ...request.query, compare: 'none' });
      const name = found.from === found.to ? found.from : `${found.from}-${found.to}`;
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="figures-${name}.csv"`)
        .serializer((text: string) => text)
        .send(figuresCsv(found));
    },
  );
}
