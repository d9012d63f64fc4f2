import { overlapOf } from '../detect/suppress.ts';
import type { Track } from '../track/track.ts';
import type { Person, PixelBox, Seconds } from '../units.ts';
import type { Visit } from '../visits/visit.ts';

/** Somebody whose head the core would like to have looked at in this camera's next frame. */
export interface Look {
  readonly camera: string;
  /** Where they are now, in pixels of the camera's own picture. */
  readonly box: PixelBox;
}

/** Whom was asked for and when: at most one entry a visit, and only of visits that there are. */
export interface LookState {
  readonly asked: readonly { readonly visit: string; readonly camera: string; readonly at: Seconds }[];
}

export const noLooks: LookState = { asked: [] };

/** More than a few seldom look lost at once, and each costs what a sixth of a frame does. */
const mostLooks = 3;
/** Who looks somewhere looks for half a second or longer. More often costs more and tells little more. */
const askEverySeconds: Seconds = 0.29;

/**
 * Chooses whose heads to look at in a camera's next frame: at most three, those first who were not looked at for
 * longest, so that everybody has their turn; and not sooner than 0.29 s after the last time, whatever the frame
 * rate.
 *
 * @param tracks of that camera, now
 * @param wants whether somebody may be lost; others are not looked at
 */
export function chooseLooks(
  state: LookState,
  at: Seconds,
  camera: string,
  tracks: readonly Track[],
  visits: readonly Visit[],
  wants: (visit: Visit) => boolean,
): [LookState, readonly Look[]] {
  const there = new Set(visits.map(({ id }) => id));
  const kept = state.asked.filter((one) => there.has(one.visit));
  const isDue = kept.every((one) => one.camera !== camera || at - one.at >= askEverySeconds);
  if (!isDue) return [{ asked: kept }, []];
  const boxes = new Map(tracks.filter((one) => one.seenAt === at).map((one) => [one.id, one.box]));
  const askedAt = new Map(kept.map((one) => [one.visit, one.at]));
  const seen = visits.flatMap((visit) => {
    const { id, sightings } = visit;
    const own = sightings.find((one) => one.camera === camera);
    const box = own && boxes.get(own.track);
    if (box === undefined || !wants(visit)) return [];
    return [{ id, box, askedAt: askedAt.get(id) ?? Number.NEGATIVE_INFINITY }];
  });
  // Equal ones stay in the order of visits: sorting is stable.
  const chosen = seen
    .toSorted((one, other) => (one.askedAt === other.askedAt ? 0 : one.askedAt - other.askedAt))
    .slice(0, mostLooks);
  const others = kept.filter((one) => !chosen.some(({ id }) => id === one.visit));
  return [
    { asked: [...others, ...chosen.map(({ id }) => ({ visit: id, camera, at }))] },
    chosen.map(({ box }) => ({ camera, box })),
  ];
}

/** People move between two frames; whoever overlaps less with where somebody was is another. */
const leastOverlap = 0.2;

/**
 * Finds in a new frame the people who were asked for: each the one who overlaps most with where they were.
 *
 * @returns indexes among `people`, none twice, in order of `boxes`; who is not found is left out
 */
export function findAsked(boxes: readonly PixelBox[], people: readonly Person[]): number[] {
  const found: number[] = [];
  for (const box of boxes) {
    let best = -1;
    let most = leastOverlap;
    for (const [index, person] of people.entries()) {
      const overlap = overlapOf(box, person.box);
      if (overlap > most && !found.includes(index)) [best, most] = [index, overlap];
    }
    if (best >= 0) found.push(best);
  }
  return found;
}
