import type { Person, Pixels, Seconds } from '../units.ts';
import {
  type Body,
  correctBody,
  type EdgesOff,
  type ExpectedEdge,
  expectEdges,
  type SeenFloor,
} from './body.ts';
import { heightOf } from './boxes.ts';
import type { Track } from './track.ts';
import { isPlace, measure, scaleAt } from './view.ts';

/** Somebody followed on the floor, as far as it matters here. */
export interface Sharer extends Body, Pick<Track, 'box' | 'seenAt' | 'sightings' | 'confirmed'> {
  /** When a box was last theirs alone; absent: at `seenAt`. */
  readonly foundAt?: Seconds;
}

/** The box somebody was paired with. */
interface Own {
  readonly person: Person;
  readonly edges: EdgesOff;
}

/**
 * Finds who is hidden behind, or in front of, somebody whose box is too tall to be theirs alone.
 *
 *     ┌────┐ ◀── the hind one's head: where theirs should be
 *     │ ○  │
 *     │ ○  │     two who come in one after the other, straight at the camera: one box
 *     │/|\ │
 *     │/ \ │
 *     └────┘ ◀── the front one's feet
 *
 * Detectors draw one box around two who stand so. It belongs to one of them, and the other would be out of sight: to
 * come to light a second later and two metres on. But as tall as the box is neither is, its upper edge is where the
 * one's head should be, and its lower edge where the other's feet should. So each has an edge of it, and none has both.
 *
 * Both must be known well enough for their height to say so, and the one without a box of their own must have had one
 * a moment ago.
 *
 * @param matched who has a box, and which
 * @returns the bodies of those who share one
 */
export function shareBoxes<One extends Sharer>(
  tracks: readonly One[],
  matched: ReadonlyMap<One, Own>,
  at: Seconds,
  plane: SeenFloor,
): ReadonlyMap<One, Body> {
  const shared = new Map<One, Body>();
  for (const hidden of tracks) {
    const isLate = at - (hidden.foundAt ?? hidden.seenAt) > sharedSeconds;
    if (matched.has(hidden) || isLate || !isKnown(hidden)) continue;
    for (const [other, own] of matched) {
      if (shared.has(other) || !isKnown(other)) continue;
      const bodies = share(hidden, other, own, plane);
      if (bodies === undefined) continue;
      shared.set(hidden, bodies[0]).set(other, bodies[1]);
      break;
    }
  }
  return shared;
}

/** After so long without a box of their own it is anybody's guess who stands behind somebody. */
const sharedSeconds: Seconds = 1.2;

const isKnown = ({ confirmed, sightings }: Sharer): boolean => confirmed && sightings >= 4;

function share(
  hidden: Sharer,
  other: Sharer,
  { person: { box }, edges }: Own,
  plane: SeenFloor,
): readonly [Body, Body] | undefined {
  const tall = heightOf(box);
  const scale = scaleAt(plane, other.motion);
  const heightOff = Math.hypot(edgeOff, Math.sqrt(other.stature.variance) * scale);
  if (tall - other.build * scale < tooTall * heightOff) return undefined;

  const [expected, theirs] = [expectEdges(hidden, plane), expectEdges(other, plane)];
  if (Math.abs(expected.middle.at - (box.left + box.right) / 2) > beside * (box.right - box.left))
    return undefined;
  const isBehind = expected.lower.at < theirs.lower.at;
  const [hind, front] = isBehind ? [expected, theirs] : [theirs, expected];
  const fits = (edge: Pixels, { at, off }: ExpectedEdge) =>
    Math.abs(edge - at) <= fitting * Math.hypot(edgeOff, off);
  if (!fits(box.top, hind.upper) || !fits(box.bottom, front.lower)) return undefined;

  const learn = (one: Sharer, off: EdgesOff, feet: Pixels): Body => {
    const spread = { across: off.across, down: off.lower };
    const near = measure({ ...box, bottom: feet }, plane, spread).at;
    return isPlace(near) ? correctBody(one, box, off, near, plane) : one;
  };
  const across = aside * edges.across;
  const byHead = (one: Sharer) =>
    learn(one, { across, lower: tall, upper: edges.upper }, box.top + one.build * scaleAt(plane, one.motion));
  const byFeet = (one: Sharer) => learn(one, { across, lower: edges.lower, upper: tall }, box.bottom);
  return isBehind ? [byHead(hidden), byFeet(other)] : [byFeet(hidden), byHead(other)];
}

/** No edge is better known than this. */
const edgeOff: Pixels = 2;
/** A box is too tall for somebody by so many standard deviations, and an edge is theirs within so many. */
const tooTall = 2;
const fitting = 3;
/** They stand so far from the middle of the box at most, as a share of its width; and which of them is how far aside it cannot say. */
const beside = 0.6;
const aside = 1.5;
