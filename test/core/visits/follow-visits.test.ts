import { describe, expect, it } from 'vitest';
import type { FloorPoint } from '../../../src/core/units.ts';
import {
  camera,
  cameraAt,
  door,
  film,
  hidden,
  inShort,
  movedZones,
  quiet,
  settings,
  staffZone,
  stay,
  tell,
  to,
  together,
  walk,
  zones,
} from '../story.ts';

/** Who came and went, whatever else they did. */
const comings = (told: ReturnType<typeof tell>) =>
  inShort(told).filter((one) => /^(arrived|departed)/.test(one));
const visitsOf = (told: ReturnType<typeof tell>) => told.state.visits.visits;

describe('A visit', () => {
  it('begins as an arrival when somebody crosses the entrance inwards, known within a second', () => {
    const told = tell(film([walk(0, [-7, 0], to(-1, 0), stay(5))], { until: 8 }));
    expect(told.happenings).toMatchObject([
      { kind: 'arrived', visit: 'v1', role: 'customer', zone: 'main-door' },
    ]);
    // Crossing at 2 m and 1.2 m/s.
    expect(told.happenings[0]!.at).toBeGreaterThan(1.6);
    expect(told.happenings[0]!.at).toBeLessThan(2.7);
    expect(visitsOf(told)).toMatchObject([{ role: 'customer', phase: 'inside', door: 'main-door' }]);
  });

  it('is an arrival too where the camera first sees people within the doorway', () => {
    const told = tell(film([walk(0, [-4.6, 0], to(-1, 0), stay(3))], { until: 6 }));
    expect(comings(told)).toEqual(['arrived v1']);
    expect(told.happenings[0]!.at).toBeLessThan(1.5);
  });

  it('is an arrival after 0.15 s of whoever is first seen well inside the doorway and walks on', () => {
    const looksUntilKnown = (first: number, speed: number, fps = 5) => {
      const { outputs } = tell(film([walk(0, [first, 0], to(-1, 0, speed), stay(3))], { until: 6, fps }));
      return outputs.findIndex(({ verdicts }) => verdicts.length > 0) + 1;
    };
    expect(looksUntilKnown(-4.6, 0.5)).toBe(2);
    expect(looksUntilKnown(-4.6, 0.5, 25)).toBe(5);
    // Control: who hardly moves, or stands on the line still, may be somebody on their way out.
    expect(looksUntilKnown(-4.6, 0.05)).toBe(3);
    expect(looksUntilKnown(-4.95, 0.5)).toBeGreaterThan(2);
  });

  it('is an arrival too of who comes along the wall outside, first seen far beside the door', () => {
    const told = tell(film([walk(0, [-6, -3.5], to(-5.7, -0.2), to(-1, 0), stay(3))], { until: 12 }));
    expect(comings(told)).toEqual(['arrived v1']);
    // Control: who stands there and goes back along it has not come in.
    const back = tell(film([walk(0, [-6, -3.5], to(-5.7, -0.2), stay(2), to(-6, -3.5))], { until: 12 }));
    expect(comings(back)).toEqual([]);
  });

  it('is another when somebody comes in by the door at which the last one was lost', () => {
    const lost = hidden(walk(0, [-7, 0], to(-3.9, 0), stay(40)), 4, 60);
    const comingsWith = (second: number) =>
      comings(tell(film([lost, walk(second, [-4.4, 0.2], to(-1, 0.2), stay(5))], { until: second + 8 })));
    expect(comingsWith(8)).toEqual(['arrived v1', 'arrived v2']);
  });

  it('goes on when somebody in the doorway was hidden for a moment', () => {
    const waits = hidden(walk(0, [-7, 0], to(-3.2, 0), stay(8), to(0, 0)), 5, 7);
    expect(comings(tell(film([waits], { until: 16 })))).toEqual(['arrived v1']);
  });

  it('never arrives when somebody passes by outside', () => {
    const told = tell(film([walk(0, [-6, -4], to(-6, 4))], { until: 20 }));
    expect(told.happenings).toEqual([]);
  });

  it('never arrives when somebody waits outside the door', () => {
    const told = tell(film([walk(0, [-6, -3], to(-5.8, 0), stay(20), to(-7, 3))], { until: 30 }));
    expect(told.happenings).toEqual([]);
  });

  it('of an about-turn in the doorway arrives and departs', () => {
    const told = tell(film([walk(0, [-7, 0], to(-4, 0), stay(1), to(-7, 0))], { until: 15 }));
    expect(inShort(told)).toEqual(['arrived v1', 'departed v1']);
  });

  it('does not arrive by a door that is not the one they stand before', () => {
    const facing = {
      ...door,
      id: 'side-door',
      door: { from: { x: 5, y: -1 }, to: { x: 5, y: 1 }, inside: { x: 4, y: 0 } },
    };
    const both = { ...settings, zones: [...zones, facing] };
    const waiting = walk(0, [-6.5, 0], stay(10), to(-4, 0), stay(2));
    const told = tell(film([waiting], { until: 13 }), both);
    expect(told.happenings).toMatchObject([{ kind: 'arrived', zone: 'main-door' }]);
    expect(told.happenings[0]!.at).toBeGreaterThan(10);
  });

  it('ends when somebody leaves by the entrance, once', () => {
    const told = tell(film([walk(0, [-7, 0], to(0, 0), stay(5), to(-8, 0))], { until: 30 }));
    expect(inShort(told)).toEqual(['arrived v1', 'departed v1']);
    expect(visitsOf(told)).toEqual([]);
  });

  it.each([
    ['steps out and turns about at once', 0],
    ['stands outside in sight of the camera for a while', 4],
  ])('is followed by another of whoever %s', (_, seconds) => {
    const about = walk(0, [-7, 0], to(-1, 0), stay(2), to(-6.2, 0), stay(seconds), to(0, 0), stay(5));
    const told = tell(film([about], { until: 20 + seconds }));
    expect(comings(told)).toEqual(['arrived v1', 'departed v1', 'arrived v2']);
    expect(visitsOf(told)).toMatchObject([{ id: 'v2', phase: 'inside', role: 'customer' }]);
    expect(visitsOf(told)[0]?.leftAt).toBeUndefined();
  });

  it('of somebody who walks in on the track of one who left begins within a second of the line', () => {
    const crossed = 7 + 5.2 / 1.2 + 1.2 / 1.2;
    const again = (speed: number) => {
      const about = walk(0, [-7, 0], to(-1, 0), stay(2), to(-6.2, 0), to(-5, 0), to(0, 0, speed), stay(5));
      return tell(film([about], { until: 30 })).happenings.findLast(({ kind }) => kind === 'arrived')!.at;
    };
    expect(again(1.2)).toBeLessThan(crossed + 1);
    // Control: who comes in slowly may as well be lingering, and is waited for.
    expect(again(0.3)).toBeGreaterThan(crossed + 2);
  });

  it('is over for whoever lingers on the line they left by', () => {
    const lingering = walk(0, [-7, 0], to(-1, 0), stay(2), to(-5.3, 0), to(-4.8, 0, 0.3), stay(2), to(-8, 0));
    const told = tell(film([lingering], { until: 25 }));
    expect(comings(told)).toEqual(['arrived v1', 'departed v1']);
  });

  it('ends as departed when the door leaf hides the last step out', () => {
    const leaving = walk(0, [-7, 0], to(0, 0), stay(5), to(-4.6, 0));
    const told = tell(film([leaving], { until: 25 }));
    expect(inShort(told)).toEqual(['arrived v1', 'departed v1']);
  });

  it('of somebody who was lost in the middle of the hall does not depart', () => {
    const told = tell(film([walk(0, [-7, 0], to(0, 0), stay(5))], { until: 60 }));
    expect(comings(told)).toEqual(['arrived v1']);
    expect(visitsOf(told)).toEqual([]);
  });

  it('is one visit when a pillar hides somebody for three seconds', () => {
    const behind = hidden(walk(0, [-7, 0], to(-1, 0), to(2, 0, 0.8), stay(10)), 6, 9);
    const told = tell(film([behind], { until: 18 }));
    expect(comings(told)).toEqual(['arrived v1']);
    expect(visitsOf(told).map((one) => one.id)).toEqual(['v1']);
  });

  it('is one visit when somebody stands hidden for ten seconds and comes out where they went in', () => {
    const behind = hidden(walk(0, [-7, 0], to(-1, 0), stay(30)), 10, 20);
    expect(visitsOf(tell(film([behind], { until: 25 }))).map((one) => one.id)).toEqual(['v1']);
  });

  it('is another visit for whoever appears on the other side of the hall', () => {
    const one = walk(0, [-7, 0], to(-3, 0), stay(2));
    const other = walk(9, [4, 0.5], stay(10));
    const told = tell(film([one, other], { until: 14 }));
    expect(visitsOf(told).map(({ id }) => id)).toEqual(['v1', 'v2']);
  });

  it('is forgotten when nobody has been seen for longer than is remembered', () => {
    const frames = film([walk(0, [-7, 0], to(0, 0), stay(5))], { until: 11 });
    const { memorySeconds } = settings.visits;
    const later = (seconds: number) => tell([...frames, ...film([], { from: 11.2, until: 11 + seconds })]);
    expect(visitsOf(later(memorySeconds - 3))).toHaveLength(1);
    expect(visitsOf(later(memorySeconds + 3))).toEqual([]);
    expect(inShort(later(memorySeconds + 3))).toEqual(['arrived v1']);
  });

  it('is remembered longer in a queue, where standing behind others is what one does', () => {
    const { memorySeconds, queueMemorySeconds } = settings.visits;
    expect(queueMemorySeconds).toBeGreaterThan(memorySeconds);
    const frames = film([walk(0, [-7, 0], to(3, -2), stay(10))], { until: 18 });
    const gone = tell([...frames, ...film([], { from: 18.2, until: 18 + memorySeconds + 5 })]);
    expect(visitsOf(gone)).toHaveLength(1);
    expect(inShort(gone)).toEqual(['arrived v1', 'queued v1']);
  });

  it('does not end while no frame comes: nobody can be missed who was not looked for', () => {
    const leaving = film([walk(0, [-7, 0], to(0, 0), stay(5), to(-4.4, 0))], { until: 14 });
    const told = tell([...leaving.filter((frame) => frame.at < 14), ...quiet(14, 20)]);
    expect(comings(told)).toEqual(['arrived v1']);
  });
});

