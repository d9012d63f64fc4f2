import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLooks, findAsked, type LookState, noLooks } from '../../../src/core/head/looks.ts';
import type { CoreState } from '../../../src/core/step.ts';
import type { Track } from '../../../src/core/track/track.ts';
import type { PixelBox } from '../../../src/core/units.ts';
import { mostHeadLooks, type Visit } from '../../../src/core/visits/visit.ts';
import { film, stay, tell, to, walk } from '../story.ts';

const boxAt = (left: number): PixelBox => ({ left, top: 0, right: left + 40, bottom: 100 });
const trackOf = (id: number, at: number) => ({ id, box: boxAt(id * 100), seenAt: at }) as unknown as Track;
const visitOf = (id: number, camera = 'hall') =>
  ({ id: `v${id}`, sightings: [{ camera, track: id }] }) as unknown as Visit;

/** Asks at each moment with so many people in sight, and says who was chosen, by their visit. */
function ask(moments: readonly number[], people: number, wants: (visit: Visit) => boolean = () => true) {
  let state: LookState = noLooks;
  const visits = Array.from({ length: people }, (_, n) => visitOf(n + 1));
  const chosen = moments.map((at) => {
    const tracks = visits.map((_, n) => trackOf(n + 1, at));
    const [next, looks] = chooseLooks(state, at, 'hall', tracks, visits, wants);
    state = next;
    return looks.map(({ box }) => `v${box.left / 100}`);
  });
  return { chosen, state };
}
const everyTenth = (seconds: number) => Array.from({ length: seconds * 10 }, (_, n) => n / 10);

describe('Whose heads to look at', () => {
  it('is asked a few times a second, whatever the frame rate', () => {
    const asked = (fps: number) =>
      ask(
        Array.from({ length: 10 * fps }, (_, n) => n / fps),
        1,
      ).chosen.filter((looks) => looks.length > 0).length / 10;
    expect(asked(2)).toBe(2);
    expect(asked(5)).toBe(2.5);
    expect(asked(10)).toBeCloseTo(3.4, 1);
    expect(asked(25)).toBeCloseTo(3.2, 1);
  });

  it('is at most three at once, and everybody in turn', () => {
    const { chosen } = ask(everyTenth(3), 7);
    const turns = chosen.filter((looks) => looks.length > 0);
    expect(turns.every((looks) => looks.length === 3)).toBe(true);
    for (let n = 1; n <= 7; n++) {
      const whens = turns.flatMap((looks, turn) => (looks.includes(`v${n}`) ? [turn] : []));
      const waits = whens.map((turn, index) => turn - (whens[index - 1] ?? -1));
      expect(Math.max(...waits, turns.length - whens.at(-1)!)).toBeLessThanOrEqual(3);
    }
  });

  it('is nobody who is not wanted, nobody out of sight, and nobody another camera sees', () => {
    expect(ask([0], 3, ({ id }) => id === 'v2').chosen).toEqual([['v2']]);
    const hidden = { ...trackOf(1, 0), seenAt: -1 };
    expect(chooseLooks(noLooks, 0, 'hall', [hidden], [visitOf(1)], () => true)[1]).toEqual([]);
    expect(chooseLooks(noLooks, 0, 'hall', [trackOf(1, 0)], [visitOf(1, 'side')], () => true)[1]).toEqual([]);
  });

  it('remembers nobody who has gone', () => {
    const { state } = ask(everyTenth(2), 5);
    expect(state.asked).toHaveLength(5);
    const [after] = chooseLooks(state, 9, 'hall', [], [visitOf(2)], () => true);
    expect(after.asked.map(({ visit }) => visit)).toEqual(['v2']);
  });

  it('keeps the turns of two cameras apart', () => {
    const both = { ...visitOf(1), sightings: ['hall', 'side'].map((camera) => ({ camera, track: 1 })) };
    const [state, first] = chooseLooks(noLooks, 0, 'hall', [trackOf(1, 0)], [both], () => true);
    const [, second] = chooseLooks(state, 0.1, 'side', [trackOf(1, 0.1)], [both], () => true);
    expect([first, second].map((looks) => looks.map(({ camera }) => camera))).toEqual([['hall'], ['side']]);
  });
});

describe('In the next frame', () => {
  const people = [0, 20, 400].map((left) => ({ box: boxAt(left), score: 0.8 }));

  it('who was asked for is found where they are now', () => {
    expect(findAsked([boxAt(405), boxAt(2)], people)).toEqual([2, 0]);
  });

  it('nobody is found twice, and who went too far is not found', () => {
    expect(findAsked([boxAt(1), boxAt(1)], people)).toEqual([0, 1]);
    expect(findAsked([boxAt(200)], people)).toEqual([]);
    expect(findAsked([], people)).toEqual([]);
  });
});

describe("A visit's heads", () => {
  /** Everybody looks where the clock points. */
  const seen = (state?: CoreState) => state?.visits.visits[0]?.heads ?? [];
  const looking = (until: number) =>
    film([walk(0, [-7, 0], to(0, 0), stay(90))], { until }).map((one) =>
      one.kind === 'people'
        ? {
            ...one,
            people: one.people.map((all) => ({ ...all, head: { yaw: (one.at % 6) - 3, score: 0.5 } })),
          }
        : one,
    );

  it('are what each frame told, oldest first, and at most thirty-two', () => {
    const { state } = tell(looking(30));
    const heads = seen(state);
    expect(heads).toHaveLength(mostHeadLooks);
    expect(heads.map(({ at }) => at)).toEqual(heads.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(heads.at(-1)).toEqual({ at: state.at, camera: 'hall', yaw: (state.at % 6) - 3, score: 0.5 });
  });

  it('are absent where nobody looked, and stand still where nobody looks any more', () => {
    expect(seen(tell(film([walk(0, [-7, 0], to(0, 0), stay(9))], { until: 8 })).state)).toEqual([]);
    const [with_, without] = [looking(6), film([walk(0, [-7, 0], to(0, 0), stay(90))], { until: 12 })];
    const { state } = tell([...with_, ...without.filter(({ at }) => at > 6)]);
    expect(seen(state).every(({ at }) => at <= 6)).toBe(true);
    expect(seen(state).length).toBeGreaterThan(5);
  });

  it('hold four figures each and nothing else, whatever the story', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 25 }), (until) => {
        const text = JSON.stringify(tell(looking(until)).state);
        for (const [heads] of text.matchAll(/"heads?":(\{[^}]*\}|\[[^\]]*\])/g)) {
          expect(
            heads.replace(/"heads?":/, '').replace(/"(at|camera|yaw|score)":("hall"|[-\d.e]+)/g, ''),
          ).toMatch(/^[[\]{},]*$/);
        }
      }),
      { numRuns: 10 },
    );
  });
});
