import { describe, expect, it } from 'vitest';
import { eventsOf } from './events.ts';
import { groundOf, roomAround } from './ground.ts';
import demo from './library/demo.ts';
import { crossing, distance, way, within } from './plane.ts';
import type { Act, Figure, Furniture, Person, Point, Scene } from './scene.ts';
import { momentsOf, simulate } from './simulate.ts';
import { truthOf } from './truth.ts';

const person = (id: string, from: Point, acts: Act[], role: Person['role'] = 'customer', at = 0): Person => ({
  ...demo.people[0]!,
  id,
  role,
  from,
  acts,
  at,
});

const hall = (people: Person[], seconds = 20): Scene => ({ ...demo, people, seconds });
const eventsIn = (scene: Scene) => eventsOf(simulate(scene), scene);
const kindsOf = (scene: Scene) => eventsIn(scene).map((event) => event.kind);

describe('simulate', () => {
  it('lets nobody jump, run or leave from the middle of the hall', () => {
    const fastest = 2;
    let before = new Map<string, { x: number; y: number }>();
    for (const { people } of momentsOf(simulate(demo), demo)) {
      const now = new Map(people.map((p) => [p.id, p]));
      for (const [id, { x, y }] of before) {
        const next = now.get(id);
        if (next) expect(Math.hypot(next.x - x, next.y - y)).toBeLessThan(fastest / demo.camera.fps);
        else expect(within([x, y], inHall)).toBe(false);
      }
      before = now;
    }
  });

  it('moves the queue up when the first has been served', () => {
    const scene = hall([
      person('first', [1, 1], [{ act: 'queue', zone: 'cash', servedForSeconds: 3 }, leave]),
      person('second', [1, 2.4], [{ act: 'queue', zone: 'cash', servedForSeconds: 3 }, leave]),
    ]);
    const [window, next] = demo.queues[0]!.places as [Point, Point];
    const instants = simulate(scene);
    const placesOfSecond = instants.flatMap(({ people }) =>
      people.filter((p) => p.id === 'second' && p.speed < 0.02),
    );
    expect(placesOfSecond.some(({ x, y }) => Math.hypot(x - next[0], y - next[1]) < 0.1)).toBe(true);
    expect(placesOfSecond.some(({ x, y }) => Math.hypot(x - window[0], y - window[1]) < 0.1)).toBe(true);
  });

  it('refuses an act that names a queue the scene does not have', () => {
    const scene = hall([person('lost', [0, 0], [{ act: 'queue', zone: 'cassh', servedForSeconds: 1 }])]);
    expect(() => simulate(scene)).toThrow(/cassh/);
  });
});

describe('follow', () => {
  it('keeps a child at the side of whom it came with, and lets it go when they have gone', () => {
    const scene = hall([
      person('mother', [-6, 1.2], [walkTo(-2, 1.2, 2, 1.6, 2.4, -2)]),
      person('child', [-6.4, 1.6], [{ act: 'follow', person: 'mother', beside: 0.5, behind: 0.1 }]),
    ]);
    const instants = simulate({ ...scene, furniture: [] });
    const apart = instants.flatMap(({ people }) => {
      const [mother, child] = [of('mother', people), of('child', people)];
      return mother && child ? [distance(placeOf(mother), placeOf(child))] : [];
    });
    expect(apart.length).toBeGreaterThan(100);
    expect(Math.max(...apart)).toBeLessThan(1.1);
    expect(Math.min(...apart)).toBeGreaterThan(0.3);
    expect(instants.at(-1)!.people).toEqual([]);
  });

  it('does not push on whom it came with', () => {
    const scene = hall([
      { ...person('father', [-6, 1.2], [walkTo(2, 1.2)]), speed: 1 },
      {
        ...person('mother', [-6.3, 1.5], [{ act: 'follow', person: 'father', beside: 0.2, behind: 0.25 }]),
        speed: 1.4,
      },
    ]);
    const speeds = simulate(scene).flatMap(({ people }) => of('father', people)?.speed ?? []);
    expect(Math.max(...speeds)).toBeLessThan(1.05);
  });

  it('waits beside whom it came with in the queue, and takes no place in the line', () => {
    const scene = hall(
      [
        person('first', [1, -1.6], [{ act: 'queue', zone: 'cash', servedForSeconds: 8 }, leave]),
        person(
          'mother',
          [1, -0.6],
          [{ act: 'queue', zone: 'cash', servedForSeconds: 4 }, leave],
          'customer',
          1,
        ),
        person(
          'child',
          [1.3, 0],
          [{ act: 'follow', person: 'mother', beside: 0.5, behind: 0.2 }],
          'customer',
          1,
        ),
        person('last', [1, 1.5], [{ act: 'queue', zone: 'cash', servedForSeconds: 2 }, leave], 'customer', 2),
      ],
      40,
    );
    const [, second, third] = demo.queues[0]!.places as [Point, Point, Point];
    const at7 = simulate(scene).find(({ t }) => t === 7)!.people;
    expect(distance(placeOf(of('mother', at7)!), second)).toBeLessThan(0.1);
    expect(distance(placeOf(of('child', at7)!), second)).toBeLessThan(0.8);
    expect(distance(placeOf(of('last', at7)!), third)).toBeLessThan(0.1);
    expect(simulate(scene).at(-1)!.people).toEqual([]);
  });

  it('refuses an act that follows nobody, or oneself', () => {
    const follows = (who: string): Scene =>
      hall([person('lost', [0, 0], [{ act: 'follow', person: who, beside: 1, behind: 0 }])]);
    expect(() => simulate(follows('nobody'))).toThrow(/nobody/);
    expect(() => simulate(follows('lost'))).toThrow(RangeError);
  });
});

