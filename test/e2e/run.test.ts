import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listen as listenOn } from '../../edge/http/listen.ts';
import { packageRoot } from '../../edge/package-root.ts';
import { healthSchema } from '../../src/contract/topics.ts';
import { freePort } from '../conformance/loopback.ts';
import { Clips } from '../peers/clips.ts';
import { type RtspServer, startRtspServer } from '../peers/rtsp-server.ts';
import { absent, ffmpeg, gstreamer, titled } from '../peers/tools.ts';
import { mosquitto, type OwnBroker, ownBroker } from './mosquitto.ts';
import { busy, demo, endAll, type Listener, listen, startService } from './service.ts';

let folder: string;
const listeners: Listener[] = [];

/** Somebody who listens until the end of the test. */
async function wear(...broker: Parameters<typeof listen>): Promise<Listener> {
  const one = await listen(...broker);
  listeners.push(one);
  return one;
}

/** The demo's branch with another camera. */
function branchWith(source: string): string {
  const file = join(folder, 'branch.yaml');
  const text = readFileSync(demo.branchFile, 'utf8');
  expect(text).toContain('source: clip.mp4');
  writeFileSync(file, text.replace('source: clip.mp4', `source: ${JSON.stringify(source)}`));
  return file;
}

const run = (branch: string, ...options: readonly string[]) =>
  startService('run', '--branch', branch, '--threads', '1', ...options);
const anyPorts = ['--port', '0', '--mqtt-port', '0'] as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lobby-run-'));
});
afterEach(async () => {
  await endAll();
  for (const one of listeners.splice(0)) await one.close();
});
afterAll(() => rm(folder, { recursive: true }));

describe('Ports', () => {
  test('two started at once both run: whoever finds a usual port taken says so, and takes another', async () => {
    const both = [startService('demo', '--threads', '1'), startService('demo', '--threads', '1')];
    const addresses = await Promise.all(both.map((one) => one.addresses()));
    const ports = addresses.flatMap(({ url, mqttUrl }) => [new URL(url).port, new URL(mqttUrl).port]);
    expect(new Set(ports).size).toBe(4);
    const printed = both.map((one) => one.printed).join('');
    for (const [usual, taken] of [
      ['8080', /port 8080 is taken by another program: using \d+/],
      ['1883', /port 1883 is taken by another program: using \d+/],
    ] as const) {
      expect(printed).toMatch(taken);
      // Whoever said nothing has the usual one.
      const other = both.filter((one) => !taken.test(one.printed));
      for (const one of other) expect(JSON.stringify(await one.addresses())).toContain(`:${usual}"`);
    }
    await Promise.all(
      addresses.map(async ({ mqttUrl }) => {
        const watch = await wear(mqttUrl);
        await watch.hears('health', ({ state }) => state === 'ok');
      }),
    );
  });

  test('after a kill the service starts at once on the same ports', async () => {
    const first = startService('demo', '--threads', '1', ...anyPorts);
    const before = await first.addresses();
    // A watch is linked when it happens, so that the system has something to clear away.
    const watch = await wear(before.mqttUrl);
    await watch.hears('health', () => true);
    expect((await first.end('SIGKILL')).by).toBe('SIGKILL');
    const { port } = new URL(before.url);
    const { port: mqttPort } = new URL(before.mqttUrl);
    const again = startService('demo', '--threads', '1', '--port', port, '--mqtt-port', mqttPort);
    expect(await again.addresses()).toEqual(before);
    await watch.hears('health', ({ state }) => state === 'ok', { from: watch.heard.length });
  });
});

describe('What cannot be is said in a sentence, with its remedy, and ends with 1', () => {
  let taken: Server;
  let takenPort: number;
  beforeAll(async () => {
    taken = createServer();
    takenPort = await listenOn(taken, { host: '127.0.0.1', port: 0, option: 'port' });
  });
  afterAll(() => void taken.close());

  const refused = async (code: string, sentence: RegExp, options: readonly string[], file?: string) => {
    const service = run(file ?? demo.branchFile, ...options);
    const { by } = await service.ended;
    expect(service.printed).toMatch(sentence);
    expect(service.printed).toContain(`(${code})`);
    expect(service.printed).not.toMatch(/^\s+at /m);
    expect(by).toBe(1);
    return service.printed;
  };

  test('a port that was asked for and is taken', async () => {
    await refused(
      'LOBBY_PORT_IN_USE',
      /^Cannot listen on port \d+: another program already does\.\n.*--port \(0 takes any free one\)\.$/m,
      ['--port', String(takenPort), '--mqtt-port', '0'],
    );
  });

  test('a broker port that was asked for and is taken', async () => {
    await refused('LOBBY_PORT_IN_USE', /--mqtt-port \(0 takes any free one\)/, [
      ...['--port', '0', '--mqtt-port', String(takenPort)],
    ]);
  });

  test('a clip that is not there', async () => {
    await refused(
      'LOBBY_CAMERA_MISSING',
      /^Cannot open camera hall: there is no file .*nowhere\.mp4\.$/m,
      anyPorts,
      branchWith('nowhere.mp4'),
    );
  });

  test('a model that is not the one its manifest means', async () => {
    const model = join(folder, 'person-nanodet-640x384.onnx');
    copyFileSync(join(packageRoot, 'models', 'manifest.json'), join(folder, 'manifest.json'));
    const bytes = readFileSync(join(packageRoot, 'models', 'person-nanodet-640x384.onnx'));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(model, bytes);
    await refused(
      'LOBBY_MODEL_CHANGED',
      /^Cannot load the model person-nanodet-640x384: its sha256 must be/m,
      [...anyPorts, '--model', model],
    );
  });

  test('a broker that is not there', async () => {
    const url = `mqtt://box:secret@127.0.0.1:${await freePort()}`;
    const said = await refused(
      'LOBBY_BROKER_UNREACHABLE',
      /^The broker at mqtt:\/\/127\.0\.0\.1:\d+ cannot/m,
      [...['--port', '0', '--broker', url]],
    );
    expect(said).not.toContain('secret');
  });

  test.skipIf(mosquitto.absent)(titled('a broker that says no', mosquitto.absent), async () => {
    const broker = await ownBroker();
    try {
      await broker.start();
      const said = await refused('LOBBY_BROKER_REFUSED', /refused the connection: .*\.$/m, [
        ...['--port', '0', '--broker', broker.address('wrong secret')],
      ]);
      expect(said).not.toContain('secret');
    } finally {
      await broker.close();
    }
  });
});

