import { existsSync } from 'node:fs';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import staticFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { describeWire } from '../../src/contract/asyncapi.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import {
  type HealthPayload,
  healthSchema,
  type LobbyPayload,
  lobbySchema,
} from '../../src/contract/topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { WatchLogins } from '../brokers/watch-logins.ts';
import { addConsole, type ConsoleOptions } from './console.ts';
import { describeApi } from './describe-api.ts';
import { addCameraPage, addPageCamera, type PageCameraOptions } from './page-camera.ts';
import { type BranchReply, branchReplySchema, replyTo, troubleSchema, webTroubles } from './replies.ts';
import type { ServerTls } from './server-tls.ts';
import { createWhoAsks, type Hook, type WhoAsks } from './who-asks.ts';

export interface AppOptions {
  readonly branch: string;
  /** Every place a prompt may name, as the wrist shows it; a function where they may change. */
  readonly places: BranchReply['places'] | (() => BranchReply['places']);
  /** Where pages find MQTT over WebSocket: a path of this server (default `/mqtt`), or another broker's address. */
  readonly broker?: BranchReply['broker'];
  readonly health: () => HealthPayload;
  readonly lobby: () => LobbyPayload;
  readonly metrics: Registry;
  readonly clock: Clock;
  /** Where `vite build` put the pages; they are looked for at each request, so that building does not take a restart. */
  readonly pagesFolder: string;
  readonly version?: string;
  /** Speaks `https` alone, and to those alone it knows; absent: `http`. */
  readonly tls?: ServerTls;
  /** What the console is fed with; absent: there is none. */
  readonly console?: ConsoleOptions;
  /** Pages in browsers that are cameras; absent: none can be. It takes the console's tokens to pair one. */
  readonly pages?: PageCameraOptions;
  /**
   * `asked`: whoever reads the lobby, the branch or the metrics shows who they are, and health tells others its state
   * alone. `open`, the default, is for this machine, or where nobody comes in without a certificate.
   */
  readonly reads?: 'open' | 'asked';
  /** Whom `asked` lets in to what the watch page begins with, beside the tokens of the console. */
  readonly logins?: WatchLogins;
  /** The demo's page shows the wrist in a frame, and a clip; everywhere else neither is allowed. */
  readonly showsItself?: boolean;
  /** Adds routes of its own, such as the demo's page. */
  readonly extend?: (app: FastifyInstance) => void;
  /** Told of mistakes of our own (status 500), for the log. */
  readonly onBroken?: (error: unknown) => void;
}

/** Pages of the console. */
const consolePages = [
  '/',
  '/live',
  '/setup',
  '/setup/*',
  '/rules',
  '/rules/*',
  '/figures',
  '/journal',
  '/journal/*',
] as const;

/** What anybody may know of the box: enough for a health check. */
const stateSchema = healthSchema.pick({ v: true, state: true });
const askedElsewhere = 'From another machine than the box: with a token of the role `viewer` or more.';

const maxBodyBytes = 16_384;
const maxRequestsPerMinute = 600;

/** States in which a monitor should let the branch be. */
const well: readonly HealthPayload['state'][] = ['ok', 'partly-blind'];

