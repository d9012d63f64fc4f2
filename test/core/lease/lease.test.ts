import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginLease,
  giveBack,
  hearLease,
  type LeaseSaid,
  type LeaseState,
  leaseRules,
  linkLease,
  mayDecide,
  passTime,
} from '../../../src/core/lease/lease.ts';
import { playBranch, type Trouble, type Wrong } from './branch-of-deciders.ts';

/** With room between the numbers, to be read easily. */
const rules = { forSeconds: 1.5, renewEverySeconds: 0.4, silenceSeconds: 1.8, driftShare: 0.01 };

/** A box whose link stands since 0 and that has claimed what nobody had: what it said, and its state. */
function claimed(run: string, at: number): [LeaseState, LeaseSaid] {
  const [state, said] = passTime(linkLease(beginLease(run), 0, true), at, rules, 100);
  return [state, said!];
}

describe('The lease by which one box decides', () => {
  it('is asked for once nobody was heard for a while, and held once that has come back', () => {
    const linked = linkLease(beginLease('a'), 0, true);
    expect(passTime(linked, 1.7, rules, 100)[1]).toBeUndefined();
    const [asked, said] = passTime(linked, 1.8, rules, 100);
    expect(said).toMatchObject({ term: 100, run: 'a', isClaim: true });
    expect(mayDecide(asked, 1.8)).toBe(false);
    const held = hearLease(asked, said!, 1.85, rules);
    expect(mayDecide(held, 1.85)).toBe(true);
    // It counts from when it was sent, and not from when it came back.
    expect(mayDecide(held, 3.29)).toBe(true);
    expect(mayDecide(held, 3.3)).toBe(false);
  });

  it('goes to the first of two who ask for one term, as the broker has them in order', () => {
    const [a, byA] = claimed('a', 1.8);
    const [b, byB] = claimed('b', 1.8);
    const heard = (state: LeaseState) =>
      [byA, byB].reduce((one, said) => hearLease(one, said, 1.9, rules), state);
    expect([heard(a).phase, heard(b).phase]).toEqual(['holds', 'follows']);
  });

  it('is over by its own clock though nobody said so, and a word that comes back too late does not bring it back', () => {
    const [a, said] = claimed('a', 1.8);
    const held = hearLease(a, said, 1.8, rules);
    const [renewing, again] = passTime(held, 3.2, rules, 100);
    expect(again).toMatchObject({ term: 100 });
    expect(mayDecide(hearLease(renewing, again!, 3.25, rules), 4)).toBe(true);
    const late = hearLease(renewing, again!, 3.4, rules);
    expect(mayDecide(late, 3.4)).toBe(false);
    expect(late.phase).toBe('follows');
  });

  it('ends at once where a newer term is heard of', () => {
    const [a, said] = claimed('a', 1.8);
    const held = hearLease(a, said, 1.8, rules);
    const other = hearLease(held, { term: 101, run: 'b', n: 1, isClaim: true }, 1.9, rules);
    expect(mayDecide(other, 1.9)).toBe(false);
    const older = hearLease(held, { term: 99, run: 'b', n: 1 }, 1.9, rules);
    expect(mayDecide(older, 1.9)).toBe(true);
    // Its own word is said again at once: the broker had kept the void one in its place.
    expect(passTime(older, 1.9, rules, 100)[1]).toMatchObject({ term: 100, run: 'a' });
  });

  it('is another one’s within two seconds of the last word, and at once after a goodbye', () => {
    const [a, said] = claimed('a', 1.8);
    const held = hearLease(a, said, 1.8, rules);
    const waiting = hearLease(linkLease(beginLease('b'), 0, true), said, 1.8, rules);
    expect(passTime(waiting, 3.5, rules, 100)[1]).toBeUndefined();
    expect(passTime(waiting, 3.6, rules, 100)[1]).toMatchObject({ term: 101, isClaim: true });
    const [gone, goodbye] = giveBack(held, 2);
    expect(mayDecide(gone, 2)).toBe(false);
    const freed = hearLease(waiting, goodbye!, 2.01, rules);
    const [asks, claim] = passTime(freed, 2.02, rules, 100);
    expect(claim).toMatchObject({ term: 101, isClaim: true });
    expect(mayDecide(hearLease(asks, claim!, 2.05, rules), 2.05)).toBe(true);
  });

  it('waits for the end of what another may still hold, however late its words came', () => {
    const linked = linkLease(beginLease('b'), 0, true);
    const [asks, claim] = passTime(linked, 5, rules, 200);
    // All that the other had said came at once, just before the own claim came back.
    const heard = hearLease(asks, { term: 100, run: 'a', n: 9 }, 5.1, rules);
    const won = hearLease(heard, claim!, 5.11, rules);
    expect(won.phase).toBe('holds');
    expect(mayDecide(won, 5.2)).toBe(false);
    expect(won.from).toBeCloseTo(5.1 + 1.5 * 1.01, 5);
  });
});

const quiet: Trouble = { pauses: 0, cuts: 0, restarts: 0, brokerRestarts: 0, mostDelay: 0.02 };
const rough: Trouble = { pauses: 0.1, cuts: 0.1, restarts: 0.05, brokerRestarts: 0.03, mostDelay: 0.3 };
/** Links on which a word takes as long as half a lease lasts, and back again. */
const sluggish: Trouble = { pauses: 0.03, cuts: 0.1, restarts: 0.02, brokerRestarts: 0.01, mostDelay: 0.9 };
const slow: Trouble = { ...sluggish, mostDelay: 0.5 };
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

describe('Boxes that compete for it, whatever happens between them', () => {
  it.each([
    ['two', 2, rough],
    ['three', 3, rough],
    ['two on links that stall', 2, sluggish],
    ['three on links that stall', 3, sluggish],
  ] as const)('%s: never do two decide at once, and terms only climb', (_, boxes, trouble) => {
    let moments = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const { both, terms, decided } = playBranch(seed, leaseRules, trouble, { boxes });
        moments += decided;
        expect(both).toBe(0);
        expect(terms).toEqual([...terms].sort((one, other) => one - other));
        expect(new Set(terms).size).toBe(terms.length);
      }),
      { numRuns: 40, seed: 36 },
    );
    expect(moments).toBeGreaterThan(5_000);
  });

  it('somebody decides all the time while nothing is wrong', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { terms, longestGap, decided } = playBranch(seed, leaseRules, quiet, { seconds: 30 });
        expect(decided).toBeGreaterThan(0);
        expect(terms).toHaveLength(1);
        expect(longestGap).toBeLessThan(0.2);
      }),
      { numRuns: 20, seed: 36 },
    );
  });

  it.each([
    ['believes-what-it-sent', sluggish],
    ['goes-by-no-clock', rough],
    ['waits-for-no-end', slow],
  ] as const)('control: where a box %s, two do decide at once', (wrong: Wrong, trouble) => {
    const both = Array.from(
      { length: 60 },
      (__, seed) => playBranch(seed + 1, leaseRules, trouble, { wrong, boxes: 3 }).both,
    );
    expect(both.some((times) => times > 0)).toBe(true);
  });
});
