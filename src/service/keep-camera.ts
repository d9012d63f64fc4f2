import { LobbyError } from '../contract/errors.ts';
import type { Seconds } from '../core/units.ts';
import { type CameraHealth, type RunCameraOptions, runCamera } from './run-camera.ts';

export interface KeepCameraOptions extends RunCameraOptions {
  /**
   * Told of a fault of ours, which ended the run that is about to be begun again: for the log, and to let
   * go of what was remembered. It must not throw.
   */
  readonly onFault: (error: unknown) => void;
}

const firstWait: Seconds = 1;
const mostWait: Seconds = 30;
/** A run that went well for so long has nothing to do with the fault before it. */
const wellAfter: Seconds = 60;
const quietEvery: Seconds = 1;

/**
 * Runs one camera for as long as the service lives.
 *
 * - A fault of ours ends one run: it is told, and the camera begins anew after 1, 2, 4, up to 30 s. The
 *   others, the pages and the broker go on meanwhile.
 * - A clip that has ended stays ended, and says so: its camera is `lost` for good, and silence goes on
 *   being told, so that whoever stood there when it ended is let go of.
 *
 * @returns when `signal` is aborted
 */
export async function keepCamera(options: KeepCameraOptions): Promise<void> {
  const { id, clock, signal, onFault } = options;
  let health: CameraHealth | undefined;
  /** How far the clip's last moment lay behind the clock when it ended; absent before. */
  let behind: Seconds | undefined;
  let toldAt: Seconds | undefined;
  let faults = 0;
  const tell: RunCameraOptions['tell'] = (output) => {
    if (output.kind === 'health') health = output.health;
    else toldAt = output.at;
    options.tell(output);
  };

  while (!signal.aborted) {
    const begunAt = clock.now();
    try {
      if (behind === undefined) {
        await runCamera({ ...options, tell });
        if (signal.aborted) return;
        const at = clock.now();
        behind = at - (toldAt ?? at);
        const { code, message, remedy } = new LobbyError('LOBBY_CAMERA_ENDED', { camera: id });
        tell({
          kind: 'health',
          at,
          health: {
            ...health!,
            state: 'lost',
            since: at,
            framesPerSecond: 0,
            lastError: { code, message, remedy },
          },
        });
      }
      for (;;) {
        await clock.sleep(quietEvery, signal);
        if (signal.aborted) return;
        // Along with the clock, also when it is set back: a camera that kept to the old time would drag the
        // whole lobby there.
        tell({ kind: 'quiet', at: clock.now() - behind });
      }
    } catch (error) {
      faults = clock.now() - begunAt >= wellAfter ? 0 : faults;
      onFault(error);
      await clock.sleep(Math.min(mostWait, firstWait * 2 ** Math.min(faults, 10)), signal);
      faults += 1;
    }
  }
}
