import type { FloorView } from '../geometry/homography.ts';
import { belowHorizon, project, spreadAt, stretchAt } from '../geometry/homography.ts';
import type { Matrix2 } from '../geometry/matrix.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import { findUpright, seeAbove, type UprightView } from '../geometry/upright.ts';
import type { HeadTurn, Person, PixelBox, PixelPoint, Seconds, Size } from '../units.ts';
import { assign } from './assign.ts';
import { beginMotion, correct, type Measurement, type Motion, predict, surprise } from './kalman.ts';

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

/** A plane with what is reckoned from it once a frame. */
interface View extends TrackPlane {
  readonly upright?: UprightView;
}

/** The same person over time within one camera, while seen. */
export interface Track {
  /** Counts up within one camera; never reused while the state lives. */
  readonly id: number;
  readonly motion: Motion;
  readonly box: PixelBox;
  readonly score: number;
  /** Of the latest box; absent where that one had none. */
  readonly head?: HeadTurn;
  /** Height of the whole body in the picture over the floor's scale there: what a full box should measure. */
  readonly build: number;
  readonly bornAt: Seconds;
  readonly seenAt: Seconds;
  /** When last seen at a high score: plants and posts feed a track with faint boxes for ever. */
  readonly sureAt: Seconds;
  /** How often seen, capped at 1000. */
  readonly sightings: number;
  /** Sightings it takes to be believed: more for one first seen half inside somebody else's box. */
  readonly doubt: number;
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
  faintSeconds: 3,
  gate: 13.8,
  wander: 1,
  settleSeconds: 1.5,
  reachMetres: 0.3,
  runSpeed: 1.5,
  speedSpread: 1.2,
  feetSpread: 0.035,
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
  trackPlane: TrackPlane,
  settings: TrackSettings,
): TrackState {
  const plane = viewOf(trackPlane);
  if (at < state.at) {
    throw new RangeError(
      `Cannot track: time must not run backwards, was ${state.at}, current value is ${at}`,
    );
  }
  const dt = Number.isFinite(state.at) ? at - state.at : 0;
  const moved = state.tracks.map((one) => {
    const unit = unitsPerMetre(one.box, plane);
    const wander = settings.wander * restlessness(one, unit, state.at) * unit * unit;
    return { ...one, motion: predict(one.motion, dt, wander, settings.settleSeconds) };
  });
  if (people === undefined) {
    return { ...state, at, tracks: moved.filter((one) => at - one.seenAt <= settings.memorySeconds) };
  }

  const boxes = withoutParts(people.filter((person) => person.score >= settings.lowScore));
  const sure = boxes.filter((person) => person.score >= settings.highScore);
  const faint = boxes.filter((person) => person.score < settings.highScore);

  const matched = new Map<Track, Pairing>();
  const pair = (
    tracks: readonly Track[],
    offered: readonly Person[],
    near: boolean,
    rivals: readonly Track[] = [],
  ) => {
    if (tracks.length === 0 || offered.length === 0) return offered;
    const weigh = (one: Track) => offered.map((person) => pairUp(one, person, at, plane, settings, near));
    const costOf = (pairing: Pairing | undefined) => pairing?.cost ?? Number.POSITIVE_INFINITY;
    const claims = rivals.map((one) => weigh(one).map(costOf));
    const pairings = tracks.map(weigh);
    const columns = assign(
      pairings.map((row) =>
        row.map((pairing, column) =>
          claims.some((claim) => claim[column]! + claimedBy < costOf(pairing))
            ? Number.POSITIVE_INFINITY
            : costOf(pairing),
        ),
      ),
      unpairedCost,
    );
    const taken = new Set<number>();
    for (const [row, column] of columns.entries()) {
      if (column < 0) continue;
      matched.set(tracks[row]!, pairings[row]![column]!);
      taken.add(column);
    }
    return offered.filter((_, column) => !taken.has(column));
  };
  // On the floor, who was in sight a frame ago chooses first: of two boxes that come apart, the one who
  // stood in front keeps theirs, and who was hidden takes the other. But nobody leaps to a box that is
  // plainly where a hidden one stands.
  const wasInSight = (one: Track) => one.seenAt >= state.at && one.score >= glimpseScore;
  const inSight = plane.floor === undefined ? moved : moved.filter(wasInSight);
  const hidden = moved.filter((one) => !inSight.includes(one));
  const left = pair(hidden, pair(inSight, sure, false, hidden), false);
  pair(
    moved.filter((one) => !matched.has(one)),
    faint,
    true,
  );

  let { nextId, letGo } = state;
  const next: Track[] = [];
  for (const one of moved) {
    const pairing = matched.get(one);
    if (pairing === undefined) {
      // A first glimpse that is not seen again was nobody.
      if (one.confirmed && at - one.seenAt <= settings.memorySeconds) next.push(one);
      continue;
    }
    const isFaint = pairing.person.score < settings.highScore;
    if (isFaint && at - one.sureAt > settings.faintSeconds) continue;
    const sightings = Math.min(1000, one.sightings + 1);
    const { head: _, ...before } = one;
    next.push({
      ...before,
      ...headOf(pairing.person),
      motion: correct(one.motion, pairing.measured),
      box: pairing.person.box,
      score: pairing.person.score,
      build: nextBuild(one, pairing),
      seenAt: at,
      sureAt: isFaint ? one.sureAt : at,
      sightings,
      confirmed: one.confirmed || (sightings >= one.doubt && pairing.person.score >= settings.highScore),
    });
  }
  for (const person of left) {
    if (person.score < settings.birthScore) continue;
    if (next.some((one) => one.seenAt === at && overlap(one.box, person.box) > doubleOverlap)) continue;
    const measured = measure(person.box, plane, settings);
    if (!isPlace(measured.at)) continue;
    // Where two people cross, detectors draw a third box around parts of both.
    const crowded = next.some(
      (one) =>
        one.seenAt === at &&
        sharedArea(one.box, person.box) > 0.6 * Math.min(areaOf(one.box), areaOf(person.box)),
    );
    const doubt = crowded ? 4 : person.score >= settings.sureScore ? 1 : 2;
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
      ...headOf(person),
      build: heightOf(person.box) / scaleAt(plane, measured.at),
      bornAt: at,
      seenAt: at,
      sureAt: at,
      sightings: 1,
      doubt,
      confirmed: doubt <= 1,
    });
    nextId += 1;
  }
  return { at, nextId, tracks: withoutDoubles(next, at), letGo };
}

