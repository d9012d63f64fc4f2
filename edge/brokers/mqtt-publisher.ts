import { randomBytes } from 'node:crypto';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { z } from 'zod';
import { LobbyError } from '../../src/contract/errors.ts';
import type { MissedLine } from '../../src/contract/journal.ts';
import {
  type AckPayload,
  ackSchema,
  type DutyPayload,
  dutySchema,
  type HealthPayload,
  type LobbyPayload,
  messages,
  topicsOf,
} from '../../src/contract/topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Outbox, OutboxMessage } from '../../src/ports/outbox.ts';
import type { Publisher } from '../../src/ports/publisher.ts';

export interface PublisherOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; a login in it is used, and never shown. */
  readonly url: string;
  readonly branch: string;
  readonly username?: string;
  readonly password?: string;
  /** Default `lobby-{branch}-` and eight random letters: two boxes with one id would throw each other out. */
  readonly clientId?: string;
  readonly clock: Clock;
  /** MQTT 3.1.1 (default; the embedded broker speaks it alone) or 5, with which the broker drops late prompts too. */
  readonly protocol?: 4 | 5;
  /** Prompts and states kept while the broker is away; over it, the oldest are let go of. Default 200. */
  readonly maxWaiting?: number;
  /** Told of each loss and return of the broker, once: for the log. */
  readonly onLink?: (connected: boolean, reason?: string) => void;
  /** Keeps what the broker has not confirmed over a restart; absent: it is lost with the process. */
  readonly outbox?: Outbox;
  /** Told of each prompt and state that was let go of, and why: for the journal. */
  readonly onMissed?: (missed: Pick<MissedLine, 'id' | 'message' | 'why'>) => void;
}

type Retained = 'health' | 'lobby';

const protocols = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];
const connectTimeoutMs = 5_000;
/** Brokers call a client gone after one and a half of these: watches learn of a dead box within 15 s. */
const keepaliveSeconds = 10;
const firstRetrySeconds = 1;
const lastRetrySeconds = 10;
/** Of the two seconds `close` may take, what is left for the broker to confirm the goodbye. */
const goodbyeMs = 1_500;
const maxAckBytes = 4_096;
/** What has less left than this is not sent any more: it would leave the wrist while it still buzzes. */
const leastLeftMs = 1_000;
/** A state that is older than the longest life of a prompt speaks of nothing a watch knows. */
const statesForMs = 20 * 60_000;
const endings: readonly string[] = ['met', 'skipped', 'withdrawn', 'expired'];

/** An address without user name, password and query: fit for logs, health and errors. */
export function withoutLogin(url: string): string {
  if (!URL.canParse(url)) return 'an address that cannot be read';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function loginOf(url: string): { username?: string; password?: string } {
  if (!URL.canParse(url) || !protocols.includes(new URL(url).protocol)) {
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'broker',
      problem: 'it must be an address that begins with mqtt://, mqtts://, ws:// or wss://',
      value: withoutLogin(url),
    });
  }
  const { username, password } = new URL(url);
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}

/** The broker answered, and said no: an MQTT return code, not a network error's. */
function saidNo(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' && code > 0;
}

const nodeReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no machine of that name is known',
  EAI_AGAIN: 'names cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'it closed the connection',
};

/** In our own words: a library's message may repeat the address with its login. */
function reasonOf(error: Error): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return nodeReasons[code] ?? code;
  if (error.message === 'connack timeout') return 'no answer in time';
  if (!saidNo(error))
    return error.message === closedEarly ? closedEarly : 'it does not speak MQTT as expected';
  return error.message.replace(/^Connection refused: /, '').toLowerCase();
}

/** Whether it says that its prompt is over. */
function isEnding({ message, payload }: OutboxMessage): boolean {
  return message === 'state' && endings.includes((JSON.parse(payload) as { phase: string }).phase);
}

const closedEarly = 'it closed the connection';

/**
 * Publishes to any MQTT broker, and hears the wearers' answers.
 *
 * The MQTT client's own store is not used: it would hand over a prompt after an outage however old it
 * had become. What has not been confirmed is kept here, in order, and looked at again before it is
 * sent again:
 *
 *     prompt ─┐                        ┌─ expired, or over? let go of
 *     state  ─┼─▶ waiting (200) ─ back ┤
 *             │   in the outbox        └─ still true? sent, in order
 *     lobby ──┼─▶ only the newest, sent again at each return (retained)
 *     health ─┘
 *
 * A connection is one attempt; when it is lost, another is made after 1, 2, 4, 8, then every 10 s, for
 * ever. If the box itself dies, the broker publishes `health` with `gone` in its name (last will).
 *
 * @throws {LobbyError} only at the first connection: `LOBBY_BROKER_REFUSED` when the broker says no,
 *                      `LOBBY_BROKER_UNREACHABLE` when it does not answer within 5 s,
 *                      `LOBBY_OPTION_INVALID` when the address is none of MQTT's
 */
