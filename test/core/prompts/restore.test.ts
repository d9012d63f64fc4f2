import { describe, expect, it } from 'vitest';
import { decide, noPrompts, type PromptState, promptDefaults } from '../../../src/core/prompts/decide.ts';
import type { Prompt } from '../../../src/core/prompts/prompt.ts';
import { keepPrompts, longestLifeSeconds, restorePrompts } from '../../../src/core/prompts/restore.ts';
import { isNobodyOnDuty } from '../../../src/core/prompts/wearers.ts';
import type { Seconds } from '../../../src/core/units.ts';

const settings = promptDefaults;
const prompt = (changes: Partial<Prompt> = {}): Prompt => ({
  id: '01M84V9P2WRH2PTQ9PDXC76R4K',
  kind: 'greet',
  place: 'door',
  people: 2,
  urgency: 'now',
  haptic: 'arrival',
  reached: [{ watch: 'w-1', deliveredAt: 1_000 }],
  routedAt: 1_000,
  waitedSeconds: 0,
  raisedAt: 1_000,
  expiresAt: 1_045,
  phase: 'delivered',
  cause: 'arrived',
  visits: ['v1', 'v2'],
  met: ['v3'],
  watches: ['w-1'],
  to: ['manager'],
  ...changes,
});
const wearer = (watch: string, at: Seconds) => ({
  watch,
  role: 'manager' as const,
  onDuty: true,
  allowance: { spent: 2, at, buzzedAt: [at] },
});
const state = (...open: readonly Prompt[]): PromptState => ({
  ...noPrompts(7),
  open,
  said: [{ visit: 'v1', kind: 'greet' }],
  asked: [{ kind: 'divert', zone: 'cash', at: 990 }],
  deferred: [{ visit: 'v4', kind: 'greet', place: 'door', cause: 'arrived', since: 999 }],
  owed: [{ visit: 'v5', kind: 'greet', place: 'door', since: 999 }],
  wearers: {
    known: true,
    wearers: [wearer('w-1', 1_000)],
    everybody: { spent: 0, at: 0, buzzedAt: [] },
  },
  isClosed: true,
  letGo: 3,
});
/** As it would be read again. */
const kept = (of: PromptState) =>
  JSON.parse(JSON.stringify(keepPrompts(of))) as ReturnType<typeof keepPrompts>;
const empty = (at: Seconds) => ({ at, visits: [], happenings: [], queues: [] });

