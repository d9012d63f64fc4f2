import { describe, expect, it } from 'vitest';
import { type Hold, hold, level, notSo, turningFor } from '../../../src/core/behaviours/hold.ts';

const seconds = { after: 10, until: 3 };
/** What is believed at each moment of a claim told second by second. */
const believed = (claims: readonly (boolean | undefined)[]) => {
  let state: Hold = notSo;
  return claims.map((claim, at) => {
    state = hold(state, claim, at, seconds);
    return state.is;
  });
};
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('A claim', () => {
  it('is believed once it has been true for long enough', () => {
    const all = believed(times(12, true));
    expect(all.indexOf(true)).toBe(10);
  });

  it('is not believed if it was false in between', () => {
    expect(believed([...times(9, true), false, ...times(9, true)])).not.toContain(true);
  });

  it('may look different for a moment, and not for longer', () => {
    const at25 = (dip: number) => {
      let state: Hold = notSo;
      for (let n = 0; n <= 250; n++) {
        const isDip = n >= 100 && n < 100 + dip * 25;
        state = hold(state, !isDip, n / 25, seconds);
      }
      return state.is;
    };
    expect([at25(0), at25(0.2), at25(0.4), at25(0.6), at25(1)]).toEqual([true, true, true, false, false]);
  });

  it('is dropped once it has been false for long enough, and not before', () => {
    const all = believed([...times(11, true), false, false, true, ...times(4, false)]);
    expect(all.slice(11)).toEqual([true, true, true, true, true, true, false]);
  });

  it('waits while nobody can see, however long', () => {
    const all = believed([...times(6, true), ...times(100, undefined), ...times(6, true)]);
    // Six seconds before and five after; the first look after the dark is a second of it.
    expect(all.indexOf(true)).toBe(6 + 100 + 5 - 1);
    expect(believed(times(100, undefined))).not.toContain(true);
  });

  it('leaves nothing behind when it was never more than a moment', () => {
    let state: Hold = notSo;
    for (const [at, claim] of [true, true, false, false].entries()) state = hold(state, claim, at, seconds);
    expect(state).toEqual(notSo);
  });

  it('knows how long it has looked different', () => {
    const turning = hold(hold(notSo, true, 5, seconds), true, 9, seconds);
    expect([turningFor(turning), turningFor(notSo)]).toEqual([4, 0]);
  });
});

describe('A figure against two levels', () => {
  it('is high from the upper one on, low below the lower, and in between as it was, without a clock running', () => {
    const rising = { is: false, turning: { since: 0, at: 1 } };
    expect([level(notSo, 20, 20, 16), level({ is: true }, 15, 20, 16)]).toEqual([true, false]);
    expect([level(notSo, 18, 20, 16), level({ is: true }, 18, 20, 16), level(rising, 18, 20, 16)]).toEqual([
      false,
      true,
      undefined,
    ]);
  });
});
