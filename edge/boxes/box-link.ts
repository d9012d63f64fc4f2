import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { boxMessages } from '../../src/contract/boxes.ts';
import { countRefusal, type RefusalReason, type Refusals } from '../../src/contract/refusals.ts';
import { type BrokerAddress, closedEarly, dial, reasonOf, troubleOf, withoutLogin } from '../brokers/dial.ts';
import { readSaid } from '../brokers/read-said.ts';

type MessageName = keyof typeof boxMessages;
export type Said<Name extends MessageName> = z.infer<(typeof boxMessages)[Name]['schema']>;

export interface BoxLinkOptions extends BrokerAddress {
  readonly clientId: string;
  /** What to hear: a topic or a filter, which message it is, and whom to tell. */
  readonly hear: readonly Hearing[];
  /** Published by the broker when this box is gone, retained. */
  readonly lastWill?: { readonly topic: string; readonly message: Said<'sensor'> };
  /** Told of each loss and return of the broker, once: for the log. */
  readonly onLink: (connected: boolean, reason?: string) => void;
  /** Told at each connection from when on everything is heard, and at each loss. */
  readonly onHearing?: (isHearing: boolean) => void;
}

/** Made by `hearing` or `hearingOf`, which hold message and listener together. */
export interface Hearing {
  readonly filter: string;
  readonly qos: 0 | 1;
  readonly mostBytes: number;
  /** What a broker kept from before is heard as well. */
  readonly takesKept: boolean;
  readonly take: (
    topic: string,
    payload: Buffer,
    refuse: (reason: RefusalReason) => void,
    isKept: boolean,
  ) => void;
}

export interface BoxLink {
  readonly url: string;
  readonly connected: boolean;
  /** What was not heard, by reason, since the start. */
  readonly refused: Refusals;
  /** Of QoS 0: what cannot be sent now is let go of. A retained one is sent again at each return. */
  say<Name extends MessageName>(name: Name, topic: string, message: Said<Name>): void;
  /** Says a last word, and lets go; resolves when done, within two seconds. */
  close(last?: { readonly topic: string; readonly message: Said<'sensor'> }): Promise<void>;
}

const connectTimeoutMs = 5_000;
const retryMs = 1_000;
/** Brokers call a client gone after one and a half of these. */
const keepaliveSeconds = 2;
const goodbyeMs = 1_500;
/** 500 people with all that can be known of each take 45 KB. */
const usualMostBytes = 65_536;

/**
 * @param filter a topic, or one with `+`
 * @param listen gets the topic's last level, such as the camera, what was said, checked, and whether the broker had kept
 *               it from before
 */
export function hearing<Name extends MessageName>(
  filter: string,
  name: Name,
  listen: (of: string, said: Said<Name>, isKept: boolean) => void,
  { qos = 0, mostBytes = usualMostBytes }: { readonly qos?: 0 | 1; readonly mostBytes?: number } = {},
): Hearing {
  const { schema, retain } = boxMessages[name];
  return {
    ...hearingOf(filter, schema as unknown as z.ZodType<Said<Name>>, listen),
    qos,
    mostBytes,
    takesKept: retain,
  };
}

/** The same of a message that is not between boxes, such as what wrists say. */
export function hearingOf<What>(
  filter: string,
  schema: z.ZodType<What>,
  listen: (of: string, said: What, isKept: boolean) => void,
): Hearing {
  const level = filter.split('/').indexOf('+');
  return {
    filter,
    qos: 0,
    mostBytes: usualMostBytes,
    takesKept: false,
    take(topic, payload, refuse, isKept) {
      const said = readSaid(payload, schema);
      if (typeof said === 'string') refuse(said);
      else listen(topic.split('/')[level] ?? '', said.said, isKept);
    },
  };
}

