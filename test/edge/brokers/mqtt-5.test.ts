import { createServer, type Socket } from 'node:net';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectPublisher, type PublisherOptions } from '../../../edge/brokers/mqtt-publisher.ts';
import { listen } from '../../../edge/http/listen.ts';
import { systemClock } from '../../../edge/system-clock.ts';
import { topicsOf } from '../../../src/contract/topics.ts';
import { branch, examplePrompt, momentAt } from '../../conformance/publisher.ts';
import { mosquitto } from '../../e2e/mosquitto.ts';
import { type Mosquitto, startMosquitto, users } from '../../peers/mosquitto.ts';
import { titled } from '../../peers/tools.ts';

const topics = topicsOf(branch);
const box = { username: 'lobby', password: users.lobby };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A prompt of now, since a broker goes by a clock of its own. */
const promptOf = (number: number, seconds: number) =>
  examplePrompt(number, {
    raisedAt: momentAt(Date.now() / 1000),
    expiresAt: momentAt(Date.now() / 1000 + seconds),
  });

async function publish(options: Omit<PublisherOptions, 'branch' | 'clock'> & Partial<PublisherOptions>) {
  const missed: unknown[] = [];
  const notTaken: string[] = [];
  const publisher = await connectPublisher({
    branch,
    clock: systemClock,
    onMissed: (one) => missed.push(one),
    onNotTaken: (message, reason) => notTaken.push(`${message}: ${reason}`),
    ...options,
  });
  closing.push(() => publisher.close());
  return { publisher, missed, notTaken };
}

describe.skipIf(mosquitto.absent)(titled('MQTT 5 with Mosquitto', mosquitto.absent), () => {
  let broker: Mosquitto;
  const start = async (change?: (configuration: string) => string) => {
    broker = await startMosquitto(undefined, change);
    closing.push(() => broker.close());
    return `mqtt://127.0.0.1:${broker.port}`;
  };

  test('a prompt the broker has kept for somebody away is dropped by it when its time is over', async () => {
    const url = await start();
    const watch = { username: branch, password: users.harbour, clientId: 'w-1', clean: false };
    const session = { protocolVersion: 5, properties: { sessionExpiryInterval: 600 } } as const;
    const first = await mqtt.connectAsync(url, { ...watch, ...session });
    await first.subscribeAsync(topics.prompt, { qos: 1 });
    await first.endAsync();

    const { publisher } = await publish({ url, ...box });
    const [short, long] = [promptOf(1, 2), promptOf(2, 60)];
    publisher.prompt(short);
    publisher.prompt(long);
    await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
    await vi.waitUntil(() => Date.now() > Date.parse(short.expiresAt) + 1_000, { timeout: 5_000 });

    const heard: { id: string; left: number | undefined }[] = [];
    const again = mqtt.connect(url, { ...watch, ...session });
    closing.push(() => again.endAsync(true));
    again.on('message', (_topic, payload, { properties }) => {
      const { id } = JSON.parse(payload.toString()) as { id: string };
      heard.push({ id, left: properties?.messageExpiryInterval });
    });
    await vi.waitFor(() => expect(heard.map(({ id }) => id)).toEqual([long.id]));
    // What is left of it, not what it began with.
    expect(heard[0]!.left).toBeLessThanOrEqual(58);
  });

  test('what the broker does not take is told, counted and missed, and not lost in silence', async () => {
    // Nobody may write anything.
    const url = await start((text) => text.replace(/^acl_file .*$/m, 'acl_file /dev/null'));
    const { publisher, missed, notTaken } = await publish({ url, ...box });
    const [prompt, another] = [promptOf(1, 60), promptOf(2, 60)];
    publisher.prompt(prompt);
    publisher.promptState({ v: 1, id: prompt.id, phase: 'withdrawn', reason: 'left', at: prompt.raisedAt });
    publisher.prompt(another);
    await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
    expect(missed).toContainEqual({ id: prompt.id, message: 'prompt', why: 'refused' });
    expect(missed).toContainEqual({ id: another.id, message: 'prompt', why: 'refused' });
    expect(publisher.state.letGo).toBe(3);
    expect(notTaken).toEqual(['prompt: not authorized', 'promptState: not authorized']);
    publisher.health({ v: 1, at: prompt.raisedAt, state: 'ok', cameras: [] });
    await vi.waitFor(() => expect(notTaken).toContain('health: not authorized'));
  });
});

