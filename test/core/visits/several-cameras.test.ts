import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, type Observation, step } from '../../../src/core/step.ts';
import { fused } from '../../../src/core/visits/fuse-sightings.ts';
import { withoutSwaps } from '../../../src/core/visits/settle-sightings.ts';
import type { SeenPlace, Visit } from '../../../src/core/visits/visit.ts';
import {
  cameraAt,
  film,
  hidden,
  inShort,
  type MadeUpCamera,
  settings,
  stay,
  tell,
  to,
  together,
  type Walk,
  walk,
} from '../story.ts';

const [width, height] = [1280, 720];
const doorway = cameraAt('doorway', [2, -5, 3.2], [-4, 0]);
const hall = cameraAt('hall', [-3.2, 3.6, 3.2], [1.5, -1]);
const both = { ...settings, cameras: [doorway, hall] };

/** What is left of people within the picture, where it is a quarter of them or more. */
function framed(frames: readonly (Observation & { kind: 'people' })[]): Observation[] {
  const size = { width, height };
  return frames.map((frame) => ({
    ...frame,
    frame: size,
    people: frame.people.flatMap(({ box, score }) => {
      const kept = {
        left: Math.max(0, box.left),
        top: Math.max(0, box.top),
        right: Math.min(width, box.right),
        bottom: Math.min(height, box.bottom),
      };
      const share =
        (Math.max(0, kept.right - kept.left) * Math.max(0, kept.bottom - kept.top)) /
        ((box.right - box.left) * (box.bottom - box.top));
      return share < 0.25 ? [] : [{ box: kept, score }];
    }),
  }));
}

const visitsOf = (told: ReturnType<typeof tell>) => told.state.visits.visits;
const seenByBoth = (walks: readonly Walk[], until: number, cameras = [doorway, hall]) =>
  together(
    framed(film(walks, { until, camera: cameras[0]! })),
    framed(film(walks, { until, camera: cameras[1]!, fps: 4, from: 0.08 })),
  );

/** Seen where they are to the left of `x`, or to the right, and nowhere else. */
const only =
  (one: Walk, isSeen: (x: number) => boolean): Walk =>
  (at) => {
    const spot = one(at);
    return spot !== undefined && isSeen(spot.x) ? spot : undefined;
  };
/** Two cameras with a blind stretch of so many metres between them. */
const apart = (walks: readonly Walk[], until: number, metres = 3.5) =>
  together(
    film(
      walks.map((one) => only(one, (x) => x < -metres / 2)),
      { until, camera: doorway },
    ),
    film(
      walks.map((one) => only(one, (x) => x > metres / 2)),
      { until, camera: hall, fps: 4, from: 0.08 },
    ),
  );

describe('Where views overlap', () => {
  it('whoever comes into a second picture at its edge, knees first, is still one visit', () => {
    const told = tell(seenByBoth([walk(0, [-7, 0], to(1, 0), stay(8))], 15), both);
    expect(inShort(told)).toEqual(['arrived v1']);
    expect(visitsOf(told).map(({ id, sightings }) => [id, sightings.length])).toEqual([['v1', 2]]);
  });

  it('two who stand side by side are two', () => {
    const pair = [walk(0, [-7, -0.3], to(-0.5, -0.3), stay(9)), walk(0.4, [-7, 0.3], to(-0.5, 0.3), stay(9))];
    const told = tell(seenByBoth(pair, 13), both);
    expect(visitsOf(told).map(({ id }) => id)).toEqual(['v1', 'v2']);
  });

  it('whoever comes out from behind a desk, half hidden at first, is still one visit', () => {
    const one = walk(0, [-7, 0], to(1, 0), stay(8));
    const first = 3.58;
    const seenLate = film([hidden(one, 0, first)], { until: 15, camera: hall, fps: 4, from: 0.08 });
    const halfHidden = seenLate.map((frame) => ({
      ...frame,
      people: frame.people.map(({ box, score }) => {
        const hiddenShare = frame.at < first + 0.8 ? 0.4 : 0;
        return { box: { ...box, bottom: box.bottom - hiddenShare * (box.bottom - box.top) }, score };
      }),
    }));
    const told = tell(together(film([one], { until: 15, camera: doorway }), halfHidden), both);
    expect(inShort(told)).toEqual(['arrived v1']);
    expect(visitsOf(told).map(({ id, sightings }) => [id, sightings.length])).toEqual([['v1', 2]]);
  });

  it('whoever stands still stands still, though two cameras place them a step apart', () => {
    const one = walk(0, [-1, 0], stay(30));
    const beside: Walk = (at) => {
      const spot = one(at);
      return spot && { x: spot.x + 0.4, y: spot.y };
    };
    const seen = together(
      film([one], { until: 20, camera: doorway }),
      film([beside], { until: 20, camera: hall, fps: 4, from: 0.08 }),
    );
    let state = begin();
    const late: number[] = [];
    for (const observation of seen) {
      [state] = step(state, observation, both);
      if (observation.at > 15) late.push(state.visits.visits[0]!.at.x);
    }
    expect(state.visits.visits).toHaveLength(1);
    expect(Math.max(...late) - Math.min(...late)).toBeLessThan(0.05);
  });
});

