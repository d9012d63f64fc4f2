import { createReadStream } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { BranchCamera } from '../../src/contract/branch.ts';
import { type PageCamera, pageCameraSchema, pairAskSchema } from '../../src/contract/browser-camera.ts';
import { browserSource, mostPageMessageBytes } from '../../src/contract/browser-camera-limits.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { codeSeconds, type PairedPage, type Pairings } from '../access/pairings.ts';
import { createWrongTries } from '../access/wrong-tries.ts';
import type { PageCameras } from '../cameras/page-cameras.ts';
import { findPulled } from '../detectors/published.ts';
import { fromOwnPage } from './own-page.ts';
import { troubleSchema } from './replies.ts';
import type { WhoAsks } from './who-asks.ts';

/** What pages that are cameras are fed with. */
export interface PageCameraOptions {
  readonly pairings: Pairings;
  readonly pages: PageCameras;
  readonly clock: Clock;
  readonly cameras: () => readonly BranchCamera[];
  /** Absent: the user's own. */
  readonly modelsFolder?: string;
}

/** Where a page that was let in tells who it sees. */
export const linkPath = '/api/v1/camera/link';
/** The model that finds people in the page. */
export const pageModel = 'pose-landmarker-full';
/** What the page runs it with: served as its package has it. */
const runtimeFiles = [
  'vision_wasm_internal.js',
  'vision_wasm_internal.wasm',
  'vision_wasm_nosimd_internal.js',
  'vision_wasm_nosimd_internal.wasm',
] as const;

const cookieName = 'lobby-page';
/** Browsers keep no cookie longer than 400 days; a tablet that is used renews it each time it is opened. */
const cookieSeconds = 400 * 86_400;
/** Of one address: a code mistyped now and then, and no guessing. */
const wrongCodes = { burst: 10, perSecond: 1 / 60 } as const;

/** A page may run the model, speaks with the box alone, and is shown in no other. */
export const pagePolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
} as const;

const tokenOf = (headers: IncomingMessage['headers']): string | undefined =>
  parseCookie(headers.cookie ?? '')[cookieName];

/**
 * The addresses of a browser as a camera.
 *
 *     POST   /api/v1/camera/codes     a code for a camera       installer
 *     POST   /api/v1/camera/pairing   a code in, a cookie out
 *     GET    /api/v1/camera           which camera a page is     a paired page
 *     DELETE /api/v1/camera/pairing   ends it                    a paired page
 *     GET    /api/v1/camera/model     finds people in the page   a paired page
 *     ws     /api/v1/camera/link      who is seen                a paired page
 *
 * The cookie is the page's token: no script can read it, and no other site can use it.
 */
