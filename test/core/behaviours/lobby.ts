import fc from 'fast-check';
import {
  type Behaviour,
  type Happening,
  isGuest,
  type Thresholds,
} from '../../../src/core/behaviours/behaviour.ts';
import { type LobbyScene, whereaboutsOf } from '../../../src/core/behaviours/lobby-scene.ts';
import type { Zone } from '../../../src/core/floor/zones.ts';
import type { FloorPoint, Seconds } from '../../../src/core/units.ts';
import type { Role, Visit } from '../../../src/core/visits/visit.ts';
import { cash, door, service, staffZone, thresholds } from '../story.ts';

/**
 * A lobby told by who is where, second by second: nobody walks, they are in one place and then in
 * another. What behaviours about the lobby as a whole go by, and nothing else.
 *
 *     door     hall          staff-room
 *                  counter   self-service
 *         vip      cash   exchange
 */

const square = (id: string, kind: 'queue' | 'service' | 'vip', x: number, y: number): Zone => ({
  id,
  kind,
  plane: 'floor',
  polygon: [
    { x: x - 1, y: y - 1 },
    { x: x + 1, y: y - 1 },
    { x: x + 1, y: y + 1 },
    { x: x - 1, y: y + 1 },
  ],
});
export const vip = square('vip', 'vip', 0, -8);
export const exchange = square('exchange', 'queue', 10, -2);
export const lobbyZones: readonly Zone[] = [door, cash, exchange, service, staffZone, vip];

const spots = {
  hall: { x: 0, y: 0 },
  'by-the-door': { x: -4, y: 0 },
  cash: { x: 3, y: -2.5 },
  exchange: { x: 10, y: -2 },
  'self-service': { x: 4, y: 3 },
  vip: { x: 0, y: -8 },
  'staff-room': { x: 0, y: 4 },
} as const satisfies Record<string, FloorPoint>;
export type Spot = keyof typeof spots;

/** In a place from one moment to another; times are whole seconds, so that every frame rate has them. */
export type Spell = readonly [spot: Spot, from: Seconds, until: Seconds];

export interface Somebody {
  readonly id: string;
  readonly role?: Role;
  readonly spells: readonly Spell[];
}

export interface Lobby {
  readonly fps?: number;
  readonly from?: Seconds;
  readonly until: Seconds;
  readonly zones?: readonly Zone[];
  readonly thresholds?: Partial<Thresholds>;
  readonly blind?: (at: Seconds) => readonly string[];
  readonly met?: readonly string[];
  readonly overBudgetAt?: (at: Seconds) => Seconds | undefined;
  readonly expectedWaitSeconds?: (at: Seconds) => Seconds | undefined;
  /** Which of two cameras sees somebody; frames then come in turn, that of `first` before the other's. */
  readonly cameras?: { readonly of: (id: string) => 'one' | 'two'; readonly first: 'one' | 'two' };
}

export const spotAt = ({ spells }: Somebody, at: Seconds): Spot | undefined =>
  spells.find(([, from, until]) => at >= from && at < until)?.[0];

/** What the behaviours are shown of it, frame by frame. */
export function scenesOf(people: readonly Somebody[], lobby: Lobby): readonly LobbyScene[] {
  const { fps = 5, from = 0, until, cameras } = lobby;
  const scenes: LobbyScene[] = [];
  let before: readonly Visit[] = [];
  for (let n = Math.ceil(from * fps); n <= until * fps; n++) {
    const looks =
      cameras === undefined ? [undefined] : cameras.first === 'one' ? ['one', 'two'] : ['two', 'one'];
    for (const [turn, look] of looks.entries()) {
      // The second camera's frame is a hundredth of a second late.
      const at = n / fps + turn / 100;
      const visits = people.flatMap((one, i): Visit[] => {
        const own = before.find(({ id }) => id === one.id);
        const isLooked = look === undefined || cameras!.of(one.id) === look;
        if (!isLooked) return own === undefined ? [] : [own];
        const spot = spotAt(one, n / fps);
        return spot === undefined ? [] : [visitOf(one, spot, at, i)];
      });
      const gone = before.filter((one) => !visits.some(({ id }) => id === one.id));
      scenes.push(sceneOf(at, visits, gone, lobby));
      before = visits;
    }
  }
  return scenes;
}

