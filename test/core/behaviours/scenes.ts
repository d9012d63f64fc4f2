import fc from 'fast-check';
import type { Behaviour, Happening, Scene, Thresholds } from '../../../src/core/behaviours/behaviour.ts';
import type { Zone } from '../../../src/core/floor/zones.ts';
import type { Seconds } from '../../../src/core/units.ts';
import type { PathPoint, Role, Visit } from '../../../src/core/visits/visit.ts';
import { thresholds, type Walk, zones } from '../story.ts';

/** Somebody in a scene: their walk, and who the branch takes them for. */
export interface Player {
  readonly id: string;
  readonly walk: Walk;
  readonly role?: Role;
  /** Absent: was there before the service. */
  readonly arrivedAt?: Seconds;
  /** Taken for another from this moment on. */
  readonly staffFrom?: Seconds;
}

export interface Playing {
  readonly fps?: number;
  readonly until: Seconds;
  readonly dropped?: (frame: number) => boolean;
  readonly zones?: readonly Zone[];
  readonly thresholds?: Thresholds;
  /** How long a visit outlives its last sight. */
  readonly memorySeconds?: Seconds;
}

/** Scenes as `followVisits` would give them for a perfect camera, without one. */
export function play(players: readonly Player[], playing: Playing): readonly Scene[] {
  const { fps = 5, until, dropped = () => false, memorySeconds = 20 } = playing;
  const scenes: Scene[] = [];
  let visits: readonly Visit[] = [];
  for (let n = 0; n <= Math.round(until * fps); n++) {
    if (dropped(n)) continue;
    const at = n / fps;
    const next = players.flatMap((player): Visit[] => {
      const before = visits.find((one) => one.id === player.id);
      const spot = player.walk(at);
      if (spot === undefined)
        return before !== undefined && at - before.seenAt <= memorySeconds ? [before] : [];
      const then = player.walk(at - 0.2) ?? spot;
      const role = player.staffFrom !== undefined && at >= player.staffFrom ? 'staff' : player.role;
      const last = before?.path.at(-1);
      const here: PathPoint = { at, ...spot };
      return [
        {
          id: player.id,
          plane: 'floor',
          role: role ?? (player.arrivedAt === undefined ? 'unknown' : 'customer'),
          phase: 'inside',
          sightings: [{ camera: 'hall', track: 1 }],
          at: spot,
          velocity: { x: (spot.x - then.x) / 0.2, y: (spot.y - then.y) / 0.2 },
          unit: 1,
          bornAt: before?.bornAt ?? at,
          bornWhere: before?.bornWhere ?? spot,
          seenAt: at,
          seenBy: 'hall',
          ...(player.arrivedAt === undefined ? {} : { arrivedAt: player.arrivedAt }),
          path:
            last !== undefined && at - last.at < 0.4 - 1e-6
              ? before!.path
              : [...(before?.path ?? []), here].slice(-120),
        },
      ];
    });
    const gone = visits.filter((one) => !next.some((other) => other.id === one.id));
    scenes.push({
      at,
      visits: next,
      changes: gone.map((visit) => ({ kind: 'forgotten', visit })),
      zones: playing.zones ?? zones,
      blindZones: new Set(),
      thresholds: playing.thresholds ?? thresholds,
    });
    visits = next;
  }
  return scenes;
}

/** Shows a behaviour scene after scene, and gives back what it noticed. */
export function watch<State>(
  behaviour: Behaviour<State>,
  scenes: readonly Scene[],
): { readonly happenings: readonly Happening[]; readonly state: State } {
  let state = behaviour.begin;
  const happenings = scenes.flatMap((scene) => {
    const [next, noticed] = behaviour.notice(state, scene);
    state = next;
    return noticed;
  });
  return { happenings, state };
}

/** A camera's pace: 1 to 25 frames a second, some of them lost, but never all of one and a half seconds. */
export const anyPace = fc
  .record({
    fps: fc.integer({ min: 1, max: 25 }),
    lost: fc.double({ min: 0, max: 0.6, noNaN: true }),
    seed: fc.nat(10_000),
  })
  .map(({ fps, lost, seed }) => {
    const most = Math.max(0, Math.floor(fps / 2));
    const gone = new Set<number>();
    let run = 0;
    for (let n = 1; n < 20_000; n++) {
      const dice = ((n * 7919 + seed * 104_729) % 1009) / 1009;
      const drop = run < most && dice < lost;
      run = drop ? run + 1 : 0;
      if (drop) gone.add(n);
    }
    const dropped = (frame: number) => gone.has(frame);
    return Object.assign(
      { fps, dropped, gap: (most + 1) / fps },
      { [fc.toStringMethod]: () => `${fps} fps, ${(lost * 100).toFixed(0)} % lost` },
    );
  });

export const kindsOf = (happenings: readonly Happening[]) => happenings.map(({ kind }) => kind);
