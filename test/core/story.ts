import type { Happening, Thresholds } from '../../src/core/behaviours/behaviour.ts';
import type { Zone } from '../../src/core/floor/zones.ts';
import { fitFloorView } from '../../src/core/geometry/homography.ts';
import { promptDefaults } from '../../src/core/prompts/decide.ts';
import type { PromptChange, Verdict } from '../../src/core/prompts/prompt.ts';
import {
  begin,
  type CameraSettings,
  type CoreInput,
  type CoreOutput,
  type CoreSettings,
  type CoreState,
  type Observation,
  step,
} from '../../src/core/step.ts';
import { trackDefaults } from '../../src/core/track/track.ts';
import type { FloorPoint, Metres, PixelPoint, Seconds } from '../../src/core/units.ts';
import { visitDefaults } from '../../src/core/visits/follow-visits.ts';

/**
 * Scripted stories: people walk over the floor, a made-up camera sees them as boxes, and the core is
 * told.
 *
 *     walk(2, at(-7, 0), to(0, 0), stay(5), to(-7, 0))   ──▶ film ──▶ observations ──▶ tell
 */

/** Where somebody is at a moment; nowhere before they came and after they went. */
export type Walk = (at: Seconds) => FloorPoint | undefined;

/** A piece of a walk: going somewhere at a pace, or standing. */
export type Leg =
  | { readonly kind: 'to'; readonly x: Metres; readonly y: Metres; readonly speed: number }
  | { readonly kind: 'stay'; readonly seconds: Seconds };

export const to = (x: Metres, y: Metres, speed = 1.2): Leg => ({ kind: 'to', x, y, speed });
export const stay = (seconds: Seconds): Leg => ({ kind: 'stay', seconds });

/** Somebody who is there from a moment on, does one thing after another, and is gone. */
export function walk(from: Seconds, [x, y]: readonly [Metres, Metres], ...legs: readonly Leg[]): Walk {
  const points = [{ at: from, x, y }];
  for (const leg of legs) {
    const last = points.at(-1)!;
    if (leg.kind === 'stay') points.push({ ...last, at: last.at + leg.seconds });
    else {
      const length = Math.hypot(leg.x - last.x, leg.y - last.y);
      points.push({ at: last.at + length / leg.speed, x: leg.x, y: leg.y });
    }
  }
  return (at) => {
    const next = points.findIndex((point) => point.at > at);
    if (next <= 0) return undefined;
    const [a, b] = [points[next - 1]!, points[next]!];
    const share = (at - a.at) / (b.at - a.at);
    return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
  };
}

/** The same walk elsewhere, or the other way round. */
export const moved =
  (one: Walk, move: (spot: FloorPoint) => FloorPoint): Walk =>
  (at) => {
    const spot = one(at);
    return spot === undefined ? undefined : move(spot);
  };

/** The same zones elsewhere, or the other way round. */
export function movedZones(all: readonly Zone[], move: (spot: FloorPoint) => FloorPoint): readonly Zone[] {
  return all.map((zone) =>
    zone.kind === 'entrance'
      ? {
          ...zone,
          door: { from: move(zone.door.from), to: move(zone.door.to), inside: move(zone.door.inside) },
        }
      : { ...zone, polygon: zone.polygon.map(move) },
  );
}

/** The same walk with a pillar in between: out of sight from one moment to another. */
export const hidden =
  (one: Walk, from: Seconds, until: Seconds): Walk =>
  (at) =>
    at >= from && at < until ? undefined : one(at);

/** A camera on a wall: what it is to the core, and where it sees a spot at a height above the floor. */
export interface MadeUpCamera extends CameraSettings {
  readonly see: (spot: FloorPoint, height: Metres) => PixelPoint;
}

const [width, height, focal] = [1280, 720, 640];
/** How tall everybody is. */
export const bodyMetres: Metres = 1.7;

/** A pinhole at `[x, y, height]` that looks at a spot on the floor, with its floor points measured. */
export function cameraAt(
  id: string,
  [x, y, up]: readonly [Metres, Metres, Metres],
  target: readonly [Metres, Metres],
): MadeUpCamera {
  const ahead = [target[0] - x, target[1] - y, -up] as const;
  const length = Math.hypot(...ahead);
  const [fx, fy, fz] = [ahead[0] / length, ahead[1] / length, ahead[2] / length];
  const flat = Math.hypot(fx, fy);
  const [rx, ry] = [fy / flat, -fx / flat];
  const see = (spot: FloorPoint, tall: Metres): PixelPoint => {
    const [dx, dy, dz] = [spot.x - x, spot.y - y, tall - up];
    const depth = dx * fx + dy * fy + dz * fz;
    const right = dx * rx + dy * ry;
    // Down is ahead × right.
    const down = dx * (fy * 0 - fz * ry) + dy * (fz * rx - fx * 0) + dz * (fx * ry - fy * rx);
    return { x: width / 2 + (focal * right) / depth, y: height / 2 + (focal * down) / depth };
  };
  const spots = [-3, 0, 3].flatMap((i) => [-2, 0, 2].map((j) => ({ x: target[0] + i, y: target[1] + j })));
  const floor = fitFloorView(spots.map((spot) => ({ floor: spot, pixel: see(spot, 0) })));
  if (floor === undefined) throw new Error('this camera does not see the floor');
  return { id, floor, see };
}

