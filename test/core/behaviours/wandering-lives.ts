import type { Scene, Thresholds } from '../../../src/core/behaviours/behaviour.ts';
import type { AreaZone, Zone } from '../../../src/core/floor/zones.ts';
import type { Seconds } from '../../../src/core/units.ts';
import type { PathPoint, Role, Visit, VisitPhase } from '../../../src/core/visits/visit.ts';
import { chance } from '../../scenes/chance.ts';
import { eventsOf, type TruthEvent } from '../../scenes/events.ts';
import { cornerBranch } from '../../scenes/library/lobbies/corner-branch.ts';
import { glassFront } from '../../scenes/library/lobbies/glass-front.ts';
import { highStreet } from '../../scenes/library/lobbies/high-street.ts';
import { type Lobby, minuteThresholds } from '../../scenes/library/lobbies/lobby.ts';
import { marketHall } from '../../scenes/library/lobbies/market-hall.ts';
import { oldBank } from '../../scenes/library/lobbies/old-bank.ts';
import { selfService } from '../../scenes/library/lobbies/self-service.ts';
import { child, peopleIn, walk } from '../../scenes/library/people.ts';
import { bearing, distance, side, within } from '../../scenes/plane.ts';
import type { Act, Person, Point, Scene as Script } from '../../scenes/scene.ts';
import { type Instant, simulate } from '../../scenes/simulate.ts';
import { thresholds } from '../story.ts';

/**
 * Lives that never were in any clip: people drawn by chance who do what people in a bank's lobby do, some of
 * them lost. They are walked by the scenes' own simulation and seen through tracks as bad as real ones.
 */
export const lifeKinds = [
  'lost',
  'lost-at-counters',
  'queues',
  'uses-a-machine',
  'reads-then-queues',
  'waits',
  'paces-on-the-phone',
  'waits-for-a-companion',
  'fills-a-form',
  'sits',
  'passes-through',
  'plays',
] as const;
export type LifeKind = (typeof lifeKinds)[number];

export interface Lives {
  readonly script: Script;
  readonly kinds: ReadonlyMap<string, LifeKind>;
  readonly instants: readonly Instant[];
  readonly events: readonly TruthEvent[];
}

const lobbies: readonly Lobby[] = [highStreet, oldBank, glassFront, cornerBranch, marketHall, selfService];

