import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoreState } from '../../../src/core/step.ts';
import { hearBeacon, staffLogOdds } from '../../../src/core/visits/role.ts';
import type { Role, Visit } from '../../../src/core/visits/visit.ts';
import {
  camera,
  cash,
  film,
  hidden,
  settings,
  staffZone,
  stay,
  tell,
  to,
  type Walk,
  walk,
  zones,
} from '../story.ts';

/** Whose visit is nearest to where somebody is. */
const near = (state: CoreState, walker: Walk, at: number): Visit | undefined => {
  const spot = walker(at)!;
  const metres = (one: Visit) => Math.hypot(one.at.x - spot.x, one.at.y - spot.y);
  return state.visits.visits.filter((one) => metres(one) < 0.8).sort((a, b) => metres(a) - metres(b))[0];
};
const roleOf = (walks: readonly Walk[], at: number, of = walks[0]!): Role | undefined =>
  near(tell(film(walks, { until: at })).state, of, at)?.role;

describe('Belief in who is staff', () => {
  it('begins with where somebody comes from', () => {
    expect(roleOf([walk(0, [0, 4], to(0, 0), stay(20))], 10)).toBe('staff');
    expect(roleOf([walk(0, [-7, 0], to(0, 0), stay(20))], 10)).toBe('customer');
    expect(roleOf([walk(0, [0, -2], stay(20))], 10)).toBe('unknown');
  });

  it('comes to know staff who came to work by the customers’ entrance', () => {
    const early = walk(0, [-7, 0], to(0, 3.8), stay(40), to(0, -2), stay(120));
    expect(roleOf([early], 5)).toBe('customer');
    // And keeps it: whoever has worked behind the counter is staff for long after.
    for (const at of [20, 60, 120]) expect(roleOf([early], at)).toBe('staff');
  });

  it('takes back the greeting of somebody who turns out to be staff', () => {
    const { changes } = tell(film([walk(0, [-7, 0], to(0, 3.8), stay(20))], { until: 15 }));
    expect(changes).toMatchObject([
      { kind: 'raised', prompt: { kind: 'greet' } },
      { kind: 'state', prompt: { phase: 'withdrawn' }, reason: 'is-staff' },
    ]);
  });

  it('heals for a customer who strays behind the counter', () => {
    const strays = walk(0, [-7, 0], to(0, 3.6), stay(3), to(3, -1.6), stay(90));
    expect(roleOf([strays], 12.5)).toBe('staff');
    expect(roleOf([strays], 80)).toBe('customer');
  });

  it('stays for staff who stand in a queue with those they help', () => {
    const helper = walk(0, [0, 4], stay(20), to(2.4, -1.4), stay(60), to(0, 0), stay(60));
    expect(roleOf([helper], 80)).toBe('staff');
    expect(roleOf([helper], 130)).toBe('staff');
  });

  it('stays for staff who go along a queue from one to another, for as long as they do', () => {
    const line = [2.2, 2.9, 3.6].map((x, i) => walk(3 * i, [-7, 0], to(x, -1.4), stay(600)));
    // From the first to the last, and to the one in the middle, with a word of 25 s for each.
    const word = (x: number) => [to(x, -2.2), stay(25)];
    const round = [...word(2.1), ...word(3.7)];
    const helper = walk(0, [0, 4], stay(20), ...Array.from({ length: 8 }, () => round).flat());
    for (const at of [120, 300]) expect(roleOf([helper, ...line], at, helper)).toBe('staff');
    // Who stands where they stood waits, wherever they came from.
    const waits = walk(0, [0, 4], stay(20), to(2.5, -2.2), stay(600));
    expect(roleOf([waits], 110)).toBe('staff');
    expect(roleOf([waits], 200)).toBe('customer');
  });

  it('comes to know staff of whom nothing was known when they go through the staff door', () => {
    const clerk = walk(0, [0, -1], stay(6), to(0, 3.2, 1.6));
    const other = walk(0, [-7, 0], to(0, -2), stay(60));
    expect(roleOf([clerk], 5)).toBe('unknown');
    const { state } = tell(film([clerk, other], { until: 14 }));
    expect(state.visits.visits.map(({ role }) => role).sort()).toEqual(['customer', 'staff']);
    // Who is merely lost from sight in the hall went nowhere that tells anything.
    const lost = tell(film([walk(0, [0, -1], stay(6), to(0, 1.5, 1.6)), other], { until: 14 })).state;
    expect(lost.visits.visits.map(({ role }) => role).sort()).toEqual(['customer', 'unknown']);
  });

  it('sees staff of whom nothing was known walk up to one after another', () => {
    const guests = [
      [-3, 2],
      [1, -1.5],
      [-2, -2],
    ].map(([x, y], i) => walk(i * 3, [-7, 0], to(x!, y!), stay(200)));
    const patrol = walk(
      12,
      [0, 0.6],
      stay(3),
      to(-2.1, 1.7),
      stay(4),
      to(0.4, -0.8),
      stay(4),
      to(-1.2, -1.6),
      stay(30),
    );
    expect(roleOf([patrol, ...guests], 14)).toBe('unknown');
    expect(roleOf([patrol, ...guests], 32)).toBe('staff');
  });

  it('does not take for staff a customer who joins those they came with', () => {
    const couple = [walk(0, [-7, 0], to(0, 0), stay(60)), walk(3, [-7, 0], to(-0.9, 0), stay(60))];
    expect(couple.map((one) => roleOf(couple, 30, one))).toEqual(['customer', 'customer']);
  });

  it('begins again where somebody is found far from where they were lost', () => {
    const guest = hidden(walk(0, [-7, 0], to(-0.6, 0.6), stay(60)), 11, 99);
    const staff = hidden(walk(0, [0, 3.6], stay(12), to(0, 0), stay(30)), 0, 12.2);
    // Whatever it is joined to: who comes out of the staff door is staff.
    expect(roleOf([guest, staff], 20, staff)).toBe('staff');
  });

  it('has bounds, however long somebody stays', () => {
    const { state } = tell(film([walk(0, [0, 4], stay(300))], { until: 300, fps: 2 }));
    expect(staffLogOdds(state.visits.visits[0]!, 300)).toBeLessThanOrEqual(8);
    const { state: queue } = tell(film([walk(0, [-7, 0], to(3, -2), stay(400))], { until: 400, fps: 2 }));
    expect(staffLogOdds(queue.visits.visits[0]!, 400)).toBeGreaterThanOrEqual(-6);
  });

  it('does not take for staff what never moves, such as a poster', () => {
    const { state } = tell(film([walk(0, [-7, 0], to(0, 0), stay(4000))], { until: 3000, fps: 2 }));
    expect(state.visits.visits).toMatchObject([{ role: 'customer' }]);
  });

  it('is the same at any frame rate', () => {
    const stories: readonly Walk[][] = [
      [walk(0, [-7, 0], to(0, 3.6), stay(3), to(3, -1.6), stay(90))],
      [walk(0, [0, 4], to(0, 0), stay(60)), walk(0, [-7, 0], to(-3, 0), stay(60))],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...stories), fc.integer({ min: 3, max: 25 }), (walks, fps) => {
        for (const one of walks) {
          const odds = [5, fps].map((pace) => {
            const { state } = tell(film(walks, { until: 30, fps: pace }));
            return staffLogOdds(near(state, one, 30)!, 30);
          });
          expect(Math.abs(odds[0]! - odds[1]!)).toBeLessThan(0.8);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('is the same whatever the camera is called', () => {
    const walks = [
      walk(0, [0, 4], to(0, 0.8), stay(20)),
      walk(1, [-7, 0], to(0, 0), stay(60)),
      walk(4, [-7, 0.4], to(3, -2), stay(60)),
    ];
    const frames = film(walks, { until: 25 });
    const odds = (name: string) => {
      const by = { ...settings, cameras: [{ ...camera, id: name }] };
      const told = tell(
        frames.map((frame) => ({ ...frame, camera: name })),
        by,
      );
      return told.state.visits.visits.map((visit) => staffLogOdds(visit, 25));
    };
    expect(odds('zebra')).toEqual(odds('hall'));
  });
});

describe('After staff and a customer have changed places', () => {
  /**
   * To the core a swap is two people who meet and go on as each other: who came in by the entrance goes
   * behind the counter, and who came from there takes a place in the queue.
   */
  const swap = (apart: number) => [
    walk(0, [-7, 0], to(-0.2, apart / 2), to(0, 3.8), stay(300)),
    walk(2.2, [0, 4], to(0.2, -apart / 2), to(2.6, -1.6), stay(300)),
  ];
  const rolesAfter = (seconds: number, apart = 0.3) => {
    const walks = swap(apart);
    const at = 9 + seconds;
    const { state } = tell(film(walks, { until: at }));
    return walks.map((one) => near(state, one, at)?.role);
  };

  it('each is known again within half a minute by what they do', () => {
    expect(rolesAfter(30)).toEqual(['staff', 'customer']);
  });

  it('is known again within two minutes and a half also where the two were never too close to be told apart', () => {
    // Control: half a minute is not enough there, so it is the closeness that makes belief give way.
    expect(rolesAfter(30, 4)).toEqual(['staff', 'staff']);
    expect(rolesAfter(150, 4)[0]).toBe('staff');
    expect(rolesAfter(150, 4)[1]).not.toBe('staff');
  });
});

describe('A watch on duty', () => {
  const lone = walk(0, [-7, 0], to(3, -2), stay(60));
  const lobby = (walks: readonly Walk[]) => tell(film(walks, { until: 15 })).state.visits.visits;

  it('makes staff of whoever is alone at its place, for a minute', () => {
    const [told] = hearBeacon(lobby([lone]), cash.id, 15, zones);
    expect(staffLogOdds(told!, 15)).toBeGreaterThan(staffLogOdds(lobby([lone])[0]!, 15) + 2);
    expect(staffLogOdds(told!, 76)).toBeLessThan(staffLogOdds(told!, 74) - 2);
  });

  it('says nothing where two are there, or nobody, or where there is no such place', () => {
    const two = lobby([lone, walk(1, [-7, 0], to(2.4, -1.6), stay(60))]);
    expect(two).toHaveLength(2);
    expect(hearBeacon(two, cash.id, 15, zones)).toEqual(two);
    const visits = lobby([lone]);
    expect(hearBeacon(visits, staffZone.id, 15, zones)).toEqual(visits);
    expect(hearBeacon(visits, 'nowhere', 15, zones)).toEqual(visits);
  });

  it('says no more by saying it again', () => {
    const repeated = Array.from({ length: 50 }, (_, i) => 15 + i * 0.01).reduce<readonly Visit[]>(
      (visits, at) => hearBeacon(visits, cash.id, at, zones),
      lobby([lone]),
    );
    const once = hearBeacon(lobby([lone]), cash.id, 15, zones);
    expect(staffLogOdds(repeated[0]!, 16)).toBe(staffLogOdds(once[0]!, 16));
  });
});
