import { isPart, isWithin } from '../detect/look-closer.ts';
import { type Along, along, between } from '../geometry/along.ts';
import { type Descent, descentAt, type FloorView, farthestDown, project } from '../geometry/homography.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { Metres, Person, PixelBox, Pixels, Seconds } from '../units.ts';
import { assignLinks, type Link } from './assign.ts';
import { anybody, type Body, correctBody, type EdgesOff, moveStature, newStature } from './body.ts';
import { areaOf, coveredBelow, doubleOverlap, heightOf, overlap, sharedArea, withoutParts } from './boxes.ts';
import { evidenceOf } from './evidence.ts';
import { type Feet, feetOfBody, feetOfCovered, feetOfStranger, wholeShare } from './feet.ts';
import { beginMotion, type Measurement, predict, surprise } from './kalman.ts';
import { shareBoxes } from './shared-box.ts';
import type { Track, TrackSettings, TrackState } from './track.ts';
import { blurOf, isPlace, leanAt, measure, scaleAt, shoeOf, type View } from './view.ts';

/** A calibrated camera's view. */
export interface FloorPlane extends View {
  readonly floor: Pick<FloorView, 'toFloor' | 'toPixel'>;
}

/** A track on the floor. */
export interface FloorTrack extends Track, Body {
  /** Sightings it takes to be believed: more for one first seen inside the boxes of several, see `standingAmong`. */
  readonly doubt: number;
  /** First seen half inside the box of one other, and of nobody else. */
  readonly isBeside?: true;
  /** Log-odds so far that this is a person, at most `mostBelief`. */
  readonly belief: number;
  readonly bornWhere: PlanePoint;
  /** When a box was last theirs, while nobody looks where they are; absent: at `seenAt`. */
  readonly foundAt?: Seconds;
}

/**
 * Follows people on the floor, in metres: where the camera is calibrated.
 *
 * Distance is measured in units of its own uncertainty, which grows with distance from the camera (the idea of
 * UCMCTrack, Yi et al. 2024). A box that stands apart from all others begins a track also when it is faint, if it
 * is as tall as people are: such a track is believed once its boxes together speak for a person, and once it has
 * moved they count in full. Plants and posters do neither.
 *
 * Place and height are believed together, see `correctBody`; of two who are in one box, each has an edge of it, see
 * `shareBoxes`.
 *
 * Where parts of the picture alone were looked at, whoever was in sight beyond them is taken to go on as they did: see
 * `track`.
 */
