import type { FleetState } from '../../src/contract/fleet.ts';
import { fleetMessages, fleetTopic } from '../../src/contract/fleet.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { toMoment } from '../../src/service/wire.ts';
import {
  type BrokerAddress,
  closedEarly,
  dial,
  isFinal,
  reasonOf,
  troubleOf,
  withoutLogin,
} from '../brokers/dial.ts';
import { type FleetRefusal, readMessage } from './read-message.ts';
import type { FleetStore, Put } from './store.ts';
import { isOfValue, isPassing } from './store-address.ts';

export interface IngestOptions {
  /** Nodes of one cluster: when one is gone, the next is tried. */
  readonly brokers: readonly BrokerAddress[];
  /** Its session with the broker goes by it: the same each time, and no other's. */
  readonly clientId: string;
  /** Opens a connection to the store whose form is as it should be, and says when it is lost. */
  readonly openStore: (onLost: () => void) => Promise<FleetStore>;
  /** Whole months that are kept; older ones are let go of, and refused. */
  readonly keptMonths: number;
  readonly clock: Clock;
  readonly onLink: (what: 'broker' | 'store', isThere: boolean, detail: string) => void;
  readonly onRemark: (sentence: string) => void;
}

/** What has come since the start. */
export type IngestFigures = Readonly<Partial<Record<Put | FleetRefusal | 'states', number>>>;

export interface Ingest {
  readonly figures: IngestFigures;
  /** Lets go of broker and store; what was not acknowledged comes again. */
  close(): Promise<void>;
}

interface Link {
  drop(why: Error): void;
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;
const keepaliveSeconds = 15;
const firstRetrySeconds: Seconds = 1;
const lastRetrySeconds: Seconds = 10;
/** The last word of each branch is kept for so long, and written as one: ten thousand branches are one statement. */
const statesEverySeconds: Seconds = 5;
const daySeconds: Seconds = 86_400;

/**
 * Takes what branches tell into the store.
 *
 *     broker ─ QoS 1, one by one ─▶ read ─▶ commit ─▶ acknowledged
 *                                     └──▶ refused: counted, commit ─▶ acknowledged
 *
 * The broker keeps a session for it: what comes while it is away waits there, and what was not acknowledged comes
 * again. An hour or a day is put by its branch and time, so what comes twice changes nothing.
 *
 * While the store is away it holds no link to the broker, which so knows that nobody takes anything.
 *
 * @throws {LobbyError} at the start alone: what `openStore` throws, `LOBBY_BROKER_*`
 */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const { brokers, clientId, clock, onLink, onRemark } = options;
  const ending = new AbortController();
  const figures: Record<string, number> = {};
  const count = (what: string, by = 1) => {
    figures[what] = (figures[what] ?? 0) + by;
  };
  let states = new Map<string, FleetState>();
  let store: FleetStore | undefined;
  let broker: Link | undefined;
  let next = 0;
  let forgetAt = Number.NEGATIVE_INFINITY;

