import { z } from 'zod';
import { type ErrorCode, LobbyError, mostDetailLetters } from '../../src/contract/errors.ts';
import { troubleShape } from '../../src/contract/settings.ts';
import { lobbySchema } from '../../src/contract/topics.ts';

/** What every refused request is answered with: a code for programs, a sentence and a remedy for people. */
export const troubleSchema = z.strictObject({
  ...troubleShape,
  details: z
    .record(z.string().max(40), z.union([z.string().max(mostDetailLetters), z.number()]))
    .optional()
    .meta({
      description:
        'The figures and names in the sentence, for a page that says it in another language; of a refused setting also its range.',
    }),
});
export type Trouble = z.infer<typeof troubleSchema>;

/** Troubles of the web alone; the service's own are in `contract/errors.ts`. */
export const webTroubles = {
  notFound: {
    code: 'LOBBY_NOT_FOUND',
    message: 'Cannot find what was asked for: there is nothing at this address',
    remedy: 'See /openapi.json for what there is.',
  },
  tooMany: {
    code: 'LOBBY_TOO_MANY_REQUESTS',
    message: 'Cannot answer now: one address may ask 600 times a minute',
    remedy: 'Ask less often; the same figures come over MQTT as they change.',
  },
  tooLarge: {
    code: 'LOBBY_REQUEST_TOO_LARGE',
    message: 'Cannot take the request: its body is longer than this address takes',
    remedy: 'Send less at once: 16,384 bytes at most, or 524,288 of a set-up.',
  },
  invalid: {
    code: 'LOBBY_REQUEST_INVALID',
    message: 'Cannot take the request: it does not fit what this address expects',
    remedy: 'See /openapi.json for what it expects.',
  },
  broken: {
    code: 'LOBBY_BROKEN',
    message: 'Cannot answer: the service made a mistake, and has written it to its log',
    remedy: 'Try again; if it stays, send the log to whoever maintains the service.',
  },
} as const satisfies Record<string, Trouble>;

const troubleByStatus: Readonly<Record<number, Trouble>> = {
  404: webTroubles.notFound,
  413: webTroubles.tooLarge,
  429: webTroubles.tooMany,
};

/** What is not the service's trouble but the asker's. */
const statusOf: Partial<Record<ErrorCode, number>> = {
  LOBBY_TOKEN_MISSING: 401,
  LOBBY_ROLE_MISSING: 403,
  LOBBY_TOO_MANY_TRIES: 429,
  LOBBY_PAGE_UNPAIRED: 401,
  LOBBY_PAGE_WITHOUT_MODEL: 503,
  LOBBY_CODE_WRONG: 403,
  LOBBY_PAIRING_CAMERA: 404,
  LOBBY_TOO_MANY_STREAMS: 429,
  LOBBY_PERIOD_REFUSED: 400,
  LOBBY_FIGURES_BUSY: 429,
  LOBBY_SETTINGS_STALE: 409,
  LOBBY_SETTINGS_FILE_BROKEN: 409,
  LOBBY_SETTINGS_FILE_TANGLED: 409,
  LOBBY_SHADOW_RUNNING: 409,
  LOBBY_SHADOW_NONE: 404,
  LOBBY_PROFILES_REFUSED: 422,
  LOBBY_SETTINGS_UNEXPLAINED: 422,
  LOBBY_SETTINGS_UNCHANGED: 422,
  LOBBY_SETTING_UNKNOWN: 422,
  LOBBY_SETTING_REFUSED: 422,
  LOBBY_JOURNAL_NOT_KEPT: 404,
  LOBBY_JOURNAL_GONE: 410,
  LOBBY_VISIT_UNKNOWN: 404,
  LOBBY_WHAT_IF_NO_JOURNAL: 409,
  LOBBY_WHAT_IF_STALE: 409,
  LOBBY_WHAT_IF_EMPTY: 422,
  LOBBY_WHAT_IF_PERIOD: 422,
  LOBBY_WHAT_IF_BUSY: 429,
  LOBBY_WHAT_IF_UNKNOWN: 404,
  LOBBY_SETUP_REFUSED: 422,
  LOBBY_SETUP_FORGOTTEN: 422,
  LOBBY_TRY_REFUSED: 422,
  LOBBY_TRY_BUSY: 429,
  LOBBY_CAMERA_UNKNOWN: 404,
  LOBBY_PLATE_NONE: 404,
  LOBBY_WALK_NONE: 409,
  LOBBY_PRIVACY_COUNTS: 403,
  LOBBY_PRIVACY_RAISED: 403,
  LOBBY_WALK_UNKNOWN_DOOR: 422,
};

/** Status and body for whatever went wrong. Only our own words leave: a library's may hold paths or input. */
export function replyTo(error: unknown): { status: number; trouble: Trouble } {
  if (error instanceof LobbyError) {
    const status = statusOf[error.code] ?? 503;
    // They stand in the sentence already.
    const details = Object.keys(error.details).length === 0 ? {} : { details: { ...error.details } };
    return {
      status,
      trouble: { code: error.code, message: error.message, remedy: error.remedy, ...details },
    };
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status >= 500) return { status: 500, trouble: webTroubles.broken };
  return { status, trouble: troubleByStatus[status] ?? webTroubles.invalid };
}

const zoneShape = lobbySchema.shape.zones.element.shape;

/** What a page needs to know of its branch before it listens. */
export const branchReplySchema = z.strictObject({
  v: z.literal(1),
  branch: z.string().max(40).meta({ description: 'Topics begin with lobby/v1/ and this.' }),
  at: z.iso.datetime({ precision: 3 }).meta({ description: "The box's clock, for pages whose own is off." }),
  /** Names as the wrist shows them. */
  places: z.array(z.strictObject({ id: zoneShape.id, name: zoneShape.name })).max(65),
  broker: z
    .strictObject({
      path: z
        .string()
        .max(200)
        .optional()
        .meta({ description: 'Path on this server that speaks MQTT over WebSocket.' }),
      url: z
        .string()
        .max(2_000)
        .optional()
        .meta({ description: "The bank's own broker, ws:// or wss://, without a login." }),
    })
    .meta({ description: 'One of the two.' }),
});
export type BranchReply = z.infer<typeof branchReplySchema>;