describe('Where a stretch lies between the views', () => {
  it('whoever walks through it is the same visit on the other side, and on the way back', () => {
    const told = tell(apart([walk(0, [-7, 0], to(4, 0), stay(4), to(-8, 0))], 30), both);
    expect(inShort(told)).toEqual(['arrived v1', 'departed v1']);
  });

  it('two shortly after one another stay two, each themselves', () => {
    const two = [walk(0, [-7, 0], to(4, -0.5), stay(9)), walk(2.2, [-7, 0], to(4, 0.8), stay(9))];
    const told = tell(apart(two, 16), both);
    expect(visitsOf(told).map(({ id, at }) => [id, Math.round(at.y * 2) / 2])).toEqual([
      ['v1', -0.5],
      ['v2', 1],
    ]);
  });

  it('whoever turns round in it leaves as who they were, while the next one walks through', () => {
    const back = walk(0, [-7, 0], to(0, 0), stay(1.5), to(-8, 0));
    const through = hidden(walk(5.5, [-7, 0.6], to(4, 0.6), stay(9)), 0, 5.5);
    const told = tell(apart([back, through], 20), both);
    expect(inShort(told)).toEqual(['arrived v1', 'arrived v2', 'departed v1']);
  });
});

const place = (x: number, y: number, spread: number, isCut = false): SeenPlace => ({
  at: 0,
  x,
  y,
  vx: 0,
  vy: 0,
  spread: [spread, 0, 0, spread],
  ...(isCut && { isCut }),
});

describe('What several cameras see', () => {
  it('is weighed by how sure each is, and of one alone is what it saw', () => {
    expect(fused([place(1, 2, 0.1)], 0, 1)).toMatchObject({ x: 1, y: 2 });
    const { x, spread } = fused([place(0, 0, 0.01), place(1, 0, 0.09)], 0, 1);
    expect(x).toBeCloseTo(0.1);
    expect(spread[0]).toBeCloseTo(0.009);
  });

  const visit = (id: string, sightings: Visit['sightings']): Visit =>
    ({
      id,
      plane: 'floor',
      phase: 'inside',
      sightings,
      at: sightings[0]!.seen!,
      velocity: { x: 0, y: 0 },
      unit: 1,
      bornAt: 0,
      bornWhere: { x: 0, y: 0 },
      seenAt: 0,
      seenBy: 'a',
      path: [],
      ...({ role: 'customer' } as Pick<Visit, 'role'>),
    }) as Visit;
  const view = { camera: 'b', plane: 'floor', tracks: [], looked: true, unitOf: () => 1 } as const;
  const trackOf = (visits: readonly Visit[]) =>
    visits.map(({ sightings }) => sightings.find(({ camera }) => camera === 'b')?.track);
  const two = (first: SeenPlace | undefined, second: SeenPlace | undefined) => [
    visit('v1', [
      { camera: 'a', track: 1, seen: place(0, 0, 0.02) },
      ...(first ? [{ camera: 'b', track: 11, seen: first }] : []),
    ]),
    visit('v2', [
      { camera: 'a', track: 2, seen: place(0.7, 0, 0.02) },
      ...(second ? [{ camera: 'b', track: 12, seen: second }] : []),
    ]),
  ];

  it('is put right where two were taken for each other, or one for the other', () => {
    const crossed = two(place(0.7, 0.1, 0.02), place(0, 0.1, 0.02));
    expect(trackOf(withoutSwaps(crossed, 0, view))).toEqual([12, 11]);
    expect(trackOf(withoutSwaps(two(place(0.7, 0.1, 0.02), undefined), 0, view))).toEqual([undefined, 11]);
  });

  it('is left alone where it is as it should be, and where the edge of the picture cuts people off', () => {
    const right = two(place(0.1, 0.1, 0.02), place(0.6, 0.1, 0.02));
    expect(trackOf(withoutSwaps(right, 0, view))).toEqual([11, 12]);
    const cut = two(place(0.7, 0.1, 0.6, true), place(0, 0.1, 0.6, true));
    expect(trackOf(withoutSwaps(cut, 0, view))).toEqual([11, 12]);
  });
});

const renamed = (one: MadeUpCamera, id: string): MadeUpCamera => ({ ...one, id });
const storyOf = (
  walks: readonly Walk[],
  cameras: readonly [MadeUpCamera, MadeUpCamera],
  reversed = false,
) => {
  const seen = seenByBoth(walks, 20, [...cameras]);
  const listed = reversed ? [...cameras].reverse() : cameras;
  return inShort(tell(seen, { ...settings, cameras: listed }));
};

it('The same people make the same story whatever cameras are called, and in whatever order they are listed', () => {
  const spot = fc.tuple(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: -3, max: 2, noNaN: true }),
  );
  const visitor = fc
    .tuple(fc.integer({ min: 0, max: 40 }), spot, spot)
    .map(([tenths, a, b]) => walk(tenths / 10, [-7, 0], to(...a), stay(2), to(...b), stay(20)));
  fc.assert(
    fc.property(fc.array(visitor, { minLength: 1, maxLength: 4 }), (walks) => {
      const story = storyOf(walks, [doorway, hall]);
      expect(storyOf(walks, [doorway, hall], true)).toEqual(story);
      expect(storyOf(walks, [renamed(doorway, 'z'), renamed(hall, 'a')])).toEqual(story);
    }),
    { numRuns: 5, seed: 5 },
  );
  // One that looks elsewhere does not tell the same: the stories are not alike for want of events.
  const walks = [walk(0, [-7, 0], to(-1, 0), stay(10), to(-8, 0))];
  expect(storyOf(walks, [hall, hall])).not.toEqual(storyOf(walks, [doorway, hall]));
});
