import { LobbyError } from '../contract/errors.ts';
import { judgeSight, leastFramesPerSecond, noSight, type SightVerdict } from '../core/sight/judge-sight.ts';
import { type Reading, readPicture } from '../core/sight/read-picture.ts';
import type { BlindReason } from '../core/sight/watch.ts';
import type { Frame } from '../ports/camera.ts';

/** Judges one camera's frames as they come. What it remembers of them dies with it. */
export type Sight = (frame: Frame) => SightVerdict;

/**
 * Begins to judge a camera's frames: the same for the live service and a replay.
 *
 * What is learnt of the picture is held in here, where the pictures are, and by nothing else: there is
 * no way to ask for it.
 *
 * @param onReading shown what each picture was judged by; it must not leave whoever has the pictures either
 */
export function createSight(onReading?: (reading: Reading) => void): Sight {
  let state = noSight;
  return ({ at, rgb, input, camera, fit }) => {
    const reading = readPicture(at, rgb, input, camera, fit);
    onReading?.(reading);
    const [next, verdict] = judgeSight(state, reading);
    state = next;
    return verdict;
  };
}

/** Too few frames are each as good as any: they must be looked at for it to be known that they are more again. */
export function isWorthLooking({ trusted, why }: SightVerdict): boolean {
  return trusted || why === 'too-slow';
}

/** Why a camera cannot be relied on, in a sentence with its remedy. */
export function asSightTrouble(camera: string, why: BlindReason): LobbyError {
  switch (why) {
    case 'dark':
      return new LobbyError('LOBBY_CAMERA_DARK', { camera });
    case 'covered':
      return new LobbyError('LOBBY_CAMERA_COVERED', { camera });
    case 'defocused':
      return new LobbyError('LOBBY_CAMERA_DEFOCUSED', { camera });
    case 'frozen':
      return new LobbyError('LOBBY_CAMERA_FROZEN', { camera });
    case 'moved':
      return new LobbyError('LOBBY_CAMERA_MOVED', { camera });
    case 'too-slow':
      return new LobbyError('LOBBY_CAMERA_SLOW', { camera, least: leastFramesPerSecond });
  }
}