/** A broker made of the bytes it answers with: what Mosquitto never says, since it has no quota. */
describe('MQTT 5 with a broker that has had enough', () => {
  interface Told {
    readonly sockets: Socket[];
    /** Payloads of prompts it was sent, in order. */
    readonly prompts: string[];
    readonly most: number;
  }
  /** @param answerTo the reason code for the n-th message, from 0; none: no answer yet */
  async function broker(
    answerTo: (n: number) => number | undefined,
    receiveMaximum = 65_535,
  ): Promise<Told & { url: string }> {
    const told = { sockets: [] as Socket[], prompts: [] as string[], most: 0 };
    let count = 0;
    const server = createServer((socket) => {
      told.sockets.push(socket);
      socket.on('error', () => undefined);
      let open = 0;
      let bytes: Buffer = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        for (;;) {
          const packet = takePacket(bytes);
          if (packet === undefined) return;
          bytes = packet.rest;
          const { kind, body } = packet;
          if (kind === 1) {
            const most = Buffer.from([0x21, receiveMaximum >> 8, receiveMaximum & 0xff]);
            socket.write(Buffer.concat([Buffer.from([0x20, 6, 0, 0, 3]), most]));
          } else if (kind === 8) socket.write(Buffer.from([0x90, 4, body[0]!, body[1]!, 0, 1]));
          else if (kind === 3) {
            const topicLength = body.readUInt16BE(0);
            const id = body.subarray(2 + topicLength, 4 + topicLength);
            const payload = body.subarray(4 + topicLength + 1 + body[4 + topicLength]!).toString();
            told.prompts.push((JSON.parse(payload) as { id: string }).id);
            open += 1;
            told.most = Math.max(told.most, open);
            const code = answerTo(count);
            count += 1;
            // After a turn, so that all that is sent at once has come.
            if (code !== undefined)
              setImmediate(() => {
                open -= 1;
                socket.write(Buffer.from([0x40, 3, id[0]!, id[1]!, code]));
              });
          }
        }
      });
    });
    const port = await listen(server, { host: '127.0.0.1', port: 0, option: 'port' });
    closing.push(async () => {
      for (const socket of told.sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
    return Object.assign(told, { url: `mqtt://127.0.0.1:${port}` });
  }

  /** One packet off the wire: its kind, and what follows its length. */
  function takePacket(bytes: Buffer): { kind: number; body: Buffer; rest: Buffer } | undefined {
    let length = 0;
    for (let index = 1; index < Math.min(5, bytes.length); index += 1) {
      length += (bytes[index]! & 0x7f) * 128 ** (index - 1);
      if ((bytes[index]! & 0x80) !== 0) continue;
      const [from, to] = [index + 1, index + 1 + length];
      return bytes.length < to
        ? undefined
        : { kind: bytes[0]! >> 4, body: bytes.subarray(from, to), rest: bytes.subarray(to) };
    }
    return undefined;
  }

  let hurried: PublisherOptions['clock'];
  beforeEach(() => {
    hurried = { now: systemClock.now, sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) };
  });

  test('a prompt that is over its quota is sent again while it is in time', async () => {
    const told = await broker((n) => (n < 3 ? 0x97 : 0x00));
    const { publisher, missed, notTaken } = await publish({
      url: told.url,
      protocol: 5,
      clock: hurried,
    } as never);
    const prompt = promptOf(1, 60);
    publisher.prompt(prompt);
    await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
    expect(told.prompts).toEqual([prompt.id, prompt.id, prompt.id, prompt.id]);
    expect(missed).toEqual([]);
    expect(notTaken).toEqual(['prompt: quota exceeded']);
  });

  test('and is missed as late when it is not taken before its time is over', async () => {
    const told = await broker(() => 0x97);
    const { publisher, missed } = await publish({ url: told.url, protocol: 5, clock: hurried });
    const prompt = promptOf(1, 1.2);
    publisher.prompt(prompt);
    await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
    expect(missed).toEqual([{ id: prompt.id, message: 'prompt', why: 'late' }]);
  });

  test('no more is sent at once than it says that it bears, and all of it arrives in order', async () => {
    const told = await broker(() => 0x00, 4);
    const { publisher } = await publish({ url: told.url, protocol: 5 });
    const prompts = Array.from({ length: 40 }, (_, number) => promptOf(number, 60));
    for (const prompt of prompts) publisher.prompt(prompt);
    await vi.waitFor(() => expect(publisher.state.waiting).toBe(0));
    expect(told.prompts).toEqual(prompts.map(({ id }) => id));
    expect(told.most).toBe(3);
  });
});
