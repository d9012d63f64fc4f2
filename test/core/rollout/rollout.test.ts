import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHour, changeOf, noSums, type Sums, varianceOf } from '../../../src/core/rollout/fall.ts';
import {
  beginRollout,
  judgeRollout,
  pauseRollout,
  type RolloutEvidence,
  type RolloutPlan,
  type RolloutState,
  resumeRollout,
  rolloutDefaults,
  shareOfStep,
  undoRollout,
} from '../../../src/core/rollout/rollout.ts';
import { inTurn, placesOf, toLetIn } from '../../../src/core/rollout/whose-turn.ts';

const plan: RolloutPlan = rolloutDefaults;
const at = 1_772_000_000;
const atStep = (step: number): RolloutState => ({ ...beginRollout(at - 86_400), step, since: at - 80_000 });

/** Dice of a test: the same each time. */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
/** Hours in which so large a part of the customers is met in time; hours differ, as staff do. */
function hoursOf(roll: () => number, hours: number, share: number, customers = 40, scatter = 0.12): Sums {
  let sums = noSums;
  for (let i = 0; i < hours; i += 1) {
    const ofHour = Math.min(1, Math.max(0, share + scatter * (roll() - 0.5)));
    const met = Array.from({ length: customers }).filter(() => roll() < ofHour).length;
    sums = addHour(sums, met, customers);
  }
  return sums;
}
const even = (hours: number, x: number, n: number): Sums => {
  let sums = noSums;
  for (let i = 0; i < hours; i += 1) sums = addHour(sums, x, n);
  return sums;
};

/** All that a step is to have, and nothing that got worse. */
function goodEvidence(more: Partial<RolloutEvidence> = {}): RolloutEvidence {
  const same = (x: number, n: number) => {
    const sums = even(60, x, n);
    return { before: sums, since: sums, others: { before: sums, since: sums } };
  };
  return {
    told: 20,
    taken: 20,
    refusing: 0,
    silent: 0,
    others: { branches: 20, silent: 0 },
    openHours: 60,
    figures: {
      inTime: same(36, 40),
      neverMet: same(1, 40),
      buzzes: same(25, 40),
      mostInTenMinutes: same(4, 1),
      waitSeconds: same(4_500, 15),
      blind: same(120, 3_600),
      off: same(0, 60),
    },
    shadow: { tried: 20, nothingNew: 0, wouldHaveBuzzed: 400, liveBuzzed: 410 },
    ...more,
  };
}
const withFigure = (
  figure: keyof RolloutEvidence['figures'],
  since: Sums,
  others?: Sums,
): RolloutEvidence => {
  const good = goodEvidence();
  const was = good.figures[figure];
  const elsewhere = { before: was.before, since: others ?? was.before };
  return { ...good, figures: { ...good.figures, [figure]: { ...was, since, others: elsewhere } } };
};
const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/), { minLength: 1, maxLength: 80 });

describe('Whose turn it is', () => {
  it('is the same whenever it is asked for, and whoever is among few is among more', () => {
    fc.assert(
      fc.property(
        names,
        fc.string(),
        fc.tuple(
          fc.double({ min: 0.01, max: 1, noNaN: true }),
          fc.double({ min: 0.01, max: 1, noNaN: true }),
        ),
        (branches, bundle, shares) => {
          const [few, more] = [...shares]
            .sort((a, b) => a - b)
            .map((share) => toLetIn({ members: branches, live: [], bundle, share, leastBranches: 1 }));
          expect(more).toEqual(expect.arrayContaining([...few!]));
          expect(inTurn([...branches].reverse(), bundle)).toEqual(inTurn(branches, bundle));
        },
      ),
    );
    // Control: dice that know the share are thrown anew at each.
    const branches = Array.from({ length: 40 }, (_, i) => `branch-${i}`);
    const first = (share: number) => inTurn(branches, `bundle ${share}`).slice(0, 40 * share);
    expect(first(0.5)).not.toEqual(expect.arrayContaining([...first(0.25)]));
  });

  it('is another branch’s with another bundle, and each comes first about as often', () => {
    const branches = Array.from({ length: 20 }, (_, i) => `branch-${i}`);
    const firsts = new Map<string, number>();
    for (let i = 0; i < 2_000; i += 1) {
      const [first] = inTurn(branches, `bundle-${i}`);
      firsts.set(first!, (firsts.get(first!) ?? 0) + 1);
    }
    expect(firsts.size).toBe(20);
    for (const count of firsts.values()) expect(Math.abs(count - 100)).toBeLessThan(50);
  });

  it('never comes for more branches than a step has places, however branches come and go', () => {
    const day = fc.record({
      members: names,
      share: fc.constantFrom(0.05, 0.5, 1),
      leastBranches: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(day, { maxLength: 8 }), (days) => {
        let live: readonly string[] = [];
        for (const { members, share, leastBranches } of days) {
          const places = placesOf(members.length, share, leastBranches);
          const letIn = toLetIn({ members, live, bundle: 'b', share, leastBranches });
          expect(letIn.length === 0 || live.length + letIn.length <= places).toBe(true);
          live = [...live, ...letIn];
          expect(new Set(live).size).toBe(live.length);
        }
      }),
    );
    // Control: who forgets who goes by it already lets in too many.
    const members = ['a', 'b', 'c', 'd'];
    const of = { members, bundle: 'b', share: 0.5, leastBranches: 1 };
    const later = toLetIn({ ...of, members: ['e', 'f', 'g', 'h'], live: [] });
    expect(toLetIn({ ...of, live: [] }).length + later.length).toBeGreaterThan(placesOf(4, 0.5, 1));
  });
});

