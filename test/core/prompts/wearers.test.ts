import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/core/behaviours/behaviour.ts';
import { decide, noPrompts, type PromptNews, promptDefaults } from '../../../src/core/prompts/decide.ts';
import { type Answer, type Receipt, roles, type WearerRole } from '../../../src/core/prompts/kinds.ts';
import type { PromptChange, Verdict } from '../../../src/core/prompts/prompt.ts';
import {
  type DutySaid,
  hearDuty,
  hearFrom,
  mostWearers,
  noWearers,
  type WearerState,
} from '../../../src/core/prompts/wearers.ts';
import type { Visit } from '../../../src/core/visits/visit.ts';

const guest = (id: string): Visit => ({
  id,
  plane: 'floor',
  role: 'customer',
  phase: 'inside',
  sightings: [],
  at: { x: 0, y: 0 },
  velocity: { x: 0, y: 0 },
  unit: 1,
  bornAt: 0,
  bornWhere: { x: 0, y: 0 },
  seenAt: 0,
  seenBy: 'hall',
  arrivedAt: 0,
  path: [],
});
const guests = Array.from({ length: 40 }, (_, i) => guest(`v${i + 1}`));
const settings = { ...promptDefaults, mergeSeconds: 0 };
const roleOf = (watch: string): WearerRole =>
  watch.startsWith('m') ? 'manager' : watch.startsWith('d') ? 'deputy' : 'branch-head';

/** A branch with its wearers; watches are called `m1`, `d1`, `h1` by their role. */
class Branch {
  state = noPrompts(1);
  readonly verdicts: Verdict[] = [];
  readonly changes: PromptChange[] = [];

  at(at: number, news: PromptNews = {}, happenings: readonly Happening[] = []) {
    const scene = { at, visits: guests, happenings, queues: [] };
    const [state, verdicts, changes] = decide(this.state, scene, news, settings);
    this.state = state;
    this.verdicts.push(...verdicts);
    this.changes.push(...changes);
    return changes;
  }
  on(at: number, ...watches: string[]) {
    return watches.flatMap((watch) => this.duty(at, { watch, role: roleOf(watch), onDuty: true }));
  }
  off(at: number, watch: string) {
    return this.duty(at, { watch, role: roleOf(watch), onDuty: false });
  }
  duty(at: number, duty: DutySaid) {
    return this.at(at, { duty });
  }
  tap(at: number, watch: string, answer: Answer | Receipt, id = this.state.open[0]?.id ?? 'none') {
    return this.at(at, { answers: [{ id, answer, role: roleOf(watch), watch }] });
  }
  /** Somebody arrives; whose wrists hear of it, or why nobody's. */
  arrive(at: number, visit: string): readonly string[] | string | undefined {
    return this.happen(at, { visit, kind: 'arrived', zone: 'main-door' });
  }
  happen(at: number, what: Partial<Happening> & Pick<Happening, 'kind'>) {
    this.at(at, {}, [{ at, role: 'customer', plane: 'floor', ...what }]);
    const { decision } = this.verdicts.at(-1)!;
    return decision.kind === 'silence' ? decision.reason : this.state.open.at(-1)!.watches;
  }
}

const told = ({ kind, prompt, reason }: PromptChange) =>
  [kind, prompt.phase, ...(prompt.watches ?? []), ...(reason === undefined ? [] : [reason])].join(' ');

