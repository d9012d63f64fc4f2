import { floorPlane } from './floor/zones.ts';
import { noLooks } from './head/looks.ts';
import { servicesOf } from './queues/counters.ts';
import { holdServices } from './queues/expected-wait.ts';
import { seenZones } from './sight/coverage.ts';
import type { CoreSettings, CoreState, Observation } from './step.ts';
import { assign } from './track/assign.ts';
import { followCamera } from './track/follow-camera.ts';
import { noTracks, type Track, type TrackState, unitsPerMetre } from './track/track.ts';
import type { Seconds, Size } from './units.ts';
import { unknownYet, type Visit } from './visits/visit.ts';

/**
 * What one box hands over to another of what it remembers: who is there, since when, and what was told of whom. How
 * boxes are followed from picture to picture is left out, as is where heads were turned: whoever goes on has seen the
 * same pictures.
 */
export interface HandedOver {
  readonly at: Seconds;
  readonly sight: readonly Omit<CoreState['sight']['cameras'][number], 'zones' | 'frame'>[];
  readonly nextId: number;
  readonly letGo: number;
  readonly visits: readonly HandedVisit[];
  readonly behaviours: Omit<CoreState['behaviours'], 'arrived' | 'departed'>;
  readonly prompts: CoreState['prompts'];
  readonly stays: CoreState['ledger']['open'];
}

/** A visit without the tracks that show it: their numbers mean nothing on another box. */
export interface HandedVisit extends Omit<Visit, 'sightings' | 'heads' | 'beside'> {
  readonly cameras: readonly string[];
}

/** How much of everybody's way is handed over: 20 s of it, for who looks about is known by it. */
const pathPoints = 50;

/** What to hand over of a state. */
export function handOver(state: CoreState): HandedOver {
  const { arrived: _, departed: __, ...behaviours } = state.behaviours;
  return {
    at: state.at,
    sight: state.sight.cameras.map(({ zones: _, frame: __, ...camera }) => camera),
    nextId: state.visits.nextId,
    letGo: state.visits.letGo,
    visits: state.visits.visits.map(({ sightings, heads: _, beside: __, ...visit }) => ({
      ...visit,
      cameras: sightings.map(({ camera }) => camera),
      path: visit.path.slice(-pathPoints),
    })),
    behaviours,
    prompts: state.prompts,
    stays: state.ledger.open,
  };
}

/** Who a box that stands by follows, camera by camera, as of its last look. */
export type Followed = readonly {
  readonly camera: string;
  readonly state: TrackState;
  readonly frame?: Size;
}[];

/** Follows people in one more look, as `step` does, and decides nothing. */
export function followLook(followed: Followed, look: Observation, settings: CoreSettings): Followed {
  const camera = settings.cameras.find(({ id }) => id === look.camera);
  if (camera === undefined) return followed;
  const before = followed.find((one) => one.camera === look.camera);
  const known = before?.state ?? noTracks;
  const {
    state,
    camera: { frame },
  } = followCamera(
    known,
    Math.max(look.at, known.at),
    look,
    before?.frame === undefined ? camera : { ...camera, frame: before.frame },
    settings.track,
  );
  const one = { camera: camera.id, state, ...(frame === undefined ? {} : { frame }) };
  return [...followed.filter((other) => other.camera !== camera.id), one].sort((a, b) =>
    a.camera < b.camera ? -1 : 1,
  );
}

/** Whoever stands as near as that to where a visit was at the same moment is who it is of. */
const sameMetres = 1;

/**
 * Goes on with what another box remembered.
 *
 *     the other box   ──────────────── state ─ ✝
 *     this one        looks looks looks looks │ looks looks ─▶ step, as ever
 *                     └── who is followed ────┘
 *
 * @param followed who this box follows, as of `handed.at`: its tracks are taken for those of the visits where they stand
 * @returns the state at `handed.at`; what was seen since is for `step`
 */
export function takeOver(handed: HandedOver, followed: Followed, settings: CoreSettings): CoreState {
  const known = followed.filter(({ camera }) => settings.cameras.some(({ id }) => id === camera));
  let visits = handed.visits.map(
    ({ cameras: _, ...visit }): Visit => ({ ...unknownYet, ...visit, sightings: [] }),
  );
  for (const { camera, state } of known) {
    const shown = new Set(
      handed.visits.filter(({ cameras }) => cameras.includes(camera)).map(({ id }) => id),
    );
    visits = withTracks(visits, camera, state.tracks, shown, settings);
  }
  const { behaviours } = handed;
  return {
    at: handed.at,
    sight: {
      cameras: handed.sight.flatMap((one) => {
        const camera = settings.cameras.find(({ id }) => id === one.camera);
        if (camera === undefined) return [];
        const frame = known.find((other) => other.camera === camera.id)?.frame ?? camera.frame;
        const viewpoint = frame === undefined ? camera : { ...camera, frame };
        return [{ ...one, ...(frame && { frame }), zones: seenZones(viewpoint, settings.zones) }];
      }),
    },
    tracks: known.map(({ camera, state }) => ({ camera, state })),
    visits: { nextId: handed.nextId, visits, letGo: handed.letGo },
    behaviours: {
      ...behaviours,
      arrived: null,
      departed: null,
      queueing: {
        ...behaviours.queueing,
        learnt: behaviours.queueing.learnt.map((one) => ({
          ...one,
          services: holdServices(servicesOf(one.counters)),
        })),
      },
    },
    prompts: handed.prompts,
    ledger: { open: handed.stays },
    looks: noLooks,
  };
}

/** Gives the tracks of one camera to the visits it showed, each to whom it is nearest. */
function withTracks(
  visits: readonly Visit[],
  camera: string,
  tracks: readonly Track[],
  shown: ReadonlySet<string>,
  settings: CoreSettings,
): Visit[] {
  const view = settings.cameras.find(({ id }) => id === camera)!;
  const plane = view.floor === undefined ? camera : floorPlane;
  const rows = visits.filter((visit) => shown.has(visit.id) && visit.plane === plane);
  const live = tracks.filter((one) => one.confirmed);
  const costs = rows.map((visit) =>
    live.map(({ motion, box }) => {
      const unit = view.floor === undefined ? unitsPerMetre(box, view) : visit.unit;
      return Math.hypot(motion.x - visit.at.x, motion.y - visit.at.y) / unit;
    }),
  );
  const columns = assign(costs, sameMetres);
  const given = new Map(
    rows.flatMap((visit, row) => (columns[row] === -1 ? [] : [[visit.id, live[columns[row]!]!.id]])),
  );
  return visits.map((visit) => {
    const its = given.get(visit.id);
    return its === undefined ? visit : { ...visit, sightings: [...visit.sightings, { camera, track: its }] };
  });
}