describe('A step of a bundle', () => {
  it('goes on from shadow by shares to all where everything holds, and says each time why', () => {
    let state = beginRollout(at);
    const said: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const [next, judgement] = judgeRollout(state, plan, goodEvidence(), at + i * 3_600);
      said.push(`${judgement.what}: ${judgement.why}`);
      state = next;
    }
    expect(said).toEqual([
      'advanced: shadow held what was before it: 5 % is next',
      'advanced: 5 % held what was before it: 50 % is next',
      'advanced: 50 % held what was before it: 100 % is next',
      'done: 100 % held what was before it',
      'waits: it is done',
    ]);
    expect(shareOfStep(state, plan)).toBe(1);
  });

  it('never goes on while anything is missing that it is judged by', () => {
    const none = noSums;
    const missing: readonly (readonly [string, (good: RolloutEvidence) => Partial<RolloutEvidence>])[] = [
      ['a branch', () => ({ told: 0, taken: 0 })],
      ['a word that it was taken', () => ({ taken: 10 })],
      ['boxes that are heard', () => ({ silent: 5, others: { branches: 20, silent: 5 } })],
      ['hours', () => ({ openHours: 1 })],
      [
        'customers since',
        ({ figures }) => ({ figures: { ...figures, inTime: { ...figures.inTime, since: even(5, 36, 40) } } }),
      ],
      [
        'customers before',
        ({ figures }) => ({ figures: { ...figures, inTime: { ...figures.inTime, before: none } } }),
      ],
      [
        'customers elsewhere',
        ({ figures }) => ({
          figures: {
            ...figures,
            inTime: { ...figures.inTime, others: { before: figures.inTime.before, since: none } },
          },
        }),
      ],
      [
        'waits, where there were some',
        ({ figures }) => ({ figures: { ...figures, waitSeconds: { ...figures.waitSeconds, since: none } } }),
      ],
    ];
    for (const step of [1, 2]) {
      for (const [what, without] of missing) {
        const good = goodEvidence();
        const [next, { what: decided }] = judgeRollout(atStep(step), plan, { ...good, ...without(good) }, at);
        expect([what, next.step, decided]).toEqual([what, step, 'waits']);
      }
      // Control: with all of it, it does.
      expect(judgeRollout(atStep(step), plan, goodEvidence(), at)[0].step).toBe(step + 1);
    }
  });

  it('never leaves the shadow without branches that tried it and buzzes to compare', () => {
    const shadow = { tried: 20, nothingNew: 0, wouldHaveBuzzed: 400, liveBuzzed: 410 };
    const judge = (more: Partial<typeof shadow>, step = 0) =>
      judgeRollout(atStep(step), plan, goodEvidence({ shadow: { ...shadow, ...more } }), at);
    for (const more of [
      { tried: 0 },
      { tried: 0, nothingNew: 20 },
      { wouldHaveBuzzed: 0, liveBuzzed: 0 },
      { wouldHaveBuzzed: 10, liveBuzzed: 10 },
    ])
      expect(judge(more)[1].what).toBe('waits');
    expect(judge({})[1].what).toBe('advanced');
    expect(judge({ wouldHaveBuzzed: 900 })[1]).toMatchObject({ what: 'undone' });
    expect(judge({ wouldHaveBuzzed: 100 })[1]).toMatchObject({ what: 'undone' });
    // Twice as many of few is chance.
    expect(judge({ wouldHaveBuzzed: 20, liveBuzzed: 12 })[1].what).toBe('waits');
  });

  it('is undone by any fall that is beyond its bound and beyond chance, also while it is held', () => {
    const fell = fc.record({
      step: fc.integer({ min: 1, max: 3 }),
      phase: fc.constantFrom('rolling' as const, 'held' as const),
      by: fc.integer({ min: 6, max: 30 }),
      hours: fc.integer({ min: 10, max: 200 }),
    });
    fc.assert(
      fc.property(fell, ({ step, phase, by, hours }) => {
        const evidence = withFigure('inTime', even(hours, 36 - by, 40));
        const [next, { what, why }] = judgeRollout({ ...atStep(step), phase }, plan, evidence, at);
        expect([next.phase, what]).toEqual(['undone', 'undone']);
        expect(why).toMatch(/^share of customers met in time: 0\.9 before/);
        // Control: a fall within the bound is none.
        const little = withFigure('inTime', even(200, 35, 40));
        expect(judgeRollout({ ...atStep(step), phase }, plan, little, at)[0].phase).not.toBe('undone');
      }),
    );
  });

  it.each([
    ['neverMet', even(60, 4, 40)],
    ['buzzes', even(60, 40, 40)],
    ['mostInTenMinutes', even(60, 6, 1)],
    ['waitSeconds', even(60, 400 * 15, 15)],
    ['blind', even(60, 600, 3_600)],
    ['off', even(60, 6, 60)],
  ] as const)('is held to %s as well', (figure, since) => {
    expect(judgeRollout(atStep(2), plan, withFigure(figure, since), at)[1].what).toBe('undone');
    // Control: what rose as much elsewhere is nobody's doing.
    expect(judgeRollout(atStep(2), plan, withFigure(figure, since, since), at)[1].what).toBe('advanced');
  });

  it('is not undone by a bad Monday of all branches, and would be without the others', () => {
    const monday = even(60, 28, 40);
    expect(judgeRollout(atStep(2), plan, withFigure('inTime', monday, monday), at)[1].what).toBe('advanced');
    const alone = { ...withFigure('inTime', monday), others: { branches: 0, silent: 0 } };
    expect(judgeRollout(atStep(3), plan, alone, at)[1].what).toBe('undone');
  });

  it('is not undone by one unlucky hour: it waits', () => {
    const unlucky = addHour(even(8, 36, 40), 4, 40);
    const { by, error } = changeOf({ before: even(60, 36, 40), since: unlucky }, 'share');
    expect(-by).toBeGreaterThan(plan.bounds.inTime);
    expect(judgeRollout(atStep(1), plan, withFigure('inTime', unlucky), at)[1].what).toBe('waits');
    // Control: with customers alone for its measure, chance would be too small an excuse.
    const amongCustomers = Math.sqrt((0.8 * 0.2) / unlucky.n + (0.9 * 0.1) / 2_400);
    expect(-by).toBeGreaterThan(3 * amongCustomers);
    expect(error).toBeGreaterThan(amongCustomers);
    expect(varianceOf(even(1, 4, 40), 'share')).toBe(Number.POSITIVE_INFINITY);
  });

  it('is undone for boxes that fall silent, and not for one of three, nor for all of a bank', () => {
    const silent = (silent: number, told: number, elsewhere: number) =>
      judgeRollout(
        atStep(1),
        plan,
        goodEvidence({ told, taken: told, silent, others: { branches: 37, silent: elsewhere } }),
        at,
      )[1].what;
    expect(silent(3, 3, 0)).toBe('undone');
    expect(silent(1, 3, 1)).not.toBe('undone');
    expect(silent(3, 3, 37)).toBe('waits');
  });

  it('is held where many branches refuse it, and goes on without them when somebody says so', () => {
    const evidence = goodEvidence({ taken: 12, refusing: 8 });
    const [held, { what, why }] = judgeRollout(atStep(1), plan, evidence, at);
    expect([held.phase, what, why]).toEqual(['held', 'paused', '8 of 20 branches refuse it']);
    expect(judgeRollout(held, plan, evidence, at + 900)[0]).toEqual(held);
    const [next] = judgeRollout(resumeRollout(held, at)!, plan, evidence, at);
    expect(next).toMatchObject({ phase: 'rolling', step: 2, mayBeRefused: false });
  });

  it('is held for somebody to look at where it cannot be told in two weeks, and has as long again after', () => {
    const evidence = goodEvidence({ openHours: 2 });
    const late = atStep(1).waitsFrom + 14 * 86_400;
    expect(judgeRollout(atStep(1), plan, evidence, late - 1)[1].what).toBe('waits');
    const [held, { what, why }] = judgeRollout(atStep(1), plan, evidence, late);
    expect(what).toBe('paused');
    expect(why).toBe(
      'it cannot be told after 14 days: its branches were open for 2.0 hours since, 16 must be',
    );
    const resumed = resumeRollout(held, late)!;
    expect(judgeRollout(resumed, plan, evidence, late + 86_400)[1].what).toBe('waits');
  });

  it('is paused, let go on and undone by hand where that can be', () => {
    const rolling = atStep(1);
    const held = pauseRollout(rolling)!;
    expect(held).toEqual({ ...rolling, phase: 'held' });
    expect(pauseRollout(held)).toBeUndefined();
    expect(resumeRollout(rolling, at)).toBeUndefined();
    expect(judgeRollout(held, plan, goodEvidence(), at)[0]).toEqual(held);
    const undone = undoRollout(held)!;
    expect([undone.phase, shareOfStep(undone, plan)]).toEqual(['undone', 0]);
    expect(undoRollout(undone)).toBeUndefined();
  });

  it('goes on the same when it is killed after each look and begins with what was written', () => {
    const anyEvidence = fc
      .record({
        met: fc.integer({ min: 20, max: 40 }),
        hours: fc.integer({ min: 0, max: 80 }),
        silent: fc.integer({ min: 0, max: 4 }),
      })
      .map(({ met, hours, silent }) => ({
        ...withFigure('inTime', even(hours, met, 40)),
        silent,
        openHours: hours,
      }));
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 12 }), (told) => {
        let [one, other] = [beginRollout(at), beginRollout(at)];
        for (const [i, evidence] of told.entries()) {
          const [next, said] = judgeRollout(one, plan, evidence, at + i * 3_600);
          const [again, saidAgain] = judgeRollout(other, plan, structuredClone(evidence), at + i * 3_600);
          expect(saidAgain).toEqual(said);
          expect(again).toEqual(next);
          one = next;
          other = JSON.parse(JSON.stringify(again)) as RolloutState;
        }
      }),
    );
    // Control: one that begins anew stands elsewhere.
    const [next] = judgeRollout(beginRollout(at), plan, goodEvidence(), at);
    expect(next).not.toEqual(beginRollout(at));
  });

  it('seldom takes chance for a fall in three branches that are looked at each hour, and finds a real one', () => {
    const days = (fall: number, seed: number) => {
      const roll = diceOf(seed);
      const before = hoursOf(roll, 3 * 40, 0.9);
      const others = { before: hoursOf(roll, 300, 0.9), since: hoursOf(roll, 200, 0.9) };
      let since = noSums;
      let wouldHave = false;
      for (let hour = 1; hour <= 16; hour += 1) {
        const more = hoursOf(roll, 3, 0.9 - fall);
        since = Object.fromEntries(
          Object.entries(since).map(([key, value]) => [key, value + more[key as keyof Sums]]),
        ) as unknown as Sums;
        const good = goodEvidence({ openHours: hour });
        const evidence = { ...good, figures: { ...good.figures, inTime: { before, since, others } } };
        const change = changeOf({ before, since, others }, 'share');
        // Control: one error would do, and no bound.
        wouldHave ||= -change.by > change.error;
        const [next] = judgeRollout(atStep(1), plan, evidence, at);
        if (next.phase === 'undone') return { what: 'undone', wouldHave };
        if (next.step === 2) return { what: 'advanced', wouldHave };
      }
      return { what: 'waits', wouldHave };
    };
    const all = (fall: number) => Array.from({ length: 120 }, (_, i) => days(fall, 7_919 * (i + 1)));
    const share = (of: ReturnType<typeof all>, is: (one: ReturnType<typeof days>) => boolean) =>
      of.filter(is).length / of.length;
    const nothing = all(0);
    expect(share(nothing, ({ what }) => what === 'undone')).toBeLessThan(0.01);
    expect(share(nothing, ({ what }) => what === 'advanced')).toBeGreaterThan(0.9);
    expect(share(nothing, ({ wouldHave }) => wouldHave)).toBeGreaterThan(0.3);
    expect(share(all(0.12), ({ what }) => what === 'undone')).toBeGreaterThan(0.95);
    // One that is just beyond the bound is seldom let through.
    expect(share(all(0.06), ({ what }) => what === 'advanced')).toBeLessThan(0.05);
  });
});
