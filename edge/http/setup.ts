import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import type { ChangedBy } from '../../src/contract/settings.ts';
import {
  type CameraTry,
  type CameraTryAsk,
  cameraTryAskSchema,
  cameraTrySchema,
  type SetupCameras,
  type SetupConflict,
  setupBackSchema,
  setupCamerasSchema,
  setupConflictSchema,
  setupDraftSchema,
  setupPreviewSchema,
  setupSaveSchema,
  setupSchema,
} from '../../src/contract/setup.ts';
import type { AccessRole } from '../access/tokens.ts';
import type { BranchStore } from '../settings/branch-store.ts';
import type { Setup } from '../setup/setup.ts';
import { troubleSchema } from './replies.ts';

/** What the set-up pages are fed with. */
export interface SetupParts {
  readonly setup: Setup;
  readonly store: BranchStore;
  readonly cameras: () => SetupCameras;
  /** @throws {LobbyError} `LOBBY_TRY_REFUSED`, `LOBBY_CAMERA_UNKNOWN`, `LOBBY_TRY_BUSY` */
  readonly tryCamera: (asked: CameraTryAsk, signal: AbortSignal) => Promise<CameraTry>;
}

interface SetupRoutes extends SetupParts {
  readonly needs: (role: AccessRole) => (request: FastifyRequest) => Promise<void>;
}

/** A draft of sixteen cameras with all their points and sixty-four zones. */
const mostDraftBytes = 524_288;

/**
 * Set-up: all of it for the role installer.
 *
 *     GET    /api/v1/setup                 cameras, floor points and zones as they are
 *     PUT    /api/v1/setup                 the same, changed: in force at once
 *     POST   /api/v1/setup/preview         what a save would do
 *     POST   /api/v1/setup/back            as it was in an older version
 *     GET    /api/v1/setup/cameras         how the cameras are, and what each lacks
 *     POST   /api/v1/setup/cameras/try     whether an address gives pictures
 *
 * A save is made on a version. Whoever comes second is refused with 409, and what is so now.
 */
export function addSetup(scope: FastifyInstance, routes: SetupRoutes): void {
  const { setup, store, needs } = routes;
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const refusals = { 401: troubleSchema, 403: troubleSchema, 429: troubleSchema, 500: troubleSchema };
  const preHandler = needs('installer');
  const byOf = (request: FastifyRequest): ChangedBy => {
    const { id: token, role } = request.bearer!;
    return { kind: 'token', role, token };
  };
  const saved = {
    200: setupSchema,
    400: troubleSchema,
    409: z.union([setupConflictSchema, troubleSchema]).meta({
      description: 'Somebody saved meanwhile, or the file was edited and cannot be used as it is.',
    }),
    422: troubleSchema,
    503: troubleSchema,
    ...refusals,
  };

  /** Does what is asked, and tells whoever comes second what is so now. */
  function answer(
    version: number,
    act: () => void,
  ): { code: 200 | 409; body: SetupConflict | ReturnType<Setup['view']> } {
    try {
      act();
      return { code: 200, body: setup.view() };
    } catch (error) {
      if (!(error instanceof LobbyError) || error.code !== 'LOBBY_SETTINGS_STALE') throw error;
      const { code, message, remedy } = error;
      const since = store.history().changes.filter((one) => one.version > version);
      return { code: 409, body: { code, message, remedy, current: setup.view(), since } };
    }
  }

  api.get(
    '/api/v1/setup',
    {
      preHandler,
      schema: {
        summary: 'Cameras, floor points and zones of the branch file, without logins',
        response: { 200: setupSchema, ...refusals },
      },
    },
    () => setup.view(),
  );
  api.put(
    '/api/v1/setup',
    {
      preHandler,
      bodyLimit: mostDraftBytes,
      schema: {
        summary: 'Changes cameras, floor points and zones, at once and without a restart',
        body: setupSaveSchema,
        response: saved,
      },
    },
    async (request, reply) => {
      const { code, body } = answer(request.body.version, () => setup.save(request.body, byOf(request)));
      return reply.code(code).send(body as never);
    },
  );
  api.post(
    '/api/v1/setup/back',
    {
      preHandler,
      schema: {
        summary: 'Puts cameras, floor points and zones back to how they were in an older version',
        body: setupBackSchema,
        response: saved,
      },
    },
    async (request, reply) => {
      const { code, body } = answer(request.body.version, () => setup.goBack(request.body, byOf(request)));
      return reply.code(code).send(body as never);
    },
  );
  api.post(
    '/api/v1/setup/preview',
    {
      preHandler,
      bodyLimit: mostDraftBytes,
      schema: {
        summary: 'What a save would change, in words and in the file, and what stands in its way',
        body: setupDraftSchema,
        response: { 200: setupPreviewSchema, 400: troubleSchema, ...refusals },
      },
    },
    (request) => setup.preview(request.body),
  );
  api.get(
    '/api/v1/setup/cameras',
    {
      preHandler,
      schema: {
        summary: 'How the cameras are, and what each still lacks',
        response: { 200: setupCamerasSchema, ...refusals },
      },
    },
    () => routes.cameras(),
  );
  api.post(
    '/api/v1/setup/cameras/try',
    {
      preHandler,
      schema: {
        summary: 'Opens a camera as the service would, and says within ten seconds what came of it',
        body: cameraTryAskSchema,
        response: {
          200: cameraTrySchema,
          400: troubleSchema,
          404: troubleSchema,
          422: troubleSchema,
          ...refusals,
        },
      },
    },
    async (request, reply) => routes.tryCamera(request.body, untilGone(reply as unknown as FastifyReply)),
  );
}

/** Aborts when whoever asked has gone before they were answered. */
function untilGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
