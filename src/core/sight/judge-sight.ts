import type { Seconds } from '../units.ts';
import { edgesOf, findShift, overlay } from './background.ts';
import type { Reading } from './read-picture.ts';
import type { BlindReason } from './watch.ts';

/**
 * What is remembered of one camera's picture: numbers from which the still part of it could be guessed
 * at, so it stays in the process that has the pictures, and is never saved, recorded or sent.
 */
export interface SightState {
  readonly at?: Seconds;
  /** Edges of what stands still, learnt while the picture was good. People average out of it. */
  readonly background?: Background;
  /** The background as it was first learnt, which no drift moves. */
  readonly anchor?: readonly number[];
  readonly anchorComparedAt?: Seconds;
  /** Whether every picture of this camera differs from the last, as a sensor's noise makes it. */
  readonly noise: { readonly pictures: number; readonly still: number };
  readonly cells?: readonly number[];
  readonly stillSince?: Seconds;
  /** The last picture was another, after a still one: a video's key frame looks a little different each time. */
  readonly stirred?: true;
  /** Moments of the frames of the last ten seconds: at most some 300. */
  readonly framesAt: readonly Seconds[];
  /** What has been amiss without a break, and since when. */
  readonly amiss?: { readonly why: BlindReason; readonly since: Seconds };
  /** Told as blind, until all has been well for a while. */
  readonly blind?: { readonly why: BlindReason; readonly since: Seconds; readonly wellSince?: Seconds };
}

interface Background {
  readonly edges: readonly number[];
  /** Sharpness over spread: the same in a dim light. */
  readonly crispness: number;
  readonly since: Seconds;
  readonly updatedAt: Seconds;
  readonly pictures: number;
}

/** What a frame is worth. */
export interface SightVerdict {
  /** Whether who is seen in it, and who is not, means anything. */
  readonly trusted: boolean;
  /** What is amiss; absent when trusted. */
  readonly why?: BlindReason;
  /** Amiss for long enough to be told; it heals as slowly. */
  readonly blind?: { readonly why: BlindReason; readonly since: Seconds };
}

export const noSight: SightState = { noise: { pictures: 0, still: 0 }, framesAt: [] };

/**
 * How long something is amiss before it is told. Shorter: a hand that cleans the lens is told. Longer:
 * staff rely on a camera that sees nothing. Frames are not trusted meanwhile, so nothing false is
 * noticed, whatever the wait.
 */
export const tellAfterSeconds: Readonly<Record<BlindReason, Seconds>> = {
  dark: 2,
  covered: 2,
  defocused: 4,
  moved: 5,
  frozen: 5,
  'too-slow': 10,
};
/** How long all must be well before it is told as healed. */
export const healAfterSeconds: Seconds = 3;

/**
 * Below these the detector finds fewer than three people in four: measured on four clips darkened step
 * by step, from 0.8 of them at a spread of 2.5 to 0.2 at 1.5.
 */
const darkMean = 25;
const darkSpread = 3;
/** Bright but without contrast: fog on the lens, a tape, a glare. At a spread of 5 half the people are missed. */
const paleSpread = 5;
/**
 * Sharpness under this part of the camera's own: at 0.3 the detector finds between a quarter and two
 * thirds of the people. Within a clip it never fell below 0.8 by itself.
 */
const blurredPart = 0.35;
/**
 * Blocks of the background that are where they should be. The fullest lobby of the library hides a third
 * of them; a camera turned by three degrees or nudged by a hundredth of its width shows a quarter.
 */
const leastMatched = 0.4;
/** Fewer than this, and nothing of the lobby shows, whatever there is instead. */
const lostMatched = 0.15;
/** Blocks without their edges: a bag before the lens empties four of five. */
const coveredBare = 0.5;
/** Of the blocks found again near their place, so many lie elsewhere when a camera has moved. */
const movedElsewhere = 0.7;
const movedFound = 0.2;

/** A frame a second and less: between two looks a walker goes farther than the reach of a track. */
export const leastFramesPerSecond = 1;
const rateOverSeconds: Seconds = 10;

/** So long the first background is learnt; nothing is judged by it before. */
const learnSeconds: Seconds = 10;
const learnPictures = 10;
/** The background follows the light of the day, and furniture that was put somewhere else. */
const followSeconds: Seconds = 120;
/** Sharpness falls by itself at night, when cameras smooth their noise: slowly, or it would hide a loss. */
const softenSeconds: Seconds = 43_200;
const compareAnchorEvery: Seconds = 60;
const updateEvery: Seconds = 0.5;
/** After a longer gap, what was amiss before it says nothing about now. */
const gapSeconds: Seconds = 5;

