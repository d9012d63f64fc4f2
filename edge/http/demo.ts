import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

/** One line of the demo's story: what was noticed, and what was said or not said about it. */
export interface StoryLine {
  readonly id: number;
  /** Seconds since 1970. */
  readonly at: number;
  readonly kind: string;
  readonly place: { readonly zh: string; readonly en: string };
  readonly decision: 'prompt' | 'silence' | 'none';
  /** Why nothing was said. */
  readonly reason?: string;
  /** What the wrist was told. */
  readonly say?: { readonly zh: string; readonly en: string };
}

export interface DemoOptions {
  /** The clip that stands in for a camera: drawn people, so that it may be shown. */
  readonly clip: string;
  /** When its first frame was taken, seconds since 1970; absent before it was. */
  readonly zero: () => number | undefined;
  readonly lines: () => readonly StoryLine[];
}

/**
 * Adds the demo's page: the clip, as the service sees it now, beside the wrist and the story.
 *
 * Only the demo has it. A branch's pictures have no way out of the sensing step, and no page to go to.
 */
export function addDemo(app: FastifyInstance, options: DemoOptions): void {
  app.get('/demo', { schema: { hide: true } }, (_request, reply) => reply.sendFile('demo/index.html'));
  app.get('/demo/story', { schema: { hide: true } }, (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .send({ now: Date.now() / 1000, zero: options.zero() ?? null, lines: options.lines() }),
  );
  app.get('/demo/clip.mp4', { schema: { hide: true } }, async (request, reply) => {
    const { size } = await stat(options.clip);
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const from = range === null ? 0 : Number(range[1]);
    const to = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    if (from > to) return reply.code(416).header('content-range', `bytes */${size}`).send();
    reply
      .type('video/mp4')
      .header('accept-ranges', 'bytes')
      .header('content-length', to - from + 1);
    if (range !== null) reply.code(206).header('content-range', `bytes ${from}-${to}/${size}`);
    return reply.send(createReadStream(options.clip, { start: from, end: to }));
  });
}
