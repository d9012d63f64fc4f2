import type { MqttClient } from 'mqtt';
import { LobbyError } from '../../src/contract/errors.ts';
import { settingsTopic } from '../../src/contract/fleet-settings.ts';
import { pauseRollout } from '../../src/core/rollout/rollout.ts';
import type { Seconds } from '../../src/core/units.ts';
import type { Clock } from '../../src/ports/clock.ts';
import {
  type BrokerAddress,
  closedEarly,
  dial,
  isFinal,
  reasonOf,
  troubleOf,
  withoutLogin,
} from '../brokers/dial.ts';
import {
  changeRolloutIn,
  lookAtRollout,
  noteSaid,
  ordersToSay,
  rolloutsIn,
  type SignStep,
  type WrittenOrder,
} from './rollout-store.ts';
import type { FleetStore } from './store.ts';

export interface RunRolloutsOptions {
  /** Nodes of one cluster: when one is gone, the next is tried. */
  readonly brokers: readonly BrokerAddress[];
  readonly clientId: string;
  /** Opens a connection to the store whose form is as it should be, and says when it is lost. */
  readonly openStore: (onLost: () => void) => Promise<FleetStore>;
  /** Signs with the key of the steps. */
  readonly sign: SignStep;
  /** The public half of that key: bundles that name another are held. */
  readonly stepKey: string;
  readonly judgeEverySeconds: Seconds;
  readonly clock: Clock;
  readonly onLink: (what: 'broker' | 'store', isThere: boolean, detail: string) => void;
  /** Told of each decision and of what somebody should look at: for the log. */
  readonly onRemark: (sentence: string) => void;
}

