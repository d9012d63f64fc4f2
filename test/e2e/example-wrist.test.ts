import { spawn } from 'node:child_process';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEmbeddedBroker } from '../../edge/brokers/embedded.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { type PromptPayload, topicsOf } from '../../src/contract/topics.ts';
import { momentAt } from '../conformance/publisher.ts';
import { absent, titled } from '../peers/tools.ts';
import { type FilmedLobby, openFilmedLobby } from './filmed.ts';
import { mosquitto, ownBroker } from './mosquitto.ts';

interface Wrist {
  readonly watch: string;
  answer(id: string, answer: string): void;
  quiet(seconds: number): void;
  goOffDuty(): Promise<void>;
}
interface WristOptions {
  readonly url: string;
  readonly branch: string;
  readonly role: string;
  readonly username?: string;
  readonly password?: string;
  readonly clock?: () => number;
  show(prompt: PromptPayload, isOurs: boolean): void;
  clear(id: string, why: string): void;
  buzz(haptic: string): void;
  link?(state: string): void;
}
const file = join(packageRoot, 'docs', 'examples', 'wrist.mjs');
const { wearWatch } = (await import(/* @vite-ignore */ file)) as {
  wearWatch(options: WristOptions): Wrist;
};

interface Broker {
  readonly url: string;
  readonly login: { readonly username: string; readonly password: string };
  readonly watchLogin: { readonly username?: string; readonly password?: string };
  close(): Promise<void>;
}

async function embedded(): Promise<Broker> {
  const broker = await startEmbeddedBroker({ branch: 'harbour', mqttPort: 0 });
  return {
    url: broker.url,
    login: broker.login,
    watchLogin: {},
    close: () => broker.close(),
  };
}

async function real(): Promise<Broker> {
  const broker = await ownBroker();
  await broker.start();
  return { url: broker.url, login: broker.login, watchLogin: broker.login, close: () => broker.close() };
}

const topics = topicsOf('harbour');

