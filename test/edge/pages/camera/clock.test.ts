import { describe, expect, test } from 'vitest';
import { boxTime, momentOf, type TimeAnswer, withAnswer } from '../../../../edge/pages/camera/clock.ts';

/** A box whose clock is so far from the page's count, asked over a way that takes so long there and back. */
const answer = (sentMs: number, thereMs: number, backMs: number, offset = 1_000): TimeAnswer => ({
  sentMs,
  receivedMs: sentMs + thereMs + backMs,
  at: (sentMs + thereMs) / 1_000 + offset,
});
const told = (...all: TimeAnswer[]) => all.reduce<readonly TimeAnswer[]>(withAnswer, []);

describe('The box’s time, as a page learns it', () => {
  test('is taken from the quickest answer, and off by half of its way at most', () => {
    const time = boxTime(told(answer(0, 400, 10), answer(500, 12, 8), answer(900, 10, 300)))!;
    expect(time.within).toBeCloseTo(0.01);
    expect(Math.abs(momentOf(time, 2_000) - 1_002)).toBeLessThanOrEqual(time.within);
  });

  test('control: a slow answer alone would be off by a fifth of a second', () => {
    const slow = answer(0, 400, 10);
    expect(Math.abs(slow.at - (slow.sentMs + slow.receivedMs) / 2_000 - 1_000)).toBeGreaterThan(0.19);
  });

  test('is not known from fewer than three answers, nor over a way that is too slow', () => {
    expect(boxTime(told(answer(0, 1, 1), answer(100, 1, 1)))).toBeUndefined();
    expect(
      boxTime(told(answer(0, 300, 300), answer(700, 300, 300), answer(1_400, 280, 260))),
    ).toBeUndefined();
    expect(boxTime(told(answer(0, 240, 240), answer(700, 300, 300), answer(1_400, 280, 260)))).toBeDefined();
  });

  test('forgets what it was told more than a minute ago: clocks drift', () => {
    const old = answer(0, 1, 1, 990);
    const all = told(old, answer(61_000, 20, 20), answer(62_000, 20, 20), answer(63_000, 20, 20));
    expect(all).not.toContain(old);
    expect(momentOf(boxTime(all)!, 0)).toBeCloseTo(1_000);
  });
});