describe('Staff', () => {
  const roles = (told: ReturnType<typeof tell>) => visitsOf(told).map((one) => one.role);

  it('are who come from a staff zone', () => {
    const told = tell(film([walk(0, [0, 4], stay(1), to(0, 0), stay(20))], { until: 15 }));
    expect(roles(told)).toEqual(['staff']);
    expect(told.happenings).toEqual([]);
  });

  it('are also who are first seen some steps out of a staff zone, walking straight away from it', () => {
    const out = (next: [number, number]) =>
      tell(film([hidden(walk(0, [0, 4], to(0, 1.6), to(...next), stay(20)), 0, 2.2)], { until: 8 }));
    expect(roles(out([0, -2]))).toEqual(['staff']);
    // Control: who goes another way there may have come from anywhere.
    expect(roles(out([3, 2.2]))).toEqual(['unknown']);
  });

  it('are not told by where they go: who walks up to the staff door from the hall is nobody known', () => {
    const told = tell(film([hidden(walk(0, [0, -3], to(0, 2.2), stay(20)), 0, 1.5)], { until: 8 }));
    expect(roles(told)).toEqual(['unknown']);
  });

  it('are also who came by the entrance and then stayed where only staff do', () => {
    const told = tell(film([walk(0, [-7, 0], to(0, 3.8), stay(10), to(0, 0))], { until: 18 }));
    expect(roles(told)).toEqual(['staff']);
  });

  it('are not customers who only cross a corner of the staff zone', () => {
    const told = tell(
      film([walk(0, [-7, 0], to(-2, 3.3), to(2, 3.3, 1.5), to(0, 0), stay(5))], { until: 16 }),
    );
    expect(roles(told)).toEqual(['customer']);
  });

  it('do not depart when they go home', () => {
    const told = tell(film([walk(0, [0, 4], stay(2), to(-1, 0), to(-8, 0))], { until: 25 }));
    expect(told.happenings).toEqual([]);
  });
});