const noClips = absent(ffmpeg);

test.skipIf(noClips)(
  titled('a clip that has ended leaves the box blind, and it says what to do about it', noClips),
  async () => {
    const clips = new Clips();
    try {
      const service = run(branchWith(clips.make('short.mp4', [], 1)), ...anyPorts);
      const watch = await wear((await service.addresses()).mqttUrl);
      const { payload } = await watch.hears('health', ({ state }) => state === 'blind');
      expect(payload.cameras[0]).toMatchObject({ state: 'lost', trouble: { code: 'LOBBY_CAMERA_ENDED' } });
      expect((await service.end('SIGTERM')).by).toBe(0);
    } finally {
      clips.remove();
    }
  },
);

const noBroker = absent(mosquitto);

describe.skipIf(noBroker)(titled("With the bank's own broker", noBroker), () => {
  let broker: OwnBroker;
  beforeAll(async () => {
    broker = await ownBroker();
    await broker.start();
  });
  afterAll(() => broker?.close());

  test('prompts arrive there; when it is gone and back, so are health and lobby; when the box dies, it says so', async () => {
    const watch = await wear(broker.url, broker.login);
    const service = run(demo.branchFile, '--port', '0', '--broker', broker.address());
    const { url } = await service.addresses();
    await service.says(/pages cannot reach the broker/);
    const { payload } = await watch.hears('prompt', () => true);
    expect(payload.kind).toBe('greet');

    await broker.kill();
    await service.says(/broker lost: [^"]+/);
    expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
    const before = watch.heard.length;
    await broker.start();
    await service.says(/broker reached/);
    await watch.hears('health', ({ state }) => state === 'ok', { from: before });
    await watch.hears('lobby', ({ zones }) => zones.length > 0, { from: before });
    const late = await wear(broker.url, broker.login);
    await late.hears('lobby', (_, { retained }) => retained);

    const alive = watch.heard.length;
    await service.end('SIGKILL');
    await watch.hears('health', ({ state }) => state === 'gone', { from: alive });
    const later = await wear(broker.url, broker.login);
    await later.hears('health', ({ state }, { retained }) => state === 'gone' && retained);
    expect(later.heard.filter(({ kind }) => kind === 'health')).toHaveLength(1);
  });

  const noCamera = absent(gstreamer);

  test.skipIf(noCamera)(
    titled(
      'an RTSP camera is live; unplugged, the box is blind and says why; plugged in, it sees again by itself; asked to end, it says goodbye',
      noCamera,
    ),
    async () => {
      let camera: RtspServer = await startRtspServer(demo.clip);
      const { port } = camera;
      try {
        const watch = await wear(broker.url, broker.login);
        const service = run(branchWith(camera.url), '--port', '0', '--broker', broker.address());
        const { url } = await service.addresses();
        const live = await watch.hears('health', ({ state }, { retained }) => state === 'ok' && !retained);
        expect(live.payload.cameras[0]).toMatchObject({ id: 'hall', state: 'live' });

        await camera.kill();
        const blind = await watch.hears(
          'health',
          ({ state, cameras }) => state === 'blind' && cameras[0]?.state === 'lost',
        );
        expect(blind.payload.cameras[0]).toMatchObject({
          trouble: { code: expect.stringMatching(/^LOBBY_CAMERA_(LOST|SILENT)$/) },
          places: ['main-door', 'cash', 'self-service', 'staff-door'],
        });
        const asked = await fetch(`${url}/api/v1/health`);
        expect(asked.status).toBe(503);
        expect(healthSchema.parse(await asked.json()).state).toBe('blind');

        const before = watch.heard.length;
        camera = await startRtspServer(demo.clip, { port });
        await watch.hears('health', ({ state }) => state === 'ok', { from: before, withinSeconds: 40 });
        expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);

        const { by, seconds } = await service.end('SIGTERM');
        expect(by).toBe(0);
        expect(seconds).toBeLessThan(3 * busy());
        const late = await wear(broker.url, broker.login);
        await late.hears('health', ({ state }, { retained }) => state === 'gone' && retained);
      } finally {
        await camera.kill();
      }
    },
    60_000,
  );
});
