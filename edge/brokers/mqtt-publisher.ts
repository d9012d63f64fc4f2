import { randomBytes } from 'node:crypto';
import type { IClientOptions, MqttClient } from 'mqtt';
import type { z } from 'zod';
import { boxTopicsOf } from '../../src/contract/boxes.ts';
import { deciderMessages } from '../../src/contract/deciding.ts';
import { type FleetMessage, fleetMessages, fleetTopic } from '../../src/contract/fleet.ts';
import type { MissedLine } from '../../src/contract/journal.ts';
import { countRefusal, type RefusalReason } from '../../src/contract/refusals.ts';
import {
  type AckPayload,
  ackSchema,
  type DutyPayload,
  dutySchema,
  type HealthPayload,
  type LobbyPayload,
  messages,
  type ReportPayload,
  topicsOf,
} from '../../src/contract/topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Outbox, OutboxMessage } from '../../src/ports/outbox.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { createBucket, type Rate } from '../../src/service/bucket.ts';
import {
  type BrokerAddress,
  closedEarly,
  dial,
  isFinal,
  loginOf,
  reasonOf,
  troubleOf,
  withoutLogin,
} from './dial.ts';
import { readSaid } from './read-said.ts';

export interface PublisherOptions extends BrokerAddress {
  readonly branch: string;
  /** Default `lobby-{branch}-` and eight random letters: two boxes with one id would throw each other out. */
  readonly clientId?: string;
  readonly clock: Clock;
  /** MQTT 5, 3.1.1, or 5 unless the broker says that it does not speak it. Default `auto`. */
  readonly protocol?: BrokerProtocol;
  /** Prompts and states kept while the broker is away; over it, the oldest are let go of. Default 200. */
  readonly maxWaiting?: number;
  /** Told of each loss and return of the broker, once: for the log. */
  readonly onLink?: (connected: boolean, reason?: string) => void;
  /** Keeps what the broker has not confirmed over a restart; absent: it is lost with the process. */
  readonly outbox?: Outbox;
  /** Told of what the broker does not take, once a reason and connection: for the log. Only MQTT 5 says so. */
  readonly onNotTaken?: (message: keyof typeof messages, reason: string) => void;
  /** Told of each prompt and state that was let go of, and why: for the journal. */
  readonly onMissed?: (missed: Pick<MissedLine, 'id' | 'message' | 'why'>) => void;
  /** Of several boxes that could decide: which does, and under which term. Every message bears it. */
  readonly decider?: { readonly decidedBy: string; readonly term: number };
  /** Whether a connection that was lost may be made again now; absent: it may. */
  readonly mayReturn?: () => boolean;
}

/** As the wire writes it: 4 is MQTT 3.1.1. */
export type BrokerProtocol = 'auto' | 4 | 5;

export interface MqttPublisher extends Publisher {
  /** What the broker was last spoken to in. */
  readonly protocol: 4 | 5;
  /** The figures of a day, as counts: it takes the place of the one before. */
  report(report: ReportPayload): void;
  /** Tells the fleet; resolves with whether the broker has confirmed it. Nothing of it waits here. */
  fleet<Name extends FleetMessage>(
    name: Name,
    message: z.infer<(typeof fleetMessages)[Name]['schema']>,
  ): Promise<boolean>;
  /** What is known of those who are there, for another box; as it is written. Sent before whatever is told after it. */
  deciding(text: string): void;
  /** What the branch goes by of what its bank has set, for another box; as it is written. */
  standing(text: string): void;
  /** Lets go without a goodbye, and of whatever waits: another box says it from here on. */
  abandon(): void;
}

type Retained = 'health' | 'lobby' | 'report' | ToBoxes;
type ToBoxes = 'deciding' | 'standing';
const isToBoxes = (kind: Retained): kind is ToBoxes => kind === 'deciding' || kind === 'standing';

