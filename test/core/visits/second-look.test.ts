import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookAgain } from '../../../src/core/visits/second-look.ts';
import type { PathPoint, Visit } from '../../../src/core/visits/visit.ts';

const every = 0.4;
/** Now; whoever meets does so at 8 s. */
const now = 10;
const metAt = 8;

type Place = (t: number) => readonly [number, number];

const standing =
  (x: number, y: number): Place =>
  () => [x, y];
/** Walks through a point at 8 s. */
const through =
  (x: number, y: number, vx: number, vy: number): Place =>
  (t) => [x + vx * (t - metAt), y + vy * (t - metAt)];
/** One person's place up to 8 s and another's from then on: a track that has slipped. */
const slipped =
  (before: Place, after: Place): Place =>
  (t) =>
    t < metAt ? before(t) : after(t);

function pathOf(place: Place, until = now): readonly PathPoint[] {
  const points = Math.round(5 / every) + 1;
  return Array.from({ length: points }, (_, i) => until - (points - 1 - i) * every).map((at) => {
    const [x, y] = place(at);
    return { at, x, y };
  });
}

function visit(id: string, place: Place, more: Partial<Visit> = {}): Visit {
  const path = pathOf(place);
  const { at: _, ...here } = path.at(-1)!;
  const before = path.at(-2)!;
  return {
    id,
    plane: 'floor',
    role: 'customer',
    phase: 'inside',
    sightings: [{ camera: 'hall', track: Number(id.slice(1)) }],
    at: here,
    velocity: { x: (here.x - before.x) / every, y: (here.y - before.y) / every },
    unit: 1,
    bornAt: 0,
    bornWhere: here,
    seenAt: now,
    seenBy: 'hall',
    path,
    ...more,
  };
}

const look = (...visits: readonly Visit[]) => lookAgain(visits, now, every);
const tracksOf = (visits: readonly Visit[]) => visits.map(({ sightings }) => sightings[0]?.track);
const isExchanged = (a: Place, b: Place, more: Partial<Visit> = {}) =>
  tracksOf(look(visit('v1', a, more), visit('v2', b)))[0] === 2;

const east = through(0, 0, 1.2, 0);
const north = through(0.2, 0, 0, 1);

