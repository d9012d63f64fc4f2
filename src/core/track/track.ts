import type { FloorView } from '../geometry/homography.ts';
import { belowHorizon, project, spreadAt } from '../geometry/homography.ts';
import type { Matrix2 } from '../geometry/matrix.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { Person, PixelBox, PixelPoint, Seconds, Size } from '../units.ts';
import { assign } from './assign.ts';
import { beginMotion, correct, type Motion, predict, surprise } from './kalman.ts';

/**
 * The plane a camera's people are followed on: the floor in metres where it is calibrated, the
 * picture in pixels where it is not.
 */
export interface TrackPlane {
  /** Absent: the picture itself. */
  readonly floor?: Pick<FloorView, 'toFloor' | 'toPixel'>;
  /** Size of the camera frame, to know which boxes its edge cuts; absent if not known. */
  readonly frame?: Size;
}

/** The same person over time within one camera, while seen. */
export interface Track {
  /** Counts up within one camera; never reused while the state lives. */
  readonly id: number;
  readonly motion: Motion;
  readonly box: PixelBox;
  readonly score: number;
  readonly bornAt: Seconds;
  readonly seenAt: Seconds;
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
}

export interface TrackSettings {
  /** Boxes at or above this score are matched first and may begin a track. */
  readonly highScore: number;
  /** Boxes from here up may keep a track alive, but never begin one. */
  readonly lowScore: number;
  /** A first sighting at or above this score is believed at once; else the second one is waited for. */
  readonly sureScore: number;
  /** How long an unseen track is kept before its person is only the visit's concern. */
  readonly memorySeconds: Seconds;
  /** Gate on the squared Mahalanobis distance; 13.8 is 99.9 % of a two-dimensional normal. */
  readonly gate: number;
  /** How much walking speed changes: white acceleration density, m²/s³. */
  readonly wander: number;
  /** Time constant with which an unseen person's speed fades. */
  readonly settleSeconds: Seconds;
  /** Spread of a newcomer's speed, m/s. */
  readonly speedSpread: number;
  /** Standard deviation of the feet's pixel as a share of the box height, across and down. */
  readonly feetSpread: number;
  readonly mostTracks: number;
}

/** Chosen on the sample lobby and the tracking sequences at 5 frames a second; see docs/accuracy.md. */
export const trackDefaults: TrackSettings = {
  highScore: 0.4,
  lowScore: 0.15,
  sureScore: 0.6,
  memorySeconds: 2,
  gate: 13.8,
  wander: 1,
  settleSeconds: 1.5,
  speedSpread: 1.2,
  feetSpread: 0.05,
  mostTracks: 120,
};

/** A person's height, to turn box heights into local metres where no floor is known. */
const bodyMetres = 1.7;

export const noTracks: TrackState = { at: Number.NEGATIVE_INFINITY, nextId: 1, tracks: [], letGo: 0 };

/**
 * Follows people from one frame to the next.
 *
 * Two-stage association (the idea of ByteTrack, Zhang et al. 2022): first the boxes the detector is
 * sure of, then the faint ones, which may keep a track alive but never begin one. Distance is
 * measured on the floor in units of its own uncertainty, which grows with distance from the camera
 * (the idea of UCMCTrack, Yi et al. 2024). The time step is the true one: at 2 frames a second or
 * 25, with half of them dropped, people move as far as they move. No appearance of any kind is used.
 *
 *     boxes ≥ high ──▶ pair with tracks ──▶ boxes ≥ low pair with the rest ──▶ new tracks from the
 *                                                                              sure boxes left over
 *
 * @param at must not be earlier than in the previous call
 * @param people everybody the detector saw in this frame, in any order; `undefined` when there was no
 *               frame, so that nobody can have been missed and time alone passes
 * @returns the new state; its tracks are ordered by id, at most `mostTracks`
 * @throws {RangeError} if time runs backwards; a camera that restarted needs a new state
 */