const connectTimeoutMs = 5_000;
/** Brokers call a client gone after one and a half of these: watches learn of a dead box within 15 s. */
const keepaliveSeconds = 10;
const firstRetrySeconds = 1;
const lastRetrySeconds = 10;
/** Of the two seconds `close` may take, what is left for the broker to confirm the goodbye. */
const goodbyeMs = 1_500;
const maxAckBytes = 4_096;
/** An answer has some 120 bytes, 400 with long names and blanks. */
const usualBytes = 512;
/**
 * What wrists say together may be read so often, where a broker lets through what it is sent: 4 KB of brackets take
 * up to 2 ms, an answer 10 us. Two rates, so that what is long takes nothing from what is usual. What is worth an
 * answer is bounded per watch, by whoever listens.
 */
const readRate: Rate = { burst: 2_000, perSecond: 1_000 };
const readLongRate: Rate = { burst: 40, perSecond: 20 };
/** What has less left than this is not sent any more: it would leave the wrist while it still buzzes. */
const leastLeftMs = 1_000;
/** A state that is older than the longest life of a prompt speaks of nothing a watch knows. */
const statesForMs = 20 * 60_000;
/** So many unconfirmed messages at once, unless an MQTT 5 broker bears less: it may cut off who sends more. */
const mostUnconfirmed = 64;
/** What an MQTT 5 broker says of a message that it may take later: unspecified, its own trouble, quota exceeded. */
const passing: readonly number[] = [0x80, 0x83, 0x97];
const againSeconds = 1;
/** "I do not speak that": of MQTT 3.1.1, and of 5. */
const unknownProtocol: readonly unknown[] = [0x01, 0x84];
const endings: readonly string[] = ['met', 'skipped', 'withdrawn', 'expired'];

/** Whether it says that its prompt is over. What a disk has made of one that lay in the outbox says nothing. */
function isEnding({ message, payload }: OutboxMessage): boolean {
  if (message !== 'state') return false;
  try {
    return endings.includes((JSON.parse(payload) as { phase?: string } | null)?.phase ?? '');
  } catch {
    return false;
  }
}

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
 *     health ─┤
 *     report ─┘
 *
 * In MQTT 5 a prompt bears its expiry, so that a broker that keeps it for somebody drops it in time, and a broker
 * says what it does not take; in 3.1.1 it confirms what it has thrown away.
 *
 * A connection is one attempt; when it is lost, another is made after 1, 2, 4, 8, then every 10 s, for
 * ever. If the box itself dies, the broker publishes `health` with `gone` in its name (last will).
 *
 * @throws {LobbyError} only at the first connection: `LOBBY_BROKER_REFUSED` when the broker says no,
 *                      `LOBBY_BROKER_UNTRUSTED` when its certificate does not show who it is,
 *                      `LOBBY_BROKER_UNREACHABLE` when it does not answer within 5 s,
 *                      `LOBBY_OPTION_INVALID` when the address is none of MQTT's
 */
