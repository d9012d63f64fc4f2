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
  type PlateProgress,
  plateProgressSchema,
  type SetupCameras,
  type SetupConflict,
  setupBackSchema,
  setupCamerasSchema,
  setupConflictSchema,
  setupDraftSchema,
  setupPreviewSchema,
  setupSaveSchema,
  setupSchema,
  walkMissSchema,
  walkSchema,
  walkVerdictSchema,
} from '../../src/contract/setup.ts';
import type { Walk } from '../../src/service/setup/walk.ts';
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
  /** @throws {LobbyError} `LOBBY_CAMERA_UNKNOWN`; of the picture also `LOBBY_PLATE_NONE` */
  readonly plates: {
    begin(camera: string, by: ChangedBy): void;
    progress(camera: string): PlateProgress;
    png(camera: string): Buffer;
    end(camera: string): void;
  };
  readonly walk: Pick<Walk, 'start' | 'stop' | 'miss' | 'judge' | 'view'>;
}

interface SetupRoutes extends SetupParts {
  readonly needs: (role: AccessRole) => (request: FastifyRequest) => Promise<void>;
}

const commonRefusals = { 401: troubleSchema, 403: troubleSchema, 429: troubleSchema, 500: troubleSchema };
const plateRefusals = { 400: troubleSchema, 404: troubleSchema, ...commonRefusals };

function byOf(request: FastifyRequest): ChangedBy {
  const { id: token, role } = request.bearer!;
  return { kind: 'token', role, token };
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
 *     POST   /api/v1/setup/cameras/{id}/plate            begins a picture of the empty lobby
 *     GET    /api/v1/setup/cameras/{id}/plate            the picture, as far as it is there
 *     GET    /api/v1/setup/cameras/{id}/plate/progress   how far it is
 *     DELETE /api/v1/setup/cameras/{id}/plate            lets go of it
 *     POST   /api/v1/setup/walk            starts a walk test; GET tells of it, DELETE ends it
 *     POST   /api/v1/setup/walk/miss       a crossing that was not counted
 *     POST   /api/v1/setup/walk/verdict    accepts it with a name, or notes a problem
 *
 * A save is made on a version. Whoever comes second is refused with 409, and what is so now.
 */
export function addSetup(scope: FastifyInstance, routes: SetupRoutes): void {
  const { setup, store, needs } = routes;
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const refusals = commonRefusals;
  const preHandler = needs('installer');
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
  addPlates(scope, routes);
  addWalk(scope, routes);
}

/** A picture is no JSON. */
const asTheyAre = (bytes: unknown) => bytes as string;

const cameraParams = z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,40}$/) });

function addPlates(scope: FastifyInstance, { plates, needs }: SetupRoutes): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const preHandler = needs('installer');
  const params = cameraParams;
  const path = '/api/v1/setup/cameras/:id/plate';
  const response = { 200: plateProgressSchema, ...plateRefusals };
  api.post(
    path,
    {
      preHandler,
      schema: {
        summary:
          'Begins a picture of the empty lobby, in memory alone; written to the journal with who asked',
        params,
        response,
      },
    },
    (request) => {
      plates.begin(request.params.id, byOf(request));
      return plates.progress(request.params.id);
    },
  );
  api.get(
    `${path}/progress`,
    { preHandler, schema: { summary: 'How far the empty lobby is; asking keeps it', params, response } },
    (request) => plates.progress(request.params.id),
  );
  api.get(
    path,
    {
      preHandler,
      schema: {
        summary: 'The empty lobby as PNG: transparent where it was not seen empty for long enough',
        params,
        querystring: z.strictObject({
          r: z.coerce
            .number()
            .int()
            .min(0)
            .optional()
            .meta({ description: 'Anything: another one, another picture.' }),
        }),
        response: plateRefusals,
      },
    },
    async (request, reply) => {
      const png = plates.png(request.params.id);
      await (reply as unknown as FastifyReply).type('image/png').serializer(asTheyAre).send(png);
    },
  );
  api.delete(
    path,
    {
      preHandler,
      schema: { summary: 'Lets go of it', params, response: { 204: z.null(), ...plateRefusals } },
    },
    (request, reply) => {
      plates.end(request.params.id);
      reply.code(204);
      return null;
    },
  );
}

function addWalk(scope: FastifyInstance, { walk, needs }: SetupRoutes): void {
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const preHandler = needs('installer');
  const path = '/api/v1/setup/walk';
  const response = { 200: walkSchema, ...commonRefusals };
  api.get(
    path,
    { preHandler, schema: { summary: 'The walk test: crossings each way, zones seen', response } },
    () => walk.view(),
  );
  api.post(path, { preHandler, schema: { summary: 'Starts a walk test anew', response } }, (request) => {
    walk.start(byOf(request));
    return walk.view();
  });
  api.delete(path, { preHandler, schema: { summary: 'Ends it without a verdict', response } }, () => {
    walk.stop();
    return walk.view();
  });
  api.post(
    `${path}/miss`,
    {
      preHandler,
      schema: {
        summary: 'Notes a crossing that was walked and not counted',
        body: walkMissSchema,
        response: { ...response, 400: troubleSchema, 409: troubleSchema, 422: troubleSchema },
      },
    },
    (request) => {
      walk.miss(request.body);
      return walk.view();
    },
  );
  api.post(
    `${path}/verdict`,
    {
      preHandler,
      schema: {
        summary: 'Accepts the walk with a name, or notes a problem; both are written to the journal',
        body: walkVerdictSchema,
        response: { ...response, 400: troubleSchema, 409: troubleSchema },
      },
    },
    (request) => {
      walk.judge(request.body, byOf(request));
      return walk.view();
    },
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