/**
 * The service's web server, built and not yet listening: pages, their data, health, metrics and the
 * description of it all.
 *
 *     /                  the console         /api/v1/health   the box's state; 503 when it sees nothing
 *     /watch             the wrist           /api/v1/lobby    the lobby at a glance
 *     /camera            a tablet's camera   /api/v1/camera   which one it is
 *     /metrics           for Prometheus      /api/v1/branch   what a page needs to begin
 *     /openapi.json      this, for programs  /api/v1/asyncapi.json   the same of MQTT
 *     /docs              the same, for people
 *
 * Pages hold nothing of the branch, and are open; so are the descriptions of the API and of MQTT.
 *
 * Reply schemas are allow-lists: a field they don't name ends the reply instead of leaving with it.
 */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { branch, places, broker = { path: '/mqtt' }, clock, metrics, pagesFolder } = options;
  const settings = {
    bodyLimit: maxBodyBytes,
    forceCloseConnections: true,
    logger: false,
    // An address that is none is refused before any handler is asked: in our words too, and without repeating it.
    frameworkErrors(error: Error, _request: unknown, reply: FastifyReply) {
      const { status, trouble } = replyTo(error);
      void reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(trouble));
    },
  } as const;
  const app =
    options.tls === undefined
      ? Fastify(settings)
      : // Its routes and hooks are the same; only its server is of another type.
        (Fastify({ ...settings, https: options.tls }) as unknown as FastifyInstance);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  app.setErrorHandler((error, _request, reply) => {
    const { status, trouble } = replyTo(error);
    if (status === 500) options.onBroken?.(error);
    return reply
      .code(status)
      .type('application/json; charset=utf-8')
      .serializer(JSON.stringify)
      .send(trouble);
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'GET' && !isForPrograms(request.url) && !pagesBuilt(pagesFolder)) {
      const { code, message, remedy } = new LobbyError('LOBBY_PAGES_MISSING');
      return reply.code(503).type('text/plain; charset=utf-8').send(`${message}.\n${remedy}\n${code}\n`);
    }
    return reply.code(404).type('application/json; charset=utf-8').send(webTroubles.notFound);
  });

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        manifestSrc: ["'self'"],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        ...(options.showsItself === true
          ? { mediaSrc: ["'self'"], frameSrc: ["'self'"], frameAncestors: ["'self'"] }
          : { frameAncestors: ["'none'"] }),
      },
    },
    // On a branch's own network the box is plain http or behind its own proxy: neither may be promised https.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xFrameOptions: { action: options.showsItself === true ? 'sameorigin' : 'deny' },
  });
  await app.register(swagger, describeApi(options.version ?? '0'));
  await app.register(async (scope) => {
    await scope.register(rateLimit, { max: maxRequestsPerMinute, timeWindow: 60_000 });
    const api = scope.withTypeProvider<ZodTypeProvider>();
    const refusals = { 429: troubleSchema, 500: troubleSchema };
    const refused = { 401: troubleSchema, ...refusals };
    const who =
      options.console === undefined
        ? undefined
        : createWhoAsks(options.console.tokens, clock, options.logins);
    const { asksViewer, asksWatch } = guards(options.reads ?? 'open', who);

    api.get(
      '/api/v1/health',
      {
        schema: {
          summary: "The box's state; 503 when no camera gives a picture",
          description: `From another machine than the box, whoever shows no token gets \`v\` and \`state\` alone.`,
          response: {
            200: z.union([healthSchema, stateSchema]),
            503: z.union([healthSchema, stateSchema]),
            ...refusals,
          },
        },
      },
      (request, reply) => {
        const health = options.health();
        reply.code(well.includes(health.state) ? 200 : 503);
        const isKnown = options.reads !== 'asked' || who?.bearerOf(request) !== undefined;
        return isKnown ? health : { v: health.v, state: health.state };
      },
    );
    api.get(
      '/api/v1/lobby',
      {
        ...asksViewer,
        schema: {
          summary: 'The lobby at a glance, and the prompts still open',
          description: askedElsewhere,
          response: { 200: lobbySchema, ...refused },
        },
      },
      () => options.lobby(),
    );
    api.get(
      '/api/v1/branch',
      {
        ...asksWatch,
        schema: {
          summary: 'What a page needs to begin',
          description: "From another machine than the box: with a watch's login (Basic), or as a viewer.",
          response: { 200: branchReplySchema, ...refused },
        },
      },
      (): BranchReply => ({
        v: 1,
        branch,
        at: new Date(clock.now() * 1000).toISOString(),
        places: typeof places === 'function' ? places() : places,
        broker,
      }),
    );
    if (options.console !== undefined && who !== undefined) addConsole(scope, options.console, who);
    if (options.pages !== undefined && who !== undefined) addPageCamera(scope, options.pages, who);
    const wire = describeWire(branch);
    api.get(
      '/api/v1/asyncapi.json',
      {
        schema: {
          summary: 'What travels over MQTT, as AsyncAPI 3.0',
          response: { 200: z.looseObject({ asyncapi: z.string() }), ...refusals },
        },
      },
      () => wire,
    );
    api.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
    api.get('/metrics', { ...asksViewer, schema: { hide: true } }, async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.metrics()),
    );
    api.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
  });

  await app.register(staticFiles, {
    root: pagesFolder,
    // What is built bears its hash in its name; pages and the rest are asked for anew.
    cacheControl: false,
    setHeaders(reply, path) {
      const built = path.startsWith(join(pagesFolder, 'assets'));
      reply.setHeader('cache-control', built ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get('/watch', { schema: { hide: true } }, (_request, reply) => reply.sendFile('watch/index.html'));
  app.get('/docs', { schema: { hide: true } }, (_request, reply) => reply.sendFile('docs/index.html'));
  if (options.pages !== undefined) addCameraPage(app);
  // One page, whose script knows which of these it is.
  for (const page of consolePages) {
    app.get(page, { schema: { hide: true } }, (_request, reply) => reply.sendFile('console/index.html'));
  }
  options.extend?.(app);
  return app;
}

/** What stands before what is read; without a console there are no tokens, and nobody is let in who would be asked. */
function guards(
  reads: 'open' | 'asked',
  who: WhoAsks | undefined,
): { readonly asksViewer: { preHandler?: Hook }; readonly asksWatch: { preHandler?: Hook } } {
  if (reads === 'open') return { asksViewer: {}, asksWatch: {} };
  const nobody: Hook = () => Promise.reject(new LobbyError('LOBBY_TOKEN_MISSING'));
  return {
    asksViewer: { preHandler: who?.needs('viewer') ?? nobody },
    asksWatch: { preHandler: who?.needsWatch ?? nobody },
  };
}

function isForPrograms(url: string): boolean {
  return url.startsWith('/api/') || url.startsWith('/metrics') || url.startsWith('/openapi.json');
}

function pagesBuilt(folder: string): boolean {
  return existsSync(join(folder, 'watch', 'index.html'));
}
