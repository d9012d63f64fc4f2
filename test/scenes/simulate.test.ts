import { describe, expect, it } from 'vitest';
import { eventsOf } from './events.ts';
import demo from './library/demo.ts';
import { crossing, way, within } from './plane.ts';
import type { Act, Person, Point, Scene } from './scene.ts';
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
  it('gives the same truth for the same seed, and another for another', () => {
    expect(truthOf(demo)).toEqual(truthOf(structuredClone(demo)));
    expect(truthOf({ ...demo, seed: demo.seed + 1 }).frames).not.toEqual(truthOf(demo).frames);
  });

  it('tells the same story at any frame rate', () => {
    const slow = truthOf({ ...demo, camera: { ...demo.camera, fps: 2 } });
    expect(slow.frames).toHaveLength(demo.seconds * 2);
    expect(slow.events).toEqual(truthOf(demo).events);
  });

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

const leave: Act = { act: 'walk', to: way(-1, 0) };
const [left, far, right, near] = demo.room;
const inHall: Point[] = way(left, far, right, far, right, near, left, near);