/** A picture is still if fewer cells changed than this; a frozen one, coded as video, changes next to none. */
const stillShare = 0.1;
const frozenShare = 0.01;
/** Pictures a camera must have shown, and how few of them still, before stillness means a fault. */
const noisePictures = 100;
const noiseStill = 0.01;
const noiseMemoryPictures = 5000;

/**
 * Judges frame by frame whether a camera sees what it should.
 *
 * What is amiss makes a frame untrusted at once; it is told after a while, and heals after a while, so
 * that neither a flicker nor a lens being wiped is news.
 *
 *     amiss    ░░░░██████████████████░░░░░░░
 *     trusted  ████░░░░░░░░░░░░░░░░░░███████
 *     blind          ██████████████████
 *                    └ after 2 to 10 s └ 3 s after all is well
 *
 * Nothing is learnt from a frame that is amiss, so no fault ever becomes normal: a camera that was moved
 * stays so until its view returns or the service starts anew. A slow change of light is followed, since
 * edges and their sharpness are judged by the picture's own contrast.
 *
 * Frozen is told only of a camera whose pictures otherwise differ in a tenth of their cells or more. One that smooths its noise
 * away, or a rendered clip of an empty lobby, is still without being frozen, and is never told as such.
 *
 * Time is read from the readings: the same at any frame rate from which sight is possible.
 *
 * @returns the new state and what the frame is worth
 */
export function judgeSight(state: SightState, reading: Reading): [SightState, SightVerdict] {
  const { at } = reading;
  const gap = state.at === undefined ? 0 : at - state.at;
  const begun = gap > gapSeconds || gap < 0 ? afterGap(state) : state;
  const framesAt = [...begun.framesAt.filter((one) => one > at - rateOverSeconds), at];
  const still = stillness(begun, reading);
  const edges = edgesOf(reading.cells);
  const why = amissIn(begun, reading, edges) ?? still.why ?? slowness(begun, framesAt, at);
  const amiss =
    why === undefined ? undefined : { why, since: begun.amiss?.why === why ? begun.amiss.since : at };
  const blind = tellOrHeal(begun.blind, amiss, at);
  const { amiss: _, blind: __, stillSince: ___, stirred: ____, ...kept } = begun;
  const next: SightState = {
    ...kept,
    at,
    cells: reading.cells,
    noise: still.noise,
    framesAt,
    ...(still.since === undefined ? {} : { stillSince: still.since }),
    ...(still.stirred === undefined ? {} : { stirred: true }),
    ...(amiss === undefined ? {} : { amiss }),
    ...(blind === undefined ? {} : { blind }),
  };
  const isWell = amiss === undefined && blind === undefined;
  // Whoever is slow is trusted until it is told: a stall of some seconds is not yet a slow camera.
  const doubted = amiss !== undefined && amiss.why !== 'too-slow' && amiss.why !== 'frozen';
  const trusted = !doubted && blind === undefined;
  const reason = blind?.why ?? amiss?.why;
  return [
    isWell ? learn(next, reading, edges) : next,
    {
      trusted,
      ...(trusted || reason === undefined ? {} : { why: reason }),
      ...(blind === undefined ? {} : { blind: { why: blind.why, since: blind.since } }),
    },
  ];
}

function afterGap(state: SightState): SightState {
  const { amiss: _, cells: __, stillSince: ___, stirred: ____, ...kept } = state;
  return { ...kept, framesAt: [] };
}

/** What the picture itself shows to be amiss, the plainest first. */
function amissIn(state: SightState, reading: Reading, edges: readonly number[]): BlindReason | undefined {
  if (reading.mean < darkMean && reading.spread < darkSpread) return 'dark';
  if (reading.spread < paleSpread && reading.mean >= darkMean) return 'covered';
  const { background } = state;
  if (background === undefined || !isLearnt(background)) return undefined;
  const { blocks, matched, bare } = overlay(background.edges, edges);
  if (blocks >= leastBlocks && matched < leastMatched) {
    if (bare >= coveredBare) return 'covered';
    // Once told it stays so until its view is back: nothing need be searched for.
    if (state.blind?.why === 'moved') return 'moved';
    const shift = findShift(background.edges, edges);
    const elsewhere = shift.found >= movedFound && shift.elsewhere >= movedElsewhere;
    if (elsewhere || matched < lostMatched) return 'moved';
  }
  return reading.sharpness / reading.spread < blurredPart * background.crispness ? 'defocused' : undefined;
}

/** With fewer blocks that have edges (a bare wall), one person more or less would decide. */
const leastBlocks = 8;

function isLearnt(background: Background): boolean {
  return background.updatedAt - background.since >= learnSeconds && background.pictures >= learnPictures;
}

