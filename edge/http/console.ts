import { stringifySetCookie } from 'cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import type { JournalLine } from '../../src/contract/journal.ts';
import {
  type FloorPayload,
  type LiveEvent,
  type LivePayload,
  type MinutesPayload,
  minutesSchema,
  type PlanPayload,
  planSchema,
} from '../../src/contract/live.ts';
import type { HealthPayload, LobbyPayload } from '../../src/contract/topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { sessionSeconds } from '../access/sessions.ts';
import { accessRoles, type Tokens } from '../access/tokens.ts';
import type { Figures } from '../figures/serve-figures.ts';
import type { JournalPages } from '../journals/journal-pages.ts';
import type { BranchStore } from '../settings/branch-store.ts';
import type { ShadowStore } from '../settings/shadow-store.ts';
import type { WhatIfs } from '../what-if/what-ifs.ts';
import { addFigures, type ReportPages } from './figures.ts';
import { addJournal } from './journal.ts';
import { troubleSchema } from './replies.ts';
import { addSettings } from './settings.ts';
import { addSetup, type SetupParts } from './setup.ts';
import { addShadow } from './shadow.ts';
import { addWhatIf } from './what-if.ts';
import { cookieName, sessionOf, type WhoAsks } from './who-asks.ts';

/** What the console's pages are fed with. */
export interface ConsoleOptions {
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly plan: () => PlanPayload;
  readonly floor: () => FloorPayload;
  readonly lobby: () => LobbyPayload;
  readonly health: () => HealthPayload;
  readonly minutes: () => MinutesPayload;
  /** Lines of the last ten minutes, oldest first. */
  readonly recent: () => readonly JournalLine[];
  readonly onLine: (listener: (line: JournalLine) => void) => () => void;
  /** The branch file, for being changed; absent: its page has nothing to show. */
  readonly settings?: BranchStore;
  /** The journal, to be read; absent: none is kept, and whoever asks is told so. */
  readonly journal?: JournalPages;
  /** Values on trial beside those of the file; absent: none can be tried. */
  readonly shadow?: ShadowStore;
  /** Figures from the journal; absent: nothing is kept. */
  readonly figures?: Figures;
  /** What would have been; absent: it cannot be asked. */
  readonly whatIfs?: WhatIfs;
  /** Cameras, floor points and zones, for being drawn; absent: its page has nothing to show. */
  readonly setup?: SetupParts;
  /** The day's report as a page. */
  readonly reports?: ReportPages;
}

/** Five updates a second, as many as there are frames. */
const floorEveryMs = 200;
const tickEveryMs = 1_000;
/** One page is one stream: more than these are somebody's mistake. */
const mostStreams = 16;
/** Who reads slower than this is sent the newest floor alone. */
const mostUnsentBytes = 262_144;
/** Guessing 256 bits is hopeless; a script that tries has a mistake, and is told so. */
const mostTriesPerMinute = 20;

const sessionSchema = z.strictObject({
  role: z.enum(accessRoles),
  token: z.string().max(40).describe('Its name in `lobby token list`; not the token.'),
});

/**
 * The console's addresses: who one is, and the lobby as it happens.
 *
 *     POST   /api/v1/session    a token in, a cookie out      viewer, operations, installer
 *     GET    /api/v1/live       the floor, lines, health      viewer
 *     GET    /api/v1/plan       zones in metres               viewer
 *     GET    /api/v1/minutes    the last hour, by minute      viewer
 *     GET    /api/v1/settings   thresholds, and who changed them   viewer
 *     PUT    /api/v1/settings   changes them                  operations
 *     GET    /api/v1/journal    what was said and not, and why     viewer
 *     GET    /api/v1/figures    figures of a day or a period  viewer
 *     POST   /api/v1/what-if    what others would have done   operations
 *
 * A program shows its token as `authorization: Bearer …`; a browser shows it once, and then a cookie that no script
 * can read and that no other site can use.
 */
