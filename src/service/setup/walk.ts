import type { Branch } from '../../contract/branch.ts';
import { LobbyError } from '../../contract/errors.ts';
import type { JournalLine, LineOf } from '../../contract/journal.ts';
import type { FloorPayload } from '../../contract/live.ts';
import type { ChangedBy } from '../../contract/settings.ts';
import {
  type SetupCameras,
  type WalkMiss,
  type WalkPayload,
  type WalkVerdict,
  walkMostSeconds,
} from '../../contract/setup.ts';
import { floorPlane } from '../../core/floor/zones.ts';
import { contains } from '../../core/geometry/polygon.ts';
import type { Seconds } from '../../core/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { toMoment } from '../wire.ts';

/** The last walk that was accepted, and of what. */
export interface Walked {
  readonly walk: NonNullable<SetupCameras['cameras'][number]['walked']>;
  /** The digest of the cameras and zones it was walked with. */
  readonly drawn: string;
}

export interface WalkOptions {
  readonly clock: Clock;
  readonly branch: () => Branch;
  /** Of the settings in force. */
  readonly version: () => number;
  readonly note: (line: LineOf<'setup'>) => void;
  /** Tells drawings apart without telling what they are: a camera's address may hold a login. Absent: told as it is. */
  readonly digest?: (drawn: string) => string;
  /** What was accepted before; absent: nothing. */
  readonly walked?: Walked | undefined;
  /** Keeps what was accepted over a restart. */
  readonly keep?: (walked: Walked) => void;
}

/** A walk through the lobby by whoever installs it, to see that it is seen. */
export interface Walk {
  start(by: ChangedBy): void;
  stop(): void;
  /** Takes what the journal is told: arrivals and departures are crossings. */
  hear(line: JournalLine): void;
  /** Takes the floor, and the zones in which somebody is, each time they were looked at. */
  look(floor: FloorPayload, occupied: readonly string[]): void;
  miss(miss: WalkMiss): void;
  judge(verdict: WalkVerdict, by: ChangedBy): void;
  view(): WalkPayload;
  /** The last walk that was accepted, while cameras and zones are as they were then. */
  walked(): Walked['walk'] | undefined;
}

/** As many ways in, and out, as are worth walking before one signs. */
const goal = 10;
const mostCrossings = 200;
/** Between two looks at the floor no more than this is taken to have been seen. */
const mostStep: Seconds = 1;

interface Zone {
  seen: boolean;
  after?: Seconds;
  for: Seconds;
}

interface Walking {
  readonly by: ChangedBy;
  readonly startedAt: Seconds;
  readonly version: number;
  phase: 'walking' | 'accepted' | 'ended';
  crossings: WalkPayload['crossings'];
  readonly zones: Map<string, Zone>;
  lookedAt: Seconds;
}

/**
 * Counts what the lobby makes of somebody who walks through it: the same arrivals and departures that greet customers,
 * by the same core.
 *
 * While a walk goes on, prompts go on as well: the box cannot tell whoever walks from a customer, and a test that made
 * it silent would leave customers unmet. The journal has a line where it begins and one where it ends, for whoever
 * reads that day's figures. In a closed branch nothing is said anyhow, and crossings count all the same.
 */