export interface RunningRollouts {
  /** Orders that the cluster has taken, since the start. */
  readonly said: number;
  /** Looks once; it happens by itself every 15 seconds. */
  look(): Promise<void>;
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;
const keepaliveSeconds = 15;
const lookEverySeconds: Seconds = 15;
const retrySeconds: Seconds = 5;
/** What the cluster has not taken by then is said again at the next look. */
const confirmTimeoutMs = 10_000;
/** Said at once, so that a thousand branches take seconds and no flood. */
const atOnce = 32;
/** Of the advisory lock: one steps at a time. It is the session's, and goes with it. */
const lock = 7_263_002;

interface Link {
  readonly client: MqttClient;
  readonly ended: Promise<never>;
}

/**
 * Steps bundles towards their branches, until it is closed.
 *
 *     PostgreSQL ─ lock ─▶ judged ─▶ order written, n counted ─ commit ─▶ said, retained ─▶ noted
 *                                                                └── killed here: said when it is back, the same
 *
 * It knows nothing that is not in the store. Killed at any moment it goes on there: an order is written, with its
 * signature, before anybody hears it, and is said as it was written, however often. A second one waits until the first
 * one's session with the store is over.
 *
 * @throws {LobbyError} at the start alone: what `openStore` throws, `LOBBY_BROKER_*` where it will not pass
 */
export async function startRollouts(options: RunRolloutsOptions): Promise<RunningRollouts> {
  const { brokers, clock, onLink, onRemark, sign, stepKey, judgeEverySeconds } = options;
  const ending = new AbortController();
  let store: FleetStore | undefined;
  let hasLock = false;
  let link: Link | undefined;
  let next = 0;
  let said = 0;
  let looking: Promise<void> = Promise.resolve();
  const told = new Map<string, string>();
  /** The same trouble is told once, until it is another. */
  const tellOnce = (about: string, sentence: string, tell: (sentence: string) => void) => {
    if (told.get(about) === sentence) return;
    told.set(about, sentence);
    tell(sentence);
  };

  async function needStore(): Promise<FleetStore> {
    if (store !== undefined) return store;
    const opened = await options.openStore(() => {
      if (store !== opened) return;
      store = undefined;
      hasLock = false;
      if (!ending.signal.aborted) onLink('store', false, 'the store was lost; trying again');
    });
    store = opened;
    told.delete('store');
    return opened;
  }

  function connect(address: BrokerAddress): Promise<Link> {
    return new Promise((resolve, reject) => {
      const client = dial(address, {
        clientId: options.clientId,
        protocolVersion: 4,
        clean: true,
        keepalive: keepaliveSeconds,
        connectTimeout: connectTimeoutMs,
        reconnectPeriod: 0,
        queueQoSZero: false,
      });
      let lose: (error: Error) => void = () => undefined;
      const ended = new Promise<never>((_, fail) => {
        lose = fail;
      });
      ended.catch(() => undefined);
      const end = (error: Error) => {
        client.end(true);
        reject(error);
        lose(error);
        if (link?.client !== client) return;
        link = undefined;
        if (!ending.signal.aborted) onLink('broker', false, reasonOf(error));
      };
      client.on('error', end);
      client.on('close', () => end(new Error(closedEarly)));
      client.on('connect', () => resolve({ client, ended }));
    });
  }

  async function needLink(): Promise<Link> {
    if (link !== undefined) return link;
    const address = brokers[next % brokers.length]!;
    try {
      link = await connect(address);
    } catch (error) {
      next += 1;
      throw troubleOf(error as Error, withoutLogin(address.url));
    }
    told.delete('broker');
    onLink('broker', true, withoutLogin(address.url));
    return link;
  }

  /** Says what was written, and notes what the cluster has taken. */
  async function say(into: FleetStore, orders: readonly WrittenOrder[]): Promise<void> {
    for (let i = 0; i < orders.length && !ending.signal.aborted; i += atOnce) {
      const { client, ended } = await needLink();
      const some = orders.slice(i, i + atOnce);
      const timeout = AbortSignal.timeout(confirmTimeoutMs);
      const late = new Promise<never>((_, fail) => {
        timeout.addEventListener('abort', () => fail(new Error('connack timeout')), { once: true });
      });
      const saying = some.map(({ branch, order }) =>
        client.publishAsync(settingsTopic(branch), JSON.stringify(order), { qos: 1, retain: true }),
      );
      try {
        await Promise.race([Promise.all(saying), ended, late]);
      } catch (error) {
        for (const one of saying) one.catch(() => undefined);
        client.end(true);
        throw troubleOf(error as Error, withoutLogin(brokers[next % brokers.length]!.url));
      }
      said += some.length;
      await noteSaid(into, some, clock.now());
    }
  }

  async function lookOnce(): Promise<void> {
    const into = await needStore();
    if (!hasLock) {
      const { rows } = await into.ask('SELECT pg_try_advisory_lock($1)::int', [lock]);
      hasLock = rows[0]![0] === '1' && store === into;
      if (!hasLock)
        return tellOnce('lock', 'another one steps the rollouts: this one waits until it is gone', onRemark);
      told.delete('lock');
    }
    for (const { bundle, stepKey: wanted, state } of await rolloutsIn(into)) {
      if (wanted !== stepKey) {
        if (state.phase === 'rolling') await holdForKey(into, bundle);
        tellOnce(bundle, `the steps of ${bundle} are another key's to sign: it stays as it is`, onRemark);
        continue;
      }
      const { decided, wornOut } = await lookAtRollout(into, bundle, {
        now: clock.now(),
        judgeEverySeconds,
        sign,
      });
      if (decided !== undefined) onRemark(`${bundle} ${decided.what}: ${decided.why}`);
      for (const branch of wornOut)
        tellOnce(`worn ${branch}`, `${branch} has been told a million times, and is told no more`, onRemark);
    }
    await say(into, await ordersToSay(into, clock.now()));
  }

  const holdForKey = (into: FleetStore, bundle: string) =>
    changeRolloutIn(
      into,
      bundle,
      { what: 'paused', by: 'rollout run', why: 'its steps are signed by another key', change: pauseRollout },
      clock.now(),
    );

  /** One look after the other, whoever asks. */
  function look(): Promise<void> {
    const looked = looking.then(lookOnce);
    looking = looked.catch(() => undefined);
    return looked;
  }

  // What will not pass by itself is told at the start, and not tried for ever.
  try {
    await needStore();
    await needLink().catch((error: Error) => {
      if (isFinal((error.cause ?? error) as Error) || !(error instanceof LobbyError)) throw error;
      if (error.code !== 'LOBBY_BROKER_UNREACHABLE') throw error;
      onLink('broker', false, error.message);
    });
  } catch (error) {
    ending.abort();
    await (store as FleetStore | undefined)?.close();
    throw error;
  }
  const going = (async () => {
    while (!ending.signal.aborted) {
      try {
        await look();
        await clock.sleep(lookEverySeconds, ending.signal);
      } catch (error) {
        const { message } = error as Error;
        tellOnce('trouble', message, (sentence) => onLink('store', false, sentence));
        // What was begun on a connection that fails is not gone on with.
        if (store !== undefined && !(error instanceof LobbyError && error.code.startsWith('LOBBY_BROKER_'))) {
          const broken = store;
          store = undefined;
          hasLock = false;
          await broken.close();
        }
        await clock.sleep(retrySeconds, ending.signal);
      }
    }
  })();

  return {
    get said() {
      return said;
    },
    look,
    async close() {
      ending.abort();
      link?.client.end(true);
      await going;
      await looking;
      await store?.close();
    },
  };
}