const headOf = ({ head }: Person): Pick<Track, 'head'> => (head === undefined ? {} : { head });

/** The cost of leaving a track unpaired: above any pair within the gate. */
const unpairedCost = 60;
/** A fainter box than this may be a corner of somebody else: whoever was last seen so was as good as hidden. */
const glimpseScore = 0.25;
/** A box belongs to a hidden track, and is not open to one in sight, if it fits the hidden better by this cost. */
const claimedBy = 4;
/** Two boxes that overlap by more than this are one person seen twice. */
const doubleOverlap = 0.6;
/** A box lower than this share of the whole body has something in front of its feet. */
const wholeShare = 0.8;

/**
 * In the picture two people one behind the other stand at one place, and only the overlap of their
 * boxes tells them apart; on the floor the place does. Found on the tracking sequences at 5 frames a
 * second: 7 points of IDF1 in the picture. On the floor overlap gained on some sequences and lost as much on
 * others, and on the lobbies of the card nothing once noise was laid on the boxes.
 */
const pictureWeight = 40;
const pictureOverlap = 0.2;

interface Pairing {
  readonly person: Person;
  readonly measured: Measurement;
  /** Whether the box shows the whole body, so that its height says something about it. */
  readonly whole: boolean;
  readonly build: number;
  readonly cost: number;
}

/**
 * Weighs a box as the next sighting of a track: minus twice the log-likelihood, in metres.
 *
 * A box lower than the body should be has something in front of its feet: a counter, a rail,
 * somebody else. Then its lower edge is no place on the floor, and the head counts for more.
 *
 * @param near also ask that the box overlaps where the body is expected: faint boxes are often plants
 */
