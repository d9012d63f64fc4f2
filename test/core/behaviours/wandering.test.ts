import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describePath, wandering } from '../../../src/core/behaviours/wandering.ts';
import { hidden, type Leg, stay, to, walk } from '../story.ts';
import { anyPace, type Player, type Playing, play, watch } from './scenes.ts';

const see = (players: readonly Player[], playing: Playing) =>
  watch(wandering, play(players, playing)).happenings;
const customer = (one: Player['walk'], id = 'v1'): Player => ({ id, walk: one, arrivedAt: 0 });
/** Looks around: over and back through the open hall, stopping now and then. */
const lookingAround = (rounds: number): Leg[] =>
  Array.from({ length: rounds }, () => [
    to(-1, -1, 0.7),
    stay(2),
    to(0.5, 1, 0.7),
    stay(2),
    to(-2, 1.2, 0.7),
  ]).flat();
const lost = walk(0, [-3, 0], ...lookingAround(8));

describe('Wandering', () => {
  it('is looking around in the open hall for longer than the threshold, with its reasons', () => {
    const noticed = see([customer(lost)], { until: 25 });
    expect(noticed).toMatchObject([{ kind: 'wandering', visit: 'v1', seen: { forSeconds: 15 } }]);
    const { pauses, turns } = noticed[0]!.seen!;
    expect(pauses + turns).toBeGreaterThanOrEqual(2);
  });

  it('is told once an episode, however long it goes on', () => {
    expect(see([customer(lost)], { until: 60 })).toHaveLength(1);
  });

  it('is told again after somebody had found their place and is lost anew', () => {
    const again = walk(0, [-3, 0], ...lookingAround(2), to(3, -2), stay(10), ...lookingAround(4));
    expect(see([customer(again)], { until: 75 })).toHaveLength(2);
  });

  it('is not made of two short strolls with a counter between them', () => {
    const stroll = [to(-1, -1, 0.7), stay(2), to(3, -2)];
    const twice = walk(0, [-3, 0], ...stroll, stay(6), to(0, 0), ...stroll, stay(20));
    expect(see([customer(twice)], { until: 40 })).toEqual([]);
  });

  it('is not walking straight across the hall', () => {
    expect(see([customer(walk(0, [-4, 2], to(4, 1.5, 0.4), stay(2)))], { until: 20 })).toEqual([]);
  });

  it('is not standing and waiting', () => {
    expect(see([customer(walk(0, [-3, 0], stay(90)))], { until: 90 })).toEqual([]);
  });

  it('is not coming across the hall and sitting down, or waiting there for somebody', () => {
    const crossing = [to(-1, -1, 0.7), stay(2), to(0.5, 1, 0.9)];
    expect(see([customer(walk(0, [-3, 0], ...crossing, stay(60)))], { until: 60 })).toEqual([]);
    // Control: who moves on from there and stops again has not found what they look for.
    const goesOn = [...crossing, stay(4), to(-2, 1.2, 0.7), stay(3), to(-1, -1, 0.7), stay(2)];
    expect(see([customer(walk(0, [-3, 0], ...goesOn))], { until: 30 })).toHaveLength(1);
  });

  it('is not running about as children do, without ever stopping', () => {
    const rounds = Array.from({ length: 8 }, () => [to(-1, -1, 2), to(0.5, 1, 2), to(-2, 1.2, 2)]).flat();
    expect(see([customer(walk(0, [-3, 0], ...rounds))], { until: 25 })).toEqual([]);
  });

  it('is not queueing or using a machine', () => {
    expect(see([customer(walk(0, [2.5, -2], to(3.5, -2, 0.5), stay(60)))], { until: 60 })).toEqual([]);
    expect(
      see([customer(walk(0, [3.2, 3], to(4.8, 3, 0.5), to(3.5, 3.5), stay(60)))], { until: 60 }),
    ).toEqual([]);
  });

  it('is not being shown around by staff', () => {
    const beside: Player = {
      id: 'v2',
      role: 'staff',
      walk: (at) => {
        const spot = lost(at);
        return spot === undefined ? undefined : { x: spot.x + 0.8, y: spot.y };
      },
    };
    expect(see([customer(lost), beside], { until: 40 })).toEqual([]);
  });

  it('is nothing staff do, nor anybody who was there before the service', () => {
    expect(see([{ id: 'v1', walk: lost, role: 'staff' }], { until: 40 })).toEqual([]);
    expect(see([{ id: 'v1', walk: lost }], { until: 40 })).toEqual([]);
  });

  it('needs metres: a camera without floor points has nobody wander', () => {
    const scenes = play([customer(lost)], { until: 40 }).map((scene) => ({
      ...scene,
      visits: scene.visits.map((visit) => ({ ...visit, plane: 'side' })),
    }));
    expect(watch(wandering, scenes).happenings).toEqual([]);
  });

  it('is not told of somebody who cannot be seen just then', () => {
    const noticed = see([customer(hidden(lost, 14, 18))], { until: 30 });
    expect(noticed).toHaveLength(1);
    expect(noticed[0]!.at).toBeGreaterThanOrEqual(18);
  });

  it('is told on time at any frame rate, frames lost or not', () => {
    fc.assert(
      fc.property(anyPace, ({ fps, dropped, gap }) => {
        const [noticed] = see([customer(lost)], { until: 25, fps, dropped });
        expect(noticed!.at).toBeGreaterThanOrEqual(15);
        // One who stands at a corner when the time is up is told of at the corner.
        expect(noticed!.at).toBeLessThanOrEqual(15 + gap + 1e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('is forgotten with the visit', () => {
    const { state } = watch(
      wandering,
      play([customer(walk(0, [-3, 0], ...lookingAround(3)))], { until: 90 }),
    );
    expect(state).toEqual(wandering.begin);
  });
});

describe('A path in words', () => {
  const path = (legs: readonly Leg[]) => {
    const one = walk(0, [0, 0], ...legs, stay(0.01));
    const points = [];
    for (let n = 0; one(n * 0.4) !== undefined; n++) points.push({ at: n * 0.4, ...one(n * 0.4)! });
    return describePath(points, 1);
  };

  it('straight on has no pause and no turn', () => {
    expect(path([to(6, 0)])).toMatchObject({ pauses: 0, turns: 0 });
    expect(path([to(6, 0)]).metres).toBeCloseTo(6, 0);
  });

  it('there and back is a turn', () => {
    expect(path([to(4, 0), to(0, 0)])).toMatchObject({ pauses: 0, turns: 1 });
  });

  it('around a square block is some, a corner that falls between two looks being taken for a bend', () => {
    expect(path([to(4, 0), to(4, 4), to(0, 4), to(0, 0)]).turns).toBeGreaterThanOrEqual(2);
  });

  it('a wide bend is none', () => {
    const bend = Array.from({ length: 18 }, (_, i) => {
      const angle = ((i + 1) * Math.PI) / 36;
      return to(6 * Math.sin(angle), 6 - 6 * Math.cos(angle));
    });
    expect(path(bend).turns).toBe(0);
  });

  it('a stop is one pause, however long', () => {
    expect(path([to(3, 0), stay(3), to(6, 0)]).pauses).toBe(1);
    expect(path([to(3, 0), stay(30), to(6, 0)]).pauses).toBe(1);
    expect(path([to(2, 0), stay(3), to(4, 0), stay(3), to(6, 0)]).pauses).toBe(2);
  });

  it('two stops within a step of each other are one', () => {
    expect(path([to(3, 0), stay(2), to(3.5, 0), stay(2)]).pauses).toBe(1);
    expect(path([to(3, 0), stay(2), to(4.5, 0), stay(2)]).pauses).toBe(2);
  });

  it('tells how long somebody has stood where they are, however they shift', () => {
    expect(path([to(3, 0), stay(3), to(3.3, 0.2), stay(3)]).standsFor).toBeGreaterThan(6);
    expect(path([to(3, 0), stay(9), to(6, 0)]).standsFor).toBeLessThan(2);
  });

  it('hesitating for half a second is none', () => {
    expect(path([to(3, 0), stay(0.5), to(6, 0)]).pauses).toBe(0);
  });

  it('is the same in pixels, given how many make a metre', () => {
    const points = [0, 1, 2, 3].map((n) => ({ at: n, x: n * 100, y: 0 }));
    expect(describePath(points, 100).metres).toBeCloseTo(3, 9);
  });

  it('of nobody is nothing', () => {
    expect(describePath([], 1)).toEqual({ metres: 0, pauses: 0, turns: 0, standsFor: 0 });
  });
});
