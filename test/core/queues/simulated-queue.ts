import type { Happening, Scene, Thresholds } from '../../../src/core/behaviours/behaviour.ts';
import {
  type QueueState,
  type QueueView,
  queueing,
  viewQueues,
} from '../../../src/core/behaviours/queueing.ts';
import type { AreaZone } from '../../../src/core/floor/zones.ts';
import type { FloorPoint, Seconds } from '../../../src/core/units.ts';
import type { PathPoint, Visit } from '../../../src/core/visits/visit.ts';
import { thresholds } from '../story.ts';

/** Somebody who comes to a simulated queue. */
export interface Comer {
  readonly at: Seconds;
  readonly serviceSeconds: Seconds;
  /** Leaves the line after waiting so long. */
  readonly patienceSeconds?: Seconds;
  /** Goes off so long after taking a place, for so long, and comes back to it. */
  readonly stepsOut?: { readonly afterSeconds: Seconds; readonly forSeconds: Seconds };
  /** Takes this place in the line instead of the last. */
  readonly cutsIn?: number;
}

/** What truly became of a comer. */
export interface Fate {
  restedAt?: Seconds;
  servedFrom?: Seconds;
  leftAt?: Seconds;
  gaveUp?: true;
  /** How many were waiting who had come before, when they were served. */
  passed?: number;
}

export interface SimulatedQueue {
  /** Where people are served; as many as there are counters. */
  readonly counters: readonly FloorPoint[];
  /** How many of them serve at a moment; all unless told. */
  readonly open?: (at: Seconds) => number;
  /** Radians by which the line turns from place to place. */
  readonly bend: number;
  readonly comers: readonly Comer[];
  readonly fps: number;
  readonly until: Seconds;
  readonly thresholds?: Thresholds;
  /** Metres by which feet are seen off. */
  readonly jitter?: () => number;
}

export interface Played {
  readonly happenings: readonly Happening[];
  readonly fates: readonly Fate[];
  readonly state: QueueState;
  /** The queue as seen by the behaviour whenever somebody had just taken a place. */
  readonly lines: readonly {
    readonly at: Seconds;
    readonly view: QueueView;
    readonly truly: readonly string[];
  }[];
}

const stepMetres = 0.85;
const metresPerSecond = 1.2;
const door: FloorPoint = { x: -9, y: 4 };
const aside: FloorPoint = { x: -4, y: 8 };
export const zone: AreaZone = {
  id: 'cash',
  kind: 'queue',
  plane: 'floor',
  polygon: [
    { x: -3, y: -1.6 },
    { x: 14, y: -1.6 },
    { x: 14, y: 7 },
    { x: -3, y: 7 },
  ],
};

interface Walker {
  readonly id: string;
  readonly comer: Comer;
  readonly fate: Fate;
  at: FloorPoint;
  before: FloorPoint;
  phase: 'coming' | 'line' | 'out' | 'counter' | 'going';
  counter: number;
  joinedAt: Seconds;
  outUntil: Seconds;
  wasOut: boolean;
  path: PathPoint[];
  bornAt: Seconds;
}

/**
 * A queue before counters, seen by a perfect camera: who comes first is served first, unless they slip in.
 * Nobody is told where the counters are, nor in which order people stand.
 */
