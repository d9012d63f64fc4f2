import type { Person, PixelBox, Seconds } from '../units.ts';
import { assign } from './assign.ts';
import { areaOf, doubleOverlap, heightOf, overlap, sharedArea, withoutParts } from './boxes.ts';
import type { Motion } from './kalman.ts';
import {
  beginSight,
  boxOf,
  correctSight,
  type Looseness,
  learnLooseness,
  type Misfit,
  misfitOf,
  moveSight,
  type Sight,
  usualLooseness,
} from './sight.ts';
import type { Track, TrackSettings, TrackState } from './track.ts';
import { bodyMetres } from './view.ts';

/** A track in the picture. */
export interface PictureTrack extends Track {
  readonly sight: Sight;
  /** Has come too far to be a plant. */
  readonly hasWalked: boolean;
  /** Where in the picture they were first seen. */
  readonly origin: { readonly x: number; readonly y: number };
  /** How much speaks for somebody being there: 1 makes a track believed, 0 ends it; at most `mostEvidence`. */
  readonly evidence: number;
}

/**
 * Follows people in the picture, in pixels: where no floor is known.
 *
 * Who a box belongs to is told by place and size, in units of how loosely this camera's boxes are drawn, which is
 * learnt, and with long tails, since boxes are now and then far off; and by overlap with a margin that grows with
 * the time unseen (the idea of C-BIoU, Yang et al. 2023). A track is believed by evidence, which sightings raise
 * and misses lower; less where somebody in front hides them.
 */
