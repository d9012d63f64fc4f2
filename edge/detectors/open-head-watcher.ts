import type { RuntimeName } from '../../src/contract/manifest.ts';
import { closeUpOf } from '../../src/core/head/close-up.ts';
import { type HeadPoints, turnOf } from '../../src/core/head/head-turn.ts';
import { decodeMovenet, type MovenetTables } from '../../src/core/head/movenet.ts';
import type { HeadTurn } from '../../src/core/units.ts';
import type { HeadWatcher } from '../../src/ports/head-watcher.ts';
import { cutOut } from './cut-out.ts';
import { findHeadWatcher } from './models-folder.ts';
import { openRunner } from './open-runner.ts';

export interface HeadWatcherRequest {
  /** Id of a model in the manifest. Default: the shipped one. */
  readonly model?: string;
  /** `auto` takes ONNX Runtime, and TensorFlow.js where its native part cannot be loaded. Default `auto`. */
  readonly runtime?: 'auto' | RuntimeName;
  /** Threads for one run, ONNX Runtime only. Default 1: the model is small, and a second one gains little. */
  readonly threads?: number;
  /** Folder of the manifest and the models it lists. Default: the package's own. */
  readonly folder?: string;
}

/**
 * Opens the model that sees where heads are turned: checks its files, loads them, and runs once on a grey picture,
 * because the first run is the slowest.
 *
 * @throws {LobbyError} as opening a detector does
 *
 * @example
 * ```ts
 * const watcher = await openHeadWatcher();
 * const head = await watcher.watch(frame, person.box); // { yaw: -0.7, score: 0.61 }
 * await watcher.close();
 * ```
 */
export async function openHeadWatcher(request: HeadWatcherRequest = {}): Promise<HeadWatcher> {
  const { runtime = 'auto', threads = 1, model, folder } = request;
  const found = await findHeadWatcher(model, folder);
  const { entry } = found;
  const runner = await openRunner(found, runtime, threads);
  let isOpen = true;

  const lookAt = async (rgb: Uint8Array): Promise<HeadTurn | undefined> => {
    const tables = (await runner.run(rgb)) as unknown as MovenetTables;
    const points = decodeMovenet(tables, entry.input);
    return turnOf(points as unknown as HeadPoints, entry.scoreThreshold);
  };

  try {
    await lookAt(new Uint8Array(entry.input.width * entry.input.height * 3).fill(128));
  } catch (error) {
    await runner.close();
    throw error;
  }
  return {
    name: `${entry.id} on ${runner.name}`,
    async watch(frame, box) {
      if (!isOpen) throw new Error(`Cannot watch: ${entry.id} must be open, it was closed`);
      const region = closeUpOf(box);
      const given = frame.closeUp?.(region, entry.input);
      if (given !== undefined) return lookAt(given);
      const cut = cutOut(frame, region, entry.input);
      try {
        return await lookAt(cut);
      } finally {
        // Nobody else has it, and memory that is let go keeps what was in it.
        cut.fill(0);
      }
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await runner.close();
    },
  };
}