/** Three to five lives in one of the scenes' lobbies. @param only one kind of life, for whoever comes first */
export function drawLives(seed: number, only?: LifeKind): Lives {
  const random = chance(seed * 2654435 + 11);
  const between = (least: number, most: number): number => least + (most - least) * random();
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const lobby = lobbies[seed % lobbies.length]!;
  const { plan } = lobby;
  const { customer, couple } = peopleIn(lobby);
  const [left, far, right, near] = plan.room;
  const places = plan.zones.filter((zone) => zone.kind !== 'ignore');
  const door = plan.entrance.inside;

  const isOpen = (spot: Point, clear: number): boolean =>
    places.every((zone) => distanceTo(zone.polygon, spot) > clear) &&
    distance(spot, plan.doors[0]!.at) > 2.2 &&
    plan.furniture.every(
      (piece) => !('at' in piece) || piece.kind === 'mat' || distance(piece.at, spot) > 0.8,
    );
  const spot = (clear = 0.5, near0?: Point, least = 0, most = 99): Point => {
    for (let n = 0; n < 400; n++) {
      const at: Point = [between(left + 0.7, right - 0.7), between(far + 0.7, near - 0.7)];
      const apart = near0 === undefined ? least : distance(at, near0);
      if (isOpen(at, clear) && apart >= least && apart <= most) return at;
    }
    return door;
  };
  const served = places.filter((zone) => zone.kind === 'service' || zone.kind === 'desk');
  const middle = (polygon: readonly Point[]): Point => [
    polygon.reduce((sum, [x]) => sum + x, 0) / polygon.length,
    polygon.reduce((sum, [, y]) => sum + y, 0) / polygon.length,
  ];
  const useAt = (): Point => {
    const [x, y] = middle(one(served.length > 0 ? served : places).polygon);
    return [x + between(-0.3, 0.3), y + between(-0.3, 0.3)];
  };
  const errand = (): Act => {
    const queue = plan.queues.length > 0 && random() < 0.6 ? one(plan.queues) : undefined;
    if (queue !== undefined) return { act: 'queue', zone: queue.zone, servedForSeconds: between(6, 15) };
    const at = useAt();
    return { act: 'use', at, face: [at[0] + 1, at[1]], seconds: between(9, 25) };
  };

  const acts: Readonly<Record<LifeKind, () => Act[]>> = {
    lost() {
      const stops: { to: Point; seconds: number }[] = [];
      let here = spot(0.4);
      for (let n = Math.floor(between(4, 8)); n > 0; n--) {
        stops.push({ to: here, seconds: between(1.8, 4.5) });
        here = spot(0.4, here, 1, 3.5);
      }
      return [{ act: 'wander', stops }, ...(random() < 0.4 ? [errand()] : [])];
    },
    'lost-at-counters'() {
      const stops: { to: Point; seconds: number; face?: Point }[] = [];
      for (let n = Math.floor(between(3, 6)); n > 0; n--) {
        const zone = one(places.filter(({ kind }) => kind !== 'staff'));
        const towards = middle(zone.polygon);
        // Up to the edge of where one would be served, and away again.
        const from = spot(0.9);
        const apart = distance(from, towards);
        const turn = bearing(from, towards);
        let reach = apart;
        while (reach > 0 && distanceTo(zone.polygon, along(from, turn, reach)) < 0.35) reach -= 0.1;
        stops.push({ to: along(from, turn, Math.max(0, reach)), seconds: between(1.5, 4), face: towards });
        if (random() < 0.7)
          stops.push({ to: spot(0.8, from, 0, 3), seconds: between(1.5, 3.5), face: towards });
      }
      return [{ act: 'wander', stops }];
    },
    queues: () => [errand()],
    'uses-a-machine'() {
      const at = useAt();
      return [{ act: 'use', at, face: [at[0] + 1, at[1]], seconds: between(8, 30) }];
    },
    'reads-then-queues': () => [
      walk(spot(0.6)),
      { act: 'stand', seconds: between(2, 9) },
      ...(random() < 0.4 ? [walk(spot(0.6)), { act: 'stand', seconds: between(2, 5) } as Act] : []),
      errand(),
    ],
    waits() {
      const here = spot(0.7);
      const aside = spot(0.6, here, 0.3, 1.2);
      return [
        walk(here),
        { act: 'stand', seconds: between(9, 25) },
        ...(random() < 0.6 ? [walk(aside), { act: 'stand', seconds: between(9, 25) } as Act] : []),
      ];
    },
    'paces-on-the-phone'() {
      const here = spot(0.8);
      const there = spot(0.7, here, 1.2, 2.8);
      const rounds = Math.floor(between(3, 8));
      return Array.from({ length: rounds }, (): Act[] => {
        const beside = (at: Point): Point => [at[0] + between(-0.25, 0.25), at[1] + between(-0.25, 0.25)];
        return [
          walk(beside(here)),
          { act: 'stand', seconds: between(0.1, 4) },
          walk(beside(there)),
          { act: 'stand', seconds: between(0.1, 4) },
        ];
      }).flat();
    },
    'waits-for-a-companion': () => [errand()],
    'fills-a-form'() {
      const at = useAt();
      return [
        { act: 'use', at, face: [at[0] + 1, at[1]], seconds: between(10, 25) },
        walk(spot(0.6)),
        { act: 'stand', seconds: between(1, 3) },
        errand(),
      ];
    },
    sits() {
      const seat = plan.furniture.find((piece) => piece.kind === 'seats');
      if (seat === undefined || !('at' in seat))
        return [walk(spot(0.6)), { act: 'stand', seconds: between(15, 40) }];
      return [
        {
          act: 'sit',
          at: [seat.at[0] + between(-0.5, 0.5), seat.at[1]],
          face: door,
          seconds: between(10, 40),
        },
        ...(random() < 0.5 ? [errand()] : []),
      ];
    },
    'passes-through': () => [walk(spot(0.5), spot(0.5))],
    plays: () => [errand()],
  };

  const people: Person[] = [];
  const kinds = new Map<string, LifeKind>();
  const count = 3 + Math.floor(random() * 3);
  for (let n = 1; n <= count; n++) {
    const kind = n === 1 && only !== undefined ? only : one(lifeKinds);
    const visitor = { seed: seed * 10 + n, fromOtherwise: random() < 0.5, toOtherwise: random() < 0.5 };
    const at = between(0, 6) + (n - 1) * between(2, 7);
    const id = `c${n}`;
    const other = `d${n}`;
    kinds.set(id, kind);
    const own = acts[kind]();
    if (kind === 'plays') {
      const [adult, young] = couple([id, other], at, own, { ...visitor, companion: child(seed + n) });
      const [a, b, c] = [spot(0.5), spot(0.5), spot(0.5)];
      const until = at + between(25, 40);
      const arrives = at + 6;
      people.push(adult!, {
        ...young!,
        acts: [
          { act: 'follow', person: id, beside: 0.5, behind: 0.2, until: arrives },
          { act: 'play', between: [a, b, c], until },
          { act: 'follow', person: id, beside: 0.5, behind: 0.2 },
        ],
      });
      kinds.set(other, kind);
    } else if (kind === 'waits-for-a-companion') {
      const [first, second] = couple([id, other], at, own, visitor);
      const errandAt = own.flatMap((act) =>
        act.act === 'use'
          ? [act.at]
          : plan.queues.flatMap(({ zone, places: line }) =>
              act.act === 'queue' && act.zone === zone ? [line[1] ?? line[0]!] : [],
            ),
      )[0];
      const here = spot(0.6, errandAt, 0, 4);
      const shifts = Array.from({ length: Math.floor(between(1, 4)) }, (): Act[] => [
        walk(spot(0.5, here, 0, 2)),
        { act: 'stand', seconds: between(3, 9) },
      ]).flat();
      people.push(first!, {
        ...second!,
        acts: [
          { act: 'follow', person: id, beside: 0.6, behind: 0.1, until: at + between(5, 7) },
          walk(here),
          { act: 'stand', seconds: between(3, 8) },
          ...shifts,
          { act: 'follow', person: id, beside: 0.6, behind: 0.1 },
        ],
      });
      kinds.set(other, kind);
    } else people.push(customer(id, at, own, visitor));
  }
  const camera = Object.values(lobby.cameras)[0]!;
  const script: Script = {
    ...plan,
    name: `lives-${seed}`,
    seed,
    seconds: 75,
    camera,
    light: { level: 1 },
    thresholds: minuteThresholds,
    people,
  };
  const instants = simulate(script);
  return { script, kinds, instants, events: eventsOf(instants, script) };
}

