import type { PlaneName, Zone } from '../floor/zones.ts';
import type { PlanePoint } from '../geometry/polygon.ts';
import type { Seconds, Size } from '../units.ts';
import { canSee, seenZones, type Viewpoint } from './coverage.ts';

/** Why a camera's frames cannot be trusted. */
export const blindReasons = ['dark', 'covered', 'defocused', 'frozen', 'moved', 'too-slow'] as const;
export type BlindReason = (typeof blindReasons)[number];

/** What is known of one camera's looking. */
export interface CameraWatch {
  readonly camera: string;
  /** When it last looked; absent if it never did. */
  readonly lookedAt?: Seconds;
  /** When it began to look again after it could not; absent if it never stopped. */
  readonly lookingSince?: Seconds;
  /** Size of its picture, once it is known. */
  readonly frame?: Size;
  /** The zones its picture shows. Reckoned anew when the size changes. */
  readonly zones: readonly string[];
}

/** Which cameras look, and since when. One entry a camera that was heard of: it cannot outgrow the branch. */
export interface WatchState {
  readonly cameras: readonly CameraWatch[];
}

export const noWatch: WatchState = { cameras: [] };

/**
 * A look older than this says nothing about now: whoever walks has gone two metres and more.
 * The same after which a camera is told as quiet.
 */
export const lookGoodSeconds: Seconds = 2;
/** Sums of fractions of a second miss their mark by a hair. */
const hair: Seconds = 1e-3;

/**
 * Keeps which cameras look, so that blindness is known: a zone is blind while no camera that sees it
 * has looked in the last two seconds. Frames that cannot be trusted are no look, and silence is none.
 *
 *     looks    | | | | |  covered, or silent   | | |
 *     zone               2 s  blind            seen
 *     clocks   run            stand            run
 *
 * @param at not earlier than in the previous call
 * @param looked whether this camera looked now
 */
export function watch(
  state: WatchState,
  at: Seconds,
  camera: Viewpoint,
  looked: boolean,
  zones: readonly Zone[],
): WatchState {
  const before = state.cameras.find((one) => one.camera === camera.id);
  const frame = camera.frame ?? before?.frame;
  const isKnown = before !== undefined && isSame(before.frame, frame);
  const lookedAt = looked ? at : before?.lookedAt;
  const hasStopped = looked && before?.lookedAt !== undefined && !isLooking(before, at);
  const lookingSince = hasStopped ? at : before?.lookingSince;
  const one: CameraWatch = {
    camera: camera.id,
    ...(lookedAt === undefined ? {} : { lookedAt }),
    ...(lookingSince === undefined ? {} : { lookingSince }),
    ...(frame === undefined ? {} : { frame }),
    zones: isKnown ? before.zones : seenZones(frame === undefined ? camera : { ...camera, frame }, zones),
  };
  const others = state.cameras.filter(({ camera: id }) => id !== camera.id);
  return { cameras: [...others, one].sort((a, b) => (a.camera < b.camera ? -1 : 1)) };
}

function isSame(a: Size | undefined, b: Size | undefined): boolean {
  return a?.width === b?.width && a?.height === b?.height;
}

/** Whether a camera's last look is good enough to say how things are at a moment. */
export function isLooking({ lookedAt }: CameraWatch, at: Seconds): boolean {
  return lookedAt !== undefined && at - lookedAt < lookGoodSeconds - hair;
}

/** Zones that some camera sees, and none looks at now. */
export function blindZonesOf(state: WatchState, at: Seconds): ReadonlySet<string> {
  const looked = new Set(state.cameras.filter((one) => isLooking(one, at)).flatMap(({ zones }) => zones));
  return new Set(state.cameras.flatMap(({ zones }) => zones).filter((zone) => !looked.has(zone)));
}

/** Zones that no camera sees, whatever it does: all pictures end before them. None until all are known. */
export function unseenZonesOf(
  state: WatchState,
  zones: readonly Zone[],
  cameras: readonly Viewpoint[],
): ReadonlySet<string> {
  const known = state.cameras.filter(({ frame }) => frame !== undefined);
  if (known.length < cameras.length) return new Set();
  const seen = new Set(known.flatMap((one) => one.zones));
  return new Set(zones.map(({ id }) => id).filter((id) => !seen.has(id)));
}

/** Whether no camera at all looks now. */
export function isAllBlind(state: WatchState, at: Seconds): boolean {
  return !state.cameras.some((one) => isLooking(one, at));
}

/** Where somebody is. */
export interface Place {
  readonly plane: PlaneName;
  readonly at: PlanePoint;
}

/**
 * How long nobody could look at a place, of the time since the last step.
 *
 *     last step         2 s after the last look        now
 *     ────┼────────────────────┼────────────────────────┼──
 *                              └── what is given back ──┘
 *
 * @param state as it was after the last step
 * @param since the moment of the last step
 * @returns a function of the place, which gives 0 where no camera ever could look; `undefined` if every
 *          camera looked, which is the usual case
 */
export function unwatched(
  state: WatchState,
  since: Seconds,
  at: Seconds,
  cameras: readonly Viewpoint[],
): ((place: Place) => Seconds) | undefined {
  const passed = at - since;
  if (!(passed > 0) || !Number.isFinite(passed)) return undefined;
  const views = cameras.map((camera) => {
    const one = state.cameras.find((other) => other.camera === camera.id);
    return {
      camera: one?.frame === undefined ? camera : { ...camera, frame: one.frame },
      goodUntil: (one?.lookedAt ?? Number.NEGATIVE_INFINITY) + lookGoodSeconds,
    };
  });
  if (views.every(({ goodUntil }) => goodUntil >= at - hair)) return undefined;
  return (place) => {
    const goodUntil = views
      .filter(({ camera }) => canSee(camera, place.plane, place.at))
      .map((view) => view.goodUntil);
    return goodUntil.length === 0 ? 0 : Math.min(passed, Math.max(0, at - Math.max(...goodUntil)));
  };
}