describe('Whose wrist a prompt goes to', () => {
  it('is everybody who listens while no watch has said that it is on duty', () => {
    const branch = new Branch();
    expect(branch.arrive(1, 'v1')).toBeUndefined();
    expect(branch.state.open[0]).not.toHaveProperty('to');
  });

  it('is the manager', () => {
    const branch = new Branch();
    branch.on(0, 'd1', 'm1', 'h1');
    expect(branch.arrive(1, 'v1')).toEqual(['m1']);
    expect(branch.state.open[0]!.to).toEqual(['manager']);
  });

  it('is both managers, and the first tap takes it', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'm2');
    expect(branch.arrive(1, 'v1')).toEqual(['m1', 'm2']);
    branch.tap(2, 'm2', 'accepted');
    expect(branch.tap(3, 'm1', 'accepted').map(told)).toEqual(['state accepted m1 m2 answered']);
    expect(branch.state.open[0]).toMatchObject({ by: 'manager', watch: 'm2' });
  });

  it('is the deputy while the manager is on the way to somebody, and the manager again when both are', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'd1');
    branch.arrive(1, 'v1');
    branch.tap(2, 'm1', 'accepted');
    expect(branch.arrive(3, 'v2')).toEqual(['d1']);
    branch.tap(4, 'd1', 'accepted', branch.state.open[1]!.id);
    expect(branch.arrive(5, 'v3')).toEqual(['m1']);
  });

  it('is nobody while all are off duty, and the reason says so', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.off(1, 'm1');
    expect(branch.arrive(2, 'v1')).toBe('no-wearer');
  });

  it('is not one who asked for quiet, until the time is over; a call comes through', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.duty(1, { watch: 'm1', role: 'manager', onDuty: true, quietSeconds: 600 });
    expect(branch.arrive(2, 'v1')).toBe('no-wearer');
    expect(branch.happen(3, { kind: 'unattended' })).toEqual(['m1']);
    expect(branch.arrive(601, 'v2')).toEqual(['m1']);
  });

  it('is the manager and the deputy together when nobody attends to the hall, and the branch head alone when it is crowded', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'd1', 'h1');
    expect(branch.happen(1, { kind: 'unattended' })).toEqual(['d1', 'm1']);
    expect(branch.happen(2, { kind: 'crowded' })).toEqual(['h1']);
  });

  it('is nobody outside opening hours', () => {
    const branch = new Branch();
    branch.at(0, { isOpen: false });
    expect(branch.arrive(1, 'v1')).toBe('closed');
    branch.at(2, { isOpen: true });
    expect(branch.arrive(3, 'v2')).toBeUndefined();
  });

  it('is another when one wrist has had enough', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'd1');
    const heard = Array.from({ length: 12 }, (_, i) => {
      const to = branch.arrive(10 * i, `v${i + 1}`);
      branch.tap(10 * i + 1, 'm1', 'met', branch.state.open.at(-1)?.id ?? 'none');
      return Array.isArray(to) ? to.join() : to;
    });
    expect(heard).toEqual([...Array(5).fill('m1'), ...Array(5).fill('d1'), 'budget', 'budget']);
  });
});

describe('A prompt nobody takes', () => {
  it('is passed on to the deputy as a call, then to the branch head, and is told to no wrist twice', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'd1', 'h1');
    branch.happen(1, { kind: 'unattended' });
    branch.happen(2, { kind: 'arrived', visit: 'v1', zone: 'main-door' });
    expect(branch.at(21).map(told)).toEqual(['passed-on raised d1 m1 h1']);
    expect(branch.at(22).map(told)).toEqual(['passed-on raised m1 d1']);
    expect(branch.state.open[1]).toMatchObject({
      passedOn: { role: 'deputy', at: 22 },
      to: ['manager', 'deputy'],
      haptic: 'call',
    });
    expect(branch.at(42).map(told)).toEqual(['passed-on raised m1 d1 h1']);
    expect(branch.at(46.9)).toEqual([]);
  });

  it('stays where it is once somebody has taken it, or where there is nobody else', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.arrive(1, 'v1');
    expect(branch.at(30)).toEqual([]);
    branch.on(31, 'd1');
    expect(branch.at(32).map(told)).toEqual([]);
  });

  it('is not passed on when it is a goodbye, which nobody beside the wearer is to notice', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'd1');
    branch.happen(1, { kind: 'farewell', visit: 'v1', zone: 'vip' });
    expect(branch.at(22)).toEqual([]);
  });
});