describe('sit and play', () => {
  it('sits down on a seat for the time told, and gets up again', () => {
    const seats: Furniture = { kind: 'seats', at: [0, 2.75], turn: -90, count: 4 };
    const rest: Act = { act: 'sit', at: [0.31, 2.75], face: [0.31, 0], seconds: 5 };
    const scene = { ...hall([person('guest', [-2, 0], [rest, leave])]), furniture: [seats] };
    const sitting = simulate(scene).flatMap(({ t, people }) =>
      people.filter((one) => one.gesture === 'sitting').map((one) => ({ t, ...one })),
    );
    expect(sitting.at(-1)!.t - sitting[0]!.t).toBeCloseTo(5, 0);
    for (const one of sitting) expect(distance(placeOf(one), rest.at)).toBeLessThan(0.1);
    expect(simulate(scene).at(-1)!.people).toEqual([]);
  });

  it('runs about between the points until the time, without an event', () => {
    const between = way(-2, 0, 0, 1, -1, 2);
    const scene = hall([person('child', [-2, 1], [{ act: 'play', between, until: 15 }, walkTo(-2, 1)])]);
    const seen = simulate(scene).filter(({ t }) => t > 1 && t < 15);
    for (const point of between)
      expect(Math.min(...seen.map(({ people }) => distance(placeOf(people[0]!), point)))).toBeLessThan(0.35);
    expect(kindsOf(scene)).toEqual([]);
  });
});