function pairUp(
  one: Track,
  person: Person,
  at: Seconds,
  plane: View,
  settings: TrackSettings,
  near: boolean,
): Pairing | undefined {
  const unit = unitsPerMetre(one.box, plane);
  const reach = (settings.reachMetres + settings.runSpeed * (at - one.seenAt)) * unit;
  const height = heightOf(person.box);
  const expected = Math.max(1, one.build * scaleAt(plane, one.motion));
  const shared = overlap(expectedBox(one, expected, plane), person.box);
  if (shared < (near ? 0.25 : plane.floor === undefined ? pictureOverlap : 0)) return undefined;

  const share = height / expected;
  const whole = share >= wholeShare;
  const box = one.sightings < 3 ? person.box : { ...person.box, bottom: feetFromBody(person.box, expected) };
  // A faint box is drawn loosely.
  const looseness = Math.min(3, Math.max(1, 0.6 / person.score));
  const measured = measure(box, plane, { feetSpread: settings.feetSpread * looseness });
  if (!isPlace(measured.at)) return undefined;
  // Far from the camera a pixel is metres, and who stands still seems to leap.
  const blur = 2 * Math.sqrt(measured.spread[0] + measured.spread[3]);
  if (Math.hypot(measured.at.x - one.motion.x, measured.at.y - one.motion.y) > reach + blur) return undefined;
  const { squared, cost } = surprise(one.motion, measured);
  if (squared > settings.gate) return undefined;
  const wide = Math.log((person.box.right - person.box.left) / (one.box.right - one.box.left));
  const size = Math.min(whole ? 9 : 4, (Math.log(share) / 0.2) ** 2) + Math.min(4, (wide / 0.35) ** 2);
  const apart = plane.floor === undefined ? pictureWeight * (1 - shared) : 0;
  const inMetres = cost - 4 * Math.log(unit);
  return {
    person,
    measured,
    whole,
    build: height / scaleAt(plane, measured.at),
    cost: Math.max(0, inMetres + size + apart + 14),
  };
}

/**
 * Where the feet are, from the box's lower edge and from its head and the body's known height.
 *
 * Of a whole box both are about equally good. The more is missing below, the more the head counts.
 */
function feetFromBody(box: PixelBox, expected: number): number {
  const share = heightOf(box) / expected;
  const head = 0.5 + 0.5 * Math.min(1, Math.max(0, (1 - share) / (1 - wholeShare)));
  return box.bottom * (1 - head) + (box.top + expected) * head;
}

/**
 * Who stands goes on standing: their place is known better than one frame tells, and a box around them
 * and somebody else does not set them walking.
 *
 * @returns 0.3 for one who stands, up to 1 for one who walks, or is out of sight
 */
function restlessness(one: Track, unit: number, before: Seconds): number {
  if (one.seenAt < before || one.sightings < 4) return 1;
  const share = Math.hypot(one.motion.vx, one.motion.vy) / unit / walkingMetresPerSecond;
  return Math.min(1, 0.3 + 0.7 * share * share);
}

const walkingMetresPerSecond = 0.6;

/** Bodies do not grow: once known, a box drawn around two people changes the height by 3 % at most. */
function nextBuild(one: Track, { build, whole }: Pairing): number {
  if (one.sightings < 5) return whole ? one.build + (build - one.build) / (one.sightings + 1) : one.build;
  const change = (build - one.build) * (whole ? 0.2 : 0.03);
  const most = 0.03 * one.build;
  return one.build + Math.min(most, Math.max(-most, change));
}

function isPlace(point: PlanePoint): boolean {
  return Number.isFinite(point.x) && Number.isFinite(point.y);
}

function heightOf(box: PixelBox): number {
  return Math.max(1, box.bottom - box.top);
}

/** Where a track's body should appear in the picture. */
function expectedBox(one: Track, height: number, plane: View): PixelBox {
  const below = plane.floor === undefined ? one.motion : project(plane.floor.toPixel, one.motion);
  const half = (one.box.right - one.box.left) / 2;
  const feet = { x: below.x - leanAt(plane, one.motion) / 2, y: below.y };
  return { left: feet.x - half, top: feet.y - height, right: feet.x + half, bottom: feet.y };
}

