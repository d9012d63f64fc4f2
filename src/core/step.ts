import { isGuest, type Thresholds } from './behaviours/behaviour.ts';
import { type BehaviourState, noBehaviour, pause } from './behaviours/index.ts';
import { unvisitedSeconds } from './behaviours/patrol.ts';
import { viewQueues } from './behaviours/queueing.ts';
import { mayBeLost } from './behaviours/wandering.ts';
import { floorPlane, type PlaneName, type Zone } from './floor/zones.ts';
import { contains } from './geometry/polygon.ts';
import { chooseLooks, type Look, type LookState, noLooks } from './head/looks.ts';
import { keepLedger, type LedgerState, noStays, type Stay } from './ledger.ts';
import { decide, noPrompts, type PromptSettings, type PromptState } from './prompts/decide.ts';
import type { AnswerGiven, Later, PromptChange, Verdict } from './prompts/prompt.ts';
import type { DutySaid } from './prompts/wearers.ts';
import {
  type BlindReason,
  blindZonesOf,
  isAllBlind,
  noWatch,
  unseenZonesOf,
  unwatched,
  type WatchState,
  watch,
} from './sight/watch.ts';
import { followCamera } from './track/follow-camera.ts';
import {
  noTracks,
  type Track,
  type TrackPlane,
  type TrackSettings,
  type TrackState,
  unitsPerMetre,
} from './track/track.ts';
import { metIn, understand, type Whereabouts } from './understand.ts';
import type { Person, PixelBox, Seconds, Size } from './units.ts';
import {
  followVisits,
  mostUnwatchedSeconds,
  noVisits,
  type VisitSettings,
  type VisitState,
} from './visits/follow-visits.ts';
import { hearBeacon } from './visits/role.ts';
import { isSeen, type Visit } from './visits/visit.ts';

/** A camera as the core knows it: a name, and how its picture lies on the floor. */
export interface CameraSettings extends TrackPlane {
  readonly id: string;
}

/** Everything that is set and not seen. Plain data; the same settings and inputs give the same outputs. */
export interface CoreSettings {
  readonly cameras: readonly CameraSettings[];
  readonly zones: readonly Zone[];
  readonly thresholds: Thresholds;
  readonly track: TrackSettings;
  readonly visits: VisitSettings;
  readonly prompts: PromptSettings;
}

/** Everything that is remembered. Plain data: it can be saved as JSON at a kill, and gone on with. */
export interface CoreState {
  readonly at: Seconds;
  readonly sight: WatchState;
  readonly tracks: readonly { readonly camera: string; readonly state: TrackState }[];
  readonly visits: VisitState;
  readonly behaviours: BehaviourState;
  readonly prompts: PromptState;
  readonly ledger: LedgerState;
  readonly looks: LookState;
}

/**
 * What can come in. Silence is an input too: `quiet` is time passing without a frame, `blind` a frame
 * that cannot be trusted. Neither is a look: that nobody was seen then says nothing.
 */
export type Observation =
  | {
      readonly kind: 'people';
      readonly camera: string;
      readonly at: Seconds;
      readonly people: readonly Person[];
      /** The parts of the picture that were looked at, and nobody beyond them is among `people`; absent: all of it. */
      readonly within?: readonly PixelBox[];
      /** Size of the camera's own picture, from which it is reckoned how the camera is held. */
      readonly frame?: Size;
    }
  | { readonly kind: 'quiet'; readonly camera: string; readonly at: Seconds }
  | {
      readonly kind: 'blind';
      readonly camera: string;
      readonly at: Seconds;
      readonly why: BlindReason;
    };
export type CoreInput =
  | Observation
  | ({ readonly kind: 'answer'; readonly at: Seconds } & AnswerGiven)
  | ({ readonly kind: 'duty'; readonly at: Seconds } & DutySaid)
  /** The branch opens, or closes: outside opening hours nothing is said. */
  | { readonly kind: 'opening'; readonly at: Seconds; readonly isOpen: boolean }
  /** A watch on duty says at which place, a zone's id, its wearer is. */
  | { readonly kind: 'beacon'; readonly at: Seconds; readonly watch: string; readonly place: string };

/** What comes out: what was noticed and decided, and what happened to prompts. */
export interface CoreOutput {
  readonly verdicts: readonly Verdict[];
  readonly changes: readonly PromptChange[];
  /** What became of who was not told of at once; absent: nothing yet. */
  readonly laters?: readonly Later[];
  /** Stays that ended, each once. */
  readonly stays: readonly Stay[];
  /** Visits let go of because nobody could look where they were for too long; absent: none. */
  readonly letGoBlind?: number;
  /** Whose heads to look at in this camera's next frame; absent: nobody's. */
  readonly looks?: readonly Look[];
}

/** @param seed names of prompts come from it: a constant for a replay, dice for the service */
export function begin(seed = 1): CoreState {
  return {
    at: Number.NEGATIVE_INFINITY,
    sight: noWatch,
    tracks: [],
    visits: noVisits,
    behaviours: noBehaviour,
    prompts: noPrompts(seed),
    ledger: noStays,
    looks: noLooks,
  };
}

