import type { Person, PixelBox, Pixels } from '../units.ts';
import type { EdgesOff } from './body.ts';
import { heightOf } from './boxes.ts';
import type { FeetSpread } from './view.ts';

/** A box that ends where somebody's feet are, and how far off those may be. */
export interface Feet {
  readonly box: PixelBox;
  readonly spread: FeetSpread;
}

/** The same of somebody who is known, and how far off each edge of their own box is. */
export interface KnownFeet extends Feet {
  readonly edges: EdgesOff;
}

/** What is known of somebody's body before it is seen again. */
export interface KnownBody {
  /** How high the whole of it should be in the picture. */
  readonly height: Pixels;
  /** How far off that may be: a standard deviation. */
  readonly heightOff: Pixels;
  readonly sightings: number;
  /** Whether a box nearer to the camera begins where this one ends: then what ends it is that other. */
  readonly isCovered?: boolean;
}

/**
 * Where the feet are of somebody who is known: from the box's lower edge, and from its upper one and the body's
 * height, each weighed by how far off it may be.
 *
 *     ┌────┐ ±2   the head says: one body lower, ±5      ──┐
 *     │    │                                               ├─▶ together
 *     └────┘ ±9   the lower edge, behind a counter, ±9   ──┘
 *
 * This is where a box is held to be when it is weighed as somebody's next; what it then teaches of them is told edge
 * by edge, see `correctBody`.
 *
 * A box lower than the body should be has something in front of its feet: a counter, a rail, somebody else. Then its
 * lower edge is no place on the floor, and the head counts for more. Where the detector does not say how far off its
 * edges are, that alone decides.
 *
 * @param feetSpread of a box the detector says nothing of, as a share of its height
 */
export function feetOfBody(
  person: Person,
  { height: whole, heightOff, sightings, isCovered = false }: KnownBody,
  feetSpread: number,
): KnownFeet {
  const { box, spread, score } = person;
  if (spread === undefined) {
    const bottom = sightings < 3 ? box.bottom : weighedByShare(box, whole);
    const off = Math.max(1, feetSpread * looseness(score, 3) * (bottom - box.top));
    const lower = Math.hypot(off, missingOf(box, whole), isCovered ? coveredShare * whole : 0);
    return {
      box: { ...box, bottom },
      spread: { across: off, down: off },
      edges: { across: off, lower, upper: off },
    };
  }
  const size = Math.max(heightOf(box), whole);
  const sharpest = sharpestShare * size;
  const lower = Math.hypot(
    Math.max(sharpest, spread.bottom),
    missingOf(box, whole),
    isCovered ? coveredShare * whole : 0,
  );
  const top = Math.max(sharpest, spread.top);
  const upper = Math.hypot(top, Math.max(heightOff, sharpestShare * whole));
  const [byFeet, byHead] = [1 / lower ** 2, 1 / upper ** 2];
  const bottom = (box.bottom * byFeet + (box.top + whole) * byHead) / (byFeet + byHead);
  const across = Math.max(1, feetSpread * size * looseness(score, 2));
  return {
    box: { ...box, bottom: Math.max(box.top + 1, bottom) },
    spread: { across, down: Math.max(1, notAlone / Math.sqrt(byFeet + byHead)) },
    edges: { across, lower: Math.max(1, notAlone * lower), upper: Math.max(1, notAlone * top) },
  };
}

/** The same of somebody new, of whose height nothing is known. */
export function feetOfStranger({ box, spread }: Person, feetSpread: number): Feet {
  const height = heightOf(box);
  const across = Math.max(1, feetSpread * height);
  const down = spread === undefined ? across : Math.max(1, sharpestShare * height, spread.bottom);
  return { box, spread: { across, down } };
}

/** The same of somebody new whose feet are behind somebody else: their box ends somewhere above them. */
export function feetOfCovered({ box, spread }: Person, feetSpread: number): Pick<KnownFeet, 'box' | 'edges'> {
  const height = heightOf(box);
  const across = Math.max(1, feetSpread * height);
  const off = (told: Pixels | undefined) => notAlone * Math.max(1, sharpestShare * height, told ?? across);
  const lower = Math.hypot(off(spread?.bottom), coveredShare * height);
  return { box, edges: { across, lower, upper: off(spread?.top) } };
}

/** No edge is better known than this, as a share of the height: people bend their knees and shake their heads. */
const sharpestShare = 0.03;
/** A box that shows this much of a body shows all of it. */
const nearlyWhole = 0.95;
const missingOf = (box: PixelBox, whole: Pixels): Pixels => Math.max(0, nearlyWhole * whole - heightOf(box));
/** Feet behind somebody else's box are so far from where it begins, as a share of the body. */
const coveredShare = 0.2;
/** Upper and lower edge are off together more often than by chance. */
const notAlone = 1.3;

/** A faint box is drawn loosely. */
const looseness = (score: number, most: number): number => Math.min(most, Math.max(1, 0.6 / score));

/** A box lower than this share of the whole body has something in front of its feet. */
export const wholeShare = 0.8;

/** Of a whole box both edges are taken to be about equally good; the more is missing, the more the head counts. */
function weighedByShare(box: PixelBox, whole: number): number {
  const share = heightOf(box) / whole;
  const head = 0.5 + 0.5 * Math.min(1, Math.max(0, (1 - share) / (1 - wholeShare)));
  return box.bottom * (1 - head) + (box.top + whole) * head;
}
