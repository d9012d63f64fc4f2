import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/core/behaviours/behaviour.ts';
import { decide, noPrompts, type PromptNews, promptDefaults } from '../../../src/core/prompts/decide.ts';
import { type Answer, type Receipt, roles, type WearerRole } from '../../../src/core/prompts/kinds.ts';
import type { Later, PromptChange, Verdict } from '../../../src/core/prompts/prompt.ts';
import {
  type DutySaid,
  hearDuty,
  hearFrom,
  isNobodyOnDuty,
  lostSeconds,
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
  readonly laters: Later[] = [];

  at(at: number, news: PromptNews = {}, happenings: readonly Happening[] = []) {
    const scene = { at, visits: guests, happenings, queues: [] };
    const [state, verdicts, changes, laters] = decide(this.state, scene, news, settings);
    this.state = state;
    this.laters.push(...laters);
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

  it('is no known one while all are off duty: it is for who listens without ever having said that they are', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.off(1, 'm1');
    expect(branch.arrive(2, 'v1')).toEqual([]);
    expect(branch.state.open[0]).not.toHaveProperty('to');
    expect(isNobodyOnDuty(branch.state.wearers, 2)).toBe(true);
  });

  it('is no known one while only the branch head is there, who is called when nobody takes it', () => {
    const branch = new Branch();
    branch.on(0, 'h1');
    expect(branch.arrive(1, 'v1')).toEqual([]);
    expect(isNobodyOnDuty(branch.state.wearers, 1)).toBe(false);
    expect(branch.at(21).map(told)).toEqual(['passed-on raised h1']);
  });

  it('bears no more from those who listen than a wrist would', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.off(1, 'm1');
    const heard = Array.from({ length: 8 }, (_, i) => {
      const to = branch.arrive(10 * i + 2, `v${i + 1}`);
      branch.tap(10 * i + 3, 'plain-client', 'met', branch.state.open.at(-1)?.id ?? 'none');
      return to;
    });
    expect(heard.filter(Array.isArray)).toHaveLength(settings.budget - 1);
    expect(heard.at(-1)).toBe('budget');
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

describe('When every wrist has had enough', () => {
  /** Five greetings, each met at once. */
  function spent() {
    const branch = new Branch();
    branch.on(0, 'm1');
    for (let i = 1; i <= 5; i++) {
      branch.arrive(10 * i, `v${i}`);
      branch.tap(10 * i + 1, 'm1', 'met');
    }
    return branch;
  }

  it('a newcomer is shown on the wrist without a buzz, and who comes next joins them', () => {
    const branch = spent();
    expect(branch.arrive(60, 'v6')).toBe('budget');
    expect(branch.changes.at(-1)).toMatchObject({
      kind: 'listed',
      prompt: { kind: 'greet', people: 1, watches: ['m1'], silent: true },
    });
    expect(branch.verdicts.at(-1)!.decision).toMatchObject({ prompt: branch.state.open[0]!.id });
    expect(branch.arrive(65, 'v7')).toBe('merged');
    expect(branch.changes.at(-1)).toMatchObject({ kind: 'listed', prompt: { people: 2 } });
    expect(branch.state.wearers.wearers[0]!.allowance.buzzedAt).toHaveLength(5);
  });

  it('who is shown in silence and taken by who looked is not told of with a buzz as well', () => {
    const branch = spent();
    branch.arrive(560, 'v6');
    branch.tap(565, 'm1', 'accepted');
    expect(branch.laters).toMatchObject([{ visit: 'v6', end: 'told-otherwise' }]);
    expect(branch.at(612)).toEqual([]);
  });

  it('what is shown in silence calls nobody else', () => {
    const branch = spent();
    branch.arrive(60, 'v6');
    expect(branch.on(61, 'h1')).toEqual([]);
    expect(branch.at(82)).toEqual([]);
  });

  it('they are told of with a buzz, all in one, as soon as there is some allowance', () => {
    const branch = spent();
    branch.arrive(560, 'v6');
    branch.arrive(570, 'v7');
    expect(branch.at(609.9)).toEqual([]);
    expect(branch.at(610).map(told)).toEqual(['state withdrawn m1 merged', 'raised raised m1']);
    expect(branch.state.open[0]).toMatchObject({ place: 'hall', people: 2, waitedSeconds: 50 });
    expect(branch.laters).toMatchObject([
      { visit: 'v6', was: 'owed', end: 'told', waitedSeconds: 50, prompt: branch.state.open[0]!.id },
      { visit: 'v7', was: 'owed', end: 'told', waitedSeconds: 40, prompt: branch.state.open[0]!.id },
    ]);
  });

  it('who cannot be told of in time has their reason: nothing is withheld without one', () => {
    const branch = spent();
    branch.arrive(60, 'v6');
    branch.at(150);
    expect(branch.laters).toEqual([]);
    branch.at(150.1);
    expect(branch.laters).toMatchObject([{ visit: 'v6', kind: 'greet', was: 'owed', end: 'too-late' }]);
  });

  it('three who wait are told of at once, though the bucket is empty, and not to the last of the six', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    // Spaced so that the bucket is empty and ten minutes hold few.
    for (let i = 1; i <= 5; i++) {
      branch.arrive(210 * i, `v${i}`);
      branch.tap(210 * i + 1, 'm1', 'met');
    }
    const { allowance } = branch.state.wearers.wearers[0]!;
    branch.state = {
      ...branch.state,
      wearers: {
        ...branch.state.wearers,
        wearers: [{ ...branch.state.wearers.wearers[0]!, allowance: { ...allowance, spent: 6 } }],
      },
    };
    expect(branch.arrive(1060, 'v6')).toBe('budget');
    branch.arrive(1061, 'v7');
    branch.arrive(1062, 'v8');
    const last = branch.changes.slice(-2);
    expect(last.map(told)).toEqual(['state withdrawn m1 merged', 'raised raised m1']);
    expect(last[1]!.prompt).toMatchObject({ people: 3, visits: ['v6', 'v7', 'v8'] });
  });

  it('who comes in where somebody is just on the way to is theirs too', () => {
    const branch = spent();
    branch.arrive(651, 'v6');
    branch.tap(653, 'm1', 'accepted');
    expect(branch.arrive(660, 'v7')).toBe('merged');
    expect(branch.state.open[0]).toMatchObject({ phase: 'accepted', people: 2 });
    // But not who comes in when they have long been there.
    expect(branch.arrive(690, 'v8')).toEqual(['m1']);
  });

  it('what stops being useful first has what little is left', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    for (let i = 1; i <= 4; i++) {
      branch.arrive(10 * i, `v${i}`);
      branch.tap(10 * i + 1, 'm1', 'met');
    }
    const base = { at: 60, role: 'customer', plane: 'floor' } as const;
    branch.at(60, {}, [
      { ...base, kind: 'divert', zone: 'cash', towards: 'atm' },
      { ...base, kind: 'arrived', visit: 'v5', zone: 'main-door' },
    ]);
    expect(
      branch.verdicts.slice(-2).map(({ happening, decision }) => [happening.kind, decision.kind]),
    ).toEqual([
      ['divert', 'silence'],
      ['arrived', 'prompt'],
    ]);
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

  it('hands over all that was on the wrist with one buzz: the most pressing as a call, the rest beside it', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.arrive(1, 'v1');
    branch.tap(2, 'm1', 'accepted');
    branch.happen(3, { kind: 'wandering', visit: 'v2' });
    branch.happen(4, { kind: 'divert', zone: 'cash', towards: 'atm' });
    expect(branch.off(20, 'm1').map(told)).toEqual(['state raised m1 off-duty']);
    // The next shift comes a little later.
    const handed = branch.on(30, 'd1');
    expect(handed.map(({ kind, prompt }) => [kind, prompt.kind])).toEqual([
      ['passed-on', 'greet'],
      ['listed', 'approach'],
      ['listed', 'divert'],
    ]);
    expect(branch.state.open.every(({ watches }) => watches?.join() === 'm1,d1')).toBe(true);
    expect(branch.state.wearers.wearers.find(({ watch }) => watch === 'd1')!.allowance.buzzedAt).toEqual([
      30,
    ]);
    // Who comes back is not told again.
    expect(branch.on(31, 'm1')).toEqual([]);
    branch.off(32, 'd1');
    expect(branch.on(33, 'd1')).toEqual([]);
  });

  it('hands over nothing whose time is over', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.arrive(1, 'v1');
    branch.off(2, 'm1');
    expect(branch.on(1 + settings.usefulSeconds.greet, 'd1').map(told)).toEqual([
      'state expired m1 too-late',
    ]);
  });

  it('by a lost link is not going home: for a minute what they had taken stays theirs', () => {
    const branch = new Branch();
    branch.on(0, 'm1', 'd1');
    branch.arrive(1, 'v1');
    branch.tap(2, 'm1', 'accepted');
    const lost = { watch: 'm1', role: 'manager', onDuty: false, lost: true } as const;
    expect(branch.duty(3, lost)).toEqual([]);
    // What is new goes to whoever can be reached.
    expect(branch.arrive(4, 'v2')).toEqual(['d1']);
    branch.tap(5, 'd1', 'met', branch.state.open[1]!.id);
    expect(branch.on(40, 'm1')).toEqual([]);
    expect(branch.state.open[0]).toMatchObject({ phase: 'accepted', watch: 'm1' });
    // Longer is.
    branch.duty(41, lost);
    branch.state = { ...branch.state, open: branch.state.open.map((one) => ({ ...one, expiresAt: 500 })) };
    expect(branch.at(41 + lostSeconds - 0.1)).toEqual([]);
    expect(branch.at(41 + lostSeconds).map(told)).toEqual([
      'state raised m1 off-duty',
      'passed-on raised m1 d1',
    ]);
  });

  it('by a lost link leaves somebody on duty for a minute, and a tap does not', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    const lost = { watch: 'm1', role: 'manager', onDuty: false, lost: true } as const;
    branch.duty(1, lost);
    expect(isNobodyOnDuty(branch.state.wearers, 2)).toBe(false);
    expect(isNobodyOnDuty(branch.state.wearers, 1 + lostSeconds)).toBe(true);
    branch.on(3, 'm1');
    branch.off(4, 'm1');
    // The last will of the same watch, a moment later, says nothing new.
    branch.duty(5, lost);
    expect(isNobodyOnDuty(branch.state.wearers, 5)).toBe(true);
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
    fc.record({ do: fc.constant('lost' as const), watch: fc.constantFrom(...watches) }),
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
            : one.do === 'lost'
              ? branch.duty(now, { watch: one.watch, role: roleOf(one.watch), onDuty: false, lost: true })
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

  it('invented names do not keep out who is there, and never who has answered', () => {
    const branch = new Branch();
    branch.on(0, 'm1');
    branch.arrive(1, 'v1');
    branch.tap(2, 'm1', 'delivered');
    for (let i = 0; i < 100; i++) branch.on(10 + i, `m-invented-${i}`);
    const names = () => branch.state.wearers.wearers.map(({ watch }) => watch);
    expect(names()).toHaveLength(mostWearers);
    expect(names()).toContain('m1');
    // One who comes on duty in the midst of it is taken in, and stays once they have shown what they got.
    branch.on(120, 'm2');
    expect(names()).toContain('m2');
    branch.arrive(121, 'v2');
    branch.tap(122, 'm2', 'seen', branch.state.open.at(-1)!.id);
    for (let i = 0; i < 100; i++) branch.on(130 + i, `d-invented-${i}`);
    expect(names()).toEqual(expect.arrayContaining(['m1', 'm2']));
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