function visitOf({ id, role = 'customer', spells }: Somebody, spot: Spot, at: Seconds, i: number): Visit {
  const { x, y } = spots[spot];
  return {
    id,
    plane: 'floor',
    role,
    phase: 'inside',
    sightings: [],
    at: { x: x + 0.01 * i, y },
    velocity: { x: 0, y: 0 },
    unit: 1,
    bornAt: spells[0]![1],
    bornWhere: { x: -5, y: 0 },
    seenAt: at,
    seenBy: 'hall',
    ...(role === 'customer' ? { arrivedAt: spells[0]![1] } : {}),
    path: [],
  } as unknown as Visit;
}

function sceneOf(at: Seconds, visits: readonly Visit[], gone: readonly Visit[], lobby: Lobby): LobbyScene {
  const all = lobby.zones ?? lobbyZones;
  const whereabouts = whereaboutsOf(visits, all);
  const expected = lobby.expectedWaitSeconds?.(at);
  const over = lobby.overBudgetAt?.(at);
  return {
    at,
    visits,
    changes: gone.map((visit) => ({ kind: 'forgotten', visit })),
    zones: all,
    blindZones: new Set(lobby.blind?.(at) ?? []),
    thresholds: { ...thresholds, ...lobby.thresholds },
    guests: visits.filter(isGuest),
    whereabouts,
    queues: all
      .filter((zone) => zone.kind === 'queue')
      .map((zone) => {
        const line = visits.filter((one) => one.role !== 'staff' && whereabouts.get(one.id) === zone.id);
        return {
          zone: zone.id,
          visits: line.map((one) => one.id),
          waitedSeconds: line.map((one) => at - one.bornAt),
          ...(expected === undefined ? {} : { expectedWaitSeconds: expected }),
        };
      }),
    met: new Set(lobby.met ?? []),
    ...(over === undefined ? {} : { overBudgetAt: over }),
  };
}

/** Shows a behaviour scene after scene, and gives back what it noticed and what it remembers. */
export function look<State>(
  behaviour: Behaviour<State, LobbyScene>,
  scenes: readonly LobbyScene[],
  from: State = behaviour.begin,
): { readonly happenings: readonly Happening[]; readonly state: State } {
  let state = from;
  const happenings = scenes.flatMap((scene) => {
    const [next, noticed] = behaviour.notice(state, scene);
    state = next;
    return noticed;
  });
  return { happenings, state };
}

/** Happenings in short: `12.4 crowded`, `80 over crowded eased`. */
export const inShort = (happenings: readonly Happening[]) =>
  happenings.map(({ at, kind, zone, of, because, towards }) =>
    [Number(at.toFixed(2)), kind, of, zone, towards, because].filter((part) => part !== undefined).join(' '),
  );

export const customers = (count: number, ...spells: readonly Spell[]): Somebody[] =>
  Array.from({ length: count }, (_, i) => ({ id: `c${i}-${spells[0]![0]}-${spells[0]![1]}`, spells }));
export const manager = (...spells: readonly Spell[]): Somebody => ({ id: 'm', role: 'staff', spells });

/** Levels low enough, and half seconds that no story ends on, so that every frame rate agrees. */
export const lowThresholds: Partial<Thresholds> = {
  crowded: { people: 4, peoplePerStaff: 3, forSeconds: 10.5 },
  unattended: { forSeconds: 10.5 },
  divert: { length: 3, waitSeconds: 300, freeForSeconds: 5.5 },
  patrol: { people: 2, afterSeconds: 8.5, everySeconds: 30 },
  machines: { shortPercent: 33, leastStays: 4 },
  farewell: { stayedSeconds: 5.5 },
};

export const daySeconds = 150;

const anySpells = (...places: readonly Spot[]) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 40 }),
      fc.array(fc.tuple(fc.constantFrom(...places), fc.integer({ min: 1, max: 45 })), {
        minLength: 1,
        maxLength: 5,
      }),
    )
    .map(([start, stays]): readonly Spell[] => {
      let at = start;
      return stays.map(([spot, seconds]): Spell => {
        const spell: Spell = [spot, at, at + seconds];
        at += seconds;
        return spell;
      });
    });

/** Up to nine customers and two of staff who are here and there as chance will have it. */
export const anyDay: fc.Arbitrary<readonly Somebody[]> = fc
  .tuple(
    fc.array(anySpells('hall', 'by-the-door', 'cash', 'cash', 'exchange', 'self-service', 'vip'), {
      minLength: 2,
      maxLength: 9,
    }),
    fc.array(anySpells('hall', 'staff-room', 'cash', 'vip'), { maxLength: 2 }),
  )
  .map(([guests, staff]) => [
    ...guests.map((spells, i): Somebody => ({ id: `c${i}`, spells })),
    ...staff.map((spells, i): Somebody => ({ id: `m${i}`, role: 'staff', spells })),
  ]);