describe.each([
  { name: 'the embedded broker', start: embedded, reason: undefined },
  { name: 'Mosquitto', start: real, reason: absent(mosquitto) },
])('The example of a wrist', ({ name, start, reason }) => {
  describe.skipIf(reason !== undefined)(titled(`through ${name}`, reason), () => {
    let broker: Broker;
    let scene: FilmedLobby;
    let worn: Wrist[];

    beforeAll(async () => {
      broker = await start();
    });
    beforeEach(async () => {
      worn = [];
      scene = await openFilmedLobby(broker);
    });
    afterEach(async () => {
      for (const wrist of worn) await wrist.goOffDuty();
      await scene.close();
      const clean = await mqtt.connectAsync(broker.url, { ...broker.login });
      for (const topic of [topics.lobby, topics.health])
        await clean.publishAsync(topic, '', { retain: true, qos: 1 });
      await clean.endAsync();
    });
    afterAll(async () => {
      await broker?.close();
    });

    /** Wears one, and waits until the box knows of it. */
    async function wear(role: string, clock = () => scene.clock.now() * 1000) {
      const noted: string[] = [];
      const wrist = wearWatch({
        url: broker.url,
        branch: 'harbour',
        role,
        ...broker.watchLogin,
        clock,
        show: ({ kind, place }, isOurs) => {
          const line = `${isOurs ? 'mine' : 'shown'} ${kind} ${place}`;
          if (noted.findLast((one) => /^(mine|shown)/.test(one)) !== line || noted.at(-1) === 'left')
            noted.push(line);
        },
        clear: (_id, why) => noted.push(`gone ${why}`),
        buzz: (haptic) => noted.push(`buzz ${haptic}`),
      });
      worn.push(wrist);
      const before = scene.lobby.lobby().onDuty ?? 0;
      await vi.waitFor(() => expect(scene.lobby.lobby().onDuty).toBe(before + 1), 5_000);
      return { wrist, noted };
    }
    const open = () => scene.lobby.lobby().open;
    const notes = (noted: readonly string[], expected: readonly string[]) =>
      vi.waitFor(() => expect(noted).toEqual(expected), 5_000);

    test('a prompt comes to its wrist, is passed on when nobody takes it, and leaves both when the customer does', async () => {
      const manager = await wear('manager');
      const deputy = await wear('deputy');
      await scene.comeIn();
      await notes(manager.noted, ['shown greet main-door', 'buzz arrival']);
      expect(deputy.noted).toEqual([]);
      await vi.waitFor(() => expect(open()).toMatchObject([{ phase: 'delivered' }]), 5_000);
      manager.wrist.answer(open()[0]!.prompt.id, 'seen');
      await vi.waitFor(() => expect(open()).toMatchObject([{ phase: 'seen' }]), 5_000);

      await scene.stay(21);
      await notes(deputy.noted, ['shown greet main-door', 'buzz call']);
      await scene.leave();
      await notes(deputy.noted, ['shown greet main-door', 'buzz call', 'gone withdrawn']);
      await notes(manager.noted, ['shown greet main-door', 'buzz arrival', 'gone withdrawn']);
    });

    test('who taps first takes it, and it leaves the other wrist; undone, it is back without a buzz', async () => {
      const manager = await wear('manager');
      const deputy = await wear('deputy');
      await scene.comeIn();
      await scene.stay(21);
      await notes(deputy.noted, ['shown greet main-door', 'buzz call']);
      const { id } = open()[0]!.prompt;
      deputy.wrist.answer(id, 'accepted');
      await notes(deputy.noted, ['shown greet main-door', 'buzz call', 'mine greet main-door']);
      await notes(manager.noted, ['shown greet main-door', 'buzz arrival', 'gone taken']);
      deputy.wrist.answer(id, 'undo');
      await vi.waitFor(() => expect(deputy.noted.at(-1)).toBe('shown greet main-door'), 5_000);
      expect(deputy.noted.filter((one) => one.startsWith('buzz'))).toHaveLength(1);
      expect(manager.noted.filter((one) => one.startsWith('buzz'))).toHaveLength(1);
      manager.wrist.answer(id, 'met');
      await vi.waitFor(() => expect(deputy.noted.at(-1)).toBe('gone met'), 5_000);
    });

    test('a wrist that dies is off duty by its last will, one that says goodbye at once', async () => {
      const { wrist } = await wear('deputy');
      const { username, password } = broker.watchLogin;
      const address = new URL(broker.url);
      if (username !== undefined) address.username = username;
      if (password !== undefined) address.password = encodeURIComponent(password);
      const child = spawn(process.execPath, [file, address.href, 'harbour', 'manager'], { stdio: 'ignore' });
      await vi.waitFor(() => expect(scene.lobby.lobby().onDuty).toBe(2), 10_000);
      child.kill('SIGKILL');
      await vi.waitFor(() => expect(scene.lobby.lobby().onDuty).toBe(1), 5_000);
      await wrist.goOffDuty();
      worn = [];
      await vi.waitFor(() => expect(scene.lobby.lobby().onDuty).toBe(0), 5_000);
    });

    test('a prompt that came too late by the clock of the box neither shows nor buzzes, however wrong its own', async () => {
      const slow = await wear('manager', () => scene.clock.now() * 1000 - 3_600_000);
      // The lobby, which tells the time, has come.
      await scene.film(1);
      const late = (number: number, expiresAt: number): PromptPayload => ({
        v: 1,
        id: String(number).padStart(26, '0'),
        kind: 'greet',
        place: number === 1 ? 'main-door' : 'hall',
        placeName: { zh: '门口', en: 'Door' },
        people: 1,
        urgency: 'now',
        say: { zh: '门口', en: 'Door' },
        words: { zh: '您好', en: 'Hello' },
        waitedSeconds: 0,
        raisedAt: momentAt(expiresAt - 60),
        expiresAt: momentAt(expiresAt),
        haptic: 'arrival',
      });
      const sender = await mqtt.connectAsync(broker.url, { ...broker.login });
      const now = scene.clock.now();
      await sender.publishAsync(topics.prompt, JSON.stringify(late(1, now - 5)), { qos: 1 });
      await sender.publishAsync(topics.prompt, JSON.stringify(late(2, now + 45)), { qos: 1 });
      await notes(slow.noted, ['shown greet hall', 'buzz arrival']);
      await sender.publishAsync(topics.prompt, JSON.stringify(late(2, now + 45)), { qos: 1 });
      await sender.endAsync();
      await scene.film(46);
      await vi.waitFor(() => expect(slow.noted.at(-1)).toMatch(/^gone/), 5_000);
      expect(slow.noted.filter((one) => one.startsWith('buzz'))).toHaveLength(1);
    });
  });
});
