/** What was refused, as the box says it. */
export interface Trouble {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: Trouble };

const offline: Trouble = { status: 0, code: '', message: 'Cannot reach the box', remedy: '' };

/** Asks the box; whatever goes wrong comes back as a trouble, never as an exception. */
export async function ask<T>(path: string, options: RequestInit = {}): Promise<Reply<T>> {
  try {
    const reply = await fetch(path, { cache: 'no-store', credentials: 'same-origin', ...options });
    if (reply.status === 204) return { ok: true, value: undefined as T };
    const body: unknown = await reply.json();
    return reply.ok
      ? { ok: true, value: body as T }
      : { ok: false, trouble: { ...(body as Omit<Trouble, 'status'>), status: reply.status } };
  } catch {
    return { ok: false, trouble: offline };
  }
}

/** Sends something to the box. */
export const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Reply<T>> =>
  ask<T>(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

export interface Session {
  readonly role: 'viewer' | 'operations' | 'installer';
  readonly token: string;
}
