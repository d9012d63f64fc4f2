import type { HeadTurn, Person, PixelBox, Seconds } from '../units.ts';
import { followInPicture } from './in-picture.ts';
import type { Motion } from './kalman.ts';
import { followOnFloor } from './on-floor.ts';
import type { Looseness } from './sight.ts';
import { type TrackPlane, viewOf } from './view.ts';

export { feetOf } from './boxes.ts';
export { believedBox } from './in-picture.ts';
export { type TrackPlane, unitsPerMetre } from './view.ts';

/** The same person over time within one camera, while seen. */
export interface Track {
  /** Counts up within one camera; never reused while the state lives. */
  readonly id: number;
  /** Where they stand on the plane, and how fast they go. */
  readonly motion: Motion;
  /** The last box; in the picture, while they are not seen, where they are expected. */
  readonly box: PixelBox;
  readonly score: number;
  /** Of the latest box; absent where that one had none. */
  readonly head?: HeadTurn;
  readonly bornAt: Seconds;
  readonly seenAt: Seconds;
  /** When last seen at a high score: plants and posts feed a track with faint boxes for ever. */
  readonly sureAt: Seconds;
  /** How often seen, capped at 1000. */
  readonly sightings: number;
  /** Believed to be a person; a first glimpse at low score is not yet. */
  readonly confirmed: boolean;
}

export interface TrackState {
  readonly at: Seconds;
  readonly nextId: number;
  readonly tracks: readonly Track[];
  /** Tracks that were not begun because there were too many already. */
  readonly letGo: number;
  /** How loosely this camera's boxes are drawn, learnt in the picture; absent on a floor, and while nobody is there. */
  readonly loose?: Looseness;
}

export interface TrackSettings {
  /** Boxes at or above this score are matched first. */
  readonly highScore: number;
  /** Boxes left over at or above this score begin a track. Lower: people half hidden are found sooner, and plants are followed. */
  readonly birthScore: number;
  /** Boxes from here up may keep a track alive, but never begin one. */
  readonly lowScore: number;
  /** A first sighting at or above this score is believed at once; else the second one is waited for. */
  readonly sureScore: number;
  /** How long an unseen track is kept before its person is only the visit's concern. */
  readonly memorySeconds: Seconds;
  /** The same where no floor is known, and only the picture tells how far anybody can have gone. */
  readonly pictureMemorySeconds: Seconds;
  /** How long faint boxes alone keep a track. Longer: people half hidden are kept. Shorter: posts are let go. */
  readonly faintSeconds: Seconds;
  /** Gate on the squared Mahalanobis distance; 13.8 is 99.9 % of a two-dimensional normal. */
  readonly gate: number;
  /** How much walking speed changes: white acceleration density, m²/s³. */
  readonly wander: number;
  /** Time constant with which an unseen person's speed fades. */
  readonly settleSeconds: Seconds;
  /** Nobody is looked for farther than this from where they were expected, plus `runSpeed` × time unseen. */
  readonly reachMetres: number;
  /** m/s. */
  readonly runSpeed: number;
  /** Spread of a newcomer's speed, m/s. */
  readonly speedSpread: number;
  /** Standard deviation of the feet's pixel as a share of the box height, across and down. */
  readonly feetSpread: number;
  readonly mostTracks: number;
}

/** Chosen on the sample lobby and the tracking sequences at 5 frames a second; see docs/accuracy.md. */
export const trackDefaults: TrackSettings = {
  highScore: 0.5,
  birthScore: 0.5,
  lowScore: 0.15,
  sureScore: 0.6,
  memorySeconds: 1,
  pictureMemorySeconds: 3,
  faintSeconds: 3,
  gate: 13.8,
  wander: 1,
  settleSeconds: 1.5,
  reachMetres: 0.3,
  runSpeed: 1.5,
  speedSpread: 1.2,
  feetSpread: 0.035,
  mostTracks: 250,
};

export const noTracks: TrackState = { at: Number.NEGATIVE_INFINITY, nextId: 1, tracks: [], letGo: 0 };

/**
 * Follows people from one frame to the next: on the floor where the camera is calibrated (`followOnFloor`), in
 * the picture otherwise (`followInPicture`).
 *
 * Both associate in two stages (the idea of ByteTrack, Zhang et al. 2022): first the boxes the detector is
 * sure of, then the faint ones. The time step is the true one: at 2 frames a second or 25, with half of them
 * dropped, people move as far as they move. No appearance of any kind is used.
 *
 *     boxes ≥ high ──▶ pair with tracks ──▶ boxes ≥ low pair with the rest ──▶ new tracks from those left over
 *
 * @param at must not be earlier than in the previous call
 * @param people everybody the detector saw in this frame, in any order; `undefined` when there was no
 *               frame, so that nobody can have been missed and time alone passes
 * @param within the parts of the picture that were looked at; absent: all of it. Of whoever is beyond them nobody knows
 *               anything new: who was in sight is taken to go on as they did, and who was not is waited for as before.
 *               On a floor only; in a picture it is as if all of it had been looked at
 * @returns the new state; its tracks are ordered by id, at most `mostTracks`
 * @throws {RangeError} if time runs backwards; a camera that restarted needs a new state
 */
export function track(
  state: TrackState,
  at: Seconds,
  people: readonly Person[] | undefined,
  plane: TrackPlane,
  settings: TrackSettings,
  within?: readonly PixelBox[],
): TrackState {
  if (at < state.at) {
    throw new RangeError(
      `Cannot track: time must not run backwards, was ${state.at}, current value is ${at}`,
    );
  }
  return plane.floor === undefined
    ? followInPicture(state, at, people, settings)
    : followOnFloor(state, at, people, { ...viewOf(plane), floor: plane.floor }, settings, within);
}
