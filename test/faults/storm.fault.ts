import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import mqtt from 'mqtt';
import mqttPacket from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';
import { type Box, endBoxes, startBox } from './box.ts';

afterEach(endBoxes);

/** How a watch comes: by MQTT, or as the watch page does. */
const ways: Readonly<Record<string, { address(box: Box): string; open(address: string): Duplex }>> = {
  mqtt: {
    address: ({ service }) => /mqtt:\/\/[\w.]+:\d+/.exec(service.printed)![0],
    open: (address) => connect(Number(new URL(address).port), '127.0.0.1'),
  },
  'watch pages': {
    address: ({ url }) => `${url.replace('http', 'ws')}/mqtt`,
    open(address) {
      const page = new WebSocket(address, 'mqtt', {
        origin: address.replace('ws', 'http').replace('/mqtt', ''),
      });
      return createWebSocketStream(page);
    },
  },
};

describe('A thousand watches', () => {
  test.each([
    ['by MQTT', 'mqtt', 'watches'],
    ['as watch pages', 'watch pages', 'watch pages'],
  ])(
    'that come back at once %s, over and over, take no prompt from a wrist that is there, nor the box',
    async (_, way, called) => {
      const { address, open } = ways[way]!;
      const box = await startBox();
      await box.wrist.hears('prompt', () => true, { withinSeconds: 90 });
      const there = address(box);
      const watches = 1_000;
      const until = performance.now() + 40_000;
      let tries = 0;
      let greeted = 0;
      let turnedAway = 0;
      const sockets = new Set<Duplex>();
      const come = async (name: string) => {
        while (performance.now() < until) {
          tries += 1;
          await new Promise<void>((resolve) => {
            const socket = open(there);
            sockets.add(socket);
            const leave = () => void socket.destroy();
            const late = setTimeout(leave, 3_000);
            socket.on('error', () => undefined);
            let answer = Buffer.alloc(0);
            socket.on('data', (bytes: Buffer) => {
              if (answer.length >= 4) return;
              // To a page the four bytes of an answer come one by one.
              answer = Buffer.concat([answer, bytes]);
              if (answer.length < 4) return;
              if (answer[0] !== 0x20 || answer[3] !== 0) turnedAway += 1;
              else greeted += 1;
              setTimeout(leave, 200);
            });
            socket.on('close', () => {
              clearTimeout(late);
              sockets.delete(socket);
              resolve();
            });
            socket.write(
              mqttPacket.generate({
                cmd: 'connect',
                protocolId: 'MQTT',
                protocolVersion: 4,
                clean: true,
                clientId: name,
                keepalive: 10,
              }),
            );
          });
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      };
      const from = box.wrist.heard.length;
      const storm = Promise.all(Array.from({ length: watches }, (_, index) => come(`w-${index}`)));
      await box.wrist.hears('prompt', () => true, { from, withinSeconds: 100 });
      expect((await box.health()).state).toBe('ok');
      await storm;
      for (const one of sockets) one.destroy();
      expect(tries).toBeGreaterThan(watches);
      expect(greeted).toBeGreaterThan(0);
      expect(greeted + turnedAway).toBeLessThanOrEqual(tries);

      // Whoever comes now is let in, and hears the next prompt.
      const at = performance.now();
      const late = await mqtt.connectAsync(there, { connectTimeout: 10_000 });
      const seconds = (performance.now() - at) / 1000;
      await late.endAsync();
      await box.rightAgain();
      const cost = await box.account(`${watches} ${called} reconnecting for 40 s`, seconds);
      expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
    },
  );
});