export function followOnFloor(
  state: TrackState,
  at: Seconds,
  people: readonly Person[] | undefined,
  plane: FloorPlane,
  settings: TrackSettings,
  within?: readonly PixelBox[],
): TrackState {
  const dt = Number.isFinite(state.at) ? at - state.at : 0;
  const moved = state.tracks
    .filter((one): one is FloorTrack => 'build' in one)
    .map((one) => {
      const wander = settings.wander * restlessness(one, state.at);
      return {
        ...one,
        motion: predict(one.motion, dt, wander, settings.settleSeconds),
        stature: moveStature(one.stature, one.motion, dt, settings.settleSeconds),
      };
    });
  if (people === undefined) {
    return { ...state, at, tracks: moved.filter((one) => at - one.seenAt <= settings.memorySeconds) };
  }

  const boxes = withoutParts(people.filter((person) => person.score >= settings.lowScore));
  const sure = boxes.filter((person) => person.score >= settings.highScore);
  const faint = boxes.filter((person) => person.score < settings.highScore);
  const covered = coveredBelow(boxes, settings.highScore);

  const matched = new Map<FloorTrack, Pairing>();
  const pair = (
    tracks: readonly FloorTrack[],
    offered: readonly Person[],
    near: boolean,
    rivals: readonly FloorTrack[] = [],
  ) => {
    if (tracks.length === 0 || offered.length === 0) return offered;
    const boxes = along([...offered.entries()], acrossOf);
    const weigh = (one: FloorTrack) =>
      pairingsOf(expectBody(one, at, plane, settings), boxes, covered, plane, settings, near);
    const claims: number[] = offered.map(() => Number.POSITIVE_INFINITY);
    for (const { column, cost } of rivals.flatMap(weigh)) {
      if (cost < claims[column]!) claims[column] = cost;
    }
    const pairings = tracks.map((one) =>
      weigh(one).filter(({ column, cost }) => !(claims[column]! + claimedBy < cost)),
    );
    const taken = new Set<number>();
    for (const [row, column] of assignLinks(pairings, unpairedCost).entries()) {
      if (column < 0) continue;
      matched.set(tracks[row]!, pairings[row]!.find((one) => one.column === column)!);
      taken.add(column);
    }
    return offered.filter((_, column) => !taken.has(column));
  };
  // Who was in sight a frame ago chooses first: of two boxes that come apart, the one who
  // stood in front keeps theirs, and who was hidden takes the other. But nobody leaps to a box that is
  // plainly where a hidden one stands.
  const wasInSight = (one: FloorTrack) => one.seenAt >= state.at && one.score >= glimpseScore;
  const inSight = moved.filter(wasInSight);
  const hidden = moved.filter((one) => !inSight.includes(one));
  const left = pair(hidden, pair(inSight, sure, false, hidden), false);
  const faintLeft = pair(
    moved.filter((one) => !matched.has(one)),
    faint,
    true,
  );

  const shared = shareBoxes(moved, matched, at, plane);
  let { nextId, letGo } = state;
  const next: FloorTrack[] = [];
  /** In sight before, and nobody looked where they are now. */
  const beyond: FloorTrack[] = [];
  for (const one of moved) {
    const pairing = matched.get(one);
    const body = shared.get(one);
    if (body !== undefined) {
      const foundAt = pairing === undefined ? { foundAt: one.foundAt ?? one.seenAt } : {};
      const { foundAt: _, head: __, ...before } = one;
      next.push({ ...before, ...body, ...foundAt, seenAt: at, sightings: Math.min(1000, one.sightings + 1) });
      continue;
    }
    if (pairing === undefined && within !== undefined && one.seenAt >= state.at) {
      const box = bodyBoxOf(one, plane);
      if (!within.some((part) => isWithin(box, part))) {
        beyond.push({ ...one, box, seenAt: at, foundAt: one.foundAt ?? one.seenAt });
        continue;
      }
    }
    if (pairing === undefined) {
      // A first glimpse that is not seen again was nobody.
      const belief = one.confirmed ? one.belief : one.belief - missedBelief;
      const memory = one.confirmed ? settings.memorySeconds : glimpseMemorySeconds;
      const isKept = one.confirmed || (belief > 0 && plane.upright !== undefined);
      if (isKept && at - one.seenAt <= memory) next.push({ ...one, belief, doubt: wavering(one) });
      continue;
    }
    const isFaint = pairing.person.score < settings.highScore;
    if (isFaint && at - one.sureAt > settings.faintSeconds) continue;
    const sightings = Math.min(1000, one.sightings + 1);
    const belief = Math.min(mostBelief, one.belief + news(one, pairing, plane));
    const doubt = pairing.person.score < settings.birthScore ? wavering(one) : one.doubt;
    const isBelieved = plane.upright !== undefined && doubt < crowdedDoubt && belief >= enoughBelief;
    const isSeen = sightings >= doubt && pairing.person.score >= settings.highScore;
    const { head: _, foundAt: __, ...before } = one;
    next.push({
      ...before,
      ...headOf(pairing.person),
      ...correctBody(one, pairing.person.box, pairing.edges, pairing.measured.at, plane),
      box: pairing.person.box,
      score: pairing.person.score,
      seenAt: at,
      sureAt: isFaint ? one.sureAt : at,
      sightings,
      doubt,
      belief,
      confirmed: one.confirmed || isSeen || isBelieved,
    });
  }
  next.push(...beyond);
  next.sort((a, b) => a.id - b.id);
  for (const person of plane.upright === undefined ? left : [...left, ...faintLeft]) {
    const isFaint = person.score < settings.birthScore;
    if (isFaint && (plane.upright === undefined || !standsApart(person, boxes, next, plane))) continue;
    if (beyond.some((one) => isPart(person.box, one.box))) continue;
    if (next.some((one) => one.seenAt === at && overlap(one.box, person.box) > doubleOverlap)) continue;
    const feet = feetOfStranger(person, settings.feetSpread);
    const measured = measure(feet.box, plane, feet.spread);
    if (!isPlace(measured.at)) continue;
    const evidence = evidenceOf(person.score, metresTall(person.box, measured.at, plane));
    if (isFaint && evidence < leastToBegin) continue;
    const among = standingAmong(
      next.filter((one) => one.seenAt === at).map(({ box }) => box),
      person.box,
    );
    const isSure = person.score >= settings.sureScore && among === 'nobody';
    const doubt = among === 'several' ? crowdedDoubt : isSure ? 1 : 2;
    if (next.length >= settings.mostTracks) {
      letGo += 1;
      continue;
    }
    const build = heightOf(person.box) / scaleAt(plane, measured.at);
    next.push({
      id: nextId,
      ...(covered.has(person)
        ? beginCovered(person, plane, settings)
        : { motion: beginMotion(measured, settings.speedSpread), build, stature: newStature }),
      box: person.box,
      score: person.score,
      ...headOf(person),
      bornAt: at,
      seenAt: at,
      sureAt: at,
      sightings: 1,
      doubt,
      ...(among === 'one' ? { isBeside: true as const } : {}),
      belief: Math.min(firstBelief, evidence),
      bornWhere: { x: measured.at.x, y: measured.at.y },
      confirmed: doubt <= 1,
    });
    nextId += 1;
  }
  return { at, nextId, tracks: withoutDoubles(next, at), letGo };
}

