import type { Logger } from 'pino';
import type { Clock } from '../../src/ports/clock.ts';
import type { Detector } from '../../src/ports/detector.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';
import { openDetector } from '../detectors/open-detector.ts';
import { type DetectorOptions, detectorRequest } from './detector-options.ts';
import { openDoors } from './open-doors.ts';
import { openHeads } from './open-heads.ts';

/** All that looks at pictures in this process. */
export interface Eyes {
  readonly detector: Detector;
  /** Looks more closely at far doors. */
  readonly closer?: Detector;
  readonly heads?: HeadWatcher;
}

/**
 * What looks at pictures, opened with the first camera that has any for it: a branch whose cameras are all pages in
 * browsers needs none of it, which is 160 MB, until it is given another camera.
 */
export interface KeptEyes {
  /** What is open; absent: nothing is. */
  readonly now: Eyes | undefined;
  /**
   * Opens it, once for all who ask.
   *
   * @throws {LobbyError} as `openDetector`; whoever asks next tries anew
   */
  open(): Promise<Eyes>;
  /** The same for a camera that came later, whose trouble must not end the service: tried every 30 s. */
  openAtLast(signal: AbortSignal): Promise<Eyes | undefined>;
  close(): Promise<void>;
}

const againAfterSeconds = 30;

export interface EyesOptions extends DetectorOptions {
  readonly looksAtHeads: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

export function keepEyes({ looksAtHeads, clock, log, ...options }: EyesOptions): KeptEyes {
  let now: Eyes | undefined;
  let opening: Promise<Eyes> | undefined;
  let isClosed = false;

  async function openAll(): Promise<Eyes> {
    const warn = (sentence: string) => log.warn(sentence);
    const request = detectorRequest(options);
    const detector = await openDetector(request);
    const closer = await openDoors(request, warn);
    const heads = await openHeads(looksAtHeads, { runtime: options.runtime ?? 'auto' }, warn);
    const eyes = {
      detector,
      ...(closer === undefined ? {} : { closer }),
      ...(heads === undefined ? {} : { heads }),
    };
    if (isClosed) await closeAll(eyes);
    else now = eyes;
    if (heads !== undefined) log.info(`heads of those who may be lost are looked at by ${heads.name}`);
    return eyes;
  }
  async function closeAll({ detector, closer, heads }: Eyes): Promise<void> {
    await detector.close();
    await heads?.close();
    await closer?.close();
  }
  const open = () => {
    opening ??= openAll().catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  return {
    get now() {
      return now;
    },
    open,
    async openAtLast(signal) {
      while (!signal.aborted) {
        try {
          return await open();
        } catch (error) {
          log.error(error, 'the detector cannot be opened; trying again');
          await clock.sleep(againAfterSeconds, signal);
        }
      }
      return undefined;
    },
    async close() {
      isClosed = true;
      if (now !== undefined) await closeAll(now);
    },
  };
}