export function addConsole(scope: FastifyInstance, options: ConsoleOptions, who: WhoAsks): void {
  const { tokens, clock } = options;
  const { sessions, bearerOf, needs } = who;
  const api = scope.withTypeProvider<ZodTypeProvider>();
  const refusals = { 401: troubleSchema, 403: troubleSchema, 429: troubleSchema, 500: troubleSchema };
  let streams = 0;

  const cookie = (request: FastifyRequest, value: string, maxAge: number) =>
    stringifySetCookie({
      name: cookieName,
      value,
      httpOnly: true,
      sameSite: 'strict',
      path: '/',
      maxAge,
      secure: request.protocol === 'https',
    });

  api.post(
    '/api/v1/session',
    {
      config: { rateLimit: { max: mostTriesPerMinute, timeWindow: 60_000 } },
      schema: {
        summary: 'Shows a token, and gets a cookie that stands for it for twelve hours',
        body: z.strictObject({ token: z.string().min(1).max(200) }),
        response: { 200: sessionSchema, 400: troubleSchema, ...refusals },
      },
    },
    async (request, reply) => {
      const { token } = request.body;
      const session = sessions.begin(token);
      const bearer = tokens.verify(token);
      if (session === undefined || bearer === undefined) throw new LobbyError('LOBBY_TOKEN_MISSING');
      reply.header('set-cookie', cookie(request, session, sessionSeconds));
      return { role: bearer.role, token: bearer.id };
    },
  );
  api.get(
    '/api/v1/session',
    {
      preHandler: needs('viewer'),
      schema: { summary: 'Who one is to the console', response: { 200: sessionSchema, ...refusals } },
    },
    (request) => ({ role: request.bearer!.role, token: request.bearer!.id }),
  );
  api.delete(
    '/api/v1/session',
    { schema: { summary: 'Ends it', response: { 204: z.null(), ...refusals } } },
    (request, reply) => {
      const session = sessionOf(request);
      if (session !== undefined) sessions.end(session);
      reply.code(204).header('set-cookie', cookie(request, '', 0));
      return null;
    },
  );
  api.get(
    '/api/v1/plan',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'The floor plan: zones in metres',
        response: { 200: planSchema, ...refusals },
      },
    },
    () => options.plan(),
  );
  api.get(
    '/api/v1/minutes',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'The last hour by minute, and who came and went by each door today',
        response: { 200: minutesSchema, ...refusals },
      },
    },
    () => options.minutes(),
  );
  if (options.figures !== undefined)
    addFigures(scope, { figures: options.figures, reports: options.reports, needs });
  if (options.settings !== undefined) addSettings(scope, { store: options.settings, needs });
  addJournal(scope, { journal: options.journal, needs });
  if (options.settings !== undefined && options.shadow !== undefined) {
    addShadow(scope, { shadow: options.shadow, store: options.settings, needs });
  }
  if (options.whatIfs !== undefined) addWhatIf(scope, { whatIfs: options.whatIfs, needs });
  if (options.setup !== undefined) addSetup(scope, { ...options.setup, needs });
  api.get(
    '/api/v1/live',
    {
      preHandler: needs('viewer'),
      schema: {
        summary: 'The lobby as it happens: server-sent events floor, lobby, health, line and tick',
        response: {
          200: {
            description: 'Goes on until either side ends it.',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...refusals,
        },
      },
    },
    (request, reply) => stream(request, reply as unknown as FastifyReply),
  );

  function stream(request: FastifyRequest, reply: FastifyReply): void {
    if (streams >= mostStreams) throw new LobbyError('LOBBY_TOO_MANY_STREAMS', { most: mostStreams });
    streams += 1;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const send = <Event extends LiveEvent>(event: Event, data: LivePayload<Event>) =>
      void raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    let floorAt = '';
    let lobbyText = '';
    let healthText = '';
    let plan = options.plan();
    const tellFloor = () => {
      if (raw.writableLength > mostUnsentBytes) return;
      const floor = options.floor();
      if (floor.at === floorAt) return;
      floorAt = floor.at;
      send('floor', floor);
    };
    const tellRest = () => {
      if (raw.writableLength > mostUnsentBytes) return;
      const lobby = options.lobby();
      const text = JSON.stringify({ ...lobby, at: '' });
      if (text !== lobbyText) send('lobby', lobby);
      lobbyText = text;
      const health = options.health();
      const how = JSON.stringify({ ...health, at: '' });
      if (how !== healthText) send('health', health);
      healthText = how;
      // What the page has read at its beginning holds until a threshold in it is changed.
      const planNow = options.plan();
      if (JSON.stringify(planNow) !== JSON.stringify(plan)) send('plan', planNow);
      plan = planNow;
      const settings = options.settings?.latest.version;
      send('tick', {
        now: new Date(clock.now() * 1000).toISOString(),
        ...(settings === undefined ? {} : { settings }),
      });
    };
    for (const line of options.recent()) send('line', line);
    tellFloor();
    tellRest();
    const stopLines = options.onLine((line) => send('line', line));
    const floors = setInterval(tellFloor, floorEveryMs);
    const rest = setInterval(() => {
      // Whose token was taken back sees no more.
      if (bearerOf(request) === undefined) raw.end();
      else tellRest();
    }, tickEveryMs);
    raw.on('error', () => undefined);
    raw.once('close', () => {
      streams -= 1;
      stopLines();
      clearInterval(floors);
      clearInterval(rest);
    });
  }
}
