import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksAbout, type WhyNot, whyNot } from '../../../src/core/behaviours/wandering/evidence.ts';
import { describePath } from '../../../src/core/behaviours/wandering/path.ts';
import { evidenceOf, mayBeLost, wandering } from '../../../src/core/behaviours/wandering.ts';
import type { Zone } from '../../../src/core/floor/zones.ts';
import type { Metres } from '../../../src/core/units.ts';
import { chance } from '../../scenes/chance.ts';
import { hidden, type Leg, stay, to, type Walk, walk } from '../story.ts';
import { anyPace, type Player, type Playing, play, watch } from './scenes.ts';

const see = (players: readonly Player[], playing: Playing) =>
  watch(wandering, play(players, playing)).happenings;
const customer = (one: Player['walk'], id = 'v1'): Player => ({ id, walk: one, arrivedAt: 0 });
const area = (left: number, top: number, right: number, bottom: number) => [
  { x: left, y: top },
  { x: right, y: top },
  { x: right, y: bottom },
  { x: left, y: bottom },
];
/** A door on the left, machines on the right, a queue at the back. */
const shop: readonly Zone[] = [
  {
    id: 'door',
    kind: 'entrance',
    plane: 'floor',
    door: { from: { x: -5, y: -1.5 }, to: { x: -5, y: 1.5 }, inside: { x: -3, y: 0 } },
  },
  { id: 'machines', kind: 'service', plane: 'floor', polygon: area(3, 1.5, 5, 4) },
  { id: 'cash', kind: 'queue', plane: 'floor', polygon: area(1, -5, 3, -3.4) },
];
/** Looks around: from place to place through the open hall, never quite the same ones. */
const lookingAround = (rounds: number): Leg[] =>
  Array.from({ length: rounds }, (_, n) => [
    to(-1 - 0.3 * (n % 3), -1, 0.7),
    stay(2),
    to(0.5, 1 - 0.4 * (n % 4), 0.7),
    stay(2),
    to(-2 + 0.4 * (n % 3), 1.2, 0.7),
    stay(2),
  ]).flat();
const lost = walk(0, [-3, 0], ...lookingAround(8));

describe('Wandering', () => {
  it('is looking around in the open hall for longer than the threshold, with its reasons', () => {
    const noticed = see([customer(lost)], { until: 25 });
    expect(noticed).toMatchObject([{ kind: 'wandering', visit: 'v1' }]);
    const { forSeconds, pauses, turns, metres, apartMetres } = noticed[0]!.figures!;
    expect(forSeconds).toBeGreaterThanOrEqual(15);
    expect(pauses! + turns!).toBeGreaterThanOrEqual(3);
    expect(metres).toBeGreaterThan(apartMetres!);
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
        // A path has a point every 0.4 s and is read to the half second.
        expect(noticed!.at).toBeLessThanOrEqual(15 + gap + 1.5);
      }),
      { numRuns: 40 },
    );
  });

  it('is going up to places and away again, with fewer stops than it takes otherwise', () => {
    const counters = [to(4, 1.2, 0.8), stay(2.5), to(0, 0, 0.8), to(2, -3.2, 0.8), stay(2.5), to(0, -1, 0.8)];
    const [noticed] = see([customer(walk(0, [-3, 0], ...counters, ...counters))], { until: 30, zones: shop });
    expect(noticed).toMatchObject({ kind: 'wandering', cameUpTo: ['machines', 'cash'] });
    expect(noticed!.figures).toMatchObject({ retreats: 2 });
    // Control: the same way where nothing is done at those places.
    const bare = shop.filter(({ kind }) => kind === 'entrance');
    const [later] = see([customer(walk(0, [-3, 0], ...counters, ...counters))], { until: 30, zones: bare });
    expect(later?.at ?? 99).toBeGreaterThan(noticed!.at);
  });

  it('is not what a track swapped from one who waits to another who does leaves behind', () => {
    const waiting = (x: number, y: number, from: number, until: number) =>
      walk(from, [x, y], stay(until - from));
    const three = [
      waiting(-3, 0, 0, 6),
      waiting(0, 1, 6, 11),
      waiting(-2, -3, 11, 17),
      waiting(1, -1, 17, 24),
    ];
    const swapped: Walk = (at) => three.map((one) => one(at)).find((spot) => spot !== undefined);
    expect(see([customer(swapped)], { until: 23 })).toEqual([]);
  });

  it('is forgotten with the visit', () => {
    const { state } = watch(
      wandering,
      play([customer(walk(0, [-3, 0], ...lookingAround(3)))], { until: 90 }),
    );
    expect(state).toEqual(wandering.begin);
  });
});