export async function connectPublisher(options: PublisherOptions): Promise<MqttPublisher> {
  const { branch, clock, protocol = 'auto', maxWaiting = 200 } = options;
  const { deciding, standing } = boxTopicsOf(branch);
  const topics = { ...topicsOf(branch), deciding, standing };
  const { decider } = options;
  const term = decider === undefined ? {} : { term: decider.term };
  const url = withoutLogin(options.url);
  loginOf(options.url);
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
  /** What the broker is spoken to in; with `auto`, 5 until it says that it does not know it. */
  let speaks: 4 | 5 = protocol === 'auto' ? 5 : protocol;
  /** Handed to the client of now, and not confirmed. */
  let unconfirmed = new Set<OutboxMessage>();
  let told = new Set<string>();
  let letGo = 0;
  const refused: Partial<Record<RefusalReason, number>> = {};
  const mayReadUsual = createBucket(readRate);
  const mayReadLong = createBucket(readLongRate);

  const moment = () => new Date(clock.now() * 1000).toISOString();
  const gone = (): string =>
    JSON.stringify({ v: 1, ...decider, state: 'gone', at: moment(), cameras: [] } satisfies HealthPayload);

  function connectionOptions(): IClientOptions {
    return {
      protocolVersion: speaks,
      clientId,
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

  /**
   * One attempt; with `auto` two, where the broker does not speak MQTT 5. Which it was is remembered, until it does
   * not speak that either: another broker has taken its place.
   */
  async function open(): Promise<MqttClient> {
    try {
      return await openOnce();
    } catch (error) {
      if (protocol !== 'auto' || !unknownProtocol.includes((error as { code?: unknown }).code)) throw error;
      speaks = speaks === 5 ? 4 : 5;
      return openOnce();
    }
  }

  /** Resolves with a client that is connected and hears answers. */
  function openOnce(): Promise<MqttClient> {
    return new Promise((resolve, reject) => {
      const attempt = dial(options, connectionOptions());
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
      attempt.on('message', (topic, payload, { retain }) => {
        const why = retain ? 'retained' : topic === topics.duty ? hearDuty(payload) : hearAck(payload);
        if (why !== undefined) countRefusal(refused, why);
      });
      attempt.once('connect', () => {
        // In MQTT 5 an answer that is left with the broker is known as such at once, and not only afterwards.
        const asSent = speaks === 5 ? { rap: true } : {};
        attempt.subscribe(topics.ack, { qos: messages.ack.qos, ...asSent }, (error, granted) => {
          if (error || (granted ?? []).some(({ qos }) => qos >= 128)) {
            fail(Object.assign(new Error(`not allowed to read ${topics.ack}`), { code: 135 }));
            return;
          }
          ending.signal.removeEventListener('abort', stop);
          attempt.removeListener('error', fail);
          attempt.removeListener('close', lost);
          // A broker that does not let this one through costs a hint, and no prompt.
          attempt.subscribe(topics.duty, { qos: messages.duty.qos, ...asSent }, () => undefined);
          resolve(attempt);
        });
      });
    });
  }

  const hearAck = (payload: Buffer) => hear(payload, ackSchema, listeners);
  const hearDuty = (payload: Buffer) => hear(payload, dutySchema, dutyListeners);

  /** What costs least is looked at first: whoever sends much of nothing gets little attention for it. */
  function hear<Said>(
    payload: Buffer,
    schema: z.ZodType<Said>,
    all: readonly ((said: Said) => void)[],
  ): RefusalReason | undefined {
    if (payload.length > maxAckBytes) return 'too-large';
    const mayRead = payload.length > usualBytes ? mayReadLong : mayReadUsual;
    if (!mayRead(performance.now() / 1000)) return 'too-many';
    const said = readSaid(payload, schema);
    if (typeof said === 'string') return said;
    for (const listener of all) listener(said.said);
    return undefined;
  }

  /** Hands over what waits, in order, as much at once as the broker bears. */
  function sendWaiting(): void {
    const most = Math.min(
      mostUnconfirmed,
      (client?.serverProperties?.receiveMaximum ?? mostUnconfirmed + 1) - 1,
    );
    for (const message of waiting) {
      // One at least: a broker that bears a single message gets them one by one.
      if (client === undefined || unconfirmed.size >= Math.max(1, most)) return;
      if (!unconfirmed.has(message)) send(message, client);
    }
  }

  function send(message: OutboxMessage, via: MqttClient): void {
    tried.add(message);
    unconfirmed.add(message);
    const left = Math.ceil(message.until / 1000 - clock.now());
    via.publish(
      message.topic,
      message.payload,
      {
        qos: messages.prompt.qos,
        retain: messages.prompt.retain,
        ...(speaks === 5 ? { properties: { messageExpiryInterval: Math.max(1, left) } } : {}),
      },
      (error) => {
        // A link that broke says nothing of its messages: they are sent again by the next.
        if (via !== client) return;
        if (!error) {
          forget(message);
          if (message.message === 'prompt')
            for (const listener of confirmedListeners) listener(message.prompt);
        } else notTaken(message, error, via);
        sendWaiting();
      },
    );
  }

  /** What the broker has refused for now is sent again while it is in time; what it will never take is let go of. */
  function notTaken(message: OutboxMessage, error: Error, via: MqttClient): void {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'number' || code < 0x80) return;
    tellNotTaken(message.message === 'state' ? 'promptState' : 'prompt', error);
    if (!passing.includes(code)) {
      drop(message, 'refused');
      return;
    }
    void clock.sleep(againSeconds, ending.signal).then(() => {
      if (via !== client || !waiting.has(message)) return;
      dropUseless();
      unconfirmed.delete(message);
      sendWaiting();
    });
  }

  function tellNotTaken(message: keyof typeof messages, error: Error): void {
    const reason = reasonOf(error);
    if (told.has(message + reason)) return;
    told.add(message + reason);
    options.onNotTaken?.(message, reason);
  }

  function forget(message: OutboxMessage): void {
    unconfirmed.delete(message);
    if (!waiting.delete(message)) return;
    if (isEnding(message)) ended.delete(message.prompt);
    options.outbox?.done(message);
  }

  function sendNewest(kind: Retained): void {
    const message = newest.get(kind);
    if (client === undefined || message === undefined) return;
    const { qos, retain } = isToBoxes(kind) ? deciderMessages[kind] : messages[kind];
    client.publish(topics[kind], message.payload, { qos, retain }, (error) => {
      if (!error) message.sent = true;
      else if (typeof (error as { code?: unknown }).code === 'number' && !isToBoxes(kind))
        tellNotTaken(kind, error);
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
    if (waiting.has(message)) sendWaiting();
  }

  function use(opened: MqttClient): void {
    client = opened;
    unconfirmed = new Set();
    told = new Set();
    opened.once('close', () => {
      client = undefined;
      opened.end(true);
      if (ending.signal.aborted) return;
      options.onLink?.(false, closedEarly);
      void comeBack();
    });
    dropUseless();
    sendNewest('standing');
    sendNewest('deciding');
    sendNewest('health');
    sendWaiting();
    sendNewest('lobby');
    sendNewest('report');
  }

  async function comeBack(): Promise<void> {
    let isTold = false;
    for (let seconds = firstRetrySeconds; ; seconds = Math.min(2 * seconds, lastRetrySeconds)) {
      await clock.sleep(seconds, ending.signal);
      if (ending.signal.aborted) return;
      if (options.mayReturn?.() === false) continue;
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
      } catch (error) {
        // Away, or says no for now: the next attempt follows. The loss itself has been told, and what will not
        // pass by itself is told once more.
        if (isTold || !isFinal(error as Error)) continue;
        isTold = true;
        options.onLink?.(false, reasonOf(error as Error));
      }
    }
  }

  try {
    use(await open());
  } catch (error) {
    throw troubleOf(error as Error, url);
  }

  return {
    prompt(prompt) {
      const payload = JSON.stringify(messages.prompt.schema.parse({ ...prompt, ...term }));
      const until = Date.parse(prompt.expiresAt);
      keep({ topic: topics.prompt, payload, prompt: prompt.id, message: 'prompt', until });
    },
    promptState(state) {
      const payload = JSON.stringify(messages.promptState.schema.parse({ ...state, ...term }));
      const until = Date.parse(state.at) + statesForMs;
      keep({ topic: topics.promptState(state.id), payload, prompt: state.id, message: 'state', until });
    },
    lobby(lobby: LobbyPayload) {
      const payload = JSON.stringify(messages.lobby.schema.parse({ ...lobby, ...term }));
      newest.set('lobby', { payload, sent: false });
      sendNewest('lobby');
    },
    health(health) {
      const payload = JSON.stringify(messages.health.schema.parse({ ...health, ...decider }));
      newest.set('health', { payload, sent: false });
      sendNewest('health');
    },
    report(report) {
      newest.set('report', { payload: JSON.stringify(messages.report.schema.parse(report)), sent: false });
      sendNewest('report');
    },
    fleet(name, message) {
      const { schema, qos, retain } = fleetMessages[name];
      const payload = JSON.stringify(schema.parse(message));
      const via = client;
      if (via === undefined || !via.connected) return Promise.resolve(false);
      return new Promise((resolve) => {
        const lost = () => resolve(false);
        via.once('close', lost);
        via.publish(fleetTopic(name, branch), payload, { qos, retain }, (error) => {
          via.removeListener('close', lost);
          resolve(!error);
        });
      });
    },
    deciding(text) {
      newest.set('deciding', { payload: text, sent: false });
      sendNewest('deciding');
    },
    standing(text) {
      newest.set('standing', { payload: text, sent: false });
      sendNewest('standing');
    },
    abandon() {
      ending.abort();
      client?.end(true);
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
    get protocol() {
      return speaks;
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
