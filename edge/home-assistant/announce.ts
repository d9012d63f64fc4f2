import { type BrokerAddress, dial, withoutLogin } from '../brokers/dial.ts';
import { describeDevice, discoveryTopic } from './discovery.ts';

export interface AnnouncementOptions extends BrokerAddress {
  /** 4 is MQTT 3.1.1. Default 4. */
  readonly protocol?: 4 | 5;
  readonly branch: string;
  readonly version: string;
  /** Whether the device is to be there; if not, what an earlier run has left with the broker is taken away. */
  readonly isOn: boolean;
  /** Between attempts to reach the broker. Default 10. */
  readonly retrySeconds?: number;
  readonly onRemark?: (remark: string) => void;
}

export interface Announcement {
  /** Resolves when the broker has confirmed it for the first time, or cannot be had. */
  readonly done: Promise<void>;
  /** The device stays: Home Assistant shows it as unavailable by the box's last will. */
  close(): Promise<void>;
}

/**
 * Tells Home Assistant of the branch's device, and tells it anew whenever the broker has been away: it may have
 * forgotten.
 *
 * By a connection of its own: a broker that forbids this topic may cut off whoever writes to it, and prompts must
 * not suffer for it.
 */
export function announceToHomeAssistant(options: AnnouncementOptions): Announcement {
  const { url, protocol = 4, branch, version, isOn, retrySeconds = 10 } = options;
  const payload = isOn ? JSON.stringify(describeDevice(branch, version)) : '';
  const client = dial(options, {
    protocolVersion: protocol,
    clean: true,
    // To take it away is tried once; the next start tries again.
    reconnectPeriod: isOn ? retrySeconds * 1000 : 0,
    connectTimeout: 5_000,
  });
  let told = false;
  const done = new Promise<void>((resolve) => {
    const end = () => {
      if (!isOn) client.end(true);
      resolve();
    };
    const fail = (why: string) => {
      if (isOn && !told) {
        options.onRemark?.(`Home Assistant is not told of the branch through ${withoutLogin(url)}: ${why}`);
      }
      told = true;
      end();
    };
    client.on('connect', () => {
      client.publish(discoveryTopic(branch), payload, { qos: 1, retain: true }, (error) => {
        if (error) fail('the broker did not take it');
        else end();
      });
    });
    client.on('error', () => fail('the broker refuses or cannot be reached'));
    client.on('close', end);
  });
  return {
    done,
    async close() {
      await client.endAsync(true).catch(() => undefined);
    },
  };
}