export function addPageCamera(scope: FastifyInstance, options: PageCameraOptions, who: WhoAsks): void {
  const { pairings, clock, cameras } = options;
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const refusals = { 429: troubleSchema, 500: troubleSchema };
  const asked = { 401: troubleSchema, ...refusals };
  const wrongTries = createWrongTries(wrongCodes);

  const cookie = (request: FastifyRequest, value: string, maxAge: number) =>
    stringifySetCookie({
      name: cookieName,
      value,
      httpOnly: true,
      sameSite: 'strict',
      path: '/api/v1/camera',
      maxAge,
      secure: request.protocol === 'https',
    });

  function pageOf(request: FastifyRequest): PairedPage {
    const token = tokenOf(request.headers);
    const page = token === undefined ? undefined : pairings.verify(token);
    if (page === undefined) throw new LobbyError('LOBBY_PAGE_UNPAIRED');
    return page;
  }

  async function describe(camera: string): Promise<PageCamera> {
    const found = cameraOf(cameras(), camera);
    if (found === undefined) throw new LobbyError('LOBBY_PAIRING_CAMERA', { camera });
    const model = await findPulled(pageModel, options.modelsFolder).then(
      () => 'present' as const,
      (error) =>
        error instanceof LobbyError && error.code === 'LOBBY_MODEL_CHANGED'
          ? ('changed' as const)
          : ('missing' as const),
    );
    return { v: 1, camera, framesPerSecond: found.framesPerSecond, model };
  }

  api.post(
    '/api/v1/camera/codes',
    {
      preHandler: who.needs('installer'),
      schema: {
        summary: 'Makes a code that pairs a page in a browser with a camera, once and within ten minutes',
        body: z.strictObject({ camera: z.string().min(1).max(40) }),
        response: {
          200: z.strictObject({
            v: z.literal(1),
            camera: z.string().max(40),
            code: z.string().max(8).describe('Shown this once, and kept nowhere.'),
            seconds: z.number().describe('How long it counts.'),
          }),
          403: troubleSchema,
          404: troubleSchema,
          ...asked,
        },
      },
    },
    (request) => {
      const { camera } = request.body;
      if (cameraOf(cameras(), camera) === undefined) throw new LobbyError('LOBBY_PAIRING_CAMERA', { camera });
      return { v: 1 as const, camera, code: pairings.makeCode(camera).code, seconds: codeSeconds };
    },
  );
  api.post(
    '/api/v1/camera/pairing',
    {
      schema: {
        summary: 'Shows a code, and gets a cookie by which this browser is that camera from now on',
        body: pairAskSchema,
        response: {
          200: pageCameraSchema,
          400: troubleSchema,
          403: troubleSchema,
          404: troubleSchema,
          ...refusals,
        },
      },
    },
    async (request, reply) => {
      if (wrongTries.isOver(request.ip, clock.now())) throw new LobbyError('LOBBY_TOO_MANY_TRIES');
      const paired = pairings.pair(request.body.code);
      if (paired === undefined) {
        wrongTries.wrong(request.ip, clock.now());
        throw new LobbyError('LOBBY_CODE_WRONG');
      }
      reply.header('set-cookie', cookie(request, paired.token, cookieSeconds));
      return describe(paired.camera);
    },
  );
  api.get(
    '/api/v1/camera',
    {
      schema: {
        summary: 'Which camera this browser is, by its cookie',
        response: { 200: pageCameraSchema, 404: troubleSchema, ...asked },
      },
    },
    async (request, reply) => {
      const described = await describe(pageOf(request).camera);
      reply.header('set-cookie', cookie(request, tokenOf(request.headers)!, cookieSeconds));
      return described;
    },
  );
  api.delete(
    '/api/v1/camera/pairing',
    {
      schema: {
        summary: 'Ends it: this browser is no camera any more',
        response: { 204: z.null(), ...asked },
      },
    },
    (request, reply) => {
      pairings.revoke(pageOf(request).id);
      reply.code(204).header('set-cookie', cookie(request, '', 0));
      return null;
    },
  );
  api.get(
    '/api/v1/camera/model',
    {
      schema: {
        summary: 'The model that finds people in the page, as `lobby models pull` fetched it',
        response: {
          200: {
            description: 'A task file of MediaPipe.',
            content: { 'application/octet-stream': { schema: z.string() } },
          },
          503: troubleSchema,
          ...asked,
        },
      },
    },
    async (request, reply) => {
      const { camera } = pageOf(request);
      const [file] = await findPulled(pageModel, options.modelsFolder).catch((cause: unknown) => {
        throw new LobbyError('LOBBY_PAGE_WITHOUT_MODEL', { camera }, { cause });
      });
      reply.type('application/octet-stream');
      // A stream is sent as it is, whatever the schema that describes it.
      return reply.send(createReadStream(file!) as never);
    },
  );
}

/** The page itself and what it runs on. */
export function addCameraPage(app: FastifyInstance): void {
  const runtime = dirname(
    createRequire(import.meta.url).resolve('@mediapipe/tasks-vision/vision_wasm_internal.js'),
  );
  app.get(
    '/camera',
    { helmet: { contentSecurityPolicy: pagePolicy }, schema: { hide: true } },
    (_request, reply) => reply.sendFile('camera/index.html'),
  );
  for (const file of runtimeFiles) {
    app.get(`/camera/runtime/${file}`, { schema: { hide: true } }, (_request, reply) =>
      reply.sendFile(file, runtime),
    );
  }
}

/**
 * Takes the sockets of paired pages.
 *
 * @param alone nobody else takes WebSockets at this server: whoever asks for one elsewhere is refused here
 */
export function takePages(
  server: Server,
  { pairings, pages, cameras }: PageCameraOptions,
  alone: boolean,
): { close(): void } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostPageMessageBytes,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request, socket, head) => {
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    const isOurs = (request.url ?? '').split('?')[0] === linkPath;
    if (!isOurs && !alone) return;
    socket.on('error', () => socket.destroy());
    if (!isOurs) return refuse('404 Not Found');
    if (!fromOwnPage(request)) return refuse('403 Forbidden');
    const token = tokenOf(request.headers);
    const page = token === undefined ? undefined : pairings.verify(token);
    if (token === undefined || page === undefined) return refuse('401 Unauthorized');
    if (cameraOf(cameras(), page.camera) === undefined) return refuse('404 Not Found');
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      const isPaired = () =>
        pairings.verify(token) !== undefined && cameraOf(cameras(), page.camera) !== undefined;
      pages.connect(webSocket, page, isPaired);
    });
  });
  return {
    close() {
      pages.close();
      for (const webSocket of sockets.clients) webSocket.terminate();
    },
  };
}

function cameraOf(cameras: readonly BranchCamera[], id: string): BranchCamera | undefined {
  return cameras.find((one) => one.id === id && one.source === browserSource);
}
