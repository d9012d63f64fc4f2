import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  settingsConflictSchema,
  settingsSchema,
  shadowAskSchema,
  shadowLiveAskSchema,
  shadowSchema,
} from '../../src/contract/settings.ts';
import type { AccessRole } from '../access/tokens.ts';
import type { BranchStore } from '../settings/branch-store.ts';
import type { ShadowStore } from '../settings/shadow-store.ts';
import { troubleSchema } from './replies.ts';
import { conflictOf } from './settings.ts';

interface ShadowOptions {
  readonly shadow: ShadowStore;
  readonly store: BranchStore;
  readonly needs: (role: AccessRole) => (request: FastifyRequest) => Promise<void>;
}

/**
 * Values on trial: what they would have said is journalled, and nobody is buzzed.
 *
 *     GET    /api/v1/shadow         what is on trial, and what came of it    viewer
 *     POST   /api/v1/shadow         puts values on trial                     operations
 *     DELETE /api/v1/shadow?why=    ends it                                  operations
 *     POST   /api/v1/shadow/live    makes them hold, as a save does          operations
 */
export function addShadow(scope: FastifyInstance, { shadow, store, needs }: ShadowOptions): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const refusals = { 401: troubleSchema, 403: troubleSchema, 429: troubleSchema, 500: troubleSchema };
  const changing = {
    400: troubleSchema,
    409: z.union([settingsConflictSchema, troubleSchema]).meta({
      description: 'Somebody saved meanwhile, or other values are on trial already.',
    }),
    422: troubleSchema,
    503: troubleSchema,
    ...refusals,
  };

  api.get(
    '/api/v1/shadow',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'Values on trial, since when, and how often they would have buzzed',
        response: { 200: shadowSchema, ...refusals },
      },
    },
    () => shadow.view(),
  );
  api.post(
    '/api/v1/shadow',
    {
      preHandler: needs('operations'),
      schema: {
        summary: 'Puts values on trial: journalled, without a buzz, for seven days unless told',
        body: shadowAskSchema,
        response: { 200: shadowSchema, ...changing },
      },
    },
    async (request, reply) => {
      const { id: token, role } = request.bearer!;
      try {
        shadow.begin({ ...request.body, by: { kind: 'token', role, token } });
      } catch (error) {
        return reply.code(409).send(conflictOf(error, request.body.version, store));
      }
      return reply.code(200).send(shadow.view());
    },
  );
  api.delete(
    '/api/v1/shadow',
    {
      preHandler: needs('operations'),
      schema: {
        summary: 'Ends the trial; nothing in force changes',
        querystring: z.strictObject({ why: z.string().max(300).default('') }),
        response: {
          200: shadowSchema,
          400: troubleSchema,
          404: troubleSchema,
          422: troubleSchema,
          ...refusals,
        },
      },
    },
    (request) => {
      const { id: token, role } = request.bearer!;
      shadow.end({ why: request.query.why, by: { kind: 'token', role, token } });
      return shadow.view();
    },
  );
  api.post(
    '/api/v1/shadow/live',
    {
      preHandler: needs('operations'),
      schema: {
        summary: 'Makes what was tried hold, at once and for everybody',
        body: shadowLiveAskSchema,
        response: { 200: settingsSchema, 404: troubleSchema, ...changing },
      },
    },
    async (request, reply) => {
      const { id: token, role } = request.bearer!;
      try {
        shadow.makeLive({ ...request.body, by: { kind: 'token', role, token } });
      } catch (error) {
        return reply.code(409).send(conflictOf(error, request.body.version, store));
      }
      return reply.code(200).send(store.view());
    },
  );
}
