import { seenZones } from '../sight/coverage.ts';
import type { CameraSettings, CoreSettings, CoreState } from '../step.ts';

/**
 * Goes on in a lobby whose cameras, floors or zones were changed, without forgetting who is in it.
 *
 * - Who is there stays, with since when, whether they were met and what was said, as long as some camera finds them
 *   again within the usual memory.
 * - A zone that keeps its id and kind keeps its queue, its counters and its clocks, wherever its corners now are: who
 *   is left outside of it leaves it by the rules of leaving.
 * - A zone that is gone takes its queue with it. What was said of it stays said.
 * - A camera whose floor points changed begins to follow anew, since what it followed was elsewhere: its people are
 *   found again by where they were last.
 *
 * @returns the state as the next step is to find it; the same object where nothing of this changed
 */
export function changeScene(state: CoreState, before: CoreSettings, after: CoreSettings): CoreState {
  const isAsBefore = (camera: CameraSettings) => {
    const old = before.cameras.find(({ id }) => id === camera.id);
    return old !== undefined && isSame(old.floor?.toPixel, camera.floor?.toPixel);
  };
  const zonesChanged = !isSame(before.zones, after.zones);
  const kept = new Set(after.cameras.filter(isAsBefore).map(({ id }) => id));
  const camerasChanged = kept.size < after.cameras.length || kept.size < before.cameras.length;
  if (!zonesChanged && !camerasChanged) return state;

  const gone = new Set(
    before.zones
      .filter(({ id, kind, plane }) => {
        const now = after.zones.find((zone) => zone.id === id);
        return now === undefined || now.kind !== kind || now.plane !== plane;
      })
      .map(({ id }) => id),
  );
  const here = new Set(after.cameras.map(({ id }) => id));
  const { sight, tracks, visits } = state;
  return {
    ...state,
    sight: {
      cameras: sight.cameras
        .filter(({ camera }) => here.has(camera))
        .map((one) => {
          const camera = after.cameras.find(({ id }) => id === one.camera)!;
          const { frame } = one;
          return {
            ...one,
            zones: seenZones(frame === undefined ? camera : { ...camera, frame }, after.zones),
          };
        }),
    },
    tracks: tracks.filter(({ camera }) => kept.has(camera)),
    visits: {
      ...visits,
      // Numbers of tracks begin anew with their camera, and must not be taken for those from before.
      visits: visits.visits.map((visit) =>
        visit.sightings.every(({ camera }) => kept.has(camera))
          ? visit
          : { ...visit, sightings: visit.sightings.filter(({ camera }) => kept.has(camera)) },
      ),
    },
    behaviours: gone.size === 0 ? state.behaviours : withoutZones(state.behaviours, gone),
  };
}

/**
 * The same state without anything that is kept of these zones: list entries that are one's id, or bear it as `zone`.
 * What behaviours remember is plain data, whichever there are.
 */
function withoutZones<Value>(value: Value, gone: ReadonlySet<string>): Value {
  if (Array.isArray(value)) {
    const rest = value.filter((one) => !isOf(one, gone));
    return rest.map((one) => withoutZones(one, gone)) as Value;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutZones(inner, gone)]),
  ) as Value;
}

function isOf(entry: unknown, gone: ReadonlySet<string>): boolean {
  // Visits have names of their own, in lists of theirs.
  if (typeof entry === 'string') return gone.has(entry) && !/^v\d+$/.test(entry);
  const zone = typeof entry === 'object' && entry !== null ? (entry as { zone?: unknown }).zone : undefined;
  return typeof zone === 'string' && gone.has(zone);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