/** How high the picture shows a metre of body at a place, in pixels; without a floor only ratios are known. */
function scaleAt(plane: View, at: PlanePoint): number {
  if (plane.upright !== undefined) {
    const height = seeAbove(plane.upright, at, 0).y - seeAbove(plane.upright, at, bodyMetres).y;
    return Math.max(1e-6, height / bodyMetres);
  }
  if (plane.floor === undefined) return 1;
  // Across the line of sight things shrink as bodies do.
  const [a, b] = stretchAt(plane.floor.toPixel, at);
  return Math.max(1e-6, Math.hypot(a, b));
}

/** How far the feet are to the right of the head in the picture, in pixels: people lean in a wide lens. */
function leanAt(plane: View, at: PlanePoint): number {
  if (plane.upright === undefined) return 0;
  return seeAbove(plane.upright, at, 0).x - seeAbove(plane.upright, at, bodyMetres).x;
}

function viewOf(plane: TrackPlane): View {
  if (plane.floor === undefined || plane.frame === undefined) return plane;
  const upright = findUpright(plane.floor.toPixel, plane.frame);
  return upright === undefined ? plane : { ...plane, upright };
}

/** Intersection over union. */
function overlap(a: PixelBox, b: PixelBox): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}

function sharedArea(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

function areaOf(box: PixelBox): number {
  return Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
}

/**
 * Takes out boxes that are a part of somebody: nearly inside a surer box, and beginning well below its
 * head. Whoever stands behind somebody shows their head; a pair of legs shows none.
 *
 * @returns surest first
 */
function withoutParts(people: readonly Person[]): readonly Person[] {
  const byScore = [...people].sort(
    (a, b) => b.score - a.score || a.box.left - b.box.left || a.box.top - b.box.top,
  );
  const kept: Person[] = [];
  for (const person of byScore) {
    const isPart = kept.some(
      ({ box }) =>
        sharedArea(box, person.box) > 0.75 * areaOf(person.box) &&
        person.box.top > box.top + 0.3 * heightOf(box),
    );
    if (!isPart) kept.push(person);
  }
  return kept;
}

/** Of two tracks on one body, the longer known is kept. */
function withoutDoubles(tracks: readonly Track[], at: Seconds): readonly Track[] {
  return tracks.filter(
    (one) =>
      one.seenAt !== at ||
      !tracks.some(
        (other) => other.seenAt === at && other.id < one.id && overlap(other.box, one.box) > doubleOverlap,
      ),
  );
}

/** Where a box's feet stand on the plane, and how far off that may be; not a number above the horizon. */
function measure(box: PixelBox, plane: View, settings: Pick<TrackSettings, 'feetSpread'>): Measurement {
  const middle = feetOf(box);
  const height = box.bottom - box.top;
  const across = Math.max(1, settings.feetSpread * height);
  // A box cut by the lower edge of the frame has its feet somewhere below.
  const cut = plane.frame !== undefined && box.bottom > plane.frame.height - 2;
  const down = cut ? height / 2 : across;
  const pixels: Matrix2 = [across * across, 0, 0, down * down];
  if (plane.floor === undefined) return { at: middle, spread: pixels };
  const { toFloor } = plane.floor;
  let feet = middle;
  // A box is centred between feet and head; where the feet are says how far they are apart.
  for (let round = 0; round < 2 && plane.upright !== undefined; round++) {
    if (!(belowHorizon(toFloor, feet) > 0)) break;
    feet = { x: middle.x + leanAt(plane, project(toFloor, feet)) / 2, y: middle.y };
  }
  if (!(belowHorizon(toFloor, feet) > 0)) return { at: { x: Number.NaN, y: Number.NaN }, spread: pixels };
  const spread = spreadAt(toFloor, feet, pixels);
  // Nobody's feet are a point: 5 cm whatever the camera says.
  return {
    at: project(toFloor, feet),
    spread: [spread[0] + 0.0025, spread[1], spread[2], spread[3] + 0.0025],
  };
}

/** The middle of a box's lower edge. */
export function feetOf(box: PixelBox): PixelPoint {
  return { x: (box.left + box.right) / 2, y: box.bottom };
}

/** Plane units in a metre at a box: 1 on the floor, its height over a body's in the picture. */
export function unitsPerMetre(box: PixelBox, plane: TrackPlane): number {
  return plane.floor === undefined ? Math.max(1, box.bottom - box.top) / bodyMetres : 1;
}