describe('people and what is in their way', () => {
  it('walks around a pillar, a desk and a rope, and through none of them', () => {
    const pieces: Furniture[] = [
      { kind: 'pillar', at: [0, 0], radiusMetres: 0.4 },
      { kind: 'desk', at: [0, 0], turn: 90 },
      { kind: 'rail', posts: way(0, -1.5, 0, 0, 0, 1.5) },
      { kind: 'standee', at: [0, 0], turn: 0 },
    ];
    for (const piece of pieces) {
      const scene = { ...hall([person('guest', [-2, 0], [walkTo(2, 0)])]), furniture: [piece] };
      const instants = simulate(scene);
      expect(closest(scene), piece.kind).toBeGreaterThan(0.19);
      const last = instants.findLast(({ people }) => people.length)!;
      expect(distance(placeOf(last.people[0]!), [2, 0]), piece.kind).toBeLessThan(0.1);
    }
  });

  it('finds the door when the way leads through a wall', () => {
    const scene = { ...hall([person('guest', [-1, -2], [walkTo(-6, -2.6)])]), furniture: [] };
    expect(kindsOf(scene)).toEqual(['departure']);
    expect(closest(scene)).toBeGreaterThan(0.19);
  });

  it('takes the place beside, when somebody stands where they want to go', () => {
    const scene = hall([
      person('stays', [0, 1], [{ act: 'stand', seconds: 30 }]),
      person('comes', [-3, 1], [walkTo(0, 1), walkTo(-3, 1)]),
    ]);
    expect(
      simulate(scene)
        .at(-1)!
        .people.map(({ id }) => id),
    ).toEqual(['stays']);
  });

  describe('twenty-five in one hall', () => {
    const scene = crowd();
    const instants = simulate(scene);

    it('lets two lines pass through each other and a bent queue move up, until all have gone', () => {
      expect(scene.people).toHaveLength(25);
      expect(Math.max(...instants.map(({ people }) => people.length))).toBe(25);
      expect(instants.at(-1)!.people).toEqual([]);
      for (const { id, acts } of scene.people) {
        const last = instants.findLast(({ people }) => of(id, people))!;
        const goal = acts.at(-1)!;
        if (goal.act === 'walk')
          expect(distance(placeOf(of(id, last.people)!), goal.to.at(-1)!), id).toBeLessThan(0.65);
      }
    });

    it('serves the queue in the order in which they came', () => {
      const gone = scene.people
        .filter(({ acts }) => acts[0]!.act === 'queue')
        .map(({ id }) => instants.findLast(({ people }) => of(id, people))!.t);
      expect(gone).toHaveLength(9);
      expect(gone).toEqual(gone.toSorted((a, b) => a - b));
    });

    it('lets nobody be passed between the belts, however slowly they walk', () => {
      const tail = scene.queues[0]!.places.at(-1)!;
      const bunch = scene.people
        .slice(-9)
        .map((one, n) => ({ ...one, at: 0.9 * n, speed: [1.4, 0.8, 1.1][n % 3]! }));
      const played = simulate({ ...scene, people: bunch });
      const cameInAt = ({ id }: Person): number =>
        played.find(({ people }) =>
          people.some((one) => one.id === id && distance(placeOf(one), tail) < 0.7),
        )!.t;
      const left = bunch
        .toSorted((a, b) => cameInAt(a) - cameInAt(b))
        .map(({ id }) => played.findLast(({ people }) => of(id, people))!.t);
      expect(left).toEqual(left.toSorted((a, b) => a - b));
      expect(played.at(-1)!.people).toEqual([]);
    });

    it('brings nobody nearer than 0.3 m to another, nor through a wall', () => {
      for (const { people } of instants)
        for (const [n, a] of people.entries())
          for (const b of people.slice(n + 1)) expect(distance(placeOf(a), placeOf(b))).toBeGreaterThan(0.3);
      expect(closest(scene, instants)).toBeGreaterThan(0.19);
    });
  });
});

describe('eventsOf', () => {
  it('calls crossing the entrance line inwards an arrival and outwards a departure', () => {
    const scene = hall([person('guest', [-5, 1.2], [{ act: 'walk', to: way(-2, 1.2, -5, 1.2) }])]);
    expect(kindsOf(scene)).toEqual(['arrival', 'departure']);
  });

  it('sees no arrival when somebody walks past the door', () => {
    const scene = hall([person('passer', [-5, -1], [{ act: 'walk', to: way(-5, 3) }])]);
    expect(kindsOf(scene)).toEqual([]);
  });

  it('counts one who stops exactly on the entrance line, and goes on, once', () => {
    const [x] = demo.entrance.line[0];
    const before: Point = [x - 0.2, 1];
    const after: Point = [x + 0.2, 1];
    const steps: [Point, Point][] = [
      [before, [x, 1]],
      [[x, 1], after],
    ];
    expect(steps.filter(([from, to]) => crossing(from, to, demo.entrance.line) !== null)).toHaveLength(1);
  });

  it('tells in from out for one whose step ends exactly on the entrance line', () => {
    const [x] = demo.entrance.line[0];
    const inward: Point[] = [
      [x - 0.2, 1],
      [x, 1],
      [x + 0.2, 1],
    ];
    const instantsAlong = (places: Point[]) =>
      places.map(([px, y], n) => ({
        t: n,
        people: [
          { id: 'guest', x: px, y, heading: 0, head: 0, speed: 1, walked: 0, gesture: 'none' as const },
        ],
        doors: {},
        playing: {},
      }));
    const scene = hall([person('guest', inward[0]!, [])]);
    expect(eventsOf(instantsAlong(inward), scene).map((e) => e.kind)).toEqual(['arrival']);
    expect(eventsOf(instantsAlong(inward.toReversed()), scene).map((e) => e.kind)).toEqual(['departure']);
  });

  it('tells a place in the queue from walking through it', () => {
    const through = hall([person('passer', [2.5, 0], [{ act: 'walk', to: way(-1, 0) }])]);
    const stays = hall([
      person('guest', [1, 1.5], [{ act: 'queue', zone: 'cash', servedForSeconds: 2 }, leave]),
    ]);
    expect(kindsOf(through)).toEqual([]);
    expect(kindsOf(stays).slice(0, 2)).toEqual(['queue-start', 'queue-end']);
  });

  it('has staff meet a customer only when they stop in front of them', () => {
    const guest = person('guest', [-2, 0], [{ act: 'stand', seconds: 19 }]);
    const meets = person('s1', [0, 1], [{ act: 'meet', customer: 'guest', seconds: 4 }], 'staff');
    const passes = person('s1', [0, 0.9], [{ act: 'walk', to: way(-3.8, 0.9) }], 'staff');
    const stranger = { ...meets, role: 'customer' as const };
    expect(eventsIn(hall([meets, guest]))).toMatchObject([
      { kind: 'contact', person: 's1', customer: 'guest' },
    ]);
    expect(kindsOf(hall([passes, guest]))).toEqual([]);
    expect(kindsOf(hall([stranger, guest]))).toEqual([]);
  });

  it('tells the story of the demo', () => {
    const story = truthOf(demo).events.map((e) => `${e.kind} ${e.customer ?? e.person}`);
    expect(story.slice(0, 4)).toEqual(['arrival c1', 'arrival c2', 'contact c1', 'wander-start c2']);
    for (const { id, role } of demo.people.filter((p) => p.role === 'customer')) {
      expect(
        story.filter((line) => line === `arrival ${id}`),
        `${role} ${id} comes in once`,
      ).toHaveLength(1);
      expect(
        story.filter((line) => line === `departure ${id}`),
        `${role} ${id} leaves once`,
      ).toHaveLength(1);
    }
  });

  it('leaves the lobby of the demo empty at both ends, so that the clip can be looped', () => {
    const moments = momentsOf(simulate(demo), demo);
    const seen = [...moments.slice(0, 5), ...moments.slice(-20)].flatMap(({ people }) => people);
    expect(seen.filter(({ x, y }) => within([x, y], inHall))).toEqual([]);
  });
});