describe('Prompts over a restart', () => {
  it('are kept without a word of who they are about', () => {
    expect(JSON.stringify(kept(state(prompt())))).not.toMatch(/visit|"v\d"|met/);
  });

  it('are open as before, with who wears a watch, what was asked, whether it is closed, and the seed', () => {
    const [after, changes] = restorePrompts(kept(state(prompt())), 1_010, 1_020, settings);
    expect(changes).toEqual([]);
    const before = state(prompt({ visits: [], met: [] }));
    expect(after).toEqual({ ...before, said: [], deferred: [], owed: [], letGo: 0 });
  });

  it('know who had lost their link, and what is shown in silence', () => {
    const lost = {
      ...wearer('w-1', 1_000),
      onDuty: false,
      lostAt: 1_005,
      heardAt: 1_005,
    };
    const silent = prompt({ silent: true, phase: 'raised', reached: [] });
    const before = { ...state(silent), wearers: { ...state().wearers, wearers: [lost] } };
    const [after] = restorePrompts(kept(before), 1_010, 1_020, settings);
    expect(after.wearers.wearers).toEqual([lost]);
    expect(after.open[0]!.silent).toBe(true);
    expect(isNobodyOnDuty(after.wearers, 1_020)).toBe(false);
    expect(isNobodyOnDuty(after.wearers, 1_070)).toBe(true);
    // Whoever comes on duty next has it.
    const news = { duty: { watch: 'w-2', role: 'deputy', onDuty: true } } as const;
    expect(decide(after, empty(1_030), news, settings)[2]).toMatchObject([
      { kind: 'passed-on', prompt: { watches: ['w-1', 'w-2'] } },
    ]);
  });

  it('live by answers', () => {
    const [after] = restorePrompts(kept(state(prompt())), 1_010, 1_020, settings);
    const given = { id: prompt().id, role: 'manager', watch: 'w-1' } as const;
    const [taken, , told] = decide(
      after,
      empty(1_021),
      { answers: [{ ...given, answer: 'accepted' }] },
      settings,
    );
    expect(told).toMatchObject([{ kind: 'state', prompt: { phase: 'accepted', watch: 'w-1' } }]);
    const [done, , last] = decide(taken, empty(1_022), { answers: [{ ...given, answer: 'met' }] }, settings);
    expect(last).toMatchObject([{ prompt: { phase: 'met' } }]);
    expect(done.open).toEqual([]);
  });

  it('live by time', () => {
    const [after] = restorePrompts(kept(state(prompt())), 1_010, 1_020, settings);
    expect(decide(after, empty(1_044), {}, settings)[0].open).toHaveLength(1);
    const [, , told] = decide(after, empty(1_045), {}, settings);
    expect(told).toMatchObject([{ kind: 'state', reason: 'too-late', prompt: { phase: 'expired' } }]);
  });

  it('that ended by lapse meanwhile have expired; one that was taken has twice its time', () => {
    const taken = prompt({
      id: '01M84V9P2WRH2PTQ9PDXC76R4M',
      phase: 'accepted',
      by: 'manager',
      watch: 'w-1',
    });
    const [after, changes] = restorePrompts(kept(state(prompt(), taken)), 1_010, 1_050, settings);
    expect(after.open.map(({ id }) => id)).toEqual([taken.id]);
    expect(changes).toMatchObject([
      { at: 1_050, kind: 'state', reason: 'too-late', prompt: { id: prompt().id, phase: 'expired' } },
    ]);
    expect(restorePrompts(kept(state(taken)), 1_010, 1_090, settings)[0].open).toEqual([]);
  });

  it('of longer ago than any lives are another day: all have expired, and nobody is known to wear a watch', () => {
    const longest = longestLifeSeconds(settings);
    expect(longest).toBe(1_200);
    const machine = prompt({ kind: 'check-machine', expiresAt: 5_000 });
    const [today] = restorePrompts(kept(state(machine)), 1_010, 1_010 + longest, settings);
    expect(today).toMatchObject({ open: [{ id: machine.id }], isClosed: true, wearers: { known: true } });
    const [after, changes] = restorePrompts(kept(state(machine)), 1_010, 1_011 + longest, settings);
    expect(after).toEqual(noPrompts(7));
    expect(changes).toHaveLength(1);
  });

  it('from a clock that was ahead have expired: when they will have is not known', () => {
    const [after, changes] = restorePrompts(kept(state(prompt())), 1_010, 900, settings);
    expect(after).toEqual(noPrompts(7));
    expect(changes).toMatchObject([{ at: 900, prompt: { phase: 'expired' } }]);
    expect(restorePrompts(kept(state(prompt())), 1_010, 1_008, settings)[0].open).toHaveLength(1);
  });

  it('are not joined by who comes in now: nobody would know when all of them have gone', () => {
    const greeting = prompt({ raisedAt: 1_019, expiresAt: 1_060, watches: undefined as never });
    const before = { ...state(greeting), wearers: noPrompts(1).wearers };
    const { isClosed: _, ...openNow } = before;
    const scene = {
      at: 1_020,
      queues: [],
      visits: [],
      happenings: [
        { at: 1_020, kind: 'arrived', visit: 'v1', role: 'customer', zone: 'door', plane: 'floor' } as const,
      ],
    };
    const [restored] = restorePrompts(kept(openNow), 1_019, 1_020, settings);
    expect(decide(restored, scene, {}, settings)[2].map(({ kind }) => kind)).toEqual(['raised']);
    // Control: one whose customers are known is.
    expect(decide(openNow, scene, {}, settings)[2].map(({ kind }) => kind)).toEqual(['grew']);
  });
});
