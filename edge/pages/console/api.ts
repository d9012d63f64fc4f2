import { inWords } from './trouble.ts';

/** What was refused, in the page's language. */
export interface Trouble {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly details?: Readonly<Record<string, string | number>>;
}

export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: Trouble };

const languageOfPage = () => (document.documentElement.lang.startsWith('zh') ? 'zh' : 'en');

/**
 * Asks the box; whatever goes wrong comes back as a trouble in the page's language, never as an exception.
 */
export async function ask<T>(path: string, options: RequestInit = {}): Promise<Reply<T>> {
  try {
    const reply = await fetch(path, { cache: 'no-store', credentials: 'same-origin', ...options });
    if (reply.status === 204) return { ok: true, value: undefined as T };
    const body: unknown = await reply.json();
    if (reply.ok) return { ok: true, value: body as T };
    const told = body as Omit<Trouble, 'status'>;
    return { ok: false, trouble: { ...told, ...inWords(languageOfPage(), told), status: reply.status } };
  } catch {
    const message = languageOfPage() === 'zh' ? '主机没有回应' : 'Cannot reach the box';
    return { ok: false, trouble: { status: 0, code: '', message, remedy: '' } };
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