/**
 * One step of understanding a lobby: from people as boxes to what staff are told.
 *
 *     people ▶ track ▶ visits ▶ notice ▶ decide ▶ verdicts, prompts
 *
 * The live service, replay, what-if and tests all run this function and nothing else.
 *
 * Cameras need not take turns, but time must not run backwards by more than a late frame's age: an
 * observation older than the newest one is taken as if it came now.
 *
 * @throws {RangeError} if the camera is not in the settings
 */
export function step(state: CoreState, input: CoreInput, settings: CoreSettings): [CoreState, CoreOutput] {
  const [next, output] = stepSeen(state, input, settings);
  return [next, output];
}

/**
 * The same step, with what was known of everybody's whereabouts between its two halves; `undefined` where the input
 * was not a look. Whoever wants to know what other thresholds make of the same moment goes on from there: see
 * `shadow`.
 *
 * @throws {RangeError} if the camera is not in the settings
 */
export function stepSeen(
  state: CoreState,
  input: CoreInput,
  settings: CoreSettings,
): [CoreState, CoreOutput, Whereabouts?] {
  const at = Math.max(input.at, state.at);
  if (input.kind === 'answer' || input.kind === 'duty' || input.kind === 'opening') {
    const [prompts, verdicts, changes, laters] = decide(
      state.prompts,
      {
        at,
        visits: state.visits.visits,
        happenings: [],
        queues: queuesOf(state, at),
        blindZones: blindZonesOf(state.sight, at),
      },
      input.kind === 'answer'
        ? { answers: [input] }
        : input.kind === 'duty'
          ? { duty: input }
          : { isOpen: input.isOpen },
      settings.prompts,
    );
    const [ledger, stays] = keepLedger(state.ledger, {
      at,
      visits: state.visits.visits,
      visitChanges: [],
      happenings: [],
      prompts: changes,
      met: metIn(state.behaviours),
    });
    return [
      { ...state, at, prompts, ledger },
      { verdicts, changes, stays, ...(laters.length === 0 ? {} : { laters }) },
    ];
  }
  if (input.kind === 'beacon') {
    const visits = hearBeacon(state.visits.visits, input.place, at, settings.zones);
    return [
      { ...state, at, visits: { ...state.visits, visits } },
      { verdicts: [], changes: [], stays: [] },
    ];
  }
  const found = settings.cameras.find((one) => one.id === input.camera);
  if (found === undefined) throw new RangeError(`Cannot step: there is no camera ${input.camera}`);

  const before = state.tracks.find((one) => one.camera === found.id)?.state ?? noTracks;
  const { state: followed, camera } = followCamera(before, at, input, found, settings.track);
  const { frame } = camera;
  const looked = input.kind === 'people';
  const plane: PlaneName = camera.floor === undefined ? camera.id : floorPlane;
  const sight = watch(state.sight, at, camera, looked, settings.zones);
  const blindZones = blindZonesOf(sight, at);
  const lookingSince = sight.cameras.find((one) => one.camera === camera.id)?.lookingSince;
  const unseen = unwatched(state.sight, state.at, at, settings.cameras);
  const view = {
    camera: camera.id,
    plane,
    tracks: followed.tracks,
    looked,
    unitOf: (one: Track) => unitsPerMetre(one.box, camera),
    ...(frame === undefined ? {} : { isCut: (one: Track) => isCutOff(one.box, frame) }),
    ...(unseen === undefined ? {} : { unwatched: unseen }),
    ...(lookingSince === undefined ? {} : { lookingSince }),
  };
  const [visits, visitChanges] = followVisits(state.visits, at, view, settings.zones, settings.visits);
  // Clocks stand for whoever could not be looked at: by where they were, before they are found again.
  const paused =
    unseen === undefined
      ? state.behaviours
      : pause(state.behaviours, new Map(state.visits.visits.map((visit) => [visit.id, unseen(visit)])));
  const whereabouts: Whereabouts = {
    at,
    visits: visits.visits,
    visitChanges,
    blindZones,
    ...(unseen === undefined ? {} : { unwatched: unseen }),
  };
  const [{ behaviours, prompts }, { happenings, verdicts, changes, laters }] = understand(
    { behaviours: paused, prompts: state.prompts },
    whereabouts,
    settings,
  );
  const [ledger, stays] = keepLedger(state.ledger, {
    at,
    visits: visits.visits,
    visitChanges,
    happenings,
    prompts: changes,
    met: metIn(behaviours),
    ...(unseen === undefined ? {} : { unwatched: unseen }),
  });
  const lost = mayBeLost(behaviours.wandering, at, settings.thresholds.wandering.afterSeconds);
  // Without a frame nobody can be looked at, but who is gone must be forgotten.
  const inFrame = looked ? followed.tracks : [];
  const [looks, wanted] = chooseLooks(state.looks, at, camera.id, inFrame, visits.visits, ({ id }) =>
    lost.has(id),
  );
  const letGoBlind = visitChanges.filter(
    ({ kind, visit }) => kind === 'forgotten' && (visit.unwatchedSeconds ?? 0) > mostUnwatchedSeconds,
  ).length;
  return [
    {
      at,
      sight,
      tracks: withTracks(state.tracks, camera.id, followed),
      visits,
      behaviours,
      prompts,
      looks,
      ledger,
    },
    {
      verdicts,
      changes,
      stays,
      ...(laters.length === 0 ? {} : { laters }),
      ...(letGoBlind === 0 ? {} : { letGoBlind }),
      ...(wanted.length === 0 ? {} : { looks: wanted }),
    },
    whereabouts,
  ];
}

