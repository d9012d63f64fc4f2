import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { constants } from 'node:os';
import {
  AVERROR_EXIT,
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_SERVER_ERROR,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
} from 'node-av/constants';
import { LobbyError } from '../../src/contract/errors.ts';
import type { SourceAddress } from './source-address.ts';
import { MediaFailure, NoPicture } from './video-input.ts';

/** What the message about a lost camera promises; `runCamera` keeps it. */
const RETRY_SECONDS = 30;

/** Waiting for a diagnosis must not cost more than the trouble: milliseconds. */
const KNOCK_MS = 2000;

const { ECONNREFUSED, ECONNRESET, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT, EACCES, EPIPE, EIO } =
  constants.errno;

const networkReasons = new Map<number | string, string>([
  [-ECONNREFUSED, 'nothing listens there'],
  ['ECONNREFUSED', 'nothing listens there'],
  ['ECONNRESET', 'the connection was cut'],
  ['EPIPE', 'the connection was cut'],
  [-ECONNRESET, 'the connection was cut'],
  [-EPIPE, 'the connection was cut'],
  [-EIO, 'the connection was cut'],
  [-EHOSTUNREACH, 'no way to that host'],
  ['EHOSTUNREACH', 'no way to that host'],
  [-ENETUNREACH, 'no way to that network'],
  ['ENETUNREACH', 'no way to that network'],
  [-ETIMEDOUT, 'no answer in time'],
  ['ETIMEDOUT', 'no answer in time'],
  [AVERROR_EXIT, 'no answer in time'],
  ['ENOTFOUND', 'no host of that name'],
  ['EAI_AGAIN', 'the host name could not be looked up'],
  [AVERROR_HTTP_SERVER_ERROR, 'the camera reports an error of its own'],
]);

/** What an error of the network means, in our words; absent: it is not of the network. */
export const networkReasonOf = (code: number | string | undefined): string | undefined =>
  code === undefined ? undefined : networkReasons.get(code);

/** What the errors of one camera speak about. */
export interface Subject {
  readonly id: string;
  readonly address: SourceAddress;
}

export function lost({ id }: Subject, reason: string, cause?: unknown): LobbyError {
  return new LobbyError('LOBBY_CAMERA_LOST', { camera: id, reason, retrySeconds: RETRY_SECONDS }, { cause });
}

export function unreadable({ id, address }: Subject, reason: string, cause?: unknown): LobbyError {
  return new LobbyError('LOBBY_CAMERA_UNREADABLE', { camera: id, source: address.shown, reason }, { cause });
}

/** @throws {LobbyError} `LOBBY_CAMERA_MISSING` if a file or device is not there; FFmpeg's word for it is vaguer */
export async function mustExist({ id, address }: Subject): Promise<void> {
  if (address.path === undefined) return;
  const found = await stat(address.path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') return undefined;
    throw new LobbyError('LOBBY_CAMERA_MISSING', { camera: id, source: address.shown }, { cause });
  });
  if (found?.isDirectory()) throw unreadable({ id, address }, 'it is a folder');
}

/** Says in our words why a source could not be opened. */
export async function openingTrouble(subject: Subject, error: unknown): Promise<unknown> {
  if (error instanceof NoPicture) return unreadable(subject, error.message, error);
  if (!(error instanceof MediaFailure)) return error;
  const { code } = error;
  if (code === AVERROR_HTTP_UNAUTHORIZED || code === AVERROR_HTTP_FORBIDDEN) {
    return new LobbyError('LOBBY_CAMERA_REFUSED', { camera: subject.id }, { cause: error });
  }
  if (code === -EACCES) return unreadable(subject, 'reading it is not permitted', error);
  if (subject.address.kind !== 'network') {
    return unreadable(subject, code === AVERROR_INVALIDDATA ? 'it is not a video' : error.message, error);
  }
  if (code === AVERROR_HTTP_NOT_FOUND)
    return unreadable(subject, 'the server has nothing at this address', error);
  if (code === AVERROR_HTTP_BAD_REQUEST)
    return unreadable(subject, 'the server does not understand the address', error);
  // For a host that cannot be reached FFmpeg says "invalid data" or "input/output error": look for ourselves.
  const reason = await knock(subject.address);
  if (reason !== undefined) return lost(subject, reason, error);
  if (code === AVERROR_INVALIDDATA) return unreadable(subject, 'what comes from there is not a video', error);
  return lost(subject, networkReasons.get(code) ?? error.message, error);
}

/** Says in our words why a source that was open gives no more. */
export function readingTrouble(subject: Subject, error: MediaFailure): LobbyError {
  return lost(subject, networkReasons.get(error.code) ?? error.message, error);
}

/** Tries the bare connection. @returns what is wrong with it, or undefined if it can be made */
function knock({ url }: SourceAddress): Promise<string | undefined> {
  let host: string;
  let port: number;
  try {
    const parsed = new URL(url);
    const usual: Record<string, number> = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 };
    host = parsed.hostname.replace(/^\[|\]$/g, '');
    port = Number(parsed.port) || (usual[parsed.protocol] ?? 0);
  } catch {
    return Promise.resolve('the address cannot be understood');
  }
  if (host === '' || port === 0) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: KNOCK_MS });
    const answer = (reason: string | undefined) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => answer(undefined));
    socket.once('timeout', () => answer('no answer in time'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      answer(networkReasons.get(error.code ?? '') ?? 'the connection failed'),
    );
  });
}
