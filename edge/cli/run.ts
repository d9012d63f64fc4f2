import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Branch } from '../../src/contract/branch.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { CoreOutput } from '../../src/core/step.ts';
import type { Detector } from '../../src/ports/detector.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import { alsoTell } from '../../src/service/also-tell.ts';
import { keepCamera } from '../../src/service/keep-camera.ts';
import { createLobby, type Lobby } from '../../src/service/lobby.ts';
import type { CameraOutput } from '../../src/service/run-camera.ts';
import { toMoment } from '../../src/service/wire.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../brokers/embedded.ts';
import { connectPublisher } from '../brokers/mqtt-publisher.ts';
import { createCamera } from '../cameras/open-camera.ts';
import { type Data, defaultDataFolder, openData } from '../data/open-data.ts';
import { openDetector } from '../detectors/open-detector.ts';
import { type Announcement, announceToHomeAssistant } from '../home-assistant/announce.ts';
import { buildMetrics } from '../http/metrics.ts';
import { startServer, type WebServer } from '../http/server.ts';
import { packageRoot } from '../package-root.ts';
import { systemClock } from '../system-clock.ts';
import { addWebhookMetrics } from '../webhooks/metrics.ts';
import { openWebhooks } from '../webhooks/open-webhooks.ts';
import { createWebhooks, type Webhooks } from '../webhooks/webhooks.ts';
import { readBranch, sourceOf } from './files.ts';
import { openHeads } from './open-heads.ts';

export interface RunOptions {
  readonly branch: string;
  readonly host?: string;
  /** Absent: the usual port, or any free one if it is taken. */
  readonly port?: number;
  readonly mqttPort?: number;
  /** Address of a broker to use instead of the embedded one. */
  readonly broker?: string;
  /** Where pages reach that broker by WebSocket. */
  readonly pagesBroker?: string;
  /** Tells Home Assistant of the branch, whatever the branch file says. */
  readonly homeAssistant?: boolean;
  readonly model?: string;
  readonly runtime?: 'auto' | 'onnxruntime' | 'tfjs';
  readonly threads?: number;
  /** Where to keep the journal and what waits over a restart. Absent: the usual folder, or nowhere if that cannot be had. */
  readonly data?: string;
  /** Keeps nothing unless `data` says where, for a demo. */
  readonly forgetful?: boolean;
  /** A clip starts again at its end, for a demo. */
  readonly loop?: boolean;
  readonly log: Logger;
  readonly onStep?: (output: CoreOutput) => void;
  /** Told of everything cameras tell, before the lobby is. */
  readonly onCamera?: (camera: string, output: CameraOutput) => void;
  /** Adds pages of its own, such as the demo's. */
  readonly extend?: (app: FastifyInstance) => void;
}

export interface Running {
  readonly url: string;
  readonly mqttUrl: string;
  readonly lobby: Lobby;
  readonly detector: string;
  /** Says goodbye on MQTT, lets go of cameras and ports; resolves when done. */
  close(): Promise<void>;
}

const usualPort = 8080;
const usualMqttPort = 1883;

/**
 * Puts everything together and runs it: cameras to people, people to prompts, prompts to wrists.
 *
 * Nothing is left behind if any part of it cannot start.
 */