export function simulateQueue(queue: SimulatedQueue): Played {
  const places = placesOf(queue);
  const fates: Fate[] = queue.comers.map(() => ({}));
  const busy: (string | undefined)[] = queue.counters.map(() => undefined);
  const happenings: Happening[] = [];
  const lines: Played['lines'][number][] = [];
  let walkers: Walker[] = [];
  let line: Walker[] = [];
  let next = 0;
  let state = queueing.begin;
  for (let n = 0; n <= queue.until * queue.fps; n++) {
    const at = n / queue.fps;
    for (; next < queue.comers.length && queue.comers[next]!.at <= at; next++)
      walkers.push(born(next, queue.comers[next]!, fates[next]!, at));
    const open = queue.open?.(at) ?? queue.counters.length;
    for (const one of walkers) {
      one.before = one.at;
      const goal = goalOf(one, line, places, queue.counters);
      one.at = towards(one.at, goal, metresPerSecond / queue.fps);
      const there = distance(one.at, goal) < 0.05;
      const rested = distance(one.at, one.before) < 0.05;
      if ((one.phase === 'line' || one.phase === 'counter') && rested) one.fate.restedAt ??= at;
      if (one.phase === 'coming' && distance(one.at, goal) < 1) {
        line.splice(Math.min(line.length, one.comer.cutsIn ?? line.length), 0, one);
        one.phase = 'line';
        one.joinedAt = at;
      } else if (one.phase === 'line') {
        const { patienceSeconds, stepsOut } = one.comer;
        if (patienceSeconds !== undefined && at - one.joinedAt > patienceSeconds) {
          one.fate.gaveUp = true;
          one.fate.leftAt = at;
          one.phase = 'going';
          line = line.filter((other) => other !== one);
        } else if (stepsOut !== undefined && !one.wasOut && at - one.joinedAt > stepsOut.afterSeconds) {
          one.phase = 'out';
          one.wasOut = true;
          one.outUntil = at + stepsOut.forSeconds;
        } else if (line[0] === one && there) {
          const free = busy.findIndex((id, i) => id === undefined && i < open);
          if (free >= 0) {
            busy[free] = one.id;
            one.counter = free;
            one.phase = 'counter';
            line.shift();
          }
        }
      } else if (one.phase === 'out' && at >= one.outUntil) one.phase = 'line';
      else if (one.phase === 'counter' && there) {
        if (one.fate.servedFrom === undefined) {
          one.fate.servedFrom = at;
          one.fate.passed = line.filter(
            (other) => other.joinedAt < one.joinedAt - 5 && other.phase === 'line',
          ).length;
        }
        if (at - one.fate.servedFrom >= one.comer.serviceSeconds) {
          busy[one.counter] = undefined;
          one.fate.leftAt = at;
          one.phase = 'going';
        }
      }
    }
    const gone = walkers.filter((one) => one.phase === 'going' && distance(one.at, door) < 0.1);
    walkers = walkers.filter((one) => !gone.includes(one));
    const scene: Scene = {
      at,
      visits: walkers.map((one) => visitOf(one, at, queue)),
      changes: gone.map((one) => ({ kind: 'left', visit: { ...visitOf(one, at, queue), phase: 'left' } })),
      zones: [zone],
      blindZones: new Set(),
      thresholds: queue.thresholds ?? thresholds,
    };
    const [after, noticed] = queueing.notice(state, scene);
    state = after;
    happenings.push(...noticed);
    if (noticed.some(({ kind }) => kind === 'queued')) {
      const view = viewQueues(state, at)[0]!;
      lines.push({ at, view, truly: line.filter((one) => one.phase === 'line').map((one) => one.id) });
    }
  }
  return { happenings, fates, state, lines };
}

function placesOf({ bend }: SimulatedQueue): readonly FloorPoint[] {
  const places: FloorPoint[] = [{ x: 1.2, y: 0 }];
  let heading = 0;
  while (places.length < 40) {
    const last = places.at(-1)!;
    // Far back people stand where there is room; nobody of these stories gets there in a line.
    places.push({ x: last.x + stepMetres * Math.cos(heading), y: last.y + stepMetres * Math.sin(heading) });
    if (places.length > 3 && heading < 1.5) heading += bend;
  }
  return places;
}

function born(index: number, comer: Comer, fate: Fate, at: Seconds): Walker {
  return {
    id: `v${index}`,
    comer,
    fate,
    at: door,
    before: door,
    phase: 'coming',
    counter: -1,
    joinedAt: 0,
    outUntil: 0,
    wasOut: false,
    path: [],
    bornAt: at,
  };
}

function goalOf(
  one: Walker,
  line: readonly Walker[],
  places: readonly FloorPoint[],
  counters: readonly FloorPoint[],
): FloorPoint {
  switch (one.phase) {
    case 'coming':
      return places[Math.min(places.length - 1, one.comer.cutsIn ?? line.length)]!;
    case 'line':
      return places[Math.min(places.length - 1, line.indexOf(one))]!;
    case 'out':
      return aside;
    case 'counter':
      return counters[one.counter]!;
    case 'going':
      return door;
  }
}

function visitOf(one: Walker, at: Seconds, { fps, jitter = () => 0 }: SimulatedQueue): Visit {
  const where = { x: one.at.x + jitter(), y: one.at.y + jitter() };
  const last = one.path.at(-1);
  if (last === undefined || at - last.at >= 0.4 - 1e-6)
    one.path = [...one.path, { at, ...where }].slice(-120);
  return {
    id: one.id,
    plane: 'floor',
    role: 'customer',
    phase: 'inside',
    sightings: [],
    at: where,
    velocity: { x: (one.at.x - one.before.x) * fps, y: (one.at.y - one.before.y) * fps },
    unit: 1,
    bornAt: one.bornAt,
    bornWhere: door,
    seenAt: at,
    seenBy: 'hall',
    arrivedAt: one.bornAt,
    path: one.path,
  };
}

function towards(from: FloorPoint, to: FloorPoint, reach: number): FloorPoint {
  const metres = distance(from, to);
  if (metres <= reach) return to;
  const share = reach / metres;
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
}

const distance = (a: FloorPoint, b: FloorPoint): number => Math.hypot(a.x - b.x, a.y - b.y);