/** Boxes end a pixel or two before the picture does. */
const edgePixels = 3;

/** The upper edge cuts off heads, which says nothing of feet. */
const isCutOff = (box: PixelBox, { width, height }: Size): boolean =>
  box.left < edgePixels || box.right > width - edgePixels || box.bottom > height - edgePixels;

function withTracks(all: CoreState['tracks'], camera: string, state: TrackState): CoreState['tracks'] {
  const others = all.filter((one) => one.camera !== camera);
  return [...others, { camera, state }].sort((a, b) => (a.camera < b.camera ? -1 : 1));
}

function queuesOf(state: Pick<CoreState, 'behaviours'>, at: Seconds) {
  return viewQueues(state.behaviours.queueing, at);
}

/**
 * The lobby at a glance, counted from the state. While part of it is blind, the sums are of what can be
 * seen; while no camera looks, they are of nothing, and `blind` says so.
 */
export interface LobbyView {
  readonly at: Seconds;
  /** No camera looks. */
  readonly blind: boolean;
  readonly inLobby: number;
  readonly toGreet: number;
  readonly inQueue: number;
  readonly staffSeen: number;
  readonly zones: readonly {
    readonly id: string;
    /** No camera sees it now, or none ever does: its figures are what was last known. */
    readonly blind: boolean;
    /** Of a queue everybody who has a place in it, also who is being served. */
    readonly people: number;
    /** Of a queue: how many wait. */
    readonly waiting?: number;
    readonly longestWaitSeconds?: Seconds;
    /** What a newcomer would wait; absent until it is known. */
    readonly expectedWaitSeconds?: Seconds;
    /** How long the customers there have seen no staff; 0 where there are none, or staff are there. */
    readonly unvisitedSeconds: Seconds;
  }[];
}

/**
 * Counts who is where. A queue's people are its members, also those hidden behind others. Who could not
 * be looked at lately is not counted: they may have gone.
 */
export function viewLobby(state: CoreState, settings: CoreSettings): LobbyView {
  const { at } = state;
  const blind = blindZonesOf(state.sight, at);
  const unseen = unseenZonesOf(state.sight, settings.zones, settings.cameras);
  const isBlind = (id: string) => blind.has(id) || unseen.has(id);
  const inside = state.visits.visits.filter(
    (visit) => visit.phase === 'inside' && visit.unwatchedSeconds === undefined,
  );
  const guests = inside.filter(isGuest);
  const met = new Set(state.behaviours.contacted.met.map((one) => one.visit));
  const watched = new Set(inside.map((visit) => visit.id));
  const queues = queuesOf(state, at).map((queue) => ({
    ...queue,
    visits: queue.visits.filter((visit) => watched.has(visit)),
  }));
  const waiting = new Set(queues.flatMap((queue) => queue.visits));
  const queued = new Set(queues.flatMap((queue) => [...queue.visits, ...queue.served]));
  const toGreet = guests.filter(
    (visit) => visit.arrivedAt !== undefined && !met.has(visit.id) && !queued.has(visit.id),
  );
  return {
    at,
    blind: state.sight.cameras.length > 0 && isAllBlind(state.sight, at),
    inLobby: guests.length,
    toGreet: toGreet.length,
    inQueue: waiting.size,
    staffSeen: inside.filter((visit) => visit.role === 'staff' && isSeen(visit, at)).length,
    zones: settings.zones
      .filter((zone) => zone.kind !== 'ignore')
      .map((zone) => {
        const queue = queues.find((one) => one.zone === zone.id);
        if (zone.kind === 'queue') {
          return {
            id: zone.id,
            blind: isBlind(zone.id),
            people: queue?.people ?? 0,
            waiting: queue?.visits.length ?? 0,
            longestWaitSeconds: queue?.longestSeconds ?? 0,
            ...(queue?.expectedWaitSeconds === undefined
              ? {}
              : { expectedWaitSeconds: queue.expectedWaitSeconds }),
            unvisitedSeconds: unvisitedSeconds(state.behaviours.patrol, zone.id, at),
          };
        }
        return {
          id: zone.id,
          blind: isBlind(zone.id),
          people: guests.filter((visit) => isIn(zone, visit)).length,
          unvisitedSeconds: unvisitedSeconds(state.behaviours.patrol, zone.id, at),
        };
      }),
  };
}

function isIn(zone: Zone, visit: Visit): boolean {
  return zone.kind !== 'entrance' && zone.plane === visit.plane && contains(zone.polygon, visit.at);
}
