import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type FiguresPayload, figuresAskSchema, figuresSchema } from '../../src/contract/figures.ts';
import type { AccessRole } from '../access/tokens.ts';
import { figuresCsv } from '../figures/figures-csv.ts';
import { reportPolicy } from '../figures/report-html.ts';
import type { Figures } from '../figures/serve-figures.ts';
import { troubleSchema } from './replies.ts';

/** Reports as pages: made anew, or as they were made at closing. */
export interface ReportPages {
  html(figures: FiguresPayload, language: 'zh' | 'en'): string;
  /** As it was made at closing; absent: it was not, or is gone. */
  read(day: string, language: 'zh' | 'en'): string | undefined;
}

interface FiguresOptions {
  readonly figures: Figures;
  readonly reports?: ReportPages | undefined;
  readonly needs: (role: AccessRole) => (request: FastifyRequest) => Promise<void>;
}

/**
 * Figures of a day or a period.
 *
 *     GET  /api/v1/figures        everything, with the questions in SQL     viewer
 *     GET  /api/v1/figures.csv    one figure a line                         viewer
 *     GET  /api/v1/report         the same as a page to print               viewer
 */
export function addFigures(scope: FastifyInstance, { figures, reports, needs }: FiguresOptions): void {
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
  if (reports === undefined) return;
  api.get(
    '/api/v1/report',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'The report of a day or a period as a page to print; of a day that is over, as it was made',
        querystring: figuresAskSchema.extend({ lang: z.enum(['zh', 'en']).default('en') }),
        produces: ['text/html'],
        response: { 200: z.string(), ...refusals },
      },
    },
    async (request, reply) => {
      const { lang, ...asked } = request.query;
      const isPlain = asked.compare === 'same-weekday' && asked.short === 'in';
      const made = asked.day !== undefined && isPlain ? reports.read(asked.day, lang) : undefined;
      const html = made ?? reports.html(await figures.ask(asked), lang);
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', reportPolicy)
        .serializer((text: string) => text)
        .send(html);
    },
  );
}
