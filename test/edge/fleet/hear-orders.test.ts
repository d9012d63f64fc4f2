import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../../edge/brokers/embedded.ts';
import { hearOrders } from '../../../edge/fleet/hear-orders.ts';
import { settingsTopic } from '../../../src/contract/fleet-settings.ts';
import { ManualClock } from '../../manual-clock.ts';

let broker: EmbeddedBroker;
let bank: MqttClient;
let hearing: { close(): Promise<void> };
let clock: ManualClock;
let heard: string[];
let remarks: string[];

beforeEach(async () => {
  broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0 });
  bank = await mqtt.connectAsync(broker.url, broker.login);
  clock = new ManualClock(0);
  heard = [];
  remarks = [];
});
afterEach(async () => {
  await hearing.close();
  await bank.endAsync(true);
  await broker.close();
});

const hear = (branch = 'harbour') => {
  hearing = hearOrders({
    url: broker.url,
    ...broker.login,
    branch,
    session: '0a1b2c3d',
    protocol: 4,
    clock,
    onOrder: (payload, isKept) => heard.push(`${payload}${isKept ? ', kept' : ''}`),
    onRemark: (remark) => remarks.push(remark),
  });
};
const send = (what: string, retain = false) =>
  bank.publishAsync(settingsTopic('harbour'), what, { qos: 1, retain });

describe('Orders of the bank', () => {
  it('are heard from the broker, also what it had kept from before; that something is taken away is no order', async () => {
    await send('first', true);
    hear();
    await vi.waitFor(() => expect(heard).toEqual(['first, kept']));
    await send('', true);
    await send('second');
    await vi.waitFor(() => expect(heard).toEqual(['first, kept', 'second']));
    expect(remarks).toEqual([]);
  });

  it('that come faster than they can be of use give way to the newest', async () => {
    await send('0', true);
    hear();
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    for (let n = 1; n <= 200; n += 1) await send(String(n));
    await clock.advance(1);
    await vi.waitFor(() => expect(heard.at(-1)).toBe('200'));
    expect(heard.length).toBeLessThan(40);
    expect(heard.slice(0, 5)).toEqual(['0, kept', '1', '2', '3', '4']);
  });

  it('that the broker lets nobody read are missed once in the log', async () => {
    hear('other');
    await vi.waitFor(() =>
      expect(remarks).toEqual([
        `settings of the bank are not heard: ${broker.url} does not let it read lobby/v1/other/settings/order`,
      ]),
    );
  });
});