export function followInPicture(
  state: TrackState,
  at: Seconds,
  people: readonly Person[] | undefined,
  settings: TrackSettings,
): TrackState {
  const dt = Number.isFinite(state.at) ? at - state.at : 0;
  const memory = settings.pictureMemorySeconds;
  const moved = state.tracks.filter((one): one is PictureTrack => 'sight' in one).map((one) => move(one, dt));
  if (people === undefined) {
    return kept(
      state,
      at,
      moved.filter((one) => at - one.seenAt <= memory),
    );
  }
  const usual = state.loose ?? usualLooseness;
  const look: Look = { at, dt, loose: usual };
  const boxes = withoutParts(people.filter((person) => person.score >= settings.lowScore));
  const sure = boxes.filter((person) => person.score >= settings.highScore);
  const faint = boxes.filter((person) => person.score < settings.highScore);
  const known = moved.filter((one) => one.confirmed);

  const matched = new Map<PictureTrack, Pairing>();
  const pair = (tracks: readonly PictureTrack[], offered: readonly Person[], near: boolean) => {
    if (tracks.length === 0 || offered.length === 0) return offered;
    const pairings = tracks.map((one) => offered.map((person) => pairUp(one, person, look, near)));
    const columns = assign(
      pairings.map((row) => row.map((pairing) => pairing?.cost ?? Number.POSITIVE_INFINITY)),
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
  const unknown = pair(known, sure, false);
  const lately = known.filter((one) => !matched.has(one) && at - one.seenAt < faintGapSeconds + dt);
  const faintLeft = pair(lately, faint, true);
  const left = [
    ...pair(
      moved.filter((one) => !one.confirmed),
      [...unknown, ...faintLeft],
      false,
    ),
  ];

  let { nextId, letGo } = state;
  let loose = usual;
  const seen: PictureTrack[] = [];
  const unseen: PictureTrack[] = [];
  for (const one of moved) {
    const pairing = matched.get(one);
    if (pairing === undefined) {
      unseen.push(one);
      continue;
    }
    const { person, misfit, bodyBox } = pairing;
    const seenBox =
      bodyBox === person.box
        ? person.box
        : { ...bodyBox, bottom: bodyBox.bottom - cutDoubt * (bodyBox.bottom - person.box.bottom) };
    const isFaint = person.score < settings.highScore;
    if (isFaint && at - one.sureAt > (one.hasWalked ? longFaintSeconds : settings.faintSeconds)) continue;
    if (!isFaint && bodyBox === person.box && one.sightings >= 3 && one.seenAt >= state.at)
      loose = learnLooseness(loose, misfit);
    const sight = correctSight(one.sight, seenBox, looseAt(usual, person.score), dt);
    const evidence = Math.min(mostEvidence, one.evidence + evidenceOf(person));
    const { head: _, ...before } = one;
    seen.push({
      ...before,
      ...headOf(person),
      hasWalked: one.hasWalked || (one.confirmed && one.sightings >= 4 && hasGone(one, sight, walkedMetres)),
      sight,
      motion: feetMotion(sight),
      box: person.box,
      score: person.score,
      seenAt: at,
      sureAt: isFaint ? one.sureAt : at,
      sightings: Math.min(1000, one.sightings + 1),
      evidence,
      confirmed: one.confirmed || evidence >= 1,
    });
  }
  const next = [...seen];
  for (const one of unseen) {
    const loss = (dt / 0.2) * (isHidden(one, seen) ? hiddenLoss : one.confirmed ? missLoss : 2 * missLoss);
    const evidence = one.evidence - loss;
    if (evidence > 0 && at - one.seenAt <= memory) next.push({ ...one, evidence });
  }
  next.sort((a, b) => a.id - b.id);
  for (const person of left) {
    if (person.score < settings.birthScore) continue;
    if (seen.some((one) => overlap(one.box, person.box) > doubleOverlap)) continue;
    if (next.length >= settings.mostTracks) {
      letGo += 1;
      continue;
    }
    const sight = beginSight(person.box, usual, settings.speedSpread);
    const evidence = evidenceOf(person) - crowding(person.box, seen);
    const one = {
      id: nextId,
      motion: feetMotion(sight),
      sight,
      hasWalked: false,
      origin: { x: sight.middle.x, y: sight.middle.y },
      box: person.box,
      ...headOf(person),
      score: person.score,
      bornAt: at,
      seenAt: at,
      sureAt: at,
      sightings: 1,
      evidence,
      confirmed: evidence >= 1,
    };
    next.push(one);
    seen.push(one);
    nextId += 1;
  }
  return kept({ ...state, nextId, letGo, loose }, at, next);
}

/** What was learnt of a camera's boxes is for those who are there: it goes with the last of them. */
function kept(state: TrackState, at: Seconds, tracks: readonly PictureTrack[]): TrackState {
  const { loose, ...rest } = state;
  return { ...rest, at, tracks, ...(tracks.length === 0 || loose === undefined ? {} : { loose }) };
}

interface Look {
  readonly at: Seconds;
  readonly dt: Seconds;
  readonly loose: Looseness;
}

const headOf = ({ head }: Person): Pick<PictureTrack, 'head'> => (head === undefined ? {} : { head });

function move(one: PictureTrack, dt: Seconds): PictureTrack {
  if (dt <= 0) return one;
  const sight = moveSight(one.sight, dt, restlessness(one.sight));
  return { ...one, sight, box: boxOf(sight), motion: feetMotion(sight) };
}

/** Where somebody is believed to appear, smoothed over the boxes seen; a track on a floor has its last box alone. */
export function believedBox(one: Track): PixelBox {
  return 'sight' in one ? boxOf((one as PictureTrack).sight) : one.box;
}

/** In the picture a person stands where the box ends. */
function feetMotion({ middle, logHeight }: Sight): Motion {
  return { ...middle, y: middle.y + Math.exp(logHeight) / 2 };
}

/** How far somebody has come from where they were first seen, against a number of metres; by their height in the picture. */
function hasGone({ origin }: PictureTrack, { middle, logHeight }: Sight, metres: number): boolean {
  return Math.hypot(middle.x - origin.x, middle.y - origin.y) > (metres * Math.exp(logHeight)) / bodyMetres;
}

/** A sighting at score .6 is believed at once; at .5 a second one is waited for. */
const evidenceOf = ({ score }: Person): number => Math.min(1.2, (score - 0.1) / 0.5);

const looseAt = (loose: Looseness, score: number): Looseness => ({
  ...loose,
  middle: loose.middle * Math.min(2, Math.max(1, 0.6 / score)),
});

function isHidden(one: PictureTrack, seen: readonly PictureTrack[]): boolean {
  const area = areaOf(one.box);
  const below = one.box.bottom - 0.1 * heightOf(one.box);
  return seen.some(
    (other) => other.box.bottom > below && sharedArea(one.box, other.box) > hiddenShare * area,
  );
}

/** Where two people cross, detectors draw a third box around parts of both. */
function crowding(box: PixelBox, seen: readonly PictureTrack[]): number {
  const share = Math.max(
    0,
    ...seen.map((one) => sharedArea(one.box, box) / Math.max(1, Math.min(areaOf(one.box), areaOf(box)))),
  );
  return (crowdLoss * Math.max(0, share - crowdShare)) / (1 - crowdShare);
}

/** Evidence is lost a fifth of a second at a time: a person well known is kept for some three seconds. */
const mostEvidence = 4;
const missLoss = 0.25;
const hiddenLoss = 0.075;
const hiddenShare = 0.5;
const crowdLoss = 3;
const crowdShare = 0.3;
/** Only a track seen this lately is kept by a faint box. */
const faintGapSeconds = 0.5;
/** Who has walked this far is no plant, and faint boxes keep them longer. */
const walkedMetres = 0.8;
const longFaintSeconds = 6;
/** Boxes are compared with a margin, as a share of their size, and more for each second unseen (the idea of C-BIoU, Yang et al. 2023). */
const boxMargin = 0.15;
const unseenMargin = 0.3;
const sizeWeight = 0.6;
const overlapWeight = 4;
/** So that costs are above 0 for assigning. */
const costOffset = 22;
const middleGate = 32;
/** A box lower than this share of the body may be cut by something in front; then the head places it. */
const cutShare = 0.95;
const cutCost = 2;
/** How much of what is missing below is believed to be a smaller body after all. */
const cutDoubt = 0.2;
/** The cost of leaving a track unpaired. Higher: people are found again after a wild box, and swap more. */
const unpairedCost = 28;
const pictureOverlap = 0.1;
const faintOverlap = 0.3;

interface Pairing {
  readonly person: Person;
  readonly misfit: Misfit;
  /** The box of the whole body, which may be longer than the one that was drawn. */
  readonly bodyBox: PixelBox;
  readonly cost: number;
}

/** Weighs a box as the next sighting of a track: minus twice the log-likelihood, but for a constant. */
function pairUp(one: PictureTrack, person: Person, look: Look, near: boolean): Pairing | undefined {
  const { at, dt } = look;
  const grown = boxMargin + unseenMargin * Math.min(1, Math.max(0, at - one.seenAt - dt));
  const shared = overlap(grow(one.box, grown), grow(person.box, grown));
  if (shared < (near ? faintOverlap : pictureOverlap)) return undefined;
  const fits = (box: PixelBox) => {
    const misfit = misfitOf(one.sight, box, look.loose);
    const again = box === person.box ? shared : overlap(grow(one.box, grown), grow(box, grown));
    const cost =
      robust(misfit.middle) +
      sizeWeight * robust(misfit.size) +
      misfit.vagueness +
      overlapWeight * (1 - again);
    return { misfit, cost, box };
  };
  let best = fits(person.box);
  const tall = heightOf(one.box);
  if (heightOf(person.box) < cutShare * tall && one.sightings >= 3) {
    const cut = fits({ ...person.box, bottom: person.box.top + tall });
    cut.cost += cutCost;
    if (cut.cost < best.cost) best = cut;
  }
  const { misfit, cost, box: bodyBox } = best;
  if (misfit.middle > middleGate) return undefined;
  return { person, misfit, bodyBox, cost: Math.max(0, cost + costOffset) };
}

/** Minus twice the log-likelihood under Student's t with 4 degrees of freedom: boxes are now and then far off. */
const robust = (squared: number): number => 6 * Math.log(1 + squared / 4);

function grow(box: PixelBox, share: number): PixelBox {
  const [across, down] = [(box.right - box.left) * share, (box.bottom - box.top) * share];
  return {
    left: box.left - across,
    top: box.top - down,
    right: box.right + across,
    bottom: box.bottom + down,
  };
}

/** Who walks goes on as they do; who stands may set off any moment, to any side. */
function restlessness({ middle, logHeight }: Sight): number {
  const metresPerSecond = (Math.hypot(middle.vx, middle.vy) / Math.exp(logHeight)) * bodyMetres;
  return 1 + Math.exp(-((metresPerSecond / walkingMetresPerSecond) ** 2));
}

const walkingMetresPerSecond = 0.6;