describe('Going off duty', () => {
  it('opens again what the wearer had taken, for whoever is there', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'd1');
    branch.arrive(1, 'v1');
    branch.tap(2, 'm1', 'accepted');
    expect(branch.off(3, 'm1').map(told)).toEqual(['state raised m1 off-duty', 'passed-on raised m1 d1']);
  });

  it('leaves what another has taken', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'm2');
    branch.arrive(1, 'v1');
    branch.tap(2, 'm2', 'accepted');
    expect(branch.off(3, 'm1')).toEqual([]);
  });

  it('leaves a prompt for whoever comes next, if nobody is there', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.arrive(1, 'v1');
    expect(branch.off(2, 'm1')).toEqual([]);
    expect(branch.on(3, 'd1').map(told)).toEqual(['passed-on raised m1 d1']);
  });

  it('and on again is no way to more buzzes', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    const heard = Array.from({ length: 8 }, (_, i) => {
      branch.off(10 * i, 'm1');
      branch.on(10 * i + 1, 'm1');
      const to = branch.arrive(10 * i + 2, `v${i + 1}`);
      branch.tap(10 * i + 3, 'm1', 'met', branch.state.open.at(-1)?.id ?? 'none');
      return to;
    });
    expect(heard.filter(Array.isArray)).toHaveLength(settings.budget - 1);
  });
});

describe('What a watch says by itself', () => {
  it('is told of the first wrist it comes to, and of the first that shows it', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'm2');
    branch.arrive(1, 'v1');
    expect(branch.tap(2, 'm1', 'delivered').map(told)).toEqual(['reached delivered m1 m2']);
    expect(branch.tap(3, 'm2', 'delivered')).toEqual([]);
    expect(branch.tap(4, 'm2', 'seen').map(told)).toEqual(['reached seen m1 m2']);
    expect(branch.tap(5, 'm1', 'seen')).toEqual([]);
    expect(branch.tap(6, 'm1', 'seen')).toEqual([]);
    expect(branch.state.open[0]!.reached).toEqual([
      { watch: 'm1', deliveredAt: 2, seenAt: 5 },
      { watch: 'm2', deliveredAt: 3, seenAt: 4 },
    ]);
  });

  it('changes nothing about who has taken it; what is given back is as seen as it was', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.arrive(1, 'v1');
    branch.tap(2, 'm1', 'seen');
    branch.tap(3, 'm1', 'accepted');
    expect(branch.tap(4, 'm1', 'delivered')).toEqual([]);
    expect(branch.state.open[0]!.phase).toBe('accepted');
    expect(branch.tap(5, 'm1', 'undo').map(told)).toEqual(['state seen m1 answered']);
  });
});