export async function startRun(options: RunOptions): Promise<Running> {
  const { log, host = '127.0.0.1' } = options;
  const branch = await readBranch(options.branch);
  for (const remark of branch.remarks) log.warn(remark);
  for (const camera of branch.cameras) {
    const source = sourceOf(options.branch, camera.source);
    const isFile = !/^[a-z][a-z0-9+.-]*:\/\//i.test(source);
    if (isFile && !existsSync(source)) {
      throw new LobbyError('LOBBY_CAMERA_MISSING', { camera: camera.id, source });
    }
  }
  const homeAssistant = options.homeAssistant === true || branch.homeAssistant;
  const hooks = await openWebhooks(branch.webhooks, options.branch);
  const version = await readVersion();
  const ending = new AbortController();
  let detector: Detector | undefined;
  let watcher: HeadWatcher | undefined;
  let embedded: EmbeddedBroker | undefined;
  let publisher: Publisher | undefined;
  let webhooks: Webhooks | undefined;
  let announcement: Announcement | undefined;
  let data: Data | undefined;
  let web: WebServer | undefined;
  let runs: readonly Promise<void>[] = [];
  const close = async () => {
    ending.abort();
    // The goodbye does not wait for a camera that hangs.
    await Promise.all([...runs, publisher?.close(), webhooks?.close(), announcement?.close()]);
    // A page's link to the broker hangs on the web server, which would wait for it for ever.
    await embedded?.close();
    await web?.close();
    await data?.close();
    await detector?.close();
    await watcher?.close();
  };
  try {
    detector = await openDetector({
      runtime: options.runtime ?? 'auto',
      ...(options.model === undefined ? {} : { model: options.model }),
      ...(options.threads === undefined ? {} : { threads: options.threads }),
    });
    const { name, input, fit } = detector;
    const seeing = detector;
    watcher = await openHeads(branch.heads, { runtime: options.runtime ?? 'auto' }, (sentence) =>
      log.warn(sentence),
    );
    const looking = watcher;
    if (looking !== undefined) log.info(`heads of those who may be lost are looked at by ${looking.name}`);

    if (options.broker === undefined) {
      embedded = await onPort(options.mqttPort, usualMqttPort, log, (mqttPort) =>
        startEmbeddedBroker({ branch: branch.id, host, mqttPort, homeAssistant }),
      );
    } else if (options.pagesBroker === undefined) {
      log.warn(`pages cannot reach the broker: say where it takes WebSockets with --pages-broker`);
    }
    const kept = await dataOf(options, branch);
    data = kept;
    if (kept !== undefined) log.info(`kept over a restart: ${kept.folder}`);
    const onLink = (connected: boolean, reason?: string) =>
      connected
        ? log.info('broker reached')
        : log.warn(`broker lost: ${reason ?? 'no answer'}; trying again`);
    publisher = await connectPublisher({
      ...(embedded === undefined ? { url: options.broker! } : { url: embedded.url, ...embedded.login }),
      branch: branch.id,
      clock: systemClock,
      onLink,
      ...(kept === undefined
        ? {}
        : {
            outbox: kept.outbox,
            onMissed: (missed) =>
              kept.journal.write({ v: 1, at: toMoment(systemClock.now()), kind: 'missed', ...missed }),
          }),
    });

    // The broker inside the service keeps nothing that would have to be taken away.
    if (homeAssistant || embedded === undefined) {
      announcement = announceToHomeAssistant({
        ...(embedded === undefined ? { url: options.broker! } : { url: embedded.url, ...embedded.login }),
        branch: branch.id,
        version,
        isOn: homeAssistant,
        onRemark: (remark) => log.warn(remark),
      });
    }
    webhooks = createWebhooks(hooks, {
      branch: branch.id,
      clock: systemClock,
      onRemark: (remark) => log.warn(remark),
    });
    const posted = webhooks;

    const lobby = createLobby({
      branch,
      clock: systemClock,
      publisher: alsoTell(publisher, [posted]),
      seed: randomInt(2 ** 31),
      detector: name,
      ...(looking === undefined ? {} : { heads: looking.name }),
      version,
      ...(kept === undefined ? {} : { journal: kept.journal, prompts: kept.prompts }),
      onRemark: (remark) => log.info(remark),
      ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
    });
    publisher.onAck((ack) => lobby.answer(ack));
    publisher.onDuty((duty) => lobby.duty(duty));

    const metrics = buildMetrics(lobby, publisher, kept?.journal);
    addWebhookMetrics(metrics, posted);
    web = await onPort(options.port, usualPort, log, (port) =>
      startServer({
        branch: branch.id,
        places: lobby.places(),
        ...(options.pagesBroker === undefined ? {} : { broker: { url: options.pagesBroker } }),
        health: lobby.health,
        lobby: lobby.lobby,
        metrics,
        clock: systemClock,
        pagesFolder: join(packageRoot, 'dist', 'pages'),
        version,
        onBroken: (error) => log.error(error),
        ...(options.extend === undefined ? {} : { extend: options.extend, showsItself: true }),
        host,
        port,
      }),
    );
    embedded?.attachWebSocket(web.server);

    runs = branch.cameras.map(({ id, source, framesPerSecond }) =>
      keepCamera({
        id,
        camera: createCamera({
          id,
          source: sourceOf(options.branch, source),
          pace: 'as-it-happens',
          loop: options.loop ?? false,
          clock: systemClock,
        }),
        detector: seeing,
        ...(looking === undefined ? {} : { heads: { watcher: looking, looks: () => lobby.looks(id) } }),
        clock: systemClock,
        request: { framesPerSecond, input, fit },
        signal: ending.signal,
        tell: (output) => {
          options.onCamera?.(id, output);
          lobby.hear(id, output);
        },
        onFault(error) {
          log.error(error, `camera ${id} stopped by a fault of the service, and begins again`);
          try {
            lobby.beginAnew('after a fault of the service');
          } catch (another) {
            log.error(another);
          }
        },
      }),
    );
    return {
      url: web.url,
      mqttUrl: embedded?.url ?? publisher.state.url,
      lobby,
      detector: name,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits for the system to ask for the end, then ends in order. A second ask ends at once. */
export async function untilAsked(running: Running): Promise<void> {
  await new Promise<void>((resolve) => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const asked = () => {
      for (const signal of signals) process.removeListener(signal, asked);
      resolve();
    };
    for (const signal of signals) process.on(signal, asked);
  });
  await running.close();
}

/** A folder that was asked for is insisted on; without the usual one the service runs, and forgets. */
async function dataOf({ data, forgetful, log }: RunOptions, branch: Branch): Promise<Data | undefined> {
  if (data === undefined && forgetful === true) return undefined;
  const open = (folder: string) =>
    openData({
      folder,
      branch: branch.id,
      journal: branch.journal,
      ...(branch.hours === undefined ? {} : { timezone: branch.hours.timezone }),
      onTrouble: (sentence) => log.warn(sentence),
    });
  if (data !== undefined) return open(data);
  try {
    return await open(defaultDataFolder(branch.id));
  } catch (error) {
    if (!(error instanceof LobbyError)) throw error;
    log.warn(`${error.message}: no journal is kept, and a restart forgets open prompts. ${error.remedy}`);
    return undefined;
  }
}

/** Tries the usual port, and any free one if it is taken; a port that was asked for is insisted on. */
async function onPort<Started extends { readonly port: number }>(
  asked: number | undefined,
  usual: number,
  log: Logger,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  if (asked !== undefined) return start(asked);
  try {
    return await start(usual);
  } catch (error) {
    if (!(error instanceof LobbyError && error.code === 'LOBBY_PORT_IN_USE')) throw error;
    const started = await start(0);
    log.warn(`port ${usual} is taken by another program: using ${started.port}`);
    return started;
  }
}

async function readVersion(): Promise<string> {
  const text = await readFile(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