describe('Two cameras', () => {
  const opposite = cameraAt('opposite', [0, 8, 4], [0, 0]);
  const both = { ...settings, cameras: [camera, opposite] };

  it('that see one person make one visit', () => {
    const one = [walk(0, [-7, 0], to(0, 0), stay(10), to(2, 1), stay(5))];
    const told = tell(together(film(one, { until: 20 }), film(one, { until: 20, camera: opposite })), both);
    expect(comings(told)).toEqual(['arrived v1']);
    expect(visitsOf(told).map(({ id, sightings }) => [id, sightings.length])).toEqual([['v1', 2]]);
  });

  it('that see two people make two visits', () => {
    const two = [walk(0, [-7, 0], to(0, 0), stay(12)), walk(1, [-7, 0.5], to(0, 2.5), stay(12))];
    const told = tell(together(film(two, { until: 12 }), film(two, { until: 12, camera: opposite })), both);
    expect(visitsOf(told)).toHaveLength(2);
  });

  it('hand a person over: lost by one, kept by the other, still one visit', () => {
    const one = walk(0, [-7, 0], to(0, 0), stay(10), to(2, 1), stay(15));
    const first = film([hidden(one, 8, 99)], { until: 30 });
    const second = film([hidden(one, 0, 7)], { until: 30, camera: opposite });
    const told = tell(together(first, second), both);
    expect(comings(told)).toEqual(['arrived v1']);
    expect(visitsOf(told).map(({ id }) => id)).toEqual(['v1']);
  });

  it('do not miss for each other: a camera that never saw somebody cannot say they are gone', () => {
    const leaving = walk(0, [-7, 0], to(0, 0), stay(3), to(-4.4, 0));
    const blind = film([], { until: 24, camera: opposite });
    const told = tell(together(film([leaving], { until: 12.4 }), quiet(12.4, 24.4), blind), both);
    expect(comings(told)).toEqual(['arrived v1']);
  });

  it('go on with one when the other falls silent', () => {
    const one = [walk(0, [-7, 0], to(0, 0), stay(60))];
    const told = tell(
      together(film(one, { until: 10 }), quiet(10, 50), film(one, { until: 50, camera: opposite })),
      both,
    );
    expect(visitsOf(told).map(({ id, sightings }) => [id, sightings.length])).toEqual([['v1', 1]]);
  });
});

