import { settingsTopic } from '../../src/contract/fleet-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createBucket } from '../../src/service/bucket.ts';
import { type BrokerAddress, dial, reasonOf, withoutLogin } from '../brokers/dial.ts';

export interface OrderHearingOptions extends BrokerAddress {
  readonly branch: string;
  /** Of this box alone, and the same after a restart: the broker keeps for it what comes while it is away. */
  readonly session: string;
  /** 4 is MQTT 3.1.1. */
  readonly protocol: 4 | 5;
  readonly clock: Clock;
  /** Told of what came on the topic of orders, whatever it is, and whether the broker had kept it from before. */
  readonly onOrder: (payload: Buffer, isKept: boolean) => void;
  readonly onRemark: (remark: string) => void;
}

const retryMs = 5_000;
const connectTimeoutMs = 5_000;
/** As long as a box may be away without being forgotten by an MQTT 5 broker. */
const sessionSeconds = 30 * 86_400;
/** Two signatures are looked at for each: a step comes once in hours, and all of it again at each return. */
const rate = { burst: 20, perSecond: 1 };

/**
 * Hears what the bank orders, also what was ordered while the box was away: by a session that the broker keeps, since a
 * bridge passes on as retained only what it finds as such when it comes back to the bank.
 *
 * By a connection of its own: a broker that forbids this topic may cut off whoever asks for it, and prompts must not
 * suffer for it. What comes faster than it can be of use is passed over for what comes after it: of orders, as of all
 * that is retained, the newest counts.
 */
export function hearOrders(options: OrderHearingOptions): { close(): Promise<void> } {
  const { branch, clock, onOrder, onRemark } = options;
  const topic = settingsTopic(branch);
  const where = withoutLogin(options.url);
  const ending = new AbortController();
  const mayRead = createBucket(rate);
  let newest: { readonly payload: Buffer; readonly isKept: boolean } | undefined;
  let isTold = false;
  const remarkOnce = (sentence: string) => {
    if (!isTold) onRemark(sentence);
    isTold = true;
  };

  const client = dial(options, {
    clientId: `lobby-${branch}-settings-${options.session}`,
    protocolVersion: options.protocol,
    clean: false,
    ...(options.protocol === 5 ? { properties: { sessionExpiryInterval: sessionSeconds } } : {}),
    reconnectPeriod: retryMs,
    connectTimeout: connectTimeoutMs,
  });
  client.on('connect', () => {
    client.subscribe(topic, { qos: 1 }, (error, granted) => {
      const isRefused = error !== null || (granted ?? []).some(({ qos }) => qos >= 128);
      if (isRefused && client.connected)
        remarkOnce(`settings of the bank are not heard: ${where} does not let it read ${topic}`);
      else isTold = false;
    });
  });
  client.on('error', (error) => remarkOnce(`settings of the bank are not heard: ${reasonOf(error)}`));
  client.on('message', (_, payload, { retain }) => {
    const isWaiting = newest !== undefined;
    newest = { payload, isKept: retain };
    if (isWaiting) return;
    if (mayRead(performance.now() / 1000)) takeNewest();
    else void clock.sleep(1, ending.signal).then(takeNewest);
  });

  function takeNewest(): void {
    const order = newest;
    newest = undefined;
    // An empty one takes away what a broker has kept, and orders nothing.
    if (order === undefined || order.payload.length === 0 || ending.signal.aborted) return;
    onOrder(order.payload, order.isKept);
  }

  return {
    async close() {
      ending.abort();
      await client.endAsync(true).catch(() => undefined);
    },
  };
}
