import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type SettingsConflict,
  settingsAskSchema,
  settingsConflictSchema,
  settingsHistorySchema,
  settingsSchema,
} from '../../src/contract/settings.ts';
import type { AccessRole } from '../access/tokens.ts';
import type { BranchStore } from '../settings/branch-store.ts';
import { troubleSchema } from './replies.ts';

interface SettingsOptions {
  readonly store: BranchStore;
  readonly needs: (role: AccessRole) => (request: FastifyRequest) => Promise<void>;
}

/**
 * Thresholds, read and changed.
 *
 *     GET  /api/v1/settings           all of them, with their words       viewer
 *     PUT  /api/v1/settings           changes some, and says why          operations
 *     GET  /api/v1/settings/history   who changed what, when and why      viewer
 *
 * A change is made on a version. Whoever comes second is refused with 409, what was saved since and what is so now.
 */
export function addSettings(scope: FastifyInstance, { store, needs }: SettingsOptions): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const refusals = { 401: troubleSchema, 403: troubleSchema, 429: troubleSchema, 500: troubleSchema };

  api.get(
    '/api/v1/settings',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'Thresholds: values, ranges, defaults, words, and the version they are of',
        response: { 200: settingsSchema, ...refusals },
      },
    },
    () => store.view(),
  );
  api.put(
    '/api/v1/settings',
    {
      preHandler: needs('operations'),
      schema: {
        summary:
          'Changes thresholds and their profiles, at once and without a restart; the file keeps its comments',
        body: settingsAskSchema,
        response: {
          200: settingsSchema,
          400: troubleSchema,
          409: z.union([settingsConflictSchema, troubleSchema]).meta({
            description: 'Somebody saved meanwhile, or the file was edited and cannot be used as it is.',
          }),
          422: troubleSchema,
          503: troubleSchema,
          ...refusals,
        },
      },
    },
    async (request, reply) => {
      const { id: token, role } = request.bearer!;
      try {
        store.save({ ...request.body, by: { kind: 'token', role, token } });
      } catch (error) {
        return reply.code(409).send(conflictOf(error, request.body.version, store));
      }
      return reply.code(200).send(store.view());
    },
  );
  api.get(
    '/api/v1/settings/history',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'Who changed what, when and why, newest first, fifty at a time',
        querystring: z.strictObject({
          before: z.coerce
            .number()
            .int()
            .min(1)
            .optional()
            .meta({ description: 'Only versions before this one.' }),
        }),
        response: { 200: settingsHistorySchema, 400: troubleSchema, ...refusals },
      },
    },
    (request) => {
      const { changes, more } = store.history(request.query.before);
      return { v: 1 as const, changes: [...changes], more };
    },
  );
}

/** A save on an old version, with what is so now; whatever else went wrong is thrown on. */
export function conflictOf(error: unknown, asked: number, store: BranchStore): SettingsConflict {
  if (!(error instanceof LobbyError) || error.code !== 'LOBBY_SETTINGS_STALE') throw error;
  const { code, message, remedy } = error;
  const since = store.history().changes.filter(({ version }) => version > asked);
  return { code, message, remedy, current: store.view(), since };
}
