import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkServerIdentity, connect, rootCertificates } from 'node:tls';
import { LobbyError } from '../../src/contract/errors.ts';
import { lost, networkReasonOf, type Subject } from './camera-trouble.ts';

/** How a camera by `https://` or `rtsps://` is known; absent: by an authority that Node.js knows. */
export type CameraTls =
  /** A file in PEM: of whoever signed its certificate, or that certificate itself. */
  { readonly ca: string } | { readonly certificateIsNotChecked: true };

/** Schemes over TLS of which it is known that FFmpeg does as it is told. */
const checked: Readonly<Record<string, number>> = { 'https:': 443, 'rtsps:': 322 };
const secret = /^(?:[a-z0-9.-]+\+)?(?:https|rtsps|rtmps|rtmpts|ftps|tls|dtls|gophers|whips?):\/\//i;
/** Formats that name other addresses: FFmpeg opens those without what it was told of certificates. */
const playlists = /^(?:hls|dash|sdp|concat|imf)\b/;
const answersWithinMs = 5_000;

const untrusted = ({ id }: Subject, reason: string, cause?: unknown) =>
  new LobbyError('LOBBY_CAMERA_UNTRUSTED', { camera: id, reason }, { cause });

const isUnchecked = (tls: CameraTls | undefined) => tls !== undefined && 'certificateIsNotChecked' in tls;

/**
 * What FFmpeg is told of certificates: by itself it takes any. It is told for every address, since one without TLS may
 * lead to one with it.
 */
export function tlsOptions(tls: CameraTls | undefined): Record<string, string> {
  return tls !== undefined && 'certificateIsNotChecked' in tls
    ? {}
    : { tls_verify: '1', ca_file: tls?.ca ?? knownAuthorities() };
}

/**
 * Looks at a camera's certificate before FFmpeg connects, so that it can be said what is wrong with it, and since FFmpeg
 * does not look whose it is where the address is a number. A certificate that is itself given as known may be of any
 * name: there is but one that has its key.
 *
 * @throws {LobbyError} `LOBBY_CAMERA_UNTRUSTED`, or `_LOST` where it cannot be looked at
 */
export async function checkCertificate(
  subject: Subject,
  tls: CameraTls | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { url, kind } = subject.address;
  if (kind !== 'network' || !secret.test(url) || isUnchecked(tls)) return;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const usual = parsed === undefined ? undefined : checked[parsed.protocol];
  if (parsed === undefined || usual === undefined) {
    throw untrusted(subject, 'at this kind of address its certificate cannot be checked');
  }
  const ca = tls !== undefined && 'ca' in tls ? readAuthority(subject, tls.ca) : rootCertificates.join('\n');
  const own = tls === undefined ? [] : certificatesIn(ca);
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(parsed.port) || usual,
      ...(isIP(host) > 0 ? {} : { servername: host }),
      ca,
      rejectUnauthorized: true,
      checkServerIdentity: (_, shown) =>
        own.some((one) => one.raw.equals(shown.raw)) ? undefined : checkServerIdentity(host, shown),
    });
    const settle = (end: () => void) => {
      signal.removeEventListener('abort', stop);
      clearTimeout(late);
      socket.destroy();
      end();
    };
    const stop = () => settle(() => reject(signal.reason));
    const late = setTimeout(
      () => settle(() => reject(lost(subject, 'no answer in time'))),
      answersWithinMs,
    ).unref();
    signal.addEventListener('abort', stop, { once: true });
    socket.once('secureConnect', () => settle(resolve));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      settle(() => {
        const network = networkReasonOf(error.code);
        reject(
          network === undefined ? untrusted(subject, reasonOf(error), error) : lost(subject, network, error),
        );
      }),
    );
  });
}

/** @throws {LobbyError} `LOBBY_CAMERA_UNTRUSTED` for a playlist, whose parts may come from anywhere */
export function checkFormat(subject: Subject, tls: CameraTls | undefined, format: string): void {
  const { url, kind } = subject.address;
  if (kind !== 'network' || !secret.test(url) || isUnchecked(tls) || !playlists.test(format)) return;
  throw untrusted(
    subject,
    `it is a playlist (${format}), and certificates of what it names cannot be checked`,
  );
}

function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
  const reasons: Readonly<Record<string, string>> = {
    CERT_HAS_EXPIRED: 'its certificate has expired',
    CERT_NOT_YET_VALID: 'its certificate is not valid yet',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known here',
    UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by nobody known here',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody known here',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known here',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another name',
    ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  };
  return reasons[code] ?? (code || message.slice(0, 120));
}

function readAuthority(subject: Subject, file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (certificatesIn(text).length === 0)
      throw untrusted(subject, 'there is no certificate in the file of tls.ca');
    return text;
  } catch (error) {
    if (error instanceof LobbyError) throw error;
    const { code = 'it is none' } = error as NodeJS.ErrnoException;
    throw untrusted(subject, `the file of tls.ca cannot be read (${code})`, error);
  }
}

function certificatesIn(text: string): readonly X509Certificate[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return found.map((one) => new X509Certificate(one));
}

let known: string | undefined;

/** The authorities that Node.js knows, in a file as FFmpeg wants them: what the machine knows of them it need not have. */
function knownAuthorities(): string {
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'lobby-authorities-'));
  known = join(folder, 'authorities.pem');
  writeFileSync(known, rootCertificates.join('\n'), { mode: 0o600 });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return known;
}