/**
 * The lobby of these stories, in metres:
 *
 *     y  4 │        ▒ staff ▒          ░ service ░
 *        0 ┤ door                 hall
 *       -3 │                     ░ cash ░
 *          └─┬───────────┬───────────┬──────────── x
 *           -5           0           3
 */
export const camera = cameraAt('hall', [0, -8, 4], [0, 0]);
const area = (
  id: string,
  kind: 'queue' | 'service' | 'staff' | 'ignore',
  [left, right]: readonly [Metres, Metres],
  [low, high]: readonly [Metres, Metres],
): Zone => ({
  id,
  kind,
  plane: 'floor',
  polygon: [
    { x: left, y: low },
    { x: right, y: low },
    { x: right, y: high },
    { x: left, y: high },
  ],
});
export const door: Zone & { kind: 'entrance' } = {
  id: 'main-door',
  kind: 'entrance',
  plane: 'floor',
  door: { from: { x: -5, y: -1 }, to: { x: -5, y: 1 }, inside: { x: -4, y: 0 } },
};
export const cash = area('cash', 'queue', [2, 4], [-3.5, -1]);
export const service = area('self-service', 'service', [3, 5], [2, 4]);
export const staffZone = area('staff-door', 'staff', [-1, 1], [3, 4.5]);
export const zones: readonly Zone[] = [door, cash, service, staffZone];

export const thresholds: Thresholds = {
  wandering: { afterSeconds: 15 },
  queue: { waitSeconds: 180, length: 5, awaySeconds: 45 },
  contact: { withinMetres: 1.6, forSeconds: 2, targetSeconds: 30 },
  crowded: { people: 20, peoplePerStaff: 12, forSeconds: 60 },
  unattended: { forSeconds: 120 },
  divert: { length: 4, waitSeconds: 300, freeForSeconds: 20 },
  patrol: { people: 6, afterSeconds: 90, everySeconds: 300 },
  machines: { shortPercent: 33, leastStays: 8 },
  farewell: { stayedSeconds: 60 },
};

export const settings: CoreSettings = {
  cameras: [camera],
  zones,
  thresholds,
  track: trackDefaults,
  visits: visitDefaults,
  prompts: promptDefaults,
};

export interface Filming {
  readonly camera?: MadeUpCamera;
  readonly fps?: number;
  readonly from?: Seconds;
  readonly until: Seconds;
  /** Which frames, counted from 0, never arrive. */
  readonly dropped?: (frame: number) => boolean;
}

/** What a camera sees of people who walk, frame by frame. */
export function film(walks: readonly Walk[], filming: Filming): (Observation & { kind: 'people' })[] {
  const { camera: by = camera, fps = 5, from = 0, until, dropped = () => false } = filming;
  const frames: (Observation & { kind: 'people' })[] = [];
  for (let n = 0; n <= Math.round((until - from) * fps); n++) {
    if (dropped(n)) continue;
    const at = from + n / fps;
    const people = walks.flatMap((one, i) => {
      const spot = one(at);
      // No two scores are equal, so that nothing is decided by who is farther left in the picture.
      return spot === undefined ? [] : [{ box: boxOf(by, spot), score: 0.95 - 0.01 * i }];
    });
    frames.push({ kind: 'people', camera: by.id, at, people });
  }
  return frames;
}

/** The box around somebody of 1.7 m who stands at a spot. */
export function boxOf(by: MadeUpCamera, spot: FloorPoint) {
  const feet = by.see(spot, 0);
  const crown = by.see(spot, bodyMetres);
  const half = 0.18 * (feet.y - crown.y);
  return { left: feet.x - half, top: crown.y, right: feet.x + half, bottom: feet.y };
}

/** Time passing without a frame, told once a second. */
export function quiet(from: Seconds, until: Seconds, cameraId: string = camera.id): Observation[] {
  return Array.from({ length: Math.round(until - from) }, (_, i) => ({
    kind: 'quiet' as const,
    camera: cameraId,
    at: from + i + 1,
  }));
}

/** Several cameras' observations as one line of time; equal moments in the order given. */
export function together(...films: readonly (readonly Observation[])[]): Observation[] {
  return films.flat().sort((a, b) => a.at - b.at);
}

export interface Told {
  readonly state: CoreState;
  readonly outputs: readonly CoreOutput[];
  readonly verdicts: readonly Verdict[];
  readonly changes: readonly PromptChange[];
  readonly happenings: readonly Happening[];
}

/** Tells the core a story and gives back what it made of it. */
export function tell(
  inputs: readonly CoreInput[],
  by: CoreSettings = settings,
  from: CoreState = begin(),
): Told {
  let state = from;
  const outputs = inputs.map((input) => {
    const [next, output] = step(state, input, by);
    state = next;
    return output;
  });
  const verdicts = outputs.flatMap((one) => one.verdicts);
  return {
    state,
    outputs,
    verdicts,
    changes: outputs.flatMap((one) => one.changes),
    happenings: verdicts.map((one) => one.happening),
  };
}

/** Happenings in short, in order: `arrived v1`. */
export const inShort = (told: Told) =>
  told.happenings.map(({ kind, visit }) => (visit === undefined ? kind : `${kind} ${visit}`));