export function track(
  state: TrackState,
  at: Seconds,
  people: readonly Person[] | undefined,
  plane: TrackPlane,
  settings: TrackSettings,
): TrackState {
  if (at < state.at) {
    throw new RangeError(
      `Cannot track: time must not run backwards, was ${state.at}, current value is ${at}`,
    );
  }
  const dt = Number.isFinite(state.at) ? at - state.at : 0;
  const moved = state.tracks.map((one) => {
    const unit = unitsPerMetre(one.box, plane);
    return { ...one, motion: predict(one.motion, dt, settings.wander * unit * unit, settings.settleSeconds) };
  });
  if (people === undefined) {
    return { ...state, at, tracks: moved.filter((one) => at - one.seenAt <= settings.memorySeconds) };
  }

  const seen = people
    .filter((person) => person.score >= settings.lowScore)
    .map((person) => ({ person, measured: measure(person.box, plane, settings) }))
    .filter((one) => Number.isFinite(one.measured.at.x) && Number.isFinite(one.measured.at.y));
  const byScore = seen.sort(
    (a, b) => b.person.score - a.person.score || a.person.box.left - b.person.box.left,
  );
  const sure = byScore.filter((one) => one.person.score >= settings.highScore);
  const faint = byScore.filter((one) => one.person.score < settings.highScore);

  const matched = new Map<Track, (typeof seen)[number]>();
  const pair = (tracks: readonly Track[], boxes: readonly (typeof seen)[number][]) => {
    if (tracks.length === 0 || boxes.length === 0) return boxes;
    const costs = tracks.map((one) => boxes.map((box) => pairCost(one, box, plane, settings)));
    // A pair at the gate's edge still beats two strangers.
    const columns = assign(costs, unpairedCost);
    const taken = new Set<number>();
    for (const [row, column] of columns.entries()) {
      if (column < 0) continue;
      matched.set(tracks[row]!, boxes[column]!);
      taken.add(column);
    }
    return boxes.filter((_, column) => !taken.has(column));
  };
  const left = pair(moved, sure);
  pair(
    moved.filter((one) => !matched.has(one)),
    faint,
  );

  let { nextId, letGo } = state;
  const next: Track[] = [];
  for (const one of moved) {
    const box = matched.get(one);
    if (box === undefined) {
      // A first glimpse that is not seen again was nobody.
      if (one.confirmed && at - one.seenAt <= settings.memorySeconds) next.push(one);
      continue;
    }
    const sightings = Math.min(1000, one.sightings + 1);
    next.push({
      ...one,
      motion: correct(one.motion, box.measured),
      box: box.person.box,
      score: box.person.score,
      seenAt: at,
      sightings,
      confirmed: one.confirmed || sightings >= 2,
    });
  }
  for (const { person, measured } of left) {
    if (next.length >= settings.mostTracks) {
      letGo += 1;
      continue;
    }
    const unit = unitsPerMetre(person.box, plane);
    next.push({
      id: nextId,
      motion: beginMotion(measured, settings.speedSpread * unit),
      box: person.box,
      score: person.score,
      bornAt: at,
      seenAt: at,
      sightings: 1,
      confirmed: person.score >= settings.sureScore,
    });
    nextId += 1;
  }
  return { at, nextId, tracks: next, letGo };
}

/** The cost of leaving a track unpaired. Costs are in units of squared standard deviations. */
const unpairedCost = 40;

function pairCost(
  one: Track,
  box: { person: Person; measured: { at: PlanePoint; spread: Matrix2 } },
  plane: TrackPlane,
  settings: TrackSettings,
): number {
  const { squared, cost } = surprise(one.motion, box.measured);
  if (squared > settings.gate) return Number.POSITIVE_INFINITY;
  const unit = unitsPerMetre(one.box, plane);
  // log-determinant in metres, so that floor and picture weigh alike; size as soft evidence, since
  // a box half hidden by furniture is half as high.
  const area = cost - squared - 4 * Math.log(unit);
  const growth = Math.log((box.person.box.bottom - box.person.box.top) / (one.box.bottom - one.box.top));
  return Math.max(0, squared + area / 2 + 8) + Math.min(4, (growth / 0.25) ** 2);
}

/** Where a box's feet stand on the plane, and how far off that may be; not a number above the horizon. */
export function measure(
  box: PixelBox,
  plane: TrackPlane,
  settings: Pick<TrackSettings, 'feetSpread'>,
): { at: PlanePoint; spread: Matrix2 } {
  const feet = feetOf(box);
  const height = box.bottom - box.top;
  const across = Math.max(1, settings.feetSpread * height);
  // A box cut by the lower edge of the frame has its feet somewhere below.
  const cut = plane.frame !== undefined && box.bottom > plane.frame.height - 2;
  const down = cut ? height / 2 : across;
  const pixels: Matrix2 = [across * across, 0, 0, down * down];
  if (plane.floor === undefined) return { at: feet, spread: pixels };
  if (!(belowHorizon(plane.floor.toFloor, feet) > 0)) {
    return { at: { x: Number.NaN, y: Number.NaN }, spread: pixels };
  }
  const spread = spreadAt(plane.floor.toFloor, feet, pixels);
  // Nobody's feet are a point: 5 cm whatever the camera says.
  return {
    at: project(plane.floor.toFloor, feet),
    spread: [spread[0] + 0.0025, spread[1], spread[2], spread[3] + 0.0025],
  };
}

/** The middle of a box's lower edge. */
export function feetOf(box: PixelBox): PixelPoint {
  return { x: (box.left + box.right) / 2, y: box.bottom };
}

/** Plane units in a metre at a box: 1 on the floor, its height over a body's in the picture. */
function unitsPerMetre(box: PixelBox, plane: TrackPlane): number {
  return plane.floor === undefined ? Math.max(1, box.bottom - box.top) / bodyMetres : 1;
}
