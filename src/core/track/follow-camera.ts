import type { Person, PixelBox, Seconds, Size } from '../units.ts';
import { type TrackPlane, type TrackSettings, type TrackState, track } from './track.ts';

/** What of an observation matters to who is followed. */
export type CameraLook =
  | {
      readonly kind: 'people';
      readonly people: readonly Person[];
      readonly within?: readonly PixelBox[];
      readonly frame?: Size;
    }
  | { readonly kind: 'quiet' | 'blind' };

/**
 * Follows people through one more look of a camera: of all of its picture, of parts of it, or of nothing, where there
 * was no frame or it could not be trusted. Whoever decides and whoever stands by follow them by this, or the two would
 * know of different people.
 *
 * @param camera with the size of its picture as far as it was known before; a look that tells of it knows better
 * @returns who is followed now, and the camera with the size of its picture
 * @throws {RangeError} as `track`
 */
export function followCamera<Camera extends TrackPlane>(
  state: TrackState,
  at: Seconds,
  look: CameraLook,
  camera: Camera,
  settings: TrackSettings,
): { readonly state: TrackState; readonly camera: Camera } {
  const seen = look.kind === 'people' ? look : undefined;
  const framed = seen?.frame === undefined ? camera : { ...camera, frame: seen.frame };
  return { state: track(state, at, seen?.people, framed, settings, seen?.within), camera: framed };
}