const along = ([x, y]: Point, turn: number, metres: number): Point => [
  x + metres * Math.cos(turn),
  y + metres * Math.sin(turn),
];

function distanceTo(polygon: readonly Point[], spot: Point): number {
  if (within(spot, polygon as Point[])) return 0;
  return Math.min(
    ...polygon.map((a, i) => {
      const b = polygon[(i + 1) % polygon.length]!;
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const part = ((spot[0] - a[0]) * dx + (spot[1] - a[1]) * dy) / (dx * dx + dy * dy || 1);
      const held = Math.min(1, Math.max(0, part));
      return Math.hypot(spot[0] - a[0] - held * dx, spot[1] - a[1] - held * dy);
    }),
  );
}

/** How bad the tracks are. */
export interface Sight {
  readonly fps: number;
  /** Standard deviation of a slow drift about the true place, and of each frame's own error. */
  readonly driftMetres: number;
  readonly jitterMetres: number;
  /** Share of frames in which somebody is not found. */
  readonly lost: number;
  /** How often a minute somebody is out of sight for one to four seconds, and how often two visits swap. */
  readonly hiddenAMinute: number;
  readonly swapsAMinute: number;
}

export const goodSight: Sight = {
  fps: 5,
  driftMetres: 0,
  jitterMetres: 0,
  lost: 0,
  hiddenAMinute: 0,
  swapsAMinute: 0,
};
export const poorSight: Sight = {
  fps: 5,
  driftMetres: 0.12,
  jitterMetres: 0.06,
  lost: 0.1,
  hiddenAMinute: 1,
  swapsAMinute: 0.2,
};