/**
 * A box's way to the other boxes of its branch: over the broker they all have, and nothing else.
 *
 * @throws {LobbyError} at the first connection alone: `LOBBY_BROKER_REFUSED`, `LOBBY_BROKER_UNTRUSTED`,
 *         `LOBBY_BROKER_UNREACHABLE`, `LOBBY_OPTION_INVALID`
 */
export async function linkBoxes(options: BoxLinkOptions): Promise<BoxLink> {
  const { hear, lastWill, onLink } = options;
  const url = withoutLogin(options.url);
  const refused: Partial<Record<RefusalReason, number>> = {};
  const kept = new Map<string, { name: MessageName; text: string }>();
  const client = dial(options, {
    clientId: `${options.clientId}-${randomBytes(4).toString('hex')}`,
    protocolVersion: 4,
    clean: true,
    keepalive: keepaliveSeconds,
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: retryMs,
    queueQoSZero: false,
    ...(lastWill === undefined
      ? {}
      : {
          will: {
            topic: lastWill.topic,
            payload: Buffer.from(JSON.stringify(lastWill.message)),
            qos: boxMessages.sensor.qos,
            retain: boxMessages.sensor.retain,
          },
        }),
  });
  const patterns = hear.map((one) => ({
    one,
    matches: new RegExp(
      `^${one.filter
        .split('/')
        .map((level) => (level === '+' ? '[^/]+' : level.replaceAll(/[^\w-]/g, '\\$&')))
        .join('/')}$`,
    ),
  }));
  client.on('message', (topic, payload, { retain }) => {
    const refuse = (reason: RefusalReason) => countRefusal(refused, reason);
    for (const { one, matches } of patterns) {
      if (!matches.test(topic)) continue;
      if (payload.length > one.mostBytes) refuse('too-large');
      // What a broker kept from before says nothing of now; how a box is does.
      else if (retain && !one.takesKept) refuse('retained');
      else one.take(topic, payload, refuse, retain);
    }
  });

  const publish = (name: MessageName, topic: string, text: string) => {
    const { qos, retain } = boxMessages[name];
    if (client.connected) client.publish(topic, text, { qos, retain }, () => undefined);
  };

  let wasUp = false;
  const up = () => {
    const filters = Object.fromEntries(hear.map(({ filter, qos }) => [filter, { qos }]));
    client.subscribe(filters, (error, granted) => {
      for (const { topic, qos } of granted ?? [])
        if (qos >= 128) onLink(false, `the broker does not let it read ${topic}`);
      if (!error && client.connected) options.onHearing?.(true);
    });
    for (const [topic, { name, text }] of kept) publish(name, topic, text);
  };
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      client.end(true);
      reject(troubleOf(error, url));
    };
    const early = () => fail(new Error(closedEarly));
    client.once('error', fail);
    client.once('close', early);
    client.once('connect', () => {
      client.removeListener('error', fail);
      client.removeListener('close', early);
      wasUp = true;
      up();
      resolve();
    });
  });
  client.on('error', (error) => {
    if (wasUp) onLink(false, reasonOf(error));
    wasUp = false;
  });
  client.on('close', () => {
    options.onHearing?.(false);
    if (wasUp) onLink(false, closedEarly);
    wasUp = false;
  });
  client.on('connect', () => {
    if (wasUp) return;
    wasUp = true;
    up();
    onLink(true);
  });

  return {
    url,
    get connected() {
      return client.connected;
    },
    refused,
    say(name, topic, message) {
      const text = JSON.stringify(boxMessages[name].schema.parse(message));
      if (boxMessages[name].retain) kept.set(topic, { name, text });
      publish(name, topic, text);
    },
    async close(last) {
      wasUp = false;
      if (last === undefined || !client.connected) {
        await client.endAsync(true);
        return;
      }
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, goodbyeMs);
        const { qos, retain } = boxMessages.sensor;
        client.publish(last.topic, JSON.stringify(last.message), { qos, retain }, () => {
          clearTimeout(late);
          resolve();
        });
      });
      await client.endAsync(true);
    },
  };
}
