import type { PlanePoint } from '../geometry/polygon.ts';
import type { Track } from '../track/track.ts';
import type { Metres, Seconds } from '../units.ts';
import type { CameraView } from './follow-visits.ts';
import { fused, isFresh } from './fuse-sightings.ts';
import { metresFrom, type SeenPlace, type Sighting, type Visit } from './visit.ts';

/** Who may be somebody another camera sees is waited for so long: their box grows whole as they come into the picture. */
const waitSeconds: Seconds = 1.2;
const waitCutSeconds: Seconds = 3;
const waitMetres: Metres = 1.6;

/**
 * Whether a new face may turn out to be somebody another camera sees and this one did not until now. At the
 * edge of a picture people are seen in part, and a metre from where they stand.
 */
export function mayBeKnown(one: Track, visits: readonly Visit[], at: Seconds, view: CameraView): boolean {
  const isCut = view.isCut?.(one) ?? false;
  if (at - one.bornAt >= (isCut ? waitCutSeconds : waitSeconds) - 1e-9) return false;
  return visits.some(
    (visit) =>
      visit.plane === view.plane &&
      visit.sightings.every((s) => s.camera !== view.camera) &&
      visit.sightings.some((s) => isFresh(s, at)) &&
      metresFrom(visit, one.motion) < waitMetres,
  );
}

/** A camera's track goes over to another visit if this much of squared distance to the other cameras' places says so. */
const swapMetresSquared = 0.25;

/**
 * Gives a camera's track to the visit it fits by what the other cameras see, where it is with another.
 *
 * Two who come into a picture side by side are easily taken for each other, and a track may slip from one to
 * whoever they pass. Each is then seen at two places at once:
 *
 *     one camera   A ·     · B            another   B' ·    · A'
 *
 * The visit it comes from takes that one's track in turn, if it has one.
 */
export function withoutSwaps(visits: readonly Visit[], at: Seconds, view: CameraView): Visit[] {
  const next = [...visits];
  const seen = visits.flatMap((visit, index) => {
    if (visit.sightings.every((s) => s.camera === view.camera)) return [];
    const elsewhere = visit.sightings.flatMap((s) =>
      s.camera !== view.camera && s.seen !== undefined && isFresh(s, at) && s.seen.isCut !== true
        ? [s.seen]
        : [],
    );
    return elsewhere.length === 0 ? [] : [{ index, there: fused(elsewhere, at, visit.unit) }];
  });
  const own = (index: number) => next[index]!.sightings.find((s) => s.camera === view.camera);
  for (const a of seen) {
    for (const b of seen) {
      const mine = own(a.index);
      if (!isSeenWhole(mine, at)) break;
      const off = squared(mine.seen, a.there);
      const margin = swapMetresSquared * next[a.index]!.unit ** 2;
      if (off < margin) break;
      const theirs = own(b.index);
      if (a.index === b.index || (theirs !== undefined && !isSeenWhole(theirs, at))) continue;
      const now = off + (theirs === undefined ? 0 : squared(theirs.seen, b.there));
      const then = squared(mine.seen, b.there) + (theirs === undefined ? 0 : squared(theirs.seen, a.there));
      if (now < then + margin) continue;
      next[a.index] = withSighting(next[a.index]!, view.camera, theirs, at);
      next[b.index] = withSighting(next[b.index]!, view.camera, mine, at);
    }
  }
  return next;
}

type WholeSighting = Sighting & { readonly seen: SeenPlace };

const isSeenWhole = (one: Sighting | undefined, at: Seconds): one is WholeSighting =>
  one?.seen !== undefined && one.seen.at === at && one.seen.isCut !== true;

const squared = (a: PlanePoint, b: PlanePoint): number => (a.x - b.x) ** 2 + (a.y - b.y) ** 2;

function withSighting(visit: Visit, camera: string, sighting: Sighting | undefined, at: Seconds): Visit {
  const others = visit.sightings.filter((s) => s.camera !== camera);
  const sightings = sighting === undefined ? others : [...others, sighting];
  const place = fused(
    sightings.flatMap((s) => (s.seen !== undefined && isFresh(s, at) ? [s.seen] : [])),
    at,
    visit.unit,
  );
  return { ...visit, sightings, at: { x: place.x, y: place.y }, velocity: { x: place.vx, y: place.vy } };
}
