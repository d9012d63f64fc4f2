import { describe, expect, it } from 'vitest';
import type { Behaviour, Happening } from '../../../src/core/behaviours/behaviour.ts';
import { type WanderState, wandering } from '../../../src/core/behaviours/wandering.ts';
import { scoreEvents } from '../../../src/core/score/score-events.ts';
import { watch } from './scenes.ts';
import { drawLives, goodSight, type Lives, poorSight, type Sight, seeLives } from './wandering-lives.ts';

const afterSeconds = 12;
const lives = Array.from({ length: 40 }, (_, n) => drawLives(1000 + n));

/** How much of who is lost is found, and how much of who is told of is lost, as the card counts it. */
function tally(rule: Behaviour<WanderState>, sight: Sight) {
  let [expected, found, wrong] = [0, 0, 0];
  for (const one of lives) {
    const { happenings } = watch(rule, seeLives(one, sight, afterSeconds));
    const [score] = scoreEvents(truthOf(one), happenings.map(asEvent), afterSeconds).filter(
      ({ kind }) => kind === 'wandering',
    );
    expected += score!.expected;
    found += score!.found;
    wrong += score!.false.length;
  }
  return { expected, recall: found / expected, precision: found / Math.max(1, found + wrong) };
}

const asEvent = ({ at, kind, role, visit, where }: Happening) => ({
  t: at,
  kind,
  role,
  visit: visit ?? null,
  at: where === undefined ? null : ([where.x, where.y] as const),
});

const truthOf = ({ script, instants, events }: Lives) => ({
  people: script.people.map(({ id, role }) => ({ id, role })),
  frames: instants
    .filter((_, n) => n % 4 === 0)
    .map(({ t, people }) => ({ t, people: people.map(({ id, x, y }) => ({ id, x, y })) })),
  events,
});

/** The tempting rule: whoever has been in the hall for long and moves. */
const anybodyAbout: Behaviour<WanderState> = {
  begin: { strolls: [] },
  notice(state, scene) {
    const told = new Set(state.strolls.map(({ visit }) => visit));
    const happenings = scene.visits.flatMap((visit): Happening[] => {
      const { id, role, plane, at: where, arrivedAt } = visit;
      const isLong = arrivedAt !== undefined && scene.at - arrivedAt >= afterSeconds;
      const pace = Math.hypot(visit.velocity.x, visit.velocity.y);
      if (!isLong || told.has(id) || visit.phase !== 'inside' || pace < 0.3) return [];
      return [{ at: scene.at, kind: 'wandering', visit: id, role, plane, where }];
    });
    const strolls = happenings.map(({ visit }) => ({
      visit: visit!,
      freeSince: 0,
      beside: [],
      busy: false,
      settled: false,
      lookedAt: 0,
    }));
    return [{ strolls: [...state.strolls, ...strolls] }, happenings];
  },
};

describe('Of lives drawn by chance in six lobbies', () => {
  it('most who are lost are found, and nearly all who are told of are lost', () => {
    const { expected, recall, precision } = tally(wandering, goodSight);
    expect(expected).toBeGreaterThan(15);
    expect(recall).toBeGreaterThan(0.8);
    expect(precision).toBeGreaterThan(0.9);
  }, 60_000);

  it('also through tracks that drift, break off and swap, at 2, 5 and 25 frames a second', () => {
    for (const fps of [2, 5, 25]) {
      const { recall, precision } = tally(wandering, { ...poorSight, fps });
      // Some forty lives are lost, so one more or less is a fortieth; on five hundred both are near 0.9.
      expect(recall).toBeGreaterThan(0.7);
      expect(precision).toBeGreaterThan(0.65);
    }
  }, 120_000);

  it('control: telling of anybody who has been about for long is wrong more often than right', () => {
    expect(tally(anybodyAbout, goodSight).precision).toBeLessThan(0.5);
  }, 60_000);
});
