import { fileURLToPath } from 'node:url';

/**
 * Where a camera's pictures come from.
 *
 * - `file`: a clip on this machine;
 * - `network`: anything with a scheme, `rtsp://`, `https://` and whatever else FFmpeg speaks;
 * - `device`: a camera plugged into this machine, `/dev/video0`.
 */
export interface SourceAddress {
  readonly kind: 'file' | 'network' | 'device';
  /** What FFmpeg is given; it may hold a password, so it goes nowhere else. */
  readonly url: string;
  /** The path on this machine; absent for a network source. */
  readonly path?: string;
  /** What a person may see: the same without login and query, where passwords travel. */
  readonly shown: string;
}

const scheme = /^[a-z][a-z0-9+.-]+:\/\//i;

/**
 * Tells a path from an address.
 *
 * @example
 * ```ts
 * addressOf('rtsp://admin:secret@10.0.0.7/stream?token=1').shown; // 'rtsp://***@10.0.0.7/stream?***'
 * ```
 */
export function addressOf(source: string): SourceAddress {
  if (source.startsWith('/dev/')) return { kind: 'device', url: source, path: source, shown: source };
  if (source.startsWith('file://')) return fileAddress(fileURLToPath(source));
  if (scheme.test(source)) return { kind: 'network', url: source, shown: withoutSecrets(source) };
  return fileAddress(source);
}

function fileAddress(path: string): SourceAddress {
  // The prefix keeps FFmpeg from reading a name such as `concat:a.mp4` as a protocol.
  return { kind: 'file', url: `file:${path}`, path, shown: path };
}

/**
 * Hides a login and everything after a `?`.
 *
 * A password may hold `@`, `/` or `?` that should have been escaped, and then no parser agrees where
 * it ends. So everything up to the last `@` goes: too much hidden is a nuisance, too little a leak.
 */
export function withoutSecrets(source: string): string {
  return source
    .replace(/^([a-z][a-z0-9+.-]+:\/\/)(?:.*@)?/is, (whole, start: string) => {
      return whole === start ? start : `${start}***@`;
    })
    .replace(/\?.*$/s, '?***');
}