/** What `followVisits` would make of these lives, frame by frame, through tracks of this quality. */
export function seeLives(lives: Lives, sight: Sight, afterSeconds: Seconds = 12): readonly Scene[] {
  const { script, instants } = lives;
  const random = chance(script.seed * 31 + 7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const zones = zonesOf(script);
  const set: Thresholds = { ...thresholds, wandering: { ...thresholds.wandering, afterSeconds } };
  const inner = side(...script.entrance.line, script.entrance.inside) > 0;
  /** Whom each visit shows; swaps change it. */
  const shows = new Map(script.people.map(({ id }) => [id, id]));
  const drift = new Map(script.people.map(({ id }) => [id, [0, 0] as [number, number]]));
  const hiddenUntil = new Map<string, number>();
  let visits: Visit[] = [];
  const scenes: Scene[] = [];
  for (let n = 0; n <= Math.round(script.seconds * sight.fps); n++) {
    const at = n / sight.fps;
    const instant = instants[Math.min(instants.length - 1, Math.round(at / 0.05))]!;
    const now = new Map(instant.people.map(({ id, x, y }) => [id, [x, y] as Point]));
    const dt = 1 / sight.fps;
    for (const [id, held] of drift) {
      const keep = Math.exp(-dt / 0.8);
      const push = sight.driftMetres * Math.sqrt(1 - keep * keep);
      drift.set(id, [held[0] * keep + push * normal(), held[1] * keep + push * normal()]);
    }
    for (const visit of visits) {
      if (random() < (sight.hiddenAMinute / 60) * dt) hiddenUntil.set(visit.id, at + 1 + 3 * random());
      const twin = visits[Math.floor(random() * visits.length)]!;
      const swap = random() < (sight.swapsAMinute / 60) * dt && twin.id !== visit.id;
      if (swap && Math.hypot(twin.at.x - visit.at.x, twin.at.y - visit.at.y) < 3) {
        const mine = shows.get(visit.id)!;
        shows.set(visit.id, shows.get(twin.id)!);
        shows.set(twin.id, mine);
      }
    }
    const next: Visit[] = [];
    for (const person of script.people) {
      const { id } = person;
      const known = visits.find((one) => one.id === id);
      const shown = shows.get(id)!;
      const true_ = now.get(shown);
      const unseen = true_ === undefined || random() < sight.lost || at < (hiddenUntil.get(id) ?? 0);
      if (unseen) {
        if (known !== undefined && known.phase !== 'left' && at - known.seenAt < 20) next.push(known);
        continue;
      }
      const [dx, dy] = drift.get(shown)!;
      const x = true_[0] + dx + sight.jitterMetres * normal();
      const y = true_[1] + dy + sight.jitterMetres * normal();
      const isIn = side(...script.entrance.line, true_) > 0 === inner;
      let phase: VisitPhase = known?.phase ?? (isIn ? 'inside' : 'outside');
      let arrivedAt = known?.arrivedAt;
      if (isIn && phase === 'outside') {
        phase = 'inside';
        arrivedAt = at;
      } else if (!isIn && phase === 'inside') phase = 'left';
      const role: Role = person.role === 'staff' ? 'staff' : arrivedAt === undefined ? 'unknown' : 'customer';
      const last = known?.path.at(-1);
      const here: PathPoint = { at, x, y };
      const due = last === undefined || at - last.at >= 0.4 - 1e-6;
      const pace = known === undefined ? { x: 0, y: 0 } : velocity(known, here);
      next.push({
        id,
        plane: 'floor',
        role,
        phase,
        sightings: [{ camera: 'hall', track: 1 }],
        at: { x, y },
        velocity: pace,
        unit: 1,
        bornAt: known?.bornAt ?? at,
        bornWhere: known?.bornWhere ?? { x, y },
        seenAt: at,
        seenBy: 'hall',
        ...(arrivedAt === undefined ? {} : { arrivedAt, door: script.entrance.id }),
        path: due ? [...(known?.path ?? []), here].slice(-120) : known!.path,
      });
    }
    visits = next;
    scenes.push({ at, visits, changes: [], zones, blindZones: new Set(), thresholds: set });
  }
  return scenes;
}

/** As smooth as a Kalman filter's: over the last half second. */
function velocity(visit: Visit, here: PathPoint): { x: number; y: number } {
  const from = visit.path.findLast((point) => here.at - point.at >= 0.5) ?? visit.path[0]!;
  const dt = Math.max(0.2, here.at - from.at);
  return { x: (here.x - from.x) / dt, y: (here.y - from.y) / dt };
}

export function zonesOf(script: Script): readonly Zone[] {
  const point = ([x, y]: Point) => ({ x, y });
  const [from, to] = script.entrance.line;
  return [
    {
      id: script.entrance.id,
      kind: 'entrance',
      plane: 'floor',
      door: { from: point(from), to: point(to), inside: point(script.entrance.inside) },
    },
    ...script.zones.map(
      (zone): AreaZone => ({
        id: zone.id,
        kind: zone.kind,
        plane: 'floor',
        polygon: zone.polygon.map(point),
      }),
    ),
  ];
}