describe('Why somebody is not taken to be lost', () => {
  const why = (players: readonly Player[], until: number, zones = shop): WhyNot | undefined => {
    const scenes = play(players, { until, zones });
    const { state } = watch(wandering, scenes.slice(0, -1));
    const last = scenes.at(-1)!;
    const evidence = evidenceOf(state, last.visits.find(({ id }) => id === 'v1')!, last)!;
    return whyNot(evidence, last.thresholds.wandering.afterSeconds);
  };
  const busyOther: Player = {
    id: 'v2',
    arrivedAt: 0.4,
    walk: walk(0, [-4.2, 0.8], to(-1, 0.8), to(2, -4), stay(60)),
  };
  const stops = [stay(3), to(1, 1, 0.8), stay(3), to(-1, -1, 0.8), stay(3), to(-1, 1, 0.8)];

  it.each<[WhyNot | undefined, string, readonly Player[], number]>([
    ['too-short', 'somebody just in', [customer(lost)], 8],
    ['in-zone', 'somebody at a machine', [customer(walk(0, [-3, 0], to(1, 0, 0.4), to(4, 3), stay(40)))], 17],
    [
      'with-staff',
      'somebody staff stand beside',
      [
        customer(lost),
        { id: 's1', role: 'staff', walk: (at) => (at > 18 && at < 19.5 ? lost(at) : { x: 9, y: 9 }) },
      ],
      19,
    ],
    ['leaving', 'somebody on the way out', [customer(walk(0, [-3, 0], ...stops, to(0, 0), to(-6, 0)))], 24.4],
    [
      'with-companion',
      'somebody whose companion queues',
      [customer(walk(0, [-4, 0], to(-1, 0), ...stops, ...stops)), busyOther],
      5.6,
    ],
    ['settled', 'somebody who waits', [customer(walk(0, [-3, 0], to(0, 0), stay(60)))], 30],
    [
      'settled',
      'somebody who waits, and takes a step now and then',
      [
        customer(
          walk(
            0,
            [-3, 0],
            to(0, 0),
            ...Array.from({ length: 6 }, (_, n) => [stay(6), to(n % 2, 0.3 * n)]).flat(),
          ),
        ),
      ],
      30,
    ],
    [
      'pacing',
      'somebody on the phone by the window',
      [
        customer(
          walk(
            0,
            [-2, 0],
            ...Array.from({ length: 12 }, () => [to(-2, 3), stay(2), to(0, 3), stay(2)]).flat(),
          ),
        ),
      ],
      34,
    ],
    [
      'knows-the-way',
      'somebody who walks slowly through the hall',
      [customer(walk(0, [-4, 2], to(4, -1, 0.4), stay(9)))],
      18,
    ],
    [undefined, 'somebody lost', [customer(lost)], 25],
  ])('is %s of %s', (expected, _, players, until) => {
    const said = why(players, until);
    if (expected === 'with-companion') expect(['with-companion', 'too-short']).toContain(said);
    else expect(said).toBe(expected);
  });

  it('says nothing of staff, nor of who may be staff', () => {
    const scenes = play(
      [
        { id: 'v1', walk: lost },
        { id: 'v2', walk: lost, role: 'staff' },
      ],
      { until: 20 },
    );
    const last = scenes.at(-1)!;
    expect(last.visits.map((visit) => evidenceOf(wandering.begin, visit, last))).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('Waiting for a companion', () => {
  const nearTheQueue = Array.from({ length: 6 }, () => [
    to(0, -1, 0.8),
    stay(3),
    to(1.5, -0.5, 0.8),
    stay(3),
    to(-0.5, -2.5, 0.8),
    stay(3),
    to(2.8, -1.8, 0.8),
    stay(3),
  ]).flat();
  const party = (apart: Metres, cameAfter: number): readonly Player[] => [
    customer(walk(0, [-4, 0], to(-1, 0), ...nearTheQueue), 'v1'),
    {
      id: 'v2',
      arrivedAt: cameAfter,
      walk: walk(cameAfter, [-4, apart], to(-1, apart), to(1.5, -4), stay(60)),
    },
  ];

  it('is no wandering while the other queues near by', () => {
    expect(see(party(0.7, 0.4), { until: 60, zones: shop })).toEqual([]);
  });

  it('is another matter for two who came in one after the other', () => {
    expect(see(party(0.7, 4), { until: 60, zones: shop }).length).toBeGreaterThan(0);
    expect(see(party(2.5, 0.4), { until: 60, zones: shop }).length).toBeGreaterThan(0);
  });
});

describe('A look around', () => {
  const heads = (yaws: readonly number[], camera = 'hall') =>
    yaws.map((yaw, n) => ({ at: n, camera, yaw, score: 0.8 }));
  const leftAndRight = [0, 0, -0.8, -0.8, -0.8, 0.7, 0.7, 0.7, -0.8, -0.8, -0.8];

  it('is a head turned to another side, seen several times', () => {
    expect(looksAbout(heads(leftAndRight), 0)).toBe(2);
    expect(looksAbout(heads([0, 0, 0.2, -0.2, 0.1, 0, 0.2]), 0)).toBe(0);
  });

  it('is not one figure that is off', () => {
    expect(looksAbout(heads([0, 0, 0, 1.5, 0, 0, -1.6, 0, 0, 0]), 0)).toBe(0);
  });

  it('is counted within one camera, as two give one head two figures', () => {
    const both = heads([0, 0, 0, 0]).flatMap((one) => [one, { ...one, camera: 'door', yaw: 2 }]);
    expect(looksAbout(both, 0)).toBe(0);
    expect(looksAbout([...heads(leftAndRight), ...heads([0, 0, 0], 'door')], 0)).toBe(2);
  });

  it('is the same across the angle where the figures leap', () => {
    expect(looksAbout(heads([3.1, -3.1, 3.1, -3.1, 3.1, -3.1]), 0)).toBe(0);
  });

  it('is nothing where nobody looked, nor where the points were unsure', () => {
    expect(looksAbout([], 0)).toBe(0);
    expect(
      looksAbout(
        heads(leftAndRight).map((one) => ({ ...one, score: 0.1 })),
        0,
      ),
    ).toBe(0);
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
    expect(path([to(6, 0)]).metres).toBeGreaterThan(4.5);
    expect(path([to(6, 0)]).metres).toBeLessThanOrEqual(6);
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

  it('is begun anew after a leap that nobody walks', () => {
    const before = Array.from({ length: 20 }, (_, n) => ({ at: n * 0.4, x: n * 0.5, y: 0 }));
    const after = Array.from({ length: 10 }, (_, n) => ({ at: 8 + n * 0.4, x: 0, y: 6 }));
    const told = describePath([...before, ...after], 1);
    expect(told.metres).toBeLessThan(0.5);
    expect(told.since).toBeGreaterThanOrEqual(8);
  });

  it('has a stop where somebody out of sight took longer than the way takes', () => {
    const seen = (from: number, until: number, x: number) =>
      Array.from({ length: Math.round((until - from) / 0.4) }, (_, n) => ({
        at: from + n * 0.4,
        x: x + n * 0.4,
        y: 0,
      }));
    expect(describePath([...seen(0, 4, 0), ...seen(12, 16, 6)], 1).pauses).toBe(1);
    expect(describePath([...seen(0, 4, 0), ...seen(7, 11, 6)], 1).pauses).toBe(0);
    // Longer than anybody could tell what they did.
    expect(describePath([...seen(0, 4, 0), ...seen(24, 28, 6)], 1).pauses).toBe(0);
  });

  it('of one who stands has no length, however the box sways', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(0.4, 0.5, 1), (seed, every) => {
        const random = chance(seed);
        const sway = () => 0.12 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(6.2832 * random());
        const points = Array.from({ length: 60 }, (_, n) => ({ at: n * every, x: sway(), y: sway() }));
        const told = describePath(points, 1);
        expect(told.metres).toBeLessThan(1);
        expect(told.pauses).toBeLessThanOrEqual(1);
        // Control: summed from point to point it is a walk across the lobby.
        const summed = points.slice(1).map((p, i) => Math.hypot(p.x - points[i]!.x, p.y - points[i]!.y));
        expect(summed.reduce((a, b) => a + b, 0)).toBeGreaterThan(5);
      }),
      { numRuns: 100 },
    );
  });

  it('is the same in pixels, given how many make a metre', () => {
    const points = [0, 1, 2, 3].map((n) => ({ at: n, x: n * 100, y: 0 }));
    const inMetres = points.map(({ at, x, y }) => ({ at, x: x / 100, y }));
    expect(describePath(points, 100).metres).toBeCloseTo(describePath(inMetres, 1).metres, 9);
    expect(describePath(points, 100).metres).toBeGreaterThan(2);
  });

  it('of nobody is nothing', () => {
    expect(describePath([], 1)).toMatchObject({ metres: 0, pauses: 0, turns: 0, standsFor: 0, stops: [] });
  });
});

describe('Whose head may tell something', () => {
  const wanted = (player: Player, until: number) =>
    [...mayBeLost(watch(wandering, play([player], { until })).state, until, 15)].length > 0;

  it('is a customer about in the open hall, from half the time that makes one wander', () => {
    expect(wanted(customer(lost), 7.4)).toBe(false);
    expect(wanted(customer(lost), 7.6)).toBe(true);
  });

  it('is nobody who has an errand, has just had one, or has settled down', () => {
    expect(wanted(customer(walk(0, [-3, 0], to(3, -2), stay(60))), 40)).toBe(false);
    const after = walk(0, [-3, 0], to(3, -2), stay(20), to(0, 0), stay(2), to(-2, 1), stay(60));
    expect(wanted(customer(after), 32)).toBe(false);
    expect(wanted(customer(walk(0, [-3, 0], to(0, 0), stay(60))), 9)).toBe(true);
    expect(wanted(customer(walk(0, [-3, 0], to(0, 0), stay(60))), 30)).toBe(false);
  });

  it('is nobody who has been told of, nor anybody who is not watched', () => {
    const told = see([customer(lost)], { until: 60 })[0]!.at;
    expect([told - 1, told + 1].map((at) => wanted(customer(lost), at))).toEqual([true, false]);
    expect(wanted({ id: 'v1', walk: lost, role: 'staff' }, 20)).toBe(false);
  });
});
