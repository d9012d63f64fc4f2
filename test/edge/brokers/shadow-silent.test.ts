import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import mqtt from 'mqtt';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectPublisher } from '../../../edge/brokers/mqtt-publisher.ts';
import { createWebhooks } from '../../../edge/webhooks/webhooks.ts';
import { alsoTell } from '../../../src/service/also-tell.ts';
import { mosquitto } from '../../e2e/mosquitto.ts';
import { ManualClock } from '../../manual-clock.ts';
import { startMosquitto, users } from '../../peers/mosquitto.ts';
import { titled } from '../../peers/tools.ts';
import { openSmallLobby, smallBranch } from '../../service/small-lobby.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Everything that leaves the box, by a real broker and a real web server. */
async function openWorld(clock: ManualClock) {
  const broker = await startMosquitto();
  closing.push(() => broker.close());
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const login = { username: 'lobby', password: users.lobby };
  const messages: { topic: string; text: string }[] = [];
  const reader = await mqtt.connectAsync(url, login);
  closing.push(() => reader.endAsync(true));
  reader.on('message', (topic, payload) => messages.push({ topic, text: payload.toString() }));
  await reader.subscribeAsync('lobby/v1/harbour/#', { qos: 1 });
  const posts: string[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      posts.push(body);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  closing.push(async () => receiver.close());
  const publisher = await connectPublisher({ url, ...login, branch: 'harbour', clock });
  closing.push(() => publisher.close());
  const hook = {
    url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    key: Buffer.from('a key of thirty-two bytes, or so'),
  };
  const webhooks = createWebhooks([hook], { branch: 'harbour', clock });
  closing.push(() => webhooks.close());
  return { publisher: alsoTell(publisher, [webhooks]), messages, posts };
}

describe.skipIf(mosquitto.absent)(titled('Values on trial beside a real broker', mosquitto.absent), () => {
  test('reach no wrist, no topic and no webhook, where the same values live do', async () => {
    const now = new Date();
    const clock = new ManualClock(now.getTime() / 1000);
    const { publisher, messages, posts } = await openWorld(clock);
    const { lobby, film, lines } = openSmallLobby(smallBranch(), now.toISOString(), { publisher }, clock);
    lobby.tryOut({ 'queue.waitSeconds': 30 });
    await film(60);
    const tried = lines.flatMap((line) =>
      line.kind === 'shadow' && line.prompt === 'ask-queue' ? [line.id] : [],
    );
    expect(tried).toHaveLength(1);
    const told = () => [...messages.map(({ text }) => text), ...posts].join('\n');

    // The control: made live, they are told everywhere, after all that was told before.
    const next = smallBranch();
    lobby.use({
      ...next,
      thresholds: { ...next.thresholds, queue: { ...next.thresholds.queue, waitSeconds: 30 } },
    });
    lobby.tryOut(undefined);
    await film(5);
    const live = lines.flatMap((line) =>
      line.kind === 'prompt' && line.prompt === 'ask-queue' ? [line.id] : [],
    );
    expect(live).toHaveLength(1);
    await vi.waitFor(() => {
      expect(
        messages
          .filter(({ topic }) => topic.endsWith('/prompt'))
          .map(({ text }) => text)
          .join(),
      ).toContain(live[0]);
      expect(posts.join()).toContain(live[0]);
    }, 10_000);
    expect(told()).not.toContain(tried[0]);
    for (const line of lines) if (line.kind === 'shadow') expect(told()).not.toContain(line.id);
    // What is told of the queue was told when it held, and not before.
    const queues = messages.filter(({ text }) => text.includes('"kind":"ask-queue"'));
    for (const { text } of queues) expect(text).toContain(live[0]);
  });
});