/**
 * In whose boxes somebody new is first seen.
 *
 * Where two people cross, detectors draw a third box around parts of both. Whoever comes out from behind somebody shares
 * a box with that one alone, and no larger box is around them.
 */
function standingAmong(others: readonly PixelBox[], box: PixelBox): 'nobody' | 'one' | 'several' {
  const shares = others.map((one) => sharedArea(one, box) / Math.min(areaOf(one), areaOf(box)));
  if (!shares.some((share) => share > crowdedShare)) return 'nobody';
  const held = others.filter((_, n) => shares[n]! > heldShare);
  return held.length === 1 && areaOf(box) < largestShare * areaOf(held[0]!) ? 'one' : 'several';
}

/** How often one must be seen who was not at once seen again for certain. */
const wavering = ({ isBeside, confirmed, doubt }: FloorTrack): number =>
  isBeside === true && !confirmed ? crowdedDoubt : doubt;

/** Somebody new whose feet are behind somebody else: as tall as people are, they stand where their head says. */
function beginCovered(person: Person, plane: FloorPlane, { feetSpread, speedSpread }: TrackSettings): Body {
  const { box, edges } = feetOfCovered(person, feetSpread);
  const measured = measure(box, plane, { across: edges.across, down: edges.lower });
  const body = { motion: beginMotion(measured, speedSpread), ...anybody };
  return correctBody(body, box, { ...edges, across: taken, lower: taken }, measured.at, plane);
}

/** Of an edge that has been taken in already: it says nothing more. */
const taken: Pixels = 1e6;

/** What a sighting adds: faint boxes of what has never moved are not each a new reason to believe in it. */
function news(one: FloorTrack, { person, measured }: Pairing, plane: FloorPlane): number {
  const evidence = evidenceOf(person.score, metresTall(person.box, measured.at, plane));
  const gone = Math.hypot(measured.at.x - one.bornWhere.x, measured.at.y - one.bornWhere.y);
  return evidence > 0 && gone < movedMetres ? staleShare * evidence : evidence;
}

/** How tall the body in a box would be; not known where the picture's edge cuts it, or the camera's tilt is not known. */
function metresTall(box: PixelBox, at: PlanePoint, plane: FloorPlane): Metres | undefined {
  const isCut = plane.frame !== undefined && box.bottom > plane.frame.height - 3;
  return plane.upright === undefined || isCut ? undefined : heightOf(box) / scaleAt(plane, at);
}

/** Whether a box shares next to nothing with any surer one, nor with anybody who is followed. */
function standsApart(
  person: Person,
  boxes: readonly Person[],
  tracks: readonly FloorTrack[],
  plane: FloorPlane,
): boolean {
  const shares = (box: PixelBox) =>
    sharedArea(box, person.box) > apartShare * Math.min(areaOf(box), areaOf(person.box));
  const isPart = boxes.some((one) => one !== person && one.score > person.score && shares(one.box));
  return !isPart && !tracks.some((one) => shares(one.box) || shares(bodyBoxOf(one, plane)));
}

