import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { Webhook as Receiver } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { packageRoot } from '../../../edge/package-root.ts';
import { addWebhookMetrics } from '../../../edge/webhooks/metrics.ts';
import { openWebhooks } from '../../../edge/webhooks/open-webhooks.ts';
import { readSecret, sign } from '../../../edge/webhooks/sign.ts';
import {
  createWebhooks,
  type Webhook,
  type WebhookOptions,
  type Webhooks,
} from '../../../edge/webhooks/webhooks.ts';
import type { PromptPayload, PromptStatePayload } from '../../../src/contract/topics.ts';
import { alsoTell } from '../../../src/service/also-tell.ts';
import { freePort } from '../../conformance/loopback.ts';
import { examplePrompt, momentAt } from '../../conformance/publisher.ts';
import { openFilmedLobby } from '../../e2e/filmed.ts';
import { ManualClock, settled } from '../../manual-clock.ts';

// Receivers of the usual kind refuse what is five minutes old by the machine's own clock.
const startedAt = Math.floor(Date.now() / 1000);
const secret = `whsec_${Buffer.from('a secret for tests of 32 bytes!!').toString('base64')}`;

interface Post {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let clock: ManualClock;
let server: Server;
let posts: Post[];
/** What the other side answers, one after another, the last again and again; undefined: nothing at all. */
let answers: (number | undefined)[];
let remarks: string[];
let hooks: Webhooks;

const port = () => (server.address() as AddressInfo).port;
const address = () => `http://127.0.0.1:${port()}/prompts`;

beforeEach(async () => {
  clock = new ManualClock(startedAt);
  posts = [];
  answers = [204];
  remarks = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      posts.push({ method: request.method!, path: request.url!, headers: request.headers, body });
      const status = answers.length > 1 ? answers.shift() : answers[0];
      if (status === undefined) return;
      response.writeHead(status, status >= 300 && status < 400 ? { location: `${address()}/elsewhere` } : {});
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hooks = open();
});

afterEach(async () => {
  await hooks.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

function open(changes: Partial<Webhook> = {}, options: Partial<WebhookOptions> = {}): Webhooks {
  const hook = { url: address(), key: readSecret(secret)!, ...changes };
  return createWebhooks([hook], {
    branch: 'harbour',
    clock,
    onRemark: (remark) => remarks.push(remark),
    ...options,
  });
}
async function reopen(...given: Parameters<typeof open>) {
  await hooks.close();
  hooks = open(...given);
}

const prompt = (number: number, changes: Partial<PromptPayload> = {}) =>
  examplePrompt(number, {
    raisedAt: momentAt(clock.now()),
    expiresAt: momentAt(clock.now() + 30),
    ...changes,
  });
const state = (number: number, phase: PromptStatePayload['phase']): PromptStatePayload => ({
  v: 1,
  id: prompt(number).id,
  phase,
  at: momentAt(clock.now()),
});
const posted = (count: number) => vi.waitFor(() => expect(posts).toHaveLength(count), 5_000);
const figures = (expected: Partial<ReturnType<Webhooks['figures']>>) =>
  vi.waitFor(() => expect(hooks.figures()).toMatchObject(expected), 5_000);
/** Lets the wait for the next attempt pass, and the attempt be made. */
async function retry(seconds: number, count: number) {
  await vi.waitFor(() => expect(clock.sleeping).toBe(1), 2_000);
  await clock.advance(seconds - 0.1);
  expect(posts).toHaveLength(count - 1);
  await clock.advance(0.1);
  await posted(count);
}

describe('A webhook', () => {
  test('is posted a prompt and its states as on the wire, in order, signed so that a usual receiver takes it', async () => {
    const raised = prompt(1);
    hooks.prompt(raised);
    hooks.promptState(state(1, 'accepted'));
    hooks.promptState(state(1, 'met'));
    await posted(3);
    const receiver = new Receiver(secret);
    expect(
      posts.map(({ body, headers }) => receiver.verify(body, headers as Record<string, string>)),
    ).toEqual([raised, state(1, 'accepted'), state(1, 'met')]);
    expect(posts.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(3).fill('POST /prompts'));
    expect(posts.map(({ headers }) => headers['lobby-message'])).toEqual([
      'prompt',
      'promptState',
      'promptState',
    ]);
    expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    expect(posts[0]!.headers['lobby-branch']).toBe('harbour');
    await figures({ sent: 3, retried: 0, missed: 0, refused: 0, waiting: 0 });
  });

  test('control: a receiver refuses another body, another secret and another time', async () => {
    hooks.prompt(prompt(1));
    await posted(1);
    const { body, headers } = posts[0]!;
    const given = headers as Record<string, string>;
    expect(() => new Receiver(secret).verify(`${body} `, given)).toThrow();
    const other = `whsec_${Buffer.from('another secret, also of 32 bytes').toString('base64')}`;
    expect(() => new Receiver(other).verify(body, given)).toThrow();
    const later = { ...given, 'webhook-timestamp': String(startedAt + 60) };
    expect(() => new Receiver(secret).verify(body, later)).toThrow();
  });

  test('is tried again after 1, 2, 4 seconds while it fails, under the same id and with a new time', async () => {
    answers = [500, 503, 429, 204];
    hooks.prompt(prompt(1));
    await posted(1);
    await figures({ waiting: 1 });
    await retry(1, 2);
    await retry(2, 3);
    await retry(4, 4);
    await figures({ sent: 1, retried: 3, missed: 0, waiting: 0 });
    expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(posts.map(({ headers }) => Number(headers['webhook-timestamp']) - startedAt)).toEqual([
      0, 1, 3, 7,
    ]);
    expect(remarks).toEqual([
      `webhook ${address()} fails: it answered 500`,
      `webhook ${address()} is reached again`,
    ]);
  });

  test('is never posted a prompt after its expiry: it is missed, and how it ended is told all the same', async () => {
    answers = [500];
    hooks.prompt(prompt(1, { expiresAt: momentAt(startedAt + 10) }));
    await posted(1);
    await retry(1, 2);
    await retry(2, 3);
    await retry(4, 4);
    await figures({ missed: 1 });
    await clock.advance(60);
    expect(posts.map(({ headers }) => Number(headers['webhook-timestamp']) - startedAt)).toEqual([
      0, 1, 3, 7,
    ]);
    answers = [204];
    hooks.promptState(state(1, 'expired'));
    await posted(5);
    await figures({ sent: 1, missed: 1, waiting: 0 });
  });

  test('is not posted what was late from the start, nor how that went on', async () => {
    hooks.prompt(prompt(1, { expiresAt: momentAt(startedAt - 1) }));
    hooks.promptState(state(1, 'expired'));
    await figures({ missed: 2, waiting: 0 });
    expect(posts).toEqual([]);
  });

  test('does not wait for an answer for more than five seconds, nor beyond the expiry', async () => {
    answers = [undefined];
    hooks.prompt(prompt(1, { expiresAt: momentAt(startedAt + 8) }));
    await posted(1);
    await clock.advance(4.9);
    expect(remarks).toEqual([]);
    await clock.advance(0.1);
    await vi.waitFor(() => expect(remarks).toEqual([`webhook ${address()} fails: no answer in time`]), 2_000);
    await vi.waitFor(() => expect(clock.sleeping).toBe(1), 2_000);
    await clock.advance(1);
    await posted(2);
    expect(hooks.figures().missed).toBe(0);
    await clock.advance(2);
    await figures({ missed: 1, retried: 1, waiting: 0 });
  });

  test.each([301, 302, 307, 400, 401, 404, 410])(
    'answering %i is refused: nothing is tried again, and no redirect is followed',
    async (status) => {
      answers = [status];
      hooks.prompt(prompt(1));
      await figures({ refused: 1, retried: 0, waiting: 0 });
      await clock.advance(60);
      expect(posts).toHaveLength(1);
    },
  );

  test('that nobody listens at is tried until somebody does', async () => {
    const free = await freePort();
    await reopen({ url: `http://127.0.0.1:${free}/` });
    hooks.prompt(prompt(1));
    await vi.waitFor(
      () => expect(remarks).toEqual([`webhook http://127.0.0.1:${free} fails: it cannot be reached`]),
      2_000,
    );
    await figures({ sent: 0, waiting: 1 });
  });

  test('that fails holds up what is about one prompt, and no other', async () => {
    answers = [500, 204];
    hooks.prompt(prompt(1));
    hooks.promptState(state(1, 'accepted'));
    await posted(1);
    hooks.prompt(prompt(2));
    await posted(2);
    expect(posts.map(({ body }) => JSON.parse(body).id)).toEqual([prompt(1).id, prompt(2).id]);
    await vi.waitFor(() => expect(clock.sleeping).toBe(1), 2_000);
    await clock.advance(1);
    await posted(4);
    expect(posts.slice(2).map(({ headers }) => headers['lobby-message'])).toEqual(['prompt', 'promptState']);
  });

  test('keeps no more waiting than its bound; the rest is missed', async () => {
    await reopen({}, { maxWaiting: 3 });
    answers = [undefined];
    for (const number of [1, 2, 3, 4, 5]) hooks.prompt(prompt(number));
    await posted(3);
    expect(hooks.figures()).toMatchObject({ waiting: 3, missed: 2 });
  });

  test('for some roles or kinds is posted those prompts and their states alone', async () => {
    await reopen({ roles: ['deputy'], kinds: ['greet'] });
    hooks.prompt(prompt(1, { to: ['manager'] }));
    hooks.promptState(state(1, 'delivered'));
    hooks.prompt(prompt(2, { kind: 'patrol' }));
    hooks.promptState(state(2, 'expired'));
    hooks.prompt(prompt(3));
    await posted(1);
    // Passed on, it is the deputy's too.
    hooks.prompt(prompt(1, { to: ['manager', 'deputy'] }));
    hooks.promptState(state(1, 'met'));
    await posted(3);
    await figures({ sent: 3, waiting: 0 });
    expect(posts.map(({ body }) => JSON.parse(body).id)).toEqual([3, 1, 1].map((one) => prompt(one).id));
  });

  test('is told how a prompt of an earlier run went on, which it may have been posted then', async () => {
    hooks.promptState(state(9, 'met'));
    await posted(1);
  });

  test('with a login in its address logs in, and shows it nowhere', async () => {
    answers = [500, 204];
    const url = address().replace('//', '//branch:hunter%202@');
    await reopen({ url: `${url}?token=hunter3` });
    hooks.prompt(prompt(1));
    await posted(1);
    expect(posts[0]!.headers.authorization).toBe(
      `Basic ${Buffer.from('branch:hunter 2').toString('base64')}`,
    );
    expect(posts[0]!.path).toBe('/prompts?token=hunter3');
    await vi.waitFor(() => expect(remarks).toEqual([`webhook ${address()} fails: it answered 500`]), 2_000);
    expect(JSON.stringify(remarks)).not.toContain('hunter');
  });

  test('is let go of at once when the service ends, whatever is under way', async () => {
    answers = [undefined];
    hooks.prompt(prompt(1));
    hooks.prompt(prompt(2));
    await posted(2);
    await hooks.close();
    expect(hooks.figures().waiting).toBe(0);
    expect(clock.sleeping).toBe(0);
    hooks.prompt(prompt(3));
    await settled();
    expect(posts).toHaveLength(2);
  });

  test('hears of a customer who came in and left again, from the lobby itself', async () => {
    const broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0 });
    const scene = await openFilmedLobby(broker, (publisher, sceneClock) => {
      hooks = open({}, { clock: sceneClock });
      return alsoTell(publisher, [hooks]);
    });
    await scene.comeIn();
    await posted(1);
    await scene.leave();
    await posted(2);
    expect(posts.map(({ body }) => JSON.parse(body))).toMatchObject([
      { kind: 'greet', place: 'main-door', people: 1 },
      { phase: 'withdrawn', reason: 'left' },
    ]);
    await scene.close();
    await broker.close();
  });

  test('is checked by a receiver as docs/webhooks.md shows', async () => {
    hooks.prompt(prompt(1));
    await posted(1);
    const page = readFileSync(join(packageRoot, 'docs', 'webhooks.md'), 'utf8');
    const code = /^```js\n([\s\S]*?)^```/m.exec(page)![1]!.replace(/^import .*$/gm, '');
    const isGenuine = new Function('createHmac', 'timingSafeEqual', `${code}; return isGenuine;`)(
      createHmac,
      timingSafeEqual,
    ) as (headers: IncomingHttpHeaders, body: string, secret: string) => boolean;
    const { headers, body } = posts[0]!;
    expect(isGenuine(headers, body, secret)).toBe(true);
    expect(isGenuine(headers, `${body} `, secret)).toBe(false);
    expect(isGenuine({ ...headers, 'webhook-signature': undefined }, body, secret)).toBe(false);
    expect(
      isGenuine({ ...headers, ...sign(readSecret(secret)!, 'msg_1', startedAt, body) }, body, secret),
    ).toBe(true);
    expect(
      isGenuine({ ...headers, ...sign(readSecret(secret)!, 'msg_1', startedAt - 3_600, body) }, body, secret),
    ).toBe(false);
  });

  test('is counted in the metrics', async () => {
    const registry = new Registry();
    addWebhookMetrics(registry, hooks);
    hooks.prompt(prompt(1));
    await figures({ sent: 1 });
    const lines = (await registry.metrics()).split('\n');
    expect(lines).toContain('lobby_webhook_messages_total{outcome="sent"} 1');
    expect(lines).toContain('lobby_webhook_messages_total{outcome="missed"} 0');
    expect(lines).toContain('lobby_webhook_waiting 0');
  });
});

describe("A webhook's secret", () => {
  test('comes from an environment variable or from a file beside the branch file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lobby-secret-'));
    await writeFile(join(folder, 'secret'), `${secret}\n`);
    const opened = await openWebhooks(
      [
        { url: 'https://one.example', secretVariable: 'HOOK' },
        { url: 'https://two.example', secretFile: 'secret', roles: ['deputy'] },
      ],
      join(folder, 'branch.yaml'),
      { HOOK: secret },
    );
    await rm(folder, { recursive: true });
    const key = readSecret(secret);
    expect(opened).toEqual([
      { url: 'https://one.example', key },
      { url: 'https://two.example', key, roles: ['deputy'] },
    ]);
  });

  test.each([
    ['missing', {}, 'there is no secret for the webhook'],
    ['too short', { HOOK: 'whsec_c2hvcnQ=' }, "it must hold a webhook's secret"],
    ['no such text', { HOOK: 'hunter2' }, "it must hold a webhook's secret"],
  ])('that is %s ends the start, and is not repeated', async (_, environment, problem) => {
    const error = await openWebhooks(
      [{ url: 'https://one.example', secretVariable: 'HOOK' }],
      'branch.yaml',
      environment,
    ).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'LOBBY_FILE_INVALID' });
    const { message } = error as Error;
    expect(message).toContain('Cannot use the environment variable HOOK');
    expect(message).toContain(problem);
    expect(message).not.toContain('hunter2');
  });
});