export async function connectPublisher(options: PublisherOptions): Promise<Publisher> {
  const { branch, clock, protocol = 4, maxWaiting = 200 } = options;
  const topics = topicsOf(branch);
  const url = withoutLogin(options.url);
  const fromUrl = loginOf(options.url);
  const username = options.username ?? fromUrl.username;
  const password = options.password ?? fromUrl.password;
  const clientId = options.clientId ?? `lobby-${branch}-${randomBytes(4).toString('hex')}`;

  const waiting = new Set<OutboxMessage>(options.outbox?.left);
  /** Prompts among them whose end waits behind them. */
  const ended = new Set([...waiting].filter(isEnding).map(({ prompt }) => prompt));
  /** Prompts that may have got through: what a run before left may have been sent by it. */
  const tried = new WeakSet<OutboxMessage>(options.outbox?.left);
  const newest = new Map<Retained, { payload: string; sent: boolean }>();
  const listeners: ((ack: AckPayload) => void)[] = [];
  const dutyListeners: ((duty: DutyPayload) => void)[] = [];
  const confirmedListeners: ((prompt: string) => void)[] = [];
  const ending = new AbortController();
  let client: MqttClient | undefined;
  let letGo = 0;
  let refused = 0;

  const moment = () => new Date(clock.now() * 1000).toISOString();
  const gone = (): string =>
    JSON.stringify({ v: 1, state: 'gone', at: moment(), cameras: [] } satisfies HealthPayload);

  function connectionOptions(): IClientOptions {
    return {
      protocolVersion: protocol,
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      clean: true,
      keepalive: keepaliveSeconds,
      connectTimeout: connectTimeoutMs,
      // One connection is one attempt: what is sent again, and when, is decided here.
      reconnectPeriod: 0,
      queueQoSZero: false,
      will: {
        topic: topics.health,
        payload: Buffer.from(gone()),
        qos: messages.health.qos,
        retain: messages.health.retain,
      },
    };
  }

  /** One attempt: resolves with a client that is connected and hears answers. */
  function open(): Promise<MqttClient> {
    return new Promise((resolve, reject) => {
      const attempt = mqtt.connect(url, connectionOptions());
      const stop = () => attempt.end(true);
      const lost = () => fail(new Error(closedEarly));
      const fail = (error: Error) => {
        ending.signal.removeEventListener('abort', stop);
        attempt.end(true);
        reject(error);
      };
      ending.signal.addEventListener('abort', stop, { once: true });
      attempt.on('error', fail);
      attempt.on('close', lost);
      attempt.on('message', (topic, payload, packet) => {
        // An answer is about now: one that a broker kept is not heard.
        if (packet.retain) refused += 1;
        else if (topic === topics.duty) hear(payload, dutySchema, dutyListeners);
        else hear(payload, ackSchema, listeners);
      });
      attempt.once('connect', () => {
        attempt.subscribe(topics.ack, { qos: messages.ack.qos }, (error, granted) => {
          if (error || (granted ?? []).some(({ qos }) => qos >= 128)) {
            fail(Object.assign(new Error(`not allowed to read ${topics.ack}`), { code: 135 }));
            return;
          }
          ending.signal.removeEventListener('abort', stop);
          attempt.removeListener('error', fail);
          attempt.removeListener('close', lost);
          // A broker that does not let this one through costs a hint, and no prompt.
          attempt.subscribe(topics.duty, { qos: messages.duty.qos }, () => undefined);
          resolve(attempt);
        });
      });
    });
  }

  function hear<Said>(
    payload: Buffer,
    schema: z.ZodType<Said>,
    all: readonly ((said: Said) => void)[],
  ): void {
    let given: unknown;
    try {
      given = payload.length > maxAckBytes ? undefined : JSON.parse(payload.toString('utf8'));
    } catch {
      given = undefined;
    }
    const said = schema.safeParse(given);
    if (!said.success) {
      refused += 1;
      return;
    }
    for (const listener of all) listener(said.data);
  }

  function send(message: OutboxMessage): void {
    const via = client;
    if (via === undefined) return;
    tried.add(message);
    const left = Math.ceil(message.until / 1000 - clock.now());
    via.publish(
      message.topic,
      message.payload,
      {
        qos: messages.prompt.qos,
        retain: messages.prompt.retain,
        ...(protocol === 5 && message.message === 'prompt'
          ? { properties: { messageExpiryInterval: Math.max(1, left) } }
          : {}),
      },
      (error) => {
        if (error) return;
        forget(message);
        if (message.message === 'state') return;
        for (const listener of confirmedListeners) listener(message.prompt);
      },
    );
  }

  function forget(message: OutboxMessage): void {
    if (!waiting.delete(message)) return;
    if (isEnding(message)) ended.delete(message.prompt);
    options.outbox?.done(message);
  }

  function sendNewest(kind: Retained): void {
    const message = newest.get(kind);
    if (client === undefined || message === undefined) return;
    const { qos, retain } = messages[kind];
    client.publish(topics[kind], message.payload, { qos, retain }, (error) => {
      if (!error) message.sent = true;
    });
  }

  function miss(message: OutboxMessage, why: MissedLine['why']): void {
    letGo += 1;
    // Told before it is forgotten: a kill in between tells it twice, and not never.
    options.onMissed?.({ id: message.prompt, message: message.message, why });
    forget(message);
  }

  /** Lets go of one message; of a prompt, with the states that would speak of nothing. */
  function drop(message: OutboxMessage, why: MissedLine['why']): void {
    for (const other of [...waiting]) {
      const isAbout = message.message === 'prompt' && other.prompt === message.prompt;
      if (other === message || isAbout) miss(other, why);
    }
  }

  function isLate({ message, until }: OutboxMessage): boolean {
    return until <= clock.now() * 1000 + (message === 'prompt' ? leastLeftMs : 0);
  }

  /** Lets go of what is of no use any more: too late, or over before it could be sent. */
  function dropUseless(): void {
    for (const message of [...waiting]) {
      if (!waiting.has(message)) continue;
      const isPrompt = message.message === 'prompt';
      if (isLate(message)) drop(message, 'late');
      else if (isPrompt && ended.has(message.prompt)) {
        // Its end is sent alone where the prompt may have got through before the link was lost.
        if (tried.has(message)) miss(message, 'over');
        else drop(message, 'over');
      }
    }
  }

  function keep(message: OutboxMessage): void {
    // One that grows or is passed on at its very end; the wrists that have it know it as it was.
    if (isLate(message)) {
      letGo += 1;
      options.onMissed?.({ id: message.prompt, message: message.message, why: 'late' });
      return;
    }
    waiting.add(message);
    if (isEnding(message)) ended.add(message.prompt);
    options.outbox?.keep(message);
    if (client === undefined && waiting.size > maxWaiting) dropUseless();
    while (waiting.size > maxWaiting) drop(waiting.values().next().value!, 'let-go');
    if (waiting.has(message)) send(message);
  }

  function use(opened: MqttClient): void {
    client = opened;
    opened.once('close', () => {
      client = undefined;
      opened.end(true);
      if (ending.signal.aborted) return;
      options.onLink?.(false, closedEarly);
      void comeBack();
    });
    dropUseless();
    sendNewest('health');
    for (const message of [...waiting]) send(message);
    sendNewest('lobby');
  }

  async function comeBack(): Promise<void> {
    for (let seconds = firstRetrySeconds; ; seconds = Math.min(2 * seconds, lastRetrySeconds)) {
      await clock.sleep(seconds, ending.signal);
      if (ending.signal.aborted) return;
      dropUseless();
      try {
        const opened = await open();
        if (ending.signal.aborted || !opened.connected) {
          opened.end(true);
          continue;
        }
        use(opened);
        options.onLink?.(true);
        return;
      } catch {
        // Away, or says no for now: the next attempt follows. The loss itself has been told.
      }
    }
  }

  try {
    use(await open());
  } catch (error) {
    const cause = error as Error;
    const code = saidNo(cause) ? 'LOBBY_BROKER_REFUSED' : 'LOBBY_BROKER_UNREACHABLE';
    throw new LobbyError(code, { url, reason: reasonOf(cause) });
  }

  return {
    prompt(prompt) {
      const payload = JSON.stringify(messages.prompt.schema.parse(prompt));
      const until = Date.parse(prompt.expiresAt);
      keep({ topic: topics.prompt, payload, prompt: prompt.id, message: 'prompt', until });
    },
    promptState(state) {
      const payload = JSON.stringify(messages.promptState.schema.parse(state));
      const until = Date.parse(state.at) + statesForMs;
      keep({ topic: topics.promptState(state.id), payload, prompt: state.id, message: 'state', until });
    },
    lobby(lobby: LobbyPayload) {
      newest.set('lobby', { payload: JSON.stringify(messages.lobby.schema.parse(lobby)), sent: false });
      sendNewest('lobby');
    },
    health(health) {
      newest.set('health', { payload: JSON.stringify(messages.health.schema.parse(health)), sent: false });
      sendNewest('health');
    },
    onAck(listener) {
      listeners.push(listener);
    },
    onDuty(listener) {
      dutyListeners.push(listener);
    },
    onConfirmed(listener) {
      confirmedListeners.push(listener);
    },
    get state() {
      const unsent = [...newest.values()].filter(({ sent }) => !sent).length;
      return { connected: client?.connected ?? false, url, waiting: waiting.size + unsent, letGo, refused };
    },
    async close() {
      if (ending.signal.aborted) return;
      ending.abort();
      const last = client;
      if (last === undefined) return;
      await new Promise<void>((resolve) => {
        const finish = () => last.end(true, () => resolve());
        const late = setTimeout(finish, goodbyeMs);
        const { qos, retain } = messages.health;
        last.publish(topics.health, gone(), { qos, retain }, () => {
          clearTimeout(late);
          // A proper goodbye, or the broker would publish the last will on top.
          const cut = setTimeout(finish, 300);
          last.end(false, () => {
            clearTimeout(cut);
            resolve();
          });
        });
      });
    },
  };
}