const bodyBoxOf = (one: FloorTrack, plane: FloorPlane): PixelBox =>
  expectedBox(one, Math.max(1, one.build * scaleAt(plane, one.motion)), plane);

/** A faint box begins a track if it speaks for a person by this much: log-odds, as all of the following. */
const leastToBegin = 1.5;
/** No single box is believed more than this. */
const firstBelief = 3;
const enoughBelief = 6;
const mostBelief = 9;
/** What a miss takes from a track that is not believed yet, and how long it is waited for. */
const missedBelief = 1.5;
const glimpseMemorySeconds: Seconds = 0.7;
/** Somebody has moved once they are this far from where they were first seen; until then a box counts for a part. */
const movedMetres: Metres = 0.4;
const staleShare = 0.25;
/** Boxes that share less than this of the smaller one stand apart. */
const apartShare = 0.15;
/** A box is inside another from so much of the smaller one; then each other one with so much counts among the several. */
const crowdedShare = 0.6;
const heldShare = 0.5;
/** A box this much larger than the one it shares with is around more than one. */
const largestShare = 1.5;
/** Who is first seen half inside the boxes of several is waited for this often. */
const crowdedDoubt = 4;

const headOf = ({ head }: Person): Pick<Track, 'head'> => (head === undefined ? {} : { head });

/** The cost of leaving a track unpaired: above any pair within the gate. */
const unpairedCost = 60;
/** A fainter box than this may be a corner of somebody else: whoever was last seen so was as good as hidden. */
const glimpseScore = 0.25;
/** A box belongs to a hidden track, and is not open to one in sight, if it fits the hidden better by this cost. */
const claimedBy = 4;
/** A faint box must overlap where the body is expected by this much: others are plants. */
const faintOverlap = 0.25;

/** Of whoever was seen so often it is known how tall they are. */
const knownAfter = 3;

/** A box as the next sighting of a track; its column is its place among those offered. */
interface Pairing extends Link {
  readonly person: Person;
  readonly measured: Measurement;
  readonly edges: EdgesOff;
}

/** A track's body as it should appear now: worked out once a look, for all the boxes it is weighed against. */
interface Expected {
  readonly one: FloorTrack;
  readonly reach: Metres;
  readonly height: Pixels;
  readonly heightOff: Pixels;
  readonly box: PixelBox;
  /** Twice the middle of the box, and twice how far off another's middle may be: past it no gate is met. */
  readonly across: number;
  readonly widest: number;
  /** How far up or down the picture a step may lead. */
  readonly descent: Descent;
}

type Offered = readonly [column: number, person: Person];

const acrossOf = ([, { box }]: Offered): number => box.left + box.right;

function expectBody(one: FloorTrack, at: Seconds, plane: FloorPlane, settings: TrackSettings): Expected {
  const scale = scaleAt(plane, one.motion);
  const height = Math.max(1, one.build * scale);
  const box = expectedBox(one, height, plane);
  const { position } = one.motion;
  // Nobody is nearer to the gate sideways than the whole of what is not known of them; generous twice over.
  const unsure = Math.sqrt(settings.gate * (position[0] + position[3])) + sidewaysMetres;
  return {
    one,
    reach: settings.reachMetres + settings.runSpeed * (at - (one.foundAt ?? one.seenAt)),
    height,
    heightOff: Math.sqrt(one.stature.variance) * scale,
    box,
    across: box.left + box.right,
    widest: 4 * unsure * scale,
    descent: descentAt(plane.floor.toPixel, one.motion),
  };
}

/** A loosely drawn box of a tall person may be this far off sideways. */
const sidewaysMetres: Metres = 1;

/** The boxes that may be the next sighting of a track, in order of column. */
function pairingsOf(
  body: Expected,
  boxes: Along<Offered>,
  covered: ReadonlySet<Person>,
  plane: FloorPlane,
  settings: TrackSettings,
  near: boolean,
): Pairing[] {
  const pairings: Pairing[] = [];
  for (const offered of between(boxes, body.across - body.widest, body.across + body.widest)) {
    const pairing = pairUp(body, offered, covered, plane, settings, near);
    if (pairing !== undefined) pairings.push(pairing);
  }
  return pairings.sort(byColumn);
}

const byColumn = (a: Link, b: Link): number => a.column - b.column;

