/// <reference lib="webworker" />
import type { Answer } from '../../../src/core/prompts/kinds.ts';
import type { AnswerTapped } from './shell.ts';

/**
 * The watch page's service worker: keeps the page itself, so that it opens while the box is away and can say so,
 * and takes taps on notifications to it. Nothing of the lobby is ever kept: only what was built.
 *
 *     page opened ──▶ box, 3 s at most ──▶ newest page, kept
 *                            └ no answer ─▶ the page that was kept ─▶ "No link", from its own script
 */
declare const self: ServiceWorkerGlobalScope;

const kept = 'lobby-watch';
const page = '/watch';
const answerMs = 3_000;
const beside = ['/icon.svg', '/icon-192.png', '/badge-96.png', '/watch.webmanifest'];

/** The built files a page names: their names bear their hash, so that one that is kept is right for ever. */
const filesOf = (html: string): string[] => [
  ...new Set([...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!)),
];

/** Keeps a page with all it is made of, and lets go of what only an older one was made of. */
async function keep(reply: Response): Promise<void> {
  const html = await reply.clone().text();
  const files = filesOf(html);
  if (files.length === 0) return;
  const cache = await caches.open(kept);
  const had = (await cache.keys()).map((request) => new URL(request.url).pathname);
  const wanted = [...files, ...beside];
  await cache.addAll([...files.filter((file) => !had.includes(file)), ...beside]);
  // Last: a page is kept only with everything it names.
  await cache.put(page, reply);
  for (const path of had) if (path !== page && !wanted.includes(path)) await cache.delete(path);
}

async function openPage(event: FetchEvent): Promise<Response> {
  try {
    const reply = await fetch(event.request, { signal: AbortSignal.timeout(answerMs) });
    if (reply.ok) event.waitUntil(keep(reply.clone()).catch(() => undefined));
    return reply;
  } catch (error) {
    const before = await caches.match(page);
    if (before === undefined) throw error;
    return before;
  }
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    fetch(page, { cache: 'no-cache' })
      .then(keep)
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== self.location.origin) return;
  if (mode === 'navigate' && pathname === page) event.respondWith(openPage(event));
  else if (pathname.startsWith('/assets/') || beside.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((before) => before ?? fetch(event.request)));
  }
});

const answerOf = (action: string): Answer | undefined =>
  action === 'accepted' || action === 'met' ? action : undefined;

self.addEventListener('notificationclick', (event) => {
  const { action, notification } = event;
  notification.close();
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
      const watch = pages.find(({ url }) => new URL(url).pathname === page);
      const answer = answerOf(action);
      if (watch !== undefined && answer !== undefined) {
        watch.postMessage({ kind: 'answered', id: notification.tag, answer } satisfies AnswerTapped);
        return;
      }
      // Without the page there is no link to answer by: it opens, and shows the prompt if it is still true.
      await (watch === undefined ? self.clients.openWindow(`${page}?duty=on`) : watch.focus());
    })(),
  );
});
