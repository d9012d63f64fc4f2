import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { boxName, boxTopicsOf, type SensorPayload } from '../../src/contract/boxes.ts';
import { browserSource } from '../../src/contract/browser-camera-limits.ts';
import { LobbyError } from '../../src/contract/errors.ts';
import type { PixelBox } from '../../src/core/units.ts';
import type { Detector } from '../../src/ports/detector.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';
import { toCameraState, toPeople } from '../../src/service/boxes-wire.ts';
import { keepCamera } from '../../src/service/keep-camera.ts';
import type { CameraHealth } from '../../src/service/run-camera.ts';
import { createTurns } from '../../src/service/take-turns.ts';
import { type BoxLink, hearing, linkBoxes } from '../boxes/box-link.ts';
import { createCamera } from '../cameras/open-camera.ts';
import { openDetector } from '../detectors/open-detector.ts';
import { keepCameras } from '../setup/keep-cameras.ts';
import { systemClock } from '../system-clock.ts';
import { readVersion } from '../version.ts';
import { type BrokerOptions, openBrokerAddress } from './broker-address.ts';
import { type DetectorOptions, detectorRequest } from './detector-options.ts';
import { checkBranchMode, readBranch, sourceOf, tlsOf } from './files.ts';
import { openDoors } from './open-doors.ts';
import { openHeads } from './open-heads.ts';
import { checkReach, type OpenOptions } from './reach.ts';

export interface SenseOptions extends BrokerOptions, OpenOptions, DetectorOptions {
  readonly branch: string;
  /** This box's own name. Default: the machine's, as far as it is one. */
  readonly box?: string;
  /** Which cameras of the branch file this box looks through. Default: all. */
  readonly cameras?: readonly string[];
  readonly log: Logger;
}

export interface Sensing {
  readonly name: string;
  readonly detector: string;
  readonly broker: string;
  close(): Promise<void>;
}

/** Between changes, how the box is is said at this pace: whoever decides tells silence by looks, not by this. */
const stateEverySeconds = 10;
/** A rate wobbles; only states and troubles are said at once. */
const newsOf = ({ cameras }: SensorPayload): string =>
  JSON.stringify(cameras.map(({ id, state, lastError, picture }) => [id, state, lastError, picture]));

/**
 * Runs a box that only looks: its cameras become people, and people go to the branch's broker. It listens on no port,
 * keeps nothing on its disk, and prompts nobody.
 *
 * @throws {LobbyError} `LOBBY_BRANCH_*`, `LOBBY_OPTION_INVALID`, `LOBBY_BROKER_*`, and what models say
 */