describe('The bounds of what is remembered', () => {
  it('are kept, and what was let go is counted', () => {
    const crowd = Array.from({ length: 12 }, (_, i) =>
      walk(0, [-4 + (i % 6) * 1.5, i < 6 ? -1 : 2], stay(30)),
    );
    const tight = { ...settings, zones: [staffZone], visits: { ...settings.visits, mostVisits: 5 } };
    const { state } = tell(film(crowd, { until: 5 }), tight);
    expect(state.visits.visits).toHaveLength(5);
    expect(state.visits.letGo).toBeGreaterThan(0);
  });

  it('hold a path to its length, however long somebody walks', () => {
    const rounds = Array.from({ length: 30 }, (_, i) => to(i % 2 === 0 ? 2 : -2, 0));
    const { state } = tell(film([walk(0, [-2, 0], ...rounds)], { until: 80 }));
    const [visit] = state.visits.visits;
    expect(visit!.path).toHaveLength(settings.visits.pathPoints);
    const gaps = visit!.path.slice(1).map((point, i) => point.at - visit!.path[i]!.at);
    expect(Math.min(...gaps)).toBeGreaterThan(settings.visits.pathEverySeconds - 1e-3);
  });
});

describe('A place to be ignored', () => {
  it('has nobody in it, such as the people in a mirror', () => {
    const mirror = movedZones([staffZone], ({ x, y }: FloorPoint) => ({ x: x + 3, y })).map((zone) => ({
      ...zone,
      id: 'mirror',
      kind: 'ignore' as const,
    }));
    const told = tell(film([walk(0, [3, 3.8], stay(20))], { until: 20 }), {
      ...settings,
      zones: [...zones, ...mirror] as typeof zones,
    });
    expect(visitsOf(told)).toEqual([]);
  });
});