describe('Whatever wearers do', () => {
  const watches = ['m1', 'm2', 'd1', 'h1'];
  const deed = fc.oneof(
    fc.record({ do: fc.constant('on' as const), watch: fc.constantFrom(...watches) }),
    fc.record({ do: fc.constant('off' as const), watch: fc.constantFrom(...watches) }),
    fc.record({
      do: fc.constant('tap' as const),
      watch: fc.constantFrom(...watches),
      answer: fc.constantFrom('accepted', 'met', 'undo', 'not-needed', 'delivered', 'seen') as fc.Arbitrary<
        Answer | Receipt
      >,
      which: fc.nat(3),
    }),
    fc.record({
      do: fc.constant('happen' as const),
      kind: fc.constantFrom('arrived', 'wandering', 'unattended', 'patrol', 'crowded') as fc.Arbitrary<
        Happening['kind']
      >,
      visit: fc.constantFrom(...guests.map(({ id }) => id)),
    }),
    fc.record({ do: fc.constant('wait' as const) }),
  );
  const day = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), deed), { maxLength: 80 });

  function spend(deeds: typeof day extends fc.Arbitrary<infer D> ? D : never) {
    const branch = new Branch();
    const buzzes: { watch: string; at: number; id: string }[] = [];
    let now = 0;
    for (const [after, one] of deeds) {
      now += after;
      const on = () => branch.state.wearers.wearers.filter((w) => w.onDuty).map((w) => w.watch);
      const before = new Map(branch.state.open.map((prompt) => [prompt.id, prompt.watches ?? []]));
      const changes =
        one.do === 'on'
          ? branch.on(now, one.watch)
          : one.do === 'off'
            ? branch.off(now, one.watch)
            : one.do === 'tap'
              ? branch.tap(now, one.watch, one.answer, branch.state.open[one.which]?.id ?? 'none')
              : one.do === 'wait'
                ? branch.at(now)
                : branch.at(now, {}, [
                    {
                      at: now,
                      role: 'customer',
                      plane: 'floor',
                      kind: one.kind,
                      visit: one.visit,
                      zone: 'main-door',
                    },
                  ]);
      for (const { kind, prompt } of changes) {
        if (kind !== 'raised' && kind !== 'passed-on') continue;
        for (const watch of prompt.watches ?? []) {
          if (before.get(prompt.id)?.includes(watch)) continue;
          expect(on()).toContain(watch);
          buzzes.push({ watch, at: now, id: prompt.id });
        }
        before.set(prompt.id, prompt.watches ?? []);
      }
    }
    return { branch, buzzes };
  }

  it('no wrist is disturbed more often than its budget in any stretch, nor twice by one prompt', () => {
    fc.assert(
      fc.property(day, (deeds) => {
        const { buzzes } = spend(deeds);
        expect(new Set(buzzes.map(({ watch, id }) => `${watch} ${id}`)).size).toBe(buzzes.length);
        for (const { watch, at } of buzzes) {
          const within = buzzes.filter(
            (one) => one.watch === watch && one.at >= at && one.at < at + settings.budgetSeconds,
          );
          expect(within.length).toBeLessThanOrEqual(settings.budget);
        }
      }),
    );
  });

  it('what is remembered of them is plain data, and bounded', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), fc.boolean()), { maxLength: 200 }), (said) => {
        const branch = new Branch();
        for (const [i, [number, onDuty]] of said.entries()) {
          branch.duty(i, { watch: `w${number}`, role: roles[number % 3]!, onDuty });
          expect(branch.state.wearers.wearers.length).toBeLessThanOrEqual(mostWearers);
        }
        expect(JSON.parse(JSON.stringify(branch.state))).toEqual(branch.state);
      }),
    );
  });
});

describe('More watches than can be known', () => {
  const on = (watch: string): DutySaid => ({ watch, role: 'manager', onDuty: true });
  const budget = { budget: 6, sustained: 2, budgetSeconds: 600 };
  const full = Array.from({ length: mostWearers }, (_, i) => `made-up-${String(i).padStart(2, '0')}`).reduce(
    (state, watch, i) => hearDuty(state, on(watch), i / 10, budget),
    noWearers,
  );
  const names = ({ wearers }: WearerState) => wearers.map(({ watch }) => watch);

  it('leave room for one that comes: the last of those that never answered makes it', () => {
    const after = hearDuty(full, on('w-1'), 20, budget);
    expect(names(after)).toHaveLength(mostWearers);
    expect(names(after)).toContain('w-1');
    expect(names(after)).not.toContain('made-up-15');
  });

  it('change places one in ten seconds at most: a flood of names goes through slowly', () => {
    let state = full;
    for (let number = 0; number < 1_000; number += 1) {
      state = hearDuty(state, on(`flood-${number}`), 20 + number / 100, budget);
    }
    expect(names(state).filter((name) => name.startsWith('flood-'))).toEqual(['flood-0']);
  });

  it('do not take the place of one that has answered within half an hour', () => {
    let state = hearFrom(full, 'made-up-15', 10);
    for (let number = 0; number < 100; number += 1) {
      state = hearDuty(state, on(`flood-${number}`), 20 + 11 * number, budget);
    }
    // Nor that of one that was there before: they take each other's.
    expect(names(state)).toEqual(['flood-99', ...names(full).filter((name) => name !== 'made-up-14')]);
    const quiet = hearFrom(full, 'made-up-15', 10);
    expect(names(hearDuty(quiet, on('late'), 10 + 1_801, budget))).not.toContain('made-up-15');
  });

  it('are not taken in while all of them have answered', () => {
    const answered = names(full).reduce((state, watch) => hearFrom(state, watch, 10), full);
    expect(names(hearDuty(answered, on('w-1'), 60, budget))).toEqual(names(full));
  });
});