export function createWalk(options: WalkOptions): Walk {
  const { clock, branch, version, digest = (text: string) => text } = options;
  let now: Walking | undefined;
  let last = options.walked;

  const drawn = () => digest(drawnOf(branch()));
  const doorsOf = () => branch().zones.flatMap(({ zone }) => (zone.kind === 'entrance' ? [zone.id] : []));

  function tell(what: LineOf<'setup'>['what'], by: ChangedBy, more: Partial<LineOf<'setup'>> = {}): void {
    options.note({
      v: 1,
      at: toMoment(clock.now()),
      kind: 'setup',
      what,
      ...(by.kind === 'token' ? { by: by.role, token: by.token } : {}),
      ...more,
    });
  }

  function figuresOf({ version: walked, crossings }: Walking) {
    const counted = crossings.filter((one) => one.counted).length;
    return { version: walked, crossings: counted, missed: crossings.length - counted };
  }

  function end(): void {
    if (now?.phase !== 'walking') return;
    now.phase = 'ended';
    tell('walk-ended', now.by, figuresOf(now));
  }

  /** The walk that goes on; one that has gone on for too long, or of an older set-up, ends. */
  function going(): Walking | undefined {
    if (now?.phase !== 'walking') return undefined;
    const at = clock.now();
    const isOver = at - now.startedAt >= walkMostSeconds || at < now.startedAt || now.version !== version();
    if (isOver) end();
    return now.phase === 'walking' ? now : undefined;
  }

  function insist(): Walking {
    const walking = going();
    if (walking === undefined) throw new LobbyError('LOBBY_WALK_NONE');
    return walking;
  }

  return {
    start(by) {
      end();
      const zones = branch().zones.flatMap(({ zone }): [string, Zone][] =>
        zone.kind === 'entrance' || zone.kind === 'ignore' ? [] : [[zone.id, { seen: false, for: 0 }]],
      );
      const at = clock.now();
      now = {
        by,
        startedAt: at,
        version: version(),
        phase: 'walking',
        crossings: [],
        zones: new Map(zones),
        lookedAt: at,
      };
      tell('walk-begun', by, { version: now.version });
    },
    stop: end,
    hear(line) {
      if (line.kind !== 'verdict' || line.zone === undefined) return;
      const { happening, zone, at } = line;
      const walking = going();
      if (walking === undefined) return;
      if (happening !== 'arrived' && happening !== 'departed') return;
      const direction = happening === 'arrived' ? 'in' : 'out';
      walking.crossings = [...walking.crossings, { at, door: zone, direction, counted: true } as const].slice(
        -mostCrossings,
      );
    },
    look(floor, occupied) {
      const walking = going();
      if (walking === undefined) return;
      const at = clock.now();
      const step = Math.min(mostStep, Math.max(0, at - walking.lookedAt));
      walking.lookedAt = at;
      const seen = floor.people.filter(({ heldSeconds }) => heldSeconds === undefined);
      for (const { zone } of branch().zones) {
        const one = walking.zones.get(zone.id);
        if (one === undefined || zone.kind === 'entrance') continue;
        const isIn =
          zone.plane === floorPlane
            ? seen.some((person) => contains(zone.polygon, person))
            : occupied.includes(zone.id);
        if (!isIn) continue;
        if (one.seen) one.for += step;
        else one.after = Math.max(0, at - Date.parse(floor.at) / 1000);
        one.seen = true;
      }
    },
    miss({ door, direction }) {
      const walking = insist();
      if (!doorsOf().includes(door)) throw new LobbyError('LOBBY_WALK_UNKNOWN_DOOR', { door });
      const at = toMoment(clock.now());
      walking.crossings = [...walking.crossings, { at, door, direction, counted: false }].slice(
        -mostCrossings,
      );
    },
    judge(verdict, by) {
      const walking = insist();
      const figures = figuresOf(walking);
      const note = verdict.note === undefined ? {} : { note: verdict.note };
      if (verdict.verdict === 'problem') {
        tell('walk-problem', by, { ...figures, ...note });
        return;
      }
      walking.phase = 'accepted';
      tell('walk-accepted', by, { ...figures, ...note, signed: verdict.name });
      last = { walk: { at: toMoment(clock.now()), ...figures }, drawn: drawn() };
      options.keep?.(last);
    },
    view() {
      going();
      const at = toMoment(clock.now());
      if (now === undefined) return { v: 1, phase: 'off', at, goal, doors: [], crossings: [], zones: [] };
      const { phase, startedAt, version: walked, crossings, zones } = now;
      const count = (door: string, direction: 'in' | 'out', counted: boolean) =>
        crossings.filter((one) => one.door === door && one.direction === direction && one.counted === counted)
          .length;
      return {
        v: 1,
        phase,
        at,
        startedAt: toMoment(startedAt),
        endsAt: toMoment(startedAt + walkMostSeconds),
        version: walked,
        goal,
        doors: doorsOf().map((id) => ({
          id,
          in: count(id, 'in', true),
          out: count(id, 'out', true),
          missedIn: count(id, 'in', false),
          missedOut: count(id, 'out', false),
        })),
        crossings: [...crossings],
        zones: [...zones].map(([id, one]) => ({
          id,
          seen: one.seen,
          ...(one.after === undefined ? {} : { afterSeconds: Number(one.after.toFixed(1)) }),
          forSeconds: Number(one.for.toFixed(1)),
        })),
      };
    },
    walked: () => (last !== undefined && last.drawn === drawn() ? last.walk : undefined),
  };
}

/** Cameras and zones as they are seen by: another name or rate walks no differently. */
function drawnOf({ cameras, zones }: Branch): string {
  return JSON.stringify([
    cameras.map(({ id, source, floor }) => [id, source, floor?.toPixel.map((value) => value.toPrecision(9))]),
    zones.map(({ zone }) => zone),
  ]);
}
