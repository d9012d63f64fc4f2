import { isDeepStrictEqual } from 'node:util';
import type { BranchCamera } from '../../src/contract/branch.ts';

/** The cameras that run, as they are wanted now. */
export interface CameraRuns {
  /** Begins those that are new, ends those that are gone, and leaves the others be. */
  use(cameras: readonly BranchCamera[]): void;
  /** Resolves when all have ended. */
  ended(): Promise<void>;
}

/**
 * Runs each camera by itself, so that one can be added, taken out or given another address while the others go on.
 * What is drawn on its floor is none of its business: only another address or rate begins it anew, once the run before
 * has let go of its stream.
 *
 * @param run runs one camera until its signal, and does not reject
 * @param ending ends them all
 */
export function keepCameras(
  run: (camera: BranchCamera, signal: AbortSignal) => Promise<void>,
  ending: AbortSignal,
): CameraRuns {
  const runs = new Map<string, { camera: BranchCamera; stop: AbortController; ended: Promise<void> }>();
  const leaving = new Set<Promise<void>>();

  function end(id: string): Promise<void> {
    const one = runs.get(id);
    if (one === undefined) return Promise.resolve();
    runs.delete(id);
    one.stop.abort();
    leaving.add(one.ended);
    return one.ended.finally(() => leaving.delete(one.ended));
  }

  return {
    use(cameras) {
      for (const id of [...runs.keys()]) if (!cameras.some((one) => one.id === id)) void end(id);
      if (ending.aborted) return;
      for (const camera of cameras) {
        const now = runs.get(camera.id);
        const { source, framesPerSecond, tls } = camera;
        const isSame =
          now?.camera.source === source &&
          now.camera.framesPerSecond === framesPerSecond &&
          isDeepStrictEqual(now.camera.tls, tls);
        if (isSame) continue;
        const before = end(camera.id);
        const stop = new AbortController();
        const signal = AbortSignal.any([ending, stop.signal]);
        const ended = before.then(() => (signal.aborted ? undefined : run(camera, signal)));
        runs.set(camera.id, { camera, stop, ended });
      }
    },
    async ended() {
      await Promise.all(
        [...runs.values(), ...[...leaving].map((ended) => ({ ended }))].map((one) => one.ended),
      );
    },
  };
}