describe('A second look at two who met', () => {
  it('gives each the other’s track where both would have turned round the corner together', () => {
    const both = look(visit('v1', slipped(east, north)), visit('v2', slipped(north, east)));
    expect(tracksOf(both)).toEqual([2, 1]);
    expect(both[0]!.at).toEqual({ x: expect.closeTo(2.4), y: 0 });
    expect(both[0]!.velocity).toEqual({ x: expect.closeTo(1.2), y: 0 });
  });

  it('leaves those alone who went straight on', () => {
    const both = [visit('v1', east), visit('v2', north)];
    expect(look(...both)).toEqual(both);
  });

  it('lets who stood stand on, and who walked past walk on', () => {
    const stands = standing(0.1, 0.3);
    expect(isExchanged(slipped(stands, east), slipped(east, stands))).toBe(true);
    expect(isExchanged(stands, east)).toBe(false);
  });

  it('leaves those alone who stood side by side and each walked off from their place', () => {
    const left = (t: number) => [-0.4 - Math.max(0, t - metAt), 0] as const;
    const right = (t: number) => [0.4 + Math.max(0, t - metAt), 0] as const;
    expect(isExchanged(left, right)).toBe(false);
  });

  it('leaves those alone who went up to each other, stood a while and went back', () => {
    const from = (side: number) => (t: number) => {
      const away = Math.max(0, 7 - t, t - 8.5);
      return [side * (0.4 + 1.1 * away), 0] as const;
    };
    expect(isExchanged(from(-1), from(1))).toBe(false);
  });

  it('waits for a second, to see where both go', () => {
    const lately =
      (place: Place): Place =>
      (t) =>
        place(t - 1.4);
    const [right, left] = [through(0, 0, 1.4, 0), through(0, 0.1, -1.4, 0)];
    const a = lately(slipped(right, left));
    const b = lately(slipped(left, right));
    expect(isExchanged(a, b)).toBe(false);
  });

  it('moves what was seen since the meeting, and nothing that belongs to the person', () => {
    const heads = (camera: string) =>
      [7, 9].map((at) => ({ at, camera, yaw: 0, pitch: 0, score: 1 }) as never);
    const first = visit('v1', slipped(east, north), {
      role: 'unknown',
      arrivedAt: 3,
      door: 'main',
      heads: heads('first'),
    });
    const second = visit('v2', slipped(north, east), { arrivedAt: 1, heads: heads('second') });
    const [one] = look(first, second);
    const { id, role, arrivedAt, door, bornAt, bornWhere } = first;
    expect(one).toMatchObject({ id, role, arrivedAt, door, bornAt, bornWhere });
    expect(one!.heads!.map((head) => head.camera)).toEqual(['first', 'second']);
    expect(one!.path.length).toBeLessThanOrEqual(first.path.length);
    for (const { at, x } of one!.path) expect(x).toBeCloseTo(1.2 * (at - metAt));
    for (const [i, { at }] of one!.path.entries())
      if (i > 0) expect(at - one!.path[i - 1]!.at).toBeGreaterThanOrEqual(every - 1e-6);
  });

  it('keeps the points of a path apart, though those of two paths are of other moments', () => {
    const odd = slipped(north, east);
    const late = { ...visit('v2', odd), path: pathOf(odd, now - 0.2) };
    for (const { path } of look(visit('v1', slipped(east, north)), late)) {
      expect(path.at(-1)!.at).toBeGreaterThan(9);
      for (const [i, { at }] of path.entries())
        if (i > 0) expect(at - path[i - 1]!.at).toBeGreaterThanOrEqual(every - 1e-6);
    }
  });

  it('leaves who stands where they stood alone, whoever passes', () => {
    expect(isExchanged(standing(0, 0), slipped(east, north))).toBe(false);
  });

  it('does not exchange them back at the next look', () => {
    const once = look(visit('v1', slipped(east, north)), visit('v2', slipped(north, east)));
    expect(look(...once)).toEqual(once);
  });

  it('goes by one’s place in the hall, not by the order in which visits are held', () => {
    const a = visit('v1', slipped(east, north));
    const b = visit('v2', slipped(north, east));
    expect(look(b, a)).toEqual([...look(a, b)].reverse());
  });

  it.each([
    ['out of sight', { seenAt: now - 0.2 }],
    ['outside the door', { phase: 'outside' }],
    ['gone', { phase: 'left' }],
    ['in a picture without a floor', { plane: 'hall' }],
    [
      'seen by two cameras, which tell by themselves',
      {
        sightings: [
          { camera: 'hall', track: 1 },
          { camera: 'door', track: 4 },
        ],
      },
    ],
    ['seen by another camera', { seenBy: 'door' }],
  ] as const)('leaves somebody alone who is %s', (_, more) => {
    const both = [slipped(east, north), slipped(north, east)] as const;
    expect(isExchanged(...both)).toBe(true);
    expect(isExchanged(...both, more as Partial<Visit>)).toBe(false);
  });

  it('finds every exchange of two who cross at a walk, and never takes straight ways for one', () => {
    const speed = fc.double({ min: 1, max: 1.6, noNaN: true });
    const angle = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });
    const turn = fc.double({ min: Math.PI / 2, max: 1.5 * Math.PI, noNaN: true });
    fc.assert(
      fc.property(speed, speed, angle, turn, (one, other, heading, between) => {
        const a = through(0, 0, one * Math.cos(heading), one * Math.sin(heading));
        const away = heading + between;
        const b = through(0, 0, other * Math.cos(away), other * Math.sin(away));
        expect(isExchanged(a, b)).toBe(false);
        expect(isExchanged(slipped(a, b), slipped(b, a))).toBe(true);
      }),
    );
  });
});
