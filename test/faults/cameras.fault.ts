import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { listen as listenOn } from '../../edge/http/listen.ts';
import { type RtspServer, startRtspServer } from '../peers/rtsp-server.ts';
import { absent, ffmpeg, gstreamer, titled } from '../peers/tools.ts';
import { type BadWire, layBadWire, type WireState } from './bad-wire.ts';
import { type Box, blindFor, endBoxes, startBox } from './box.ts';
import { longClip } from './long-clip.ts';

const reason = absent(gstreamer, ffmpeg);
const servers: RtspServer[] = [];
const wires: BadWire[] = [];

afterEach(async () => {
  await endBoxes();
  for (const one of wires.splice(0)) await one.close();
  for (const one of servers.splice(0)) await one.kill();
});

async function serve(clip: string = longClip(), port = 0): Promise<RtspServer> {
  const server = await startRtspServer(clip, { port });
  servers.push(server);
  return server;
}

/** A box with the camera that fails, which sees everything, and one that is well, of which no place is. */
async function twoCameras(source: string): Promise<Box> {
  const well = await serve();
  const box = await startBox({
    branch: (text) =>
      text
        .replace(/source: .*/, `source: ${source}`)
        .replace(/^zones:/m, `  - { id: other, source: "${well.url}" }\nzones:`),
  });
  await box.wrist.hears('health', ({ state }) => state === 'ok', { withinSeconds: 60 });
  return box;
}

/** While one fails the other is live, and looks on. */
async function otherLooksOn(box: Box): Promise<void> {
  const other = (await box.health()).cameras.find(({ id }) => id === 'other')!;
  expect(other.state).toBe('live');
  expect(other.framesPerSecond).toBeGreaterThan(0);
}

const notLive = ({ cameras }: { cameras: readonly { id: string; state: string }[] }) =>
  cameras.find(({ id }) => id === 'hall')!.state !== 'live';

describe.skipIf(reason)(titled('A camera', reason), () => {
  const judge = async (box: Box, fault: string, seconds: number) => {
    const blind = blindFor(await box.journal(), 'hall');
    expect(blind).toBeGreaterThan(0);
    const cost = await box.account(fault, seconds, blind);
    expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
  };

  test('that is unplugged, and plugged in with another resolution, costs its own time and nobody else\u2019s', async () => {
    const server = await serve();
    const box = await twoCameras(server.url);
    const from = box.wrist.heard.length;
    await server.kill();
    const { payload } = await box.wrist.hears('health', notLive, { from, withinSeconds: 30 });
    expect(payload.state).toBe('partly-blind');
    await otherLooksOn(box);
    await serve(longClip(['-vf', 'scale=640:360', '-preset', 'ultrafast', '-bf', '0'], 3), server.port);
    await judge(box, 'camera unplugged, back with another resolution', await box.rightAgain());
  });

  test('that hangs with its connection standing is let go of, and taken up again by itself', async () => {
    const server = await serve();
    const box = await twoCameras(server.url);
    const from = box.wrist.heard.length;
    server.freeze();
    await box.wrist.hears('health', notLive, { from, withinSeconds: 30 });
    await otherLooksOn(box);
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    await otherLooksOn(box);
    server.thaw();
    await judge(box, 'camera hung for 20 s (SIGSTOP)', await box.rightAgain());
  });

  test.each<[WireState, string]>([
    ['stalled', 'network to a camera dead for 15 s'],
    ['slow', 'network to a camera at 2 KB a second for 15 s'],
    ['noise', 'camera sends noise for 15 s'],
  ])('whose wire is %s is blind, and sees again once it is well', async (state, fault) => {
    const server = await serve();
    const wire = await layBadWire(server.port);
    wires.push(wire);
    const box = await twoCameras(`rtsp://127.0.0.1:${wire.port}/lobby`);
    const from = box.wrist.heard.length;
    wire.be(state);
    await box.wrist.hears('health', notLive, { from, withinSeconds: 30 });
    await otherLooksOn(box);
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    await otherLooksOn(box);
    wire.be('well');
    await judge(box, fault, await box.rightAgain());
  });

  test('of which one byte in a hundred is another one neither ends the service nor the other camera', async () => {
    const server = await serve();
    const wire = await layBadWire(server.port);
    wires.push(wire);
    const box = await twoCameras(`rtsp://127.0.0.1:${wire.port}/lobby`);
    wire.be('garbled');
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    await otherLooksOn(box);
    wire.be('well');
    const seconds = await box.rightAgain();
    const cost = await box.account(
      'one byte in a hundred of a camera garbled for 15 s',
      seconds,
      blindFor(await box.journal(), 'hall'),
    );
    expect(cost).toMatchObject({ journalLinesLost: 0, promptsLost: 0 });
  });

  test('in whose place something answers that is no camera is told as lost, and the box lives', async () => {
    const server = await serve();
    const box = await twoCameras(server.url);
    const from = box.wrist.heard.length;
    await server.kill();
    const impostor = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7919) & 255)));
    });
    await listenOn(impostor, { host: '127.0.0.1', port: server.port, option: 'port' });
    await box.wrist.hears('health', notLive, { from, withinSeconds: 30 });
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    await otherLooksOn(box);
    await new Promise<void>((resolve) => {
      impostor.close(() => resolve());
      impostor.getConnections(() => undefined);
      setTimeout(resolve, 3_000);
    });
    await serve(longClip(), server.port);
    await judge(box, 'something else at the address of a camera', await box.rightAgain(90));
  });
});