/**
 * Weighs a box as the next sighting of a track: minus twice the log-likelihood, in metres.
 *
 * A box lower than the body should be has something in front of its feet: a counter, a rail,
 * somebody else. Then its lower edge is no place on the floor, and the head counts for more.
 *
 * @param near also ask that the box overlaps where the body is expected: faint boxes are often plants
 */
function pairUp(
  body: Expected,
  [column, person]: Offered,
  covered: ReadonlySet<Person>,
  plane: FloorPlane,
  settings: TrackSettings,
  near: boolean,
): Pairing | undefined {
  const { one, reach, height: expected, heightOff, box: around } = body;
  if (near && overlap(around, person.box) < faintOverlap) return undefined;

  const { sightings } = one;
  const isCovered = sightings >= knownAfter && covered.has(person);
  const known = { height: expected, heightOff, sightings, isCovered };
  const feet = feetOfBody(person, known, settings.feetSpread);
  if (isOutOfReach(body, feet, plane)) return undefined;
  const height = heightOf(person.box);
  const share = height / expected;
  const whole = share >= wholeShare;
  const measured = measure(feet.box, plane, feet.spread);
  if (!isPlace(measured.at)) return undefined;
  // Far from the camera a pixel is metres, and who stands still seems to leap.
  const blur = 2 * Math.sqrt(measured.spread[0] + measured.spread[3]);
  if (Math.hypot(measured.at.x - one.motion.x, measured.at.y - one.motion.y) > reach + blur) return undefined;
  const { squared, cost } = surprise(one.motion, measured);
  if (squared > settings.gate) return undefined;
  const wide = Math.log((person.box.right - person.box.left) / (one.box.right - one.box.left));
  const size = Math.min(whole ? 9 : 4, (Math.log(share) / 0.2) ** 2) + Math.min(4, (wide / 0.35) ** 2);
  return {
    column,
    person,
    measured,
    edges: feet.edges,
    cost: Math.max(0, cost + size + 14),
  };
}

/**
 * Whether a box's feet are plainly too far up or down the picture to be somebody's who can have gone only so far: told
 * before it is worked out where on the floor they are.
 */
function isOutOfReach(body: Expected, { box, spread }: Feet, plane: FloorPlane): boolean {
  const step = body.reach + blurMargin * blurOf(box, plane, spread);
  return Math.abs(box.bottom - body.box.bottom) > blurMargin * farthestDown(body.descent, step);
}

/** So much more, since people lean in a wide lens, and the place that was blurred was a little beside. */
const blurMargin = 1.25;

/**
 * Who stands goes on standing: their place is known better than one frame tells, and a box around them
 * and somebody else does not set them walking.
 *
 * What has stood where it was first seen for a while may be a thing, and does not walk off with who passes by.
 *
 * @returns 0.05 for what may be a thing, 0.3 for one who stands, up to 1 for one who walks, or is out of sight
 */
function restlessness(one: FloorTrack, before: Seconds): number {
  if (one.seenAt < before || one.sightings < 4) return 1;
  const { x, y, vx, vy } = one.motion;
  const isThing =
    one.seenAt - one.bornAt > thingSeconds &&
    Math.hypot(x - one.bornWhere.x, y - one.bornWhere.y) < movedMetres;
  if (isThing) return thingRestlessness;
  const share = Math.hypot(vx, vy) / walkingMetresPerSecond;
  return Math.min(1, 0.3 + 0.7 * share * share);
}

const walkingMetresPerSecond = 0.6;
const thingSeconds: Seconds = 4;
const thingRestlessness = 0.05;

/** Where a track's body should appear in the picture. */
function expectedBox(one: FloorTrack, height: number, plane: FloorPlane): PixelBox {
  const below = project(plane.floor.toPixel, shoeOf(plane, one.motion));
  const half = (one.box.right - one.box.left) / 2;
  const feet = { x: below.x - leanAt(plane, one.motion) / 2, y: below.y };
  return { left: feet.x - half, top: feet.y - height, right: feet.x + half, bottom: feet.y };
}

/** Of two tracks on one body, the longer known is kept. */
function withoutDoubles(tracks: readonly FloorTrack[], at: Seconds): readonly FloorTrack[] {
  return tracks.filter(
    (one) =>
      one.seenAt !== at ||
      !tracks.some(
        (other) => other.seenAt === at && other.id < one.id && overlap(other.box, one.box) > doubleOverlap,
      ),
  );
}