/** Follows how still the picture is. A run of still pictures counts when it ends, and not while it may be a fault. */
function stillness(
  state: SightState,
  { at, cells }: Reading,
): {
  readonly noise: SightState['noise'];
  readonly since?: Seconds;
  readonly stirred?: true;
  readonly why?: BlindReason;
} {
  const { noise, cells: before, stillSince, stirred } = state;
  if (before === undefined) return { noise };
  let changed = 0;
  for (let i = 0; i < cells.length; i++) if (cells[i] !== before[i]) changed += 1;
  const isFrozen = changed < cells.length * frozenShare;
  if (isFrozen || (stillSince !== undefined && !stirred)) {
    const since = stillSince ?? at;
    const isNoisy = noise.pictures >= noisePictures && noise.still <= noise.pictures * noiseStill;
    return { noise, since, ...(isFrozen ? {} : { stirred: true }), ...(isNoisy ? { why: 'frozen' } : {}) };
  }
  const isStill = stillSince !== undefined || changed < cells.length * stillShare;
  const fades = noise.pictures >= noiseMemoryPictures ? 0.5 : 1;
  return { noise: { pictures: noise.pictures * fades + 1, still: noise.still * fades + (isStill ? 1 : 0) } };
}

function slowness(state: SightState, framesAt: readonly Seconds[], at: Seconds): BlindReason | undefined {
  // A tenth more to heal than to be told, or a camera at the limit would come and go.
  const least = leastFramesPerSecond * (state.blind?.why === 'too-slow' ? 1.1 : 1);
  const oldest = framesAt[0]!;
  if (framesAt.length < 2 || at - oldest < rateOverSeconds / 2) return undefined;
  return (framesAt.length - 1) / (at - oldest) < least - 0.02 ? 'too-slow' : undefined;
}

function tellOrHeal(
  blind: SightState['blind'],
  amiss: SightState['amiss'],
  at: Seconds,
): SightState['blind'] | undefined {
  if (amiss !== undefined) {
    const isTold = at - amiss.since >= tellAfterSeconds[amiss.why] - 1e-6;
    if (blind === undefined) return isTold ? { why: amiss.why, since: at } : undefined;
    return { why: isTold ? amiss.why : blind.why, since: blind.since };
  }
  if (blind === undefined) return undefined;
  const wellSince = blind.wellSince ?? at;
  return at - wellSince >= healAfterSeconds - 1e-6 ? undefined : { ...blind, wellSince };
}

/** Learns from a good frame what stands still, and how sharp this camera is. */
function learn(state: SightState, reading: Reading, edges: readonly number[]): SightState {
  const { at } = reading;
  const crispness = reading.sharpness / reading.spread;
  const { background } = state;
  if (background === undefined) {
    return { ...state, background: { edges, crispness, since: at, updatedAt: at, pictures: 1 } };
  }
  const passed = at - background.updatedAt;
  if (passed < updateEvery - 1e-6) return state;
  const pictures = background.pictures + 1;
  // At first the plain mean of what was seen, then a slow following.
  const share = Math.max(isLearnt(background) ? 0 : 1 / pictures, 1 - Math.exp(-passed / followSeconds));
  const slower = crispness < background.crispness && isLearnt(background);
  const sharpShare = slower ? 1 - Math.exp(-passed / softenSeconds) : share;
  const followed: Background = {
    edges: background.edges.map((edge, i) => edge + share * (edges[i]! - edge)),
    crispness: background.crispness + sharpShare * (crispness - background.crispness),
    since: background.since,
    updatedAt: at,
    pictures,
  };
  if (!isLearnt(followed)) return { ...state, background: followed };
  return holdToAnchor({ ...state, background: followed }, followed, at);
}

/**
 * A mount that sags by a hair an hour takes the learnt background with it. So this is held against the
 * first one now and then; once it has drifted off, the first one counts again, and the camera has moved.
 */
function holdToAnchor(state: SightState, background: Background, at: Seconds): SightState {
  if (state.anchor === undefined) return { ...state, anchor: background.edges, anchorComparedAt: at };
  if (at - (state.anchorComparedAt ?? at) < compareAnchorEvery) return state;
  const { matched } = overlay(state.anchor, background.edges);
  if (matched >= leastMatched) return { ...state, anchorComparedAt: at };
  const { found, elsewhere } = findShift(state.anchor, background.edges);
  const drifted = found >= movedFound && elsewhere >= movedElsewhere;
  return {
    ...state,
    anchorComparedAt: at,
    ...(drifted ? { background: { ...background, edges: state.anchor } } : {}),
  };
}
