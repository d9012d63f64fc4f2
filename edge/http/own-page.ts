import type { IncomingMessage } from 'node:http';

/** Is the page that asks one of ours? Programs that are not browsers send no origin. */
export function fromOwnPage(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