  const oldest = () => {
    const today = new Date(clock.now() * 1_000);
    return Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - options.keptMonths, 1) / 1_000;
  };

  async function take(into: FleetStore, packet: { topic: string; payload: Uint8Array; retain: boolean }) {
    const heard = readMessage(packet, clock.now(), oldest());
    const refuse = async (why: FleetRefusal) => {
      await into.count(why, 1);
      count(why);
    };
    /** What the database cannot take would come again for ever. */
    const put = (going: Promise<Put>) =>
      going.then(count, (error) => {
        if (!isOfValue(error)) throw error;
        return refuse('unfit');
      });
    switch (heard.kind) {
      case 'hour':
        return put(into.putHour(heard.message));
      case 'day':
        return put(into.putDay(heard.message));
      case 'settings':
        return put(into.putSettings(heard.message));
      case 'state': {
        const before = states.get(heard.message.branch);
        if (before === undefined || before.at < heard.message.at)
          states.set(heard.message.branch, heard.message);
        return count('states');
      }
      case 'refused':
        return refuse(heard.why);
    }
  }

  /** One link to a broker, for as long as broker and store are there. */
  function link(into: FleetStore, address: BrokerAddress, lost: (reason: string) => void): Promise<Link> {
    return new Promise((resolve, reject) => {
      const attempt = dial(address, {
        clientId,
        protocolVersion: 4,
        clean: false,
        keepalive: keepaliveSeconds,
        connectTimeout: connectTimeoutMs,
        reconnectPeriod: 0,
        queueQoSZero: false,
      });
      let isUp = false;
      let isOver = false;
      const end = (error: Error) => {
        if (isOver) return;
        isOver = true;
        attempt.end(true);
        if (isUp) lost(reasonOf(error));
        else reject(error);
      };
      // Called for one message at a time; the broker is told that it was taken when `done` is called, and not before.
      attempt.handleMessage = ({ topic, payload, retain }, done) => {
        const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
        take(into, { topic, payload: bytes, retain }).then(
          () => done(),
          (error: Error) => {
            if (!isPassing(error)) onRemark(`the store does not take what it should: ${error.message}`);
            end(new Error(closedEarly));
          },
        );
      };
      attempt.on('error', end);
      attempt.on('close', () => end(new Error(closedEarly)));
      attempt.on('connect', () => {
        const wanted = Object.entries(fleetMessages).map(
          ([name, { qos }]) => [fleetTopic(name as keyof typeof fleetMessages), { qos }] as const,
        );
        attempt.subscribe(Object.fromEntries(wanted), (error, granted) => {
          const refused = (granted ?? []).find(({ qos }) => qos >= 128);
          if (error || refused !== undefined)
            return end(Object.assign(new Error(`not allowed to read ${refused?.topic}`), { code: 135 }));
          isUp = true;
          resolve({ drop: end, close: () => attempt.endAsync(true) });
        });
      });
    });
  }

  async function flush(): Promise<void> {
    if (store === undefined || states.size === 0) return;
    const said = states;
    states = new Map();
    try {
      await store.putStates([...said.values()]);
    } catch (error) {
      if (isOfValue(error)) return count('unfit', said.size);
      // What has come since is newer.
      states = new Map([...said, ...states]);
    }
  }

  async function forget(from: FleetStore): Promise<void> {
    if (clock.now() - forgetAt < daySeconds) return;
    forgetAt = clock.now();
    for (const part of await from.forgetBefore(toMoment(oldest()).slice(0, 10)))
      onRemark(`${part} is older than ${options.keptMonths} months and was let go of`);
  }

  /** Opens store and broker, in this order: whoever cannot write does not listen. */
  async function open(): Promise<void> {
    let isLost = false;
    const opened = await options.openStore(() => {
      isLost = true;
      broker?.drop(new Error(closedEarly));
    });
    store = opened;
    try {
      await forget(opened);
      const address = brokers[next % brokers.length]!;
      next += 1;
      try {
        broker = await link(opened, address, (reason) => {
          broker = undefined;
          store = undefined;
          void opened.close();
          if (ending.signal.aborted) return;
          onLink(isLost ? 'store' : 'broker', false, isLost ? 'the store was lost; trying again' : reason);
          void comeBack();
        });
        if (isLost) broker.drop(new Error(closedEarly));
      } catch (error) {
        throw troubleOf(error as Error, withoutLogin(address.url));
      }
      // Another one is tried only when this one is lost.
      next -= 1;
      onLink('broker', true, withoutLogin(address.url));
    } catch (error) {
      store = undefined;
      await opened.close();
      throw error;
    }
  }

  async function comeBack(): Promise<void> {
    next += 1;
    let told = '';
    for (let seconds = firstRetrySeconds; ; seconds = Math.min(2 * seconds, lastRetrySeconds)) {
      await clock.sleep(seconds, ending.signal);
      if (ending.signal.aborted) return;
      try {
        await open();
        return;
      } catch (error) {
        const { message } = error as Error;
        if (message !== told) onLink('store', false, message);
        told = message;
      }
    }
  }

  /** At the start each node of the cluster is tried once. */
  for (let tries = 1; ; tries += 1) {
    try {
      await open();
      break;
    } catch (error) {
      if (tries >= brokers.length || isFinal(((error as Error).cause ?? error) as Error)) throw error;
    }
  }
  const flushing = (async () => {
    while (!ending.signal.aborted) {
      await clock.sleep(statesEverySeconds, ending.signal);
      await flush();
      if (store !== undefined) await forget(store).catch(() => undefined);
    }
  })();

  return {
    figures,
    async close() {
      ending.abort();
      await broker?.close();
      await flushing;
      await flush();
      await store?.close();
    },
  };
}
