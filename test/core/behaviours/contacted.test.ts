import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contacted } from '../../../src/core/behaviours/contacted.ts';
import type { Zone } from '../../../src/core/floor/zones.ts';
import { hidden, stay, thresholds, to, type Walk, walk } from '../story.ts';
import { anyPace, kindsOf, type Player, type Playing, play, watch } from './scenes.ts';

const see = (players: readonly Player[], playing: Playing) => watch(contacted, play(players, playing));
const customer = (one: Walk, arrivedAt?: number): Player =>
  arrivedAt === undefined ? { id: 'v1', walk: one } : { id: 'v1', walk: one, arrivedAt };
const manager = (one: Walk): Player => ({ id: 'v2', walk: one, role: 'staff' });
const waiting = walk(0, [0, 0], stay(120));

describe('Contact', () => {
  it('is standing with staff for long enough, with the time since arrival', () => {
    const coming = walk(0, [0, 4], stay(10), to(0, 1), stay(30));
    const { happenings } = see([customer(waiting, 2), manager(coming)], { until: 30 });
    expect(happenings).toMatchObject([{ kind: 'contacted', visit: 'v1', where: { x: 0, y: 0 } }]);
    const { at, waitedSeconds } = happenings[0]!;
    // Within 1.6 m at about 12 s, and together for two seconds.
    expect(at).toBeGreaterThan(13.5);
    expect(at).toBeLessThan(15);
    expect(waitedSeconds).toBeCloseTo(at - 2, 9);
  });

  it('counts from first sight for a customer who was there before the service', () => {
    const there: Player = { id: 'v1', walk: waiting, role: 'customer' };
    const { happenings } = see([there, manager(walk(0, [0, 1], stay(30)))], { until: 10 });
    expect(happenings[0]!.waitedSeconds).toBeCloseTo(happenings[0]!.at, 9);
  });

  it('with somebody of whom nothing is known is not told, but they need not be sent for any more', () => {
    const { happenings, state } = see([customer(waiting), manager(walk(0, [0, 1], stay(30)))], { until: 10 });
    expect(happenings).toEqual([]);
    expect(state.met).toMatchObject([{ visit: 'v1' }]);
  });

  it('is with the one of two whom staff walked up to, also if the other is nearer', () => {
    const aside: Player = { id: 'v3', walk: walk(0, [0.2, 1.7], stay(60)), arrivedAt: 0 };
    const coming = manager(walk(0, [0, 5], to(0, 0.95), stay(20)));
    const { happenings } = see([customer(waiting, 0), aside, coming], { until: 15 });
    expect(happenings.map((one) => one.visit)).toEqual(['v1']);
    // Control: where nobody has walked up to anybody, the nearer one is met.
    const standing = manager(walk(0, [0.1, 1.1], stay(20)));
    expect(see([customer(waiting, 0), aside, standing], { until: 15 }).happenings[0]!.visit).toBe('v3');
  });

  it('is not standing with the back to somebody, who does not come up either', () => {
    const back = manager(walk(0, [0, -3], to(0, 0.6), stay(0.2), to(0, 1.2, 0.6), stay(5)));
    expect(see([customer(waiting, 0), back], { until: 9 }).happenings).toEqual([]);
  });

  it('is not made while a queue is walked along', () => {
    const line = [0, 1, 2, 3, 4].map(
      (i): Player => ({ id: `v${i + 2}`, walk: walk(0, [i * 0.9, 0], stay(60)), arrivedAt: 0 }),
    );
    const along: Player = { id: 'v1', walk: walk(0, [-3, 0.8], to(7, 0.8, 1)), role: 'staff' };
    expect(see([along, ...line], { until: 12 }).happenings).toEqual([]);
  });

  it('is not two ways that cross', () => {
    const staff = manager(walk(0, [-3, 0.6], to(2.6, 2.7, 1.25), stay(1)));
    const crossing = walk(0, [-2.3, 2.2], to(2.8, 1.1, 1.25), stay(1));
    expect(see([customer(crossing, 0), staff], { until: 5 }).happenings).toEqual([]);
  });

  it('is with all who came in together and stand by, at once', () => {
    const family = [0, 0.7].map((y): Player => {
      const together = walk(0, [-5, y], to(0, y), stay(60));
      return { id: `v${y === 0 ? 1 : 3}`, walk: together, arrivedAt: 0.5 + y };
    });
    const staff = manager(walk(0, [4, 0], stay(6), to(0.8, 0), stay(20)));
    const { happenings } = see([...family, staff], { until: 20 });
    expect(happenings.map((one) => one.visit).sort()).toEqual(['v1', 'v3']);
    expect(happenings[0]!.at).toBe(happenings[1]!.at);
  });

  it('is with one of two strangers, who came in one after the other and stand as near', () => {
    const strangers: Player[] = [
      { id: 'v1', walk: walk(0, [-5, 3], to(0, 0), stay(60)), arrivedAt: 0.5 },
      { id: 'v3', walk: walk(0, [-5, -4], to(0, -0.7), stay(60)), arrivedAt: 1 },
    ];
    const staff = manager(walk(0, [4, 0], stay(6), to(0.8, 0), stay(2.2), to(5, 0)));
    const { happenings } = see([...strangers, staff], { until: 20 });
    expect(happenings.map((one) => one.visit)).toEqual(['v1']);
  });

  it('is not with the next in the line, who came in a step behind and stands a step behind', () => {
    const line = [0, 1].map((behind): Player => {
      const after = walk(0, [-5 - 0.8 * behind, 0], to(-0.8 * behind, 0), stay(60));
      return { id: `v${1 + 2 * behind}`, walk: after, arrivedAt: 0.5 + 0.7 * behind };
    });
    const staff = manager(walk(0, [4, 0], stay(6), to(0.7, 0), stay(2.2), to(5, 0)));
    const met = (zones: readonly Zone[]) =>
      see([...line, staff], { until: 20, zones }).happenings.map((one) => one.visit);
    const [left, top, right, bottom] = [-3, -1, 1, 1];
    const polygon = [
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ];
    expect(met([{ id: 'cash', kind: 'queue', plane: 'floor', polygon }])).toEqual(['v1']);
    // Elsewhere they have come together.
    expect(met([])).toEqual(['v1', 'v3']);
  });

  it('goes on while staff hide the customer they speak with', () => {
    const behind = hidden(waiting, 0.8, 4.2);
    const { happenings } = see([customer(behind, 0), manager(walk(0, [0, 1], stay(30)))], { until: 8 });
    expect(happenings).toHaveLength(1);
    // Control: two of whom neither is seen may have gone anywhere.
    const both = manager(hidden(walk(0, [0, 1], stay(30)), 0.8, 4.2));
    expect(see([customer(behind, 0), both], { until: 4 }).happenings).toEqual([]);
  });

  it('is not walking past, near though it be', () => {
    const past = walk(0, [-5, 0.6], to(5, 0.6, 1.2));
    expect(see([customer(waiting, 0), manager(past)], { until: 12 }).happenings).toEqual([]);
  });

  it('is walking side by side', () => {
    const together = [walk(0, [-4, 0], to(4, 0)), walk(0, [-4, 0.8], to(4, 0.8))] as const;
    const { happenings } = see([customer(together[0], 0), manager(together[1])], { until: 6 });
    expect(kindsOf(happenings)).toEqual(['contacted']);
  });

  it('is not standing out of reach', () => {
    expect(
      see([customer(waiting, 0), manager(walk(0, [0, 1.7], stay(60)))], { until: 60 }).happenings,
    ).toEqual([]);
  });

  it('is not between two customers', () => {
    const other: Player = { id: 'v2', walk: walk(0, [0, 1], stay(60)), arrivedAt: 0 };
    expect(see([customer(waiting, 0), other], { until: 60 }).happenings).toEqual([]);
  });

  it('is noticed once a visit, whoever else comes by', () => {
    const first = manager(walk(0, [0, 1], stay(10), to(0, 4)));
    const second: Player = { id: 'v3', walk: walk(20, [1, 0], stay(20)), role: 'staff' };
    const { happenings } = see([customer(waiting, 0), first, second], { until: 40 });
    expect(happenings).toHaveLength(1);
  });

  it('survives somebody stepping between them for a moment', () => {
    const staff = hidden(walk(0, [0, 1], stay(30)), 1.4, 2.2);
    const { happenings } = see([customer(waiting, 0), manager(staff)], { until: 6 });
    expect(happenings).toHaveLength(1);
  });

  it('is not made of two short meetings', () => {
    const twice = walk(0, [0, 1.4], stay(1.4), to(0, 3.4, 2), stay(3), to(0, 1.4, 2), stay(1), to(0, 4, 2));
    expect(see([customer(waiting, 0), manager(twice)], { until: 15 }).happenings).toEqual([]);
  });

  it('follows its thresholds', () => {
    const far = { ...thresholds, contact: { withinMetres: 3, forSeconds: 5, targetSeconds: 30 } };
    const players = [customer(waiting, 0), manager(walk(0, [0, 2.5], stay(30)))];
    expect(see(players, { until: 20 }).happenings).toEqual([]);
    const { happenings } = see(players, { until: 20, thresholds: far });
    // It is counted from the look before they were first seen together.
    expect(happenings[0]!.at).toBeCloseTo(5 - 0.2, 6);
  });

  it('needs metres: a camera without floor points sees nobody met', () => {
    const scenes = play([customer(waiting, 0), manager(walk(0, [0, 1], stay(30)))], { until: 20 });
    const inPixels = scenes.map((scene) => ({
      ...scene,
      visits: scene.visits.map((visit) => ({ ...visit, plane: 'side' })),
    }));
    expect(watch(contacted, inPixels).happenings).toEqual([]);
  });

  it('is noticed on time at any frame rate, frames lost or not', () => {
    fc.assert(
      fc.property(anyPace, ({ fps, dropped, gap }) => {
        const players = [customer(waiting, 0), manager(walk(0, [0, 1], stay(30)))];
        const [noticed] = see(players, { until: 10, fps, dropped }).happenings;
        expect(noticed!.at).toBeGreaterThanOrEqual(2 - Math.min(gap, 0.2) - 1e-6);
        expect(noticed!.at).toBeLessThanOrEqual(2 + gap + 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('is forgotten with the visit', () => {
    const gone = [customer(walk(0, [0, 0], stay(10)), 0), manager(walk(0, [0, 1], stay(10)))];
    const { state } = see(gone, { until: 60 });
    expect(state).toEqual(contacted.begin);
  });
});