const walkTo = (...xy: number[]): Act => ({ act: 'walk', to: way(...xy) });
const placeOf = ({ x, y }: Figure): Point => [x, y];
const of = (id: string, people: readonly Figure[]) => people.find((one) => one.id === id);

/** How near anybody's middle came to a wall or a piece of furniture. */
function closest(scene: Scene, instants = simulate(scene)): number {
  const ground = groundOf(scene);
  return Math.min(...instants.flatMap(({ people }) => people.map((one) => roomAround(ground, placeOf(one)))));
}

/** Two lines of eight that cross twice, and nine who queue between belts that turn. */
function crowd(): Scene {
  const lines = Array.from({ length: 8 }, (_, n): Person[] => {
    const y = 0.6 + 0.5 * n;
    return [
      { ...person(`east-${n}`, [-6, y], [walkTo(6, y), walkTo(-6, y)]), speed: 1 + 0.05 * n },
      { ...person(`west-${n}`, [6, y], [walkTo(-6, y), walkTo(6, y)]), speed: 1.35 - 0.05 * n },
    ];
  }).flat();
  const queue = Array.from({ length: 9 }, (_, n) =>
    person(
      `queue-${n}`,
      [0.5, 5.8],
      [{ act: 'queue', zone: 'cash', servedForSeconds: 3 }, walkTo(-0.6, 3, -0.6, 5.8)],
      'customer',
      1.4 * n,
    ),
  );
  return {
    ...demo,
    seconds: 110,
    room: [-7, -5, 7, 5],
    doors: [{ id: 'main-door', kind: 'sliding', at: [0, 5], wall: 'near', widthMetres: 2.6 }],
    furniture: [
      { kind: 'counter', from: -4, to: 4, windows: 3 },
      { kind: 'rail', posts: way(-1.4, -3, -1.4, -0.4) },
      { kind: 'rail', posts: way(-0.2, -2, -0.2, -0.3, 2.2, -0.3) },
      { kind: 'rail', posts: way(1, -3, 1, -1.4) },
      { kind: 'rail', posts: way(2.2, -2.9, 2.2, -0.3) },
    ],
    queues: [
      {
        zone: 'cash',
        places: way(
          ...[1.6, -3.75, 1.6, -2.6, 1.6, -1.7, 1.6, -0.8],
          ...[0.4, -0.8, 0.4, -1.7, 0.4, -2.6],
          ...[-0.8, -2.6, -0.8, -1.7, -0.8, -0.8],
        ),
        window: [1.6, -5],
      },
    ],
    people: [...lines, ...queue],
  };
}

const leave: Act = { act: 'walk', to: way(-1, 0) };
const [left, far, right, near] = demo.room;
const inHall: Point[] = way(left, far, right, far, right, near, left, near);