export async function startSense(options: SenseOptions): Promise<Sensing> {
  const { log } = options;
  const warn = (sentence: string) => log.warn(sentence);
  const branch = await readBranch(options.branch);
  for (const remark of branch.remarks) warn(remark);
  checkBranchMode(options.branch, branch, warn);
  const box = boxNameOf(options.box);
  // A page in a browser speaks with the box that has the pages.
  const mine = camerasOf(
    branch.cameras.filter(({ source }) => source !== browserSource),
    options.cameras,
  );
  for (const { id, source: written } of mine) {
    const source = sourceOf(options.branch, written);
    const isFile = !/^[a-z][a-z0-9+.-]*:\/\//i.test(source);
    if (isFile && !existsSync(source)) throw new LobbyError('LOBBY_CAMERA_MISSING', { camera: id, source });
  }
  const broker = await openBrokerAddress(options, warn);
  if (broker === undefined) throw needsBroker('sense');
  checkReach({ ...options, host: '127.0.0.1', hasLogins: false, broker, webhooks: [] }, warn);
  const version = await readVersion();
  const topics = boxTopicsOf(branch.id);
  const ending = new AbortController();
  let detector: Detector | undefined;
  let closer: Detector | undefined;
  let watcher: HeadWatcher | undefined;
  let link: BoxLink | undefined;
  const health = new Map<string, CameraHealth>();
  const wanted = new Map<string, readonly PixelBox[]>();
  let runs: ReturnType<typeof keepCameras> | undefined;

  const close = async () => {
    ending.abort();
    await Promise.all([runs?.ended(), link?.close({ topic: topics.sensor(box), message: stateNow('gone') })]);
    await detector?.close();
    await watcher?.close();
    await closer?.close();
  };
  function stateNow(state: 'on' | 'gone'): SensorPayload {
    return {
      v: 1,
      box,
      state,
      at: Math.round(systemClock.now() * 1000),
      version,
      ...(detector === undefined ? {} : { detector: detector.name.slice(0, 120) }),
      ...(watcher === undefined ? {} : { heads: watcher.name.slice(0, 120) }),
      cameras: state === 'gone' ? [] : [...health].map(([id, one]) => toCameraState(id, one)),
    };
  }

  try {
    const request = detectorRequest(options);
    detector = await openDetector(request);
    closer = await openDoors(request, warn);
    const atDoors = closer;
    watcher = await openHeads(branch.heads, { runtime: options.runtime ?? 'auto' }, warn);
    const { name, input, fit } = detector;
    const seeing = detector;
    const looking = watcher;
    const linked = await linkBoxes({
      ...broker,
      clientId: `lobby-${branch.id}-${box}`,
      hear: [
        ...mine.map(({ id }) =>
          hearing(topics.looks(id), 'looks', (_, { boxes }) => {
            wanted.set(
              id,
              boxes.map(([left, top, right, bottom]) => ({ left, top, right, bottom })),
            );
          }),
        ),
        // Answered at once: what lies between question and answer is how well the clock is known.
        hearing(topics.clockAsk(box), 'clockAsk', (_, { id }) =>
          linked.say('clockAnswer', topics.clockAnswer(box), {
            v: 1,
            id,
            box,
            at: Math.max(0, systemClock.now() * 1000),
          }),
        ),
      ],
      lastWill: { topic: topics.sensor(box), message: stateNow('gone') },
      onLink: (connected, reason) =>
        connected ? log.info('broker reached') : warn(`broker lost: ${reason ?? 'no answer'}; trying again`),
    });
    link = linked;
    let said = '';
    const sayState = () => {
      const state = stateNow('on');
      said = newsOf(state);
      linked.say('sensor', topics.sensor(box), state);
    };
    const sayNews = () => {
      if (newsOf(stateNow('on')) !== said) sayState();
    };
    const turns = createTurns(systemClock);
    const counts = new Map<string, number>();
    runs = keepCameras(
      ({ id, source, framesPerSecond, tls: known }, signal) =>
        keepCamera({
          id,
          camera: createCamera({
            id,
            source: sourceOf(options.branch, source),
            ...tlsOf(options.branch, known),
            pace: 'as-it-happens',
            clock: systemClock,
          }),
          detector: seeing,
          turns,
          doors: {
            camera: id,
            branch: () => branch,
            ...(atDoors === undefined ? {} : { detector: atDoors }),
          },
          sparesLooks: true,
          ...(looking === undefined
            ? {}
            : { heads: { watcher: looking, looks: () => wanted.get(id) ?? [] } }),
          clock: systemClock,
          request: { framesPerSecond, input, fit },
          signal,
          tell(output) {
            switch (output.kind) {
              case 'people':
              case 'blind': {
                const n = counts.get(id) ?? 0;
                counts.set(id, n + 1);
                linked.say('people', topics.people(id), toPeople(output, { box, n }));
                break;
              }
              case 'health': {
                const before = health.get(id)?.state;
                health.set(id, output.health);
                if (before !== output.health.state) log.info(`camera ${id} is ${output.health.state}`);
                sayNews();
                break;
              }
              // Whoever decides hears silence itself.
              case 'quiet':
                break;
            }
          },
          onFault: (error) =>
            log.error(error, `camera ${id} stopped by a fault of the service, and begins again`),
        }),
      ending.signal,
    );
    runs.use(mine);
    sayState();
    void (async () => {
      while (!ending.signal.aborted) {
        await systemClock.sleep(stateEverySeconds, ending.signal);
        if (!ending.signal.aborted) sayState();
      }
    })();
    return { name: box, detector: name, broker: linked.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws {LobbyError} `LOBBY_OPTION_INVALID` */
export function needsBroker(role: string): LobbyError {
  return new LobbyError('LOBBY_OPTION_INVALID', {
    option: 'role',
    problem: 'boxes of one branch meet at a broker of its own: name it with --broker',
    value: role,
  });
}

/** @throws {LobbyError} `LOBBY_OPTION_INVALID` */
export function boxNameOf(given: string | undefined): string {
  const name =
    given ??
    hostname()
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .slice(0, 40);
  if (boxName.safeParse(name).success) return name;
  throw new LobbyError('LOBBY_OPTION_INVALID', {
    option: 'box',
    problem: 'it must be small letters, digits and hyphens, 40 at most',
    value: name,
  });
}

function camerasOf<Camera extends { readonly id: string }>(
  all: readonly Camera[],
  ids: readonly string[] | undefined,
): readonly Camera[] {
  // Settings that are written for many boxes may name none.
  if (ids === undefined || ids.length === 0) return all;
  return ids.map((id) => {
    const camera = all.find((one) => one.id === id);
    if (camera !== undefined) return camera;
    throw new LobbyError('LOBBY_OPTION_INVALID', {
      option: 'cameras',
      problem: `the branch file has ${all.map((one) => one.id).join(', ')}`,
      value: id,
    });
  });
}
